"""The weights of `imp` agree with refitting, on matrices of all ranks and condition numbers.

With `HYPOTHESIS_PROFILE=long` these tests draw up to 2,000 problems of every kind.
"""

import decimal
import tracemalloc
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
import scipy.linalg
from hypothesis import given, settings
from hypothesis import strategies as st
from problems import seeds
from scipy.integrate import solve_ivp
from sklearn.feature_selection import RFE
from sklearn.linear_model import LinearRegression

from impbook import LeastSquares, gradient_flow, imp
from impbook.elimination import System, make_engine
from impbook.elimination.deletion import Deletion
from impbook.elimination.downdating import BLOCK, Downdating, inverse
from impbook.elimination.finite_time import Polynomial
from impbook.elimination.system import Refitting, smallest_singular_value

EPS = np.finfo(float).eps


# Functions that draw a matrix with n rows and at most p columns, given a generator, n and p.


def with_singular_values(rng, n, p, s):
    r = len(s)
    U, V = (
        np.linalg.qr(rng.standard_normal((n, r)))[0],
        np.linalg.qr(rng.standard_normal((p, r)))[0],
    )
    return U * s @ V.T


def gaussian(rng, n, p):
    return rng.standard_normal((n, p))


def correlated(rng, n, p):
    return rng.standard_normal((n, p)) + 10 ** rng.uniform(-1, 2) * rng.standard_normal((n, 1))


def one_small_singular_value(rng, n, p):
    s = np.ones(min(n, p))
    s[-1] = 10 ** rng.uniform(-8, 0)
    return with_singular_values(rng, n, p, s)


def geometric_decay(rng, n, p):
    s = np.geomspace(1, 10 ** rng.uniform(-8, 0), min(n, p))
    return with_singular_values(rng, n, p, s)


def near_duplicates(rng, n, p):
    Phi, pairs = rng.standard_normal((n, p)), p // 2
    Phi[:, :pairs] = Phi[:, p - pairs :] + 10 ** rng.uniform(-7, 0) * Phi[:, :pairs]
    return Phi


def hilbert(rng, n, p):
    m = min(p, 6)  # condition number up to 1.5e7
    Phi = rng.standard_normal((n, p))
    Phi[:, :m] = scipy.linalg.hilbert(max(n, m))[:n, :m]
    return Phi


def vandermonde(rng, n, p):
    return np.vander(np.linspace(0, 1, n), min(p, 7), increasing=True)


def badly_scaled(rng, n, p):
    return rng.standard_normal((n, p)) * 10 ** rng.uniform(-3, 3, p)


def duplicates(rng, n, p):
    return rng.standard_normal((n, p))[:, rng.integers(0, p, p)]


def duplicates_with_signs(rng, n, p):
    return duplicates(rng, n, p) * rng.choice([-2.0, 1.0], p)


def zero_columns(rng, n, p):
    return rng.standard_normal((n, p)) * rng.integers(0, 2, p)


def low_rank(rng, n, p):
    s = np.geomspace(1, 10 ** rng.uniform(-6, 0), rng.integers(1, min(n, p) + 1))
    return with_singular_values(rng, n, p, s)


def dependent_block(rng, n, p):
    """Only one block of features is linearly dependent; pruning the others can lower the rank."""
    Phi, m = rng.standard_normal((n, p)), p // 2
    r = int(rng.integers(1, m + 1)) if m else 0
    Phi[:, :m] = Phi[:, :r] @ rng.standard_normal((r, m))
    return Phi[:, rng.permutation(p)]


KINDS = [
    gaussian,
    correlated,
    one_small_singular_value,
    geometric_decay,
    near_duplicates,
    hilbert,
    vandermonde,
    badly_scaled,
    duplicates,
    duplicates_with_signs,
    zero_columns,
    low_rank,
    dependent_block,
]


def draw(kind, rng, n, p):
    """A problem whose features are of this kind; its targets have much, little or no noise."""
    Phi = kind(rng, n, p)
    noise = rng.choice([0, 1e-3, 1]) * rng.standard_normal(n)
    return LeastSquares(Phi, Phi @ rng.standard_normal(Phi.shape[1]) + noise)


