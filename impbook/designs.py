"""Problems to order: feature matrices with a given Σ, sparse signals, noise with a known proxy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from impbook import _checks
from impbook._checks import Matrix, Vector

Noise = Callable[..., Vector]


def orthonormal_design(n: int, p: int, *, rng: Any = None) -> Matrix:
    """Random features with Σ = ΦᵀΦ/n = I, shape (n, p): Example 1.

    Parameters
    ----------
    n, p : int
        Numbers of samples and features, 1 <= p <= n.
    rng : optional
        Seed or generator, as for `numpy.random.default_rng`.

    Returns
    -------
    ndarray, shape (n, p)
        √n times p orthonormal columns in uniformly random position.

    Raises
    ------
    ValueError
        If p > n, where Σ cannot have rank p.

    Examples
    --------
    >>> Phi = orthonormal_design(6, 3, rng=0)
    >>> np.allclose(Phi.T @ Phi / 6, np.eye(3))
    True
    """
    p = _checks.count("p", p, 1)
    n = _checks.count("n", n, p, why=f": p = {p} orthogonal features need n >= p samples")
    Q, R = np.linalg.qr(np.random.default_rng(rng).standard_normal((n, p)))
    Phi: Matrix = np.sqrt(n) * Q * np.sign(np.diag(R))
    return Phi


def design_with_covariance(n: int, Sigma: ArrayLike, *, rng: Any = None) -> Matrix:
    """Random features with ΦᵀΦ/n equal to a given Σ, shape (n, p).

    Parameters
    ----------
    n : int
        Number of samples, at least p.
    Sigma : array_like, shape (p, p)
        Symmetric positive semidefinite matrix, of any rank.
    rng : optional
        Seed or generator, as for `numpy.random.default_rng`.

    Returns
    -------
    ndarray, shape (n, p)
        A uniformly random rotation of √n·Σ^{1/2}.

    Raises
    ------
    ValueError
        If Σ is not symmetric or has a negative eigenvalue, or if n < p.

    Examples
    --------
    >>> Sigma = np.array([[1.0, 0.5], [0.5, 1.0]])
    >>> Phi = design_with_covariance(5, Sigma, rng=0)
    >>> np.allclose(Phi.T @ Phi / 5, Sigma)
    True
    """
    Sigma = _checks.symmetric("Sigma", Sigma)
    lam, V = np.linalg.eigh(Sigma)
    if lam[0] < -1e-10 * max(lam[-1], 1e-300):
        raise ValueError(f"Sigma must be positive semidefinite, got the eigenvalue {lam[0]:.3g}")
    root = (V * np.sqrt(np.maximum(lam, 0.0))) @ V.T
    Phi: Matrix = orthonormal_design(n, lam.size, rng=rng) @ root
    return Phi


def sparse_signal(p: int, k: int, *, magnitude: float = 1.0, rng: Any = None) -> Vector:
    """Signal s with k entries ±magnitude in random places and 0 elsewhere, shape (p,).

    Parameters
    ----------
    p, k : int
        Length and number of non-zero entries, 0 <= k <= p.
    magnitude : float, optional
        Positive size |s_i| of the non-zero entries, the γ of Theorem 5.
    rng : optional
        Seed or generator, as for `numpy.random.default_rng`.

    Returns
    -------
    ndarray, shape (p,)
        The support is ``np.flatnonzero(s)``.

    Raises
    ------
    ValueError
        If k is not between 0 and p, or magnitude is not positive.

    Examples
    --------
    >>> sparse_signal(5, 2, magnitude=3.0, rng=0)
    array([0., 3., 3., 0., 0.])
    """
    p = _checks.count("p", p, 1)
    k = _checks.count("k", k, 0, p)
    size = _checks.positive("magnitude", magnitude)
    rng = np.random.default_rng(rng)
    s = np.zeros(p)
    s[rng.choice(p, size=k, replace=False)] = size * rng.choice([-1.0, 1.0], size=k)
    return s


def gaussian_noise(n: int, *, sigma: float = 1.0, rng: Any = None) -> Vector:
    """Independent N(0, σ²) noise, shape (n,): sub-Gaussian with variance proxy σ²."""
    n, sigma = _noise_arguments(n, sigma)
    return sigma * np.random.default_rng(rng).standard_normal(n)


def rademacher_noise(n: int, *, sigma: float = 1.0, rng: Any = None) -> Vector:
    """Independent fair coins ±σ, shape (n,): sub-Gaussian with variance proxy σ²."""
    n, sigma = _noise_arguments(n, sigma)
    return sigma * np.random.default_rng(rng).choice([-1.0, 1.0], size=n)


def bounded_noise(n: int, *, sigma: float = 1.0, rng: Any = None) -> Vector:
    """Independent uniform noise on [−√3σ, √3σ], shape (n,): sub-Gaussian with variance proxy σ².

    Notes
    -----
    The uniform law is strictly sub-Gaussian: its variance proxy is its variance, here σ².
    """
    n, sigma = _noise_arguments(n, sigma)
    return sigma * np.random.default_rng(rng).uniform(-np.sqrt(3), np.sqrt(3), size=n)


NOISES: dict[str, Noise] = {
    "Gaussian": gaussian_noise,
    "Rademacher": rademacher_noise,
    "bounded": bounded_noise,
}


def _noise_arguments(n: Any, sigma: Any) -> tuple[int, float]:
    return _checks.count("n", n, 1), _checks.nonnegative("sigma", sigma)
