"""Figures of the algorithm: weights along a path and during training, and two orders compared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from impbook_figures.style import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    SKY,
    VERMILION,
    label_end,
    new_axes,
)

COLORS = (BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY)


def weight_path(weights: ArrayLike, pruned: Sequence[int], names: Sequence[str]) -> Axes:
    """Each weight against the number of prunings; a cross marks the weight about to be pruned."""
    ax: Axes = new_axes()
    rows = np.asarray(weights)
    q = len(rows) - 1
    last_round = {feature: k for k, feature in enumerate(pruned)}
    ends = {j: rows[last_round.get(j, q), j] for j in range(rows.shape[1])}
    for j, name in enumerate(names):
        end = last_round.get(j, q)
        color = COLORS[j % len(COLORS)]
        ax.plot(range(end + 1), rows[: end + 1, j], "-o", color=color, markersize=5)
        if j in last_round:
            ax.plot(end, ends[j], "x", color=BLACK, markersize=11, markeredgewidth=2)
        ax.annotate(
            name, (end, ends[j]), (10, 0), textcoords="offset points", color=color, va="center"
        )
    ax.axhline(0, color=GREY, linewidth=0.8)
    ax.set(xticks=range(q + 1), xlim=(-0.3, q + 0.7))
    ax.set(xlabel="features pruned, $k$", ylabel="trained weight $w_j^{(k)}(T)$")
    return ax


def training_curves(times: ArrayLike, weights: ArrayLike, names: Sequence[str]) -> Axes:
    """Each weight during training, on a logarithmic axis of time."""
    ax: Axes = new_axes()
    curves = np.asarray(weights)
    for j, name in enumerate(names):
        color = COLORS[j % len(COLORS)]
        ax.semilogx(times, np.abs(curves[:, j]), color=color)
        label_end(ax, np.asarray(times), np.abs(curves[:, j]), name, color)
    ax.set(xlabel="training time $T$", ylabel="absolute weight $|w_j(T)|$")
    return ax


def flow_in_the_plane(curves: Sequence[NDArray[np.float64]], line: NDArray[np.float64]) -> Axes:
    """Paths of gradient flow in R² to a line of solutions; the one from 0 is drawn heavier."""
    ax: Axes = new_axes(height=4.8)
    ax.plot(*line.T, color=GREY, linewidth=5, alpha=0.5, zorder=0)
    ax.annotate(
        "solutions of $\\Phi w = y$", line[0], (8, -4), textcoords="offset points", color=GREY
    )
    for i, curve in enumerate(curves):
        color = VERMILION if i == 0 else BLUE
        ax.annotate(
            "",
            curve[-1],
            curve[0],
            arrowprops={"arrowstyle": "-|>", "color": color, "linewidth": 1.8, "shrinkB": 0},
        )
        ax.plot(*curve[0], "o", color=color, markersize=6)
    ax.annotate("start at 0", curves[0][0], (-6, -16), textcoords="offset points", color=VERMILION)
    ax.annotate("minimum norm", curves[0][-1], (8, 6), textcoords="offset points", color=VERMILION)
    points = np.vstack([*curves, line])
    margin = 0.4
    ax.set_xlim(points[:, 0].min() - margin, points[:, 0].max() + margin + 2)
    ax.set_ylim(points[:, 1].min() - margin, points[:, 1].max() + margin)
    ax.set_aspect("equal")
    ax.set(xlabel="weight $w_0$", ylabel="weight $w_1$")
    return ax


def two_orders(
    left: Sequence[str], right: Sequence[str], titles: tuple[str, str], highlight: Sequence[str]
) -> Axes:
    """Two orders of the same names, side by side, with a line from each name to itself."""
    ax: Axes = new_axes(height=4.6)
    for rank, name in enumerate(left):
        other = list(right).index(name)
        color = VERMILION if name in highlight else GREY
        ax.plot([0, 1], [rank, other], "-o", color=color, markersize=4)
        text: dict[str, Any] = {"textcoords": "offset points", "color": color, "va": "center"}
        ax.annotate(name, (0, rank), (-8, 0), ha="right", **text)
        ax.annotate(name, (1, other), (8, 0), **text)
    ax.set_xticks([0, 1], titles)
    ax.set_yticks([0, len(left) - 1], ["pruned first", "kept"])
    ax.set_xlim(-0.35, 1.35)
    ax.invert_yaxis()
    ax.spines[["left", "bottom"]].set_visible(False)
    ax.tick_params(length=0)
    return ax


def fit_by_size(sizes: ArrayLike, curves: dict[str, Sequence[float]]) -> Axes:
    """Fraction of the variance explained by the features kept, with one curve per method."""
    ax: Axes = new_axes()
    styles = ((BLUE, "-o"), (ORANGE, "--s"), (GREY, ":"))
    for (name, values), (color, style) in zip(curves.items(), styles, strict=False):
        ax.plot(sizes, values, style, color=color, markersize=5, label=name)
    ax.legend(frameon=False, loc="lower right")
    ax.set(xticks=np.asarray(sizes), xlabel="features kept, $p - k$", ylabel="$R^2$ on the data")
    return ax