def uncertainty(Phi, y, w, w0, time=np.inf):
    """A bound on the rounding error of weights w from a stable algorithm.

    This is Wedin's bound for the rank that lstsq finds, with each nonzero singular value below 1/√t
    replaced by 1/√t, where t = T/n. At finite T, rounding can also give a null direction a singular
    value of about ε‖Φ‖. The weights then drift along that direction by up to ε·t·‖Φ‖·‖residual‖.
    """
    s = np.linalg.svd(Phi, compute_uv=False)
    s = s[s > 10 * max(Phi.shape) * EPS * s[0]]
    size = np.linalg.norm(w) + np.linalg.norm(w0)
    if s.size == 0:
        return EPS * size
    t = time / len(y)
    gain = min(1 / s[-1], np.sqrt(t), t * s[0])
    residual = np.linalg.norm(y - Phi @ w)
    change = s[0] * size + np.linalg.norm(y) + gain * s[0] * residual
    drift = t * s[0] * residual if s.size < len(w) and np.isfinite(t) else 0.0
    return EPS * (size + gain * change + drift)


def check_path(path, problem, refit, start=None, time=np.inf, every=1, allowed=500):
    """Check that weights equal those of `refit` up to rounding, and that the smallest is pruned.

    Weights are compared with `refit` in rounds 0, `every`, 2·`every` and so on.
    """
    start = np.zeros(problem.p) if start is None else start
    assert len(set(path.pruned)) == path.pruned.size
    for k, active in enumerate(path.active):
        assert not path.weights[k, ~active].any()
        if k < path.pruned.size:
            left = np.flatnonzero(active)
            assert path.pruned[k] == left[np.abs(path.weights[k, left]).argmin()]
        if k % every == 0:
            Phi, w0 = problem.Phi[:, active], start[active]
            oracle = refit(Phi, problem.y, w0)
            error = np.linalg.norm(path.weights[k, active] - oracle)
            assert error <= allowed * uncertainty(Phi, problem.y, oracle, w0, time)


def lstsq(Phi, y, w0):
    rcond = 10 * max(Phi.shape) * EPS  # lstsq's default rcond is too small for small matrices
    return w0 + np.linalg.lstsq(Phi, y - Phi @ w0, rcond)[0]


def least_squares_in_fractions(Phi, y, w0):
    """Exact least squares for linearly independent columns: Gaussian elimination on ΦᵀΦ."""
    columns = [[Fraction(float(x)) for x in column] for column in Phi.T]
    y = [Fraction(float(x)) for x in y]
    dot = lambda a, b: sum(s * t for s, t in zip(a, b, strict=True))  # noqa: E731
    rows = [[dot(a, b) for b in columns] + [dot(a, y)] for a in columns]
    m = len(rows)
    for i in range(m):
        for j in range(m):
            if j != i:
                factor = rows[j][i] / rows[i][i]
                rows[j] = [a - factor * b for a, b in zip(rows[j], rows[i], strict=True)]
    return np.array([float(rows[i][m] / rows[i][i]) for i in range(m)])


shapes = st.tuples(st.integers(1, 14), st.integers(1, 12))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@given(shapes, seeds, st.booleans())
def test_path_at_convergence_is_refitting(kind, shape, seed, from_zero):
    rng = np.random.default_rng(seed)
    problem = draw(kind, rng, *shape)
    start = np.zeros(problem.p) if from_zero else rng.standard_normal(problem.p)
    path = imp(problem, problem.p - 1, w_init=start)
    check_path(path, problem, lstsq, start)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("n, p", [(200, 150), (110, 110), (60, 150), (140, 150)])
def test_long_paths_stay_as_accurate_as_refitting(kind, n, p):
    rng = np.random.default_rng(n + p)
    problem = draw(kind, rng, n, p)
    start = rng.choice([0, 1]) * rng.standard_normal(problem.p)
    path = imp(problem, problem.p - 1, w_init=start)
    check_path(path, problem, lstsq, start, every=9)


