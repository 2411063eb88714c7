"""Figures of Example 3: an order that changes, first-order errors, certificates, real features."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from impbook_figures.palette import BLACK, BLUE, COLORS, GREY, VERMILION
from impbook_figures.style import Curves, Rates, label_point, named_rates, new_axes


def crossing(a: ArrayLike, nw: ArrayLike) -> Axes:
    """The alignments of two features and their trained weights, joined by lines that cross."""
    ax: Axes = new_axes(height=3.6)
    pairs = zip(np.asarray(a), np.asarray(nw), (BLUE, VERMILION), strict=True)
    for i, (start, end, color) in enumerate(pairs):
        ax.plot([0, 1], [start, end], "-o", color=color, markersize=8)
        for x, value, side, shift in ((0, start, "right", -10), (1, end, "left", 10)):
            text = f"feature {i + 1}:  {value:.3f}"
            label_point(ax, (x, value), text, color, (shift, 0), ha=side, va="center")
    ax.set(xlim=(-0.55, 1.55), yticks=[])
    ax.set_xticks([0, 1], ["alignment $a_i$", "trained weight $n\\,w_i$"])
    ax.spines["left"].set_visible(False)
    return ax


def first_order_error(norms: Curves, errors: Curves, curve: ArrayLike, bound: ArrayLike) -> Axes:
    """Relative error of the first-order weights against t = ‖I − Σ‖₂, with the bound t²/(1−t)."""
    ax: Axes = new_axes()
    ax.loglog(curve, bound, color=BLACK)
    at = np.asarray(curve)[-12], np.asarray(bound)[-12]
    label_point(ax, at, "$t^2/(1-t)$", BLACK, (-8, 4), ha="right")
    for color, marker, (name, x) in zip(COLORS, "osD^v", norms.items(), strict=False):
        ax.plot(x, errors[name], marker, color=color, markersize=4.5, alpha=0.75, label=name)
    ax.legend(frameon=False, loc="lower right")
    ax.set(xlabel="$t = \\|\\Delta\\|_2$", ylabel="error of $n\\,w$ / $\\|\\Phi^\\top y\\|_2$")
    return ax


def rates(x: ArrayLike, curves: Rates, xlabel: str) -> Axes:
    """Frequencies, with exact confidence intervals, against x on a logarithmic axis."""
    ax: Axes = new_axes()
    named_rates(ax, x, curves)
    ax.set(xscale="log", xlabel=xlabel, ylabel="fraction of problems", ylim=(-0.03, 1.05))
    return ax


def incoherence_of_features(
    names: Sequence[str], hoelder: ArrayLike, norms: ArrayLike, notes: Sequence[str]
) -> Axes:
    """Two measures of overlap for several feature matrices: (p−1)δ_PW and ‖I − Σ‖₂."""
    ax: Axes = new_axes(height=0.42 * len(names) + 1.3)
    rows = -np.arange(len(names))
    ax.axvline(1, color=GREY, linewidth=1)
    ax.hlines(rows, norms, hoelder, color=GREY, linewidth=1)
    ax.semilogx(norms, rows, "o", color=BLUE, markersize=8)
    ax.semilogx(hoelder, rows, "D", color=VERMILION, markersize=7)
    for name, values, color, side in (
        ("$\\|\\Delta\\|_2$", norms, BLUE, "right"),
        ("$(p-1)\\,\\delta_{PW}$", hoelder, VERMILION, "left"),
    ):
        label_point(ax, (np.asarray(values)[0], 0), name, color, (0, 9), ha=side)
    for row, note in zip(rows, notes, strict=True):
        ax.annotate(note, (1.02, row), xycoords=("axes fraction", "data"), va="center")
    ax.set(yticks=rows, yticklabels=names, ylim=(rows[-1] - 0.6, 0.9))
    ax.set_xlabel("departure from orthogonality")
    return ax
