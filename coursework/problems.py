"""Two problems a chapter, each with numbers drawn from a seed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from impbook import (
    LeastSquares,
    alignment_path,
    gradient_flow,
    imp,
    lemma_6_samples,
    theorem_5_samples,
)
from impbook.counterexamples import adaptivity_failure
from impbook.designs import normalise
from impbook.examples import critical_alpha, mean_pull, pairwise_incoherence

Vector = NDArray[np.float64]
TOLERANCE = 2e-3  # of an answer's size: three significant digits are enough


@dataclass(frozen=True)
class Problem:
    """What is asked, with the numbers of one seed, and the answer."""

    text: str
    answer: float | list[int]


Maker = Callable[[np.random.Generator], Problem]
MAKERS: dict[str, Maker] = {}


def number(name: str) -> Callable[[Maker], Maker]:
    """Enter a problem under its number, "chapter.place"."""

    def enter(make: Maker) -> Maker:
        MAKERS[name] = make
        return make

    return enter


def rows(a: Vector) -> str:
    """An array as one would type it."""
    return str(a.tolist())


def draw(rng: np.random.Generator, low: int, high: int, size: tuple[int, ...]) -> Vector:
    return rng.integers(low, high, size, endpoint=True).astype(float)


def separated(rng: np.random.Generator, p: int) -> Vector:
    """Numbers with one decimal and different sizes, of either sign."""
    sizes = rng.permutation(np.arange(3, 60))[:p] / 10
    return sizes * rng.choice([-1.0, 1.0], p)


def small_problem(rng: np.random.Generator) -> LeastSquares:
    """Eight samples of four features with small whole numbers, an order without ties."""
    while True:
        problem = LeastSquares(draw(rng, -3, 3, (8, 4)), draw(rng, -9, 9, (8,)))
        if np.linalg.matrix_rank(problem.Phi) < 4:
            continue
        path, by_alignment = imp(problem, q=3), alignment_path(problem, q=3)
        sizes = np.sort(np.abs(np.where(path.active, path.weights, np.inf)), axis=1)
        clear = np.all(sizes[:3, 1] - sizes[:3, 0] > 0.02)
        if clear and not np.array_equal(path.pruned, by_alignment.pruned):
            return problem


@number("1.1")
def order_of_pruning(rng: np.random.Generator) -> Problem:
    problem = small_problem(rng)
    text = (
        f"Φ = {rows(problem.Phi)} and y = {rows(problem.y)}. In which order does IMP at T = ∞ "
        "prune the first three features? Give a list of three indices, counted from 0."
    )
    return Problem(text, imp(problem, q=3).pruned[:3].tolist())


@number("1.2")
def weight_in_time(rng: np.random.Generator) -> Problem:
    problem, T = small_problem(rng), float(rng.integers(2, 40)) / 10
    j = int(np.argmax(np.abs(gradient_flow(problem, T))))
    text = (
        f"Φ = {rows(problem.Phi)} and y = {rows(problem.y)}. Gradient flow starts from 0. What is "
        f"the weight of feature {j} at time T = {T}?"
    )
    return Problem(text, float(gradient_flow(problem, T)[j]))


@number("2.1")
def loss_when_orthonormal(rng: np.random.Generator) -> Problem:
    a, n = separated(rng, 8), int(rng.integers(20, 60))
    q = int(rng.integers(2, 6))
    text = (
        f"Σ = I, n = {n}, and the alignments are {rows(a)}. By how much has the loss L risen, from "
        f"the full fit, after IMP has pruned q = {q} features?"
    )
    return Problem(text, float(np.sort(a**2)[:q].sum() / (2 * n**2)))


@number("2.2")
def three_rules(rng: np.random.Generator) -> Problem:
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
    while not 0.001 < (alpha := critical_alpha(a := separated(rng, 10))) < 0.95:
        continue
    text = (
        f"Ten features are uniformly correlated and have alignments {rows(a)}. Up to which "
        "correlation α in (0, 1) does IMP's first pruning agree with alignment's?"
    )
    return Problem(text, alpha)


@number("3.2")
def order_under_correlation(rng: np.random.Generator) -> Problem:
    while True:
        a, alpha = separated(rng, 6), float(rng.integers(10, 80)) / 100
        order = uniform_order(a, alpha, 3)
        if order != np.argsort(np.abs(a)).tolist()[:3]:
            break
    text = (
        f"Six features with common correlation α = {alpha} have alignments {rows(a)}. Which three "
        "does IMP prune first, in order? Mind that the target moves. Give a list of three indices."
    )
    return Problem(text, order)


def uniform_order(a: Vector, alpha: float, q: int) -> list[int]:
    """The first q prunings: each time the alignment nearest the target β_m·ā goes."""
    left, pruned = list(range(len(a))), []
    for _ in range(q):
        target = mean_pull(len(left), alpha) * a[left].mean()
        pruned.append(min(left, key=lambda j: abs(a[j] - target)))
        left.remove(pruned[-1])
    return pruned


@number("4.1")
def largest_overlap(rng: np.random.Generator) -> Problem:
    Phi = draw(rng, 1, 9, (6, 4)) * rng.choice([-1.0, 1.0], (6, 4))
    text = (
        f"Bring the columns of Φ = {rows(Phi)} to length √n, so that Σ_jj = 1. What is δ_PW, the "
        "largest |Σ_ij - I_ij|?"
    )
    return Problem(text, pairwise_incoherence(normalise(Phi)).delta_PW)


@number("4.2")
def neumann_weight(rng: np.random.Generator) -> Problem:
    off = draw(rng, -25, 25, (3,)) / 100
    A = np.zeros((3, 3))
    A[np.triu_indices(3, 1)] = off
    A = -(A + A.T)
    c = separated(rng, 3)
    text = (
        f"Three features with Σ_jj = 1, Σ_01 = {off[0]}, Σ_02 = {off[1]}, Σ_12 = {off[2]} have "
        f"Φᵀy/n = {rows(c)}. What do the first three terms of Neumann's series, I + A + A² with "
        "A = I - Σ, give as the weight of feature 0?"
    )
    return Problem(text, float((c + A @ c + A @ A @ c)[0]))


@number("5.1")
def null_constant(rng: np.random.Generator) -> Problem:
    x, S = separated(rng, 6), sorted(rng.choice(6, 2, replace=False).tolist())
    text = (
        f"The null space of Φ is spanned by x = {rows(x)}. What is the nullspace constant θ for "
        f"the features S = {S}?"
    )
    return Problem(text, float(np.abs(x[S]).sum() / np.abs(np.delete(x, S)).sum()))


@number("5.2")
def weight_on_a_null_line(rng: np.random.Generator) -> Problem:
    x, s = separated(rng, 5), np.array([*draw(rng, 1, 9, (2,)), 0.0, 0.0, 0.0])
    text = (
        f"The null space of Φ is spanned by x = {rows(x)}, and y = Φs with s = {rows(s)}. Training "
        "runs to T = ∞ from 0. What is the weight of feature 0?"
    )
    return Problem(text, float(s[0] - x[0] * (x @ s) / (x @ x)))


def noise_setting(rng: np.random.Generator) -> tuple[float, float, int, float]:
    """A margin or signal, δ, p and σ."""
    size, sigma = (float(rng.integers(low, high)) / 10 for low, high in ((2, 9), (5, 30)))
    return size, float(rng.integers(1, 20)) / 100, int(rng.integers(10, 900)), sigma


@number("6.1")
def lemma_6(rng: np.random.Generator) -> Problem:
    eps, delta, p, sigma = noise_setting(rng)
    lambda_min = float(rng.integers(1, 10)) / 10
    text = (
        f"p = {p}, σ = {sigma}, λ_min = {lambda_min}. How large must n be, by Lemma 6, for all "
        f"noise weights to stay below ε = {eps} with probability {1 - delta:.2f}? (Do not round.)"
    )
    return Problem(text, lemma_6_samples(eps, delta, p, sigma=sigma, lambda_min=lambda_min))


@number("6.2")
def exact_radius(rng: np.random.Generator) -> Problem:
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
    gamma, delta, p, sigma = noise_setting(rng)
    lambda_min = float(rng.integers(1, 10)) / 10
    text = (
        f"p = {p}, σ = {sigma}, λ_min = {lambda_min}, signals of size γ = {gamma} or more. Which n "
        f"does Theorem 5 print for δ = {delta}? (Do not round.)"
    )
    return Problem(text, theorem_5_samples(gamma, delta, p, sigma=sigma, lambda_min=lambda_min))


@number("7.2")
def leak(rng: np.random.Generator) -> Problem:
    r, t = draw(rng, 15, 60, (2,)) / 100
    s = separated(rng, 3)
    text = (
        f"Three features with Σ_jj = 1, Σ_01 = {r}, Σ_02 = 0, Σ_12 = {t}. There is no noise, "
        f"y = Φs with s = {rows(s)}, and feature 1 has been pruned. What is now the weight of "
        "feature 0?"
    )
    return Problem(text, float(s[0] + r * s[1]))


@number("8.1")
def overlap_eigenvalue(rng: np.random.Generator) -> Problem:
    m, b = int(rng.integers(20, 400)), float(rng.integers(20, 80)) / 100
    text = (
        f"In counterexample B let all features have norm 1, m = {m} and β = √({b}/m). What is "
        "λ_min of Σ?"
    )
    return Problem(text, float(1 - np.sqrt(b)))


@number("8.2")
def sinking_probability(rng: np.random.Generator) -> Problem:
    m, b = int(rng.integers(50, 400)), float(rng.integers(40, 80)) / 100
    ratio = float(rng.integers(25, 45)) / 10
    text = (
        f"In counterexample B let all features have norm 1, m = {m} and β = √({b}/m). With what "
        f"probability is the signal lost at γ√n/σ = {ratio}?"
    )
    return Problem(text, adaptivity_failure(m, float(np.sqrt(b / m)), ratio))


NUMBERS = tuple(MAKERS)


def made(name: str, seed: int) -> Problem:
    """The problem `name` for one seed."""
    if name not in MAKERS:
        raise ValueError(f"name must be one of {', '.join(NUMBERS)}, got {name!r}")
    if isinstance(seed, bool) or not isinstance(seed, Integral) or seed < 0:
        raise ValueError(f"seed must be an integer from 0 on, got {seed!r}")
    return MAKERS[name](
        np.random.default_rng([int(part) for part in name.split(".")] + [int(seed)])
    )


def problem(name: str, *, seed: int) -> str:
    """What the student with this number is asked."""
    return f"Problem {name}, for number {seed}. {made(name, seed).text}"


def answer(name: str, *, seed: int) -> float | list[int]:
    """The answer that the check accepts, for the teacher."""
    return made(name, seed).answer


def check(name: str, *, seed: int, value: Any) -> str:
    """'right' or 'not yet'; numbers need three significant digits, lists must agree."""
    right = answer(name, seed=seed)
    if isinstance(right, list):
        agrees = np.array_equal(np.asarray(value), right)
    else:
        agrees = isinstance(value, Real) and abs(value - right) <= TOLERANCE * abs(right)
    return "right" if agrees else "not yet"
