"""Theorem 5: what it gets right, where its proof fails, and the remarks that follow it."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from problems import problems, seeds

from impbook import (
    LeastSquares,
    alignment_order,
    gradient_descent,
    gradient_flow,
    imp,
    theorem_5_samples,
)
from impbook.concentration import smallest_nonzero_eigenvalue
from impbook.counterexamples import (
    bias_counterexample,
    certify,
    interlacing_counterexample,
    shared_row_design,
    shared_row_noise,
    unit_norm_counterexample,
)
from impbook.designs import design_with_covariance
from impbook.monte_carlo import clopper_pearson, estimate_false_exclusion, imp_many
from impbook.nullspace import identifiable


def one_shot(w, q):
    """The q features whose weights in w are smallest in absolute value."""
    return set(np.argsort(np.abs(w), kind="stable")[:q].tolist())


@st.composite
def signals(draw):
    """Φ of any rank, a signal with entries of any size on an identifiable support, and noise."""
    problem = draw(problems(max_n=8, max_p=6))
    S = [i for i in range(problem.p) if identifiable(problem.Phi, [i])]
    assume(S)
    S = draw(st.lists(st.sampled_from(S), min_size=1, max_size=max(1, problem.p - 1), unique=True))
    rng = np.random.default_rng(draw(seeds))
    s = np.zeros(problem.p)
    s[S] = rng.choice([-1, 1], size=len(S)) * 10.0 ** rng.uniform(-2, 1, size=len(S))
    return problem.Phi, s, rng.standard_normal(problem.n)


# what the theorem gets right


@given(problems(), st.data())
def test_output_has_at_most_p_minus_q_entries(problem, data):
    q = data.draw(st.integers(0, problem.p - 1))
    assert np.count_nonzero(imp(problem, q).output) <= problem.p - q


@given(st.integers(1, 6), st.integers(1, 6))
def test_there_is_one_noise_for_each_sample(n, p):
    """In y = Φs + ξ, the noise ξ has n entries; the paper prints p, which fits only if p = n."""
    Phi = np.ones((n, p))
    if n == p:
        assert LeastSquares(Phi, Phi @ np.ones(p) + np.ones(p)).n == p
    else:
        with pytest.raises(ValueError, match="entry for each"):
            LeastSquares(Phi, np.ones(p))


@given(signals(), st.data())
def test_first_fit_keeps_large_signals_when_noise_weights_are_small(case, data):
    """If max |Σ⁺Φᵀξ/n| < γ/2, one-shot pruning keeps every feature with |s_i| ≥ γ."""
    Phi, s, xi = case
    p = Phi.shape[1]
    noise = np.abs(np.linalg.pinv(Phi) @ xi).max()
    gamma = 2 * noise * (1 + 1e-6) + 1e-9
    q = data.draw(st.integers(0, p - np.count_nonzero(s)))
    assume(q < p)
    w = gradient_flow(LeastSquares(Phi, Phi @ s + xi), np.inf)
    large = set(np.flatnonzero(np.abs(s) >= gamma).tolist())
    assert not one_shot(w, q) & large
    assert (np.abs(w[sorted(large)]) > gamma / 2).all()
    if q:
        first = imp(LeastSquares(Phi, Phi @ s + xi), 1).pruned if p > 1 else []
        assert not set(np.asarray(first).tolist()) & large


@pytest.mark.parametrize("noise", ["Gaussian", "Rademacher"])
def test_first_pruning_fails_at_most_delta_of_the_time(noise):
    n, p, k, gamma, delta, trials = 60, 10, 3, 0.6, 0.3, 4000
    Phi = design_with_covariance(n, 0.6 * np.eye(p) + 0.4, rng=0)
    sigma = math.sqrt(n / theorem_5_samples(gamma, delta, p, sigma=1.0, lambda_min=0.6))
    s = np.r_[gamma, -gamma, gamma / 5, np.zeros(p - k)]
    rng = np.random.default_rng(1)
    draw = {"Gaussian": rng.standard_normal, "Rademacher": lambda m: rng.choice([-1.0, 1.0], m)}
    Y = Phi @ s + sigma * draw[noise]((trials, n))
    W = Y @ np.linalg.pinv(Phi).T
    lost = sum(bool(one_shot(w, p - k) & {0, 1}) for w in W)
    assert clopper_pearson(lost, trials, 0.999)[0] <= delta


def test_theorem_5_holds_on_ordinary_designs():
    """At the required n, large signals are lost with probability at most δ."""
    p, k, gamma, delta = 8, 2, 0.5, 0.1
    n = math.ceil(theorem_5_samples(gamma, delta, p, sigma=1.0, lambda_min=0.5))
    Phi = design_with_covariance(n, 0.5 * np.eye(p) + 0.5, rng=3)
    s = np.r_[gamma, -gamma, np.zeros(p - k)]
    estimate = estimate_false_exclusion(Phi, s, p - k, 4000, gamma=gamma, rng=4)
    assert estimate.high <= delta


# where the printed proof fails


@given(problems(full_rank=True), st.data())
def test_removing_a_feature_cannot_lower_an_invertible_smallest_eigenvalue(problem, data):
    assume(problem.p > 1)
    gone = data.draw(st.integers(0, problem.p - 1))
    before = np.linalg.eigvalsh(problem.Sigma)[0]
    left = np.delete(np.arange(problem.p), gone)
    after = np.linalg.eigvalsh(problem.Sigma[np.ix_(left, left)])[0]
    assert after >= before * (1 - 1e-9)


@given(problems(max_n=6, max_p=6), st.data())
def test_interlacing_for_singular_covariances_depends_on_the_removed_column(problem, data):
    """If the removed column is independent of the others, λ_min does not fall.

    If the removed column lies in the span of the others, λ_min does not rise.
    """
    assume(problem.p > 1)
    gone = data.draw(st.integers(0, problem.p - 1))
    rest = np.delete(problem.Phi, gone, axis=1)
    before = smallest_nonzero_eigenvalue(problem.Phi)
    after = smallest_nonzero_eigenvalue(rest)
    if identifiable(problem.Phi, [gone]):
        assert after >= before * (1 - 1e-6)
    else:
        assert after <= before * (1 + 1e-6)


@given(problems(full_rank=True), st.data())
def test_removing_features_cannot_lower_the_smallest_eigenvalue_of_an_injective_design(
    problem, data
):
    left = data.draw(st.sets(st.integers(0, problem.p - 1), min_size=1).map(sorted))
    whole, part = problem.Phi, problem.Phi[:, left]
    before, after = (np.linalg.svd(M, compute_uv=False)[-1] for M in (whole, part))
    assert after >= before * (1 - 1e-9)


@given(signals(), st.data())
def test_what_is_left_of_the_signal_is_orthogonal_to_the_null_space(case, data):
    Phi, s, _ = case
    left = data.draw(st.sets(st.integers(0, len(s) - 1), min_size=1).map(sorted))
    shortest = np.linalg.pinv(Phi[:, left], rcond=1e-9) @ (Phi[:, left] @ s[left])
    assert np.allclose(shortest, s[left], atol=1e-6 * np.abs(s).max())


@given(st.floats(0.01, 1.5))
def test_smallest_nonzero_eigenvalue_can_fall_from_one(theta):
    columns = np.array([[1, math.cos(theta), 0], [0, math.sin(theta), 1]])
    assert smallest_nonzero_eigenvalue(columns) == pytest.approx(1 / 2)  # n = 2
    left = columns[:, :2]
    assert np.linalg.eigvalsh(left.T @ left)[0] == pytest.approx(1 - math.cos(theta), rel=1e-6)


@given(problems(full_rank=True), st.data())
def test_pruned_signal_leaks_into_the_weights_that_are_left(problem, data):
    """After R is pruned, the fit on A has the weights s_A + Σ_AA⁻¹Σ_AR s_R + Σ_AA⁻¹Φ_Aᵀξ/n."""
    p = problem.p
    assume(p > 1)
    q = data.draw(st.integers(1, p - 1))
    rng = np.random.default_rng(data.draw(seeds))
    s, xi = rng.standard_normal(p), rng.standard_normal(problem.n)
    path = imp(LeastSquares(problem.Phi, problem.Phi @ s + xi), q)
    A = np.flatnonzero(path.active[-1])
    R = np.flatnonzero(~path.active[-1])
    Sigma = problem.Sigma
    inverse = np.linalg.inv(Sigma[np.ix_(A, A)])
    leak = inverse @ Sigma[np.ix_(A, R)] @ s[R]
    noise = inverse @ problem.Phi[:, A].T @ xi / problem.n
    np.testing.assert_allclose(path.output[A], s[A] + leak + noise, atol=1e-6)


def test_the_leak_of_counterexample_a_is_minus_the_signal():
    certificate = bias_counterexample()
    Phi = certificate.design
    Sigma = Phi.T @ Phi / 4
    assert Sigma[0, 1] / Sigma[0, 0] * float(certificate.s[1]) == pytest.approx(-1)


def test_noise_in_a_chosen_set_is_larger_than_lemma_6_allows():
    """Lemma 6's bound holds for a fixed set of nulls, but not for one that IMP chose."""
    m, eta, rounds, trials = 400, 0.05, 180, 300
    Phi, rng = shared_row_design(m, m), np.random.default_rng(2)
    X = np.array([shared_row_noise(m, eta, rng=rng) for _ in range(trials)])
    far = 1e4  # a signal this large is never pruned
    chosen = imp_many(Phi, Phi[:, 0] * far + X, rounds).output[:, 0] - far
    fixed = Phi[:, : m + 1 - rounds]
    before = (X @ np.linalg.pinv(fixed).T)[:, 0]
    variance = np.linalg.inv(fixed.T @ fixed)[0, 0]
    assert np.mean(before**2) == pytest.approx(variance, rel=0.2)
    assert np.mean(chosen**2) > 20 * variance
    reach = math.sqrt(2 * variance * math.log(2 / 0.001))  # Lemma 6's bound at δ = .001
    assert clopper_pearson(int((np.abs(before) >= reach).sum()), trials, 0.999)[0] <= 0.001
    assert np.mean(np.abs(chosen) >= reach) > 0.99


