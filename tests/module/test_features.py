"""Tests of neural-network features, of chapter 17's stored network, and of backward elimination."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from problems import seeds
from sklearn.datasets import load_digits

from impbook import (
    LeastSquares,
    algorithm_1,
    gradient_flow,
    identifiable,
    imp,
    orthogonal_nullspace_property,
)
from impbook.concentration import VERSIONS, setting_of
from impbook.designs import gradient_features
from impbook.heuristics import backward_elimination, refitted
from impbook.pruning import PruningOrder

NETWORK = Path(__file__).parents[2] / "chapters/data/network.npz"


def network(X, W, a):
    """f(x) = Σ a_j tanh(w_j·x), computed for one input and one unit at a time."""
    return np.array([sum(a[j] * np.tanh(x @ W[:, j]) for j in range(len(a))) for x in X])


@given(seeds, st.integers(1, 5), st.integers(1, 4), st.integers(1, 4))
def test_gradient_features_are_the_slopes_of_the_network(seed, n, d, m):
    rng = np.random.default_rng(seed)
    X, W, a = rng.standard_normal((n, d)), rng.standard_normal((d, m)), rng.standard_normal(m)
    way = rng.standard_normal((d + 1) * m)
    by_W, by_a, h = way[: d * m].reshape(d, m), way[d * m :], 1e-6
    ahead, behind = (network(X, W + t * by_W, a + t * by_a) for t in (h, -h))
    slope = (ahead - behind) / (2 * h)
    np.testing.assert_allclose(gradient_features(X, W, a) @ way, slope, rtol=1e-6, atol=1e-7)


def test_weights_need_a_row_for_each_input():
    with pytest.raises(ValueError, match="W must have a row for each of the 3 inputs, got 2"):
        gradient_features(np.ones((4, 3)), np.ones((2, 5)), np.ones(5))


def hidden(X, W, b):
    return np.maximum(0, X @ W + b)


def last_layer():
    images, digit = load_digits(return_X_y=True)
    net = np.load(NETWORK)
    first = hidden(images[900:] / 16, net["W1"], net["b1"])
    return hidden(first, net["W2"], net["b2"]), net, digit[900:]


def test_the_stored_network_tells_digits_apart():
    last, net, digit = last_layer()
    guess = (last @ net["W3"] + net["b3"]).argmax(axis=1)
    assert (guess == digit).mean() > 0.9


def test_pruning_the_last_layer_of_a_network_is_imp_on_its_features():
    """Every round evaluates the whole network, but trains only the weights of its last layer."""
    images, digit = load_digits(return_X_y=True)
    images, y = images[900:1100] / 16, np.where(digit[900:1100] % 2 == 1, 1.0, -1.0)
    net = np.load(NETWORK)

    def forward():
        hidden = np.maximum(0, images @ net["W1"] + net["b1"])
        return np.maximum(0, hidden @ net["W2"] + net["b2"])

    def train(w0, active):
        layer = forward()
        fit = np.linalg.lstsq(layer[:, active], y - layer[:, active] @ w0[active], rcond=1e-10)[0]
        w = np.zeros_like(w0)
        w[active] = w0[active] + fit
        return w

    features = hidden(hidden(images, net["W1"], net["b1"]), net["W2"], net["b2"])
    alive = int(features.any(axis=0).sum())
    dead = features.shape[1] - alive
    path = imp(LeastSquares(features, y), features.shape[1] - 1)
    expected = algorithm_1(train, np.zeros(features.shape[1]), features.shape[1] - 1)
    # Dead units are pruned first, in an order determined by rounding.
    for pruned in (path.pruned, expected.pruned):
        assert set(pruned[:dead]) == set(np.flatnonzero(~features.any(axis=0)))
    np.testing.assert_array_equal(path.pruned[dead:], expected.pruned[dead:])


def test_a_dead_unit_breaks_definition_4_and_not_identifiability():
    last, _, _ = last_layer()
    alive = np.flatnonzero(last.any(axis=0))
    assert 0 < alive.size < last.shape[1]
    assert identifiable(last, alive)
    assert not any(orthogonal_nullspace_property(last, [int(i)]) for i in alive)
    assert orthogonal_nullspace_property(last[:, alive], [0])


def test_a_copied_unit_leaves_no_version_that_is_proved():
    Phi = np.random.default_rng(0).standard_normal((20, 5))
    Phi[:, 1] = Phi[:, 0]
    for signal, proved in ((0, False), (4, True)):
        setting = setting_of(Phi, np.eye(5)[signal], gamma=1.0)
        rows = (row for name, row in VERSIONS.items() if name not in ("printed", "incoherent"))
        assert any(not np.isnan(row.samples(setting, 0.05)) for row in rows) is proved


def test_a_short_training_prunes_by_alignment():
    rng = np.random.default_rng(1)
    problem = LeastSquares(
        rng.standard_normal((30, 6)) @ rng.standard_normal((6, 6)), rng.random(30)
    )
    by_alignment = np.argsort(np.abs(problem.Phi.T @ problem.y))
    assert np.array_equal(imp(problem, 5, T=1e-6).pruned, by_alignment[:5])
    assert not np.array_equal(imp(problem, 5).pruned, by_alignment[:5])


# Backward elimination, and refits along a given order


def some_problem(seed, p, more):
    rng = np.random.default_rng(seed)
    return LeastSquares(rng.standard_normal((p + more, p)), rng.standard_normal(p + more))


def loss_without(problem, left):
    w = np.zeros(problem.p)
    w[left] = np.linalg.lstsq(problem.Phi[:, left], problem.y)[0]
    return problem.loss(w)


@given(seeds, st.integers(2, 6), st.integers(1, 6))
def test_backward_elimination_takes_what_costs_least_to_refit(seed, p, more):
    problem = some_problem(seed, p, more)
    left = list(range(p))
    for feature in backward_elimination(problem, p - 1).pruned:
        after = {j: loss_without(problem, [i for i in left if i != j]) for j in left}
        assert after[feature] <= min(after.values()) * (1 + 1e-9) + 1e-12
        left.remove(feature)


@given(seeds, st.integers(1, 6), st.integers(0, 6), st.data())
def test_refits_along_an_order_are_least_squares_on_what_is_left(seed, p, more, data):
    problem = some_problem(seed, p, more)
    if np.linalg.cond(problem.Phi) > 1e4:
        return
    q = data.draw(st.integers(0, p - 1))
    order = PruningOrder(np.random.default_rng(seed).permutation(p)[:q], p)
    for w, active in zip(refitted(problem, order), order.active, strict=True):
        assert not w[~active].any()
        fit = np.linalg.lstsq(problem.Phi[:, active], problem.y)[0]
        np.testing.assert_allclose(w[active], fit, rtol=1e-6, atol=1e-8 * abs(fit).max())


def test_refits_along_the_order_of_imp_are_its_weights():
    problem = some_problem(3, 8, 20)
    path = imp(problem, 7)
    np.testing.assert_allclose(refitted(problem, path), path.weights, atol=1e-10)
    assert np.allclose(refitted(problem, path)[0], gradient_flow(problem, np.inf))


@pytest.mark.parametrize("Phi", [np.ones((3, 2)), np.eye(3)[:2]])
def test_prices_and_refits_need_independent_features(Phi):
    problem = LeastSquares(Phi, np.ones(len(Phi)))
    order = PruningOrder(np.array([0]), Phi.shape[1])
    for run in (lambda: backward_elimination(problem, 1), lambda: refitted(problem, order)):
        with pytest.raises(ValueError, match="Phi must have linearly independent features"):
            run()


def test_an_order_of_other_features_is_refused():
    with pytest.raises(ValueError, match="order must be for the 3 features of problem, got 4"):
        refitted(LeastSquares(np.eye(3), np.ones(3)), PruningOrder(np.array([0]), 4))
