"""Formulas for the shared-row design agree with exact fits on all sets of nulls and with `imp`."""

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from impbook import LeastSquares, imp
from impbook.counterexamples import exact_imp, shared_row_design, shared_row_noise
from impbook.monte_carlo import clopper_pearson

ETA = Fraction(1, 20)


@given(st.integers(1, 30), st.floats(0.01, 100))
def test_smallest_eigenvalue_is_that_of_two_by_two(m, B):
    Phi = shared_row_design(m, B)
    small = np.linalg.eigvalsh([[1, B**0.5], [B**0.5, 1 + B]])[0]
    smallest = np.linalg.eigvalsh(Phi.T @ Phi)[0]
    assert smallest == pytest.approx(small, abs=1e-9)
    assert smallest >= 1 / (2 + B) - 1e-9


@pytest.mark.parametrize("m", [1, 2, 3, 4])
@pytest.mark.parametrize("b", [Fraction(1, 2), Fraction(1)])
def test_nulls_keep_their_weights_and_the_signal_sinks_by_steps(m, b):
    Phi = [[Fraction(x) for x in row] for row in shared_row_design(m, float(b * b * m))]
    gamma = Fraction(17, 10)
    for x in product([-(1 - ETA), 1 + ETA], repeat=m):
        path = exact_imp(Phi, [gamma, *x], m)
        left = list(range(1, m + 1))
        for feature, weights in zip((*path.pruned, None), path.weights, strict=True):
            signal = gamma - b * sum(x[j - 1] for j in left)
            assert weights[0] == signal
            assert all(weights[j] == x[j - 1] for j in left)
            if feature in (0, None):
                break
            assert abs(x[feature - 1]) <= min(abs(signal), *(abs(x[j - 1]) for j in left))
            left.remove(feature)


@pytest.mark.parametrize("p, B, eta, fraction", [(401, 20, 0.05, 0.183)])
def test_imp_loses_the_signal_below_a_quarter_of_p(p, B, eta, fraction):
    Phi = shared_row_design(p - 1, B)
    gamma = np.sqrt(fraction * p / np.linalg.eigvalsh(Phi.T @ Phi)[0])
    rng = np.random.default_rng(0)
    for _ in range(5):
        low = rng.random(p - 1) < (1 + eta) / 2
        y = np.r_[gamma, np.where(low, eta - 1, eta + 1)]
        assert 0 in imp(LeastSquares(Phi, y), p - 1).pruned


@pytest.mark.parametrize("b", [Fraction(1, 2), Fraction(1), Fraction(19, 10)])
@pytest.mark.parametrize("m", [1, 2, 3, 4])
def test_the_signal_is_pruned_where_the_proposition_says(m, b):
    """Check all outcomes exactly. If a condition of the proposition fails, a signal may survive."""
    Phi = [[Fraction(int(i == j)) for j in range(m + 1)] for i in range(m + 1)]
    Phi[0][1:] = [b] * m
    seen, silent = 0, 0
    for gamma in (Fraction(k, 7) for k in range(1, 40)):
        for high in range(m + 1):
            x = [1 + ETA] * high + [-(1 - ETA)] * (m - high)
            pruned = 0 in exact_imp(Phi, [gamma, *x], m).pruned
            if high and gamma - b * sum(x) > ETA - 1 and gamma - b * (1 + ETA) * high < 1 + ETA:
                assert pruned
                seen += 1
            else:
                silent += not pruned
    assert seen > 5 < silent


def test_noise_has_two_values_mean_0_and_proxy_1():
    eta, t = 0.3, np.linspace(-4, 4, 81)
    p = (1 + eta) / 2
    assert p * (eta - 1) + (1 - p) * (eta + 1) == pytest.approx(0)
    moments = p * np.exp(t * (eta - 1)) + (1 - p) * np.exp(t * (eta + 1))
    assert (moments <= np.exp(t**2 / 2) * (1 + 1e-12)).all()
    x = shared_row_noise(20_000, eta, rng=0)
    assert x[0] == 0 and set(np.round(x[1:], 12)) == {-0.7, 1.3}
    low, high = clopper_pearson(int((x[1:] < 0).sum()), 20_000, 0.999)
    assert low < p < high
