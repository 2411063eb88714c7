"""Unions over every set that pruning can reach; how far they go, and how far nothing can."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import gammaln
from scipy.stats import binom

from impbook import _checks
from impbook._checks import Vector
from impbook.concentration.repairs import _scale

LogFailure = Callable[[float, int, int, int, int], float]


def union_failure(
    n: float,
    gamma: float,
    p: int,
    *,
    k: int,
    q: int | None = None,
    sigma: float,
    lambda_min: float,
) -> float:
    """Bound on the probability that pruning loses a signal: a union over all sets of nulls.

    Parameters
    ----------
    n : float
        Number of samples, positive.
    gamma : float
        Positive lower bound γ on all \\|s_i\\|, i in S.
    p : int
        Number of features, at least 1.
    k : int
        Number of signals, 1 <= k <= p.
    q : int, optional
        Number of prunings, 0 <= q <= p − k; p − k if not given.
    sigma : float
        Square root of the variance proxy of the noise, positive.
    lambda_min : float
        λ_*, the smallest non-zero eigenvalue of any Σ_AA with A ⊇ S; λ_min(Σ) if Σ is invertible.

    Returns
    -------
    float
        The bound, at most 1.

    Raises
    ------
    ValueError
        If a number is out of range.

    Notes
    -----
    Union theorem (chapter 8). Let null(Φ) ⊥ e_i and \\|s_i\\| ≥ γ for i in S, T = ∞, w_init = 0.
    With x = nλ_*γ²/(2σ²) the probability that a signal is pruned or that v_i = 0 for some i in S
    is at most k·Σ_{t<q} C(p−k, t)·min_l 2^l·e^{−x·l/(l+1)} + k·C(p−k, q)·e^{−x}, with l from 1 to
    p − k − t.

    Examples
    --------
    >>> bound = union_failure(48, 1.0, 10, k=3, sigma=1.0, lambda_min=1.0)
    >>> 1e-4 < bound < 1e-3
    True
    """
    return _failure(_log_union, n, gamma, p, k, q, sigma, lambda_min, None)


def union_samples(
    gamma: float,
    delta: float,
    p: int,
    *,
    k: int,
    q: int | None = None,
    sigma: float,
    lambda_min: float,
) -> float:
    """Samples at which `union_failure` falls to δ.

    Parameters
    ----------
    gamma, p, k, q, sigma, lambda_min
        As for `union_failure`; sigma = 0 is allowed here.
    delta : float
        Probability of failure, in (0, 1).

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
    Never more than 4σ²/(γ²λ_*)·(log(2k/δ) + log Σ_{t≤q} C(p−k, t)), hence never more than
    4σ²/(γ²λ_*)·(log(2k/δ) + (p − k)·log 2).

    Examples
    --------
    >>> round(union_samples(1.0, 0.05, 10, k=3, sigma=1.0, lambda_min=1.0), 2)
    30.77
    """
    return _samples(_log_union, gamma, delta, p, k, q, sigma, lambda_min, None)


def two_stage_failure(
    n: float,
    gamma: float,
    p: int,
    *,
    k: int,
    q: int | None = None,
    sigma: float,
    lambda_min: float,
    rank: int | None = None,
) -> float:
    """Bound on the probability that pruning loses a signal: norm first, union for the last rounds.

    Parameters
    ----------
    n : float
        Number of samples, positive.
    gamma : float
        Positive lower bound γ on all \\|s_i\\|, i in S.
    p : int
        Number of features, at least 1.
    k : int
        Number of signals, 1 <= k <= p.
    q : int, optional
        Number of prunings, 0 <= q <= p − k; p − k if not given.
    sigma : float
        Square root of the variance proxy of the noise, positive.
    lambda_min : float
        λ_*, the smallest non-zero eigenvalue of any Σ_AA with A ⊇ S; λ_min(Σ) if Σ is invertible.
    rank : int, optional
        Rank r of Φ, between k and p; p if not given.

    Returns
    -------
    float
        The bound, never more than that of `union_failure`.

    Raises
    ------
    ValueError
        If a number is out of range.

    Notes
    -----
    Two-stage theorem (chapter 8), under the hypotheses of the union theorem. While m or more nulls
    are left a loss needs ‖Pξ‖² ≥ nλ_*γ²·m/(m+1), P the projector on the columns of Φ; the rounds
    with fewer are left to the union. The bound is the least over m.

    Examples
    --------
    >>> common = dict(k=1, sigma=1.0, lambda_min=1.0)
    >>> two_stage_failure(320, 1.0, 200, **common) < union_failure(320, 1.0, 200, **common)
    True
    """
    return _failure(_log_two_stage, n, gamma, p, k, q, sigma, lambda_min, rank)


def two_stage_samples(
    gamma: float,
    delta: float,
    p: int,
    *,
    k: int,
    q: int | None = None,
    sigma: float,
    lambda_min: float,
    rank: int | None = None,
) -> float:
    """Samples at which `two_stage_failure` falls to δ.

    Parameters
    ----------
    gamma, p, k, q, sigma, lambda_min, rank
        As for `two_stage_failure`; sigma = 0 is allowed here.
    delta : float
        Probability of failure, in (0, 1).

    Returns
    -------
    float
        n ≥ this suffices; not rounded up. For large p it grows like σ²p/(γ²λ_*).

    Raises
    ------
    ValueError
        If a number is out of range.

    Examples
    --------
    >>> common = dict(k=1, sigma=1.0, lambda_min=1.0)
    >>> two_stage_samples(1.0, 0.05, 200, **common) < union_samples(1.0, 0.05, 200, **common)
    True
    """
    return _samples(_log_two_stage, gamma, delta, p, k, q, sigma, lambda_min, rank)


def theorem_5_worst_failure(delta: float, p: int, *, two_stage: bool = False) -> float:
    """Bound on the failure of Theorem 5 with all \\|s_i\\| ≥ γ, at its own n, for every k and q.

    Parameters
    ----------
    delta : float
        The δ of Theorem 5, in (0, 1).
    p : int
        Number of features, at least 1.
    two_stage : bool, optional
        Whether to use the two-stage theorem in place of the union theorem.

    Returns
    -------
    float
        If it is at most δ, Theorem 5 is true for this p and δ once all signals reach γ.

    Raises
    ------
    ValueError
        If a number is out of range.

    Notes
    -----
    At n = 8σ²/(γ²λ_min)·log(2p/δ) the bounds depend on p, k, q and δ alone.

    Examples
    --------
    >>> theorem_5_worst_failure(0.05, 24) <= 0.05 < theorem_5_worst_failure(0.05, 25)
    True
    """
    delta = _checks.probability("delta", delta)
    p = _checks.count("p", p, 1)
    x = 4 * float(np.log(2 * p / delta))
    cases = [(value, k, q) for k in range(1, p + 1) for q, value in enumerate(_log_unions(x, p, k))]
    worst = -np.inf
    for value, k, q in sorted(cases, reverse=True):
        if value <= worst:  # two stages are never worse than the union
            break
        worst = max(worst, _log_two_stage(x, p, k, q, p) if two_stage else value)
    return float(np.exp(min(0.0, worst)))


def coin_lower_samples(
    gamma: float, delta: float, p: int, *, sigma: float, lambda_min: float
) -> float:
    """Samples at which some design with this λ_min still loses its signal, under fair coins.

    Parameters
    ----------
    gamma : float
        Positive size γ of the one signal.
    delta : float
        Probability, in (0, 1/2), that the failure exceeds.
    p : int
        Number of features, at least 2.
    sigma : float
        Size of the coins ξ_i = ±σ, at least 0.
    lambda_min : float
        Smallest eigenvalue of Σ, positive.

    Returns
    -------
    float
        A lower bound on what any theorem in γ, δ, p, σ and λ_min alone can ask.

    Raises
    ------
    ValueError
        If a number is out of range.

    Notes
    -----
    Lower bound (chapter 8). The nulls are m = p − 1 unit vectors e_j, the signal is
    β·Σe_j + √G·e₀, all times √n. With N(a) = (√G + aβ)/(G + aβ²), β < √G and
    N(a) ≤ γ√n/σ < 1 + (1 − β)·N(a), a < m, the signal is lost with probability at least
    P(Bin(m, ½) ≥ a)/2. The value is the best over a grid of G and mβ²; it grows like
    σ²p/(8γ²λ_min).

    Examples
    --------
    >>> common = dict(sigma=1.0, lambda_min=1.0)
    >>> coin_lower_samples(1.0, 0.05, 2000, **common) < 2000 / 8 * 1.6
    True
    """
    scale = _scale(gamma, sigma, lambda_min)
    delta = _checks.probability("delta", delta)
    if delta >= 0.5:
        raise ValueError(f"delta must be below 1/2, got {delta}: one block fails half the time")
    return scale * _worst_coins(delta, _checks.count("p", p, 2))[0]


def _failure(
    bound: LogFailure,
    n: Any,
    gamma: Any,
    p: Any,
    k: Any,
    q: Any,
    sigma: Any,
    lambda_min: Any,
    rank: Any,
) -> float:
    n = _checks.positive("n", n)
    x = n / (2 * _scale(gamma, _checks.positive("sigma", sigma), lambda_min))
    return float(np.exp(min(0.0, bound(x, *_counts(p, k, q, rank)))))


def _samples(
    bound: LogFailure,
    gamma: Any,
    delta: Any,
    p: Any,
    k: Any,
    q: Any,
    sigma: Any,
    lambda_min: Any,
    rank: Any,
) -> float:
    scale = _scale(gamma, sigma, lambda_min)
    target = float(np.log(_checks.probability("delta", delta)))
    sizes = _counts(p, k, q, rank)
    # The crude corollary guarantees the upper end; at x = 0 every bound is above δ.
    enough = 2 * (np.log(2 * sizes[1]) - target + (sizes[0] - sizes[1]) * np.log(2)) + 1
    x = brentq(lambda x: bound(x, *sizes) - target, 0.0, enough, xtol=1e-12, rtol=1e-14)
    return 2 * scale * float(x)


def _counts(p: Any, k: Any, q: Any, rank: Any) -> tuple[int, int, int, int]:
    p = _checks.count("p", p, 1)
    k = _checks.count("k", k, 1, p)
    q = p - k if q is None else _checks.count("q", q, 0, p - k, why=": only nulls may go")
    return p, k, q, p if rank is None else _checks.count("rank", rank, k, p)


def _log_unions(x: float, p: int, k: int) -> Vector:
    """Logarithm of the union theorem's bound for q = 0, …, p − k, at x = nλ_*γ²/(2σ²)."""
    rounds = np.concatenate([[-np.inf], np.logaddexp.accumulate(_log_rounds(x, p, k, p - k))])
    last = _log_choose(p - k, np.arange(p - k + 1)) - x
    bounds: Vector = np.log(k) + np.logaddexp(rounds, last)
    return bounds


