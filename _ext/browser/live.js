// Verify this page and run its cells in the browser. Nothing is loaded until a button is clicked.

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
  const change = button("Run and change", () => guard(prepare));
  const back = button("Restore the page", () => guard(leave));
  const stop = button("Stop", halt);
  const progress = make("progress");
  const status = make("p", "Reruns every cell in your browser. The first run loads Python, about 60 MB, "
    + "from this site or from cdn.jsdelivr.net.");
  bar.setAttribute("role", "group");
  bar.setAttribute("aria-label", "Run this page");
  status.setAttribute("role", "status");
  progress.setAttribute("aria-label", "Progress");
  back.hidden = stop.hidden = progress.hidden = true;
  bar.append(verify, change, back, stop, progress, status);
  title.after(bar);

  let worker, answer, refuse, versions;
  let cells = [];
  const ran = new Set();
  const say = (text) => { status.textContent = text; };
  const ask = (kind, value) => new Promise((resolve, reject) => {
    [answer, refuse] = [resolve, reject];
    worker.postMessage({ kind, value });
  });

  function halt() {
    worker?.terminate();
    worker = undefined;
    refuse?.(new Error("Stopped. Python restarts the next time you run anything."));
  }

  async function guard(act) {
    if (!stop.hidden) return;
    busy(true);
    try {
      await act();
    } catch (error) {
      halt();
      say(error.message);
    }
    busy(false);
  }

  function busy(yes) {
    const focused = bar.contains(document.activeElement);
    verify.hidden = change.hidden = yes;
    back.hidden = yes || !document.querySelector(".live-cell, .live-mark");
    bar.classList.toggle("on", yes || !back.hidden);
    stop.hidden = progress.hidden = !yes;
    progress.removeAttribute("value");
    if (focused) (yes ? stop : verify).focus();
  }

  async function load() {
    if (worker) return;
    if (location.protocol === "file:") {
      throw new Error("A page opened from a file cannot run Python. In the book's folder, run "
        + "“python -m http.server” and open http://localhost:8000.");
    }
    if (!cells.length) {
      cells = await (await fetch(`${site}live/${page}.json`)).json();
      for (const cell of cells) cell.place = cell.shown ? shown.shift() : null;
    }
    ran.clear();
    worker = new Worker(`${site}live/worker.js`);
    worker.onerror = (event) => refuse(new Error(event.message));
    worker.onmessage = ({ data: { kind, value } }) => {
      if (kind === "answer") answer(value);
      else if (kind === "broken") refuse(new Error(value));
      else {
        if (!value.loaded) say(`Loading Python from ${value.host}.`);
        [progress.value, progress.max] = [value.loaded, value.files];
      }
    };
    versions = await ask("load", { site, page });
  }

  async function verifyPage() {
    await load();
    await reset();
    say("Running every cell.");
    const began = performance.now();
    const verdicts = [];
    progress.max = cells.length;
    for (const [i, cell] of cells.entries()) {
      progress.value = i;
      verdicts.push(mark(cell, i, await ask("run", cell.source)));
      ran.add(i);
    }
    const judged = verdicts.filter((verdict) => verdict !== null);
    const same = judged.filter(Boolean).length;
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    say(`${same} of ${judged.length} outputs came out the same, in ${versions}, in ${seconds} seconds.`);
    const first = document.querySelector(".live-mark.different");
    if (first) {
      first.id = "live-different";
      status.append(" ", Object.assign(make("a", "See the first that differs."), { href: "#live-different" }));
    }
    offer();
  }

  // The text of each kind of output that nbval compares: all kinds except images and LaTeX.
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

  // The lines in which the two texts differ.
  function difference(printed = "nothing", here = "nothing") {
    const only = (text, other) => text.split("\n").filter((line, k) => line !== other.split("\n")[k]).join("\n");
    return `printed:\n${only(printed, here)}\n\nhere:\n${only(here, printed)}`;
  }

  function mark(cell, i, now) {
    const printed = texts(cell.printed);
    const here = texts(now.outputs);
    const kinds = [...new Set([...Object.keys(printed), ...Object.keys(here)])];
    const wrong = kinds.filter((kind) => printed[kind] !== here[kind]);
    const same = !wrong.length && !now.failed;
    const silent = same && !kinds.length;
    const text = silent ? "✓ run" : same ? "✓ same" : "✗ different";
    const note = make("div", "", `live-mark ${same ? "same" : "different"}`);
    note.append(make("span", text + (cell.place ? "" : `, in hidden cell ${i + 1}`)));
    for (const kind of wrong) note.append(make("pre", difference(printed[kind], here[kind])));
    const pictures = now.outputs.filter((output) => output["image/png"]);
    if (pictures.length) {
      const fold = make("details");
      const figures = make("div", "", "cell_output");
      figures.append(...pictures.map(picture));
      fold.append(make("summary", "figure drawn here"), figures);
      note.append(fold);
    }
    if (cell.place) cell.place.append(note);
    else if (!same) bar.append(note);
    return silent ? null : same;
  }

  function picture(output) {
    const image = make("img");
    image.alt = "The figure above, drawn in this browser";
    image.src = `data:image/png;base64,${output["image/png"]}`;
    return image;
  }

  async function prepare() {
    await load();
    offer();
    say("Ready. Change a cell and press Shift+Enter; cells above it that have not run are run first.");
  }

  function offer() {
    if (document.querySelector(".live-cell")) return;
    cells.forEach((cell, i) => {
      const input = cell.place?.querySelector(".cell_input");
      if (!input) return;
      const box = make("div", "", "live-cell");
      cell.code = make("textarea");
      cell.code.setAttribute("aria-label", `Code of cell ${i + 1}; Shift+Enter runs it`);
      cell.code.spellcheck = false;
      cell.code.value = cell.source;
      const fit = () => { cell.code.rows = cell.code.value.split("\n").length; };
      fit();
      cell.code.addEventListener("input", fit);
      cell.code.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" || !event.shiftKey) return;
        event.preventDefault();
        guard(() => runCell(i));
      });
      box.append(cell.code, button("Run", () => guard(() => runCell(i))));
      input.hidden = true;
      input.after(box);
    });
  }

  async function runCell(i) {
    await load();
    for (const [above, cell] of cells.slice(0, i + 1).entries()) {
      if (above < i && ran.has(above)) continue;
      say(`Running cell ${above + 1}.`);
      const now = await ask("run", cell.code?.value ?? cell.source);
      show(cell, now);
      say(`Cell ${above + 1} ${now.failed ? "raised an error" : "has run"}.`);
      if (now.failed) return;
      ran.add(above);
    }
  }

  function show(cell, now) {
    const place = cell.place ?? bar;
    place.querySelectorAll(".live-output, .live-mark").forEach((node) => node.remove());
    const output = make("div", "", "live-output cell_output");
    for (const data of now.outputs) {
      const html = data["text/html"];
      const part = make("div", "", html ? "output text_html" : "output highlight");
      if (data["image/png"]) part.append(picture(data));
      else if (html) part.innerHTML = html;
      else part.append(make("pre", data.stdout ?? data.stderr ?? data["text/markdown"] ?? data["text/plain"]));
      output.append(part);
    }
    for (const old of place.querySelectorAll(".cell_output")) old.hidden = true;
    if (cell.place || now.failed) place.append(output);
  }

  // Restore the printed outputs, and make Python forget the names that cells have defined.
  async function reset() {
    document.querySelectorAll(".live-output, .live-cell, .live-mark").forEach((node) => node.remove());
    document.querySelectorAll(".cell_input[hidden], .cell_output[hidden]").forEach((node) => { node.hidden = false; });
    for (const cell of cells) delete cell.code;
    ran.clear();
    if (worker) await ask("start", page);
  }

  async function leave() {
    await reset();
    say("The page shows its printed outputs again.");
  }
})();
