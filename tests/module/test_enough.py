"""Check the proof that Theorem 5's sample size is enough for up to 82 features.

The theorem "few features" in chapters/sharper-numbers.ipynb defines all bounds and letters.
"""

import csv
import itertools
import math
from itertools import groupby
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mpmath import iv

ROOT = Path(__file__).parent.parent.parent
DATA = ROOT / "chapters" / "data" / "enough.csv"
seeds = st.integers(0, 2**32 - 1)


# The certificates


def cells():
    rows = csv.DictReader(DATA.read_text().splitlines())
    names = ("p_first", "p_last", "k_first", "k_last")
    for cell, lines in groupby(rows, key=lambda row: tuple(int(row[name]) for name in names)):
        yield cell, list(lines)


def cosh(x):
    return (iv.exp(x) + iv.exp(-x)) / 2


def few(k, N, m, g, x0):
    """The smallest of the bounds (A) and (C) over l from 1 to m."""
    value = []
    for L in range(1, m + 1):
        norm = iv.sqrt(1 + iv.mpf(1) / L) + 1 / iv.sqrt(iv.mpf(L))
        value.append(2**L * iv.exp(-(g**2) * L / (2 * (L + 1))))
        value.append(2**L * iv.exp(-((2 * g - x0) ** 2) / (2 * norm**2)))
    return k * math.comb(N, m) * min(value, key=lambda x: x.b)


def sharper(k, N, m, g, x0, line):
    """The bound (B) with the parameters in `line`; its T is the τ of the theorem."""
    L = int(line["l"])
    t, eta, a, T = (iv.mpf(line[name]) for name in ("t", "eta", "a", "T"))
    left = 2 * g - x0 - T
    assert 1 <= L <= m and 0 < t < 1 and left > 0 and eta > 0 and a > 0 and T > 0
    entropy = ((1 + t) * iv.log(1 + t) + (1 - t) * iv.log(1 - t)) / 2
    sets = iv.exp(L * entropy - left**2 / 2 * L * t**2 / (1 + L * t**2))
    tail = N * iv.log(1 + eta * iv.exp(a**2 / 2)) - L * iv.log(1 + eta * cosh(a * T))
    return k * math.comb(N, m) * sets + iv.exp(tail - (N - L) * iv.log(1 + eta))


def many(k, N, g, line):
    """The bound E, which covers all sets of at least m0 nulls."""
    m0 = int(line["m"])
    if m0 > N:
        return iv.mpf(0)
    theta, eta, a, T = (iv.mpf(line[name]) for name in ("theta", "eta", "a", "T"))
    assert 0 < theta < 0.5 and eta > 0 and a > 0 and T > 0
    level = iv.log((1 + eta * cosh(a * T)) / (1 + eta))
    slope = m0 * a * eta * (iv.exp(a * T) - iv.exp(-a * T)) / 2 / (1 + eta * cosh(a * T))
    y0 = slope * iv.sqrt(1 + iv.mpf(1) / m0) / (2 * theta)
    exponent = -2 * g * slope + theta * y0**2 - m0 * level + slope * T
    exponent += slope**2 / (2 * (1 - 2 * theta)) - iv.mpf(N + 1) / 2 * iv.log(1 - 2 * theta)
    exponent += N * iv.log((1 + eta * iv.exp(a**2 / (2 * (1 - 2 * theta)))) / (1 + eta))
    return k * iv.exp(exponent)


def failure(cell, lines):
    """A bound on the failure probability for all p and k in a cell.

    A cell is a range of p and a range of k. The bound is computed with the smallest p, the largest
    N = p − k and the largest k in the cell.
    """
    p_first, p_last, k_first, k = cell
    N, g = p_last - k_first, iv.sqrt(8 * iv.log(iv.mpf(40 * p_first)))
    x0, m0 = iv.mpf(lines[-1]["x0"]), int(lines[-1]["m"])
    assert x0 > 0 and x0 < 2 * g
    by_size = {int(line["m"]): line for line in lines[:-1]}
    assert all(m < m0 for m in by_size)
    total = k * iv.exp(-(x0**2) / 2) + k * iv.exp(-(g**2) / 2) + many(k, N, g, lines[-1])
    for m in range(1, min(m0, N + 1)):
        line = by_size.get(m)
        total += sharper(k, N, m, g, x0, line) if line else few(k, N, m, g, x0)
    return total


def test_the_sample_size_is_enough_up_to_82_and_for_one_signal_up_to_101():
    covered = set()
    for cell, lines in cells():
        bound = failure(cell, lines)
        assert bound < iv.mpf("0.05"), cell
        assert float(bound.b) == pytest.approx(float(lines[-1]["bound"]), abs=2e-5)
        p_first, p_last, k_first, k_last = cell
        covered |= set(itertools.product(range(p_first, p_last + 1), range(k_first, k_last + 1)))
    assert {(p, k) for p in range(2, 83) for k in range(1, p)} <= covered
    assert {(p, 1) for p in range(2, 102)} <= covered


# The steps of the proof, checked on random designs or by brute force


