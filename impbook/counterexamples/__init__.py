"""Counterexamples to Theorem 5 (ii), and an exact check of the theorem on small examples."""

from impbook.counterexamples.certificate import Certificate, Outcome, certify
from impbook.counterexamples.certified import (
    bias_counterexample,
    gaussian_bias_bound,
    interlacing_counterexample,
    unit_norm_counterexample,
)
from impbook.counterexamples.hub import (
    HubRun,
    estimate_hub_failure,
    hub_design,
    hub_lambda_min,
    hub_run,
)
from impbook.counterexamples.rational import ExactPath, exact_imp
from impbook.counterexamples.shared_row import shared_row_design, shared_row_noise
from impbook.counterexamples.star import star_design, star_failure, star_sinking

__all__ = [
    "Certificate",
    "ExactPath",
    "HubRun",
    "Outcome",
    "bias_counterexample",
    "certify",
    "estimate_hub_failure",
    "exact_imp",
    "gaussian_bias_bound",
    "hub_design",
    "hub_lambda_min",
    "hub_run",
    "interlacing_counterexample",
    "shared_row_design",
    "shared_row_noise",
    "star_design",
    "star_failure",
    "star_sinking",
    "unit_norm_counterexample",
]
