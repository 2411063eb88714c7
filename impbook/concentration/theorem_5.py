"""The sample size that Theorem 5 requires."""

from __future__ import annotations

from impbook.concentration.lemma_6 import log_term, unit_samples


def theorem_5_samples(
    gamma: float, delta: float, p: int, *, sigma: float, lambda_min: float
) -> float:
    """Sample size that Theorem 5 requires to keep every signal with |s_i| ≥ γ.

    Parameters
    ----------
    gamma : float
        Positive γ, in the units of the weights: no signal with |s_i| ≥ γ may be pruned.
    delta : float
        Allowed probability of failure, in (0, 1).
    p : int
        Number of features, at least 1.
    sigma : float
        Square root of the variance proxy of the noise, at least 0.
    lambda_min : float
        Smallest non-zero eigenvalue of Σ, positive.

    Returns
    -------
    float
        The bound on n printed in the paper, not rounded up.

    Raises
    ------
    ValueError
        If gamma or lambda_min is not positive, if delta is not in (0, 1), if p is below 1, if sigma
        is negative, or if the sample size overflows or underflows.

    Notes
    -----
    The paper's Theorem 5 requires 8σ²/(γ²λ_min)·log(2p/δ) samples. Lemma 6 requires the same number
    for ε = γ/2.

    Examples
    --------
    >>> round(theorem_5_samples(1.0, 0.05, 10, sigma=1.0, lambda_min=1.0), 2)
    47.93
    """
    return 8 * unit_samples("gamma", gamma, sigma, lambda_min) * log_term(delta, p)
