"""The shared row: each null keeps its weight, and each one removed moves the signal a step."""

from __future__ import annotations

from math import sqrt
from typing import Any

import numpy as np

from impbook import _checks
from impbook._arrays import Matrix, Vector


def shared_row_design(m: int, B: float) -> Matrix:
    """Features of one signal and m nulls, all of which reach into the signal's row.

    Parameters
    ----------
    m : int
        Number of nulls, at least 1.
    B : float
        Sum of the squared entries of the nulls in the shared row, positive.

    Returns
    -------
    ndarray, shape (m+1, m+1)
        Φ. Column 0 is e_0, the signal's feature, and column j is e_j + √(B/m)·e_0, that of null j.

    Raises
    ------
    TypeError, ValueError
        If m is not a count or B is not positive and finite.

    See Also
    --------
    star_design : the nulls reach into a row that is not the signal's.

    Notes
    -----
    For targets γ·φ_0 + x, a fit on the signal and a set J of nulls gives each null of J the weight
    x_j, whatever J is, and the signal γ + x_0 − √(B/m)·Σ_{j∈J} x_j. The smallest eigenvalue of ΦᵀΦ
    is (2 + B − √(B² + 4B))/2, which is at least 1/(2 + B). No design of the paper.

    Examples
    --------
    >>> shared_row_design(3, 0.75)
    array([[1. , 0.5, 0.5, 0.5],
           [0. , 1. , 0. , 0. ],
           [0. , 0. , 1. , 0. ],
           [0. , 0. , 0. , 1. ]])
    """
    m, B = _checks.count("m", m, 1), _checks.positive("B", B)
    Phi = np.eye(m + 1)
    Phi[0, 1:] = sqrt(B / m)
    return Phi


def shared_row_noise(m: int, eta: float, *, rng: Any = None) -> Vector:
    """Noise of two values, none of it in the shared row.

    Parameters
    ----------
    m : int
        Number of nulls, at least 1.
    eta : float
        How unequal the two values are, strictly between 0 and 1.
    rng : int, numpy.random.Generator, optional
        Seed or generator.

    Returns
    -------
    ndarray, shape (m+1,)
        0, then independently −(1−η) with probability (1+η)/2 or else 1+η: mean 0, variance
        proxy 1.

    Raises
    ------
    TypeError, ValueError
        If m is not a count or eta is not strictly between 0 and 1.

    Notes
    -----
    The two values are 2 apart, so the proxy is 1 by Hoeffding's lemma
    (doi:10.1080/01621459.1963.10500830).

    Examples
    --------
    >>> shared_row_noise(4, 0.25, rng=0)
    array([ 0.  ,  1.25, -0.75, -0.75, -0.75])
    """
    m, eta = _checks.count("m", m, 1), _checks.probability("eta", eta)
    low = _checks.generator(rng).random(m) < (1 + eta) / 2
    return np.r_[0.0, np.where(low, eta - 1, eta + 1)]
