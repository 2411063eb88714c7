"""The elimination path of a linear regression: all models on it, from one run of `imp`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from impbook._arrays import Indices, Mask, Matrix, Vector
from impbook.pruning import imp
from impbook.selection.rows import Task, as_problem


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
    def ranking(self) -> Indices:
        """1 for the features left after each round, 2 for those just gone, …, shape (r+1, p)."""
        return 1 + np.cumsum(~self.support, axis=0)


def prune(task: Task, keep: int) -> Path:
    """The path from all features down to `keep` of them, `step` a round, the rest in the last."""
    problem, unit = as_problem(task)
    x_mean, y_mean = task.means
    path = imp(problem, task.p - keep, T=task.T * unit, per_round=task.step)
    return Path(path.active, path.weights, y_mean - path.weights @ x_mean)
