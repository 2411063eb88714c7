from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from problems import problems, seeds, starts
from scipy.linalg import expm

from impbook import LeastSquares, gradient_descent, gradient_flow, integrate_flow

times = st.floats(1e-3, 1e2)


def flow_by_expm(problem, T, w0):
    """One matrix exponential gives the weights at time T, as ẇ = −Σw + c is linear in (w, 1)."""
    p = problem.p
    generator = np.zeros((p + 1, p + 1))
    generator[:p, :p] = -problem.Phi.T @ problem.Phi / problem.n
    generator[:p, p] = problem.Phi.T @ problem.y / problem.n
    return (expm(T * generator) @ np.append(w0, 1))[:p]


def test_the_bound_on_rtol_that_the_error_names_is_allowed():
    with pytest.raises(ValueError, match="rtol must lie between") as refusal:
        integrate_flow(np.negative, 1.0, [1.0], rtol=1e-15)
    rtol = float(str(refusal.value).split()[4])
    assert np.isclose(integrate_flow(np.negative, 1.0, [1.0], rtol=rtol)[0], np.e, atol=1e-9)


@given(problems(), times, st.data())
def test_exact_flow_is_the_matrix_exponential(problem, T, data):
    w0 = data.draw(starts(problem.p))
    assert np.allclose(gradient_flow(problem, T, w0), flow_by_expm(problem, T, w0), atol=1e-8)


@given(problems(), st.floats(1e-3, 5), st.data())
def test_the_ode_solver_agrees_with_the_exact_flow(problem, T, data):
    w0 = data.draw(starts(problem.p))
    active = np.arange(problem.p) != data.draw(st.integers(0, problem.p - 1))
    exact = gradient_flow(problem, T, w0, active=active)
    assert np.allclose(
        integrate_flow(problem.gradient, T, w0, active=active), exact, atol=1e-6, rtol=1e-6
    )


@given(problems(), st.data())
def test_gradient_descent_with_small_steps_follows_the_flow(problem, data):
    w0 = data.draw(starts(problem.p))
    T = 0.5 / np.linalg.norm(problem.Sigma, 2)
    exact = gradient_flow(problem, T, w0)
    errors = [
        np.linalg.norm(
            gradient_descent(problem.gradient, w0, step_size=T / steps, steps=steps) - exact
        )
        for steps in (50, 500)
    ]
    scale = np.linalg.norm(exact) + np.linalg.norm(w0)
    assert errors[0] <= 0.02 * scale
    assert errors[1] <= 0.11 * errors[0] + 1e-12  # the error of Euler's method is of order 1/steps


@given(problems(full_rank=True), st.data())
def test_gradient_descent_converges_to_least_squares(problem, data):
    w0 = data.draw(starts(problem.p))
    lam = np.linalg.eigvalsh(problem.Sigma)
    steps = int(np.ceil(30 * lam[-1] / lam[0]))
    if steps <= 20_000:
        w = gradient_descent(problem.gradient, w0, step_size=1 / lam[-1], steps=steps)
        assert np.allclose(w, np.linalg.lstsq(problem.Phi, problem.y)[0], atol=1e-6)


@given(problems(), st.data())
def test_limit_is_least_squares_plus_the_null_part_of_the_start(problem, data):
    w0 = data.draw(starts(problem.p))
    least_squares, *_ = np.linalg.lstsq(problem.Phi, problem.y)
    null_part = w0 - np.linalg.pinv(problem.Phi) @ (problem.Phi @ w0)
    assert np.allclose(gradient_flow(problem, np.inf, w0), least_squares + null_part, atol=1e-7)


@given(problems(full_rank=True), st.data())
def test_a_very_long_time_is_an_infinite_time(problem, data):
    w0 = data.draw(starts(problem.p))
    limit = gradient_flow(problem, np.inf, w0)
    assert np.allclose(gradient_flow(problem, 1e300, w0), limit, rtol=1e-9, atol=1e-9)


@given(problems(), st.data())
def test_zero_time_returns_the_start(problem, data):
    w0 = data.draw(starts(problem.p))
    assert np.array_equal(gradient_flow(problem, 0.0, w0), w0)
    assert np.array_equal(integrate_flow(problem.gradient, 0.0, w0), w0)
    assert np.array_equal(gradient_descent(problem.gradient, w0, step_size=1e-9, steps=0), w0)


@given(problems(), times, times, st.data())
def test_two_trainings_in_a_row_are_one_long_training(problem, T, more, data):
    w0 = data.draw(starts(problem.p))
    twice = gradient_flow(problem, more, gradient_flow(problem, T, w0))
    assert np.allclose(twice, gradient_flow(problem, T + more, w0), atol=1e-9)


