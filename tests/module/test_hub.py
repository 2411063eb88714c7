"""The hub under Gaussian noise: against `imp`, against refitting; the constants of the proof."""

import csv
import math
import runpy
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from impbook import LeastSquares, imp, theorem_5_samples
from impbook.counterexamples import estimate_hub_failure, hub_design, hub_lambda_min, hub_run
from impbook.monte_carlo import clopper_pearson, estimate_false_exclusion

ROOT = Path(__file__).parents[2]
FITTED = {"b": 1.68, "g": 0.31, "r": 1.77, "nu": 3.72}
parameters = st.fixed_dictionaries(
    {
        "b": st.floats(0.2, 3),
        "g": st.floats(0.2, 2),
        "r": st.floats(0.5, 6),
        "nu": st.floats(0.3, 4),
    }
)
seeds = st.integers(0, 2**32 - 1)


def target(Phi, ratio, noise):
    return Phi[:, -1] * ratio / np.sqrt(len(Phi)) + noise


@given(st.integers(1, 12), parameters)
def test_gram_matrix_is_that_of_spokes_hub_and_signal(K, design):
    b, g, r, nu = (design[name] for name in ("b", "g", "r", "nu"))
    Phi = hub_design(K, **design)
    Gram = Phi.T @ Phi / (K + 2)
    spoke, hub, signal = slice(K), K, K + 1
    np.testing.assert_allclose(Gram[spoke, spoke], nu**2 * K * np.eye(K))
    np.testing.assert_allclose(Gram[spoke, hub], r * nu**2 * K)
    np.testing.assert_allclose(Gram[spoke, signal], b * nu)
    assert Gram[hub, hub] == pytest.approx((r * nu) ** 2 * K * (g**2 + K))
    assert Gram[hub, signal] == pytest.approx(r * nu * b * K)
    assert Gram[signal, signal] == pytest.approx(1 + b**2)


@given(st.integers(1, 40), parameters)
def test_smallest_eigenvalue_is_that_of_the_whole_matrix(K, design):
    Phi = hub_design(K, **design)
    whole = np.linalg.eigvalsh(Phi.T @ Phi / (K + 2))[0]
    assert hub_lambda_min(K, **design) == pytest.approx(whole, rel=1e-6)


@given(st.integers(1, 10**7), st.floats(2**-0.5, 100))
def test_smallest_eigenvalue_is_near_one(K, r):
    assert hub_lambda_min(K, r=r) >= (1 + math.sqrt(2 / K)) ** -2 * (1 - 1e-6)


@given(st.integers(1, 40), st.floats(0.3, 6), parameters, seeds)
def test_run_is_what_imp_does_round_by_round(K, ratio, design, seed):
    run = hub_run(K, ratio, rng=seed, **design)
    Phi = hub_design(K, **design)
    path = imp(LeastSquares(Phi, target(Phi, ratio, run.noise)), K + 1)
    lost = np.flatnonzero(path.pruned == K + 1)
    assert run.lost == (int(lost[0]) if lost.size else None)
    np.testing.assert_array_equal(path.pruned[: run.pruned.size], run.pruned)
    gone = np.flatnonzero(run.pruned == K)
    assert run.hub == (int(gone[0]) if gone.size else None)
    rounds = run.error.size
    assert rounds == (K + 2 if run.lost is None else run.lost + 1)
    weights = path.weights[:rounds] * math.sqrt(K + 2)
    np.testing.assert_allclose(weights[:, K + 1], ratio + run.error, atol=1e-7)
    spokes = (run.noise[:K] - run.centre[:, None]) / (design["nu"] * math.sqrt(K))
    left = path.active[:rounds, :K]
    np.testing.assert_allclose(weights[:, :K][left], spokes[left], atol=1e-7)


