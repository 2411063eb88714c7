"""The parts of a problem: its text, its answer and its random numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Problem:
    """The text of a problem, with the numbers for one seed, and its answer."""

    text: str
    answer: float | list[int]


Maker = Callable[[np.random.Generator], Problem]
MAKERS: dict[str, Maker] = {}


def number(name: str) -> Callable[[Maker], Maker]:
    """Register a problem under its number, "chapter.place"."""

    def enter(make: Maker) -> Maker:
        MAKERS[name] = make
        return make

    return enter


def rows(a: Vector) -> str:
    """An array written as Python code."""
    return str(a.tolist())


def draw(rng: np.random.Generator, low: int, high: int, size: tuple[int, ...]) -> Vector:
    return rng.integers(low, high, size, endpoint=True).astype(float)


def separated(rng: np.random.Generator, p: int) -> Vector:
    """Numbers of random sign with one decimal and distinct absolute values."""
    sizes = rng.permutation(np.arange(3, 60))[:p] / 10
    return sizes * rng.choice([-1.0, 1.0], p)


def lowest(a: Vector, q: int) -> list[int]:
    """Positions of the q entries nearest to 0, the nearest first."""
    return np.argsort(np.abs(a), kind="stable")[:q].tolist()
