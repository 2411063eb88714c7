"""Figures that move: each draws a still one and gives the page the data of `_static/explore.js`.

A cell calls one and ends with `plt.show()`, as for any figure. The book shows it with sliders;
JupyterLab, paper and a browser without scripts show the still figure.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
from IPython.display import display
from numpy.typing import ArrayLike

from impbook.concentration import VERSIONS, Setting
from impbook.examples import mean_pull
from impbook.plots import correlation
from impbook.plots.style import BLUE, new_axes

SLIDERS = ("p", "k", "gamma", "sigma", "lambda_min", "leakage", "inverse_norm", "coherence")


@dataclass(frozen=True, eq=False)
class Explorable:
    """What the page needs: which kind of explorable, what a screen reader calls it, its data."""

    kind: str
    alt: str
    data: dict[str, Any]

    def __repr__(self) -> str:
        """Its kind, which is all that a notebook can show of it in text."""
        return f"<explorable: {self.kind}>"

    def _repr_html_(self) -> str:
        data = json.dumps({"alt": self.alt, **self.data}, ensure_ascii=False, separators=(",", ":"))
        script = data.replace("</", "<\\/")
        return (
            f'<figure class="explorable" data-kind="{self.kind}" role="group" '
            f'aria-label="{self.alt}" hidden>'
            f'<script type="application/json">{script}</script></figure>'
        )


def sliding_target(a: ArrayLike, *, alpha: float, p: int) -> Explorable:
    """IMP's target among the first p alignments; sliders α and p. The still: six values of α."""
    alignments = rounded(a)
    first = np.array(alignments[:p])
    alphas = (0, 0.01, 0.05, 0.1, 0.3, 0.9)
    pulls = np.array([mean_pull(p, value) for value in alphas])
    labels = [f"α = {value:g},  β = {pull:.2f}" for value, pull in zip(alphas, pulls, strict=True)]
    correlation.sliding_target(first, pulls * first.mean(), labels)
    return shown(
        "target",
        "The alignments on a line with the target of IMP, and how far it has gone for each α",
        {"alignments": alignments, "start": {"alpha": alpha, "p": p}},
    )


def sample_sizes(setting: Setting, delta: float) -> Explorable:
    """What each version of Theorem 5 asks in a setting; sliders for all its quantities."""
    asked = {name: version.samples(setting, delta) for name, version in VERSIONS.items()}
    ax = new_axes(height=3.6)
    names = [name for name, n in asked.items() if np.isfinite(n)]
    ax.set_xscale("log")
    ax.plot([asked[name] for name in names], names, "o", color=BLUE)
    ax.invert_yaxis()
    ax.set_xlabel("samples $n$ that are asked")
    start = {name: setting.need(name) for name in SLIDERS} | {
        "small": setting.small_signals,
        "delta": delta,
    }
    rows = {name: {"iterative": version.iterative} for name, version in VERSIONS.items()}
    return shown(
        "calculator",
        "Sample sizes that the versions of Theorem 5 ask, a bar for each version that applies",
        {"versions": rows, "start": start},
    )


def shown(kind: str, alt: str, data: dict[str, Any]) -> Explorable:
    """An explorable, put into the output of the cell."""
    explorable = Explorable(kind, alt, data)
    display(explorable)
    return explorable


def rounded(values: ArrayLike, digits: int = 4) -> Any:
    """A nested list of numbers with so many significant digits: little text, equal everywhere."""
    array = np.asarray(values, dtype=float)
    return [rounded(row, digits) if row.ndim else float(f"{row:.{digits}g}") for row in array]
