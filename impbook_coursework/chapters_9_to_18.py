"""Two problems for each of chapters 9 to 18."""

from __future__ import annotations

from math import comb, log, sqrt
from typing import Any

import numpy as np
from scipy.optimize import brentq

from impbook import LeastSquares, PruningPath, gradient_flow, identifiable, imp
from impbook.concentration import (
    Setting,
    coupling,
    incoherent,
    interpolated,
    smallest_nonzero_eigenvalue,
    worst_eigenvalue,
)
from impbook.concentration.reflection import log_reflection
from impbook.heuristics import removal_costs
from impbook_coursework.drawing import draw, least_squares, separated, size
from impbook_coursework.making import Problem, Vector, given, lowest, number, rows


def clear(values: Vector, gap: float = 0.02) -> bool:
    """Whether all absolute values are more than `gap` apart, so that rounding cannot matter."""
    return bool(np.all(np.diff(np.sort(np.abs(values))) > gap))


def unambiguous(path: PruningPath) -> bool:
    """Whether `clear` holds for the active weights of every fit."""
    fits = zip(path.weights, path.active, strict=True)
    return all(clear(w[active]) for w, active in fits)


@number("9.1")
def inherited_bias(rng: np.random.Generator) -> Problem:
    """While the hub is active, its weight absorbs the common part of the removed spokes' noise.
    Once the hub is pruned, the weight of the signal must absorb it.
    """
    K, m, hub = int(rng.integers(4, 12)) ** 2, int(rng.integers(4, 9)), size(rng, 8, 16, 10)
    hub *= rng.choice([-1.0, 1.0])
    gone, own = (hub + draw(rng, -6, 6, (m,)) / 10).round(1), size(rng, -15, 15, 10)
    beta = 1 / sqrt(K)
    with_hub = beta * np.sum(gone - hub - beta * own) / (1 + m * (1 + beta**2))
    without = (own + beta * gone.sum()) / (1 + m * beta**2) - own
    text = (
        f"A hub has K = {K} spokes, and all lengths are as in the chapter, with g = 1. The spokes "
        f"with the noise {rows(gone)} in their rows have been removed. The noise in the hub's row "
        f"is u = {hub}, that in the signal's own row x_0 = {own}. By how much does the weight of "
        "the signal change in the round that removes the hub? (Units of σ/√n.)"
    )
    return Problem(text, float(without - with_hub))


@number("9.2")
def chosen_by_the_hub(rng: np.random.Generator) -> Problem:
    """IMP removes the spoke whose noise is nearest to the centre, a weighted mean of the noise of
    the hub and of the spokes removed so far.
    """
    while True:
        hub, noise = size(rng, 10, 18, 10) * rng.choice([-1.0, 1.0]), separated(rng, 9) / 2
        order = spokes(noise, hub, 4)
        if order and order != lowest(noise - hub, 4) and order != lowest(noise, 4):
            break
    text = (
        "A hub with g = 1 has K = 9 spokes; the signal is so large that it is in no danger. "
        f"The noise is {rows(noise)} in the spokes' rows, u = {hub} in the hub's and 0 in the "
        "signal's. Which four features does IMP remove first, in order? All four are spokes. Give "
        "their indices, counted from 0."
    )
    return Problem(text, order)


def spokes(noise: Vector, hub: float, q: int) -> list[int]:
    """The first q features pruned, or [] if one of them is not a spoke or the order is unclear."""
    K, gone = len(noise), list[int]()
    for _ in range(q):
        # In the weighted mean that defines the centre, each removed spoke has weight 1.
        weight = 1 / (1 + 1 / K)  # weight of the hub in this mean
        target = (noise[gone].sum() + weight * hub) / (len(gone) + weight)
        away = np.abs(noise - target)
        away[gone] = np.inf
        explained = hub + (target - hub) * weight
        if np.diff(np.sort(away)[:2])[0] < 0.05 or away.min() > abs(explained) - 0.05:
            return []
        gone.append(int(away.argmin()))
    return gone


