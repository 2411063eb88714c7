"""The machine of random problems: a first part of them, and that it finds what is wrong."""

from __future__ import annotations

import numpy as np
import pytest
import random_problems as machine

from impbook import PruningPath, imp


def test_no_choice_and_no_weight_of_two_thousand_problems_is_wrong():
    counts, faults, _ = machine.run(range(2000))
    assert faults == []
    assert counts["choices"] - counts["open_choices"] > 7000
    assert counts["weights"] > 8000


@pytest.mark.parametrize("factor", [1 + 1e-6, np.nan])
def test_a_wrong_weight_is_found(monkeypatch, factor):
    def wrong(*args, **options):
        path = imp(*args, **options)
        return PruningPath(path.pruned, path.p, path.weights * factor, path.rounds)

    monkeypatch.setattr(machine, "imp", wrong)
    counts, faults, _ = machine.run(range(50))
    assert counts["wrong_weights"] > 50
    assert "make test-long FIRST=" in faults[0]


def test_a_wrong_choice_is_found(monkeypatch):
    def wrong(problem, q, **options):
        path = imp(problem, q, **options)
        pruned = path.pruned.copy()
        pruned[:2] = pruned[1::-1] if q > 1 else pruned[:2]
        return PruningPath(pruned, path.p, path.weights, path.rounds)

    monkeypatch.setattr(machine, "imp", wrong)
    counts, faults, _ = machine.run(range(50))
    assert counts["wrong_choices"] > 10
    assert any("is smaller" in fault for fault in faults)


def test_a_pruned_weight_that_is_not_zero_is_found(monkeypatch):
    def wrong(*args, **options):
        path = imp(*args, **options)
        return PruningPath(path.pruned, path.p, path.weights + 1e-300, path.rounds)

    monkeypatch.setattr(machine, "imp", wrong)
    faults = machine.run(range(20))[1]
    assert any("a pruned weight is not 0" in fault for fault in faults)


def test_a_problem_is_the_same_each_time_it_is_drawn():
    first, again = machine.draw(7), machine.draw(7)
    np.testing.assert_array_equal(first.Phi, again.Phi)
    np.testing.assert_array_equal(first.y, again.y)


def test_problems_are_of_the_kinds_that_are_hard():
    tasks = [machine.draw(i) for i in range(2000)]
    size = [np.linalg.svd(task.Phi, compute_uv=False) for task in tasks]
    kept = [s[s > 1e-14 * s[0]] for s in size]
    condition = np.array([s[0] / s[-1] if s.size else 1.0 for s in kept])
    deficient = np.array([s.size < task.Phi.shape[1] for s, task in zip(kept, tasks, strict=True)])
    assert (deficient & (condition > 1e6)).sum() > 100
    assert (~deficient & (condition > 1e6)).sum() > 100
    assert sum(np.isfinite(task.T) for task in tasks) > 500
    assert sum(task.start.any() for task in tasks) > 500
    assert sum(task.per_round != 1 for task in tasks) > 500
    spread = [
        np.ptp(np.log10(norms[norms > 0]))
        for task in tasks
        if (norms := np.linalg.norm(task.Phi, axis=0)).any()
    ]
    assert max(spread) > 5
