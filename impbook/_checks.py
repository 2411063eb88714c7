"""Input checks. Each raises an error naming the bad argument; most return the converted value."""

from __future__ import annotations

import operator
import sys
from decimal import Decimal
from numbers import Real
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import issparse

from impbook._arrays import Indices, Mask, Matrix, Vector

Kind = TypeVar("Kind")

# For numbers between these bounds, squares, reciprocals and products of up to three factors neither
# overflow nor underflow.
SMALLEST, LARGEST = 1e-100, 1e100


def plain(name: str, value: Any) -> None:
    """Refuse masked arrays, whose hidden values NumPy would use, and sparse arrays."""
    if _holds_masked(value):
        raise TypeError(
            f"{name} must not be masked, as its hidden values would be used: fill them in or "
            "leave them out"
        )
    if issparse(value):
        raise TypeError(f"{name} must be dense, got a sparse array: use {name}.toarray()")


def _holds_masked(value: Any) -> bool:
    if isinstance(value, (list, tuple)):
        return any(map(_holds_masked, value))
    return isinstance(value, np.ma.MaskedArray)


def anything(name: str, value: Any) -> NDArray[Any]:
    """The argument as a NumPy array, of any shape and dtype."""
    plain(name, value)
    try:
        return np.asarray(value)
    except ValueError as error:
        raise ValueError(f"{name} must be a rectangular array of numbers: {error}") from None


def _filled(value: Any) -> Any:
    """Convert pandas data with nullable numeric dtypes to floats, with NaN for missing values."""
    kinds = np.ravel(np.asarray(getattr(value, "dtypes", ()), dtype=object))
    nullable = any(not isinstance(kind, np.dtype) for kind in kinds)
    if nullable and all(getattr(kind, "kind", "O") in "biuf" for kind in kinds):
        return value.to_numpy(dtype=np.float64, na_value=np.nan)
    return value


def reals(name: str, value: ArrayLike) -> NDArray[np.float64]:
    """Array of doubles, of any shape; NaN and infinities are allowed."""
    a = anything(name, _filled(value))
    if a.dtype.kind not in "biuf":
        raise TypeError(f"{name} must hold real numbers, got dtype {a.dtype}")
    with np.errstate(over="ignore"):  # values beyond double range become inf
        return a.astype(np.float64, copy=False)


def array(name: str, value: ArrayLike, ndim: int | None = None) -> NDArray[np.float64]:
    """Finite, non-empty array of doubles, with `ndim` dimensions unless `ndim` is None."""
    a = reals(name, value)
    if ndim is not None and a.ndim != ndim:
        raise ValueError(f"{name} must have {ndim} dimension(s), got shape {a.shape}")
    if a.size == 0:
        raise ValueError(f"{name} must not be empty, got shape {a.shape}")
    if not np.isfinite(a).all():
        where = tuple(np.argwhere(~np.isfinite(a))[0].tolist())
        raise ValueError(f"{name} must be finite, got {a[where]} at index {where}")
    return a


def vector(name: str, value: ArrayLike, length: int | None = None) -> Vector:
    """Finite real vector, of the given length, or of any length if `length` is None."""
    a = array(name, value, 1)
    if length is not None and a.size != length:
        raise ValueError(f"{name} must have {length} entries, got {a.size}")
    return a


def matrix(name: str, value: ArrayLike) -> Matrix:
    """Finite real matrix."""
    return array(name, value, 2)


def squarable(name: str, value: ArrayLike, ndim: int = 2) -> NDArray[np.float64]:
    """Finite real array whose largest |entry| is either 0 or safe to square and to divide by."""
    a = array(name, value, ndim)
    size = float(np.abs(a).max())
    if size and not SMALLEST <= size <= LARGEST:
        raise ValueError(
            f"{name} must have its largest entry between {SMALLEST:g} and {LARGEST:g}, "
            f"got {size:.3g}, whose square may overflow or underflow; rescale {name}"
        )
    return a


def symmetric(name: str, value: ArrayLike) -> Matrix:
    """Finite real symmetric matrix."""
    a = matrix(name, value)
    if a.shape[0] != a.shape[1]:
        raise ValueError(f"{name} must be square, got shape {a.shape}")
    gap = float(np.abs(a - a.T).max())
    if gap > 1e-10 * float(np.abs(a).max()):  # rounding errors are far smaller
        raise ValueError(f"{name} must be symmetric, but differs from its transpose by {gap:.3g}")
    return a


def mask(name: str, value: ArrayLike | None, length: int) -> Mask:
    """Boolean mask of the given length; None selects every entry."""
    if value is None:
        return np.ones(length, dtype=bool)
    a = anything(name, value)
    if a.dtype != bool or a.shape != (length,):
        raise ValueError(
            f"{name} must be a boolean mask of shape ({length},), "
            f"got dtype {a.dtype}, shape {a.shape}"
        )
    return a


def count(name: str, value: Any, low: int, high: int | None = None, why: str = "") -> int:
    """Integer in [low, high] that does not exceed the largest possible size of an array."""
    plain(name, value)
    try:
        number = operator.index(value)
    except TypeError:
        raise TypeError(f"{name} must be an integer, got {value!r}") from None
    if isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name} must be an integer, got {value!r}")
    if number > sys.maxsize:
        raise ValueError(f"{name} must be at most {sys.maxsize}, got {_short(number)}")
    if number < low or (high is not None and number > high):
        wanted = f"at least {low}" if high is None else f"between {low} and {high}"
        raise ValueError(f"{name} must be {wanted}, got {_short(number)}{why}")
    return number


