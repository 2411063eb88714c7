"""Integer arguments accept the documented minimum and reject the integer below it."""

import pytest
from refusals import public_callables
from valid_calls import CALLS

FUNCTIONS = public_callables()

FEWEST = [
    ("gradient_descent", {"steps": 0}, {}),
    ("imp", {"q": 0}, {}),
    ("imp", {"per_round": 1}, {}),
    ("iterative_hard_thresholding", {"steps": 0}, {}),
    ("orthonormal_design", {"p": 1}, {}),
    ("orthonormal_design", {"n": 3}, {}),
    ("gaussian_design", {"n": 1}, {}),
    ("gaussian_design", {"p": 1}, {}),
    ("incoherent_design", {"p": 2}, {}),
    ("incoherent_design", {"n": 3}, {}),
    ("sparse_signal", {"k": 0}, {}),
    ("sparse_signal", {"p": 1}, {"k": 0}),
    ("uniform_inverse", {"p": 1}, {}),
    ("printed_uniform_inverse", {"p": 1}, {}),
    ("mean_pull", {"m": 1}, {}),
    ("random_alignments", {"trials": 1}, {}),
    ("random_alignments", {"p": 1}, {}),
    ("random_alignments", {"n": 3}, {}),
    ("first_pruning_agreements", {"trials": 1}, {}),
    ("neumann_weights", {"terms": 1}, {}),
    ("sufficient_gap", {"p": 2}, {}),
    ("sharp_gap_example", {"p": 3}, {}),
    ("gaussian_problem", {"p": 1}, {}),
    ("gaussian_problem", {"n": 3}, {}),
    ("gaussian_first_pruned", {"trials": 1}, {}),
    ("gaussian_first_pruned", {"n": 3}, {}),
    ("gaussian_noise", {"n": 1}, {}),
    ("estimate_false_exclusion", {"trials": 1}, {}),
    ("estimate_probability", {"trials": 1}, {}),
    ("lemma_6_radius", {"n": 1}, {}),
    ("lemma_6_failure", {"n": 1}, {}),
    ("lemma_6_failure", {"p": 1}, {}),
    ("lemma_6_samples", {"p": 1}, {}),
    ("lemma_6_steps", {"draws": 1}, {}),
    ("noise_weights", {"trials": 1}, {}),
    ("theorem_5_samples", {"p": 1}, {}),
    ("theorem_5_worst_failure", {"p": 1}, {}),
    ("shared_row_design", {"m": 1}, {}),
    ("shared_row_noise", {"m": 1}, {}),
    ("bias_counterexample", {"B": 2}, {}),
    ("gaussian_bias_bound", {"B": 2}, {}),
]


@pytest.mark.parametrize(("name", "count", "other"), FEWEST)
def test_the_lowest_count_passes_and_one_below_does_not(name, count, other):
    ((argument, lowest),) = count.items()
    call = CALLS[name] | other
    FUNCTIONS[name](**call | count)
    with pytest.raises(ValueError, match=rf"{argument} must be"):
        FUNCTIONS[name](**call | {argument: lowest - 1})
