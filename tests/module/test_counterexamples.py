"""Verify independently the hypotheses and outcomes of the counterexamples to Theorem 5 (ii)."""

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from impbook import LeastSquares, imp, theorem_5_samples
from impbook.counterexamples import (
    bias_counterexample,
    certify,
    exact_imp,
    gaussian_bias_bound,
    interlacing_counterexample,
    unit_norm_counterexample,
)
from impbook.counterexamples.rational import (
    is_eigenvalue_bound,
    is_positive_semidefinite,
    log_above,
    rank,
)
from impbook.monte_carlo import estimate_false_exclusion

CERTIFICATES = {
    "bias": bias_counterexample,
    "unit norms": unit_norm_counterexample,
    "interlacing": interlacing_counterexample,
}
integers = st.integers(-3, 3)


@st.composite
def integer_matrices(draw, max_n=5, max_p=4):
    n, p = draw(st.integers(1, max_n)), draw(st.integers(1, max_p))
    return draw(st.lists(st.lists(integers, min_size=p, max_size=p), min_size=n, max_size=n))


def as_floats(rows):
    return np.array(rows, dtype=float)


def as_fractions(rows):
    return np.array([[Fraction(int(x)) for x in row] for row in rows])


# exact arithmetic


@given(integer_matrices(), st.data())
def test_exact_path_agrees_with_floating_point(Phi, data):
    y = data.draw(st.lists(integers, min_size=len(Phi), max_size=len(Phi)))
    q = data.draw(st.integers(0, len(Phi[0]) - 1))
    exact = exact_imp(Phi, y, q)
    for k in range(q):  # leave out ties, which rounding would break
        gone = set(exact.pruned[:k])
        size = sorted(abs(w) for j, w in enumerate(exact.weights[k]) if j not in gone)
        assume(size[0] < size[1])
    path = imp(LeastSquares(Phi, y), q)
    assert tuple(path.pruned) == exact.pruned
    np.testing.assert_allclose(path.weights, as_floats(exact.weights), atol=1e-9)


def test_exact_ties_go_to_the_lowest_index():
    assert exact_imp([[1, 0, 0], [0, 1, 0], [0, 0, 1]], [1, -1, 1], 2).pruned == (0, 1)


def determinant(A):
    """The determinant by Leibniz's formula: a sum of signed products over permutations."""
    order = range(len(A))
    return sum(
        (-1) ** sum(a > b for a, b in itertools.combinations(places, 2))
        * math.prod(A[i][j] for i, j in enumerate(places))
        for places in itertools.permutations(order)
    )


def by_determinants(Phi, y, q):
    """Pruning order and weights for an injective Phi, by Cramer's rule on the normal equations."""
    active, pruned, weights = list(range(len(Phi[0]))), [], []
    for _ in range(q + 1):
        G = [[sum(r[i] * r[j] for r in Phi) for j in active] for i in active]
        right = [sum(r[i] * t for r, t in zip(Phi, y, strict=True)) for i in active]
        whole, fit = determinant(G), [Fraction(0)] * len(Phi[0])
        for place, feature in enumerate(active):
            swapped = [
                [b if j == place else x for j, x in enumerate(entries)]
                for entries, b in zip(G, right, strict=True)
            ]
            fit[feature] = Fraction(determinant(swapped), whole)
        weights.append(tuple(fit))
        pruned.append(min(active, key=lambda i: abs(fit[i])))
        active.remove(pruned[-1])
    return tuple(pruned[:q]), tuple(weights)


@st.composite
def numpy_problems(draw):
    """An injective Phi, targets y, an integer dtype that holds their entries, and q < p."""
    dtype = np.dtype(draw(st.sampled_from(["int8", "uint8", "int16", "int32", "int64", "uint64"])))
    limits = np.iinfo(dtype)
    p = draw(st.integers(1, 3))
    n = draw(st.integers(p, 4))
    whole = st.integers(int(limits.min), int(limits.max))
    rows = draw(st.lists(st.lists(whole, min_size=p, max_size=p), min_size=n, max_size=n))
    y = draw(st.lists(whole, min_size=n, max_size=n))
    assume(determinant([[sum(r[i] * r[j] for r in rows) for j in range(p)] for i in range(p)]))
    return rows, y, dtype, draw(st.integers(0, p - 1))


@given(numpy_problems(), st.booleans())
def test_exact_path_is_exact_for_integers_of_any_dtype(problem, as_lists):
    rows, y, dtype, q = problem
    Phi, targets = np.array(rows, dtype), np.array(y, dtype)
    if as_lists:  # lists whose entries are NumPy scalars
        Phi, targets = [list(entries) for entries in Phi], list(targets)
    path = exact_imp(Phi, targets, np.int8(q))
    assert (path.pruned, path.weights) == by_determinants(rows, y, q)
    parts = [x for entries in path.weights for w in entries for x in (w.numerator, w.denominator)]
    assert {type(x) for x in parts} == {int}


