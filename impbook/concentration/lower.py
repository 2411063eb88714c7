"""Lower bound on the sample size that any theorem like Theorem 5 must require."""

from __future__ import annotations

import numpy as np
from scipy.stats import binom

from impbook import _checks
from impbook.concentration.setting import Setting

# η in `lower_samples`: a null's weight is 1 + η or −(1 − η), so the nulls with negative weights are
# pruned first. Smaller values of η change the sample size by at most 0.2% (p = 100 to 10⁵).
SKEW = 1e-3


def lower_samples(setting: Setting, delta: float) -> float:
    """Sample size at which pruning still fails too often in some design with the setting's λ_min.

    Parameters
    ----------
    setting : Setting
        A setting with p ≥ 2 and a given λ_min. Its σ² is the variance proxy of the noise.
    delta : float
        Number δ in (0, 1). Failing too often means losing the signal with probability above δ.

    Returns
    -------
    float
        The sample size, or 0 if the notes show no design in which pruning fails too often. If the
        value is at least p, every theorem that, like Theorem 5, is stated in terms of γ, δ, p, σ
        and λ_min alone must require at least this many samples. A value below p proves nothing,
        because the designs need n ≥ p.

    Raises
    ------
    ValueError
        If delta is not in (0, 1), if p = 1, or if lambda_min is missing from the setting.

    Notes
    -----
    Up to scaling, the signal's feature is e_0, and the features of the m = p − 1 nulls are
    e_j + b·e_0 for j = 1, …, m, with 0 < b < 2. The noise is 0 in row 0. In every other row, it is
    1 + η with probability (1 − η)/2 and −(1 − η) otherwise, for a small η > 0. Let M be the number
    of rows with noise 1 + η. A signal of size γ is lost whenever M ≥ 1, γ < (1 + η)(1 + bM) and
    γ > 2bM − (1 − η)(1 + bm). The returned sample size is the largest over a grid of values of b.
    For large p, it grows like σ²p/(4γ²λ_min).

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
    b = np.geomspace(0.1 / m**0.5, 2, 400, endpoint=False)  # a grid ten times finer changes nothing
    gamma = (1 + SKEW) * (1 + b * fewest)
    most = np.ceil((gamma + (1 - SKEW) * (1 + b * m)) / (2 * b)) - 1
    lost = (M.cdf(most) - M.cdf(fewest - 1) > delta) & (fewest > 0)
    # (ΦᵀΦ)⁻¹ is the identity except on span{e_0, e_1 + … + e_m}, where its determinant is 1 and its
    # trace is 2 + mb².
    half = 1 + m * b**2 / 2
    units = np.where(lost, gamma**2 / (half + np.sqrt(half**2 - 1)), 0.0).max()
    return float(setting.unit(setting.need("lambda_min")) * units)
