"""The students' problems: a second method confirms the answers, and wrong answers are rejected."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Callable
from itertools import combinations, product
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from scipy.linalg import expm, null_space
from scipy.special import expit
from sklearn.feature_selection import RFE
from sklearn.linear_model import LinearRegression

from impbook.concentration import VERSIONS, Setting, two_norm
from impbook.example_2 import first_pruned
from impbook.nullspace import nullspace_constant
from impbook_coursework import NUMBERS, answer, check, problem, reason

SEEDS = range(20)


def lists(name: str, seed: int) -> list[Any]:
    """The arrays in the text of a problem; the student sees only this text."""
    found = re.findall(r"\[[-\d., \[\]]*\]", problem(name, seed=seed))
    return [np.array(ast.literal_eval(text)) for text in found]


def number(name: str, seed: int, letter: str) -> float:
    """The number that a problem's text gives for a letter."""
    return float(re.search(rf"{letter} = √?\(?(-?[\d.]*\d)", problem(name, seed=seed))[1])


def test_every_chapter_that_has_problems_has_two() -> None:
    assert list(NUMBERS) == [f"{chapter}.{k}" for chapter in range(1, 19) for k in (1, 2)]


@pytest.mark.parametrize("name", NUMBERS)
def test_the_right_answer_passes_and_wrong_ones_do_not(name: str) -> None:
    for seed in SEEDS:
        right = answer(name, seed=seed)
        assert check(name, seed=seed, value=right) == "right"
        if isinstance(right, list):
            wrong: list[Any] = [right[::-1] if right != right[::-1] else [9], right[:-1], 3.0]
        else:
            assert math.isfinite(right)
            wrong = [1.01 * right + 1e-9, 0.99 * right - 1e-9, -right - 1e-9, [right], None]
        assert [check(name, seed=seed, value=value) for value in wrong] == ["not yet"] * len(wrong)


@pytest.mark.parametrize(
    "name", [name for name in NUMBERS if not isinstance(answer(name, seed=0), list)]
)
def test_three_significant_digits_are_enough_and_needed(name: str) -> None:
    for seed in range(60):
        right = answer(name, seed=seed)
        assert not isinstance(right, list)
        rounded = float(f"{right:.2e}")
        unit = 10.0 ** int(f"{right:.2e}".split("e")[1]) / 100
        values = [rounded, round(right, 12), rounded - 1.1 * unit, rounded + 1.1 * unit]
        found = [check(name, seed=seed, value=value) for value in values]
        assert found == ["right", "right", "not yet", "not yet"], (seed, right)


def test_sorting_an_answer_leaves_the_right_one_right() -> None:
    right = answer("1.1", seed=3)
    answer("1.1", seed=3).sort()
    assert right != sorted(right) and check("1.1", seed=3, value=right) == "right"


@pytest.mark.parametrize("name", NUMBERS)
def test_answers_differ_from_student_to_student(name: str) -> None:
    assert len({problem(name, seed=seed) for seed in SEEDS}) == len(SEEDS)
    assert len({str(answer(name, seed=seed)) for seed in SEEDS}) > len(SEEDS) / 4


def refitted_order(Phi: Any, y: Any, q: int) -> list[int]:
    left, gone = list(range(Phi.shape[1])), []
    for _ in range(q):
        w = np.linalg.lstsq(Phi[:, left], y, rcond=None)[0]
        gone.append(left.pop(int(np.argmin(np.abs(w)))))
    return gone


def order(seed: int) -> Any:
    return refitted_order(*lists("1.1", seed), 3)


def weight(seed: int) -> float:
    Phi, y = lists("1.2", seed)
    j, T, n = int(re.search(r"feature (\d)", problem("1.2", seed=seed))[1]), 0.0, len(Phi)
    T = number("1.2", seed, "T")
    flow = np.zeros((5, 5))
    flow[:4, :4], flow[:4, 4] = -Phi.T @ Phi / n, Phi.T @ y / n
    return float(expm(T * flow)[j, 4])


def risen(seed: int) -> float:
    (a,), n, q = lists("2.1", seed), int(number("2.1", seed, "n")), int(number("2.1", seed, "q"))
    Phi = np.eye(n)[:, :8] * np.sqrt(n)
    y = Phi @ a / n
    kept = np.setdiff1d(range(8), refitted_order(Phi, y, q))
    w = np.linalg.lstsq(Phi[:, kept], y, rcond=None)[0]
    return float(np.sum((Phi[:, kept] @ w - y) ** 2) / (2 * n))


