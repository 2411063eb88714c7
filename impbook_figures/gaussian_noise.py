"""Figures of the chapter on Gaussian noise: one run on the hub design, and how often it fails."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from impbook_figures.style import (
    BLACK,
    BLUE,
    GREY,
    ORANGE,
    SKY,
    VERMILION,
    label_end,
    new_axes,
)


def hub_sinks_signal(
    pruned: ArrayLike, centre: ArrayLike, signal: ArrayLike, hub: int, *, title: str = ""
) -> list[Axes]:
    """Noise of each pruned spoke, with the centre θ; in the lower panel, the signal's weight."""
    y, theta, weight = np.asarray(pruned), np.asarray(centre), np.asarray(signal)
    rounds = np.arange(weight.size)
    above, below = new_axes(2, 1, height=5.6, sharex=True)
    before = rounds[: y.size] < hub
    above.plot(rounds[: y.size][before], y[before], color=SKY)
    above.plot(rounds[: y.size][~before], y[~before], color=ORANGE)
    above.plot(rounds[: hub + 1], theta[: hub + 1], color=BLUE)
    above.annotate("$\\theta$", (hub, theta[hub]), (6, 0), textcoords="offset points", color=BLUE)
    above.set(ylabel="noise $y_k$ of the\nspoke pruned")
    above.set_title(title, loc="left")
    below.axhline(0, color=GREY, linewidth=0.8)
    below.plot(rounds[: hub + 1], weight[: hub + 1], color=VERMILION)
    below.plot(rounds[hub + 1 :], weight[hub + 1 :], color=VERMILION)
    below.plot(rounds[hub : hub + 2], weight[hub : hub + 2], ":", color=VERMILION)
    below.plot(rounds[-1], weight[-1], "x", color=BLACK, markersize=11, markeredgewidth=2)
    below.annotate(
        "pruned", (rounds[-1], weight[-1]), (0, 12), textcoords="offset points", ha="right"
    )
    below.set(xlabel="features pruned", ylabel="signal's weight,\nin $\\sigma/\\sqrt{n}$")
    for ax in (above, below):
        ax.axvline(hub, color=GREY, linewidth=1, linestyle="--")
    label_end(below, [hub], [weight[0]], "the hub is pruned", GREY)
    return [above, below]


def hub_failures(
    p: ArrayLike,
    rate: ArrayLike,
    ends: tuple[ArrayLike, ArrayLike],
    delta: float,
    *,
    title: str = "",
) -> Axes:
    """Frequency of failure against p, with exact intervals and the promised level δ."""
    ax: Axes = new_axes(height=4.2)
    spread = np.abs(np.vstack(ends) - np.asarray(rate))
    ax.errorbar(p, rate, spread, fmt="o-", color=BLUE, markersize=4, linewidth=1.2, capsize=3)
    ax.axhline(delta, color=GREY, linestyle="--", linewidth=1.5)
    ax.text(
        1.01,
        delta,
        f"promised:\nat most {delta:g}",
        transform=ax.get_yaxis_transform(),
        color=GREY,
        va="center",
    )
    ax.set_xscale("log")
    ax.set(xlabel="features $p = n$", ylabel="frequency of failure", ylim=(-0.02, 0.9))
    ax.set_title(title, loc="left")
    return ax
