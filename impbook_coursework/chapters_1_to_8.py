"""Two problems for each of chapters 1 to 8."""

from __future__ import annotations

import numpy as np
from scipy.spatial.distance import squareform
from scipy.stats import binom, norm

from impbook import (
    LeastSquares,
    alignment_order,
    gradient_flow,
    imp,
    lemma_6_samples,
    theorem_5_samples,
)
from impbook.designs import normalise
from impbook.example_2 import critical_alpha, uniform_correlation_path
from impbook.example_3 import pairwise_incoherence
from impbook_coursework.drawing import draw, least_squares, separated, size
from impbook_coursework.making import Problem, given, lowest, number, rows


def small_problem(rng: np.random.Generator) -> LeastSquares:
    """A random problem with four features. IMP has no near-ties; alignment's order is different."""
    while True:
        problem = least_squares(rng, 4)
        path, by_alignment = imp(problem, q=3), alignment_order(problem, q=3)
        sizes = np.sort(np.abs(np.where(path.active, path.weights, np.inf)), axis=1)
        clear = np.all(sizes[:3, 1] - sizes[:3, 0] > 0.02)
        if clear and not np.array_equal(path.pruned, by_alignment.pruned):
            return problem


@number("1.1")
def order_of_pruning(rng: np.random.Generator) -> Problem:
    """Train again after every pruning step: neither the alignments nor the weights of the first fit
    decide the order.
    """
    problem = small_problem(rng)
    text = (
        f"{given(problem)} In which order does IMP at T = ∞ prune the first three features? Give a "
        "list of three indices, counted from 0."
    )
    return Problem(text, imp(problem, q=3).pruned[:3].tolist())


@number("1.2")
def weight_in_time(rng: np.random.Generator) -> Problem:
    """Along an eigenvector of Σ with eigenvalue λ, the component of w is that of Φᵀy/n, multiplied
    by (1 - exp(-λT))/λ.
    """
    problem, T = small_problem(rng), size(rng, 2, 39, 10)
    w = gradient_flow(problem, T)
    j = int(np.argmax(np.abs(w)))
    text = (
        f"{given(problem)} Gradient flow starts from 0. What is the weight of feature {j} at time "
        f"T = {T}?"
    )
    return Problem(text, float(w[j]))


@number("2.1")
def loss_when_orthonormal(rng: np.random.Generator) -> Problem:
    """Without overlap, pruning a feature changes no other weight, so the removal of feature j costs
    a_j²/(2n²), and the costs add up.
    """
    a, n = separated(rng, 8), int(rng.integers(20, 60))
    q = int(rng.integers(2, 6))
    text = (
        f"Σ = I, n = {n}, and the alignments are {rows(a)}. By how much has the loss L risen, from "
        f"the full fit, after IMP has pruned q = {q} features?"
    )
    return Problem(text, float(np.sort(a**2)[:q].sum() / (2 * n**2)))


@number("2.2")
def three_rules(rng: np.random.Generator) -> Problem:
    """The three rules compare |a_j|/ℓ_j², |a_j| and |a_j|/ℓ_j, which rank features of
    unequal lengths ℓ_j differently.
    """
    while True:
        a, lengths = separated(rng, 5), draw(rng, 5, 40, (5,)) / 10
        choices = [int(np.argmin(np.abs(a) / lengths**power)) for power in (2, 0, 1)]
        if len(set(choices)) > 1:
            break
    text = (
        f"Five orthogonal features have Σ_jj = ℓ_j² with ℓ = {rows(lengths)} and alignments "
        f"{rows(a)}. Which feature does IMP prune first, which does alignment, and whose removal "
        "costs least? Give a list of three indices."
    )
    return Problem(text, choices)


@number("3.1")
def critical_correlation(rng: np.random.Generator) -> Problem:
    """As α grows, the centre slides from 0 to the mean of the alignments. The feature that IMP
    prunes first changes when the centre is halfway between two alignments.
    """
    while not 0.001 < (alpha := critical_alpha(a := separated(rng, 10))) < 0.95:
        continue
    text = (
        f"Ten features are uniformly correlated and have alignments {rows(a)}. Up to which "
        "correlation α in (0, 1) does IMP's first pruning agree with alignment's?"
    )
    return Problem(text, alpha)