def test_a_feature_that_is_not_pruned_can_end_with_weight_zero():
    """Once feature 1 is pruned, the noise in rows 0 and 1 cancels half the time; then w_0 = 0."""
    certificate = certify(
        [[1, -10, 0], [1, -10, 0], [0, 2, 0], [0, 0, "1/5"]],
        [1, "1/10", 0],
        1,
        sigma="3/100",
        gamma=1,
        delta="1/20",
        lambda_min="97/10000",
    )
    assert certificate.enough_samples and certificate.injective and certificate.enough_nulls
    assert all(outcome.pruned == (1,) for outcome in certificate.outcomes)
    assert certificate.failure * 2 == 1


# the statement


@pytest.mark.parametrize(
    "make", [bias_counterexample, unit_norm_counterexample], ids=["bias", "unit norms"]
)
def test_theorem_5_ii_fails_with_certainty_on_a_design_it_admits(make):
    certificate = make()
    assert certificate.injective and certificate.enough_nulls and certificate.enough_samples
    assert certificate.failure == 1 > certificate.delta


def test_with_identifiability_alone_it_fails_without_any_small_signal():
    certificate = interlacing_counterexample()
    assert certificate.identifiable and not certificate.injective
    assert all(abs(certificate.s[i]) >= certificate.gamma for i in certificate.S)
    assert certificate.failure == 1


