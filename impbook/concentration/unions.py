"""Unions over every set that pruning can reach; how far they go, and how far nothing can."""

from __future__ import annotations

from functools import cache

import numpy as np
from scipy.optimize import brentq
from scipy.special import gammaln
from scipy.stats import binom

from impbook import _checks
from impbook._arrays import Indices, Matrix, Vector
from impbook.concentration.setting import Formula, Setting


def union_failure(setting: Setting, n: float) -> float:
    """Bound on the probability that pruning loses a signal: a union over all sets of nulls.

    Parameters
    ----------
    setting : Setting
        With k, λ_* and positive σ; all signals identifiable and of size γ or more.
    n : float
        Number of samples, positive.

    Returns
    -------
    float
        The bound, at most 1; NaN where signals are not large.

    Raises
    ------
    ValueError
        If n is not positive, σ = 0, or a quantity is missing.

    Notes
    -----
    With x = nλ_*γ²/(2σ²) the probability that a signal is pruned or that v_i = 0 for some i in S
    is at most k·Σ_{t<q} C(p−k, t)·min_l 2^l·e^{−x·l/(l+1)} + k·C(p−k, q)·e^{−x}, with l from 1 to
    the number m = p − k − t of nulls left. If a round removes up to half of them, l goes up to
    ⌊m/2⌋ + 1, with a factor C(m, l): it is not known which nulls are as large as the signal.

    Examples
    --------
    >>> 1e-4 < union_failure(Setting(p=10, k=3, lambda_min=1.0), 48) < 1e-3
    True
    """
    return _failure(log_union, setting, n)


def two_stage_failure(setting: Setting, n: float) -> float:
    """Bound on the probability that pruning loses a signal: norm first, union for the last rounds.

    Parameters
    ----------
    setting, n
        As for `union_failure`; the rank counts, too.

    Returns
    -------
    float
        The bound, never more than that of `union_failure`.

    Raises
    ------
    ValueError
        As for `union_failure`.

    Notes
    -----
    While m or more nulls are left a loss needs ‖Pξ‖² ≥ nλ_*γ²·c/(c+1), P the projector on the
    columns of Φ and c = m, or ⌊m/2⌋ + 1 if a round removes up to half of the nulls left; the
    rounds with fewer are left to the union. The value is the least over m, and over the union
    alone.

    Examples
    --------
    >>> setting = Setting(p=200, k=1, lambda_min=1.0)
    >>> two_stage_failure(setting, 320) < union_failure(setting, 320)
    True
    """
    return _failure(log_two_stage, setting, n)


def null_failure(setting: Setting, n: float, threshold: float) -> float:
    """Bound on the probability that some fit leaves every null at a threshold or above.

    Parameters
    ----------
    setting : Setting
        With k < p, λ_* and positive σ. Signals may be small.
    n : float
        Number of samples, positive.
    threshold : float
        Positive size t of a weight.

    Returns
    -------
    float
        The smaller of 1 and (1 + 2·exp(−nλ_*t²/(2σ²)))^(p−k) − 1.

    Raises
    ------
    ValueError
        If a number is out of range, k = p, σ = 0, or a quantity is missing.

    Notes
    -----
    It bounds P(min_{j∈A∖S} |w_j^A| ≥ t for some A ⊋ S), over all 2^(p−k) − 1 sets at once. With
    t = γ/2 and the n of the paper's Theorem 5 it is (1 + δ/p)^(p−k) − 1.

    Examples
    --------
    >>> round(null_failure(Setting(p=10, k=1, lambda_min=1.0), 48, 0.5), 4)
    0.0455
    """
    x = exponent(setting, n) * (_checks.positive("threshold", threshold) / setting.gamma) ** 2
    nulls = _checks.count("p − k", setting.p - setting.need("k"), 1)
    return float(min(1.0, np.expm1(nulls * np.log1p(2 * np.exp(-x)))))