@number("3.2")
def order_under_correlation(rng: np.random.Generator) -> Problem:
    """Each pruning step changes the number and the mean of the remaining alignments, so the centre
    moves before the next choice.
    """
    while True:
        a, alpha = separated(rng, 6), size(rng, 10, 79, 100)
        order = uniform_correlation_path(a, alpha, q=3).pruned.tolist()
        if order != lowest(a, 3):
            break
    text = (
        f"Six features with common correlation α = {alpha} have alignments {rows(a)}. Which three "
        "does IMP prune first, in order? Mind that the centre moves. Give a list of three indices."
    )
    return Problem(text, order)


@number("4.1")
def largest_overlap(rng: np.random.Generator) -> Problem:
    """δ_PW is defined for normalised columns, and is the largest |cosine| between two of them."""
    Phi = draw(rng, 1, 9, (6, 4)) * rng.choice([-1.0, 1.0], (6, 4))
    text = (
        f"Bring the columns of Φ = {rows(Phi)} to length √n, so that Σ_jj = 1. What is δ_PW, the "
        "largest |Σ_ij - I_ij|?"
    )
    return Problem(text, pairwise_incoherence(normalise(Phi)).delta_PW)


@number("4.2")
def neumann_weight(rng: np.random.Generator) -> Problem:
    """The first correction subtracts, for each other feature, its alignment times its overlap with
    feature 0. The second corrects the first in the same way.
    """
    off = draw(rng, -25, 25, (3,)) / 100
    A, c = -squareform(off), separated(rng, 3)
    text = (
        f"Three features with Σ_jj = 1, Σ_01 = {off[0]}, Σ_02 = {off[1]}, Σ_12 = {off[2]} have "
        f"Φᵀy/n = {rows(c)}. What do the first three terms of Neumann's series, I + A + A² with "
        "A = I - Σ, give as the weight of feature 0?"
    )
    return Problem(text, float((c + A @ c + A @ A @ c)[0]))


@number("5.1")
def null_constant(rng: np.random.Generator) -> Problem:
    """There is only one null vector up to scale, so compare its 1-norms on S and off S."""
    x, S = separated(rng, 6), sorted(rng.choice(6, 2, replace=False).tolist())
    text = (
        f"The null space of Φ is spanned by x = {rows(x)}. What is the nullspace constant θ for "
        f"the features S = {S}?"
    )
    return Problem(text, float(np.abs(x[S]).sum() / np.abs(np.delete(x, S)).sum()))


@number("5.2")
def weight_on_a_null_line(rng: np.random.Generator) -> Problem:
    """Training from 0 finds the signal minus its part along the null vector x, so a weight can
    change sign.
    """
    x, s = separated(rng, 5), np.array([*draw(rng, 1, 9, (2,)), 0.0, 0.0, 0.0])
    text = (
        f"The null space of Φ is spanned by x = {rows(x)}, and y = Φs with s = {rows(s)}. Training "
        "runs to T = ∞ from 0. What is the weight of feature 0?"
    )
    return Problem(text, float(s[0] - x[0] * (x @ s) / (x @ x)))


def noise_setting(rng: np.random.Generator) -> tuple[float, float, int, float]:
    """Random values of ε (or γ), δ, p and σ."""
    eps, sigma = size(rng, 2, 8, 10), size(rng, 5, 29, 10)
    return eps, size(rng, 1, 19, 100), int(rng.integers(10, 900)), sigma


@number("6.1")
def lemma_6(rng: np.random.Generator) -> Problem:
    """n is proportional to σ²/(ε²λ_min), and depends on p and δ only through a logarithm."""
    eps, delta, p, sigma = noise_setting(rng)
    lambda_min = size(rng, 1, 9, 10)
    text = (
        f"p = {p}, σ = {sigma}, λ_min = {lambda_min}. How large must n be, by Lemma 6, for all "
        f"noise weights to stay below ε = {eps} with probability {1 - delta:.2f}? (Do not round.)"
    )
    return Problem(text, lemma_6_samples(eps, delta, p, sigma=sigma, lambda_min=lambda_min))