def by_refitting(noise, ratio, b, g, r, nu):
    """Order of pruning: two normal equations a round, and every weight looked at."""
    y, u, x_0 = noise[:-2], noise[-2], noise[-1]
    K = y.size
    beta, spokes, hub, order = b / math.sqrt(K), np.ones(K, dtype=bool), True, []
    while spokes.any() or hub:
        gone = y[~spokes]
        columns = np.r_[np.tile([1.0, beta], (gone.size, 1)), [[g, 0.0], [0.0, 1.0]]]
        fit = np.zeros(2)
        alive = slice(0 if hub else 1, 2)
        fit[alive] = np.linalg.lstsq(columns[:, alive], np.r_[gone, u, x_0])[0]
        x, d = fit
        size = np.r_[np.where(spokes, np.abs(y - x - beta * d), np.inf), np.inf, 0]
        size[K] = abs(x) / r if hub else np.inf
        size[K + 1] = abs(ratio + d) * nu * math.sqrt(K)
        order.append(int(size.argmin()))
        if order[-1] == K + 1:
            break
        if order[-1] == K:
            hub = False
        else:
            spokes[order[-1]] = False
    return order


@pytest.mark.parametrize(("design", "ratio"), [({}, 3.0), (FITTED, 3.0), ({"r": 5.0}, 2.0)])
def test_order_is_that_of_refitting(design, ratio):
    lost = apart = 0
    for seed in range(20):
        run = hub_run(150, ratio, rng=seed, **design)
        every = {"b": 1.0, "g": 1.0, "r": 2.0, "nu": 1.0} | design
        assert run.pruned.tolist() == by_refitting(run.noise, ratio, **every)
        lost += run.lost is not None
        if run.hub and run.error.size > run.hub + 1:
            removed = run.noise[run.pruned[: run.hub]]
            centre = run.centre[run.hub + 1]
            apart += not removed.min() < centre < removed.max()
    assert 0 < lost < 20
    assert apart > 0  # runs in which the second interval starts away from the first


def test_failure_is_that_of_runs_of_imp():
    K, ratio = 60, 3.0
    Phi = hub_design(K, **FITTED)
    s = np.r_[np.zeros(K + 1), ratio / math.sqrt(K + 2)]
    slow = estimate_false_exclusion(Phi, s, K + 1, 2000, gamma=s[-1], rng=1, confidence=0.999)
    fast = estimate_hub_failure(K, ratio, 20000, rng=2, **FITTED)
    assert slow.low < fast.low < fast.high < slow.high
    assert 0.02 < fast.rate < 0.5
    assert (fast.low, fast.high) == clopper_pearson(fast.successes, fast.trials)


def test_failure_is_repeated_by_its_seed():
    assert estimate_hub_failure(50, 2.0, 300, rng=3) == estimate_hub_failure(50, 2.0, 300, rng=3)


# The theorem on the sign that the hub tells


def proved(p, delta):
    """Lower bound for the loss at Theorem 5's own n, with its g, and the error the hub leaves."""
    K = p - 2
    beta, M = 1 / math.sqrt(K), math.sqrt(2 * math.log(K))
    D = (norm.pdf(3 * beta) * math.sqrt(K) - 7.5 - 13.6 * beta) / (1.5 + 3.4 * beta)
    g = math.sqrt(8 * math.log(2 * p / delta)) * (1 + math.sqrt(2) * beta) / D
    return norm.sf(g * (M + 3 * beta)) * (1 - 0.4 / M) - 0.0066, g, D


def test_the_hub_refutes_theorem_5_from_20002_features_on():
    assert 2 * norm.sf(3) + norm.sf(4) < 0.0028
    assert 0.0028 + math.exp(-6.25) + math.exp(-2 * 1.8**2) + math.exp(-30) < 0.0066
    chances = []
    for p in (20_002, 30_000, 10**5, 10**7, 10**12):
        chance, g, D = proved(p, 0.05)
        own = math.sqrt(
            theorem_5_samples(1, 0.05, p, sigma=1, lambda_min=hub_lambda_min(p - 2, g=g, r=1))
        )
        assert 6 < own <= D and g <= 1
        K, beta, M = p - 2, (p - 2) ** -0.5, math.sqrt(2 * math.log(p - 2))
        assert norm.cdf(4 * beta) <= 0.5 + 1.6 * beta and K * norm.sf(M) <= 0.4 / M
        chances.append(chance)
    assert chances[0] > 0.05 and chances == sorted(chances)


