"""On random problems `imp` agrees with refitting, and the comparison detects wrong paths."""

import dataclasses

import numpy as np
import pytest
import random_problems
from random_problems import Task, compare, draw, refits

from impbook import LeastSquares, imp
from impbook.elimination import deletion


@pytest.mark.parametrize("first", range(0, 2000, 250))
def test_no_choice_and_no_weight_is_wrong(first):
    counts, faults, _ = random_problems.run(range(first, first + 250))
    assert counts["problems"] == 250
    assert counts["open_rank"] < 0.1 * counts["weights"]
    assert counts["open_choices"] < 0.25 * counts["choices"]
    assert not faults, "\n".join(faults)


def test_errors_of_two_small_pivots_do_not_multiply():
    """Problem 2187036 has one sample, large initial weights, and two consecutive pivots of 0.1."""
    faults, largest = random_problems.run([2187036])[1:]
    assert not faults
    assert largest < random_problems.ALLOWED / 2


def easy_task(**changes):
    rng = np.random.default_rng(0)
    Phi = rng.standard_normal((9, 5))
    task = Task(Phi, rng.standard_normal(9), np.zeros(5), np.inf, 1, 4)
    return dataclasses.replace(task, **changes)


def path_of(task):
    problem = LeastSquares(task.Phi, task.y)
    return imp(problem, task.q, T=task.T, w_init=task.start, per_round=task.per_round)


@pytest.mark.parametrize("k", range(4))
def test_the_judge_sees_a_weight_that_is_off_by_a_billionth(k):
    task = easy_task()
    path = path_of(task)
    assert not compare(task, path)[1]
    weights = path.weights.copy()
    weights[k, path.pruned[-1]] *= 1 + 1e-9
    counts, faults, _ = compare(task, dataclasses.replace(path, weights=weights))
    assert counts["wrong_weights"] == 1
    assert f"weights of round {k}" in faults[0]


def test_the_judge_sees_a_pruned_weight_that_is_not_0():
    task = easy_task()
    path = path_of(task)
    weights = path.weights.copy()
    weights[2, path.pruned[0]] = 1e-300
    faults = compare(task, dataclasses.replace(path, weights=weights))[1]
    assert faults == ["a pruned weight is not 0"]


@pytest.mark.parametrize("per_round", [1, 2])
def test_the_judge_sees_a_larger_weight_go_first(per_round):
    task = easy_task(per_round=per_round)
    path = path_of(task)
    pruned = path.pruned[[1, 0, 2, 3]]
    wrong = dataclasses.replace(path, pruned=pruned)
    weights, *_ = refits(task, wrong.active)
    counts, faults, _ = compare(task, dataclasses.replace(wrong, weights=weights))
    assert counts["wrong_choices"] == 1
    assert counts["wrong_weights"] == 0
    assert f"prunes {pruned[0]}, {pruned[1]} is smaller" in faults[0]


@pytest.mark.parametrize("number", [1001911, 1002296, 1011020])
def test_a_null_basis_that_keeps_old_errors_is_found_out(number, monkeypatch):
    assert not random_problems.judge(number)[1]
    monkeypatch.setattr(deletion, "REFINEMENTS", 0)
    counts, _, worst = random_problems.judge(number)
    assert counts["wrong_weights"] > 0
    assert worst > 1e6 * random_problems.ALLOWED


def test_a_feature_out_of_the_nullspace_but_for_a_subnormal_entry_does_no_harm():
    """The entries in one row of the null basis are so small that their squares underflow to 0."""
    assert not random_problems.judge(33211)[1]


@pytest.mark.parametrize("number", [149293, 157056])
def test_a_row_that_is_small_but_not_rounding_is_not_forgotten(number):
    assert random_problems.judge(number)[2] < 50


@pytest.mark.parametrize("number", [1050, 2364])
def test_large_dependent_features_leave_no_error_when_small_ones_are_left(number):
    assert random_problems.judge(number)[2] < random_problems.ALLOWED / 10


def test_no_null_vector_left_is_no_error_left():
    """Problem 64694 has p > n and units that span seven decades; pruning leaves n = 2 features."""
    assert random_problems.judge(64694)[2] < 1


def test_a_fault_is_printed_with_the_line_that_repeats_it(monkeypatch, capsys):
    monkeypatch.setattr(deletion, "REFINEMENTS", 0)
    _, faults, _ = random_problems.run([1002296])
    assert faults[0].endswith(": make test-long FIRST=1002296 N=1")
    assert random_problems.main(["--first", "7", "--count", "3"]) == 0
    printed = capsys.readouterr().out
    assert "3 problems" in printed
    assert "0 wrong choices" in printed


def test_the_oracle_is_least_squares():
    task = easy_task(start=np.arange(5.0))
    active = np.array([[True] * 5, [True, False, True, True, False]])
    w, error, sure = refits(task, active)
    assert sure.all()
    for k, left in enumerate(active):
        missing = task.y - task.Phi[:, left] @ task.start[left]
        expected = task.start[left] + np.linalg.lstsq(task.Phi[:, left], missing)[0]
        np.testing.assert_allclose(w[k, left], expected, rtol=1e-12)
        assert not w[k, ~left].any()
        assert (error[k] < 1e-12).all()


def conditions(task, path):
    """For each round, the remaining columns' condition number and whether they lack full rank."""
    sizes = []
    for left in path.active[:-1]:
        s = np.linalg.svd(task.Phi[:, left], compute_uv=False)
        s = s[s > 1e-13 * s[0]]
        deficient = s.size < min(task.Phi.shape[0], left.sum())
        sizes.append((s[0] / s[-1] if s.size else 1.0, deficient))
    return sizes


def test_problems_are_of_every_kind():
    seen = dict.fromkeys(
        (
            "well-conditioned after ill-conditioned",
            "rank-deficient, condition 1e6 to 1e12",
            "integers",
            "copies",
            "scales over six decades",
            "finite time",
            "a start",
            "several a round",
        ),
        0,
    )
    for number in range(500):
        task = draw(number)
        Phi = task.Phi
        norms = np.linalg.norm(Phi, axis=0)
        norms = norms[norms > 0]
        found = conditions(task, path_of(task))
        cond = [c for c, _ in found]
        worst = np.maximum.accumulate(cond) if cond else []
        kinds = (
            any(a > 1e8 and b < 1e3 for a, b in zip(worst, cond, strict=True)),
            any(deficient and 1e6 < c < 1e12 for c, deficient in found),
            bool(np.array_equal(Phi, Phi.round()) and Phi.any()),
            len(np.unique(Phi, axis=1).T) < Phi.shape[1],
            norms.size > 1 and norms.max() > 1e5 * norms.min(),
            np.isfinite(task.T),
            bool(task.start.any()),
            task.per_round != 1,
        )
        for kind, here in zip(seen, kinds, strict=True):
            seen[kind] += bool(here)
    assert min(seen.values()) >= 10, seen
