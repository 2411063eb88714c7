"""The problem: fit a linear model Φw to the targets y by least squares."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from impbook import _checks
from impbook._arrays import Matrix, Vector

__all__ = ["LeastSquares"]


@dataclass(frozen=True, eq=False, init=False)
class LeastSquares:
    """Least squares with features Φ and targets y: the loss is L(w) = ‖Φw − y‖²/(2n).

    Parameters
    ----------
    Phi : array_like, shape (n, p)
        Feature matrix; column j holds the values of feature φ_j at the n training inputs.
    y : array_like, shape (n,)
        Targets.

    Raises
    ------
    TypeError
        If an entry of Phi or y is not a real number.
    ValueError
        If Phi or y has the wrong shape, is empty, or holds a NaN or an infinity.

    Notes
    -----
    See §1.2 (setup) and §2 (loss) of the paper. Both arrays are copied and stored as read-only
    doubles, so the cached Σ and alignments always match them.

    Examples
    --------
    >>> problem = LeastSquares([[1, 0], [0, 2]], [1, 1])
    >>> problem.n, problem.p
    (2, 2)
    >>> problem.Sigma
    array([[0.5, 0. ],
           [0. , 2. ]])
    >>> problem.alignment
    array([1., 2.])
    """

    Phi: Matrix
    y: Vector

    def __init__(self, Phi: ArrayLike, y: ArrayLike) -> None:
        features = _checks.matrix("Phi", Phi)
        targets = _checks.vector("y", y)
        if targets.size != features.shape[0]:
            raise ValueError(
                f"y must have one entry for each of the {features.shape[0]} rows of Phi, "
                f"got {targets.size}"
            )
        object.__setattr__(self, "Phi", _read_only(features))
        object.__setattr__(self, "y", _read_only(targets))

    @property
    def n(self) -> int:
        """Number of samples."""
        return int(self.Phi.shape[0])

    @property
    def p(self) -> int:
        """Number of features."""
        return int(self.Phi.shape[1])

    @cached_property
    def Sigma(self) -> Matrix:
        """Empirical (uncentred) covariance Σ = ΦᵀΦ/n, shape (p, p)."""
        return _read_only(self.Phi.T @ self.Phi / self.n)

    @cached_property
    def alignment(self) -> Vector:
        """Alignments φ_jᵀy of the features with the targets, shape (p,)."""
        return _read_only(self.Phi.T @ self.y)

    def loss(self, w: ArrayLike) -> float:
        """Loss L(w) = ‖Φw − y‖²/(2n) at weights w of shape (p,)."""
        w = _checks.vector("w", w, self.p)
        with np.errstate(over="ignore", invalid="ignore"):
            residual = self.Phi @ w - self.y
            loss = float(residual @ residual) / (2 * self.n)
        if not np.isfinite(loss):
            raise ValueError("w must have a loss within the range of doubles; rescale Phi or y")
        return loss

    def gradient(self, w: ArrayLike) -> Vector:
        """Gradient ∇L(w) = Φᵀ(Φw − y)/n at weights w of shape (p,)."""
        return self.Phi.T @ (self.Phi @ _checks.vector("w", w, self.p) - self.y) / self.n


def _read_only(a: NDArray[np.float64]) -> NDArray[np.float64]:
    a = a.copy()
    a.flags.writeable = False
    return a
