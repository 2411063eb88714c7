"""Lemma 6, its sharper version, and the three-point noise that almost attains Lemma 6's bound."""

from __future__ import annotations

from functools import partial
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from impbook import (
    LeastSquares,
    gradient_flow,
    lemma_6_failure,
    lemma_6_radius,
    lemma_6_samples,
    orthonormal_design,
    theorem_5_samples,
)
from impbook.concentration import (
    lemma_6_steps,
    noise_weights,
    sharp_lemma_6_failure,
    sharp_lemma_6_samples,
    smallest_nonzero_eigenvalue,
)
from impbook.designs import design_with_covariance
from impbook.monte_carlo import clopper_pearson
from impbook.noise import NOISES, gaussian_noise, three_point_mass, three_point_noise

sizes = st.floats(0.05, 20.0)
deltas = st.floats(1e-6, 0.99)
features = st.integers(1, 500)


@given(sizes, deltas, features, sizes, sizes)
@settings(deadline=None)
def test_lemma_6_samples_is_the_printed_bound(eps, delta, p, sigma, lambda_min) -> None:  # type: ignore[no-untyped-def]
    n = lemma_6_samples(eps, delta, p, sigma=sigma, lambda_min=lambda_min)
    # n solves 2p·exp(−nλε²/(2σ²)) = δ
    assert 2 * p * np.exp(-n * lambda_min * eps**2 / (2 * sigma**2)) == pytest.approx(delta)


@given(sizes, deltas, features, sizes, sizes)
@settings(deadline=None)
def test_theorem_5_is_lemma_6_at_half_gamma(gamma, delta, p, sigma, lambda_min) -> None:  # type: ignore[no-untyped-def]
    scales = {"sigma": sigma, "lambda_min": lambda_min}
    printed = 8 * sigma**2 / (gamma**2 * lambda_min) * np.log(2 * p / delta)
    assert theorem_5_samples(gamma, delta, p, **scales) == pytest.approx(printed)
    assert lemma_6_samples(gamma / 2, delta, p, **scales) == pytest.approx(printed)


@given(st.integers(1, 10**6), deltas, features, sizes, sizes)
@settings(deadline=None)
def test_samples_radius_and_failure_invert_each_other(n, delta, p, sigma, lambda_min) -> None:  # type: ignore[no-untyped-def]
    scales = {"sigma": sigma, "lambda_min": lambda_min}
    eps = lemma_6_radius(n, delta, p, **scales)
    assert lemma_6_samples(eps, delta, p, **scales) == pytest.approx(n)
    assert lemma_6_failure(eps, n, p, **scales) == pytest.approx(delta)


def test_no_noise_needs_no_samples() -> None:
    scales = {"sigma": 0.0, "lambda_min": 0.5}
    assert lemma_6_samples(1.0, 0.05, 10, **scales) == 0
    assert lemma_6_radius(5, 0.05, 10, **scales) == 0
    assert lemma_6_failure(1e-3, 5, 10, **scales) == 0
    assert sharp_lemma_6_failure(1e-3, np.eye(3), sigma=0.0) == 0


