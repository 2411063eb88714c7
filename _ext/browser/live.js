// Verify this page, and run its cells, in the browser. Nothing is requested before the click.

(() => {
  const page = document.currentScript.dataset.page;
  const site = new URL("..", document.currentScript.src).href;
  const shown = [...document.querySelectorAll("article div.cell")];
  const title = document.querySelector("article h1");
  if (!title || !shown.length) return;

  const make = (tag, text = "", cls = "") => Object.assign(document.createElement(tag), { textContent: text, className: cls });
  const button = (text, act) => {
    const made = make("button", text);
    made.type = "button";
    made.addEventListener("click", act);
    return made;
  };
  const bar = make("div", "", "live");
  const verify = button("Verify this page", () => guard(verifyPage));
  const start = button("Run and change", () => guard(prepare));
  const stop = button("Stop", halt);
  const status = make("p", "Reruns every cell in your browser. It loads Python once: about 60 MB, "
    + "from this site or from cdn.jsdelivr.net.");
  status.setAttribute("role", "status");
  stop.hidden = true;
  bar.append(verify, start, stop, status);
  title.after(bar);

  let worker, answer, refuse, cells, versions;
  let ran = new Set();
  const ask = (kind, value) => new Promise((resolve, reject) => {
    [answer, refuse] = [resolve, reject];
    worker.postMessage({ kind, value });
  });

  function halt() {
    worker?.terminate();
    worker = undefined;
    refuse?.(new Error("Stopped. Press a button to start afresh."));
  }

  async function guard(act) {
    if (!stop.hidden) return;
    verify.disabled = start.disabled = true;
    stop.hidden = false;
    stop.focus();
    try {
      await act();
    } catch (error) {
      halt();
      status.textContent = error.message;
    }
    verify.disabled = start.disabled = false;
    if (document.activeElement === stop) verify.focus();
    stop.hidden = true;
  }

  async function load() {
    if (worker) return;
    if (location.protocol === "file:") {
      throw new Error("A browser runs no Python from a file. In the book's folder, run "
        + "“python -m http.server” and open http://localhost:8000.");
    }
    cells ??= await (await fetch(`${site}live/${page}.json`)).json();
    worker = new Worker(`${site}live/worker.js`);
    let files = 0;
    worker.onmessage = ({ data: { kind, value } }) => {
      if (kind === "progress") status.textContent = `Loading Python: file ${++files}, ${value}`;
      else if (kind === "broken") refuse(new Error(value));
      else answer(value);
    };
    worker.onerror = (event) => refuse(new Error(event.message));
    versions = await ask("load", { site, page });
    ran = new Set();
  }

  // Kinds are compared as nbval compares them: all but pictures and LaTeX.
  function texts(outputs) {
    const found = {};
    for (const output of outputs) {
      for (const [kind, text] of Object.entries(output)) {
        if (kind.startsWith("image/") || kind === "text/latex") continue;
        found[kind] = (found[kind] ?? "") + text;
      }
    }
    return found;
  }

  function place(i) {
    return cells[i].shown ? shown[cells.slice(0, i).filter((cell) => cell.shown).length] : null;
  }

  function mark(i, now) {
    const printed = texts(cells[i].printed);
    const rerun = texts(now.outputs);
    const kinds = [...new Set([...Object.keys(printed), ...Object.keys(rerun)])];
    const wrong = kinds.filter((kind) => printed[kind] !== rerun[kind]);
    const same = !wrong.length && !now.failed;
    const silent = same && !kinds.length;
    const text = silent ? "✓ run" : same ? "✓ same" : "✗ different";
    const hidden = place(i) ? "" : `, in hidden cell ${i + 1}`;
    const note = make("div", text + hidden, `live-mark ${same ? "same" : "different"}`);
    for (const kind of wrong) {
      note.append(make("pre", `printed:\n${printed[kind] ?? "nothing"}\nhere:\n${rerun[kind] ?? "nothing"}`));
    }
    const pictures = now.outputs.filter((output) => output["image/png"]);
    if (pictures.length) {
      const fold = make("details");
      fold.append(make("summary", "figure drawn here"), ...pictures.map(picture));
      note.append(fold);
    }
    if (place(i)) place(i).append(note);
    else if (!same) bar.append(note);
    return silent ? null : same;
  }

  function picture(output) {
    const image = make("img");
    image.alt = "The figure above, drawn in this browser";
    image.src = `data:image/png;base64,${output["image/png"]}`;
    return image;
  }

  async function verifyPage() {
    await load();
    restore();
    await ask("start", page);
    const began = performance.now();
    const verdicts = [];
    for (const [i, cell] of cells.entries()) {
      status.textContent = `Running cell ${i + 1} of ${cells.length}`;
      verdicts.push(mark(i, await ask("run", cell.source)));
      ran.add(i);
    }
    const judged = verdicts.filter((verdict) => verdict !== null);
    const same = judged.filter(Boolean).length;
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    status.textContent = `${same} of ${judged.length} outputs came out the same, in ${versions}, in ${seconds} seconds.`;
    offer();
  }

  async function prepare() {
    await load();
    offer();
    status.textContent = "Ready. Change a cell and press Shift+Enter; cells above it that have not run are run first.";
  }

  function offer() {
    if (document.querySelector(".live-cell")) return;
    cells.forEach((cell, i) => {
      const input = place(i)?.querySelector(".cell_input");
      if (!input) return;
      const box = make("div", "", "live-cell");
      const code = make("textarea");
      code.setAttribute("aria-label", `Code of cell ${i + 1}; Shift and Enter run it`);
      code.spellcheck = false;
      code.value = cell.source;
      code.dataset.cell = i;
      code.rows = cell.source.split("\n").length;
      code.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" || !event.shiftKey) return;
        event.preventDefault();
        guard(() => runCell(i, code.value)).then(() => code.focus());
      });
      box.append(code, button("Run", () => guard(() => runCell(i, code.value))), button("Restore the page", leave));
      input.hidden = true;
      input.after(box);
    });
  }

  async function runCell(i, source) {
    await load();
    for (let above = 0; above < i; above++) {
      if (ran.has(above)) continue;
      const edited = document.querySelector(`.live-cell [data-cell="${above}"]`);
      const now = await run(above, edited ? edited.value : cells[above].source);
      if (now.failed) return;
    }
    await run(i, source);
  }

  async function run(i, source) {
    status.textContent = `Running cell ${i + 1}`;
    const now = await ask("run", source);
    if (!now.failed) ran.add(i);
    show(i, now);
    status.textContent = `Cell ${i + 1} ${now.failed ? "raised an error" : "has run"}.`;
    return now;
  }

  function show(i, now) {
    const cell = place(i) ?? bar;
    cell.querySelectorAll(".live-output, .live-mark").forEach((node) => node.remove());
    const output = make("div", "", "live-output");
    for (const data of now.outputs) {
      if (data["image/png"]) output.append(picture(data));
      else if (data["text/html"]) output.append(Object.assign(make("div"), { innerHTML: data["text/html"] }));
      else output.append(make("pre", data["stdout"] ?? data["stderr"] ?? data["text/plain"] ?? ""));
    }
    const old = cell.querySelector(".cell_output");
    if (old) old.hidden = true;
    if (cell !== bar || now.failed) cell.append(output);
  }

  function restore() {
    document.querySelectorAll(".live-output, .live-cell, .live-mark").forEach((node) => node.remove());
    document.querySelectorAll(".cell_input[hidden], .cell_output[hidden]").forEach((node) => { node.hidden = false; });
  }

  function leave() {
    restore();
    status.textContent = "The page is as printed.";
    start.focus();
  }
})();
