// Figures that move. A cell's output holds the numbers; here are the sliders and the drawing.
// Each kind: its controls, and draw(values, data) → {svg, say, numbers}. The numbers stand in the
// element, where a test compares them with impbook's.

(() => {
  const W = 640, H = 300, PAD = 44;
  const KINDS = {};

  // Drawing

  const text = (x, y, s, cls = "", anchor = "middle") =>
    `<text x="${x}" y="${y}" class="${cls}" text-anchor="${anchor}">${s}</text>`;
  const line = (x1, y1, x2, y2, cls) =>
    `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" class="${cls}"/>`;
  const path = (points, cls) =>
    `<polyline points="${points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ")}" class="${cls}"/>`;
  const scale = (low, high, from, to) => x => from + (x - low) / (high - low) * (to - from);
  const short = x => x === null || x === undefined || !isFinite(x) ? "–"
    : Math.abs(x) >= 1e5 || (x !== 0 && Math.abs(x) < 1e-3) ? x.toExponential(1)
    : String(Number(x.toPrecision(3)));
  const smallest = (list, size) => list.reduce((best, x) => size(x) < size(best) ? x : best);

  // 1: Algorithm 1 round by round

  KINDS.algorithm = {
    controls: ({ names, times }) => [
      { name: "T", label: "training time T", values: times, start: times.length - 1 },
      { name: "k", label: "features pruned", values: names.map((_, i) => i), start: 0 },
    ],
    draw({ T, k }, { names, times, pruned, weights }) {
      const t = times.indexOf(T), w = weights[t][k].map(Math.abs);
      const most = Math.max(...weights[t].flat().map(Math.abs));
      const x = scale(0, most || 1, 110, W - 60), row = (H - 20) / names.length;
      const next = pruned[t][k];
      const bars = names.map((name, j) => {
        const y = 8 + j * row, gone = pruned[t].slice(0, k).includes(j);
        const cls = gone ? "x-faint" : j === next ? "x-second" : "x-first";
        return `<rect x="110" y="${y}" width="${Math.max(1, x(w[j]) - 110)}" height="${row - 5}" class="${cls}"/>`
          + text(102, y + row / 2 + 2, name, gone ? "x-muted" : "", "end")
          + (gone ? text(118, y + row / 2 + 2, "pruned", "x-muted", "start")
            : text(x(w[j]) + 6, y + row / 2 + 2, short(weights[t][k][j]), "", "start"));
      });
      const say = next === undefined ? `One feature is left: ${names[w.findIndex(v => v > 0)]}.`
        : `The smallest weight is that of <b>${names[next]}</b>, ${short(weights[t][k][next])}. It goes next.`;
      return { svg: bars.join(""), say, numbers: { next: next ?? null, weights: weights[t][k] } };
    },
  };

  // 2: Example 2's sliding target

  const nearest = (a, left, target) => smallest(left, j => Math.abs(a[j] - target));
  KINDS["sliding-target"] = {
    controls: ({ alignments }) => [
      { name: "alpha", label: "correlation α", start: 0,
        values: [0, .001, .002, .005, .01, .02, .03, .05, .07, .1, .15, .2, .3, .4, .5, .6, .7, .8, .9] },
      { name: "p", label: "features p", values: Object.keys(alignments).map(Number), start: 0 },
    ],
    draw({ alpha, p }, { alignments }) {
      const a = alignments[p], all = a.map((_, j) => j);
      const pull = m => m * alpha / (1 - alpha + m * alpha);
      const beta = pull(p), target = beta * a.reduce((s, v) => s + v) / p;
      const first = nearest(a, all, target), aligned = nearest(a, all, 0);
      let left = all, leaves = null;
      for (let k = 0; k < p - 1 && leaves === null; k++) {
        const mean = left.reduce((s, j) => s + a[j], 0) / left.length;
        const j = nearest(a, left, pull(left.length) * mean);
        if (j !== nearest(a, left, 0)) leaves = k;
        left = left.filter(i => i !== j);
      }
      const x = scale(Math.min(0, ...a), Math.max(0, ...a), PAD, W - PAD), y = H / 2;
      const svg = line(PAD, y, W - PAD, y, "x-axis")
        + a.map((v, j) => `<circle cx="${x(v)}" cy="${y}" r="${j === first || j === aligned ? 8 : 4}" class="${j === first ? "x-second" : j === aligned ? "x-third" : "x-first"}"/>`).join("")
        + line(x(0), y - 70, x(0), y - 12, "x-third-line") + text(x(0), y - 78, "0")
        + line(x(target), y + 12, x(target), y + 70, "x-second-line") + text(x(target), y + 88, `β·ā = ${short(target)}`)
        + text(x(a[first]), y + 32, first === aligned ? "" : "IMP", "x-second-text")
        + text(x(a[aligned]), y - 20, first === aligned ? "both" : "alignment", "x-third-text")
        + text(W / 2, H - 10, "alignments of the features", "x-muted");
      const part = leaves === null ? "The two orders agree to the end."
        : leaves === 0 ? "The two orders part at once." : `The two orders part after ${leaves} prunings.`;
      const say = `β = pα/(1 − α + pα) = <b>${short(beta)}</b>. Alignment prunes the feature nearest 0, IMP the one nearest β·ā. ${part}`;
      return { svg, say, numbers: { beta, target, first, aligned, leaves } };
    },
  };

  // 3: Example 3's sufficient gap

  const gapNeeded = (p, d) => (p - 1) * d < 1 ? (p === 2 ? 0 : 2 * (p - 2) * d / (1 - (p - 3) * d)) : Infinity;
  KINDS.certified = {
    controls: () => [
      { name: "p", label: "features p", values: [3, 4, 5, 7, 10, 15, 20, 30, 50, 100], start: 4 },
      { name: "delta", label: "incoherence δ_PW", values: Array.from({ length: 61 }, (_, i) => i / 200), start: 8 },
      { name: "gap", label: "gap, in largest alignments", values: Array.from({ length: 51 }, (_, i) => i / 50), start: 20 },
    ],
    draw({ p, delta, gap }) {
      const needed = gapNeeded(p, delta), certified = gap > needed;
      const x = scale(0, .3, PAD, W - 20), y = scale(0, 1, H - PAD, 14), points = [];
      for (let d = 0; d <= .3 && gapNeeded(p, d) <= 1; d += .0005) points.push([x(d), y(gapNeeded(p, d))]);
      const svg = line(PAD, H - PAD, W - 20, H - PAD, "x-axis") + line(PAD, 14, PAD, H - PAD, "x-axis")
        + path(points, "x-curve")
        + text(points.at(-1)[0] + 6, points.at(-1)[1] + 12, "sufficient gap", "x-first-text", "start")
        + `<circle cx="${x(delta)}" cy="${y(gap)}" r="8" class="${certified ? "x-third" : "x-second"}"/>`
        + text(x(delta) + 14, y(gap) - 8, certified ? "certified" : "not certified", "", "start")
        + [0, .1, .2, .3].map(d => text(x(d), H - PAD + 18, d)).join("")
        + [0, .5, 1].map(g => text(PAD - 8, y(g) + 4, g, "", "end")).join("")
        + text(W / 2, H - 6, "pairwise incoherence δ_PW", "x-muted");
      const say = needed === Infinity ? `(p − 1)δ_PW = ${short((p - 1) * delta)} is not below 1: no gap is enough.`
        : `A gap above <b>${short(needed)}</b> is enough: the first pruning is ${certified ? "then" : "not known to be"} alignment's.`;
      return { svg, say, numbers: { needed: isFinite(needed) ? needed : null, certified } };
    },
  };

  // 4: counterexample B

  KINDS["sinking-signal"] = {
    controls: () => [
      { name: "m", label: "nulls m", values: [100, 200, 400, 800, 1600, 3200, 6400], start: 4 },
      { name: "share", label: "overlap β√m", values: [.1, .2, .3, .4, .5, .6, .7, .8, .9, .95], start: 7 },
      { name: "coin", label: "the signal's own coin", values: [-1, 1], start: 0 },
      { name: "agreeing", label: "nulls with that coin", values: [.3, .4, .45, .5, .55, .6, .7], start: 3, show: v => `${Math.round(100 * v)}%` },
    ],
    draw({ m, share, coin, agreeing }, { delta }) {
      const beta = share / Math.sqrt(m), own2 = 1 - m * beta * beta, own = Math.sqrt(own2);
      const lambda = 2 * own2 / (2 + Math.sqrt(4 * m * beta * beta));  // features of norm 1
      const ratio = Math.sqrt(8 * Math.log(2 * (m + 1) / delta) / lambda), many = Math.round(agreeing * m);
      const weights = [];
      let lost = null;
      for (let r = 0; r < m && lost === null; r++) {
        const a = Math.min(r, many), b = r - a, drift = (own + (a - b) * beta) / (own2 + r * beta * beta);
        const same = a < many ? Math.abs(1 - beta * drift) : Infinity;
        const other = b < m - many ? Math.abs(1 + beta * drift) : Infinity;
        weights.push(ratio + coin * drift);
        if (Math.abs(weights.at(-1)) < Math.min(same, other)) lost = r;
      }
      const low = Math.min(0, ...weights), x = scale(0, m, PAD, W - 20), y = scale(low, Math.max(...weights), H - PAD, 14);
      const svg = line(PAD, y(0), W - 20, y(0), "x-axis") + text(PAD - 8, y(0) + 4, 0, "", "end")
        + text(PAD - 8, y(ratio) + 4, short(ratio), "", "end")
        + path(weights.map((w, i) => [x(i), y(w)]), "x-curve")
        + (lost === null ? "" : `<circle cx="${x(lost)}" cy="${y(weights.at(-1))}" r="8" class="x-second"/>`
          + text(x(lost), y(weights.at(-1)) - 14, "the signal is pruned", "x-second-text"))
        + text(W / 2, H - 8, `nulls pruned, of ${m}`, "x-muted") + text(PAD + 4, 12, "the signal's weight, in σ/√n", "x-muted", "start");
      const say = `Theorem 5's own sample size gives γ√n/σ = <b>${short(ratio)}</b>. `
        + (lost === null ? "The signal survives." : `The signal is lost after <b>${lost}</b> nulls.`);
      return { svg, say, numbers: { ratio, lost } };
    },
  };

  // 5: what each version of Theorem 5 asks, for an injective Φ with k large signals

  function logFactorials(n) {
    const f = [0];
    for (let i = 1; i <= n; i++) f.push(f[i - 1] + Math.log(i));
    return f;
  }
  const logAdd = (a, b) => a === -Infinity ? b : Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b)));

  // Logarithms of the union and of the two-stage bound, at x = nλγ²/(2σ²) and q = p − k.
  function unions(p, k, f) {
    const N = p - k, choose = t => f[N] - f[t] - f[N - t];
    return x => {
      const corner = [0];
      for (let l = 1, best = Infinity; l <= N; l++) corner.push(best = Math.min(best, l * Math.log(2) - x * l / (l + 1)));
      let rounds = -Infinity;
      for (let t = 0; t < N; t++) rounds = logAdd(rounds, choose(t) + corner[N - t]);
      const union = Math.log(k) + logAdd(rounds, -x);
      let two = union, sum = -Infinity;
      for (let m = 1; m <= N + 1; m++) {  // from m nulls on the norm decides
        const share = m <= N ? m / (m + 1) : 1, u = Math.max(2 * x * share / p, 1);
        two = Math.min(two, logAdd(sum, -p * (u - 1 - Math.log(u)) / 2));
        if (m <= N) sum = logAdd(sum, choose(N - m) + corner[m] + Math.log(k));
      }
      return [union, two];
    };
  }
  function root(f, high) {
    let low = 0;
    for (let i = 0; i < 60; i++) {
      const middle = (low + high) / 2;
      if (f(middle) > 0) low = middle; else high = middle;
    }
    return high;
  }
  const squaredNorm = (r, d) => r + 2 * Math.sqrt(r * Math.log(1 / d)) + 2 * Math.log(1 / d);

  KINDS.calculator = {
    controls: () => [
      { name: "p", label: "features p", values: [2, 4, 10, 20, 27, 50, 100, 200, 500, 1000, 2000], start: 6 },
      { name: "k", label: "signals k", values: [1, 2, 3, 5, 10, 20, 50], start: 2 },
      { name: "gamma", label: "smallest signal γ, in σ", values: [.05, .1, .2, .5, 1, 2, 5], start: 4 },
      { name: "delta", label: "failure δ", values: [.001, .01, .05, .1, .2], start: 2 },
      { name: "lambda", label: "smallest eigenvalue λ_min", values: [.001, .01, .05, .1, .2, .5, .8, 1], start: 5 },
      { name: "mu", label: "leakage μ", values: [0, .01, .05, .1, .2, .5, 1, 2], start: 3 },
      { name: "M", label: "row sum M", values: [1, 1.5, 2, 3, 5, 10, 30, 100], start: 2 },
      { name: "coherence", label: "incoherence δ_PW", values: [0, .001, .002, .005, .01, .02, .05, .1, .3], start: 4 },
    ],
    draw({ p, k, gamma, delta, lambda, mu, M, coherence }, { theorems }) {
      k = Math.min(k, p);
      const linked = name => {  // as the page itself links that theorem
        const link = document.querySelector(`a[href$="#${theorems[name]}"]`);
        return link ? `<a href="${link.getAttribute("href")}">${name}</a>` : name;
      };
      const unit = 1 / (gamma * gamma * lambda), log = Math.log(2 * p / delta), N = p - k;
      const bounds = unions(p, k, logFactorials(p));
      const enough = 2 * (Math.log(2 * k * p) - Math.log(delta) + N * Math.log(2)) + 1;
      const samples = i => 2 * unit * root(x => bounds(x)[i] - Math.log(delta), enough);
      const reach = (p - 1) * coherence, nulls = d => 2 * Math.log(2 * N / Math.log1p(d));
      const numbers = {
        "printed": 8 * unit * log,
        "one-shot": 8 * unit * log,
        "union": samples(0),
        "two-norm": 2 * unit * squaredNorm(p, delta),
        "two-stage": samples(1),
        "bounded inverse": 8 * (M / gamma) ** 2 * log,
        "incoherent": reach < 1 ? 8 * log / (gamma * (1 - reach)) ** 2 : null,
        "uncorrelated": mu === 0 ? 8 * unit * Math.log(2 * p / Math.log1p(delta)) : null,
        "interpolated": N === 0 ? null : unit * (Math.sqrt(2 * Math.log(6 * k / delta))
          + mu * Math.sqrt(squaredNorm(N, delta / 3)) + Math.sqrt(nulls(delta / 3))) ** 2,
      };
      const proved = Object.keys(numbers).filter(v => !["printed", "one-shot"].includes(v) && numbers[v] !== null);
      const best = smallest(proved, v => numbers[v]);
      const rows = Object.entries(numbers).map(([name, n]) =>
        `<tr class="${name === best ? "x-best" : ""}"><td>${linked(name)}</td><td>${n === null ? "does not apply" : Math.ceil(n).toLocaleString("en")}</td></tr>`);
      const say = `<table><thead><tr><th>version</th><th>samples it asks</th></tr></thead>${rows.join("")}</table>`
        + `<p>For iterative pruning cite <b>${linked(best)}</b>: of the proved versions that apply it asks least. (<i>Printed</i> is the paper's number; <i>one-shot</i> is for pruning once.)</p>`;
      return { svg: "", say, numbers: { ...numbers, best } };
    },
  };

  // Sliders

  function start(element) {
    const data = JSON.parse(element.querySelector("script").textContent);
    const kind = KINDS[element.dataset.kind];
    const form = document.createElement("form"), picture = document.createElement("div");
    const said = document.createElement("output");
    said.setAttribute("aria-live", "polite");
    const inputs = kind.controls(data).map((control, i) => {
      const label = document.createElement("label"), input = document.createElement("input");
      const value = document.createElement("span");
      Object.assign(input, { type: "range", min: 0, max: control.values.length - 1, step: 1, name: control.name });
      input.value = control.start;
      label.append(`${control.label} `, value, input);
      form.append(label);
      return { ...control, input, value };
    });
    function draw() {
      const values = {};
      for (const { name, values: list, input, value, show } of inputs) {
        values[name] = list[input.value];
        value.textContent = (show ?? String)(values[name]);
        input.setAttribute("aria-valuetext", value.textContent);
      }
      const { svg, say, numbers } = kind.draw(values, data);
      picture.innerHTML = svg && `<svg viewBox="0 0 ${W} ${H}" role="img" aria-label="${element.getAttribute("aria-label")}">${svg}</svg>`;
      said.innerHTML = say;
      element.dataset.values = JSON.stringify(values);
      element.dataset.numbers = JSON.stringify(numbers);
    }
    form.addEventListener("input", draw);
    form.addEventListener("submit", event => event.preventDefault());
    element.append(form, picture, said);
    element.hidden = false;
    draw();
  }

  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll(".explorable").forEach(start));
})();
