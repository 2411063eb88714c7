"""A lower bound for every theorem: sample sizes at which the shared row loses its signal."""

from __future__ import annotations

import numpy as np
from scipy.stats import binom

from impbook import _checks
from impbook.concentration.setting import Setting

# η: a null's weight is 1 + η or −(1 − η), so the negative ones are pruned first. Smaller values of
# η change the sample size by at most 0.2% (p = 100 to 10⁵).
SKEW = 1e-3


def lower_samples(setting: Setting, delta: float) -> float:
    """Sample size at which some design with this λ_min still loses its signal.

    Parameters
    ----------
    setting : Setting
        A setting with p ≥ 2 and λ_min; σ² is the variance proxy of the noise.
    delta : float
        Number in (0, 1); the design fails with a larger probability.

    Returns
    -------
    float
        If this is at least p (the designs have n ≥ p), it is a lower bound on the n of every
        theorem stated in γ, δ, p, σ and λ_min alone. It is 0 if the family below has no such
        design.

    Raises
    ------
    ValueError
        If delta is not in (0, 1), if p = 1, or if lambda_min is missing from the setting.

    Notes
    -----
    The signal's feature is e_0, and the features of the m = p − 1 nulls are e_j + b·e_0 with b < 2.
    The noise is 0 in row 0; in every other row it is 1 + η with probability (1 − η)/2 and −(1 − η)
    otherwise. If M of its entries are 1 + η, the signal γ is lost whenever M ≥ 1,
    γ < (1 + η)(1 + bM) and γ > 2bM − (1 − η)(1 + bm). The value is the largest that a
    grid of b gives; it grows like σ²p/(4γ²λ_min).

    Examples
    --------
    >>> round(lower_samples(Setting(p=10**5, lambda_min=1.0), 0.05) / 10**5, 2)
    0.25
    """
    _checks.instance("setting", setting, Setting)
    delta = _checks.probability("delta", delta)
    m = _checks.count("p", setting.p, 2) - 1
    M = binom(m, (1 - SKEW) / 2)
    fewest = int(M.isf(delta))  # P(M ≥ fewest) > δ ≥ P(M > fewest)
    b = np.geomspace(0.1 / m**0.5, 2, 400, endpoint=False)  # ten times as fine changes nothing
    gamma = (1 + SKEW) * (1 + b * fewest)
    most = np.ceil((gamma + (1 - SKEW) * (1 + b * m)) / (2 * b)) - 1
    lost = (M.cdf(most) - M.cdf(fewest - 1) > delta) & (fewest > 0)
    half = 1 + m * b**2 / 2  # a 2 × 2 block of (ΦᵀΦ)⁻¹ has determinant 1 and trace 2 + mb²
    units = np.where(lost, gamma**2 / (half + np.sqrt(half**2 - 1)), 0.0).max()
    return float(setting.unit(setting.need("lambda_min")) * units)
