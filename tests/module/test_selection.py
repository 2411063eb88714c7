"""The selectors agree with scikit-learn's, which refit every model, and with plain refitting.

The tests at the end of this file run scikit-learn's own tests of RFE and RFECV on our selectors.
"""

import contextlib
import inspect
import io
import itertools
import subprocess
import sys
import warnings

import joblib
import numpy as np
import pandas as pd
import pytest
import scipy.sparse
from hypothesis import given
from hypothesis import strategies as st
from problems import seeds
from sklearn import config_context, datasets
from sklearn.base import clone
from sklearn.compose import make_column_transformer
from sklearn.exceptions import DataConversionWarning
from sklearn.feature_selection import RFE, RFECV
from sklearn.feature_selection.tests import test_rfe as sklearn_tests
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.metrics import get_scorer, make_scorer, max_error
from sklearn.model_selection import GridSearchCV, GroupKFold, KFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

from impbook import LeastSquares, gradient_flow
from impbook.selection import MagnitudePruning, MagnitudePruningCV
from impbook.selection.rows import Task, _by_cholesky, _by_qr, as_problem

RNG = np.random.default_rng


def linear(alpha=0.0, fit_intercept=True):
    """The scikit-learn model equivalent to ours; its cutoff for singular values is lowered."""
    if alpha:
        return Ridge(alpha, fit_intercept=fit_intercept)
    return LinearRegression(fit_intercept=fit_intercept, tol=1e-13)


def table(rng, n, p):
    """Features of several scales and means, and noisy targets."""
    X = rng.standard_normal((n, p)) * rng.uniform(0.1, 10, p) + 5 * rng.standard_normal(p)
    return X, X @ rng.standard_normal(p) + rng.standard_normal(n)


def assert_same_selection(ours, theirs):
    np.testing.assert_array_equal(ours.ranking_, theirs.ranking_)
    np.testing.assert_array_equal(ours.support_, theirs.support_)
    assert ours.n_features_ == theirs.n_features_
    coef, theirs_coef = ours.estimator_.coef_, theirs.estimator_.coef_
    np.testing.assert_allclose(coef, theirs_coef, rtol=1e-6, atol=1e-9 * abs(theirs_coef).max())
    np.testing.assert_allclose(ours.estimator_.intercept_, theirs.estimator_.intercept_, rtol=1e-6)


def assert_same_results(ours, theirs):
    assert set(ours.cv_results_) == set(theirs.cv_results_)
    for key, expected in theirs.cv_results_.items():
        np.testing.assert_allclose(ours.cv_results_[key], expected, 1e-7, 1e-9, err_msg=key)


# The same answers as scikit-learn