def theorem_5_worst_failure(delta: float, p: int, *, two_stage: bool = False) -> float:
    """Bound on the failure of Theorem 5 with all |s_i| ≥ γ, at its own n, for every k and q.

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
    two_stage = _checks.flag("two_stage", two_stage)
    x = 4 * float(np.log(2 * p / delta))
    cases = [
        (value, k, q)
        for k in range(1, p + 1)
        for q, value in enumerate(_log_unions(Setting(p=p, k=k), x))
    ]
    worst = -np.inf
    for value, k, q in sorted(cases, reverse=True):
        if value <= worst:  # two stages are never worse than the union
            break
        worst = max(worst, log_two_stage(Setting(p=p, k=k, q=q), x) if two_stage else value)
    return float(np.exp(min(0.0, worst)))


def coin_lower_samples(setting: Setting, delta: float) -> float:
    """Samples at which some design with this λ_min still loses its signal, under fair coins.

    Parameters
    ----------
    setting : Setting
        With p ≥ 2 and λ_min; σ is the size of the coins ξ_i = ±σ.
    delta : float
        Probability, in (0, 1/2), that the failure exceeds.

    Returns
    -------
    float
        A lower bound on what any theorem in γ, δ, p, σ and λ_min alone can ask, if it
        is at least p: the designs have n ≥ p.

    Raises
    ------
    ValueError
        If δ is out of range, p = 1, or λ_min is missing.

    Notes
    -----
    The nulls are m = p − 1 unit vectors e_j, the signal is β·Σe_j + √G·e₀, all times √n. With
    N(a) = (√G + aβ)/(G + aβ²), β < √G and N(a) ≤ γ√n/σ < 1 + (1 − β)·N(a), a < m, the signal is
    lost with probability at least P(Bin(m, ½) ≥ a)/2. The value is the best over a grid of G and
    mβ²; it grows like σ²p/(8γ²λ_min).

    Examples
    --------
    >>> coin_lower_samples(Setting(p=2000, lambda_min=1.0), 0.05) < 2000 / 8 * 1.6
    True
    """
    _checks.instance("setting", setting, Setting)
    delta = _checks.probability("delta", delta)
    if delta >= 0.5:
        raise ValueError(f"delta must be below 1/2, got {delta}: one block fails half the time")
    p = _checks.count("p", setting.p, 2)
    return setting.unit(setting.need("lambda_min")) * _worst_coins(delta, p)[0]


def exponent(setting: Setting, n: float, eigenvalue: str = "lambda_star") -> float:
    """x = nλγ²/(2σ²), with λ_* or another eigenvalue of the setting."""
    _checks.instance("setting", setting, Setting)
    if setting.sigma == 0:
        raise ValueError("sigma must be positive, got 0: without noise nothing fails")
    return _checks.positive("n", n) / (2 * setting.unit(setting.need(eigenvalue)))


def _failure(bound: Formula, setting: Setting, n: float) -> float:
    x = exponent(setting, n)
    return float(np.exp(min(0.0, bound(setting, x)))) if setting.large_signals else np.nan


def samples(bound: Formula, setting: Setting, delta: float) -> float:
    """Samples at which a bound, `log_union` or `log_two_stage`, is δ."""
    target = float(np.log(delta))
    k = setting.need("k")
    # The union with l = 1 guarantees the upper end; at x = 0 every bound is above δ.
    enough = 2 * (np.log(2 * k * setting.p) - target + (setting.p - k) * np.log(2)) + 1
    x = brentq(lambda x: bound(setting, x) - target, 0.0, enough, xtol=1e-12, rtol=1e-14)
    return 2 * setting.unit(setting.need("lambda_star")) * float(x)


def log_union(setting: Setting, x: float) -> float:
    return float(_log_unions(setting, x)[setting.need("q")])


def _log_unions(setting: Setting, x: float) -> Vector:
    """Logarithm of the union theorem's bound for q = 0, …, p − k, at x = nλ_*γ²/(2σ²)."""
    k = setting.need("k")
    nulls = setting.p - k
    rounds = np.concatenate([[-np.inf], np.logaddexp.accumulate(_log_rounds(setting, x))])
    last = _log_choose(nulls, np.arange(nulls + 1)) - x
    return np.log(k) + np.logaddexp(rounds, last)


