"""Pruning by alignment or by removal cost, for comparison with iterative magnitude pruning."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.linalg
from numpy.typing import ArrayLike
from scipy.stats import kendalltau

from impbook import _arrays, _checks
from impbook._arrays import Matrix, Vector
from impbook.problem import LeastSquares
from impbook.pruning import PruningOrder, imp


def alignment_order(problem: LeastSquares, q: int) -> PruningOrder:
    """Pruning by the alignment heuristic: the feature with the smallest |φ_jᵀy| is pruned first.

    Parameters
    ----------
    problem : LeastSquares
        Least squares with p features.
    q : int
        Number of pruning steps, 0 <= q < p.

    Returns
    -------
    PruningOrder

    Raises
    ------
    ValueError
        If q is not in [0, p).

    Notes
    -----
    See §2 of the paper. The model is never retrained, so sorting the features once by |φ_jᵀy| gives
    the whole order. In a tie, the feature with the lowest index is pruned first.

    Examples
    --------
    >>> from impbook import LeastSquares
    >>> alignment_order(LeastSquares(np.eye(3), [3.0, -1.0, 2.0]), q=2).pruned
    array([1, 2])
    """
    q = _checks.pruned_count(q, _checks.instance("problem", problem, LeastSquares).p)
    return PruningOrder(np.argsort(np.abs(problem.alignment), kind="stable")[:q], problem.p)


def follows_alignment(
    problem: LeastSquares, q: int, *, T: float = np.inf, w_init: ArrayLike | None = None
) -> bool:
    """Whether IMP and the alignment heuristic prune the same q features in the same order.

    Parameters
    ----------
    problem : LeastSquares
        Least squares with p features.
    q : int
        Number of pruning steps to compare, 0 <= q < p.
    T, w_init : optional
        Training time and weights at initialisation, as for `imp`.

    Returns
    -------
    bool

    Raises
    ------
    ValueError
        If q is not in [0, p), if T is negative or NaN, or if w_init does not have p finite entries.

    Examples
    --------
    >>> from impbook import LeastSquares
    >>> follows_alignment(LeastSquares(np.eye(3), [3.0, -1.0, 2.0]), q=2)
    True
    """
    path = imp(problem, q, T=T, w_init=w_init, keep="last")
    return bool(np.array_equal(path.pruned, alignment_order(problem, q).pruned))


def removal_costs(problem: LeastSquares) -> Vector:
    """Removal costs, shape (p,): how much the minimum loss rises when one feature is removed.

    Parameters
    ----------
    problem : LeastSquares
        Least squares with linearly independent features.

    Returns
    -------
    ndarray, shape (p,)
        Entry i is the minimum of the loss L without feature i, minus the minimum with all features.

    Raises
    ------
    ValueError
        If the features are linearly dependent, or if the largest absolute entry of Phi or y is
        neither 0 nor between 1e-100 and 1e100.

    Notes
    -----
    The cost of feature i is w_i(∞)²/(2·(Σ⁻¹)_ii). Optimal Brain Surgeon and classical backward
    elimination remove the feature with the smallest cost. With T = ∞, IMP removes the feature with
    the smallest numerator.

    Examples
    --------
    >>> from impbook import LeastSquares
    >>> removal_costs(LeastSquares(np.eye(2), [3.0, 1.0]))
    array([2.25, 0.25])
    """
    problem = _checks.instance("problem", problem, LeastSquares)
    return _costs(_triangle(problem)) / problem.n


def backward_elimination(problem: LeastSquares, q: int) -> PruningOrder:
    """Pruning by removal cost: the feature that is cheapest to remove is pruned first.

    Parameters
    ----------
    problem : LeastSquares
        Least squares with p linearly independent features.
    q : int
        Number of pruning steps, 0 <= q < p.

    Returns
    -------
    PruningOrder

    Raises
    ------
    ValueError
        If q is not in [0, p), or for the reasons given in `removal_costs`.

    Notes
    -----
    Each round trains the remaining weights to convergence and prunes the feature with the smallest
    removal cost. In a tie, the feature with the lowest index is pruned. This is textbook backward
    elimination.

    Examples
    --------
    >>> from impbook import LeastSquares
    >>> problem = LeastSquares(np.diag([3.0, 1.0, 1.0]), [1.5, 2.0, 1.0])
    >>> backward_elimination(problem, q=2).pruned
    array([2, 0])
    """
    q = _checks.pruned_count(q, _checks.instance("problem", problem, LeastSquares).p)
    R = _triangle(problem)
    left, pruned = list(range(problem.p)), []
    for _ in range(q):
        j = int(np.argmin(_costs(R)))
        pruned.append(left.pop(j))
        R = np.asarray(np.linalg.qr(np.delete(R, j, axis=1), mode="r"))
    return PruningOrder(np.array(pruned, dtype=np.intp), problem.p)


def refitted(problem: LeastSquares, order: PruningOrder) -> Matrix:
    """Least-squares weights after k = 0, …, q pruning steps in a given order, shape (q+1, p).

    Parameters
    ----------
    problem : LeastSquares
        Least squares with p linearly independent features.
    order : PruningOrder
        Any order in which q of the p features are pruned.

    Returns
    -------
    ndarray, shape (q+1, p)
        Row k holds the least-squares weights of the features that remain after k pruning steps, and
        0 for the others.

    Raises
    ------
    ValueError
        If the features are linearly dependent, or if order and problem differ in p.

    Notes
    -----
    One QR factorisation is enough. It takes the features in the reverse order of pruning, so that
    every fit needs only a leading block of the same triangular factor. For the order that `imp`
    finds with T = ∞, these are the weights that `imp` returns.

    Examples
    --------
    >>> from impbook import LeastSquares
    >>> problem = LeastSquares(np.array([[1.0, 1.0], [0.0, 1.0]]), [1.0, 2.0])
    >>> refitted(problem, alignment_order(problem, q=1))
    array([[-1. ,  2. ],
           [ 0. ,  1.5]])
    """
    problem = _checks.instance("problem", problem, LeastSquares)
    order = _checks.instance("order", order, PruningOrder)
    if order.p != problem.p:
        raise ValueError(f"order must be for the {problem.p} features of problem, got {order.p}")
    kept = np.concatenate((np.flatnonzero(order.active[-1]), order.pruned[::-1]))
    R = _triangle(problem, kept)
    weights = np.zeros((order.pruned.size + 1, problem.p))
    for row, m in zip(weights, range(problem.p, 0, -1), strict=False):
        row[kept[:m]] = scipy.linalg.solve_triangular(R[:m, :m], R[:m, -1])
    return weights


def kendall_tau(first: PruningOrder, second: PruningOrder) -> float:
    """Kendall's rank correlation of two pruning orders, in [−1, 1].

    Parameters
    ----------
    first, second : PruningOrder
        Orders of the same p >= 2 features, with at least one pruning step each.

    Returns
    -------
    float
        If both orders have q = p − 1, this is the fraction of the pairs of features that they put
        in the same order, minus the fraction that they put in opposite orders. The survivor counts
        as pruned last. If an order has several survivors, they count as tied, and the value is
        Kendall's τ_b.

    Raises
    ------
    ValueError
        If first and second differ in p, if p is below 2, or if either of them prunes no feature.

    Examples
    --------
    >>> from impbook import LeastSquares
    >>> problem = LeastSquares(np.eye(3), [3.0, -1.0, 2.0])
    >>> kendall_tau(alignment_order(problem, 2), alignment_order(problem, 2))
    1.0
    """
    first = _checks.instance("first", first, PruningOrder)
    second = _checks.instance("second", second, PruningOrder)
    if first.p != second.p or first.p < 2 or not (first.pruned.size and second.pruned.size):
        raise ValueError(
            f"first and second must each prune at least one of the same p >= 2 features, got "
            f"{first.pruned.size} of {first.p} and {second.pruned.size} of {second.p}"
        )
    return float(kendalltau(first.survived, second.survived).statistic)


def _triangle(problem: LeastSquares, kept: Any = slice(None)) -> Matrix:
    """Factor R of a QR factorisation of [Φ y], with the columns of Φ in the order `kept`."""
    Phi, y = _checks.squarable("Phi", problem.Phi), _checks.squarable("y", problem.y, 1)
    R: Matrix = np.asarray(np.linalg.qr(np.column_stack((Phi[:, kept], y)), mode="r"))
    if _arrays.rank(Phi) < problem.p:
        raise ValueError("Phi must have linearly independent features, so that Σ is invertible")
    return R


def _costs(R: Matrix) -> Vector:
    """For each feature, the rise in min ‖Φw − y‖²/2 if it is removed; R comes from `_triangle`."""
    p = R.shape[1] - 1
    root = scipy.linalg.solve_triangular(R[:p, :p], np.eye(p))
    return (root @ R[:p, -1]) ** 2 / (2 * np.sum(root**2, axis=1))
