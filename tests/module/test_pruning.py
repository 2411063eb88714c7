import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from problems import problems, seeds, starts
from sklearn.feature_selection import RFE
from sklearn.linear_model import LinearRegression
from test_flow import flow_by_expm

from impbook import (
    LeastSquares,
    algorithm_1,
    alignment_order,
    gradient_descent,
    gradient_flow,
    imp,
    integrate_flow,
)


def check_path(path, refit, tolerance=1e-6):
    """Check that each round's weights are those of `refit`, and that the smallest is pruned."""
    scale = 1 + np.abs(path.weights).max()
    for k, active in enumerate(path.active):
        oracle = np.zeros(path.p)
        oracle[active] = refit(active)
        assert np.allclose(path.weights[k], oracle, atol=tolerance * scale)
        if k < path.pruned.size:
            i = path.pruned[k]
            assert active[i]
            assert np.abs(oracle[i]) <= np.abs(oracle[active]).min() + tolerance * scale


@given(problems(), st.data())
def test_imp_at_convergence_is_lstsq_at_every_step(problem, data):
    q = data.draw(st.integers(0, problem.p - 1))
    check_path(
        imp(problem, q), lambda active: np.linalg.lstsq(problem.Phi[:, active], problem.y)[0]
    )


@given(problems(), st.data())
def test_imp_from_any_start_carries_the_null_part_of_the_start(problem, data):
    q = data.draw(st.integers(0, problem.p - 1))
    w_init = data.draw(starts(problem.p))

    def refit(active):
        Phi, w0 = problem.Phi[:, active], w_init[active]
        return w0 + np.linalg.lstsq(Phi, problem.y - Phi @ w0)[0]

    check_path(imp(problem, q, w_init=w_init), refit)


@given(problems(), st.floats(1e-3, 1e2), st.data())
def test_imp_at_finite_time_is_the_matrix_exponential_at_every_step(problem, T, data):
    q = data.draw(st.integers(0, problem.p - 1))
    w_init = data.draw(starts(problem.p))

    def refit(active):
        return flow_by_expm(LeastSquares(problem.Phi[:, active], problem.y), T, w_init[active])

    check_path(imp(problem, q, T=T, w_init=w_init), refit)