def log_two_stage(setting: Setting, x: float) -> float:
    """Logarithm of the two-stage theorem's bound: the least over the number m of nulls left."""
    k, q, rank = setting.need("k"), setting.need("q"), setting.need("rank")
    rounds = _log_rounds(setting, x)[:q][::-1]  # fewest nulls left first
    left = np.arange(setting.p - k - q + 1, setting.p - k + 1)
    union = np.concatenate([[-np.inf], np.logaddexp.accumulate(rounds) + np.log(k)])
    # From m nulls on the norm decides; past every round only v_i ≠ 0 is left, which needs γ.
    larger = left // 2 + 1 if setting.halving else left
    share = np.concatenate([larger / (larger + 1), [1.0]])
    ratio = np.maximum(2 * x * share / rank, 1.0)
    norm = -rank * (ratio - 1 - np.log(ratio)) / 2
    return float(min(log_union(setting, x), np.logaddexp(union, norm).min()))


def _log_rounds(setting: Setting, x: float) -> Vector:
    """Logarithm of C(p−k, t) times what one set costs at most, for t = 0, …, p − k − 1."""
    nulls = setting.p - setting.need("k")
    left = np.arange(nulls, 0, -1)
    corner = _log_halving_corner(left, x) if setting.halving else _log_corner(nulls, x)[left - 1]
    return _log_choose(nulls, nulls - left) + corner


def _log_corner(nulls: int, x: float) -> Vector:
    """Logarithm of min_{l≤m} 2^l·e^{−x·l/(l+1)} for m = 1, …, nulls."""
    chosen = np.arange(1, nulls + 1)
    return np.minimum.accumulate(chosen * np.log(2) - x * chosen / (chosen + 1))


def _log_halving_corner(left: Indices, x: float) -> Vector:
    """The same with l ≤ ⌊m/2⌋ + 1 and a factor C(m, l); any l will do, so a hundred are tried."""
    most = int(left.max(initial=0)) // 2 + 1
    spread = np.geomspace(1, most, 50).astype(int)
    chosen = np.union1d(np.arange(1, min(most, 50) + 1), spread)[:, None]
    cost = _log_choose(left, chosen) + chosen * np.log(2) - x * chosen / (chosen + 1)
    return np.where(chosen <= left // 2 + 1, cost, np.inf).min(axis=0)


def _log_choose(n: int | Indices, t: Indices) -> Vector:
    return gammaln(n + 1) - gammaln(t + 1) - gammaln(n - t + 1)


def _worst_coins(delta: float, p: int) -> tuple[float, float, float]:
    """The lower bound in units of σ²/(γ²λ_min), and the G and β that attain it."""
    m = p - 1
    # P(Bin > a) ≤ 2δ, but P(Bin ≥ a) > 2δ; a null must be left when the signal goes.
    a = min(int(binom.isf(2 * delta, m, 0.5)), m - 1)
    G, smallest = _coin_grid()
    root, beta = np.sqrt(G), np.sqrt(G.T / m)
    N = (root + a * beta) / (G + a * beta**2)
    units = np.where(beta < root, smallest * (1 + (1 - beta) * N) ** 2, 0.0)
    i, j = np.unravel_index(np.argmax(units), units.shape)
    return float(units[i, j]), float(G[i, 0]), float(beta[0, j])


@cache
def _coin_grid() -> tuple[Matrix, Matrix]:
    """A column of G, a row of the same numbers for mβ², λ_min for each pair; one for every p."""
    G = np.geomspace(1e-6, 4, 300)[:, None]
    trace = 1 + G + G.T
    return G, 2 * G / (trace + np.sqrt(trace**2 - 4 * G))
