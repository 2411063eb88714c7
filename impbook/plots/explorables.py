"""Figures that move: each function gives the numbers that _static/explore.js draws from."""

from __future__ import annotations

import json
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from impbook import LeastSquares, imp
from impbook.concentration import VERSIONS


@dataclass(frozen=True)
class Explorable:
    """A figure with sliders; it shows where the book's script runs, and nothing elsewhere."""

    kind: str
    label: str
    data: dict[str, Any]

    def _repr_html_(self) -> str:
        return (
            f'<div class="explorable" data-kind="{self.kind}" role="group" '
            f'aria-label="{escape(self.label)}" hidden>'
            f'<script type="application/json">{json.dumps(self.data)}</script></div>'
        )

    def __repr__(self) -> str:
        return f"To be moved in the book: {self.label}"


def algorithm(problem: LeastSquares, names: ArrayLike, times: ArrayLike) -> Explorable:
    """Algorithm 1 round by round, for several training times T: the weights fall one by one."""
    runs = [imp(problem, problem.p - 1, T=float(T)) for T in np.asarray(times)]
    data = {
        "names": np.asarray(names).tolist(),
        "times": ["∞" if np.isinf(T) else f"{T:g}" for T in np.asarray(times)],
        "pruned": [run.pruned.tolist() for run in runs],
        "weights": [_short(run.weights) for run in runs],
    }
    return Explorable("algorithm", "Algorithm 1, round by round", data)


def sliding_target(targets: dict[int, ArrayLike]) -> Explorable:
    """Example 2's target β·ā on the alignments given for each p, as α is dragged."""
    data = {"alignments": {str(p): _short(np.asarray(a)) for p, a in targets.items()}}
    return Explorable("sliding-target", "the target that slides to the mean", data)


def certified() -> Explorable:
    """Example 3's sufficient gap against δ_PW, with a point that is certified or not."""
    return Explorable("certified", "gap and incoherence: certified or not", {})


def sinking_signal(delta: float) -> Explorable:
    """Counterexample B at the sample size of Theorem 5: the signal's weight round by round."""
    return Explorable("sinking-signal", "the run that sinks the signal", {"delta": delta})


def calculator() -> Explorable:
    """What each version of Theorem 5 asks of an injective Φ with k large signals."""
    data = {"theorems": {name: version.theorem for name, version in VERSIONS.items()}}
    return Explorable("calculator", "what each version of Theorem 5 asks", data)


def _short(values: Any) -> Any:
    """Nested lists of numbers with four significant digits."""
    if np.ndim(values):
        return [_short(value) for value in values]
    return float(f"{values:.4g}")