def uniform(seed: int) -> Any:
    (a,), alpha = lists("3.2", seed), number("3.2", seed, "α")
    Sigma = (1 - alpha) * np.eye(6) + alpha
    left, gone = list(range(6)), []
    for _ in range(3):
        w = np.linalg.solve(Sigma[np.ix_(left, left)], a[left])
        gone.append(left.pop(int(np.argmin(np.abs(w)))))
    return gone


def theta(seed: int) -> float:
    x, S = lists("5.1", seed)
    return nullspace_constant(null_space([x]).T, S)


def trained(seed: int) -> float:
    x, s = lists("5.2", seed)
    Phi = null_space([x]).T
    return float(np.linalg.lstsq(Phi, Phi @ s, rcond=None)[0][0])


def radius(seed: int) -> float:
    text = problem("6.2", seed=seed)
    p, n, sigma = (number("6.2", seed, letter) for letter in ("p", "n", "σ"))
    keep = float(re.search(r"exactly ([\d.]+\d)", text)[1])
    return sigma * NormalDist().inv_cdf((1 + keep ** (1 / p)) / 2) / math.sqrt(n)


def smallest_eigenvalue(seed: int) -> float:
    m, B = map(
        float, re.search(r"m = (\d+) and b = √\(([\d.]+)/", problem("8.1", seed=seed)).groups()
    )
    Phi = np.eye(int(m) + 1)
    Phi[0, 1:] = math.sqrt(B / m)
    return float(np.linalg.eigvalsh(Phi.T @ Phi)[0])


def turning_point(holds: Callable[[float], bool], low: float, high: float) -> float:
    """Find by bisection the point between `low` and `high` where `holds` becomes true."""
    assert not holds(low) and holds(high)
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high


def loss(Phi: Any, y: Any, left: list[int]) -> float:
    w = np.linalg.lstsq(Phi[:, left], y, rcond=None)[0]
    return float(np.sum((y - Phi[:, left] @ w) ** 2))


def without(Phi: Any, y: Any) -> list[float]:
    """The minimum loss without feature 0, without feature 1, and so on."""
    p = Phi.shape[1]
    return [loss(Phi, y, [i for i in range(p) if i != j]) for j in range(p)]


def three_removals(seed: int) -> Any:
    lengths, a = lists("2.2", seed)
    Phi, y = np.diag(lengths) * math.sqrt(5), a / lengths * math.sqrt(5)
    return [
        refitted_order(Phi, y, 1)[0],
        int(np.abs(Phi.T @ y).argmin()),
        int(np.argmin(without(Phi, y))),
    ]


def overlap(seed: int) -> float:
    (Phi,) = lists("4.1", seed)
    columns = Phi.T.tolist()
    return max(
        abs(sum(x * y for x, y in zip(a, b, strict=True))) / math.hypot(*a) / math.hypot(*b)
        for a, b in combinations(columns, 2)
    )


def correlations(name: str, seed: int, p: int) -> Any:
    """Σ, put together from the single entries in the text of a problem."""
    Sigma = np.eye(p)
    for i, j in combinations(range(p), 2):
        if found := re.search(rf"Σ_{i}{j} = (?:Σ_12 = )?(-?[\d.]*\d)", problem(name, seed=seed)):
            Sigma[i, j] = Sigma[j, i] = float(found[1])
    return Sigma


def iterated_weight(seed: int) -> float:
    (c,), Sigma = lists("4.2", seed), correlations("4.2", seed, 3)
    w = np.zeros(3)
    for _ in range(3):
        w = w + c - Sigma @ w
    return float(w[0])


def chance(name: str, seed: int) -> float:
    return 1 - float(re.search(r"probability ([\d.]+\d)", problem(name, seed=seed))[1])


def enough_rows(name: str, seed: int, eps: float, delta: float) -> float:
    """The n at which p two-sided tail bounds add up to δ.

    Each bounds the probability that a variable of variance proxy σ²/(nλ_min) exceeds `eps` in
    absolute value.
    """
    p, sigma, least = (number(name, seed, letter) for letter in ("p", "σ", "λ_min"))
    return turning_point(
        lambda n: 2 * p * math.exp(-n * least * eps**2 / (2 * sigma**2)) <= delta, 1, 1e9
    )


def rows_for_lemma_6(seed: int) -> float:
    return enough_rows("6.1", seed, number("6.1", seed, "ε"), chance("6.1", seed))


def rows_for_theorem_5(seed: int) -> float:
    return enough_rows("7.1", seed, number("7.1", seed, "γ") / 2, number("7.1", seed, "δ"))


