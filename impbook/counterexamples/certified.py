"""Counterexamples to Theorem 5 (ii) that are checked by exact runs.

In two of them, pruning a small signal biases the weight of a large one. In the third, pruning
lowers the smallest non-zero eigenvalue of Σ.
"""

from __future__ import annotations

from fractions import Fraction
from math import pi, sqrt
from typing import Any

from impbook import _checks
from impbook.concentration import theorem_5_samples
from impbook.counterexamples.certificate import Certificate, certify


def bias_counterexample(B: int = 10, *, delta: Any = "1/20", sigma: Any = "3/100") -> Certificate:
    """A counterexample with four features. With the default arguments, pruning always fails.

    Parameters
    ----------
    B : int, optional
        An integer, at least 2. The first two features and signal entries satisfy φ₂ ≈ −Bφ₁ and
        s₂ = s₁/B, so s₂φ₂ nearly cancels s₁φ₁.
    delta : rational, optional
        Probability of failure that Theorem 5 allows.
    sigma : rational, optional
        Size σ of the Rademacher noise. If 2/(B(B−1)) < σ ≤ 1/√(2(B²+2)·log(8/δ)), Theorem 5 applies
        but pruning fails under every outcome. Such σ exist if B ≥ 2 + √(8·log(8/δ)).

    Returns
    -------
    Certificate
        With n = p = 4, γ = 1, s = (1, 1/B, 0, 0) and q = p − k = 2.

    Raises
    ------
    TypeError
        If B is not an integer, or if delta or sigma is not rational.
    ValueError
        If B is below 2, if delta is not in (0, 1), or if sigma is not positive.

    Notes
    -----
    Φ = 2·[[1, −B, 0, 0], [0, 1, 0, 0], [0, 0, 1/B, 0], [0, 0, 0, 1/B]], so Φs = (0, 2/B, 0, 0).
    Since Φs is orthogonal to φ₁, only noise determines the weight of φ₁ once φ₂ is pruned.

    Examples
    --------
    >>> certificate = bias_counterexample()
    >>> certificate.enough_samples, certificate.failure
    (True, Fraction(1, 1))
    >>> certificate.design[0]
    array([  2., -20.,   0.,   0.])
    """
    B = _checks.count("B", B, 2)
    thin = Fraction(2, B)
    return certify(
        [[2, -2 * B, 0, 0], [0, 2, 0, 0], [0, 0, thin, 0], [0, 0, 0, thin]],
        [1, Fraction(1, B), 0, 0],
        2,
        sigma=sigma,
        gamma=1,
        delta=delta,
        # In Σ, the block of the first two features has eigenvalues with product 1 and sum B² + 2,
        # so both are above 1/(B² + 2). The other two eigenvalues of Σ are 1/B².
        lambda_min=Fraction(1, B**2 + 2),
    )


def gaussian_bias_bound(B: int, delta: float) -> tuple[float, float]:
    """Lower bound on the failure probability of `bias_counterexample` with Gaussian noise.

    The noise has the largest σ that Theorem 5 allows, which is returned as well.

    Parameters
    ----------
    B : int
        An integer, at least 2, as for `bias_counterexample`.
    delta : float
        Probability of failure that Theorem 5 allows, in (0, 1).

    Returns
    -------
    sigma, failure : float
        The largest σ for which n = 4 samples are enough for Theorem 5, and a lower bound on the
        probability that the first feature is lost under Gaussian noise with this σ.

    Raises
    ------
    TypeError
        If B is not an integer.
    ValueError
        If B is below 2, or if delta is not in (0, 1).

    Notes
    -----
    With c = √(2/π) and σ = 1/√(2(B²+2)·log(8/δ)), the lower bound is 1 − 2c(2/(B²σ) + 2c/B),
    or 0 if this is negative. The bound tends to 1 as B grows. It is not in the paper; the book
    proves it.

    Examples
    --------
    >>> sigma, failure = gaussian_bias_bound(200, 0.05)
    >>> round(sigma, 6), round(failure, 3)
    (0.001569, 0.936)
    """
    B = _checks.count("B", B, 2)
    sigma = sqrt(4 / theorem_5_samples(1.0, delta, 4, sigma=1.0, lambda_min=1 / (B**2 + 2)))
    c = sqrt(2 / pi)
    return sigma, max(0.0, 1 - 2 * c * (2 / (B**2 * sigma) + 2 * c / B))


