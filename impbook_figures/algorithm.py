"""Figures of the algorithm: weights along a path and during training, and two orders compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from impbook_figures.palette import BLACK, BLUE, COLORS, GREY, ORANGE, VERMILION
from impbook_figures.style import label_point, named_curves, new_axes


def weight_path(weights: ArrayLike, pruned: Sequence[int], names: Sequence[str]) -> Axes:
    """Each weight up to the round in which its feature is pruned; a cross marks that round."""
    ax: Axes = new_axes()
    rows = np.asarray(weights)
    q = len(rows) - 1
    last_round = {feature: k for k, feature in enumerate(pruned)}
    for j, name in enumerate(names):
        end, color = last_round.get(j, q), COLORS[j % len(COLORS)]
        ax.plot(range(end + 1), rows[: end + 1, j], "-o", color=color, markersize=5)
        if j in last_round:
            ax.plot(end, rows[end, j], "x", color=BLACK, markersize=11, markeredgewidth=2)
        label_point(ax, (end, rows[end, j]), name, color, (10, 0), va="center")
    ax.axhline(0, color=GREY, linewidth=0.8)
    ax.set(xticks=range(q + 1), xlim=(-0.3, q + 0.7))
    ax.set(xlabel="features pruned", ylabel="trained weight $w_j(T)$")
    return ax


def training_curves(times: ArrayLike, weights: ArrayLike, names: Sequence[str]) -> Axes:
    """Absolute weights against training time, on a logarithmic time axis."""
    ax: Axes = new_axes()
    ax.set_xscale("log")
    named_curves(ax, times, dict(zip(names, np.abs(np.asarray(weights)).T, strict=True)))
    ax.set(xlabel="training time $T$", ylabel="absolute weight $|w_j(T)|$")
    return ax


def flow_in_the_plane(curves: Sequence[NDArray[np.float64]], line: NDArray[np.float64]) -> Axes:
    """Paths of gradient flow in R² to a line of solutions; the first path starts at 0."""
    ax: Axes = new_axes(height=4.8)
    ax.plot(*line.T, color=GREY, linewidth=5, alpha=0.5, zorder=0)
    label_point(ax, line[0], "solutions of $\\Phi w = y$", GREY, (8, -4))
    for i, curve in enumerate(curves):
        color = VERMILION if i == 0 else BLUE
        arrow = {"arrowstyle": "-|>", "color": color, "linewidth": 1.8, "shrinkB": 0}
        ax.annotate("", curve[-1], curve[0], arrowprops=arrow)
        ax.plot(*curve[0], "o", color=color, markersize=6)
    label_point(ax, curves[0][0], "start at 0", VERMILION, (-6, -16))
    label_point(ax, curves[0][-1], "minimum norm", VERMILION, (8, 6))
    points = np.vstack([*curves, line])
    left, bottom = points.min(axis=0) - 0.4
    right, top = points.max(axis=0) + 0.4
    ax.set(xlim=(left, right + 2), ylim=(bottom, top), aspect="equal")
    ax.set(xlabel="weight $w_0$", ylabel="weight $w_1$")
    return ax


def two_orders(
    left: Sequence[str], right: Sequence[str], titles: tuple[str, str], highlight: Sequence[str]
) -> Axes:
    """Two orderings of the same names, side by side; a line joins the two places of each name."""
    ax: Axes = new_axes(height=4.6)
    for rank, name in enumerate(left):
        other = list(right).index(name)
        color = VERMILION if name in highlight else GREY
        ax.plot([0, 1], [rank, other], "-o", color=color, markersize=4)
        label_point(ax, (0, rank), name, color, (-8, 0), ha="right", va="center")
        label_point(ax, (1, other), name, color, (8, 0), va="center")
    ax.set_xticks([0, 1], titles)
    ax.set_yticks([0, len(left) - 1], ["pruned first", "kept"])
    ax.set_xlim(-0.35, 1.35)
    ax.invert_yaxis()
    ax.spines[["left", "bottom"]].set_visible(False)
    ax.tick_params(length=0)
    return ax


def fit_by_size(sizes: ArrayLike, curves: Mapping[str, ArrayLike]) -> Axes:
    """R² on the data against the number of features kept, with one curve per method."""
    ax: Axes = new_axes()
    styles = ((BLUE, "-o"), (ORANGE, "--s"), (GREY, ":"))
    for (name, values), (color, style) in zip(curves.items(), styles, strict=False):
        ax.plot(sizes, values, style, color=color, markersize=5, label=name)
    ax.legend(frameon=False, loc="lower right")
    ax.set(xticks=np.asarray(sizes), xlabel="features kept", ylabel="$R^2$ on the data")
    return ax
