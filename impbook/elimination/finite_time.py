"""Pruning with a short training time: one polynomial in AᵀA gives the weights of every round."""

from __future__ import annotations

import numpy as np
from scipy.fft import dct
from scipy.special import exprel

from impbook._arrays import Vector
from impbook.elimination.system import Engine, System


class Polynomial:
    """Engine that computes the trained weights of every round with the same polynomial in AᵀA.

    Parameters
    ----------
    system : System
        The least-squares problem, scaled so that λ_max(AᵀA) is at most 1.
    time : float
        Training time T of the scaled system.

    Notes
    -----
    Let Σ = AᵀA and φ(x) = (1 − e^{−x})/x, and let g be the negative gradient of ‖Aw − b‖²/2 at the
    start. Then the trained weights are w(T) = start + T φ(TΣ) g. By interlacing, the eigenvalues of
    Σ stay in [0, 1] as features are pruned. So all rounds can use the same Chebyshev polynomial,
    which equals φ on [0, T] up to rounding. Its degree grows like √T.
    """

    def __init__(self, system: System, time: float) -> None:
        self.features = system.features
        self._start, self._alignment = system.start, system.A.T @ system.b
        self._gram = system.A.T @ system.A
        self._coefficients = time * _chebyshev_coefficients(time)
        self._train()

    def _train(self) -> None:
        g = self._alignment - self._gram @ self._start
        twice_u = 4 * self._gram - 2 * np.eye(g.size)
        b1, b2 = np.zeros_like(g), np.zeros_like(g)
        for ag in np.multiply.outer(self._coefficients[:0:-1], g):  # Clenshaw's recurrence
            b1, b2 = twice_u @ b1 + (ag - b2), b1
        self.w: Vector = self._start + (self._coefficients[0] * g + (twice_u @ b1) / 2 - b2)

    def remove(self, j: int) -> Engine:
        """Prune feature `features[j]`, and return this engine."""
        self.features = np.delete(self.features, j)
        self._start, self._alignment = np.delete(self._start, j), np.delete(self._alignment, j)
        self._gram = np.delete(np.delete(self._gram, j, axis=0), j, axis=1)
        self._train()
        return self


def _chebyshev_coefficients(reach: float) -> Vector:
    """Chebyshev coefficients of φ(x) = (1 − e^{−x})/x on [0, reach], except negligible ones."""
    size = int(18 + 6 * np.sqrt(reach))
    x = reach * np.cos(np.pi * (np.arange(size) + 0.5) / (2 * size)) ** 2
    coefficients: Vector = dct(exprel(-x)) / size
    coefficients[0] /= 2
    return coefficients
