"""Types of arrays, and what counts as 0 in them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Mask = NDArray[np.bool_]
Indices = NDArray[np.intp]


def unit_columns(A: Matrix) -> Matrix:
    """A with each column divided by its norm; columns of zeros stay."""
    scaled = A / (np.abs(A).max(axis=0) + (~A.any(axis=0)))
    norm = np.linalg.norm(scaled, axis=0)
    unit: Matrix = scaled / np.where(norm > 0, norm, 1.0)
    return unit


def rank(A: Matrix) -> int:
    """Rank of A, decided on columns of norm 1, so that it does not depend on their units."""
    return int(np.linalg.matrix_rank(unit_columns(A)))


def negligible(shape: tuple[int, ...]) -> float:
    """Share of its largest singular value up to which one of a matrix counts as 0: max(n, p)·ε."""
    return float(max(shape) * np.finfo(float).eps)


def unit_scale(
    a: NDArray[np.float64], axis: int | None = None
) -> tuple[NDArray[np.float64], NDArray[np.intc]]:
    """a·2⁻ᵉ with largest entry in [½, 1), and e: exact but for entries below 10⁻³⁰⁸ of it."""
    e = np.frexp(np.abs(a).max(axis=axis, keepdims=axis is not None))[1]
    return np.ldexp(a, -e), e
