"""Example 2, uniform correlation: closed forms, IMP's order, and how often it is alignment's."""

from impbook.example_2.agreement import first_pruning_agreements, random_alignments
from impbook.example_2.correlation import (
    critical_alpha,
    mean_pull,
    printed_uniform_inverse,
    uniform_inverse,
)
from impbook.example_2.limit import uniform_alignment_limit
from impbook.example_2.order import first_pruned, uniform_correlation_path

__all__ = [
    "critical_alpha",
    "first_pruned",
    "first_pruning_agreements",
    "mean_pull",
    "printed_uniform_inverse",
    "random_alignments",
    "uniform_alignment_limit",
    "uniform_correlation_path",
    "uniform_inverse",
]