@pytest.mark.parametrize("n", [450, 350])
def test_blocks_that_keep_most_features_are_refitting(n):
    """So many features remain after the first block that K is not copied to a smaller matrix."""
    problem = draw(gaussian, np.random.default_rng(n), n, 400)
    check_path(imp(problem, 150), problem, lstsq, every=30)


INDEPENDENT = [
    gaussian,
    correlated,
    one_small_singular_value,
    geometric_decay,
    near_duplicates,
    hilbert,
    vandermonde,
]


@pytest.mark.parametrize("kind", INDEPENDENT, ids=lambda kind: kind.__name__)
@given(st.integers(2, 7), seeds)
def test_weights_are_as_close_to_exact_arithmetic_as_lstsq(kind, p, seed):
    problem = draw(kind, np.random.default_rng(seed), p + 2, p)
    check_path(imp(problem, problem.p - 1), problem, least_squares_in_fractions)


def lstsq_order(Phi, y):
    left, order = np.arange(Phi.shape[1]), []
    while left.size > 1:
        i = int(np.abs(np.linalg.lstsq(Phi[:, left], y)[0]).argmin())
        order.append(int(left[i]))
        left = np.delete(left, i)
    return order


@pytest.mark.parametrize("kind", INDEPENDENT, ids=lambda kind: kind.__name__)
@given(st.integers(2, 12), seeds)
def test_order_is_that_of_lstsq_wherever_lstsq_is_sure_of_it(kind, p, seed):
    rng = np.random.default_rng(seed)
    problem = draw(kind, rng, p + 3, p)
    Phi, y = problem.Phi, problem.y
    order = lstsq_order(Phi, y)
    for _ in range(5):
        nudged = lstsq_order(
            Phi * (1 + 1e-13 * rng.uniform(-1, 1, Phi.shape)),
            y * (1 + 1e-13 * rng.uniform(-1, 1, y.shape)),
        )
        if nudged != order:
            return
    assert imp(problem, problem.p - 1).pruned.tolist() == order


@pytest.mark.parametrize("seed", range(3))
def test_order_is_that_of_recursive_feature_elimination(seed):
    rng = np.random.default_rng(seed)
    Phi, y = rng.standard_normal((160, 80)), rng.standard_normal(160)
    rfe = RFE(LinearRegression(fit_intercept=False), n_features_to_select=1).fit(Phi, y)
    assert np.array_equal(imp(LeastSquares(Phi, y), 79).pruned, np.argsort(-rfe.ranking_)[:-1])


