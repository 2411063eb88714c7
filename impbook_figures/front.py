"""The figure of the front page, small enough for a telephone."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from impbook_figures.style import BLACK, BLUE, GREY, SKY, VERMILION, new_axes


def sinking_signal(signal: ArrayLike, null: ArrayLike, random: ArrayLike) -> Axes:
    """Weights of the signal and of the smallest null as nulls go, by IMP or at random."""
    signal, null, random = np.asarray(signal), np.asarray(null), np.asarray(random)
    end = signal.size - 1
    ax: Axes = new_axes(width=4.6, height=3.6)
    ax.plot(random.T, color=SKY, linewidth=0.9)
    ax.plot(signal, color=VERMILION, linewidth=2.6)
    ax.plot(null, color=BLACK, linewidth=1.6)
    ax.plot(end, signal[-1], "x", color=BLACK, markersize=11, markeredgewidth=2)
    ax.axhline(0, color=GREY, linewidth=0.8)
    top = max(signal[0], random.max())
    for x, y, text, color in (
        (0.03, 1.12 * top, "the signal, nulls removed at random", BLUE),
        (0.45, signal[int(0.4 * end)], "the signal, by IMP", VERMILION),
        (0.03, null[0] + 0.04 * top, "the smallest null", BLACK),
    ):
        ax.text(x * end, y, text, color=color, fontsize=11.5)
    ax.set(xlim=(0, 1.04 * end), ylim=(-0.06 * top, 1.25 * top))
    ax.set(xlabel="nulls pruned", ylabel=r"weight, in units of $\sigma/\sqrt{n}$")
    return ax
