// "Cite" buttons: a dialog with the citation as text and as BibTeX, each with a button that copies it.

(() => {
  async function copy(text, dialog) {
    try {
      await navigator.clipboard.writeText(text);
    } catch { // no clipboard for pages opened from a file, in some browsers
      const area = document.createElement("textarea");
      area.value = text;
      dialog.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
  }

  function dialogOf(book) {
    const dialog = document.createElement("dialog");
    dialog.className = "cite-dialog";
    dialog.setAttribute("aria-label", "How to cite this");
    for (const [name, text] of [["text", book.text], ["BibTeX", book.bibtex]]) {
      const shown = document.createElement("pre");
      shown.textContent = text;
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = `Copy ${name}`;
      button.addEventListener("click", async () => {
        await copy(text, dialog);
        button.textContent = "Copied";
      });
      dialog.append(shown, button);
    }
    const close = document.createElement("button");
    close.type = "button";
    close.textContent = "Close";
    close.addEventListener("click", () => dialog.close());
    dialog.append(close);
    dialog.addEventListener("close", () => dialog.remove());
    return dialog;
  }

  document.addEventListener("DOMContentLoaded", () => {
    for (const button of document.querySelectorAll("button.cite")) {
      button.hidden = false;
      button.addEventListener("click", () => {
        const dialog = dialogOf(button.dataset);
        document.body.append(dialog);
        dialog.showModal();
      });
    }
  });
})();
