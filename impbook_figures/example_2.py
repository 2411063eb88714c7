"""Figures of Example 2: IMP's centre; the misprint; agreement with alignment; removal costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from impbook_figures.palette import BLACK, BLUE, GREEN, GREY, ORANGE, VERMILION
from impbook_figures.style import (
    Curves,
    Rates,
    error_bars,
    label_end,
    named_curves,
    named_rates,
    new_axes,
)


def sliding_centre(a: ArrayLike, centres: ArrayLike, labels: Sequence[str]) -> Axes:
    """Alignments as dots, with one row for each position of the centre.

    The dot nearest to the centre is filled; the dot nearest to 0 has a ring around it.
    """
    ax: Axes = new_axes(height=3.8)
    values, aims = np.asarray(a), np.asarray(centres)
    rows = -np.arange(len(aims), dtype=float)
    smallest = values[np.argmin(np.abs(values))]
    ax.axvline(0, color=GREY, linewidth=0.8)
    ax.plot(np.full(2, values.mean()), [0.45, rows[-1] - 0.45], ":", color=GREY, linewidth=1.2)
    ax.annotate("mean", (float(values.mean()), 0.5), color=GREY, ha="center", va="bottom")
    for row, aim in zip(rows, aims, strict=True):
        nearest = values[np.argmin(np.abs(values - aim))]
        ax.plot(values, np.full(values.size, row), "o", color="white", mec=BLACK, markersize=8)
        ax.plot(nearest, row, "o", color=VERMILION, mec=BLACK, markersize=8)
        ax.plot(smallest, row, "o", color="none", mec=BLUE, mew=2, markersize=13)
        ax.plot(aim, row, "|", color=VERMILION, markersize=24, markeredgewidth=2.5)
    ax.plot(aims, rows, color=VERMILION, linewidth=1, alpha=0.6, zorder=0)
    ax.annotate("centre", (aims[0], 0.5), color=VERMILION, ha="right", va="bottom")
    ax.set(yticks=rows, yticklabels=labels, ylim=(rows[-1] - 0.6, 0.95), xlabel="alignment $a_i$")
    ax.spines["left"].set_visible(False)
    ax.tick_params(left=False)
    return ax


def inverse_slip(alphas: ArrayLike, errors: Curves) -> Axes:
    """Error of the paper's formula for the inverse of Σ, against α for several p.

    All entries of the inverse have the same error.
    """
    ax: Axes = new_axes()
    named_curves(ax, alphas, errors)
    ax.set(yscale="log", xlabel="correlation $\\alpha$", ylabel="error of every entry")
    return ax


def agreement_maps(alphas: ArrayLike, sizes: ArrayLike, panels: Curves) -> list[Axes]:
    """IMP's agreement with alignment, shown as a colour at each α and p.

    A solid line marks αp = 1, and a dashed line αp^1.5 = 1.
    """
    grid = new_axes(2, 2, height=6.4, sharex=True, sharey=True)
    guide = np.geomspace(np.min(sizes), np.max(sizes), 50)
    for ax, (title, values) in zip(grid.flat, panels.items(), strict=True):
        mesh = ax.pcolormesh(_edges(alphas), _edges(sizes), values, cmap="cividis", vmin=0, vmax=1)
        ax.set(xscale="log", yscale="log", title=title)
        for x, style in ((guide**-1.5, "--"), (1 / guide, "-")):
            ax.plot(x, guide, "-", color="white", linewidth=3)
            ax.plot(x, guide, style, color="black", linewidth=1.5)
    grid[0, 0].annotate("$\\alpha p = 1$", (0.016, 105), color="white")
    grid[0, 0].annotate("$\\alpha p^{3/2} = 1$", (0.01, 9), color="black", ha="right")
    plt.setp(grid[:, 0], ylabel="features $p$")
    plt.setp(grid[1], xlabel="correlation $\\alpha$")
    place = {"location": "bottom", "shrink": 0.6, "aspect": 30}
    grid[0, 0].figure.colorbar(mesh, ax=grid, label="agreement", **place)
    return list(grid.flat)


def agreement_near_one(distances: ArrayLike, curves: Rates, limits: Sequence[float]) -> Axes:
    """How often IMP and alignment prune the same feature first, against 1 − α.

    Dotted lines mark the limits as α tends to 1.
    """
    ax: Axes = new_axes()
    x = np.asarray(distances)
    ax.hlines(limits, x[-1], x[0], color=GREY, linestyle=":", linewidth=1.2)
    named_rates(ax, x, curves)
    ax.set(xscale="log", xlabel="$1 - \\alpha$")
    ax.set(ylim=(-0.03, 1.05), ylabel="fraction with the same first pruning")
    ax.invert_xaxis()
    return ax


def removal_costs(
    distances: ArrayLike, panels: dict[str, tuple[ArrayLike, ArrayLike, ArrayLike]]
) -> list[Axes]:
    """Removal cost of each feature against 1 − α; thick lines mark what IMP and alignment prune."""
    axes = new_axes(1, len(panels), height=3.6, sharex=True, sharey=True)
    x = np.asarray(distances)
    for ax, (title, (costs, by_imp, by_alignment)) in zip(axes, panels.items(), strict=True):
        table = np.asarray(costs)
        ax.loglog(x, table, color=GREY, linewidth=1)
        for name, chosen, color, line in (
            ("alignment", by_alignment, BLUE, "--"),
            ("IMP", by_imp, VERMILION, "-"),
        ):
            cost = table[np.arange(x.size), np.asarray(chosen)]
            ax.plot(x, cost, line, color=color, linewidth=2.5)
            label_end(ax, x, cost, name, color)
        ax.set(title=title, xlabel="$1 - \\alpha$")
    axes[0].invert_xaxis()
    axes[0].set_ylabel("loss added ÷ loss explained")
    return list(axes)


def hole(a: ArrayLike, pruned: ArrayLike, centres: ArrayLike) -> Axes:
    """Alignments of the remaining features, and IMP's centre, after each pruning step."""
    ax: Axes = new_axes()
    values, order = np.asarray(a), np.asarray(pruned)
    for k in range(order.size):
        left = np.delete(values, order[:k])
        gone = values[order[:k]]
        if k:
            ax.vlines(k, gone.min(), gone.max(), color=ORANGE, linewidth=9, alpha=0.35)
        ax.plot(np.full(left.size, k), left, "o", color="white", mec=BLACK, markersize=5.5)
        ax.plot(k, values[order[k]], "o", color=VERMILION, mec=BLACK, markersize=7)
    ax.plot(range(order.size), centres, "-", color=BLUE, linewidth=2)
    label_end(ax, range(order.size), centres, "centre", BLUE)
    ax.set(xlabel="features pruned so far", ylabel="alignment $a_i$")
    ax.set_xlim(-0.5, order.size + 1.0)
    return ax


