"""The elimination path of a linear regression: all models on it, from one run of `imp`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from impbook._checks import Indices, Mask, Matrix, Vector
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
    support : ndarray of bool, shape (r+1, p)
        Mask of the features left after each round.
    coef : ndarray, shape (r+1, p)
        Coefficients, 0 for the features that are gone.
    intercept : ndarray, shape (r+1,)
        Intercepts.
    """

    support: Mask
    coef: Matrix
    intercept: Vector

    @property
    def n_features(self) -> Indices:
        """Number of features left after each round, descending, shape (r+1,)."""
        return self.support.sum(axis=1)

    @property
    def ranking(self) -> Indices:
        """1 for the features left after each round, 2 for those just gone, …, shape (r+1, p)."""
        return 1 + np.cumsum(~self.support, axis=0)


def prune(rows: Rows, model: Model, keep: int, step: int) -> Path:
    """The path from all features down to `keep` of them, `step` a round, the rest in the last."""
    problem, unit, x_mean, y_mean = reduced(rows, model.alpha, model.fit_intercept)
    path = imp(problem, rows.p - keep, T=model.T * unit, per_round=step)
    return Path(path.active, path.weights, y_mean - path.weights @ x_mean)
