"""Compare the selectors and `imp` with scikit-learn: time, chosen features, order, memory."""

from __future__ import annotations

from functools import partial

import numpy as np
from sklearn.feature_selection import RFE, RFECV
from sklearn.linear_model import LinearRegression

from benchmarks import designs, peers
from benchmarks.table import peak, row, seconds
from impbook import LeastSquares, imp
from impbook.selection import MagnitudePruning, MagnitudePruningCV

ROWS = 10_000


def regression(p: int):
    """Gaussian features, and a target: a noisy sum of a tenth of them, with decreasing weights."""
    rng = np.random.default_rng(p)
    X = designs.gaussian(rng, ROWS, p)
    return X, X[:, : p // 10] @ np.geomspace(1, 0.05, p // 10) + rng.standard_normal(ROWS)


def cross_validated() -> None:
    """Compare with RFECV: time and chosen features. RFECV takes minutes, so it runs only once."""
    for p in (200, 500):
        X, y = regression(p)
        ours, theirs = MagnitudePruningCV(), RFECV(LinearRegression())
        t = np.median([seconds(partial(ours.fit, X, y)) for _ in range(5)])
        t_theirs = seconds(partial(theirs.fit, X, y))
        what = f"`RFECV`, 5 folds, n = {ROWS}, p = {p}, one thread"
        row(what, f"{t_theirs / t:.3g}× as fast", "≥ 100", t_theirs >= 100 * t, t, t_theirs)
        same = np.array_equal(ours.ranking_, theirs.ranking_)
        what = f"features that `RFECV` chooses and we choose, p = {p}"
        row(what, f"{theirs.n_features_}, {ours.n_features_}", "same", same)


def by_imp(Phi, y, q: int) -> peers.Order:
    """Order in which `imp` prunes q features."""
    return imp(LeastSquares(Phi, y), q).pruned


def orders_agree(trials: int = 30, p: int = 40) -> None:
    """On ill-conditioned features, count how often each method finds the same order as lstsq.

    By default LinearRegression treats singular values below tol = 1e-6 times the largest as zero,
    so RFE also runs with tol = 0.
    """
    methods = {
        "`imp`": by_imp,
        "RFE with scikit-learn's `tol` = 1e-6": peers.by_rfe,
        "RFE with `tol` = 0": partial(peers.by_rfe, tol=0),
    }
    for design in designs.ILL_CONDITIONED:
        problems = list(peers.sure_orders(design, trials, p))
        for name, method in methods.items():
            same = [np.array_equal(method(X, y, p - 1), order) for X, y, order in problems]
            what = f"same order as `lstsq`, {designs.name(design)}, p = {p}: {name}"
            bar = "all" if method is by_imp else ""
            row(what, f"{sum(same)} of {len(same)}", bar, all(same))


def memory(p: int = 500) -> None:
    """Print the peak memory beyond the input, divided by the size of X.

    RFE needs the most memory in its first fits; a step of 0.5 saves time by leaving few later fits.
    """
    X, y = regression(p)
    for name, selector, most in (
        ("RFE", RFE(LinearRegression(), step=0.5), None),
        ("RFECV", RFECV(LinearRegression(), step=0.5), None),
        ("MagnitudePruning", MagnitudePruning(1), 1),
        ("MagnitudePruningCV", MagnitudePruningCV(), 1),
    ):
        copies = peak(partial(selector.fit, X, y)) / X.nbytes
        what = f"copies of X at the peak of `{name}`, n = {ROWS}, p = {p}"
        row(what, f"{copies:.2f}", f"≤ {most}" if most else "", copies <= (most or copies))
