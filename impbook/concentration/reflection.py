"""The reflection theorem's bound on the probability of failure.

If noise makes pruning lose a signal, it moves a later fit a long way, so its norm cannot be below a
certain bound. If many nulls remain in that fit and the noise moves the first fit only a little, a
reflection argument nearly doubles this bound.
"""

from __future__ import annotations

import numpy as np

from impbook import _checks
from impbook._arrays import Indices, Vector
from impbook.concentration import unions
from impbook.concentration.setting import Setting

# Values of x/g (OWN) and of v/c (SPREAD) that are tried in the bound of `reflected`. The bound is
# valid for every value. Grids four times as fine lower the sample size by less than 0.06% (p = 20
# to 2000).
OWN = 2.0 ** (np.arange(-64, 9) / 16)
SPREAD = 2.0 ** (-np.arange(1, 97) / 12)
# Largest number of terms in the sum over m in the bound of `reflected`. At p = 2000, more terms
# would change nothing; at p = 10⁴, twice as many would lower the sample size by 3% and double the
# time.
MOST_ROUNDS = 400


def theorem_5_worst_failure(delta: float, p: int, *, k: int | None = None) -> float:
    """Bound on the probability of losing a signal at Theorem 5's sample size, whatever q is.

    Parameters
    ----------
    delta : float
        The δ of Theorem 5, in (0, 1).
    p : int
        Number of features, at least 1.
    k : int, optional
        Number of signals, 1 <= k <= p; if not given, the bound holds for every k.

    Returns
    -------
    float
        The bound. If it is at most δ, then Theorem 5 is true for this p and δ (and this k, if
        given) whenever all signals have |s_i| ≥ γ and Φ has full column rank.

    Raises
    ------
    ValueError
        If delta is not in (0, 1), if p is below 1, or if k is not between 1 and p.

    Notes
    -----
    At n = 8σ²/(γ²λ_min)·log(2p/δ), the bound of `reflected` depends only on p, k, q and δ. It is
    largest for q = p − k.

    Examples
    --------
    >>> theorem_5_worst_failure(0.05, 73) <= 0.05 < theorem_5_worst_failure(0.05, 74)
    True
    """
    delta = _checks.probability("delta", delta)
    p = _checks.count("p", p, 1)
    every = range(1, p + 1) if k is None else [_checks.count("k", k, 1, p)]
    x = 4 * float(np.log(2 * p / delta))
    worst = max(log_reflection(Setting(p=p, k=signals), x) for signals in every)
    return float(np.exp(min(0.0, worst)))


def log_reflection(setting: Setting, x: float) -> float:
    """Logarithm of the smaller of the bounds in `union` and `reflected`, with g² = 2x."""
    k, q = setting.need("k"), setting.need("q")
    nulls = setting.p - k
    union = unions.log_union(setting, x)
    if nulls == 0:
        return union
    left = max(1, nulls - q) + np.arange(MOST_ROUNDS + 1)
    left = left[left <= nulls + 1]  # if m₀ = nulls + 1, the sum is over all m
    g = np.sqrt(2 * x)
    own = OWN[:, None] * g
    energy = np.where(left > nulls, -np.inf, _log_energy(setting, g, left))
    bound = np.logaddexp(_log_earlier(setting, g, own, left), np.logaddexp(energy, -(own**2) / 2))
    end = -x if q == nulls else -np.inf
    return float(min(union, np.log(k) + np.logaddexp(bound.min(), end)))


def _log_earlier(setting: Setting, g: float, own: Vector, left: Indices) -> Vector:
    """log(t/k) for each x in `own` and m₀ in `left`; t is the term with Σ_{m<m₀} in `reflected`."""
    few = np.arange(1, left[-1])
    exponents = np.maximum(g**2 * few / (2 * few + 2), ((2 * g - own) / factor(few)) ** 2 / 2)
    rounds = unions.log_rounds(setting, left[:-1], exponents)
    nothing = np.full((len(own), 1), -np.inf)
    return np.hstack([nothing, np.logaddexp.accumulate(rounds, axis=1)])


def _log_energy(setting: Setting, g: float, left: Indices) -> Vector:
    """log(t/k) for each m₀ in `left`, where t is the last term of the bound in `reflected`."""
    c = factor(left // 2 + 1 if setting.halving else left)[:, None]
    v = c * SPREAD
    rank = setting.p - setting.need("k") + 1
    exponents = rank * np.log1p(v) / 2 - 2 * g**2 * v / ((1 + v) * (c**2 + v))
    return np.asarray(exponents.min(axis=1))


def factor(m: Indices) -> Vector:
    """c_m = √(1 + 1/m) + 1/√m."""
    return np.sqrt(1 + 1 / m) + 1 / np.sqrt(m)
