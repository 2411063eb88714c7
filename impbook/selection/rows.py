"""Many rows made few: least squares on a long table as least squares on p rows, block by block."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
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
class Rows:
    """Rows of a table, with targets and weights, read in blocks and never copied as a whole.

    Attributes
    ----------
    X : ndarray or sparse matrix, shape (n, p)
        The table.
    y, weight : ndarray, shape (n,)
        Target and weight of every row of the table.
    index : ndarray of int, shape (m,)
        The rows that count.
    """

    X: Any
    y: Vector
    weight: Vector
    index: Indices

    @property
    def p(self) -> int:
        """Number of features."""
        return int(self.X.shape[1])

    def means(self) -> tuple[Vector, float]:
        """Weighted means of the features and of the targets."""
        x_sum, y_sum = np.zeros(self.p), 0.0
        for features, targets, weight in self._blocks():
            x_sum += weight @ features
            y_sum += float(weight @ targets)
        size = self.weight[self.index].sum()
        return x_sum / size, float(y_sum / size)

    def scaled(self, x_mean: Vector, y_mean: float) -> Iterator[Block]:
        """Features and targets less their means, times the roots of the weights; and the roots."""
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


def reduced(
    rows: Rows, alpha: float, fit_intercept: bool
) -> tuple[LeastSquares, float, Vector, float]:
    """Least squares on p rows in place of many, with the same weights at all times.

    Parameters
    ----------
    rows : Rows
        The rows to fit.
    alpha : float
        Ridge penalty α‖w‖², added to the weighted sum of squares.
    fit_intercept : bool
        Whether the model has an intercept, which is not penalised.

    Returns
    -------
    problem : LeastSquares
        At most p rows, centred if there is an intercept; the penalty is in them.
    time_unit : float
        Training time here for one unit of it there.
    x_mean : ndarray, shape (p,)
        What was subtracted from the features.
    y_mean : float
        What was subtracted from the targets.

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
    size = float(rows.weight[rows.index].sum())
    if not size > 0:
        raise ValueError("sample_weight must not be zero on all the rows of a fit")
    x_mean, y_mean = rows.means() if fit_intercept else (np.zeros(rows.p), 0.0)
    small = None
    if rows.index.size > rows.p or alpha:
        small = _by_cholesky(rows.scaled(x_mean, y_mean), rows.p, alpha)
    if small is None:
        small = _by_qr(rows.scaled(x_mean, y_mean), rows.p, alpha, fit_intercept)
    problem = LeastSquares(*small)
    return problem, problem.n / size, x_mean, y_mean


def _by_cholesky(blocks: Iterator[Block], p: int, alpha: float) -> tuple[Matrix, Vector] | None:
    """A and b from ΦᵀΦ, or None if squaring Φ would lose accuracy."""
    gram, alignment = np.diag(np.full(p, alpha)).T, np.zeros(p)
    with np.errstate(all="ignore"):
        for features, targets, _ in blocks:
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


def _by_qr(
    blocks: Iterator[Block], p: int, alpha: float, fit_intercept: bool
) -> tuple[Matrix, Vector]:
    """A and b from the triangle of Φ, block on block.

    A column of ones goes first: the row in which its entry ends is the intercept's equation.
    """
    ones = int(fit_intercept)
    R = np.sqrt(alpha) * np.eye(p if alpha else 0, ones + p + 1, k=ones)
    for features, targets, root in blocks:
        block = np.column_stack((root, features, targets))[:, 1 - ones :]
        stack = np.vstack((R, block))
        (R,) = scipy.linalg.qr(stack, mode="r", overwrite_a=True, check_finite=False)
        R = R[: ones + p + 1]
    A, b = R[ones : ones + p, ones:-1], R[ones : ones + p, -1]
    return (A, b) if len(A) else (np.zeros((1, p)), np.zeros(1))
