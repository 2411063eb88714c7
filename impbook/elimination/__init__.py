"""Engines for `impbook.imp`: they update the trained weights as features are pruned.

With `Downdating`, a whole path costs about as much as inverting one matrix. `Deletion` works for
any condition number: in each round, its error is comparable to the error of a refit, even if the
features of earlier rounds were more ill-conditioned. `Polynomial` handles short training times.
`Refitting` handles the remaining cases: features whose rank cannot be read off a triangular factor
with certainty, dependent features in very different units, and training times that are neither
short nor long enough for convergence.

In every round, the weights should have the accuracy stated in `impbook.gradient_flow`. This is
tested, not proved: `tests/module/random_problems.py` compares the weights and the pruned features
with the results of refitting, and allows errors of up to 500 times the bound from perturbation
theory.

At T = ∞, the large factorisations use only SciPy's BLAS. NumPy's wheel comes with a second BLAS,
and the threads of the two would slow each other down.
"""

from __future__ import annotations

from functools import partial

import numpy as np
import scipy.linalg

from impbook import _arrays
from impbook.elimination.deletion import with_triangle
from impbook.elimination.downdating import with_inverse, with_null_projector
from impbook.elimination.finite_time import Polynomial
from impbook.elimination.system import Engine, Refitting, System
from impbook.flow import flow_solution, least_squares

CONVERGED = 80.0  # if T·λ_min is above this, every e^{−Tλ} is below ε²: w_init has no effect
TAME = 100.0  # if T·λ_max is at most this, forming ΦᵀΦ loses at most two digits

__all__ = ["Engine", "System", "make_engine"]


def make_engine(system: System, time: float) -> Engine:
    """Choose the engine that computes the trained weights of a system and prunes its features.

    Parameters
    ----------
    system : System
        The least-squares problem on all features.
    time : float
        Training time T in [0, inf], for gradient flow on ‖Aw − b‖²/2.

    Returns
    -------
    Engine
    """
    if np.isinf(time):
        A, b = _arrays.normal_range(system.A, system.b)
        return _at_convergence(System(A, b, system.start, system.features))
    small = system.rotated()
    _, s, _, e = _arrays.decomposition(small.A)
    # `smallest` is a lower bound on the smallest singular value of A.
    smallest = float(np.ldexp(s[-1], e.min())) if s.size == e.size else 0.0
    if time * smallest * smallest > CONVERGED:
        return _at_convergence(system)
    unit = float(scipy.linalg.svdvals(small.A)[0]) or 1.0
    if time * unit * unit <= TAME:
        scaled = System(small.A / unit, small.b / unit, small.start, small.features)
        return Polynomial(scaled, time * unit * unit)
    return _after(time, small)


def _after(time: float, system: System) -> Engine:
    return Refitting(system, partial(flow_solution, time=time), partial(_after, time))


def _at_convergence(system: System) -> Engine:
    k, m = system.A.shape
    go_on = _at_convergence
    fast = with_inverse(system) if m <= k else with_null_projector(system, go_on)
    return fast or with_triangle(system, go_on) or Refitting(system, least_squares, go_on)
