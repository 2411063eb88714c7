"""Recursive feature elimination for linear regression: one path gives the models of all sizes."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.feature_selection import SelectorMixin
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.utils.validation import check_is_fitted, validate_data

from impbook import _checks
from impbook._arrays import Mask, Vector
from impbook.selection.rows import Path, Task, prune


@dataclass(repr=False, eq=False, kw_only=True)
class Selector(SelectorMixin, RegressorMixin, BaseEstimator):
    """Base class for the two selectors: parameters, checks, fitted attributes and predictions.

    Parameters
    ----------
    step, alpha, T, fit_intercept
        As for `MagnitudePruning`.
    """

    step: int | float = 1
    alpha: float = 0.0
    T: float = np.inf
    fit_intercept: bool = True

    def predict(self, X: Any) -> Vector:
        """Predictions for the rows of X, shape (n, p), from the selected features."""
        check_is_fitted(self)
        X = validate_data(self, X, accept_sparse="csr", reset=False)
        return self.estimator_.predict(X[:, self.support_])

    def _get_support_mask(self) -> Mask:
        check_is_fitted(self)
        return self.support_

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.regressor_tags.poor_score = True  # because a few features may explain little of y
        return tags

    def _checked(self, X: Any, y: Any, sample_weight: ArrayLike | None) -> Task:
        """Check the parameters and the data, and return the task of fitting all rows."""
        step = _checks.per_round(self.step, "step")
        alpha, T = _checks.nonnegative("alpha", self.alpha), _checks.training_time(self.T)
        fit_intercept = _checks.flag("fit_intercept", self.fit_intercept)
        X, y = validate_data(self, X, y, accept_sparse="csr", y_numeric=True, ensure_min_features=2)
        n, p = X.shape
        weight = np.ones(n)
        if sample_weight is not None:
            weight = _checks.vector("sample_weight", sample_weight, n)
            if weight.min() < 0:
                raise ValueError(f"sample_weight must be nonnegative, got {weight.min()}")
        if isinstance(step, float):
            step = max(1, int(step * p))
        return Task(X, y, weight, np.arange(n), alpha, T, fit_intercept, step)

    def _select(self, task: Task, keep: int) -> Self:
        """Select `keep` features, set the fitted attributes, and return the selector."""
        path = prune(task, keep)
        self.support_, self.ranking_ = path.support[-1], path.ranking[-1]
        self.n_features_ = keep
        self.coef_path_, self.intercept_path_ = path.coef, path.intercept
        self.estimator_ = linear_model(task, path, -1)
        return self


@dataclass(repr=False, eq=False)
class MagnitudePruning(Selector):
    """Recursive feature elimination for linear regression, at about the cost of one fit.

    This does what ``RFE(LinearRegression())`` and ``RFE(Ridge(alpha))`` do: train, drop the
    features with the smallest absolute coefficients, and repeat until the requested number of
    features remains. The result is the same, but no round fits a model afresh.

    Parameters
    ----------
    n_features_to_select : int or float, optional
        Number of features to select: a count, or a fraction in (0, 1] of all features, rounded
        down; by default half of them.
    step : int or float, optional
        Number of features to drop in each round: a count, or a fraction in (0, 1) of *all*
        features, rounded down but at least 1. The last round drops only as many features as needed
        to reach the number to select.
    alpha : float, optional
        Strength α ≥ 0 of the ridge penalty α‖w‖², which is added to the (weighted) sum of squares
        as in ``Ridge``; 0 for no penalty.
    T : float, optional
        Training time in each round, in [0, inf]. The weights start at 0 and follow the gradient
        flow for this time; by default, they converge. The intercept is always fitted exactly.
    fit_intercept : bool, optional
        Whether the model has an intercept.

    Attributes
    ----------
    support_ : ndarray of bool, shape (p,)
        Mask of the features selected.
    ranking_ : ndarray of int, shape (p,)
        1 for the features selected, 2 for those dropped in the last round, and so on.
    n_features_ : int
        Number of features selected.
    coef_path_ : ndarray, shape (r+1, p)
        Row k holds the coefficients after k of the r rounds, 0 for features that have been dropped.
    intercept_path_ : ndarray, shape (r+1,)
        The intercepts of the same models; 0 if there is no intercept.
    estimator_ : LinearRegression or Ridge
        The last model of the path, as a scikit-learn model of the selected features.
    n_features_in_ : int
        Number of features p.
    feature_names_in_ : ndarray of str, shape (p,)
        Names of the features; set only if all names are strings.

    See Also
    --------
    MagnitudePruningCV : chooses the number of features by cross-validation.
    impbook.imp : computes the path itself.

    Notes
    -----
    With squared loss, T = ∞ and w_init = 0, Algorithm 1 of the paper is what scikit-learn calls
    recursive feature elimination for linear regression (Guyon, Weston, Barnhill & Vapnik 2002,
    doi:10.1023/A:1012487302797). The rows are read in blocks and reduced to at most p rows,
    which give the same trained weights for every T; `impbook.imp` then computes the path.

    With row weights a_i ≥ 0, the loss is (Σ a_i (x_iᵀw + c − y_i)² + α‖w‖²)/(2 Σ a_i), where c is
    the intercept. T has the units of 1/λ, where λ is an eigenvalue of the Hessian of this loss.

    The ranking is that of ``RFE(LinearRegression())`` if the matrix of centred columns has a
    condition number below 10⁶. For larger condition numbers, ``LinearRegression`` (since
    scikit-learn 1.9) treats a singular value as 0 if it is below ``tol`` times the largest, where
    ``tol`` is 10⁻⁶ by default. The result then depends on the units of the columns. Here, all
    singular values above rounding error are kept, whatever the units. For columns of equal norm,
    ``LinearRegression(tol=1e-13)`` does the same. A column counts as dependent only if, up to
    rounding, it is constant or a linear combination of the other columns. Only one target is
    allowed, and there is no parameter ``estimator``.

    If the features have different units, standardise them first: which coefficients are smallest
    depends on the units.

    Examples
    --------
    >>> from sklearn.datasets import load_diabetes
    >>> X, y = load_diabetes(return_X_y=True)
    >>> selector = MagnitudePruning(n_features_to_select=4).fit(X, y)
    >>> selector.ranking_
    array([7, 3, 1, 2, 1, 1, 5, 4, 1, 6])
    >>> selector.transform(X).shape
    (442, 4)
    >>> print(round(selector.score(X, y), 3))
    0.476

    The result agrees with scikit-learn, and every model on the path is available:

    >>> from sklearn.feature_selection import RFE
    >>> from sklearn.linear_model import LinearRegression
    >>> rfe = RFE(LinearRegression(), n_features_to_select=4).fit(X, y)
    >>> bool((rfe.ranking_ == selector.ranking_).all())
    True
    >>> (selector.coef_path_ != 0).sum(axis=1)
    array([10,  9,  8,  7,  6,  5,  4])
    """

    n_features_to_select: int | float | None = None

    def fit(self, X: Any, y: Any, sample_weight: ArrayLike | None = None) -> Self:
        """Select features.

        Parameters
        ----------
        X : array_like or sparse matrix, shape (n, p)
            Features, at least two.
        y : array_like, shape (n,)
            Targets.
        sample_weight : array_like, shape (n,), optional
            Weight of each row, at least 0; 1 if not given.

        Returns
        -------
        MagnitudePruning
            The selector itself.

        Raises
        ------
        TypeError, ValueError
            If a parameter of the selector has the wrong type or is out of range, if X, y and
            sample_weight differ in their numbers of rows, if one of them contains a NaN or an
            infinity, if a weight is negative, or if all weights are 0.
        """
        name, wanted = "n_features_to_select", self.n_features_to_select
        wanted = 0.5 if wanted is None else wanted
        fraction = isinstance(wanted, (float, np.floating))
        if not fraction:
            wanted = _checks.count(name, wanted, 1)
        elif not 0 < wanted <= 1:
            raise ValueError(f"{name} must be a count, or a fraction in (0, 1], got {wanted}")
        task = self._checked(X, y, sample_weight)
        keep = int(wanted * task.p) if fraction else at_most(name, int(wanted), task.p)
        if keep == 0:
            raise ValueError(
                f"{name} must select a feature, but {wanted} of {task.p} rounds down to 0"
            )
        return self._select(task, keep)


def linear_model(task: Task, path: Path, row: int, table: Any = None) -> LinearRegression | Ridge:
    """The model given by one row of a path, as a scikit-learn model of the remaining features."""
    options = {"fit_intercept": task.fit_intercept}
    fitted = Ridge(task.alpha, **options) if task.alpha else LinearRegression(**options)
    fitted.coef_ = path.coef[row, path.support[row]]
    fitted.intercept_ = float(path.intercept[row])
    fitted.n_features_in_ = fitted.coef_.size
    if hasattr(table, "columns"):
        fitted.feature_names_in_ = np.asarray(table.columns, dtype=object)[path.support[row]]
    return fitted


def at_most(name: str, wanted: int, p: int) -> int:
    """Return min(wanted, p), and warn if wanted exceeds p."""
    if wanted > p:
        text = f"Found {name}={wanted} > n_features={p}: every feature is kept"
        warnings.warn(text, UserWarning, stacklevel=3)
    return min(wanted, p)
