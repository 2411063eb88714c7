"""The engine behind the exact path: down-dating instead of refitting.

`Downdating` costs about one inverse for a whole path. `Deletion` is for a matrix of any condition:
its error in a round is like that of a refit in that round, however ill-conditioned the rounds
before. `Refitting` is for the rest: a rank that a triangular factor does not show for certain, and
dependent features in units far apart. `Polynomial` and `Spectral` train for a finite time.

What is promised is what `impbook.gradient_flow` says, in every round. No theorem says so:
`tests/module/random_problems.py` compares weights and choices with refitting, within 500 times the
bound that perturbation theory gives.

At T = ∞ the large factorisations go through SciPy alone: NumPy's wheel brings a second BLAS, and
the threads of two wait for work at each other's expense.
"""

from __future__ import annotations

import numpy as np
import scipy.linalg

from impbook import _arrays
from impbook.elimination.deletion import Refitting, with_triangle
from impbook.elimination.downdating import with_inverse, with_null_projector
from impbook.elimination.finite_time import Polynomial, Spectral
from impbook.elimination.system import Engine, System

CONVERGED = 80.0  # T·λ_min at which e^{−Tλ} is below ε²: no start in doubles is remembered
TAME = 100.0  # T·λ_max up to which squaring Φ loses two digits, and no more

__all__ = ["Engine", "System", "make_engine"]


def make_engine(system: System, time: float) -> Engine:
    """The trained weights of a system, and the engine that prunes it.

    Parameters
    ----------
    system : System
        All features.
    time : float
        Training time in [0, inf], in units of 1/λ with λ an eigenvalue of AᵀA.

    Returns
    -------
    Engine
    """
    if np.isinf(time):
        A, b = _arrays.normal_range(system.A, system.b)
        return _at_convergence(System(A, b, system.start, system.features))
    small = system.rotated()
    s = scipy.linalg.svdvals(small.A)
    unit = float(s[0]) or 1.0
    with np.errstate(over="ignore"):
        scaled_time = min(time * unit * unit, 1e300)
    smallest = float(s[-1] / unit) ** 2 if s.size == system.features.size else 0.0
    if scaled_time * smallest > CONVERGED:
        return _at_convergence(system)
    scaled = System(small.A / unit, small.b / unit, small.start, small.features)
    if scaled_time <= TAME:
        return Polynomial(scaled, scaled_time)
    return Spectral(scaled, scaled_time)


def _at_convergence(system: System) -> Engine:
    k, m = system.A.shape
    fast = with_inverse(system) if m <= k else with_null_projector(system, _at_convergence)
    return fast or with_triangle(system, _at_convergence) or Refitting(system, _at_convergence)
