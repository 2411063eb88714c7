// Open a figure enlarged in a dialog. Without this script the link opens the image file.

(() => {
  function enlarge(event) {
    event.preventDefault();
    const { href, firstElementChild: figure } = event.currentTarget;
    const dialog = document.createElement("dialog");
    dialog.className = "enlarged";
    dialog.setAttribute("aria-label", "Figure, enlarged");
    const close = document.createElement("button");
    close.type = "button";
    close.textContent = "Close";
    const image = figure.cloneNode();
    image.src = href;
    image.style.setProperty("--ratio", figure.naturalWidth / figure.naturalHeight);
    dialog.append(close, image);
    dialog.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  }

  document.addEventListener("DOMContentLoaded", () => {
    for (const link of document.querySelectorAll("a.enlarge")) link.addEventListener("click", enlarge);
  });
})();
