"""Example 2, uniform correlation: random targets, and how often IMP follows alignment on them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from impbook import _checks
from impbook._arrays import Matrix, Vector
from impbook.example_2.order import first_pruned

BLOCK = 2**16  # alignments at a time, so that they stay near the processor


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
    alpha = float(_correlations(_checks.number("alpha", alpha)))
    return _alignments(_parts(p, trials, n, signal, sigma, rng), alpha)


def first_pruning_agreements(
    p: int,
    alpha: ArrayLike,
    trials: int,
    *,
    n: int,
    signal: float = 0.0,
    sigma: float = 1.0,
    rng: Any = None,
) -> Any:
    """Number of random targets for which IMP and alignment prune the same feature first.

    Parameters and errors are those of `random_alignments`; but `alpha` may be an array of
    correlations, to each of which the same Gaussian numbers are put.

    Returns
    -------
    int or ndarray of int
        Between 0 and `trials`, one for each alpha; `impbook.monte_carlo.clopper_pearson` turns it
        into an exact interval.

    Examples
    --------
    >>> first_pruning_agreements(2, 0.9, 1000, n=10, rng=0)
    1000
    >>> first_pruning_agreements(3, [0.0, 0.1, 0.9], 1000, n=10, rng=0)
    array([1000,  906,  144])
    """
    alphas = _correlations(alpha)
    parts = _parts(p, trials, n, signal, sigma, rng)
    counts = np.zeros(alphas.shape, dtype=int)
    rows = max(1, BLOCK // p)
    for start in range(0, trials, rows):
        for i, value in np.ndenumerate(alphas):
            a = _alignments([part[start : start + rows] for part in parts], value)
            counts[i] += np.sum(first_pruned(a, value) == first_pruned(a, 0.0))
    return counts if counts.ndim else int(counts)


def _correlations(alpha: ArrayLike) -> Vector:
    alphas = _checks.array("alpha", alpha)
    wrong = alphas[(alphas < 0) | (alphas >= 1)]
    if wrong.size:
        raise ValueError(f"alpha must lie in [0, 1), got {wrong[0]}")
    return alphas


def _parts(p: Any, trials: Any, n: Any, signal: Any, sigma: Any, rng: Any) -> list[Matrix]:
    """What does not depend on α: n·s, and √n·σ times g and z."""
    n, p = _checks.tall(n, p)
    trials, rng = _checks.count("trials", trials, 1), _checks.generator(rng)
    signal, sigma = _checks.nonnegative("signal", signal), _checks.nonnegative("sigma", sigma)
    s, g, z = (rng.standard_normal((trials, columns)) for columns in (p, 1, p))
    return [n * signal * s, np.sqrt(n) * sigma * g, np.sqrt(n) * sigma * z]


def _alignments(parts: list[Matrix], alpha: float) -> Matrix:
    s, g, z = parts
    fitted = (1 - alpha) * s + alpha * s.sum(axis=1, keepdims=True)
    return fitted + np.sqrt(alpha) * g + np.sqrt(1 - alpha) * z
