"""Iterative magnitude pruning in linear models.

The module behind an executable companion to Elesedy, Kanade & Teh, *Lottery Tickets in Linear
Models: An Analysis of Iterative Magnitude Pruning* (arXiv:2007.08243v3). Arguments keep the
paper's letters: Phi, y, w, T, q, Sigma, s, sigma, gamma, delta, alpha, p, n.
"""

from impbook.designs import (
    NOISES,
    bounded_noise,
    design_with_covariance,
    gaussian_noise,
    orthonormal_design,
    rademacher_noise,
    sparse_signal,
)
from impbook.flow import gradient_descent, gradient_flow, integrate_flow
from impbook.heuristics import alignment_path
from impbook.problem import LeastSquares
from impbook.pruning import PruningOrder, PruningPath, algorithm_1, imp

__all__ = [
    "NOISES",
    "LeastSquares",
    "PruningOrder",
    "PruningPath",
    "algorithm_1",
    "alignment_path",
    "bounded_noise",
    "design_with_covariance",
    "gaussian_noise",
    "gradient_descent",
    "gradient_flow",
    "imp",
    "integrate_flow",
    "orthonormal_design",
    "rademacher_noise",
    "sparse_signal",
]
