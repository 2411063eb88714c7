"""What no theorem can ask less than: sample sizes at which the shared row loses its signal."""

from __future__ import annotations

import numpy as np
from scipy.stats import binom

from impbook import _checks
from impbook.concentration.setting import Setting

SKEW = 1e-3  # η: nulls weigh 1 − η or 1 + η, so that the negative ones go first


def lower_samples(setting: Setting, delta: float) -> float:
    """Samples at which some design with this λ_min still loses its signal.

    Parameters
    ----------
    setting : Setting
        With p ≥ 2 and λ_min; σ² is the variance proxy of the noise.
    delta : float
        Probability, in (0, 1), that the failure exceeds.

    Returns
    -------
    float
        A lower bound on what any theorem in γ, δ, p, σ and λ_min alone can ask, if it is at
        least p: the designs have n ≥ p. 0 if the family has no such design.

    Raises
    ------
    ValueError
        If δ is out of range, p = 1, or λ_min is missing.

    Notes
    -----
    The signal is e_0, each of the m = p − 1 nulls e_j + b·e_0, b < 2. The noise is 0 in row 0,
    else 1 + η with probability (1 − η)/2 and −(1 − η) otherwise. If M entries are 1 + η, the
    signal is lost whenever M ≥ 1, γ < (1 + η)(1 + bM) and γ > 2bM − (1 − η)(1 + bm). The
    value is the best over a grid of mb²; it grows like σ²p/(4γ²λ_min).

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
    b = np.geomspace(0.1 / m**0.5, 2, 400, endpoint=False)
    gamma = (1 + SKEW) * (1 + b * fewest)
    most = np.ceil((gamma + (1 - SKEW) * (1 + b * m)) / (2 * b)) - 1
    lost = (M.cdf(most) - M.cdf(fewest - 1) > delta) & (fewest > 0)
    half = 1 + m * b**2 / 2  # Σ is inverse to a matrix whose 2 × 2 block has trace 2 + mb²
    units = np.where(lost, gamma**2 / (half + np.sqrt(half**2 - 1)), 0.0).max()
    return float(setting.unit(setting.need("lambda_min")) * units)