def leaked(seed: int) -> float:
    (s,), Sigma = lists("7.2", seed), correlations("7.2", seed, 3)
    Phi = np.linalg.cholesky(Sigma).T
    return float(np.linalg.lstsq(Phi[:, [0, 2]], Phi @ s, rcond=None)[0][0])


def chance_to_sink(seed: int) -> float:
    """The probability that the signal is pruned, summed over the number of high-noise nulls."""
    m, gamma = int(number("8.2", seed, "m")), number("8.2", seed, "γ")
    Phi = np.eye(m + 1)
    Phi[0] = 1.0
    chance = 0.0
    for high in range(m + 1):
        y = np.r_[gamma, np.full(high, 1.25), np.full(m - high, -0.75)]
        if 0 in refitted_order(Phi, y, m):
            chance += math.comb(m, high) * 3**high * 5 ** (m - high) / 8**m
    return chance


def hub(K: int, r: float) -> Any:
    """Φ/√n of the hub design. The order of rows and columns is K spokes, hub, signal."""
    Phi = np.eye(K + 2) * math.sqrt(K)
    Phi[:, K], Phi[K + 1, K] = r * math.sqrt(K), 0
    Phi[:K, K + 1], Phi[K + 1, K + 1] = 1 / math.sqrt(K), 1
    return Phi


def bias_that_falls(seed: int) -> float:
    (gone,), K = lists("9.1", seed), int(number("9.1", seed, "K"))
    y = np.zeros(K + 2)
    y[: len(gone)], y[K], y[K + 1] = gone, number("9.1", seed, "u"), number("9.1", seed, "x_0")
    after = [*range(len(gone), K), K + 1]
    fits = [
        np.linalg.lstsq(hub(K, 1)[:, left], y, rcond=None)[0][-1]
        for left in (after, [*after[:-1], K, K + 1])
    ]
    return float(fits[0] - fits[1])


def spokes_first(seed: int) -> Any:
    (noise,) = lists("9.2", seed)
    Phi = hub(9, 1)
    return refitted_order(Phi, np.r_[noise, number("9.2", seed, "u"), 0] + 1e3 * Phi[:, 10], 4)


def room_for_small_signals(seed: int) -> int:
    p, coherence, sigma, n = (number("10.1", seed, x) for x in ("p", "δ_PW", "σ", "n"))
    narrow = math.sqrt(8 * sigma**2 * math.log(2 * p / chance("10.1", seed)) / n)
    return math.floor((1 - narrow) / coherence - (p - 1))


def cited(seed: int) -> list[int]:
    """For each project, the label (1 to 4) of the version of Theorem 5 to cite; 0 if none applies.

    Of the versions that apply, a project should cite the one that needs the fewest samples.
    """
    numbers = {"one-shot": 1, "incoherent": 2, "interpolated": 3, "reflection": 4}
    choice = []
    for text in re.findall(r"\([a-e]\) (.*?\D)\. ", problem("10.2", seed=seed)):
        p, least, coherence, push, few = map(float, re.findall(r"[\d.]*\d", text))
        setting = Setting(
            int(p),
            k=5,
            lambda_min=least,
            coherence=coherence,
            coupling=push,
            small_signals=int(few),
        )
        once = "all at once" in text
        asked = {
            name: row.samples(setting, 0.05)
            for name, row in VERSIONS.items()
            if name in numbers and (name == "one-shot") == once
        }
        known = {name: n for name, n in asked.items() if not math.isnan(n)}
        choice.append(numbers[min(known, key=known.get)] if known else 0)
    return choice


def longest_noise(seed: int) -> float:
    """The length below which noise cannot cause a signal to be pruned.

    It is σ_min(Φ) times the smallest error of the weights that makes IMP prune a signal.
    """
    (Phi,), text = lists("11.1", seed), problem("11.1", seed=seed)
    k, q = (int(re.search(rf"{letter} = (\d)", text)[1]) for letter in "kq")
    gamma, least = number("11.1", seed, "γ"), np.linalg.svd(Phi)[1][-1]
    shortest = math.inf
    for nulls in range(6 - k - q + 1, 6 - k + 1):
        down = np.linspace(0, gamma, 10_001)
        shortest = min(shortest, np.sqrt(down**2 + nulls * (gamma - down) ** 2).min())
    return float(least * shortest)


def share_of_each_set(seed: int) -> float:
    p, k, q = (int(number("11.2", seed, letter)) for letter in "pkq")
    sets = {
        frozenset(range(p)) - set(gone) for t in range(q) for gone in combinations(range(k, p), t)
    }
    return chance("11.2", seed) / (k * len(sets))


