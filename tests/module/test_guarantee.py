"""The answers of `guarantee` agree with the theorems' formulas and with simulation."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.datasets import load_diabetes
from sklearn.preprocessing import StandardScaler

from impbook import LeastSquares, imp
from impbook.concentration import guarantee

RNG = np.random.default_rng
SEEDS = st.integers(0, 2**32 - 1)


def design(rng: Any, n: int, p: int) -> Any:
    """A Gaussian design whose columns have mean square 1."""
    Phi = rng.standard_normal((n, p))
    return Phi / np.sqrt((Phi**2).mean(axis=0))


@given(SEEDS, st.integers(1, 8), st.floats(0.01, 3))
def test_one_shot_keeps_what_is_above_the_printed_size(seed: int, p: int, sigma: float) -> None:
    rng = RNG(seed)
    n, delta = 10 * p + 10, 0.1
    Phi, w = design(rng, n, p), rng.uniform(0.1, 3, p)
    eigenvalue = np.linalg.svd(Phi, compute_uv=False)[-1] ** 2 / n
    least = np.sqrt(8 * sigma**2 * np.log(2 * p / delta) / (n * eigenvalue))
    found = guarantee(Phi, w, sigma=sigma, delta=delta)
    expected = tuple(str(i) for i in range(p) if w[i] >= least)
    assert found.kept.get("one-shot", ()) == expected
    assert found.lambda_min == pytest.approx(eigenvalue)
    if not expected:
        assert found.times["one-shot"] == pytest.approx((least / w.max()) ** 2)


@given(SEEDS, st.floats(0.1, 3))
def test_versions_for_large_signals_keep_all_or_none(seed: int, sigma: float) -> None:
    rng = RNG(seed)
    w = np.append(rng.uniform(0.1, 3, 3), np.zeros(4))
    found = guarantee(design(rng, 300, 7), w, sigma=sigma)
    for version in ("union", "two-norm", "reflection", "interpolated"):
        assert found.kept.get(version, ()) in ((), ("0", "1", "2"))
        assert (version in found.kept) != (version in found.times)
    assert "printed" not in found.kept and "printed" not in found.times


def test_what_cannot_be_lost_is_lost_as_rarely_as_promised() -> None:
    rng, trials, delta = RNG(1), 400, 0.2
    Phi, w = design(rng, 120, 6), np.array([1.0, 0, 0.8, 0, 0, 0.9])
    sigma = 1.1
    found = guarantee(Phi, w, sigma=sigma, delta=delta)
    assert found.kept["union"] == ("0", "2", "5")
    lost = 0
    for _ in range(trials):
        path = imp(LeastSquares(Phi, Phi @ w + sigma * rng.standard_normal(120)), q=3)
        lost += bool(np.isin(path.pruned, [0, 2, 5]).any())
    assert lost / trials <= delta


def test_it_reads_as_a_sentence() -> None:
    Phi = np.sqrt(400) * np.eye(400, 3)
    found = guarantee(Phi, [0, 3.0, 2.0], sigma=1.0, names=["a", "b", "c"])
    assert str(found).startswith("b, c cannot be lost:\n  one-shot, union")
    X, y = load_diabetes(return_X_y=True)
    w = np.linalg.lstsq(StandardScaler().fit_transform(X), y - y.mean(), rcond=None)[0]
    found = guarantee(StandardScaler().fit_transform(X), w, sigma=54.0)
    assert str(found).startswith("no theorem applies: λ_min = 0.00856, ")
    assert " times too few rows (" in str(found)


@pytest.mark.parametrize(("n", "p"), [(10, 40), (40, 40), (60, 40)])
def test_any_design_has_an_answer(n: int, p: int) -> None:
    rng = RNG(2)
    Phi = design(rng, n, p)
    Phi[:, 7] = Phi[:, 3]  # two equal columns, and too many sets of nulls to try all
    found = guarantee(Phi, np.eye(p)[0], sigma=1.0)
    assert str(found)
    assert "one-shot" in found.kept or n < p or found.times


def test_a_wide_design_has_no_hypothesis() -> None:
    found = guarantee(design(RNG(3), 10, 40), np.eye(40)[0], sigma=1.0)
    assert not found.kept and not found.times
    assert str(found).endswith("and no hypothesis holds")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"w": np.zeros(3)}, "w must have a non-zero entry"),
        ({"w": np.ones(4)}, "w must have 3 entries, got 4"),
        ({"sigma": -1.0}, "sigma must be nonnegative"),
        ({"delta": 1.0}, "delta must lie strictly between 0 and 1"),
        ({"names": ["a"]}, "names must be a list of 3"),
        ({"Phi": np.zeros((3, 3))}, "Phi must"),
    ],
)
def test_bad_arguments_are_named(change: dict[str, Any], message: str) -> None:
    arguments: dict[str, Any] = {"Phi": np.eye(3), "w": np.ones(3), "sigma": 1.0, "delta": 0.1}
    with pytest.raises(ValueError, match=message):
        guarantee(**arguments | change)
