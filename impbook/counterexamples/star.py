"""The star: a design in which pruning a null changes only the signal's weight, and can lower it.

A null is a feature that carries no signal.
"""

from __future__ import annotations

from math import log, sqrt
from typing import Any

import numpy as np
from scipy.stats import binom

from impbook import _checks
from impbook._arrays import Indices, Matrix


def star_design(m: int, *, C: float = 0.9999, N: float = 7.0) -> Matrix:
    """Features of the star: one signal, and m nulls that overlap it.

    The nulls' block of (ΦᵀΦ)⁻¹ is diagonal.

    Parameters
    ----------
    m : int
        Number of nulls, at least 1.
    C : float, optional
        Strength of the overlap between the signal and the nulls, strictly between 0 and 1.
    N : float, optional
        Entry of each null's feature in that null's own row, positive.

    Returns
    -------
    ndarray, shape (m+2, m+1)
        Φ. Column 0 is the signal's feature and column j is the feature of null j. Row 0 is the
        signal's own row, row j is the row of null j, and all features have an entry in the last
        row.

    Raises
    ------
    TypeError, ValueError
        If m is not a positive integer, if C is not strictly between 0 and 1, or if N is not
        positive and finite.

    See Also
    --------
    star_failure : how often pruning loses the signal.

    Notes
    -----
    Let e_0, …, e_m be the unit vectors for rows 0, …, m, let e_g be the one for the last row, and
    let β = √(C/m) and κ = β/√(1−C). The signal's feature is e_0 + β(e_1 + … + e_m) + mβκ·e_g, and
    that of null j is N(e_j + κ·e_g). So the diagonal entries of (ΦᵀΦ)⁻¹ are
    1, N⁻², …, N⁻². The other entries are −β/N in row 0 and in column 0, and 0 elsewhere. The
    smallest eigenvalue of ΦᵀΦ is 2/(1 + N⁻² + √((1 − N⁻²)² + 4C·N⁻²)). This design is not in the
    paper.

    Examples
    --------
    >>> Phi = star_design(4, C=0.5, N=2.0)
    >>> np.abs(np.linalg.inv(Phi.T @ Phi)).round(4)[:3, :3]
    array([[1.    , 0.1768, 0.1768],
           [0.1768, 0.25  , 0.    ],
           [0.1768, 0.    , 0.25  ]])
    """
    m, C, N = _design(m, C, N)
    beta = sqrt(C / m)
    kappa = beta / sqrt(1 - C)
    signal = np.r_[1.0, np.full(m, beta), m * beta * kappa]
    nulls = N * np.vstack([np.zeros(m), np.eye(m), np.full(m, kappa)])
    return np.column_stack([signal, nulls])


def star_sinking(
    m: int, gamma: float, pi: float, r: float, *, C: float = 0.9999, N: float = 7.0
) -> Indices:
    """Numbers a of nulls with negative noise for which the star's signal is provably lost.

    It is assumed that the noise in the signal's own row is negative as well.

    Parameters
    ----------
    m, C, N
        As for `star_design`, with N below 2√(m/C).
    gamma : float
        Size of the signal in units of σ, positive.
    pi : float
        Probability that the noise in the signal's own row is negative, in (0, 1).
    r : float
        Probability that the noise in the row of a null is negative, in (0, 1).

    Returns
    -------
    ndarray of int
        Every a < m for which the book's theorem on the star proves that the signal is lost if the
        noise is negative in the signal's own row and in exactly a of the nulls' rows.

    Raises
    ------
    TypeError, ValueError
        If m is not a positive integer, if pi, r or C is not strictly between 0 and 1, if
        gamma is not positive, or if N is not strictly between 0 and 2√(m/C).

    Notes
    -----
    The noise in the signal's own row is −W(1−π) with probability π and Wπ otherwise, where
    W² = 2 log((1−π)/π)/(1−2π), or W = 2 if π = ½. In the nulls' rows, r takes the place of π. The
    last row has no noise. The variance proxy is 1, by the inequality of Kearns and Saul.

    Let the noise be negative in the signal's own row and in exactly a of the nulls' rows. Let
    X be the sum of the noise in all nulls' rows, and let β = √(C/m). Until the signal is pruned, an
    active null with noise x in its row has weight y/N, where y = x + βW(1−π) − β²X. Let y₋ be the
    value of y for nulls with negative noise, and y₊ its value for the others. The signal has weight
    γ − W(1−π) + β·(sum of y over the pruned nulls). The signal is lost if γ > W(1−π),
    y₋ < 0 < y₊, |y₋| < y₊ and γ − W(1−π) − βa|y₋| < y₊/N.

    Examples
    --------
    >>> star_sinking(212, 8.6, 0.065, 0.465)[[0, -1]]
    array([ 91, 106])
    """
    m, C, N = _design(m, C, N)
    gamma = _checks.positive("gamma", gamma)
    pi, r = _checks.probability("pi", pi), _checks.probability("r", r)
    beta = sqrt(C / m)
    if beta * N >= 2:
        raise ValueError(f"N must be below 2√(m/C) = {2 / beta:.4g}, got {N}")
    own, width = _width(pi) * (1 - pi), _width(r)
    a = np.arange(m)
    total = width * (m * r - a)  # sum of the noise in the nulls' rows
    shift = beta * own - beta**2 * total
    low, high = shift - width * (1 - r), shift + width * r
    sinks = gamma - own + beta * a * low < high / N
    return np.flatnonzero((gamma > own) & (low < 0) & (-low < high) & sinks)


def star_failure(
    m: int, gamma: float, pi: float, r: float, *, C: float = 0.9999, N: float = 7.0
) -> float:
    """Lower bound on the probability that m pruning steps lose the signal of the star.

    Parameters
    ----------
    m, gamma, pi, r, C, N
        As for `star_sinking`.

    Returns
    -------
    float
        π·P(a is in the array that `star_sinking` returns), where a is the number of nulls with
        negative noise.

    Raises
    ------
    TypeError, ValueError
        If m is not a positive integer, if pi, r or C is not strictly between 0 and 1, if
        gamma is not positive, or if N is not strictly between 0 and 2√(m/C).

    Examples
    --------
    If p = 213, δ = 0.05 and n is the sample size of Theorem 5, then γ = 8.5953 in units of σ:

    >>> round(star_failure(212, 8.5953, 0.065, 0.465), 5)
    0.05101
    """
    sinking = star_sinking(m, gamma, pi, r, C=C, N=N)
    return float(pi * binom.pmf(sinking, m, r).sum())


def _width(pi: float) -> float:
    return 2.0 if pi == 0.5 else sqrt(2 * log((1 - pi) / pi) / (1 - 2 * pi))


def _design(m: Any, C: Any, N: Any) -> tuple[int, float, float]:
    return _checks.count("m", m, 1), _checks.probability("C", C), _checks.positive("N", N)
