"""Choice of the number of features by cross-validation, with one elimination path per fold."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.metrics import get_scorer, r2_score
from sklearn.model_selection import check_cv
from sklearn.utils import _safe_indexing
from sklearn.utils.parallel import Parallel, delayed

from impbook import _checks
from impbook._arrays import Indices, Vector
from impbook.selection.rows import Path, Task, prune
from impbook.selection.selector import Selector, at_most, linear_model

Scoring = str | Callable[..., float] | None


@dataclass(repr=False, eq=False, kw_only=True)
class MagnitudePruningCV(Selector):
    """Cross-validated recursive feature elimination for linear regression, without refits.

    This does what ``RFECV(LinearRegression())`` and ``RFECV(Ridge(alpha))`` do. In each fold, one
    elimination path is computed, and every model on the path is scored on the held-out rows. The
    scores are averaged over the folds separately for each number of features, and the number with
    the best mean is chosen; in a tie, the smallest number. That many features are then selected
    using all rows.

    Parameters
    ----------
    step : int or float, optional
        Number of features to drop in each round: a count, or a fraction in (0, 1) of *all*
        features, rounded down but at least 1. The last round of a path drops only as many features
        as needed to reach `min_features_to_select`.
    alpha : float, optional
        Strength α ≥ 0 of the ridge penalty α‖w‖², which is added to the (weighted) sum of squares
        as in ``Ridge``; 0 for no penalty.
    T : float, optional
        Training time in each round, in [0, inf]. The weights start at 0 and follow the gradient
        flow for this time; by default, they converge. The intercept is always fitted exactly.
    fit_intercept : bool, optional
        Whether the model has an intercept.
    min_features_to_select : int, optional
        Number of features at which each path ends, at least 1.
    cv : int, splitter or iterable, optional
        Folds, as for ``RFECV``; by default five folds of consecutive rows.
    scoring : str or callable, optional
        Scorer, as for ``RFECV``; by default R².
    n_jobs : int, optional
        Number of folds to run in parallel, as for ``RFECV``; by default one.

    Attributes
    ----------
    support_, ranking_, n_features_, estimator_, n_features_in_, feature_names_in_
        As for `MagnitudePruning` with the chosen number of features.
    coef_path_, intercept_path_
        Coefficients and intercepts of the path fitted to all rows, down to the chosen number of
        features.
    cv_results_ : dict of ndarray
        Arrays with one entry or one row for each number of features. ``n_features`` holds these
        numbers in ascending order. The other arrays are ``mean_test_score``, ``std_test_score``
        and, for fold k, ``split{k}_test_score``, ``split{k}_ranking`` and ``split{k}_support``.

    See Also
    --------
    MagnitudePruning : selects a fixed number of features.

    Notes
    -----
    A scorer given by name or made by ``make_scorer`` needs only predictions, which are computed by
    one matrix product per fold. Any other callable is called as in ``RFECV``. This is slower: the
    callable receives a model fitted to the remaining features, and the held-out rows restricted to
    these features. If X is a data frame whose column names are strings, the held-out rows are
    passed as a data frame, and the model has the attribute ``feature_names_in_``. ``RFECV`` passes
    an array instead.

    R² is undefined for a fold with only one held-out row. ``RFECV`` then gives the fold the score
    NaN and selects the fewest features; here, such a fold raises an error.

    See `MagnitudePruning` for the path and for the differences from scikit-learn.

    Examples
    --------
    >>> from sklearn.datasets import load_diabetes
    >>> X, y = load_diabetes(return_X_y=True)
    >>> selector = MagnitudePruningCV(cv=5).fit(X, y)
    >>> selector.n_features_
    6
    >>> selector.cv_results_["mean_test_score"].round(3)
    array([0.324, 0.443, 0.45 , 0.454, 0.475, 0.491, 0.489, 0.488, 0.486, 0.482])
    >>> selector.get_support(indices=True)
    array([1, 2, 3, 4, 5, 8])

    The result agrees with scikit-learn:

    >>> from sklearn.feature_selection import RFECV
    >>> from sklearn.linear_model import LinearRegression
    >>> rfecv = RFECV(LinearRegression(), cv=5).fit(X, y)
    >>> bool((rfecv.ranking_ == selector.ranking_).all())
    True
    """

    min_features_to_select: int = 1
    cv: Any = None
    scoring: Scoring = None
    n_jobs: int | None = None

    def fit(
        self,
        X: Any,
        y: Any,
        sample_weight: ArrayLike | None = None,
        groups: ArrayLike | None = None,
    ) -> Self:
        """Choose a number of features by cross-validation, then select that many using all rows.

        Parameters
        ----------
        X : array_like or sparse matrix, shape (n, p)
            Features, at least two.
        y : array_like, shape (n,)
            Targets.
        sample_weight : array_like, shape (n,), optional
            Weight of each row in the fits, at least 0; 1 if not given. Scores are not weighted.
        groups : array_like, shape (n,), optional
            Group labels, passed to the splitter.

        Returns
        -------
        MagnitudePruningCV
            The selector itself.

        Raises
        ------
        TypeError, ValueError
            If a parameter of the selector has the wrong type or is out of range, if X, y and
            sample_weight differ in their numbers of rows, if one of them contains a NaN or an
            infinity, if a weight is negative, if all weights of the rows fitted in a fold are 0, or
            if a score is NaN.
        """
        fewest = _checks.count("min_features_to_select", self.min_features_to_select, 1)
        _scorer(self.scoring)  # raises an error for an unknown name
        task = self._checked(X, y, sample_weight)
        fewest = at_most("min_features_to_select", fewest, task.p)
        named = callable(self.scoring) and hasattr(self, "feature_names_in_")
        rows = X if named else task.X
        folds = check_cv(self.cv, task.y).split(task.X, task.y, groups)
        results = Parallel(n_jobs=self.n_jobs)(
            delayed(_fold)(task, rows, train, test, fewest, self.scoring) for train, test in folds
        )
        self.cv_results_ = _ascending(*zip(*results, strict=True))
        total = sum(scores for scores, _ in results)[::-1]
        best = int(self.cv_results_["n_features"][np.argmax(total)])
        return self._select(task, best)

    def score(self, X: Any, y: Any, sample_weight: ArrayLike | None = None) -> float:
        """Score the predictions for X, shape (n, p), against y with the scorer `scoring`."""
        options = {} if sample_weight is None else {"sample_weight": sample_weight}
        return float(_scorer(self.scoring)(self, X, y, **options))


class _Predicted(RegressorMixin, BaseEstimator):
    """A model whose predictions have already been computed."""

    def __init__(self, predictions: Vector) -> None:
        self.predictions = predictions

    def predict(self, X: Any) -> Vector:
        return self.predictions


def _fold(
    task: Task, rows: Any, train: Indices, test: Indices, fewest: int, scoring: Scoring
) -> tuple[Vector, Path]:
    """Fit a path to the training rows; return the held-out scores of its models, and the path."""
    held_out = task.y[test].size
    if held_out < 2 and scoring in (None, "r2"):
        raise ValueError(
            f"cv must hold out at least 2 rows in each fold, got {held_out}: R² is undefined for "
            "fewer; scoring='neg_mean_squared_error' is not"
        )
    path = prune(replace(task, index=np.arange(task.y.size)[train]), fewest)
    scores = np.array([*_scores(task, rows, path, test, scoring)], dtype=float)
    if np.isnan(scores).any():
        raise ValueError(f"scoring must give numbers, got nan on a fold of {held_out} rows")
    return scores, path


def _scores(task: Task, rows: Any, path: Path, test: Indices, scoring: Scoring) -> Iterable[float]:
    X, y, scorer = task.X[test], task.y[test], _scorer(scoring)
    if not isinstance(scorer, type(_scorer("r2"))):  # a callable may need more than predictions
        named = _safe_indexing(rows, test)
        return (
            scorer(linear_model(task, path, k, named), _safe_indexing(named, left, axis=1), y)
            for k, left in enumerate(path.support)
        )
    predictions = path.coef @ X.T + path.intercept[:, np.newaxis]
    if scoring is None:  # one call scores the models of all sizes
        targets = np.broadcast_to(y, predictions.shape)
        return r2_score(targets.T, predictions.T, multioutput="raw_values")
    return (scorer(_Predicted(row), X, y) for row in predictions)


def _scorer(scoring: Scoring) -> Callable[..., float]:
    return get_scorer("r2" if scoring is None else scoring)


def _ascending(scores: tuple[Vector, ...], paths: tuple[Path, ...]) -> dict[str, Any]:
    """Form ``cv_results_`` from the results of the folds, in ascending order of `n_features`."""
    by_fold = np.array(scores)[:, ::-1]
    results = {
        "n_features": paths[0].support.sum(axis=1)[::-1],
        "mean_test_score": by_fold.mean(axis=0),
        "std_test_score": by_fold.std(axis=0),
    }
    for k, path in enumerate(paths):
        results[f"split{k}_test_score"] = by_fold[k]
        results[f"split{k}_ranking"] = path.ranking[::-1]
        results[f"split{k}_support"] = path.support[::-1]
    return results
