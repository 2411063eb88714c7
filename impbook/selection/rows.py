"""Many rows made few: least squares on a long table as least squares on p rows, block by block."""

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

from impbook._checks import Indices, Matrix, Vector
from impbook.elimination.downdating import CONDITION
from impbook.problem import LeastSquares

Block = tuple[Matrix, Vector, Vector]


@dataclass(frozen=True, eq=False)
class Task:
    """Rows of a table to fit, read in blocks and never copied as a whole, and how to fit them.

    Attributes
    ----------
    X : ndarray or sparse matrix, shape (n, p)
        The table.
    y, weight : ndarray, shape (n,)
        Target and weight of every row of the table.
    index : ndarray of int, shape (m,)
        The rows that count.
    alpha : float
        Ridge penalty α‖w‖², added to the weighted sum of squares.
    T : float
        Training time in [0, inf].
    fit_intercept : bool
        Whether there is an intercept, which is not penalised.
    step : int
        Features to drop in each round.
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
    def means(self) -> tuple[Vector, float]:
        """Weighted means of the features and of the targets; 0 without an intercept."""
        x_sum, y_sum = np.zeros(self.p), 0.0
        if not self.fit_intercept:
            return x_sum, y_sum
        for features, targets, weight in self._blocks():
            x_sum += weight @ features
            y_sum += float(weight @ targets)
        size = self.weight[self.index].sum()
        return x_sum / size, float(y_sum / size)

    def scaled(self) -> Iterator[Block]:
        """Features and targets less their means, times the roots of the weights; and the roots."""
        x_mean, y_mean = self.means
        for features, targets, weight in self._blocks():
            root = np.sqrt(weight)
            features -= x_mean
            features *= root[:, np.newaxis]
            yield features, (targets - y_mean) * root, root

    def _blocks(self) -> Iterator[Block]:
        height = max(1024, 2 * self.p)
        for first in range(0, self.index.size, height):
            rows = self.index[first : first + height]
            part = self.X[rows]
            features = part.toarray() if scipy.sparse.issparse(part) else part
            features = np.asarray(features, dtype=np.float64, order="C")
            yield features, self.y[rows].astype(np.float64), self.weight[rows]


def reduced(task: Task) -> tuple[LeastSquares, float]:
    """Least squares on p rows in place of many, with the same weights at all times.

    Parameters
    ----------
    task : Task
        The rows to fit.

    Returns
    -------
    problem : LeastSquares
        At most p rows, centred if there is an intercept; the penalty is in them.
    time_unit : float
        Training time here for one unit of it there.

    Raises
    ------
    ValueError
        If the weight of every row is 0.

    Notes
    -----
    Any A with AᵀA = ΦᵀΦ and Aᵀb = Φᵀy will do. Cholesky's factor of ΦᵀΦ is the cheapest and as
    good as any where the features, each brought to norm 1, are well conditioned; if they are not,
    A comes from a QR factorisation, to which squaring Φ does no harm.
    """
    size = float(task.weight[task.index].sum())
    if not size > 0:
        raise ValueError("sample_weight must not be zero on all the rows of a fit")
    small = _by_cholesky(task) if task.index.size > task.p or task.alpha else None
    problem = LeastSquares(*(small or _by_qr(task)))
    return problem, problem.n / size


def _by_cholesky(task: Task) -> tuple[Matrix, Vector] | None:
    """A and b from ΦᵀΦ, or None if squaring Φ would lose accuracy."""
    gram, alignment = np.diag(np.full(task.p, task.alpha)).T, np.zeros(task.p)
    with np.errstate(all="ignore"):
        for features, targets, _ in task.scaled():
            dsyrk(1.0, features.T, beta=1.0, c=gram, lower=True, overwrite_c=True)
            alignment += dgemv(1.0, features.T, targets)
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
    """A and b from the triangle of Φ, block on block.

    A column of ones goes first: the row in which its entry ends is the intercept's equation.
    """
    p, ones = task.p, int(task.fit_intercept)
    R = np.sqrt(task.alpha) * np.eye(p if task.alpha else 0, ones + p + 1, k=ones)
    for features, targets, root in task.scaled():
        block = np.column_stack((root, features, targets))[:, 1 - ones :]
        stack = np.vstack((R, block))
        (R,) = scipy.linalg.qr(stack, mode="r", overwrite_a=True, check_finite=False)
        R = R[: ones + p + 1]
    A, b = R[ones : ones + p, ones:-1], R[ones : ones + p, -1]
    return (A, b) if len(A) else (np.zeros((1, p)), np.zeros(1))