@given(problems(max_p=5), st.floats(0.05, 2), st.data())
@settings(max_examples=settings.default.max_examples // 3)  # each example trains up to 15 times
def test_algorithm_1_with_any_of_the_three_trainers_is_imp(problem, T, data):
    q = data.draw(st.integers(0, problem.p - 1))
    w_init = data.draw(starts(problem.p))
    steps = 1000
    step_size = T / steps
    assume(step_size * np.linalg.norm(problem.Sigma, 2) < 0.05)

    def exact(w0, active):
        return gradient_flow(problem, T, w0, active=active)

    def by_ode(w0, active):
        return integrate_flow(problem.gradient, T, w0, active=active)

    def by_steps(w0, active):
        return gradient_descent(
            problem.gradient, w0, step_size=step_size, steps=steps, active=active
        )

    path = imp(problem, q, T=T, w_init=w_init)
    sizes = np.sort(np.where(path.active, np.abs(path.weights), np.inf)[:q], axis=1)
    # If the two smallest weights were closer, the step size might decide which one is pruned.
    assume(np.all(sizes[:, 1:2] - sizes[:, :1] > 0.02))
    for train, tolerance in ((exact, 1e-10), (by_ode, 1e-6), (by_steps, 1e-2)):
        other = algorithm_1(train, w_init, q)
        assert np.array_equal(other.pruned, path.pruned)
        assert np.allclose(other.weights, path.weights, atol=tolerance)


@given(problems())
def test_imp_trained_for_a_moment_from_zero_is_the_alignment_order(problem):
    c = np.abs(problem.alignment) / problem.n
    gap = np.diff(np.sort(c)).min(initial=np.inf)
    assume(gap > 1e-6)
    lam = np.linalg.norm(problem.Sigma, 2)
    T = 0.9 * min(gap, 1.0) / (lam * np.linalg.norm(c))
    q = problem.p - 1
    assert np.array_equal(imp(problem, q, T=T).pruned, alignment_order(problem, q).pruned)


@given(problems(full_rank=True))
def test_imp_at_convergence_is_recursive_feature_elimination(problem):
    assume(problem.p >= 2)
    rfe = RFE(LinearRegression(fit_intercept=False), n_features_to_select=1, step=1)
    rfe.fit(problem.Phi, problem.y)
    order = np.argsort(-rfe.ranking_, kind="stable")  # the feature ranked p is pruned first
    assert np.array_equal(imp(problem, problem.p - 1).pruned, order[:-1])


@given(problems(full_rank=True), seeds, st.data())
def test_with_invertible_sigma_rewinding_plays_no_role_at_convergence(problem, seed, data):
    q = data.draw(st.integers(0, problem.p - 1))
    w_init = np.random.default_rng(seed).standard_normal(problem.p)
    assert np.array_equal(imp(problem, q, w_init=w_init).pruned, imp(problem, q).pruned)


@given(problems(), st.data())
def test_pruned_weights_stay_zero(problem, data):
    q = data.draw(st.integers(0, problem.p - 1))
    path = imp(problem, q, T=data.draw(st.sampled_from([0.3, np.inf])), w_init=np.ones(problem.p))
    assert path.weights.shape == path.active.shape == (q + 1, problem.p)
    assert np.all(path.weights[~path.active] == 0)
    assert np.array_equal(path.active.sum(axis=1), problem.p - np.arange(q + 1))
    assert len(set(path.pruned)) == q
    assert np.array_equal(path.output, path.weights[-1])


@given(problems(full_rank=True), st.integers(-3, 3))
def test_order_ignores_common_rescaling(problem, exponent):
    scaled = LeastSquares(problem.Phi, 2.0**exponent * problem.y)
    q = problem.p - 1
    assert np.array_equal(imp(scaled, q).pruned, imp(problem, q).pruned)


@given(problems(full_rank=True), seeds)
def test_renaming_the_features_renames_the_order(problem, seed):
    names = np.random.default_rng(seed).permutation(problem.p)
    renamed = LeastSquares(problem.Phi[:, names], problem.y)
    q = problem.p - 1
    assert np.array_equal(names[imp(renamed, q).pruned], imp(problem, q).pruned)


@given(problems(), seeds)
def test_without_training_the_start_decides(problem, seed):
    w_init = np.random.default_rng(seed).standard_normal(problem.p)
    q = problem.p - 1
    path = imp(problem, q, T=0.0, w_init=w_init)
    assert np.array_equal(path.pruned, np.argsort(np.abs(w_init), kind="stable")[:q])


def test_algorithm_1_trains_q_plus_1_times_and_prunes_q_weights():
    masks = []

    def train(w0, active):
        masks.append(active)
        return w0

    path = algorithm_1(train, [3.0, 1.0, 2.0, 4.0], q=2)
    assert [int(mask.sum()) for mask in masks] == [4, 3, 2]
    assert np.array_equal(path.pruned, [1, 2])
    assert np.array_equal(path.output, [3, 0, 0, 4])


def test_each_round_rewinds_to_the_masked_start():
    seen = []

    def train(w0, active):
        seen.append(w0.copy())
        return w0 * [1.0, 5.0, 0.1, 1.0]

    algorithm_1(train, [1.0, 2.0, 3.0, 4.0], q=2)
    assert np.array_equal(seen, [[1, 2, 3, 4], [1, 2, 0, 4], [0, 2, 0, 4]])


def test_ties_go_to_the_lowest_index():
    path = algorithm_1(lambda w0, active: np.where(active, -1.0, 0.0), np.zeros(4), q=3)
    assert np.array_equal(path.pruned, [0, 1, 2])
    problem = LeastSquares(np.eye(4), [1, -1, 1, -1])
    assert np.array_equal(imp(problem, 3).pruned, [0, 1, 2])
    assert np.array_equal(alignment_order(problem, 3).pruned, [0, 1, 2])


@pytest.mark.parametrize(
    ("train", "message"),
    [
        (lambda w0, active: np.ones(3), "train must leave pruned weights at 0"),
        (lambda w0, active: np.ones(2), "the weights that train returns must have 3 entries"),
        (lambda w0, active: np.full(3, np.nan), "the weights that train returns must be finite"),
    ],
)
def test_a_trainer_that_breaks_its_promise_is_named(train, message):
    with pytest.raises(ValueError, match=message):
        algorithm_1(train, np.zeros(3), q=1)
