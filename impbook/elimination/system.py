"""The least-squares problem on the remaining features, and the interface of the engines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np
import scipy.linalg
from scipy.linalg.blas import dnrm2
from scipy.linalg.lapack import dtrtrs

from impbook._arrays import Indices, Matrix, Vector


@dataclass(frozen=True, eq=False)
class System:
    """Least squares on the remaining features: minimise ‖Aw − b‖ by training from w = start.

    Attributes
    ----------
    A : ndarray, shape (k, m)
        Remaining features, one per column; the rows may have been rotated.
    b : ndarray, shape (k,)
        Targets, rotated in the same way.
    start : ndarray, shape (m,)
        Initial weights of the remaining features.
    features : ndarray of int, shape (m,)
        Indices of the remaining features, in ascending order.
    """

    A: Matrix
    b: Vector
    start: Vector
    features: Indices

    def take(self, positions: Indices) -> System:
        """The system with only the features in the given positions."""
        A = self.A.take(positions, axis=1)
        return System(A, self.b, self.start[positions], self.features[positions])

    def rotated(self) -> System:
        """The same problem, reduced to at most m rows by a QR factorisation."""
        k, m = self.A.shape
        if k <= m:
            return self
        (R,) = scipy.linalg.qr(np.column_stack((self.A, self.b)), mode="r", check_finite=False)
        return System(R[:m, :m], R[:m, m], self.start, self.features)


@lru_cache
def probe(size: int) -> Vector:
    """A fixed vector of standard normal entries. It is cached: do not modify it."""
    return np.random.default_rng(0).standard_normal(size)


def largest_eigenvalue(times: Callable[[Vector], Vector], size: int) -> float:
    """Lower estimate of λ_max of the positive definite map `times`, by five power iterations."""
    v = probe(size)
    for _ in range(5):
        v = times(v / dnrm2(v))
    return float(dnrm2(v))


def smallest_singular_value(R: Matrix) -> float:
    """Upper estimate of σ_min of a triangular R: inf if R is empty; 0 or NaN if R is singular."""
    if not R.size or not R.diagonal().all():
        return 0.0 if R.size else np.inf
    with np.errstate(all="ignore"):
        found = largest_eigenvalue(lambda v: dtrtrs(R, dtrtrs(R, v, trans=1)[0])[0], len(R))
    return float(found**-0.5)


class Engine(Protocol):
    """Trained weights of the remaining features, kept up to date while features are pruned."""

    features: Indices  # in ascending order, shape (m,)
    w: Vector  # trained weights, shape (m,); inf for a pruned feature still in `features`

    def remove(self, j: int) -> Engine:
        """Prune feature `features[j]`, and return the engine for the next round."""


GoOn = Callable[[System], Engine]  # chooses an engine for the system and returns it


class Refitting:
    """Engine that refits the weights in each round, until `go_on` finds a faster engine.

    Parameters
    ----------
    system : System
        The least-squares problem.
    fit : callable
        Returns the trained weights for A, b and the start.
    go_on : callable
        Maps a System to the engine of the next round.
    """

    def __init__(self, system: System, fit: Callable[..., Vector], go_on: GoOn) -> None:
        self._system, self._go_on, self.features = system, go_on, system.features
        self.w: Vector = fit(system.A, system.b, system.start)

    def remove(self, j: int) -> Engine:
        """Prune feature `features[j]`, and return the engine for the next round."""
        return self._go_on(self._system.take(np.delete(np.arange(self.features.size), j)))
