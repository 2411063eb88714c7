"""Example 3 with many Gaussian features: the limit of how often IMP follows alignment."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import erf

from impbook import _checks

FAR = 9.0  # a standard Gaussian beyond this many standard deviations is no longer seen
NODES = 60  # of the Gauss–Legendre rule along each axis; the result is then exact to 1e-9


def gaussian_alignment_limit(r: float) -> float:
    """Limit of the probability that IMP's first pruning is alignment's, for Gaussian features.

    Parameters
    ----------
    r : float
        Limit of n/p³ as p → ∞, positive.

    Returns
    -------
    float
        Limit of the probability, for normalised Gaussian features and any target independent of
        them: 0 in the limit r → 0 and 1 in the limit r → ∞.

    Raises
    ------
    ValueError
        If r is not positive and finite.

    Notes
    -----
    The probability that the point nearest 0 of a Poisson process of rate 1 stays the nearest when
    each point is shifted by an independent Gaussian of standard deviation τ = 1/√(2πr). With f the
    density of such a shift and K(u) = E|u + τG| it is
    2∫∫ [f(s−t) + f(s+t)]·exp(−2(s+t) + K(s+t) − K(s−t)) ds dt over s, t > 0,
    which is about √r for small r and 1 − (√2/π)/√r for large r.

    Examples
    --------
    >>> [round(gaussian_alignment_limit(r), 3) for r in (0.3, 1, 3, 30)]
    [0.492, 0.66, 0.78, 0.922]
    """
    tau = 1 / np.sqrt(2 * np.pi * _checks.positive("r", r))
    far = min(FAR, 40 / tau)  # beyond 40/τ the exponential is below e⁻⁴⁰
    x, weight = np.polynomial.legendre.leggauss(NODES)
    x, weight = far * (x + 1) / 2, far * weight / 2
    # In units of τ: u = s+t, and v = |s−t| below it. Beyond u = 9, where K(u) = u, the integral
    # over u is done by hand.
    u = x[:, None]
    v = u * x / far
    inside = (_density(u) + _density(v)) * np.exp(-tau * (2 * u - _spread(u) + _spread(v)))
    outside = _density(x) * np.exp(-tau * (far + _spread(x) + 2 * _density(0.0))) / tau
    return min(1.0, float(2 * tau * weight @ (inside @ weight * x / far + outside)))


def _density(x: Any) -> Any:
    return np.exp(-x * x / 2) / np.sqrt(2 * np.pi)


def _spread(x: Any) -> Any:
    """E|x + G| − E|G| for a standard Gaussian G."""
    return x * erf(x / np.sqrt(2)) + 2 * _density(0.0) * np.expm1(-x * x / 2)
