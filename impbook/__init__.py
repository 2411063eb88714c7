"""Iterative magnitude pruning in linear models.

The module behind an executable companion to Elesedy, Kanade & Teh, *Lottery Tickets in Linear
Models: An Analysis of Iterative Magnitude Pruning* (arXiv:2007.08243v3). Arguments keep the
paper's letters: Phi, y, w, T, q, Sigma, s, sigma, gamma, delta, alpha, p, n.

Here stands what a reader of the paper would look for. Everything else is imported from the room of
the statement it serves, whose `__all__` lists it: `impbook.designs`, `impbook.flow`,
`impbook.heuristics`, `impbook.examples`, `impbook.nullspace`, `impbook.concentration`,
`impbook.counterexamples`, `impbook.trials`.
"""

from impbook.concentration import (
    lemma_6_failure,
    lemma_6_radius,
    lemma_6_samples,
    theorem_5_samples,
)
from impbook.designs import gaussian_design, orthonormal_design, sparse_signal
from impbook.flow import gradient_descent, gradient_flow, integrate_flow
from impbook.heuristics import alignment_path, follows_alignment, kendall_tau
from impbook.nullspace import identifiable, orthogonal_nullspace_property
from impbook.problem import LeastSquares
from impbook.pruning import PruningOrder, PruningPath, algorithm_1, imp
from impbook.thresholding import hard_threshold, iterative_hard_thresholding
from impbook.trials import estimate_probability

__version__ = "0.1.0"

__all__ = [
    "LeastSquares",
    "PruningOrder",
    "PruningPath",
    "algorithm_1",
    "alignment_path",
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
