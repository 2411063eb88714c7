"""All functions agree on whether features are independent, for any training time and any units."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from problems import seeds
from test_elimination import EPS, INDEPENDENT, flow_in_decimals, with_singular_values

from impbook import (
    LeastSquares,
    gradient_flow,
    identifiable,
    imp,
    orthogonal_nullspace_property,
)
from impbook.concentration import (
    inverse_norm_bound,
    max_inverse_norm,
    noise_weights,
    smallest_nonzero_eigenvalue,
    worst_eigenvalue,
)
from impbook.heuristics import removal_costs
from impbook.monte_carlo import imp_many


def refuses(function, *arguments):
    """Whether the function refuses the features as linearly dependent."""
    try:
        function(*arguments)
    except ValueError as error:
        assert "full column rank" in str(error) or "independent" in str(error)
        return True
    return False


@given(st.floats(-16, -10), st.integers(20, 60), st.sampled_from([1e-9, 1.0, 1e9]), seeds)
def test_every_function_says_the_same_of_two_near_copies(digits, n, unit, seed):
    rng = np.random.default_rng(seed)
    a, b, c, y = rng.standard_normal((4, n))
    Phi = unit * np.column_stack((a, a + 10**digits * b, c))
    s = np.linalg.svd(Phi / np.linalg.norm(Phi, axis=0), compute_uv=False)
    assume(not 0.3e-13 < s[-1] / s[0] < 3e-13)  # too close to the tolerance
    independent = s[-1] / s[0] > 1e-13
    problem = LeastSquares(Phi, y)
    assert orthogonal_nullspace_property(Phi, [0]) == independent
    assert identifiable(Phi, [0]) == independent
    assert refuses(inverse_norm_bound, Phi) != independent
    assert refuses(removal_costs, problem) != independent
    for w in (
        imp(problem, 0).output,
        gradient_flow(problem, np.inf),
        gradient_flow(problem, 1e300),
        imp_many(Phi, [y], 0).output,
        noise_weights(Phi, 5, rng=0),
    ):
        assert (unit * np.abs(w).max() > 1e6) == independent
    for eigenvalue in (
        smallest_nonzero_eigenvalue(Phi),
        worst_eigenvalue(Phi, [0]),
        1 / max_inverse_norm(Phi, [0]),
    ):
        assert (eigenvalue < 1e-12 * unit**2) == independent


@given(st.integers(2, 8), st.floats(-14.5, -11.5), seeds)
def test_round_0_has_the_rank_of_the_flow_on_its_border(p, digits, seed):
    rng = np.random.default_rng(seed)
    s = np.append(np.ones(p - 1), 10**digits)
    Phi = with_singular_values(rng, p + 2, p, s) * 10 ** rng.uniform(-15, 15, p)
    problem = LeastSquares(Phi, rng.standard_normal(p + 2))
    size = np.linalg.norm(Phi, axis=0)
    output, flow = (size * w for w in (imp(problem, 0).output, gradient_flow(problem, np.inf)))
    assume(np.ptp(np.log(size)) < 16 or np.linalg.norm(flow) > 1e6)
    assert np.linalg.norm(output - flow) <= 0.1 * np.linalg.norm(flow)


@pytest.mark.parametrize("kind", INDEPENDENT, ids=lambda kind: kind.__name__)
@given(st.integers(1, 4), seeds, st.floats(-3, 40))
@settings(max_examples=settings().max_examples // 4)
def test_units_of_independent_features_are_units_of_their_weights_at_any_time(
    kind, p, seed, digits
):
    rng = np.random.default_rng(seed)
    Phi = kind(rng, p + 2, p)
    s = np.linalg.svd(Phi / np.linalg.norm(Phi, axis=0), compute_uv=False)
    unit = 10 ** rng.uniform(-15, 15, Phi.shape[1])
    Phi, y = Phi * unit, rng.standard_normal(p + 2)
    size = np.linalg.norm(Phi, axis=0)
    start = rng.choice([0, 1]) * rng.standard_normal(size.size) / size
    T = 10**digits / size.max() ** 2
    expected = size * flow_in_decimals(T, 300)(Phi, y, start)
    scale = np.linalg.norm(expected) + np.linalg.norm(size * start) + np.linalg.norm(y) / s[-1]
    problem = LeastSquares(Phi, y)
    for w in (imp(problem, 0, T=T, w_init=start).output, gradient_flow(problem, T, start)):
        assert np.linalg.norm(size * w - expected) <= 1e4 * EPS * (s[0] / s[-1]) * scale


@pytest.mark.parametrize("kind", INDEPENDENT, ids=lambda kind: kind.__name__)
@given(st.integers(1, 7), seeds)
def test_a_very_long_time_is_an_infinite_time_in_any_units(kind, p, seed):
    rng = np.random.default_rng(seed)
    Phi = kind(rng, p + 2, p)
    s = np.linalg.svd(Phi / np.linalg.norm(Phi, axis=0), compute_uv=False)
    Phi = Phi * 10 ** rng.uniform(-15, 15, Phi.shape[1])
    problem = LeastSquares(Phi, rng.standard_normal(p + 2))
    limit, long = gradient_flow(problem, np.inf), gradient_flow(problem, 1e300)
    size = np.linalg.norm(Phi, axis=0)
    scale = np.linalg.norm(size * limit) + np.linalg.norm(problem.y) / s[-1]
    assert np.linalg.norm(size * (long - limit)) <= 1e4 * EPS * (s[0] / s[-1]) * scale


@pytest.mark.parametrize("T", [1e-3, 1.0, 1e9, np.inf])
@pytest.mark.parametrize("shape", [(1, 1), (4, 2), (2, 4)])
def test_features_that_are_0_leave_weights_where_they_start(T, shape):
    problem, start = LeastSquares(np.zeros(shape), np.ones(shape[0])), np.arange(shape[1]) + 1.0
    np.testing.assert_array_equal(gradient_flow(problem, T, start), start)
    np.testing.assert_array_equal(imp(problem, 0, T=T, w_init=start).output, start)