@given(st.integers(1, 10**6), st.floats(0.01, 1))
def test_smallest_eigenvalue_is_near_the_square_of_the_hubs_own_row(K, g):
    assert hub_lambda_min(K, g=g, r=1) >= (g / (1 + math.sqrt(2 / K))) ** 2 * (1 - 1e-6)


@pytest.mark.parametrize(("K", "g", "ratio"), [(150, 0.15, 2.0), (400, 0.1, 4.0), (4000, 0.1, 8.0)])
def test_a_hub_above_all_spokes_removes_top_sets_and_the_signal_is_lost(K, g, ratio):
    """Mirrored: the signal is +γ, so the hub stands below all spokes and removes bottom sets."""
    seen = 0
    for seed in range(60):
        noise = np.random.default_rng(seed).standard_normal(K + 2)
        u, z = -noise[K], noise[K + 1] / math.sqrt(K) - noise[:K]
        if not (u / g >= z.max() > 0 and g * u < np.maximum(z, 0).sum()):
            continue
        run = hub_run(K, ratio, rng=seed, g=g, r=1)
        if run.hub is None:  # the signal was the smallest before
            assert run.lost is not None
            continue
        order = np.argsort(-z)[: run.hub]
        assert run.pruned[: run.hub].tolist() == order.tolist()
        assert (z > 0).sum() <= run.hub and z[order].min() > -g * u / K
        error = -run.error[run.hub + 1] + noise[K + 1] if run.error.size > run.hub + 1 else 0
        assert error == pytest.approx(z[order].sum() / math.sqrt(K) / (1 + run.hub / K))
        if -run.error[run.hub + 1] > ratio:
            seen += 1
            assert run.lost is not None
    assert seen >= 5


# The proof of Theorem H

R_A = 5
THETA = np.linspace(0.5, 2, 3001)


def test_constants_of_theorem_h():
    assert norm.cdf(2) - norm.cdf(0.5) - 2 * norm.sf(3) - math.exp(-9) / 2 > 0.28
    mass = norm.cdf(THETA) - norm.cdf(THETA / 2)
    mean = (norm.pdf(THETA / 2) - norm.pdf(THETA)) / mass / THETA
    assert (np.diff(mean) < 0).all() and mean[-1] > 0.69
    assert 0.68 * (1 - 1.01 / R_A) > 0.5
    assert 0.68 * 0.99 / R_A > 0.13 and 2 * 0.13 < 0.68
    rho = 0.26 * THETA * norm.pdf(1.26 * THETA)
    assert rho.max() < 0.05 and (rho * THETA / 2).min() > 0.008
    assert 0.008 / 1.05 > 1 / 200


def test_interval_grows_around_the_mean_and_the_bias_keeps_its_sign():
    K, ratio, seen = 100_000, 4.0, 0
    for seed in range(40):
        own, x_0 = np.random.default_rng(seed).standard_normal(K + 2)[K:]
        start = own + x_0 / math.sqrt(K)
        if not (-2 <= start <= -0.5 and abs(x_0) <= 3):  # the signal is +γ here
            continue
        seen += 1
        run = hub_run(K, ratio, rng=seed, r=R_A)
        gone = run.noise[run.pruned[: run.hub]]
        assert gone.max() < start / 2
        low, high = min(gone.min(), start), max(gone.max(), start)
        assert ((run.noise[:K] >= low) & (run.noise[:K] <= high)).sum() == run.hub
        assert (run.centre[: run.hub + 1] <= 0.66 * start).all()
        assert run.hub > 0.0074 * K
        assert run.error[run.hub + 1] < -ratio
        assert run.lost is not None
        assert (run.error[run.hub + 1 :] < -ratio).all()
    assert seen >= 5


