"""Variants of Algorithm 1: pruning half per round, gradient descent, other starts and losses."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import OptimizeResult, brentq, minimize_scalar
from scipy.special import erf, expit
from scipy.stats import entropy, norm

from impbook import (
    LeastSquares,
    algorithm_1,
    alignment_order,
    gradient_descent,
    gradient_flow,
    imp,
    integrate_flow,
)
from impbook.counterexamples import exact_imp
from impbook.nullspace import weak_threshold
from impbook_figures.variants import crossings


def solve(rows: list[list[Fraction]], b: list[Fraction]) -> list[Fraction]:
    """Solve a linear system exactly in fractions, by Gauss–Jordan elimination."""
    a = [[*row, x] for row, x in zip(rows, b, strict=True)]
    for i in range(len(a)):
        pivot = next(r for r in range(i, len(a)) if a[r][i])
        a[i], a[pivot] = a[pivot], a[i]
        a[i] = [x / a[i][i] for x in a[i]]
        for r in range(len(a)):
            if r != i:
                a[r] = [x - a[r][i] * z for x, z in zip(a[r], a[i], strict=True)]
    return [row[-1] for row in a]


def test_half_per_round_loses_a_signal_that_single_prunings_keep() -> None:
    f = Fraction
    rows = [[f(1), f(0), f(0), f(0)], [f(0), f(1), f(0), f(-3, 10)]]
    rows += [[f(0), f(0), f(1), f(1)], [f(0), f(0), f(0), f(1, 10)]]
    y = [f(1), f(0), f(0), f(3, 10)]

    def fit(left: list[int]) -> dict[int, Fraction]:
        gram = [[sum(row[i] * row[j] for row in rows) for j in left] for i in left]
        right = [sum(row[i] * t for row, t in zip(rows, y, strict=True)) for i in left]
        return dict(zip(left, solve(gram, right), strict=True))

    for size, kept in ((1, True), (2, False)):
        left = [0, 1, 2, 3]
        while len(left) > 1:
            w = fit(left)
            go = sorted(left, key=lambda j: abs(w[j]))[: min(size, len(left) - 1)]
            left = [j for j in left if j not in go]
        assert (left == [0]) is kept
    assert exact_imp(rows, y, 3).pruned == (1, 2, 3)
    problem = LeastSquares(np.array(rows, dtype=float), np.array(y, dtype=float))
    assert imp(problem, 3).pruned.tolist() == [1, 2, 3]
    assert 0 in imp(problem, 3, per_round=0.5).pruned


@given(st.integers(0, 2**32 - 1), st.integers(2, 6), st.integers(2, 8), st.floats(0.2, 1.9))
def test_descent_ends_where_lstsq_and_the_null_space_say(
    seed: int, n: int, p: int, fraction: float
) -> None:
    rng = np.random.default_rng(seed)
    U = np.linalg.qr(rng.standard_normal((n, n)))[0]
    V = np.linalg.qr(rng.standard_normal((p, p)))[0]
    r = min(n, p)
    Phi = U[:, :r] * rng.uniform(0.7, 1.0, r) @ V[:r] * np.sqrt(n)
    y, start = rng.standard_normal(n), rng.standard_normal(p)
    problem = LeastSquares(Phi, y)
    step = fraction / np.linalg.eigvalsh(Phi.T @ Phi / n)[-1]
    nearest = start + np.linalg.lstsq(Phi, y - Phi @ start)[0]
    w = gradient_descent(problem.gradient, start, step_size=step, steps=600)
    np.testing.assert_allclose(w, nearest, atol=1e-7)
    np.testing.assert_allclose(gradient_flow(problem, np.inf, start), nearest, atol=1e-9)


def test_with_full_rank_every_start_gives_the_same_run() -> None:
    for seed in range(20):
        rng = np.random.default_rng(seed)
        problem = LeastSquares(rng.standard_normal((12, 6)), rng.standard_normal(12))
        runs = []
        for rule in ("rewind", "reinitialise", "go on"):
            start = w = rng.standard_normal(6)
            active, order = np.ones(6, dtype=bool), []
            while active.sum() > 1:
                w = gradient_flow(problem, np.inf, w, active=active)
                order.append(int(np.where(active, np.abs(w), np.inf).argmin()))
                active[order[-1]] = False
                if rule != "go on":
                    w = start if rule == "rewind" else rng.standard_normal(6)
            runs.append(order)
        assert runs[0] == runs[1] == runs[2] == imp(problem, 5).pruned.tolist()


def test_short_training_prunes_by_the_first_gradient() -> None:
    for seed in range(10):
        rng = np.random.default_rng(seed)
        X, y = rng.standard_normal((40, 6)), rng.integers(0, 2, 40)

        def train(w0, active, X=X, y=y):  # type: ignore[no-untyped-def]
            return integrate_flow(lambda w: X.T @ (expit(X @ w) - y) / 40, 1e-5, w0, active=active)

        order = algorithm_1(train, np.zeros(6), 5).pruned
        np.testing.assert_array_equal(order, alignment_order(LeastSquares(X, y - 0.5), 5).pruned)
        np.testing.assert_array_equal(order, np.argsort(np.abs(X.T @ (y - 0.5)))[:5])
        first = train(np.zeros(6), np.ones(6, dtype=bool)) / 1e-5
        np.testing.assert_allclose(first, X.T @ (y - 0.5) / 40, rtol=1e-3, atol=1e-5)


def test_separable_logistic_weights_grow_without_end() -> None:
    X, y = np.array([[1.0, 0.0], [-1.0, 0.3]]), np.array([1, 0])
    times = np.array([10.0, 100.0, 1000.0])
    ends = [integrate_flow(lambda w: X.T @ (expit(X @ w) - y) / 2, T, np.zeros(2)) for T in times]
    assert np.diff([np.linalg.norm(w) for w in ends]).min() > 1.5
    losses = np.array([np.logaddexp(0, np.where(y == 1, -1, 1) * (X @ w)).mean() for w in ends])
    np.testing.assert_allclose(losses * times, 1, rtol=0.1)  # the loss decreases like 1/T


@pytest.mark.parametrize("ratio", [0.05, 0.1, 0.25, 0.5, 0.75, 0.95])
def test_weak_threshold_is_where_the_best_soft_threshold_stops_gaining(ratio: float) -> None:
    def needed(density: float) -> float:  # samples per feature, from the statistical dimension
        def at(t: float) -> float:
            tail = (1 + t * t) * norm.sf(t) - t * norm.pdf(t)
            return float(density * (1 + t * t) + 2 * (1 - density) * tail)

        return float(minimize_scalar(at, bounds=(0, 8), method="bounded").fun)

    density = brentq(lambda e: needed(e) - ratio, 1e-9, ratio)
    assert weak_threshold(ratio) == pytest.approx(density / ratio, abs=1e-5)


def test_weak_threshold_falls_to_0_slowly_and_is_known_from_a_billionth_on() -> None:
    rates = [weak_threshold(ratio) for ratio in (1e-9, 1e-6, 1e-3)]
    assert 0 < rates[0] < rates[1] < rates[2] < weak_threshold(0.05)
    with pytest.raises(ValueError, match="undersampling must be at least 1e-9, got 9e-10"):
        weak_threshold(9e-10)


@pytest.mark.parametrize("ratio", [0.1, 0.25, 0.5, 0.75, 0.9])
def test_weak_threshold_is_where_projection_begins_to_lose_faces(ratio: float) -> None:
    # Donoho, Discrete Comput. Geom. 35 (2006) 617-652. Project a cross-polytope to n dimensions.
    # The probability of losing a face with kp vertices is a sum over the faces that contain it and
    # have more than n vertices. Those with nu·p vertices contribute about exp(p·net(nu, k)). If the
    # sum ran over all nu, it would be 1, so the largest of all terms has net = 0. Faces begin to be
    # lost when this largest term enters the sum, that is, when it is at nu = n/p.
    def minimum(function: Callable[[float], float], low: float, high: float) -> OptimizeResult:
        return minimize_scalar(
            function, bounds=(low, high), method="bounded", options={"xatol": 1e-9}
        )

    def of_a_mean(y: float) -> float:  # rate function of the mean of |Z|, Z ~ N(0, 1)
        return -minimum(lambda t: t * t / 2 + np.log(2 * norm.cdf(t)) - t * y, -30, 5).fun

    def net(nu: float, k: float) -> float:
        fraction = (nu - k) / (1 - k)
        faces = (1 - k) * entropy([fraction, 1 - fraction]) + (nu - k) * np.log(2)
        outer = minimum(lambda x: nu * x * x - (1 - nu) * np.log(erf(x)), 1e-6, 8)
        inner = minimum(lambda y: (nu - k) / k * y * y / 2 + of_a_mean(y), 1e-6, 0.8)
        return float(faces - outer.fun - (nu - k) * (inner.fun + np.log(2)))

    k = ratio * weak_threshold(ratio)
    heaviest = minimum(lambda nu: -net(nu, k), k + 1e-6, 1 - 1e-6)
    assert net(ratio, k) == pytest.approx(0, abs=1e-10)
    assert heaviest.x == pytest.approx(ratio, abs=1e-5)


def test_a_crossing_is_where_the_line_between_points_meets_one_half() -> None:
    rates = np.array([[1.0, 0.75, 0.25], [0.0, 0.0, 0.0], [1.0, 1.0, 1.0]])
    np.testing.assert_allclose(crossings([0.2, 0.4, 0.6], rates), [0.5, 0.1, 0.6])
    level = np.array([[0.5, 0.5, 0.25]])  # the crossing is at the last of the points with rate 1/2
    np.testing.assert_allclose(crossings([0.2, 0.4, 0.6], level), [0.4])
