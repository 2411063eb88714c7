"""Example 3, pairwise incoherence: how far Σ is from I, and Neumann's series."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from impbook import _checks
from impbook._arrays import Matrix, Vector
from impbook.problem import LeastSquares


@dataclass(frozen=True)
class Incoherence:
    """How far Σ = I − A is from I, for normalised features (Σ_ii = 1).

    Attributes
    ----------
    p : int
        Number of features.
    delta_PW : float
        δ_PW = max_ij |A_ij|, the pairwise incoherence parameter.
    norm_2 : float
        a = ‖A‖₂, the largest eigenvalue of A in absolute value.
    norm_inf : float
        ρ = ‖A‖_∞, the largest row sum of |A_ij|.
    """

    p: int
    delta_PW: float
    norm_2: float
    norm_inf: float

    @property
    def neumann_tail(self) -> float:
        """The bound a²/(1−a) on ‖A² + A³ + …‖₂; inf if a >= 1."""
        return self.norm_2**2 / (1 - self.norm_2) if self.norm_2 < 1 else np.inf


def pairwise_incoherence(Phi: ArrayLike) -> Incoherence:
    """Pairwise incoherence of normalised features: δ_PW, ‖A‖₂ and ‖A‖_∞ for Σ = I − A.

    Parameters
    ----------
    Phi : array_like, shape (n, p)
        Features with Σ_ii = 1; `impbook.designs.normalise` gets them there.

    Returns
    -------
    Incoherence

    Raises
    ------
    ValueError
        If a feature is not normalised.

    Notes
    -----
    The paper, Example 3: ‖A‖₂ <= ‖A‖_∞ <= (p−1)·δ_PW.

    Examples
    --------
    >>> from impbook.designs import uniform_correlation_design
    >>> found = pairwise_incoherence(uniform_correlation_design(6, 4, 0.2, rng=0))
    >>> round(found.delta_PW, 6), round(found.norm_2, 6), round(found.norm_inf, 6)
    (0.2, 0.6, 0.6)
    """
    A = departure(_checks.normalised(Phi))
    return Incoherence(
        p=A.shape[0],
        delta_PW=float(np.abs(A).max()),
        norm_2=float(np.linalg.norm(A, 2)),
        norm_inf=float(np.linalg.norm(A, np.inf)),
    )


def neumann_weights(problem: LeastSquares, terms: int) -> Vector:
    """The first terms of Neumann's series for the trained weights, shape (p,).

    Parameters
    ----------
    problem : LeastSquares
        Least squares with normalised features.
    terms : int
        Number of terms, at least 1: 1 gives the alignments, 2 the paper's first-order formula.

    Returns
    -------
    ndarray, shape (p,)
        (I + A + … + A^{terms−1})Φᵀy/n with A = I − Σ.

    Raises
    ------
    ValueError
        If a feature is not normalised or terms < 1.

    Notes
    -----
    The paper, Example 3. These are the iterates of gradient descent from 0 with step size 1; they
    tend to w(∞) for every y if and only if λ_max(Σ) < 2.

    Examples
    --------
    >>> from impbook import LeastSquares
    >>> from impbook.designs import targets_with_alignment, uniform_correlation_design
    >>> Phi = uniform_correlation_design(4, 3, 0.1, rng=0)
    >>> problem = LeastSquares(Phi, targets_with_alignment(Phi, [1.0, 2.0, 4.0]))
    >>> (problem.n * neumann_weights(problem, 2)).round(3)
    array([0.4, 1.5, 3.7])
    """
    problem = _checks.instance("problem", problem, LeastSquares)
    A = departure(_checks.normalised(problem.Phi))
    first: Vector = problem.alignment / problem.n
    w = first
    for _ in range(_checks.count("terms", terms, 1) - 1):
        w = first + A @ w
    return w


def departure(Phi: Matrix) -> Matrix:
    """A = I − Σ of normalised features, its diagonal exactly 0."""
    A: Matrix = -(Phi.T @ Phi) / Phi.shape[0]
    np.fill_diagonal(A, 0.0)
    return A
