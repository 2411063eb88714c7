"""Every public function refuses bad input before any work; the error names the argument."""

import inspect
import warnings
from types import SimpleNamespace

import numpy as np
import pytest
import refusals
import scipy.sparse
from hypothesis import given
from hypothesis import strategies as st
from valid_calls import CALLS

from impbook import (
    LeastSquares,
    algorithm_1,
    alignment_order,
    estimate_probability,
    gradient_descent,
    gradient_flow,
    hard_threshold,
    imp,
    integrate_flow,
    iterative_hard_thresholding,
    orthonormal_design,
    sparse_signal,
)
from impbook.concentration import (
    lemma_6_failure,
    lemma_6_samples,
    max_inverse_norm,
    noise_weights,
    smallest_nonzero_eigenvalue,
    theorem_5_samples,
)
from impbook.designs import design_with_covariance, gaussian_design
from impbook.example_2 import uniform_inverse
from impbook.heuristics import removal_costs
from impbook.monte_carlo import clopper_pearson, estimate_false_exclusion, imp_many
from impbook.noise import bounded_noise, gaussian_noise, rademacher_noise

I3 = np.eye(3)
PROBLEM = LeastSquares(I3, np.ones(3))
NAN, INF = np.nan, np.inf


def train(w0, active):
    raise AssertionError("input must be refused before any training")


