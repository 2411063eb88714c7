"""The shared row: a design in which pruning a null changes only the signal's weight.

A null is a feature that carries no signal.
"""

from __future__ import annotations

from math import sqrt
from typing import Any

import numpy as np

from impbook import _checks
from impbook._arrays import Matrix, Vector


def shared_row_design(m: int, B: float) -> Matrix:
    """Features of one signal, and of m nulls that share the signal's row.

    Each null also has an entry in its own row.

    Parameters
    ----------
    m : int
        Number of nulls, at least 1.
    B : float
        Sum of the squares of the nulls' entries in the signal's row, positive.

    Returns
    -------
    ndarray, shape (m+1, m+1)
        Φ. Column 0 is the signal's feature e_0. Column j is the feature of null j, which is
        e_j + √(B/m)·e_0.

    Raises
    ------
    TypeError, ValueError
        If m is not a positive integer, or if B is not positive and finite.

    See Also
    --------
    star_design : a design whose nulls share a row that is not the signal's own.

    Notes
    -----
    Let the targets be γ·φ_0 + x, where φ_0 = e_0 is the signal's feature and x is the noise. The
    least-squares fit on the signal and any set J of nulls gives every null j in J the weight x_j,
    and the signal the weight γ + x_0 − √(B/m)·Σ_{j∈J} x_j. The smallest eigenvalue of ΦᵀΦ is
    (2 + B − √(B² + 4B))/2, which is at least 1/(2 + B). This design is not in the paper.

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
    """Noise that is 0 in the shared row and takes two values in the other rows.

    Parameters
    ----------
    m : int
        Number of nulls, at least 1.
    eta : float
        Asymmetry η of the two values, strictly between 0 and 1.
    rng : int, numpy.random.Generator, optional
        Seed or generator.

    Returns
    -------
    ndarray, shape (m+1,)
        Entry 0 is 0. The other entries are independent. Each is −(1−η) with probability (1+η)/2 and
        1+η otherwise. Their mean is 0 and their variance proxy is 1.

    Raises
    ------
    TypeError, ValueError
        If m is not a positive integer, or if eta is not strictly between 0 and 1.

    Notes
    -----
    The two values are 2 apart, so the variance proxy is 1 by Hoeffding's lemma
    (doi:10.1080/01621459.1963.10500830).

    Examples
    --------
    >>> shared_row_noise(4, 0.25, rng=0)
    array([ 0.  ,  1.25, -0.75, -0.75, -0.75])
    """
    m, eta = _checks.count("m", m, 1), _checks.probability("eta", eta)
    low = _checks.generator(rng).random(m) < (1 + eta) / 2
    return np.r_[0.0, np.where(low, eta - 1, eta + 1)]
