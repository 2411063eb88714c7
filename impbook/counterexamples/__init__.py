"""Counterexamples to Theorem 5 (ii), each with what is needed to check its every hypothesis."""

from impbook.counterexamples.adaptivity import (
    AdaptivityBound,
    AdaptivityRun,
    adaptivity_bound,
    adaptivity_design,
    adaptivity_failure,
    adaptivity_run,
)
from impbook.counterexamples.bias import (
    bias_counterexample,
    gaussian_bias_bound,
    unit_norm_counterexample,
)
from impbook.counterexamples.certificate import Certificate, Outcome, certify
from impbook.counterexamples.interlacing import interlacing_counterexample
from impbook.counterexamples.rational import ExactPath, exact_imp

__all__ = [
    "AdaptivityBound",
    "AdaptivityRun",
    "Certificate",
    "ExactPath",
    "Outcome",
    "adaptivity_bound",
    "adaptivity_design",
    "adaptivity_failure",
    "adaptivity_run",
    "bias_counterexample",
    "certify",
    "exact_imp",
    "gaussian_bias_bound",
    "interlacing_counterexample",
    "unit_norm_counterexample",
]
