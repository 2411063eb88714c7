"""A problem as the theorems see it: the quantities that the versions of Theorem 5 depend on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from impbook import _checks
from impbook.concentration import geometry
from impbook.concentration.lemma_6 import unit_samples
from impbook.nullspace import identifiable

# Up to this number of nulls, M is exact: searching all 2^12 active sets takes a few hundredths of a
# second.
EXACT_NULLS = 12


@dataclass(frozen=True)
class Setting:
    """What the versions of Theorem 5 need to know about a problem and about the pruning.

    Only `p` is required. A version that needs a missing quantity raises an error that names it.

    Parameters
    ----------
    p : int
        Number of features, at least 1.
    k : int, optional
        Number of signals, that is, of features in the support S of the signal s; 1 <= k <= p. The
        other features are the nulls.
    q : int, optional
        Total number of pruning steps; by default p − k. It must satisfy 0 <= q <= p − k, so that
        no signal has to be pruned.
    gamma : float, optional
        Positive γ, in the units of the weights: no signal with |s_i| >= γ may be pruned.
    sigma : float, optional
        Square root σ of the variance proxy of the noise, at least 0, in the units of y.
    lambda_min : float, optional
        Smallest non-zero eigenvalue of Σ, positive.
    lambda_star : float, optional
        λ_*, the smallest non-zero eigenvalue of any Σ_AA with A ⊇ S, positive. If Φ has full column
        rank, it equals `lambda_min` and need not be given.
    rank : int, optional
        Rank r of Φ; by default r = p, that is, Φ has full column rank.
    coupling : float, optional
        μ = max_{i∈S} ‖e_iᵀΣ_SS⁻¹Σ_{S,Sᶜ}‖₂, at least 0. It is 0 if no signal is correlated with a
        null.
    inverse_norm : float, optional
        Positive M, an upper bound on the largest absolute row sum of Σ_AA⁺ for every A ⊇ S.
    max_variance : float, optional
        ν = max_j Σ_jj, positive; 1 for normalised features.
    coherence : float, optional
        δ_PW = max_{i≠j} |Σ_ij| if all Σ_ii = 1, as in the paper's Example 3; otherwise inf.
    small_signals : int, optional
        k', the number of signals with 0 < |s_i| < γ; at most p.
    identifiable : bool, optional
        Whether null(Φ) ⊥ e_i for all i in S.
    halving : bool, optional
        Whether a round may prune up to half of the remaining nulls (rounded up) instead of one
        feature.

    Raises
    ------
    TypeError, ValueError
        If a quantity does not have the type or the range stated above.

    Examples
    --------
    >>> Setting(p=10, k=3, lambda_min=0.5).lambda_star
    0.5
    """

    p: int
    k: int | None = None
    q: int | None = None
    gamma: float = 1.0
    sigma: float = 1.0
    lambda_min: float | None = None
    lambda_star: float | None = None
    rank: int | None = None
    coupling: float | None = None
    inverse_norm: float | None = None
    max_variance: float = 1.0
    coherence: float | None = None
    small_signals: int = 0
    identifiable: bool = True
    halving: bool = False

    def __post_init__(self) -> None:
        """Check the quantities that are given and fill in those that follow from them."""
        p = _checks.count("p", self.p, 1)
        for name in ("gamma", "max_variance", "lambda_min", "lambda_star", "inverse_norm"):
            self._check_if_given(name, _checks.positive)
        for name in ("sigma", "coupling"):
            self._check_if_given(name, _checks.nonnegative)
        self._check_if_given("coherence", _nonnegative_or_inf)
        for name in ("identifiable", "halving"):
            self._check_if_given(name, _checks.flag)
        self._check_if_given("small_signals", _checks.count, 0, p)
        self._check_if_given("k", _checks.count, 1, p)
        self._set("rank", p if self.rank is None else _checks.count("rank", self.rank, 1, p))
        if self.k is not None:
            if self.identifiable and self.need("rank") < self.k:
                raise ValueError(
                    f"rank must be between k and p, {self.k} and {p}, got {self.rank}: "
                    "identifiable signals are linearly independent"
                )
            self._set("q", p - self.k if self.q is None else self.q)
            _checks.count("q", self.q, 0, p - self.k, why=": only nulls may be pruned")
        if self.lambda_star is None and self.rank == p:
            self._set("lambda_star", self.lambda_min)

    @property
    def large_signals(self) -> bool:
        """Whether the signals are identifiable and all satisfy |s_i| ≥ γ."""
        return self.identifiable and self.small_signals == 0

    def need(self, name: str) -> Any:
        """Return the quantity with this name, or raise an error if it was not given."""
        value = getattr(self, _checks.choice("name", name, tuple(self.__dataclass_fields__)))
        if value is None:
            raise ValueError(f"{name} must be given in the setting: this version needs it")
        return value

    def unit(self, lambda_min: float) -> float:
        """Return σ²/(γ²λ), where λ is `lambda_min`.

        With this many samples (n), a weight of variance σ²/(nλ) has standard deviation γ.
        """
        return unit_samples("gamma", self.gamma, self.sigma, lambda_min)

    def _check_if_given(self, name: str, check: Any, *limits: int) -> None:
        """If a quantity differs from its default, check it and store what the check returns."""
        value = getattr(self, name)
        if value is not self.__dataclass_fields__[name].default:
            self._set(name, check(name, value, *limits))

    def _set(self, name: str, value: Any) -> None:
        object.__setattr__(self, name, value)


# A formula maps either a setting and δ to a sample size, or a setting and x = nλ_*γ²/(2σ²) to the
# logarithm of a bound on the probability of failure.
Formula = Callable[[Setting, float], float]


def setting_of(
    Phi: ArrayLike, s: ArrayLike, *, gamma: float, sigma: float = 1.0, halving: bool = False
) -> Setting:
    """Compute, from a design and a signal, the quantities that the versions of Theorem 5 need.

    Parameters
    ----------
    Phi : array_like, shape (n, p)
        Feature matrix. Only Σ = ΦᵀΦ/n matters.
    s : array_like, shape (p,)
        Signal, not 0; its support is S.
    gamma, sigma, halving
        As in `Setting`.

    Returns
    -------
    Setting
        The setting with q = p − k. If all signals are identifiable and satisfy |s_i| ≥ γ, the
        setting includes λ_* and M. If there are at most 12 nulls or Σ is singular, M is exact;
        otherwise M is the value of `inverse_norm_bound`.

    Raises
    ------
    ValueError
        If Phi and s do not match, if gamma is not positive, if sigma is negative, if Phi or s is 0,
        or if λ_* has to be computed for a singular Σ and more than 16 nulls.

    Examples
    --------
    >>> setting = setting_of([[1.0, 0.6], [0.0, 0.8]], [1, 0], gamma=1.0)
    >>> setting.k, setting.rank, round(setting.lambda_min, 3), round(setting.coupling, 3)
    (1, 2, 0.2, 0.6)
    """
    Phi = _checks.matrix("Phi", Phi)
    p = Phi.shape[1]
    s = _checks.vector("s", s, p)
    if not s.any():
        raise ValueError("s must have a non-zero entry: without a signal nothing can be lost")
    gamma = _checks.positive("gamma", gamma)
    R, S, N = geometry.few_rows(Phi, np.flatnonzero(s))
    Phi = np.sqrt(len(R)) * R  # a design with the same Σ and at most p rows
    size, _ = geometry.nonzero_singular_values(R)
    Sigma = R.T @ R
    away = np.abs(Sigma - np.eye(p))
    # A computed Σ_ii within 1e-8 of 1 counts as 1: the feature is normalised up to rounding.
    found: dict[str, Any] = {
        "lambda_min": float(size[-1] ** 2),
        "max_variance": float(np.diag(Sigma).max()),
        "coherence": np.inf if np.diag(away).max() > 1e-8 else float(away.max()),
        "small_signals": int((np.abs(s[S]) < gamma).sum()),
        "identifiable": identifiable(R, S),
    }
    if found["identifiable"]:
        found["coupling"] = geometry.coupling(Phi, S)
    if found["identifiable"] and found["small_signals"] == 0:
        found["lambda_star"] = geometry.worst_eigenvalue(Phi, S)
        exact = N.size <= EXACT_NULLS or size.size < p
        found["inverse_norm"] = (
            geometry.max_inverse_norm(Phi, S) if exact else geometry.inverse_norm_bound(Phi)
        )
    return Setting(
        p=p, k=S.size, rank=size.size, gamma=gamma, sigma=sigma, halving=halving, **found
    )


def _nonnegative_or_inf(name: str, value: Any) -> float:
    return np.inf if value == np.inf else _checks.nonnegative(name, value)
