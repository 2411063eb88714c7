"""Figures of the repairs: where a signal is lost, required sample sizes, and open questions."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Circle, Rectangle
from numpy.typing import ArrayLike

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
    legend_below,
    new_axes,
)

MARKERS = {
    "reflection": (BLUE, "o"),
    "uncorrelated": (GREEN, "D"),
    "interpolated": (PURPLE, "s"),
    "incoherent": (ORANGE, "^"),
    "bounded inverse": (SKY, "v"),
}


def losing_region() -> list[Axes]:
    """Weights that lose the signal, and a box and disc that avoid them; largest safe ball by m."""
    cone, growth = new_axes(1, 2, height=3.6, width_ratios=[1.3, 1])
    edge = np.linspace(-0.35, 2.15, 51)  # contains 0, the tip of the cone
    cone.fill_between(edge, np.abs(edge), 1.3, color=VERMILION, alpha=0.15, linewidth=0)
    cone.fill_between(edge, -1.3, -np.abs(edge), color=VERMILION, alpha=0.15, linewidth=0)
    cone.axline((0, 0), slope=1, color=VERMILION, linewidth=1)
    cone.axline((0, 0), slope=-1, color=VERMILION, linewidth=1)
    cone.add_patch(Circle((1, 0), np.sqrt(0.5), fill=False, edgecolor=BLUE, linewidth=2))
    cone.add_patch(Rectangle((0.5, -0.5), 1, 1, fill=False, edgecolor=GREEN, linewidth=2))
    cone.plot(1, 0, "o", color=BLACK)
    cone.annotate("$s = (\\gamma, 0)$", (1, 0), (0, -16), textcoords="offset points", ha="center")
    cone.text(1.62, 0.62, "disc: $\\gamma$/√2", color=BLUE)
    cone.text(1.0, 0.3, "box: $\\gamma/2$", color=GREEN, ha="center")
    cone.text(0.0, 1.05, "signal lost", color=VERMILION, ha="center")
    cone.text(0.0, -1.12, "signal lost", color=VERMILION, ha="center")
    cone.set(xlim=(-0.35, 2.15), ylim=(-1.3, 1.3), aspect="equal")
    cone.set(xlabel="weight of the signal, in $\\gamma$", ylabel="weight of a null, in $\\gamma$")
    m = np.arange(1, 21)
    growth.plot(m, np.sqrt(m / (m + 1)), "o-", color=BLUE, markersize=4)
    growth.axhline(1, color=GREY, linewidth=1, linestyle="--")
    growth.set(
        ylim=(0.65, 1.03), xlabel="nulls left, $m$", ylabel="radius of the ball, in $\\gamma$"
    )
    growth.set_xticks([1, 5, 10, 15, 20])
    return [cone, growth]


def worst_failures(p: ArrayLike, curves: dict[str, ArrayLike], delta: float, *, title: str) -> Axes:
    """Bounds on the failure of Theorem 5 with large signals at its own n, against δ."""
    ax: Axes = new_axes()
    x = np.asarray(p)
    for color, (name, bound) in zip((VERMILION, BLUE), curves.items(), strict=False):
        y = np.asarray(bound)
        ax.semilogy(x, y, "o-", color=color, markersize=3.5)
        last = x[y <= delta][-1]
        ax.annotate(
            f"$p = {last}$",
            (last, delta),
            (10, -20 if color == BLUE else 14),
            textcoords="offset points",
            color=color,
            ha="left" if color == BLUE else "right",
            arrowprops={"arrowstyle": "-", "color": color},
        )
        label_end(ax, x, y, name, color)
    ax.axhline(delta, color=GREY, linewidth=1, linestyle="--")
    ax.annotate(f"$\\delta = {delta:g}$", (x[0], delta), (0, 4), textcoords="offset points")
    ax.set(xlabel="features $p$", ylabel="bound on P(a signal is lost)")
    ax.set_title(title, loc="left")
    return ax


def required_against_empirical(
    asked: dict[str, dict[str, float]],
    needed: dict[str, float],
    *,
    limit: float = 200.0,
    title: str,
) -> Axes:
    """Sample size over the printed one, by design and version; a star marks the size needed."""
    ax: Axes = new_axes(height=0.52 * len(asked) + 1.9)
    height = np.arange(len(asked))[::-1]
    printed = np.array([sizes["printed"] for sizes in asked.values()])
    star = np.array([needed[name] for name in asked]) / printed
    for y, true in zip(height, star, strict=True):
        color = BLACK if true <= 1 else VERMILION
        ax.hlines(y, min(true, 1), max(true, 1), color=color, linewidth=5, alpha=0.18)
    for shift, (name, (color, marker)) in enumerate(MARKERS.items()):
        place = height + 0.11 * (shift - (len(MARKERS) - 1) / 2)
        x = np.array([sizes.get(name, np.nan) for sizes in asked.values()]) / printed
        ax.plot(np.where(x < limit, x, np.nan), place, marker, color=color, ms=6.5, label=name)
        ax.plot(np.where(x < limit, np.nan, 0 * x + limit), place, ">", color=color, ms=6.5)
    ax.plot(star, height, "*", color=BLACK, markersize=12, label="actually needed")
    ax.axvline(1, color=GREY, linewidth=1.5)
    ax.annotate("printed", (1, len(asked) - 0.45), (4, 0), textcoords="offset points", color=GREY)
    ax.set(xscale="log", xlim=(None, 1.15 * limit), ylim=(-0.6, len(asked) - 0.1))
    ax.xaxis.set_major_formatter("{x:g}")
    ax.set_yticks(height, list(asked))
    ax.tick_params(axis="y", length=0)
    ax.set_xlabel("sample size, as a multiple of the printed one")
    legend_below(ax, 3)
    ax.set_title(title, loc="left")
    return ax


def required_by_coupling(
    mu: ArrayLike, asked: ArrayLike, levels: dict[str, float], *, title: str
) -> Axes:
    """Sample size that the interpolation theorem requires, against μ, with others to compare."""
    ax: Axes = new_axes(height=3.6)
    x, y = np.asarray(mu), np.asarray(asked)
    for color, (name, level) in zip((GREY, BLUE), levels.items(), strict=False):
        ax.axhline(level, color=color, linewidth=1.5, linestyle="--")
        label_end(ax, x, [level], name, color)
    ax.plot(x, y, color=PURPLE)
    label_end(ax, x, y, "interpolation", PURPLE)
    ax.set(xlabel="coupling $\\mu$", xlim=(x[0], x[-1]), ylim=(0, None))
    ax.set_ylabel("samples required, in $\\sigma^2/(\\gamma^2\\lambda_*)$")
    ax.set_title(title, loc="left")
    return ax


def upper_and_lower(
    p: ArrayLike,
    curves: dict[str, ArrayLike],
    printed: ArrayLike,
    *,
    marks: Iterable[int] = (),
    title: str,
) -> Axes:
    """Sample sizes against p: the first is too few, the others are enough (smallest first)."""
    ax: Axes = new_axes(height=4.4)
    x = np.asarray(p)
    low, high = (np.asarray(curve) for curve in list(curves.values())[:2])
    ax.fill_between(x, high, 1e9, color=GREEN, alpha=0.12, linewidth=0)
    ax.fill_between(x, 1e-9, low, color=VERMILION, alpha=0.15, linewidth=0)
    for color, dy, (name, curve) in zip(
        (VERMILION, GREEN, SKY), (-6, 6, 0), curves.items(), strict=False
    ):
        y = np.asarray(curve)
        ax.loglog(x, y, color=color)
        ax.annotate(
            name, (x[-1], y[-1]), (6, dy), textcoords="offset points", color=color, va="center"
        )
    ax.text(x[0] * 1.3, 0.5 * high.max(), "enough for every design", color=GREEN)
    ax.text(x[-1] / 1.3, low[0] / 1.2, "too few for some design", color=VERMILION, ha="right")
    ax.text(x[0] * 2, np.sqrt(low[0] * high[0]), "open", color=GREY, va="center")
    ax.loglog(x, np.asarray(printed), color=BLACK, linewidth=2.5)
    label_end(ax, x, np.asarray(printed), "printed", BLACK)
    for mark in marks:
        point = (mark, float(np.interp(np.log(mark), np.log(x), np.asarray(printed))))
        ax.plot(*point, "o", color=BLACK)
        ax.annotate(f"$p = {mark}$", point, (6, -16), textcoords="offset points")
    top = 1.5 * max(np.max(curve) for curve in curves.values())
    ax.set(xlim=(x[0], x[-1]), ylim=(0.5 * low.min(), top))
    ax.set(xlabel="features $p$", ylabel="$n\\,\\gamma^2\\lambda_{\\min}/\\sigma^2$")
    ax.set_title(title, loc="left")
    return ax
