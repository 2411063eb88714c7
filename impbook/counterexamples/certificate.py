"""Check exactly whether an example satisfies the hypotheses and the conclusion of Theorem 5."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np

from impbook import _checks
from impbook._arrays import Matrix
from impbook.counterexamples import rational

# Each of the 2^n outcomes of the noise needs a run. For n = p = 9, the 512 runs take about 10 s.
MOST_SAMPLES = 12


@dataclass(frozen=True)
class Outcome:
    """One run of iterative magnitude pruning, under one outcome of the noise.

    Attributes
    ----------
    signs : tuple of int
        Signs of the n noise entries: the noise is ξ = σ·signs.
    y : tuple of Fraction
        Targets Φs + ξ.
    pruned : tuple of int
        Indices of the pruned features, numbered from 0, in the order of pruning.
    weights : tuple of tuple of Fraction
        Row k holds the weights trained after k pruning steps.
    lost : tuple of int
        False exclusions: indices of the features that have |s_i| ≥ γ but weight 0 in the output.
    """

    signs: tuple[int, ...]
    y: tuple[Fraction, ...]
    pruned: tuple[int, ...]
    weights: rational.Table
    lost: tuple[int, ...]


@dataclass(frozen=True)
class Certificate:
    """An instance of Theorem 5 with Rademacher noise ±σ.

    It includes one exact run for each outcome of the noise.

    Attributes
    ----------
    Phi, s : tuple
        The feature matrix, as a tuple of rows, and the signal.
    q, sigma, gamma, delta
        As in Theorem 5: the number of pruning steps, the size σ of the noise, the threshold γ (all
        features with |s_i| ≥ γ must survive) and the allowed probability of failure δ.
    lambda_min : Fraction
        A lower bound on the smallest non-zero eigenvalue of Σ = ΦᵀΦ/n, checked exactly.
    samples : Fraction
        An upper bound on the number of samples that Theorem 5 requires.
    outcomes : tuple of Outcome
        One run for each of the 2^n equally likely outcomes of the noise.
    """

    Phi: rational.Table
    s: tuple[Fraction, ...]
    q: int
    sigma: Fraction
    gamma: Fraction
    delta: Fraction
    lambda_min: Fraction
    samples: Fraction
    outcomes: tuple[Outcome, ...]

    @property
    def n(self) -> int:
        """Number of samples."""
        return len(self.Phi)

    @property
    def p(self) -> int:
        """Number of features."""
        return len(self.s)

    @property
    def design(self) -> Matrix:
        """Φ in floating point, shape (n, p)."""
        return np.array(self.Phi, dtype=np.float64)

    @property
    def S(self) -> tuple[int, ...]:
        """Support S of the signal, as indices numbered from 0."""
        return tuple(i for i, value in enumerate(self.s) if value != 0)

    @property
    def k(self) -> int:
        """Sparsity of the signal, |S|."""
        return len(self.S)

    @property
    def injective(self) -> bool:
        """Whether Φ has full column rank: for k ≥ 1, this is what Definition 4 requires."""
        return rational.rank(self.Phi) == self.p

    @property
    def identifiable(self) -> bool:
        """Whether null(Φ) ⊥ e_i for all i ∈ S.

        Equivalently, no column φ_i with i ∈ S lies in the span of the other columns.
        """
        nulls = np.delete(np.array(self.Phi), self.S, axis=1)
        return rational.rank(self.Phi) == self.k + rational.rank(nulls)

    @property
    def enough_samples(self) -> bool:
        """Whether n ≥ `samples`; if so, n is enough for Theorem 5."""
        return self.n >= self.samples

    @property
    def enough_nulls(self) -> bool:
        """Whether q ≤ p − k."""
        return self.q <= self.p - self.k

    @property
    def failure(self) -> Fraction:
        """Probability that some feature with |s_i| ≥ γ has weight 0 in the output."""
        return Fraction(sum(bool(outcome.lost) for outcome in self.outcomes), 2**self.n)

    def __str__(self) -> str:
        """Table of Theorem 5's hypotheses, with the number of outcomes where pruning fails."""
        lines = {
            "full column rank (Definition 4)": self.injective,
            "null(Φ) ⊥ e_i for i in S": self.identifiable,
            f"q = {self.q} is at most p − k = {self.p - self.k}": self.enough_nulls,
            "smallest eigenvalue ≠ 0 of Σ, at least": f"{float(self.lambda_min):.4g}",
            "samples required, at most": f"{float(self.samples):.4g}",
            "samples present": self.n,
            "failure promised, at most": f"{float(self.delta):.4g}",
            "outcomes that fail": f"{self.failure * 2**self.n} of {2**self.n}",
        }
        return "\n".join(f"{name:<40}{value}" for name, value in lines.items())


