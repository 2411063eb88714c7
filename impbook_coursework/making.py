"""What a problem is made of: its text, its answer, its numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Problem:
    """What is asked, with the numbers of one seed, and the answer."""

    text: str
    answer: float | list[int]


Maker = Callable[[np.random.Generator], Problem]
MAKERS: dict[str, Maker] = {}


def number(name: str) -> Callable[[Maker], Maker]:
    """Enter a problem under its number, "chapter.place"."""

    def enter(make: Maker) -> Maker:
        MAKERS[name] = make
        return make

    return enter


def rows(a: Vector) -> str:
    """An array as one would type it."""
    return str(a.tolist())


def draw(rng: np.random.Generator, low: int, high: int, size: tuple[int, ...]) -> Vector:
    return rng.integers(low, high, size, endpoint=True).astype(float)


def separated(rng: np.random.Generator, p: int) -> Vector:
    """Numbers with one decimal and different sizes, of either sign."""
    sizes = rng.permutation(np.arange(3, 60))[:p] / 10
    return sizes * rng.choice([-1.0, 1.0], p)


def lowest(a: Vector, q: int) -> list[int]:
    """The q entries nearest to 0, in this order."""
    return np.argsort(np.abs(a), kind="stable")[:q].tolist()
