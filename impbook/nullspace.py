"""Conditions on a nullspace: Definition 4, the restricted nullspace property, and what suffices."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq, linprog
from scipy.special import erfcx

from impbook import _arrays, _checks

__all__ = [
    "identifiable",
    "nullspace_constant",
    "orthogonal_nullspace_property",
    "restricted_nullspace_property",
    "weak_threshold",
]

LARGEST_SUPPORT = 12
LP_TOLERANCE = 1e-7


def orthogonal_nullspace_property(A: ArrayLike, S: Iterable[int]) -> bool:
    """Whether null(A) is orthogonal to the cone C(S): Definition 4.

    Parameters
    ----------
    A : array_like, shape (n, p)
        Matrix.
    S : iterable of int
        Distinct indices out of 0, …, p − 1, at least one.

    Returns
    -------
    bool

    Raises
    ------
    ValueError
        If S is empty (C(∅) = {0} asks nothing), repeats an index or leaves the range.

    See Also
    --------
    identifiable : weaker, and enough for the first fit.
    restricted_nullspace_property : the classical condition.

    Notes
    -----
    C(S) = {x : ‖x_{Sᶜ}‖₁ ≤ ‖x_S‖₁}. For non-empty S it spans ℝᵖ, so the property says
    null(A) = {0}. This is decided by the rank of A with columns of norm 1, so it depends neither
    on S nor on the units of the columns.

    Examples
    --------
    >>> orthogonal_nullspace_property([[1.0, 0.0], [0.0, 1.0]], S=[0])
    True
    >>> orthogonal_nullspace_property([[1.0, 0.0]], S=[0])
    False
    """
    A = _checks.matrix("A", A)
    _checks.index_set("S", S, A.shape[1])
    return bool(_arrays.rank(A) == A.shape[1])


def identifiable(A: ArrayLike, S: Iterable[int]) -> bool:
    """Whether every vector of null(A) vanishes on S.

    Parameters
    ----------
    A : array_like, shape (n, p)
        Matrix.
    S : iterable of int
        Distinct indices out of 0, …, p − 1, at least one.

    Returns
    -------
    bool

    Raises
    ------
    ValueError
        If S is empty, repeats an index or leaves the range.

    Notes
    -----
    Equivalent: no column i ∈ S is a combination of the other columns; or A⁺A s = s for every s
    supported on S. Decided by ‖(I − A⁺A)e_i‖ against what rounding allows.

    Examples
    --------
    >>> A = [[1.0, 0.0, 0.0], [0.0, 1.0, 2.0]]
    >>> identifiable(A, S=[0]), identifiable(A, S=[1])
    (True, False)
    """
    A = _checks.matrix("A", A)
    S = _checks.index_set("S", S, A.shape[1])
    _, size, rows, _ = _arrays.decomposition(A)
    outside = np.eye(A.shape[1])[:, S] - rows.T @ rows[:, S]
    rounding = _arrays.NEGLIGIBLE * size.max(initial=0.0) / size.min(initial=np.inf)
    return bool(np.linalg.norm(outside, axis=0).max() <= rounding)


def nullspace_constant(A: ArrayLike, S: Iterable[int]) -> float:
    """Largest ratio ‖x_S‖₁/‖x_{Sᶜ}‖₁ over the non-zero x in null(A).

    Parameters
    ----------
    A : array_like, shape (n, p)
        Matrix.
    S : iterable of int
        Distinct indices out of 0, …, p − 1, between 1 and 12 of them.

    Returns
    -------
    float
        In [0, inf]: below 1 if and only if A has the restricted nullspace property, 0 if and only
        if A is `identifiable` on S (in particular, if null(A) = {0}), infinite if the columns in S
        depend on one another.

    Raises
    ------
    ValueError
        If S is empty, repeats an index, leaves the range or is too large.
    RuntimeError
        If the solver fails.

    Notes
    -----
    A maximum of a convex function, hence over the signs ε of x_S of linear programmes: maximise
    Σ_{i∈S} ε_i x_i subject to Ax = 0 and ‖x_{Sᶜ}‖₁ ≤ 1. As x and −x count alike, 2^{|S|−1} of
    them are solved, to a tolerance of 10⁻⁷.

    Examples
    --------
    >>> round(nullspace_constant([[1.0, 1.0, 0.0], [1.0, 0.0, 2.0]], S=[0]), 6)
    0.666667
    """
    A = _checks.matrix("A", A)
    p = A.shape[1]
    S = _checks.index_set("S", S, p)
    if S.size > LARGEST_SUPPORT:
        raise ValueError(
            f"S must hold at most {LARGEST_SUPPORT} indices, got {S.size}: "
            f"2^{S.size - 1} linear programmes would have to be solved"
        )
    if identifiable(A, S):
        return 0.0
    if _arrays.rank(A[:, S]) < S.size:
        return np.inf
    rest = np.setdiff1d(np.arange(p), S)
    *_, Vt, e = _arrays.decomposition(A)
    rows = np.linalg.qr(np.ldexp(Vt, e).T)[0].T  # of row space
    null = np.hstack([rows[:, S], rows[:, rest], -rows[:, rest]])  # acting on x_S, x⁺ and x⁻
    size = np.r_[np.zeros(S.size), np.ones(2 * rest.size)]
    bounds = [(None, None)] * S.size + [(0, None)] * (2 * rest.size)
    largest = 0.0
    for signs in product([1.0, -1.0], repeat=S.size - 1):
        goal = np.r_[-1.0, signs, np.zeros(2 * rest.size)]
        best = linprog(goal, size[None], [1.0], null, np.zeros(len(null)), bounds)
        if not best.success:
            raise RuntimeError(f"the linear programme was not solved: {best.message}")
        largest = max(largest, -float(best.fun))
    return largest


def restricted_nullspace_property(A: ArrayLike, S: Iterable[int]) -> bool:
    """Whether null(A) meets the cone C(S) in 0 only.

    Parameters
    ----------
    A : array_like, shape (n, p)
        Matrix.
    S : iterable of int
        Distinct indices out of 0, …, p − 1, between 1 and 12 of them.

    Returns
    -------
    bool
        A case closer than 10⁻⁷ to the boundary counts as failing.

    Raises
    ------
    ValueError
        If S is empty, repeats an index, leaves the range or is too large.

    Notes
    -----
    The condition under which ℓ₁ minimisation finds every signal on S: Wainwright (2019),
    *High-Dimensional Statistics*, Definition 7.7. Here: `nullspace_constant` below 1.

    Examples
    --------
    >>> A = [[1.0, 1.0, 0.0], [1.0, 0.0, 2.0]]
    >>> restricted_nullspace_property(A, S=[0]), restricted_nullspace_property(A, S=[1])
    (True, True)
    >>> restricted_nullspace_property(A, S=[0, 1])
    False
    """
    return nullspace_constant(A, S) < 1 - LP_TOLERANCE


def weak_threshold(undersampling: float) -> float:
    """Signals per sample, k/n, up to which basis pursuit finds most signals: Donoho and Tanner.

    Parameters
    ----------
    undersampling : float
        Samples per feature n/p, in (0, 1), for Gaussian features without noise.

    Returns
    -------
    float
        ρ such that for large p the chance of recovery is near 1 for k/n below it, near 0 above.

    Raises
    ------
    ValueError
        If undersampling is not strictly between 0 and 1, or below 1e-9.

    Notes
    -----
    Donoho & Tanner (2009), DOI 10.1098/rsta.2009.0152, for signs of both kinds. In the form of
    Donoho, Maleki & Montanari (2009), DOI 10.1073/pnas.0909892106, with φ and Φ the density and the
    distribution function of a standard normal, n/p = 2φ(z)/(z + 2(φ(z) − zΦ(−z))) fixes z, and
    ρ = 1 − zΦ(−z)/φ(z).

    Examples
    --------
    >>> round(weak_threshold(0.5), 3)
    0.386
    """
    ratio = _checks.probability("undersampling", undersampling)
    if ratio < 1e-9:
        raise ValueError(f"undersampling must be at least 1e-9, got {ratio}")

    def rho(z: float) -> float:
        return float(1 - z * np.sqrt(np.pi / 2) * erfcx(z / np.sqrt(2)))

    def excess(z: float) -> float:
        return float(2 / (z * np.sqrt(2 * np.pi) * np.exp(z**2 / 2) + 2 * rho(z)) - ratio)

    return rho(brentq(excess, 0.0, 8.0))
