"""Figures of counterexample B: a run, and failure against the number of features."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from impbook_figures.style import BLACK, BLUE, GREEN, GREY, ORANGE, SKY, VERMILION, new_axes
from impbook_figures.theorem_5 import promised_at_most


def adaptivity(signal: ArrayLike, agreeing: ArrayLike, random: ArrayLike) -> Axes:
    """Weights along a run on counterexample B, beside removal of nulls at random."""
    signal, agreeing, random = np.asarray(signal), np.asarray(agreeing), np.asarray(random)
    ax: Axes = new_axes(width=7.0, height=4.2)
    for row in random:
        ax.plot(row, color=SKY, linewidth=1.0)
    ax.plot(signal, color=VERMILION, linewidth=2.4)
    ax.plot(agreeing, color=BLACK, linewidth=1.6)
    ax.plot(signal.size - 1, signal[-1], "x", color=BLACK, markersize=11, markeredgewidth=2)
    half = signal.size // 2
    for x, y, text, color in (
        (0, 23.0, "signal, nulls removed at random", BLUE),
        (half, signal[half] + 1.0, "signal, IMP", VERMILION),
        (half // 2, agreeing[half] + 0.6, "smallest null", BLACK),
    ):
        ax.annotate(text, (x, y), (6, 0), textcoords="offset points", color=color)
    ax.axhline(0, color=GREY, linewidth=0.8)
    ax.set(xlabel="nulls pruned", ylabel=r"weight, in units of $\sigma/\sqrt{n}$")
    ax.set(xlim=(0, signal.size * 1.05), ylim=(-1.5, 25))
    return ax


def failure_against_features(
    p: ArrayLike,
    curves: Mapping[str, ArrayLike],
    runs: Mapping[str, tuple[ArrayLike, ArrayLike, ArrayLike, ArrayLike]],
    delta: float,
) -> Axes:
    """Probability of failure at the paper's sample size against the number of features."""
    p = np.asarray(p)
    ax: Axes = new_axes(width=7.0, height=4.2)
    for (name, values), color in zip(curves.items(), (BLUE, ORANGE), strict=False):
        ax.plot(p, np.asarray(values), color=color, label=name)
    looks = (("o", VERMILION, 5), ("s", GREEN, 8))
    for (name, (x, rate, low, high)), (mark, color, size) in zip(runs.items(), looks, strict=False):
        ax.errorbar(
            x,
            rate,
            np.abs(np.vstack([low, high]) - np.asarray(rate)),
            fmt=mark,
            color=color,
            mfc=color if mark == "o" else "none",
            markersize=size,
            capsize=3,
            label=name,
        )
    ax.axhline(delta, color=GREY, linestyle="--", linewidth=1.5)
    promised_at_most(ax, delta)
    ax.set(xlabel="features $p = n$", ylabel="probability of failure", ylim=(-0.02, 0.75))
    ax.legend(frameon=False, loc="upper left", bbox_to_anchor=(0, 1))
    return ax
