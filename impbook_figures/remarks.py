"""Figure for the remarks on Theorem 5: an eigenvalue that falls when a feature is pruned."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from impbook_figures.palette import BLUE, VERMILION
from impbook_figures.style import label_point, new_axes


def eigenvalue_fall(theta: ArrayLike, before: ArrayLike, after: ArrayLike) -> Axes:
    """Smallest non-zero eigenvalue with three features and with two, against an angle."""
    x = np.asarray(theta)
    middle = x.size // 3
    ax: Axes = new_axes(height=3.6)
    for y, text, color in ((before, "three features", BLUE), (after, "one removed", VERMILION)):
        ax.semilogy(x, y, color=color)
        label_point(ax, (x[middle], np.asarray(y)[middle]), text, color, (8, -16))
    ax.set(xlabel=r"angle $\theta$ between features 1 and 2", ylabel=r"$\lambda_{\min}^{\neq 0}$")
    ax.set_xlim(0, x[-1])
    return ax
