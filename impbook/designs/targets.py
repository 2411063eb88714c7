"""Sparse signals, and targets with given alignments."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from impbook import _checks
from impbook._arrays import Vector


def targets_with_alignment(Phi: ArrayLike, a: ArrayLike) -> Vector:
    """Targets y with prescribed alignments Φᵀy = a, shape (n,).

    Parameters
    ----------
    Phi : array_like, shape (n, p)
        Features, linearly independent.
    a : array_like, shape (p,)
        Alignments φ_jᵀy that y is to have.

    Returns
    -------
    ndarray, shape (n,)
        The shortest such y; it lies in the span of the features.

    Raises
    ------
    ValueError
        If the features are linearly dependent, or a has not p entries.

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
    rng = _checks.generator(rng)
    s = np.zeros(p)
    s[rng.choice(p, size=k, replace=False)] = size * rng.choice([-1.0, 1.0], size=k)
    return s