def random_design(seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    n, p = rng.integers(2, 9, size=2)
    rank = rng.integers(1, min(n, p) + 1)
    return rng.standard_normal((n, rank)) @ rng.standard_normal((rank, p))


@given(st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=60)
def test_the_eigenvalue_is_that_of_the_covariance(seed: int) -> None:
    Phi = random_design(seed)
    eigenvalues = np.linalg.eigvalsh(Phi.T @ Phi / len(Phi))
    rank = np.linalg.matrix_rank(Phi)
    smallest = eigenvalues[-rank]
    assert smallest_nonzero_eigenvalue(Phi) == pytest.approx(smallest, rel=1e-5)


@given(st.integers(0, 2**32 - 1), st.floats(0.2, 3.0))
@settings(deadline=None, max_examples=60)
def test_the_sharper_version_is_never_worse(seed: int, eps: float) -> None:
    Phi = random_design(seed)
    n, p = Phi.shape
    scales = {"sigma": 1.3, "lambda_min": smallest_nonzero_eigenvalue(Phi)}
    sharp = sharp_lemma_6_samples(eps, 0.1, Phi, sigma=1.3)
    assert sharp <= lemma_6_samples(eps, 0.1, p, **scales) * (1 + 1e-9)
    failure = sharp_lemma_6_failure(eps, Phi, sigma=1.3)
    assert failure <= lemma_6_failure(eps, n, p, **scales) * (1 + 1e-9)
    diagonal = n * (np.linalg.pinv(Phi, rcond=1e-13) ** 2).sum(axis=1)
    direct = 2 * np.exp(-n * eps**2 / (2 * 1.3**2 * diagonal[diagonal > 1e-12])).sum()
    assert failure == pytest.approx(min(1, direct), rel=1e-4)
    assert sharp == pytest.approx(2 * 1.3**2 / eps**2 * diagonal.max() * np.log(20 * p), rel=1e-4)


@given(st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=40)
def test_noise_weights_have_the_variances_that_the_proof_says(seed: int) -> None:
    Phi = random_design(seed)
    n, s = len(Phi), np.linalg.svd(Phi, compute_uv=False)
    # Rounding errors in Σ, whose eigenvalues are s²/n, would hide singular values below 1e-4·s[0].
    assume(s[s > 1e-12 * s[0]][-1] > 1e-4 * s[0])
    A = np.linalg.pinv(Phi, rcond=1e-10)  # = Σ⁺Φᵀ/n
    Sigma_plus = np.linalg.pinv(Phi.T @ Phi / n, rcond=1e-9, hermitian=True)
    scale = np.abs(Sigma_plus).max()
    np.testing.assert_allclose(A @ A.T, Sigma_plus / n, atol=1e-6 * scale)
    assert scale <= 1 / smallest_nonzero_eigenvalue(Phi) * (1 + 1e-6)


@pytest.mark.parametrize("noise", [*NOISES.values(), None])
def test_noise_weights_are_trained_on_each_noise(noise) -> None:  # type: ignore[no-untyped-def]
    for seed in range(6):
        Phi = random_design(seed)
        n = len(Phi)
        options = {} if noise is None else {"noise": noise}
        weights = noise_weights(Phi, 4, sigma=0.5, rng=seed, **options)
        xi = (noise or gaussian_noise)(4 * n, sigma=0.5, rng=seed).reshape(4, n)
        trained = [gradient_flow(LeastSquares(Phi, row), np.inf) for row in xi]
        np.testing.assert_allclose(weights, trained, atol=1e-8 * np.abs(trained).max())


DESIGNS = {
    "orthonormal": orthonormal_design(40, 8, rng=0),
    "correlated": design_with_covariance(40, 0.3 * np.eye(8) + 0.7, rng=1),
    "scaled": orthonormal_design(40, 8, rng=2) * np.geomspace(0.2, 5, 8),
    "singular": np.random.default_rng(3).standard_normal((5, 8)),
}
EXTREMAL = partial(three_point_noise, level=np.sqrt(2 * np.log(2 * 8 / 0.2)))


@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize("noise", [*NOISES, "three-point"])
def test_lemma_6_failure_rate_is_at_most_delta(design: str, noise: str) -> None:
    Phi, delta, trials = DESIGNS[design], 0.2, 4000
    n, p = Phi.shape
    draw = NOISES.get(noise, EXTREMAL)
    xi = np.reshape(draw(trials * n, sigma=0.7, rng=4), (trials, n))
    eps = lemma_6_radius(n, delta, p, sigma=0.7, lambda_min=smallest_nonzero_eigenvalue(Phi))
    largest = np.abs(xi @ np.linalg.pinv(Phi).T).max(axis=1)
    _, high = clopper_pearson(int((largest >= eps * (1 - 1e-12)).sum()), trials, 0.999)
    assert high <= delta
    for radius in eps * np.array([0.3, 0.5, 0.7, 0.9]):
        low, _ = clopper_pearson(int((largest >= radius * (1 + 1e-12)).sum()), trials, 0.999)
        assert low <= sharp_lemma_6_failure(radius, Phi, sigma=0.7)


def test_three_point_noise_all_but_attains_lemma_6() -> None:
    delta, trials = 0.05, 40_000
    for p in (4, 30):
        level = np.sqrt(2 * np.log(2 * p / delta))
        eps = lemma_6_radius(p, delta, p, sigma=1.0, lambda_min=1.0)
        xi = np.reshape(three_point_noise(trials * p, level=level, rng=5), (trials, p))
        weights = xi / np.sqrt(p)  # Φ = √n·I
        hits = int((np.abs(weights).max(axis=1) >= eps * (1 - 1e-12)).sum())
        low, high = clopper_pearson(hits, trials, 0.999)
        exact = 1 - (1 - 2 * three_point_mass(level)) ** p
        assert low < exact < high
        assert 0.0485 < exact < delta


def test_gaussian_noise_on_orthonormal_features_is_known_exactly() -> None:
    Phi, delta, trials = DESIGNS["orthonormal"], 0.3, 20_000
    n, p = Phi.shape
    eps = lemma_6_radius(n, delta, p, sigma=1.0, lambda_min=1.0)
    xi = np.random.default_rng(6).standard_normal((trials, n))
    hits = int((np.abs(xi @ Phi / n).max(axis=1) >= eps).sum())
    low, high = clopper_pearson(hits, trials, 0.999)
    exact = 1 - (1 - 2 * norm.sf(eps * np.sqrt(n))) ** p
    assert low < exact < high < delta


@pytest.mark.parametrize("design", DESIGNS)
def test_each_step_of_the_proof_asks_for_more(design: str) -> None:
    Phi, delta = DESIGNS[design], 0.1
    n, p = Phi.shape
    steps = lemma_6_steps(delta, Phi, rng=8, draws=40_000)
    samples = list(steps.values())
    assert samples[0] <= samples[1] * 1.05  # the first sample size is estimated from random draws
    assert all(a <= b * (1 + 1e-9) for a, b in pairwise(samples[1:]))
    largest = sharp_lemma_6_samples(1.0, delta, Phi, sigma=1.0)
    printed = lemma_6_samples(1.0, delta, p, sigma=1.0, lambda_min=smallest_nonzero_eigenvalue(Phi))
    assert steps["largest variance"] == pytest.approx(largest)
    assert steps["1/λ_min"] == pytest.approx(printed)
    # at the sample size of the "tail" step, the sharper bound on the failure rate equals δ
    rescaled = np.sqrt(steps["tail"] / n)
    assert sharp_lemma_6_failure(rescaled, Phi, sigma=1.0) == pytest.approx(delta)


def test_what_is_needed_with_orthonormal_features_is_known_exactly() -> None:
    steps = lemma_6_steps(0.1, DESIGNS["orthonormal"], rng=9)
    exact = norm.isf((1 - 0.9 ** (1 / 8)) / 2) ** 2
    assert steps["needed"] == pytest.approx(exact, rel=0.02)
    assert steps["union bound"] == pytest.approx(norm.isf(0.1 / 16) ** 2)


@pytest.mark.parametrize("scale", [1e-4, 1e4])
def test_every_step_asks_for_less_of_larger_features(scale: float) -> None:
    steps, of_larger = (lemma_6_steps(0.1, Phi, rng=9) for Phi in (np.eye(3), scale * np.eye(3)))
    for name, samples in steps.items():
        assert of_larger[name] == pytest.approx(samples / scale**2)


# Three-point noise


@given(st.floats(0.3, 12.0))
@settings(deadline=None, max_examples=80)
def test_three_point_mass_is_the_largest_that_keeps_the_proxy(level: float) -> None:
    mass = three_point_mass(level)
    t = np.linspace(1e-2, 3 * level + 3, 4001)
    with np.errstate(over="ignore"):
        excess = np.log1p(2 * mass * (np.cosh(level * t) - 1)) - t**2 / 2
    assert excess[np.isfinite(excess)].max() <= 1e-9
    if mass < 0.5:
        t = np.linspace(1e-3, 2 * level, 200_001)
        heavier = np.log1p(2 * 1.001 * mass * (np.cosh(level * t) - 1)) - t**2 / 2
        assert heavier.max() > 0


def test_up_to_root_three_the_variance_decides() -> None:
    for level in (1.0, 1.2, 1.5, np.sqrt(3)):
        assert three_point_mass(level) == pytest.approx(1 / (2 * level**2))
    assert three_point_mass(2.0) < 1 / 8
    assert three_point_mass(0.7) == 0.5


def test_three_point_noise_has_its_three_values_in_their_frequencies() -> None:
    level, trials = 2.5, 50_000
    xi = three_point_noise(trials, level=level, sigma=3.0, rng=7)
    assert set(np.unique(xi)) == {-7.5, 0.0, 7.5}
    for sign in (-1, 1):
        low, high = clopper_pearson(int((xi == sign * 7.5).sum()), trials, 0.999)
        assert low < three_point_mass(level) < high


GOOD = {"eps": 0.5, "delta": 0.1, "p": 5, "sigma": 1.0, "lambda_min": 0.3}


@pytest.mark.parametrize(
    ("name", "value", "error", "message"),
    [
        ("eps", 0.0, ValueError, "eps must be positive"),
        ("eps", np.nan, ValueError, "eps must be a number"),
        ("delta", 0.0, ValueError, "delta must lie strictly between 0 and 1, got 0.0"),
        ("delta", 1.0, ValueError, "delta must lie strictly between 0 and 1"),
        ("p", 0, ValueError, "p must be at least 1"),
        ("p", 2.5, TypeError, "p must be an integer"),
        ("sigma", -1.0, ValueError, "sigma must be nonnegative"),
        ("lambda_min", 0.0, ValueError, "lambda_min must be positive"),
        ("lambda_min", "1", TypeError, "lambda_min must be a real number"),
    ],
)
def test_bad_input(name: str, value: object, error: type[Exception], message: str) -> None:
    arguments: dict = {**GOOD, name: value}
    with pytest.raises(error, match=message):
        lemma_6_samples(**arguments)
    arguments["gamma"] = arguments.pop("eps")
    with pytest.raises(error, match=message.replace("eps", "gamma")):
        theorem_5_samples(**arguments)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: lemma_6_radius(0, 0.1, 5, sigma=1, lambda_min=1), ValueError, "n must be"),
        (lambda: lemma_6_failure(0.5, 4, 0, sigma=1, lambda_min=1), ValueError, "p must be"),
        (lambda: smallest_nonzero_eigenvalue(np.zeros((2, 2))), ValueError, "must not be 0"),
        (lambda: sharp_lemma_6_samples(1, 0.1, [1.0], sigma=1), ValueError, "Phi must have 2"),
        (lambda: sharp_lemma_6_failure(0, np.eye(2), sigma=1), ValueError, "eps must be positive"),
        (lambda: noise_weights(np.eye(2), 0), ValueError, "trials must be at least 1"),
        (lambda: noise_weights(np.eye(2), 5, sigma=-1), ValueError, "sigma must be nonnegative"),
        (lambda: noise_weights([1.0], 5), ValueError, "Phi must have 2 dimension"),
        (lambda: lemma_6_steps(1.5, np.eye(2)), ValueError, "delta must lie"),
        (lambda: lemma_6_steps(0.5, np.eye(2), draws=0), ValueError, "draws must be"),
        (lambda: three_point_noise(5, level=0.0), ValueError, "level must be positive"),
        (lambda: three_point_noise(0, level=1.0), ValueError, "n must be at least 1"),
        (lambda: three_point_mass(np.inf), ValueError, "level must be positive and finite"),
    ],
)
def test_bad_input_elsewhere(call, error, message) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(error, match=message):
        call()
