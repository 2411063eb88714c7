"""The selectors handle any units and offsets of the columns, folds of one row, and data frames.

The oracle is plain least squares on the columns before offsets are added to them, so large means do
not make the oracle less accurate.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.datasets import load_diabetes
from sklearn.feature_selection import RFE, RFECV
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import LeaveOneOut

from impbook import LeastSquares
from impbook.selection import MagnitudePruning, MagnitudePruningCV

RNG = np.random.default_rng
SEEDS = st.integers(0, 2**32 - 1)
Array = Any


def least_squares(Z: Array, y: Array) -> Array:
    """Minimum-norm least-squares weights for centred columns; constant columns get weight 0."""
    Z, y = Z - Z.mean(axis=0), y - y.mean()
    Z[:, np.linalg.norm(Z, axis=0) < 1e-9] = 0
    return np.linalg.lstsq(Z, y, rcond=1e-10)[0]


@given(SEEDS, st.floats(-1e9, 1e9), st.integers(5, 3000), st.sampled_from([0.0, 1e-9, 1.0]))
def test_a_constant_column_has_weight_0_and_is_pruned_first(
    seed: int, value: float, n: int, alpha: float
) -> None:
    rng = RNG(seed)
    X = rng.standard_normal((n, 3))
    X[:, 1] = value
    y = 200_000 + X[:, 0] + 2 * X[:, 2]
    selector = MagnitudePruning(1, alpha=alpha).fit(X, y, sample_weight=rng.uniform(0, 2, n))
    assert selector.ranking_[1] == 3
    assert np.abs(selector.coef_path_[:, 1]).max() <= (1e-6 if alpha else 0)


@pytest.mark.parametrize("alpha", [0.0, 1e-6])
@pytest.mark.parametrize("noise", [1e-16, 3e-16])
def test_a_column_that_is_constant_up_to_rounding_is_constant(noise: float, alpha: float) -> None:
    for seed in range(20):
        rng = RNG(seed)
        X = rng.standard_normal((50, 3))
        X[:, 0] = 273.15 * (1 + noise * rng.standard_normal(50))
        selector = MagnitudePruning(1, alpha=alpha).fit(X, 1e5 + X[:, 1] + rng.standard_normal(50))
        assert selector.ranking_[0] == 3


@given(SEEDS, st.integers(6, 60), st.integers(2, 6))
def test_where_a_column_has_its_zero_changes_no_weight(seed: int, n: int, p: int) -> None:
    rng = RNG(seed)
    Z = rng.integers(-50, 51, (n, p)) / 10
    offset = 10 ** rng.uniform(0, 7, p)
    y = 1e5 + Z @ rng.integers(1, 5, p) + rng.standard_normal(n)
    w = least_squares(Z, y)
    fitted = MagnitudePruning(p).fit(Z + offset, y).coef_path_[0]
    np.testing.assert_allclose(fitted, w, rtol=0, atol=1e-5 * np.abs(w).max())


@given(SEEDS, st.integers(8, 2000), st.floats(1, 1e7), st.floats(1, 1e7))
def test_copies_with_different_zeros_share_their_weight(
    seed: int, n: int, one: float, other: float
) -> None:
    rng = RNG(seed)
    z, x = rng.integers(-50, 51, (2, n)) / 10
    X = np.column_stack((one + z, x, other + z, 1.8 * z + 32))
    y = z + 3 * x + rng.standard_normal(n)
    expected = least_squares(np.column_stack((z, x, z, 1.8 * z)), y)
    fitted = MagnitudePruning(4).fit(X, y).coef_path_[0]
    np.testing.assert_allclose(fitted, expected, rtol=0, atol=1e-5 * np.abs(expected).max())


@given(SEEDS)
def test_columns_in_any_units_have_the_weights_of_one_size(seed: int) -> None:
    rng = RNG(seed)
    Z, unit = rng.standard_normal((30, 5)), 10 ** rng.uniform(-15, 15, 5)
    y = Z.sum(axis=1) + rng.standard_normal(30)
    fitted = MagnitudePruning(5).fit(Z * unit, y).coef_path_[0]
    np.testing.assert_allclose(fitted * unit, least_squares(Z, y), rtol=1e-9)


@given(SEEDS)
def test_below_a_condition_of_1e6_scikit_learn_ranks_alike_by_default(seed: int) -> None:
    rng = RNG(seed)
    X = rng.standard_normal((40, 5)) * 10 ** rng.uniform(-2, 2, 5)
    assert np.linalg.cond(X - X.mean(axis=0)) < 1e6
    y = X @ (1 / X.std(axis=0)) + rng.standard_normal(40)
    theirs = RFE(LinearRegression(), n_features_to_select=1).fit(X, y)
    np.testing.assert_array_equal(MagnitudePruning(1).fit(X, y).ranking_, theirs.ranking_)
    theirs = RFECV(LinearRegression(), cv=3).fit(X, y)
    np.testing.assert_array_equal(MagnitudePruningCV(cv=3).fit(X, y).ranking_, theirs.ranking_)


# Folds of one row, and data frames


@pytest.mark.parametrize("cv", [LeaveOneOut(), [([0, 1, 2, 3], [4, 5]), ([2, 3, 4, 5], [0])]])
@pytest.mark.parametrize("scoring", [None, "r2"])
def test_a_fold_too_small_for_its_score_is_named(cv: Any, scoring: str | None) -> None:
    X = RNG(0).standard_normal((6, 2))
    with pytest.raises(ValueError, match="cv must hold out at least 2 rows in each fold, got 1"):
        MagnitudePruningCV(cv=cv, scoring=scoring).fit(X, X[:, 0])


def test_a_fold_of_one_row_has_a_squared_error() -> None:
    X = RNG(1).standard_normal((20, 4))
    y, options = X[:, 0] + RNG(2).standard_normal(20), {"scoring": "neg_mean_squared_error"}
    ours = MagnitudePruningCV(cv=LeaveOneOut(), **options).fit(X, y)
    theirs = RFECV(LinearRegression(), cv=LeaveOneOut(), **options).fit(X, y)
    np.testing.assert_allclose(
        ours.cv_results_["mean_test_score"], theirs.cv_results_["mean_test_score"]
    )


def test_a_scorer_sees_the_rows_of_the_data_frame() -> None:
    X, y = load_diabetes(return_X_y=True, as_frame=True)
    seen = []

    def score(model: Any, rows: Any, target: Any) -> float:
        pd.testing.assert_frame_equal(rows, X.loc[rows.index, list(model.feature_names_in_)])
        np.testing.assert_array_equal(target, y[rows.index])
        seen.append(rows.shape)
        return model.score(rows, target)

    selector = MagnitudePruningCV(cv=2, scoring=score).fit(X, y)
    assert seen == [(221, p) for p in range(10, 0, -1)] * 2
    plain = MagnitudePruningCV(cv=2).fit(X.to_numpy(), y)
    np.testing.assert_allclose(
        selector.cv_results_["mean_test_score"], plain.cv_results_["mean_test_score"]
    )


@pytest.mark.parametrize("kind", ["Int64", "Float64", "boolean"])
def test_least_squares_takes_numbers_that_could_be_missing(kind: str) -> None:
    column = pd.Series([1, 0, 1]).astype(kind)
    table = pd.DataFrame({"a": column, "b": [0.5, 1.0, 2.0]})
    problem = LeastSquares(table, column)
    np.testing.assert_array_equal(problem.Phi, [[1, 0.5], [0, 1], [1, 2]])
    np.testing.assert_array_equal(problem.y, [1, 0, 1])


def test_a_number_that_is_missing_is_refused_where_it_stands() -> None:
    table = pd.DataFrame({"a": pd.array([1, 2, None], dtype="Int64"), "b": [0.5, 1.0, 2.0]})
    with pytest.raises(ValueError, match=r"Phi must be finite, got nan at index \(2, 0\)"):
        LeastSquares(table, [1, 2, 3])
    with pytest.raises(TypeError, match="Phi must hold real numbers"):
        LeastSquares(table.assign(c=["1", "2", "3"]), [1, 2, 3])
