import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from problems import seeds

from impbook import orthonormal_design, sparse_signal
from impbook.designs import design_with_covariance
from impbook.noise import NOISES


@given(st.integers(1, 8), st.integers(0, 5), seeds)
def test_orthonormal_designs_have_sigma_equal_to_the_identity(p, more, seed):
    Phi = orthonormal_design(p + more, p, rng=seed)
    assert np.allclose(Phi.T @ Phi / (p + more), np.eye(p))


@given(st.integers(1, 6), st.integers(1, 6), st.integers(0, 5), seeds)
def test_designs_have_the_covariance_asked_for_at_any_rank(p, rank, more, seed):
    half = np.random.default_rng(seed).standard_normal((p, rank))
    Sigma = half @ half.T
    Phi = design_with_covariance(p + more, Sigma, rng=seed)
    assert Phi.shape == (p + more, p)
    assert np.allclose(Phi.T @ Phi / (p + more), Sigma, atol=1e-10 * np.abs(Sigma).max())


def test_orthonormal_designs_point_in_no_preferred_direction():
    rng = np.random.default_rng(0)
    first = np.array([orthonormal_design(3, 2, rng=rng)[:, 0] for _ in range(4000)])
    # Every coordinate of a uniform point on the sphere of radius √3 has mean 0 and variance 1.
    assert np.abs(first.mean(axis=0)).max() < 4 / np.sqrt(4000)
    assert np.abs((first**2).mean(axis=0) - 1).max() < 4 * np.sqrt(0.8 / 4000)


@given(st.integers(1, 12), st.floats(0.1, 10), seeds, st.data())
def test_sparse_signals_have_k_entries_of_the_given_size(p, magnitude, seed, data):
    k = data.draw(st.integers(0, p))
    s = sparse_signal(p, k, magnitude=magnitude, rng=seed)
    assert np.array_equal(np.sort(np.abs(s)), [0] * (p - k) + [magnitude] * k)
    assert np.array_equal(magnitude * sparse_signal(p, k, rng=seed), s)  # the default size is 1


@pytest.mark.parametrize("name", NOISES)
@given(t=st.floats(-30, 30), sigma=st.floats(0.1, 3))
def test_noise_laws_have_the_variance_proxy_they_promise(name, t, sigma):
    # E exp(tX) ≤ exp(t²σ²/2), by each distribution's moment generating function in closed form.
    x = abs(t * sigma)
    log_mgf = {
        "Gaussian": x**2 / 2,
        "Rademacher": np.logaddexp(x, -x) - np.log(2),
        "bounded": log_sinhc(np.sqrt(3) * x),
    }[name]
    assert log_mgf <= x**2 / 2 + 1e-9


def log_sinhc(z):
    return z + np.log1p(-np.exp(-2 * z)) - np.log(2 * z) if z > 1e-3 else z**2 / 6


@pytest.mark.parametrize("name", NOISES)
def test_noise_has_variance_sigma_squared_and_stays_in_its_support(name):
    xi = NOISES[name](200_000, sigma=2.0, rng=0)
    assert xi.mean() == pytest.approx(0, abs=5 * 2 / np.sqrt(200_000))
    assert xi.var() == pytest.approx(4, rel=0.02)
    bound = {"Gaussian": np.inf, "Rademacher": 2.0, "bounded": 2 * np.sqrt(3)}[name]
    assert np.abs(xi).max() <= bound
    if name == "Rademacher":
        assert set(np.abs(xi)) == {2.0}


@pytest.mark.parametrize("name", NOISES)
def test_the_same_seed_gives_the_same_noise(name):
    assert np.array_equal(NOISES[name](5, rng=3), NOISES[name](5, rng=3))
    rng = np.random.default_rng(3)
    first = NOISES[name](50, rng=rng)
    assert not np.array_equal(first, NOISES[name](50, rng=rng))


@pytest.mark.parametrize("name", list(NOISES))
def test_noise_has_sigma_1_by_default(name):
    unit = NOISES[name](1000, rng=0)
    np.testing.assert_array_equal(NOISES[name](1000, sigma=3.0, rng=0), 3 * unit)
    assert np.var(unit) == pytest.approx(1, rel=0.15)
