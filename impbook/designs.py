"""Features, signals and targets with prescribed properties, and gradient features of a network."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from impbook import _checks
from impbook._arrays import Matrix, Vector


def orthonormal_design(n: int, p: int, *, rng: Any = None) -> Matrix:
    """Random features with Σ = ΦᵀΦ/n = I, as in Example 1 of the paper, shape (n, p).

    Parameters
    ----------
    n, p : int
        Numbers of samples and features, 1 <= p <= n.
    rng : optional
        Seed or generator, as for `numpy.random.default_rng`.

    Returns
    -------
    ndarray, shape (n, p)
        √n times a uniformly random matrix with p orthonormal columns.

    Raises
    ------
    ValueError
        If p > n, since Σ then cannot have rank p.

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
        √n·QΣ^{1/2}, where Q is a uniformly random matrix with p orthonormal columns.

    Raises
    ------
    ValueError
        If Sigma is not symmetric or has a negative eigenvalue, or if n < p.

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
    """Random features whose pairwise correlations all equal α, as in Example 2 of the paper.

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
        √n·QΣ^{1/2}, where Σ = I + α(11ᵀ − I) and Q is a uniformly random matrix with p orthonormal
        columns.

    Raises
    ------
    ValueError
        If alpha is not in (−1/(p−1), 1) or if p > n.

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
    """Rescale features so that Σ = ΦᵀΦ/n has Σ_ii = 1 for every i, as in §2 of the paper.

    Parameters
    ----------
    Phi : array_like, shape (n, p)
        Features, none of which is identically 0.

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
    scaled = Phi / largest  # so that the squares can neither overflow nor all underflow
    return scaled / np.sqrt(np.mean(scaled**2, axis=0))


def gaussian_design(n: int, p: int, *, rng: Any = None) -> Matrix:
    """Independent Gaussian features, normalised to Σ_ii = 1, shape (n, p).

    Parameters
    ----------
    n, p : int
        Numbers of samples and features, at least 1; p > n is allowed.
    rng : optional
        Seed or generator, as for `numpy.random.default_rng`.

    Returns
    -------
    ndarray, shape (n, p)

    Notes
    -----
    If p is large and n is much larger than log(p), δ_PW = max_{i≠j} |Σ_ij| is about √(4·log(p)/n).
    If n and p are large, ‖I − Σ‖₂ is about 2√(p/n) + p/n.

    Examples
    --------
    >>> Phi = gaussian_design(100, 3, rng=0)
    >>> np.allclose(np.mean(Phi**2, axis=0), 1.0)
    True
    """
    n, p = _checks.count("n", n, 1), _checks.count("p", p, 1)
    return normalise(_checks.generator(rng).standard_normal((n, p)))


