"""The star counterexample agrees with `imp`, and its stored certificates are rigorously verified.

The letters are those of chapters/sharper-numbers.ipynb.
"""

import csv
import math
from fractions import Fraction
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from mpmath import iv
from mpmath.libmp import to_rational
from scipy.stats import binomtest

from impbook import LeastSquares, imp
from impbook.counterexamples import star_design, star_failure, star_sinking

ROOT = Path(__file__).parent.parent.parent
DATA = ROOT / "chapters" / "data" / "star.csv"
counts = st.integers(1, 30)
strengths = st.floats(0.05, 0.99)
lengths = st.floats(0.3, 8)
probabilities = st.floats(0.05, 0.95)


def draws(rng, shape, pi):
    """Two-point noise of mean 0 and variance proxy 1, negative with probability π."""
    width = 2.0 if pi == 0.5 else math.sqrt(2 * math.log((1 - pi) / pi) / (1 - 2 * pi))
    return width * (pi - (rng.random(shape) < pi))


def loses(Phi, gamma, noise):
    y = gamma * Phi[:, 0] + noise
    return 0 in imp(LeastSquares(Phi, y), Phi.shape[1] - 1).pruned


def noise_of(m, a, pi, r):
    """The noise in the star's rows: negative in rows 0 to a, then positive, and 0 in the last."""
    levels = np.arange(1, m + 1) > a
    width = [
        2.0 if x == 0.5 else math.sqrt(2 * math.log((1 - x) / x) / (1 - 2 * x)) for x in (pi, r)
    ]
    return np.r_[-width[0] * (1 - pi), width[1] * (levels - 1 + r), 0.0]


@given(counts, strengths, lengths)
def test_pruning_a_null_never_changes_another(m, C, N):
    Phi = star_design(m, C=C, N=N)
    inverse = np.linalg.inv(Phi.T @ Phi)
    expected = np.eye(m + 1) / N**2
    expected[0, 1:] = expected[1:, 0] = -math.sqrt(C / m) / N
    expected[0, 0] = 1
    np.testing.assert_allclose(inverse, expected, atol=1e-6)


@given(counts, strengths, lengths)
def test_smallest_eigenvalue_is_the_formula_of_the_notes(m, C, N):
    Phi = star_design(m, C=C, N=N)
    formula = 2 / (1 + N**-2 + math.sqrt((1 - N**-2) ** 2 + 4 * C * N**-2))
    assert np.linalg.eigvalsh(Phi.T @ Phi)[0] == pytest.approx(formula, rel=1e-6)


@given(st.integers(2, 25), strengths, lengths, st.floats(1, 6), probabilities, probabilities)
def test_imp_loses_the_signal_at_every_number_in_the_set(m, C, N, gamma, pi, r):
    assume(math.sqrt(C / m) * N < 2)
    Phi = star_design(m, C=C, N=N)
    for a in star_sinking(m, gamma, pi, r, C=C, N=N):
        assert loses(Phi, gamma, noise_of(m, a, pi, r))


def test_some_numbers_sink_the_signal_and_others_do_not():
    Phi = star_design(60)
    sinking = star_sinking(60, 4.0, 0.1, 0.45)
    lost = [a for a in range(60) if loses(Phi, 4.0, noise_of(60, a, 0.1, 0.45))]
    assert set(sinking) <= set(lost)
    assert sinking.size > 0 and len(lost) < 60


def test_failure_is_at_most_that_of_all_outcomes():
    m, gamma, pi, r = 7, 2.0, 0.3, 0.4
    Phi = star_design(m, C=0.9, N=3.0)
    total = 0.0
    for own, *nulls in product((0, 1), repeat=m + 1):
        width = [math.sqrt(2 * math.log((1 - x) / x) / (1 - 2 * x)) for x in (pi, r)]
        noise = np.r_[width[0] * (pi - own), width[1] * (r - np.array(nulls)), 0.0]
        weight = (pi if own else 1 - pi) * r ** sum(nulls) * (1 - r) ** (m - sum(nulls))
        total += weight * loses(Phi, gamma, noise)
    bound = star_failure(m, gamma, pi, r, C=0.9, N=3.0)
    assert 0.01 < bound <= total


