"""Example 3, pairwise incoherence: Neumann series, the sufficient gap, and Gaussian features.

IMP is iterative magnitude pruning. The alignment of feature j is φ_jᵀy. As the name of a method,
"alignment" stands for the alignment heuristic, which prunes the features with the smallest |φ_jᵀy|.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import erf

from impbook import _checks
from impbook._arrays import Indices, Matrix, Vector
from impbook.designs import normalise
from impbook.problem import LeastSquares

# Relative error that we allow for in Σ, the alignments and the trained weights: about 500 times
# machine epsilon.
ROUNDING = 1e-13
# A standard Gaussian variable lies outside [−9, 9] with probability 2e-19, which is negligible.
FAR = 9.0
# Number of Gauss–Legendre nodes along each axis. With this many, `gaussian_alignment_limit` is
# accurate to 1e-9.
NODES = 60


@dataclass(frozen=True)
class Incoherence:
    """How far Σ = I − A is from I, for normalised features (Σ_ii = 1).

    Attributes
    ----------
    p : int
        Number of features.
    delta_PW : float
        δ_PW = max_ij |A_ij|, the pairwise incoherence parameter.
    norm_2 : float
        a = ‖A‖₂, the largest absolute value of an eigenvalue of A.
    norm_inf : float
        ρ = ‖A‖_∞, the largest row sum of |A_ij|.
    """

    p: int
    delta_PW: float
    norm_2: float
    norm_inf: float

    @property
    def neumann_tail(self) -> float:
        """The bound a²/(1−a) on ‖A² + A³ + …‖₂ if a = ‖A‖₂ < 1, and inf otherwise."""
        return self.norm_2**2 / (1 - self.norm_2) if self.norm_2 < 1 else np.inf


def pairwise_incoherence(Phi: ArrayLike) -> Incoherence:
    """Incoherence of normalised features, measured by δ_PW, ‖A‖₂ and ‖A‖_∞ with A = I − Σ.

    Parameters
    ----------
    Phi : array_like, shape (n, p)
        Features with Σ_ii = 1, for example from `impbook.designs.normalise`.

    Returns
    -------
    Incoherence

    Raises
    ------
    ValueError
        If a feature of Phi is not normalised.

    Notes
    -----
    By Example 3 of the paper, ‖A‖₂ <= ‖A‖_∞ <= (p−1)·δ_PW.

    Examples
    --------
    >>> from impbook.designs import uniform_correlation_design
    >>> found = pairwise_incoherence(uniform_correlation_design(6, 4, 0.2, rng=0))
    >>> round(found.delta_PW, 6), round(found.norm_2, 6), round(found.norm_inf, 6)
    (0.2, 0.6, 0.6)
    """
    A = _departure(Phi)
    return Incoherence(
        p=A.shape[0],
        delta_PW=float(np.abs(A).max()),
        norm_2=float(np.linalg.norm(A, 2)),
        norm_inf=float(np.linalg.norm(A, np.inf)),
    )


def neumann_weights(problem: LeastSquares, terms: int) -> Vector:
    """Partial sum of the Neumann series for the trained weights.

    Parameters
    ----------
    problem : LeastSquares
        Least squares with normalised features.
    terms : int
        Number of terms, at least 1. One term gives the alignments divided by n; two terms
        give the paper's first-order formula.

    Returns
    -------
    ndarray, shape (p,)
        (I + A + … + A^{terms−1})Φᵀy/n with A = I − Σ.

    Raises
    ------
    ValueError
        If a feature of the problem is not normalised, or if terms is below 1.

    Notes
    -----
    See Example 3 of the paper. The partial sums are the iterates of gradient descent from 0 with
    step size 1. They tend to w(∞) for every y if and only if λ_max(Σ) < 2.

    Examples
    --------
    >>> from impbook import LeastSquares
    >>> from impbook.designs import targets_with_alignment, uniform_correlation_design
    >>> Phi = uniform_correlation_design(4, 3, 0.1, rng=0)
    >>> problem = LeastSquares(Phi, targets_with_alignment(Phi, [1.0, 2.0, 4.0]))
    >>> (problem.n * neumann_weights(problem, 2)).round(3)
    array([0.4, 1.5, 3.7])
    """
    problem = _checks.instance("problem", problem, LeastSquares)
    A = _departure(problem.Phi)
    first: Vector = problem.alignment / problem.n
    w = first
    for _ in range(_checks.count("terms", terms, 1) - 1):
        w = first + A @ w
    return w


def _departure(Phi: ArrayLike) -> Matrix:
    """A = I − Σ, with diagonal exactly 0, for features whose Σ_ii are 1 to within 1e-8."""
    Phi = _checks.squarable("Phi", Phi)
    Sigma: Matrix = Phi.T @ Phi / len(Phi)
    worst = int(np.argmax(np.abs(Sigma.diagonal() - 1)))
    if abs(Sigma[worst, worst] - 1) > 1e-8:
        raise ValueError(
            f"Phi must have normalised features, Σ_ii = 1, but Σ_ii = {Sigma[worst, worst]:.6g} "
            f"for i = {worst}; impbook.designs.normalise(Phi) rescales them"
        )
    np.fill_diagonal(Sigma, 0.0)
    return -Sigma


def sufficient_gap(p: int, delta_PW: float) -> float:
    """Threshold for the gap between the two smallest |φ_jᵀy|, from the pairwise incoherence.

    If the gap is larger, IMP and alignment prune the same feature first.

    Parameters
    ----------
    p : int
        Number of features, at least 2.
    delta_PW : float
        Pairwise incoherence δ_PW in [0, 1).

    Returns
    -------
    float
        κ, the threshold in units of the largest |a_i|, where a = Φᵀy holds the alignments. Let
        |a|₍₁₎ and |a|₍₂₎ be the smallest and the second smallest |a_i|. If |a|₍₂₎ − |a|₍₁₎ >
        κ·‖a‖_∞, then IMP first prunes the feature with the smallest |a_i|. If (p−1)·δ_PW >= 1, no
        gap suffices, and κ is inf.

    Raises
    ------
    ValueError
        If p is below 2, or if delta_PW is not in [0, 1).

    Notes
    -----
    κ = 2(p−2)δ_PW/(1 − (p−3)δ_PW). If κ < 1, no smaller constant suffices: see `sharp_gap_example`.

    Examples
    --------
    >>> sufficient_gap(2, 0.9), round(sufficient_gap(10, 0.01), 4)
    (0.0, 0.172)
    """
    p, delta = _checks.count("p", p, 2), _checks.nonnegative("delta_PW", delta_PW)
    if delta >= 1:
        raise ValueError(f"delta_PW must be below 1, got {delta}: two features would coincide")
    return 2 * (p - 2) * delta / (1 - (p - 3) * delta) if (p - 1) * delta < 1 else np.inf


def sharp_gap_example(p: int, delta_PW: float, shortfall: float) -> tuple[Matrix, Vector]:
    """Σ and a = Φᵀy with too small a gap, so that IMP and alignment prune different features first.

    Parameters
    ----------
    p : int
        Number of features, at least 3.
    delta_PW : float
        Pairwise incoherence, 0 < δ_PW < 1/(3p−7), so that the sufficient gap is below 1.
    shortfall : float
        Fraction by which the gap falls short of the sufficient gap, strictly between 0 and 1.

    Returns
    -------
    Sigma : ndarray, shape (p, p)
    a : ndarray, shape (p,)
        (0, (1 − shortfall)·κ, 1, …, 1), where κ is the sufficient gap. Alignment prunes feature 0
        first, and IMP prunes feature 1 first.

    Raises
    ------
    ValueError
        If p is below 3, if delta_PW is not in (0, 1/(3p−7)), or if shortfall is not in (0, 1).

    Examples
    --------
    >>> Sigma, a = sharp_gap_example(4, 0.1, 0.01)
    >>> a.round(3), np.linalg.solve(Sigma, a).round(3)
    (array([0.  , 0.44, 1.  , 1.  ]), array([0.222, 0.218, 1.112, 1.112]))
    """
    p, delta = _checks.count("p", p, 3), _checks.positive("delta_PW", delta_PW)
    if delta * (3 * p - 7) >= 1:
        raise ValueError(
            f"delta_PW must be below 1/(3p-7) = {1 / (3 * p - 7):.4g} for p = {p}, got {delta}: "
            "otherwise the sufficient gap is not below the largest alignment"
        )
    kappa = (1 - _checks.probability("shortfall", shortfall)) * sufficient_gap(p, delta)
    Sigma = (1 + delta) * np.eye(p) - delta
    Sigma[1, 2:] = Sigma[2:, 1] = delta
    Sigma[0, 1] = Sigma[1, 0] = 0.0
    return Sigma, np.concatenate([[0.0, kappa], np.ones(p - 2)])


def certifies_alignment(problem: LeastSquares, *, by: str = "rows") -> bool:
    """Whether incoherence guarantees that IMP and alignment prune the same feature first.

    Parameters
    ----------
    problem : LeastSquares
        Least squares with p >= 2 normalised features.
    by : {"rows", "delta"}, optional
        What the test uses: the row sums of |A_ij|, or only the largest |A_ij|, which is δ_PW. Here
        A = I − Σ.

    Returns
    -------
    bool
        True proves, up to rounding, that both prune the same feature first. False proves nothing.

    Raises
    ------
    ValueError
        If a feature of the problem is not normalised, if p is below 2, or if `by` is neither
        "rows" nor "delta".

    Notes
    -----
    Let a = Φᵀy, and let |a_i| be the smallest of the |a_j|. The test "delta" asks whether
    |a_j| − |a_i| > κ‖a‖_∞ for every j ≠ i, where κ is the `sufficient_gap`. The test "rows" also
    succeeds if ρ = ‖A‖_∞ < 1 and |a_j| − |a_i| > (r_ij + r_ji)·‖a‖_∞/(1−ρ) for every j ≠ i, where
    r_ij = Σ_{l≠i,j}|A_il|.

    Examples
    --------
    >>> from impbook import LeastSquares
    >>> from impbook.designs import targets_with_alignment, uniform_correlation_design
    >>> Phi = uniform_correlation_design(4, 3, 0.1, rng=0)
    >>> certifies_alignment(LeastSquares(Phi, targets_with_alignment(Phi, [1.0, 2.5, 4.0])))
    True
    >>> certifies_alignment(LeastSquares(Phi, targets_with_alignment(Phi, [1.0, 1.1, 4.0])))
    False
    """
    problem = _checks.instance("problem", problem, LeastSquares)
    _checks.choice("by", by, ("rows", "delta"))
    A = np.abs(_departure(problem.Phi))
    p = _checks.count("the number of features p", A.shape[0], 2)
    a = np.abs(problem.alignment)
    i = int(np.argmin(a))
    others = np.arange(p) != i
    gaps = (a[others] - a[i]) / max(a.max(), np.finfo(float).tiny)
    delta = float(A.max())
    margin = 1 - (p - 1) * delta
    needed = sufficient_gap(p, delta) + ROUNDING / margin if margin > 0 else np.inf
    if by == "delta" or gaps.min() > needed:
        return bool(gaps.min() > needed)
    rows = A.sum(axis=1)
    slack = 1 - float(rows.max())
    pushes = rows[i] + rows[others] - 2 * A[i, others]
    return slack > 0 and bool((gaps > (pushes + ROUNDING * problem.n) / slack).all())


def gaussian_problem(n: int, p: int, *, rng: Any = None) -> LeastSquares:
    """Draw a problem with Gaussian features and white-noise targets, reduced to p rows.

    Parameters
    ----------
    n, p : int
        Numbers of samples and features, 1 <= p <= n. The running time does not depend on n.
    rng : optional
        Seed or generator, as for `numpy.random.default_rng`.

    Returns
    -------
    LeastSquares
        A problem with p rows and p normalised features. Suppose that, instead, we drew n samples of
        independent Gaussian features and of standard Gaussian targets, and normalised the features.
        Then Σ and Φᵀy would have the same joint distribution as in the returned problem, up to a
        constant factor in Φᵀy.

    Raises
    ------
    ValueError
        If p > n.

    Notes
    -----
    If Φ = QR, then Σ and Φᵀy depend only on R and Qᵀy. R is drawn directly (Bartlett's
    decomposition). Its entries are independent: those above the diagonal are standard Gaussian, and
    r_ii² is χ² with n − i degrees of freedom for i = 0, 1, …, p − 1.

    Examples
    --------
    >>> problem = gaussian_problem(10**9, 3, rng=0)
    >>> problem.Phi.shape, bool(np.abs(problem.Sigma - np.eye(3)).max() < 1e-3)
    ((3, 3), True)
    """
    n, p = _checks.tall(n, p)
    rng = _checks.generator(rng)
    return LeastSquares(normalise(_triangles(n, p, 1, rng)[0]), rng.standard_normal(p))


def gaussian_first_pruned(
    n: int, p: int, trials: int, *, rng: Any = None
) -> tuple[Indices, Indices]:
    """The features that IMP and alignment prune first in many independent Gaussian problems.

    Parameters
    ----------
    n, p : int
        Numbers of samples and features, p <= n.
    trials : int
        Number of problems.
    rng : optional
        Seed or generator, as for `numpy.random.default_rng`.

    Returns
    -------
    by_imp, by_alignment : ndarray of int, shape (trials,)

    Raises
    ------
    ValueError
        If p > n, or if trials is below 1.

    See Also
    --------
    gaussian_problem : one such problem.

    Examples
    --------
    >>> by_imp, by_alignment = gaussian_first_pruned(10**9, 3, 5, rng=0)
    >>> bool((by_imp == by_alignment).all())
    True
    """
    n, p = _checks.tall(n, p)
    trials = _checks.count("trials", trials, 1)
    rng = _checks.generator(rng)
    R = _triangles(n, p, trials, rng)
    w = rng.standard_normal((trials, p))
    length = np.sqrt(np.einsum("tij,tij->tj", R, R))
    a = np.einsum("tij,ti->tj", R, w) / length
    for i in range(p - 1, -1, -1):  # w becomes R⁻¹w, by back substitution
        w[:, i] -= np.einsum("tj,tj->t", R[:, i, i + 1 :], w[:, i + 1 :])
        w[:, i] /= R[:, i, i]
    return np.argmin(np.abs(w * length), axis=1), np.argmin(np.abs(a), axis=1)


def _triangles(n: int, p: int, trials: int, rng: np.random.Generator) -> Matrix:
    R: Matrix = np.triu(rng.standard_normal((trials, p, p)), 1)
    diagonal = np.arange(p)
    R[:, diagonal, diagonal] = np.sqrt(rng.chisquare(n - diagonal, (trials, p)))
    return R


def gaussian_alignment_limit(r: float) -> float:
    """Limiting probability that IMP and alignment prune the same feature first for Gaussian Φ.

    Parameters
    ----------
    r : float
        Limit of n/p³ as p → ∞, positive.

    Returns
    -------
    float
        Limit of the probability, for normalised Gaussian features and any target independent of
        them. It tends to 0 as r → 0 and to 1 as r → ∞.

    Raises
    ------
    ValueError
        If r is not positive and finite.

    Notes
    -----
    Consider a Poisson process of rate 1 on the real line. The limit is the probability that the
    point nearest to 0 is still the nearest to 0 after all points are shifted by independent
    Gaussian variables of standard deviation τ = 1/√(2πr). Let f be the density of such a shift, and
    let K(u) = E|u + τG|, where G is a standard Gaussian variable. Then this probability is the
    integral 2∫∫ [f(s−t) + f(s+t)]·exp(−2(s+t) + K(s+t) − K(s−t)) ds dt over s, t > 0. The limit is
    about √r for small r, and about 1 − (√2/π)/√r for large r.

    Examples
    --------
    >>> [round(gaussian_alignment_limit(r), 3) for r in (0.3, 1, 3, 30)]
    [0.492, 0.66, 0.78, 0.922]
    """
    tau = 1 / np.sqrt(2 * np.pi * _checks.positive("r", r))
    far = min(FAR, 40 / tau)  # beyond u = 40/τ, the factor exp(…) in `inside` is below e⁻⁴⁰
    x, weight = np.polynomial.legendre.leggauss(NODES)
    x, weight = far * (x + 1) / 2, far * weight / 2
    # Here u = s+t and v = |s−t| < u are in units of τ. For u > 9, K(u) = u up to rounding, so the
    # integral over these u has a closed form.
    u = x[:, None]
    v = u * x / far
    inside = (_density(u) + _density(v)) * np.exp(-tau * (2 * u - _spread(u) + _spread(v)))
    outside = _density(x) * np.exp(-tau * (far + _spread(x) + 2 * _density(0.0))) / tau
    return min(1.0, float(2 * tau * weight @ (inside @ weight * x / far + outside)))


def _density(x: Any) -> Any:
    return np.exp(-x * x / 2) / np.sqrt(2 * np.pi)


def _spread(x: Any) -> Any:
    """E|x + G| − E|G| for a standard Gaussian variable G."""
    return x * erf(x / np.sqrt(2)) + 2 * _density(0.0) * np.expm1(-x * x / 2)
