"""Interactive figures: each function draws a still figure and sends data to `_static/explore.js`.

A cell calls one of these functions and ends with `plt.show()`, as for any figure. The book shows
sliders; JupyterLab, print and a browser without scripts show the still figure.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
from IPython.display import display
from numpy.typing import ArrayLike

from impbook.concentration import VERSIONS, Setting
from impbook.counterexamples import Certificate
from impbook.example_2 import mean_pull
from impbook.example_3 import sufficient_gap
from impbook.problem import LeastSquares
from impbook.pruning import imp
from impbook_figures import example_2
from impbook_figures.algorithm import weight_path
from impbook_figures.nullspace import cone_and_lines
from impbook_figures.palette import BLUE, GREY, VERMILION
from impbook_figures.style import label_end, new_axes
from impbook_figures.theorem_5 import outcomes

FOUR = ("w₁ (signal)", "w₂ (small signal)", "w₃ (null)", "w₄ (null)")
SLIDERS = ("p", "k", "gamma", "sigma", "lambda_min", "coupling", "inverse_norm", "coherence")


def algorithm(problem: LeastSquares, names: Sequence[str], times: Sequence[float]) -> None:
    """Algorithm 1 round by round, with sliders for the round and the training time T.

    The still figure shows the path for the last of the `times`.
    """
    times = [float(f"{T:.4g}") for T in times]  # the page shows four digits
    paths = [imp(problem, q=problem.p - 1, T=T) for T in times]
    weight_path(paths[-1].weights, paths[-1].pruned.tolist(), names)
    show(
        "algorithm",
        "The weights of the features as bars; the one nearest to 0 is pruned next",
        {
            "names": list(names),
            "times": [T if np.isfinite(T) else None for T in times],
            "weights": [rounded(path.weights) for path in paths],
            "pruned": [path.pruned.tolist() for path in paths],
        },
    )


def sliding_centre(a: ArrayLike, *, alpha: float, p: int) -> None:
    """IMP's centre among the first p alignments, with sliders for α and p.

    The still figure shows six values of α.
    """
    alignments = rounded(a)
    first = np.array(alignments[:p])
    alphas = (0, 0.01, 0.05, 0.1, 0.3, 0.9)
    pulls = np.array([mean_pull(p, value) for value in alphas])
    labels = [f"α = {value:g},  β = {pull:.2f}" for value, pull in zip(alphas, pulls, strict=True)]
    example_2.sliding_centre(first, pulls * first.mean(), labels)
    show(
        "centre",
        "The alignments on a line with IMP's centre, and how far it has moved for each α",
        {"alignments": alignments, "start": {"alpha": alpha, "p": p}},
    )


def turning_line(angle: int) -> None:
    """A null line and the cone C({0}), with a slider for the angle of the line.

    The still figure shows two lines.
    """
    cone_and_lines({"meets the cone": (1, 0.35), "avoids $C(S)$": (0.4, -1)})
    show(
        "cone",
        "The cone C(S) in the plane, a null line, the signal and the trained weights",
        {"start": {"angle": angle}},
    )


def coin_by_coin(example: Certificate) -> None:
    """The leak example round by round, with switches for its coin flips and its small signal.

    The still figure shows all outcomes of the coin flips at once.
    """
    Phi, s = example.design, np.array(example.s, dtype=float)
    coins = [outcome.signs for outcome in example.outcomes]
    sigma = float(example.sigma)
    paths = [
        [imp(LeastSquares(Phi, Phi @ signal + sigma * np.array(c)), q=example.q) for c in coins]
        for signal in (s, np.where(s < float(example.gamma), 0, s))
    ]
    outcomes(
        [path.weights for path in paths[0]],
        [path.pruned for path in paths[0]],
        [*FOUR[:2], "", "w₃, w₄ (nulls)"],
    )
    show(
        "coins",
        "The four weights as bars; the one nearest to 0 is pruned next",
        {
            "names": FOUR,
            "sigma": sigma,
            "coins": coins,
            "weights": [[rounded(path.weights) for path in row] for row in paths],
            "pruned": [[path.pruned.tolist() for path in row] for row in paths],
        },
    )


def sufficient_gaps(p: int, delta_PW: float, gap: float) -> None:
    """The threshold `sufficient_gap` against δ_PW, with sliders for p, δ_PW and the gap.

    If the gap is above the threshold, IMP and alignment prune the same feature first.
    """
    ax = new_axes()
    delta = np.linspace(0, 1 / (3 * p - 7), 100)
    ax.plot(delta, [sufficient_gap(p, d) for d in delta], color=GREY)
    ax.plot(delta_PW, gap, "o", color=VERMILION if gap <= sufficient_gap(p, delta_PW) else BLUE)
    ax.annotate("certified", (0.1, 0.85), xycoords="axes fraction")
    ax.annotate("not certified", (0.7, 0.1), xycoords="axes fraction")
    ax.set(xlabel=r"pairwise incoherence $\delta_{PW}$", ylabel="gap / largest alignment")
    show(
        "gap",
        "The gap that certifies alignment as a curve over the incoherence, and where you are",
        {"start": {"p": p, "delta_PW": delta_PW, "gap": gap}},
    )


def sinking_signal(m: int, B: float, eta: float, share: float) -> None:
    """A typical run on the shared-row design, with sliders for γ, m and b.

    A switch decides whether nulls with low noise or nulls with high noise are pruned first.
    """
    low, b = round(m * (1 + eta) / 2), np.sqrt(B / m)
    full = b * m * (1 - eta**2) / 2
    signal = share * full + b * ((1 - eta) * (low - np.arange(low + 1)) - (1 + eta) * (m - low))
    sinking = signal[signal > eta - 1]
    ax = new_axes()
    curves = ((sinking, "signal", VERMILION), (np.full(sinking.size, 1 - eta), "null", BLUE))
    for curve, name, color in curves:
        ax.plot(curve, color=color)
        label_end(ax, [curve.size // 3], [curve[curve.size // 3] + 1.5], name, color)
    ax.set(xlabel="nulls pruned", ylabel=r"weight, in units of $\sigma$")
    show(
        "sinking",
        "The weights of the signal and of the smallest null against the number of nulls pruned",
        {"start": {"m": m, "B": B, "share": share}, "eta": eta},
    )


def sample_sizes(setting: Setting, delta: float) -> None:
    """The sample size that each version of Theorem 5 requires, with a slider for each quantity."""
    required = {name: version.samples(setting, delta) for name, version in VERSIONS.items()}
    ax = new_axes(height=3.6)
    names = [name for name, n in required.items() if np.isfinite(n)]
    ax.set_xscale("log")
    ax.plot([required[name] for name in names], names, "o", color=BLUE)
    ax.invert_yaxis()
    ax.set_xlabel("samples required, $n$")
    start = {name: setting.need(name) for name in SLIDERS} | {
        "small": setting.small_signals,
        "delta": delta,
    }
    rows = {name: {"iterative": version.iterative} for name, version in VERSIONS.items()}
    show(
        "calculator",
        "Sample sizes that the versions of Theorem 5 require, a bar for each version that applies",
        {"versions": rows, "start": start},
    )


def show(kind: str, alt: str, data: dict[str, Any]) -> None:
    """Put the data of an interactive figure into the output of the cell.

    The text `alt` is for screen readers. Where HTML cannot be shown, only `kind` appears.
    """
    text = json.dumps({"alt": alt, **data}, ensure_ascii=False, separators=(",", ":"))
    script = text.replace("</", "<\\/")
    html = (
        f'<figure class="interactive" data-kind="{kind}" role="group" aria-label="{alt}" hidden>'
        f'<script type="application/json">{script}</script></figure>'
    )
    output = {"text/html": html, "text/plain": f"<interactive figure: {kind}>"}
    display(output, raw=True)  # type: ignore[no-untyped-call]


def rounded(values: ArrayLike, digits: int = 4) -> Any:
    """The values, rounded so that they print as the same short text on every machine."""
    array = np.asarray(values, dtype=float)
    return [rounded(row, digits) if row.ndim else float(f"{row:.{digits}g}") for row in array]
