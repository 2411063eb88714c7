"""Figure of the remarks around Theorem 5: an eigenvalue that falls when a feature is pruned."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from impbook_figures.style import BLUE, VERMILION, new_axes


def eigenvalue_fall(theta: ArrayLike, before: ArrayLike, after: ArrayLike) -> Axes:
    """Smallest non-zero eigenvalue before and after a feature is removed, against an angle."""
    theta = np.asarray(theta)
    ax: Axes = new_axes(height=3.6)
    ax.semilogy(theta, np.asarray(before), color=BLUE)
    ax.semilogy(theta, np.asarray(after), color=VERMILION)
    middle = theta.size // 3
    for y, text, color in ((before, "three features", BLUE), (after, "one removed", VERMILION)):
        at = (theta[middle], float(np.asarray(y)[middle]))
        ax.annotate(text, at, (8, -16), textcoords="offset points", color=color)
    ax.set(xlabel=r"angle $\theta$ between features 1 and 2", ylabel=r"$\lambda_{\min}^{\neq 0}$")
    ax.set_xlim(0, theta[-1])
    return ax
