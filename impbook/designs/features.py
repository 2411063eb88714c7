"""Feature matrices with a given covariance Σ."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from impbook import _checks
from impbook._arrays import Matrix


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
    n, p = _checks.tall(n, p)
    Q, R = np.linalg.qr(_checks.generator(rng).standard_normal((n, p)))
    return np.sqrt(n) * Q * np.sign(np.diag(R))


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
    lam, V = np.linalg.eigh(_checks.symmetric("Sigma", Sigma))
    if lam[0] < -1e-10 * max(lam[-1], 1e-300):
        raise ValueError(f"Sigma must be positive semidefinite, got the eigenvalue {lam[0]:.3g}")
    root = (V * np.sqrt(np.maximum(lam, 0.0))) @ V.T
    return orthonormal_design(n, lam.size, rng=rng) @ root


def uniform_correlation_design(n: int, p: int, alpha: float, *, rng: Any = None) -> Matrix:
    """Random features, all pairs equally correlated: Σ = I + α(11ᵀ − I), shape (n, p): Example 2.

    Parameters
    ----------
    n, p : int
        Numbers of samples and features, 1 <= p <= n.
    alpha : float
        Common correlation, −1/(p−1) < α < 1; the paper takes α in (0, 1).
    rng : optional
        Seed or generator, as for `numpy.random.default_rng`.

    Returns
    -------
    ndarray, shape (n, p)
        A uniformly random rotation of √n·Σ^{1/2}.

    Raises
    ------
    ValueError
        If α is out of range or p > n.

    Examples
    --------
    >>> Phi = uniform_correlation_design(5, 3, 0.4, rng=0)
    >>> (Phi.T @ Phi / 5).round(6)
    array([[1. , 0.4, 0.4],
           [0.4, 1. , 0.4],
           [0.4, 0.4, 1. ]])
    """
    n, p = _checks.tall(n, p)
    alpha = _checks.uniform_correlation(alpha, p)
    return design_with_covariance(n, np.full((p, p), alpha) + (1 - alpha) * np.eye(p), rng=rng)


def normalise(Phi: ArrayLike) -> Matrix:
    """Features rescaled to Σ_ii = 1, as in the paper's §2, shape (n, p).

    Parameters
    ----------
    Phi : array_like, shape (n, p)
        Features, none of them identically 0.

    Returns
    -------
    ndarray, shape (n, p)

    Raises
    ------
    ValueError
        If a feature is 0 everywhere.

    Examples
    --------
    >>> normalise([[3.0, 1.0], [4.0, 1.0]]).round(3)
    array([[0.849, 1.   ],
           [1.131, 1.   ]])
    """
    Phi = _checks.matrix("Phi", Phi)
    largest = np.abs(Phi).max(axis=0)
    if not largest.all():
        raise ValueError(
            f"Phi must have no zero feature, but column {int(np.argmin(largest))} is 0 everywhere"
        )
    scaled = Phi / largest  # so that no square overflows or vanishes
    return scaled / np.sqrt(np.mean(scaled**2, axis=0))
