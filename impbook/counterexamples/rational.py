"""Rational arithmetic: pruning without rounding, and bounds that a proof may use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal, localcontext
from fractions import Fraction
from numbers import Rational
from typing import Any

import numpy as np

from impbook import _checks

Row = tuple[Fraction, ...]
Table = tuple[Row, ...]


def fraction(name: str, value: Any) -> Fraction:
    """Exact rational number: an integer, a Fraction, or text such as "1/10".

    Its two parts are Python's integers. Left as it is, a NumPy integer would live on inside the
    fraction, and overflow there.
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
    """Exact rational number above 0."""
    x = fraction(name, value)
    if x <= 0:
        raise ValueError(f"{name} must be positive, got {x}")
    return x


def row(name: str, values: Sequence[Any], length: int | None = None) -> Row:
    """Exact vector, of the given length if there is one."""
    entries = tuple(fraction(name, value) for value in _sequence(name, values))
    if not entries or (length is not None and len(entries) != length):
        wanted = "at least one entry" if length is None else f"{length} entries"
        raise ValueError(f"{name} must have {wanted}, got {len(entries)}")
    return entries


def table(name: str, values: Sequence[Sequence[Any]]) -> Table:
    """Exact matrix, given by its rows."""
    rows = _sequence(name, values)
    if not len(rows):
        raise ValueError(f"{name} must have at least one row")
    width = len(_sequence(name, rows[0]))
    return tuple(row(name, entries, width) for entries in rows)


def _sequence(name: str, values: Any) -> Sequence[Any]:
    _checks.plain(name, values)
    if isinstance(values, str) or not isinstance(values, (Sequence, np.ndarray)):
        raise TypeError(f"{name} must be made of rows of rational numbers, got {values!r}")
    return values.tolist() if isinstance(values, np.ndarray) else values


@dataclass(frozen=True)
class ExactPath:
    """A run of iterative magnitude pruning in rational arithmetic.

    Attributes
    ----------
    pruned : tuple of int
        The q features in the order in which they are pruned; 0-based.
    weights : tuple of tuple of Fraction
        Row k holds the p weights trained with k features pruned.
    """

    pruned: tuple[int, ...]
    weights: Table


def exact_imp(Phi: Sequence[Sequence[Any]], y: Sequence[Any], q: int) -> ExactPath:
    """Iterative magnitude pruning at T = ∞ from w_init = 0, in rational arithmetic.

    Parameters
    ----------
    Phi : sequence of rows
        Feature matrix of any rank; integers (also NumPy's), Fractions or text such as "1/10".
    y : sequence
        Targets, one for each row of Phi.
    q : int
        Number of prunings, 0 <= q < p.

    Returns
    -------
    ExactPath

    Raises
    ------
    TypeError
        If an entry is not rational. Floats are refused, as 0.1 is not 1/10 in binary:
        ``Fraction(x)`` is the number that a float x stands for.
    ValueError
        If a shape is wrong or q is out of range.

    See Also
    --------
    impbook.imp : the same in floating point.

    Notes
    -----
    Algorithm 1 of the paper with exact least squares of least norm in every round. Meant for a
    handful of features: nothing is re-used from one round to the next.

    Examples
    --------
    >>> exact_imp([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]], [3, 1, 2, 5], q=2).pruned
    (1, 2)
    """
    features = table("Phi", Phi)
    targets = row("y", y, len(features))
    p = len(features[0])
    q = _checks.pruned_count(q, p)
    active, pruned, weights = list(range(p)), [], []
    for k in range(q + 1):
        fit = least_norm_fit([[entries[j] for j in active] for entries in features], targets)
        trained = dict(zip(active, fit, strict=True))
        weights.append(tuple(trained.get(j, Fraction(0)) for j in range(p)))
        if k < q:
            smallest = min(active, key=lambda j: abs(trained[j]))
            active.remove(smallest)
            pruned.append(smallest)
    return ExactPath(tuple(pruned), tuple(weights))


def least_norm_fit(P: Sequence[Sequence[Fraction]], y: Sequence[Fraction]) -> list[Fraction]:
    """Least squares of least norm, P⁺y: it is Gu for any u with G²u = Pᵀy, where G = PᵀP."""
    G = gram(P)
    right = [dot(column, y) for column in zip(*P, strict=True)]
    rows, pivots = reduced([[dot(a, b) for b in G] + [x] for a, x in zip(G, right, strict=True)])
    u = [Fraction(0)] * len(G)
    for j, entries in zip(pivots, rows, strict=False):
        u[j] = entries[-1]
    return [dot(a, u) for a in G]


def rank(P: Sequence[Sequence[Fraction]]) -> int:
    """Rank of a matrix."""
    return len(reduced(P)[1])


def reduced(P: Sequence[Sequence[Fraction]]) -> tuple[list[list[Fraction]], list[int]]:
    """Reduced row echelon form, by Gauss–Jordan elimination, and the pivot columns."""
    rows = [list(entries) for entries in P]
    pivots: list[int] = []
    for j in range(len(rows[0])):
        top = len(pivots)
        found = next((i for i in range(top, len(rows)) if rows[i][j] != 0), None)
        if found is None:
            continue
        rows[top], rows[found] = rows[found], rows[top]
        lead = rows[top][j]
        rows[top] = [x / lead for x in rows[top]]
        for i in range(len(rows)):
            if i != top and rows[i][j] != 0:
                factor = rows[i][j]
                rows[i] = [x - factor * t for x, t in zip(rows[i], rows[top], strict=True)]
        pivots.append(j)
    return rows, pivots


def gram(P: Sequence[Sequence[Fraction]]) -> list[list[Fraction]]:
    """PᵀP."""
    columns = list(zip(*P, strict=True))
    return [[dot(a, b) for b in columns] for a in columns]


def dot(a: Sequence[Fraction], b: Sequence[Fraction]) -> Fraction:
    """Inner product."""
    return sum((x * z for x, z in zip(a, b, strict=True)), Fraction(0))


def is_positive_semidefinite(A: Sequence[Sequence[Fraction]]) -> bool:
    """Whether a symmetric matrix is positive semidefinite, by the signs of its pivots."""
    left = [list(entries) for entries in A]
    while left:
        pivot, border = left[0][0], left[0][1:]
        if pivot < 0 or (pivot == 0 and any(border)):
            return False
        scale = pivot or Fraction(1)
        left = [
            [x - edge * b / scale for x, b in zip(entries[1:], border, strict=True)]
            for edge, entries in zip(border, left[1:], strict=True)
        ]
    return True


def is_eigenvalue_bound(Phi: Sequence[Sequence[Fraction]], low: Fraction) -> bool:
    """Whether every non-zero eigenvalue of Σ = ΦᵀΦ/n is at least `low`.

    An eigenvalue λ of Σ makes λ(λ − low) one of Σ² − low·Σ, which is thus positive semidefinite
    exactly if no λ lies strictly between 0 and `low`.
    """
    G = gram(Phi)  # n·Σ
    return is_positive_semidefinite(
        [[dot(a, b) - len(Phi) * low * x for b, x in zip(G, a, strict=True)] for a in G]
    )


def log_above(x: Fraction) -> Fraction:
    """Rational upper bound for log x, x ≥ 1, within 10⁻²⁵ of it for x below 10⁹.

    `decimal` divides upwards, as told, and rounds a logarithm to the nearest of its numbers, so
    that the next one above is a bound.
    """
    with localcontext(prec=30, Emin=-99, rounding=ROUND_CEILING):
        return Fraction((Decimal(x.numerator) / x.denominator).ln().next_plus())
