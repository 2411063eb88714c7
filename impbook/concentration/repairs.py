"""Sample sizes for pruning once, for pruning in any geometry, and for kind geometries."""

from __future__ import annotations

from typing import Any

import numpy as np

from impbook import _checks
from impbook.concentration.lemma_6 import theorem_5_samples


def one_shot_samples(
    gamma: float, delta: float, p: int, *, sigma: float, lambda_min: float
) -> float:
    """Samples for pruning once: the q smallest weights of the first fit go together.

    Parameters
    ----------
    gamma : float
        Positive size γ from which on a signal must not be pruned.
    delta : float
        Probability of failure, in (0, 1).
    p : int
        Number of features, at least 1.
    sigma : float
        Square root of the variance proxy of the noise, at least 0.
    lambda_min : float
        Smallest non-zero eigenvalue of Σ, positive.

    Returns
    -------
    float
        n ≥ this suffices; not rounded up.

    Raises
    ------
    ValueError
        If a number is out of range.

    Notes
    -----
    One-shot theorem (chapter 8). Let null(Φ) ⊥ e_i for i in S, T = ∞, w_init = 0, q ≤ p − k. If
    n ≥ 8σ²/(γ²λ_min)·log(2p/δ), then with probability at least 1 − δ no i with \\|s_i\\| ≥ γ is
    among the q smallest weights of the first fit. Signals below γ are welcome, and so is p > n.
    The number is the printed one of the paper's Theorem 5, whose proof this is.

    Examples
    --------
    >>> round(one_shot_samples(1.0, 0.05, 10, sigma=1.0, lambda_min=1.0), 2)
    47.93
    """
    return theorem_5_samples(gamma, delta, p, sigma=sigma, lambda_min=lambda_min)


def two_norm_samples(
    gamma: float,
    delta: float,
    p: int,
    *,
    sigma: float,
    lambda_min: float,
    rank: int | None = None,
) -> float:
    """Samples that keep every signal in every run, by the length of the noise alone.

    Parameters
    ----------
    gamma : float
        Positive lower bound γ on all \\|s_i\\|, i in S.
    delta : float
        Probability of failure, in (0, 1).
    p : int
        Number of features, at least 1.
    sigma : float
        Square root of the variance proxy of the noise, at least 0.
    lambda_min : float
        λ_*, the smallest non-zero eigenvalue of any Σ_AA with A ⊇ S; λ_min(Σ) if Σ is invertible.
    rank : int, optional
        Rank r of Φ; p if not given.

    Returns
    -------
    float
        n ≥ this suffices; not rounded up.

    Raises
    ------
    ValueError
        If a number is out of range.

    Notes
    -----
    Two-norm theorem (chapter 8). Let null(Φ) ⊥ e_i and \\|s_i\\| ≥ γ for i in S, T = ∞, w_init = 0,
    q ≤ p − k. If n ≥ 2σ²/(γ²λ_*)·(r + 2√(r·log(1/δ)) + 2·log(1/δ)), then with probability at
    least 1 − δ no signal is pruned, v_i ≠ 0 on S, and ‖v − s‖₂ < γ/√2. The tail is that of Hsu,
    Kakade & Zhang (2012), DOI 10.1214/ECP.v17-2079.

    Examples
    --------
    >>> round(two_norm_samples(1.0, 0.05, 10, sigma=1.0, lambda_min=1.0), 2)
    53.88
    """
    scale = _scale(gamma, sigma, lambda_min)
    p = _checks.count("p", p, 1)
    r = p if rank is None else _checks.count("rank", rank, 1, p)
    return 2 * scale * _squared_norm(r, _checks.probability("delta", delta))


def bounded_inverse_samples(
    gamma: float,
    delta: float,
    p: int,
    *,
    sigma: float,
    inverse_norm: float,
    max_variance: float = 1.0,
) -> float:
    """Samples that keep every signal if no Σ_AA has an inverse with a large row.

    Parameters
    ----------
    gamma : float
        Positive lower bound γ on all \\|s_i\\|, i in S.
    delta : float
        Probability of failure, in (0, 1).
    p : int
        Number of features, at least 1.
    sigma : float
        Square root of the variance proxy of the noise, at least 0.
    inverse_norm : float
        M, an upper bound on ‖Σ_AA⁺‖_∞ (largest absolute row sum) over all A ⊇ S; positive.
    max_variance : float, optional
        ν = max_j Σ_jj, positive; 1 for normalised features.

    Returns
    -------
    float
        n ≥ this suffices; not rounded up.

    Raises
    ------
    ValueError
        If a number is out of range.

    See Also
    --------
    impbook.concentration.max_inverse_norm : M itself, for few nulls.
    impbook.concentration.inverse_norm_bound : a bound on M, for any number.

    Notes
    -----
    Bounded-inverse theorem (chapter 8). Let null(Φ) ⊥ e_i and \\|s_i\\| ≥ γ for i in S, T = ∞,
    w_init = 0, q ≤ p − k. If n ≥ 8σ²M²ν/γ²·log(2p/δ), then with probability at least 1 − δ no
    signal is pruned, v_i ≠ 0 on S, and ‖v − s‖_∞ < γ/2.

    Examples
    --------
    >>> round(bounded_inverse_samples(1.0, 0.05, 10, sigma=1.0, inverse_norm=2.0), 2)
    191.73
    """
    M = _checks.positive("inverse_norm", inverse_norm)
    nu = _checks.positive("max_variance", max_variance)
    return theorem_5_samples(gamma, delta, p, sigma=sigma, lambda_min=1 / (M**2 * nu))


