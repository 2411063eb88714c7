"""Figure of the limit laws of Examples 2 and 3: frequencies for several p beside the limit."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from impbook.plots.style import BLACK, BLUE, GREEN, GREY, ORANGE, VERMILION, new_axes

COLORS = (BLUE, VERMILION, GREEN, ORANGE)
Curve = tuple[ArrayLike, ArrayLike]


def agreement_and_limit(
    limit: Curve,
    rule: Curve,
    points: dict[str, tuple[ArrayLike, ArrayLike, ArrayLike, ArrayLike]],
    xlabel: str,
) -> Axes:
    """Frequencies of agreement with exact intervals, over the limit and a rule of thumb."""
    ax: Axes = new_axes(width=7.0, height=4.2)
    ax.set_xscale("log")
    ax.plot(*limit, color=BLACK, label="limit")
    ax.plot(*rule, "--", color=GREY, linewidth=1.5, label="rule of thumb")
    for color, marker, (name, (x, rate, low, high)) in zip(
        COLORS, "osD^", points.items(), strict=False
    ):
        ends = np.abs(np.array([low, high]) - np.asarray(rate))
        ax.errorbar(x, rate, ends, fmt=marker, color=color, markersize=5, alpha=0.8, label=name)
    ax.legend(frameon=False)
    ax.set(xlabel=xlabel, ylabel="same first pruning (share)", ylim=(-0.03, 1.05))
    return ax