@given(problems(), times, times, st.data())
def test_training_never_raises_the_loss(problem, T, more, data):
    w0 = data.draw(starts(problem.p))
    loss = [problem.loss(gradient_flow(problem, t, w0)) for t in (0, T, T + more, np.inf)]
    assert all(b <= a + 1e-9 for a, b in pairwise(loss))


@given(problems(), times, seeds)
def test_inactive_weights_are_zero_and_do_not_matter(problem, T, seed):
    rng = np.random.default_rng(seed)
    active = rng.random(problem.p) < 0.6
    w0 = rng.standard_normal(problem.p)
    w = gradient_flow(problem, T, w0, active=active)
    assert np.all(w[~active] == 0)
    if active.any():
        removed = LeastSquares(problem.Phi[:, active], problem.y)
        assert np.allclose(w[active], gradient_flow(removed, T, w0[active]), atol=1e-10)


@given(problems(), times, st.data())
def test_zeroing_a_column_is_removing_it_only_from_a_masked_start(problem, T, data):
    j = data.draw(st.integers(0, problem.p - 1))
    active = np.arange(problem.p) != j
    zeroed = LeastSquares(problem.Phi * active, problem.y)
    w0 = np.ones(problem.p)
    removed = gradient_flow(problem, T, w0, active=active)
    assert np.allclose(gradient_flow(zeroed, T, w0 * active), removed, atol=1e-9)
    # Without the mask, weight j keeps its initial value, 1.
    assert gradient_flow(zeroed, T, w0)[j] == pytest.approx(1)
    e_j = np.eye(problem.p)[j]
    assert np.all(zeroed.Phi @ e_j == 0)  # the zero column adds only a null direction
    kept = np.delete(problem.Phi, j, axis=1)
    inverse, whole = np.linalg.pinv(kept, rcond=1e-9), np.linalg.pinv(zeroed.Phi, rcond=1e-9)
    assert np.allclose(np.delete(whole, j, axis=0), inverse) and np.allclose(whole[j], 0)


@given(problems(), st.floats(1e-2, 1.9))
def test_step_sizes_are_refused_exactly_from_two_over_lambda_max(problem, factor):
    lam = np.linalg.eigvalsh(problem.Phi.T @ problem.Phi / problem.n)[-1]
    w0 = np.zeros(problem.p)
    gradient_descent(problem.gradient, w0, step_size=factor / lam, steps=3)
    with pytest.raises(ValueError, match="step_size must be below 2/λ_max"):
        gradient_descent(problem.gradient, w0, step_size=(4 - factor) / lam, steps=3)


def test_a_step_that_is_too_long_for_the_active_features_only_is_refused():
    problem = LeastSquares(np.diag([10.0, 1.0]), [1.0, 1.0])  # eigenvalues 50 and 0.5
    active = np.array([False, True])
    w = gradient_descent(problem.gradient, [0, 0], step_size=3.0, steps=400, active=active)
    assert w == pytest.approx([0, 1])
    with pytest.raises(ValueError, match="step_size must be below"):
        gradient_descent(problem.gradient, [0, 0], step_size=3.0, steps=400)


def test_any_step_will_do_where_there_is_nothing_to_descend():
    problem = LeastSquares([[1.0, 0.0], [1.0, 0.0]], [1.0, 1.0])
    # First only a zero column is active, then no column is.
    for active in ([False, True], [False, False]):
        w = gradient_descent(problem.gradient, [3, 3], step_size=1e3, steps=5, active=active)
        assert w == pytest.approx([0, 3 if active[1] else 0])


def test_divergence_is_detected_for_any_loss():
    with pytest.raises(ValueError, match="step_size = 3 makes gradient descent diverge"):
        gradient_descent(lambda w: w, [1.0], step_size=3.0, steps=100)
    with pytest.raises(ValueError, match="diverge"):
        gradient_descent(lambda w: w**3, [1.0], step_size=3.0, steps=100)


def test_the_ode_solver_trains_a_loss_that_is_not_quadratic():
    # For L(w) = log(1 + e^{−w}), the flow increases w + e^w at unit speed.
    w = integrate_flow(lambda w: -1 / (1 + np.exp(w)), 3.0, [0.0])
    assert w + np.exp(w) == pytest.approx(1 + 3.0, abs=1e-7)


def test_an_ode_solver_that_gives_up_says_so():
    with pytest.raises((RuntimeError, ValueError)):
        integrate_flow(lambda w: -(w**2), 2.0, [1.0], method="RK45")  # the flow blows up at t = 1


@pytest.mark.parametrize("size", [1e-163, 1e-300])
def test_features_whose_squares_underflow_are_fitted(size):
    w = gradient_flow(LeastSquares([[size]], [size]), np.inf)
    assert w == pytest.approx(1, rel=1e-12)
