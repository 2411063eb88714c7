"""Union bounds over all active sets that pruning can reach, and the sample sizes they give."""

from __future__ import annotations

import numpy as np
from scipy.optimize import brentq
from scipy.special import gammaln

from impbook import _checks
from impbook._arrays import Indices, Vector
from impbook.concentration.setting import Formula, Setting


def null_failure(setting: Setting, n: float, threshold: float) -> float:
    """Bound on the probability that, in some fit, every active null has |w_j| ≥ threshold.

    Parameters
    ----------
    setting : Setting
        A setting with k < p, known λ_* and positive σ. Signals may be below γ.
    n : float
        Number of samples, positive.
    threshold : float
        Positive threshold t for the absolute value of a weight.

    Returns
    -------
    float
        The smaller of 1 and (1 + 2·exp(−nλ_*t²/(2σ²)))^(p−k) − 1.

    Raises
    ------
    ValueError
        If n or threshold is not positive, or if setting has k = p or sigma = 0, or lacks k or
        lambda_star.

    Notes
    -----
    Let w^A be the weights of the fit with active set A. The returned value bounds
    P(min_{j∈A∖S} |w_j^A| ≥ t for some A ⊋ S); there are 2^(p−k) − 1 such sets A. If λ_* = λ_min,
    t = γ/2 and n is that of the paper's Theorem 5, the bound is (1 + δ/p)^(p−k) − 1.

    Examples
    --------
    >>> round(null_failure(Setting(p=10, k=1, lambda_min=1.0), 48, 0.5), 4)
    0.0455
    """
    setting = _checks.instance("setting", setting, Setting)
    n, threshold = _checks.positive("n", n), _checks.positive("threshold", threshold)
    nulls = _checks.count("p − k", setting.p - setting.need("k"), 1)
    if setting.sigma == 0:
        raise ValueError("sigma must be positive, got 0: without noise nothing fails")
    unit = setting.gamma**2 * setting.unit(setting.need("lambda_star"))
    tail = np.exp(-n * threshold**2 / (2 * unit))
    return float(min(1.0, np.expm1(nulls * np.log1p(2 * tail))))


def samples(bound: Formula, setting: Setting, delta: float) -> float:
    """Sample size at which `bound`, either `log_union` or `log_reflection`, equals log δ."""
    target = float(np.log(delta))
    k = setting.need("k")
    # At x = 0 every bound is above δ. At `enough`, even the union bound with l = 1 is below δ.
    enough = 2 * (np.log(2 * k * setting.p) - target + (setting.p - k) * np.log(2)) + 1
    x = brentq(lambda x: bound(setting, x) - target, 0.0, enough, xtol=1e-12, rtol=1e-14)
    return 2 * setting.unit(setting.need("lambda_star")) * float(x)


def log_union(setting: Setting, x: float) -> float:
    """Logarithm of the bound in `union` on the probability of failure; x is nλ_*γ²/(2σ²)."""
    k, q = setting.need("k"), setting.need("q")
    nulls = setting.p - k
    last = _log_choose(nulls, q) - x
    left = np.arange(nulls - q + 1, nulls + 1)
    chosen = np.arange(1, max(nulls, 1) + 1)
    rounds = log_rounds(setting, left, x * chosen / (chosen + 1))
    return float(np.log(k) + np.logaddexp.reduce(np.append(rounds, last)))


def log_rounds(setting: Setting, left: Indices, exponents: Vector) -> Vector:
    """For each m in `left`, log of C(p−k, m)·B, where B bounds the probability of a failure.

    In a failure, a given signal is lost while m given nulls remain. When this occurs, the weights
    of all these nulls (with `halving`, of more than half of them) are at least as large as the
    signal's in absolute value. The probability that this happens to l given nulls whose weights
    have given signs is at most exp(−exponents[..., l − 1]). There are 2^l patterns of signs and,
    with `halving`, C(m, l) choices of l nulls. B is the product of these two or three factors,
    minimised over l.
    """
    nulls = setting.p - setting.need("k")
    if setting.halving:
        cost = _log_some(left, exponents)
    else:
        each = np.arange(1, exponents.shape[-1] + 1) * np.log(2) - exponents
        cost = np.minimum.accumulate(each, axis=-1)[..., left - 1]
    return np.asarray(_log_choose(nulls, left) + cost)


def _log_some(left: Indices, exponents: Vector) -> Vector:
    """For each m in `left`, log of the minimum over l of C(m, l)·2^l·exp(−exponents[..., l − 1]).

    Every l from 1 to ⌊m/2⌋ + 1 gives a valid bound. At most 50 values of l are tried. For p ≤ 600,
    trying every l would change nothing.
    """
    most = int(left.max(initial=0)) // 2 + 1
    spread = np.geomspace(1, most, 25).astype(int)
    chosen = np.union1d(np.arange(1, min(most, 25) + 1), spread)[:, None]
    patterns = _log_choose(left, chosen) + chosen * np.log(2)
    patterns = np.where(chosen <= left // 2 + 1, patterns, np.inf)
    return np.asarray((patterns - exponents[..., chosen - 1]).min(axis=-2))


def _log_choose(n: int | Indices, t: int | Indices) -> Vector:
    return gammaln(n + 1) - gammaln(t + 1) - gammaln(n - t + 1)
