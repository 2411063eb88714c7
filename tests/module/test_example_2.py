"""Properties of uniform correlation (Example 2)."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import erfc
from scipy.stats import binomtest, norm

from impbook import LeastSquares, PruningOrder, alignment_order, gradient_flow, imp, kendall_tau
from impbook.designs import targets_with_alignment, uniform_correlation_design
from impbook.example_2 import (
    critical_alpha,
    first_pruned,
    first_pruning_agreements,
    mean_pull,
    printed_uniform_inverse,
    random_alignments,
    uniform_alignment_limit,
    uniform_correlation_path,
    uniform_inverse,
)
from impbook.heuristics import removal_costs

seeds = st.integers(0, 2**32 - 1)
laws = settings(deadline=None, max_examples=60)


def order(pruned, p):
    return PruningOrder(np.array(pruned, dtype=np.intp), p)


def some_alpha(p, fraction):
    """A correlation in (−1/(p−1), 1), far enough from both ends to keep Σ well conditioned."""
    low = -0.95 / (p - 1) if p > 1 else -0.9
    return low + fraction * (0.97 - low)


def exact_product(p, entries, alpha):
    """The first row of AΣ as fractions; `entries` is a diagonal and another entry of A."""
    diagonal, off = entries
    first = [diagonal] + [off] * (p - 1)
    Sigma = [[Fraction(1) if i == j else alpha for j in range(p)] for i in range(p)]
    return [sum(first[k] * Sigma[k][j] for k in range(p)) for j in range(p)]


@pytest.mark.parametrize("p", [2, 3, 8, 20])
@pytest.mark.parametrize(
    "alpha", [Fraction(1, 100), Fraction(1, 2), Fraction(99, 100), Fraction(-1, 25)]
)
def test_inverse_is_exact_in_fractions_and_the_printed_one_is_not(p, alpha):
    identity_row = [1] + [0] * (p - 1)
    assert exact_product(p, uniform_inverse(p, alpha), alpha) == identity_row
    assert exact_product(p, printed_uniform_inverse(p, alpha), alpha) != identity_row


@laws
@given(st.integers(1, 30), st.floats(0, 1))
def test_inverse_agrees_with_numpy(p, fraction):
    alpha = some_alpha(p, fraction)
    Sigma = np.full((p, p), alpha) + (1 - alpha) * np.eye(p)
    diagonal, off = uniform_inverse(p, alpha)
    inverse = np.full((p, p), off) + (diagonal - off) * np.eye(p)
    np.testing.assert_allclose(inverse, np.linalg.inv(Sigma), rtol=1e-8, atol=1e-8)


@laws
@given(st.integers(1, 12), st.integers(0, 5), st.floats(0, 1), seeds)
def test_design_has_exactly_the_uniform_covariance(p, extra, fraction, seed):
    alpha = some_alpha(p, fraction)
    Phi = uniform_correlation_design(p + extra, p, alpha, rng=seed)
    Sigma = np.full((p, p), alpha)
    np.fill_diagonal(Sigma, 1.0)
    np.testing.assert_allclose(Phi.T @ Phi / (p + extra), Sigma, atol=1e-12)


@laws
@given(st.integers(1, 12), st.floats(0, 1), seeds)
def test_weights_are_alignments_minus_the_pull_of_the_mean(p, fraction, seed):
    alpha = some_alpha(p, fraction)
    rng = np.random.default_rng(seed)
    Phi = uniform_correlation_design(p + 3, p, alpha, rng=rng)
    problem = LeastSquares(Phi, rng.standard_normal(p + 3))
    a = problem.alignment
    w = np.linalg.lstsq(Phi, problem.y)[0]
    predicted = (a - mean_pull(p, alpha) * a.mean()) / (1 - alpha)
    np.testing.assert_allclose(problem.n * w, predicted, atol=1e-8)


@laws
@given(st.integers(1, 14), st.floats(0, 1), seeds)
def test_closed_form_order_is_the_order_of_imp(p, fraction, seed):
    alpha = some_alpha(p, fraction)
    rng = np.random.default_rng(seed)
    Phi = uniform_correlation_design(p + 2, p, alpha, rng=rng)
    problem = LeastSquares(Phi, rng.standard_normal(p + 2))
    path = uniform_correlation_path(problem.alignment, alpha, q=p - 1)
    np.testing.assert_array_equal(path.pruned, imp(problem, q=p - 1).pruned)


def brute_force_order(a, alpha, q):
    """In each step, recompute the centre exactly and prune the survivor that is nearest to it."""
    a, alpha = [Fraction(x) for x in a], Fraction(alpha)
    left, pruned = list(range(len(a))), []
    for _ in range(q):
        t = alpha * sum(a[j] for j in left) / (1 - alpha + len(left) * alpha)
        pruned.append(min(left, key=lambda j: (abs(a[j] - t), j)))
        left.remove(pruned[-1])
    return pruned


@settings(deadline=None, max_examples=200)
@given(
    st.lists(st.integers(-6, 6), min_size=1, max_size=12),
    st.sampled_from([0.0, 0.25, 0.5, 0.75, 0.875]),
    st.data(),
)
def test_ties_go_to_the_lowest_index_in_the_closed_form_order(a, alpha, data):
    # Small integers tie often. If alpha is 0, the centre t is 0 and the orders must be equal.
    # Otherwise rounding in t may break an exact tie, and the comparison ends there.
    q = data.draw(st.integers(0, len(a) - 1))
    expected = brute_force_order(a, alpha, q)
    got = list(uniform_correlation_path(a, alpha, q).pruned)
    if alpha == 0.0:
        assert got == expected
        return
    left = [Fraction(x) for x in a]
    exact = Fraction(alpha)
    for one, two in zip(got, expected, strict=True):
        t = exact * sum(left) / (1 - exact + len(left) * exact)
        assert abs(a[one] - t) == abs(a[two] - t)
        if one != two:
            return  # an exact tie that rounding decided the other way
        left.remove(Fraction(a[one]))


@laws
@given(st.integers(2, 40), st.floats(0, 1), seeds)
def test_pruned_features_are_one_run_of_the_sorted_alignments(p, fraction, seed):
    alpha = some_alpha(p, fraction)
    a = np.random.default_rng(seed).standard_normal(p)
    pruned = uniform_correlation_path(a, alpha, q=p - 1).pruned
    position = np.argsort(np.argsort(a))
    for k in range(1, p):
        run = position[pruned[:k]]
        assert run.max() - run.min() == k - 1


@laws
@given(st.integers(1, 20), seeds)
def test_without_correlation_the_closed_form_is_the_alignment_heuristic(p, seed):
    rng = np.random.default_rng(seed)
    problem = LeastSquares(rng.standard_normal((p, p)), rng.standard_normal(p))
    path = uniform_correlation_path(problem.alignment, 0.0, q=p - 1)
    np.testing.assert_array_equal(path.pruned, alignment_order(problem, p - 1).pruned)


@laws
@given(st.integers(1, 10), st.floats(0.001, 0.95), seeds)
def test_first_prunings_agree_exactly_below_the_critical_correlation(p, alpha, seed):
    a = np.random.default_rng(seed).standard_normal(p)
    critical = critical_alpha(a)
    assert 0 <= critical <= 1
    if abs(alpha - critical) > 1e-9:
        agree = first_pruned([a], alpha)[0] == np.argmin(np.abs(a))
        assert agree == (alpha < critical)


def test_critical_correlation_of_the_worked_example():
    a = [1.0, 1.5, 4.0, 4.0]
    assert critical_alpha(a) == pytest.approx(5 / 27)
    assert [first_pruned([a], x)[0] for x in (5 / 27 - 1e-9, 5 / 27 + 1e-9)] == [0, 1]


@laws
@given(st.floats(-1, 1).filter(bool), st.floats(-1, 1).filter(bool))
def test_two_features_are_never_told_apart_from_alignment(one, two):
    if abs(one) != abs(two):
        assert critical_alpha([one, two]) == 1.0


@laws
@given(st.integers(3, 12), seeds)
def test_near_one_a_generic_y_is_never_pruned_by_alignment(p, seed):
    rng = np.random.default_rng(seed)
    g, z = rng.standard_normal(), rng.standard_normal(p)
    spread = np.sort(z)
    if abs(g) < 1e-3 or np.diff(spread).min() < 1e-4:
        return
    alpha = 1 - 1e-12
    a = np.sqrt(alpha) * g + np.sqrt(1 - alpha) * z
    assert first_pruned([a], alpha)[0] != first_pruned([a], 0.0)[0]
    assert first_pruned([a], alpha)[0] == np.argmin(np.abs(z - z.mean()))


@pytest.mark.parametrize("p", [3, 4, 5, 6])
def test_agreement_near_one_for_y_in_the_span_is_two_to_the_two_minus_p(p):
    alpha, trials = 1 - 1e-6, 4000
    agree = first_pruning_agreements(p, alpha, trials, n=p, signal=1.0, sigma=0.0, rng=p)
    interval = binomtest(agree, trials).proportion_ci(0.999, method="exact")
    assert interval.low <= 2.0 ** (2 - p) <= interval.high


@pytest.mark.parametrize(("p", "alpha"), [(50, 1e-4), (200, 1e-4), (100, 5e-4)])
def test_disagreement_for_white_noise_follows_the_rule_of_thumb(p, alpha):
    trials = 20_000
    disagree = trials - first_pruning_agreements(p, alpha, trials, n=p, rng=p)
    interval = binomtest(disagree, trials).proportion_ci(0.999, method="exact")
    rule = mean_pull(p, alpha) * p * np.sqrt(alpha + (1 - alpha) / p) / np.pi
    assert 0.93 * interval.low <= rule <= 1.07 * interval.high


def test_agreement_at_the_critical_correlation_depends_on_training_to_the_end():
    a, alpha = [1.0, 1.5, 4.0, 4.1], 0.1925
    assert critical_alpha(a) < alpha
    Phi = uniform_correlation_design(6, 4, alpha, rng=0)
    problem = LeastSquares(Phi, targets_with_alignment(Phi, a))
    first = {
        T: int(np.argmin(np.abs(gradient_flow(problem, T, np.zeros(4)))))
        for T in (0.01, 1.0, 3.0, 10.0, np.inf)
    }
    assert first == {0.01: 0, 1.0: 0, 3.0: 0, 10.0: 1, np.inf: 1}


def poisson_agreements(c, trials, seed):
    """The number of trials in which two random locations have the same nearest Poisson point."""
    rng, same = np.random.default_rng(seed), 0
    rate = 1 / np.sqrt(2 * np.pi)
    for shift in c * rng.standard_normal(trials) / 2:
        reach = abs(shift) + 20 / rate
        points = rng.uniform(-reach, reach, rng.poisson(2 * reach * rate))
        same += np.abs(points - shift).argmin() == np.abs(points + shift).argmin()
    return int(same)


@pytest.mark.parametrize("c", [0.1, 0.3, 1.0, 3.0, 10.0, 40.0])
def test_the_limit_is_what_a_poisson_process_does(c):
    same = poisson_agreements(c, 10_000, seed=int(10 * c))
    interval = binomtest(same, 10_000).proportion_ci(0.999, method="exact")
    assert interval.low <= uniform_alignment_limit(c) <= interval.high


@settings(deadline=None, max_examples=30)
@given(st.floats(0, 60))
def test_the_limit_is_a_mean_over_the_distance_of_the_places(c):
    width = c / np.sqrt(2 * np.pi)
    mean, _ = quad(
        lambda g: 2 * norm.pdf(g) * (1 + width * g) * np.exp(-2 * width * g), 0, 12, epsabs=1e-12
    )
    assert uniform_alignment_limit(c) == pytest.approx(mean, abs=1e-8)


def test_the_limit_has_the_printed_closed_form_and_falls_from_one_to_zero():
    grid = np.geomspace(1e-3, 8, 50)
    kappa = grid * np.sqrt(2 / np.pi)
    closed = (1 - kappa**2 / 2) * np.exp(kappa**2 / 2) * erfc(kappa / np.sqrt(2))
    closed += kappa / np.sqrt(2 * np.pi)
    np.testing.assert_allclose([uniform_alignment_limit(c) for c in grid], closed, atol=1e-8)
    values = [uniform_alignment_limit(c) for c in [0, *np.geomspace(1e-6, 1e99, 400)]]
    assert values[0] == 1.0
    assert (np.diff(values) < 0).all()
    assert uniform_alignment_limit(1e50) == pytest.approx(1.5e-50)
    assert 1 - uniform_alignment_limit(1e-4) == pytest.approx(1e-4 / np.pi, rel=1e-3)


@pytest.mark.parametrize("kind", [(0.0, 1.0), (1.0, 0.0), (1.0, 100.0)])
@pytest.mark.parametrize("c", [0.3, 1.0, 3.0])
def test_many_features_agree_as_often_as_the_limit_says(kind, c):
    p, trials, (signal, sigma) = 5000, 1000, kind
    agree = first_pruning_agreements(
        p, c * p**-1.5, trials, n=p, signal=signal, sigma=sigma, rng=int(c)
    )
    interval = binomtest(agree, trials).proportion_ci(0.999, method="exact")
    assert interval.low <= uniform_alignment_limit(c) <= interval.high


@laws
@given(
    st.integers(2, 30),
    st.floats(0, 0.98),
    st.floats(0, 0.98),
    st.sampled_from([(0.0, 1.0), (1.0, 0.0), (1.0, 0.3), (1.0, 3.0)]),
    seeds,
)
def test_more_correlation_never_brings_agreement_back(p, one, two, kind, seed):
    # Both correlations use the same Gaussians z. The vector a has covariance signal²·Σ² + sigma²·Σ.
    z, (signal, sigma) = np.random.default_rng(seed).standard_normal(p), kind
    agree = []
    for alpha in (min(one, two), max(one, two)):
        across, along = 1 - alpha, 1 - alpha + p * alpha  # eigenvalues of Σ
        scale = [np.sqrt(signal**2 * v**2 + sigma**2 * v) for v in (across, along)]
        a = scale[0] * (z - z.mean()) + scale[1] * z.mean()
        agree.append(first_pruned([a], alpha)[0] == first_pruned([a], 0.0)[0])
    assert agree[0] >= agree[1]


def test_random_alignments_have_the_law_of_real_problems():
    p, alpha, n = 4, 0.3, 6
    Phi = uniform_correlation_design(n, p, alpha, rng=0)
    rng = np.random.default_rng(1)
    real = (rng.standard_normal((20_000, p)) @ Phi.T + 2 * rng.standard_normal((20_000, n))) @ Phi
    drawn = random_alignments(p, alpha, 20_000, n=n, signal=1.0, sigma=2.0, rng=2)
    np.testing.assert_allclose(np.cov(drawn.T), np.cov(real.T), rtol=0.08)
    assert np.abs(drawn.mean(axis=0)).max() < 0.3


@pytest.mark.parametrize("kind", [{}, {"signal": 2.0}, {"signal": 1.0, "sigma": 0.0}])
def test_many_correlations_see_the_draws_that_each_alone_would_see(kind):
    p, trials, alphas = 40, 5000, [0.0, 0.002, 0.1, 0.7]
    expected = []
    for alpha in alphas:
        a = random_alignments(p, alpha, trials, n=p, rng=4, **kind)
        w = np.linalg.solve((1 - alpha) * np.eye(p) + alpha, a.T).T
        expected.append(int((np.abs(w).argmin(axis=1) == np.abs(a).argmin(axis=1)).sum()))
    counts = first_pruning_agreements(p, alphas, trials, n=p, rng=4, **kind)
    assert counts.tolist() == expected
    assert first_pruning_agreements(p, alphas[2], trials, n=p, rng=4, **kind) == expected[2]


def test_agreement_counts_are_those_of_real_runs():
    p, alpha, trials, rng = 5, 0.1, 1500, np.random.default_rng(3)
    Phi, agree = uniform_correlation_design(p, p, alpha, rng=rng), 0
    for _ in range(trials):
        problem = LeastSquares(Phi, rng.standard_normal(p))
        agree += int(imp(problem, q=1).pruned[0] == np.argmin(np.abs(problem.alignment)))
    interval = binomtest(agree, trials).proportion_ci(0.999, method="exact")
    many = first_pruning_agreements(p, alpha, 100_000, n=p, rng=rng) / 100_000
    assert interval.low <= many <= interval.high


@laws
@given(st.integers(1, 10), st.integers(0, 5), seeds)
def test_removal_costs_are_what_refitting_without_the_feature_costs(p, extra, seed):
    rng = np.random.default_rng(seed)
    n = p + extra
    problem = LeastSquares(rng.standard_normal((n, p)), rng.standard_normal(n))
    if np.linalg.cond(problem.Phi) > 1e4:
        return

    def best(columns):
        w = np.zeros(p)
        w[columns] = np.linalg.lstsq(problem.Phi[:, columns], problem.y)[0] if columns else []
        return problem.loss(w)

    everything = list(range(p))
    expected = [best(everything[:i] + everything[i + 1 :]) - best(everything) for i in everything]
    np.testing.assert_allclose(removal_costs(problem), expected, rtol=1e-6, atol=1e-9)


@laws
@given(st.integers(2, 10), st.floats(0, 1), seeds)
def test_under_uniform_correlation_imp_makes_the_cheapest_removal(p, fraction, seed):
    rng = np.random.default_rng(seed)
    Phi = uniform_correlation_design(p + 2, p, some_alpha(p, fraction), rng=rng)
    problem = LeastSquares(Phi, rng.standard_normal(p + 2))
    assert imp(problem, q=1).pruned[0] == np.argmin(removal_costs(problem))


@pytest.mark.parametrize("p", [3, 6])
def test_near_one_removal_costs_stay_apart_unless_the_weights_are_bounded(p):
    n, gap = p + 3, 1e-8
    rng = np.random.default_rng(p)
    basis = np.linalg.qr(rng.standard_normal((n, p + 1)))[0]
    u, e = basis[:, :1], basis[:, 1:]
    Phi = np.sqrt(n) * (np.sqrt(1 - gap) * u + np.sqrt(gap) * e)
    y = rng.standard_normal(n)
    z = e.T @ y
    limit = p / (p - 1) * (z - z.mean()) ** 2 / (2 * n)
    np.testing.assert_allclose(removal_costs(LeastSquares(Phi, y)), limit, rtol=0.05, atol=1e-4)
    assert limit.max() > 3 * limit.min()
    s = rng.uniform(-1, 1, p)
    assert removal_costs(LeastSquares(Phi, Phi @ s)).max() < 2 * gap


@laws
@given(st.integers(1, 8), st.integers(0, 4), seeds)
def test_targets_have_the_alignments_asked_for(p, extra, seed):
    rng = np.random.default_rng(seed)
    Phi, a = uniform_correlation_design(p + extra, p, 0.4, rng=rng), rng.standard_normal(p)
    np.testing.assert_allclose(Phi.T @ targets_with_alignment(Phi, a), a, atol=1e-10)


@laws
@given(st.permutations(range(7)), st.permutations(range(7)))
def test_kendall_tau_counts_pairs(first, second):
    pairs = [(i, j) for i in range(7) for j in range(i)]
    same = sum(
        (first.index(i) < first.index(j)) == (second.index(i) < second.index(j)) for i, j in pairs
    )
    one, two = (PruningOrder(np.array(order[:6]), 7) for order in (first, second))
    assert kendall_tau(one, two) == pytest.approx(2 * same / len(pairs) - 1)
    assert kendall_tau(one, one) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: uniform_correlation_design(5, 3, 1.0), r"alpha must lie strictly between.*got 1"),
        (lambda: uniform_correlation_design(5, 3, -0.5), r"between -1/\(p-1\) = -0.5.*got -0.5"),
        (lambda: uniform_correlation_design(5, 3, np.nan), "alpha must be a number, got nan"),
        (lambda: uniform_correlation_design(2, 3, 0.1), "n must be at least 3, got 2"),
        (lambda: uniform_inverse(3, Fraction(3, 2)), "alpha must lie strictly.*got 1.5"),
        (lambda: printed_uniform_inverse(0, 0.5), "p must be at least 1, got 0"),
        (lambda: mean_pull(0, 0.5), "m must be at least 1, got 0"),
        (lambda: mean_pull(3, 2.0), "alpha must lie strictly.*got 2.0"),
        (lambda: critical_alpha([1.0, np.inf]), "a must be finite, got inf at index"),
        (lambda: first_pruned([1.0, 2.0], 0.5), r"a must have 2 dimension\(s\), got shape \(2,\)"),
        (lambda: uniform_correlation_path([1.0, 2.0], 0.5, q=2), "q must be an integer"),
        (lambda: uniform_correlation_path([1.0, 2.0], 1.0, q=1), "alpha must lie strictly"),
        (lambda: random_alignments(3, -0.1, 5, n=4), r"alpha must lie in \[0, 1\), got -0.1"),
        (lambda: first_pruning_agreements(3, 1.0, 5, n=4), r"alpha must lie in \[0, 1\), got 1"),
        (lambda: first_pruning_agreements(3, [0.1, -0.1, 2], 5, n=4), "alpha must lie .* got -0.1"),
        (lambda: random_alignments(3, 0.1, 5, n=2), "n must be at least 3, got 2: p = 3"),
        (lambda: first_pruning_agreements(3, 0.1, 5, n=2), "n must be at least 3, got 2"),
        (lambda: uniform_alignment_limit(-0.1), "c must be nonnegative and finite, got -0.1"),
        (lambda: uniform_alignment_limit(np.inf), "c must be nonnegative and finite, got inf"),
        (lambda: random_alignments(3, 0.1, 0, n=4), "trials must be at least 1, got 0"),
        (lambda: random_alignments(3, 0.1, 5, n=4, sigma=-1), "sigma must be nonnegative"),
        (lambda: removal_costs(LeastSquares(np.ones((3, 2)), np.ones(3))), "linearly independent"),
        (lambda: removal_costs(LeastSquares(np.eye(3)[:2], np.ones(2))), "linearly independent"),
        (lambda: kendall_tau(order([0], 2), order([0], 3)), "got 1 of 2 and 1 of 3"),
        (lambda: kendall_tau(order([], 2), order([0], 2)), "got 0 of 2 and 1 of 2"),
        (lambda: kendall_tau(order([], 1), order([], 1)), "p >= 2 features"),
        (lambda: targets_with_alignment(np.ones((3, 2)), [1, 2]), "2 columns have rank 1"),
        (lambda: targets_with_alignment(np.eye(3), [1, 2]), "a must have 3 entries, got 2"),
    ],
)
def test_bad_input_of_example_2(call, message):
    with pytest.raises(ValueError, match=message):
        call()
