"""Array types, and the one rule that decides which singular values count as 0."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.linalg
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Mask = NDArray[np.bool_]
Indices = NDArray[np.intp]
Exponents = NDArray[np.intc]

# For a matrix whose columns have norms near 1, a singular value counts as 0 if it is at most this
# fraction of the largest singular value. Rounding turns an exact 0 into a number below 1e-14 times
# the largest, as measured on matrices with up to 2,000 columns and 10⁶ rows. A weight that depends
# on a singular value below 1e-13 times the largest has fewer than three correct digits.
NEGLIGIBLE = 1e-13


def balanced(A: Matrix) -> tuple[Matrix, Exponents]:
    """Divide each non-zero column j of A by 2^e_j to bring its norm into [½, 1); also return e."""
    e = np.frexp(np.maximum(A.max(axis=-2), -A.min(axis=-2)))[1]
    scaled = np.ldexp(A, -e[..., None, :])
    f = np.frexp(np.sqrt(np.einsum("...ij,...ij->...j", scaled, scaled)))[1]
    return np.ldexp(scaled, -f[..., None, :], out=scaled), e + f


def rank(A: NDArray[np.float64]) -> Any:
    """Rank of a matrix, or of each matrix in a stack; it does not depend on the columns' units."""
    s = np.linalg.svd(balanced(A)[0], compute_uv=False)
    return np.count_nonzero(s > NEGLIGIBLE * s[..., :1], axis=-1)


def decomposition(A: Matrix) -> tuple[Matrix, Vector, Matrix, Exponents]:
    """U, s, Vᵀ, e with A = U·diag(s)·Vᵀ·diag(2ᵉ), without the singular values that count as 0."""
    A, e = balanced(A)
    U, s, Vt = scipy.linalg.svd(A, full_matrices=False)
    Vt[:, ~A.any(axis=0)] = 0.0
    r = np.count_nonzero(s > NEGLIGIBLE * s[0])
    return U[:, :r], s[:r], Vt[:r], e


def normal_range(A: Matrix, b: Vector) -> tuple[Matrix, Vector]:
    """A and b, both scaled by the same power of 2 if products with A would lose digits."""
    e, e_b = np.frexp([max(A.max(), -A.min()), max(b.max(), -b.min())])[1]
    # Doubles lose digits below 2⁻¹⁰²². The scaled b stays below 2¹⁰⁰⁰ and so cannot overflow.
    e = max(e, e_b - 1000)
    return (A, b) if e > -900 else (np.ldexp(A, -e), np.ldexp(b, -e))