# the remarks


def test_samples_must_grow_with_noise_and_with_the_inverse_eigenvalue():
    # the sample size that the remark gives for γ = 1, if its constant is 1
    n = math.ceil(math.log(2 * 6 / 0.05))
    for scale, sigma in ((1.0, 3.0), (0.1, 1.0)):
        Phi = math.sqrt(scale) * design_with_covariance(n, np.eye(6), rng=0)
        estimate = estimate_false_exclusion(
            Phi, [1, 0, 0, 0, 0, 0], 5, 2000, gamma=1, sigma=sigma, rng=1
        )
        assert estimate.low > 0.3
        assert theorem_5_samples(1, 0.05, 6, sigma=sigma, lambda_min=scale) > 9 * n


def test_exact_support_needs_exactly_p_minus_k_prunings():
    p, k = 6, 2
    Phi = design_with_covariance(40, np.eye(p), rng=0)
    s = np.r_[5.0, -5.0, np.zeros(p - k)]
    problem = LeastSquares(Phi, Phi @ s + np.random.default_rng(0).standard_normal(40))
    for q in range(p - k + 1):
        found = set(np.flatnonzero(imp(problem, q).output).tolist())
        assert found >= {0, 1}
        assert (found == {0, 1}) == (q == p - k)


def test_a_signal_far_below_gamma_is_lost_as_any_null_is():
    """With Σ = I and the printed n, each feature is about equally likely to be the one kept."""
    p, tiny = 10, 1e-3
    n = math.ceil(theorem_5_samples(1, 0.05, p, sigma=1, lambda_min=1))
    Phi, s = math.sqrt(n) * np.eye(n, p), tiny * np.eye(p)[0]
    lost = estimate_false_exclusion(Phi, s, p - 1, 4000, gamma=tiny, rng=0, confidence=0.999)
    assert lost.low < 1 - 1 / p < lost.high and lost.high < 0.92


