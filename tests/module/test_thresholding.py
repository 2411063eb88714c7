import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from problems import problems, seeds

from impbook import (
    LeastSquares,
    gradient_descent,
    gradient_flow,
    hard_threshold,
    imp,
    iterative_hard_thresholding,
    orthonormal_design,
)


def step_limit(Psi):
    return 1 / np.linalg.norm(Psi, 2) ** 2


@given(problems(), st.floats(0, 1), st.integers(1, 4))
def test_each_step_is_the_formula_entry_by_entry(problem, tau, steps):
    Psi, y, eta = problem.Phi, problem.y, 0.9 * step_limit(problem.Phi)
    s = [0.0] * problem.p
    for _ in range(steps):
        residual = [
            y[i] - sum(Psi[i, j] * s[j] for j in range(problem.p)) for i in range(problem.n)
        ]
        moved = [
            s[j] + eta * sum(Psi[i, j] * residual[i] for i in range(problem.n))
            for j in range(problem.p)
        ]
        s = [z if abs(z) > tau else 0.0 for z in moved]
    result = iterative_hard_thresholding(Psi, y, tau=tau, step_size=eta, steps=steps)
    assert np.allclose(result, s, atol=1e-8)


@given(problems())
def test_the_step_is_gradient_descent_and_not_the_flow(problem):
    eta = step_limit(problem.Phi)
    step = iterative_hard_thresholding(problem.Phi, problem.y, tau=0, step_size=eta, steps=1)
    time = eta * problem.n  # LeastSquares divides the loss by n
    descent = gradient_descent(problem.gradient, np.zeros(problem.p), step_size=time, steps=1)
    assert np.allclose(step, descent)
    # Along the top singular vector, the flow covers only 1 − 1/e of the step.
    top = np.linalg.svd(problem.Phi).Vh[0]
    flow = gradient_flow(problem, time)
    assert top @ flow == pytest.approx((1 - np.exp(-1)) * (top @ step), abs=1e-9)


@given(st.integers(1, 7), st.integers(0, 4), seeds, st.data())
def test_imp_on_orthogonal_features_is_hard_thresholding(p, more, seed, data):
    rng = np.random.default_rng(seed)
    Phi = orthonormal_design(p + more, p, rng=rng) * rng.uniform(0.2, 4, size=p)
    problem = LeastSquares(Phi, rng.standard_normal(p + more))
    w = np.linalg.lstsq(Phi, problem.y)[0]
    q = data.draw(st.integers(0, p - 1))
    ordered = np.sort(np.abs(w))
    tau = ordered[q - 1] if q else 0.0
    assert np.allclose(imp(problem, q).output, hard_threshold(w, tau * (1 + 1e-9)))


def test_iterative_hard_thresholding_takes_a_feature_back_and_imp_never_does():
    Psi = [[0, 0, 1, -1], [0, 1, 0, -1], [1, 1, 1, -1], [1, 1, 1, 0], [1, -1, 1, 0], [-1, 0, 0, -1]]
    y = [2, 5, 2, -2, 0, 1]
    zero = [
        iterative_hard_thresholding(Psi, y, tau=0.09, step_size=0.1, steps=steps)[0] == 0
        for steps in range(1, 60)
    ]
    runs = [key for key, _ in itertools.groupby(zero)]
    assert runs == [False, True, False]
    for q in range(3):
        later = imp(LeastSquares(Psi, y), 3).weights[q + 1 :]
        assert np.all(later[:, imp(LeastSquares(Psi, y), 3).pruned[q]] == 0)


@given(problems(), st.floats(0.01, 1))
def test_a_short_step_never_raises_the_penalised_loss(problem, tau):
    eta = 0.999 * step_limit(problem.Phi)

    def penalised(s):
        penalty = tau**2 / (2 * eta) * np.count_nonzero(s)
        return 0.5 * np.sum((problem.y - problem.Phi @ s) ** 2) + penalty

    values = [
        penalised(
            iterative_hard_thresholding(problem.Phi, problem.y, tau=tau, step_size=eta, steps=steps)
        )
        for steps in range(8)
    ]
    assert all(b <= a + 1e-9 * (1 + a) for a, b in itertools.pairwise(values))


@given(st.integers(1, 6), st.floats(0, 2), seeds)
def test_hard_thresholding_solves_its_penalised_problem(p, tau, seed):
    z = np.random.default_rng(seed).standard_normal(p)

    def cost(s):
        return np.sum((z - s) ** 2) + tau**2 * np.count_nonzero(s)

    best = min(cost(z * np.array(mask)) for mask in itertools.product([0, 1], repeat=p))
    assert cost(hard_threshold(z, tau)) == pytest.approx(best)


def test_an_entry_of_the_threshold_itself_is_set_to_zero():
    assert hard_threshold([2.0, -2.0, 2.0001], 2.0).tolist() == [0.0, 0.0, 2.0001]


def test_every_step_size_below_the_limit_is_accepted_and_the_limit_is_not():
    options = {"Psi": 2 * np.eye(2), "y": [8.0, 4.0], "tau": 0.0, "steps": 3}
    below = iterative_hard_thresholding(**options, step_size=0.499)
    assert below == pytest.approx([4 + 4 * 0.996**3, 2 + 2 * 0.996**3])
    with pytest.raises(ValueError, match="step_size must be below"):
        iterative_hard_thresholding(**options, step_size=0.5)


@given(problems(full_rank=True))
def test_without_a_threshold_it_goes_to_least_squares(problem):
    eta = step_limit(problem.Phi)
    if np.linalg.cond(problem.Phi) < 10:
        s = iterative_hard_thresholding(problem.Phi, problem.y, tau=0, step_size=eta, steps=3000)
        assert np.allclose(s, np.linalg.lstsq(problem.Phi, problem.y)[0], atol=1e-8)
