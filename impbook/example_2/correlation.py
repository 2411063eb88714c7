"""Example 2, uniform correlation Σ = I + α(11ᵀ − I): its inverse and the pull of the mean."""

from __future__ import annotations

from fractions import Fraction
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike

from impbook import _checks

Number = TypeVar("Number", float, Fraction)


def uniform_inverse(p: int, alpha: Number) -> tuple[Number, Number]:
    """Diagonal and off-diagonal entry of Σ⁻¹ for Σ = I + α(11ᵀ − I) of order p.

    Parameters
    ----------
    p : int
        Number of features.
    alpha : float or Fraction
        Common correlation, −1/(p−1) < α < 1. With a Fraction the answer is exact.

    Returns
    -------
    (diagonal, off_diagonal)
        Numbers of the kind of `alpha`.

    Raises
    ------
    ValueError
        If α is out of range.

    Notes
    -----
    Σ⁻¹ = (1/(1−α))·[I − α/(1+α(p−1))·11ᵀ], by Sherman and Morrison. The paper's Example 2 prints
    (1−α) in the numerator of the second term: see `printed_uniform_inverse`.

    Examples
    --------
    >>> from fractions import Fraction
    >>> uniform_inverse(3, Fraction(1, 2))
    (Fraction(3, 2), Fraction(-1, 2))
    """
    p = _checks.count("p", p, 1)
    _checks.uniform_correlation(alpha, p)
    off_diagonal = -alpha / ((1 - alpha) * (1 + alpha * (p - 1)))
    return 1 / (1 - alpha) + off_diagonal, off_diagonal


def printed_uniform_inverse(p: int, alpha: Number) -> tuple[Number, Number]:
    """Diagonal and off-diagonal entry of the matrix that Example 2 prints as Σ⁻¹.

    Parameters, returned values and errors are those of `uniform_inverse`.

    Notes
    -----
    (1/(1−α))·I − α(1−α)/(1+α(p−1))·11ᵀ, which is Σ⁻¹ for α = 0 only.

    Examples
    --------
    >>> from fractions import Fraction
    >>> printed_uniform_inverse(3, Fraction(1, 2))
    (Fraction(15, 8), Fraction(-1, 8))
    """
    p = _checks.count("p", p, 1)
    _checks.uniform_correlation(alpha, p)
    off_diagonal = -alpha * (1 - alpha) / (1 + alpha * (p - 1))
    return 1 / (1 - alpha) + off_diagonal, off_diagonal


def mean_pull(m: int, alpha: float) -> float:
    """Share β_m of the mean alignment that IMP subtracts with m features left.

    Parameters
    ----------
    m : int
        Number of features left, at least 1.
    alpha : float
        Common correlation, −1/(m−1) < α < 1.

    Returns
    -------
    float
        β_m = mα/(1−α+mα): 0 at α = 0, towards 1 as mα grows.

    Raises
    ------
    ValueError
        If α is out of range.

    Notes
    -----
    n·w_i(∞) = (a_i − β_m·ā)/(1−α), with a = Φᵀy and ā the mean alignment of the m features, so
    IMP prunes the feature whose alignment is nearest β_m·ā.

    Examples
    --------
    >>> round(mean_pull(50, 0.1), 3)
    0.847
    """
    m = _checks.count("m", m, 1)
    alpha = _checks.uniform_correlation(alpha, m)
    return m * alpha / (1 - alpha + m * alpha)


def critical_alpha(a: ArrayLike) -> float:
    """Correlation up to which IMP's first pruning is the alignment heuristic's.

    Parameters
    ----------
    a : array_like, shape (p,)
        Alignments φ_jᵀy.

    Returns
    -------
    float
        α_crit in [0, 1]: for 0 < α < α_crit both prune the same feature first, for
        α_crit < α < 1 they do not. It is 1 when they agree for every α.

    Notes
    -----
    Let i prune by alignment, ā > 0 (else flip all signs) and a₊ be the smallest positive alignment
    above a_i. IMP's target β_p·ā passes the midpoint of a_i and a₊ when β_p reaches
    β = (a_i + a₊)/(2ā), that is, at α_crit = β/(p − (p−1)β), if β < 1.

    Examples
    --------
    >>> round(critical_alpha([1.0, 1.5, 4.0, 4.0]), 4)
    0.1852
    """
    a = _checks.vector("a", a)
    p, total = a.size, float(a.sum())
    a = -a if total < 0 else a
    smallest = float(a[np.argmin(np.abs(a))])
    rivals = a[a > smallest]  # all positive, since none is smaller in size
    if total == 0 or not rivals.size:
        return 1.0
    beta = p * (smallest + float(rivals.min())) / (2 * abs(total))
    return beta / (p - (p - 1) * beta) if beta < 1 else 1.0
