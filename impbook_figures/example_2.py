"""Figures of Example 2: the sliding centre, the slip in the inverse, agreement and its cost."""

from __future__ import annotations

from collections.abc import Sequence

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
    VERMILION,
    banded,
    label_end,
    label_ends,
    new_axes,
)

COLORS = (BLUE, VERMILION, GREEN, PURPLE, ORANGE)
Curve = tuple[ArrayLike, ArrayLike]


def sliding_centre(a: ArrayLike, centres: ArrayLike, labels: Sequence[str]) -> Axes:
    """Alignments on one line per centre; the nearest to it is filled, the nearest to 0 ringed."""
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


def inverse_slip(alphas: ArrayLike, errors: dict[str, ArrayLike]) -> Axes:
    """Error of the printed inverse, equal in all entries, against α, with one curve per p."""
    ax: Axes = new_axes()
    for color, (name, error) in zip(COLORS, errors.items(), strict=False):
        ax.semilogy(alphas, error, color=color)
        label_end(ax, np.asarray(alphas), np.asarray(error), name, color)
    ax.set(xlabel="correlation $\\alpha$", ylabel="error of every entry")
    return ax


def agreement_maps(
    alphas: ArrayLike, sizes: ArrayLike, panels: dict[str, ArrayLike], colorbar: str = "agreement"
) -> list[Axes]:
    """Agreement as colour over α and p, one map per panel, with two guide lines."""
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
    for ax in grid[:, 0]:
        ax.set_ylabel("features $p$")
    for ax in grid[1]:
        ax.set_xlabel("correlation $\\alpha$")
    bar = grid[0, 0].figure.colorbar(mesh, ax=grid, location="bottom", shrink=0.6, aspect=30)
    bar.set_label(colorbar)
    return list(grid.flat)


def agreement_near_one(
    distances: ArrayLike,
    curves: dict[str, tuple[ArrayLike, ArrayLike, ArrayLike]],
    limits: Sequence[float],
) -> Axes:
    """Agreement against 1 − α, which decreases to the right, with exact intervals and limits."""
    ax: Axes = new_axes()
    ax.set_xscale("log")
    x = np.asarray(distances)
    ax.hlines(limits, x[-1], x[0], color=GREY, linestyle=":", linewidth=1.2)
    for color, (rate, low, high) in zip(COLORS, curves.values(), strict=False):
        banded(ax, x, rate, low, high, color)
    label_ends(ax, x, {name: rate for name, (rate, _, _) in curves.items()}, COLORS, 0.055)
    ax.invert_xaxis()
    ax.set(xlabel="$1 - \\alpha$", ylabel="fraction with the same first pruning")
    ax.set_ylim(-0.03, 1.05)
    return ax


def removal_costs(
    distances: ArrayLike, panels: dict[str, tuple[ArrayLike, ArrayLike, ArrayLike]]
) -> list[Axes]:
    """Removal cost of each feature against 1 − α, with the features that two rules choose."""
    axes = new_axes(1, len(panels), height=3.6, sharex=True, sharey=True)
    x = np.asarray(distances)
    for ax, (title, (costs, by_imp, by_alignment)) in zip(axes, panels.items(), strict=True):
        rows = np.arange(x.size)
        table = np.asarray(costs)
        ax.loglog(x, table, color=GREY, linewidth=1)
        for name, chosen, color, line in (
            ("alignment", by_alignment, BLUE, "--"),
            ("IMP", by_imp, VERMILION, "-"),
        ):
            cost = table[rows, np.asarray(chosen)]
            ax.plot(x, cost, line, color=color, linewidth=2.5)
            label_end(ax, x, cost, name, color)
        ax.set(title=title, xlabel="$1 - \\alpha$")
    axes[0].invert_xaxis()
    axes[0].set_ylabel("loss added ÷ loss explained")
    return list(axes)


def hole(a: ArrayLike, pruned: ArrayLike, centres: ArrayLike) -> Axes:
    """Alignments that remain after each pruning step, and the centre between them."""
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
    label_end(ax, range(order.size), np.asarray(centres), "centre", BLUE)
    ax.set(xlabel="features pruned so far", ylabel="alignment $a_i$")
    ax.set_xlim(-0.5, order.size + 1.0)
    return ax


def agreement_and_limit(
    limit: Curve,
    rule: Curve,
    points: dict[str, tuple[ArrayLike, ArrayLike, ArrayLike, ArrayLike]],
    xlabel: str,
) -> Axes:
    """Frequencies of agreement with exact intervals, drawn over the limit and a rule of thumb."""
    ax: Axes = new_axes(height=4.2)
    ax.set_xscale("log")
    ax.plot(*limit, color=BLACK, label="limit")
    ax.plot(*rule, "--", color=GREY, linewidth=1.5, label="rule of thumb")
    for color, marker, (name, (x, rate, low, high)) in zip(
        (BLUE, VERMILION, GREEN, ORANGE), "osD^", points.items(), strict=False
    ):
        ends = np.abs(np.array([low, high]) - np.asarray(rate))
        ax.errorbar(x, rate, ends, fmt=marker, color=color, markersize=5, alpha=0.8, label=name)
    ax.legend(frameon=False)
    ax.set(xlabel=xlabel, ylabel="fraction with the same first pruning", ylim=(-0.03, 1.05))
    return ax


def _edges(centres: ArrayLike) -> NDArray[np.float64]:
    """Cell edges halfway between centres on a logarithmic axis."""
    logs = np.log(centres)
    half = np.diff(logs)[:1] / 2
    return np.exp(np.concatenate([logs[:1] - half, logs + half]))
