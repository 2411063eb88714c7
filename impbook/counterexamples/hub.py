"""A counterexample to Theorem 5 (ii) under Gaussian noise: a design with a hub.

A null is a feature that carries no signal. The hub is a null that overlaps all other features; the
other nulls are called spokes. Pruning the hub biases the signal's weight.
"""

from __future__ import annotations

from bisect import bisect
from dataclasses import dataclass
from functools import partial
from math import inf, sqrt
from typing import Any

import numpy as np

from impbook import _checks
from impbook._arrays import Indices, Matrix, Vector
from impbook.monte_carlo import Estimate, estimate_probability

Spoke = tuple[float, int]  # the noise in a spoke's row, and the index of the spoke's column


@dataclass(frozen=True, eq=False)
class HubRun:
    """One pruning run on the features of `hub_design`.

    Noise is in units of σ, and weights are in units of σ/√n.

    Attributes
    ----------
    noise : ndarray, shape (K+2,)
        The noise in each row of `hub_design`: first in the rows of the K spokes, then in the hub's
        row, then in the signal's row.
    pruned : ndarray of int
        Columns of `hub_design` in the order in which they are pruned, up to and including the
        signal's. If the signal survives all p − 1 pruning steps, every other column is listed.
    error : ndarray
        For each round 0, 1, …, the signal's weight minus its true value. The last round is the one
        in which the signal is pruned or is the only feature left.
    centre : ndarray
        The centre θ in the same rounds. This is the number for which every remaining spoke k has
        the weight (y_k − θ)/(ν√K), where y_k is the noise in the spoke's row.
    hub : int or None
        The round in which the hub is pruned; None if the signal is pruned before the hub.
    lost : int or None
        The round in which the signal is pruned; None if it survives.
    """

    noise: Vector
    pruned: Indices
    error: Vector
    centre: Vector
    hub: int | None
    lost: int | None


def hub_design(
    K: int, *, b: float = 1.0, g: float = 1.0, r: float = 2.0, nu: float = 1.0
) -> Matrix:
    """Design with K orthogonal spokes, a hub that overlaps all of them, and one signal.

    The spokes and the hub are nulls: only the last feature carries a signal.

    Parameters
    ----------
    K : int
        Number of spokes, at least 1.
    b : float, optional
        Norm of the signal feature's entries in the spokes' rows, divided by the same feature's
        entry in the signal's row; positive.
    g : float, optional
        Entry of the hub's feature in the hub's row, divided by the same feature's entry in each
        spoke's row; positive.
    r : float, optional
        Entry of the hub's feature in each spoke's row, divided by the entry of the spoke's feature
        in that row; positive.
    nu : float, optional
        Norm of a spoke's feature, divided by √(nK) with n = K + 2; positive.

    Returns
    -------
    ndarray, shape (K+2, K+2)
        Φ. Columns 0, …, K−1 are the spokes' features, column K is the hub's and column K+1 the
        signal's. The rows are numbered in the same way.

    Raises
    ------
    TypeError, ValueError
        If K is not a positive integer, or if b, g, r or nu is not positive and finite.

    Notes
    -----
    Here n = p = K + 2. Number the spokes from 1 to K. Let e_k, e_g and e_0 be the unit vectors for
    the rows of spoke k, of the hub and of the signal. Divided by √n, the feature of spoke k is
    ν√K·e_k, that of the hub is rν√K·(g·e_g + Σ_k e_k) and that of the signal is
    e_0 + (b/√K)·Σ_k e_k. So Σ = ΦᵀΦ/n is the Gram matrix of these scaled features. Under Gaussian
    noise, the distribution of a run depends only on Σ, γ and σ/√n, so results for this design also
    hold for designs with the same Σ and any n ≥ p.

    Examples
    --------
    >>> Phi = hub_design(4)
    >>> (Phi.T @ Phi / 6)[3:].round(3)
    array([[ 0.,  0.,  0.,  4.,  8.,  1.],
           [ 8.,  8.,  8.,  8., 80.,  8.],
           [ 1.,  1.,  1.,  1.,  8.,  2.]])
    """
    K, beta, g, r, spoke = _design(K, b, g, r, nu)
    Phi = spoke * np.eye(K + 2)
    Phi[:, K] = r * spoke * np.append(np.ones(K), [g, 0.0])
    Phi[:, K + 1] = np.append(np.full(K, beta), [0.0, 1.0])
    return sqrt(K + 2) * Phi


def hub_lambda_min(
    K: int, *, b: float = 1.0, g: float = 1.0, r: float = 2.0, nu: float = 1.0
) -> float:
    """Smallest eigenvalue of Σ for `hub_design`, computed without forming Σ.

    Parameters
    ----------
    K, b, g, r, nu
        As for `hub_design`.

    Returns
    -------
    float
        λ_min(Σ).

    Raises
    ------
    TypeError, ValueError
        If K is not a positive integer, or if b, g, r or nu is not positive and finite.

    Notes
    -----
    A weight vector is an eigenvector of Σ, with eigenvalue ν²K, if its entries for the hub and the
    signal are 0 and those for the spokes sum to 0. The orthogonal complement of all such vectors is
    spanned by x = (1, …, 1, 0, 0)/√K and the unit vectors of the hub and the signal. Since xᵀΣx is
    also ν²K, the smallest eigenvalue on this span is at most ν²K, so it is λ_min. For
    b = g = ν = 1 and r ≥ 1/√2, λ_min ≥ (1 + √(2/K))^(−2).

    Examples
    --------
    >>> round(hub_lambda_min(798, b=1.68, g=0.31, r=1.77, nu=3.72), 5)
    0.99897
    """
    K, beta, g, r, spoke = _design(K, b, g, r, nu)
    three = [[spoke, r * spoke * sqrt(K), beta * sqrt(K)], [0, r * spoke * g, 0], [0, 0, 1]]
    return float(np.linalg.svd(np.array(three), compute_uv=False)[-1]) ** 2


