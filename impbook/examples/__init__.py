"""Closed forms, bounds and trials for Examples 2 (uniform correlation) and 3 (incoherence)."""

from impbook.examples.certificate import certifies_alignment, sharp_gap_example, sufficient_gap
from impbook.examples.gaussian import gaussian_first_prunings, gaussian_problem
from impbook.examples.incoherence import Incoherence, neumann_weights, pairwise_incoherence
from impbook.examples.limits import gaussian_alignment_limit, uniform_alignment_limit
from impbook.examples.uniform import (
    critical_alpha,
    mean_pull,
    printed_uniform_inverse,
    uniform_inverse,
)
from impbook.examples.uniform_order import first_pruned, uniform_correlation_path
from impbook.examples.uniform_trials import first_pruning_agreements, random_alignments

__all__ = [
    "Incoherence",
    "certifies_alignment",
    "critical_alpha",
    "first_pruned",
    "first_pruning_agreements",
    "gaussian_alignment_limit",
    "gaussian_first_prunings",
    "gaussian_problem",
    "mean_pull",
    "neumann_weights",
    "pairwise_incoherence",
    "printed_uniform_inverse",
    "random_alignments",
    "sharp_gap_example",
    "sufficient_gap",
    "uniform_alignment_limit",
    "uniform_correlation_path",
    "uniform_inverse",
]
