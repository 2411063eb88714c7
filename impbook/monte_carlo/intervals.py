"""Estimated probabilities and their exact (Clopper–Pearson) intervals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betaincinv

from impbook import _checks


@dataclass(frozen=True)
class Estimate:
    """A probability estimated from independent replicates, with an exact interval.

    Attributes
    ----------
    successes, trials : int
        Number of replicates in which the event occurred, and number of replicates in all.
    low, high : float
        Ends of the Clopper–Pearson interval for the probability.

    Examples
    --------
    >>> Estimate(1, 20, 0.0013, 0.2487).rate
    0.05
    """

    successes: int
    trials: int
    low: float
    high: float

    @property
    def rate(self) -> float:
        """Frequency of the event, successes/trials."""
        return self.successes / self.trials


def clopper_pearson(
    successes: ArrayLike, trials: ArrayLike, confidence: float = 0.95
) -> tuple[Any, Any]:
    """Exact confidence interval for a probability, from the number of successes.

    Parameters
    ----------
    successes, trials : array_like of int
        Numbers of successes and of independent trials, with 0 <= successes <= trials and
        trials >= 1. The two arrays are broadcast against each other.
    confidence : float, optional
        Confidence level, in (0, 1): the interval contains the true value with at least this
        probability.

    Returns
    -------
    low, high : float or ndarray
        Ends of the interval. Each end lies on the wrong side of the true value with probability at
        most (1 − confidence)/2.

    Raises
    ------
    TypeError
        If successes or trials does not hold integers.
    ValueError
        If successes is not in [0, trials], trials is below 1, or confidence is not in (0, 1).

    Notes
    -----
    See Clopper & Pearson (1934), DOI 10.1093/biomet/26.4.404. The lower end is the p for which
    P(Bin(trials, p) ≥ successes) = (1 − confidence)/2, or 0 if there are no successes. The upper
    end is the p for which P(Bin(trials, p) ≤ successes) = (1 − confidence)/2, or 1 if every trial
    is a success. Both values of p are quantiles of beta distributions.

    Examples
    --------
    >>> low, high = clopper_pearson(0, 100)
    >>> low, round(high, 4)
    (0.0, 0.0362)
    """
    k, n = _integers("successes", successes), _integers("trials", trials)
    try:
        k, n = np.broadcast_arrays(k, n)
    except ValueError:
        raise ValueError(
            f"successes and trials must broadcast together, got shapes {k.shape} and {n.shape}"
        ) from None
    if (n < 1).any():
        raise ValueError(f"trials must be at least 1, got {n.min()}")
    wrong = (k < 0) | (k > n)
    if wrong.any():
        raise ValueError(
            f"successes must lie between 0 and trials = {n[wrong][0]}, got {k[wrong][0]}"
        )
    tail = (1 - _checks.probability("confidence", confidence)) / 2
    low = np.where(k == 0, 0.0, betaincinv(np.maximum(k, 1), n - k + 1, tail))
    high = np.where(k == n, 1.0, betaincinv(k + 1, np.maximum(n - k, 1), 1 - tail))
    return (float(low), float(high)) if low.ndim == 0 else (low, high)


def _integers(name: str, value: ArrayLike) -> NDArray[np.int64]:
    a = _checks.anything(name, value)
    if a.dtype.kind not in "iu":
        raise TypeError(f"{name} must hold integers, got dtype {a.dtype}")
    if a.size == 0:
        raise ValueError(f"{name} must not be empty, got shape {a.shape}")
    return a.astype(np.int64)
