"""Figures of features in the wild: spectra, features kept, errors on new rows, the case p = n."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from impbook_figures.palette import BLACK, BLUE, GREEN, GREY, PURPLE, SKY, VERMILION
from impbook_figures.style import (
    Curves,
    banded,
    label_end,
    label_ends,
    label_point,
    legend_below,
    new_axes,
)

COLORS = (BLUE, GREEN, PURPLE, VERMILION)
METHODS = {  # in the order in which they are drawn
    "random": (GREY, ":"),
    "Lasso": (PURPLE, "-"),
    "alignment": (SKY, "-"),
    "price": (GREEN, "-"),
    "IMP": (VERMILION, "-"),
}


def spectra(eigenvalues: Curves) -> Axes:
    """Eigenvalues of Σ in decreasing order, against their rank as a fraction of p."""
    ax: Axes = new_axes()
    ends = {}
    for color, (name, values) in zip(COLORS, eigenvalues.items(), strict=True):
        size = np.sort(np.asarray(values))[::-1]
        fraction = np.arange(1, size.size + 1) / size.size
        ax.semilogy(fraction, size, ".-", color=color, markersize=4, linewidth=1.5)
        ends[name] = float(size[-1]), color
    height = 0.0
    for name, (end, color) in sorted(ends.items(), key=lambda item: item[1]):
        height = max(end, 2.2 * height)
        label_end(ax, [1], [height], name, color)
    ax.axhline(1, color=GREY, linewidth=1, linestyle="--")
    ax.set(xlabel="fraction of the eigenvalues", ylabel="eigenvalue of $\\Sigma$", xlim=(0, 1.3))
    ax.set_xticks([0, 0.25, 0.5, 0.75, 1])
    return ax


def shared_survivors(fractions: Curves) -> Axes:
    """Fraction of IMP's features that alignment keeps too.

    The horizontal axis gives the fraction of all features that IMP and alignment each keep.
    """
    ax: Axes = new_axes()
    ax.plot([0, 1], [0, 1], "--", color=GREY, linewidth=1)
    label_point(ax, (0.3, 0.3), "chance", GREY, (4, -12))
    for color, (name, fraction) in zip(COLORS, fractions.items(), strict=True):
        both = np.asarray(fraction)
        kept = np.arange(1, both.size + 1) / both.size
        ax.plot(kept, both, "-", color=color, linewidth=1.8, label=name)
    legend_below(ax, 4)
    ax.set(xlabel="fraction of features kept", ylabel="of these, kept by alignment too")
    ax.set(xlim=(0, 1), ylim=(0, 1.03))
    return ax


def errors_by_size(errors: Mapping[str, Curves], *, titles: Sequence[str]) -> list[Axes]:
    """Error on new rows against the number of features kept; bands show standard errors."""
    axes = new_axes(2, 2, height=6.4)
    for ax, title, methods in zip(axes.flat, titles, errors.values(), strict=True):
        for method, (color, style) in METHODS.items():
            mean, low, high = _standard_error(methods[method])
            kept = np.arange(1, mean.size + 1)
            ax.plot(kept, mean, style, color=color, linewidth=1.8, label=method)
            ax.fill_between(kept, low, high, color=color, alpha=0.2, linewidth=0)
        ax.set(xscale="log", title=title, ylim=(0.2, 1.02))
        ax.set_xticks([1, 2, 5, 10, 20, 50, 100])
        _plain_numbers(ax)
        ax.set_xlim(1, kept[-1])
    legend_below(axes[0, 0], len(METHODS))
    plt.setp(axes[1], xlabel="features kept")
    plt.setp(axes[:, 0], ylabel="error on new rows")
    return list(axes.flat)


def errors_by_time(times: ArrayLike, errors: Curves) -> Axes:
    """Error on new rows with the features that IMP keeps, against the training time per round."""
    ax: Axes = new_axes()
    x = np.asarray(times)
    curves = {name: _standard_error(runs) for name, runs in errors.items()}
    for color, (mean, low, high) in zip((BLUE, VERMILION), curves.values(), strict=True):
        banded(ax, x, mean, low, high, color)
    label_ends(ax, x, {name: mean for name, (mean, _, _) in curves.items()}, least=0.03)
    ax.set(xscale="log", xlim=(x[0] / 1.5, x[-1] * 60))
    ax.set(xlabel="training time $T$ of each round", ylabel="error on new rows")
    return ax


def around_square(
    p: ArrayLike, n: int, smallest: Curves, lost: tuple[ArrayLike, ArrayLike, ArrayLike]
) -> list[Axes]:
    """Smallest non-zero eigenvalue with its limit, and how often a signal is lost, against p."""
    x = np.asarray(p)
    above, below = new_axes(2, 1, height=6.0, sharex=True)
    for color, marker, (name, values) in zip((GREEN, BLUE), "os", smallest.items(), strict=True):
        above.semilogy(x, values, marker, color=color, markersize=5)
        label_end(above, x, values, name, color)
    fine = np.geomspace(x[0], x[-1], 500)
    above.semilogy(fine, (1 - np.sqrt(fine / n)) ** 2, color=GREY, linewidth=1, zorder=0)
    above.text(x[0], 0.9, "$(1 - \\sqrt{p/n})^2$", color=GREY)
    above.set(ylabel="$\\lambda_{\\min}^{\\neq 0}$", ylim=(1e-6, 3))
    banded(below, x, *lost, color=VERMILION)
    below.set(xlabel="features $p$", ylabel="runs that lose a signal", ylim=(-0.03, 1))
    below.set(xscale="log", xlim=(x[0] / 1.1, 2.5 * x[-1]))
    _plain_numbers(below)
    for ax in (above, below):
        ax.axvline(n, color=BLACK, linewidth=1, linestyle="--")
    label_point(below, (n, 0.9), "$p = n$", BLACK, (6, 0))
    return [above, below]


def _standard_error(runs: ArrayLike) -> Any:
    """Mean over the rows of `runs`, and this mean minus and plus one standard error."""
    values = np.asarray(runs)
    mean = values.mean(axis=0)
    error = values.std(axis=0, ddof=1) / np.sqrt(len(values))
    return mean, mean - error, mean + error


def _plain_numbers(ax: Axes) -> None:
    """On a logarithmic axis, write the tick labels as 10 and 100, not as 10¹ and 10²."""
    ax.xaxis.set_major_formatter("{x:g}")
    ax.xaxis.set_minor_formatter("")
