"""Weights agree with NIST's certified values for eleven data sets; no column is rescaled."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from test_elimination import least_squares_in_fractions

from impbook import LeastSquares, gradient_flow, imp

FOLDER = Path(__file__).parent / "nist"
CERTIFIED = {
    name: [float(x) for x in weights]
    for name, *weights in (
        line.split(",") for line in (FOLDER / "certified.csv").read_text().splitlines()
    )
}
DIGITS = {
    "norris": 11,
    "pontius": 10,
    "noint1": 14,
    "noint2": 14,
    "filip": 7,
    "longley": 10,
    "wampler1": 8,
    "wampler2": 11,
    "wampler3": 8,
    "wampler4": 7,
    "wampler5": 5,
}


def problem_of(name):
    table = np.loadtxt(FOLDER / f"{name}.csv", delimiter=",", skiprows=1)
    y, x = table[:, 0], table[:, 1:]
    p = len(CERTIFIED[name])
    if name == "longley":
        return LeastSquares(np.column_stack((np.ones(len(y)), x)), y)
    powers = [1] if p == 1 else range(p)
    return LeastSquares(np.column_stack([x[:, 0] ** i for i in powers]), y)


def correct_digits(weights, certified):
    """The number of correct significant digits of the least accurate weight, at most 15."""
    error = np.abs(weights - certified) / np.abs(certified)
    return float(-np.log10(np.clip(error.max(), 1e-15, 1.0)))


@pytest.mark.parametrize("name", DIGITS)
def test_certified_weights_are_those_of_rational_arithmetic(name):
    problem = problem_of(name)
    # With powers of x rounded to doubles, filip would fail the test; the other two sets would pass.
    if name in ("filip", "pontius", "wampler2"):
        return check_powers_in_fractions(name)
    exact = least_squares_in_fractions(problem.Phi, problem.y, None)
    np.testing.assert_allclose(exact, CERTIFIED[name], rtol=1e-12)
    return None


def check_powers_in_fractions(name):
    lines = (FOLDER / f"{name}.csv").read_text().splitlines()[1:]
    y, x = zip(*(map(Fraction, line.split(",")) for line in lines), strict=True)
    p = len(CERTIFIED[name])
    rows = [[sum(s ** (i + j) for s in x) for j in range(p)] for i in range(p)]
    for i, row in enumerate(rows):
        row.append(sum(s**i * t for s, t in zip(x, y, strict=True)))
    for i in range(p):
        for j in set(range(p)) - {i}:
            factor = rows[j][i] / rows[i][i]
            rows[j] = [a - factor * b for a, b in zip(rows[j], rows[i], strict=True)]
    exact = [float(rows[i][p] / rows[i][i]) for i in range(p)]
    np.testing.assert_allclose(exact, CERTIFIED[name], rtol=1e-12)


@pytest.mark.parametrize("name", DIGITS)
def test_weights_have_the_digits_that_nist_certifies(name):
    problem = problem_of(name)
    for weights in (imp(problem, 0).output, gradient_flow(problem, np.inf)):
        assert correct_digits(weights, CERTIFIED[name]) >= DIGITS[name]


def test_the_digits_shown_in_chapter_18_are_those_of_the_fit_but_for_one():
    table = Path(__file__).parents[2] / "chapters" / "data" / "digits_nist.csv"
    for line in table.read_text(encoding="utf-8").splitlines()[1:]:
        name, _, _, shown, *_ = line.split(",")
        found = correct_digits(imp(problem_of(name), 0).output, CERTIFIED[name])
        assert found == pytest.approx(float(shown), abs=1.5)
