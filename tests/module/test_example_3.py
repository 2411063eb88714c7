"""Properties of pairwise incoherence (Example 3)."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from impbook import LeastSquares, gaussian_design, imp
from impbook.designs import (
    design_with_covariance,
    equiangular_design,
    incoherent_design,
    normalise,
    perturbed_orthonormal_design,
    targets_with_alignment,
    uniform_correlation_design,
)
from impbook.example_3 import (
    _triangles,
    certifies_alignment,
    gaussian_alignment_limit,
    gaussian_first_pruned,
    gaussian_problem,
    neumann_weights,
    pairwise_incoherence,
    sharp_gap_example,
    sufficient_gap,
)

seeds = st.integers(0, 2**32 - 1)
laws = settings(deadline=None, max_examples=60)


@laws
@given(st.integers(2, 10), st.integers(0, 5), seeds)
def test_norms_are_those_of_the_off_diagonal_part(p, extra, seed):
    Phi = gaussian_design(p + extra, p, rng=seed)
    found = pairwise_incoherence(Phi)
    A = np.eye(p) - np.corrcoef(np.vstack([Phi, -Phi]).T)  # appending −Phi makes all means 0
    assert found.delta_PW == pytest.approx(np.abs(A).max())
    assert found.norm_2 == pytest.approx(np.abs(np.linalg.eigvalsh(A)).max())
    assert found.norm_inf == pytest.approx(max(sum(abs(x) for x in row) for row in A))


@laws
@given(st.integers(2, 10), st.floats(0, 0.98), seeds)
def test_norms_are_ordered_as_hoelder_says(p, fraction, seed):
    found = pairwise_incoherence(incoherent_design(p, p, fraction / (p - 1), rng=seed))
    assert found.norm_2 <= found.norm_inf + 1e-12
    assert found.norm_inf <= (p - 1) * found.delta_PW + 1e-12


def test_incoherent_features_are_correlated_as_often_below_0_as_above():
    Phi = incoherent_design(40, 40, 0.02, rng=0)
    pairs = (Phi.T @ Phi / 40)[np.triu_indices(40, 1)] / 0.02
    assert abs(pairs.mean()) < 4 / np.sqrt(3 * pairs.size)  # `pairs` are uniform on [−1, 1]
    assert pairs.var() == pytest.approx(1 / 3, rel=0.1)


@pytest.mark.parametrize("p", [2, 3, 7])
def test_hoelder_bound_is_attained_by_uniform_correlation(p):
    found = pairwise_incoherence(uniform_correlation_design(p + 1, p, 0.4 / p, rng=0))
    assert found.norm_2 == pytest.approx((p - 1) * found.delta_PW)


def test_neither_varying_signs_nor_many_zeros_alone_make_the_bound_pessimistic():
    flipped = np.diag([-1.0, 1, 1]) @ (0.7 * np.eye(3) + 0.3) @ np.diag([-1.0, 1, 1])
    found = pairwise_incoherence(design_with_covariance(4, flipped, rng=0))
    assert found.norm_2 == pytest.approx(2 * found.delta_PW)
    block = np.eye(14)
    block[:9, :9] += 0.1 * (1 - np.eye(9))
    found = pairwise_incoherence(design_with_covariance(15, block, rng=0))
    assert 13 * found.delta_PW / found.norm_2 == pytest.approx(13 / 8)


@pytest.mark.parametrize("sign", [-1, 1])
def test_neumann_tail_is_attained_by_negative_uniform_correlation_only(sign):
    p, alpha = 4, 0.2
    Phi = uniform_correlation_design(6, p, sign * alpha, rng=0)
    A = np.eye(p) - Phi.T @ Phi / 6
    tail = np.linalg.norm(np.linalg.inv(np.eye(p) - A) - np.eye(p) - A, 2)
    bound = pairwise_incoherence(Phi).neumann_tail
    assert bound == pytest.approx(0.9)
    assert (tail == pytest.approx(bound)) == (sign == -1)
    assert tail <= bound + 1e-12


@laws
@given(st.integers(2, 8), st.floats(0, 0.95), seeds)
def test_first_order_weights_err_by_at_most_the_tail(p, fraction, seed):
    rng = np.random.default_rng(seed)
    Phi = incoherent_design(p + 2, p, fraction / (p - 1), rng=rng)
    problem = LeastSquares(Phi, rng.standard_normal(p + 2))
    w = np.linalg.lstsq(Phi, problem.y)[0]
    error = problem.n * np.linalg.norm(w - neumann_weights(problem, 2))
    size = np.linalg.norm(problem.alignment)
    assert error <= pairwise_incoherence(Phi).neumann_tail * size * (1 + 1e-9) + 1e-9


def test_neumann_series_reaches_the_trained_weights():
    Phi = incoherent_design(8, 5, 0.12, rng=0)
    problem = LeastSquares(Phi, np.random.default_rng(1).standard_normal(8))
    np.testing.assert_allclose(neumann_weights(problem, 200), imp(problem, 0).output, atol=1e-12)


@laws
@given(st.integers(2, 9), st.integers(0, 6), st.floats(0, 0.99), seeds)
def test_designs_keep_their_promise(p, extra, fraction, seed):
    n, delta = p + extra, fraction / (p - 1)
    exact = pairwise_incoherence(incoherent_design(n, p, delta, rng=seed))
    assert exact.delta_PW == pytest.approx(delta, abs=1e-12)
    nudged = pairwise_incoherence(perturbed_orthonormal_design(n, p, fraction, rng=seed))
    assert nudged.delta_PW <= fraction + 1e-12


@pytest.mark.parametrize("p", [6, 14, 18])
def test_equiangular_design_is_as_evenly_spread_as_can_be(p):
    delta = 0.9 / np.sqrt(p - 1)
    Phi = equiangular_design(p + 2, p, delta, rng=0)
    A = np.eye(p) - Phi.T @ Phi / (p + 2)
    np.testing.assert_allclose(np.abs(A), delta * (1 - np.eye(p)), atol=1e-10)
    np.testing.assert_allclose(A @ A, delta**2 * (p - 1) * np.eye(p), atol=1e-10)


def test_at_the_largest_correlation_equiangular_features_span_half_the_dimensions():
    assert np.linalg.matrix_rank(equiangular_design(6, 6, 1 / np.sqrt(5), rng=0), tol=1e-6) == 3


@laws
@given(st.integers(1, 6), st.integers(1, 6), seeds)
def test_normalised_features_have_unit_variance_and_the_same_direction(n, p, seed):
    rng = np.random.default_rng(seed)
    Phi = rng.standard_normal((n, p)) * 10.0 ** rng.integers(-200, 200, p)
    normal = normalise(Phi)
    np.testing.assert_allclose(np.mean(normal**2, axis=0), 1.0)
    np.testing.assert_array_equal(np.sign(normal), np.sign(Phi))


def adversarial(p, fraction, seed):
    """A problem built to mislead: extreme correlations, and two weights that nearly tie."""
    rng = np.random.default_rng(seed)
    Sigma = np.eye(p)
    upper = np.triu_indices(p, 1)
    Sigma[upper] = fraction / (p - 1) * rng.choice([-1.0, 1.0, rng.uniform(-1, 1)], upper[0].size)
    Sigma = Sigma + np.triu(Sigma, 1).T
    v = np.ones(p) if rng.random() < 0.5 else rng.standard_normal(p)
    v[:2] = rng.uniform(0, 1) * np.array([1.0, 1 - 10.0 ** -rng.integers(1, 9)])
    a = Sigma @ v
    if rng.random() < 0.3:
        a[np.argmin(np.abs(a))] *= rng.uniform()
    Phi = design_with_covariance(p, Sigma, rng=rng)
    return LeastSquares(Phi, targets_with_alignment(Phi, a))


@settings(deadline=None, max_examples=500)
@given(st.integers(2, 7), st.floats(0.001, 0.95), seeds, st.sampled_from(["rows", "delta"]))
def test_certificate_is_never_wrong(p, fraction, seed, by):
    problem = adversarial(p, fraction, seed)
    if certifies_alignment(problem, by=by):
        w = np.linalg.lstsq(problem.Phi, problem.y)[0]
        assert np.argmin(np.abs(w)) == np.argmin(np.abs(problem.alignment))


@settings(deadline=None, max_examples=300)
@given(st.integers(3, 7), st.floats(0.01, 0.99), seeds)
def test_no_disagreement_has_more_than_the_sufficient_gap(p, fraction, seed):
    problem = adversarial(p, fraction, seed)
    v = np.linalg.solve(problem.Sigma, problem.alignment)
    a = np.sort(np.abs(problem.alignment))
    if np.argmin(np.abs(v)) != np.argmin(np.abs(problem.alignment)):
        assert a[1] - a[0] <= (sufficient_gap(p, fraction / (p - 1)) + 1e-9) * a[-1]


@pytest.mark.parametrize("p", [3, 4, 5, 10])
@pytest.mark.parametrize("fraction", [0.01, 0.5, 0.99])
def test_sufficient_gap_cannot_be_lowered(p, fraction):
    delta = fraction / (3 * p - 7)
    Sigma, a = sharp_gap_example(p, delta, 1e-4)
    assert np.abs(Sigma - np.eye(p)).max() == pytest.approx(delta)
    assert np.sort(a)[1] - np.sort(a)[0] == pytest.approx((1 - 1e-4) * sufficient_gap(p, delta))
    Phi = design_with_covariance(p, Sigma, rng=0)
    problem = LeastSquares(Phi, targets_with_alignment(Phi, a))
    assert imp(problem, q=1).pruned[0] == 1
    assert np.argmin(np.abs(problem.alignment)) == 0
    assert not certifies_alignment(problem) and not certifies_alignment(problem, by="delta")
    beyond = LeastSquares(Phi, targets_with_alignment(Phi, a * np.where(a < 1, 1.001, 1.0)))
    assert certifies_alignment(beyond, by="delta") and certifies_alignment(beyond)
    assert imp(beyond, q=1).pruned[0] == 0


@laws
@given(st.integers(2, 9), st.floats(0.001, 0.9), seeds)
def test_second_term_is_bounded_by_p_minus_1_incoherences_and_attains_it(p, delta, seed):
    rng = np.random.default_rng(seed)
    A = np.triu(rng.uniform(-delta, delta, (p, p)), 1)
    a = rng.standard_normal(p)
    bound = (p - 1) * delta * np.abs(a).max()
    assert np.abs((A + A.T) @ a).max() <= bound
    Phi = uniform_correlation_design(p + 1, p, delta, rng=seed)
    problem = LeastSquares(Phi, targets_with_alignment(Phi, np.ones(p)))
    second = problem.n * (neumann_weights(problem, 2) - neumann_weights(problem, 1))
    assert np.allclose(np.abs(second), (p - 1) * delta)


def test_rows_may_certify_what_delta_alone_cannot():
    Sigma = np.eye(6)
    Sigma[4, 5] = Sigma[5, 4] = 0.3  # only one pair is correlated, yet (p − 1)δ > 1
    Phi = design_with_covariance(6, Sigma, rng=0)
    problem = LeastSquares(Phi, targets_with_alignment(Phi, [1.0, 5, 5, 5, 5, 5]))
    assert certifies_alignment(problem) and not certifies_alignment(problem, by="delta")


def test_without_small_incoherence_no_gap_suffices():
    p, alpha = 5, 0.6
    assert 2 * (p - 2) * alpha / (1 - (p - 3) * alpha) < 0  # the formula's gap is negative
    assert sufficient_gap(p, alpha) == np.inf
    Phi = uniform_correlation_design(p + 1, p, alpha, rng=0)
    problem = LeastSquares(Phi, targets_with_alignment(Phi, [1.0, 2, 4, 4, 4]))
    assert imp(problem, q=1).pruned[0] == 1
    assert not certifies_alignment(problem)


@laws
@given(st.floats(-0.99, 0.99), seeds)
def test_two_normalised_features_are_pruned_by_alignment(rho, seed):
    Phi = design_with_covariance(3, [[1.0, rho], [rho, 1.0]], rng=seed)
    problem = LeastSquares(Phi, np.random.default_rng(seed).standard_normal(3))
    assert imp(problem, q=1).pruned[0] == np.argmin(np.abs(problem.alignment))
    assert sufficient_gap(2, abs(rho)) == 0.0


def test_tenfold_dominance_of_the_first_term_does_not_decide():
    Sigma = np.eye(3)
    Sigma[0, 2] = Sigma[2, 0] = -0.02
    Sigma[1, 2] = Sigma[2, 1] = 0.02
    a = np.array([1.0, 1.05, 5.0])
    Phi = design_with_covariance(4, Sigma, rng=0)
    problem = LeastSquares(Phi, targets_with_alignment(Phi, a))
    assert (np.abs(a) >= 10 * np.abs((np.eye(3) - Sigma) @ a) * (1 - 1e-12)).all()
    assert imp(problem, q=1).pruned[0] == 1
    assert np.argmin(np.abs(problem.alignment)) == 0
    assert not certifies_alignment(problem)


def test_disagreement_on_gaussian_designs_follows_the_rule_of_thumb():
    trials = 40_000
    for p in (5, 10, 20):
        n = 100 * p**3
        by_imp, by_alignment = gaussian_first_pruned(n, p, trials, rng=p)
        differ = int((by_imp != by_alignment).sum())
        interval = binomtest(differ, trials).proportion_ci(0.999, "exact")
        assert interval.low <= p * np.sqrt(2 * (p - 2) / n) / np.pi <= interval.high


def shifted_poisson_agreements(r, trials, seed):
    """Number of trials in which the Poisson point nearest 0 stays nearest when all points move."""
    rng, same = np.random.default_rng(seed), 0
    rate, sd = 1 / np.sqrt(2 * np.pi), 1 / np.sqrt(r)
    reach = 20 / rate + 6 * sd
    for _ in range(trials):
        before = rng.uniform(-reach, reach, rng.poisson(2 * reach * rate))
        after = before + sd * rng.standard_normal(before.size)
        same += np.abs(before).argmin() == np.abs(after).argmin()
    return int(same)


@pytest.mark.parametrize("r", [0.01, 0.1, 0.3, 1.0, 3.0, 30.0, 300.0])
def test_the_limit_is_what_shifted_poisson_points_do(r):
    same = shifted_poisson_agreements(r, 10_000, seed=int(100 * r))
    interval = binomtest(same, 10_000).proportion_ci(0.999, method="exact")
    assert interval.low <= gaussian_alignment_limit(r) <= interval.high


def test_the_limit_rises_from_the_square_root_of_r_to_the_rule_of_thumb():
    grid = np.geomspace(1e-12, 1e12, 200)
    values = np.array([gaussian_alignment_limit(r) for r in grid])
    assert (np.diff(values) > 0).all()
    assert values[0] == pytest.approx(1e-6, rel=1e-4)
    assert 1 - values[-1] == pytest.approx(np.sqrt(2) / np.pi * 1e-6, rel=1e-3)
    assert 0 < gaussian_alignment_limit(1e-99) < gaussian_alignment_limit(1e99) <= 1


@pytest.mark.parametrize("r", [0.1, 1.0, 30.0])
def test_many_gaussian_features_agree_as_often_as_the_limit_says(r):
    p, trials = 60, 4000
    by_imp, by_alignment = gaussian_first_pruned(int(r * p**3), p, trials, rng=round(r))
    same = int((by_imp == by_alignment).sum())
    interval = binomtest(same, trials).proportion_ci(0.999, method="exact")
    assert interval.low <= gaussian_alignment_limit(r) <= interval.high


def test_any_target_agrees_as_often_as_white_noise_does():
    n, p, trials, rng = 300, 8, 1000, np.random.default_rng(0)
    spike, same = np.eye(n)[0], 0
    for _ in range(trials):
        problem = LeastSquares(gaussian_design(n, p, rng=rng), spike)
        same += int(imp(problem, q=1).pruned[0] == np.argmin(np.abs(problem.alignment)))
    by_imp, by_alignment = gaussian_first_pruned(n, p, 100_000, rng=rng)
    interval = binomtest(same, trials).proportion_ci(0.999, method="exact")
    assert interval.low <= np.mean(by_imp == by_alignment) <= interval.high


@pytest.mark.parametrize(("n", "p"), [(4, 4), (30, 3)])
def test_reduced_gaussian_problems_have_the_law_of_full_ones(n, p):
    trials, rng = 2000, np.random.default_rng(5)
    agree = {"full": 0, "reduced": 0}
    incoherence = {"full": 0.0, "reduced": 0.0}
    for _ in range(trials):
        full = LeastSquares(gaussian_design(n, p, rng=rng), rng.standard_normal(n))
        reduced = gaussian_problem(n, p, rng=rng)
        for kind, problem in (("full", full), ("reduced", reduced)):
            first = imp(problem, q=1).pruned[0]
            agree[kind] += int(first == np.argmin(np.abs(problem.alignment)))
            incoherence[kind] += pairwise_incoherence(problem.Phi).delta_PW / trials
    by_imp, by_alignment = gaussian_first_pruned(n, p, trials, rng=rng)
    agree["batch"] = int((by_imp == by_alignment).sum())
    intervals = [binomtest(k, trials).proportion_ci(0.999, "exact") for k in agree.values()]
    assert max(i.low for i in intervals) <= min(i.high for i in intervals)
    assert incoherence["full"] == pytest.approx(incoherence["reduced"], rel=0.05)


@pytest.mark.parametrize(("n", "p"), [(3, 3), (9, 4), (12, 12)])
def test_first_prunings_of_many_gaussian_problems_are_those_of_each(n, p):
    trials = 200
    rng = np.random.default_rng(p)
    triangles, targets = _triangles(n, p, trials, rng), rng.standard_normal((trials, p))
    problems = [LeastSquares(normalise(R), z) for R, z in zip(triangles, targets, strict=True)]
    by_imp, by_alignment = gaussian_first_pruned(n, p, trials, rng=p)
    fits = [np.linalg.lstsq(problem.Phi, problem.y)[0] for problem in problems]
    assert by_imp.tolist() == np.abs(fits).argmin(axis=1).tolist()
    assert by_alignment.tolist() == [np.abs(q.alignment).argmin() for q in problems]


@pytest.mark.parametrize("i", range(3))
@pytest.mark.parametrize("scale", [0.5, 1 - 1e-7, 1 + 1e-7, 2.0])
def test_one_feature_that_is_too_small_or_too_large_is_named(i, scale):
    Phi = np.sqrt(3) * np.eye(3)
    assert pairwise_incoherence(Phi).delta_PW == 0
    Phi[:, i] *= scale
    with pytest.raises(ValueError, match=rf"but Σ_ii = {scale**2:.6g} for i = {i};"):
        pairwise_incoherence(Phi)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: pairwise_incoherence(2 * np.eye(3)), "must have normalised features"),
        (lambda: pairwise_incoherence([[np.nan]]), "Phi must be finite"),
        (lambda: normalise([[1.0, 0.0]]), "column 1 is 0 everywhere"),
        (lambda: neumann_weights(LeastSquares(np.eye(2), [1, 1]), 2), "normalised features"),
        (lambda: neumann_weights(LeastSquares([[1.0]], [1]), 0), "terms must be at least 1"),
        (lambda: sufficient_gap(1, 0.1), "p must be at least 2, got 1"),
        (lambda: sufficient_gap(3, 1.0), "delta_PW must be below 1, got 1"),
        (lambda: sufficient_gap(3, -0.1), "delta_PW must be nonnegative"),
        (lambda: sharp_gap_example(2, 0.1, 0.1), "p must be at least 3, got 2"),
        (lambda: sharp_gap_example(5, 0.2, 0.1), r"delta_PW must be below 1/\(3p-7\) = 0.125"),
        (lambda: sharp_gap_example(5, 0.1, 1.0), "shortfall must lie strictly between 0 and 1"),
        (lambda: certifies_alignment(LeastSquares([[1.0]], [1])), "features p must be at least 2"),
        (lambda: certifies_alignment(LeastSquares(np.eye(2), [1, 1])), "normalised features"),
        (
            lambda: certifies_alignment(LeastSquares(np.sqrt(2) * np.eye(2), [1, 1]), by="rho"),
            "by must be one of 'rows', 'delta', got 'rho'",
        ),
        (lambda: incoherent_design(5, 3, 0.5), r"delta_PW must be below 1/\(p-1\) = 0.5"),
        (lambda: incoherent_design(2, 3, 0.1), "n must be at least 3, got 2"),
        (lambda: perturbed_orthonormal_design(5, 3, 1.0), "delta_PW must be below 1, got 1"),
        (lambda: equiangular_design(9, 7, 0.1), "a prime of the form 4k"),
        (lambda: equiangular_design(9, 6, 0.5), r"at most 1/√\(p-1\) = 0.4472 for p = 6"),
        (lambda: gaussian_problem(2, 3), "n must be at least 3, got 2"),
        (lambda: gaussian_first_pruned(5, 3, 0), "trials must be at least 1, got 0"),
        (lambda: gaussian_alignment_limit(0.0), "r must be positive and finite, got 0.0"),
        (lambda: gaussian_alignment_limit(np.inf), "r must be positive and finite, got inf"),
        (lambda: gaussian_design(0, 6), "n must be at least 1, got 0"),
    ],
)
def test_bad_input_of_example_3(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_one_feature_is_pruned_first_by_both():
    assert not np.any(gaussian_first_pruned(3, 1, 4, rng=0))
