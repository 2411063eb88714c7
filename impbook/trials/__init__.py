"""Monte Carlo with exact intervals: any event on any executor, or many noises for a fixed Φ."""

from impbook.trials.intervals import Estimate, clopper_pearson
from impbook.trials.many import ManyPaths, estimate_false_exclusion, imp_orders
from impbook.trials.replicates import estimate_probability
from impbook.trials.sweep import sweep

__all__ = [
    "Estimate",
    "ManyPaths",
    "clopper_pearson",
    "estimate_false_exclusion",
    "estimate_probability",
    "imp_orders",
    "sweep",
]
