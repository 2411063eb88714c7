"""What goes wrong with Theorem 5 when Σ is singular: λ_min may fall when a feature goes."""

from __future__ import annotations

from fractions import Fraction

from impbook.counterexamples.certificate import Certificate, certify


def interlacing_counterexample() -> Certificate:
    """Four features in three dimensions: identifiable signal, enough samples, certain failure.

    Returns
    -------
    Certificate
        With n = 3, p = 4, γ = 1, δ = 1/20, k = 1 and q = 2 ≤ p − k = 3. Φ is not injective, but
        null(Φ) ⊥ e₁, and the only signal, s₁, is large.

    Notes
    -----
    Φ has the columns e₃, e₁, cosθ·e₁ + sinθ·e₂ and 3e₂, with sinθ = 40/401. The non-zero
    eigenvalues of Σ are at least 1/3. The long fourth feature has the smallest weight and goes
    first; the second and the third, now nearly parallel, are left to explain the noise along e₂,
    with weights of order σ/sinθ that dwarf the signal's.

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
