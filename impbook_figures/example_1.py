"""Figures of Example 1: weights against alignments, and how often two orders agree."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from impbook_figures.palette import BLUE, GREEN, GREY, VERMILION
from impbook_figures.style import Curves, Rates, label_point, named_rates, new_axes


def weights_against_alignments(alignments: ArrayLike, panels: Curves) -> list[Axes]:
    """Weights n·w_j against alignments a_j, one panel per problem, with the line n·w_j = a_j."""
    axes = new_axes(1, len(panels), height=3.4, sharex=True, sharey=True)
    for ax, a, (title, weights) in zip(axes, np.asarray(alignments), panels.items(), strict=True):
        w = np.asarray(weights)
        first = int(np.argmin(np.abs(w)))
        ax.axline((0, 0), slope=1, color=GREY, linewidth=1)
        ax.plot(a, w, "o", color=BLUE, markersize=6)
        ax.plot(a[first], w[first], "o", color=VERMILION, markersize=9)
        label_point(ax, (a[first], w[first]), "IMP prunes this", VERMILION, (10, -14))
        ax.axvline(0, color=GREY, linewidth=0.6)
        ax.axhline(0, color=GREY, linewidth=0.6)
        ax.set(title=title, xlabel="alignment $a_j$")
    axes[0].set_ylabel("weight $n\\,w_j(\\infty)$")
    return list(axes)


def agreement_by_overlap(overlaps: ArrayLike, curves: Rates) -> Axes:
    """Fraction of problems on which two orders agree, against the largest overlap δ_PW."""
    ax: Axes = new_axes()
    named_rates(ax, overlaps, curves, (BLUE, GREEN, VERMILION))
    ax.set(xscale="log", xlabel="largest overlap $\\delta_{PW}$ between two features")
    ax.set(ylim=(-0.03, 1.03), ylabel="fraction of problems that agree")
    return ax


def kept_images(images: Curves) -> list[Axes]:
    """Greyscale images side by side, each under its title."""
    axes = new_axes(1, len(images), height=2.0)
    for ax, (title, image) in zip(axes, images.items(), strict=True):
        ax.imshow(image, cmap="gray_r", vmin=0, vmax=16)
        ax.set(title=title, xticks=[], yticks=[])
        ax.spines[:].set_visible(True)
    return list(axes)
