"""Iterative magnitude pruning with any trainer, and with exact training for least squares."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from impbook import _checks
from impbook._arrays import Indices, Mask, Matrix, Vector
from impbook.elimination import System, make_engine
from impbook.problem import LeastSquares

__all__ = ["PruningOrder", "PruningPath", "algorithm_1", "imp"]

Trainer = Callable[[Vector, Mask], ArrayLike]


@dataclass(frozen=True, eq=False)
class PruningOrder:
    """Which of p features are pruned, and in what order.

    Attributes
    ----------
    pruned : ndarray of int, shape (q,)
        Indices of the features, counted from 0, in the order in which they are pruned.
    p : int
        Number of features at the start.
    """

    pruned: Indices
    p: int

    @property
    def active(self) -> Mask:
        """Masks of the features active after k = 0, …, q pruning steps, shape (q+1, p)."""
        return self.survived >= np.arange(self.pruned.size + 1)[:, np.newaxis]

    @property
    def survived(self) -> Indices:
        """Number of pruning steps that each feature survives, shape (p,)."""
        survived = np.full(self.p, self.pruned.size)
        survived[self.pruned] = np.arange(self.pruned.size)
        return survived


@dataclass(frozen=True, eq=False)
class PruningPath(PruningOrder):
    """The weights along a run of iterative magnitude pruning, and the order of pruning.

    Attributes
    ----------
    pruned : ndarray of int, shape (q,)
        Indices of the features, counted from 0, in the order in which they are pruned.
    p : int
        Number of features at the start.
    weights : ndarray, shape (q+1, p)
        Row k holds the weights w^(k)(T), trained after k features have been pruned. If `rounds` is
        given, there is instead one row for each entry of `rounds`: row k then holds the weights
        trained after rounds[k] features have been pruned.
    rounds : ndarray of int, optional
        For each row of `weights`, the number of features pruned before these weights were trained;
        None stands for 0, 1, …, q.
    """

    weights: Matrix
    rounds: Indices | None = None

    @property
    def active(self) -> Mask:
        """Masks of the active features, one row for each row of `weights`."""
        rows = super().active
        return rows if self.rounds is None else rows[self.rounds]

    @property
    def output(self) -> Vector:
        """The output w^(q)(T) of Algorithm 1, with q features pruned, shape (p,)."""
        return self.weights[-1]


def algorithm_1(train: Trainer, w_init: ArrayLike, q: int) -> PruningPath:
    """Iterative magnitude pruning with any trainer: the paper's Algorithm 1, line by line.

    Parameters
    ----------
    train : callable
        ``train(w0, active)`` trains the weights in the boolean mask `active`, starting from w0, and
        returns weights of shape (p,). Both w0 and the returned weights are 0 outside the mask.
    w_init : array_like, shape (p,)
        Weights at initialisation; every round starts again from them.
    q : int
        Number of pruning steps before the output is trained, 0 <= q < p.

    Returns
    -------
    PruningPath

    Raises
    ------
    ValueError
        If q is not in [0, p), if w_init is not a finite vector, or if `train` returns the wrong
        shape, a weight that is not finite, or a non-zero weight outside the mask.

    See Also
    --------
    imp : the same algorithm for the squared loss, with training by gradient flow.

    Notes
    -----
    The loop runs for k = 0, …, q, so it trains q + 1 times and prunes q + 1 times. It returns the
    weights trained before the last pruning step, so the output has q weights pruned and the last
    pruning step is not part of the path. In a tie, the weight with the lowest index is pruned.

    Examples
    --------
    >>> from impbook import LeastSquares, gradient_flow
    >>> problem = LeastSquares(np.eye(3), [3.0, 1.0, 2.0])
    >>> def train(w0, active):
    ...     return gradient_flow(problem, np.inf, w0, active=active)
    >>> path = algorithm_1(train, np.zeros(3), q=2)
    >>> path.pruned
    array([1, 2])
    >>> path.output
    array([3., 0., 0.])
    """
    _checks.function("train", train)
    start = _checks.vector("w_init", w_init)
    q = _checks.pruned_count(q, start.size)
    active = np.ones(start.size, dtype=bool)
    weights = np.empty((q + 1, start.size))
    pruned = []
    for k in range(q + 1):
        masked_start = np.where(active, start, 0.0)
        weights[k] = _trained(train(masked_start, active.copy()), active)
        i = int(np.argmin(np.where(active, np.abs(weights[k]), np.inf)))
        active[i] = False
        pruned.append(i)
    return PruningPath(np.array(pruned[:q], dtype=np.intp), start.size, weights)


def imp(
    problem: LeastSquares,
    q: int,
    *,
    T: float = np.inf,
    w_init: ArrayLike | None = None,
    per_round: int | float = 1,
    keep: Literal["all", "last"] = "all",
) -> PruningPath:
    """Iterative magnitude pruning of a linear model trained by exact gradient flow.

    Parameters
    ----------
    problem : LeastSquares
        Least-squares problem with p features. Φ may have any rank and any condition number.
    q : int
        Number of pruning steps, 0 <= q < p.
    T : float, optional
        Training time of each round, in [0, inf]; by default training runs to convergence.
    w_init : array_like, shape (p,), optional
        Weights at initialisation; 0 if not given.
    per_round : int or float, optional
        Number of features to prune in each round: an int is a count, and a float in (0, 1) is a
        fraction of the active features, rounded to a count by `round`, but at least 1. The last
        round prunes only as many features as needed to reach q.
    keep : {"all", "last"}, optional
        Which weights to return: those of every round, or only the output.

    Returns
    -------
    PruningPath

    Raises
    ------
    ValueError
        If q is not in [0, p), if per_round is neither a positive integer nor a fraction in (0, 1),
        if keep is neither "all" nor "last", if T is negative or NaN, or if w_init does not have p
        finite entries.

    See Also
    --------
    algorithm_1 : the same loop for any loss and any way of training.

    Notes
    -----
    This is Algorithm 1 with L(w) = ‖Φw − y‖²/(2n). If T = ∞ and w_init = 0, it is backward
    elimination of the feature with the smallest absolute coefficient. The fit is updated after each
    pruning step instead of being recomputed. At T = ∞, the whole path costs about as much as one
    inverse of Σ (see `impbook.elimination`). The notes on rank and accuracy in `gradient_flow`
    apply to every round. In a tie, the weight with the lowest index is pruned. Weights that are
    equal only in exact arithmetic are not a tie: their rounding errors decide, as they would if the
    model were refitted.

    Examples
    --------
    >>> from impbook import LeastSquares
    >>> problem = LeastSquares([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]], [3, 1, 2, 5])
    >>> path = imp(problem, q=2)
    >>> path.pruned
    array([1, 2])
    >>> path.weights.round(2)
    array([[2.75, 0.75, 1.75],
           [3.  , 0.  , 2.  ],
           [4.  , 0.  , 0.  ]])
    >>> imp(problem, q=2, per_round=2).weights.round(2)
    array([[2.75, 0.75, 1.75],
           [4.  , 0.  , 0.  ]])
    """
    p = _checks.instance("problem", problem, LeastSquares).p
    q = _checks.pruned_count(q, p)
    T = _checks.training_time(T)
    start = np.zeros(p) if w_init is None else _checks.vector("w_init", w_init, p)
    done = _done(p, q, _checks.per_round(per_round))
    _checks.choice("keep", keep, ("all", "last"))

    rounds = np.array(done if keep == "all" else [q], dtype=np.intp)
    weights = np.zeros((rounds.size, p))
    row, pruned = iter(weights), []
    engine = make_engine(System(problem.Phi, problem.y, start, np.arange(p)), T / problem.n)
    if not np.isfinite(engine.w).all():
        raise ValueError("the trained weights are beyond the range of doubles; rescale Phi or y")
    for begin, end in pairwise([*done, q]):
        if keep == "all" or begin == q:
            next(row)[engine.features] = np.where(np.isinf(engine.w), 0.0, engine.w)
        for feature in engine.features[_smallest(engine.w, end - begin)].tolist():
            engine = engine.remove(int(engine.features.searchsorted(feature)))
            pruned.append(feature)
    order = np.array(pruned, dtype=np.intp)
    return PruningPath(order, p, weights, None if rounds.size == q + 1 else rounds)


def _done(p: int, q: int, per_round: int | float) -> list[int]:
    """Numbers of features already pruned at the start of each round, from 0 up to q."""
    done = [0]
    while (k := done[-1]) < q:
        wanted = per_round if isinstance(per_round, int) else max(1, round(per_round * (p - k)))
        done.append(min(k + wanted, q))
    return done


def _smallest(w: Vector, count: int) -> Indices:
    """Positions of the `count` smallest |w|, sorted by |w| and, in a tie, by position."""
    size = np.abs(w)
    if count == 1:  # the usual case, which needs no sort
        return np.array([size.argmin()])
    return np.argsort(size, kind="stable")[:count]


def _trained(returned: Any, active: Mask) -> Vector:
    w = _checks.vector("the weights that train returns", returned, active.size)
    outside = np.flatnonzero(~active & (w != 0))
    if outside.size:
        raise ValueError(
            f"train must leave pruned weights at 0, but weight {outside[0]} came back as "
            f"{w[outside[0]]:.4g}"
        )
    return w
