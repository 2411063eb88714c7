"""Checks of input: each returns the argument in its working form or says what is wrong with it."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Mask = NDArray[np.bool_]


def array(name: str, value: ArrayLike, ndim: int) -> NDArray[np.float64]:
    """Finite, non-empty, real array of doubles with the given number of dimensions."""
    try:
        a = np.asarray(value)
    except ValueError as error:
        raise ValueError(f"{name} must be a rectangular array of numbers: {error}") from None
    if a.dtype.kind not in "biuf":
        raise TypeError(f"{name} must hold real numbers, got dtype {a.dtype}")
    if a.ndim != ndim:
        raise ValueError(f"{name} must have {ndim} dimension(s), got shape {a.shape}")
    if a.size == 0:
        raise ValueError(f"{name} must not be empty, got shape {a.shape}")
    a = a.astype(np.float64, copy=False)
    if not np.isfinite(a).all():
        where = tuple(int(i) for i in np.argwhere(~np.isfinite(a))[0])
        raise ValueError(f"{name} must be finite, got {a[where]} at index {where}")
    return a


def negligible(shape: tuple[int, ...]) -> float:
    """Share of its largest singular value up to which one of a matrix counts as 0: max(n, p)·ε."""
    return float(max(shape) * np.finfo(float).eps)


def vector(name: str, value: ArrayLike, length: int | None = None) -> Vector:
    """Finite real vector, of the given length if there is one."""
    a = array(name, value, 1)
    if length is not None and a.size != length:
        raise ValueError(f"{name} must have {length} entries, got {a.size}")
    return a


def matrix(name: str, value: ArrayLike) -> Matrix:
    """Finite real matrix."""
    return array(name, value, 2)


def symmetric(name: str, value: ArrayLike) -> Matrix:
    """Finite real symmetric matrix."""
    a = matrix(name, value)
    if a.shape[0] != a.shape[1]:
        raise ValueError(f"{name} must be square, got shape {a.shape}")
    gap = float(np.abs(a - a.T).max())
    if gap > 1e-10 * float(np.abs(a).max()):
        raise ValueError(f"{name} must be symmetric, but differs from its transpose by {gap:.3g}")
    return a


def mask(name: str, value: ArrayLike | None, length: int) -> Mask:
    """Boolean mask of the given length; None means every entry."""
    if value is None:
        return np.ones(length, dtype=bool)
    a = np.asarray(value)
    if a.dtype != bool or a.shape != (length,):
        raise ValueError(
            f"{name} must be a boolean mask of shape ({length},), "
            f"got dtype {a.dtype}, shape {a.shape}"
        )
    return a


def count(name: str, value: Any, low: int, high: int | None = None, why: str = "") -> int:
    """Integer in [low, high]."""
    try:
        number = operator.index(value)
    except TypeError:
        raise TypeError(f"{name} must be an integer, got {value!r}") from None
    if isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name} must be an integer, got {value!r}")
    if number < low or (high is not None and number > high):
        wanted = f"at least {low}" if high is None else f"between {low} and {high}"
        raise ValueError(f"{name} must be {wanted}, got {number}{why}")
    return number


def index_set(name: str, value: Any, p: int) -> NDArray[np.intp]:
    """Sorted distinct indices out of 0, …, p − 1, at least one."""
    a = np.asarray(list(value) if isinstance(value, (set, frozenset, range)) else value)
    if a.ndim != 1:
        raise ValueError(f"{name} must be a list of indices, got shape {a.shape}")
    if a.size == 0:
        raise ValueError(f"{name} must hold at least one index, got none")
    if a.dtype.kind not in "iu":
        raise TypeError(f"{name} must hold integer indices, got dtype {a.dtype}")
    if a.min() < 0 or a.max() >= p:
        wrong = a[(a < 0) | (a >= p)][0]
        raise ValueError(f"{name} must hold indices between 0 and p - 1 = {p - 1}, got {wrong}")
    indices = np.unique(a).astype(np.intp)
    if indices.size < a.size:
        raise ValueError(f"{name} must hold each index once, got {a.tolist()}")
    return indices


def pruned_count(q: Any, p: int) -> int:
    """Number of prunings q with 0 <= q < p (Algorithm 1)."""
    try:
        return count("q", q, 0, p - 1)
    except ValueError:
        reason = "pruning every feature leaves nothing to train" if q >= p else "q counts prunings"
        raise ValueError(f"q must be an integer with 0 <= q < p = {p}, got {q}: {reason}") from None


def per_round(value: Any) -> int | float:
    """Features pruned in a round: a count of at least 1, or a share strictly between 0 and 1."""
    if not isinstance(value, (float, np.floating)):
        return count("per_round", value, 1, why=": a count is at least 1")
    if not 0 < value < 1:
        raise ValueError(
            f"per_round must be a count, or a share strictly between 0 and 1, got {value}"
        )
    return float(value)


def choice(name: str, value: Any, options: tuple[str, ...]) -> str:
    """One of the options."""
    if not isinstance(value, str) or value not in options:
        raise ValueError(f"{name} must be one of {', '.join(map(repr, options))}, got {value!r}")
    return value


def number(name: str, value: Any) -> float:
    """Real number, not NaN; infinities pass."""
    if isinstance(value, (bool, str, bytes)) or np.ndim(value) != 0 or np.iscomplexobj(value):
        raise TypeError(f"{name} must be a real number, got {value!r}")
    try:
        x = float(value)
    except (TypeError, ValueError):
        raise TypeError(f"{name} must be a real number, got {value!r}") from None
    if np.isnan(x):
        raise ValueError(f"{name} must be a number, got nan")
    return x


def positive(name: str, value: Any) -> float:
    """Finite number above 0."""
    x = number(name, value)
    if not 0 < x < np.inf:
        raise ValueError(f"{name} must be positive and finite, got {x}")
    return x


def nonnegative(name: str, value: Any) -> float:
    """Finite number of at least 0."""
    x = number(name, value)
    if not 0 <= x < np.inf:
        raise ValueError(f"{name} must be nonnegative and finite, got {x}")
    return x


def probability(name: str, value: Any) -> float:
    """Number strictly between 0 and 1."""
    x = number(name, value)
    if not 0 < x < 1:
        raise ValueError(f"{name} must lie strictly between 0 and 1, got {x}")
    return x


def training_time(T: Any) -> float:
    """Training time in [0, inf]."""
    x = number("T", T)
    if x < 0:
        raise ValueError(f"T must be a training time in [0, inf], got {x}")
    return x


def uniform_correlation(alpha: Any, p: int) -> float:
    """Correlation α for which I + α(11ᵀ − I) of order p is positive definite."""
    x = number("alpha", alpha)
    low = -1 / (p - 1) if p > 1 else -np.inf
    if not low < x < 1:
        raise ValueError(
            f"alpha must lie strictly between -1/(p-1) = {low:.4g} and 1 for p = {p}, got {x}: "
            "otherwise I + α(11ᵀ − I) is not positive definite"
        )
    return x


def normalised(Phi: ArrayLike) -> Matrix:
    """Feature matrix with Σ_ii = 1 for every feature, up to 1e-8."""
    a = matrix("Phi", Phi)
    diagonal = np.einsum("ij,ij->j", a, a) / a.shape[0]
    worst = int(np.argmax(np.abs(diagonal - 1)))
    if abs(diagonal[worst] - 1) > 1e-8:
        raise ValueError(
            f"Phi must have normalised features, Σ_ii = 1, but Σ_ii = {diagonal[worst]:.6g} for "
            f"i = {worst}; impbook.normalise(Phi) rescales them"
        )
    return a