def test_small_and_large_integers_of_numpy_do_not_overflow():
    Phi = [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]]
    assert exact_imp(Phi, np.array([60, 20, 40, 100], dtype=np.int8), 2).pruned == (1, 2)
    large = 10**12 * np.array(Phi)
    assert exact_imp(large, large @ [3, 1, 2], 2).pruned == (1, 2)


def test_certificate_is_the_same_from_numpy_integers():
    exact = certify([[100, 0], [3, 90]], [2, 1], 1, sigma=1, gamma=1, delta="1/20", lambda_min=3000)
    one = np.int8(1)
    small_integers = certify(
        np.array([[100, 0], [3, 90]], dtype=np.int8),
        np.array([2, 1], dtype=np.int8),
        one,
        sigma=one,
        gamma=one,
        delta="1/20",
        lambda_min=np.int16(3000),
    )
    assert small_integers == exact
    assert np.array_equal(exact.design, [[100.0, 0.0], [3.0, 90.0]])


@given(integer_matrices(), integer_matrices())
def test_pivots_decide_positive_semidefiniteness(P, R):
    A = np.array(P).T @ np.array(P)
    assert is_positive_semidefinite(as_fractions(A))
    B = np.array(R)[: min(np.shape(R)), : min(np.shape(R))]
    B = B + B.T
    smallest = np.linalg.eigvalsh(B)[0]
    assume(abs(smallest) > 1e-9)
    assert is_positive_semidefinite(as_fractions(B)) == (smallest > 0)


def test_a_zero_pivot_with_something_beside_it_is_not_positive_semidefinite():
    assert not is_positive_semidefinite(as_fractions([[0, 1], [1, 5]]))
    assert is_positive_semidefinite(as_fractions([[0, 0], [0, 5]]))


@given(integer_matrices())
def test_eigenvalue_bound_is_sharp_for_any_rank(Phi):
    values = np.linalg.eigvalsh(np.array(Phi).T @ np.array(Phi) / len(Phi))
    values = values[values > 1e-9]
    assume(values.size)
    exact = as_fractions(Phi)
    assert rank(exact) == values.size
    assert is_eigenvalue_bound(exact, Fraction(values[0] * (1 - 1e-6)))
    assert not is_eigenvalue_bound(exact, Fraction(values[0] * (1 + 1e-6)))


@given(st.fractions(1, 10**9))
def test_logarithm_is_bounded_from_above_and_closely(x):
    low, high = enclosed_logarithm(x)
    assert high <= log_above(x) <= low + Fraction(1, 10**25)


def enclosed_logarithm(x, terms=35):
    """Bounds on log x = m·log 2 + log u with u = x/2^m in [1, 2), from series for log 2 and log u.

    The series of log u = 2·artanh((u − 1)/(u + 1)) has positive terms; a geometric series bounds
    its tail.
    """
    m = 0
    while x >= 2:
        x, m = x / 2, m + 1
    low = high = Fraction(0)
    for factor, u in ((m, Fraction(2)), (1, x)):
        z = (u - 1) / (u + 1)
        series = 2 * sum(z ** (2 * j + 1) / (2 * j + 1) for j in range(terms))
        low += factor * series
        high += factor * (series + 2 * z ** (2 * terms + 1) / (1 - z * z))
    return low, high


# certificates


@pytest.mark.parametrize("name", CERTIFICATES)
def test_certificate_meets_every_hypothesis(name):
    certificate = CERTIFICATES[name]()
    Phi, p = certificate.design, certificate.p
    values = np.linalg.eigvalsh(Phi.T @ Phi / certificate.n)
    smallest = values[values > 1e-9 * values[-1]][0]
    asked = (8 * float(certificate.sigma) ** 2 * math.log(2 * p / float(certificate.delta))) / (
        float(certificate.gamma) ** 2 * smallest
    )
    assert float(certificate.lambda_min) <= smallest * (1 + 1e-9)
    assert asked <= float(certificate.samples) * (1 + 1e-9) < asked * 1.0003
    assert certificate.gamma == certificate.s[0] == 1 and certificate.delta == Fraction(1, 20)
    assert certificate.enough_samples and asked < certificate.n
    assert certificate.enough_nulls and certificate.identifiable
    assert certificate.k == {"bias": 2, "unit norms": 2, "interlacing": 1}[name]
    assert certificate.injective == (name != "interlacing")
    assert certificate.injective == (np.linalg.matrix_rank(Phi) == p)


