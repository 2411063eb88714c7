"""How close the trained weights are to the signal: Lemma 6, Theorem 5 and its repairs."""

from impbook.concentration.comparison import (
    asked_samples,
    failures_at,
    needed_samples,
)
from impbook.concentration.geometry import (
    inverse_norm_bound,
    leakage,
    max_inverse_norm,
    worst_eigenvalue,
)
from impbook.concentration.lemma_6 import (
    lemma_6_failure,
    lemma_6_radius,
    lemma_6_samples,
    lemma_6_steps,
    noise_weights,
    sharp_lemma_6_failure,
    sharp_lemma_6_samples,
    smallest_nonzero_eigenvalue,
    theorem_5_samples,
)
from impbook.concentration.repairs import (
    bounded_inverse_samples,
    incoherent_samples,
    interpolated_samples,
    null_failure,
    one_shot_samples,
    two_norm_samples,
    uncorrelated_samples,
)
from impbook.concentration.unions import (
    coin_lower_samples,
    theorem_5_worst_failure,
    two_stage_failure,
    two_stage_samples,
    union_failure,
    union_samples,
)

__all__ = [
    "asked_samples",
    "bounded_inverse_samples",
    "coin_lower_samples",
    "failures_at",
    "incoherent_samples",
    "interpolated_samples",
    "inverse_norm_bound",
    "leakage",
    "lemma_6_failure",
    "lemma_6_radius",
    "lemma_6_samples",
    "lemma_6_steps",
    "max_inverse_norm",
    "needed_samples",
    "noise_weights",
    "null_failure",
    "one_shot_samples",
    "sharp_lemma_6_failure",
    "sharp_lemma_6_samples",
    "smallest_nonzero_eigenvalue",
    "theorem_5_samples",
    "theorem_5_worst_failure",
    "two_norm_samples",
    "two_stage_failure",
    "two_stage_samples",
    "uncorrelated_samples",
    "union_failure",
    "union_samples",
    "worst_eigenvalue",
]