def fits(rng, p, k):
    """A design with λ_min(ΦᵀΦ) = 1, noise ξ, and the error that ξ causes in each fit on S ∪ J."""
    Phi = rng.standard_normal((p + 2, p)) @ np.diag(rng.uniform(0.2, 3, p))
    Phi /= np.linalg.svd(Phi, compute_uv=False)[-1]
    xi = rng.standard_normal(p + 2) * rng.uniform(0.5, 3)
    error = {}
    for size in range(p - k + 1):
        for J in itertools.combinations(range(k, p), size):
            A = [*range(k), *J]
            error[J] = np.linalg.lstsq(Phi[:, A], xi, rcond=None)[0]
    return Phi, xi, error


@given(seeds, st.integers(1, 3), st.integers(1, 4))
def test_noise_of_a_fit_is_half_that_of_a_reflection(seed, k, N):
    Phi, xi, error = fits(np.random.default_rng(seed), k + N, k)
    z = np.linalg.lstsq(Phi, xi, rcond=None)[0]
    energy = np.linalg.norm(Phi @ z) ** 2
    for J, fit in error.items():
        A = [*range(k), *J]
        reflected = -z
        reflected[A] = 2 * fit - z[A]
        assert np.linalg.norm(reflected) ** 2 <= energy * (1 + 1e-9)


@given(seeds, st.integers(1, 3), st.integers(1, 5))
def test_a_failure_needs_twice_the_signal(seed, k, N):
    """2g ≤ x_i + T_m + √(1 + 1/m)·√V_i, where g is the largest size at which signal i is lost."""
    Phi, xi, error = fits(np.random.default_rng(seed), k + N, k)
    U = np.linalg.pinv(Phi).T
    z = U.T @ xi
    nulls = np.sort(np.abs(z[k:]))[::-1]
    for J, fit in error.items():
        m = len(J)
        if m == 0:
            continue
        smallest = np.abs(fit[k:]).min()
        for i in range(k):
            for sign in (1, -1):
                # At s_i = sign·g, |w_i| equals `smallest`; with a larger g, signal i survives.
                g = smallest - sign * fit[i]
                basis = np.linalg.qr(U[:, [i, *range(k, k + N)]])[0]
                length = np.linalg.norm(basis.T @ xi)
                right = -sign * z[i] + nulls[:m].mean() + math.sqrt(1 + 1 / m) * length
                assert 2 * g <= right + 1e-9


@given(st.floats(0.02, 0.98), st.integers(1, 30))
def test_the_exponent_is_that_of_the_best_signs(t, L):
    """l·h(t) is the largest value of ρy − l·log cosh(νy) over y ≥ 0, if t = ρ/(lν)."""
    y = np.linspace(0, 12, 200001)
    best = (L * (t * y - np.logaddexp(y, -y) + math.log(2))).max()
    entropy = ((1 + t) * math.log1p(t) + (1 - t) * math.log1p(-t)) / 2
    assert best == pytest.approx(L * entropy, rel=1e-5)


@given(
    seeds,
    st.integers(1, 5),
    st.floats(0.01, 0.4),
    st.floats(0.01, 2),
    st.floats(0.1, 2),
    st.floats(0.1, 3),
)
def test_the_sum_of_all_sizes_bounds_its_event(seed, m0, theta, eta, a, T):
    """Ψ obeys its linear lower bound for all x_i, V_i and errors z of the nulls' weights."""
    rng = np.random.default_rng(seed)
    z, V, x = rng.standard_normal(m0 + 4) * 2, rng.exponential(9), rng.standard_normal()

    def level(y):
        return np.log((1 + eta * np.cosh(a * y)) / (1 + eta))

    slope = m0 * a * eta * math.sinh(a * T) / (1 + eta * math.cosh(a * T))
    beta = math.sqrt(1 + 1 / m0)
    y0 = slope * beta / (2 * theta)
    largest = np.sort(np.abs(z))[::-1][:m0].mean()
    Psi = slope * x + theta * V + level(z).sum()
    linear = slope * (x + beta * math.sqrt(V) + largest - T) - theta * y0**2 + m0 * level(T)
    assert Psi >= linear - 1e-9 * (1 + abs(linear))


def test_moments_of_energy_and_weights_are_those_of_the_lemma():
    """For fair signs ξ, E e^{⟨w,ξ⟩ + θV} ≤ (1−2θ)^{−r/2}·e^{|w|²/(2(1−2θ))}, by enumeration.

    V is the squared length of ξ projected onto a space of dimension r that contains w.
    """
    rng = np.random.default_rng(3)
    signs = np.array(list(itertools.product((-1, 1), repeat=7)))
    for _ in range(200):
        r = int(rng.integers(1, 7))
        B = np.linalg.qr(rng.standard_normal((7, r)))[0]
        w = B @ rng.standard_normal(r) * rng.uniform(0, 3)
        theta = rng.uniform(0, 0.49)
        exponent = signs @ w + theta * ((signs @ B) ** 2).sum(axis=1)
        moment = np.exp(exponent).mean()
        bound = (1 - 2 * theta) ** (-r / 2) * math.exp(w @ w / (2 * (1 - 2 * theta)))
        assert moment <= bound * (1 + 1e-12)
