import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from problems import problems, seeds
from scipy.optimize import approx_fprime

from impbook import LeastSquares


@given(problems(), seeds)
def test_gradient_is_the_derivative_of_the_loss(problem, seed):
    w = np.random.default_rng(seed).standard_normal(problem.p)
    numerical = approx_fprime(w, problem.loss, 1e-7)
    assert np.allclose(problem.gradient(w), numerical, atol=1e-4, rtol=1e-4)


@given(problems())
def test_loss_is_least_where_lstsq_says(problem):
    w, *_ = np.linalg.lstsq(problem.Phi, problem.y)
    assert np.allclose(problem.gradient(w), 0, atol=1e-10)
    for shift in np.vstack([np.eye(problem.p), -np.eye(problem.p)]):
        assert problem.loss(w) <= problem.loss(w + 0.1 * shift) + 1e-12


@given(problems())
def test_sigma_and_alignment_are_sums_over_samples(problem):
    Sigma = sum(np.outer(row, row) for row in problem.Phi) / problem.n
    alignment = sum(y * row for y, row in zip(problem.y, problem.Phi, strict=True))
    assert np.allclose(problem.Sigma, Sigma)
    assert np.allclose(problem.alignment, alignment)


def test_the_problem_keeps_its_own_copy_of_the_data():
    Phi, y = np.eye(2), np.ones(2)
    problem = LeastSquares(Phi, y)
    Phi[0, 0] = y[0] = 5
    assert problem.Phi[0, 0] == problem.y[0] == 1
    for kept in (problem.Phi, problem.y, problem.Sigma, problem.alignment):
        with pytest.raises(ValueError, match="read-only"):
            kept[0] = 0


@given(st.sampled_from([np.float32, np.int64, np.bool_]), st.sampled_from("CF"))
def test_any_real_dtype_and_layout_becomes_doubles(dtype, order):
    Phi = np.array([[1, 0], [1, 1], [0, 1]], dtype=dtype, order=order)
    problem = LeastSquares(Phi, np.array([1, 0, 1], dtype=dtype))
    assert problem.Phi.dtype == problem.y.dtype == np.float64
    assert np.array_equal(problem.Phi, [[1, 0], [1, 1], [0, 1]])
