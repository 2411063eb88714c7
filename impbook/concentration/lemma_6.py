"""Lemma 6: bounds on the noise weights Σ⁺Φᵀξ/n, the part of the trained weights due to noise ξ."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq
from scipy.stats import norm

from impbook import _checks
from impbook._arrays import Matrix, Vector
from impbook.concentration.geometry import nonzero_singular_values, smallest_nonzero_eigenvalue
from impbook.flow import least_squares
from impbook.noise import Noise, gaussian_noise


def lemma_6_samples(eps: float, delta: float, p: int, *, sigma: float, lambda_min: float) -> float:
    """Sample size at which all p noise weights stay below ε with probability at least 1 − δ.

    Parameters
    ----------
    eps : float
        Positive radius ε, in the units of the weights.
    delta : float
        Allowed probability of failure, in (0, 1).
    p : int
        Number of features, at least 1.
    sigma : float
        Square root of the variance proxy of the noise, at least 0.
    lambda_min : float
        Smallest non-zero eigenvalue of Σ, positive.

    Returns
    -------
    float
        The required n, not rounded up. Every larger n is also enough.

    Raises
    ------
    ValueError
        If eps or lambda_min is not positive, if delta is not in (0, 1), if p is below 1, if sigma
        is negative, or if the sample size overflows or underflows.

    Notes
    -----
    The noise weights are the p entries of Σ⁺Φᵀξ/n, where ξ is the noise. For all of them to be
    below ε in absolute value, the paper's Lemma 6 requires 2σ²/(ε²λ_min)·log(2p/δ) samples.
    Replacing 1/λ_min by max_i Σ⁺_ii gives `sharp_lemma_6_samples`.

    Examples
    --------
    >>> round(lemma_6_samples(0.5, 0.05, 10, sigma=1.0, lambda_min=1.0), 2)
    47.93
    """
    return 2 * unit_samples("eps", eps, sigma, lambda_min) * log_term(delta, p)


def lemma_6_radius(n: int, delta: float, p: int, *, sigma: float, lambda_min: float) -> float:
    """Radius ε such that all p noise weights stay below ε with probability at least 1 − δ.

    Parameters
    ----------
    n : int
        Number of samples, at least 1.
    delta, p, sigma, lambda_min
        As for `lemma_6_samples`.

    Returns
    -------
    float
        ε = σ√(2 log(2p/δ)/(n·λ_min)), the ε for which `lemma_6_samples` is n.

    Raises
    ------
    ValueError
        If n or p is below 1, if delta is not in (0, 1), if sigma is negative, or if lambda_min is
        not positive.

    Examples
    --------
    >>> round(lemma_6_radius(48, 0.05, 10, sigma=1.0, lambda_min=1.0), 3)
    0.5
    """
    spread = _checks.count("n", n, 1) * _checks.positive("lambda_min", lambda_min)
    return _checks.nonnegative("sigma", sigma) * float(np.sqrt(2 * log_term(delta, p) / spread))


def lemma_6_failure(eps: float, n: int, p: int, *, sigma: float, lambda_min: float) -> float:
    """Bound on the probability that at least one of p noise weights reaches ε.

    Parameters
    ----------
    eps : float
        Positive radius ε, in the units of the weights.
    n : int
        Number of samples, at least 1.
    p, sigma, lambda_min
        As for `lemma_6_samples`.

    Returns
    -------
    float
        The smaller of 1 and 2p·exp(−n·λ_min·ε²/(2σ²)). A value below 1 is the δ for which
        `lemma_6_samples` is n.

    Raises
    ------
    ValueError
        If eps or lambda_min is not positive, if n or p is below 1, or if sigma is negative.

    Examples
    --------
    >>> round(lemma_6_failure(0.5, 48, 10, sigma=1.0, lambda_min=1.0), 4)
    0.0496
    """
    variance = 1 / (_checks.count("n", n, 1) * _checks.positive("lambda_min", lambda_min))
    return _union_bound(eps, sigma, np.full(_checks.count("p", p, 1), variance))


def sharp_lemma_6_samples(eps: float, delta: float, Phi: ArrayLike, *, sigma: float) -> float:
    """Sample size of Lemma 6 with the largest Σ⁺_ii in place of 1/λ_min.

    Parameters
    ----------
    eps, delta, sigma
        As for `lemma_6_samples`.
    Phi : array_like, shape (n, p)
        Feature matrix. Only Σ = ΦᵀΦ/n matters: the result applies to all designs with this Σ.

    Returns
    -------
    float
        The required n, not rounded up. It never exceeds `lemma_6_samples`.

    Raises
    ------
    ValueError
        If eps is not positive, if delta is not in (0, 1), if sigma is negative, or if Phi is 0.

    Notes
    -----
    The sample size is 2σ²/ε²·max_i Σ⁺_ii·log(2p/δ). Noise weight i is a sum of independent terms
    and has variance proxy σ²Σ⁺_ii/n, where Σ⁺_ii ≤ 1/λ_min. The bound with Σ⁺_ii in place of
    1/λ_min is an intermediate step in the proof of Lemma 6.

    Examples
    --------
    >>> Phi = np.array([[1.0, 0.6], [0.0, 0.8]]) * np.sqrt(2)
    >>> round(sharp_lemma_6_samples(0.5, 0.05, Phi, sigma=1.0), 2)
    54.78
    >>> eigenvalue = smallest_nonzero_eigenvalue(Phi)
    >>> round(lemma_6_samples(0.5, 0.05, 2, sigma=1.0, lambda_min=eigenvalue), 2)
    87.64
    """
    Phi = _checks.squarable("Phi", Phi)
    largest = float((_inverse_root(Phi) ** 2).sum(axis=1).max())
    return lemma_6_samples(eps, delta, Phi.shape[1], sigma=sigma, lambda_min=1 / largest)


def sharp_lemma_6_failure(eps: float, Phi: ArrayLike, *, sigma: float) -> float:
    """Bound on the probability that some noise weight reaches ε.

    It is the bound of `lemma_6_failure` with Σ⁺_ii in place of 1/λ_min.

    Parameters
    ----------
    eps : float
        Positive radius ε, in the units of the weights.
    Phi : array_like, shape (n, p)
        Feature matrix, not 0.
    sigma : float
        Square root of the variance proxy of the noise, at least 0.

    Returns
    -------
    float
        The smaller of 1 and Σ_i 2·exp(−n·ε²/(2σ²Σ⁺_ii)). The sum is over all i with Σ⁺_ii > 0.

    Raises
    ------
    ValueError
        If eps is not positive, if sigma is negative, or if Phi is 0.

    Examples
    --------
    >>> Phi = np.array([[1.0, 0.0], [0.0, 2.0]]) * np.sqrt(2)
    >>> round(sharp_lemma_6_failure(2.0, Phi, sigma=1.0), 4)
    0.0366
    """
    Phi = _checks.squarable("Phi", Phi)
    return _union_bound(eps, sigma, (_inverse_root(Phi) ** 2).sum(axis=1) / Phi.shape[0])


def noise_weights(
    Phi: ArrayLike,
    trials: int,
    *,
    noise: Noise = gaussian_noise,
    sigma: float = 1.0,
    rng: Any = None,
) -> Matrix:
    """Weights trained to convergence on pure noise, for many independent draws of the noise.

    Parameters
    ----------
    Phi : array_like, shape (n, p)
        Feature matrix, of any rank.
    trials : int
        Number of noise vectors drawn, at least 1.
    noise : callable, optional
        ``noise(n, sigma=..., rng=...)`` draws n independent entries, as in `NOISES`.
    sigma : float, optional
        Scale σ of the noise, at least 0.
    rng : optional
        Seed or generator, as for `numpy.random.default_rng`.

    Returns
    -------
    ndarray, shape (trials, p)
        Row t is Σ⁺Φᵀξ/n for the t-th noise vector ξ: the weights that `gradient_flow`, started at
        0, reaches at T = ∞ on the targets ξ. Adding ξ to any targets adds row t to the trained
        weights.

    Raises
    ------
    ValueError
        If Phi is not a finite matrix, if trials is below 1, if sigma is negative, or if noise does
        not return n finite entries per draw.

    Examples
    --------
    >>> noise_weights(2 * np.eye(2), 3, sigma=1.0, rng=0).round(2)
    array([[ 0.06, -0.07],
           [ 0.32,  0.05],
           [-0.27,  0.18]])
    """
    Phi = _checks.matrix("Phi", Phi)
    trials = _checks.count("trials", trials, 1)
    sigma = _checks.nonnegative("sigma", sigma)
    xi = _checks.drawn(noise, trials, Phi.shape[0], sigma, _checks.generator(rng))
    return least_squares(Phi, xi)


def lemma_6_steps(
    delta: float, Phi: ArrayLike, *, draws: int = 100_000, rng: Any = None
) -> dict[str, float]:
    """Sample size needed for Gaussian noise, and the upper bounds on it in Lemma 6's proof.

    Parameters
    ----------
    delta : float
        Allowed probability of failure, in (0, 1).
    Phi : array_like, shape (n, p)
        Feature matrix, not 0. Only Σ = ΦᵀΦ/n matters.
    draws : int, optional
        Number of Gaussian draws used to estimate the entry "needed".
    rng : optional
        Seed or generator, as for `numpy.random.default_rng`.

    Returns
    -------
    dict of str to float
        Sample sizes in units of σ²/ε²: first the one that is needed, then the bounds in the order
        of the proof. Up to the sampling error in "needed", no entry is smaller than the one before.

    Raises
    ------
    ValueError
        If delta is not in (0, 1), if draws is below 1, or if Phi is 0.

    Notes
    -----
    Every entry is a value of x², where x = ε√n/σ. Let Z have distribution N(0, Σ⁺) and let
    v_i = Σ⁺_ii. For "needed", x is the value below which all |Z_i| stay with probability 1 − δ. For
    "union bound", x solves Σ_i P(|Z_i| ≥ x) = δ, and for "tail" it solves the sub-Gaussian version
    Σ_i 2·exp(−x²/(2v_i)) = δ. For "largest variance", every v_i in the last equation is replaced by
    the largest v_i. For "1/λ_min", every v_i is replaced by 1/λ_min.

    Examples
    --------
    >>> steps = lemma_6_steps(0.05, np.eye(10) * np.sqrt(10), rng=0)
    >>> {name: round(samples, 1) for name, samples in steps.items()}
    {'needed': 7.9, 'union bound': 7.9, 'tail': 12.0, 'largest variance': 12.0, '1/λ_min': 12.0}
    """
    Phi = _checks.squarable("Phi", Phi)
    exponent = log_term(delta, Phi.shape[1])
    draws = _checks.count("draws", draws, 1)
    root = _inverse_root(Phi)
    spread = np.linalg.norm(root, axis=1)
    spread = spread[spread > 0]
    g = _checks.generator(rng).standard_normal((draws, Phi.shape[1]))
    top = float(spread.max() * np.sqrt(2 * exponent))

    def crossing(tail: Callable[[Vector], Vector]) -> float:
        return float(brentq(lambda x: 2 * tail(x / spread).sum() - delta, 0.0, 1.01 * top)) ** 2

    return {
        "needed": float(np.quantile(np.abs(g @ root).max(axis=1), 1 - delta)) ** 2,
        "union bound": crossing(norm.sf),
        "tail": crossing(lambda t: np.exp(-(t**2) / 2)),
        "largest variance": top**2,
        "1/λ_min": 2 * exponent / smallest_nonzero_eigenvalue(Phi),
    }


def unit_samples(name: str, size: Any, sigma: Any, eigenvalue: Any) -> float:
    """Return σ²/(ε²λ), where ε is `size` and λ is `eigenvalue`.

    With this many samples (n), a weight of variance σ²/(nλ) has standard deviation ε.
    """
    size = _checks.positive(name, size)
    sigma = _checks.nonnegative("sigma", sigma)
    eigenvalue = _checks.positive("lambda_min", eigenvalue)
    with np.errstate(over="ignore", under="ignore"):
        unit = float((np.float64(sigma) / size) ** 2 / eigenvalue)
    if unit == np.inf or (unit == 0 and sigma > 0):
        raise ValueError(
            f"{name}, sigma and lambda_min must give a sample size that a double can hold, got "
            f"{size}, {sigma} and {eigenvalue}: rescale the weights or the noise"
        )
    return unit


def log_term(delta: Any, p: Any) -> float:
    return float(np.log(2 * _checks.count("p", p, 1) / _checks.probability("delta", delta)))


def _union_bound(eps: Any, sigma: Any, variances: Vector) -> float:
    """The smaller of 1 and the sum of the tails 2·exp(−ε²/(2σ²v)) over the variances v."""
    radius, scale = _checks.positive("eps", eps), _checks.nonnegative("sigma", sigma)
    with np.errstate(over="ignore", divide="ignore"):  # where the ratio is infinite, the tail is 0
        ratio = radius / (scale * np.sqrt(variances))
        return min(1.0, float(2 * np.exp(-(ratio**2) / 2).sum()))


def _inverse_root(Phi: Matrix) -> Matrix:
    """The positive semidefinite square root of Σ⁺, which, unlike singular vectors, is unique."""
    size, rows = nonzero_singular_values(Phi)
    return np.sqrt(len(Phi)) * (rows.T / size) @ rows
