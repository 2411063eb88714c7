"""Example 2, uniform correlation: closed forms, and what IMP and alignment prune first.

IMP is iterative magnitude pruning. The alignment of feature j is φ_jᵀy. As the name of a method,
"alignment" stands for the alignment heuristic, which prunes the features with the smallest |φ_jᵀy|.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import erfcx, hyperu

from impbook import _checks
from impbook._arrays import Indices, Matrix, Vector
from impbook.pruning import PruningOrder

Number = TypeVar("Number", float, Fraction)
BLOCK = 2**16  # alignments per batch; a batch takes 512 KB and fits in the cache


def uniform_inverse(p: int, alpha: Number) -> tuple[Number, Number]:
    """Diagonal and off-diagonal entries of Σ⁻¹ for the p × p matrix Σ = I + α(11ᵀ − I).

    Parameters
    ----------
    p : int
        Number of features.
    alpha : float or Fraction
        Common correlation, −1/(p−1) < α < 1. If it is a Fraction, the result is exact.

    Returns
    -------
    (diagonal, off_diagonal)
        The value of each diagonal entry and of each off-diagonal entry, both of the same type as
        `alpha`.

    Raises
    ------
    ValueError
        If alpha is not in (−1/(p−1), 1).

    Notes
    -----
    Σ⁻¹ = (1/(1−α))·[I − α/(1+α(p−1))·11ᵀ], by the Sherman–Morrison formula. In Example 2 of
    the paper, the factor 1−α of the second term is in the numerator instead of the denominator: see
    `printed_uniform_inverse`.

    Examples
    --------
    >>> from fractions import Fraction
    >>> uniform_inverse(3, Fraction(1, 2))
    (Fraction(3, 2), Fraction(-1, 2))
    """
    p = _checks.count("p", p, 1)
    _checks.uniform_correlation(alpha, p)
    off_diagonal = -alpha / ((1 - alpha) * (1 + alpha * (p - 1)))
    return 1 / (1 - alpha) + off_diagonal, off_diagonal


def printed_uniform_inverse(p: int, alpha: Number) -> tuple[Number, Number]:
    """Diagonal and off-diagonal entries of the matrix that Example 2 prints as Σ⁻¹.

    The parameters, the form of the result and the errors are those of `uniform_inverse`.

    Notes
    -----
    The paper prints (1/(1−α))·I − α(1−α)/(1+α(p−1))·11ᵀ, which equals Σ⁻¹ only for α = 0.

    Examples
    --------
    >>> from fractions import Fraction
    >>> printed_uniform_inverse(3, Fraction(1, 2))
    (Fraction(15, 8), Fraction(-1, 8))
    """
    p = _checks.count("p", p, 1)
    _checks.uniform_correlation(alpha, p)
    off_diagonal = -alpha * (1 - alpha) / (1 + alpha * (p - 1))
    return 1 / (1 - alpha) + off_diagonal, off_diagonal


def mean_pull(m: int, alpha: float) -> float:
    """The β_m for which IMP prunes the feature with alignment nearest to β_m·(mean alignment).

    Parameters
    ----------
    m : int
        Number of remaining features, at least 1.
    alpha : float
        Common correlation, −1/(m−1) < α < 1.

    Returns
    -------
    float
        β_m = mα/(1−α+mα), which is 0 at α = 0 and tends to 1 as mα → ∞.

    Raises
    ------
    ValueError
        If alpha is not in (−1/(m−1), 1).

    Notes
    -----
    The trained weights are given by n·w_i(∞) = (a_i − β_m·ā)/(1−α), where a = Φᵀy and ā is the
    mean alignment of the m remaining features. So IMP prunes the feature whose alignment is nearest
    to β_m·ā.

    Examples
    --------
    >>> round(mean_pull(50, 0.1), 3)
    0.847
    """
    m = _checks.count("m", m, 1)
    alpha = _checks.uniform_correlation(alpha, m)
    return m * alpha / (1 - alpha + m * alpha)


def critical_alpha(a: ArrayLike) -> float:
    """Correlation up to which IMP and the alignment heuristic prune the same feature first.

    Parameters
    ----------
    a : array_like, shape (p,)
        Alignments φ_jᵀy.

    Returns
    -------
    float
        α_crit in [0, 1]. IMP and alignment prune the same feature first for 0 < α < α_crit, and
        different features for α_crit < α < 1. If they agree for every α in (0, 1), α_crit is 1.

    Notes
    -----
    Suppose that the mean alignment ā is positive; if it is negative, flip all signs. Let i be the
    feature that alignment prunes first, and let a₊ be the smallest positive alignment above a_i.
    IMP first prunes the feature whose alignment is nearest to β_p·ā, where β_p is
    `mean_pull(p, alpha)`. As α grows, β_p·ā passes the midpoint of a_i and a₊ when β_p reaches
    β = (a_i + a₊)/(2ā). If β < 1, this happens at α_crit = β/(p − (p−1)β).

    Examples
    --------
    >>> round(critical_alpha([1.0, 1.5, 4.0, 4.0]), 4)
    0.1852
    """
    a = _checks.vector("a", a)
    p, total = a.size, float(a.sum())
    a = -a if total < 0 else a
    smallest = float(a[np.argmin(np.abs(a))])
    rivals = a[a > smallest]  # positive, because no |a_i| is below |smallest|
    if total == 0 or not rivals.size:
        return 1.0
    beta = p * (smallest + float(rivals.min())) / (2 * abs(total))
    return beta / (p - (p - 1) * beta) if beta < 1 else 1.0


def first_pruned(a: ArrayLike, alpha: float) -> Indices:
    """The feature that IMP prunes first under uniform correlation, for many targets at once.

    Parameters
    ----------
    a : array_like, shape (trials, p)
        Alignments φ_jᵀy, with one row for each target y.
    alpha : float
        Common correlation, −1/(p−1) < α < 1; α = 0 gives the alignment heuristic.

    Returns
    -------
    ndarray of int, shape (trials,)
        argmin_i |a_i − β_p·ā| for each row, where β_p is `mean_pull(p, alpha)` and ā is the mean
        of the row.

    Raises
    ------
    ValueError
        If alpha is not in (−1/(p−1), 1).

    Examples
    --------
    >>> first_pruned([[1.0, 2.0, 4.0]], 0.0), first_pruned([[1.0, 2.0, 4.0]], 0.5)
    (array([0]), array([1]))
    """
    a = _checks.matrix("a", a)
    centre = mean_pull(a.shape[1], alpha) * a.mean(axis=1, keepdims=True)
    return np.argmin(np.abs(a - centre), axis=1)


def uniform_correlation_path(a: ArrayLike, alpha: float, q: int) -> PruningOrder:
    """IMP's pruning order under uniform correlation, found from the alignments in O(p log p) time.

    Parameters
    ----------
    a : array_like, shape (p,)
        Alignments φ_jᵀy of all features.
    alpha : float
        Common correlation, −1/(p−1) < α < 1; α = 0 gives the alignment heuristic.
    q : int
        Number of pruning steps, 0 <= q < p.

    Returns
    -------
    PruningOrder

    Raises
    ------
    ValueError
        If alpha is not in (−1/(p−1), 1), or if q is not in [0, p).

    See Also
    --------
    impbook.imp : the order and the weights, for any features.

    Notes
    -----
    Suppose that m features remain and that their alignments sum to A. Then IMP prunes the feature
    whose alignment is nearest to the centre t = αA/(1−α+mα). If this alignment is x, the centre
    then moves by (t − x)·α/(1+(m−2)α), which is less than |t − x| in absolute value. All other
    remaining alignments are at least |t − x| away from t, so t never passes one of them. Therefore
    the pruned alignments are consecutive in sorted order. They leave a single hole around t, and
    each step widens this hole at one of its two edges. So one sort and one pass are enough.

    Examples
    --------
    >>> uniform_correlation_path([1.0, 2.0, 4.0], 0.5, q=2).pruned
    array([1, 0])
    """
    a = _checks.vector("a", a)
    p = a.size
    q, alpha = _checks.pruned_count(q, p), _checks.uniform_correlation(alpha, p)
    t = _centre(alpha, a.sum(), p)
    below = _outside(a, np.flatnonzero(a <= t), -1)
    above = _outside(a, np.flatnonzero(a > t), 1)
    pruned = []
    for m in range(p, p - q, -1):
        t = _centre(alpha, above[-1].total + below[-1].total, m)
        nearest = min(above, below, key=lambda side: (abs(side[-1].value - t), side[-1].feature))
        pruned.append(nearest.pop().feature)
    return PruningOrder(np.array(pruned, dtype=np.intp), p)


class _Edge(NamedTuple):
    """An alignment outside the hole (see `uniform_correlation_path`), and the feature that has it.

    `total` is the sum of this alignment and all alignments farther out on the same side.
    """

    value: float
    feature: int
    total: float


def _outside(a: Vector, features: Indices, sign: int) -> list[_Edge]:
    """List an edge at infinity, then the alignments on one side of the hole, outermost first.

    Equal alignments are listed by descending index.
    """
    inwards = features[np.lexsort((-features, -sign * a[features]))]
    values = a[inwards]
    edges = zip(values.tolist(), inwards.tolist(), np.cumsum(values).tolist(), strict=True)
    return [_Edge(sign * np.inf, a.size, 0.0), *map(_Edge._make, edges)]


def _centre(alpha: float, total: float, m: int) -> float:
    return alpha * total / (1 - alpha + m * alpha)


def random_alignments(
    p: int,
    alpha: float,
    trials: int,
    *,
    n: int,
    signal: float = 0.0,
    sigma: float = 1.0,
    rng: Any = None,
) -> Matrix:
    """Draw Φᵀy for random targets y = Φs + ξ under uniform correlation, without forming Φ.

    Parameters
    ----------
    p : int
        Number of features.
    alpha : float
        Common correlation, 0 <= α < 1.
    trials : int
        Number of targets to draw.
    n : int
        Number of samples, at least p.
    signal : float, optional
        Standard deviation of the independent Gaussian entries of s; 0 gives y = ξ, white noise.
    sigma : float, optional
        Standard deviation of the Gaussian noise ξ; 0 gives y = Φs, without noise.
    rng : optional
        Seed or generator, as for `numpy.random.default_rng`.

    Returns
    -------
    ndarray, shape (trials, p)

    Raises
    ------
    ValueError
        If alpha is not in [0, 1), if n < p (an invertible Σ needs n >= p), if p or trials is below
        1, or if signal or sigma is negative or not finite.

    Notes
    -----
    Under uniform correlation, Σ = I + α(11ᵀ − I), where 1 is the vector of ones. For all features
    with this Σ, Φᵀy = nΣs + Φᵀξ, and the noise term Φᵀξ is N(0, nσ²Σ). The function draws the noise
    term as √n·σ·(√α·g·1 + √(1−α)·z), where g is a standard Gaussian variable and z is an
    independent standard Gaussian vector. This sum has exactly the distribution of Φᵀξ.

    Examples
    --------
    >>> random_alignments(3, 0.5, 2, n=10, rng=0).shape
    (2, 3)
    """
    alpha = float(_correlations(_checks.number("alpha", alpha)))
    return _alignments(_parts(p, trials, n, signal, sigma, rng), alpha)


def first_pruning_agreements(
    p: int,
    alpha: ArrayLike,
    trials: int,
    *,
    n: int,
    signal: float = 0.0,
    sigma: float = 1.0,
    rng: Any = None,
) -> Any:
    """Number of random targets for which IMP and alignment prune the same feature first.

    Parameters and errors are those of `random_alignments`, except that `alpha` may be an array of
    correlations. The same Gaussian draws are used for all correlations.

    Returns
    -------
    int or ndarray of int
        A count between 0 and `trials` for each alpha. `impbook.monte_carlo.clopper_pearson` turns
        a count into an exact confidence interval.

    Examples
    --------
    >>> first_pruning_agreements(2, 0.9, 1000, n=10, rng=0)
    1000
    >>> first_pruning_agreements(3, [0.0, 0.1, 0.9], 1000, n=10, rng=0)
    array([1000,  906,  144])
    """
    alphas = _correlations(alpha)
    parts = _parts(p, trials, n, signal, sigma, rng)
    counts = np.zeros(alphas.shape, dtype=int)
    rows = max(1, BLOCK // p)
    for start in range(0, trials, rows):
        for i, value in np.ndenumerate(alphas):
            a = _alignments([part[start : start + rows] for part in parts], value)
            counts[i] += np.sum(first_pruned(a, value) == first_pruned(a, 0.0))
    return counts if counts.ndim else int(counts)


def _correlations(alpha: ArrayLike) -> Vector:
    alphas = _checks.array("alpha", alpha)
    wrong = alphas[(alphas < 0) | (alphas >= 1)]
    if wrong.size:
        raise ValueError(f"alpha must lie in [0, 1), got {wrong[0]}")
    return alphas


def _parts(p: Any, trials: Any, n: Any, signal: Any, sigma: Any, rng: Any) -> list[Matrix]:
    """Draw the arrays n·s, √n·σ·g and √n·σ·z of `random_alignments`, which do not depend on α."""
    n, p = _checks.tall(n, p)
    trials, rng = _checks.count("trials", trials, 1), _checks.generator(rng)
    signal, sigma = _checks.nonnegative("signal", signal), _checks.nonnegative("sigma", sigma)
    s, g, z = (rng.standard_normal((trials, columns)) for columns in (p, 1, p))
    return [n * signal * s, np.sqrt(n) * sigma * g, np.sqrt(n) * sigma * z]


def _alignments(parts: list[Matrix], alpha: float) -> Matrix:
    s, g, z = parts
    fitted = (1 - alpha) * s + alpha * s.sum(axis=1, keepdims=True)
    return fitted + np.sqrt(alpha) * g + np.sqrt(1 - alpha) * z


def uniform_alignment_limit(c: float) -> float:
    """Limiting probability that IMP and alignment prune the same feature first in Example 2.

    Parameters
    ----------
    c : float
        Limit of α·p^{3/2} as p → ∞, at least 0.

    Returns
    -------
    float
        Limit of the probability under uniform correlation α, for targets y = Φs + ξ. The entries
        of s are independent and N(0, τ²), and the entries of ξ are independent and N(0, σ²). The
        limit decreases from 1 at c = 0 to 0 as c → ∞.

    Raises
    ------
    ValueError
        If c is negative or not finite.

    Notes
    -----
    The limit is E[(1 + D)e^{−2D}], where D = c·|G|/√(2π) and G is a standard Gaussian variable.
    Consider a Poisson process of rate 1 on the real line. The limit is the probability that the
    same point of this process is nearest both to 0 and to D.

    With κ = c·√(2/π), the limit equals (1 − κ²/2)·e^{κ²/2}·erfc(κ/√2) + κ/√(2π) = 1 − c/π + O(c²).
    To avoid cancellation for large c, it is computed from `erfcx` and from Tricomi's function
    U(3/2, 1/2, κ²/2).

    Examples
    --------
    >>> [round(uniform_alignment_limit(c), 3) for c in (0, 0.3, 1, 3, 10)]
    [1.0, 0.906, 0.717, 0.409, 0.146]
    """
    x = _checks.nonnegative("c", c) / np.sqrt(np.pi)  # equals κ/√2
    # For large x, `rest` is of order x⁻³ and so negligible next to erfcx(x).
    rest = hyperu(1.5, 0.5, x * x) if x < 1e9 else 0.0
    return float(1.5 * erfcx(x) - rest / np.sqrt(4 * np.pi))