@given(*4 * [st.fractions(Fraction(1, 10), Fraction(9, 10), max_denominator=50)])
def test_certificate_asks_for_the_samples_of_theorem_5(sigma, gamma, delta, lambda_min):
    options = {"sigma": sigma, "lambda_min": lambda_min}
    certificate = certify([[2, 0], [0, 2]], [1, 0], 1, gamma=gamma, delta=delta, **options)
    asked = 8 * sigma**2 * math.log(4 / delta) / (gamma**2 * lambda_min)
    assert float(certificate.samples) == pytest.approx(asked, rel=1e-9)


def test_a_signal_in_the_span_of_the_other_features_is_not_identifiable():
    def of(s):
        options = {"sigma": 1, "gamma": 1, "delta": "1/20", "lambda_min": "1/2"}
        return certify([[1, 0, 0], [0, 1, 1]], s, 1, **options)

    assert not of([0, 1, 0]).identifiable and not of([1, 1, 0]).identifiable
    assert of([1, 0, 0]).identifiable and not of([1, 0, 0]).injective
    assert of([1, 1, 0]).enough_nulls and not of([1, 1, 1]).enough_nulls


@pytest.mark.parametrize("name", CERTIFICATES)
def test_imp_in_floating_point_loses_the_signal_under_every_outcome(name):
    certificate = CERTIFICATES[name]()
    assert certificate.failure == 1
    assert len({outcome.signs for outcome in certificate.outcomes}) == 2**certificate.n
    for outcome in certificate.outcomes:
        path = imp(LeastSquares(certificate.design, as_floats(outcome.y)), certificate.q)
        assert tuple(path.pruned) == outcome.pruned
        assert 0 in outcome.lost and path.output[0] == 0
        assert abs(certificate.s[0]) >= certificate.gamma
        np.testing.assert_allclose(path.weights, as_floats(outcome.weights), atol=1e-9)


def test_bias_counterexample_by_hand():
    """The weights of the first two rounds, computed by hand."""
    certificate = bias_counterexample()
    assert certificate.Phi[0] == (2, -20, 0, 0) and certificate.s[1] == Fraction(1, 10)
    for outcome in certificate.outcomes:
        x = [certificate.sigma * sign for sign in outcome.signs]
        first = (1 + x[0] / 2 + 5 * x[1], Fraction(1, 10) + x[1] / 2, 5 * x[2], 5 * x[3])
        assert outcome.weights[0] == first
        assert outcome.weights[1] == (x[0] / 2, 0, 5 * x[2], 5 * x[3])
        assert outcome.pruned == (1, 0)


@given(st.integers(0, 40), st.fractions(Fraction(1, 10**6), Fraction(99, 100)), st.floats(0, 1))
def test_bias_counterexample_is_certain_failure_for_every_delta(extra, delta, where):
    L = math.log(8 / delta)
    B = math.ceil(2 + math.sqrt(8 * L)) + extra
    low, high = 2 / (B * (B - 1)), 1 / math.sqrt(2 * (B**2 + 2) * L)
    assert low < high
    sigma = Fraction(low + (high - low) * (0.001 + 0.998 * where)).limit_denominator(10**9)
    certificate = bias_counterexample(B, delta=delta, sigma=sigma)
    assert certificate.enough_samples and certificate.injective
    assert certificate.failure == 1


@pytest.mark.parametrize("B", [20, 100, 1000])
def test_gaussian_family_fails_at_least_as_often_as_proved(B):
    sigma, proved = gaussian_bias_bound(B, 0.05)
    Phi, s = bias_counterexample(B).design, [1, 1 / B, 0, 0]
    smallest = np.linalg.svd(Phi, compute_uv=False)[-1] ** 2 / 4
    assert theorem_5_samples(1, 0.05, 4, sigma=sigma, lambda_min=smallest) <= 4
    estimate = estimate_false_exclusion(
        Phi, s, 2, 4000, gamma=1, sigma=sigma, rng=0, confidence=0.999
    )
    assert 0.3 < proved <= estimate.high
    assert gaussian_bias_bound(10 * B, 0.05)[1] > proved


def test_a_bound_that_says_nothing_is_0():
    assert gaussian_bias_bound(2, 0.05)[1] == 0


def test_bias_counterexample_with_unit_norms_has_unit_norms():
    for column in zip(*unit_norm_counterexample().Phi, strict=True):
        assert sum(x * x for x in column) == 1


