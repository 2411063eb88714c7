"""Figures of Example 3: a misleading dominance, Neumann's error, certificates, real features."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from impbook.plots.style import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    VERMILION,
    banded,
    label_ends,
    new_axes,
)

COLORS = (BLUE, VERMILION, GREEN, PURPLE, ORANGE)


def crossing(a: ArrayLike, nw: ArrayLike) -> Axes:
    """Two close alignments and the weights they become, joined feature by feature.

    Parameters
    ----------
    a, nw : array_like, shape (2,)
        Alignments, and n times the trained weights, of the two features.
    """
    ax: Axes = new_axes(width=6.4, height=3.6)
    for i, (start, end, color) in enumerate(
        zip(np.asarray(a), np.asarray(nw), (BLUE, VERMILION), strict=True)
    ):
        ax.plot([0, 1], [start, end], "-o", color=color, markersize=8)
        for x, value, side in ((0, start, "right"), (1, end, "left")):
            ax.annotate(
                f"feature {i + 1}:  {value:.3f}",
                (x, value),
                (-10 if side == "right" else 10, 0),
                textcoords="offset points",
                color=color,
                ha=side,
                va="center",
            )
    ax.set(xlim=(-0.55, 1.55), xticks=[0, 1], yticks=[])
    ax.set_xticklabels(["alignment $a_i$", "trained weight $n\\,w_i$"])
    ax.spines["left"].set_visible(False)
    return ax


def first_order_error(
    norms: dict[str, ArrayLike], errors: dict[str, ArrayLike], curve: ArrayLike, bound: ArrayLike
) -> Axes:
    """Relative error of the first-order weights against a = ‖A‖₂, under the curve a²/(1−a).

    Parameters
    ----------
    norms, errors : dict of str to array_like, shape (m,)
        a and the error over ‖Φᵀy‖₂ of m problems, by kind of problem.
    curve, bound : array_like, shape (k,)
        Values of a and of a²/(1−a).
    """
    ax: Axes = new_axes()
    ax.loglog(curve, bound, color=BLACK)
    ax.annotate(
        "$a^2/(1-a)$",
        (np.asarray(curve)[-12], np.asarray(bound)[-12]),
        (-8, 4),
        textcoords="offset points",
        ha="right",
    )
    for color, marker, (name, x) in zip(COLORS, "osD^v", norms.items(), strict=False):
        ax.plot(x, errors[name], marker, color=color, markersize=4.5, alpha=0.75, label=name)
    ax.legend(frameon=False, loc="lower right")
    ax.set(xlabel="$a = \\|A\\|_2$", ylabel="error of $n\\,w$ / $\\|\\Phi^\\top y\\|_2$")
    return ax


def rates(
    x: ArrayLike, curves: dict[str, tuple[ArrayLike, ArrayLike, ArrayLike]], xlabel: str
) -> Axes:
    """Frequencies with exact intervals on a logarithmic axis, a curve for each name.

    Parameters
    ----------
    x : array_like, shape (m,)
        Positive values.
    curves : dict of str to tuple of three array_like, shape (m,)
        Frequency and the two ends of its interval, by name.
    xlabel : str
        What x is.
    """
    ax: Axes = new_axes(width=7.0)
    ax.set_xscale("log")
    values = np.asarray(x)
    for color, (rate, low, high) in zip(COLORS, curves.values(), strict=False):
        banded(ax, values, rate, low, high, color)
    label_ends(ax, values, {name: rate for name, (rate, _, _) in curves.items()}, COLORS, 0.055)
    ax.set(xlabel=xlabel, ylabel="share of problems", ylim=(-0.03, 1.05))
    return ax


def collapse(
    curves: dict[str, tuple[ArrayLike, ArrayLike]],
    rule: tuple[ArrayLike, ArrayLike],
    name: str,
    xlabel: str,
) -> Axes:
    """Frequency of disagreement for several p on one scale, and a rule of thumb.

    Parameters
    ----------
    curves : dict of str to pair of array_like, shape (m,)
        Position on the scale and frequency, by name.
    rule : pair of array_like, shape (k,)
        Position on the scale and predicted frequency.
    name : str
        The rule of thumb, as a formula.
    xlabel : str
        What the scale is.
    """
    ax: Axes = new_axes()
    x, y = (np.asarray(values) for values in rule)
    ax.loglog(x, y, color=BLACK, linewidth=1.5)
    middle = x.size // 2
    ax.annotate(name, (x[middle], y[middle]), (8, 8), textcoords="offset points")
    for color, marker, (label, points) in zip(COLORS, "osD^v", curves.items(), strict=False):
        ax.plot(*points, marker, color=color, markersize=6, label=label)
    ax.legend(frameon=False, loc="lower left")
    ax.set(xlabel=xlabel, ylabel="first prunings that differ (share)")
    return ax


def incoherence_of_features(
    names: Sequence[str], hoelder: ArrayLike, norms: ArrayLike, notes: Sequence[str]
) -> Axes:
    """(p−1)δ_PW and ‖A‖₂ of several feature matrices on one axis, with the line at 1.

    Parameters
    ----------
    names : sequence of str, shape (m,)
        Names of the feature matrices, from top to bottom.
    hoelder, norms : array_like, shape (m,)
        (p−1)·δ_PW and ‖A‖₂.
    notes : sequence of str, shape (m,)
        What to write at the right of each line.
    """
    ax: Axes = new_axes(width=8.0, height=0.42 * len(names) + 1.3)
    rows = -np.arange(len(names))
    ax.axvline(1, color=GREY, linewidth=1)
    ax.hlines(rows, norms, hoelder, color=GREY, linewidth=1)
    ax.semilogx(norms, rows, "o", color=BLUE, markersize=8)
    ax.semilogx(hoelder, rows, "D", color=VERMILION, markersize=7)
    for name, values, color, side in (
        ("$\\|A\\|_2$", norms, BLUE, "right"),
        ("$(p-1)\\,\\delta_{PW}$", hoelder, VERMILION, "left"),
    ):
        ax.annotate(
            name,
            (np.asarray(values)[0], 0),
            (0, 9),
            textcoords="offset points",
            color=color,
            ha=side,
        )
    for row, note in zip(rows, notes, strict=True):
        ax.annotate(note, (1.02, row), xycoords=("axes fraction", "data"), va="center")
    ax.set(yticks=rows, yticklabels=names, ylim=(rows[-1] - 0.6, 0.9))
    ax.set_xlabel("size of the departure from orthogonality")
    return ax
