"""Monte Carlo estimates of probabilities, for example that pruning fails, with exact intervals."""

from impbook.monte_carlo.intervals import Estimate, clopper_pearson
from impbook.monte_carlo.many import ManyPaths, estimate_false_exclusion, imp_many
from impbook.monte_carlo.replicates import estimate_probability

__all__ = [
    "Estimate",
    "ManyPaths",
    "clopper_pearson",
    "estimate_false_exclusion",
    "estimate_probability",
    "imp_many",
]
