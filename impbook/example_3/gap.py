"""Example 3, pairwise incoherence: when it guarantees that IMP prunes by alignment."""

from __future__ import annotations

import numpy as np

from impbook import _checks
from impbook._arrays import Matrix, Vector
from impbook.example_3.incoherence import departure
from impbook.problem import LeastSquares

# Relative error allowed for in Σ, the alignments and the trained weights.
ROUNDING = 1e-13


def sufficient_gap(p: int, delta_PW: float) -> float:
    """The gap between the two smallest alignments beyond which IMP's first pruning is theirs.

    Parameters
    ----------
    p : int
        Number of features, at least 2.
    delta_PW : float
        Pairwise incoherence δ_PW in [0, 1).

    Returns
    -------
    float
        κ in units of the largest alignment: if |a|₍₂₎ − |a|₍₁₎ > κ·‖a‖_∞, IMP prunes the
        feature of smallest |a_i|. It is inf when (p−1)·δ_PW >= 1 and p > 2: no gap will do.

    Raises
    ------
    ValueError
        If p < 2 or δ_PW is out of range.

    Notes
    -----
    κ = 2(p−2)δ_PW/(1 − (p−3)δ_PW). No smaller constant will do (`sharp_gap_example`).

    Examples
    --------
    >>> sufficient_gap(2, 0.9), round(sufficient_gap(10, 0.01), 4)
    (0.0, 0.172)
    """
    p, delta = _checks.count("p", p, 2), _checks.nonnegative("delta_PW", delta_PW)
    if delta >= 1:
        raise ValueError(f"delta_PW must be below 1, got {delta}: two features would coincide")
    return 2 * (p - 2) * delta / (1 - (p - 3) * delta) if (p - 1) * delta < 1 else np.inf


def sharp_gap_example(p: int, delta_PW: float, shortfall: float) -> tuple[Matrix, Vector]:
    """Σ and alignments just short of the sufficient gap, where IMP leaves alignment at once.

    Parameters
    ----------
    p : int
        Number of features, at least 3.
    delta_PW : float
        Pairwise incoherence, 0 < δ_PW < 1/(3p−7), so that the sufficient gap is below 1.
    shortfall : float
        Part of the sufficient gap that is missing, strictly between 0 and 1.

    Returns
    -------
    Sigma : ndarray, shape (p, p)
    a : ndarray, shape (p,)
        (0, (1 − shortfall)·κ, 1, …, 1) with κ the sufficient gap: alignment prunes feature 0, IMP
        feature 1.

    Raises
    ------
    ValueError
        If an argument is out of range.

    Examples
    --------
    >>> Sigma, a = sharp_gap_example(4, 0.1, 0.01)
    >>> a.round(3), np.linalg.solve(Sigma, a).round(3)
    (array([0.  , 0.44, 1.  , 1.  ]), array([0.222, 0.218, 1.112, 1.112]))
    """
    p, delta = _checks.count("p", p, 3), _checks.positive("delta_PW", delta_PW)
    if delta * (3 * p - 7) >= 1:
        raise ValueError(
            f"delta_PW must be below 1/(3p-7) = {1 / (3 * p - 7):.4g} for p = {p}, got {delta}: "
            "beyond that the sufficient gap exceeds the largest alignment"
        )
    kappa = (1 - _checks.probability("shortfall", shortfall)) * sufficient_gap(p, delta)
    Sigma = (1 + delta) * np.eye(p) - delta
    Sigma[1, 2:] = Sigma[2:, 1] = delta
    Sigma[0, 1] = Sigma[1, 0] = 0.0
    return Sigma, np.concatenate([[0.0, kappa], np.ones(p - 2)])


def certifies_alignment(problem: LeastSquares, *, by: str = "rows") -> bool:
    """Whether incoherence guarantees that IMP's first pruning is the alignment heuristic's.

    Parameters
    ----------
    problem : LeastSquares
        Least squares with p >= 2 normalised features.
    by : {"rows", "delta"}, optional
        What may be used of Σ: every row sum of |A_ij|, or δ_PW alone.

    Returns
    -------
    bool
        True is a proof, up to rounding; False says nothing.

    Raises
    ------
    ValueError
        If a feature is not normalised, p < 2, or `by` is neither of the two.

    Notes
    -----
    Let a = Φᵀy and i = argmin|a_i|. "delta": |a|₍₂₎ − |a|₍₁₎ > κ‖a‖_∞ with κ the
    `sufficient_gap`. "rows": that, or for every j ≠ i |a_j| − |a_i| >
    (r_ij + r_ji)·‖a‖_∞/(1−ρ) with r_ij = Σ_{l≠i,j}|A_il| and ρ = ‖A‖_∞ < 1.

    Examples
    --------
    >>> from impbook import LeastSquares
    >>> from impbook.designs import targets_with_alignment, uniform_correlation_design
    >>> Phi = uniform_correlation_design(4, 3, 0.1, rng=0)
    >>> certifies_alignment(LeastSquares(Phi, targets_with_alignment(Phi, [1.0, 2.5, 4.0])))
    True
    >>> certifies_alignment(LeastSquares(Phi, targets_with_alignment(Phi, [1.0, 1.1, 4.0])))
    False
    """
    problem = _checks.instance("problem", problem, LeastSquares)
    _checks.choice("by", by, ("rows", "delta"))
    A = np.abs(departure(_checks.normalised(problem.Phi)))
    p = _checks.count("the number of features p", A.shape[0], 2)
    a = np.abs(problem.alignment)
    i = int(np.argmin(a))
    others = np.arange(p) != i
    gaps = (a[others] - a[i]) / max(a.max(), np.finfo(float).tiny)
    delta = float(A.max())
    room = 1 - (p - 1) * delta
    needed = sufficient_gap(p, delta) + ROUNDING / room if room > 0 else np.inf
    if by == "delta" or gaps.min() > needed:
        return bool(gaps.min() > needed)
    rows = A.sum(axis=1)
    slack = 1 - float(rows.max())
    pushes = rows[i] + rows[others] - 2 * A[i, others]
    return slack > 0 and bool((gaps > (pushes + ROUNDING * problem.n) / slack).all())
