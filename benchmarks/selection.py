"""The selectors against RFE and RFECV: rows for the table of `python -m benchmarks`.

Each selector runs on one thread.
"""

from __future__ import annotations

import time
import tracemalloc

import numpy as np
from sklearn.feature_selection import RFE, RFECV
from sklearn.linear_model import LinearRegression
from threadpoolctl import threadpool_limits

from benchmarks import designs, peers
from impbook.selection import MagnitudePruning, MagnitudePruningCV

ROWS = 10_000


def regression(p: int, n: int = ROWS):
    """Gaussian features, a tenth of which have signals of decreasing size, and noise."""
    rng = np.random.default_rng(p)
    X = designs.gaussian(rng, n, p)
    return X, X[:, : p // 10] @ np.geomspace(1, 0.05, p // 10) + rng.standard_normal(n)


def selection(table) -> None:
    """Compare time, chosen features, accuracy and memory."""
    with threadpool_limits(1):
        cross_validated(table)
        orders_agree(table)
        memory(table)


def cross_validated(table) -> None:
    """Compare time and chosen features. RFECV takes minutes, so it runs once between ours."""
    for p in (200, 500):
        X, y = regression(p)
        runs = [MagnitudePruningCV() for _ in range(6)]
        ours, theirs = runs[0], RFECV(LinearRegression())
        runs.insert(3, theirs)
        seconds = {selector: _seconds(selector, X, y) for selector in runs}
        t_theirs = seconds.pop(theirs)
        t = float(np.median([*seconds.values()]))
        what = f"`RFECV`, 5 folds, n = {ROWS}, p = {p}, one thread"
        table.row(what, f"{t_theirs / t:.3g}× faster", "≥ 100", t_theirs >= 100 * t, t, t_theirs)
        same = np.array_equal(ours.ranking_, theirs.ranking_)
        what = f"features that `RFECV` chooses and we choose, p = {p}"
        table.row(what, f"{theirs.n_features_}, {ours.n_features_}", "same", same)


def _seconds(selector, X, y) -> float:
    begin = time.perf_counter()
    selector.fit(X, y)
    return time.perf_counter() - begin


def orders_agree(table, trials: int = 30, p: int = 40) -> None:
    """Compare our order and RFE's with that of lstsq on ill-conditioned features.

    By default LinearRegression treats singular values below tol = 1e-6 times the largest as zero,
    so RFE also runs with tol = 0.
    """
    for design in (designs.geometric, designs.near_duplicates, designs.one_small):
        sure = ours = theirs = exact = 0
        for X, y, expected in peers.sure_orders(design, trials, p):
            sure += 1
            selector = MagnitudePruning(1, fit_intercept=False).fit(X, y)
            order = np.argsort(-selector.ranking_, kind="stable")[: p - 1]
            ours += np.array_equal(order, expected)
            theirs += np.array_equal(peers.by_rfe(X, y, p - 1), expected)
            exact += np.array_equal(peers.by_rfe(X, y, p - 1, tol=0), expected)
        name = design.__name__.replace("_", " ")
        what = f"same order as `lstsq`, {name}, cond 1e8, p = {p}: "
        what += "RFE with scikit-learn's `tol` = 1e-6, RFE with `tol` = 0, `MagnitudePruning`"
        table.row(what, f"{theirs}, {exact}, {ours} of {sure}", "all ours", ours == sure)


def memory(table, p: int = 500) -> None:
    """Peak memory beyond the input, in copies of X; RFE's peak is in its first fits."""
    X, y = regression(p)
    for what, selector in (
        ("`RFE`", RFE(LinearRegression(), step=0.5)),
        ("`RFECV`", RFECV(LinearRegression(), step=0.5)),
        ("`MagnitudePruning`", MagnitudePruning(1)),
        ("`MagnitudePruningCV`", MagnitudePruningCV()),
    ):
        tracemalloc.start()
        selector.fit(X, y)
        copies = tracemalloc.get_traced_memory()[1] / X.nbytes
        tracemalloc.stop()
        bar, met = ("", None) if what.startswith("`RFE") else ("≤ 1", copies <= 1)
        what = f"copies of X at the peak of {what}, n = {ROWS}, p = {p}"
        table.row(what, f"{copies:.2f}", bar, met)
