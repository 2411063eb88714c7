"""The look of every figure: one width, large type, names at the ends of curves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from impbook_figures.palette import COLORS, GREY

WIDTH = 6.4  # inches; one width for all figures keeps their text the same size

STYLE: dict[Any, Any] = {
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.labelsize": 11,
    "font.size": 10.5,
    "lines.linewidth": 2.0,
    "figure.dpi": 150,
}

Curves = Mapping[str, ArrayLike]
# For each name: rates, and the lower and upper ends of their intervals.
Rates = Mapping[str, tuple[ArrayLike, ArrayLike, ArrayLike]]


def new_axes(rows: int = 1, columns: int = 1, *, height: float = 4.0, **options: Any) -> Any:
    """Start a figure in the book's style; return its Axes, or an array if there are several."""
    with plt.rc_context(STYLE):
        _, axes = plt.subplots(
            rows, columns, figsize=(WIDTH, height), layout="constrained", **options
        )
    return axes


def banded(
    ax: Axes, x: Any, rate: Any, low: Any, high: Any, color: str, name: str | None = None
) -> None:
    """Draw a curve with a dot at each point, and shade the band formed by the intervals."""
    ax.plot(x, rate, "-o", color=color, markersize=4, label=name)
    ax.fill_between(x, low, high, color=color, alpha=0.2, linewidth=0)


def error_bars(ax: Axes, x: Any, rate: Any, low: Any, high: Any, **options: Any) -> None:
    """Draw rates, with their intervals as error bars."""
    ax.errorbar(x, rate, np.abs(np.array([low, high]) - np.asarray(rate)), **options)


def label_point(
    ax: Axes, at: Sequence[Any], text: str, color: str, shift: tuple[float, float], **options: Any
) -> None:
    """Write text near a data point; `shift` moves it right and up, in typographic points."""
    ax.annotate(text, tuple(at), shift, textcoords="offset points", color=color, **options)


def label_end(ax: Axes, x: Any, y: Any, text: str, color: str) -> None:
    """Write a curve's name beside its last point."""
    label_point(ax, (np.asarray(x)[-1], np.asarray(y)[-1]), text, color, (6, 0), va="center")


def label_ends(ax: Axes, x: Any, curves: Curves, least: float, colors: Any = COLORS) -> None:
    """Write the names of several curves beside their last points, with gaps of `least` or more."""
    heights = {name: float(np.asarray(y)[-1]) for name, y in curves.items()}
    color = dict(zip(curves, colors, strict=False))
    floor = float("-inf")
    for name in sorted(heights, key=heights.__getitem__):
        floor = max(heights[name], floor + least)
        label_end(ax, x, [floor], name, color[name])


def label_level(ax: Axes, y: float, text: str, color: str) -> None:
    """Write text at the height y, just outside the right edge of the axes."""
    ax.text(1.01, y, text, transform=ax.get_yaxis_transform(), color=color, va="center")


def named_curves(
    ax: Axes, x: ArrayLike, curves: Curves, colors: Any = COLORS, line: str = "-"
) -> None:
    """Draw curves, and write the name of each beside its last point."""
    for color, (name, y) in zip(colors, curves.items(), strict=False):
        ax.plot(x, y, line, color=color, markersize=4)
        label_end(ax, x, y, name, color)


def named_rates(ax: Axes, x: ArrayLike, curves: Rates, colors: Any = COLORS) -> None:
    """Draw rates with their intervals, and write the name of each curve beside its last point."""
    for color, (rate, low, high) in zip(colors, curves.values(), strict=False):
        banded(ax, x, rate, low, high, color)
    label_ends(ax, x, {name: rate for name, (rate, _, _) in curves.items()}, 0.055, colors)


def promised(ax: Axes, delta: float) -> None:
    """Draw a line at δ, the failure probability that Theorem 5 allows."""
    ax.axhline(delta, color=GREY, linestyle="--", linewidth=1.5)
    label_level(ax, delta, f"promised:\nat most {delta:g}", GREY)


def legend_below(ax: Axes, columns: int) -> None:
    """Put the legend of one panel below all panels."""
    handles, names = ax.get_legend_handles_labels()
    ax.figure.legend(handles, names, loc="outside lower center", ncols=columns, frameon=False)
