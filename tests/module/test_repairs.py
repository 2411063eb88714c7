"""The repaired theorems: each step of their proofs, and each guarantee at the n that it requires.

The letters are those of chapters 10 and 11.
"""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from mpmath import iv
from scipy.stats import binom, chi2, norm

from impbook import (
    LeastSquares,
    gradient_descent,
    gradient_flow,
    imp,
)
from impbook.concentration import (
    VERSIONS,
    Setting,
    bounded_inverse,
    coupling,
    empirical_sample_size,
    failures_at,
    incoherent,
    interpolated,
    lower_samples,
    max_inverse_norm,
    null_failure,
    one_shot,
    printed,
    reflected,
    required_samples,
    setting_of,
    smallest_nonzero_eigenvalue,
    theorem_5_samples,
    theorem_5_worst_failure,
    two_norm,
    uncorrelated,
    union,
    worst_eigenvalue,
)
from impbook.concentration.reflection import log_reflection
from impbook.concentration.unions import log_union
from impbook.concentration.versions import _squared_norm, register_version
from impbook.counterexamples import bias_counterexample, exact_imp, shared_row_design
from impbook.designs import (
    design_with_covariance,
    gaussian_design,
    incoherent_design,
    normalise,
    orthonormal_design,
)
from impbook.example_3 import pairwise_incoherence
from impbook.monte_carlo import estimate_false_exclusion, imp_many
from impbook.noise import NOISES

seeds = st.integers(0, 2**32 - 1)
deltas = st.floats(1e-6, 0.9)
DELTA = 0.05


def signal(p, S, gamma, rng):
    s = np.zeros(p)
    s[S] = gamma * rng.choice([-1.0, 1.0], size=len(S)) * rng.uniform(1, 3, size=len(S))
    s[S[0]] = gamma  # one signal is exactly γ
    return s


def unit(p, **known):
    """A setting with σ = γ = λ_min = 1, so that n is in units of σ²/(γ²λ_min)."""
    return Setting(p=p, **({"lambda_min": 1.0} | known))


def sigma_for(samples, setting, n):
    """The σ at which a version of the theorem requires n samples.

    The number of samples required is proportional to σ².
    """
    return setting.sigma * math.sqrt(n / samples(setting, DELTA))


# ---- the formulas, compared with other ways to compute them


@given(st.integers(1, 400), deltas)
def test_the_norm_of_projected_noise_obeys_its_bound_in_the_gaussian_case(r, delta):
    assert chi2.sf(_squared_norm(r, delta), r) <= delta * (1 + 1e-9)


@given(st.integers(1, 12), st.data(), st.floats(0.5, 60))
def test_the_union_bound_is_the_sum_of_the_theorem(p, data, x):
    k = data.draw(st.integers(1, p))
    q = data.draw(st.integers(0, p - k))
    total = k * math.comb(p - k, q) * math.exp(-x)
    for t in range(q):
        corners = [2**m * math.exp(-x * m / (m + 1)) for m in range(1, p - k - t + 1)]
        total += k * math.comb(p - k, t) * min(corners)
    assert math.exp(log_union(unit(p, k=k, q=q), x)) == pytest.approx(total)


def width(m):
    return math.sqrt(1 + 1 / m) + 1 / math.sqrt(m)


