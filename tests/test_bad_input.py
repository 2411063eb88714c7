"""Every public function refuses bad input before any work and says what was wrong."""

import numpy as np
import pytest

from impbook import (
    LeastSquares,
    algorithm_1,
    alignment_path,
    gradient_descent,
    gradient_flow,
    hard_threshold,
    imp,
    integrate_flow,
    iterative_hard_thresholding,
    orthonormal_design,
    sparse_signal,
)
from impbook.designs import bounded_noise, design_with_covariance, gaussian_noise, rademacher_noise

I3 = np.eye(3)
PROBLEM = LeastSquares(I3, np.ones(3))
NAN, INF = np.nan, np.inf


def train(w0, active):
    raise AssertionError("input must be refused before any training")


def slope(w):
    raise AssertionError("input must be refused before any gradient is taken")


# (call, exception, what the message must say)
BAD = [
    # problem
    (lambda: LeastSquares(np.ones(3), np.ones(3)), ValueError, r"Phi must have 2 dim.*\(3,\)"),
    (lambda: LeastSquares(I3, I3), ValueError, r"y must have 1 dimension.*\(3, 3\)"),
    (lambda: LeastSquares(I3, np.ones(2)), ValueError, "y must have one entry .* 3 rows.*got 2"),
    (lambda: LeastSquares(np.ones((0, 3)), []), ValueError, r"Phi must not be empty.*\(0, 3\)"),
    (lambda: LeastSquares([[NAN]], [1]), ValueError, r"Phi must be finite, got nan .*\(0, 0\)"),
    (lambda: LeastSquares([[1.0]], [INF]), ValueError, r"y must be finite, got inf"),
    (lambda: LeastSquares([[1j]], [1]), TypeError, "Phi must hold real numbers, got dtype comp"),
    (lambda: LeastSquares([["a"]], [1]), TypeError, "Phi must hold real numbers"),
    (lambda: LeastSquares([[1, 2], [3]], [1, 2]), ValueError, "Phi must be a rectangular array"),
    (lambda: PROBLEM.loss([1, 2]), ValueError, "w must have 3 entries, got 2"),
    (lambda: PROBLEM.gradient([1, 2, NAN]), ValueError, "w must be finite"),
    # flow
    (lambda: gradient_flow(PROBLEM, -1), ValueError, r"T must be .* in \[0, inf\], got -1"),
    (lambda: gradient_flow(PROBLEM, NAN), ValueError, "T must be a number, got nan"),
    (lambda: gradient_flow(PROBLEM, "1"), TypeError, "T must be a real number, got '1'"),
    (lambda: gradient_flow(PROBLEM, [1.0]), TypeError, "T must be a real number"),
    (lambda: gradient_flow(PROBLEM, 1, [1, 2]), ValueError, "w0 must have 3 entries, got 2"),
    (lambda: gradient_flow(PROBLEM, 1, [1, 2, INF]), ValueError, "w0 must be finite"),
    (
        lambda: gradient_flow(PROBLEM, 1, active=[0, 1]),
        ValueError,
        r"active must be a boolean mask of shape \(3,\), got dtype int64, shape \(2,\)",
    ),
    (lambda: integrate_flow(slope, INF, [1.0]), ValueError, "T must be finite .* got inf"),
    (lambda: integrate_flow(slope, -1, [1.0]), ValueError, "T must be a training time"),
    (lambda: integrate_flow(slope, 1, [NAN]), ValueError, "w0 must be finite"),
    (
        lambda: integrate_flow(lambda w: [1, 2], 1, [1.0]),
        ValueError,
        r"gradient must return shape \(1,\) .* got \(2,\)",
    ),
    (
        lambda: integrate_flow(lambda w: w * NAN, 1, [1.0]),
        ValueError,
        "gradient must return numbers, got nan",
    ),
    (
        lambda: gradient_descent(PROBLEM.gradient, np.zeros(3), step_size=6.0, steps=1),
        ValueError,
        "step_size must be below 2/λ_max = 6 .* got 6",
    ),
    (
        lambda: gradient_descent(slope, [1.0], step_size=0, steps=1),
        ValueError,
        "step_size must be positive and finite, got 0",
    ),
    (
        lambda: gradient_descent(slope, [1.0], step_size=NAN, steps=1),
        ValueError,
        "step_size must be a number, got nan",
    ),
    (
        lambda: gradient_descent(slope, [1.0], step_size=1, steps=-1),
        ValueError,
        "steps must be at least 0, got -1",
    ),
    (
        lambda: gradient_descent(slope, [1.0], step_size=1, steps=1.5),
        TypeError,
        "steps must be an integer, got 1.5",
    ),
    (
        lambda: gradient_descent(PROBLEM.gradient, np.zeros(2), step_size=1, steps=1),
        ValueError,
        "w0 must have 3 entries, got 2",
    ),
    # pruning
    (
        lambda: imp(PROBLEM, 3),
        ValueError,
        "q must be an integer with 0 <= q < p = 3, got 3: pruning every feature leaves nothing",
    ),
    (lambda: imp(PROBLEM, -1), ValueError, "0 <= q < p = 3, got -1"),
    (lambda: imp(PROBLEM, 1.0), TypeError, "q must be an integer, got 1.0"),
    (lambda: imp(PROBLEM, True), TypeError, "q must be an integer, got True"),
    (lambda: imp(PROBLEM, 1, T=-0.1), ValueError, "T must be a training time"),
    (lambda: imp(PROBLEM, 1, w_init=[1, 2]), ValueError, "w_init must have 3 entries, got 2"),
    (lambda: imp(PROBLEM, 1, w_init=[1, 2, NAN]), ValueError, "w_init must be finite"),
    (lambda: imp(PROBLEM, 1, per_round=0), ValueError, "per_round must be at least 1, got 0"),
    (lambda: imp(PROBLEM, 1, per_round=1.0), ValueError, "a share strictly between 0 and 1"),
    (lambda: imp(PROBLEM, 1, per_round=NAN), ValueError, "a share strictly between 0 and 1"),
    (lambda: imp(PROBLEM, 1, per_round="1"), TypeError, "per_round must be an integer, got '1'"),
    (lambda: imp(PROBLEM, 1, keep="first"), ValueError, "keep must be one of 'all', 'last', got"),
    (lambda: algorithm_1(train, [1.0, 2.0], 2), ValueError, "0 <= q < p = 2, got 2"),
    (lambda: algorithm_1(train, [1.0, NAN], 1), ValueError, "w_init must be finite"),
    (lambda: algorithm_1(train, [], 0), ValueError, "w_init must not be empty"),
    (lambda: alignment_path(PROBLEM, 3), ValueError, "0 <= q < p = 3, got 3"),
    # designs
    (
        lambda: orthonormal_design(2, 3),
        ValueError,
        "n must be at least 3, got 2: p = 3 orthogonal features need n >= p samples",
    ),
    (lambda: orthonormal_design(3, 0), ValueError, "p must be at least 1, got 0"),
    (lambda: design_with_covariance(1, np.eye(2)), ValueError, "n must be at least 2, got 1"),
    (lambda: design_with_covariance(3, np.ones((2, 3))), ValueError, "Sigma must be square"),
    (
        lambda: design_with_covariance(3, [[1, 2], [3, 4]]),
        ValueError,
        "Sigma must be symmetric, but differs from its transpose by 1",
    ),
    (
        lambda: design_with_covariance(3, -np.eye(2)),
        ValueError,
        "Sigma must be positive semidefinite, got the eigenvalue -1",
    ),
    (lambda: sparse_signal(3, 4), ValueError, "k must be between 0 and 3, got 4"),
    (lambda: sparse_signal(3, 1, magnitude=0), ValueError, "magnitude must be positive"),
    (lambda: gaussian_noise(0), ValueError, "n must be at least 1, got 0"),
    (lambda: rademacher_noise(3, sigma=-1), ValueError, "sigma must be nonnegative .* got -1"),
    (lambda: bounded_noise(3, sigma=INF), ValueError, "sigma must be nonnegative .* got inf"),
    # thresholding
    (lambda: hard_threshold([1.0, NAN], 1), ValueError, "z must be finite, got nan"),
    (lambda: hard_threshold([1.0], -1), ValueError, "tau must be nonnegative and finite, got -1"),
    (
        lambda: iterative_hard_thresholding(I3, np.ones(2), tau=1, step_size=1, steps=1),
        ValueError,
        "y must have 3 entries, got 2",
    ),
    (
        lambda: iterative_hard_thresholding(I3, np.ones(3), tau=1, step_size=2, steps=1),
        ValueError,
        "step_size must be below 2/‖Psi‖² = 2, got 2",
    ),
    (
        lambda: iterative_hard_thresholding(I3, np.ones(3), tau=1, step_size=1, steps=-1),
        ValueError,
        "steps must be at least 0",
    ),
]


@pytest.mark.parametrize(("call", "exception", "message"), BAD)
def test_bad_input_is_refused_and_named(call, exception, message):
    with pytest.raises(exception, match=message):
        call()