@given(st.integers(2, 60), st.floats(0.2, 3), seeds)
def test_without_the_hub_the_signals_weight_keeps_its_sign(K, ratio, seed):
    run = hub_run(K, ratio, rng=seed)
    if run.hub is not None:
        weights = ratio + run.error[run.hub + 1 :]
        assert all(a * b > 0 for a, b in pairwise(weights))


def test_twins_of_one_norm_lose_the_signal_when_the_hub_does():
    K, ratio, H = 40, 1.5, 1e5
    Psi = hub_design(K) / math.sqrt(K + 2)
    own = np.diag(np.sqrt(H**2 - (Psi**2).sum(axis=0)))
    Phi = np.block([[Psi, np.zeros_like(Psi)], [own, H * np.eye(K + 2)]])
    np.testing.assert_allclose(np.linalg.norm(Phi, axis=0), H)
    smallest = np.linalg.svd(Phi, compute_uv=False)[-1] ** 2
    assert smallest == pytest.approx(hub_lambda_min(K) / 2, rel=1e-4)
    lost = 0
    for seed in range(40):
        run = hub_run(K, ratio, rng=seed)
        size = np.abs(weights_of_nulls(run, K))
        if (np.abs(run.error[: size.size]) < size).any():
            continue  # the signal's null twin goes
        z = np.random.default_rng(1000 + seed).standard_normal(K + 2)
        y = Phi[:, K + 1] * ratio + np.r_[run.noise, z]
        pruned = imp(LeastSquares(Phi, y), 2 * K + 3).pruned
        order = [j % (K + 2) for j in pruned[: 2 * run.pruned.size : 2]]
        assert order == run.pruned.tolist()
        if run.lost is not None:
            assert pruned[2 * run.lost] == K + 1
            lost += 1
    assert lost >= 3


def weights_of_nulls(run, K):
    """Weights with which the nulls go, r = 2 and b = g = ν = 1."""
    size = []
    for t, j in enumerate(run.pruned[: run.lost]):
        theta = run.centre[t]
        if j == K:
            size.append((theta - run.error[t] / math.sqrt(K)) / 2 / math.sqrt(K))
        else:
            size.append((run.noise[j] - theta) / math.sqrt(K))
    return np.array(size)


# Nulls that do not overlap: Theorem O


@st.composite
def orthogonal_nulls(draw):
    m = draw(st.integers(1, 40))
    rng = np.random.default_rng(draw(seeds))
    length, beta = rng.uniform(0.2, 3, m), np.abs(rng.standard_normal(m)) * draw(st.floats(0, 1))
    return length, beta, draw(st.floats(0.05, 1.5)), rng.standard_normal(m), rng.standard_normal()


def window(u, beta, length, h, level):
    """S(h) of Theorem O."""
    v, c = u - beta * level, beta * level
    edge, up, down = length * h, 1 + 1e-12, 1 - 1e-12  # on an edge rounding errs on the safe side
    whole = np.where((-edge * down <= v) & (v <= edge * up), v, 0)
    right = np.where((v > 0) & (v <= edge * up), v, 0)
    return float(beta @ np.where(edge >= 2 * c * up, whole, right))


@given(orthogonal_nulls())
def test_record_errors_are_bounded_by_the_frozen_window(problem):
    length, beta, G, u, x_0 = problem
    left, h, record = np.ones(u.size, dtype=bool), 0.0, abs(x_0) / math.sqrt(G)
    for _ in range(u.size):
        R = ~left
        D = (math.sqrt(G) * x_0 + beta[R] @ u[R]) / (G + beta[R] @ beta[R])
        if abs(D) > record and R.any():
            sign = math.copysign(1, D)
            bound = math.sqrt(G) * sign * x_0 + window(sign * u, beta, length, h, abs(D))
            assert abs(D) * G <= bound + 1e-9
        record = max(record, abs(D))
        size = np.where(left, np.abs(u - beta * D) / length, np.inf)
        h = max(h, size.min())
        left[size.argmin()] = False


