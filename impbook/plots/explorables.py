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

from impbook.examples import mean_pull
from impbook.plots import correlation


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


def shown(kind: str, alt: str, data: dict[str, Any]) -> Explorable:
    """An explorable, put into the output of the cell."""
    explorable = Explorable(kind, alt, data)
    display(explorable)
    return explorable


def rounded(values: ArrayLike, digits: int = 4) -> Any:
    """A nested list of numbers with so many significant digits: little text, equal everywhere."""
    array = np.asarray(values, dtype=float)
    return [rounded(row, digits) if row.ndim else float(f"{row:.{digits}g}") for row in array]
