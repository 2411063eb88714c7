"""Types of arrays, and what counts as 0 in them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Mask = NDArray[np.bool_]
Indices = NDArray[np.intp]


def negligible(shape: tuple[int, ...]) -> float:
    """Share of its largest singular value up to which one of a matrix counts as 0: max(n, p)·ε."""
    return float(max(shape) * np.finfo(float).eps)


def unit_scale(
    a: NDArray[np.float64], axis: int | None = None
) -> tuple[NDArray[np.float64], NDArray[np.intc]]:
    """a·2⁻ᵉ with largest entry in [½, 1), and e: exact but for entries below 10⁻³⁰⁸ of it."""
    e = np.frexp(np.abs(a).max(axis=axis, keepdims=axis is not None))[1]
    return np.ldexp(a, -e), e