def test_constants_of_theorem_o():
    L = np.linspace(math.log(16), 500, 10**5)
    c = 0.3 / np.sqrt(L)
    t = c * (np.sqrt(2 * L) + c)
    assert t.max() <= 0.457 and (np.tanh(t) / t).min() >= 0.93
    assert norm.pdf(0) <= 0.4 and 0.4 * 8 / 3 <= 1.07
    assert 1 / (2 * 0.93 * 3) <= 0.18
    assert np.sqrt(2 * 1.07 * 0.09 * 0.15 / L).max() <= 0.11
    assert ((np.sqrt(2) + 2 * 0.3 / L) / 30).max() <= 0.06
    assert (np.sqrt(2) / (10 * L)).max() <= 0.06
    assert math.sqrt(2) + 0.36 + 0.18 + 0.11 + 0.06 + 0.06 < 2.3
    assert (np.sqrt(2) + 0.3 / L).max() < 2


def test_mean_of_a_window_is_negative_enough():
    for L in (math.log(16), 5.0, 15.0):
        for c in (1e-3, 0.1 / math.sqrt(L), 0.3 / math.sqrt(L)):
            for a in np.linspace(0.05, math.sqrt(2 * L) + c, 9):
                v = np.linspace(-a, a, 20001)
                first, second = (np.trapezoid(v**k * norm.pdf(v + c), v) for k in (1, 2))
                assert -first >= 0.93 * c * second
                assert -first <= c
                part = v[v >= 0]
                assert np.trapezoid(part * norm.pdf(part + c), part) <= 0.2 * a**2


@pytest.mark.parametrize(("m", "G", "delta"), [(4000, 0.8, 0.5), (20000, 0.5, 0.2)])
def test_orthogonal_nulls_keep_the_signal_under_gaussian_noise(m, G, delta):
    beta, L = math.sqrt((1 - G) / m), math.log(8 * (m + 1) / delta)
    h = math.sqrt(G)
    assert beta <= min(G**1.5 / (20 * max(1 - G, G) * math.sqrt(L)), math.sqrt(G) / (10 * L))
    level = 3 * math.sqrt(L / G)
    design = {"b": beta * math.sqrt(m) / h, "nu": 1 / (h * math.sqrt(m)), "r": 1e9}
    for seed in range(10):
        run = hub_run(m, h * 2 * level, rng=seed, **design)
        assert run.hub == 0 and run.lost is None
        assert np.abs(run.error[1:] / h).max() < level


def test_stored_frequencies_are_those_of_the_seeds():
    counted = runpy.run_path(str(ROOT / "chapters/data/hub.py"))["counted"]
    table = (ROOT / "chapters" / "data" / "hub.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(table.splitlines()):
        design = tuple(float(row[name]) for name in ("b", "g", "r", "nu"))
        p, runs = int(row["p"]), int(row["runs"])
        lam = hub_lambda_min(p - 2, **dict(zip(("b", "g", "r", "nu"), design, strict=True)))
        asked = theorem_5_samples(1, 0.05, p, sigma=1, lambda_min=lam)
        assert float(row["ratio"]) == pytest.approx(math.sqrt(asked), rel=1e-4)
        if p * runs < 4 * 10**6:
            assert counted(p, design, float(row["ratio"]), runs) == int(row["failures"])


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: hub_design(0), ValueError, "K must be at least 1, got 0"),
        (lambda: hub_design(2.5), TypeError, "K must be an integer, got 2.5"),
        (lambda: hub_design(3, b=0), ValueError, "b must be positive and finite, got 0"),
        (lambda: hub_design(3, g=math.inf), ValueError, "g must be positive and finite, got inf"),
        (lambda: hub_lambda_min(3, r=-1), ValueError, "r must be positive and finite, got -1"),
        (lambda: hub_run(3, 0), ValueError, "ratio must be positive and finite, got 0"),
        (lambda: hub_run(3, 1, nu="1"), TypeError, "nu must be a real number, got '1'"),
        (
            lambda: estimate_hub_failure(3, math.nan, 5),
            ValueError,
            "ratio must be a number, got nan",
        ),
        (lambda: estimate_hub_failure(3, 1, 0), ValueError, "trials must be at least 1, got 0"),
    ],
)
def test_bad_input_is_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()
