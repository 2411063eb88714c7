"""Certified counterexamples: losing a small signal biases a large one; pruning lowers λ_min."""

from __future__ import annotations

from fractions import Fraction
from math import pi, sqrt
from typing import Any

from impbook import _checks
from impbook.concentration import theorem_5_samples
from impbook.counterexamples.certificate import Certificate, certify


def bias_counterexample(B: int = 10, *, delta: Any = "1/20", sigma: Any = "3/100") -> Certificate:
    """Four features for which Theorem 5 (ii) fails under every outcome of the noise.

    Parameters
    ----------
    B : int, optional
        An integer of at least 2: φ₂ ≈ −Bφ₁ and s₂ = s₁/B, so s₂φ₂ cancels s₁φ₁ approximately.
    delta : rational, optional
        Probability of failure that Theorem 5 allows.
    sigma : rational, optional
        Scale σ of the Rademacher noise. Theorem 5 applies and every outcome fails if
        2/(B(B−1)) < σ ≤ 1/√(2(B²+2)·log(8/δ)). This range is not empty once
        B ≥ 2 + √(8·log(8/δ)).

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
    This is orthogonal to φ₁, so once φ₂ is pruned, the weight of φ₁ is fitted to noise alone.

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
        lambda_min=Fraction(1, B**2 + 2),  # the first block of Σ has λμ = 1 and λ + μ = B² + 2
    )


def gaussian_bias_bound(B: int, delta: float) -> tuple[float, float]:
    """Largest σ that Theorem 5 allows for the leak example, and how often pruning then fails.

    Parameters
    ----------
    B : int
        An integer of at least 2, as for `bias_counterexample`, which is the leak example.
    delta : float
        Probability of failure that Theorem 5 allows, in (0, 1).

    Returns
    -------
    sigma, failure : float
        The largest σ at which n = 4 samples are enough for Theorem 5, and a lower bound on the
        probability that feature 1 is lost under Gaussian noise.

    Raises
    ------
    TypeError
        If B is not an integer.
    ValueError
        If B is below 2, or if delta is not in (0, 1).

    Notes
    -----
    With c = √(2/π) and σ = 1/√(2(B²+2)·log(8/δ)) the bound is 1 − 2c(2/(B²σ) + 2c/B), which tends
    to 1 as B grows. This is not in the paper; the book proves it.

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
    """The leak example with five features of norm 1, which also fails under every outcome.

    Returns
    -------
    Certificate
        With n = p = 5, γ = 1, δ = 1/20, k = q = 2, and every column of Φ of norm 1. Multiplying Φ
        and σ by √5 makes Σ_ii = 1 and changes neither the samples required nor any weight.

    Notes
    -----
    φ₁ and φ₃ are at an angle θ, u is the direction of φ₃ − φ₁, and φ₂ = (24u + 7e)/25 with e
    orthogonal to both. With s₁ = 1 and s₂ = 25·2sin(θ/2)/24, the targets without noise are
    φ₁ + s₂φ₂ = φ₃ + (7/25)s₂e: once φ₂ is pruned, the best fit to them is φ₃ alone, which carries
    no signal. φ₄ and φ₅, at an angle of θ/2, have weights that noise makes too large to be pruned
    first. All entries are rational because they come from Pythagorean triples.

    Examples
    --------
    >>> certificate = unit_norm_counterexample()
    >>> certificate.enough_samples, certificate.failure
    (True, Fraction(1, 1))
    """
    cos, sin = Fraction(9999, 10001), Fraction(200, 10001)  # of θ/2
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
    """Four features in three dimensions: identifiable signal, enough samples, every outcome fails.

    Returns
    -------
    Certificate
        With n = 3, p = 4, γ = 1, δ = 1/20, k = 1 and q = 2 ≤ p − k = 3. Φ does not have full column
        rank, but null(Φ) ⊥ e₁, and the only signal, s₁ = 1, is not below γ.

    Notes
    -----
    Φ has the columns e₃, e₁, cosθ·e₁ + sinθ·e₂ and 3e₂, with sinθ = 40/401. The non-zero
    eigenvalues of Σ are at least 1/3. The long fourth feature has the smallest weight and is
    pruned first. Then the second and the third, which are nearly parallel, have to fit the noise
    along e₂, and their weights, of order σ/sinθ, are larger than the signal's.

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