def hub_run(
    K: int,
    ratio: float,
    *,
    rng: Any = None,
    b: float = 1.0,
    g: float = 1.0,
    r: float = 2.0,
    nu: float = 1.0,
) -> HubRun:
    """One run of iterative magnitude pruning on the features of `hub_design`, under Gaussian noise.

    Parameters
    ----------
    K, b, g, r, nu
        As for `hub_design`.
    ratio : float
        γ√n/σ, positive. The true weight of the signal is γ.
    rng : optional
        Seed or generator, as for `numpy.random.default_rng`. K + 2 standard normals are drawn.

    Returns
    -------
    HubRun
        Up to rounding, the run that `imp` would produce with q = p − 1 on the features Φ of
        `hub_design` and the targets Φs + ξ. It is computed in O(K log K) time.

    Raises
    ------
    TypeError, ValueError
        If K is not a positive integer, or if ratio, b, g, r or nu is not positive and finite.

    Notes
    -----
    The next spoke to be pruned is always the one whose noise is nearest to the centre θ (see
    `HubRun`). Until the hub is pruned, θ is a weighted mean of its initial value and the noise of
    the pruned spokes. So the pruned spokes are exactly those whose noise lies in a certain
    interval. After the hub is pruned, θ is a multiple of the error in the signal's weight, and a
    second such interval may grow around θ until it meets the first.

    Examples
    --------
    >>> run = hub_run(10_000, 11.5, rng=20)
    >>> run.hub, run.lost
    (2276, 4489)
    >>> run.error[[0, 2276, 2277, 4489]].round(2)
    array([ -0.48,  -0.47, -12.74, -11.5 ])
    """
    # In the loop below, low, high and hub are absolute values of weights, multiplied by scale.
    K, beta, g, r, scale = _design(K, b, g, r, nu)
    ratio = _checks.positive("ratio", ratio)
    noise = _checks.generator(rng).standard_normal(K + 2)
    x_0 = float(noise[K + 1])
    start = float(noise[K] / g + beta * x_0)
    stiffness = 1 / g**2 + beta**2
    order = np.argsort(noise[:K])
    below, above = _sides([*zip(noise[order].tolist(), order.tolist(), strict=True)], start)
    total = 0.0  # sum of the noise of the pruned spokes
    pruned, errors, centres = [], [], []
    died = lost = None
    for t in range(K + 2):
        if died is None:
            centre = (start + stiffness * total) / (1 + stiffness * t)
            error = x_0 + beta * (centre - start) / stiffness
            hub = abs(centre - beta * error) / r
        else:
            error = (x_0 + beta * total) / (1 + beta**2 * (t - 1))
            centre, hub = beta * error, inf
        if t - 1 == died:
            below, above = _sides(below[1:] + above[:0:-1], centre)
        errors.append(error)
        centres.append(centre)
        if t == K + 1:
            break  # only the signal remains
        low, high = centre - below[-1][0], above[-1][0] - centre
        smallest = min(low, high, hub)
        if abs(ratio + error) * scale < smallest:
            lost = t
            pruned.append(K + 1)
            break
        if hub == smallest:
            died = t
            pruned.append(K)
        else:
            y, column = (below if low < high else above).pop()
            total += y
            pruned.append(column)
    return HubRun(noise, np.array(pruned), np.array(errors), np.array(centres), died, lost)


def estimate_hub_failure(
    K: int,
    ratio: float,
    trials: int,
    *,
    rng: Any = None,
    b: float = 1.0,
    g: float = 1.0,
    r: float = 2.0,
    nu: float = 1.0,
) -> Estimate:
    """Estimate the probability that p − 1 pruning steps on `hub_design` lose the signal.

    Parameters
    ----------
    K, b, g, r, nu
        As for `hub_design`.
    ratio : float
        γ√n/σ, positive, as for `hub_run`.
    trials : int
        Number of runs, at least 1.
    rng : optional
        Seed or generator, as for `numpy.random.default_rng`.

    Returns
    -------
    Estimate
        The estimate from independent runs, with its exact 95% confidence interval.

    Raises
    ------
    TypeError, ValueError
        If K or trials is not a positive integer, or if ratio, b, g, r or nu is not positive
        and finite.

    See Also
    --------
    hub_run : a single run.

    Examples
    --------
    >>> estimate_hub_failure(1_000, 9.0, 100, rng=1, b=1.68, g=0.31, r=1.77, nu=3.72).successes
    19
    """
    run = partial(hub_run, K, ratio, b=b, g=g, r=r, nu=nu)
    return estimate_probability(lambda rng: run(rng=rng).lost is not None, trials, rng=rng)


def _sides(spokes: list[Spoke], centre: float) -> tuple[list[Spoke], list[Spoke]]:
    """Two lists: the spokes with noise below the centre, and those with noise above it.

    Each list starts with a sentinel of infinite noise and ends with the spoke nearest the centre.
    """
    middle = bisect(spokes, (centre, 0))
    return [(-inf, 0), *spokes[:middle]], [(inf, 0), *spokes[middle:][::-1]]


def _design(K: Any, b: Any, g: Any, r: Any, nu: Any) -> tuple[int, float, float, float, float]:
    """Check the parameters and return K, b/√K, g, r and ν√K."""
    K = _checks.count("K", K, 1)
    b, g = _checks.positive("b", b), _checks.positive("g", g)
    return K, b / sqrt(K), g, _checks.positive("r", r), _checks.positive("nu", nu) * sqrt(K)
