// Interactive figures. Each <figure class="interactive"> carries its data as JSON. The figure's kind
// determines the sliders, the drawing and the numbers in the sentence; tests/book/test_interactive.py
// compares those numbers with impbook's. Without this script the page shows the cell's still figure.

(() => {
  const kinds = {};

  // Numbers

  const short = (x, n = 3) => Number.isFinite(x) ? String(Number(x.toPrecision(n))) : "∞";
  const signed = (x) => short(x).replace("-", "−");
  const rounded = (x) => signed(Number(x.toFixed(2)));
  const range = (n) => Array.from({ length: n }, (_, i) => i);
  const linspace = (low, high, n) => range(n).map((i) => low + (high - low) * i / (n - 1));
  function ticks(low, high) {
    const unit = 10 ** Math.floor(Math.log10((high - low) / 4));
    const step = unit * [1, 2, 5, 10].find((m) => m * unit >= (high - low) / 6);
    const first = Math.ceil(low / step);
    return range(Math.floor(high / step) - first + 1).map((i) => (first + i) * step);
  }
  const sum = (values) => values.reduce((s, x) => s + x, 0);
  const nearest = (values, point) => values.reduce(
    (best, x, i) => Math.abs(x - point) < Math.abs(values[best] - point) ? i : best, 0);

  // Drawing: an SVG as wide as the column, so that its text keeps its size

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
      area: (points, cls) => element(svg, "polygon", {
        points: points.map(([u, v]) => `${X(u)},${Y(v)}`).join(" "), class: cls,
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

  // Example 2: IMP's centre

  kinds.centre = ({ alignments, start }) => ({
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
        const centre = pull(left.length) * sum(left.map((i) => a[i])) / left.length;
        const values = left.map((i) => a[i]);
        const gone = nearest(values, centre);
        if (gone !== nearest(values, 0)) break;
        left = left.filter((_, i) => i !== gone);
        same += 1;
      }
      return { beta, mean, centre: beta * mean, imp: nearest(a, beta * mean), alignment, critical, same };
    },
    say: ({ alpha, p }, r) => `With p = ${p} and α = ${short(alpha)}, pα/(1 − α) = ${short(p * alpha / (1 - alpha))} and `
      + `β = ${short(r.beta, 2)}: the centre has moved ${Math.round(100 * r.beta)}% of the way from 0 to the mean ${signed(r.mean)}. `
      + (r.imp === r.alignment ? `IMP and alignment both prune feature ${r.imp} first` : `IMP prunes feature ${r.imp}, alignment ${r.alignment}`)
      + `; they part at α = ${short(r.critical, 2)}. `
      + `The orders agree for the first ${r.same} of ${p - 1} prunings.`,
    draw(svg, { alpha, p }, r) {
      const a = alignments.slice(0, p);
      const low = Math.floor(Math.min(...alignments, 0)), high = Math.ceil(Math.max(...alignments));
      const row = panel(svg, { top: 30, height: 90, x: [low, high], y: [-1, 1] });
      row.axes("alignment of each feature", ticks(low, high));
      for (const [at, name, side] of [[0, "0", "end"], [r.mean, "mean", "start"]]) {
        row.line([[at, -1], [at, 0.75]], "grey thin");
        row.text(at, 0.8, name, "", side, side === "end" ? -3 : 3);
      }
      a.forEach((x, i) => row.dot(x, 0, 5, i === r.imp ? "vermilion" : "grey faint"));
      row.dot(a[r.alignment], 0, 9, "ring blue");
      row.line([[r.centre, -0.85], [r.centre, 0.85]], "vermilion");
      row.text(r.centre, 1, "centre", "vermilion", "middle", 0, -10);
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

  // Algorithm 1, round by round; impbook has computed the weights

  kinds.algorithm = ({ names, times, weights, pruned }) => {
    const time = (i) => times[i] === null ? "∞" : short(times[i]);
    const top = weights.flat(2).reduce((m, w) => Math.max(m, Math.abs(w)), 0);
    return {
      height: 30 * names.length + 45,
      sliders: [
        { name: "k", label: "round", min: 0, max: names.length - 1, step: 1, value: 0 },
        { name: "time", label: "training time T", min: 0, max: times.length - 1, step: 1, value: times.length - 1, show: time },
      ],
      numbers: ({ k, time }) => ({
        weights: weights[time][k], gone: pruned[time].slice(0, k), next: pruned[time][k] ?? null,
      }),
      say({ k, time: i }, { weights: w, gone, next }) {
        const said = `Round ${k}, T = ${time(i)}: ` + (next === null
          ? `${names.length - 1} features are pruned, this one is left.`
          : `nearest to 0 is ${names[next]}, at ${signed(w[next])}; it is pruned next.`);
        return `${said} Pruned so far: ${gone.map((j) => names[j]).join(", ") || "none"}.`;
      },
      draw: (svg, values, round) => bars(svg, names, 46, top, round),
    };
  };

  // Weights as bars: the pruned ones, the one to be pruned next, and the others
  function bars(svg, names, left, top, { weights: w, gone, next }) {
    const rows = panel(svg, { left, top: 0, height: 30 * names.length, x: [-top, top], y: [0.5 - names.length, 0.5] });
    rows.line([[0, 0.5], [0, 0.5 - names.length]], "grey thin");
    names.forEach((name, j) => {
      const order = gone.indexOf(j);
      const color = order >= 0 ? "grey" : j === next ? "vermilion" : "blue";
      rows.text(-top, -j, name, color, "end", -6, 5);
      if (order >= 0) return rows.text(0, -j, `× pruned in round ${order}`, "grey", "start", 6, 5);
      rows.line([[0, -j], [w[j], -j]], color);
      rows.dot(w[j], -j, 6, color);
    });
    rows.axes("trained weight", ticks(-top, top));
  }

  // The leak example, coin by coin; impbook has computed the weights

  kinds.coins = ({ names, sigma, coins, weights, pruned }) => ({
    height: 30 * names.length + 45,
    sliders: [
      { name: "k", label: "round", min: 0, max: 2, step: 1, value: 0 },
      { name: "none", label: "small signal s₂", min: 0, max: 1, step: 1, value: 0, show: (v) => v ? "0" : "1/10" },
      ..."₁₂₃₄".split("").map((j, i) => ({
        name: `coin${i}`, label: `coin ξ${j}`, min: 0, max: 1, step: 1, value: 0, show: (v) => (v ? "−" : "+") + sigma,
      })),
    ],
    numbers({ k, none, ...set }) {
      const i = coins.findIndex((signs) => signs.every((sign, j) => sign === (set[`coin${j}`] ? -1 : 1)));
      const order = pruned[none][i];
      return {
        weights: weights[none][i][k], gone: order.slice(0, k), next: order[k] ?? null,
        dies: order.includes(0), deaths: pruned[none].filter((o) => o.includes(0)).length,
      };
    },
    say: ({ k, none }, { weights: w, next, dies, deaths }) => `Round ${k}: `
      + (next === null ? "two features are pruned, and that is the end. " : `${names[next]} is nearest to 0, at ${signed(w[next])}, and is pruned next. `)
      + `With ${none ? "no small signal" : "the small signal"} and these coins, the signal of feature 1 ${dies ? "is lost" : "survives"}; `
      + `it is lost in ${deaths} of ${pruned[none].length} outcomes.`,
    draw: (svg, values, round) => bars(svg, names, 130, 1.2, round),
  });

  // Definition 4: the reader turns the null line relative to the cone; the signal is 1 at feature 0 and 0 elsewhere

  kinds.cone = ({ start }) => ({
    height: 330,
    sliders: [{ name: "angle", label: "angle of the null line", min: 2, max: 178, step: 2, value: start.angle, show: (v) => `${v}°` }],
    numbers({ angle }) {
      const x = Math.cos(angle * Math.PI / 180), y = Math.sin(angle * Math.PI / 180);
      const weights = [y * y, -x * y];
      return {
        line: [x, y], weights, constant: Math.abs(x / y), edges: [x + y, x - y],
        avoids: Math.abs(x) < Math.abs(y), pruned: Math.abs(weights[1]) < weights[0] ? 1 : 0,
      };
    },
    say: (values, { weights, constant, edges, avoids, pruned }) => `The null line ${avoids ? "avoids" : "lies inside"} the cone (nullspace constant ${short(constant, 2)}). `
      + `Its products with the edges e₀ + e₁ and e₀ − e₁ are ${rounded(edges[0])} and ${rounded(edges[1])}, never both 0. `
      + `Of the signal (1, 0), training keeps (${weights.map((w) => rounded(w)).join(", ")}): `
      + (pruned ? "the null is the smaller, and IMP prunes it." : "the signal is the smaller, and IMP prunes it."),
    draw(svg, values, { line: [x, y], weights, avoids }) {
      const high = 1.2, wide = high * (svg.getAttribute("width") - 62) / 270;
      const plane = panel(svg, { top: 10, height: 270, x: [-wide, wide], y: [-high, high] });
      const end = Math.min(high, wide), color = avoids ? "green" : "vermilion", long = Math.min(wide / Math.abs(x), high / Math.abs(y));
      for (const side of [-1, 1]) plane.area([[0, 0], [side * end, end], [side * wide, end], [side * wide, -end], [side * end, -end]], "blue cone");
      plane.text(-0.8, 0, "C(S)", "blue", "middle", 0, 5);
      plane.line([[-long * x, -long * y], [long * x, long * y]], color);
      plane.text(0, high, avoids ? "avoids the cone" : "inside the cone", color, "start", 8, 8);
      plane.line([[1, 0], weights], "grey thin");
      plane.dot(1, 0, 8, "ring grey");
      plane.text(1, 0, "signal", "", "middle", 0, 24);
      plane.dot(...weights, 6, color);
      plane.text(...weights, "weights", color, "middle", 0, weights[1] < 0 ? 20 : -12);
      plane.axes("x₀, with x₁ upwards", ticks(-wide, wide), ticks(-high, high));
    },
  });

  // The shared row: a run in which the signal sinks, with the expected number of low nulls

  kinds.sinking = ({ start, eta }) => ({
    height: 330,
    sliders: [
      { name: "share", label: "signal / total fall", min: 0.05, max: 1.5, step: 0.05, value: start.share },
      { name: "m", label: "nulls m", min: 3, max: 1000, step: 1, value: start.m },
      { name: "B", label: "overlap m b²", min: 0.5, max: 40, step: 0.5, value: start.B },
      { name: "high", label: "pruned first", min: 0, max: 1, step: 1, value: 0, show: (v) => v ? "high nulls" : "low nulls (IMP)" },
    ],
    numbers({ share, m, B, high }) {
      const b = Math.sqrt(B / m), low = Math.round(m * (1 + eta) / 2);
      const gamma = share * b * m * (1 - eta ** 2) / 2;
      const noise = range(m).map((j) => (high ? j >= m - low : j < low) ? eta - 1 : eta + 1);
      const signal = [], smallest = [];
      let weight = gamma - b * ((m - low) * (1 + eta) - low * (1 - eta)), lost = null;
      for (let r = 0; r < m && lost === null; r++) {
        signal.push(weight);
        smallest.push(Math.abs(noise[r]));
        if (Math.abs(weight) < smallest[r]) lost = r;
        weight += b * noise[r];
      }
      const units = gamma ** 2 * 2 / (2 + B + Math.sqrt((2 + B) ** 2 - 4));
      return { gamma, units, lost, signal, smallest };
    },
    say: ({ m }, { gamma, units, lost, signal }) => `γ = ${short(gamma)} σ, so nγ²λ_min/σ² = ${short(units)}, which is ${short(units / (m + 1))} p. `
      + (lost === null ? "The signal is never the smallest: it survives."
        : `After ${lost} nulls the weight of the signal is ${signed(signal[lost])} σ, the smallest in absolute value: the signal is pruned.`),
    draw(svg, { m }, { signal, smallest, lost }) {
      const high = Math.max(...signal, 2) * 1.12, low = Math.min(0, ...signal);
      const run = panel(svg, { top: 15, height: 270, x: [0, m], y: [low, high] });
      run.axes("nulls pruned", ticks(0, m), ticks(low, high));
      run.text(0, high, "weight in units of σ", "tick", "start", 6, 2);
      const curve = (values) => values.map((v, r) => [r, v]).filter((_, r) => r % Math.ceil(m / 300) === 0 || r === values.length - 1);
      run.line(curve(smallest), "blue");
      run.line(curve(signal), "vermilion");
      run.text(0, signal[0], "signal", "vermilion", "start", 6, -8);
      run.text(0, smallest[0], "null pruned next", "blue", "start", 6, -8);
      if (lost !== null) {
        run.dot(lost, signal[lost], 8, "ring vermilion");
        run.text(lost, signal[lost], "pruned", "vermilion", lost > m / 2 ? "end" : "start", lost > m / 2 ? -12 : 12, -8);
      }
    },
  });

  // Example 3: the incoherence and the gap between alignments, in the worst design

  kinds.gap = ({ start }) => ({
    height: 330,
    sliders: [
      { name: "p", label: "features p", min: 3, max: 20, step: 1, value: start.p },
      { name: "delta", label: "incoherence δ_PW", min: 0.002, max: 0.2, step: 0.002, value: start.delta_PW },
      { name: "gap", label: "gap", min: 0.01, max: 0.99, step: 0.01, value: start.gap },
    ],
    numbers({ p, delta, gap }) {
      const kappa = (p - 1) * delta < 1 ? 2 * (p - 2) * delta / (1 - (p - 3) * delta) : null;
      const apart = kappa === null ? null : (kappa - gap) / (1 - kappa * delta);
      return {
        kappa, certified: kappa !== null && gap > kappa,
        worst: apart === null ? null : [(gap + apart) / 2, (gap - apart) / 2],
      };
    },
    say: ({ gap }, { kappa, certified, worst }) => kappa === null
      ? "(p − 1)δ_PW is 1 or more: no gap is enough. Not certified."
      : `The gap is ${short(gap)} and must exceed κ = ${short(kappa)}. `
        + (certified ? "Certified: IMP prunes what alignment prunes." : "Not certified: IMP may prune another feature.")
        + ` In the worst design the two smallest alignments, 0 and ${short(gap)}, become the weights ${signed(worst[0])} and ${signed(worst[1])}`
        + (certified ? "." : ": the second is the smaller in absolute value."),
    draw(svg, { p, delta, gap }, { certified }) {
      const end = Math.min(0.2, 1 / (p - 1));
      const plane = panel(svg, { top: 15, height: 270, x: [0, 0.2], y: [0, 1] });
      plane.axes("pairwise incoherence δ_PW", [0, 0.05, 0.1, 0.15, 0.2], [0, 0.5, 1]);
      plane.text(0, 1, "gap / largest alignment", "tick", "start", 6, 2);
      const curve = linspace(0, end, 200).map((d) => [d, 2 * (p - 2) * d / (1 - (p - 3) * d)]).filter(([, k]) => k <= 1);
      plane.line(curve, "grey");
      plane.text(0.004, 0.9, "certified", "green", "start", 4, 0);
      plane.text(0.19, 0.1, "not certified", "vermilion", "end");
      plane.dot(delta, gap, 7, certified ? "green" : "vermilion");
    },
  });

  // Theorem 5: the sample size that each version requires

  kinds.calculator = ({ versions, start }) => {
    const log10 = { of: (v) => Number((10 ** v).toPrecision(2)), step: 0.01 };
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
        at("coupling", "coupling μ", 0, 1, { step: 0.05 }),
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
        bars.axes("samples n that are required", []);
      },
    };
  };

  const count = (n) => n < 1e7 ? Math.ceil(n).toLocaleString("en") : n.toExponential(1).replace("e+", "·10^");
  const large = (formula) => (s) => s.small ? null : formula(s);
  const unit = (s) => s.sigma ** 2 / (s.gamma ** 2 * s.lambda_min);
  const logP = (s, eigenvalue) => 8 * s.sigma ** 2 / (s.gamma ** 2 * eigenvalue) * Math.log(2 * s.p / s.delta);
  const squaredNorm = (r, delta) => r + 2 * Math.sqrt(r * Math.log(1 / delta)) + 2 * Math.log(1 / delta);
  const logAdd = (a, b) => Math.max(a, b) === -Infinity ? -Infinity : Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b)));

  // log C(p−k, m) plus the minimum of l log 2 − exponent(l) over l ≤ m, for m from 1 to `most`
  function rounds({ p, k }, most, exponent) {
    let corner = Infinity, choose = 0;
    return range(most).map((i) => {
      const m = i + 1;
      corner = Math.min(corner, m * Math.LN2 - exponent(m));
      choose += Math.log((p - k - i) / m);
      return choose + corner;
    });
  }

  // x = nλγ²/(2σ²)
  const logUnion = (s, x) =>
    Math.log(s.k) + rounds(s, s.p - s.k, (l) => x * l / (l + 1)).reduce(logAdd, -x);

  function logReflection(s, x) {
    const nulls = s.p - s.k, g = Math.sqrt(2 * x);
    let best = logUnion(s, x);
    if (!nulls) return best;
    const factor = (m) => Math.sqrt(1 + 1 / m) + 1 / Math.sqrt(m);
    const most = Math.min(nulls + 1, 401);
    const energy = range(most).map((i) => {
      const c = factor(i + 1);
      return i === nulls ? -Infinity : Math.min(...range(96).map((j) => {
        const v = c * 2 ** (-(j + 1) / 12);
        return (nulls + 1) * Math.log1p(v) / 2 - 2 * g ** 2 * v / ((1 + v) * (c ** 2 + v));
      }));
    });
    range(73).forEach((j) => {
      const own = g * 2 ** ((j - 64) / 16);
      let sum = logAdd(-own * own / 2, -x);
      const terms = rounds(s, most - 1, (l) => Math.max(x * l / (l + 1), ((2 * g - own) / factor(l)) ** 2 / 2));
      energy.forEach((last, i) => {
        best = Math.min(best, Math.log(s.k) + logAdd(sum, last));
        if (i < terms.length) sum = logAdd(sum, terms[i]);
      });
    });
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
    reflection: large((s) => solve(logReflection, s)),
    "bounded inverse": large((s) => logP(s, 1 / s.inverse_norm ** 2)),
    incoherent(s) {
      const room = 1 - (s.p - 1 + s.small) * s.coherence;
      return room > 0 ? logP(s, room ** 2) : null;
    },
    uncorrelated: large((s) => s.coupling ? null : 8 * unit(s) * Math.log(2 * s.p / Math.log1p(s.delta))),
    interpolated: large((s) => {
      if (s.k === s.p) return null;
      const signal = Math.sqrt(2 * Math.log(6 * s.k / s.delta));
      const null_ = Math.sqrt(2 * Math.log(2 * (s.p - s.k) / Math.log1p(s.delta / 3)));
      return unit(s) * (signal + s.coupling * Math.sqrt(squaredNorm(s.p - s.k, s.delta / 3)) + null_) ** 2;
    }),
  };

  // What all interactive figures share: sliders, picture and numbers

  function slider(parent, spec, onInput) {
    const label = element(parent, "label");
    const name = element(label, "span", {}, spec.label);
    const twoWay = spec.max === spec.step; // 0 or 1
    const input = element(label, "input", twoWay ? { type: "checkbox", role: "switch" }
      : { type: "range", min: spec.min, max: spec.max, step: spec.step });
    input.name = spec.name;
    if (twoWay) input.checked = spec.value; else input.value = spec.value;
    const shown = element(label, "output");
    const set = () => Number(twoWay ? input.checked : input.value);
    const value = () => spec.of ? spec.of(set()) : set();
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

  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("figure.interactive").forEach(start));
})();