def small_leak(seed: int) -> float:
    (small,), p = lists("12.1", seed), int(number("12.1", seed, "p"))
    alpha = float(re.search(r"Σ_ij = ([\d.]+\d)", problem("12.1", seed=seed))[1])
    Phi = np.linalg.cholesky((1 - alpha) * np.eye(p) + alpha).T
    s = np.r_[small, np.full(p - len(small), 0.5)]
    w = np.linalg.lstsq(Phi[:, len(small) :], Phi @ s, rcond=None)[0]
    assert np.ptp(w) < 1e-9
    return float(w[0] - 0.5)


def hardest_push(seed: int) -> float:
    """The farthest that null weights of the given norm can move a signal's weight.

    The null weights are tried in many directions; the signals are refitted for each direction.
    """
    (Sigma,), text = lists("12.2", seed), problem("12.2", seed=seed)
    length = float(re.search(r"length ([\d.]+\d)", text)[1])
    Phi, angle = np.linalg.cholesky(Sigma).T, np.linspace(0, np.pi, 5001)
    nulls = length * np.array([np.cos(angle), np.sin(angle)])
    pushed = np.linalg.lstsq(Phi[:, :2], -Phi[:, 2:] @ nulls, rcond=None)[0]
    return float(np.abs(pushed).max())


def last_size_that_sinks(seed: int) -> float:
    text = problem("13.1", seed=seed)
    m, M, b, high, low = (
        float(re.search(pattern, text)[1])
        for pattern in (
            r"m = (\d+)",
            r"M = (\d+)",
            r"e_j \+ ([\d.]+\d)",
            r"row 0, ([\d.]+\d)",
            r"-([\d.]+\d) in the rest",
        )
    )
    Phi = np.eye(int(m) + 1)
    Phi[0, 1:] = b
    noise = np.r_[0, [high] * int(M), [-low] * int(m - M)]

    def kept(gamma: float) -> bool:
        return 0 not in refitted_order(Phi, gamma * Phi[:, 0] + noise, int(m))

    last = max(gamma for gamma in np.arange(0.05, 30, 0.1) if not kept(gamma))
    return turning_point(kept, last, last + 0.1)


def time_for_the_price(seed: int) -> float:
    least, length, gamma = (number("13.2", seed, letter) for letter in ("λ_\\*", "‖s‖", "γ"))
    more = float(re.search(r"(\d+) percent", problem("13.2", seed=seed))[1])

    def affordable(T: float) -> bool:
        left = gamma - 2 * length * math.exp(-least * T)
        if left <= 0:
            return False
        short, full = (Setting(9, gamma=size, lambda_min=least) for size in (left, gamma))
        return two_norm(short, 0.05) <= (1 + more / 100) * two_norm(full, 0.05)

    return turning_point(affordable, 0, 1e4)


def smallest_of_all_sets(seed: int) -> float:
    (Phi,) = lists("14.1", seed)
    values = []
    for few in range(4):
        for kept in combinations(range(1, 4), few):
            A = Phi[:, [0, *kept]]
            found = np.linalg.eigvalsh(A.T @ A / 3)
            values.append(min(x for x in found if x > 1e-9))
    return float(min(values))


def all_coins(seed: int) -> float:
    n, surplus = int(number("14.2", seed, "n")), int(number("14.2", seed, "γ"))
    sums = np.array(list(product((-1, 1), repeat=n))).sum(axis=1)
    return float(np.mean(surplus + sums == 0))


def price_ratio(seed: int) -> float:
    Phi, y = lists("15.1", seed)
    rises = np.array(without(Phi, y)) - loss(Phi, y, [0, 1, 2])
    return float(rises[refitted_order(Phi, y, 1)[0]] / rises.min())


def eliminated(seed: int) -> Any:
    Phi, y = lists("15.2", seed)
    ranking = RFE(LinearRegression(), n_features_to_select=1).fit(Phi, y).ranking_
    return np.argsort(-ranking)[:3].tolist()


def last_ones(seed: int) -> list[int]:
    Phi, y = lists("16.1", seed)
    kept = []
    for few in (1, 2):
        left = list(range(5))
        while len(left) > 1:
            w = np.linalg.lstsq(Phi[:, left], y, rcond=None)[0]
            left = [left[i] for i in sorted(np.argsort(np.abs(w))[few:])]
        kept += left
    return kept