@number("10.1")
def small_signals_allowed(rng: np.random.Generator) -> Problem:
    """With k' small signals, the incoherence version of Theorem 5 has (p - 1 + k')δ_PW in its
    sample size: find the largest k' for which n rows are enough.
    """
    p, most, delta = int(rng.integers(20, 80)), int(rng.integers(1, 20)), size(rng, 1, 10, 100)
    coherence, sigma = round(size(rng, 40, 90, 100) / (p + 20), 4), size(rng, 5, 30, 10)

    just, too_many = (
        incoherent(Setting(p, coherence=coherence, small_signals=few, sigma=sigma), delta)
        for few in (most, most + 1)
    )
    n = int((just + too_many) / 2)
    text = (
        f"p = {p} features with Σ_jj = 1 and δ_PW = {coherence}, noise with σ = {sigma}, and "
        f"n = {n} rows. You prune one feature per round and must keep all signals of size γ = 1 or "
        f"more with probability {1 - delta:.2f}. How many smaller signals may there be for a "
        "version of Theorem 5 to promise that?"
    )
    return Problem(text, most)


@number("10.2")
def which_to_cite(rng: np.random.Generator) -> Problem:
    """If there are small signals, only the one-shot and incoherence versions of Theorem 5 can
    apply. If there are none, compare interpolation, which depends on μ, with reflection, which does
    not.
    """
    kinds = rng.integers(0, 5, 5).tolist()
    projects = " ".join(f"({'abcde'[i]}) {project(kind, rng)}." for i, kind in enumerate(kinds))
    text = (
        "Five projects have Σ_jj = 1, an injective Φ, k = 5 signals and δ = 0.05. Each must keep "
        f"all signals of size γ or more. {projects} What does each cite, so that it needs the "
        "fewest samples? Give a list of five numbers: 0 for no theorem, 1 for one-shot, 2 for "
        "incoherence, 3 for interpolation, 4 for reflection."
    )
    return Problem(text, kinds)


def project(kind: int, rng: np.random.Generator) -> str:
    """Describe a project that should cite version `kind` of Theorem 5, or none if `kind` is 0."""
    p, few = int(rng.integers(400, 900)), int(rng.integers(1, 4))
    least, overlap = size(rng, 15, 50, 100), size(rng, 20, 60, 100)
    push = size(rng, 70, 95, 100) if kind == 4 else size(rng, 5, 40, 100)
    if kind == 2:
        overlap, push = round(size(rng, 30, 70, 100) / (p + few), 5), 0.001
        least = size(rng, 75, 90, 100)
    if kind >= 3:
        few = 0
        known = Setting(p, k=5, lambda_min=least, coupling=push)
        n = interpolated(known, 0.05)
        # Logarithm of reflection's bound on the failure probability, for n samples.
        log_failure = log_reflection(known, n / (2 * known.unit(least)))
        if (log_failure > log(0.05)) != (kind == 3):
            return project(kind, rng)
    rule = "all at once" if kind == 1 else "one per round"
    return (
        f"p = {p}, λ_min = {least}, δ_PW = {overlap}, μ = {push}, {few} of the signals below γ, "
        f"{rule}"
    )


@number("11.1")
def room_for_noise(rng: np.random.Generator) -> Problem:
    """In each round, at least m = p - k - q + 1 nulls are active. If a signal is pruned, its weight
    is at most theirs in absolute value, so w - s has length at least γ√(m/(m + 1)).
    """
    while smallest_nonzero_eigenvalue(Phi := draw(rng, -4, 4, (8, 6))) < 0.2:
        continue
    k, gamma = int(rng.integers(1, 3)), size(rng, 5, 40, 10)
    q = int(rng.integers(1, 6 - k))
    left = 6 - k - q + 1
    text = (
        f"Φ = {rows(Phi)}; k = {k} of its six features are signals, of size γ = {gamma} or more. "
        f"IMP at T = ∞ prunes q = {q} of the features, one per round. The corollary for any noise "
        "covers every q up to p - k. Use its three lemmas for this q: below which length ‖ξ‖ is no "
        "signal pruned?"
    )
    least = sqrt(len(Phi) * smallest_nonzero_eigenvalue(Phi))
    return Problem(text, float(least * gamma * sqrt(left / (left + 1))))


@number("11.2")
def sets_to_survive(rng: np.random.Generator) -> Problem:
    """When the first signal is pruned, fewer than q features have been pruned, all of them nulls.
    Count the possible sets of pruned nulls, and multiply by k, as any signal may be the first.
    """
    nulls, k, delta = int(rng.integers(6, 11)), int(rng.integers(1, 5)), size(rng, 1, 10, 100)
    q = int(rng.integers(2, nulls))
    text = (
        f"p = {nulls + k} features, k = {k} of them signals, and q = {q} steps, one per round. "
        "Suppose that in a fit with fixed active set A ⊇ S a given signal is at or below all nulls "
        "of A with probability at most η. Which η is small enough, by the union bound over all "
        f"that can happen, for no signal to be pruned with probability {1 - delta:.2f}?"
    )
    return Problem(text, delta / (k * sum(comb(nulls, t) for t in range(q))))