def incoherent_samples(
    gamma: float,
    delta: float,
    p: int,
    *,
    sigma: float,
    coherence: float,
    small_signals: int = 0,
) -> float:
    """Samples that keep every large signal of normalised incoherent features, small ones or not.

    Parameters
    ----------
    gamma : float
        Positive size γ from which on a signal must not be pruned.
    delta : float
        Probability of failure, in (0, 1).
    p : int
        Number of features, at least 1.
    sigma : float
        Square root of the variance proxy of the noise, at least 0.
    coherence : float
        δ_PW, the largest \\|Σ_ij − 1{i = j}\\|, with Σ_ii = 1 (Example 3).
    small_signals : int, optional
        k', the number of signals with 0 < \\|s_i\\| < γ.

    Returns
    -------
    float
        n ≥ this suffices; not rounded up.

    Raises
    ------
    ValueError
        If a number is out of range, or (p − 1 + k')·δ_PW ≥ 1: the theorem is then silent.

    Notes
    -----
    Incoherence theorem (chapter 8): part (ii) of the paper's Theorem 5 as printed, no lower bound
    on the signals. Let Σ_ii = 1, (p − 1 + k')δ_PW < 1, T = ∞, q ≤ p − k. If
    n ≥ 8σ²/(γ²(1 − (p − 1 + k')δ_PW)²)·log(2p/δ), then with probability at least 1 − δ every i with
    \\|s_i\\| ≥ γ has \\|v_i − s_i\\| < γ/2, so that v_i ≠ 0.

    Examples
    --------
    >>> round(incoherent_samples(1.0, 0.05, 10, sigma=1.0, coherence=0.05), 2)
    158.45
    """
    p = _checks.count("p", p, 1)
    coherence = _checks.nonnegative("coherence", coherence)
    reach = (p - 1 + _checks.count("small_signals", small_signals, 0, p)) * coherence
    if reach >= 1:
        raise ValueError(
            "coherence must satisfy (p − 1 + small_signals)·coherence < 1, got "
            f"{p - 1 + small_signals}·{coherence:.4g} = {reach:.4g}: the theorem is silent there"
        )
    return theorem_5_samples(gamma, delta, p, sigma=sigma, lambda_min=(1 - reach) ** 2)


def null_failure(
    threshold: float, n: float, nulls: int, *, sigma: float, lambda_min: float
) -> float:
    """Bound on the probability that some fit leaves every null at a threshold or above.

    Parameters
    ----------
    threshold : float
        Positive size t of a weight.
    n : float
        Number of samples, positive.
    nulls : int
        Number p − k of features outside S, at least 1.
    sigma : float
        Square root of the variance proxy of the noise, positive.
    lambda_min : float
        λ_*, the smallest non-zero eigenvalue of any Σ_AA with A ⊇ S; λ_min(Σ) if Σ is invertible.

    Returns
    -------
    float
        The smaller of 1 and (1 + 2·exp(−nλ_*t²/(2σ²)))^(p−k) − 1.

    Raises
    ------
    ValueError
        If a number is out of range.

    Notes
    -----
    Nulls lemma (chapter 8). It bounds P(min_{j∈A∖S} \\|w_j^A\\| ≥ t for some A ⊋ S), over all
    2^(p−k) − 1 sets at once. With t = γ/2 and the n of the paper's Theorem 5 it is
    (1 + δ/p)^(p−k) − 1.

    Examples
    --------
    >>> round(null_failure(0.5, 48, 9, sigma=1.0, lambda_min=1.0), 4)
    0.0455
    """
    t = _checks.positive("threshold", threshold)
    n = _checks.positive("n", n)
    nulls = _checks.count("nulls", nulls, 1)
    scale = _scale(t, _checks.positive("sigma", sigma), lambda_min)
    return float(min(1.0, np.expm1(nulls * np.log1p(2 * np.exp(-n / (2 * scale))))))


