"""Lemma 6, Theorem 5 and its repairs: how many samples pruning needs to keep the signals."""

from impbook.concentration.comparison import empirical_sample_size, failures_at, required_samples
from impbook.concentration.geometry import (
    coupling,
    inverse_norm_bound,
    max_inverse_norm,
    smallest_nonzero_eigenvalue,
    worst_eigenvalue,
)
from impbook.concentration.guarantee import Guarantee, guarantee
from impbook.concentration.lemma_6 import (
    lemma_6_failure,
    lemma_6_radius,
    lemma_6_samples,
    lemma_6_steps,
    noise_weights,
    sharp_lemma_6_failure,
    sharp_lemma_6_samples,
)
from impbook.concentration.lower import lower_samples
from impbook.concentration.reflection import theorem_5_worst_failure
from impbook.concentration.setting import Setting, setting_of
from impbook.concentration.theorem_5 import theorem_5_samples
from impbook.concentration.unions import null_failure
from impbook.concentration.versions import (
    VERSIONS,
    Version,
    bounded_inverse,
    incoherent,
    interpolated,
    one_shot,
    printed,
    reflected,
    two_norm,
    uncorrelated,
    union,
)

__all__ = [
    "VERSIONS",
    "Guarantee",
    "Setting",
    "Version",
    "bounded_inverse",
    "coupling",
    "empirical_sample_size",
    "failures_at",
    "guarantee",
    "incoherent",
    "interpolated",
    "inverse_norm_bound",
    "lemma_6_failure",
    "lemma_6_radius",
    "lemma_6_samples",
    "lemma_6_steps",
    "lower_samples",
    "max_inverse_norm",
    "noise_weights",
    "null_failure",
    "one_shot",
    "printed",
    "reflected",
    "required_samples",
    "setting_of",
    "sharp_lemma_6_failure",
    "sharp_lemma_6_samples",
    "smallest_nonzero_eigenvalue",
    "theorem_5_samples",
    "theorem_5_worst_failure",
    "two_norm",
    "uncorrelated",
    "union",
    "worst_eigenvalue",
]