@number("6.2")
def exact_radius(rng: np.random.Generator) -> Problem:
    """With Σ = I and Gaussian noise, the noise weights are independent, so the probability that all
    of them stay below ε is a product, and no union bound is needed.
    """
    _, delta, p, sigma = noise_setting(rng)
    n = int(rng.integers(50, 900))
    text = (
        f"Σ = I, Gaussian noise, p = {p}, n = {n}, σ = {sigma}. Below which ε do all noise weights "
        f"stay with probability exactly {1 - delta:.2f}?"
    )
    each = -np.expm1(np.log1p(-delta) / p)
    return Problem(text, float(sigma * norm.isf(each / 2) / np.sqrt(n)))


@number("7.1")
def printed_samples(rng: np.random.Generator) -> Problem:
    """Theorem 5 is Lemma 6 with ε = γ/2: in absolute value, the weights of signals stay above γ/2
    and those of nulls below it.
    """
    gamma, delta, p, sigma = noise_setting(rng)
    lambda_min = size(rng, 1, 9, 10)
    text = (
        f"p = {p}, σ = {sigma}, λ_min = {lambda_min}, signals of size γ = {gamma} or more. Which n "
        f"does Theorem 5 print for δ = {delta}? (Do not round.)"
    )
    return Problem(text, theorem_5_samples(gamma, delta, p, sigma=sigma, lambda_min=lambda_min))


@number("7.2")
def leak(rng: np.random.Generator) -> Problem:
    """Feature 0 takes over Σ_01·s_1 from feature 1, which is pruned; feature 2 is uncorrelated with
    feature 0 and changes nothing.
    """
    r, t = draw(rng, 15, 60, (2,)) / 100
    s = separated(rng, 3)
    text = (
        f"Three features with Σ_jj = 1, Σ_01 = {r}, Σ_02 = 0, Σ_12 = {t}. There is no noise, "
        f"y = Φs with s = {rows(s)}, and feature 1 has been pruned. What is now the weight of "
        "feature 0?"
    )
    return Problem(text, float(s[0] + r * s[1]))


@number("8.1")
def shared_row_eigenvalue(rng: np.random.Generator) -> Problem:
    """On vectors with equal entries for all nulls, ΦᵀΦ acts as a 2 × 2 matrix with determinant 1;
    the other eigenvalues of ΦᵀΦ are 1.
    """
    m, B = int(rng.integers(20, 400)), size(rng, 2, 39, 2)
    text = (
        f"In the shared row design let m = {m} and b = √({B}/m). What is the smallest eigenvalue "
        "of ΦᵀΦ?"
    )
    return Problem(text, float(2 / (2 + B + np.sqrt((2 + B) ** 2 - 4))))


@number("8.2")
def sinking_probability(rng: np.random.Generator) -> Problem:
    """Once the low nulls are pruned, the weight of the signal depends only on the number of high
    nulls.
    """
    chance = 0.0
    while not 0.02 < chance < 0.98:
        m, gamma = int(rng.integers(8, 14)), size(rng, 2, 8, 1) + 0.1  # 0.1 avoids ties
        chance = _sinking(m, gamma)
    text = (
        f"In the shared row design let m = {m}, b = 1 and γ = {gamma}, and let the noise be −0.75 "
        "with probability 5/8 and otherwise 1.25, independently in the rows of the nulls, and 0 in "
        f"the shared row. With what probability does IMP with q = {m} prune the signal?"
    )
    return Problem(text, chance)


def _sinking(m: int, gamma: float) -> float:
    """Probability that the signal is lost, summed over the possible numbers of high nulls."""
    chance = 0.0
    for high in range(m + 1):
        noise = np.repeat([-0.75, 1.25], [m - high, high])
        left = np.cumsum(noise[::-1])[::-1]  # sum of the active nulls' noise in each round
        if (np.abs(gamma - left) < np.abs(noise)).any():
            chance += float(binom.pmf(high, m, 3 / 8))
    return chance
