"""The look of every figure: one palette, one width, large type, labels at the ends of curves."""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt
from matplotlib.axes import Axes

# Okabe and Ito's palette, which people with any common colour blindness can tell apart.
BLUE, ORANGE, GREEN, VERMILION = "#0072B2", "#E69F00", "#009E73", "#D55E00"
PURPLE, SKY, GREY, BLACK = "#CC79A7", "#56B4E9", "#767676", "#000000"

WIDTH = 6.4  # inches; one width for all figures keeps their text the same size

STYLE: dict[Any, Any] = {
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.labelsize": 11,
    "font.size": 10.5,
    "lines.linewidth": 2.0,
    "figure.dpi": 150,
}


def new_axes(rows: int = 1, columns: int = 1, *, height: float = 4.0, **options: Any) -> Any:
    """Axes of a new figure in the book's style: one, or an array of rows × columns."""
    with plt.rc_context(STYLE):
        _, axes = plt.subplots(
            rows, columns, figsize=(WIDTH, height), layout="constrained", **options
        )
    return axes


def banded(
    ax: Axes, x: Any, rate: Any, low: Any, high: Any, color: str, name: str | None = None
) -> None:
    """Draw a curve with dots, and the band of its intervals."""
    ax.plot(x, rate, "-o", color=color, markersize=4, label=name)
    ax.fill_between(x, low, high, color=color, alpha=0.2, linewidth=0)


def label_end(ax: Axes, x: Any, y: Any, text: str, color: str) -> None:
    """Write a curve's name beside its last point."""
    ax.annotate(text, (x[-1], y[-1]), (6, 0), textcoords="offset points", color=color, va="center")


def legend_below(ax: Axes, columns: int) -> None:
    """Put the legend of one panel below all panels."""
    handles, names = ax.get_legend_handles_labels()
    ax.figure.legend(handles, names, loc="outside lower center", ncols=columns, frameon=False)


def label_ends(ax: Axes, x: Any, curves: dict[str, Any], colors: Any, least: float) -> None:
    """Write the names of several curves beside their last points, at least `least` apart."""
    heights = {name: float(y[-1]) for name, y in curves.items()}
    color = dict(zip(curves, colors, strict=False))
    floor = float("-inf")
    for name in sorted(heights, key=heights.__getitem__):
        floor = max(heights[name], floor + least)
        label_end(ax, x, [floor], name, color[name])