def short_logistic(seed: int) -> list[int]:
    Phi, y = lists("16.2", seed)
    left, gone = list(range(5)), []
    for _ in range(4):
        w = np.zeros(len(left))
        for _ in range(20):
            w = w - 1e-5 * Phi[:, left].T @ (expit(Phi[:, left] @ w) - y)
        gone.append(left.pop(int(np.abs(w).argmin())))
    return gone


def needed_for_the_rank(seed: int) -> list[int]:
    """The identifiable features: those whose removal lowers the rank."""
    W, b, X = lists("17.1", seed)
    units = np.array([[max(0.0, x @ W[:, j] + b[j]) for j in range(6)] for x in X])
    rank = np.linalg.matrix_rank
    return [j for j in range(6) if rank(np.delete(units, j, axis=1)) < rank(units)]


def overtaken(seed: int) -> float:
    (c,), Sigma = lists("17.2", seed), correlations("17.2", seed, 3)
    flow = np.zeros((4, 4))
    flow[:3, :3], flow[:3, 3] = -Sigma, c

    def ahead(T: float) -> bool:
        w = expm(T * flow)[:3, 3]
        return bool(abs(w[0]) > abs(w[2]))

    return turning_point(ahead, 0.01, 1e3)


def left_over(seed: int) -> float:
    w, K = lists("18.1", seed)
    gram = np.linalg.inv(K)
    Phi, target = np.linalg.cholesky(gram).T, gram @ w
    y = np.linalg.solve(Phi.T, target)
    (i,) = {0, 1, 2} - set(refitted_order(Phi, y, 2))
    return float(Phi[:, i] @ y / (Phi[:, i] @ Phi[:, i]))


def after_the_null_line(seed: int) -> float:
    x, s = lists("18.2", seed)
    i = int(re.search(r"weight of feature (\d)", problem("18.2", seed=seed))[1])
    Phi = null_space([x]).T
    left = np.delete(range(4), refitted_order(Phi, Phi @ s, 1))
    w = np.linalg.lstsq(Phi[:, left], Phi @ s, rcond=None)[0]
    return float(w[list(left).index(i)])


ORACLES = {
    "1.1": order,
    "1.2": weight,
    "2.1": risen,
    "2.2": three_removals,
    "3.2": uniform,
    "4.1": overlap,
    "4.2": iterated_weight,
    "5.1": theta,
    "5.2": trained,
    "6.1": rows_for_lemma_6,
    "6.2": radius,
    "7.1": rows_for_theorem_5,
    "7.2": leaked,
    "8.1": smallest_eigenvalue,
    "8.2": chance_to_sink,
    "9.1": bias_that_falls,
    "9.2": spokes_first,
    "10.1": room_for_small_signals,
    "10.2": cited,
    "11.1": longest_noise,
    "11.2": share_of_each_set,
    "12.1": small_leak,
    "12.2": hardest_push,
    "13.1": last_size_that_sinks,
    "13.2": time_for_the_price,
    "14.1": smallest_of_all_sets,
    "14.2": all_coins,
    "15.1": price_ratio,
    "15.2": eliminated,
    "16.1": last_ones,
    "16.2": short_logistic,
    "17.1": needed_for_the_rank,
    "17.2": overtaken,
    "18.1": left_over,
    "18.2": after_the_null_line,
}


@pytest.mark.parametrize("name", ORACLES)
def test_answers_agree_with_another_way_from_the_text_alone(name: str) -> None:
    for seed in range(5):
        assert check(name, seed=seed, value=ORACLES[name](seed)) == "right"


def test_teachers_are_told_what_a_good_explanation_says() -> None:
    reasons = {reason(name) for name in NUMBERS}
    assert len(reasons) == len(NUMBERS)
    assert min(map(len, reasons)) > 40


def test_every_problem_has_an_oracle() -> None:
    # The next test checks the answer to problem 3.1 at correlations just below and just above it.
    assert {*NUMBERS} - {*ORACLES} == {"3.1"}


def test_the_orders_differ_on_either_side_of_the_critical_correlation() -> None:
    for seed in SEEDS:
        (a,), alpha = lists("3.1", seed), answer("3.1", seed=seed)
        aligned = int(np.argmin(np.abs(a)))
        assert int(first_pruned([a], 0.99 * alpha)[0]) == aligned
        assert int(first_pruned([a], min(1.01 * alpha, 0.999))[0]) != aligned


@pytest.mark.parametrize(("name", "seed"), [("0.1", 1), ("1.1", -1), ("1.1", 1.5), ("1.1", True)])
def test_an_unknown_problem_or_number_is_refused(name: str, seed: Any) -> None:
    with pytest.raises(ValueError, match=r"^(name|seed) must be"):
        problem(name, seed=seed)
