"""Example 3, pairwise incoherence: Neumann weights, the sufficient gap, Gaussian features."""

from impbook.example_3.gap import certifies_alignment, sharp_gap_example, sufficient_gap
from impbook.example_3.gaussian import gaussian_first_prunings, gaussian_problem
from impbook.example_3.incoherence import Incoherence, neumann_weights, pairwise_incoherence
from impbook.example_3.limit import gaussian_alignment_limit

__all__ = [
    "Incoherence",
    "certifies_alignment",
    "gaussian_alignment_limit",
    "gaussian_first_prunings",
    "gaussian_problem",
    "neumann_weights",
    "pairwise_incoherence",
    "sharp_gap_example",
    "sufficient_gap",
]
