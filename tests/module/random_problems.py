"""Draw pruning problems of many kinds, and compare `imp` with refitting.

    python tests/module/random_problems.py --count 100000 --jobs 2     as in `make test-long`
    python tests/module/random_problems.py --first 12345 --count 1     repeat one problem

Problem number i is the same on every machine. The oracle refits by a singular value decomposition
in every round, and shares no code with impbook. If rounding errors could change which weight is
smallest, the choice is counted as undecided; `uncertainty` and `compare` define such choices.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import warnings
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import numpy as np

from impbook import LeastSquares, imp

EPS = np.finfo(float).eps
TINY = 1e-300
ALLOWED = 500  # errors up to this multiple of `uncertainty` count as rounding errors
CHUNK = 500  # number of problems that a process takes at a time
COUNTED = [
    "problems",
    "weights",
    "open_rank",
    "wrong_weights",
    "choices",
    "open_choices",
    "wrong_choices",
]


@dataclass(frozen=True, eq=False)
class Task:
    """The input of `imp`: a problem and the options of one run."""

    Phi: np.ndarray
    y: np.ndarray
    start: np.ndarray
    T: float
    per_round: int | float
    q: int


# Functions that draw a matrix Φ of shape (n, p), given a random generator, n and p.


def with_singular_values(rng, n, p, s):
    U = np.linalg.qr(rng.standard_normal((n, len(s))))[0]
    V = np.linalg.qr(rng.standard_normal((p, len(s))))[0]
    return U * s @ V.T


def gaussian(rng, n, p):
    return rng.standard_normal((n, p))


def correlated(rng, n, p):
    return gaussian(rng, n, p) + 10 ** rng.uniform(-1, 2) * rng.standard_normal((n, 1))


def integer(rng, n, p):
    return rng.integers(-3, 4, (n, p)).astype(float)


def zeros_and_ones(rng, n, p):
    return rng.integers(0, 2, (n, p)).astype(float)


def low_rank(rng, n, p):
    return gaussian(rng, n, r := rng.integers(1, min(n, p) + 1)) @ gaussian(rng, r, p)


def low_rank_of_integers(rng, n, p):
    return integer(rng, n, r := rng.integers(1, min(n, p) + 1)) @ integer(rng, r, p)


def geometric_decay(rng, n, p):
    """Geometrically decaying singular values from 1 to as little as 1e-12; any rank."""
    r = rng.integers(1, min(n, p) + 1) if rng.random() < 0.5 else min(n, p)
    return with_singular_values(rng, n, p, np.geomspace(1, 10 ** rng.uniform(-12, 0), r))


def few_small_singular_values(rng, n, p):
    """One or two singular values between 1e-12 and 1e-6, all others 1; any rank."""
    r = rng.integers(1, min(n, p) + 1) if rng.random() < 0.5 else min(n, p)
    s = np.ones(r)
    s[: rng.integers(1, 3)] = 10 ** rng.uniform(-12, -6)
    return with_singular_values(rng, n, p, s)


def near_duplicates(rng, n, p):
    Phi, half = gaussian(rng, n, p), p // 2
    Phi[:, :half] = Phi[:, p - half :] + 10 ** rng.uniform(-12, 0) * Phi[:, :half]
    return Phi


def near_integers(rng, n, p):
    """An integer matrix of low rank, with a little noise added to one feature."""
    Phi = low_rank_of_integers(rng, n, p)
    Phi[:, rng.integers(p)] += 10 ** rng.uniform(-12, -6) * rng.standard_normal(n)
    return Phi


def dependent_block(rng, n, p):
    """Only one block of features is linearly dependent; pruning the others can lower the rank."""
    Phi, m = gaussian(rng, n, p), p // 2
    r = int(rng.integers(1, m + 1)) if m else 0
    Phi[:, :m] = Phi[:, :r] @ gaussian(rng, r, m)
    return Phi


def graded(rng, n, p):
    """Rows and columns whose scales range over ten decades."""
    return 10 ** rng.uniform(-10, 0, (n, 1)) * gaussian(rng, n, p) * 10 ** rng.uniform(-10, 0, p)


def kahan(rng, n, p):
    """Kahan's triangular matrix, which is nearly singular; pivoted QR does not reveal this."""
    sine, cosine = np.sin(angle := rng.uniform(0.2, 1.4)), np.cos(angle)
    K = sine ** np.arange(n)[:, None] * (np.eye(n, p) - cosine * np.triu(np.ones((n, p)), 1))
    return K * 10 ** rng.uniform(-1, 1)


