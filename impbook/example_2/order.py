"""Example 2, uniform correlation: the order in which IMP prunes, from the alignments alone."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from impbook import _checks
from impbook._arrays import Indices, Vector
from impbook.example_2.correlation import mean_pull
from impbook.pruning import PruningOrder


def first_pruned(a: ArrayLike, alpha: float) -> Indices:
    """The feature that IMP prunes first under uniform correlation, for many y at once.

    Parameters
    ----------
    a : array_like, shape (trials, p)
        Alignments φ_jᵀy, one y per row.
    alpha : float
        Common correlation, −1/(p−1) < α < 1; α = 0 is the alignment heuristic.

    Returns
    -------
    ndarray of int, shape (trials,)
        argmin_i |a_i − β_p·ā| of each row.

    Raises
    ------
    ValueError
        If α is out of range.

    Examples
    --------
    >>> first_pruned([[1.0, 2.0, 4.0]], 0.0), first_pruned([[1.0, 2.0, 4.0]], 0.5)
    (array([0]), array([1]))
    """
    a = _checks.matrix("a", a)
    target = mean_pull(a.shape[1], alpha) * a.mean(axis=1, keepdims=True)
    return np.argmin(np.abs(a - target), axis=1)


def uniform_correlation_path(a: ArrayLike, alpha: float, q: int) -> PruningOrder:
    """The order of IMP under uniform correlation, from the alignments alone, in O(p log p).

    Parameters
    ----------
    a : array_like, shape (p,)
        Alignments φ_jᵀy of all features.
    alpha : float
        Common correlation, −1/(p−1) < α < 1; α = 0 is the alignment heuristic.
    q : int
        Number of prunings, 0 <= q < p.

    Returns
    -------
    PruningOrder

    Raises
    ------
    ValueError
        If α or q is out of range.

    See Also
    --------
    impbook.imp : the same order, with the weights, for any features.

    Notes
    -----
    With m features left IMP prunes the alignment nearest t = αΣa/(1−α+mα). Pruning x moves the
    target by (t − x)·α/(1+(m−2)α), a factor below 1 in size, so t stays between the same two
    survivors: the pruned features are always one run of the sorted alignments, a hole around t
    that grows by one of its two edges at a time. Hence one sort and one walk.

    Examples
    --------
    >>> uniform_correlation_path([1.0, 2.0, 4.0], 0.5, q=2).pruned
    array([1, 0])
    """
    a = _checks.vector("a", a)
    p = a.size
    q, alpha = _checks.pruned_count(q, p), _checks.uniform_correlation(alpha, p)
    t = _target(alpha, a.sum(), p)
    below = _outside(a, np.flatnonzero(a <= t), -1)
    above = _outside(a, np.flatnonzero(a > t), 1)
    pruned = []
    for m in range(p, p - q, -1):
        t = _target(alpha, above[-1].total + below[-1].total, m)
        nearest = min(above, below, key=lambda side: (abs(side[-1].value - t), side[-1].feature))
        pruned.append(nearest.pop().feature)
    return PruningOrder(np.array(pruned, dtype=np.intp), p)


class _Edge(NamedTuple):
    """An alignment at the edge of the hole, its feature, and the sum from it outwards."""

    value: float
    feature: int
    total: float


def _outside(a: Vector, features: Indices, sign: int) -> list[_Edge]:
    """The features on one side of the hole, from infinity to the edge; of equals the first last."""
    inwards = features[np.lexsort((-features, -sign * a[features]))]
    values = a[inwards]
    edges = zip(values.tolist(), inwards.tolist(), np.cumsum(values).tolist(), strict=True)
    return [_Edge(sign * np.inf, a.size, 0.0), *map(_Edge._make, edges)]


def _target(alpha: float, total: float, m: int) -> float:
    return alpha * total / (1 - alpha + m * alpha)