def test_failure_at_213_is_that_of_runs_of_imp():
    row = stored()[213]
    gamma, pi, r = (float(row[name]) for name in ("gamma", "pi", "r"))
    Phi, rng, runs, lost = star_design(212), np.random.default_rng(1), 80, 0
    for _ in range(runs):
        noise = np.r_[draws(rng, 213, r), 0.0]
        noise[0] = noise_of(212, 0, pi, r)[0]
        lost += loses(Phi, gamma, noise)
    given_kick = star_failure(212, gamma, pi, r) / pi
    assert binomtest(lost, runs, given_kick).pvalue > 0.001


def test_two_point_noise_has_variance_proxy_one():
    t = np.linspace(-40, 40, 4001)
    for pi in (0.06, 0.15, 0.455, 0.47, 0.4999):
        width = math.sqrt(2 * math.log((1 - pi) / pi) / (1 - 2 * pi))
        low, high = -width * (1 - pi), width * pi
        moment = np.logaddexp(math.log(pi) + t * low, math.log(1 - pi) + t * high)
        assert (moment <= t**2 / 2 + 1e-12).all()
        touching = -2 * math.log((1 - pi) / pi) / width
        moment = np.logaddexp(math.log(pi) + touching * low, math.log(1 - pi) + touching * high)
        assert moment == pytest.approx(touching**2 / 2)


# Certificates: Theorem 5 is false for every p from 213 on


def stored():
    return {int(row["p"]): row for row in csv.DictReader(DATA.read_text().splitlines())}


def interval(number):
    number = Fraction(number)
    return iv.mpf(number.numerator) / number.denominator


def width_of(pi):
    return iv.sqrt(2 * iv.log((1 - pi) / pi) / (1 - 2 * pi))


def sinks(p, a, row):
    """Whether interval arithmetic verifies the conditions of the star theorem."""
    m, C, N = p - 1, interval("0.9999"), iv.mpf(7)
    pi, r, gamma = (interval(row[name]) for name in ("pi", "r", "gamma"))
    beta, own = iv.sqrt(C / m), width_of(pi) * (1 - pi)
    low, high = -width_of(r) * (1 - r), width_of(r) * r
    shift = beta * own - beta**2 * (a * low + (m - a) * high)
    left = gamma - own + beta * a * (shift + low)
    return (
        shift + low < 0 < shift + high
        and -(shift + low) < shift + high
        and left < (shift + high) / N
        and gamma > own
        and beta * N < 2
        and a < m
    )


def enough_samples(p, row):
    """Whether n is at least the sample size that Theorem 5 requires at δ = .05."""
    C, N = interval("0.9999"), iv.mpf(7)
    inverse = (1 + N**-2 + iv.sqrt((1 - N**-2) ** 2 + 4 * C * N**-2)) / 2
    return interval(row["gamma"]) ** 2 >= 8 * iv.log(iv.mpf(40 * p)) * inverse


def test_theorem_5_is_false_from_213_to_238():
    rows = stored()
    assert sorted(rows) == list(range(213, 239))
    for p, row in rows.items():
        pi, r = Fraction(row["pi"]), Fraction(row["r"])
        first, last = int(row["a_first"]), int(row["a_last"])
        assert enough_samples(p, row)
        assert all(sinks(p, a, row) for a in range(first, last + 1))
        m, top, bottom = p - 1, r.numerator, r.denominator
        ways = sum(
            math.comb(m, a) * top**a * (bottom - top) ** (m - a) for a in range(first, last + 1)
        )
        failure = pi * Fraction(ways, bottom**m)
        assert failure > Fraction(1, 20)
        assert float(failure) == pytest.approx(float(row["failure"]), abs=1e-6)


ETA = Fraction(1, 100)  # shared row with b = 1: the noise is −(1 − η) or 1 + η in every row


