"""All models on an elimination path, computed from a table that is read in blocks of rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import scipy.linalg
import scipy.sparse
from scipy.linalg.blas import dgemv, dsyrk
from scipy.linalg.lapack import dpocon, dpotrf, dtrtrs

from impbook._arrays import NEGLIGIBLE, Indices, Mask, Matrix, Vector
from impbook.elimination.downdating import CONDITION
from impbook.problem import LeastSquares
from impbook.pruning import imp

Block = tuple[Matrix, Vector, Vector]


@dataclass(frozen=True, eq=False)
class Task:
    """The task of fitting models to some rows of a table, and the options of the fit.

    The table is read in blocks and never copied as a whole.

    Attributes
    ----------
    X : ndarray or sparse matrix, shape (n, p)
        The table.
    y, weight : ndarray, shape (n,)
        Targets and weights of all rows of the table.
    index : ndarray of int, shape (m,)
        Indices of the rows to fit.
    alpha : float
        Strength α of the ridge penalty α‖w‖², which is added to the weighted sum of squares.
    T : float
        Training time in [0, inf].
    fit_intercept : bool
        Whether there is an intercept, which is not penalised.
    step : int
        Number of features to drop in each round.
    """

    X: Any
    y: Vector
    weight: Vector
    index: Indices
    alpha: float
    T: float
    fit_intercept: bool
    step: int

    @property
    def p(self) -> int:
        """Number of features."""
        return int(self.X.shape[1])

    @cached_property
    def origin(self) -> tuple[Vector, float]:
        """The row and the target to subtract from all rows and all targets before centring.

        They are one of the rows to fit and its target, so that a constant column becomes exactly 0.
        Without an intercept, both are 0.
        """
        if not self.fit_intercept:
            return np.zeros(self.p), 0.0
        row = self.index[[self.weight[self.index].argmax()]]
        return _dense(self.X[row])[0], float(self.y[row[0]])

    @cached_property
    def means(self) -> tuple[Vector, float]:
        """Weighted means of the features and of the targets; all are 0 if there is no intercept."""
        x_origin, y_origin = self.origin
        x_shift, y_shift = self._shift
        return x_origin + x_shift, y_origin + y_shift

    @cached_property
    def _shift(self) -> tuple[Vector, float]:
        """Weighted means of the features and of the targets, minus `origin`."""
        x_sum, y_sum = np.zeros(self.p), 0.0
        if not self.fit_intercept:
            return x_sum, y_sum
        for features, targets, weight in self._blocks():
            x_sum += weight @ features
            y_sum += float(weight @ targets)
        size = self.weight[self.index].sum()
        return x_sum / size, float(y_sum / size)

    def scaled(self) -> Iterator[Block]:
        """Yield, per block, centred features and targets, each times √weight, and then √weight."""
        x_shift, y_shift = self._shift
        for features, targets, weight in self._blocks():
            root = np.sqrt(weight)
            features -= x_shift
            features *= root[:, np.newaxis]
            yield features, (targets - y_shift) * root, root

    def _blocks(self) -> Iterator[Block]:
        height = max(1024, 2 * self.p)
        x_origin, y_origin = self.origin
        for first in range(0, self.index.size, height):
            rows = self.index[first : first + height]
            features = _dense(self.X[rows])
            features -= x_origin
            yield features, self.y[rows].astype(np.float64) - y_origin, self.weight[rows]


def _dense(part: Any) -> Matrix:
    features = part.toarray() if scipy.sparse.issparse(part) else part
    return np.asarray(features, dtype=np.float64, order="C")


@dataclass(frozen=True, eq=False)
class Path:
    """The models after 0, 1, …, r rounds.

    Attributes
    ----------
    support : ndarray of bool, shape (r+1, p)
        Mask of the features that remain after each round.
    coef : ndarray, shape (r+1, p)
        Coefficients after each round, 0 for the features already pruned.
    intercept : ndarray, shape (r+1,)
        Intercepts after each round.
    """

    support: Mask
    coef: Matrix
    intercept: Vector

    @property
    def ranking(self) -> Indices:
        """Ranks after each round, shape (r+1, p): 1 if kept, 2 if pruned in that round, etc."""
        return 1 + np.cumsum(~self.support, axis=0)


def prune(task: Task, keep: int) -> Path:
    """The path from p features down to `keep`; only the last round may drop fewer than `step`."""
    problem, unit = as_problem(task)
    x_mean, y_mean = task.means
    path = imp(problem, task.p - keep, T=task.T * unit, per_round=task.step)
    return Path(path.active, path.weights, y_mean - path.weights @ x_mean)


def as_problem(task: Task) -> tuple[LeastSquares, float]:
    """Reduce the task to least squares on at most p rows, without changing any trained weights.

    Parameters
    ----------
    task : Task
        The rows to fit and the options.

    Returns
    -------
    problem : LeastSquares
        The reduced problem. It includes the penalty, and it is centred if there is an intercept.
    time_unit : float
        Training time of the reduced problem that corresponds to one unit of the task's T.

    Raises
    ------
    ValueError
        If the rows to fit have total weight 0.

    Notes
    -----
    Let Φ and y hold the features and targets of the rows to fit, after centring and weighting. Any
    A and b with AᵀA = ΦᵀΦ and Aᵀb = Φᵀy give the same weights as Φ and y. The Cholesky factor of
    ΦᵀΦ is the cheapest choice of A, and it is accurate if the features, scaled to norm 1, are well
    conditioned. If they are not, A comes from a QR factorisation, which never forms ΦᵀΦ.

    After centring, a column or a difference of columns may consist of rounding errors alone. Two
    examples are a constant column, and the difference between a temperature in K and the same
    temperature in °C. So the component of a column orthogonal to the other columns counts as 0 if
    its norm is at most 10⁻¹³ times the norm of the column *before* centring. A fit with a column of
    ones instead of centring would use the same bound.
    """
    size = float(task.weight[task.index].sum())
    if not size > 0:
        raise ValueError("sample_weight must not be zero on all the rows of a fit")
    small = _by_cholesky(task) if task.index.size > task.p or task.alpha else None
    problem = LeastSquares(*(small or _by_qr(task)))
    return problem, problem.n / size


def _by_cholesky(task: Task) -> tuple[Matrix, Vector] | None:
    """A and b from ΦᵀΦ, or None if forming ΦᵀΦ or centring Φ would lose accuracy."""
    gram, alignment = np.zeros((task.p, task.p)).T, np.zeros(task.p)
    with np.errstate(all="ignore"):
        for features, targets, _ in task.scaled():
            dsyrk(1.0, features.T, beta=1.0, c=gram, lower=True, overwrite_c=True)
            alignment += dgemv(1.0, features.T, targets)
        centred = np.sqrt(gram.diagonal())
        if (centred < np.sqrt(CONDITION) * _rounding(task, centred)).any():
            return None
        np.fill_diagonal(gram, gram.diagonal() + task.alpha)
        norms = np.sqrt(gram.diagonal())
        gram /= norms
        gram /= norms[:, np.newaxis]
        below = np.abs(np.tril(gram, -1))
        largest = 1 + (below.sum(axis=0) + below.sum(axis=1)).max()
        if not np.isfinite(largest):
            return None
        factor, failed = dpotrf(gram, lower=True, clean=True, overwrite_a=True)
        if failed or dpocon(factor, largest, uplo="L")[0] * CONDITION < 1:
            return None
        return factor.T * norms, dtrtrs(factor, alignment / norms, lower=True)[0]


def _by_qr(task: Task) -> tuple[Matrix, Vector]:
    """A and b from a QR factorisation of Φ, computed by adding one block of rows at a time.

    If there is an intercept, the first column of the factorised matrix belongs to it. The first row
    of R is then the equation for the intercept and is dropped.
    """
    p, ones = task.p, int(task.fit_intercept)
    R = np.zeros((0, ones + p + 1))
    for features, targets, root in task.scaled():
        block = np.column_stack((root, features, targets))[:, 1 - ones :]
        R = _triangle(np.vstack((R, block)))[: ones + p + 1]
    A, b = R[ones : ones + p, ones:-1], R[ones : ones + p, -1]
    A, b = _above_rounding(A, b, _rounding(task, np.linalg.norm(A, axis=0)))
    if task.alpha:
        penalty = np.sqrt(task.alpha) * np.eye(p, p + 1)
        R = _triangle(np.vstack((np.column_stack((A, b)), penalty)))
        A, b = R[:p, :-1], R[:p, -1]
    return (A, b) if len(A) else (np.zeros((1, p)), np.zeros(1))


def _triangle(stack: Matrix) -> Matrix:
    return scipy.linalg.qr(stack, mode="r", overwrite_a=True, check_finite=False)[0]


def _rounding(task: Task, centred: Vector) -> Vector:
    """For each column, the largest norm at which a component of it counts as rounding error.

    `centred` holds the norms of the columns after centring.
    """
    size = task.weight[task.index].sum()
    before = np.hypot(centred, np.sqrt(size) * task.means[0])
    return before * NEGLIGIBLE


def _above_rounding(A: Matrix, b: Vector, rounding: Vector) -> tuple[Matrix, Vector]:
    """Rotate the rows of A and b, and drop the rows in which A holds only rounding errors."""
    if not len(A):
        return A, b
    unit = np.where(rounding > 0, rounding, 1.0)
    Q, R, order = scipy.linalg.qr(A / unit, mode="economic", pivoting=True, check_finite=False)
    rank = int((np.abs(R.diagonal()) > 1).sum())
    kept = np.zeros((rank, A.shape[1]))
    kept[:, order] = R[:rank] * unit[order]
    return kept, Q[:, :rank].T @ b
