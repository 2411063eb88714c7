"""Figures of Definition 4: the cone, signals with their first fit, how often conditions hold."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from mpl_toolkits.mplot3d.art3d import Poly3DCollection
from numpy.typing import ArrayLike

from impbook_figures.style import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    STYLE,
    VERMILION,
    WIDTH,
    banded,
    label_end,
    new_axes,
)


def signal_and_fit(signal: ArrayLike, fits: dict[str, ArrayLike], title: str) -> list[Axes]:
    """A signal and the weights trained on it without noise, with one panel per design."""
    s = np.asarray(signal)
    axes = new_axes(1, len(fits), height=3.2, sharey=True)
    for ax, (name, weights) in zip(axes, fits.items(), strict=True):
        w = np.asarray(weights)
        ax.axhline(0, color=GREY, linewidth=0.8)
        ax.plot(s, "o", markersize=13, markerfacecolor="none", color=GREY)
        for i, (value, color) in enumerate(zip(w, np.where(s != 0, VERMILION, BLUE), strict=True)):
            ax.plot([i, i], [0, value], color=color)
            ax.plot(i, value, "o", color=color, markersize=7)
        ax.set_title(name)
        ax.set(xticks=range(s.size), xlabel="feature $j$", xlim=(-0.6, s.size - 0.4))
    axes[0].set_ylabel("signal $s_j$ (rings), weight $w_j$")
    axes[0].figure.suptitle(title)
    return list(axes)


def cone_and_lines(lines: dict[str, ArrayLike]) -> Axes:
    """The cone C({0}) in the plane, with the edges that span it, and lines through 0."""
    ax: Axes = new_axes(height=4.8)
    for side in (-1, 1):
        ax.fill([0, side, side], [0, 1, -1], color=BLUE, alpha=0.2, linewidth=0)
    for sign, name in ((1, "$e_0 + e_1$"), (-1, "$e_0 - e_1$")):
        ax.annotate("", (0.8, 0.8 * sign), (0, 0), arrowprops={"arrowstyle": "-|>", "color": BLUE})
        ax.annotate(name, (0.8, 0.8 * sign), (6, -4), textcoords="offset points", color=BLUE)
    ax.annotate("$C(S)$", (0.5, 0), ha="center", va="center", color=BLUE, fontsize=13)
    for color, (name, direction) in zip((VERMILION, GREEN), lines.items(), strict=False):
        x, y = np.asarray(direction) / np.abs(direction).max()
        ax.plot([-x, x], [-y, y], color=color)
        ax.annotate(name, (x, y), (4, -12), textcoords="offset points", color=color)
    ax.set(xlim=(-1.1, 1.45), ylim=(-1.15, 1.15), xlabel="$x_0$", ylabel="$x_1$")
    ax.set_aspect("equal")
    return ax


def cones_in_space(lines: list[ArrayLike], title: str) -> list[Axes]:
    """The cones C({0}) and C({0, 1}) in space, each with a line through 0."""
    with plt.rc_context(STYLE):
        figure = plt.figure(figsize=(WIDTH, 3.6), layout="constrained")
    figure.suptitle(title)
    axes = []
    square = np.array([[1, 0], [0, 1], [-1, 0], [0, -1]], dtype=float)
    panels = (
        (0, BLUE, "$C(\\{0\\})$ is the inside"),
        (2, ORANGE, "$C(\\{0, 1\\})$ is the outside"),
    )
    for k, ((axis, color, name), line) in enumerate(zip(panels, lines, strict=True)):
        ax = figure.add_subplot(1, 2, k + 1, projection="3d")
        others = [j for j in range(3) if j != axis]
        for end in (-1.0, 1.0):
            corners = np.full((4, 3), end)
            corners[:, others] = square
            faces = [[np.zeros(3), corners[i], corners[(i + 1) % 4]] for i in range(4)]
            surface = Poly3DCollection(faces, facecolor=color, alpha=0.25, edgecolor=color)
            ax.add_collection3d(surface)
        x = np.asarray(line) / np.abs(line).max()
        ax.plot(*np.array([-x, x]).T, color=GREEN)
        ax.set(xlim=(-1, 1), ylim=(-1, 1), zlim=(-1, 1), xticks=[], yticks=[], zticks=[])
        ax.set_title(name)
        for place, label in ((ax.set_xlabel, 0), (ax.set_ylabel, 1), (ax.set_zlabel, 2)):
            place(f"$x_{label}$", labelpad=-12)
        ax.view_init(elev=18, azim=-58)
        ax.set_box_aspect((1, 1, 1), zoom=1.15)
        axes.append(ax)
    return axes


def properties_by_samples(
    sizes: ArrayLike, curves: dict[str, tuple[ArrayLike, ArrayLike, ArrayLike]]
) -> Axes:
    """How often each property holds, against the number of samples, with exact intervals."""
    ax: Axes = new_axes()
    n = np.asarray(sizes)
    places = ((VERMILION, 0.9, -8, 4), (BLUE, 0.5, 10, -8), (GREEN, 0.5, -20, -60))
    for (color, level, right, up), (name, (rate, low, high)) in zip(
        places, curves.items(), strict=False
    ):
        y = np.asarray(rate)
        banded(ax, n, y, low, high, color)
        m = int(np.argmax(y >= level))
        side = "left" if right > 0 else "right"
        ax.annotate(
            name, (n[m], y[m]), (right, up), textcoords="offset points", color=color, ha=side
        )
    ax.set(ylim=(-0.04, 1.04), xticks=n, xlabel="samples $n$", ylabel="fraction of designs")
    return ax


def fit_by_lean(leans: ArrayLike, curves: dict[str, ArrayLike]) -> Axes:
    """Absolute trained weights against the nullspace constant θ."""
    ax: Axes = new_axes()
    x = np.asarray(leans)
    for color, (name, y) in zip((VERMILION, BLUE), curves.items(), strict=False):
        ax.plot(x, y, color=color)
        label_end(ax, x, np.asarray(y), name, color)
    ax.axvline(1, color=GREY, linewidth=1, linestyle="--")
    ax.set(xlabel="nullspace constant $\\theta$", ylabel="absolute weight $|w_j(\\infty)|$")
    return ax