def agreement_and_limit(
    limit: tuple[ArrayLike, ArrayLike],
    rule: tuple[ArrayLike, ArrayLike],
    points: Mapping[str, tuple[ArrayLike, ArrayLike, ArrayLike, ArrayLike]],
    xlabel: str,
) -> Axes:
    """How often two orders begin with the same feature.

    A solid curve shows the limit for large p, and a dashed one the rule of thumb.
    """
    ax: Axes = new_axes(height=4.2)
    ax.set_xscale("log")
    ax.plot(*limit, color=BLACK, label="limit")
    ax.plot(*rule, "--", color=GREY, linewidth=1.5, label="rule of thumb")
    for color, marker, (name, rates) in zip(
        (BLUE, VERMILION, GREEN, ORANGE), "osD^", points.items(), strict=False
    ):
        error_bars(ax, *rates, fmt=marker, color=color, markersize=5, alpha=0.8, label=name)
    ax.legend(frameon=False)
    ax.set(xlabel=xlabel, ylabel="fraction with the same first pruning", ylim=(-0.03, 1.05))
    return ax


def _edges(centres: ArrayLike) -> NDArray[np.float64]:
    """Edges of cells, given their centres, which are evenly spaced on a logarithmic axis."""
    logs = np.log(centres)
    half = np.diff(logs)[:1] / 2
    return np.exp(np.concatenate([logs[:1] - half, logs + half]))