@number("12.1")
def leak_under_incoherence(rng: np.random.Generator) -> Problem:
    """By symmetry, the weights of all m remaining features rise by the same amount: α times the sum
    of the pruned signals, divided by 1 + (m - 1)α.
    """
    p, alpha = int(rng.integers(12, 40)), size(rng, 1, 20, 1000)
    while abs((small := separated(rng, int(rng.integers(3, 6))) / 10).sum()) < 0.2:
        continue
    small = small.round(2)
    text = (
        f"p = {p} features have Σ_jj = 1 and Σ_ij = {alpha} for i ≠ j. There is no noise. The "
        f"signals {rows(small)} were small and have been pruned, and nothing else has. By how much "
        "has the weight of every feature that is left risen above its entry of s?"
    )
    return Problem(text, float(alpha * small.sum() / (1 + (p - len(small) - 1) * alpha)))


@number("12.2")
def worst_push(rng: np.random.Generator) -> Problem:
    """Nulls act on a signal through a row of Σ_SS⁻¹Σ_SN; μ is the largest norm of such a row."""
    while True:
        upper = np.triu(draw(rng, -50, 50, (4, 4)) / 100, 1)
        Sigma = np.eye(4) + upper + upper.T
        if np.linalg.eigvalsh(Sigma)[0] > 0.05:
            break
    Phi, length = 2 * np.linalg.cholesky(Sigma).T, size(rng, 5, 30, 10)
    text = (
        f"Σ = {rows(Sigma)}, and features 0 and 1 are the signals. In some fit the weights of the "
        f"two nulls form a vector of length {length}; its direction is not known. By how much, at "
        "most, have they pushed the weight of a signal, compared with the fit on the signals alone?"
    )
    return Problem(text, length * coupling(Phi, [0, 1]))


@number("13.1")
def where_the_signal_sinks(rng: np.random.Generator) -> Problem:
    """Once the nulls with negative noise are pruned, each of the other M nulls has weight 1 + η,
    and the signal has weight γ - bM(1 + η).
    """
    m, eta = int(rng.integers(6, 13)), size(rng, 5, 30, 100)
    b, M = size(rng, 20, 90, 100), int(rng.integers(2, m - 2))
    text = (
        f"The signal's feature is e_0, and the m = {m} nulls are e_j + {b} e_0, j = 1, …, m. The "
        f"noise is 0 in row 0, {1 + eta:.2f} in M = {M} other rows and -{1 - eta:.2f} in the rest. "
        "All m nulls may be pruned, one per round. Up to which s_0 = γ is the signal lost? Mind "
        "whose weights it is compared with in the end."
    )
    return Problem(text, (1 + eta) * (1 + b * M))


@number("13.2")
def training_long_enough(rng: np.random.Generator) -> Problem:
    """Training for a time T leaves a bias of at most exp(-λ_*T)‖s‖, and γ minus twice this bound
    takes the place of γ.
    """
    least, length = size(rng, 2, 30, 100), size(rng, 15, 60, 10)
    gamma, more = size(rng, 4, 12, 10), int(rng.integers(2, 10)) * 5
    text = (
        f"λ_* = {least}, ‖s‖ = {length}, and all signals are of size γ = {gamma} or more. Each "
        f"round trains from 0 for a time T. You can afford {more} percent more samples than the "
        "two-norm theorem asks at T = ∞. How long must T be?"
    )
    bias = gamma * (1 - (1 + more / 100) ** -0.5) / 2
    return Problem(text, float(np.log(length / bias) / least))


@number("14.1")
def worst_after_removal(rng: np.random.Generator) -> Problem:
    """Removing a redundant feature can leave features that are nearly dependent: check every set
    that contains the signal.
    """
    while True:
        Phi = np.zeros((3, 4))
        Phi[0, 0], Phi[1:, 1:] = rng.integers(2, 6), draw(rng, -5, 5, (2, 3))
        if np.linalg.matrix_rank(Phi) == 3 and Phi[1:].any(axis=0)[1:].all():
            least = worst_eigenvalue(Phi, [0])
            if least < 0.6 * smallest_nonzero_eigenvalue(Phi):
                break
    text = (
        f"Φ = {rows(Phi)}, so n = 3, and feature 0 is the signal. Interlacing does not protect "
        "λ_min≠0 here. What is λ_*, the smallest eigenvalue other than 0 of any Σ_AA whose set A "
        "holds the signal?"
    )
    return Problem(text, least)


