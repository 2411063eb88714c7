"""Theorem 5 and its repairs: when each version applies, and how many samples it requires.

Every version is a function of a `Setting` and of the allowed probability of failure δ. The function
returns the smallest n, not rounded up, that the version's theorem allows, or NaN if a hypothesis of
the theorem fails. All versions assume T = ∞ and w_init = 0. The proofs are in the book.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from math import log

import numpy as np

from impbook import _checks
from impbook.concentration import reflection, unions
from impbook.concentration.setting import Formula, Setting

UNCORRELATED = 1e-8  # a coupling below this is rounding error if cond(Φ_S) is below 10⁸


@dataclass(frozen=True)
class Version:
    """One version of Theorem 5.

    Attributes
    ----------
    samples : callable
        ``samples(setting, delta)`` is the required sample size, or NaN if the version does not
        apply. ``help(version.samples)`` states the theorem.
    iterative : bool
        Whether the version covers Algorithm 1, which retrains after every round.
    """

    samples: Formula
    iterative: bool = True


VERSIONS: dict[str, Version] = {}


def register_version(
    name: str,
    applies: Callable[[Setting], bool] = lambda setting: setting.large_signals,
    *,
    iterative: bool = True,
) -> Callable[[Formula], Formula]:
    """Decorator that adds a version to `VERSIONS`.

    The version's sample size is NaN for every setting for which `applies` is false.
    """

    def add(formula: Formula) -> Formula:
        @wraps(formula)
        def samples(setting: Setting, delta: float) -> float:
            _checks.instance("setting", setting, Setting)
            delta = _checks.probability("delta", delta)
            return float(formula(setting, delta)) if applies(setting) else np.nan

        VERSIONS[name] = Version(samples, iterative)
        return samples

    return add


@register_version("printed", lambda setting: True)
def printed(setting: Setting, delta: float) -> float:
    """The sample size printed in the paper: n ≥ 8σ²/(γ²λ_min)·log(2p/δ).

    It is the condition of the paper's Theorem 5, given for comparison. This condition alone does
    not guarantee part (ii) of that theorem. The iterative versions below do guarantee part (ii)
    under their hypotheses.

    >>> round(printed(Setting(p=10, lambda_min=1.0), 0.05), 2)
    47.93
    """
    return _log_p(setting, delta, setting.need("lambda_min"))


@register_version("one-shot", lambda setting: setting.identifiable, iterative=False)
def one_shot(setting: Setting, delta: float) -> float:
    """The paper's sample size, if the q smallest weights of the first fit are pruned all at once.

    Let null(Φ) ⊥ e_i for all i in S, and let q ≤ p − k. If n ≥ 8σ²/(γ²λ_min)·log(2p/δ), then with
    probability at least 1 − δ no weight w_i with |s_i| ≥ γ is among the q smallest weights of the
    first fit. Signals below γ and p > n are both allowed. The paper's proof of Theorem 5 proves
    this statement.
    """
    return printed(setting, delta)


@register_version("union")
def union(setting: Setting, delta: float) -> float:
    """Sample size at which a union bound on the probability of failure equals δ.

    The union is over all active sets that a run can reach.

    Let null(Φ) ⊥ e_i and |s_i| ≥ γ for all i in S, and let q ≤ p − k. At this sample size n, with
    probability at least 1 − δ, no signal is pruned and the output v has v_i ≠ 0 on S. With
    x = nλ_*γ²/(2σ²), the probability of failure is at most
    k·Σ_{t<q} C(p−k, t)·min_l 2^l·e^{−x·l/(l+1)} + k·C(p−k, q)·e^{−x}. Here t counts the nulls
    already pruned, and l runs from 1 to the number m = p − k − t of nulls that remain. If a round
    may prune up to half of these m nulls, l runs up to ⌊m/2⌋ + 1, and there is a factor C(m, l) for
    the choice of l nulls whose weights are at least as large as the signal's in absolute value. If
    every round prunes one feature, n is at most 4σ²/(γ²λ_*)·(log(2k/δ) + log Σ_{t≤q} C(p−k, t)).

    >>> round(union(Setting(p=10, k=3, lambda_min=1.0), 0.05), 2)
    30.77
    """
    return unions.samples(unions.log_union, setting, delta)


@register_version("two-norm")
def two_norm(setting: Setting, delta: float) -> float:
    """Sample size from the noise's 2-norm: n ≥ 2σ²/(γ²λ_*)·(r + 2√(r·log(1/δ)) + 2·log(1/δ)).

    Let r = rank(Φ), let null(Φ) ⊥ e_i and |s_i| ≥ γ for all i in S, and let q ≤ p − k. For such n,
    with probability at least 1 − δ, no signal is pruned, and the output v has v_i ≠ 0 on S and
    ‖v − s‖₂ < γ/√2, however many features are pruned per round. The tail bound for the noise is due
    to Hsu, Kakade & Zhang (2012), DOI 10.1214/ECP.v17-2079.

    >>> round(two_norm(Setting(p=10, lambda_min=1.0), 0.05), 2)
    53.88
    """
    scale = setting.unit(setting.need("lambda_star"))
    return 2 * scale * _squared_norm(setting.need("rank"), delta)


@register_version(
    "reflection",
    lambda setting: setting.large_signals and setting.rank == setting.p,
)
def reflected(setting: Setting, delta: float) -> float:
    """Sample size at which the reflection theorem's bound on P(failure) equals δ.

    Let Φ have full column rank, and let |s_i| ≥ γ on S and q ≤ p − k. At this sample size n, with
    probability at least 1 − δ, no signal is pruned and the output is non-zero on S. Let N = p − k,
    g² = nλ_minγ²/σ² and c_l = √(1 + 1/l) + 1/√l. For all 0 < x < 2g, m₀ ≥ 1 and v > 0, failure has
    probability at most
    k·e^{−g²/2} + k·e^{−x²/2}
    + k·Σ_{m<m₀} C(N, m)·min_{l≤m} 2^l·exp(−max(g²·l/(2l + 2), (2g − x)²/(2c_l²)))
    + k·(1 + v)^{(N+1)/2}·exp(−2g²v/((1 + v)(c² + v))) with c = c_{m₀}. The last term is omitted if
    m₀ > N, and the first term if q < N. In the sum, m is the number of nulls that remain; it starts
    at max(1, N − q), because N − q nulls remain at the end. If a round may prune up to half of the
    m nulls, l runs up to ⌊m/2⌋ + 1, there is a factor C(m, l), and c = c_l with l = ⌊m₀/2⌋ + 1.

    This version never requires more samples than `union`. For large p, its sample size grows like
    σ²p/(4γ²λ_min). So does the value of `lower_samples`. If that value is at least p, every theorem
    that, like Theorem 5, is stated in terms of γ, δ, p, σ and λ_min alone must require at least
    that many samples.

    >>> setting = Setting(p=200, k=1, lambda_min=1.0)
    >>> round(reflected(setting, 0.05) / union(setting, 0.05), 2)
    0.33
    """
    return unions.samples(reflection.log_reflection, setting, delta)


@register_version("bounded inverse")
def bounded_inverse(setting: Setting, delta: float) -> float:
    """Sample size when every ‖Σ_AA⁻¹‖_∞ is at most M: n ≥ 8σ²M²ν/γ²·log(2p/δ).

    Let ν = max_j Σ_jj, let null(Φ) ⊥ e_i and |s_i| ≥ γ for all i in S, and let q ≤ p − k. For such
    n, with probability at least 1 − δ, no signal is pruned, and the output v has v_i ≠ 0 on S and
    ‖v − s‖_∞ < γ/2, however many features are pruned per round. M is `max_inverse_norm`, or any
    upper bound on it.

    >>> round(bounded_inverse(Setting(p=10, inverse_norm=2.0), 0.05), 2)
    191.73
    """
    return _log_p(setting, delta, 1 / (setting.need("inverse_norm") ** 2 * setting.max_variance))


def _reach(setting: Setting) -> float:
    return float((setting.p - 1 + setting.small_signals) * setting.need("coherence"))


@register_version("incoherent", lambda setting: _reach(setting) < 1)
def incoherent(setting: Setting, delta: float) -> float:
    """Incoherent features: n ≥ 8σ²/(γ²(1 − (p − 1 + k')δ_PW)²)·log(2p/δ).

    As in part (ii) of the paper's Theorem 5, some signals may have |s_i| < γ. Let
    δ_PW = max_{i≠j} |Σ_ij|, and let k' be the number of signals with |s_i| < γ. Let Σ_ii = 1 for
    all i, (p − 1 + k')δ_PW < 1 and q ≤ p − k. For such n, with probability at least 1 − δ, the
    output v has |v_i − s_i| < γ/2, and hence v_i ≠ 0, for every i with |s_i| ≥ γ. This holds
    however many features are pruned per round.

    >>> round(incoherent(Setting(p=10, coherence=0.05), 0.05), 2)
    158.45
    """
    return _log_p(setting, delta, (1 - _reach(setting)) ** 2)


@register_version(
    "uncorrelated",
    lambda setting: setting.large_signals and setting.need("coupling") < UNCORRELATED,
)
def uncorrelated(setting: Setting, delta: float) -> float:
    """No signal is correlated with a null: n ≥ 8σ²/(γ²λ_*)·log(2p/log(1 + δ)).

    Let Σ_ij = 0 for i in S and j outside S, let Φ_S have full column rank, and let |s_i| ≥ γ on S
    and q ≤ p − k. For such n, with probability at least 1 − δ, no signal is pruned and the output v
    has |v_i − s_i| < γ/2 on S. If a round may prune up to half of the remaining nulls, the
    requirement is n ≥ 16σ²/(γ²λ_*)·log(2√2·p/log(1 + δ)).

    >>> round(uncorrelated(Setting(p=10, coupling=0.0, lambda_min=1.0), 0.05), 2)
    48.13
    """
    scale = setting.unit(setting.need("lambda_star"))
    return 4 * scale * _null_size(setting.p, float(np.log1p(delta)), setting.halving)


@register_version(
    "interpolated",
    lambda setting: setting.large_signals and setting.need("k") < setting.p,
)
def interpolated(setting: Setting, delta: float) -> float:
    """Small coupling μ: for fixed δ, the required n is O(σ²(log p + μ²r)/(γ²λ_*)).

    Let μ be the `coupling`, let r = rank(Φ), let null(Φ) ⊥ e_i and |s_i| ≥ γ for all i in S, and
    let q ≤ p − k. If n ≥ σ²/(γ²λ_*)·[√(2·log(6k/δ)) + μ·R + √(2·log(2(p − k)/log(1 + δ/3)))]² with
    R² = (r − k) + 2√((r − k)·log(3/δ)) + 2·log(3/δ), then with probability at least 1 − δ no signal
    is pruned and the output v has v_i ≠ 0 on S. If a round may prune up to half of the remaining
    nulls, the last square root is replaced by 2√(log(2√2(p − k)/log(1 + δ/3))).

    >>> setting = Setting(p=10, k=2, coupling=0.5, lambda_min=1.0)
    >>> round(interpolated(setting, 0.05), 2)
    93.07
    """
    p, k = setting.p, setting.need("k")
    scale = setting.unit(setting.need("lambda_star"))
    signal = np.sqrt(2 * np.log(6 * k / delta))
    noise = np.sqrt(_squared_norm(setting.need("rank") - k, delta / 3))
    null = np.sqrt(_null_size(p - k, float(np.log1p(delta / 3)), setting.halving))
    return float(scale * (signal + setting.need("coupling") * noise + null) ** 2)


def _log_p(setting: Setting, delta: float, eigenvalue: float) -> float:
    return 8 * setting.unit(eigenvalue) * float(np.log(2 * setting.p / delta))


def _null_size(nulls: int, delta: float, halving: bool) -> float:
    """Value of t² such that P(in some fit, all active nulls have |w_j| ≥ t) is at most e^δ − 1.

    Weights are in units of σ/√(nλ_*). With `halving`, the event is that in some fit more than half
    of the active nulls have |w_j| ≥ t.
    """
    return 4 * log(2**1.5 * nulls / delta) if halving else 2 * log(2 * nulls / delta)


def _squared_norm(r: int, delta: float) -> float:
    """Level that ‖Pξ‖²/σ² reaches with probability at most δ, for a projector P of rank r."""
    t = float(np.log(1 / delta))
    return float(r + 2 * np.sqrt(r * t) + 2 * t)
