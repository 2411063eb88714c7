"""Figures of the chapter on Gaussian noise: one run on the hub design, and how often IMP fails."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from impbook_figures.palette import BLACK, BLUE, GREY, ORANGE, SKY, VERMILION
from impbook_figures.style import error_bars, label_end, label_point, new_axes, promised


def hub_sinks_signal(
    pruned: ArrayLike, centre: ArrayLike, signal: ArrayLike, hub: int, *, title: str
) -> list[Axes]:
    """Above, the centre θ and the noise of each pruned spoke; below, the weight of the signal."""
    y, theta, weight = np.asarray(pruned), np.asarray(centre), np.asarray(signal)
    rounds = np.arange(weight.size)
    above, below = new_axes(2, 1, height=5.6, sharex=True)
    before = rounds[: y.size] < hub
    above.plot(rounds[: y.size][before], y[before], color=SKY)
    above.plot(rounds[: y.size][~before], y[~before], color=ORANGE)
    above.plot(rounds[: hub + 1], theta[: hub + 1], color=BLUE)
    label_point(above, (hub, theta[hub]), "$\\theta$", BLUE, (6, 0))
    above.set(ylabel="noise $y_k$ of the\nspoke pruned")
    above.set_title(title, loc="left")
    below.axhline(0, color=GREY, linewidth=0.8)
    below.plot(rounds[: hub + 1], weight[: hub + 1], color=VERMILION)
    below.plot(rounds[hub + 1 :], weight[hub + 1 :], color=VERMILION)
    below.plot(rounds[hub : hub + 2], weight[hub : hub + 2], ":", color=VERMILION)
    below.plot(rounds[-1], weight[-1], "x", color=BLACK, markersize=11, markeredgewidth=2)
    label_point(below, (rounds[-1], weight[-1]), "pruned", BLACK, (0, 12), ha="right")
    below.set(xlabel="features pruned", ylabel="signal's weight,\nin $\\sigma/\\sqrt{n}$")
    for ax in (above, below):
        ax.axvline(hub, color=GREY, linewidth=1, linestyle="--")
    label_end(below, [hub], weight[:1], "the hub is pruned", GREY)
    return [above, below]


def hub_failures(
    p: ArrayLike, rate: ArrayLike, ends: tuple[ArrayLike, ArrayLike], delta: float, *, title: str
) -> Axes:
    """Frequency of failure against p, with confidence intervals and the δ of Theorem 5."""
    ax: Axes = new_axes(height=4.2)
    look = {"fmt": "o-", "color": BLUE, "markersize": 4, "linewidth": 1.2, "capsize": 3}
    error_bars(ax, p, rate, *ends, **look)
    promised(ax, delta)
    ax.set(xscale="log", xlabel="features $p = n$", ylabel="frequency of failure")
    ax.set_ylim(-0.02, 0.9)
    ax.set_title(title, loc="left")
    return ax
