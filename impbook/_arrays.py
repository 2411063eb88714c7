"""Types of arrays, and what counts as 0 in them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.linalg.lapack import dtrtri

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Mask = NDArray[np.bool_]
Indices = NDArray[np.intp]
Exponents = NDArray[np.intc]


def unit_columns(A: Matrix) -> Matrix:
    """A with each column divided by its norm; columns of zeros stay."""
    scaled, _ = balanced(A)
    norm = np.linalg.norm(scaled, axis=0)
    unit: Matrix = scaled / np.where(norm > 0, norm, 1.0)
    return unit


def balanced(A: Matrix) -> tuple[Matrix, Exponents]:
    """A·2⁻ᵉ with columns of norm in [½, 1), and e, one exponent a column; rounds nothing off."""
    e = np.frexp(np.maximum(A.max(axis=0), -A.min(axis=0)))[1]
    scaled = np.ldexp(A, -e)
    f = np.frexp(np.sqrt(np.einsum("ij,ij->j", scaled, scaled)))[1]
    return np.ldexp(scaled, -f, out=scaled), e + f


def rank(A: Matrix) -> int:
    """Rank of A, decided on columns of norm 1, so that it does not depend on their units."""
    return int(np.linalg.matrix_rank(unit_columns(A)))


def reciprocal_condition(R: Matrix) -> float:
    """1/(‖R‖₁‖R⁻¹‖₁) of an upper triangular R, 0 if singular (SciPy 1.14 lacks dtrcon)."""
    with np.errstate(all="ignore"):
        inverse, singular = dtrtri(R)
        norms = [np.abs(np.triu(M)).sum(axis=0).max() for M in (R, inverse)]
        found = float(1 / norms[0] / norms[1])
    return 0.0 if singular or not found > 0 else found


def negligible(shape: tuple[int, ...]) -> float:
    """Share of its largest singular value up to which one of a matrix counts as 0: max(n, p)·ε."""
    return float(max(shape) * np.finfo(float).eps)


def normal_range(A: Matrix, b: Vector) -> tuple[Matrix, Vector]:
    """A and b, or both times one power of 2 where A is so small that products lose digits."""
    e, room = np.frexp([max(A.max(), -A.min()), max(b.max(), -b.min())])[1]
    e = max(e, room - 1000)
    return (A, b) if e > -900 else (np.ldexp(A, -e), np.ldexp(b, -e))


def unit_scale(
    a: NDArray[np.float64], axis: int | None = None
) -> tuple[NDArray[np.float64], NDArray[np.intc]]:
    """a·2⁻ᵉ with largest entry in [½, 1), and e: exact but for entries below 10⁻³⁰⁸ of it."""
    e = np.frexp(np.abs(a).max(axis=axis, keepdims=axis is not None))[1]
    return np.ldexp(a, -e), e
