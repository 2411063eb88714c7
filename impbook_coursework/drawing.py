"""Random numbers with few digits, and least-squares problems made from them."""

from __future__ import annotations

import numpy as np

from impbook import LeastSquares
from impbook_coursework.making import Vector


def size(rng: np.random.Generator, low: int, high: int, parts: int) -> float:
    """A random integer from low to high, inclusive, divided by `parts`."""
    return int(rng.integers(low, high, endpoint=True)) / parts


def draw(rng: np.random.Generator, low: int, high: int, shape: tuple[int, ...]) -> Vector:
    """An array of random integers from low to high, inclusive."""
    return rng.integers(low, high, shape, endpoint=True).astype(float)


def separated(rng: np.random.Generator, p: int) -> Vector:
    """Draw p random numbers with one decimal, random signs and distinct absolute values."""
    sizes = rng.permutation(np.arange(3, 60))[:p] / 10
    return sizes * rng.choice([-1.0, 1.0], p)


def least_squares(rng: np.random.Generator, p: int) -> LeastSquares:
    """A random problem with small integers: eight samples of p linearly independent features."""
    while True:
        problem = LeastSquares(draw(rng, -3, 3, (8, p)), draw(rng, -9, 9, (8,)))
        if np.linalg.matrix_rank(problem.Phi) == p:
            return problem
