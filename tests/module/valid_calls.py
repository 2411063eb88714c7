"""One valid call of every public function of impbook, by name, for `refusals` to make invalid.

For a new function, add one line with its name and a value for every argument. Keep calls cheap,
because `refusals` makes thousands of them. A method takes its object as the argument `self`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from impbook import LeastSquares, alignment_order
from impbook.concentration import VERSIONS, setting_of
from impbook.designs import design_with_covariance
from impbook.noise import gaussian_noise

SIGMA = np.array([[1.0, 0.1, 0.0], [0.1, 1.0, 0.1], [0.0, 0.1, 1.0]])
PHI = design_with_covariance(4, SIGMA, rng=0)
s = np.array([2.0, 0.0, 0.0])
y = PHI @ s + [0.1, -0.1, 0.2, 0.1]
w = np.array([1.0, 2.0, 3.0])
ACTIVE = np.array([True, True, False])
PROBLEM = LeastSquares(PHI, y)
ORDER = alignment_order(PROBLEM, 1)
SETTING = replace(setting_of(PHI, s, gamma=1.0), coupling=0.0)


def slope(w: Any) -> Any:
    """The gradient of ‖w‖²/2."""
    return w


def train(w0: Any, active: Any) -> Any:
    """A trainer that adds 1 to each active weight."""
    return np.where(active, w0 + 1.0, 0.0)


def coin(rng: Any) -> bool:
    """An event of probability 1/2."""
    return bool(rng.random() < 0.5)


level: dict[str, Any] = {"sigma": 1.0, "lambda_min": 0.5}
size: dict[str, Any] = {"gamma": 1.0, "delta": 0.05, "p": 4}
star: dict[str, Any] = {"m": 9, "C": 0.9, "N": 2.0}
hub: dict[str, Any] = {"K": 4, "b": 1.0, "g": 1.0, "r": 2.0, "nu": 1.0}
draws: dict[str, Any] = {"sigma": 1.0, "rng": 0}
uniform: dict[str, Any] = {"p": 3, "alpha": 0.4, "trials": 2, "n": 10, "signal": 1.0} | draws
exact: dict[str, Any] = {"sigma": "1/4", "gamma": 1, "delta": "1/20", "lambda_min": 1}
shape: dict[str, Any] = {"n": 5, "p": 3, "rng": 0}
flow: dict[str, Any] = {"T": 1.0, "w0": w, "active": ACTIVE}

CALLS: dict[str, dict[str, Any]] = {
    # the problem and how it is trained
    "LeastSquares": {"Phi": PHI, "y": y},
    "LeastSquares.loss": {"self": PROBLEM, "w": w},
    "LeastSquares.gradient": {"self": PROBLEM, "w": w},
    "gradient_flow": {"problem": PROBLEM} | flow,
    "integrate_flow": {"gradient": slope, "rtol": 1e-6, "atol": 1e-6, "method": "LSODA"} | flow,
    "gradient_descent": {"gradient": slope, "w0": w, "step_size": 0.1, "steps": 3, "active": None},
    "converged_loss": {"problem": PROBLEM, "active": ACTIVE},
    # pruning
    "algorithm_1": {"train": train, "w_init": w, "q": 1},
    "imp": {"problem": PROBLEM, "q": 1, "T": 1.0, "w_init": w, "per_round": 1, "keep": "all"},
    "alignment_order": {"problem": PROBLEM, "q": 1},
    "follows_alignment": {"problem": PROBLEM, "q": 1, "T": 1.0, "w_init": w},
    "removal_costs": {"problem": PROBLEM},
    "backward_elimination": {"problem": PROBLEM, "q": 1},
    "refitted": {"problem": PROBLEM, "order": ORDER},
    "kendall_tau": {"first": ORDER, "second": ORDER},
    "hard_threshold": {"z": w, "tau": 1.0},
    "iterative_hard_thresholding": {"Psi": PHI, "y": y, "tau": 0.1, "step_size": 0.1, "steps": 3},
    # nullspaces
    "orthogonal_nullspace_property": {"A": PHI, "S": [0, 1]},
    "identifiable": {"A": PHI, "S": [0, 1]},
    "nullspace_constant": {"A": PHI, "S": [0, 1]},
    "restricted_nullspace_property": {"A": PHI, "S": [0, 1]},
    "weak_threshold": {"undersampling": 0.5},
    # designs
    "orthonormal_design": shape,
    "gaussian_design": shape,
    "incoherent_design": shape | {"delta_PW": 0.1},
    "perturbed_orthonormal_design": shape | {"delta_PW": 0.1},
    "equiangular_design": {"n": 6, "p": 6, "delta_PW": 0.1, "rng": 0},
    "uniform_correlation_design": shape | {"alpha": 0.4},
    "design_with_covariance": {"n": 4, "Sigma": SIGMA, "rng": 0},
    "normalise": {"Phi": PHI},
    "gradient_features": {"X": PHI, "W": SIGMA, "a": w},
    "sparse_signal": {"p": 4, "k": 2, "magnitude": 1.0, "rng": 0},
    "targets_with_alignment": {"Phi": PHI, "a": w},
    "gaussian_noise": {"n": 3} | draws,
    "rademacher_noise": {"n": 3} | draws,
    "bounded_noise": {"n": 3} | draws,
    "three_point_noise": {"n": 3, "level": 2.0} | draws,
    "three_point_mass": {"level": 2.0},
    # examples 1 to 3
    "uniform_inverse": {"p": 3, "alpha": 0.4},
    "printed_uniform_inverse": {"p": 3, "alpha": 0.4},
    "mean_pull": {"m": 3, "alpha": 0.4},
    "critical_alpha": {"a": w},
    "first_pruned": {"a": w[None], "alpha": 0.4},
    "uniform_correlation_path": {"a": w, "alpha": 0.4, "q": 1},
    "random_alignments": uniform,
    "uniform_alignment_limit": {"c": 1.0},
    "first_pruning_agreements": uniform,
    "pairwise_incoherence": {"Phi": PHI},
    "neumann_weights": {"problem": PROBLEM, "terms": 2},
    "sufficient_gap": {"p": 4, "delta_PW": 0.1},
    "sharp_gap_example": {"p": 4, "delta_PW": 0.1, "shortfall": 0.1},
    "certifies_alignment": {"problem": PROBLEM, "by": "rows"},
    "gaussian_problem": shape,
    "gaussian_first_pruned": shape | {"trials": 2},
    "gaussian_alignment_limit": {"r": 1.0},
    # Monte Carlo
    "clopper_pearson": {"successes": 1, "trials": 5, "confidence": 0.9},
    "imp_many": {"Phi": PHI, "Y": y[None], "q": 1},
    "estimate_false_exclusion": {"Phi": PHI, "s": s, "q": 1, "trials": 3, "gamma": 1.0}
    | {"noise": gaussian_noise, "confidence": 0.9}
    | draws,
    "estimate_probability": {"event": coin, "trials": 3, "rng": 0, "executor": None}
    | {"confidence": 0.9},
    # Lemma 6, Theorem 5 and its versions
    "lemma_6_samples": {"eps": 0.5, "delta": 0.05, "p": 4} | level,
    "lemma_6_radius": {"n": 40, "delta": 0.05, "p": 4} | level,
    "lemma_6_failure": {"eps": 0.5, "n": 40, "p": 4} | level,
    "lemma_6_steps": {"delta": 0.05, "Phi": PHI, "draws": 20, "rng": 0},
    "sharp_lemma_6_samples": {"eps": 0.5, "delta": 0.05, "Phi": PHI, "sigma": 1.0},
    "sharp_lemma_6_failure": {"eps": 0.5, "Phi": PHI, "sigma": 1.0},
    "noise_weights": {"Phi": PHI, "trials": 3, "noise": gaussian_noise} | draws,
    "smallest_nonzero_eigenvalue": {"Phi": PHI},
    "worst_eigenvalue": {"Phi": PHI, "S": [0]},
    "max_inverse_norm": {"Phi": PHI, "S": [0]},
    "inverse_norm_bound": {"Phi": PHI},
    "coupling": {"Phi": PHI, "S": [0]},
    "theorem_5_samples": size | level,
    "Setting": vars(SETTING),
    "Setting.need": {"self": SETTING, "name": "k"},
    "Setting.unit": {"self": SETTING, "lambda_min": 0.5},
    "setting_of": {"Phi": PHI, "s": s, "gamma": 1.0, "sigma": 1.0, "halving": False},
    **{
        version.samples.__name__: {"setting": SETTING, "delta": 0.05}
        for version in VERSIONS.values()
    },
    "lower_samples": {"setting": SETTING, "delta": 0.05},
    "null_failure": {"setting": SETTING, "n": 40, "threshold": 0.5},
    "theorem_5_worst_failure": {"delta": 0.05, "p": 4, "k": 1},
    "required_samples": {
        "Phi": PHI,
        "s": s,
        "gamma": 1.0,
        "delta": 0.05,
        "sigma": 1.0,
        "halving": False,
    },
    "guarantee": {"Phi": PHI, "w": w, "sigma": 1.0, "delta": 0.05, "names": None},
    "empirical_sample_size": {"Phi": PHI, "s": s, "gamma": 1.0, "delta": 0.3, "trials": 10}
    | {"noise": gaussian_noise}
    | draws,
    "failures_at": {"Phi": PHI, "s": s, "gamma": 1.0, "delta": 0.05, "trials": 3}
    | {"noise": gaussian_noise}
    | draws,
    # counterexamples
    "exact_imp": {"Phi": [[1, 0], [1, 2], [0, 3]], "y": [1, 2, 1], "q": 1},
    "certify": {"Phi": [[2, 0], [0, 2]], "s": [1, 0], "q": 1} | exact,
    "bias_counterexample": {"B": 10, "delta": "1/20", "sigma": "3/100"},
    "gaussian_bias_bound": {"B": 10, "delta": 0.05},
    "unit_norm_counterexample": {},
    "interlacing_counterexample": {},
    "hub_design": hub,
    "hub_lambda_min": hub,
    "hub_run": hub | {"ratio": 2.0, "rng": 0},
    "estimate_hub_failure": hub | {"ratio": 2.0, "trials": 3, "rng": 0},
    "shared_row_design": {"m": 3, "B": 0.75},
    "shared_row_noise": {"m": 3, "eta": 0.25, "rng": 0},
    "star_design": star,
    "star_sinking": star | {"gamma": 2.0, "pi": 0.1, "r": 0.4},
    "star_failure": star | {"gamma": 2.0, "pi": 0.1, "r": 0.4},
}
