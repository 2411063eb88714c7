"""Figures of Theorem 5: the margin of the first fit, the bound in practice, counterexamples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from impbook_figures.palette import BLACK, BLUE, COLORS, GREY, VERMILION
from impbook_figures.style import Curves, error_bars, label_level, label_point, new_axes, promised


def first_fit_margin(s: ArrayLike, w: ArrayLike, gamma: float) -> Axes:
    """Signal and first fit, feature by feature, with the band ±γ/2."""
    s, w = np.asarray(s, dtype=float), np.asarray(w, dtype=float)
    x = np.arange(1, s.size + 1)
    ax: Axes = new_axes(height=3.8)
    ax.axhspan(-gamma / 2, gamma / 2, color=GREY, alpha=0.15, linewidth=0)
    ax.axhline(0, color=GREY, linewidth=0.8)
    ax.vlines(x, s, w, color=GREY, linewidth=1.2)
    kinds = {
        r"$|s_i| \geq \gamma$": (np.abs(s) >= gamma, BLUE),
        r"$0 < |s_i| < \gamma$": ((np.abs(s) < gamma) & (s != 0), VERMILION),
        "null": (s == 0, GREY),
    }
    for name, (here, color) in kinds.items():
        ax.plot(x[here], s[here], "o", mfc="white", color=color, markersize=7)
        ax.plot(x[here], w[here], "o", color=color, markersize=7)
        if here.any():
            last = x[here][-1], w[here][-1]
            label_point(ax, last, name, color, (8, 8), va="center")
    label_level(ax, gamma / 2, r"$\gamma/2$", BLACK)
    label_level(ax, -gamma / 2, r"$-\gamma/2$", BLACK)
    ax.set(xlabel="feature $i$", ylabel="$s_i$ (open) and $w_i$ (filled)")
    ax.set(xticks=x, xlim=(0.4, s.size + 1.6))
    return ax


def failure_against_samples(
    fractions: ArrayLike, rates: Curves, bands: Mapping[str, tuple[Any, Any]]
) -> Axes:
    """Frequency of failure against n divided by Theorem 5's bound on n, one curve per design."""
    ax: Axes = new_axes(height=4.2)
    for color, (name, rate) in zip(COLORS, rates.items(), strict=False):
        ax.fill_between(fractions, *bands[name], color=color, alpha=0.2, linewidth=0)
        ax.plot(fractions, rate, "-", color=color, label=name)
    ax.axvline(1, color=BLACK, linewidth=1.2)
    upright = {"rotation": 90, "ha": "right", "va": "center"}
    label_point(ax, (1, 0.55), "what Theorem 5 requires", BLACK, (-6, 0), **upright)
    ax.set(xlabel="$n$ / bound of Theorem 5", ylabel="frequency of a lost signal")
    ax.set(xlim=(0, 1.05), ylim=(-0.02, 1.02))
    ax.legend(frameon=False, loc="upper center")
    return ax


def outcomes(weights: ArrayLike, pruned: ArrayLike, names: Sequence[str]) -> Axes:
    """Absolute weights, round by round, for all outcomes of the noise at once."""
    size, order = np.abs(np.asarray(weights, dtype=float)), np.asarray(pruned)
    q = order.shape[1]
    ax: Axes = new_axes(height=4.2)
    for j, name in enumerate(names):
        color = COLORS[j % len(COLORS)]
        ends = []
        for row, path in zip(order.tolist(), size, strict=True):
            end = row.index(j) if j in row else q
            line = path[: end + 1, j]
            ax.semilogy(line, "-o", color=color, markersize=4, linewidth=1.2)
            if j in row:
                ax.plot(end, line[-1], "x", color=BLACK, markersize=11, markeredgewidth=1.6)
            ends.append((end, line[-1]))
        first = min(ends)
        label_point(ax, first, name, color, (14, -4) if first[0] else (-12, -22))
    ax.set(xticks=range(q + 1), xlim=(-0.2, q + 0.6))
    ax.set(xlabel="features pruned", ylabel=r"$|w_i|$ under all outcomes of the noise")
    return ax


def failure_with_intervals(
    x: ArrayLike, rate: ArrayLike, low: ArrayLike, high: ArrayLike, floor: ArrayLike, delta: float
) -> Axes:
    """Frequency of failure as a family of designs grows.

    A curve shows a proved lower bound on the failure probability, and a dashed line the promised δ.
    """
    x, rate, floor = np.asarray(x), np.asarray(rate), np.asarray(floor)
    ax: Axes = new_axes(height=3.8)
    error_bars(ax, x, rate, low, high, fmt="o", color=VERMILION, markersize=5, capsize=3)
    ax.plot(x, floor, color=BLUE)
    promised(ax, delta)
    label_point(ax, (x[-1], rate[-1]), "runs", VERMILION, (10, 7))
    label_point(ax, (x[-1], floor[-1]), "proved", BLUE, (10, -10))
    ax.set(xscale="log", xlim=(x[0] * 0.8, x[-1] * 1.9), ylim=(-0.02, 1.05))
    ax.set(xlabel="$B$", ylabel="probability of failure")
    return ax
