"""Counterexample B: no small signal at all, but the features left depend on the noise."""

from __future__ import annotations

from dataclasses import dataclass
from math import comb, sqrt
from typing import Any

import numpy as np
from scipy.stats import binom

from impbook import _checks
from impbook._arrays import Matrix, Vector
from impbook.concentration import theorem_5_samples


@dataclass(frozen=True)
class AdaptivityBound:
    """A proved lower bound on the probability that counterexample B loses a signal.

    Attributes
    ----------
    p : int
        Number of features, which is also the number of samples n.
    lambda_min : float
        Smallest eigenvalue of Σ.
    ratio : float
        γ√n/σ when n is exactly what Theorem 5 asks for.
    needed : int or None
        Prunings of coins that agree after which the signal is gone; None if the proof is silent.
    failure : float
        The lower bound; 0 if the proof is silent.
    """

    p: int
    lambda_min: float
    ratio: float
    needed: int | None
    failure: float


@dataclass(frozen=True, eq=False)
class AdaptivityRun:
    """One run on counterexample B, told by counts; weights in units of σ/√n.

    Attributes
    ----------
    signal : ndarray, shape (rounds,)
        The signal's weight in rounds 0, 1, …, until it is pruned or one null is left.
    agreeing, opposing : ndarray, shape (rounds,)
        Size of the weights of the nulls whose coin agrees, or does not, with the signal's own
        row; NaN once there are none left.
    lost : int or None
        The round in which the signal is pruned; None if it survives q = p − k prunings.
    """

    signal: Vector
    agreeing: Vector
    opposing: Vector
    lost: int | None


def adaptivity_design(m: int, beta: float, *, own: float | None = None) -> Matrix:
    """Features of counterexample B, shape (m+1, m+1): one signal that overlaps m nulls a little.

    Parameters
    ----------
    m : int
        Number of nulls, at least 1.
    beta : float
        Positive overlap of the signal's feature with each null.
    own : float, optional
        Positive length of the signal's feature along its own row; by default what makes its
        norm that of the nulls, √(1 − mβ²).

    Returns
    -------
    ndarray, shape (m+1, m+1)
        Φ; column 0 is the signal's feature, row 0 its own row.

    Raises
    ------
    ValueError
        If a number is out of range, or mβ² is 1 or more without `own`.

    Notes
    -----
    In units of √n: φ_0 = own·e_0 + β(e_1 + … + e_m), φ_j = e_j. For features of norm 1,
    λ_min = 1 − β√m.

    Examples
    --------
    >>> Phi = adaptivity_design(4, 0.25)
    >>> round(float(np.linalg.eigvalsh(Phi.T @ Phi / 5)[0]), 6)
    0.5
    """
    m, beta, own = _design(m, beta, own)
    Phi = np.eye(m + 1)
    Phi[:, 0] = np.append(own, np.full(m, beta))
    return np.sqrt(m + 1) * Phi


def adaptivity_bound(
    m: int, beta: float, delta: float, *, own: float | None = None, blocks: int = 1
) -> AdaptivityBound:
    """Failure of Theorem 5 (ii) on counterexample B, bounded from below by an exact binomial.

    Parameters
    ----------
    m, beta, own
        As for `adaptivity_design`.
    delta : float
        Probability of failure that Theorem 5 promises not to exceed, in (0, 1).
    blocks : int, optional
        Number of independent copies side by side.

    Returns
    -------
    AdaptivityBound

    Raises
    ------
    ValueError
        If a number is out of range, or mβ² is 1 or more without `own`.

    Notes
    -----
    Fair coins for noise, n = p = blocks·(m+1), one signal γ in each block and nothing else,
    q = p − k, n equal to the sample size of Theorem 5, so that γ√n/σ = √(8·log(2p/δ)/λ_min). With
    N(a) = (own + aβ)/(own² + aβ²), if β ≤ own², β < own, N(0) < γ√n/σ ≤ N(a), then a block loses
    its signal with probability at least ½·P(a ≤ Bin(m, ½) ≤ m − blocks), and the blocks are
    independent. The binomial sum is exact. No theorem of the paper; proved in the book,
    at Proposition G.

    Examples
    --------
    >>> bound = adaptivity_bound(1600, 0.02, 0.05)
    >>> bound.needed, round(bound.ratio, 2), bound.failure > 0.4999
    (603, 21.04, True)
    """
    m, beta, own = _design(m, beta, own)
    blocks = _checks.count("blocks", blocks, 1)
    p = blocks * (m + 1)
    size = own**2 + m * beta**2
    lam = 2 * own**2 / (1 + size + sqrt((1 - size) ** 2 + 4 * m * beta**2))
    ratio = sqrt(theorem_5_samples(1.0, delta, p, sigma=1.0, lambda_min=lam))
    return AdaptivityBound(p, lam, ratio, *_proved(m, beta, own, ratio, blocks))


