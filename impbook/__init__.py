"""Iterative magnitude pruning in linear models.

This package belongs to an executable companion to Elesedy, Kanade & Teh, *Lottery Tickets in Linear
Models: An Analysis of Iterative Magnitude Pruning* (arXiv:2007.08243v3). Arguments keep the
paper's letters: Phi, y, w, T, q, Sigma, s, sigma, gamma, delta, alpha, p, n.

The names a reader of the paper would look for are exported here. Import everything else from the
module for its topic: `impbook.designs`, `impbook.noise`, `impbook.flow`,
`impbook.heuristics`, `impbook.example_2`, `impbook.example_3`, `impbook.nullspace`,
`impbook.concentration`, `impbook.counterexamples`, `impbook.monte_carlo`, `impbook.selection`.
"""

from impbook.concentration import (
    lemma_6_failure,
    lemma_6_radius,
    lemma_6_samples,
    theorem_5_samples,
)
from impbook.designs import gaussian_design, orthonormal_design, sparse_signal
from impbook.flow import gradient_descent, gradient_flow, integrate_flow
from impbook.heuristics import alignment_order, follows_alignment, kendall_tau
from impbook.monte_carlo import estimate_probability
from impbook.nullspace import identifiable, orthogonal_nullspace_property
from impbook.problem import LeastSquares
from impbook.pruning import PruningOrder, PruningPath, algorithm_1, imp
from impbook.thresholding import hard_threshold, iterative_hard_thresholding

__version__ = "0.1.0"

__all__ = [
    "LeastSquares",
    "PruningOrder",
    "PruningPath",
    "algorithm_1",
    "alignment_order",
    "estimate_probability",
    "follows_alignment",
    "gaussian_design",
    "gradient_descent",
    "gradient_flow",
    "hard_threshold",
    "identifiable",
    "imp",
    "integrate_flow",
    "iterative_hard_thresholding",
    "kendall_tau",
    "lemma_6_failure",
    "lemma_6_radius",
    "lemma_6_samples",
    "orthogonal_nullspace_property",
    "orthonormal_design",
    "sparse_signal",
    "theorem_5_samples",
]
