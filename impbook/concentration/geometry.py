"""λ_*, M and μ: the constants of a design that appear in the repairs of Theorem 5."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from impbook import _arrays, _checks
from impbook._arrays import Indices, Matrix, Vector
from impbook.flow import least_squares

# Searching all 2^16 active sets takes about two seconds, or six if Σ is singular.
MOST_NULLS = 16


def smallest_nonzero_eigenvalue(Phi: ArrayLike) -> float:
    """Smallest non-zero eigenvalue of Σ = ΦᵀΦ/n.

    Parameters
    ----------
    Phi : array_like, shape (n, p)
        Feature matrix, not 0.

    Returns
    -------
    float
        The paper's λ_min^{≠0}, computed from the r-th largest singular value of Φ, where r is the
        rank of Φ. The rank is determined after scaling the columns to norms near 1.

    Raises
    ------
    ValueError
        If Phi is 0, so that Σ has no non-zero eigenvalue, or if the largest absolute entry of Phi
        is not between 1e-100 and 1e100.

    Examples
    --------
    >>> smallest_nonzero_eigenvalue([[3.0, 0.0], [0.0, 0.0]])
    4.5
    """
    Phi = _checks.squarable("Phi", Phi)
    return float(nonzero_singular_values(Phi)[0][-1] ** 2 / len(Phi))


def worst_eigenvalue(Phi: ArrayLike, S: Iterable[int]) -> float:
    """λ_*, the smallest non-zero eigenvalue of Σ_AA over all active sets A ⊇ S.

    Parameters
    ----------
    Phi : array_like, shape (n, p)
        Feature matrix, of any rank.
    S : iterable of int
        Indices of the signals, numbered from 0.

    Returns
    -------
    float
        λ_* = min_{A⊇S} λ_min^{≠0}(Σ_AA). If Φ has full column rank, λ_* = λ_min(Σ), by
        Cauchy interlacing.

    Raises
    ------
    ValueError
        If S is empty or holds an index not in [0, p), if Φ = 0, or if Φ does not have full column
        rank and more than 16 features lie outside S.

    Examples
    --------
    >>> round(worst_eigenvalue(np.diag([1.0, 2.0]), [1]), 4)
    0.5

    In the next example, the angle between features 0 and 1 is 0.5 radians, and feature 2 lies in
    their plane. The minimum is attained at A = {0, 1}. When feature 2 is added to this set, the
    smallest non-zero eigenvalue increases.

    >>> c, s = np.cos(0.5), np.sin(0.5)
    >>> round(worst_eigenvalue([[1, c, 0], [0, s, 1]], [0]), 4)
    0.0612
    """
    R, S, N = few_rows(Phi, S)
    size, _ = nonzero_singular_values(R)
    least = float(size[-1])
    if size.size == len(R.T):
        return least**2
    for P in _stacks(R, S, N, "Phi does not have full column rank, and"):
        least = min(least, float(_zeros_at_infinity(P)[0].min()))
    return least**2


def max_inverse_norm(Phi: ArrayLike, S: Iterable[int]) -> float:
    """Exact value of M, the largest absolute row sum of Σ_AA⁻¹ over all active sets A ⊇ S.

    Parameters
    ----------
    Phi : array_like, shape (n, p)
        Feature matrix; where Σ_AA is singular, the pseudo-inverse Σ_AA⁺ replaces Σ_AA⁻¹.
    S : iterable of int
        Indices of the signals, numbered from 0.

    Returns
    -------
    float
        M = max_{A⊇S} ‖Σ_AA⁺‖_∞, found by enumerating all 2^(p−k) sets A, where k = |S|.

    Raises
    ------
    ValueError
        If S is empty or holds an index not in [0, p), or if more than 16 features lie outside S.

    See Also
    --------
    inverse_norm_bound : an upper bound, for any number of features.

    Examples
    --------
    >>> Phi = np.sqrt(2) * np.array([[1.0, -0.5], [0.0, np.sqrt(0.75)]])
    >>> round(max_inverse_norm(Phi, [0]), 4)
    2.0
    """
    R, S, N = few_rows(Phi, S)
    invertible = _arrays.rank(R) == len(R.T)
    largest = 0.0
    for P in _stacks(R, S, N, "M is found by enumerating all sets, and"):
        if invertible:
            root = np.linalg.inv(np.linalg.qr(P, mode="r"))
        else:
            size, Vt = _zeros_at_infinity(P)
            root = (Vt / size[..., None]).swapaxes(1, 2)
        inverse = root @ root.swapaxes(1, 2)
        largest = max(largest, float(np.abs(inverse).sum(axis=2).max()))
    return largest


def inverse_norm_bound(Phi: ArrayLike) -> float:
    """Upper bound on M, the largest absolute row sum of Σ_AA⁻¹ over all active sets A.

    Parameters
    ----------
    Phi : array_like, shape (n, p)
        Feature matrix of full column rank.

    Returns
    -------
    float
        The smaller of √p/λ_min and 1/min_i(Σ_ii − Σ_{j≠i}|Σ_ij|). If Σ is not strictly diagonally
        dominant, the value is √p/λ_min.

    Raises
    ------
    ValueError
        If Phi does not have full column rank.

    Notes
    -----
    Both bounds hold for every A at once, whatever S is. The first follows from Cauchy interlacing
    and ‖B‖_∞ ≤ √|A|·‖B‖₂ with B = Σ_AA⁻¹. The second is the Ahlberg–Nilson–Varah bound. It holds
    for every A because the margins Σ_ii − Σ_{j≠i}|Σ_ij| cannot shrink when features are pruned.
    In the paper's Example 3, Σ_ii = 1 for all i and (p − 1)δ_PW < 1 with δ_PW = max_{i≠j} |Σ_ij|.
    The second bound is then at most 1/(1 − (p − 1)δ_PW).

    Examples
    --------
    >>> Phi = np.sqrt(2) * np.array([[1.0, -0.5], [0.0, np.sqrt(0.75)]])
    >>> round(inverse_norm_bound(Phi), 4)
    2.0
    """
    R, _, _ = few_rows(Phi, [0])
    if _arrays.rank(R) < len(R.T):
        raise ValueError(
            f"Phi must have full column rank, got shape {np.shape(Phi)} of rank below p"
        )
    Sigma = R.T @ R
    bound = np.sqrt(len(Sigma)) / np.linalg.svd(R, compute_uv=False)[-1] ** 2
    margin = (2 * np.diag(Sigma) - np.abs(Sigma).sum(axis=1)).min()
    return float(min(bound, 1 / margin) if margin > 0 else bound)


def coupling(Phi: ArrayLike, S: Iterable[int]) -> float:
    """Coupling μ: how far a change of norm 1 in the nulls' weights can move a signal's weight.

    Parameters
    ----------
    Phi : array_like, shape (n, p)
        Feature matrix; its columns in S must be linearly independent.
    S : iterable of int
        Indices of the signals, numbered from 0.

    Returns
    -------
    float
        μ = max_{i∈S} ‖e_iᵀΣ_SS⁻¹Σ_{S,Sᶜ}‖₂; 0 if S holds every feature.

    Raises
    ------
    ValueError
        If S is empty or holds an index not in [0, p), or if Φ_S does not have full column rank.

    Notes
    -----
    Let w be the weights after training to convergence on S ∪ J, where J is a set of nulls. Then
    w_S = s_S + Σ_SS⁻¹Φ_Sᵀξ/n − Σ_SS⁻¹Σ_{S,J}w_J, where ξ is the noise. The theorem stated in
    `interpolated` rests on this identity.

    Examples
    --------
    >>> Phi = [[1.0, 0.6, 0.0], [0.0, 0.8, 0.0], [0.0, 0.0, 1.0]]
    >>> round(coupling(Phi, [0]), 4)
    0.6
    """
    R, S, N = few_rows(Phi, S)
    if _arrays.rank(R[:, S]) < S.size:
        raise ValueError("Phi must have full column rank on S: the signals cannot be told apart")
    return float(np.linalg.norm(least_squares(R[:, S], R[:, N].T), axis=0).max())


def few_rows(Phi: ArrayLike, S: Iterable[int]) -> tuple[Matrix, Indices, Indices]:
    """Return R (with RᵀR = Σ and at most p rows), the indices in S, and the indices not in S."""
    Phi = _checks.squarable("Phi", Phi)
    chosen = _checks.index_set("S", S, Phi.shape[1])
    n, p = Phi.shape
    R: Matrix = (np.linalg.qr(Phi, mode="r") if n > p else Phi) / np.sqrt(n)
    return R, chosen, np.delete(np.arange(p), chosen)


def nonzero_singular_values(Phi: Matrix) -> tuple[Vector, Matrix]:
    """Numerically non-zero singular values, and their right singular vectors as rows."""
    size, Vt = _zeros_at_infinity(Phi)
    if size[0] == np.inf:
        raise ValueError("Phi must not be 0, because Σ then has no non-zero eigenvalue")
    return size[size < np.inf], Vt[size < np.inf]


def _zeros_at_infinity(P: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Singular values (inf in place of 0) and right singular vectors of one or more matrices."""
    _, size, Vt = np.linalg.svd(P, full_matrices=False)
    zero = np.arange(size.shape[-1]) >= np.expand_dims(_arrays.rank(P), -1)
    return np.where(zero, np.inf, size), Vt


def _stacks(R: Matrix, S: Indices, N: Indices, why: str) -> Iterator[Matrix]:
    """For each possible size of a set A ⊇ S, yield all R[:, A] with A of that size, stacked."""
    if N.size > MOST_NULLS:
        raise ValueError(
            f"S must leave out at most {MOST_NULLS} features: {why} S leaves out {N.size}"
        )
    for m in range(N.size + 1):
        A = np.array([(*S, *added) for added in combinations(N, m)], dtype=np.intp)
        yield R[:, A].swapaxes(0, 1)