def test_a_component_below_gamma_decides_over_one_above():
    certificate = bias_counterexample()
    without = certify(
        certificate.Phi,
        [1, 0, 0, 0],
        2,
        sigma=certificate.sigma,
        gamma=1,
        delta=certificate.delta,
        lambda_min=certificate.lambda_min,
    )
    assert 0 < certificate.s[1] < certificate.gamma
    assert (certificate.failure, without.failure) == (1, 0)


@given(st.integers(1, 7), st.integers(1, 4), seeds)
def test_random_features_are_identifiable_only_if_there_are_enough_samples(n, more, seed):
    rng = np.random.default_rng(seed)
    assert identifiable(rng.standard_normal((n, n)), [0])
    assert not identifiable(rng.standard_normal((n, n + more)), [0])


def test_smallest_eigenvalue_of_gaussian_features_is_bounded_as_stated():
    """√λ_min ≥ 1 − √(p/n) − t, except with probability e^(−nt²/2)."""
    n, p, delta, trials = 120, 20, 0.1, 300
    t = math.sqrt(2 * math.log(1 / delta) / n)
    low = 1 - math.sqrt(p / n) - t
    rng = np.random.default_rng(0)
    size = np.linalg.svd(rng.standard_normal((trials, n, p)) / math.sqrt(n), compute_uv=False)
    below = int((size[:, -1] < low).sum())
    assert low > 0.3
    assert clopper_pearson(below, trials, 0.999)[0] <= delta


def test_a_false_exclusion_spoils_the_estimate_too():
    """All errors of the first fit are below γ/2, but some error of the output is at least γ."""
    certificate = bias_counterexample()
    for outcome in certificate.outcomes:
        first, last = outcome.weights[0], outcome.weights[-1]
        gaps = [
            max(abs(w - s) for w, s in zip(fit, certificate.s, strict=True))
            for fit in (first, last)
        ]
        assert gaps[0] < certificate.gamma / 2 and gaps[1] >= certificate.gamma


@given(problems(), st.floats(0.01, 2.0), st.data())
def test_one_step_of_gradient_descent_per_round_is_alignment(problem, fraction, data):
    q = data.draw(st.integers(0, problem.p - 1))
    a = np.sort(np.abs(problem.alignment))
    assume(np.diff(a).min(initial=1) > 1e-9)
    eta = 0.49 * fraction / max(np.linalg.eigvalsh(problem.Sigma)[-1], 1e-3)
    active = np.ones(problem.p, dtype=bool)
    for expected in alignment_order(problem, q).pruned:
        w = gradient_descent(
            problem.gradient, np.zeros(problem.p), step_size=eta, steps=1, active=active
        )
        smallest = int(np.argmin(np.where(active, np.abs(w), np.inf)))
        assert smallest == expected
        active[smallest] = False


@given(st.integers(1, 6), seeds)
def test_long_gradient_descent_prunes_like_the_flow(p, seed):
    rng = np.random.default_rng(seed)
    problem = LeastSquares(
        design_with_covariance(10, 0.5 * np.eye(p) + 0.5, rng=rng), rng.standard_normal(10)
    )
    eta = 1 / np.linalg.eigvalsh(problem.Sigma)[-1]
    w = gradient_descent(problem.gradient, np.zeros(p), step_size=eta, steps=400)
    np.testing.assert_allclose(w, gradient_flow(problem, np.inf), atol=1e-8)


def test_pruning_several_at_once_is_no_worse_than_theorem_0():
    """Pruning half of the features at once keeps the signal in all outcomes of the leak example."""
    for outcome in bias_counterexample().outcomes:
        assert 0 not in one_shot([float(w) for w in outcome.weights[0]], 2)