def flow(**options):
    return integrate_flow(lambda w: w, 1.0, [1.0], **options)


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
    (lambda: LeastSquares([[1, NAN], [INF, 1]], [1, 1]), ValueError, r"got nan at index \(0, 1\)"),
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
    (lambda: integrate_flow(None, 1, [1.0]), TypeError, "gradient must be a function, got None"),
    (
        lambda: integrate_flow(lambda w: None, 1, [1.0]),
        TypeError,
        "what gradient returns must hold",
    ),
    (lambda: integrate_flow(slope, 1e150, [1.0]), ValueError, r"T must be at most 1e\+100"),
    (lambda: flow(rtol=NAN), ValueError, "rtol must be a number, got nan"),
    (lambda: flow(rtol=INF), ValueError, "rtol must be positive and finite, got inf"),
    (lambda: flow(rtol=-1e-6), ValueError, "rtol must be positive and finite, got -1e-06"),
    (lambda: flow(rtol=1e-15), ValueError, "rtol must lie between 2.3e-14 and 1, got 1e-15"),
    (lambda: flow(atol=NAN), ValueError, "atol must be a number, got nan"),
    (lambda: flow(atol=INF), ValueError, "atol must be positive and finite, got inf"),
    (lambda: flow(atol=0), ValueError, "atol must be positive and finite, got 0"),
    (lambda: flow(method="Euler"), ValueError, "method must be one of 'LSODA', .* got 'Euler'"),
    # arrays that NumPy would misread
    (
        lambda: LeastSquares(np.ma.masked_equal(I3, 0), np.ones(3)),
        TypeError,
        "Phi must not be masked, as its hidden values would be used",
    ),
    (lambda: LeastSquares(I3, [1.0, np.ma.masked, 2.0]), TypeError, "y must not be masked"),
    (
        lambda: LeastSquares(scipy.sparse.csr_array(I3), np.ones(3)),
        TypeError,
        r"Phi must be dense, got a sparse array: use Phi.toarray\(\)",
    ),
    (
        lambda: gradient_flow(PROBLEM, 1, active=np.ma.MaskedArray([True] * 3)),
        TypeError,
        "active must not be masked",
    ),
    # problems, functions, seeds, flags
    (lambda: imp(None, 1), TypeError, "problem must be a LeastSquares, got None"),
    (lambda: gradient_flow(I3, 1), TypeError, "problem must be a LeastSquares, got array"),
    (lambda: algorithm_1(3, [1.0, 2.0], 1), TypeError, "train must be a function, got 3"),
    (lambda: gaussian_design(3, 2, rng="x"), TypeError, "rng must be a seed .* got 'x'"),
    (lambda: gaussian_design(3, 2, rng=1.5), TypeError, "rng must be a seed .* got 1.5"),
    (lambda: gaussian_design(3, 2, rng=True), TypeError, "rng must be a seed .* got True"),
    (lambda: gaussian_design(3, 2, rng=-1), ValueError, "rng must be a seed .* got -1"),
    (lambda: noise_weights(I3, 2, noise="Gaussian"), TypeError, "noise must be a function"),
    (
        lambda: noise_weights(I3, 2, noise=lambda n, **_: np.ones(n + 1)),
        ValueError,
        "what noise returns must have 6 entries, got 7",
    ),
    (
        lambda: estimate_false_exclusion(
            I3, [1, 0, 0], 1, 2, gamma=1, noise=lambda n, **_: np.full(n, NAN)
        ),
        ValueError,
        "what noise returns must be finite, got nan",
    ),
    (lambda: estimate_probability(None, 2), TypeError, "event must be a function, got None"),
    (
        lambda: estimate_probability(slope, 2, executor=4),
        TypeError,
        "the method map of executor must be a function, got None",
    ),
    (lambda: clopper_pearson([1, 2], [3, 4, 5]), ValueError, "successes and trials must broadcast"),
    (lambda: clopper_pearson([0, 3, 5], [3, 3, 4]), ValueError, "between 0 and trials = 4, got 5"),
    # numbers far from 1
    (lambda: imp(PROBLEM, 10**400), ValueError, "0 <= q < p = 3, got an integer of 1329 bits"),
    (lambda: gradient_flow(PROBLEM, 10**400), ValueError, "T must be within the range of doubles"),
    (lambda: gaussian_noise(10**20), ValueError, "n must be at most 9223372036854775807"),
    (
        lambda: theorem_5_samples(1e-300, 0.05, 4, sigma=1.0, lambda_min=1.0),
        ValueError,
        "gamma must lie between 1e-100 and 1e.100, got 1e-300: use other units",
    ),
    (
        lambda: lemma_6_samples(1e-100, 0.05, 4, sigma=1e100, lambda_min=1.0),
        ValueError,
        "eps, sigma and lambda_min must give a sample size that a double can hold",
    ),
    (
        lambda: smallest_nonzero_eigenvalue(1e300 * I3),
        ValueError,
        r"Phi must have its largest entry between .* got 1e\+300, whose square .* rescale Phi",
    ),
    (lambda: max_inverse_norm(1e-300 * I3, [0]), ValueError, "Phi must .* got 1e-300.* rescale"),
    (
        lambda: removal_costs(LeastSquares(I3, [1e300, 1, 1])),
        ValueError,
        r"y must have its largest entry .* got 1e\+300.* rescale y",
    ),
    (
        lambda: imp_many(1e-300 * I3, [[1e300, 1, 1]], 1),
        ValueError,
        r"Phi must have its largest entry .* got 1e-300.* rescale Phi",
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
    (lambda: imp(PROBLEM, 1, per_round=1.0), ValueError, "a fraction strictly between 0 and 1"),
    (lambda: imp(PROBLEM, 1, per_round=NAN), ValueError, "a fraction strictly between 0 and 1"),
    (lambda: imp(PROBLEM, 1, per_round="1"), TypeError, "per_round must be an integer, got '1'"),
    (lambda: imp(PROBLEM, 1, keep="first"), ValueError, "keep must be one of 'all', 'last', got"),
    (lambda: algorithm_1(train, [1.0, 2.0], 2), ValueError, "0 <= q < p = 2, got 2"),
    (lambda: algorithm_1(train, [1.0, NAN], 1), ValueError, "w_init must be finite"),
    (lambda: algorithm_1(train, [], 0), ValueError, "w_init must not be empty"),
    (lambda: alignment_order(PROBLEM, 3), ValueError, "0 <= q < p = 3, got 3"),
    # designs
    (
        lambda: orthonormal_design(2, 3),
        ValueError,
        "n must be at least 3, got 2: p = 3 independent features need n >= p samples",
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
        lambda: design_with_covariance(3, np.diag([1, -2])),
        ValueError,
        "Sigma must be positive semidefinite, got the eigenvalue -2",
    ),
    (lambda: sparse_signal(3, 4), ValueError, "k must be between 0 and 3, got 4"),
    (lambda: uniform_inverse(2, -1.0), ValueError, "alpha must"),
    (
        lambda: lemma_6_failure(0.5, 0, 3, sigma=1.0, lambda_min=1.0),
        ValueError,
        "n must be at least 1, got 0",
    ),
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
        lambda: iterative_hard_thresholding(2 * I3, np.ones(3), tau=1, step_size=2, steps=1),
        ValueError,
        "step_size must be below 2/‖Psi‖² = 0.5, got 2",
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


# every public function, every bad value


def test_every_public_function_has_a_valid_call_of_all_its_arguments():
    public = refusals.public_callables()
    assert set(CALLS) == set(public)  # a new function needs a line in valid_calls.py
    for name, function in public.items():
        assert set(CALLS[name]) == set(inspect.signature(function).parameters), name


@pytest.mark.parametrize("name", CALLS)
def test_valid_calls_are_answered(name):
    assert refusals.public_callables()[name](**CALLS[name]) is not None


def test_every_bad_value_is_refused_by_an_error_that_names_the_argument():
    assert refusals.faults() == []
    assert len(refusals.all_cases()) > 50 * len(CALLS)


def test_every_reason_to_let_a_value_through_is_needed():
    let_through = [case for case in refusals.all_cases() if case.outcome == "accepted"]
    for where, labels, _ in refusals.ACCEPTED:
        for label in labels:
            assert any(
                where in (case.function, case.argument, f"{case.function}.{case.argument}")
                and label == case.value
                for case in let_through
            ), (where, label)


def lets_pass(argument):
    return 0.0


def names_another(argument):
    raise ValueError("something must be positive")


def breaks(argument):
    return argument.Phi


def warns(argument):
    warnings.warn("overflow", RuntimeWarning, stacklevel=1)


def hangs(argument):
    while True:
        pass


def answers_nan(argument):
    return np.array([1.0, np.nan])


def holds_nan(argument):
    return SimpleNamespace(weights=np.array([1.0, np.nan]), rounds=None)


@pytest.mark.parametrize("extreme", [False, True])
@pytest.mark.parametrize(
    "bad", [lets_pass, names_another, breaks, warns, hangs, answers_nan, holds_nan]
)
def test_the_table_finds_every_kind_of_fault(bad, extreme, monkeypatch):
    monkeypatch.setattr(refusals, "SECONDS", 0.05)
    monkeypatch.setitem(CALLS, bad.__name__, {"argument": 1.0})
    case = refusals.judged(bad.__name__, "argument", "'x'", lambda: bad("x"), extreme)
    # An extreme value may be accepted, or refused by an error that does not name the argument.
    allowed = extreme and bad in (lets_pass, names_another)
    assert (case.outcome != "fault") == allowed


# correct answers for numbers far from 1

exponents = st.integers(-900, 900)


@given(st.integers(0, 2**32 - 1), st.booleans(), st.lists(exponents, min_size=4, max_size=4))
def test_scales_do_not_change_the_order_of_many_paths(seed, wide, powers):
    rng = np.random.default_rng(seed)
    Phi, Y = rng.standard_normal((4, 6 if wide else 3)), rng.standard_normal((3, 4))
    q = Phi.shape[1] - 1
    plain = imp_many(Phi, Y, q)
    unit, *units = np.clip(powers, -300, 300)
    scaled = imp_many(np.ldexp(Phi, unit), np.ldexp(Y, np.array(units)[:, None]), q)
    assert np.array_equal(scaled.pruned, plain.pruned)
    assert np.array_equal(scaled.output, np.ldexp(plain.output, np.array(units)[:, None] - unit))


@pytest.mark.parametrize("T", [1e-300, 1e-30, 1.0, 30.0])
@pytest.mark.parametrize("method", ["LSODA", "RK45", "Radau"])
def test_solver_ends_at_any_time_scale(T, method):
    w = integrate_flow(lambda w: 2 * w, T, [1.0], method=method)
    np.testing.assert_allclose(w, np.exp(-2 * T), atol=1e-9)


def test_a_tail_beyond_doubles_is_no_tail():
    assert lemma_6_failure(1e100, 10, 3, sigma=1e-100, lambda_min=1.0) == 0
    assert lemma_6_failure(1e-100, 10, 3, sigma=1e100, lambda_min=1.0) == 1
