"""Runs on the hub design agree with `imp` and with refitting, and the steps of the proofs hold.

The letters are those of chapter 9.
"""

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
    """The order of pruning. Each round fits two unknowns, x and d, which determine all weights."""
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
    # In some runs, pruning the hub moves the centre outside the range of the removed spokes' noise.
    assert apart > 0


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


# The hub-and-spokes theorem: b = ν = r = 1


def test_constants_of_the_theorem_are_those_of_integrals():
    K, c, tau, h = 10**4, 1 / 9.5, 9 / 8, 7 / 4
    y = np.linspace(-h / 50, tau, 200001)
    mu, square = (np.trapezoid((y - c) ** k * norm.pdf(y), y) for k in (1, 2))
    spread = h / math.sqrt(K)
    event = (norm.cdf(3) - norm.cdf(-h)) * (norm.sf(tau + spread) - norm.sf(h * math.sqrt(K)))
    chebyshev = (square - mu**2) / K / (mu - c - spread) ** 2
    assert mu > c + spread
    assert event - chebyshev - math.exp(-9) / 2 > 0.107


def test_the_theorem_covers_the_sample_size_of_theorem_5():
    for K in (10**4, 10**5, 10**7):
        lam = hub_lambda_min(K, r=1)
        own = math.sqrt(theorem_5_samples(1, 0.05, K + 2, sigma=1, lambda_min=lam))
        assert 3 <= own <= math.sqrt(K) / 9.5


@given(st.integers(1, 10**7), st.floats(0.01, 1))
def test_smallest_eigenvalue_of_a_short_hub(K, g):
    least = g**2 * (1 + math.sqrt(2 / K)) ** -2
    assert hub_lambda_min(K, r=1, g=g) >= least * (1 - 1e-6)


def mirrored(K, ratio, g, seed):
    """A run; then its noise, its error and its centre, all three with flipped signs.

    The signs are flipped because the signal is negative in the proof.
    """
    run = hub_run(K, ratio, rng=seed, r=1, g=g)
    return run, -run.noise[:K], -run.noise[K], -run.noise[K + 1], -run.error, -run.centre


@given(st.integers(2, 400), st.floats(0.05, 0.6), st.floats(0.1, 1), seeds)
def test_steps_of_the_proof_hold_on_every_run(K, c, g, seed):
    ratio, beta = c * math.sqrt(K), 1 / math.sqrt(K)
    run, y, u, x_0, d, theta = mirrored(K, ratio, g, seed)
    if u <= 0 or x_0 >= ratio:
        return
    alive = slice(len(d) if run.hub is None else run.hub + 1)
    assert (theta[alive] - beta * d[alive] > 0).all()  # step 1
    assert (d[alive] < ratio).all()
    low = beta * (x_0 - beta * g * u)
    assert (beta * d[alive] > low - 1e-12).all()  # step 2
    if run.hub is None:
        return
    removed = y[run.pruned[: run.hub]]
    assert (removed > low - 1e-12).all()
    start = u / g + beta * x_0
    ends = np.r_[removed, start]
    assert ((y >= ends.min()) & (y <= ends.max())).sum() == run.hub  # step 3
    if start >= c:
        bias = (y[(y > low) & (y <= start)] - c).sum()
        assert (removed - c).sum() >= bias - 1e-9
        after = d[run.hub + 1 :]
        if x_0 - ratio + beta * bias > 1e-9:  # step 4
            assert (after > ratio).all()
            assert run.lost is not None or y.sum() * beta + x_0 > 2 * ratio


@pytest.mark.parametrize(
    ("g", "ratio", "least"), [(1, 3, 0.107), (1, 100 / 9.5, 0.107), (0.5, 3, 0.2)]
)
def test_signal_is_lost_at_least_as_often_as_proved(g, ratio, least):
    assert estimate_hub_failure(10**4, ratio, 300, rng=4, r=1, g=g).low > least


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
            continue  # skip runs that prune the null twin of the signal
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
    """The weight of each null when it is pruned, for r = 2 and b = g = ν = 1."""
    size = []
    for t, j in enumerate(run.pruned[: run.lost]):
        theta = run.centre[t]
        if j == K:
            size.append((theta - run.error[t] / math.sqrt(K)) / 2 / math.sqrt(K))
        else:
            size.append((run.noise[j] - theta) / math.sqrt(K))
    return np.array(size)


# Nulls that keep their weights


def inverse_with_diagonal_nulls(m, seed):
    """A random Σ⁻¹ whose block for the nulls is diagonal; the signal is feature 0."""
    rng = np.random.default_rng(seed)
    nulls, slope = rng.uniform(0.3, 3, m), rng.standard_normal(m)
    top = slope**2 @ nulls + rng.uniform(0.01, 1)
    border = (slope * nulls)[:, None]
    return np.block([[np.array([[top]]), border.T], [border, np.diag(nulls)]])


@given(st.integers(1, 12), seeds)
def test_nulls_keep_their_weights_and_errors_are_sums_of_theirs(m, seed):
    G = inverse_with_diagonal_nulls(m, seed)
    Sigma = np.linalg.inv(G)
    z = np.linalg.cholesky(G) @ np.random.default_rng([seed, 1]).standard_normal(m + 1)
    slope = G[0, 1:] / G.diagonal()[1:]
    rest = z[0] - slope @ z[1:]
    order = 1 + np.argsort(np.abs(z[1:]))
    for gone in range(m + 1):
        left = np.r_[0, order[gone:]]
        fit = np.linalg.solve(Sigma[np.ix_(left, left)], (Sigma @ z)[left])
        np.testing.assert_allclose(fit[1:], z[left[1:]], atol=1e-7)
        assert fit[0] == pytest.approx(rest + slope[left[1:] - 1] @ z[left[1:]], abs=1e-7)


@given(st.integers(1, 12), seeds)
def test_signal_without_nulls_has_an_error_of_its_own(m, seed):
    G = inverse_with_diagonal_nulls(m, seed)
    rest = np.r_[1, -G[0, 1:] / G.diagonal()[1:]]
    np.testing.assert_allclose((G @ rest)[1:], 0, atol=1e-12)


def test_nulls_that_keep_their_weights_leave_the_signal():
    delta, runs, lost = 0.9, 1500, 0
    for seed in range(runs):
        m = 1 + seed % 6
        Phi = np.linalg.cholesky(np.linalg.inv(inverse_with_diagonal_nulls(m, seed))).T
        Phi = Phi * math.sqrt(m + 1)
        lam = np.linalg.eigvalsh(Phi.T @ Phi / (m + 1))[0]
        gamma = math.sqrt(8 * math.log(2 * (m + 1) / delta) / lam / (m + 1))
        noise = np.random.default_rng([seed, 2]).standard_normal(m + 1)
        lost += 0 in imp(LeastSquares(Phi, Phi[:, 0] * gamma + noise), m).pruned
    assert clopper_pearson(lost, runs)[1] < delta / 2


def test_stored_frequencies_are_those_of_the_seeds():
    counted = runpy.run_path(str(ROOT / "chapters/data/hub.py"))["counted"]
    table = (ROOT / "chapters" / "data" / "hub.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(table.splitlines()):
        p, runs, ratio = int(row["p"]), int(row["runs"]), float(row["ratio"])
        lam = hub_lambda_min(p - 2, r=1)
        required = theorem_5_samples(1, 0.05, p, sigma=1, lambda_min=lam)
        assert ratio == pytest.approx(math.sqrt(required), rel=1e-4)
        if p * runs < 4 * 10**6:
            assert counted(p, ratio, runs) == int(row["failures"])


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
