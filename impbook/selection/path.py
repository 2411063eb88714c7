"""The elimination path of a linear regression: all models on it, from one run of `imp`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from impbook._checks import Matrix, Vector
from impbook.pruning import imp
from impbook.selection.rows import Rows, reduced


@dataclass(frozen=True, eq=False)
class Model:
    """What is trained on the features left.

    Attributes
    ----------
    alpha : float
        Ridge penalty.
    T : float
        Training time in [0, inf].
    fit_intercept : bool
        Whether there is an intercept.
    """

    alpha: float
    T: float
    fit_intercept: bool


@dataclass(frozen=True, eq=False)
class Path:
    """The models after 0, 1, …, r rounds.

    Attributes
    ----------
    n_features : ndarray of int, shape (r+1,)
        Features left, descending.
    rounds : ndarray of int, shape (p,)
        Rounds that each feature survives; r for those left at the end.
    coef : ndarray, shape (r+1, p)
        Coefficients, 0 for the features that are gone.
    intercept : ndarray, shape (r+1,)
        Intercepts.
    """

    n_features: NDArray[np.intp]
    rounds: NDArray[np.intp]
    coef: Matrix
    intercept: Vector

    @property
    def support(self) -> NDArray[np.bool_]:
        """Mask of the features left after each round, shape (r+1, p)."""
        return self.rounds >= self._done

    @property
    def ranking(self) -> NDArray[np.intp]:
        """1 for the features left after each round, 2 for those just gone, …, shape (r+1, p)."""
        return 1 + np.maximum(0, self._done - self.rounds)

    @property
    def _done(self) -> NDArray[np.intp]:
        return np.arange(self.n_features.size)[:, np.newaxis]


def prune(rows: Rows, model: Model, keep: int, step: int) -> Path:
    """The path from all features down to `keep` of them, `step` a round, the rest in the last."""
    p = rows.p
    small = reduced(rows, model.alpha, model.fit_intercept)
    path = imp(small.problem, p - keep, T=model.T * small.time_unit, per_round=step)
    done = np.arange(len(path.weights))
    survived = np.full(p, done[-1])
    survived[path.pruned] = np.arange(p - keep) // step
    intercept = small.y_mean - path.weights @ small.x_mean
    return Path(p - np.minimum(done * step, p - keep), survived, path.weights, intercept)