@pytest.mark.parametrize("block", range(6))
@pytest.mark.parametrize("fit_intercept", [True, False])
def test_selection_is_that_of_scikit_learn_on_300_problems(fit_intercept, block):
    for seed in range(25 * block, 25 * (block + 1)):
        rng = RNG([seed, fit_intercept])
        p = int(rng.integers(2, 7))
        X, y = table(rng, int(rng.integers(max(4, p // 2), 40)), p)
        step = [1, 2, 0.3][seed % 3]
        alpha = [0.0, 0.5][seed % 2]
        weight = rng.uniform(0, 2, len(y)) if seed % 5 < 2 else None
        options = {"step": step, "alpha": alpha, "fit_intercept": fit_intercept}
        theirs = RFE(linear(alpha, fit_intercept), n_features_to_select=1, step=step)
        theirs.fit(X, y, **({} if weight is None else {"sample_weight": weight}))
        ours = MagnitudePruning(1, **options).fit(X, y, weight)
        assert_same_selection(ours, theirs)
        np.testing.assert_allclose(ours.predict(X), theirs.predict(X), rtol=1e-6, atol=1e-8)

        theirs = RFECV(linear(alpha, fit_intercept), step=step, cv=2).fit(X, y)
        ours = MagnitudePruningCV(cv=2, **options).fit(X, y)
        assert_same_selection(ours, theirs)
        assert_same_results(ours, theirs)
        np.testing.assert_allclose(ours.score(X, y), theirs.score(X, y), rtol=1e-9)


def real_tables():
    """Six tables that come with scikit-learn, without their constant features."""
    for name in ("diabetes", "iris", "wine", "breast_cancer", "digits"):
        X, y = getattr(datasets, f"load_{name}")(return_X_y=True)
        yield pytest.param(X[:, np.ptp(X, axis=0) > 0], y, id=name)
    linnerud = datasets.load_linnerud()
    for name, y in zip(linnerud.target_names, linnerud.target.T, strict=True):
        yield pytest.param(linnerud.data, y, id=f"linnerud, {name}")


@pytest.mark.parametrize(("X", "y"), [*real_tables()])
@pytest.mark.parametrize("alpha", [0.0, 1.0])
def test_selection_is_that_of_scikit_learn_on_real_tables(X, y, alpha):
    for Z in (X, StandardScaler().fit_transform(X)):
        theirs = RFE(linear(alpha), n_features_to_select=1).fit(Z, y)
        assert_same_selection(MagnitudePruning(1, alpha=alpha).fit(Z, y), theirs)
        if X.shape[1] < 50:
            theirs = RFECV(linear(alpha), cv=3).fit(Z, y)
            ours = MagnitudePruningCV(alpha=alpha, cv=3).fit(Z, y)
            assert_same_selection(ours, theirs)
            assert_same_results(ours, theirs)


@pytest.mark.parametrize("wanted", [None, 1, 3, 7, 0.2, 0.5, 1.0])
@pytest.mark.parametrize("step", [1, 2, 5, 0.01, 0.4])
def test_sizes_and_shares_count_as_in_rfe(wanted, step):
    X, y = table(RNG(0), 30, 7)
    theirs = RFE(linear(), n_features_to_select=wanted, step=step).fit(X, y)
    assert_same_selection(MagnitudePruning(wanted, step=step).fit(X, y), theirs)


@pytest.mark.parametrize("three", [np.int8(3), np.uint64(3), np.array(3)])
def test_a_count_is_a_count_in_any_type(three):
    X, y = table(RNG(0), 30, 7)
    plain = MagnitudePruning(3, step=3).fit(X, y)
    assert_same_selection(MagnitudePruning(three, step=three).fit(X, y), plain)


@pytest.mark.parametrize("fewest", [1, 3, 7])
@pytest.mark.parametrize("step", [1, 2, 0.5])
def test_cross_validated_sizes_count_as_in_rfecv(fewest, step):
    X, y = table(RNG(0), 30, 7)
    theirs = RFECV(linear(), step=step, min_features_to_select=fewest).fit(X, y)
    ours = MagnitudePruningCV(step=step, min_features_to_select=fewest).fit(X, y)
    assert_same_selection(ours, theirs)
    assert_same_results(ours, theirs)


def adjusted_r2(model, X, y):
    """A scorer that uses the model itself, and not only its predictions."""
    return 1 - (1 - model.score(X, y)) * len(y) / (len(y) - X.shape[1] + model.coef_[0] ** 2)


@pytest.mark.parametrize(
    "scoring",
    ["r2", "neg_mean_absolute_error", make_scorer(max_error, greater_is_better=False), adjusted_r2],
)
def test_any_scorer_scores_as_in_rfecv(scoring):
    X, y = table(RNG(1), 60, 5)
    theirs = RFECV(linear(), scoring=scoring, cv=3).fit(X, y)
    ours = MagnitudePruningCV(scoring=scoring, cv=3).fit(X, y)
    assert_same_selection(ours, theirs)
    assert_same_results(ours, theirs)


@pytest.mark.parametrize(
    "cv", [3, KFold(4, shuffle=True, random_state=0), [([0, 1, 2, 3, 4], [7, 9]), ([9, 8, 7], [1])]]
)
def test_any_folds_split_as_in_rfecv(cv):
    X, y = table(RNG(2), 12, 3)
    scoring = "neg_mean_squared_error"
    theirs = RFECV(linear(), scoring=scoring, cv=cv).fit(X, y)
    assert_same_results(MagnitudePruningCV(scoring=scoring, cv=cv).fit(X, y), theirs)


def test_groups_and_jobs_are_those_of_rfecv():
    X, y = table(RNG(3), 40, 4)
    groups, cv = np.arange(40) % 4, GroupKFold(2)
    theirs = RFECV(linear(), cv=cv).fit(X, y, groups=groups)
    with joblib.parallel_config("threading"):
        ours = MagnitudePruningCV(cv=cv, n_jobs=2).fit(X, y, groups=groups)
    assert_same_results(ours, theirs)


def test_weights_go_where_rfecv_routes_them():
    X, y = table(RNG(4), 40, 4)
    weight = RNG(5).uniform(0, 3, 40)
    with config_context(enable_metadata_routing=True):
        model = linear().set_fit_request(sample_weight=True)
        scorer = get_scorer("r2").set_score_request(sample_weight=False)
        theirs = RFECV(model, scoring=scorer).fit(X, y, sample_weight=weight)
    ours = MagnitudePruningCV().fit(X, y, sample_weight=weight)
    assert_same_results(ours, theirs)
    assert_same_selection(ours, theirs)


def test_of_equal_scores_the_fewest_features_win():
    X, y = table(RNG(6), 20, 4)
    assert MagnitudePruningCV(scoring=lambda *_: 1.0).fit(X, y).n_features_ == 1


# Tests whose expected results do not come from scikit-learn


def refitted(X, y, order, fit):
    """Coefficients of `fit` after the first 0, 1, … features of `order` have been removed."""
    rows = np.zeros((len(order) + 1, X.shape[1]))
    for k in range(len(order) + 1):
        left = np.setdiff1d(np.arange(X.shape[1]), order[:k])
        rows[k, left] = fit(X[:, left], y)
    return rows


def order_of(selector):
    return np.argsort(-selector.ranking_, kind="stable")[: len(selector.coef_path_) - 1]


@given(seeds, st.integers(2, 7), st.integers(2, 30))
def test_each_round_drops_the_smallest_of_its_least_squares_coefficients(seed, p, n):
    rng = RNG(seed)
    X, y = rng.standard_normal((n, p)), rng.standard_normal(n)
    ours = MagnitudePruning(1, fit_intercept=False).fit(X, y)
    order = order_of(ours)
    expected = refitted(X, y, order, lambda X, y: np.linalg.lstsq(X, y)[0])
    scale = abs(expected).max(axis=1, keepdims=True)
    assert (abs(ours.coef_path_ - expected) <= 1e-6 * scale).all()
    for k, feature in enumerate(order):
        size = np.where(np.isin(np.arange(p), order[:k]), np.inf, abs(expected[k]))
        assert size[feature] <= size.min() + 1e-6 * scale[k, 0]


def test_the_penalty_is_exact():
    X, y = table(RNG(7), 9, 6)
    alpha, centred = 0.7, X - X.mean(axis=0)
    ours = MagnitudePruning(1, alpha=alpha).fit(X, y)

    def augmented(X, y):
        rows = np.vstack((X, np.sqrt(alpha) * np.eye(X.shape[1])))
        return np.linalg.lstsq(rows, np.append(y, np.zeros(X.shape[1])))[0]

    expected = refitted(centred, y - y.mean(), order_of(ours), augmented)
    np.testing.assert_allclose(ours.coef_path_, expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("T", [0.0, 0.3, 10.0])
@pytest.mark.parametrize("n", [4, 30])
def test_training_stops_at_time_T(n, T):
    X, y = table(RNG(8), n, 6)
    Phi, target = (X - X.mean(axis=0)), y - y.mean()
    ours = MagnitudePruning(1, T=T).fit(X, y)
    train = lambda X, y: gradient_flow(LeastSquares(X, y), T)  # noqa: E731
    expected = refitted(Phi, target, order_of(ours), train)
    np.testing.assert_allclose(ours.coef_path_, expected, rtol=1e-7, atol=1e-10)
    np.testing.assert_allclose(ours.intercept_path_, y.mean() - expected @ X.mean(axis=0))


@pytest.mark.parametrize("T", [0.1, np.inf])
def test_whole_weights_count_rows(T):
    X, y = table(RNG(9), 25, 4)
    count = RNG(10).integers(0, 4, 25)
    weighted = MagnitudePruning(1, alpha=0.5, T=T).fit(X, y, sample_weight=count)
    repeated = MagnitudePruning(1, alpha=0.5, T=T).fit(np.repeat(X, count, 0), np.repeat(y, count))
    np.testing.assert_allclose(weighted.coef_path_, repeated.coef_path_, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("alpha", [0.0, 2.0])
@pytest.mark.parametrize("fit_intercept", [True, False])
def test_both_reductions_keep_the_normal_equations(fit_intercept, alpha):
    rng = RNG(11)
    X, y = table(rng, 3000, 8)  # enough rows for three blocks
    weight, index = rng.uniform(0, 2, 3000), rng.permutation(3000)[:2500]
    mean = fit_intercept * np.average(X[index], axis=0, weights=weight[index])
    target = y[index] - fit_intercept * np.average(y[index], weights=weight[index])
    gram = (X[index] - mean).T * weight[index] @ (X[index] - mean) + alpha * np.eye(8)
    alignment = (X[index] - mean).T @ (weight[index] * target)
    task = Task(X, y, weight, index, alpha, np.inf, fit_intercept, 1)
    for A, b in (_by_cholesky(task), _by_qr(task)):
        assert A.shape == (8, 8)
        np.testing.assert_allclose(A.T @ A, gram, rtol=1e-10, atol=1e-10 * abs(gram).max())
        np.testing.assert_allclose(A.T @ b, alignment, rtol=1e-9, atol=1e-11 * abs(gram).max())


@pytest.mark.parametrize("seed", range(5))
def test_no_digits_are_lost_where_features_nearly_coincide(seed):
    rng = RNG(seed)
    X = rng.standard_normal((2500, 6))
    X[:, :3] = X[:, 3:] + 1e-5 * X[:, :3]
    signal = rng.standard_normal(6)
    y = X @ signal
    task = Task(X, y, np.ones(2500), np.arange(2500), 0.0, np.inf, True, 1)
    assert _by_cholesky(task) is None
    ours = MagnitudePruning(1).fit(X, y)
    np.testing.assert_allclose(ours.coef_path_[0], signal, rtol=0, atol=1e-9)
    fit = lambda X, y: np.linalg.lstsq(X - X.mean(axis=0), y - y.mean())[0]  # noqa: E731
    expected = refitted(X, y, order_of(ours), fit)
    np.testing.assert_allclose(ours.coef_path_, expected, rtol=0, atol=1e-4)


def test_more_features_than_rows_keep_the_rank_of_centred_rows():
    X, y = table(RNG(12), 5, 9)
    small = as_problem(Task(X, y, np.ones(5), np.arange(5), 0.0, np.inf, True, 1))[0]
    assert small.Phi.shape == (4, 9)
    assert np.linalg.matrix_rank(small.Phi) == 4


def test_sparse_single_and_whole_numbers_select_as_doubles():
    rng = RNG(13)
    X = rng.integers(-3, 4, (50, 6)) * (rng.uniform(size=(50, 6)) < 0.4)
    y = rng.standard_normal(50)
    for selector in (MagnitudePruning(2), MagnitudePruningCV(scoring="r2"), MagnitudePruningCV()):
        expected = clone(selector).fit(X.astype(float), y)
        for Z in (X, X.astype(np.float32), scipy.sparse.csr_array(X), scipy.sparse.csc_matrix(X)):
            fitted = clone(selector).fit(Z, y)
            np.testing.assert_array_equal(fitted.ranking_, expected.ranking_)
            np.testing.assert_allclose(fitted.coef_path_, expected.coef_path_, atol=1e-12)
            np.testing.assert_allclose(fitted.predict(Z), expected.predict(X))


def test_order_of_memory_does_not_matter():
    X, y = table(RNG(14), 40, 5)
    rows, columns = (MagnitudePruning().fit(Z, y) for Z in (X, np.asfortranarray(X)))
    np.testing.assert_array_equal(rows.coef_path_, columns.coef_path_)


def test_input_is_left_as_it_was():
    X, y = table(RNG(15), 40, 5)
    kept = X.copy(), y.copy()
    MagnitudePruningCV().fit(X, y, sample_weight=np.arange(40))
    np.testing.assert_array_equal(X, kept[0])
    np.testing.assert_array_equal(y, kept[1])


# scikit-learn's conventions


@parametrize_with_checks([MagnitudePruning(), MagnitudePruningCV(cv=2)])
def test_scikit_learn_accepts_the_estimator(estimator, check):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        check(estimator)


def named():
    X, y = datasets.load_diabetes(return_X_y=True, as_frame=True)
    return X, y


def test_names_go_through():
    X, y = named()
    selector = MagnitudePruning(3).set_output(transform="pandas").fit(X, y)
    assert list(selector.feature_names_in_) == list(X.columns)
    assert list(selector.get_feature_names_out()) == ["bmi", "s1", "s5"]
    pd.testing.assert_frame_equal(selector.transform(X), X[["bmi", "s1", "s5"]])
    assert selector.predict(X).shape == y.shape
    with pytest.raises(ValueError, match="feature names"):
        selector.predict(X.rename(columns={"bmi": "BMI"}))


def test_text_columns_come_through_a_pipeline_as_sparse_rows():
    X, y = named()
    X = X.assign(band=pd.cut(X["age"], 9).astype(str))
    columns = make_column_transformer(
        (OneHotEncoder(drop="first"), ["band"]), remainder="passthrough", sparse_threshold=1.0
    )
    model = make_pipeline(columns, MagnitudePruningCV(alpha=0.01)).fit(X, y)
    assert scipy.sparse.issparse(columns.fit_transform(X))
    names = model[-1].get_feature_names_out(model[0].get_feature_names_out())
    assert "remainder__bmi" in names
    assert model.score(X, y) > 0.4


def test_grid_search_finds_the_size_that_cross_validation_finds():
    X, y = datasets.load_diabetes(return_X_y=True)
    sizes = list(range(1, 11))
    search = GridSearchCV(MagnitudePruning(), {"n_features_to_select": sizes}).fit(X, y)
    ours = MagnitudePruningCV().fit(X, y)
    np.testing.assert_allclose(
        search.cv_results_["mean_test_score"], ours.cv_results_["mean_test_score"]
    )
    assert search.best_params_["n_features_to_select"] == ours.n_features_


def test_cross_val_score_is_that_of_rfecv():
    X, y = datasets.load_diabetes(return_X_y=True)
    scaled = (make_pipeline(StandardScaler(), s) for s in (MagnitudePruningCV(), RFECV(linear())))
    ours, theirs = (cross_val_score(model, X, y, cv=3) for model in scaled)
    np.testing.assert_allclose(ours, theirs)


def test_module_leaves_scikit_learn_alone():
    code = "import sys, impbook; sys.exit('sklearn' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# Bad input

X3, Y3 = np.random.default_rng(0).standard_normal((9, 3)), np.arange(9.0)
NAN, INF = np.nan, np.inf


@pytest.mark.parametrize("Selector", [MagnitudePruning, MagnitudePruningCV])
@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"step": 0}, ValueError, "step must be at least 1, got 0"),
        ({"step": 1.0}, ValueError, "step must be a count, or a fraction .* got 1.0"),
        ({"step": "1"}, TypeError, "step must be an integer, got '1'"),
        ({"alpha": -1}, ValueError, "alpha must be nonnegative and finite, got -1"),
        ({"alpha": NAN}, ValueError, "alpha must be a number, got nan"),
        ({"T": -1}, ValueError, r"T must be a training time in \[0, inf\], got -1"),
        ({"fit_intercept": "no"}, TypeError, "fit_intercept must be True or False, got 'no'"),
    ],
)
def test_bad_parameters_are_named(Selector, options, error, message):
    with pytest.raises(error, match=message):
        Selector(**options).fit(X3, Y3)


@pytest.mark.parametrize(
    ("selector", "error", "message"),
    [
        (MagnitudePruning(0), ValueError, "n_features_to_select must be at least 1, got 0"),
        (
            MagnitudePruning(1.5),
            ValueError,
            r"n_features_to_select .* fraction in \(0, 1\], got 1.5",
        ),
        (MagnitudePruning(0.1), ValueError, "n_features_to_select must select a feature, but 0.1"),
        (MagnitudePruning("3"), TypeError, "n_features_to_select must be an integer, got '3'"),
        (MagnitudePruningCV(min_features_to_select=0), ValueError, "min_features_to_select must"),
        (MagnitudePruningCV(min_features_to_select=1.0), TypeError, "min_features_to_select must"),
        (MagnitudePruningCV(scoring="?"), ValueError, "scoring"),
        (MagnitudePruningCV(scoring=lambda *_: NAN), ValueError, "scoring must give numbers"),
        (MagnitudePruningCV(cv=10), ValueError, "n_splits=10"),
    ],
)
def test_bad_sizes_folds_and_scores_are_named(selector, error, message):
    with pytest.raises(error, match=message):
        selector.fit(X3, Y3)


@pytest.mark.parametrize("Selector", [MagnitudePruning, MagnitudePruningCV])
@pytest.mark.parametrize(
    ("X", "y", "weight", "message"),
    [
        (X3, np.column_stack((Y3, Y3)), None, "y should be a 1d array"),
        (X3, Y3[:5], None, "inconsistent numbers of samples"),
        (np.diag(9 * [NAN])[:, :3], Y3, None, "X contains NaN"),
        (X3[:, :1], Y3, None, "minimum of 2 is required"),
        (X3, np.append(Y3[1:], INF), None, "y contains infinity"),
        (X3, Y3, np.ones(4), "sample_weight must have 9 entries, got 4"),
        (X3, Y3, -Y3, "sample_weight must be nonnegative, got -8"),
        (X3, Y3, 0 * Y3, "sample_weight must not be zero"),
    ],
)
def test_bad_data_are_named(Selector, X, y, weight, message):
    with pytest.raises(ValueError, match=message):
        Selector().fit(X, y, sample_weight=weight)


def test_one_column_of_targets_is_taken_with_a_warning():
    with pytest.warns(DataConversionWarning):
        assert MagnitudePruning().fit(X3, Y3[:, np.newaxis]).n_features_ == 1


# scikit-learn's own tests, with LinearRegression as estimator and with our selectors in place of
# RFE and RFECV.

APPLY = [
    "test_rfe_percent_n_features",
    "test_rfe_mockclassifier",
    "test_rfe_min_step",
    "test_rfe_with_sample_weight",
    "test_rfe_n_features_to_select_warning",
    "test_rfecv_mockclassifier",
    "test_rfecv_cv_results_size",
    "test_rfecv_cv_results_n_features",
    "test_rfecv_std_and_mean",
    "test_number_of_subsets_of_features",
    "test_rfe_cv_n_jobs",
    "test_rfe_with_joblib_threading_backend",
    "test_results_per_cv_in_rfecv",
]
OTHERWISE = {  # each requires that four particular columns be chosen, but RFE chooses others
    "test_rfe": "RFE of LinearRegression itself chooses other columns",
    "test_rfecv": "RFECV of LinearRegression itself chooses other columns",
}
APART = {
    "test_rfe_features_importance": "compares a random forest with a support vector machine",
    "test_RFE_fit_score_params": "hands metadata to an estimator of the test's own",
    "test_rfecv_verbose_output": "there is no verbose",
    "test_rfe_estimator_tags": "about classifiers",
    "test_rfe_cv_groups": "about a random forest; see test_groups_and_jobs_are_those_of_rfecv",
    "test_rfe_wrapped_estimator": "importance_getter: importance is always the coefficient",
    "test_rfe_importance_getter_validation": "importance_getter",
    "test_rfe_sparse_coef": "importance_getter",
    "test_w_pipeline_2d_coef_": "importance_getter",
    "test_pipeline_with_nans": "importance_getter; missing values are filled before the selector",
    "test_rfe_allow_nan_inf_in_x": "an estimator that allows NaN; LinearRegression does not",
    "test_multioutput": "a random forest on two targets; ours has one, see test_bad_data_are_named",
    "test_rfe_pls": "about partial least squares",
    "test_rfe_estimator_attribute_error": "asks for the name RFE in an error of decision_function",
}
CLASSIFIERS = ["SVC", "SVR", "LinearSVR", "LogisticRegression", "MockClassifier"]


def calls(test):
    """Keyword arguments of every call that pytest makes to a parametrised test."""
    grids = []
    for mark in getattr(test, "pytestmark", []):
        names, rows = mark.args
        names = names.replace(" ", "").split(",") if isinstance(names, str) else names
        rows = [row if len(names) > 1 else (row,) for row in rows]
        grids.append([dict(zip(names, row, strict=True)) for row in rows])
    if "global_random_seed" in inspect.signature(test).parameters:
        grids.append([{"global_random_seed": 42}])
    for parts in itertools.product(*grids):
        yield {name: value for part in parts for name, value in part.items()}


def run_theirs(name, monkeypatch, rfe, rfecv):
    """Run a scikit-learn test with `rfe` for RFE and `rfecv` for RFECV.

    LinearRegression takes the place of the models in `CLASSIFIERS`.
    """
    test = getattr(sklearn_tests, name)
    for estimator in CLASSIFIERS:
        monkeypatch.setattr(sklearn_tests, estimator, lambda **_: LinearRegression())
    monkeypatch.setattr(sklearn_tests, "RFE", rfe)
    monkeypatch.setattr(sklearn_tests, "RFECV", rfecv)
    for arguments in calls(test):
        swapped = {
            key: {RFE: rfe, RFECV: rfecv}.get(value, value) if isinstance(value, type) else value
            for key, value in arguments.items()
        }
        with joblib.parallel_config("threading"), contextlib.redirect_stdout(io.StringIO()):
            test(**swapped)


@pytest.mark.parametrize("name", APPLY)
def test_theirs_pass_with_ours_in_place(name, monkeypatch):
    made = []

    def stand_in(Selector):
        def make(estimator, **options):
            assert isinstance(estimator, LinearRegression)
            made.append(Selector)
            return Selector(**options)

        return make

    run_theirs(name, monkeypatch, stand_in(MagnitudePruning), stand_in(MagnitudePruningCV))
    assert made


@pytest.mark.parametrize("name", OTHERWISE)
def test_theirs_fail_with_their_own_linear_regression(name, monkeypatch):
    with pytest.raises(AssertionError):
        run_theirs(name, monkeypatch, RFE, RFECV)


def test_each_of_theirs_is_run_or_set_apart():
    theirs = {name for name in vars(sklearn_tests) if name.startswith("test_")}
    assert theirs <= {*APPLY, *OTHERWISE, *APART}
