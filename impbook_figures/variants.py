"""Figures of IMP's variants: how training time changes the order, and where recovery fails."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from impbook_figures.palette import BLACK, BLUE, COLORS, VERMILION
from impbook_figures.style import legend_below, named_curves, new_axes


def agreement_by_steps(
    steps: Sequence[int], alignment: Sequence[float], converged: Sequence[float]
) -> Axes:
    """Kendall's τ between gradient descent's order and two others, against the number of steps.

    The two others are the order of the alignments and the order at T = ∞.
    """
    ax: Axes = new_axes()
    curves = {"with the order\nat $T = \\infty$": converged, "with alignment's": alignment}
    ax.set_xscale("log")
    named_curves(ax, steps, curves, (VERMILION, BLUE), "-o")
    ax.set(xlabel="steps of gradient descent in each round", ylabel="Kendall's $\\tau$ of orders")
    ax.set_xlim(right=30 * float(np.max(steps)))
    return ax


def half_way(
    samples: ArrayLike,
    fractions: ArrayLike,
    panels: Sequence[Mapping[str, NDArray[np.float64]]],
    threshold: ArrayLike,
    titles: Sequence[str],
) -> list[Axes]:
    """Fraction k/n at which each method's rate of recovery falls below one half, against n/p."""
    axes = new_axes(1, len(panels), height=4.4, sharey=True)
    for ax, rates, title in zip(axes, panels, titles, strict=True):
        for (name, rate), color in zip(rates.items(), COLORS, strict=False):
            y = crossings(fractions, rate)
            ax.plot(samples, y, "-o", color=color, markersize=3, linewidth=1.5, label=name)
        ax.plot(samples, threshold, "--", color=BLACK, linewidth=1.2, label="Donoho–Tanner")
        ax.set(title=title, xlabel="samples per feature, $n/p$", xlim=(0, 1.02), ylim=(0, 1.02))
    axes[0].set_ylabel("signals per sample, $k/n$")
    legend_below(axes[0], 3)
    return list(axes)


def crossings(fractions: ArrayLike, rates: NDArray[np.float64]) -> NDArray[np.float64]:
    """The fraction at which each row of rates first falls below 1/2, by linear interpolation."""
    x = np.concatenate([[0.0], np.asarray(fractions)])
    found = []
    for row in np.asarray(rates, dtype=float):
        y = np.concatenate([[1.0], row])
        low = int(np.argmax(y < 0.5))  # 0 if no rate is below 1/2
        around = [low, low - 1]
        found.append(np.interp(0.5, y[around], x[around]) if low else x[-1])
    return np.array(found)
