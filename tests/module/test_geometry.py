"""The constants λ_*, M and μ agree with plain loops over all sets of features."""

from fractions import Fraction
from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from impbook.concentration import (
    coupling,
    inverse_norm_bound,
    max_inverse_norm,
    smallest_nonzero_eigenvalue,
    worst_eigenvalue,
)
from impbook.counterexamples import interlacing_counterexample
from impbook.designs import design_with_covariance, incoherent_design, uniform_correlation_design
from impbook.example_3 import pairwise_incoherence

seeds = st.integers(0, 2**32 - 1)


def supersets(S, p):
    """Every set A that contains S, as a sorted list."""
    rest = [j for j in range(p) if j not in S]
    subsets = chain.from_iterable(combinations(rest, m) for m in range(len(rest) + 1))
    return [sorted([*S, *subset]) for subset in subsets]


@st.composite
def designs(draw, full_rank=None):
    """A matrix Φ of any rank, and a non-empty set S."""
    rng = np.random.default_rng(draw(seeds))
    p = int(rng.integers(1, 7))
    injective = draw(st.booleans()) if full_rank is None else full_rank
    n = int(rng.integers(p, 10)) if injective else int(rng.integers(1, 10))
    rank = p if injective else int(rng.integers(1, min(n, p) + 1))
    Phi = rng.standard_normal((n, rank)) @ rng.standard_normal((rank, p))
    S = sorted(rng.choice(p, size=int(rng.integers(1, p + 1)), replace=False).tolist())
    return Phi, S


def nonzero_eigenvalues(Phi, A):
    lam = np.linalg.eigvalsh(Phi[:, A].T @ Phi[:, A] / len(Phi))
    rank = np.linalg.matrix_rank(Phi[:, A], tol=1e-9 * np.linalg.norm(Phi))
    return np.sort(lam)[len(A) - rank :]


@given(designs())
def test_worst_eigenvalue_is_the_least_over_all_sets(design):
    Phi, S = design
    expected = min(nonzero_eigenvalues(Phi, A)[0] for A in supersets(S, Phi.shape[1]))
    assert worst_eigenvalue(Phi, S) == pytest.approx(expected, rel=1e-6)


@given(designs(full_rank=True))
def test_worst_eigenvalue_of_injective_features_is_that_of_all(design):
    Phi, S = design
    assert worst_eigenvalue(Phi, S) == pytest.approx(smallest_nonzero_eigenvalue(Phi), rel=1e-9)


def test_worst_eigenvalue_may_be_below_the_first_one():
    Phi = interlacing_counterexample().design
    assert worst_eigenvalue(Phi, [0]) < 0.02 * smallest_nonzero_eigenvalue(Phi)


@given(designs())
def test_max_inverse_norm_is_the_largest_over_all_sets(design):
    Phi, S = design
    rows = []
    for A in supersets(S, Phi.shape[1]):
        lam, V = np.linalg.eigh(Phi[:, A].T @ Phi[:, A] / len(Phi))
        kept = lam > 1e-12 * lam[-1]
        inverse = (V[:, kept] / lam[kept]) @ V[:, kept].T
        rows.append(np.abs(inverse).sum(axis=1).max())
    assert max_inverse_norm(Phi, S) == pytest.approx(max(rows), rel=1e-5)


@given(designs(full_rank=True))
def test_inverse_norm_bound_holds_for_every_set(design):
    Phi, S = design
    assert max_inverse_norm(Phi, S) <= inverse_norm_bound(Phi) * (1 + 1e-9)


@given(seeds, st.integers(2, 7), st.floats(0.01, 0.95))
def test_incoherence_bounds_the_inverse(seed, p, reach):
    rng = np.random.default_rng(seed)
    Phi = incoherent_design(3 * p, p, reach / (p - 1), rng=rng)
    delta_PW = pairwise_incoherence(Phi).delta_PW
    bound = 1 / (1 - (p - 1) * delta_PW)
    assert max_inverse_norm(Phi, [0]) <= inverse_norm_bound(Phi) * (1 + 1e-9)
    assert inverse_norm_bound(Phi) <= bound * (1 + 1e-9)


@pytest.mark.parametrize("p", [2, 4, 7])
def test_uniform_negative_correlation_attains_the_incoherence_bound(p):
    delta_PW = 0.9 / (p - 1)
    Phi = uniform_correlation_design(p + 2, p, -delta_PW, rng=0)
    assert max_inverse_norm(Phi, [0]) == pytest.approx(1 / (1 - (p - 1) * delta_PW))


@given(designs(full_rank=True))
def test_leakage_is_what_the_nulls_do_to_a_signal(design):
    Phi, S = design
    p = Phi.shape[1]
    N = [j for j in range(p) if j not in S]
    effects = [0.0]
    for i in range(len(S)):
        # regress each null separately on the signals
        effects.append(
            np.sqrt(sum(np.linalg.lstsq(Phi[:, S], Phi[:, j], rcond=None)[0][i] ** 2 for j in N))
        )
    assert coupling(Phi, S) == pytest.approx(max(effects), rel=1e-6)


def test_leakage_is_zero_exactly_for_uncorrelated_signals():
    Sigma = np.array([[1.0, 0.5, 0, 0], [0.5, 1, 0, 0], [0, 0, 1, 0.7], [0, 0, 0.7, 1]])
    Phi = design_with_covariance(9, Sigma, rng=1)
    assert coupling(Phi, [0, 1]) < 1e-12
    assert coupling(Phi, [0]) == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: worst_eigenvalue(np.eye(3), []), "S must hold at least one index"),
        (lambda: worst_eigenvalue(np.eye(3), [3]), "S must hold indices between 0 and p - 1 = 2"),
        (
            lambda: worst_eigenvalue(np.ones((2, 20)), [0]),
            "at most 16 features: Phi does not have full column rank, and S leaves out 19",
        ),
        (lambda: worst_eigenvalue(np.zeros((2, 2)), [0]), "Phi must not be 0, because"),
        (lambda: max_inverse_norm(np.eye(20), [0]), "at most 16 features: .* S leaves out 19"),
        (
            lambda: inverse_norm_bound(np.ones((2, 3))),
            r"Phi must have full column rank, got shape \(2, 3\)",
        ),
        (lambda: coupling(np.ones((3, 3)), [0, 1]), "Phi must have full column rank on S"),
        (lambda: coupling(np.ones(3), [0]), "Phi must have 2 dimension"),
    ],
)
def test_bad_input(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_the_inverse_of_two_near_copies_is_that_of_exact_arithmetic():
    z = np.random.default_rng(1).standard_normal(5)
    A = np.column_stack((z, z + 1e-9 * np.eye(5)[0]))
    a, b = ([Fraction(x) for x in column.tolist()] for column in A.T)
    aa, ab, bb = (
        sum(s * t for s, t in zip(u, v, strict=True)) / 5 for u, v in ((a, a), (a, b), (b, b))
    )
    exact = float((max(aa, bb) + abs(ab)) / (aa * bb - ab**2))
    assert max_inverse_norm(A, [0]) == pytest.approx(exact, rel=1e-5)


def test_near_copies_never_raise():
    for seed in range(200):
        rng = np.random.default_rng(seed)
        z, d = rng.standard_normal((2, 4))
        A = np.column_stack((z, z + 10 ** rng.uniform(-17, -6) * d))
        assert max_inverse_norm(A, [0]) > 0
