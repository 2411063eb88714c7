"""A student's problem, its answer, and the check of the student's value."""

from __future__ import annotations

from functools import cache
from math import floor, log10
from numbers import Integral, Real
from typing import Any

import numpy as np

from impbook_coursework import chapters_1_to_8, chapters_9_to_18  # noqa: F401 (they register their problems)
from impbook_coursework.making import MAKERS, Maker, Problem

NUMBERS = tuple(MAKERS)


def maker(name: str) -> Maker:
    """The function that makes the problem `name`."""
    if name not in MAKERS:
        raise ValueError(f"name must be one of {', '.join(NUMBERS)}, got {name!r}")
    return MAKERS[name]


def made(name: str, seed: int) -> Problem:
    """The problem `name` for one seed."""
    make = maker(name)
    if isinstance(seed, bool) or not isinstance(seed, Integral) or seed < 0:
        raise ValueError(f"seed must be a nonnegative integer, got {seed!r}")
    return _made(make, (*map(int, name.split(".")), int(seed)))


@cache
def _made(make: Maker, seeds: tuple[int, ...]) -> Problem:
    return make(np.random.default_rng(seeds))


def problem(name: str, *, seed: int) -> str:
    """The text of the problem `name` for the student whose number is `seed`."""
    return f"Problem {name}, for number {seed}. {made(name, seed).text}"


def answer(name: str, *, seed: int) -> float | list[int]:
    """For the teacher: the answer that `check` accepts."""
    right = made(name, seed).answer
    return right.copy() if isinstance(right, list) else right


def reason(name: str) -> str:
    """For the teacher: the idea that a good explanation contains."""
    return " ".join((maker(name).__doc__ or "").split())


def check(name: str, *, seed: int, value: Any) -> str:
    """'right' or 'not yet': numbers must agree to three significant digits, lists exactly."""
    right = made(name, seed).answer
    if isinstance(right, list):
        agrees = np.array_equal(np.asarray(value), right)
    else:
        agrees = isinstance(value, Real) and abs(value - right) <= _half_digit(right)
    return "right" if agrees else "not yet"


def _half_digit(right: float) -> float:
    """The largest error that rounding `right` to three significant digits can cause."""
    return 0.5 * (1 + 1e-9) * 10.0 ** (floor(log10(abs(right))) - 2) if right else 0.0
