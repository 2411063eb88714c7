"""Figures of Lemma 6: noise weights, required samples, failure probabilities, the proof's slack."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.ticker import LogLocator
from numpy.typing import ArrayLike

from impbook_figures.palette import BLACK, BLUE, GREEN, GREY, ORANGE, PURPLE, SKY, VERMILION
from impbook_figures.style import Rates, label_end, legend_below, new_axes


def largest_noise_weights(samples: ArrayLike, largest: ArrayLike, radius: ArrayLike) -> Axes:
    """Largest noise weight of each draw, and Lemma 6's radius, against the number of samples."""
    ax: Axes = new_axes()
    points = np.asarray(largest)
    ax.loglog(samples, points, "o", color=BLUE, markersize=3, alpha=0.4)
    ax.loglog(samples, radius, color=VERMILION)
    label_end(ax, samples, radius, "Lemma 6", VERMILION)
    label_end(ax, samples, np.median(points, axis=1), "one draw\neach", BLUE)
    ax.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
    ax.yaxis.set_major_formatter("{x:g}")
    ax.yaxis.set_minor_formatter("")
    ax.set(xlabel="samples $n$", ylabel="largest noise weight $\\max_j|w_j|$")
    return ax


def samples_by_argument(
    panels: Mapping[str, tuple[ArrayLike, ArrayLike]],
    samples_at: tuple[Sequence[float], float],
    title: str,
) -> list[Axes]:
    """Lemma 6's sample size against each argument; a dot marks the setting common to all panels."""
    axes = new_axes(2, 2, height=5.0, sharey=True)
    values, samples = samples_at
    for ax, value, (name, (x, y)) in zip(axes.flat, values, panels.items(), strict=True):
        ax.loglog(x, y, color=BLUE)
        ax.loglog(value, samples, "o", color=VERMILION, markersize=7)
        ax.set_xlabel(name)
    plt.setp(axes[:, 0], ylabel="samples required, $n$")
    axes[0, 0].figure.suptitle(title)
    return list(axes.flat)


def failure_by_radius(
    radii: ArrayLike,
    panels: Mapping[str, Rates],
    bounds: Mapping[str, tuple[ArrayLike, ArrayLike]],
    title: str,
) -> list[Axes]:
    """Probability, for several kinds of noise, that a noise weight reaches ε, with two bounds."""
    axes = new_axes(2, 2, height=6.6, sharex=True, sharey=True)
    x = np.asarray(radii)
    colors = (BLUE, GREEN, ORANGE, PURPLE)
    for ax, (design, curves) in zip(axes.flat, panels.items(), strict=True):
        printed, sharp = bounds[design]
        ax.plot(x, printed, color=BLACK, linestyle="--", label="Lemma 6")
        ax.plot(x, sharp, color=GREY, linestyle=":", label="sharper version")
        for color, (name, (rate, low, high)) in zip(colors, curves.items(), strict=False):
            y = np.asarray(rate)
            ax.plot(x, np.where(y > 0, y, np.nan), color=color, label=name, linewidth=1.5)
            ax.fill_between(x, low, high, where=y > 0, color=color, alpha=0.15, linewidth=0)
        ax.set(yscale="log", ylim=(2e-4, 1.3), title=design)
    legend_below(axes[0, 0], 3)
    plt.setp(axes[1], xlabel="radius $\\epsilon$, in $\\sigma/\\sqrt{n\\lambda_{\\min}}$")
    plt.setp(axes[:, 0], ylabel="probability of failure")
    axes[0, 0].figure.suptitle(title)
    return list(axes.flat)


def slack_by_step(panels: Mapping[str, Mapping[str, float]], title: str) -> list[Axes]:
    """Sample size that each step of the proof requires, divided by the size actually needed."""
    axes = new_axes(2, 2, height=5.0, sharey=True)
    colors = (GREY, SKY, BLUE, ORANGE, VERMILION)
    for ax, (design, steps) in zip(axes.flat, panels.items(), strict=True):
        ratios = np.array(list(steps.values())) / next(iter(steps.values()))
        names = [name.replace("λ_min", "$\\lambda_{\\min}$") for name in steps]
        bars = ax.barh(names, ratios, color=colors[: len(steps)])
        ax.bar_label(bars, [f"{r:.2f}" if r < 9.95 else f"{r:.1f}" for r in ratios], padding=4)
        ax.set(title=design, xticks=[], xlim=(0, 1.35 * ratios.max()))
        ax.spines["bottom"].set_visible(False)
    axes[0, 0].invert_yaxis()
    axes[0, 0].figure.suptitle(title)
    axes[0, 0].figure.supxlabel("samples required ÷ samples needed", fontsize=11)
    return list(axes.flat)
