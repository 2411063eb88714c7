"""A problem (its text and its answer), and the register of all problems."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from impbook import LeastSquares

Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Problem:
    """The text and the answer of a problem, for one seed."""

    text: str
    answer: float | list[int]


Maker = Callable[[np.random.Generator], Problem]
MAKERS: dict[str, Maker] = {}


def number(name: str) -> Callable[[Maker], Maker]:
    """Register a problem under its number: "3.1" is the first problem of chapter 3."""

    def enter(make: Maker) -> Maker:
        MAKERS[name] = make
        return make

    return enter


def rows(a: Vector) -> str:
    """An array written as Python code."""
    return str(a.tolist())


def given(problem: LeastSquares) -> str:
    """The sentence that states Φ and y."""
    return f"Φ = {rows(problem.Phi)} and y = {rows(problem.y)}."


def lowest(a: Vector, q: int) -> list[int]:
    """Positions of the q entries nearest to 0, the nearest first."""
    return np.argsort(np.abs(a), kind="stable")[:q].tolist()
