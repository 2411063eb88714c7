"""How many samples each version of Theorem 5 requires, and how many are enough in simulations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from impbook import _checks
from impbook._arrays import Matrix
from impbook.concentration.geometry import smallest_nonzero_eigenvalue
from impbook.concentration.setting import setting_of
from impbook.concentration.theorem_5 import theorem_5_samples
from impbook.concentration.versions import VERSIONS
from impbook.monte_carlo import Estimate, estimate_false_exclusion
from impbook.noise import Noise, gaussian_noise


def required_samples(
    Phi: ArrayLike,
    s: ArrayLike,
    *,
    gamma: float,
    delta: float,
    sigma: float = 1.0,
    halving: bool = False,
) -> dict[str, float]:
    """Sample size that each version of Theorem 5 requires for this Σ and this signal.

    Parameters
    ----------
    Phi, s, gamma, sigma, halving
        As for `setting_of`.
    delta : float
        Allowed probability of failure, in (0, 1).

    Returns
    -------
    dict
        For each name in `VERSIONS`, the sample size that this version requires for q = p − k
        pruning steps, where k is the number of signals. The value is NaN if a hypothesis of the
        version fails. The entry "printed" is the sample size in the paper's Theorem 5. It is never
        NaN, although this sample size is not always enough.

    Raises
    ------
    ValueError
        As for `setting_of`, or if delta is not in (0, 1).

    Notes
    -----
    If |s_i| < γ for some signal, all entries except "printed", "one-shot" and "incoherent" are NaN.

    Examples
    --------
    >>> asked = required_samples(2 * np.eye(4), [0, 0, 1, 0], gamma=1.0, delta=0.05)
    >>> round(asked["printed"] / asked["reflection"], 2), round(asked["interpolated"], 1)
    (1.97, 42.6)
    """
    delta = _checks.probability("delta", delta)
    setting = setting_of(Phi, s, gamma=gamma, sigma=sigma, halving=halving)
    return {name: version.samples(setting, delta) for name, version in VERSIONS.items()}


def empirical_sample_size(
    Phi: ArrayLike,
    s: ArrayLike,
    *,
    gamma: float,
    delta: float,
    sigma: float = 1.0,
    noise: Noise = gaussian_noise,
    trials: int = 4000,
    rng: Any = None,
) -> float:
    """Sample size at which pruning actually fails with frequency δ, for this Σ and this signal.

    Parameters
    ----------
    Phi, s, gamma, delta, sigma
        As for `required_samples`.
    noise : callable, optional
        ``noise(n, sigma=..., rng=...)`` draws n independent entries, as in `NOISES`.
    trials : int, optional
        Number of noise draws; the same draws are used at every sample size.
    rng : optional
        Seed or generator, as for `numpy.random.default_rng`.

    Returns
    -------
    float
        Sample size at which the fraction of runs that lose a signal with |s_i| ≥ γ falls to δ. Each
        run has q = p − k pruning steps, where k is the number of signals. The sample size is found
        by bisection to within 1%. It is 0 if the fraction is at most δ at every sample size tried.

    Raises
    ------
    ValueError
        If Phi and s do not match, if delta is not in (0, 1), if gamma or sigma is not positive, if
        trials is below 1, or if the frequency of failure exceeds δ at every sample size tried.

    Notes
    -----
    Σ is held fixed: a design with n samples is simulated by Φ itself with noise of scale
    σ√(rows/n), where rows is the number of rows of Φ. If the noise is Gaussian, the weights have
    exactly the distribution that they would have with n samples.

    Examples
    --------
    >>> n = empirical_sample_size(2 * np.eye(4), [0, 0, 1, 0], gamma=1.0, delta=0.05, rng=0)
    >>> 5 < n < 15
    True
    """
    Phi, delta = _checks.matrix("Phi", Phi), _checks.probability("delta", delta)
    seed = int(_checks.generator(rng).integers(2**63))
    run = _runs(Phi, s, trials, sigma, gamma=gamma, noise=noise, rng=seed)

    def fails(n: float) -> bool:
        return run(n).rate > delta

    lam = smallest_nonzero_eigenvalue(Phi)
    asked = theorem_5_samples(gamma, delta, Phi.shape[1], sigma=sigma, lambda_min=lam)
    high = _first(lambda n: not fails(n), asked, 2.0)
    if high is None:
        raise ValueError(
            f"delta = {delta} is exceeded at every sample size: "
            "the signal is lost even without noise"
        )
    low = _first(fails, high / 2, 0.5)
    if low is None:
        return 0.0
    high = 2 * low
    while high > 1.01 * low:
        middle = float(np.sqrt(low * high))
        low, high = (middle, high) if fails(middle) else (low, middle)
    return high


def failures_at(
    Phi: ArrayLike,
    s: ArrayLike,
    *,
    gamma: float,
    delta: float,
    sigma: float = 1.0,
    noise: Noise = gaussian_noise,
    trials: int = 1000,
    rng: Any = None,
) -> dict[str, Estimate]:
    """Failure rate of iterative pruning at the sample size that each version of Theorem 5 requires.

    Parameters
    ----------
    Phi, s, gamma, delta, sigma, noise
        As for `empirical_sample_size`.
    trials : int, optional
        Number of runs for each version.
    rng : optional
        Seed or generator, as for `numpy.random.default_rng`.

    Returns
    -------
    dict
        For each version, the estimated probability that q = p − k pruning steps lose a signal with
        |s_i| ≥ γ, where k is the number of signals. Versions that do not cover iterative pruning,
        or whose sample size is NaN, are omitted.

    Raises
    ------
    ValueError
        If Phi and s do not match, if delta is not in (0, 1), if gamma or sigma is not positive, or
        if trials is below 1.

    Examples
    --------
    >>> runs = failures_at(2 * np.eye(4), [0, 0, 1, 0], gamma=1.0, delta=0.05, rng=0)
    >>> max(run.high for run in runs.values()) < 0.05
    True
    """
    required = required_samples(Phi, s, gamma=gamma, delta=delta, sigma=sigma)
    rng = _checks.generator(rng)
    run = _runs(_checks.matrix("Phi", Phi), s, trials, sigma, gamma=gamma, noise=noise, rng=rng)
    iterative = [name for name in required if VERSIONS[name].iterative]
    return {name: run(required[name]) for name in iterative if not np.isnan(required[name])}


def _runs(
    Phi: Matrix, s: ArrayLike, trials: int, sigma: float, **options: Any
) -> Callable[[float], Estimate]:
    """Return a function that estimates, for n samples, how likely pruning is to lose a signal."""
    rows, p = Phi.shape
    q = p - np.flatnonzero(_checks.vector("s", s, p)).size
    scale = _checks.positive("sigma", sigma) * np.sqrt(rows)

    def run(n: float) -> Estimate:
        return estimate_false_exclusion(Phi, s, q, trials, sigma=scale / np.sqrt(n), **options)

    return run


def _first(reached: Callable[[float], bool], n: float, factor: float) -> float | None:
    """Return the first of n, n·factor, n·factor², … that satisfies `reached`.

    If none of the first 40 does, return None.
    """
    # The factor is 2 or 1/2, and 2^40 is about 10¹², so the search covers every realistic n.
    return next(filter(reached, (n * factor**i for i in range(40))), None)
