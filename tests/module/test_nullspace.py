"""Definition 4, identifiability and the restricted nullspace property."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from impbook import LeastSquares, gradient_flow, identifiable, imp, orthogonal_nullspace_property
from impbook.nullspace import nullspace_constant, restricted_nullspace_property


@st.composite
def cases(draw: st.DrawFn, largest: int = 6) -> tuple[np.ndarray, list[int]]:
    """A small integer matrix, often singular, and a support."""
    n, p = draw(st.integers(1, largest)), draw(st.integers(2, largest))
    entries = st.lists(st.integers(-2, 2), min_size=n * p, max_size=n * p)
    A = np.array(draw(entries), dtype=float).reshape(n, p)
    S = draw(st.lists(st.integers(0, p - 1), min_size=1, max_size=p, unique=True))
    return A, S


def exact_rank(A: np.ndarray) -> int:
    """Rank by Gaussian elimination over the rationals."""
    rows = [[Fraction(x) for x in row] for row in A.tolist()]
    rank = 0
    for column in range(A.shape[1]):
        pivot = next((r for r in range(rank, len(rows)) if rows[r][column]), None)
        if pivot is None:
            continue
        rows[rank], rows[pivot] = rows[pivot], rows[rank]
        for r in range(rank + 1, len(rows)):
            f = rows[r][column] / rows[rank][column]
            rows[r] = [a - f * b for a, b in zip(rows[r], rows[rank], strict=True)]
        rank += 1
    return rank


def in_cone(x: np.ndarray, S: list[int]) -> bool:
    return bool(np.abs(x).sum() <= 2 * np.abs(x[S]).sum() + 1e-12)


@given(st.integers(1, 7).flatmap(lambda p: st.tuples(st.just(p), st.integers(1, 2**p - 1))))
@settings(deadline=None, max_examples=60)
def test_the_cone_spans_the_whole_space(case: tuple[int, int]) -> None:
    p, bits = case
    S = [i for i in range(p) if bits >> i & 1]
    unit = np.eye(p)
    vectors = [unit[i] for i in S]
    vectors += [unit[S[0]] + sign * unit[j] for j in range(p) if j not in S for sign in (1, -1)]
    assert all(in_cone(x, S) for x in vectors)
    assert exact_rank(np.array(vectors)) == p


@given(cases())
@settings(deadline=None, max_examples=150)
def test_definition_4_is_injectivity(case: tuple[np.ndarray, list[int]]) -> None:
    A, S = case
    assert orthogonal_nullspace_property(A, S) == (exact_rank(A) == A.shape[1])


@given(cases())
@settings(deadline=None, max_examples=60)
def test_without_definition_4_some_vector_of_the_cone_meets_the_nullspace(
    case: tuple[np.ndarray, list[int]],
) -> None:
    A, S = case
    assume(not orthogonal_nullspace_property(A, S))
    x = np.linalg.svd(A)[2][-1]  # in null(A)
    np.testing.assert_allclose(A @ x, 0, atol=1e-12)
    i = S[0]
    candidates = [np.eye(len(x))[i]] + [
        np.eye(len(x))[i] + sign * np.eye(len(x))[j] * (j != i)
        for j in range(len(x))
        for sign in (1, -1)
    ]
    assert all(in_cone(c, S) for c in candidates)
    assert max(abs(c @ x) for c in candidates) > 1e-6


@given(cases())
@settings(deadline=None, max_examples=150)
def test_identifiable_means_no_column_of_S_is_spanned_by_the_others(
    case: tuple[np.ndarray, list[int]],
) -> None:
    A, S = case
    free = all(exact_rank(np.delete(A, i, axis=1)) < exact_rank(A) for i in S)
    assert identifiable(A, S) == free


@given(cases())
@settings(deadline=None, max_examples=150)
def test_identifiable_means_injective_on_S_and_independent_of_the_rest(
    case: tuple[np.ndarray, list[int]],
) -> None:
    A, S = case
    rest = [j for j in range(A.shape[1]) if j not in S]
    split = exact_rank(A[:, S]) + (exact_rank(A[:, rest]) if rest else 0) == exact_rank(A)
    assert identifiable(A, S) == (exact_rank(A[:, S]) == len(S) and split)


@pytest.mark.parametrize("away", [1.0, 1e-3, 1e-6, 1e-9])
def test_identifiable_signals_are_found_in_nearly_dependent_rows(away: float) -> None:
    rows = np.array([[1, 0, 0, 0, 0], [0, 1, 2, 0, 0], [0, 0, 1, 1, 1]])
    A = [[1, 1, 1], [1, 1 + away, 1], [1, 1, 1 - away]] @ rows * 0.7
    assert identifiable(A, [0]) and not identifiable(A, [1])


@given(cases(), st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=60)
def test_identifiable_signals_are_fitted_without_noise(
    case: tuple[np.ndarray, list[int]], seed: int
) -> None:
    A, S = case
    assume(A.any())
    s = np.zeros(A.shape[1])
    s[S] = np.random.default_rng(seed).uniform(1, 2, size=len(S))
    fitted = np.allclose(gradient_flow(LeastSquares(A, A @ s), np.inf), s, atol=1e-9)
    assert fitted == identifiable(A, S)  # if a random s on S is fitted, so is every s on S


@given(cases())
@settings(deadline=None, max_examples=100)
def test_the_properties_are_inherited_by_every_set_that_contains_S(
    case: tuple[np.ndarray, list[int]],
) -> None:
    A, S = case
    whole = identifiable(A, S), nullspace_constant(A, S)
    rest = [j for j in range(A.shape[1]) if j not in S]
    for m in range(len(rest)):
        for extra in combinations(rest, m):
            left = sorted([*S, *extra])
            inside = [left.index(i) for i in S]
            assert identifiable(A[:, left], inside) >= whole[0]
            assert nullspace_constant(A[:, left], inside) <= whole[1] + 1e-6


@given(cases(), st.data())
@settings(deadline=None, max_examples=60)
def test_a_null_column_set_to_zero_spoils_definition_4_only(
    case: tuple[np.ndarray, list[int]], data: st.DataObject
) -> None:
    A, S = case
    rest = [j for j in range(A.shape[1]) if j not in S]
    assume(rest)
    pruned = data.draw(st.sampled_from(rest))
    left = [j for j in range(A.shape[1]) if j != pruned]
    inside = [left.index(i) for i in S]
    masked = A * (np.arange(A.shape[1]) != pruned)
    assert not orthogonal_nullspace_property(masked, S)
    assert identifiable(masked, S) == identifiable(A[:, left], inside)
    removed = nullspace_constant(A[:, left], inside)
    assert nullspace_constant(masked, S) == pytest.approx(removed, abs=1e-6)


@given(cases())
@settings(deadline=None, max_examples=100)
def test_the_constant_orders_the_three_properties(case: tuple[np.ndarray, list[int]]) -> None:
    A, S = case
    theta = nullspace_constant(A, S)
    assert (theta == 0) == identifiable(A, S)
    assert (theta < 1 - 1e-7) == restricted_nullspace_property(A, S)
    if orthogonal_nullspace_property(A, S):
        assert identifiable(A, S)


@given(st.integers(0, 2**32 - 1), st.integers(2, 5))
@settings(deadline=None, max_examples=60)
def test_the_constant_of_a_line_is_a_ratio(seed: int, p: int) -> None:
    rng = np.random.default_rng(seed)
    x = rng.standard_normal(p)
    rows = np.linalg.svd(x[None])[2][1:]
    S = sorted(rng.choice(p, size=rng.integers(1, p), replace=False).tolist())
    ratio = np.abs(x[S]).sum() / np.abs(np.delete(x, S)).sum()
    assert nullspace_constant(rows, S) == pytest.approx(ratio, rel=1e-6)


@given(st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=40)
def test_the_constant_is_the_largest_ratio_over_the_corners(seed: int) -> None:
    A = np.random.default_rng(seed).standard_normal((3, 6))
    S, rest = [0, 2], [1, 3, 4, 5]
    ratios = []
    for zero in combinations(rest, 2):  # a corner of {x in null(A), ‖x_rest‖₁ ≤ 1} has two zeros
        x = np.linalg.svd(np.vstack([A, np.eye(6)[list(zero)]]))[2][-1]
        ratios.append(np.abs(x[S]).sum() / np.abs(x[rest]).sum())
    assert nullspace_constant(A, S) == pytest.approx(max(ratios), rel=1e-5)


def test_the_constant_is_infinite_if_columns_of_S_depend_on_each_other() -> None:
    A = [[1.0, 2.0, 0.0], [0.0, 0.0, 1.0]]
    assert nullspace_constant(A, [0, 1]) == np.inf
    assert not restricted_nullspace_property(A, [0, 1])


@pytest.mark.parametrize("seed", range(8))
def test_the_restricted_property_is_what_basis_pursuit_needs(seed: int) -> None:
    rng = np.random.default_rng(seed)
    A = rng.standard_normal((4, 7))
    S = [1, 4]
    recovered = []
    for signs in ([1.0, 1.0], [1.0, -1.0]):
        for weight in np.linspace(0.02, 0.98, 25):
            s = np.zeros(7)
            s[S] = np.array(signs) * [weight, 1 - weight]
            fit = linprog(np.ones(14), A_eq=np.hstack([A, -A]), b_eq=A @ s)
            recovered.append(np.allclose(fit.x[:7] - fit.x[7:], s, atol=1e-6))
    assert all(recovered) == restricted_nullspace_property(A, S)


def test_generic_features_beyond_n_identify_nothing() -> None:
    rng = np.random.default_rng(3)
    for n, p in ((3, 4), (5, 9), (20, 30)):
        A = rng.standard_normal((n, p))
        assert not any(identifiable(A, [i]) for i in range(p))


@given(st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=150)
def test_a_single_signal_survives_without_noise_under_the_restricted_property(seed: int) -> None:
    rng = np.random.default_rng(seed)
    p = int(rng.integers(2, 7))
    A = rng.standard_normal((int(rng.integers(1, p + 1)), p)) * rng.uniform(0.3, 3, size=p)
    i = int(rng.integers(p))
    assume(nullspace_constant(A, [i]) < 0.999)
    assert imp(LeastSquares(A, 2 * A[:, i]), p - 1).output[i] != 0


def test_two_signals_may_be_lost_without_noise_under_the_restricted_property() -> None:
    x = np.array([16.0, 3.0, 20.0])
    A = np.array([[5.0, 0.0, -4.0], [0.0, 20.0, -3.0]])
    assert not (A @ x).any()
    assert nullspace_constant(A, [0, 1]) == pytest.approx(19 / 20)
    path = imp(LeastSquares(A, A @ [1.0, 1.0, 0.0]), 1)
    np.testing.assert_allclose(665 * path.weights[0], [361, 608, -380])
    assert path.pruned.tolist() == [0]


def test_the_signal_may_be_lost_without_noise() -> None:
    x = np.array([6.0, 2.0, 2.0])
    A = np.array([[1.0, -3.0, 0.0], [1.0, 0.0, -3.0]])
    assert not (A @ x).any()
    assert not identifiable(A, [0]) and not restricted_nullspace_property(A, [0])
    path = imp(LeastSquares(A, A[:, 0]), 2)
    np.testing.assert_allclose(path.weights[0] * 11, [2, -3, -3])
    assert path.pruned[0] == 0


@pytest.mark.parametrize("m", [8, 20, 50, 300])
def test_no_constant_is_small_enough_for_two_signals(m: int) -> None:
    x = np.r_[3, 1, np.full(m, np.sqrt(2 / m))]
    A = np.eye(m + 2)[1:] - np.outer(x[1:], np.eye(m + 2)[0]) / 3  # x spans null(A)
    path = imp(LeastSquares(A, A[:, 0] + A[:, 1]), 1)
    assert path.pruned[0] == 0
    assert abs(path.weights[0, 0]) < 1e-10
    assert nullspace_constant(A, [0, 1]) == pytest.approx(np.sqrt(8 / m))


@given(cases())
@settings(deadline=None, max_examples=50)
def test_inverting_the_eigenvalues_gives_the_pseudo_inverse_of_a_symmetric_matrix(
    case: tuple[np.ndarray, list[int]],
) -> None:
    A, _ = case
    Sigma = A.T @ A
    values, vectors = np.linalg.eigh(Sigma)
    zero = np.arange(len(values)) < len(values) - exact_rank(A)  # eigh sorts the values
    recipe = (vectors * np.where(zero, 0, 1 / np.where(zero, 1, values))) @ vectors.T
    scale = max(1.0, np.abs(recipe).max())
    for left, right in [  # Penrose's four conditions
        (Sigma @ recipe @ Sigma, Sigma),
        (recipe @ Sigma @ recipe, recipe),
        ((Sigma @ recipe).T, Sigma @ recipe),
        ((recipe @ Sigma).T, recipe @ Sigma),
    ]:
        np.testing.assert_allclose(left, right, atol=1e-8 * scale**2)


def test_inverting_the_eigenvalues_fails_for_a_matrix_that_is_not_symmetric() -> None:
    M = np.array([[1.0, 1.0], [0.0, 0.0]])
    values, vectors = np.linalg.eig(M)
    recipe = (vectors * values) @ np.linalg.inv(vectors)  # the eigenvalues are 1 and 0
    np.testing.assert_allclose(recipe, M)
    np.testing.assert_allclose(np.linalg.pinv(M), [[0.5, 0.0], [0.5, 0.0]])


@pytest.mark.parametrize(
    "function",
    [
        orthogonal_nullspace_property,
        identifiable,
        nullspace_constant,
        restricted_nullspace_property,
    ],
)
@pytest.mark.parametrize(
    ("A", "S", "error", "message"),
    [
        ([1.0, 2.0], [0], ValueError, "A must have 2 dimension"),
        ([[1.0, np.nan]], [0], ValueError, "A must be finite"),
        ([["a", "b"]], [0], TypeError, "A must hold real numbers"),
        (np.eye(3), [], ValueError, "S must hold at least one index"),
        (np.eye(3), [3], ValueError, "between 0 and p - 1 = 2, got 3"),
        (np.eye(3), [-1], ValueError, "got -1"),
        (np.eye(3), [1, 1], ValueError, "each index once"),
        (np.eye(3), [0.5], TypeError, "integer indices"),
        (np.eye(3), [True, False, True], TypeError, "integer indices"),
        (np.eye(3), 1, ValueError, "S must be a list of indices"),
        (np.eye(3), range(4), ValueError, "got 3"),
    ],
)
def test_bad_input(function, A, S, error, message) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(error, match=message):
        function(A, S)


def test_a_large_support_is_refused_before_any_work() -> None:
    with pytest.raises(ValueError, match="at most 12 indices, got 13"):
        nullspace_constant(np.ones((2, 20)), range(13))


@pytest.mark.parametrize("unit", [1e-150, 1e-20, 1e20, 1e150])
def test_independence_does_not_depend_on_units(unit):
    A = np.random.default_rng(0).standard_normal((6, 4)) * [1, 1, 1, unit]
    assert orthogonal_nullspace_property(A, [0])
    assert identifiable(A, [0, 3])
    copied = np.column_stack((A, 3 * A[:, 3]))
    assert not orthogonal_nullspace_property(copied, [0])
    assert identifiable(copied, [0])
    assert not identifiable(copied, [3])