def flow_in_decimals(time, digits=120):
    """Return a function that computes the flow with numbers of `digits` decimal digits.

    It uses (w(T), 1) = e^M·(w(0), 1) and e^M = (e^{M/2^k})^{2^k}.
    """

    def refit(Phi, y, w0):
        with decimal.localcontext(prec=digits):
            A = np.vectorize(Decimal, otypes=[object])(np.column_stack((Phi, -y)))
            gram = A.T @ A
            t = Decimal(time) / len(y)
            m = len(w0)
            M = np.full((m + 1, m + 1), Decimal(0), dtype=object)
            M[:m] = -t * gram[:m]
            doublings = 40 + max(0, int(np.ceil(np.log2(1e-300 + float(abs(M).max())))))
            M = M / Decimal(2) ** doublings
            flow = term = np.where(np.eye(m + 1, dtype=bool), Decimal(1), Decimal(0))
            for i in range(1, 12):
                term = term @ M / i
                flow = flow + term
            for _ in range(doublings):
                flow = flow @ flow
            w = flow @ np.array([*map(Decimal, w0.tolist()), Decimal(1)])
            return w[:m].astype(float)

    return refit


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@given(st.integers(1, 5), st.integers(1, 4), seeds, st.floats(-12, 12))
@settings(max_examples=settings().max_examples // 4)
def test_path_after_finite_time_is_the_flow_in_exact_arithmetic(kind, n, p, seed, digits):
    rng, T = np.random.default_rng(seed), 10.0**digits
    problem = draw(kind, rng, n, p)
    start = rng.choice([0, 1]) * rng.standard_normal(problem.p)
    path = imp(problem, problem.p - 1, T=T, w_init=start)
    check_path(path, problem, flow_in_decimals(T), start, T)


@pytest.mark.parametrize("T", [0.0, 1e-12, 1e-3, 1.0, 1e3])
@pytest.mark.parametrize("kind", [gaussian, geometric_decay, dependent_block])
def test_path_after_finite_time_is_the_matrix_exponential(kind, T):
    rng = np.random.default_rng(5)
    problem = draw(kind, rng, 40, 25)
    start = rng.standard_normal(25)

    def refit(Phi, y, w0):
        generator = np.zeros((w0.size + 1,) * 2)
        generator[:-1] = -T * Phi.T @ np.column_stack((Phi, -y)) / y.size
        return (scipy.linalg.expm(generator) @ np.append(w0, 1))[:-1]

    check_path(imp(problem, 24, T=T, w_init=start), problem, refit, start, T, allowed=1e4)


def test_path_after_finite_time_is_the_solution_of_the_differential_equation():
    problem = draw(gaussian, np.random.default_rng(6), 12, 8)
    path = imp(problem, 7, T=2.0, w_init=np.ones(8))
    for k, active in enumerate(path.active):
        Phi = problem.Phi[:, active]
        solution = solve_ivp(
            lambda _, w, Phi=Phi: Phi.T @ (problem.y - Phi @ w) / problem.n,
            (0, 2),
            np.ones(active.sum()),
            rtol=1e-10,
            atol=1e-12,
        )
        assert np.allclose(path.weights[k, active], solution.y[:, -1], atol=1e-8)


@given(st.integers(1, 12), st.integers(1, 10), seeds, st.data())
def test_a_round_prunes_the_smallest_weights_of_one_training(n, p, seed, data):
    problem = draw(gaussian, np.random.default_rng(seed), n, p)
    q = data.draw(st.integers(0, p - 1))
    per_round = data.draw(st.integers(1, 5) | st.floats(0.01, 0.99))
    path = imp(problem, q, per_round=per_round)
    done = 0
    for row, active in zip(path.weights, path.active, strict=True):
        left = np.flatnonzero(active)
        assert left.size == p - done
        assert np.allclose(
            row[left], lstsq(problem.Phi[:, left], problem.y, np.zeros(left.size)), rtol=1e-6
        )
        size = per_round if isinstance(per_round, int) else max(1, round(per_round * left.size))
        chosen = left[np.argsort(np.abs(row[left]), kind="stable")][:size]
        assert np.array_equal(path.pruned[done : done + size], chosen[: q - done])
        done = min(q, done + size)
    assert done == q


def test_rounds_are_told_only_where_they_are_not_the_prunings():
    problem = draw(gaussian, np.random.default_rng(0), 9, 6)
    assert imp(problem, 4).rounds is None
    assert imp(problem, 4, per_round=3).rounds.tolist() == [0, 3, 4]


def test_a_tenth_per_round_prunes_counts_that_can_be_foretold():
    path = imp(LeastSquares(np.eye(40), np.arange(40.0)), 20, per_round=0.1)
    assert path.rounds.tolist() == [0, 4, 8, 11, 14, 17, 19, 20]


@given(st.integers(1, 12), st.integers(1, 10), seeds, st.sampled_from([1.0, np.inf]))
def test_keeping_the_last_weights_only_changes_nothing_else(n, p, seed, T):
    problem = draw(gaussian, np.random.default_rng(seed), n, p)
    every, last = (imp(problem, p - 1, T=T, keep=keep) for keep in ("all", "last"))
    assert np.array_equal(every.pruned, last.pruned)
    assert np.array_equal(every.output, last.output)
    assert last.weights.shape == (1, p)
    assert np.array_equal(last.active, every.active[-1:])


def test_equal_weights_go_by_lowest_index():
    assert imp(LeastSquares(np.eye(90), np.ones(90)), 89).pruned.tolist() == list(range(89))
    Phi = np.random.default_rng(0).standard_normal((20, 9))
    Phi[:, [1, 4, 5]] = 0
    assert imp(LeastSquares(Phi, Phi.sum(axis=1)), 4).pruned[:3].tolist() == [1, 4, 5]


@pytest.mark.parametrize("scale", [1e-170, 1e-120, 1e120, 1e170])
def test_no_scale_of_the_features_is_lost(scale):
    rng = np.random.default_rng(0)
    Phi, y = rng.standard_normal((30, 20)), rng.standard_normal(30)
    path = imp(LeastSquares(Phi * scale, y), 19)
    assert np.array_equal(path.pruned, imp(LeastSquares(Phi, y), 19).pruned)


@pytest.mark.parametrize(
    "disguise",
    [
        np.asfortranarray,
        lambda a: np.repeat(np.repeat(a, 2, axis=0), 3, axis=-1)[::2, ::3],
        lambda a: a.astype(np.float32),
        lambda a: a.astype(int),
        lambda a: a[::-1, ::-1][::-1, ::-1],
    ],
    ids=["fortran", "strided", "float32", "integer", "reversed"],
)
def test_layout_and_type_of_the_input_do_not_matter(disguise):
    rng = np.random.default_rng(1)
    Phi, y = rng.integers(-9, 9, (30, 20)).astype(float), rng.integers(-9, 9, 30)
    given_Phi = disguise(Phi)
    given_Phi.flags.writeable = False
    path = imp(LeastSquares(given_Phi, y), 19)
    assert np.array_equal(path.weights, imp(LeastSquares(Phi, y), 19).weights)
    assert np.array_equal(given_Phi, Phi)


def test_the_problem_is_left_untouched():
    problem = draw(near_duplicates, np.random.default_rng(2), 100, 90)
    before = problem.Phi.copy(), problem.y.copy()
    imp(problem, 89)
    assert np.array_equal(problem.Phi, before[0])
    assert np.array_equal(problem.y, before[1])


def engine_of(Phi, time=np.inf):
    n, p = Phi.shape
    return make_engine(System(Phi, np.ones(n), np.zeros(p), np.arange(p)), time)


def test_the_fast_engine_is_chosen_where_it_is_accurate():
    rng = np.random.default_rng(3)
    assert isinstance(engine_of(gaussian(rng, 100, 50)), Downdating)
    assert isinstance(engine_of(gaussian(rng, 50, 100)), Downdating)
    assert isinstance(engine_of(near_duplicates(rng, 100, 50) @ np.diag(np.ones(50))), Deletion)
    assert isinstance(engine_of(gaussian(rng, 50, 50)), Deletion)
    assert isinstance(engine_of(gaussian(rng, 100, 50), time=0.01), Polynomial)
    assert isinstance(
        engine_of(with_singular_values(rng, 60, 50, np.geomspace(1, 1e-6, 50)), 1e5), Refitting
    )


def test_the_probe_goes_through_the_steps_of_the_weights():
    engine = engine_of(gaussian(np.random.default_rng(5), 50, 200))
    engine._probe = 0.1 * engine.w / np.abs(engine.w).max()  # a probe proportional to the weights
    removed = 0
    while engine.remove(int(np.argmin(np.abs(engine.w)))) is engine:
        removed += 1
        w = np.where(np.isfinite(engine.w), engine.w, 0.0)
        scale = (engine._probe @ w) / (w @ w)
        assert np.allclose(engine._probe, scale * w, rtol=0, atol=1e-9)
    assert removed > BLOCK


def test_an_ill_conditioned_factor_is_not_inverted_however_tame_its_diagonal():
    assert inverse(np.asfortranarray(np.eye(40) - np.tril(np.ones((40, 40)), -1))) is None
    L = np.tril(np.random.default_rng(7).uniform(-0.1, 0.1, (6, 6)), -1) + np.eye(6)
    expected = np.linalg.inv(L @ L.T)
    assert np.allclose(np.tril(inverse(np.asfortranarray(L))), np.tril(expected))


def test_memory_stays_within_four_square_matrices():
    p = 500
    problem = draw(gaussian, np.random.default_rng(4), 2 * p, p)
    tracemalloc.start()
    imp(problem, p - 1, keep="last")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak <= 4 * 8 * p**2


@pytest.mark.parametrize("seed", range(40))
def test_two_copies_are_seen_whatever_rounding_makes_of_them(seed):
    rng = np.random.default_rng(seed)
    problem = LeastSquares(
        np.repeat(rng.standard_normal((2, 1)), 2, axis=1), rng.standard_normal(2)
    )
    start = rng.standard_normal(2)
    check_path(imp(problem, 1, w_init=start), problem, lstsq, start)


@pytest.mark.parametrize("seed", [245, 431, 614, 741, 1397, 1570])
def test_a_nullspace_of_features_of_every_scale_stays_accurate(seed):
    # For these seeds, six digits are lost if the null basis is kept too long.
    rng = np.random.default_rng(seed)
    p, n = int(rng.integers(4, 12)), int(rng.integers(1, 3))
    Phi = rng.standard_normal((n, p)) * 10 ** rng.uniform(-5, 5, p)
    start = rng.standard_normal(p)
    problem = LeastSquares(Phi, rng.standard_normal(n))
    check_path(imp(problem, p - 1, w_init=start), problem, lstsq, start)


@pytest.mark.filterwarnings("ignore:overflow", "ignore:invalid")
@pytest.mark.parametrize("seed", range(5))
def test_a_large_start_leaves_no_error_once_no_null_vector_is_left(seed):
    rng = np.random.default_rng(seed)
    null = np.full(5, 5**-0.5)
    rows = np.linalg.qr(np.column_stack((null, rng.standard_normal((5, 4)))))[0].T[1:]
    problem = LeastSquares(
        np.linalg.qr(rng.standard_normal((4, 4)))[0] @ rows, rng.standard_normal(4)
    )
    path = imp(problem, 1, w_init=1e8 * null)
    left = path.active[1]
    expected = np.linalg.solve(problem.Phi[:, left], problem.y)
    np.testing.assert_allclose(path.weights[1, left], expected, rtol=1e-12)


def test_weights_beyond_the_range_of_doubles_are_refused():
    with pytest.raises(ValueError, match="beyond the range of doubles"):
        imp(LeastSquares([[1e-300]], [1e300]), 0)


@pytest.mark.parametrize("T", [300.0, 2000.0, 9803.0])
def test_a_long_time_with_moderate_condition_is_the_flow(T):
    Phi = np.diag([1, 0.101])
    for seed in range(20):
        y = np.random.default_rng(seed).standard_normal(2)
        path = imp(LeastSquares(Phi, y), 0, T=T)
        expected = flow_in_decimals(T)(Phi, y, np.zeros(2))
        error = np.linalg.norm(path.output - expected)
        assert error <= 100 * uncertainty(Phi, y, expected, np.zeros(2), T)


def kahan(angle, n):
    sine, cosine = np.sin(angle), np.cos(angle)
    return sine ** np.arange(n)[:, None] * (np.eye(n) - cosine * np.triu(np.ones((n, n)), 1))


def test_round_0_is_the_flow_where_pivots_do_not_show_the_rank():
    triangle = np.eye(60) - np.tri(60, 60, -1)
    for Phi in (np.hstack([triangle] * 3), triangle, *(kahan(a, 40) for a in (0.65, 1.2))):
        problem = LeastSquares(Phi, np.ones(len(Phi)))
        flow = gradient_flow(problem, np.inf)
        output = imp(problem, 0).output
        assert problem.loss(output) <= problem.loss(flow) * (1 + 1e-6) + 1e-20
        assert np.linalg.norm(output - flow) <= 1e-6 * np.linalg.norm(flow)


def close_to_the_flow(problem):
    """Whether round 0 of `imp` agrees with the flow up to rounding.

    Each weight is multiplied by its feature's norm before the comparison.
    """
    output, flow = imp(problem, 0).output, gradient_flow(problem, np.inf)
    size = np.linalg.norm(problem.Phi, axis=0)
    s = np.linalg.svd(problem.Phi / np.where(size > 0, size, 1), compute_uv=False)
    s = s[s > 1e-13 * s[0]]
    scale = np.linalg.norm(size * flow) + np.linalg.norm(problem.y) / s[-1]
    return np.linalg.norm(size * (output - flow)) <= 1e4 * EPS * (s[0] / s[-1]) * scale


@pytest.mark.parametrize(
    "kind", [gaussian, near_duplicates, geometric_decay, one_small_singular_value, vandermonde]
)
@given(st.integers(1, 8), seeds)
def test_round_0_is_the_flow_in_any_units(kind, p, seed):
    rng = np.random.default_rng(seed)
    Phi = kind(rng, p + 2, p)
    Phi = Phi * 10 ** rng.uniform(-60, 60, Phi.shape[1])
    assert close_to_the_flow(LeastSquares(Phi, rng.standard_normal(p + 2)))


@pytest.mark.parametrize("kind", INDEPENDENT, ids=lambda kind: kind.__name__)
@given(st.integers(1, 7), seeds)
def test_units_of_independent_features_are_units_of_their_weights_and_no_more(kind, p, seed):
    rng = np.random.default_rng(seed)
    problem = draw(kind, rng, p + 2, p)
    e = rng.integers(-60, 61, problem.p)
    exact = least_squares_in_fractions(problem.Phi, problem.y, None)
    scaled = LeastSquares(np.ldexp(problem.Phi, e), problem.y)
    allowed = 500 * uncertainty(problem.Phi, problem.y, exact, 0 * exact)
    for w in (imp(scaled, 0).output, gradient_flow(scaled, np.inf)):
        assert np.linalg.norm(np.ldexp(w, e) - exact) <= allowed


@pytest.mark.parametrize("unit", [1.0, 1e-17, 1e17])
def test_two_copies_do_not_touch_an_independent_feature_in_other_units(unit):
    rng = np.random.default_rng(0)
    a, b = rng.standard_normal((2, 8))
    problem = LeastSquares(np.column_stack((a, a, unit * b)), 2 * a + b)
    for w in (imp(problem, 0).output, gradient_flow(problem, np.inf)):
        np.testing.assert_allclose(w * [1, 1, unit], [1, 1, 1], rtol=1e-12)


@pytest.mark.parametrize("size", [5e-324, 1e-320, 1e-163, 1e-100])
@pytest.mark.parametrize("shape", [(1, 1), (3, 1), (1, 3)])
def test_features_below_the_range_of_normal_doubles_are_fitted(size, shape):
    problem = LeastSquares(np.full(shape, size), np.full(shape[0], size))
    for w in (imp(problem, 0).output, gradient_flow(problem, np.inf)):
        np.testing.assert_allclose(w, 1 / shape[1], rtol=1e-12)


@pytest.mark.parametrize("size", [1, 10**9, 10**15])
def test_ones_beside_large_integers_fit_what_they_can(size):
    k = np.arange(8.0)
    problem = LeastSquares(np.column_stack((np.ones(8), k * size)), k + 1000)
    for w in (imp(problem, 0).output, gradient_flow(problem, np.inf)):
        np.testing.assert_allclose(problem.Phi @ w, problem.y, rtol=1e-13)


@pytest.mark.parametrize("p", [1, 3, 40])
def test_the_smallest_singular_value_is_estimated_from_above(p: int) -> None:
    A = np.random.default_rng(p).standard_normal((p, p))
    R = np.triu(A)
    exact = np.linalg.svd(R, compute_uv=False)[-1]
    assert (1 - 1e-6) * exact <= smallest_singular_value(A) <= 2 * exact
    R[-1, -1] = 0
    assert smallest_singular_value(R) == 0
