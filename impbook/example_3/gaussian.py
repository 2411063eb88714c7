"""Least squares with independent Gaussian features and targets, at the cost of p rows."""

from __future__ import annotations

from typing import Any

import numpy as np

from impbook import _checks
from impbook._arrays import Indices, Matrix
from impbook.designs import normalise
from impbook.problem import LeastSquares


def gaussian_problem(n: int, p: int, *, rng: Any = None) -> LeastSquares:
    """Normalised Gaussian features and white-noise targets with n samples, reduced to p rows.

    Parameters
    ----------
    n, p : int
        Numbers of samples and features, p <= n; n may be huge.
    rng : optional
        Seed or generator, as for `numpy.random.default_rng`.

    Returns
    -------
    LeastSquares
        p rows and p features. Σ, and Φᵀy up to one factor, have the law that n rows of independent
        standard Gaussian entries and targets give them.

    Raises
    ------
    ValueError
        If p > n.

    Notes
    -----
    Φ = QR and y enter only through R and Qᵀy. R is drawn directly (Bartlett's decomposition):
    Gaussian above the diagonal, r_ii² from χ² with n − i degrees of freedom, i = 0, 1, …

    Examples
    --------
    >>> problem = gaussian_problem(10**9, 3, rng=0)
    >>> problem.Phi.shape, bool(np.abs(problem.Sigma - np.eye(3)).max() < 1e-3)
    ((3, 3), True)
    """
    n, p = _checks.tall(n, p)
    rng = _checks.generator(rng)
    return LeastSquares(normalise(_triangles(n, p, 1, rng)[0]), rng.standard_normal(p))


def gaussian_first_prunings(
    n: int, p: int, trials: int, *, rng: Any = None
) -> tuple[Indices, Indices]:
    """First pruning by IMP and by alignment, on many independent Gaussian problems.

    Parameters
    ----------
    n, p : int
        Numbers of samples and features, p <= n.
    trials : int
        Number of problems.
    rng : optional
        Seed or generator, as for `numpy.random.default_rng`.

    Returns
    -------
    by_imp, by_alignment : ndarray of int, shape (trials,)

    Raises
    ------
    ValueError
        If p > n or trials < 1.

    See Also
    --------
    gaussian_problem : one such problem.

    Examples
    --------
    >>> by_imp, by_alignment = gaussian_first_prunings(10**9, 3, 5, rng=0)
    >>> bool((by_imp == by_alignment).all())
    True
    """
    n, p = _checks.tall(n, p)
    trials = _checks.count("trials", trials, 1)
    rng = _checks.generator(rng)
    R = _triangles(n, p, trials, rng)
    w = rng.standard_normal((trials, p))
    length = np.sqrt(np.einsum("tij,tij->tj", R, R))
    a = np.einsum("tij,ti->tj", R, w) / length
    for i in range(p - 1, -1, -1):  # w becomes R⁻¹w, by back substitution
        w[:, i] -= np.einsum("tj,tj->t", R[:, i, i + 1 :], w[:, i + 1 :])
        w[:, i] /= R[:, i, i]
    return np.argmin(np.abs(w * length), axis=1), np.argmin(np.abs(a), axis=1)


def _triangles(n: int, p: int, trials: int, rng: np.random.Generator) -> Matrix:
    R: Matrix = np.triu(rng.standard_normal((trials, p, p)), 1)
    diagonal = np.arange(p)
    R[:, diagonal, diagonal] = np.sqrt(rng.chisquare(n - diagonal, (trials, p)))
    return R
