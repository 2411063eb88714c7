"""Figures of Theorem 5's repairs: lost signals, required sample sizes, and what remains open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Circle, Rectangle
from numpy.typing import ArrayLike

from impbook_figures.palette import BLACK, BLUE, GREEN, GREY, ORANGE, PURPLE, SKY, VERMILION
from impbook_figures.style import Curves, label_end, label_point, legend_below, new_axes

MARKERS = {
    "reflection": (BLUE, "o"),
    "uncorrelated": (GREEN, "D"),
    "interpolated": (PURPLE, "s"),
    "incoherent": (ORANGE, "^"),
    "bounded inverse": (SKY, "v"),
}
FAR = 200.0  # sizes above this multiple of the printed size are drawn at the edge


def losing_region() -> list[Axes]:
    """The region where the signal is lost, and the largest box and disc centred at s that avoid it.

    In higher dimensions the disc is a ball. The second panel shows the ball's radius for m active
    nulls.
    """
    cone, growth = new_axes(1, 2, height=3.6, width_ratios=[1.3, 1])
    edge = np.linspace(-0.35, 2.15, 51)  # these values include 0, the tip of the cone
    for sign in (1, -1):
        cone.fill_between(
            edge, sign * np.abs(edge), sign * 1.3, color=VERMILION, alpha=0.15, linewidth=0
        )
        cone.axline((0, 0), slope=sign, color=VERMILION, linewidth=1)
    cone.add_patch(Circle((1, 0), np.sqrt(0.5), fill=False, edgecolor=BLUE, linewidth=2))
    cone.add_patch(Rectangle((0.5, -0.5), 1, 1, fill=False, edgecolor=GREEN, linewidth=2))
    cone.plot(1, 0, "o", color=BLACK)
    label_point(cone, (1, 0), "$s = (\\gamma, 0)$", BLACK, (0, -16), ha="center")
    cone.text(1.62, 0.62, "disc: $\\gamma$/√2", color=BLUE)
    cone.text(1.0, 0.3, "box: $\\gamma/2$", color=GREEN, ha="center")
    for y in (1.05, -1.12):
        cone.text(0, y, "signal lost", color=VERMILION, ha="center")
    cone.set(xlim=(-0.35, 2.15), ylim=(-1.3, 1.3), aspect="equal")
    cone.set(xlabel="weight of the signal, in $\\gamma$", ylabel="weight of a null, in $\\gamma$")
    m = np.arange(1, 21)
    growth.plot(m, np.sqrt(m / (m + 1)), "o-", color=BLUE, markersize=4)
    growth.axhline(1, color=GREY, linewidth=1, linestyle="--")
    growth.set(xlabel="nulls left, $m$", xticks=[1, 5, 10, 15, 20])
    growth.set(ylabel="radius of the ball, in $\\gamma$", ylim=(0.65, 1.03))
    return [cone, growth]


def worst_failures(p: ArrayLike, curves: Curves, delta: float, *, title: str) -> Axes:
    """Bounds on the probability that a signal is lost at Theorem 5's sample size, against p.

    All signals are large. A dashed line marks δ, and a label on each bound gives the largest p at
    which the bound is at most δ.
    """
    ax: Axes = new_axes()
    x = np.asarray(p)
    places = ((VERMILION, (10, 14), "right"), (BLUE, (10, -20), "left"))
    for (color, shift, side), (name, bound) in zip(places, curves.items(), strict=False):
        y = np.asarray(bound)
        ax.semilogy(x, y, "o-", color=color, markersize=3.5)
        last = x[y <= delta][-1]
        pointer = {"arrowstyle": "-", "color": color}
        label_point(ax, (last, delta), f"$p = {last}$", color, shift, ha=side, arrowprops=pointer)
        label_end(ax, x, y, name, color)
    ax.axhline(delta, color=GREY, linewidth=1, linestyle="--")
    label_point(ax, (x[0], delta), f"$\\delta = {delta:g}$", BLACK, (0, 4))
    ax.set(xlabel="features $p$", ylabel="bound on P(a signal is lost)")
    ax.set_title(title, loc="left")
    return ax


def required_against_empirical(
    asked: Mapping[str, Mapping[str, float]], needed: Mapping[str, float], *, title: str
) -> Axes:
    """Sample sizes that each version of Theorem 5 requires, as multiples of the printed size.

    There is one row per design. A star marks the size that the design actually needs; a triangle
    at the edge stands for a size that is too large to show.
    """
    ax: Axes = new_axes(height=0.52 * len(asked) + 1.9)
    height = np.arange(len(asked))[::-1]
    printed = np.array([sizes["printed"] for sizes in asked.values()])
    star = np.array([needed[name] for name in asked]) / printed
    colors = [BLACK if multiple <= 1 else VERMILION for multiple in star]
    ax.hlines(height, np.minimum(star, 1), np.maximum(star, 1), colors, linewidth=5, alpha=0.18)
    for shift, (name, (color, marker)) in enumerate(MARKERS.items()):
        place = height + 0.11 * (shift - (len(MARKERS) - 1) / 2)
        x = np.array([sizes.get(name, np.nan) for sizes in asked.values()]) / printed
        ax.plot(np.where(x < FAR, x, np.nan), place, marker, color=color, ms=6.5, label=name)
        ax.plot(np.where(x < FAR, np.nan, 0 * x + FAR), place, ">", color=color, ms=6.5)
    ax.plot(star, height, "*", color=BLACK, markersize=12, label="actually needed")
    ax.axvline(1, color=GREY, linewidth=1.5)
    label_point(ax, (1, len(asked) - 0.45), "printed", GREY, (4, 0))
    ax.set(xscale="log", xlim=(None, 1.15 * FAR), ylim=(-0.6, len(asked) - 0.1))
    ax.xaxis.set_major_formatter("{x:g}")
    ax.set_yticks(height, list(asked))
    ax.tick_params(axis="y", length=0)
    ax.set_xlabel("sample size, as a multiple of the printed one")
    legend_below(ax, 3)
    ax.set_title(title, loc="left")
    return ax


def required_by_coupling(
    mu: ArrayLike, asked: ArrayLike, levels: Mapping[str, float], *, title: str
) -> Axes:
    """Sample sizes against μ: a curve for interpolation, and a dashed line for each of `levels`."""
    ax: Axes = new_axes(height=3.6)
    x = np.asarray(mu)
    for color, (name, level) in zip((GREY, BLUE), levels.items(), strict=False):
        ax.axhline(level, color=color, linewidth=1.5, linestyle="--")
        label_end(ax, x, [level], name, color)
    ax.plot(x, asked, color=PURPLE)
    label_end(ax, x, asked, "interpolation", PURPLE)
    ax.set(xlabel="coupling $\\mu$", xlim=(x[0], x[-1]), ylim=(0, None))
    ax.set_ylabel("samples required, in $\\sigma^2/(\\gamma^2\\lambda_*)$")
    ax.set_title(title, loc="left")
    return ax


def upper_and_lower(
    p: ArrayLike, curves: Curves, printed: ArrayLike, *, marks: Iterable[int] = (), title: str
) -> Axes:
    """The printed sample size and the sample sizes in `curves`, against p.

    The curves are in increasing order. Sizes on the first curve are too small for some design, and
    sizes on the others are enough for every design.
    """
    ax: Axes = new_axes(height=4.4)
    x, middle = np.asarray(p), np.asarray(printed)
    low, high = (np.asarray(curve) for curve in list(curves.values())[:2])
    ax.fill_between(x, high, 1e9, color=GREEN, alpha=0.12, linewidth=0)
    ax.fill_between(x, 1e-9, low, color=VERMILION, alpha=0.15, linewidth=0)
    places = ((VERMILION, -6), (GREEN, 6), (SKY, 0))
    for (color, up), (name, curve) in zip(places, curves.items(), strict=False):
        ax.loglog(x, curve, color=color)
        label_point(ax, (x[-1], np.asarray(curve)[-1]), name, color, (6, up), va="center")
    ax.text(x[0] * 1.3, 0.5 * high.max(), "enough for every design", color=GREEN)
    ax.text(x[-1] / 1.3, low[0] / 1.2, "too few for some design", color=VERMILION, ha="right")
    ax.text(x[0] * 2, np.sqrt(low[0] * high[0]), "open", color=GREY, va="center")
    ax.loglog(x, middle, color=BLACK, linewidth=2.5)
    label_end(ax, x, middle, "printed", BLACK)
    for mark in marks:
        point = (mark, float(np.interp(np.log(mark), np.log(x), middle)))
        ax.plot(*point, "o", color=BLACK)
        label_point(ax, point, f"$p = {mark}$", BLACK, (6, -16))
    top = 1.5 * max(np.max(curve) for curve in curves.values())
    ax.set(xlim=(x[0], x[-1]), ylim=(0.5 * low.min(), top))
    ax.set(xlabel="features $p$", ylabel="$n\\,\\gamma^2\\lambda_{\\min}/\\sigma^2$")
    ax.set_title(title, loc="left")
    return ax