def ones_below_the_diagonal(rng, n, p):
    """The first p columns of [R R …], where R = I minus the matrix with ones below the diagonal."""
    R = np.eye(n) - np.tri(n, n, -1)
    return np.tile(R, -(-p // n))[:, :p]


def vandermonde(rng, n, p):
    return np.vander(rng.uniform(0, 3) + np.linspace(-1, 1, n), p, increasing=True)


def offsets(rng, n, p):
    """A constant column, and columns whose means are large compared with their variation."""
    Phi = gaussian(rng, n, p) + 10 ** rng.uniform(0, 9, p)
    Phi[:, rng.integers(p)] = 10 ** rng.uniform(-3, 3)
    return Phi


def ones_and_large_integers(rng, n, p):
    Phi = rng.integers(0, 10**6, (n, p)) * 10.0 ** rng.integers(0, 10)
    Phi[:, 0] = 1.0
    return Phi


KINDS = [
    gaussian,
    correlated,
    integer,
    zeros_and_ones,
    low_rank,
    low_rank_of_integers,
    geometric_decay,
    few_small_singular_values,
    near_duplicates,
    near_integers,
    dependent_block,
]


HARD = [
    gaussian,
    near_duplicates,
    dependent_block,
    graded,
    kahan,
    ones_below_the_diagonal,
    vandermonde,
    offsets,
    ones_and_large_integers,
]


def draw(number):
    """The problem with this number. One in five is hard; about half of these have extreme units."""
    rng = np.random.default_rng(number)
    p = int(rng.integers(1, 10) if rng.random() < 0.9 else rng.integers(10, 25))
    n = 1 if rng.random() < 0.08 else int(rng.integers(1, p + 6))
    hard = number % 5 == 4
    kinds = HARD if hard else KINDS
    Phi = _disturbed(rng, kinds[rng.integers(len(kinds))](rng, n, p))
    if hard and rng.random() < 0.5:
        Phi = Phi * 10 ** rng.uniform(-15, 15, p)
    size = np.linalg.norm(Phi, 2) or 1.0
    start = rng.choice([0, 0, 1, 100]) * rng.standard_normal(p)
    T = np.inf if rng.random() < 0.65 else n / size**2 * 10 ** rng.uniform(-3, 12)
    per_round = [1, 1, int(rng.integers(2, 5)), float(rng.uniform(0.05, 0.7))][rng.integers(4)]
    q = p - 1 if rng.random() < 0.8 else int(rng.integers(p))
    return Task(Phi, _targets(rng, Phi), start, T, per_round, q)


def _disturbed(rng, Phi):
    """Φ, perhaps with some columns copied, set to 0 or rescaled, and in a random order."""
    p = Phi.shape[1]
    if rng.random() < 0.25:
        Phi = Phi[:, rng.integers(0, p, p)] * rng.choice([1, 1, 1, -2], p)
    if rng.random() < 0.1:
        Phi = Phi * rng.integers(0, 2, p)
    if rng.random() < 0.2:
        Phi = Phi * 10 ** rng.uniform(-3, 3, p)
    if rng.random() < 0.1:
        Phi = Phi * 10 ** rng.uniform(-8, 8)
    return np.ascontiguousarray(Phi[:, rng.permutation(p)])


def _targets(rng, Phi):
    """A vector y of targets: in the range of Φ, near the range, or arbitrary."""
    n, p = Phi.shape
    if rng.random() < 0.3:
        return rng.standard_normal(n)
    if rng.random() < 0.3:
        return rng.integers(-3, 4, n).astype(float)
    fit = Phi @ (rng.standard_normal(p) * rng.integers(0, 2, p))
    return fit + rng.choice([0, 1e-3, 1]) * np.abs(fit).max() * rng.standard_normal(n)


# The oracle.


def refits(task, active):
    """Weights refitted in every round, bounds on their errors, and whether each rank is certain.

    Features pruned earlier are columns of zeros, which get weight 0. A rank is uncertain if a
    singular value is close to the tolerance. It also counts as uncertain if rounding may decide
    which solution is nearest to the initial weights.
    """
    n = len(task.y)
    A, w0 = task.Phi * active[:, None, :], task.start * active
    norm = np.linalg.norm(A / np.maximum(np.abs(A).max(axis=1, keepdims=True), TINY), axis=1)
    norm = np.where(norm > 0, norm * np.abs(A).max(axis=1), 1.0)
    rank, open_rank = decided_rank(np.linalg.svd(A / norm[:, None], compute_uv=False))
    independent = (rank == active.sum(axis=1)) & np.isinf(task.T)
    unit = np.where(independent[:, None], norm, 1.0)
    U, s, Vt = np.linalg.svd(A / unit[:, None], full_matrices=False)
    seen, doubtful = decided_rank(s)
    used = active & task.Phi.any(axis=0)
    largest, smallest = (np.where(used, norm, no) for no in (0.0, np.inf))
    spread = largest.max(axis=1) > 1e7 * smallest.min(axis=1)
    if np.isinf(task.T):  # rounding may decide which solution is nearest to the initial weights
        open_rank |= doubtful | ~independent & (spread | (seen != rank))
    kept = (np.arange(s.shape[1]) < rank[:, None]) & (s > TINY)
    w0 = w0 * unit
    A = A / unit[:, None]
    t = task.T / n
    gain = np.where(kept, -np.expm1(-t * np.where(kept, s, 1.0) ** 2) / np.where(kept, s, 1.0), 0)
    missing = task.y - np.einsum("knp,kp->kn", A, w0)
    w = w0 + np.einsum("krp,kr->kp", Vt, gain * np.einsum("knr,kn->kr", U, missing)) * active
    residual = np.linalg.norm(task.y - np.einsum("knp,kp->kn", A, w), axis=1)
    size = np.linalg.norm(w, axis=1) + np.linalg.norm(w0, axis=1)
    null = active.sum(axis=1) > kept.sum(axis=1)
    error = uncertainty(s, kept, size, np.linalg.norm(task.y), residual, null, t)
    return w / unit, error[:, None] / unit, ~open_rank


def decided_rank(s):
    """For each row of singular values, the rank and whether a value is near the tolerance."""
    share = s / np.maximum(s[:, :1], TINY)
    return (share > 1e-13).sum(axis=1), ((share > 1e-14) & (share < 1e-12)).any(axis=1)


def uncertainty(s, kept, size, y_size, residual, null, t):
    """A bound on the rounding errors of weights from a stable algorithm, one bound per row of s.

    This is Wedin's bound with each nonzero singular value below 1/√t replaced by 1/√t, where
    t = T/n. At finite t, rounding can also give a null direction a singular value of about ε‖Φ‖.
    The weights then drift along that direction by up to ε·t·‖Φ‖·‖residual‖.
    """
    largest = s[:, 0]
    smallest = np.where(kept, s, np.inf).min(axis=1)
    gain = np.minimum(1 / smallest, np.sqrt(t))
    if np.isfinite(t):
        gain = np.minimum(gain, t * largest)
    gain = np.where(largest > 0, gain, 0.0)
    change = largest * size + y_size + gain * largest * residual
    drift = np.where(null, t, 0.0) * largest * residual if np.isfinite(t) else 0.0
    return EPS * (size + gain * change + drift)


# The comparison with the oracle.


def judge(number):
    """Run `imp` on the problem with this number; return the result of `compare`."""
    task = draw(number)
    problem = LeastSquares(task.Phi, task.y)
    path = imp(problem, task.q, T=task.T, w_init=task.start, per_round=task.per_round)
    return compare(task, path)


def compare(task, path):
    """The counts named in `COUNTED`, the faults, and the largest ratio of an error to its bound.

    The errors are those of the path's weights; their bounds come from `uncertainty`.

    A choice is wrong if the rank is certain and some remaining weight is smaller than the pruned
    one by more than the allowed error. A choice is undecided unless the rank is certain and every
    remaining weight is larger than the pruned one by more than this error.
    """
    active = path.active
    w, error, sure = refits(task, active)
    rounds = np.arange(task.q + 1) if path.rounds is None else path.rounds
    difference = np.abs(path.weights - w)
    distance = np.linalg.norm(difference / np.maximum(error, TINY), axis=1)
    wrong = sure & ~(distance <= ALLOWED)
    counts = Counter(problems=1, weights=int(sure.sum()), open_rank=int((~sure).sum()))
    faults = []
    if wrong.any():
        k = int(np.argmax(np.where(wrong, distance, 0)))
        counts["wrong_weights"] = int(wrong.sum())
        faults.append(
            f"weights of round {k} are off by {difference[k].max():.1e}, with norm "
            f"{np.linalg.norm(w[k]):.1e}, {distance[k] / ALLOWED:.1e} times what is allowed"
        )
    if path.weights[~active].any():
        faults.append("a pruned weight is not 0")
    for k, (i, j) in enumerate(itertools.pairwise(rounds)):
        counts["choices"] += j - i
        left = np.abs(np.where(active[k], w[k], np.inf))
        for feature in path.pruned[i:j]:
            unsure = ALLOWED * (error[k] + error[k, feature])
            smaller = left < left[feature] - unsure
            left[feature] = np.inf
            if not sure[k] or (left - np.abs(w[k, feature]) <= unsure).any():
                counts["open_choices"] += 1
            if sure[k] and smaller.any():
                counts["wrong_choices"] += 1
                faults.append(f"round {k} prunes {feature}, {int(smaller.argmax())} is smaller")
    return counts, faults, float(np.max(np.where(sure, distance, 0)))


def run(numbers):
    """The results of `compare` for these problems: summed counts, all faults, the largest ratio."""
    total, faults, worst = Counter(), [], 0.0
    for number in numbers:
        try:
            counts, found, ratio = judge(number)
        except (Warning, ArithmeticError, ValueError) as error:
            counts, found, ratio = Counter(problems=1), [repr(error)], 0.0
        total += counts
        worst = max(worst, ratio)
        faults += [f"{fault}: make test-long FIRST={number} N=1" for fault in found]
    return total, faults, worst


def main(arguments=None):
    """Run a range of problems in parallel, print the counts, and return the number of faults."""
    parser = argparse.ArgumentParser(description="Random pruning problems against refitting.")
    parser.add_argument("--first", type=int, default=0, help="number of the first problem")
    parser.add_argument("--count", type=int, default=100_000, help="how many problems")
    parser.add_argument("--jobs", type=int, default=1, help="how many processes")
    options = parser.parse_args(arguments)
    end = options.first + options.count
    chunks = [range(i, min(i + CHUNK, end)) for i in range(options.first, end, CHUNK)]
    total, n_faults, worst = Counter(), 0, 0.0
    with ProcessPoolExecutor(
        options.jobs, initializer=warnings.simplefilter, initargs=("error",)
    ) as pool:
        for counts, faults, ratio in pool.map(run, chunks):
            total, n_faults, worst = total + counts, n_faults + len(faults), max(worst, ratio)
            for fault in faults:
                print(fault, flush=True)
    for what in COUNTED:
        print(f"{total[what]:>12,} {what.replace('_', ' ')}")
    print(f"largest error: {worst / ALLOWED:.2g} of what is allowed")
    return n_faults


if __name__ == "__main__":
    sys.exit(main() > 0)
