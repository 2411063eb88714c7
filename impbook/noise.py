"""Families of sub-Gaussian noise with a known variance proxy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.optimize import minimize_scalar

from impbook import _checks
from impbook._arrays import Vector

Noise = Callable[..., Vector]


def gaussian_noise(n: int, *, sigma: float = 1.0, rng: Any = None) -> Vector:
    """Independent N(0, σ²) noise, shape (n,): sub-Gaussian with variance proxy σ²."""
    n, sigma = _noise_arguments(n, sigma)
    return sigma * _checks.generator(rng).standard_normal(n)


def rademacher_noise(n: int, *, sigma: float = 1.0, rng: Any = None) -> Vector:
    """Independent Rademacher noise ±σ, shape (n,): sub-Gaussian with variance proxy σ²."""
    n, sigma = _noise_arguments(n, sigma)
    return sigma * _checks.generator(rng).choice([-1.0, 1.0], size=n)


def bounded_noise(n: int, *, sigma: float = 1.0, rng: Any = None) -> Vector:
    """Independent uniform noise on [−√3·σ, √3·σ], shape (n,): sub-Gaussian with variance proxy σ².

    Notes
    -----
    The uniform distribution is strictly sub-Gaussian: its variance proxy is its variance, here σ².
    """
    n, sigma = _noise_arguments(n, sigma)
    return sigma * _checks.generator(rng).uniform(-np.sqrt(3), np.sqrt(3), size=n)


def three_point_noise(n: int, *, level: float, sigma: float = 1.0, rng: Any = None) -> Vector:
    """Independent noise in {0, ±level·σ}; 0 is as rare as a variance proxy of σ² allows.

    Parameters
    ----------
    n : int
        Number of entries, at least 1.
    level : float
        Absolute value of the non-zero entries, in units of σ; positive.
    sigma : float, optional
        Square root of the variance proxy, at least 0.
    rng : optional
        Seed or generator, as for `numpy.random.default_rng`.

    Returns
    -------
    ndarray, shape (n,)

    Raises
    ------
    ValueError
        If n is below 1, if level is not positive, or if sigma is negative.

    Notes
    -----
    Each of ±level·σ has probability ``three_point_mass(level)``. If level is √(2 log(2p/δ)) with
    the p and δ of Lemma 6, this probability is nearly δ/(2p). So this noise can almost attain the
    bound of Lemma 6.

    Examples
    --------
    >>> three_point_noise(8, level=2.0, rng=1)
    array([0., 2., 0., 2., 0., 0., 0., 0.])
    """
    n, sigma = _noise_arguments(n, sigma)
    mass = three_point_mass(level)
    u = _checks.generator(rng).random(n)
    return float(level) * sigma * ((u > 1 - mass).astype(float) - (u < mass))


def three_point_mass(level: float) -> float:
    """Largest m for which P(level) = P(−level) = m and P(0) = 1 − 2m give variance proxy 1.

    Parameters
    ----------
    level : float
        Absolute value of the two non-zero points, positive.

    Returns
    -------
    float
        The probability m, at most ½.

    Raises
    ------
    ValueError
        If level is not positive and finite.

    Notes
    -----
    The variance proxy is 1 if 1 + 2m(cosh(level·t) − 1) ≤ exp(t²/2) for all t, so m is the
    infimum over t > 0 of (exp(t²/2) − 1)/(2 cosh(level·t) − 2), or ½ if ½ is smaller. For a level
    of at most √3, the infimum is the limit as t → 0, which is 1/(2·level²). For a level from 1 to
    √3, the variance is therefore 1.

    Examples
    --------
    >>> round(three_point_mass(3**0.5), 4), round(three_point_mass(3.0), 4)
    (0.1667, 0.011)
    """
    a = _checks.positive("level", level)
    if a <= np.sqrt(3):
        return min(0.5, 1 / (2 * a**2))

    def log_bound(t: float) -> float:
        # 2cosh(2u) − 2 = 4sinh²u. Logarithms avoid overflow of the numerator and the denominator.
        x, u = t**2 / 2, a * t / 2
        return float(x + np.log(-np.expm1(-x)) - 2 * u - 2 * np.log(-np.expm1(-2 * u)))

    # The minimising t is close to `a` if `a` is large, and tends to 0 as `a` falls to √3.
    lowest = minimize_scalar(log_bound, bounds=(1e-3, 2 * a), method="bounded")
    return float(np.exp(lowest.fun))


NOISES: dict[str, Noise] = {
    "Gaussian": gaussian_noise,
    "Rademacher": rademacher_noise,
    "bounded": bounded_noise,
}
"""Noise functions by name. Each takes ``(n, *, sigma, rng)``; its noise has variance proxy σ²."""


def _noise_arguments(n: Any, sigma: Any) -> tuple[int, float]:
    return _checks.count("n", n, 1), _checks.nonnegative("sigma", sigma)