def incoherent_design(n: int, p: int, delta_PW: float, *, rng: Any = None) -> Matrix:
    """Random features with a prescribed pairwise incoherence δ_PW = max_{i≠j} |Σ_ij|.

    Parameters
    ----------
    n, p : int
        Numbers of samples and features, 2 <= p <= n.
    delta_PW : float
        Pairwise incoherence, 0 <= δ_PW < 1/(p−1). The upper bound ensures that Σ is positive
        definite.
    rng : optional
        Seed or generator, as for `numpy.random.default_rng`.

    Returns
    -------
    ndarray, shape (n, p)
        Features with Σ_ii = 1. The off-diagonal entries of Σ are drawn uniformly at random, then
        scaled so that their largest absolute value is δ_PW.

    Raises
    ------
    ValueError
        If delta_PW is not in [0, 1/(p−1)) or if p > n.

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
            "otherwise Σ might not be positive definite"
        )
    rng = _checks.generator(rng)
    upper = np.triu(rng.uniform(-1.0, 1.0, (p, p)), 1)
    Sigma = np.eye(p) + delta / np.abs(upper).max() * (upper + upper.T)
    return design_with_covariance(n, Sigma, rng=rng)


def perturbed_orthonormal_design(n: int, p: int, delta_PW: float, *, rng: Any = None) -> Matrix:
    """Orthonormal features, randomly perturbed so that the pairwise incoherence is at most δ_PW.

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
        If delta_PW is not in [0, 1) or if p > n.

    Notes
    -----
    Move each of several orthonormal vectors by a distance t < 1, and normalise the new vectors. The
    inner product of any two of them is then at most (2t + t²)/(1−t)² in absolute value. The
    distance used here, t = (√(1+3δ) − 1 − δ)/(1−δ) with δ = δ_PW, makes this bound equal to δ_PW.
    If n is large, the actual incoherence is much smaller than δ_PW, because random directions
    are nearly orthogonal.

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
    """Equiangular features (|Σ_ij| = δ_PW for all i ≠ j) with the least possible ‖I − Σ‖₂.

    Parameters
    ----------
    n, p : int
        Numbers of samples and features, p <= n. The number p − 1 must be a prime of the form
        4k + 1, so p is one of 6, 14, 18, 30, 38, 42, …
    delta_PW : float
        Common absolute value of the correlations, 0 <= δ_PW <= 1/√(p−1).
    rng : optional
        Seed or generator, as for `numpy.random.default_rng`.

    Returns
    -------
    ndarray, shape (n, p)
        Features with Σ = I + δ_PW·C, where C is Paley's conference matrix, which satisfies
        C² = (p−1)I. If δ_PW = 1/√(p−1), the features lie on p equiangular lines in a space of
        dimension p/2.

    Raises
    ------
    ValueError
        If p − 1 is not a prime of the form 4k + 1, if delta_PW is not in [0, 1/√(p−1)], or if
        p > n.

    Notes
    -----
    Let A = I − Σ. Then ‖A‖_∞ = (p−1)·δ_PW, but ‖A‖₂ is only √(p−1)·δ_PW. This is the smallest ‖A‖₂
    that is possible for p features whose correlations all have absolute value δ_PW.

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


def gradient_features(X: ArrayLike, W: ArrayLike, a: ArrayLike) -> Matrix:
    """Features of a linearised network: gradients of the output with respect to the weights.

    Parameters
    ----------
    X : array_like, shape (n, d)
        Inputs, one per row.
    W : array_like, shape (d, m)
        Weights of the hidden units at initialisation, one column per unit.
    a : array_like, shape (m,)
        Output weights at initialisation.

    Returns
    -------
    ndarray, shape (n, (d+1)m)
        Row i is the gradient of f(x_i) at (W, a), where f(x) = Σ_j a_j·tanh(w_jᵀx), x_i is row i of
        X and w_j is column j of W. The derivatives with respect to W come first, row by row, then
        those with respect to a.

    Raises
    ------
    ValueError
        If the shapes of X, W and a do not match, or if an entry is NaN or infinite.

    Notes
    -----
    Let Φ be the matrix returned. If the weights change by w, then to first order the outputs f(x_i)
    change by Φw. The paper mentions these features in §1.2; Lee et al. (2019), arXiv:1902.06720,
    show when the first-order approximation is accurate.

    Examples
    --------
    >>> gradient_features([[0.0, 2.0]], [[1.0], [0.0]], [3.0])
    array([[0., 6., 0.]])
    """
    X, W = _checks.matrix("X", X), _checks.matrix("W", W)
    if len(W) != X.shape[1]:
        raise ValueError(f"W must have a row for each of the {X.shape[1]} inputs, got {len(W)}")
    a = _checks.vector("a", a, W.shape[1])
    unit = np.tanh(X @ W)
    by_W = X[:, :, np.newaxis] * (a * (1.0 - unit**2))[:, np.newaxis, :]
    return np.hstack((by_W.reshape(len(X), -1), unit))


def targets_with_alignment(Phi: ArrayLike, a: ArrayLike) -> Vector:
    """Targets y with prescribed alignments Φᵀy = a, shape (n,).

    Parameters
    ----------
    Phi : array_like, shape (n, p)
        Linearly independent features.
    a : array_like, shape (p,)
        Prescribed alignments φ_jᵀy.

    Returns
    -------
    ndarray, shape (n,)
        The y of least norm with these alignments; it lies in the span of the features.

    Raises
    ------
    ValueError
        If the features are linearly dependent, or if a does not have p entries.

    Examples
    --------
    >>> from impbook.designs import uniform_correlation_design
    >>> Phi = uniform_correlation_design(4, 3, 0.5, rng=0)
    >>> (Phi.T @ targets_with_alignment(Phi, [1.0, 2.0, 4.0])).round(6)
    array([1., 2., 4.])
    """
    Phi = _checks.matrix("Phi", Phi)
    a = _checks.vector("a", a, Phi.shape[1])
    y, _, rank, _ = np.linalg.lstsq(Phi.T, a)
    if rank < a.size:
        raise ValueError(
            f"Phi must have linearly independent features to allow any alignment, but its "
            f"{a.size} columns have rank {rank}"
        )
    return np.asarray(y)


def sparse_signal(p: int, k: int, *, magnitude: float = 1.0, rng: Any = None) -> Vector:
    """Signal s with k entries ±magnitude at random positions and 0 elsewhere, shape (p,).

    Parameters
    ----------
    p, k : int
        Length of s and number of its non-zero entries, 0 <= k <= p.
    magnitude : float, optional
        Absolute value of the non-zero entries, positive. This is the largest γ for which Theorem 5
        protects every non-zero entry.
    rng : optional
        Seed or generator, as for `numpy.random.default_rng`.

    Returns
    -------
    ndarray, shape (p,)
        The signal s. Its support is ``np.flatnonzero(s)``.

    Raises
    ------
    ValueError
        If k is not between 0 and p, or if magnitude is not positive.

    Examples
    --------
    >>> sparse_signal(5, 2, magnitude=3.0, rng=0)
    array([0., 3., 3., 0., 0.])
    """
    p = _checks.count("p", p, 1)
    k = _checks.count("k", k, 0, p)
    size = _checks.positive("magnitude", magnitude)
    rng = _checks.generator(rng)
    s = np.zeros(p)
    s[rng.choice(p, size=k, replace=False)] = size * rng.choice([-1.0, 1.0], size=k)
    return s
