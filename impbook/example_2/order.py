"""Example 2, uniform correlation: the order in which IMP prunes, from the alignments alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from impbook import _checks
from impbook._arrays import Indices
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
    x = np.sort(a)
    # x[low:high] is the hole: what is next on either side, and the sum of all that is left there.
    below, above = [-np.inf, *x.tolist()], [*x.tolist(), np.inf]
    sum_below = np.append(0.0, np.cumsum(x)).tolist()
    sum_above = np.append(np.cumsum(x[::-1])[::-1], 0.0).tolist()
    # Among equal alignments the lowest index goes first: on the way down and on the way up.
    downward = [p, *np.argsort(-a, kind="stable")[::-1].tolist()]
    upward = [*np.argsort(a, kind="stable").tolist(), p]
    low = high = int(np.searchsorted(x, _target(alpha, a.sum(), p), side="right"))
    pruned = []
    for m in range(p, p - q, -1):
        t = _target(alpha, sum_above[high] + sum_below[low], m)
        if (abs(above[high] - t), upward[high]) < (abs(below[low] - t), downward[low]):
            pruned.append(upward[high])
            high += 1
        else:
            pruned.append(downward[low])
            low -= 1
    return PruningOrder(np.array(pruned, dtype=np.intp), p)


def _target(alpha: float, total: float, m: int) -> float:
    return alpha * total / (1 - alpha + m * alpha)