def _log_union(x: float, p: int, k: int, q: int, rank: int) -> float:
    return float(_log_unions(x, p, k)[q])


def _log_two_stage(x: float, p: int, k: int, q: int, rank: int) -> float:
    """Logarithm of the two-stage theorem's bound: the least over the number m of nulls left."""
    best = _log_union(x, p, k, q, rank)
    rounds = _log_rounds(x, p, k, q)[::-1]  # fewest nulls left first
    left = np.arange(p - k - q + 1, p - k + 1)
    union = np.concatenate([[-np.inf], np.logaddexp.accumulate(rounds) + np.log(k)])
    # From m nulls on the norm decides; past every round only v_i ≠ 0 is left, which needs γ.
    share = np.concatenate([left / (left + 1), [1.0]])
    ratio = np.maximum(2 * x * share / rank, 1.0)
    norm = -rank * (ratio - 1 - np.log(ratio)) / 2
    return float(min(best, np.logaddexp(union, norm).min()))


def _log_rounds(x: float, p: int, k: int, q: int) -> Vector:
    """Logarithm of C(p−k, t)·min_l 2^l·e^{−x·l/(l+1)} for t = 0, …, q − 1."""
    nulls = p - k
    if q == 0:
        return np.empty(0)
    chosen = np.arange(1, nulls + 1)
    corner = np.minimum.accumulate(chosen * np.log(2) - x * chosen / (chosen + 1))
    t = np.arange(q)
    rounds: Vector = _log_choose(nulls, t) + corner[nulls - t - 1]
    return rounds


def _log_choose(n: int, t: NDArray[np.int_]) -> Vector:
    choose: Vector = gammaln(n + 1) - gammaln(t + 1) - gammaln(n - t + 1)
    return choose


def _worst_coins(delta: float, p: int) -> tuple[float, float, float, int]:
    """The lower bound in units of σ²/(γ²λ_min), and the G, β and a that attain it."""
    m = p - 1
    # P(Bin > a) ≤ 2δ, but P(Bin ≥ a) > 2δ; a null must be left when the signal goes.
    a = min(int(binom.isf(2 * delta, m, 0.5)), m - 1)
    G = np.geomspace(1e-6, 4, 300)[:, None]
    b = np.geomspace(1e-6, 4, 300)[None, :]
    beta = np.sqrt(b / m)
    trace = 1 + b + G
    smallest = 2 * G / (trace + np.sqrt(trace**2 - 4 * G))
    N = (np.sqrt(G) + a * beta) / (G + a * beta**2)
    units = np.where(beta < np.sqrt(G), smallest * (1 + (1 - beta) * N) ** 2, 0.0)
    i, j = np.unravel_index(np.argmax(units), units.shape)
    return float(units[i, j]), float(G[i, 0]), float(beta[0, j]), a
