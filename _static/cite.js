// A "Cite" button opens a dialog with the citation as text and as BibTeX and, for a box, with its
// statement in LaTeX; each can be copied. When a reader copies a selection, its formulas become TeX.

(() => {
  async function copy(text, dialog) {
    try {
      await navigator.clipboard.writeText(text);
    } catch { // some browsers deny the clipboard to pages opened from a file
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
    for (const [name, text] of [["text", book.text], ["BibTeX", book.bibtex], ["LaTeX", book.latex]]) {
      if (!text) continue;
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

  document.addEventListener("copy", event => {
    const selection = getSelection();
    if (!window.MathJax?.startup || selection.isCollapsed) return;
    for (const { typesetRoot, display, math } of MathJax.startup.document.math)
      typesetRoot.dataset.tex = display ? `\\[${math}\\]` : `$${math}$`;
    const range = selection.getRangeAt(0).cloneRange();
    const around = range.commonAncestorContainer;
    const formula = (around.closest ? around : around.parentElement).closest("mjx-container");
    if (formula) range.selectNode(formula);
    const copied = document.createElement("div");
    copied.className = "copied";
    copied.append(range.cloneContents());
    const formulas = copied.querySelectorAll("mjx-container");
    if (!formulas.length) return;
    formulas.forEach(each => each.replaceWith(each.dataset.tex));
    copied.querySelectorAll("button, .headerlink").forEach(clicked => clicked.remove());
    document.body.append(copied); // innerText has line breaks only for text that is displayed
    event.clipboardData.setData("text/plain", copied.innerText);
    copied.remove();
    event.preventDefault();
  });

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
