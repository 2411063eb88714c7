"""Figures of the engine: which entries of its matrices it uses, and the effect of rounding."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from numpy.typing import ArrayLike

from impbook_figures.palette import BLUE, GREEN, GREY, SKY, VERMILION
from impbook_figures.style import Curves, named_curves, new_axes

NOTHING, IDLE, READ, WRITTEN = range(4)
COLORS = ("white", "#DDDDDD", SKY, VERMILION)


def updates(pruned: ArrayLike, p: int, block: int) -> Any:
    """Which entries of the engine's matrices K and V are read or written.

    The panels show one pruning step, the end of a block of steps, and the moment when K shrinks.
    """
    order = np.asarray(pruned)[:block]
    lower = np.tri(p, dtype=bool)

    last, j = block - 2, int(order[block - 2])
    one = np.where(lower, IDLE, NOTHING)
    one[j, : j + 1] = one[j:, j] = READ
    waiting = np.full((p, block), NOTHING)
    waiting[:, :last], waiting[:, last] = READ, WRITTEN

    all_of_it = np.where(lower, WRITTEN, NOTHING)
    full = np.full((p, block), READ)

    left = p - order.size
    swept = np.full((p, p), NOTHING)
    swept[:left, :left] = all_of_it[:left, :left]
    empty = np.full((p, block), NOTHING)
    empty[:left] = IDLE

    axes = new_axes(2, 2, height=5.8).ravel()
    moments = (
        ("Each pruning: one column", one, waiting),
        ("Each block: K − VVᵀ", all_of_it, full),
        ("After a fifth is pruned: smaller K", swept, empty),
    )
    for ax, (title, matrix, panel) in zip(axes, moments, strict=False):
        _draw(ax, matrix, panel)
        ax.set_title(title)
    for color, name in zip(COLORS[1:], ("not touched", "read", "written"), strict=True):
        axes[3].plot([], [], "s", color=color, label=name)
    axes[3].legend(loc="upper left", frameon=False)
    axes[3].axis("off")
    notes = (
        (0, 0.34 * p, 0.08 * p, "read: column j of K,\nhalf of it as row j;\nand V so far", BLUE),
        (0, p + 2, p + 1.2, "written:\na column of V", VERMILION),
        (1, 0, p + 1.2, "written: the triangle of K,\nin one product of matrices", VERMILION),
        (2, 0, left + 1.2, "copied without the rows\nof pruned features", VERMILION),
    )
    for panel_number, x, y, text, color in notes:
        axes[panel_number].text(x, y, text, color=color, va="top")
    return axes


def _draw(ax: Axes, matrix: Any, panel: Any) -> None:
    p, block = panel.shape
    gap = np.full((p, 2), NOTHING)
    cells = np.hstack((matrix, gap, panel))
    colors = ListedColormap(COLORS)
    ax.pcolormesh(cells, cmap=colors, vmin=NOTHING, vmax=WRITTEN, edgecolors="white", linewidth=0.6)
    ax.set(aspect="equal", xlim=(-0.5, p + block + 3), ylim=(p + 5, -2.5))
    ax.axis("off")
    ax.text(0, -0.7, "K", color=GREY)
    ax.text(p + 2, -0.7, "V", color=GREY)


def accuracy(cond: ArrayLike, errors: Curves) -> Axes:
    """Relative distance of each method's weights from a refit's, against the condition number."""
    ax: Axes = new_axes()
    x = np.asarray(cond)
    ax.set(xscale="log", yscale="log")
    named_curves(ax, x, errors, (VERMILION, BLUE, GREEN), "-o")
    ax.set(xlabel="condition number of Φ", ylabel="distance from refitting, relative")
    ax.margins(x=0.02)
    ax.set_xlim(right=x[-1] * (x[-1] / x[0]) ** 0.16)
    return ax
