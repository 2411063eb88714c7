"""Figures of Definition 4: the cone, signals with their first fits, how often conditions hold."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from mpl_toolkits.mplot3d.art3d import Poly3DCollection
from numpy.typing import ArrayLike

from impbook_figures.palette import BLUE, GREEN, GREY, ORANGE, VERMILION
from impbook_figures.style import (
    STYLE,
    WIDTH,
    Curves,
    Rates,
    banded,
    label_point,
    named_curves,
    new_axes,
)


def signal_and_fit(signal: ArrayLike, fits: Curves, title: str) -> list[Axes]:
    """A signal, and the weights trained on noiseless targets made from it; one panel per design."""
    s = np.asarray(signal)
    axes = new_axes(1, len(fits), height=3.2, sharey=True)
    for ax, (name, weights) in zip(axes, fits.items(), strict=True):
        ax.axhline(0, color=GREY, linewidth=0.8)
        ax.plot(s, "o", markersize=13, markerfacecolor="none", color=GREY)
        for i, value in enumerate(np.asarray(weights)):
            color = VERMILION if s[i] != 0 else BLUE
            ax.plot([i, i], [0, value], color=color)
            ax.plot(i, value, "o", color=color, markersize=7)
        ax.set(title=name, xticks=range(s.size), xlabel="feature $j$", xlim=(-0.6, s.size - 0.4))
    axes[0].set_ylabel("signal $s_j$ (rings), weight $w_j$")
    axes[0].figure.suptitle(title)
    return list(axes)


def cone_and_lines(lines: Curves) -> Axes:
    """The cone C({0}) in the plane, with the edges that span it, and lines through 0."""
    ax: Axes = new_axes(height=4.8)
    for side in (-1, 1):
        ax.fill([0, side, side], [0, 1, -1], color=BLUE, alpha=0.2, linewidth=0)
    for end, name in (((0.8, 0.8), "$e_0 + e_1$"), ((0.8, -0.8), "$e_0 - e_1$")):
        ax.annotate("", end, (0, 0), arrowprops={"arrowstyle": "-|>", "color": BLUE})
        label_point(ax, end, name, BLUE, (6, -4))
    ax.annotate("$C(S)$", (0.5, 0), ha="center", va="center", color=BLUE, fontsize=13)
    for color, (name, direction) in zip((VERMILION, GREEN), lines.items(), strict=False):
        end = np.asarray(direction) / np.abs(direction).max()
        ax.plot(*np.array([-end, end]).T, color=color)
        label_point(ax, end, name, color, (4, -12))
    ax.set(xlim=(-1.1, 1.45), ylim=(-1.15, 1.15), xlabel="$x_0$", ylabel="$x_1$", aspect="equal")
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
        for end in (-1.0, 1.0):
            corners = np.insert(square, axis, end, axis=1)
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


def properties_by_samples(sizes: ArrayLike, curves: Rates) -> Axes:
    """How often each property holds, against the number of samples; bands show exact intervals."""
    ax: Axes = new_axes()
    n = np.asarray(sizes)
    places = (
        (VERMILION, 0.9, (-8, 4), "right"),
        (BLUE, 0.5, (10, -8), "left"),
        (GREEN, 0.5, (-20, -60), "right"),
    )
    for (color, level, shift, side), (name, (rate, low, high)) in zip(
        places, curves.items(), strict=False
    ):
        y = np.asarray(rate)
        m = int(np.argmax(y >= level))
        banded(ax, n, y, low, high, color)
        label_point(ax, (n[m], y[m]), name, color, shift, ha=side)
    ax.set(ylim=(-0.04, 1.04), xticks=n, xlabel="samples $n$", ylabel="fraction of designs")
    return ax


def fit_by_lean(leans: ArrayLike, curves: Curves) -> Axes:
    """Absolute trained weights against the nullspace constant θ."""
    ax: Axes = new_axes()
    named_curves(ax, leans, curves, (VERMILION, BLUE))
    ax.axvline(1, color=GREY, linewidth=1, linestyle="--")
    ax.set(xlabel="nullspace constant $\\theta$", ylabel="absolute weight $|w_j(\\infty)|$")
    return ax