def uncorrelated_samples(
    gamma: float, delta: float, p: int, *, sigma: float, lambda_min: float
) -> float:
    """Samples that keep every signal if no signal feature is correlated with a null feature.

    Parameters
    ----------
    gamma : float
        Positive lower bound γ on all \\|s_i\\|, i in S.
    delta : float
        Probability of failure, in (0, 1).
    p : int
        Number of features, at least 1.
    sigma : float
        Square root of the variance proxy of the noise, at least 0.
    lambda_min : float
        λ_*, the smallest non-zero eigenvalue of any Σ_AA with A ⊇ S; λ_min(Σ) if Σ is invertible.

    Returns
    -------
    float
        n ≥ this suffices; not rounded up.

    Raises
    ------
    ValueError
        If a number is out of range.

    Notes
    -----
    Uncorrelated-signal theorem (chapter 8). Let Σ_ij = 0 for i in S and j outside, Φ_S injective,
    \\|s_i\\| ≥ γ on S, T = ∞, w_init = 0, q ≤ p − k. If n ≥ 8σ²/(γ²λ_*)·log(2p/log(1 + δ)), then
    with probability at least 1 − δ no signal is pruned and \\|v_i − s_i\\| < γ/2 on S.

    Examples
    --------
    >>> round(uncorrelated_samples(1.0, 0.05, 10, sigma=1.0, lambda_min=1.0), 2)
    48.13
    """
    delta = float(np.log1p(_checks.probability("delta", delta)))
    return theorem_5_samples(gamma, delta, p, sigma=sigma, lambda_min=lambda_min)


def interpolated_samples(
    gamma: float,
    delta: float,
    p: int,
    *,
    k: int,
    sigma: float,
    lambda_min: float,
    leakage: float,
    rank: int | None = None,
) -> float:
    """Samples that keep every signal, by how much of a null's weight can leak into a signal's.

    Parameters
    ----------
    gamma : float
        Positive lower bound γ on all \\|s_i\\|, i in S.
    delta : float
        Probability of failure, in (0, 1).
    p : int
        Number of features, at least 2.
    k : int
        Number of signals, 1 <= k < p.
    sigma : float
        Square root of the variance proxy of the noise, at least 0.
    lambda_min : float
        λ_*, the smallest non-zero eigenvalue of any Σ_AA with A ⊇ S; λ_min(Σ) if Σ is invertible.
    leakage : float
        μ = max_{i∈S} ‖e_iᵀΣ_SS⁻¹Σ_{S,Sᶜ}‖₂, at least 0.
    rank : int, optional
        Rank r of Φ, between k and p; p if not given.

    Returns
    -------
    float
        n ≥ this suffices; not rounded up.

    Raises
    ------
    ValueError
        If a number is out of range.

    See Also
    --------
    impbook.concentration.leakage : μ itself.

    Notes
    -----
    Interpolation theorem (chapter 8). Let null(Φ) ⊥ e_i and \\|s_i\\| ≥ γ for i in S, T = ∞,
    w_init = 0, q ≤ p − k. If
    n ≥ σ²/(γ²λ_*)·[√(2·log(6k/δ)) + μ·R + √(2·log(2(p − k)/log(1 + δ/3)))]² with
    R² = (r − k) + 2√((r − k)·log(3/δ)) + 2·log(3/δ), then with probability at least 1 − δ no signal
    is pruned and v_i ≠ 0 on S. At μ = 0 this is log p again, whatever the geometry inside S and
    inside its complement.

    Examples
    --------
    >>> common = dict(k=2, sigma=1.0, lambda_min=1.0)
    >>> round(interpolated_samples(1.0, 0.05, 10, leakage=0.0, **common), 2)
    49.27
    >>> round(interpolated_samples(1.0, 0.05, 10, leakage=0.5, **common), 2)
    93.07
    """
    scale = _scale(gamma, sigma, lambda_min)
    delta = _checks.probability("delta", delta)
    p = _checks.count("p", p, 2)
    k = _checks.count("k", k, 1, p - 1)
    r = p if rank is None else _checks.count("rank", rank, k, p)
    mu = _checks.nonnegative("leakage", leakage)
    signal = np.sqrt(2 * np.log(6 * k / delta))
    null = np.sqrt(2 * np.log(2 * (p - k) / np.log1p(delta / 3)))
    return float(scale * (signal + mu * np.sqrt(_squared_norm(r - k, delta / 3)) + null) ** 2)


def _scale(gamma: Any, sigma: Any, lambda_min: Any) -> float:
    """σ²/(γ²λ), the sample size at which the noise in one weight is as large as γ."""
    noise = _checks.nonnegative("sigma", sigma) / _checks.positive("gamma", gamma)
    return noise**2 / _checks.positive("lambda_min", lambda_min)


def _squared_norm(r: int, delta: float) -> float:
    """Size that ‖Pξ‖²/σ² reaches with probability at most δ, P a projector of rank r."""
    t = float(np.log(1 / delta))
    return float(r + 2 * np.sqrt(r * t) + 2 * t)
