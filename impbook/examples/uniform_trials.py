"""Example 2, uniform correlation: random targets, and how often IMP follows alignment on them."""

from __future__ import annotations

from typing import Any

import numpy as np

from impbook import _checks
from impbook._checks import Matrix
from impbook.examples.uniform_order import first_pruned


def random_alignments(
    p: int,
    alpha: float,
    trials: int,
    *,
    n: int,
    signal: float = 0.0,
    sigma: float = 1.0,
    rng: Any = None,
) -> Matrix:
    """Alignments Φᵀy of random targets y = Φs + ξ under uniform correlation, exact in law.

    Parameters
    ----------
    p : int
        Number of features.
    alpha : float
        Common correlation, 0 <= α < 1.
    trials : int
        Number of targets to draw.
    n : int
        Number of samples, at least p.
    signal : float, optional
        Standard deviation of the independent Gaussian entries of s; 0 for white noise y = ξ.
    sigma : float, optional
        Standard deviation of the Gaussian noise ξ; 0 for y in the span of the features.
    rng : optional
        Seed or generator, as for `numpy.random.default_rng`.

    Returns
    -------
    ndarray, shape (trials, p)

    Raises
    ------
    ValueError
        If α is outside [0, 1), n < p (then no features have this Σ, which is invertible), or a
        count or a scale is out of range.

    Notes
    -----
    Φᵀy = nΣs + Φᵀξ, where Φᵀξ is N(0, nσ²Σ) whatever the features; it is drawn as
    √n·σ·(√α·g·1 + √(1−α)·z) with g and z standard Gaussian.

    Examples
    --------
    >>> random_alignments(3, 0.5, 2, n=10, rng=0).shape
    (2, 3)
    """
    n, p = _checks.tall(n, p)
    trials = _checks.count("trials", trials, 1)
    alpha = _checks.number("alpha", alpha)
    if not 0 <= alpha < 1:
        raise ValueError(f"alpha must lie in [0, 1), got {alpha}")
    signal, sigma = _checks.nonnegative("signal", signal), _checks.nonnegative("sigma", sigma)
    rng = _checks.generator(rng)
    s = signal * rng.standard_normal((trials, p))
    g, z = rng.standard_normal((trials, 1)), rng.standard_normal((trials, p))
    fitted = n * ((1 - alpha) * s + alpha * s.sum(axis=1, keepdims=True))
    return fitted + np.sqrt(n) * sigma * (np.sqrt(alpha) * g + np.sqrt(1 - alpha) * z)


def first_pruning_agreements(
    p: int,
    alpha: float,
    trials: int,
    *,
    n: int,
    signal: float = 0.0,
    sigma: float = 1.0,
    rng: Any = None,
) -> int:
    """Number of random targets for which IMP and alignment prune the same feature first.

    Parameters and errors are those of `random_alignments`.

    Returns
    -------
    int
        Between 0 and `trials`; `impbook.trials.clopper_pearson` turns it into an exact interval.

    Examples
    --------
    >>> first_pruning_agreements(2, 0.9, 1000, n=10, rng=0)
    1000
    """
    a = random_alignments(p, alpha, trials, n=n, signal=signal, sigma=sigma, rng=rng)
    return int(np.sum(first_pruned(a, alpha) == first_pruned(a, 0.0)))
