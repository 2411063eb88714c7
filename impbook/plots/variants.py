"""Figures of the variants: how long training decides which order IMP takes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from impbook.plots.style import BLUE, VERMILION, label_end, new_axes


def agreement_by_steps(
    steps: Sequence[int], alignment: Sequence[float], converged: Sequence[float]
) -> Axes:
    """Rank agreement of descent's order with alignment's and with that at T = ∞, by steps."""
    ax: Axes = new_axes()
    curves = (
        ("with the order\nat $T = \\infty$", converged, VERMILION),
        ("with alignment's", alignment, BLUE),
    )
    for name, tau, color in curves:
        ax.semilogx(steps, tau, "-o", color=color, markersize=4)
        label_end(ax, steps, tau, name, color)
    ax.set(xlabel="steps of gradient descent in each round", ylabel="Kendall's $\\tau$ of orders")
    ax.set_xlim(right=30 * float(np.max(steps)))
    return ax
