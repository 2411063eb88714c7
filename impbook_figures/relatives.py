"""Figures of IMP's relatives: a run of iterative hard thresholding, and rates of exact recovery."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from impbook_figures.palette import BLUE, GREEN, PURPLE, VERMILION
from impbook_figures.style import banded, label_end, legend_below, new_axes


def thresholded_weights(weights: ArrayLike) -> Axes:
    """Absolute weights during iterative hard thresholding, with gaps where a weight is 0."""
    ax: Axes = new_axes()
    sizes = np.abs(np.asarray(weights, dtype=float))
    sizes[sizes == 0] = np.nan
    steps = np.arange(len(sizes))
    for j, color in enumerate((BLUE, VERMILION, GREEN, PURPLE)):
        ax.loglog(steps[1:], sizes[1:, j], ".-", color=color, markersize=5, linewidth=1.5)
        label_end(ax, steps, sizes[:, j], f"feature {j}", color)
    ax.set(xlabel="step $t$", ylabel="absolute weight $|s_j^t|$")
    return ax


def recovery(
    sparsities: ArrayLike,
    rates: NDArray[np.float64],
    low: NDArray[np.float64],
    high: NDArray[np.float64],
    methods: Sequence[str],
    titles: Sequence[str],
) -> list[Axes]:
    """Fraction of signals that each method recovers exactly, against their sparsity k."""
    axes = new_axes(1, len(titles), height=4.0, sharey=True)
    for panel, ax in enumerate(axes):
        for j, (name, color) in enumerate(zip(methods, (BLUE, VERMILION, GREEN), strict=False)):
            banded(ax, sparsities, rates[panel, j], low[panel, j], high[panel, j], color, name)
        ax.set(title=titles[panel], xticks=sparsities, ylim=(-0.03, 1.03))
        ax.set_xlabel("entries of the signal, $k$")
    axes[0].set_ylabel("fraction recovered exactly")
    legend_below(axes[0], len(methods))
    return list(axes)
