"""Figures of the shared-row design: a case with three nulls, and a signal whose weight sinks."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from impbook_figures.palette import BLACK, BLUE, GREY, SKY, VERMILION
from impbook_figures.style import new_axes


def three_nulls(weights: ArrayLike, pruned: ArrayLike) -> Axes:
    """Absolute weights of four features in two rounds; a cross marks the feature pruned next."""
    size, order = np.abs(np.asarray(weights)), np.asarray(pruned)
    size[size == 0] = np.nan  # no bar for a pruned feature
    rounds = np.arange(2)
    ax: Axes = new_axes(height=3.4)
    for feature, color in enumerate((VERMILION, BLUE, BLUE, BLUE)):
        name = f"null {feature}" if feature else "signal"
        x = rounds + 0.16 * (feature - 1.5)
        bars = ax.bar(x, size[:, feature], width=0.14, color=color)
        ax.bar_label(bars, fmt=name + "\n{:.1f}", color=color)
    middle = size[rounds, order[:2]] / 2
    x = rounds + 0.16 * (order[:2] - 1.5)
    ax.plot(x, middle, "x", color=BLACK, markersize=13, markeredgewidth=2)
    ax.set(ylim=(0, 2.1), ylabel="absolute weight")
    ax.set_xticks(rounds, ["round 1", "round 2"])
    return ax


def sinking_signal(weights: ArrayLike, random: ArrayLike) -> Axes:
    """Weights of the signal (feature 0) and of the smallest null while IMP prunes the nulls.

    Thin lines show the weight of the signal if nulls are pruned in a random order instead.
    """
    signal, nulls = np.split(np.asarray(weights), [1], axis=1)
    signal, random = signal[:, 0], np.asarray(random)
    null = np.where(nulls != 0, np.abs(nulls), np.inf).min(axis=1)
    end = signal.size - 1
    ax: Axes = new_axes(height=4.2)
    ax.plot(random.T, color=SKY, linewidth=0.9)
    ax.plot(signal, color=VERMILION, linewidth=2.6)
    ax.plot(null, color=BLACK, linewidth=1.6)
    ax.plot(end, signal[-1], "x", color=BLACK, markersize=11, markeredgewidth=2)
    ax.axhline(0, color=GREY, linewidth=0.8)
    top = max(signal[0], random.max())
    for x, y, text, color in (
        (0.03, 1.12 * top, "the signal, if nulls are removed at random", BLUE),
        (0.45, signal[int(0.4 * end)], "the signal, under IMP", VERMILION),
        (0.03, null[0] + 0.04 * top, "the smallest null", BLACK),
    ):
        ax.text(x * end, y, text, color=color)
    ax.set(xlim=(0, 1.04 * end), ylim=(-0.06 * top, 1.25 * top))
    ax.set(xlabel="nulls pruned", ylabel=r"weight, in units of $\sigma$")
    return ax