def unit_norm_counterexample() -> Certificate:
    """A variant of `bias_counterexample` with five features of norm 1. Pruning always fails.

    Returns
    -------
    Certificate
        With n = p = 5, γ = 1, δ = 1/20 and k = q = 2. Every column of Φ has norm 1. Multiplying Φ
        and σ by √5 would make Σ_ii = 1 without changing any weight or the required number of
        samples.

    Notes
    -----
    Let θ be the angle between φ₁ and φ₃, u the unit vector in the direction of φ₃ − φ₁, and e a
    unit vector orthogonal to φ₁ and φ₃. Then φ₂ = (24u + 7e)/25. With s₁ = 1 and
    s₂ = 25·2sin(θ/2)/24, the targets without noise are φ₁ + s₂φ₂ = φ₃ + (7/25)s₂e. Once φ₂ is
    pruned, these targets are fitted best by φ₃ alone, although φ₃ carries no signal. The angle
    between φ₄ and φ₅ is only θ/2, so noise makes their weights large enough for both features to
    outlast φ₁ and φ₂. All entries of Φ are rational because they come from Pythagorean triples.

    Examples
    --------
    >>> certificate = unit_norm_counterexample()
    >>> certificate.enough_samples, certificate.failure
    (True, Fraction(1, 1))
    """
    cos, sin = Fraction(9999, 10001), Fraction(200, 10001)  # cosine and sine of θ/2
    along, across = Fraction(24, 25), Fraction(7, 25)
    Phi = [
        [1, -along * sin, cos**2 - sin**2, 0, 0],
        [0, along * cos, 2 * sin * cos, 0, 0],
        [0, across, 0, 0, 0],
        [0, 0, 0, 1, cos],
        [0, 0, 0, 0, sin],
    ]
    return certify(
        Phi,
        [1, 2 * sin / along, 0, 0, 0],
        2,
        sigma=Fraction(1, 850),
        gamma=1,
        delta=Fraction(1, 20),
        lambda_min=Fraction(1253, 10**8),
    )


def interlacing_counterexample() -> Certificate:
    """Four features in three dimensions. Pruning always fails, although the signal is identifiable.

    Returns
    -------
    Certificate
        With n = 3 (enough for Theorem 5), p = 4, γ = 1, δ = 1/20, k = 1 and q = 2 ≤ p − k = 3.
        Φ does not have full column rank, but null(Φ) ⊥ e₁. The only non-zero entry of s is
        s₁ = 1 = γ.

    Notes
    -----
    Φ has the columns e₃, e₁, cosθ·e₁ + sinθ·e₂ and 3e₂, with sinθ = 40/401. The non-zero
    eigenvalues of Σ are at least 1/3. The long fourth feature has the smallest weight and is
    pruned first. Then the second and the third, which are nearly parallel, have to fit the noise
    along e₂. Their weights are of order σ/sinθ, which is larger than the signal's weight.

    Examples
    --------
    >>> certificate = interlacing_counterexample()
    >>> certificate.injective, certificate.identifiable, certificate.failure
    (False, True, Fraction(1, 1))
    """
    cos, sin = Fraction(399, 401), Fraction(40, 401)
    return certify(
        [[0, 1, cos, 0], [0, 0, sin, 3], [1, 0, 0, 0]],
        [1, 0, 0, 0],
        2,
        sigma=Fraction(3, 20),
        gamma=1,
        delta=Fraction(1, 20),
        lambda_min=Fraction(1, 3),
    )