def reflection_sum(p, k, q, g, x, m0, v, halving=False):
    """The bound of the reflection theorem for one choice of x, m₀ and v, term by term."""
    N = p - k
    total = k * math.exp(-(x**2) / 2) + (k * math.exp(-(g**2) / 2) if q == N else 0.0)
    for m in range(max(1, N - q), min(m0 - 1, N) + 1):
        total += (k * math.comb(N, m)) * min(
            (math.comb(m, few) if halving else 1)
            * 2**few
            * math.exp(-max(few * g**2 / (2 * few + 2), ((2 * g - x) / width(few)) ** 2 / 2))
            for few in range(1, (m // 2 + 1 if halving else m) + 1)
        )
    if m0 <= N:
        c = width(m0 // 2 + 1 if halving else m0)
        total += k * math.exp((N + 1) / 2 * math.log(1 + v) - 2 * g**2 * v / (1 + v) / (c**2 + v))
    return total


@given(st.integers(2, 12), st.data(), st.floats(1, 8), st.booleans())
@settings(max_examples=50)
def test_the_reflection_bound_is_the_best_choice_of_the_theorem(p, data, g, halving):
    """`log_reflection` is near the smaller of `log_union` and the best bound on a grid."""
    k = data.draw(st.integers(1, p - 1))
    q = data.draw(st.integers(0, p - k))
    N = p - k
    setting = unit(p, k=k, q=q, halving=halving)
    best = min(
        reflection_sum(p, k, q, g, x, m0, v, halving)
        for m0 in range(max(1, N - q), N + 2)
        for x in g * np.linspace(0.02, 1.4, 70)
        for v in (np.linspace(0.01, 2.42, 90) if m0 <= N else [1.0])
    )
    found = math.exp(log_reflection(setting, g**2 / 2))
    expected = min(math.exp(log_union(setting, g**2 / 2)), best)
    assert expected / 1.05 <= found <= expected * 1.05


@given(st.integers(2, 300), st.data(), deltas, st.floats(0.1, 9), st.floats(0.1, 9))
@settings(max_examples=30)
def test_samples_are_those_at_which_the_bound_is_delta(p, data, delta, gamma, sigma):
    k = data.draw(st.integers(1, p))
    q = data.draw(st.integers(0, p - k))
    setting = Setting(
        p=p, k=k, q=q, gamma=gamma, sigma=sigma, lambda_min=0.3, halving=data.draw(st.booleans())
    )
    for samples, bound in ((union, log_union), (reflected, log_reflection)):
        x = samples(setting, delta) * 0.3 * gamma**2 / (2 * sigma**2)
        assert bound(setting, x) == pytest.approx(math.log(delta), abs=1e-6)


@given(st.integers(2, 200), st.data(), deltas)
def test_union_is_below_its_corollaries(p, data, delta):
    k = data.draw(st.integers(1, p))
    q = data.draw(st.integers(0, p - k))
    sets = sum(math.comb(p - k, t) for t in range(q + 1))
    sharp = union(unit(p, k=k, q=q), delta)
    counted = 4 * (math.log(2 * k / delta) + math.log(sets))
    crude = 4 * (math.log(2 * k / delta) + (p - k) * math.log(2))
    assert sharp <= counted * (1 + 1e-9) <= crude * (1 + 1e-8)


@given(st.integers(2, 200), st.data(), st.floats(1e-6, 0.5))
def test_reflection_asks_for_no_more_than_the_other_versions_of_any_geometry(p, data, delta):
    k = data.draw(st.integers(1, p))
    setting = unit(p, k=k, halving=data.draw(st.booleans()))
    assert reflected(setting, delta) <= union(setting, delta) * (1 + 1e-9)
    assert reflected(setting, delta) <= two_norm(setting, delta) * (1 + 1e-9)


@pytest.mark.parametrize("p", [10**3, 10**5])
def test_leading_constants_for_many_features(p):
    """As p → ∞, n/p → 1/4 for reflection and the lower bound, 2·log 2 for union, 2 for two-norm."""
    slack = 8 / math.sqrt(p) ** 0.5
    for samples, constant in (
        (reflected(unit(p, k=1), DELTA), 1 / 4),
        (union(unit(p, k=1), DELTA), 2 * math.log(2)),
        (two_norm(unit(p), DELTA), 2),
        (lower_samples(unit(p), DELTA), 1 / 4),
    ):
        assert constant < samples / p < constant * (1 + slack)


@given(st.integers(2, 500), st.data(), deltas)
def test_uncorrelated_samples_leave_enough_for_signals_and_nulls(p, data, delta):
    k = data.draw(st.integers(1, p - 1))
    n = uncorrelated(unit(p, coupling=0.0), delta)
    signals = 2 * k * math.exp(-n / 8)
    nulls = math.expm1((p - k) * math.log1p(2 * math.exp(-n / 8)))
    assert signals + nulls <= delta * (1 + 1e-9)


@given(st.integers(2, 300), st.data(), deltas, st.floats(0, 3))
def test_interpolated_samples_leave_a_third_for_each_event(p, data, delta, mu):
    k = data.draw(st.integers(1, p - 1))
    r = data.draw(st.integers(k, p))
    setting = unit(p, k=k, coupling=mu, rank=r, lambda_star=1.0)
    n = interpolated(setting, delta)
    a = math.sqrt(2 * math.log(6 * k / delta))
    t = math.sqrt(2 * math.log(2 * (p - k) / math.log1p(delta / 3)))
    B = math.sqrt(_squared_norm(r - k, delta / 3))
    assert 2 * k * math.exp(-(a**2) / 2) <= delta / 3 * (1 + 1e-9)
    assert null_failure(setting, 1.0, t) <= delta / 3 * (1 + 1e-9)
    assert math.sqrt(n) == pytest.approx(a + mu * B + t)


@given(st.floats(0.1, 3), st.floats(1, 200), st.integers(1, 12), st.floats(0.5, 2))
def test_null_failure_is_the_sum_over_sets_and_signs(t, n, nulls, gamma):
    x = n * 0.7 * t**2 / (2 * 1.3**2)
    total = sum(math.comb(nulls, m) * 2**m * math.exp(-m * x) for m in range(1, nulls + 1))
    setting = Setting(p=nulls + 2, k=2, sigma=1.3, lambda_min=0.7, gamma=gamma)
    bound = null_failure(setting, n, t)
    assert bound == pytest.approx(min(1, total), rel=1e-9, abs=1e-300)


@given(st.floats(0.2, 5), st.floats(0.2, 5), st.floats(0.2, 5), deltas, st.integers(2, 60))
def test_every_version_scales_like_the_printed_bound(gamma, sigma, lambda_min, delta, p):
    known = {"k": 1, "coupling": 0.0, "coherence": 0.001, "inverse_norm": 1.7}
    in_units = Setting(p=p, gamma=gamma, sigma=sigma, lambda_min=lambda_min, **known)
    for name, version in VERSIONS.items():
        geometry = 1 if name in ("bounded inverse", "incoherent") else lambda_min
        expected = sigma**2 / (gamma**2 * geometry) * version.samples(unit(p, **known), delta)
        assert version.samples(in_units, delta) == pytest.approx(expected, rel=1e-6)


@given(st.integers(1, 60), deltas, st.floats(0.1, 9), st.floats(0, 0.99), st.data())
def test_incoherent_samples_is_the_bound_of_the_theorem(p, delta, gamma, reach, data):
    small = data.draw(st.integers(0, p))
    coherence = reach / max(p - 1 + small, 1)
    setting = Setting(p=p, gamma=gamma, sigma=2.0, coherence=coherence, small_signals=small)
    n = incoherent(setting, delta)
    margin = 1 - (p - 1 + small) * coherence
    assert 2 * p * math.exp(-n * (gamma * margin / 2) ** 2 / 8) == pytest.approx(delta, rel=1e-6)


@given(st.integers(1, 60), deltas, st.floats(0.1, 9), st.floats(0.1, 9))
def test_bounded_inverse_samples_is_the_bound_of_the_theorem(p, delta, M, nu):
    n = bounded_inverse(Setting(p=p, sigma=2.0, inverse_norm=M, max_variance=nu), delta)
    reach = 1 / (2 * M)  # if every |φ_jᵀξ|/n is below this, each weight moves by less than 1/2
    assert 2 * p * math.exp(-n * reach**2 / (8 * nu)) == pytest.approx(delta, rel=1e-6)


def test_in_the_best_geometry_the_repairs_cost_what_is_printed():
    best = unit(30, coupling=0.0, coherence=0.0, inverse_norm=1.0)
    number = printed(best, DELTA)
    for samples in (one_shot, bounded_inverse, incoherent):
        assert samples(best, DELTA) == pytest.approx(number)
    assert number == theorem_5_samples(1.0, DELTA, 30, sigma=1.0, lambda_min=1.0)
    assert uncorrelated(best, DELTA) < 1.01 * number


# ---- Theorem 5 when every signal has size γ or more


@pytest.mark.parametrize(
    ("delta", "all_k", "one"), [(0.1, 63, 83), (0.05, 73, 91), (0.01, 95, 110)]
)
def test_theorem_5_holds_up_to_this_many_features(delta, all_k, one):
    for p in range(1, all_k + 4):
        assert (theorem_5_worst_failure(delta, p) <= delta) is (p <= all_k)
    for p in range(1, one + 4):
        assert (theorem_5_worst_failure(delta, p, k=1) <= delta) is (p <= one)


def certified(p, k, x, m0, v):
    """The reflection theorem's bound, rounded up, for q = p − k at δ = .05 and the printed n."""
    N, g2 = p - k, 8 * iv.log(40 * p)
    g, x = iv.sqrt(g2), iv.mpf(x)
    total = k * iv.exp(-g2 / 2) + k * iv.exp(-x * x / 2)
    assert 0 < x < 2 * g
    for m in range(1, min(m0 - 1, N) + 1):
        costs = []
        for few in {1, (m + 1) // 2, m}:
            c = iv.sqrt(1 + iv.mpf(1) / few) + 1 / iv.sqrt(iv.mpf(few))
            costs += [
                2**few * iv.exp(-g2 * few / (2 * few + 2)),
                2**few * iv.exp(-(((2 * g - x) / c) ** 2) / 2),
            ]
        total += k * math.comb(N, m) * min(costs, key=lambda cost: cost.b)
    if m0 <= N:
        c, v = iv.sqrt(1 + iv.mpf(1) / m0) + 1 / iv.sqrt(iv.mpf(m0)), iv.mpf(v)
        total += k * iv.exp((N + 1) * iv.log(1 + v) / 2 - 2 * g2 * v / (1 + v) / (c * c + v))
    return total.b


def chosen(p, k):
    """Find good x, m₀ and v in double precision; `certified` then uses interval arithmetic."""
    g, N = math.sqrt(8 * math.log(40 * p)), p - k
    m = np.arange(1, 17)
    c = np.sqrt(1 + 1 / m) + 1 / np.sqrt(m)
    x = np.linspace(2.6, 5.5, 59)[:, None]
    cost = 2.0**m * np.exp(-np.maximum(m * g**2 / (2 * m + 2), ((2 * g - x) / c) ** 2 / 2))
    sets = np.array([math.comb(N, int(i)) for i in m], dtype=float)
    before = np.cumsum(sets * np.minimum.accumulate(cost, axis=1), axis=1)
    v = np.linspace(0.2, 2, 46)[:, None]
    last = (N + 1) / 2 * np.log1p(v) - 2 * g**2 * v / (1 + v) / (c**2 + v)
    energy = np.where(m <= N, np.exp(last.min(axis=0)), 0.0)
    total = np.exp(-(x**2) / 2) + np.hstack([0 * x, before[:, :-1]]) + energy
    row, column = np.unravel_index(total.argmin(), total.shape)
    return float(x[row, 0]), int(m[column]), float(v[last[:, column].argmin(), 0])


def test_theorem_5_for_up_to_73_features_is_certified_by_intervals():
    """The bound is below δ = .05 for every k if p ≤ 73, and for k = 1 if p ≤ 91."""
    bounds = {(p, k): certified(p, k, *chosen(p, k)) for p in range(2, 74) for k in range(1, p)}
    bounds |= {(p, 1): certified(p, 1, *chosen(p, 1)) for p in range(74, 92)}
    assert max(bounds.values()) < 0.05
    for p in range(1, 92):  # without nulls, a signal is lost only if its final weight is 0
        assert (p * iv.exp(-4 * iv.log(40 * p))).b < 0.05


@given(st.integers(2, 3000), st.floats(1e-4, 0.9))
def test_no_version_asks_for_less_than_the_lower_bound(p, delta):
    setting = unit(p, k=1)
    assert lower_samples(setting, delta) < reflected(setting, delta)


@pytest.mark.parametrize(("p", "delta"), [(60, 0.05), (239, 0.05), (120, 0.6)])
def test_below_the_lower_bound_the_shared_row_loses_its_signal(p, delta):
    """Run IMP just below the lower bound, on the design that attains it."""
    m, eta, rng = p - 1, 1e-3, np.random.default_rng(p)
    units, lost = lower_samples(unit(p), delta), 0
    chances = binom.sf(np.arange(-1, m), m, (1 - eta) / 2)
    # The largest M with P(at least M nulls have noise 1 + η) > δ.
    fewest = int(np.flatnonzero(chances > delta)[-1])
    gaps = []
    for b in np.geomspace(0.1 / m**0.5, 2, 400, endpoint=False):
        block = np.array([[1 + m * b**2, -b * m**0.5], [-b * m**0.5, 1]])
        gaps.append(abs(((1 + eta) * (1 + b * fewest)) ** 2 / np.linalg.eigvalsh(block)[1] - units))
    b = np.geomspace(0.1 / m**0.5, 2, 400, endpoint=False)[int(np.argmin(gaps))]
    assert min(gaps) < 1e-8 * units
    Phi = np.eye(p)
    Phi[0, 1:] = b
    assert np.linalg.eigvalsh(Phi.T @ Phi)[0] == pytest.approx(
        1 / np.linalg.eigvalsh(np.linalg.inv(Phi.T @ Phi))[-1]
    )
    gamma = (1 - 1e-6) * math.sqrt(units / np.linalg.eigvalsh(Phi.T @ Phi)[0])
    for M in range(fewest, fewest + 3):
        xi = np.full(p, -(1 - eta))
        xi[1 + rng.choice(m, M, replace=False)] = 1 + eta
        xi[0] = 0
        lost += 0 in imp(LeastSquares(Phi, gamma * Phi[:, 0] + xi), m).pruned
    assert lost == 3


def test_theorem_5_fails_from_239_features_on_at_one_in_twenty():
    for p in (*range(239, 1500), 5000, 10**5):
        assert lower_samples(unit(p), 0.05) > printed(unit(p), 0.05)


# ---- the deterministic steps of the proofs


@st.composite
def noisy_problems(draw, p_max=6):
    """Injective Φ, a signal s with |s_i| ≥ 1 = γ on S, the set S, and random or harmful noise."""
    rng = np.random.default_rng(draw(seeds))
    p = int(rng.integers(2, p_max + 1))
    n = p + int(rng.integers(0, 4))
    Phi = rng.standard_normal((n, p)) * np.exp(rng.uniform(-1, 1, p))
    k = int(rng.integers(1, p))
    S = np.sort(rng.choice(p, k, replace=False))
    xi = rng.standard_normal(n)
    if draw(st.booleans()):  # noise along the left singular vector that does the most harm
        xi = np.linalg.svd(Phi)[0][:, p - 1] + 0.01 * xi
    return Phi, signal(p, S, 1.0, rng), S, xi


@given(noisy_problems())
def test_noise_shorter_than_the_margin_never_loses_a_signal(drawn):
    Phi, s, S, xi = drawn
    shortest = np.linalg.svd(Phi, compute_uv=False)[-1]
    xi = 0.999 * shortest / math.sqrt(2) * xi / np.linalg.norm(xi)
    q = s.size - S.size
    path = imp(LeastSquares(Phi, Phi @ s + xi), q)
    assert not set(path.pruned) & set(S)
    assert np.linalg.norm(path.output - s) < 1 / math.sqrt(2)


@given(noisy_problems(), st.integers(1, 3))
def test_the_margin_serves_gradient_descent_and_several_prunings_at_once(drawn, batch):
    Phi, s, S, xi = drawn
    size = np.linalg.svd(Phi, compute_uv=False)
    n, step = len(Phi), len(Phi) / size[0] ** 2
    steps = int(6 * (size[0] / size[-1]) ** 2)
    bias = (1 - (size[-1] / size[0]) ** 2) ** steps * np.linalg.norm(s)
    assume(bias < 0.5 and steps < 5000)
    xi = 0.999 * size[-1] * (1 / math.sqrt(2) - bias) * xi / np.linalg.norm(xi)
    problem = LeastSquares(Phi, Phi @ s + xi)
    active = np.ones(s.size, dtype=bool)
    while active.sum() > S.size:
        w = gradient_descent(
            problem.gradient, np.zeros(s.size), step_size=step, steps=steps, active=active
        )
        left = np.where(active, np.abs(w), np.inf)
        active[np.argsort(left)[: min(batch, active.sum() - S.size)]] = False
        assert active[S].all()
    assert n == problem.n


def exact_solve(rows, right):
    """The solution of a square system, by Gauss–Jordan elimination in fractions."""
    table = [[*map(Fraction, row), Fraction(b)] for row, b in zip(rows, right, strict=True)]
    for i in range(len(table)):
        pivot = next(r for r in range(i, len(table)) if table[r][i])
        table[i], table[pivot] = table[pivot], table[i]
        table[i] = [entry / table[i][i] for entry in table[i]]
        for r in range(len(table)):
            if r != i:
                table[r] = [a - table[r][i] * b for a, b in zip(table[r], table[i], strict=True)]
    return [row[-1] for row in table]


def exact_combination(Phi, A, b):
    """u = Φ_A(Φ_AᵀΦ_A)⁻¹b, so ⟨u, ξ⟩ = ⟨b, z^A⟩ for every ξ, where z^A is the fit of ξ on A."""
    gram = [[sum(x * y for x, y in zip(Phi[i], Phi[j], strict=True)) for j in A] for i in A]
    solved = exact_solve(gram, [b[i] for i in A])
    return [sum(c * Phi[i][r] for c, i in zip(solved, A, strict=True)) for r in range(len(Phi[0]))]


@given(seeds)
def test_the_noise_in_a_later_fit_is_half_that_of_the_full_fit_and_half_a_reflected_one(seed):
    """2⟨b, z^A⟩ = ⟨b, z⟩ + ⟨h, ξ⟩ for some h with ‖h‖ = ‖Ub‖, where U = (Φ⁺)ᵀ.

    z and z^A are the errors that the noise ξ causes in the full fit and in the fit on A, and b is 0
    outside A. The test uses exact arithmetic.
    """
    rng = np.random.default_rng(seed)
    p = int(rng.integers(2, 5))
    Phi = np.vstack([np.eye(p) * 4, rng.integers(-3, 4, (2, p))]).astype(int)
    Phi[:p] += rng.integers(-1, 2, (p, p))
    assume(np.linalg.matrix_rank(Phi) == p)
    columns = [[int(entry) for entry in column] for column in Phi.T]
    A = sorted(rng.choice(p, int(rng.integers(1, p + 1)), replace=False).tolist())
    b = [int(rng.integers(-3, 4)) if i in A else 0 for i in range(p)]
    full = exact_combination(columns, range(p), b)
    later = exact_combination(columns, A, b)
    h = [2 * x - y for x, y in zip(later, full, strict=True)]
    assert sum(x * x for x in h) == sum(x * x for x in full)


@given(noisy_problems(), st.floats(0.01, 20))
def test_reflection_bounds_every_fit_however_long_it_is_trained(drawn, T):
    """‖2z^A − z_A‖² + ‖z_{A^c}‖² ≤ ‖P_Φξ‖²/(nλ_min).

    z and z^A are the errors that the noise ξ causes in the full fit and in the fit on A. If the fit
    on A is trained for a finite time T, the first term alone obeys the bound.
    """
    Phi, _s, S, xi = drawn
    n, p = Phi.shape
    z = np.linalg.pinv(Phi) @ xi
    size = np.linalg.norm(Phi @ z) / math.sqrt(n * smallest_nonzero_eigenvalue(Phi))
    rng = np.random.default_rng(int(1e6 * T))
    active = (rng.random(p) < 0.5) | np.isin(np.arange(p), S)
    for time in (np.inf, T):
        later = gradient_flow(LeastSquares(Phi, xi), time, active=active)
        apart = np.where(active, 2 * later - z, 0.0)
        assert np.linalg.norm(apart) <= size * (1 + 1e-9)
        if time == np.inf:
            assert math.hypot(np.linalg.norm(apart), np.linalg.norm(z[~active])) <= size * (
                1 + 1e-9
            )


def test_reflection_needs_full_column_rank():
    """With two parallel nulls the signal is identifiable, yet the reflection lemma fails."""
    Phi, xi = np.array([[1.0, 0, 0], [0, 1, 1]]), np.array([0.0, 1.0])
    z = np.linalg.pinv(Phi) @ xi
    later = np.array([0, 1.0, 0])  # once feature 2 is pruned
    apart = np.r_[2 * later[:2] - z[:2], z[2]]
    assert np.linalg.norm(apart) > 1 / math.sqrt(2 * worst_eigenvalue(Phi, [0]))
    setting = Setting(p=3, k=1, rank=2, lambda_star=0.5, lambda_min=0.5)
    assert math.isnan(reflected(setting, DELTA))


@given(noisy_problems(), seeds)
def test_to_sink_a_signal_takes_twice_its_size_in_noise(drawn, seed):
    """Whenever signal i is lost, 2g ≤ x_i + c_m·√V, whichever nulls were pruned before."""
    Phi, s, S, xi = drawn
    n, p = Phi.shape
    rng = np.random.default_rng(seed)
    lam = n * smallest_nonzero_eigenvalue(Phi)
    xi = xi / np.linalg.norm(xi) * math.sqrt(lam) * rng.uniform(0.5, 3)
    U = np.linalg.pinv(Phi).T
    nulls = np.setdiff1d(np.arange(p), S)
    for i in S:
        V = np.linalg.norm(np.linalg.qr(U[:, [i, *nulls]])[0].T @ xi) / math.sqrt(lam)
        for code in range(1, 2**nulls.size):
            J = nulls[(code >> np.arange(nulls.size)) & 1 == 1]
            w = np.linalg.lstsq(Phi[:, [*S, *J]], Phi @ s + xi, rcond=None)[0]
            weight = w[list(S).index(i)]
            if abs(weight) <= np.abs(w[S.size :]).min():
                own = -np.sign(s[i]) * U[:, i] @ xi
                assert own + width(J.size) * V + 1e-9 >= 2


def test_noise_of_just_over_the_margin_can_lose_a_signal():
    s, xi = np.array([1.0, 0.0]), np.array([-0.501, 0.501])
    assert np.linalg.norm(xi) < 1.01 / math.sqrt(2)
    assert imp(LeastSquares(np.eye(2), s + xi), 1).pruned.tolist() == [0]


@given(noisy_problems(), st.floats(0.5, 30))
def test_short_training_needs_shorter_noise(drawn, T):
    Phi, s, S, xi = drawn
    n = len(Phi)
    lam = smallest_nonzero_eigenvalue(Phi)
    margin = 1 / math.sqrt(2) - math.exp(-lam * T) * np.linalg.norm(s)
    assume(margin > 0)
    xi = 0.999 * math.sqrt(n * lam) * margin * xi / np.linalg.norm(xi)
    path = imp(LeastSquares(Phi, Phi @ s + xi), s.size - S.size, T=T)
    assert not set(path.pruned) & set(S)


@given(seeds, st.integers(1, 8))
def test_to_lose_to_m_nulls_takes_a_distance(seed, m):
    rng = np.random.default_rng(seed)
    z = rng.standard_normal(m + 1) * rng.uniform(0, 1)
    if abs(1 + z[0]) <= np.abs(z[1:]).min():
        assert np.linalg.norm(z) >= math.sqrt(m / (m + 1)) - 1e-12
    nearest = np.full(m + 1, 1 / (m + 1))  # makes every weight 1/(m+1), including the signal's
    nearest[0] = -m / (m + 1)
    assert 1 + nearest[0] == pytest.approx(nearest[1])
    assert np.linalg.norm(nearest) == pytest.approx(math.sqrt(m / (m + 1)))


@given(noisy_problems())
def test_signals_feel_the_nulls_only_through_their_weights(drawn):
    """While only nulls are pruned, w_S = s_S + Σ_SS⁻¹Φ_Sᵀξ/n − Σ_SS⁻¹Σ_SJ·w_J.

    J is the set of remaining nulls. No entry of the last term is larger than μ‖w_J‖.
    """
    Phi, s, S, xi = drawn
    n, p = Phi.shape
    Sigma = Phi.T @ Phi / n
    problem = LeastSquares(Phi, Phi @ s + xi)
    N = np.setdiff1d(np.arange(p), S)
    solve = np.linalg.inv(Sigma[np.ix_(S, S)])
    for left in range(N.size + 1):
        J = N[:left]
        active = np.zeros(p, dtype=bool)
        active[S] = active[J] = True
        w = gradient_flow(problem, np.inf, active=active)
        alone = s[S] + solve @ Phi[:, S].T @ xi / n
        leaked = solve @ Sigma[np.ix_(S, J)] @ w[J]
        assert w[S] == pytest.approx(alone - leaked, rel=1e-6, abs=1e-8)
        assert np.abs(leaked).max() <= coupling(Phi, S) * np.linalg.norm(w[J]) * (1 + 1e-9)


@given(noisy_problems())
def test_incoherent_features_keep_large_signals_beside_small_ones(drawn):
    """On the incoherence theorem's event, weights of large signals err by less than γ/2 = 1/2."""
    _, s, S, xi = drawn
    p = s.size
    rng = np.random.default_rng(int(1e9 * abs(xi[0])))
    small = int(rng.integers(0, S.size + 1))
    delta_PW = 0.9 * rng.uniform() / (p - 1 + small)
    Phi = incoherent_design(p + 3, p, delta_PW, rng=rng)
    delta_PW = pairwise_incoherence(Phi).delta_PW
    s[S[:small]] *= rng.uniform(0.01, 0.99, small) / np.abs(s[S[:small]])
    large = np.abs(s) >= 1
    small = int(S.size - large.sum())
    xi = rng.standard_normal(p + 3)
    n = incoherent(Setting(p=p, coherence=delta_PW, small_signals=small), 0.1)
    # the largest |φ_jᵀξ|/n on the event; the bounds on the 2p tails add up to 0.1
    allowed = math.sqrt(2 * math.log(2 * p / 0.1) / n)
    xi *= 0.999 * allowed / np.abs(Phi.T @ xi / (p + 3)).max()
    output = imp(LeastSquares(Phi, Phi @ s + xi), p - S.size).output
    assert (np.abs(output - s)[large] < 0.5).all()


# ---- the guarantees, at exactly the required n


def many_designs():
    rng = np.random.default_rng(2007)
    Toeplitz = 0.6 ** np.abs(np.subtract.outer(np.arange(10), np.arange(10)))
    blocks = np.kron(np.eye(2), 0.5 * np.ones((5, 5)) + 0.5 * np.eye(5))
    return {
        "gaussian": (gaussian_design(25, 10, rng=rng), [0, 4, 7]),
        "toeplitz": (design_with_covariance(12, Toeplitz, rng=rng), [2, 3]),
        "blocks": (design_with_covariance(15, blocks, rng=rng), [0, 1, 2, 3, 4]),
        "incoherent": (incoherent_design(40, 10, 0.06, rng=rng), [1, 8]),
    }


def by_hand(Phi, S, **known):
    """The `Setting` that belongs to Φ and to a signal whose entries on S are large."""
    Sigma = Phi.T @ Phi / len(Phi)
    off = np.abs(Sigma - np.diag(np.diag(Sigma))).max()
    return Setting(
        p=Phi.shape[1],
        k=len(S),
        lambda_min=np.linalg.eigvalsh(Sigma)[0],
        lambda_star=worst_eigenvalue(Phi, S),
        coupling=coupling(Phi, S),
        inverse_norm=max_inverse_norm(Phi, S),
        max_variance=np.diag(Sigma).max(),
        coherence=off if np.allclose(np.diag(Sigma), 1) else math.inf,
        **known,
    )


def applying(setting):
    """Versions of the theorem whose hypotheses hold in a setting, except the printed version."""
    return {
        name: version
        for name, version in VERSIONS.items()
        if name != "printed" and not math.isnan(version.samples(setting, DELTA))
    }


@pytest.mark.parametrize("noise", ["Gaussian", "Rademacher", "bounded"])
@pytest.mark.parametrize("name", ["gaussian", "toeplitz", "blocks", "incoherent"])
def test_failures_are_rarer_than_delta_at_the_n_asked(name, noise):
    Phi, S = many_designs()[name]
    n, p = Phi.shape
    rng = np.random.default_rng([len(name), len(noise)])
    s = signal(p, S, 1.0, rng)
    setting = by_hand(Phi, S)
    applied = applying(setting)
    for name_of_version, version in applied.items():
        if not version.iterative:
            continue
        estimate = estimate_false_exclusion(
            Phi,
            s,
            p - len(S),
            400,
            gamma=1.0,
            sigma=sigma_for(version.samples, setting, n),
            noise=NOISES[noise],
            rng=rng,
        )
        assert estimate.high <= DELTA, name_of_version
    assert ("uncorrelated" in applied) is (name == "blocks")
    assert ("incoherent" in applied) is (name == "incoherent")


@pytest.mark.parametrize("noise", ["Gaussian", "Rademacher", "bounded"])
@pytest.mark.parametrize("wide", [False, True])
def test_one_shot_keeps_large_signals_beside_small_ones_even_with_more_features(noise, wide):
    rng = np.random.default_rng(5)
    # no null shares a row with a signal, so null(Φ) is orthogonal to the signals
    n, p, k = (12, 20, 3) if wide else (25, 10, 3)
    Phi = np.zeros((n, p))
    Phi[:k, :k] = 3 * np.eye(k) + rng.standard_normal((k, k))
    Phi[k:, k:] = rng.standard_normal((n - k, p - k))
    s = np.zeros(p)
    s[:k] = [1.0, -0.3, 0.05]
    lam = smallest_nonzero_eigenvalue(Phi)
    sigma = sigma_for(one_shot, unit(p, lambda_min=lam), n)
    failures = 0
    for _ in range(300):
        y = Phi @ s + NOISES[noise](n, sigma=sigma, rng=rng)
        w = gradient_flow(LeastSquares(Phi, y), np.inf)
        failures += 0 in np.argsort(np.abs(w), kind="stable")[: p - k]
    assert failures <= 4  # by Clopper–Pearson, P(failure) is then below .05


@pytest.mark.parametrize("noise", ["Gaussian", "Rademacher", "bounded"])
def test_incoherent_samples_keep_large_signals_beside_small_ones(noise):
    rng = np.random.default_rng(8)
    Phi = incoherent_design(60, 10, 0.05, rng=rng)
    coherence = pairwise_incoherence(Phi).delta_PW
    s = np.zeros(10)
    s[:4] = [1.0, -1.0, 0.2, -0.01]
    sigma = sigma_for(incoherent, Setting(p=10, coherence=coherence, small_signals=2), 60)
    estimate = estimate_false_exclusion(
        Phi, s, 6, 400, gamma=1.0, sigma=sigma, noise=NOISES[noise], rng=rng
    )
    assert estimate.high <= DELTA


def prune_halves(problem, S, choose):
    """Yield each round's fit and the features that it removes.

    While m nulls remain, a round removes at most ⌈m/2⌉ features.
    """
    active = np.ones(problem.p, dtype=bool)
    while (nulls := int(active.sum()) - len(S)) > 0 and active[S].all():
        w = np.zeros(problem.p)
        w[active] = np.linalg.lstsq(problem.Phi[:, active], problem.y, rcond=None)[0]
        gone = np.argsort(np.where(active, np.abs(w), np.inf))[: choose((nulls + 1) // 2)]
        active[gone] = False
        yield w, gone


@pytest.mark.parametrize("noise", ["Gaussian", "Rademacher"])
@pytest.mark.parametrize("name", ["gaussian", "toeplitz", "blocks", "incoherent"])
def test_half_of_the_nulls_may_go_at_once_at_the_n_asked(name, noise):
    Phi, S = many_designs()[name]
    n, p = Phi.shape
    rng = np.random.default_rng([12, len(name), len(noise)])
    s = signal(p, S, 1.0, rng)
    setting = by_hand(Phi, S, halving=True)
    for title, version in applying(setting).items():
        sigma = sigma_for(version.samples, setting, n)
        for _ in range(80):  # if none fails, P(failure) is below .046 by Clopper–Pearson
            problem = LeastSquares(Phi, Phi @ s + NOISES[noise](n, sigma=sigma, rng=rng))
            for _, gone in prune_halves(problem, S, lambda most: most):
                assert not set(gone) & set(S), title


@given(noisy_problems(), seeds)
def test_a_signal_goes_only_if_more_than_half_of_the_nulls_are_as_large(drawn, seed):
    Phi, s, S, xi = drawn
    rng = np.random.default_rng(seed)
    problem = LeastSquares(Phi, Phi @ s + 3 * xi)
    nulls = np.setdiff1d(np.arange(s.size), S)
    for w, gone in prune_halves(problem, S, lambda most: int(rng.integers(1, most + 1))):
        for signal_lost in set(gone) & set(S):
            as_large = (np.abs(w[nulls]) >= abs(w[signal_lost])).sum()
            assert as_large > np.count_nonzero(w[nulls]) / 2


@given(st.integers(1, 12), st.data(), st.floats(0.5, 60))
def test_halving_failure_pays_for_not_knowing_which_nulls_are_large(p, data, x):
    k = data.draw(st.integers(1, p))
    q = data.draw(st.integers(0, p - k))
    rounds = {}
    for m in range(p - k - q + 1, p - k + 1):
        corners = [
            math.comb(m, c) * 2**c * math.exp(-x * c / (c + 1)) for c in range(1, m // 2 + 2)
        ]
        rounds[m] = k * math.comb(p - k, m) * min(corners)
    total = sum(rounds.values()) + k * math.comb(p - k, q) * math.exp(-x)
    setting = unit(p, k=k, q=q, halving=True)
    assert math.exp(log_union(setting, x)) == pytest.approx(total)


@given(st.integers(2, 300), st.data(), deltas)
def test_halving_leaves_room_for_half_of_the_nulls_to_be_large(p, data, delta):
    k = data.draw(st.integers(1, p - 1))
    n = uncorrelated(unit(p, coupling=0.0, halving=True), delta)
    y = 2 * math.exp(-n / 8)
    assert k * y + math.expm1((p - k) * math.log1p(2 * math.sqrt(y))) <= delta * (1 + 1e-9)
    n = interpolated(unit(p, k=k, coupling=0.0, halving=True), delta)
    t = math.sqrt(n) - math.sqrt(2 * math.log(6 * k / delta))
    y = 2 * math.exp(-(t**2) / 2)
    assert math.expm1((p - k) * math.log1p(2 * math.sqrt(y))) <= delta / 3 * (1 + 1e-9)


def test_halving_changes_one_term_where_nulls_must_be_small_together():
    """The sample sizes are those that the halving theorem states."""
    n = 16 * math.log(2 * math.sqrt(2) * 30 / math.log(1.05))
    assert uncorrelated(unit(30, coupling=0.0, halving=True), 0.05) == pytest.approx(n)
    last = 2 * math.sqrt(math.log(2 * math.sqrt(2) * 26 / math.log(1 + 0.05 / 3)))
    n = (math.sqrt(2 * math.log(6 * 4 / 0.05)) + last) ** 2
    assert interpolated(unit(30, k=4, coupling=0.0, halving=True), 0.05) == pytest.approx(n)


@pytest.mark.parametrize("p", [10**3, 10**4])
def test_halving_costs_nothing_in_the_leading_constant(p):
    assert 1 / 4 < reflected(unit(p, k=1, halving=True), DELTA) / p < 1 / 4 * (1 + 8 / p**0.25)


@pytest.mark.parametrize("threshold", [1.5, 2.0, 2.5])
def test_the_smallest_null_is_small_in_every_fit_at_once(threshold):
    rng = np.random.default_rng(3)
    Phi = normalise(gaussian_design(12, 6, rng=rng))
    n, p = Phi.shape
    lam = smallest_nonzero_eigenvalue(Phi)
    sigma = math.sqrt(n * lam)
    xi = sigma * rng.standard_normal((400, n))
    reached = np.zeros(400, dtype=bool)
    for code in range(1, 2 ** (p - 1)):
        J = [j for j in range(1, p) if code >> (j - 1) & 1]
        w = xi @ np.linalg.pinv(Phi[:, [0, *J]]).T
        reached |= np.abs(w[:, 1:]).min(axis=1) >= threshold
    bound = null_failure(Setting(p=p, k=1, sigma=sigma, lambda_min=lam), n, threshold)
    assert reached.sum() <= 400 * bound + 3 * math.sqrt(400 * bound)


def test_pruning_wide_features_with_an_identifiable_signal():
    """For p > n, the two-norm theorem's sample size depends on λ_* and the rank."""
    rng = np.random.default_rng(4)
    Phi = np.zeros((6, 9))
    Phi[:2, :2] = [[2.0, 0.5], [0.0, 2.0]]
    Phi[1:, 2:] = rng.standard_normal((5, 4)) @ rng.standard_normal((4, 7))
    Phi[0, 1] = 1.5
    rank = int(np.linalg.matrix_rank(Phi))
    S = [0, 1]
    null = np.linalg.svd(Phi)[2][rank:]
    assert rank < 9 and np.abs(null[:, S]).max() < 1e-10
    setting = Setting(p=9, k=2, rank=rank, lambda_star=worst_eigenvalue(Phi, S))
    sigma = sigma_for(two_norm, setting, 6)
    s = signal(9, S, 1.0, rng)
    estimate = estimate_false_exclusion(Phi, s, 7, 300, gamma=1.0, sigma=sigma, rng=rng)
    assert estimate.high <= DELTA


# ---- the counterexamples


def test_counterexample_a_is_outside_every_repair_or_cured_by_it():
    certificate = bias_counterexample()
    Phi, s = certificate.design, np.array(certificate.s, dtype=float)
    lam = smallest_nonzero_eigenvalue(Phi)
    assert certificate.failure == 1
    # the repair by one-shot pruning applies at the printed n, and one-shot pruning does keep the
    # large signal in every outcome
    noisy = Setting(p=4, sigma=float(certificate.sigma), lambda_min=lam, small_signals=1)
    assert one_shot(noisy, DELTA) <= 4
    for outcome in certificate.outcomes:
        first = [abs(w) for w in outcome.weights[0]]
        assert sorted(first)[1] < first[0]
    # the other versions require |s_i| ≥ γ on S, hence γ = 1/10, and much smaller noise:
    setting = by_hand(Phi, [0, 1], gamma=0.1)
    for name, version in applying(setting).items():
        if not version.iterative:
            continue
        sigma = sigma_for(version.samples, setting, 4)
        paths = imp_many(
            Phi, Phi @ s + sigma * np.array([o.signs for o in certificate.outcomes]), 2
        )
        assert set(paths.pruned.ravel()) == {2, 3}, name
    # the features are far too coherent for the incoherence theorem
    coherence = pairwise_incoherence(normalise(Phi)).delta_PW
    assert math.isnan(incoherent(Setting(p=4, coherence=coherence, small_signals=1), DELTA))


def test_counterexample_a_is_cured_in_exact_arithmetic_too():
    certificate = bias_counterexample()
    sigma = sigma_for(union, Setting(p=4, k=2, gamma=0.1, lambda_min=1 / 102), 4)
    exact = str(round(sigma, 6))
    noisy = [[f * s for f, s in zip(row, certificate.s, strict=True)] for row in certificate.Phi]
    for outcome in certificate.outcomes:
        y = [
            sum(row) + Fraction(exact) * sign
            for row, sign in zip(noisy, outcome.signs, strict=True)
        ]
        assert set(exact_imp(certificate.Phi, y, 2).pruned) == {2, 3}


@pytest.mark.parametrize(("m", "B"), [(400, 20.0), (300, 300.0)])
def test_the_shared_row_is_cured_at_the_n_of_every_repair_that_applies(m, B):
    eta, b = 0.01, math.sqrt(B / m)
    Phi = math.sqrt(m + 1) * shared_row_design(m, B)  # the factor n = m + 1 cancels in Σ
    setting = setting_of(Phi, np.eye(m + 1)[0], gamma=1.0)
    high = np.arange(m + 1)
    chance = binom.pmf(high, m, (1 - eta) / 2)
    for version in applying(setting).values():
        if version.iterative:
            gamma = math.sqrt(version.samples(setting, DELTA))  # γ in units of σ/√n
            start = gamma + b * ((1 - eta) * (m - high) - (1 + eta) * high)
            end = gamma - b * (1 + eta) * high
            safe = (start > 1 - eta) & (end > 1 + eta)  # the signal exceeds every null in each fit
            assert chance[~safe].sum() <= DELTA


def test_asked_samples_is_silent_where_a_hypothesis_fails():
    Phi = many_designs()["blocks"][0]

    def silent(Phi, s, gamma=1.0):
        asked = required_samples(Phi, s, gamma=gamma, delta=DELTA)
        return {version for version, n in asked.items() if np.isnan(n)}

    signals = np.r_[np.ones(5), np.zeros(5)]
    assert silent(Phi, signals) == {"incoherent"}
    assert silent(Phi, signals, gamma=1.1) == set(
        required_samples(Phi, signals, gamma=1.0, delta=DELTA)
    ) - {"printed", "one-shot"}
    needing_large = set(required_samples(Phi, signals, gamma=1.0, delta=DELTA)) - {
        "printed",
        "one-shot",
    }
    assert silent(Phi, np.r_[np.ones(4), 0.9, np.zeros(5)]) == needing_large
    assert silent(Phi, np.r_[np.ones(4), np.zeros(6)]) == {"incoherent", "uncorrelated"}
    assert silent(2 * np.eye(4), np.eye(4)[0]) == set()
    assert silent(np.eye(4), np.eye(4)[0]) == {"incoherent"}  # Σ_ii = 1/4
    wide = np.array([[1.0, 0.9, 0.0], [0.0, 0.1, 1.0]])
    assert silent(wide, [1.0, 0.0, 0.0]) == set(
        required_samples(Phi, signals, gamma=1.0, delta=DELTA)
    ) - {"printed"}


@pytest.mark.parametrize("name", ["gaussian", "toeplitz", "blocks", "incoherent"])
def test_asked_samples_are_those_of_the_theorems(name):
    Phi, S = many_designs()[name]
    s = np.zeros(10)
    s[S] = -1.0
    asked = required_samples(Phi, s, gamma=1.0, delta=DELTA, sigma=0.7)
    setting = by_hand(Phi, S, sigma=0.7)
    assert set(asked) == set(VERSIONS)
    for version, n in asked.items():
        expected = VERSIONS[version].samples(setting, DELTA)
        assert n == pytest.approx(expected, nan_ok=True)


def test_needed_samples_is_where_failures_cross_delta():
    Phi, S = many_designs()["toeplitz"]
    s = np.zeros(10)
    s[S] = 1.0
    n = empirical_sample_size(Phi, s, gamma=1.0, delta=0.2, sigma=3.0, rng=1)
    for times, rare in ((0.8, False), (1.25, True)):
        estimate = estimate_false_exclusion(
            Phi, s, 8, 4000, gamma=1.0, sigma=3.0 * math.sqrt(12 / (times * n)), rng=2
        )
        assert (estimate.high < 0.2) if rare else (estimate.low > 0.2)
    assert empirical_sample_size(np.eye(2), [1.0, 1.0], gamma=1.0, delta=0.2, trials=9, rng=1) == 0
    null = np.array([[0.9, 0.308, 0.308]])  # with this null vector, signal 0 is not identifiable
    hidden = np.linalg.svd(null)[2][1:]
    with pytest.raises(ValueError, match="lost even without noise"):
        empirical_sample_size(hidden, [1.0, 0.0, 0.0], gamma=1.0, delta=0.2, trials=10, rng=1)


def test_needed_samples_tries_the_same_noises_at_every_sample_size():
    drawn = {}

    def noise(n, *, sigma, rng):
        unit = np.random.default_rng(rng).standard_normal(n)
        drawn.setdefault(sigma, []).append(unit)
        return sigma * unit

    def needed(rng):
        return empirical_sample_size(
            2 * np.eye(3), [1, 0, 0], gamma=1.0, delta=0.2, trials=40, rng=rng
        )

    empirical_sample_size(
        2 * np.eye(3), [1, 0, 0], gamma=1.0, delta=0.2, trials=40, noise=noise, rng=np.int64(3)
    )
    first, *others = drawn.values()
    assert len(others) > 3
    for other in others:
        np.testing.assert_array_equal(other, first)
    rng = np.random.default_rng(5)
    assert needed(5) == needed(5) == needed(rng)
    assert len({needed(5), needed(6), needed(rng)}) == 3  # rng's state has changed


@pytest.mark.parametrize(("rows", "sigma"), [(2, 1.0), (30, 3.0)])
def test_failures_at_are_the_exact_ones_of_two_orthogonal_features(rows, sigma):
    """|w_0| < |w_1| if w_0 + w_1 and w_0 − w_1, which are independent, differ in sign."""
    Phi, known = orthonormal_design(rows, 2, rng=0), {"gamma": 1.0, "delta": 0.9}
    found = failures_at(Phi, [1, 0], **known, sigma=sigma, trials=4000, rng=1)["printed"]
    below = norm.cdf(-math.sqrt(required_samples(Phi, [1, 0], **known)["printed"] / 2))
    assert found.low <= 2 * below * (1 - below) <= found.high


@pytest.mark.parametrize("small", [0, 2])
def test_incoherent_features_have_a_number_while_their_reach_is_below_1(small):
    """The incoherence theorem requires (p − 1 + k')δ_PW < 1; otherwise its sample size is NaN."""
    incoherent = VERSIONS["incoherent"].samples
    reach = 9 + small
    for coherence, promised in ((0.999 / reach, True), (1.001 / reach, False), (math.inf, False)):
        setting = Setting(p=10, coherence=coherence, small_signals=small)
        assert math.isnan(incoherent(setting, DELTA)) != promised
    on_the_border = Setting(p=9 - small, coherence=1 / 8, small_signals=small)
    assert math.isnan(incoherent(on_the_border, DELTA))


def test_orthogonal_features_are_kept_at_the_printed_n():
    rng = np.random.default_rng(6)
    Phi = orthonormal_design(30, 20, rng=rng)
    sigma = sigma_for(printed, unit(20), 30)
    s = signal(20, [0, 1, 2], 1.0, rng)
    assert estimate_false_exclusion(Phi, s, 17, 400, gamma=1.0, sigma=sigma, rng=rng).high <= DELTA


def test_every_quantity_of_a_setting_is_measured():
    Phi, S = many_designs()["incoherent"]
    s = np.zeros(10)
    s[S] = [2.0, -0.5]
    measured = setting_of(Phi, s, gamma=0.4, sigma=0.3)
    expected = by_hand(Phi, S, gamma=0.4, sigma=0.3)
    for name in Setting.__dataclass_fields__:
        assert getattr(measured, name) == pytest.approx(getattr(expected, name)), name
    assert setting_of(Phi, s, gamma=1.0).small_signals == 1


def test_a_singular_design_with_many_nulls_has_its_inverse_norm():
    """With 13 nulls, M is exact only if Σ is singular, as here; otherwise M is an upper bound."""
    rng = np.random.default_rng(11)
    Phi = np.zeros((12, 14))
    Phi[0, 0] = 3.0
    Phi[1:, 1:] = rng.standard_normal((11, 13))
    asked = required_samples(Phi, np.eye(14)[0], gamma=1.0, delta=DELTA)
    M = max_inverse_norm(Phi, [0])
    expected = 8 * M**2 * (Phi**2).mean(axis=0).max() * math.log(28 / DELTA)
    assert asked["bounded inverse"] == pytest.approx(expected)


@pytest.mark.parametrize("name", list(VERSIONS))
def test_a_version_names_the_quantity_it_misses(name):
    """Leave out one quantity: either an error names it or the sample size stays the same."""
    known = {
        "k": 2,
        "lambda_min": 0.5,
        "coupling": 0.0,
        "coherence": 0.01,
        "inverse_norm": 1.5,
    }
    version = VERSIONS[name]
    full = version.samples(Setting(p=8, **known), DELTA)
    missed = set()
    for quantity in known:
        less = Setting(p=8, **{key: value for key, value in known.items() if key != quantity})
        try:
            assert version.samples(less, DELTA) == full
        except ValueError as error:
            missed.add(str(error).split(" must be given")[0])
    assert (
        missed
        == {
            "printed": {"lambda_min"},
            "one-shot": {"lambda_min"},
            "union": {"k", "lambda_star"},
            "two-norm": {"lambda_star"},
            "reflection": {"k", "lambda_star"},
            "bounded inverse": {"inverse_norm"},
            "incoherent": {"coherence"},
            "uncorrelated": {"coupling", "lambda_star"},
            "interpolated": {"k", "coupling", "lambda_star"},
        }[name]
    )


def test_a_new_version_is_one_row():
    added = register_version("twice")(lambda setting, delta: 2 * printed(setting, delta))
    try:
        known = {"gamma": 1.0, "delta": DELTA}
        required = required_samples(2 * np.eye(4), [0, 0, 1, 0], **known)
        assert list(required)[-1] == "twice"
        assert required["twice"] == 2 * required["printed"]
        assert "twice" in failures_at(2 * np.eye(4), [0, 0, 1, 0], **known, trials=2)
        assert math.isnan(added(Setting(p=4, lambda_min=1.0, small_signals=1), DELTA))
    finally:
        del VERSIONS["twice"]


@pytest.mark.parametrize("name", list(VERSIONS))
def test_every_version_states_its_theorem(name):
    assert len(VERSIONS[name].samples.__doc__) > 200


large = {"p": 4, "k": 2, "lambda_min": 1.0}


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Setting(p=0), "p must be at least 1, got 0"),
        (lambda: Setting(p=4, gamma=0.0), "gamma must be positive"),
        (lambda: Setting(p=4, sigma=-1.0), "sigma must be nonnegative"),
        (lambda: Setting(p=4, lambda_min=0.0), "lambda_min must be positive"),
        (lambda: Setting(p=4, lambda_star=-1.0), "lambda_star must be positive"),
        (lambda: Setting(p=4, rank=5), "rank must be between 1 and 4"),
        (lambda: Setting(p=4, k=3, rank=2), "rank must be between k and p, 3 and 4, got 2"),
        (lambda: Setting(p=4, k=0), "k must be between 1 and 4, got 0"),
        (lambda: Setting(p=4, k=5), "k must be between 1 and 4, got 5"),
        (
            lambda: Setting(p=4, k=2, q=3),
            "q must be between 0 and 2, got 3: only nulls may be pruned",
        ),
        (lambda: Setting(p=4, inverse_norm=0.0), "inverse_norm must be positive"),
        (lambda: Setting(p=4, max_variance=0.0), "max_variance must be positive"),
        (lambda: Setting(p=4, coherence=-0.1), "coherence must be nonnegative"),
        (lambda: Setting(p=4, coupling=-0.1), "coupling must be nonnegative"),
        (lambda: Setting(p=4, small_signals=5), "small_signals must be between 0 and 4, got 5"),
        (
            lambda: printed(Setting(p=4, gamma=1e-300, lambda_min=1.0), 0.1),
            "gamma must lie between 1e-100 and",
        ),
        (lambda: two_norm(Setting(**large), 1.0), "delta must lie strictly between 0 and 1"),
        (lambda: null_failure(Setting(**large), 0.0, 1.0), "n must be positive"),
        (lambda: null_failure(Setting(**large, sigma=0), 9, 1.0), "sigma must be positive, got 0"),
        (lambda: null_failure(Setting(**large | {"k": 4}), 9, 1.0), "p − k must be at least 1"),
        (lambda: null_failure(Setting(**large), 9, 0.0), "threshold must be positive"),
        (lambda: lower_samples(Setting(p=1, lambda_min=1), 0.1), "p must be at least 2"),
        (lambda: theorem_5_worst_failure(0.05, 3, k=4), "k must be between 1 and 3, got 4"),
        (lambda: theorem_5_worst_failure(0.05, 0), "p must be at least 1, got 0"),
        (lambda: setting_of(np.eye(3), np.zeros(3), gamma=1), "s must have a non-zero entry"),
        (lambda: setting_of(np.zeros((2, 2)), [1, 0], gamma=1), "Phi must not be 0"),
        (lambda: required_samples(np.eye(3), [1, 0], gamma=1, delta=0.1), "s must have 3 entries"),
        (lambda: required_samples(np.eye(2), [1, 0], gamma=1, delta=2), "delta must lie strictly"),
        (
            lambda: empirical_sample_size(np.eye(3), [1, 0, 0], gamma=1, delta=0.1, sigma=0),
            "sigma must be positive and finite, got 0",
        ),
    ],
)
def test_bad_input(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize("flag", ["identifiable", "halving"])
def test_a_flag_is_true_or_false(flag):
    with pytest.raises(TypeError, match=f"{flag} must be True or False, got 'no'"):
        Setting(p=4, **{flag: "no"})