@number("14.2")
def kept_and_yet_zero(rng: np.random.Generator) -> Problem:
    """The sum of the coins must cancel the signal exactly: count the outcomes in which it does."""
    half, few = int(rng.integers(3, 8)), int(rng.integers(1, 4))
    odd = int(rng.integers(0, 2))
    n, surplus = 2 * half + odd, 2 * few - odd
    text = (
        f"In the last round one feature is left; it is 1 in each of n = {n} samples, and its "
        f"signal is γ = {surplus}σ/{n}. The noise is fair coins ±σ. The feature has not been "
        "pruned. With what probability is its weight exactly 0 all the same?"
    )
    return Problem(text, comb(n, (n + surplus) // 2) / 2**n)


@number("15.1")
def price_of_smallness(rng: np.random.Generator) -> Problem:
    """The removal cost is w_j²/(2(Σ⁻¹)_jj), and IMP compares only the numerators."""
    while True:
        problem = least_squares(rng, 3)
        w, prices = gradient_flow(problem, np.inf), removal_costs(problem)
        j = int(np.abs(w).argmin())
        if clear(w) and j != prices.argmin() and prices[j] > 1.1 * prices.min() > 0.001:
            break
    text = (
        f"{given(problem)} How many times as much does the loss rise when the first feature that "
        "IMP prunes goes as when the cheapest one goes, with the others trained again?"
    )
    return Problem(text, float(prices[j] / prices.min()))


@number("15.2")
def with_an_intercept(rng: np.random.Generator) -> Problem:
    """Keeping an intercept amounts to centring: run IMP on centred columns and centred y."""
    while True:
        Phi, y = draw(rng, -2, 6, (9, 4)), draw(rng, -3, 15, (9,))
        centred = LeastSquares(Phi - Phi.mean(axis=0), y - y.mean())
        if np.linalg.matrix_rank(centred.Phi) == 4:
            order = imp(centred, q=3)
            raw = imp(LeastSquares(Phi, y), q=3)
            if unambiguous(order) and not np.array_equal(order.pruned, raw.pruned):
                break
    text = (
        f"Φ = {rows(Phi)} and y = {rows(y)}. Recursive feature elimination fits a linear "
        "regression with an intercept, which is never eliminated. In which order do the first "
        "three features go? Which problem would you hand to IMP to find out? Give a list of three "
        "indices, counted from 0."
    )
    return Problem(text, order.pruned.tolist())


@number("16.1")
def two_at_a_time(rng: np.random.Generator) -> Problem:
    """If two features are pruned at once, the weights are not trained again before the second is
    chosen.
    """
    while True:
        problem = least_squares(rng, 5)
        paths = [imp(problem, q=4, per_round=few) for few in (1, 2)]
        last = [int(path.active[-1].argmax()) for path in paths]
        if last[0] != last[1] and all(map(unambiguous, paths)):
            break
    text = (
        f"{given(problem)} Which one of the five features is left if each round of IMP at T = ∞ "
        "prunes one, and which if each round prunes two? Give a list of two indices, counted from "
        "0."
    )
    return Problem(text, last)


@number("16.2")
def logistic_for_a_moment(rng: np.random.Generator) -> Problem:
    """At w = 0, the negative gradient of the logistic loss is Φᵀ(y - ½), up to a positive factor:
    prune by the alignments with y - ½.
    """
    while True:
        Phi, y = draw(rng, -3, 5, (8, 5)), draw(rng, 0, 1, (8,))
        pull = Phi.T @ (y - 0.5)
        order = lowest(pull, 4)
        if clear(pull, 0.4) and order != lowest(Phi.T @ y, 4):
            break
    text = (
        f"Φ = {rows(Phi)}, and the labels are y = {rows(y)}. IMP trains with the logistic loss "
        "from 0, for a very short time T in each round. Which four features go, in order? Give a "
        "list of four indices, counted from 0."
    )
    return Problem(text, order)


@number("17.1")
def units_one_can_tell_apart(rng: np.random.Generator) -> Problem:
    """A unit that is always 0 gives a null vector by itself, and two proportional units give
    another; a feature is identifiable if its entry is 0 in all null vectors.
    """
    while True:
        X, W, b = draw(rng, -3, 3, (8, 3)), draw(rng, -3, 3, (3, 6)), draw(rng, -4, 2, (6,))
        one, other = rng.choice(6, 2, replace=False)
        W[:, other], b[other] = 2 * W[:, one], 2 * b[one]
        units = np.maximum(X @ W + b, 0)
        known = [j for j in range(6) if identifiable(units, [j])]
        if units.any(axis=0).sum() == 5 and len(known) == 3:
            break
    text = (
        f"A layer has six rectified units, max(0, x·W_j + b_j), with the columns of W = {rows(W)} "
        f"and b = {rows(b)}. The inputs are the rows of X = {rows(X)}. Which of the six features "
        "are identifiable? Give the list of their indices, counted from 0, in rising order."
    )
    return Problem(text, known)


@number("17.2")
def until_a_copy_wins(rng: np.random.Generator) -> Problem:
    """The difference between the near-copies is learned slowly, at rate 1 - r, but in the end it
    makes the weight of feature 0 large.
    """
    while True:
        r, c = size(rng, 90, 99, 100), draw(rng, 1, 9, (3,)) / 10
        signs = np.sign(lead(np.geomspace(0.01, 1e4, 400), r, c))
        if c[0] > c[1] and c[0] < c[2] - 0.1 and np.abs(np.diff(signs)).sum() == 2:
            break
    text = (
        f"Three features with Σ_jj = 1 have Σ_01 = {r}, Σ_02 = Σ_12 = 0 and Φᵀy/n = {rows(c)}. "
        "Gradient flow starts from 0. Features 0 and 1 are near-copies, and after a short training "
        "feature 2 has the largest weight. From which time T on is the weight of feature 0 larger?"
    )
    return Problem(text, float(brentq(lead, 0.01, 1e4, args=(r, c))))


def lead(T: Any, r: float, c: Vector) -> Any:
    """By how much the weight of feature 0 exceeds that of feature 2 at time T."""
    together, apart = -np.expm1(-T * (1 + r)), -np.expm1(-T * (1 - r))
    first = (c[0] + c[1]) * together / (1 + r) + (c[0] - c[1]) * apart / (1 - r)
    return first / 2 + c[2] * np.expm1(-T)


@number("18.1")
def two_prunings_by_updates(rng: np.random.Generator) -> Problem:
    """Start with K = (ΦᵀΦ)⁻¹. Pruning feature j subtracts multiples of column j of K from w and
    from the columns of K. This does not use Φ or y.
    """
    while True:
        A = draw(rng, -3, 3, (3, 3))
        K, w = A.T @ A + np.eye(3), separated(rng, 3)
        start, left, fits = w, [0, 1, 2], [w]
        for _ in range(2):
            j = min(left, key=lambda i: abs(w[i]))
            w, K = w - K[:, j] * w[j] / K[j, j], K - np.outer(K[:, j], K[j]) / K[j, j]
            left.remove(j)
            fits.append(w[left])
        if all(map(clear, fits)) and min(abs(w[left[0]]), abs((w - start)[left[0]])) > 0.1:
            break
    text = (
        f"Training has ended at w = {rows(start)} with (ΦᵀΦ)⁻¹ = {rows(A.T @ A + np.eye(3))}. "
        "Φ and y are no longer at hand. IMP prunes two of the three features. What is the weight "
        "of the one that is left?"
    )
    return Problem(text, float(w[left[0]]))


@number("18.2")
def along_the_null_line(rng: np.random.Generator) -> Problem:
    """IMP prunes the weight nearest to 0. Moving w along the null vector x does not change the fit,
    so move w along x until that weight is 0.
    """
    while True:
        x, s = separated(rng, 4), np.array([*draw(rng, 1, 9, (2,)), 0.0, 0.0])
        w = s - x * (x @ s) / (x @ x)
        j, i = np.abs(w).argmin(), np.abs(w).argmax()
        after = w - x * w[j] / x[j]
        if clear(w) and j < 2 and abs(after[i]) > 0.1:
            break
    text = (
        f"The null space of Φ is spanned by x = {rows(x)}, and y = Φs with s = {rows(s)}. IMP at "
        f"T = ∞ starts from 0 and prunes one feature. What is then the weight of feature {i}? "
        "(The fit is as good as before.)"
    )
    return Problem(text, float(after[i]))
