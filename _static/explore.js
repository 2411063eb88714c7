// Explorables: a figure that moves. Each <figure class="explorable"> carries its data as JSON; its
// kind says which sliders it has, what it draws and which numbers it says. tests/test_explorables.py
// compares those numbers with impbook's. Without this script the still figure of the cell is shown.

(() => {
  const kinds = {};

  // Numbers

  const short = (x, n = 3) => Number.isFinite(x) ? String(Number(x.toPrecision(n))) : "∞";
  const signed = (x) => short(x).replace("-", "−");
  const range = (n) => Array.from({ length: n }, (_, i) => i);
  const linspace = (low, high, n) => range(n).map((i) => low + (high - low) * i / (n - 1));
  const sum = (values) => values.reduce((s, x) => s + x, 0);
  const nearest = (values, point) => values.reduce(
    (best, x, i) => Math.abs(x - point) < Math.abs(values[best] - point) ? i : best, 0);

  // Drawing: an SVG as wide as the column, so that its letters keep their size

  function element(parent, name, attributes = {}, text = "") {
    const svg = parent.namespaceURI.endsWith("svg") || name === "svg";
    const node = svg ? document.createElementNS("http://www.w3.org/2000/svg", name) : document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    node.textContent = text;
    parent.append(node);
    return node;
  }

  function panel(svg, { left = 46, right = 16, top, height, x, y, log = false }) {
    const width = Number(svg.getAttribute("width"));
    const place = log ? Math.log10 : (v) => v;
    const X = (v) => left + (width - left - right) * (place(v) - place(x[0])) / (place(x[1]) - place(x[0]));
    const Y = (v) => top + height * (y[1] - v) / (y[1] - y[0]);
    const write = (px, py, text, cls = "", anchor = "middle") =>
      element(svg, "text", { x: px, y: py, class: cls, "text-anchor": anchor }, text);
    return {
      line: (points, cls) => element(svg, "polyline", {
        points: points.map(([u, v]) => `${X(u).toFixed(1)},${Y(v).toFixed(1)}`).join(" "), class: `line ${cls}`,
      }),
      dot: (u, v, r, cls) => element(svg, "circle", { cx: X(u), cy: Y(v), r, class: cls }),
      text: (u, v, text, cls, anchor, dx = 0, dy = 0) => write(X(u) + dx, Y(v) + dy, text, cls, anchor),
      axes(title, xs, ys = []) {
        element(svg, "path", { d: `M${left},${top + height}H${width - right}`, class: "line axis" });
        for (const tick of xs) write(X(tick), top + height + 16, signed(tick), "tick");
        for (const tick of ys) write(left - 6, Y(tick) + 4, signed(tick), "tick", "end");
        write((left + width - right) / 2, top + height + 34, title, "tick");
      },
    };
  }

  // Example 2: IMP's target

  kinds.target = ({ alignments, start }) => ({
    height: 360,
    sliders: [
      { name: "alpha", label: "correlation α", min: 0, max: 0.95, step: 0.005, value: start.alpha },
      { name: "p", label: "features p", min: 2, max: alignments.length, step: 1, value: start.p },
    ],
    numbers({ alpha, p }) {
      const a = alignments.slice(0, p);
      const pull = (m) => m * alpha / (1 - alpha + m * alpha);
      const mean = sum(a) / p, beta = pull(p);
      const alignment = nearest(a, 0);
      const flip = mean < 0 ? -1 : 1;
      const rivals = a.map((x) => flip * x).filter((x) => x > flip * a[alignment]);
      const ratio = (flip * a[alignment] + Math.min(...rivals)) / (2 * flip * mean);
      const critical = rivals.length && ratio < 1 ? ratio / (p - (p - 1) * ratio) : 1;
      let left = range(p), same = 0;
      while (left.length > 1) {
        const target = pull(left.length) * sum(left.map((i) => a[i])) / left.length;
        const values = left.map((i) => a[i]);
        const gone = nearest(values, target);
        if (gone !== nearest(values, 0)) break;
        left = left.filter((_, i) => i !== gone);
        same += 1;
      }
      return { beta, mean, target: beta * mean, imp: nearest(a, beta * mean), alignment, critical, same };
    },
    say: ({ alpha, p }, r) => `With p = ${p} and α = ${short(alpha)}, pα/(1 − α) = ${short(p * alpha / (1 - alpha))} and `
      + `β = ${short(r.beta, 2)}: the target has gone ${Math.round(100 * r.beta)}% of the way from 0 to the mean ${signed(r.mean)}. `
      + (r.imp === r.alignment ? `IMP and alignment both prune feature ${r.imp} first` : `IMP prunes feature ${r.imp}, alignment ${r.alignment}`)
      + `; they part at α = ${short(r.critical, 2)}. `
      + `The orders agree for the first ${r.same} of ${p - 1} prunings.`,
    draw(svg, { alpha, p }, r) {
      const a = alignments.slice(0, p);
      const low = Math.floor(Math.min(...alignments, 0)), high = Math.ceil(Math.max(...alignments));
      const row = panel(svg, { top: 30, height: 90, x: [low, high], y: [-1, 1] });
      row.axes("alignment of each feature", range(high - low + 1).map((i) => low + i).filter((i) => i % 2 === 0));
      for (const [at, name, side] of [[0, "0", "end"], [r.mean, "mean", "start"]]) {
        row.line([[at, -1], [at, 0.75]], "grey thin");
        row.text(at, 0.8, name, "", side, side === "end" ? -3 : 3);
      }
      a.forEach((x, i) => row.dot(x, 0, 5, i === r.imp ? "vermilion" : "grey faint"));
      row.dot(a[r.alignment], 0, 9, "ring blue");
      row.line([[r.target, -0.85], [r.target, 0.85]], "vermilion");
      row.text(r.target, 1, "target", "vermilion", "middle", 0, -10);
      const curve = panel(svg, { top: 190, height: 125, x: [0, 0.95], y: [0, 1] });
      curve.axes("correlation α", [0, 0.2, 0.4, 0.6, 0.8], [0, 0.5, 1]);
      curve.text(0, 1, "β", "", "start", 4, -2);
      if (r.critical < 0.95) {
        curve.line([[r.critical, 0], [r.critical, 1]], "blue thin");
        curve.text(r.critical, 0, "IMP leaves alignment", "blue", "start", 5, -6);
      }
      const beta = (t) => p * t / (1 - t + p * t);
      curve.line(linspace(0, 0.95, 120).map((t) => [t, beta(t)]), "vermilion");
      curve.dot(alpha, r.beta, 6, "vermilion");
    },
  });

  // Theorem 5: what each version asks

  kinds.calculator = ({ versions, start }) => {
    const log10 = { of: (v) => Number((10 ** v).toPrecision(3)), step: 0.05 };
    const whole = { of: (v) => Math.round(10 ** v), step: 0.02 };
    const at = (name, label, min, max, more) => ({
      name, label, min, max, ...more, value: more.of ? Math.log10(start[name]) : start[name],
    });
    return {
      height: 40 + 26 * Object.keys(versions).length,
      sliders: [
        at("p", "features p", Math.log10(2), 3, whole),
        at("k", "signals k", 0, 2, whole),
        at("small", "of them below γ", 0, 5, { step: 1 }),
        at("gamma", "large: γ", -1, 1, log10),
        at("sigma", "noise σ", -1, 1, log10),
        at("delta", "risk δ", -3, -0.5, log10),
        at("lambda_min", "λ_min", -2, 0, log10),
        at("leakage", "leakage μ", 0, 1, { step: 0.05 }),
        at("inverse_norm", "inverse norm M", 0, 3, log10),
        at("coherence", "incoherence δ_PW", 0, 0.5, { step: 0.005 }),
      ],
      numbers: (values) => {
        const setting = { ...values, k: Math.min(values.k, values.p), small: Math.min(values.small, values.k, values.p) };
        return Object.fromEntries(Object.keys(versions).map((name) => [name, asks[name](setting)]));
      },
      say({ p, k, small }, n) {
        const usable = Object.keys(versions).filter((name) => name !== "printed" && n[name] !== null);
        const best = usable.filter((name) => versions[name].iterative).sort((a, b) => n[a] - n[b])[0];
        const cite = best ? `cite ${best}: n ≥ ${count(n[best])}` : "none of them: small signals can leak";
        return `${Math.min(k, p)} signals among ${p} features${small ? `, ${Math.min(small, k, p)} of them below γ` : ""}. `
          + `Prune once: cite one-shot, n ≥ ${count(n["one-shot"])}. Prune one by one: ${cite}. `
          + `Versions that apply: ${usable.join(", ")}.`;
      },
      draw(svg, values, n) {
        const names = Object.keys(versions);
        const found = names.map((name) => n[name]).filter((x) => x !== null);
        const low = 10 ** Math.floor(Math.log10(Math.min(...found)) - 0.2), high = 10 ** Math.ceil(Math.log10(Math.max(...found)));
        const bars = panel(svg, { left: 120, right: 60, top: 0, height: 26 * names.length, x: [low, high], y: [-names.length + 0.5, 0.5], log: true });
        const cited = names.filter((name) => versions[name].iterative && name !== "printed" && n[name] !== null)
          .sort((a, b) => n[a] - n[b])[0];
        names.forEach((name, i) => {
          bars.text(low, -i, name, "", "end", -8, 5);
          if (n[name] === null) return bars.text(low, -i, "does not apply", "tick", "start", 6, 5);
          const color = name === cited ? "vermilion" : name === "printed" ? "grey" : "blue";
          bars.line([[low, -i], [n[name], -i]], color);
          bars.dot(n[name], -i, 5, color);
          bars.text(n[name], -i, count(n[name]), "", "start", 9, 5);
        });
        bars.axes("samples n that are asked", []);
      },
    };
  };

  const count = (n) => n < 1e7 ? Math.ceil(n).toLocaleString("en") : n.toExponential(1).replace("e+", "·10^");
  const large = (formula) => (s) => s.small ? null : formula(s);
  const unit = (s) => s.sigma ** 2 / (s.gamma ** 2 * s.lambda_min);
  const logP = (s, eigenvalue) => 8 * s.sigma ** 2 / (s.gamma ** 2 * eigenvalue) * Math.log(2 * s.p / s.delta);
  const squaredNorm = (r, delta) => r + 2 * Math.sqrt(r * Math.log(1 / delta)) + 2 * Math.log(1 / delta);
  const logAdd = (a, b) => Math.max(a, b) === -Infinity ? -Infinity : Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b)));

  // log k·C(p−k, t) + the cheapest corner, for m = p − k, …, 1 nulls left; x = nλγ²/(2σ²)
  function rounds({ p, k }, x) {
    const corners = [Infinity];
    for (let l = 1; l <= p - k; l++) corners.push(Math.min(corners[l - 1], l * Math.LN2 - x * l / (l + 1)));
    let choose = Math.log(k);
    return range(p - k).map((t) => {
      if (t) choose += Math.log((p - k - t + 1) / t);
      return choose + corners[p - k - t];
    });
  }

  const logUnion = (s, x) => rounds(s, x).reduce(logAdd, Math.log(s.k) - x);

  function logTwoStage(s, x) {
    let union = -Infinity, best = logUnion(s, x);
    const terms = rounds(s, x).reverse();
    for (let m = 1; m <= s.p - s.k + 1; m++) {
      const share = m > s.p - s.k ? 1 : m / (m + 1);
      const ratio = Math.max(2 * x * share / s.p, 1);
      best = Math.min(best, logAdd(union, -s.p * (ratio - 1 - Math.log(ratio)) / 2));
      if (m <= s.p - s.k) union = logAdd(union, terms[m - 1]);
    }
    return best;
  }

  function solve(bound, s) {
    let low = 0, high = 2 * (Math.log(2 * s.k * s.p / s.delta) + (s.p - s.k) * Math.LN2) + 1;
    for (let i = 0; i < 50; i++) {
      const middle = (low + high) / 2;
      if (bound(s, middle) > Math.log(s.delta)) low = middle; else high = middle;
    }
    return 2 * unit(s) * high;
  }

  const asks = {
    printed: (s) => logP(s, s.lambda_min),
    "one-shot": (s) => logP(s, s.lambda_min),
    union: large((s) => solve(logUnion, s)),
    "two-norm": large((s) => 2 * unit(s) * squaredNorm(s.p, s.delta)),
    "two-stage": large((s) => solve(logTwoStage, s)),
    "bounded inverse": large((s) => logP(s, 1 / s.inverse_norm ** 2)),
    incoherent(s) {
      const room = 1 - (s.p - 1 + s.small) * s.coherence;
      return room > 0 ? logP(s, room ** 2) : null;
    },
    uncorrelated: large((s) => s.leakage ? null : 8 * unit(s) * Math.log(2 * s.p / Math.log1p(s.delta))),
    interpolated: large((s) => {
      if (s.k === s.p) return null;
      const signal = Math.sqrt(2 * Math.log(6 * s.k / s.delta));
      const null_ = Math.sqrt(2 * Math.log(2 * (s.p - s.k) / Math.log1p(s.delta / 3)));
      return unit(s) * (signal + s.leakage * Math.sqrt(squaredNorm(s.p - s.k, s.delta / 3)) + null_) ** 2;
    }),
  };

  // The frame: sliders, picture, numbers

  function slider(parent, spec, onInput) {
    const label = element(parent, "label");
    const name = element(label, "span", {}, spec.label);
    const input = element(label, "input", { type: "range", min: spec.min, max: spec.max, step: spec.step });
    input.name = spec.name;
    input.value = spec.value;
    const shown = element(label, "output");
    const value = () => spec.of ? spec.of(Number(input.value)) : Number(input.value);
    const write = () => {
      shown.textContent = spec.show ? spec.show(value()) : short(value());
      input.setAttribute("aria-valuetext", `${name.textContent} ${shown.textContent}`);
    };
    input.addEventListener("input", () => { write(); onInput(); });
    write();
    return value;
  }

  function start(figure) {
    const data = JSON.parse(figure.querySelector("script").textContent);
    const kind = kinds[figure.dataset.kind](data);
    const controls = element(figure, "div", { class: "controls" });
    const svg = element(figure, "svg", { role: "img", "aria-label": data.alt });
    const said = element(figure, kind.said || "p", { class: "numbers", "aria-live": "polite" });
    const read = Object.fromEntries(kind.sliders.map((spec) => [spec.name, slider(controls, spec, show)]));

    function show() {
      const values = Object.fromEntries(Object.entries(read).map(([name, value]) => [name, value()]));
      const numbers = kind.numbers(values);
      figure.dataset.values = JSON.stringify(values);
      figure.dataset.numbers = JSON.stringify(numbers);
      svg.setAttribute("width", figure.clientWidth);
      svg.setAttribute("height", kind.height);
      svg.replaceChildren();
      kind.draw(svg, values, numbers);
      said.textContent = kind.say(values, numbers);
    }

    figure.hidden = false;
    figure.closest(".cell_output")?.classList.add("explored");
    let width = 0;
    new ResizeObserver(() => {
      if (figure.clientWidth !== width) { width = figure.clientWidth; show(); }
    }).observe(figure);
    show();
  }

  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("figure.explorable").forEach(start));
})();