def certify(
    Phi: Any,
    s: Any,
    q: int,
    *,
    sigma: Any,
    gamma: Any,
    delta: Any,
    lambda_min: Any,
) -> Certificate:
    """Check the hypotheses and the conclusion of Theorem 5 exactly, for Rademacher noise ±σ.

    Parameters
    ----------
    Phi : sequence of rows
        Feature matrix with n ≤ 12 rows. Its entries, like the rational arguments below, are
        integers, Fractions or strings such as "1/10".
    s : sequence
        Signal, with p entries of the same kinds, at least one of them non-zero.
    q : int
        Number of pruning steps, 0 <= q < p.
    sigma, gamma : rational
        The noise takes the values ±σ, and every feature with |s_i| ≥ γ must survive. Both σ and γ
        are positive.
    delta : rational
        Probability of failure that Theorem 5 allows, in (0, 1).
    lambda_min : rational
        A positive lower bound on the non-zero eigenvalues of Σ = ΦᵀΦ/n. The bound is checked.

    Returns
    -------
    Certificate

    Raises
    ------
    TypeError
        If q is not an integer, or if another argument or an entry is not rational; floats are
        refused.
    ValueError
        If Phi has no row, more than 12 rows, rows of different lengths or only zeros, if s does not
        have p entries or has only zeros, if a string does not represent a rational number, if q is
        not in [0, p), if sigma, gamma or lambda_min is not positive, if delta is not in (0, 1), or
        if lambda_min exceeds a non-zero eigenvalue of Σ.

    Notes
    -----
    Rademacher noise ±σ is sub-Gaussian with variance proxy σ². Theorem 5 requires
    8σ²·log(2p/δ)/(γ²λ_min) samples. Here the logarithm is replaced by a rational upper bound.

    Examples
    --------
    >>> certificate = certify(
    ...     [[2, 0], [0, 2]], [1, 0], 1, sigma="1/4", gamma=1, delta="1/20", lambda_min=1
    ... )
    >>> certificate.n, round(float(certificate.samples), 3), certificate.failure
    (2, 2.191, Fraction(0, 1))
    """
    features = rational.matrix("Phi", Phi)
    n, p = features.shape
    if n > MOST_SAMPLES:
        raise ValueError(f"Phi must have at most {MOST_SAMPLES} rows, got {n}, so 2^{n} outcomes")
    signal = rational.vector("s", s, p)
    if not signal.any():
        raise ValueError("s must have a non-zero entry: without a signal nothing can be lost")
    q = _checks.pruned_count(q, p)
    scale = rational.positive_fraction("sigma", sigma)
    level = rational.positive_fraction("gamma", gamma)
    failure = rational.positive_fraction("delta", delta)
    if failure >= 1:
        raise ValueError(f"delta must lie strictly between 0 and 1, got {failure}")
    low = rational.positive_fraction("lambda_min", lambda_min)
    if not features.any():
        raise ValueError("Phi must have a non-zero entry: Σ has no non-zero eigenvalue")
    if not rational.is_eigenvalue_bound(features, low):
        raise ValueError(f"lambda_min must not exceed any non-zero eigenvalue of Σ, got {low}")
    samples = 8 * scale**2 * rational.log_above(2 * p / failure) / (level**2 * low)
    outcomes = []
    for signs in product((-1, 1), repeat=n):
        y = features @ signal + scale * np.array(signs)
        path = rational.exact_imp(features, y, q)
        lost = np.flatnonzero((abs(signal) >= level) & (np.array(path.weights[-1]) == 0))
        outcomes.append(Outcome(signs, tuple(y), path.pruned, path.weights, tuple(lost.tolist())))
    Phi, s = tuple(map(tuple, features)), tuple(signal)
    return Certificate(Phi, s, q, scale, level, failure, low, samples, tuple(outcomes))