def test_without_its_small_signal_the_large_one_survives():
    certificate = bias_counterexample()
    alone = certify(
        certificate.Phi,
        [1, 0, 0, 0],
        2,
        sigma=certificate.sigma,
        gamma=1,
        delta=certificate.delta,
        lambda_min=certificate.lambda_min,
    )
    assert alone.enough_samples and alone.failure == 0


def test_without_noise_nothing_is_lost():
    certificate = bias_counterexample()
    y = [sum(a * b for a, b in zip(row, certificate.s, strict=True)) for row in certificate.Phi]
    assert exact_imp(certificate.Phi, y, 2).weights[-1][:2] == certificate.s[:2]


def test_fewer_prunings_than_two_are_safe():
    certificate = bias_counterexample()
    for outcome in certificate.outcomes:
        assert outcome.weights[1][0] != 0


@pytest.mark.parametrize("name", CERTIFICATES)
def test_one_shot_pruning_of_the_first_fit_is_safe(name):
    certificate = CERTIFICATES[name]()
    for outcome in certificate.outcomes:
        size = [abs(w) for w in outcome.weights[0]]
        assert 0 not in sorted(range(certificate.p), key=size.__getitem__)[: certificate.q]


def test_smallest_eigenvalue_falls_with_the_feature_in_the_span_of_the_rest():
    Phi = interlacing_counterexample().design
    before = np.linalg.eigvalsh(Phi.T @ Phi / 3)
    after = np.linalg.eigvalsh(Phi[:, :3].T @ Phi[:, :3] / 3)
    assert abs(before[0]) < 1e-12 and before[1] == pytest.approx(1 / 3)
    assert after[0] == pytest.approx((1 - 399 / 401) / 3)


def test_certificate_text_names_every_hypothesis():
    text = str(bias_counterexample())
    assert "16 of 16" in text and "3.727" in text and text.count("True") == 3


# bad input


@pytest.mark.parametrize(
    ("call", "exception", "message"),
    [
        (lambda: exact_imp([[0.1]], [1], 0), TypeError, "Phi must be an integer, a Fraction"),
        (lambda: exact_imp(np.eye(2), [1, 1], 0), TypeError, "Phi must be an integer, .* got 1.0"),
        (lambda: exact_imp([[1]], [np.float64(1)], 0), TypeError, "y must be an integer"),
        (lambda: exact_imp(["12"], [1], 0), TypeError, "Phi must be a sequence .* got '12'"),
        (lambda: exact_imp(None, [1], 0), TypeError, "Phi must be a sequence .* got None"),
        (lambda: exact_imp([["1/0"]], [1], 0), ValueError, "Phi must be a rational number"),
        (lambda: exact_imp([["x"]], [1], 0), ValueError, "got 'x'"),
        (lambda: exact_imp([[True]], [1], 0), TypeError, "got True"),
        (
            lambda: exact_imp([[1, 2], [3]], [1, 1], 0),
            ValueError,
            "row 1 of Phi must have 2 entries, got 1",
        ),
        (lambda: exact_imp([], [], 0), ValueError, "Phi must have at least one row"),
        (lambda: exact_imp([[1, 2]], [1, 1], 0), ValueError, "y must have 1 entries, got 2"),
        (lambda: exact_imp([[1, 2]], [1], 2), ValueError, "0 <= q < p = 2, got 2"),
        (lambda: bias_counterexample(1), ValueError, "B must be at least 2, got 1"),
        (lambda: bias_counterexample(2.5), TypeError, "B must be an integer"),
        (lambda: gaussian_bias_bound(5, 0), ValueError, "delta must lie strictly between"),
        (lambda: bias_counterexample(delta=2), ValueError, "delta must lie strictly between"),
        (lambda: bias_counterexample(sigma=0), ValueError, "sigma must be positive, got 0"),
        (lambda: bias_counterexample(sigma=0.1), TypeError, "sigma must be an integer, a Fraction"),
        (lambda: small(lambda_min=2), ValueError, "lambda_min must not exceed .* got 2"),
        (lambda: small(s=[0, 0]), ValueError, "s must have a non-zero entry"),
        (lambda: small(Phi=[[0, 0], [0, 0]]), ValueError, "Phi must have a non-zero entry"),
        (lambda: small(Phi=[[1, 1]] * 13), ValueError, "Phi must have at most 12 rows, got 13"),
    ],
)
def test_bad_input(call, exception, message):
    with pytest.raises(exception, match=message):
        call()


def small(**changed):
    given = {"Phi": [[1, 0], [0, 1]], "s": [1, 0], "lambda_min": "1/2"} | changed
    return certify(
        given["Phi"], given["s"], 1, sigma=1, gamma=1, delta="1/2", lambda_min=given["lambda_min"]
    )
