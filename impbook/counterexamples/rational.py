"""Exact rational arithmetic, for pruning without rounding and for rigorous bounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal, localcontext
from fractions import Fraction
from numbers import Rational
from typing import Any

import numpy as np
from numpy.typing import NDArray

from impbook import _checks

Table = tuple[tuple[Fraction, ...], ...]
Array = NDArray[np.object_]  # its entries are Fractions


def fraction(name: str, value: Any) -> Fraction:
    """Convert an integer, a Fraction or a string such as "1/10" to a Fraction.

    The numerator and denominator of the result are Python integers, because NumPy integers could
    overflow.
    """
    if isinstance(value, bool) or not isinstance(value, (Rational, str)):
        raise TypeError(
            f"{name} must be an integer, a Fraction or text such as '1/10', got {value!r}"
        )
    try:
        exact = Fraction(value)
    except (ValueError, ZeroDivisionError):
        raise ValueError(f"{name} must be a rational number, got {value!r}") from None
    return Fraction(int(exact.numerator), int(exact.denominator))


def positive_fraction(name: str, value: Any) -> Fraction:
    """Convert a positive rational number to a Fraction."""
    x = fraction(name, value)
    if x <= 0:
        raise ValueError(f"{name} must be positive, got {x}")
    return x


def vector(name: str, values: Any, length: int) -> Array:
    """Convert a sequence of `length` >= 1 rational numbers to a vector of Fractions."""
    entries = [fraction(name, value) for value in _sequence(name, values)]
    if not entries or len(entries) != length:
        raise ValueError(f"{name} must have {length} entries, got {len(entries)}")
    return np.array(entries, dtype=object)


def matrix(name: str, values: Any) -> Array:
    """Convert a sequence of rows of rational numbers to a matrix of Fractions."""
    rows = _sequence(name, values)
    if not len(rows):
        raise ValueError(f"{name} must have at least one row")
    width = len(_sequence(name, rows[0]))
    return np.array([vector(f"row {i} of {name}", row, width) for i, row in enumerate(rows)])


def _sequence(name: str, values: Any) -> Sequence[Any]:
    _checks.plain(name, values)
    if isinstance(values, str) or not isinstance(values, (Sequence, np.ndarray)):
        raise TypeError(
            f"{name} must be a sequence of rational numbers, or of rows of them, got {values!r}"
        )
    return values.tolist() if isinstance(values, np.ndarray) else values


@dataclass(frozen=True)
class ExactPath:
    """A run of iterative magnitude pruning in rational arithmetic.

    Attributes
    ----------
    pruned : tuple of int
        Indices of the q pruned features, numbered from 0, in the order of pruning.
    weights : tuple of tuple of Fraction
        Row k holds the p weights trained after k pruning steps.
    """

    pruned: tuple[int, ...]
    weights: Table


def exact_imp(Phi: Any, y: Any, q: int) -> ExactPath:
    """Iterative magnitude pruning with T = ∞ and w_init = 0, in rational arithmetic.

    Parameters
    ----------
    Phi : sequence of rows
        Feature matrix of any rank. Entries are integers (including NumPy's), Fractions or strings
        such as "1/10".
    y : sequence
        Targets, one for each row of Phi.
    q : int
        Number of pruning steps, 0 <= q < p.

    Returns
    -------
    ExactPath

    Raises
    ------
    TypeError
        If an entry of Phi or y is not rational. Floats are refused because 0.1 is not 1/10 in
        binary. ``Fraction(x)`` gives the number that a float x represents.
    ValueError
        If y does not have one entry for each row of Phi, if the rows of Phi differ in length, if a
        string does not represent a rational number, or if q is not in [0, p).

    See Also
    --------
    impbook.imp : the same algorithm in floating point.

    Notes
    -----
    This is Algorithm 1 of the paper, with the exact least-squares solution of least norm in every
    round. It is meant for a handful of features, because no round reuses the work of another.

    Examples
    --------
    >>> exact_imp([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]], [3, 1, 2, 5], q=2).pruned
    (1, 2)
    """
    features = matrix("Phi", Phi)
    targets = vector("y", y, len(features))
    p = features.shape[1]
    q = _checks.pruned_count(q, p)
    pruned: list[int] = []
    weights = np.full((q + 1, p), Fraction(0))
    for k in range(q + 1):
        active = [j for j in range(p) if j not in pruned]
        weights[k, active] = least_norm_fit(features[:, active], targets)
        if k < q:
            pruned.append(min(active, key=lambda j: abs(weights[k, j])))
    return ExactPath(tuple(pruned), tuple(map(tuple, weights)))


def least_norm_fit(P: Array, y: Array) -> Array:
    """Least-squares solution of least norm, P⁺y.

    With G = PᵀP, it equals Gu for any u such that G²u = Pᵀy.
    """
    G = P.T @ P
    rows, pivots = row_echelon(np.column_stack((G @ G, P.T @ y)))
    return (G[:, pivots] * rows[: len(pivots), -1]).sum(axis=1, initial=Fraction(0))


def rank(P: Array | Table) -> int:
    """Rank of a matrix."""
    return len(row_echelon(P)[1])


def row_echelon(P: Array | Table) -> tuple[Array, list[int]]:
    """Reduced row echelon form of P and its pivot columns, by Gauss–Jordan elimination."""
    rows = np.array(P, dtype=object)
    pivots: list[int] = []
    for j in range(rows.shape[1]):
        top = len(pivots)
        found = np.flatnonzero(rows[top:, j])
        if found.size:
            rows[[top, top + found[0]]] = rows[[top + found[0], top]]
            rows[top] /= rows[top, j]
            others = np.arange(len(rows)) != top
            rows[others] -= np.outer(rows[others, j], rows[top])
            pivots.append(j)
    return rows, pivots


def is_positive_semidefinite(A: Array) -> bool:
    """Whether a symmetric matrix is positive semidefinite, as shown by the signs of its pivots."""
    while len(A):
        pivot, border = A[0, 0], A[0, 1:]
        if pivot < 0 or (pivot == 0 and border.any()):
            return False
        A = A[1:, 1:] - np.outer(border, border) / (pivot or 1)
    return True


def is_eigenvalue_bound(Phi: Array, low: Fraction) -> bool:
    """Whether every non-zero eigenvalue of Σ = ΦᵀΦ/n is at least `low`.

    The eigenvalues of Σ² − low·Σ are λ(λ − low) for the eigenvalues λ of Σ. So Σ² − low·Σ is
    positive semidefinite if and only if no λ lies strictly between 0 and `low`.
    """
    G = Phi.T @ Phi  # n·Σ
    return is_positive_semidefinite(G @ G - len(Phi) * low * G)


def log_above(x: Fraction) -> Fraction:
    """Rational upper bound on log x for x ≥ 1.

    For x below 10⁹, this bound exceeds log x by at most 10⁻²⁵.

    First x is rounded up to 30 digits. Then `decimal` rounds the logarithm to the nearest number
    with 30 digits, so the next such number above the result is an upper bound.
    """
    with localcontext(prec=30, Emin=-99, rounding=ROUND_CEILING):
        return Fraction((Decimal(x.numerator) / x.denominator).ln().next_plus())
