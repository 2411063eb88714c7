"""Related methods that the paper mentions: hard thresholding, applied once or repeatedly."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from impbook import _checks
from impbook._arrays import Vector


def hard_threshold(z: ArrayLike, tau: float) -> NDArray[np.float64]:
    """H_τ(z): keep the entries larger than τ in absolute value and set the others to 0.

    Parameters
    ----------
    z : array_like
        Array of real numbers, of any shape.
    tau : float
        Threshold, at least 0.

    Returns
    -------
    ndarray
        The array 1{|z| > τ}·z, with the shape of z.

    Raises
    ------
    ValueError
        If an entry of z is not finite, or if tau is negative.

    Notes
    -----
    See §1.1 of the paper and Donoho & Johnstone (1994), DOI 10.1093/biomet/81.3.425.

    Examples
    --------
    >>> hard_threshold([3.0, -1.0, 0.5, -2.0], 1.0)
    array([ 3.,  0.,  0., -2.])
    """
    tau = _checks.nonnegative("tau", tau)
    z = _checks.array("z", z)
    return np.where(np.abs(z) > tau, z, 0.0)


def iterative_hard_thresholding(
    Psi: ArrayLike, y: ArrayLike, *, tau: float, step_size: float, steps: int
) -> Vector:
    """Gradient descent on ‖y − Ψs‖²/2 from s = 0, with hard thresholding after every step.

    Parameters
    ----------
    Psi : array_like, shape (n, p)
        Feature matrix.
    y : array_like, shape (n,)
        Measurements.
    tau : float
        Threshold, at least 0, applied after every step.
    step_size : float
        Step size η, positive and below 2/‖Ψ‖₂².
    steps : int
        Number of steps, at least 0.

    Returns
    -------
    ndarray, shape (p,)
        The last iterate.

    Raises
    ------
    ValueError
        If Psi and y do not match, if tau or steps is negative, or if step_size is not in
        (0, 2/‖Ψ‖₂²).

    Notes
    -----
    Each step is s ← H_τ(s + ηΨᵀ(y − Ψs)), where H_τ acts entry by entry. This is the
    method of §1.1 of the paper, with the misprints there corrected. If η ≤ 1/‖Ψ‖₂², no step
    increases ‖y − Ψs‖²/2 + τ²/(2η)·(number of non-zero entries of s); see Blumensath & Davies
    (2008), DOI 10.1007/s00041-008-9035-z.

    Examples
    --------
    >>> Psi = [[1.0, 0.0], [0.0, 0.5]]
    >>> iterative_hard_thresholding(Psi, [2.0, 0.5], tau=0.5, step_size=1.0, steps=50)
    array([2., 0.])
    """
    Psi = _checks.squarable("Psi", Psi)
    y = _checks.vector("y", y, Psi.shape[0])
    eta = _checks.positive("step_size", step_size)
    steps = _checks.count("steps", steps, 0)
    tau = _checks.nonnegative("tau", tau)
    size = float(np.linalg.norm(Psi, 2)) ** 2
    if eta * size >= 2:
        raise ValueError(
            f"step_size must be below 2/‖Psi‖² = {2 / size:.4g}, got {eta:.4g}: "
            "the steps would diverge"
        )
    s: Vector = np.zeros(Psi.shape[1])
    for _ in range(steps):
        before, s = s, hard_threshold(s + eta * Psi.T @ (y - Psi @ s), tau)
        if np.array_equal(s, before):  # a fixed point: further steps change nothing
            break
    return s
