"""Definition 4 and two weaker conditions: identifiability, the restricted nullspace property."""

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

# For 12 indices, `nullspace_constant` solves 2¹¹ linear programmes. They take 12 s for a 20 × 40
# matrix and a minute for a 50 × 100 matrix.
LARGEST_SUPPORT = 12
LP_TOLERANCE = 1e-7  # the default feasibility tolerance of HiGHS, the solver behind `linprog`


def orthogonal_nullspace_property(A: ArrayLike, S: Iterable[int]) -> bool:
    """Whether null(A) is orthogonal to the cone C(S), as in Definition 4.

    Parameters
    ----------
    A : array_like, shape (n, p)
        Matrix.
    S : iterable of int
        One or more distinct indices from 0, …, p − 1.

    Returns
    -------
    bool

    Raises
    ------
    ValueError
        If S is empty (C(∅) = {0} would impose no condition), repeats an index, or holds an index
        outside [0, p).

    See Also
    --------
    identifiable : the weaker condition that a least-squares fit determines the weights on S.
    restricted_nullspace_property : the classical condition for ℓ₁ minimisation.

    Notes
    -----
    C(S) = {x : ‖x_{Sᶜ}‖₁ ≤ ‖x_S‖₁}. For every non-empty S, this cone spans ℝᵖ. So, whatever S is,
    the property holds if and only if null(A) = {0}, i.e. if A has full column rank. The rank is
    computed from columns scaled to norm near 1, so it does not depend on the units of the columns.

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
    """Whether every vector in null(A) vanishes on S.

    Parameters
    ----------
    A : array_like, shape (n, p)
        Matrix.
    S : iterable of int
        One or more distinct indices from 0, …, p − 1.

    Returns
    -------
    bool

    Raises
    ------
    ValueError
        If S is empty, repeats an index, or holds an index outside [0, p).

    Notes
    -----
    The condition holds if and only if no column with index in S is a linear combination of the
    other columns. It also holds if and only if A⁺As = s for every s supported on S. The function
    tests whether (I − A⁺A)e_i is 0 up to rounding for every i ∈ S.

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
        Between 1 and 12 distinct indices from 0, …, p − 1.

    Returns
    -------
    float
        A number between 0 and inf. It is 0 if and only if A is `identifiable` on S (in particular
        if null(A) = {0}). It is below 1 if and only if A has the restricted nullspace property. It
        is infinite if and only if the columns in S are linearly dependent.

    Raises
    ------
    ValueError
        If S is empty, repeats an index, holds an index outside [0, p), or has more than 12
        indices.
    RuntimeError
        If the solver fails on a linear programme.

    Notes
    -----
    ‖x_S‖₁ is the largest value of Σ_{i∈S} ε_i x_i over all signs ε_i = ±1. So, for each ε, a linear
    programme maximises Σ_{i∈S} ε_i x_i subject to Ax = 0 and ‖x_{Sᶜ}‖₁ ≤ 1, and the constant is the
    largest of these maxima. Because x and −x give the same ratio, only 2^{|S|−1} programmes are
    solved, to a tolerance of 10⁻⁷.

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
    rows = np.linalg.qr(np.ldexp(Vt, e).T)[0].T  # an orthonormal basis of the row space
    # The variables are x_S and the positive and negative parts of the other entries of x.
    null = np.hstack([rows[:, S], rows[:, rest], -rows[:, rest]])
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
    """Whether null(A) intersects the cone C(S) only in 0.

    Parameters
    ----------
    A : array_like, shape (n, p)
        Matrix.
    S : iterable of int
        Between 1 and 12 distinct indices from 0, …, p − 1.

    Returns
    -------
    bool
        Whether the `nullspace_constant` is below 1 − 10⁻⁷, where 10⁻⁷ is the solver's tolerance.

    Raises
    ------
    ValueError
        If S is empty, repeats an index, holds an index outside [0, p), or has more than 12
        indices.

    Notes
    -----
    The cone C(S) is defined in `orthogonal_nullspace_property`. The property is equivalent to
    `nullspace_constant` < 1. It holds if and only if ℓ₁ minimisation recovers every signal s
    supported on S from the measurements As; see Wainwright (2019), *High-Dimensional Statistics*,
    Definition 7.7 and Theorem 7.8.

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
    """Donoho and Tanner's threshold for k/n, below which basis pursuit recovers almost all signals.

    Parameters
    ----------
    undersampling : float
        Number of samples per feature, n/p, in [1e-9, 1).

    Returns
    -------
    float
        ρ such that, for Gaussian features, targets without noise and large p, a signal with k
        non-zero entries is recovered with probability near 1 if k/n < ρ and near 0 if k/n > ρ.

    Raises
    ------
    ValueError
        If undersampling is not in [1e-9, 1).

    Notes
    -----
    The threshold is due to Donoho & Tanner (2009), DOI 10.1098/rsta.2009.0152, for signals whose k
    non-zero entries may have either sign. We use the formula in Donoho, Maleki & Montanari (2009),
    DOI 10.1073/pnas.0909892106. Let φ and Φ be the density and the distribution function of the
    standard normal distribution. Then the equation n/p = 2φ(z)/(z + 2(φ(z) − zΦ(−z))) determines
    z > 0, and ρ = 1 − zΦ(−z)/φ(z).

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
