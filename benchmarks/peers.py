"""Other ways to find the pruning order, all of which refit in every round."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import scipy.linalg
from numpy.typing import NDArray
from sklearn.feature_selection import RFE
from sklearn.linear_model import LinearRegression

from benchmarks import designs

Order = NDArray[np.intp]


def refitting(Phi, y, refit: Callable, q: int) -> Order:
    """Order in which q features are pruned if `refit` gives the weights in every round."""
    left, order = np.arange(Phi.shape[1]), []
    for _ in range(q):
        j = int(np.abs(refit(left)).argmin())
        order.append(left[j])
        left = np.delete(left, j)
    return np.array(order)


def by_lstsq(Phi, y, q: int) -> Order:
    """Refit with numpy.linalg.lstsq in every round."""
    return refitting(Phi, y, lambda left: np.linalg.lstsq(Phi[:, left], y)[0], q)


def by_cholesky(Phi, y, q: int) -> Order:
    """Form ΦᵀΦ once, and factorise its remaining rows and columns by Cholesky in every round."""
    gram, alignment = Phi.T @ Phi, Phi.T @ y

    def refit(left):
        factor = scipy.linalg.cho_factor(gram[np.ix_(left, left)], check_finite=False)
        return scipy.linalg.cho_solve(factor, alignment[left], check_finite=False)

    return refitting(Phi, y, refit, q)


def by_rfe(Phi, y, q: int, **options) -> Order:
    """Use scikit-learn's recursive feature elimination; `options` go to LinearRegression."""
    model = LinearRegression(fit_intercept=False, **options)
    rfe = RFE(model, n_features_to_select=Phi.shape[1] - q).fit(Phi, y)
    return np.argsort(-rfe.ranking_, kind="stable")[:q]


def sure_orders(design: Callable, trials: int, p: int) -> Iterator[tuple]:
    """Problems (Φ, y, order) whose order (by lstsq) survives a relative change of 1e-13 in Φ."""
    for seed in range(trials):
        Phi, y = designs.problem(design, 2 * p, p, seed)
        expected = by_lstsq(Phi, y, p - 1)
        change = np.random.default_rng(seed).uniform(-1, 1, Phi.shape)
        if np.array_equal(by_lstsq(Phi * (1 + 1e-13 * change), y, p - 1), expected):
            yield Phi, y, expected