def tall(n: Any, p: Any, fewest: int = 1) -> tuple[int, int]:
    """Numbers of samples and features, with n >= p so that the features can be independent."""
    p = count("p", p, fewest)
    return count("n", n, p, why=f": p = {p} independent features need n >= p samples"), p


def _short(number: int) -> str:
    return str(number) if abs(number) < 10**20 else f"an integer of {number.bit_length()} bits"


def index_set(name: str, value: Any, p: int) -> Indices:
    """Sorted array of one or more distinct indices in [0, p)."""
    a = anything(name, list(value) if isinstance(value, (set, frozenset, range)) else value)
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
    """Number q of pruning steps in Algorithm 1, with 0 <= q < p."""
    try:
        return count("q", q, 0, p - 1)
    except ValueError:
        reason = (
            "pruning every feature leaves nothing to train" if q >= p else "q counts pruning steps"
        )
        raise ValueError(
            f"q must be an integer with 0 <= q < p = {p}, got {_short(operator.index(q))}: {reason}"
        ) from None


def per_round(value: Any, name: str = "per_round") -> int | float:
    """Features pruned per round: a count of at least 1, or a fraction strictly between 0 and 1."""
    if not isinstance(value, (float, np.floating)):
        return count(name, value, 1, why=": every round prunes a feature")
    if not 0 < value < 1:
        raise ValueError(
            f"{name} must be a count, or a fraction strictly between 0 and 1, got {value}"
        )
    return float(value)


def choice(name: str, value: Any, options: tuple[str, ...]) -> str:
    """The argument, which must be one of the options."""
    if not isinstance(value, str) or value not in options:
        raise ValueError(f"{name} must be one of {', '.join(map(repr, options))}, got {value!r}")
    return value


def number(name: str, value: Any) -> float:
    """Real number other than NaN; infinities are allowed."""
    plain(name, value)
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value[()]
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (Real, Decimal)):
        raise TypeError(f"{name} must be a real number, got {value!r}")
    try:
        x = float(value)
    except OverflowError:
        raise ValueError(f"{name} must be within the range of doubles, up to 1.8e308") from None
    if np.isnan(x):
        raise ValueError(f"{name} must be a number, got nan")
    return x


def positive(name: str, value: Any) -> float:
    """Finite positive number, safe to square and to divide by."""
    x = number(name, value)
    if not 0 < x < np.inf:
        raise ValueError(f"{name} must be positive and finite, got {x}")
    if not SMALLEST <= x <= LARGEST:
        raise ValueError(
            f"{name} must lie between {SMALLEST:g} and {LARGEST:g}, got {x}: use other units"
        )
    return x


def nonnegative(name: str, value: Any) -> float:
    """Finite non-negative number whose square does not overflow."""
    x = number(name, value)
    if not 0 <= x < np.inf:
        raise ValueError(f"{name} must be nonnegative and finite, got {x}")
    if x > LARGEST:
        raise ValueError(f"{name} must be at most {LARGEST:g}, got {x}: use other units")
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
    """Correlation α for which the p × p matrix I + α(11ᵀ − I) is positive definite."""
    x = number("alpha", alpha)
    low = -1 / (p - 1) if p > 1 else -np.inf
    if not low < x < 1:
        raise ValueError(
            f"alpha must lie strictly between -1/(p-1) = {low:.4g} and 1 for p = {p}, got {x}: "
            "otherwise I + α(11ᵀ − I) is not positive definite"
        )
    return x


def flag(name: str, value: Any) -> bool:
    """Require True or False itself; values such as 1 and 0 are rejected."""
    if not isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name} must be True or False, got {value!r}")
    return bool(value)


def instance(name: str, value: Any, kind: type[Kind]) -> Kind:
    """The argument, which must be an object of the given class."""
    if not isinstance(value, kind):
        raise TypeError(f"{name} must be a {kind.__name__}, got {value!r}")
    return value


def function(name: str, value: Any) -> None:
    """Require a callable."""
    if not callable(value):
        raise TypeError(f"{name} must be a function, got {value!r}")


def generator(rng: Any) -> np.random.Generator:
    """The given generator, or a generator made from the given seed."""
    plain("rng", rng)
    try:
        if isinstance(rng, (bool, np.bool_)) or np.ndim(rng) > 1:  # NumPy ≤ 2.4 flattens rng
            raise TypeError
        return np.random.default_rng(rng)
    except (TypeError, ValueError) as error:
        raise type(error)(
            f"rng must be a seed (an integer of at least 0) or a numpy.random.Generator, "
            f"got {rng!r}"
        ) from None


def drawn(noise: Any, rows: int, n: int, sigma: float, rng: np.random.Generator) -> Matrix:
    """Independent noise vectors drawn by the given function, one per row, shape (rows, n)."""
    function("noise", noise)
    xi = vector("what noise returns", noise(rows * n, sigma=sigma, rng=rng), rows * n)
    return xi.reshape(rows, n)
