"""Feature matrices close to orthogonal, with a known bound on their pairwise incoherence."""

from __future__ import annotations

from typing import Any

import numpy as np

from impbook import _checks
from impbook._arrays import Matrix
from impbook.designs.features import design_with_covariance, normalise, orthonormal_design


def gaussian_design(n: int, p: int, *, rng: Any = None) -> Matrix:
    """Independent Gaussian features, normalised to Σ_ii = 1, shape (n, p).

    Parameters
    ----------
    n, p : int
        Numbers of samples and features; p > n is allowed.
    rng : optional
        Seed or generator, as for `numpy.random.default_rng`.

    Returns
    -------
    ndarray, shape (n, p)

    Notes
    -----
    Its δ_PW is about √(4·log(p)/n), ‖A‖₂ about 2√(p/n) + p/n.

    Examples
    --------
    >>> Phi = gaussian_design(100, 3, rng=0)
    >>> np.allclose(np.mean(Phi**2, axis=0), 1.0)
    True
    """
    n, p = _checks.count("n", n, 1), _checks.count("p", p, 1)
    return normalise(_checks.generator(rng).standard_normal((n, p)))


def incoherent_design(n: int, p: int, delta_PW: float, *, rng: Any = None) -> Matrix:
    """Random features with pairwise incoherence exactly δ_PW, shape (n, p).

    Parameters
    ----------
    n, p : int
        Numbers of samples and features, 2 <= p <= n.
    delta_PW : float
        Pairwise incoherence, 0 <= δ_PW < 1/(p−1), where any such Σ is positive definite.
    rng : optional
        Seed or generator, as for `numpy.random.default_rng`.

    Returns
    -------
    ndarray, shape (n, p)
        Σ has uniformly random off-diagonal entries, scaled so that the largest is ±δ_PW.

    Raises
    ------
    ValueError
        If δ_PW is out of range or p > n.

    Examples
    --------
    >>> from impbook.example_3 import pairwise_incoherence
    >>> round(pairwise_incoherence(incoherent_design(8, 5, 0.1, rng=0)).delta_PW, 6)
    0.1
    """
    n, p = _checks.tall(n, p, 2)
    delta = _checks.nonnegative("delta_PW", delta_PW)
    if (p - 1) * delta >= 1:
        raise ValueError(
            f"delta_PW must be below 1/(p-1) = {1 / (p - 1):.4g} for p = {p}, got {delta}: "
            "Σ need not be positive definite"
        )
    rng = _checks.generator(rng)
    upper = np.triu(rng.uniform(-1.0, 1.0, (p, p)), 1)
    Sigma = np.eye(p) + delta / np.abs(upper).max() * (upper + upper.T)
    return design_with_covariance(n, Sigma, rng=rng)


def perturbed_orthonormal_design(n: int, p: int, delta_PW: float, *, rng: Any = None) -> Matrix:
    """Orthonormal features, each nudged in a random direction, with incoherence at most δ_PW.

    Parameters
    ----------
    n, p : int
        Numbers of samples and features, 2 <= p <= n.
    delta_PW : float
        Bound on the pairwise incoherence, 0 <= δ_PW < 1.
    rng : optional
        Seed or generator, as for `numpy.random.default_rng`.

    Returns
    -------
    ndarray, shape (n, p)

    Raises
    ------
    ValueError
        If δ_PW is out of range or p > n.

    Notes
    -----
    Nudging orthonormal vectors by t leaves inner products of at most (2t + t²)/(1−t)² after
    normalisation; t = (√(1+3δ) − 1 − δ)/(1−δ) makes that δ = δ_PW. The actual incoherence is
    smaller by far when n is large: random directions are nearly orthogonal.

    Examples
    --------
    >>> from impbook.example_3 import pairwise_incoherence
    >>> bool(pairwise_incoherence(perturbed_orthonormal_design(8, 5, 0.1, rng=0)).delta_PW <= 0.1)
    True
    """
    n, p = _checks.tall(n, p, 2)
    delta = _checks.nonnegative("delta_PW", delta_PW)
    if delta >= 1:
        raise ValueError(f"delta_PW must be below 1, got {delta}")
    rng = _checks.generator(rng)
    t = (np.sqrt(1 + 3 * delta) - 1 - delta) / (1 - delta)
    return normalise(orthonormal_design(n, p, rng=rng) + t * gaussian_design(n, p, rng=rng))


def equiangular_design(n: int, p: int, delta_PW: float, *, rng: Any = None) -> Matrix:
    """Equiangular features, evenly spread: |Σ_ij| = δ_PW for all pairs, shape (n, p).

    Parameters
    ----------
    n, p : int
        Numbers of samples and features, p <= n; p − 1 must be a prime of the form 4k + 1, so
        p = 6, 14, 18, 30, 38, 42, …
    delta_PW : float
        Common size of the correlations, 0 <= δ_PW <= 1/√(p−1).
    rng : optional
        Seed or generator, as for `numpy.random.default_rng`.

    Returns
    -------
    ndarray, shape (n, p)
        Σ = I + δ_PW·C with C Paley's conference matrix, C² = (p−1)I. At δ_PW = 1/√(p−1) the
        features are p equiangular lines in dimension p/2.

    Raises
    ------
    ValueError
        If p − 1 is not such a prime, δ_PW is out of range, or p > n.

    Notes
    -----
    Here ‖A‖₂ = √(p−1)·δ_PW, the least that p features with these correlations can have, while
    ‖A‖_∞ = (p−1)·δ_PW.

    Examples
    --------
    >>> from impbook.example_3 import pairwise_incoherence
    >>> found = pairwise_incoherence(equiangular_design(8, 6, 0.1, rng=0))
    >>> round(found.norm_2, 4), round(found.norm_inf, 4)
    (0.2236, 0.5)
    """
    n, p = _checks.tall(n, p, 2)
    delta = _checks.nonnegative("delta_PW", delta_PW)
    r = p - 1
    if r % 4 != 1 or r == 1 or any(r % d == 0 for d in range(2, int(r**0.5) + 1)):
        raise ValueError(f"p - 1 must be a prime of the form 4k + 1, got p - 1 = {r}")
    if delta * np.sqrt(r) > 1 + 1e-12:
        raise ValueError(
            f"delta_PW must be at most 1/√(p-1) = {1 / np.sqrt(r):.4g} for p = {p}, got {delta}"
        )
    squares = np.zeros(r)
    squares[np.arange(1, r) ** 2 % r] = 2
    legendre = squares - (np.arange(r) > 0)
    C = np.ones((p, p)) - np.eye(p)
    C[1:, 1:] = legendre[np.subtract.outer(np.arange(r), np.arange(r)) % r]
    return design_with_covariance(n, np.eye(p) + delta * C, rng=rng)
