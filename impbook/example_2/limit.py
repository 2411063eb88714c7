"""Example 2 with many features: the limit of how often IMP prunes as alignment does."""

from __future__ import annotations

import numpy as np
from scipy.special import erfcx, hyperu

from impbook import _checks


def uniform_alignment_limit(c: float) -> float:
    """Limit of the probability that IMP's first pruning is alignment's, under uniform correlation.

    Parameters
    ----------
    c : float
        Limit of α·p^{3/2} as p → ∞, at least 0.

    Returns
    -------
    float
        Limit of the probability, for targets y = Φs + ξ with independent Gaussian entries of mean
        0, in s of one variance and in ξ of one variance. It falls from 1 at c = 0 to 0.

    Raises
    ------
    ValueError
        If c is negative or not finite.

    Notes
    -----
    It is E[(1 + D)e^{−2D}] with D = c·|G|/√(2π), G standard Gaussian: the probability that one
    point of a Poisson process of rate 1 is the nearest both to 0 and to D. With κ = c·√(2/π) it is
    (1 − κ²/2)·e^{κ²/2}·erfc(κ/√2) + κ/√(2π) = 1 − c/π + O(c²), computed by way of Tricomi's
    U(3/2, 1/2, κ²/2), so that nothing cancels for large c.

    Examples
    --------
    >>> [round(uniform_alignment_limit(c), 3) for c in (0, 0.3, 1, 3, 10)]
    [1.0, 0.906, 0.717, 0.409, 0.146]
    """
    x = _checks.nonnegative("c", c) / np.sqrt(np.pi)  # κ/√2
    rest = hyperu(1.5, 0.5, x * x) if x < 1e9 else 0.0  # of order x⁻³ beside x⁻¹
    return float(1.5 * erfcx(x) - rest / np.sqrt(4 * np.pi))