def shared_row_gamma(p):
    """γ/σ at the n that Theorem 5 requires for δ = .05, from a closed form for 1/λ."""
    B = iv.mpf(p - 1)
    inverse = (2 + B + iv.sqrt((2 + B) ** 2 - 4)) / 2
    return iv.sqrt(8 * iv.log(iv.mpf(40 * p)) * inverse)


def shared_row_failure(p):
    """A lower bound on the probability that the conditions of the shared-row theorem hold.

    It is a sum over the number M of nulls with positive noise, in exact arithmetic. The sum
    includes M only if the conditions hold for every γ in the interval `shared_row_gamma(p)`.
    """
    m, failure, high = p - 1, Fraction(0), (1 - ETA) / 2
    low_gamma, high_gamma = (Fraction(*to_rational(end)) for end in shared_row_gamma(p)._mpi_)
    for own, weight in ((-(1 - ETA), 1 - high), (1 + ETA, high)):
        most = (low_gamma + own + (m + 1) * (1 - ETA)) / 2  # γ + own − sum of draws > −(1 − η)
        fewest = (high_gamma + own) / (1 + ETA) - 1  # γ + own − M(1 + η) < 1 + η
        good = range(max(1, math.floor(fewest) + 1), min(m, math.ceil(most) - 1) + 1)
        top, bottom = high.numerator, high.denominator
        ways = sum(math.comb(m, M) * top**M * (bottom - top) ** (m - M) for M in good)
        failure += weight * Fraction(ways, bottom**m)
    return failure


def test_with_identical_noise_it_is_false_from_239_to_400():
    assert all(shared_row_failure(p) > Fraction(1, 20) for p in range(239, 401))


def test_with_identical_noise_it_is_false_from_401_on():
    """Hoeffding's inequality suffices at p = 401, and its exponent grows with p."""
    p, eta = 401, interval(ETA)
    m = p - 1
    root = iv.sqrt(8 * iv.log(iv.mpf(40 * p)))
    gap = iv.sqrt(iv.mpf(m)) * (1 - eta) / 2 - root * iv.sqrt(1 + iv.mpf(2) / m) / (1 + eta)
    assert gap > 1
    assert 1 - iv.exp(-2 * gap**2) - iv.mpf(40 * p) ** -4 > interval("0.85")
    # As m grows, the first term of `gap` grows faster than the second:
    # (1 − η)/(4√m) > 4√(1 + 2/m)/(m·root·(1 + η)).
    slope = 4 * iv.sqrt(1 + iv.mpf(2) / m) / (root * (1 + eta))
    assert (1 - eta) / 4 * iv.sqrt(iv.mpf(m)) > slope


def test_the_condition_for_the_shared_row_is_that_of_runs_of_imp():
    m, eta, gamma, rng, seen = 30, 0.01, 9.0, np.random.default_rng(5), set()
    Phi = np.eye(m + 1)
    Phi[0] = 1
    for _ in range(60):
        x = np.where(rng.random(m + 1) < (1 - eta) / 2, 1 + eta, -(1 - eta))
        M = int((x[1:] > 0).sum())
        start, end = gamma + x[0] - x[1:].sum(), gamma + x[0] - M * (1 + eta)
        predicted = bool(M and start > -(1 - eta) and end < 1 + eta)
        seen.add(predicted)
        assert loses(Phi, gamma, x) or not predicted
    assert seen == {True, False}


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: star_design(0), ValueError, "m must be at least 1, got 0"),
        (lambda: star_design(3, C=1), ValueError, "C must lie strictly between 0 and 1, got 1"),
        (lambda: star_design(3, N=-1), ValueError, "N must be positive and finite, got -1"),
        (lambda: star_sinking(3, 0, 0.1, 0.4), ValueError, "gamma must be positive"),
        (lambda: star_sinking(3, 4, 0.1, 0.4), ValueError, "N must be below 2√"),
        (lambda: star_failure(300, 4, 1.0, 0.4), ValueError, "pi must lie strictly"),
        (lambda: star_failure(300, 4, 0.1, "r"), TypeError, "r must be a real number"),
    ],
)
def test_bad_input_is_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()