def adaptivity_failure(m: int, beta: float, ratio: float, *, own: float | None = None) -> float:
    """Probability that pruning m of the m + 1 features of counterexample B removes the signal.

    Parameters
    ----------
    m, beta, own
        As for `adaptivity_design`.
    ratio : float
        γ√n/σ, positive.

    Returns
    -------
    float
        Exact up to rounding: a sum of binomial probabilities over those counts of coins for which
        the run loses the signal. Ties count as survival.

    Raises
    ------
    ValueError
        If a number is out of range, or mβ² is 1 or more without `own`.

    See Also
    --------
    adaptivity_run : one of the runs.

    Notes
    -----
    The nulls are exchangeable, so a run depends on the coins only through the coin of the
    signal's own row and the number of nulls that agree with it.

    Examples
    --------
    >>> round(adaptivity_failure(1600, 0.02, 21.04), 4)
    0.5
    """
    m, beta, own = _design(m, beta, own)
    ratio = _checks.positive("ratio", ratio)
    likely = binom.pmf(np.arange(m + 1), m, 0.5)
    counts = np.flatnonzero(likely > 1e-18).tolist()
    total = 0.0
    for sign in (-1, 1):
        # all runs begin as if every null agreed
        early = adaptivity_run(m, beta, ratio, own_sign=sign, agreeing=m, own=own).lost
        for agreeing in counts:
            # and end with opposing nulls alone
            drift = _drift(agreeing, np.arange(m - agreeing), beta, own)
            late = (np.abs(ratio + sign * drift) < np.abs(1 + beta * drift)).any()
            if late or (early is not None and early < agreeing):
                total += float(likely[agreeing]) / 2
    return total


def adaptivity_run(
    m: int,
    beta: float,
    ratio: float,
    *,
    own_sign: int,
    agreeing: int,
    own: float | None = None,
) -> AdaptivityRun:
    """One run of iterative magnitude pruning on counterexample B, in closed form.

    Parameters
    ----------
    m, beta, own
        As for `adaptivity_design`.
    ratio : float
        γ√n/σ, positive; the signal is +γ.
    own_sign : int
        The coin of the signal's own row, 1 or −1; −1 opposes the signal.
    agreeing : int
        Number of the m nulls whose coin is own_sign.

    Returns
    -------
    AdaptivityRun

    Raises
    ------
    ValueError
        If a number is out of range, or mβ² is 1 or more without `own`.

    Notes
    -----
    With a agreeing and b opposing nulls pruned, the weights in units of σ/√n are ratio + D for
    the signal and ±1 − βD for the nulls, D = own_sign·(own + (a − b)β)/(own² + (a + b)β²).

    Examples
    --------
    >>> run = adaptivity_run(1600, 0.02, 21.04, own_sign=-1, agreeing=800)
    >>> run.lost, run.signal[[0, 300, -1]].round(2)
    (573, array([19.37,  7.29,  0.57]))
    """
    m, beta, own = _design(m, beta, own)
    ratio = _checks.positive("ratio", ratio)
    own_sign = _checks.count("own_sign", own_sign, -1, 1)
    if own_sign == 0:
        raise ValueError(f"own_sign must be 1 or -1, got {own_sign}")
    agreeing = _checks.count("agreeing", agreeing, 0, m)
    rounds = np.arange(m)
    a = np.minimum(rounds, agreeing)  # D has the sign of own_sign, so agreeing nulls go first
    b = rounds - a
    drift = _drift(a, b, beta, own)
    signal = ratio + own_sign * drift
    same = np.where(a < agreeing, np.abs(1 - beta * drift), np.nan)
    other = np.where(b < m - agreeing, np.abs(1 + beta * drift), np.nan)
    lost = next(iter(np.flatnonzero(np.abs(signal) < np.fmin(same, other)).tolist()), None)
    stop = m if lost is None else lost + 1
    return AdaptivityRun(signal[:stop], same[:stop], other[:stop], lost)


def _drift(a: Any, b: Any, beta: float, own: float) -> Any:
    """Size of D once a agreeing and b opposing nulls have been pruned."""
    return (own + (a - b) * beta) / (own**2 + (a + b) * beta**2)


def _proved(m: int, beta: float, own: float, ratio: float, blocks: int) -> tuple[int | None, float]:
    """The smallest a with N(a) ≥ γ√n/σ, and the failure that it proves."""
    target = ratio * (1 + 1e-12)  # rounding errs on the safe side
    if beta > own**2 or beta >= own or 1 / own >= ratio or target * beta >= 1:
        return None, 0.0
    a = int(np.ceil((target * own**2 - own) / (beta * (1 - target * beta))))
    if a > m - blocks:
        return None, 0.0
    ways = sum(comb(m, j) for j in range(a, m - blocks + 1))
    return a, 1 - (1 - ways / 2 ** (m + 1)) ** blocks


def _design(m: Any, beta: Any, own: Any) -> tuple[int, float, float]:
    m, beta = _checks.count("m", m, 1), _checks.positive("beta", beta)
    if own is not None:
        return m, beta, _checks.positive("own", own)
    if m * beta**2 >= 1:
        raise ValueError(
            f"beta must be below 1/√m = {1 / sqrt(m):.4g} for features of norm 1, got {beta}"
        )
    return m, beta, sqrt(1 - m * beta**2)
