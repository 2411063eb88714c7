"""Problems with a number of their own: right answers pass, wrong ones do not, oracles agree."""

from __future__ import annotations

import ast
import math
import re
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from scipy.linalg import expm, null_space

from coursework import NUMBERS, answer, check, problem
from impbook.counterexamples import adaptivity_design
from impbook.examples import first_pruned
from impbook.nullspace import nullspace_constant

SEEDS = range(20)


def lists(name: str, seed: int) -> list[Any]:
    """The arrays in a problem's text, which is all that a student has."""
    found = re.findall(r"\[[-\d., \[\]]*\]", problem(name, seed=seed))
    return [np.array(ast.literal_eval(text)) for text in found]


def number(name: str, seed: int, letter: str) -> float:
    """The number after a letter in a problem's text."""
    return float(re.search(rf"{letter} = √?\(?(-?[\d.]*\d)", problem(name, seed=seed))[1])


def test_every_chapter_that_has_problems_has_two() -> None:
    assert list(NUMBERS) == [f"{chapter}.{k}" for chapter in range(1, 9) for k in (1, 2)]


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
    m, b = int(number("8.1", seed, "m")), number("8.1", seed, "β")
    Phi = adaptivity_design(m, math.sqrt(b / m))
    return float(np.linalg.eigvalsh(Phi.T @ Phi / len(Phi))[0])


ORACLES = {
    "1.1": order,
    "1.2": weight,
    "2.1": risen,
    "3.2": uniform,
    "5.1": theta,
    "5.2": trained,
    "6.2": radius,
    "8.1": smallest_eigenvalue,
}


@pytest.mark.parametrize("name", ORACLES)
def test_answers_agree_with_another_way_from_the_text_alone(name: str) -> None:
    for seed in range(5):
        assert check(name, seed=seed, value=ORACLES[name](seed)) == "right"


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
