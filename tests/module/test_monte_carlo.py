"""The Monte Carlo functions: exact intervals, reproducible answers, many noise vectors at once."""

from __future__ import annotations

import threading
import tracemalloc
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, binomtest, norm

from impbook import LeastSquares, estimate_probability, imp
from impbook.designs import design_with_covariance
from impbook.monte_carlo import (
    Estimate,
    clopper_pearson,
    estimate_false_exclusion,
    imp_many,
    many,
    replicates,
)
from impbook.noise import gaussian_noise, rademacher_noise


def third(rng: np.random.Generator) -> bool:
    return bool(rng.random() < 1 / 3)


def count_in_trials(rng: np.random.Generator) -> float:
    return rng.random()


# Intervals


@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
@settings(deadline=None, max_examples=50)
def test_clopper_pearson_is_scipys_exact_interval(case: tuple[int, int]) -> None:
    k, n = case
    for confidence in (0.5, 0.95, 0.999):
        exact = binomtest(k, n).proportion_ci(confidence, method="exact")
        assert clopper_pearson(k, n, confidence) == pytest.approx((exact.low, exact.high))


def test_clopper_pearson_misses_at_most_as_often_as_promised() -> None:
    n = 37
    low, high = clopper_pearson(np.arange(n + 1), n, 0.9)
    for rate in np.linspace(0.0, 1.0, 101):
        weight = binom.pmf(np.arange(n + 1), n, rate)
        assert weight[low > rate].sum() <= 0.05 + 1e-12
        assert weight[high < rate].sum() <= 0.05 + 1e-12


def test_clopper_pearson_broadcasts() -> None:
    low, high = clopper_pearson([[0], [3]], [5, 10, 20])
    assert low.shape == high.shape == (2, 3)
    assert (low[1, 2], high[1, 2]) == clopper_pearson(3, 20)


# One replicate at a time


def test_the_answer_is_that_of_spawned_generators() -> None:
    expected = sum(third(child) for child in np.random.default_rng(5).spawn(1)[0].spawn(700))
    assert estimate_probability(third, 700, rng=5).successes == expected


def test_the_answer_does_not_depend_on_the_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = set()
    for chunks in (1, 7, 256, 10_000):
        monkeypatch.setattr(replicates, "CHUNKS", chunks)
        answers.add(estimate_probability(third, 300, rng=1))
    assert len(answers) == 1


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_a_process_pool_gives_the_serial_answer(workers: int) -> None:
    with ProcessPoolExecutor(workers) as pool:
        parallel = estimate_probability(third, 500, rng=2, executor=pool)
    assert parallel == estimate_probability(third, 500, rng=2)


def test_threads_give_the_serial_answer() -> None:
    with ThreadPoolExecutor(4) as pool:
        parallel = estimate_probability(third, 500, rng=3, executor=pool)
    assert parallel == estimate_probability(third, 500, rng=3)


def test_runs_in_order_where_no_thread_can_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    with ThreadPoolExecutor(2) as pool:
        alone = estimate_probability(third, 500, rng=3, executor=pool)
    assert alone == estimate_probability(third, 500, rng=3)


def test_other_refusals_of_an_executor_are_not_hidden() -> None:
    pool = ThreadPoolExecutor(1)
    pool.shutdown()
    with pytest.raises(RuntimeError, match="after shutdown"):
        estimate_probability(third, 10, rng=0, executor=pool)


@pytest.mark.filterwarnings("default")
def test_dask_gives_the_serial_answer() -> None:
    distributed = pytest.importorskip("distributed", reason="distributed is not installed")

    def local_third(rng: np.random.Generator) -> bool:
        return bool(rng.random() < 1 / 3)

    # Workers in this process start quickly. They use TCP, so everything is still pickled.
    with (
        distributed.LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            processes=False,
            protocol="tcp",
            dashboard_address=":0",
        ) as cluster,
        distributed.Client(cluster) as client,
        client.get_executor() as pool,
    ):
        parallel = estimate_probability(local_third, 500, rng=4, executor=pool)
    assert parallel == estimate_probability(local_third, 500, rng=4)


def test_one_generator_gives_new_replicates_each_time() -> None:
    rng = np.random.default_rng(6)
    first = estimate_probability(third, 1000, rng=rng)
    assert first != estimate_probability(third, 1000, rng=rng)
    assert first == estimate_probability(third, 1000, rng=6)


def test_the_interval_holds_a_known_probability() -> None:
    estimate = estimate_probability(third, 4000, rng=7, confidence=0.999)
    assert estimate.low < 1 / 3 < estimate.high
    assert estimate.rate == estimate.successes / 4000


def test_other_bit_generators_are_kept() -> None:
    seen = []

    def event(rng: np.random.Generator) -> bool:
        seen.append(type(rng.bit_generator))
        return True

    estimate_probability(event, 2, rng=np.random.Generator(np.random.Philox(1)))
    assert seen == [np.random.Philox, np.random.Philox]


def test_an_error_names_its_replicate() -> None:
    def event(rng: np.random.Generator) -> bool:
        if rng.random() < 0.02:
            raise ZeroDivisionError("by chance")
        return True

    with pytest.raises(ZeroDivisionError) as info:
        estimate_probability(event, 1000, rng=0)
    draws = [child.random() for child in np.random.default_rng(0).spawn(1)[0].spawn(1000)]
    first = int(np.argmax(np.array(draws) < 0.02))
    assert info.value.__notes__ == [f"in replicate {first}"]


def test_after_an_error_no_work_is_left_queued() -> None:
    class Lazy(Executor):
        """An executor whose first task fails immediately and whose other tasks never run."""

        def __init__(self) -> None:
            self.futures: list[Future[object]] = []

        def submit(self, fn, /, *args, **kwargs):  # type: ignore[no-untyped-def]
            future: Future[object] = Future()
            if not self.futures:
                future.set_running_or_notify_cancel()
                future.set_exception(OSError("worker lost"))
            self.futures.append(future)
            return future

    pool = Lazy()
    with pytest.raises(OSError, match="worker lost"):
        estimate_probability(third, 100, rng=0, executor=pool)
    assert all(future.cancelled() for future in pool.futures[1:])


def test_an_event_must_return_a_boolean() -> None:
    with pytest.raises(TypeError, match="event must return True or False, got 0"):
        estimate_probability(count_in_trials, 10, rng=0)


# Many noise vectors at once


@st.composite
def problems(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, int]:
    """A design, five vectors of targets, and a number of prunings.

    The design may be ill-conditioned, singular or wide.
    """
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n, p = draw(st.integers(1, 9)), draw(st.integers(1, 8))
    Phi = rng.standard_normal((n, p)) * 10.0 ** rng.uniform(-1.5, 1.5, size=p)
    if p > 2 and draw(st.booleans()):
        Phi[:, 0] = Phi[:, 1] + Phi[:, 2]
    return Phi, rng.standard_normal((5, n)), draw(st.integers(0, p - 1))


@given(problems(), st.integers(1, 6))
@settings(deadline=None, max_examples=120)
def test_imp_many_is_imp_row_by_row(case: tuple[np.ndarray, np.ndarray, int], batch: int) -> None:
    Phi, Y, q = case
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(many, "BATCH_BYTES", batch * 8 * Phi.shape[1] * (q + 6))
        paths = imp_many(Phi, Y, q)
    assert paths.pruned.shape == (5, q) and paths.output.shape == (5, Phi.shape[1])
    for t, y in enumerate(Y):
        path = imp(LeastSquares(Phi, y), q)
        if not _decided(path):
            continue
        np.testing.assert_array_equal(paths.pruned[t], path.pruned)
        scale = np.abs(path.weights).max()
        np.testing.assert_allclose(paths.output[t], path.output, rtol=0, atol=1e-8 * scale)
        assert (paths.output[t, path.pruned] == 0).all()


def _decided(path) -> bool:  # type: ignore[no-untyped-def]
    """Whether every pruning step was decided by a margin larger than rounding errors."""
    size = np.where(path.active[:-1], np.abs(path.weights[:-1]), np.inf)
    if size.shape[1] < 2:
        return True
    two = np.sort(size, axis=1)[:, :2]
    return bool((two[:, 1] - two[:, 0] > 1e-9 * np.abs(path.weights).max()).all())


@pytest.mark.parametrize("condition", [1e2, 1e4, 1e6, 1e8])
def test_imp_many_follows_imp_on_ill_conditioned_features(condition: float) -> None:
    rng = np.random.default_rng(11)
    p = 12
    for _ in range(5):
        V, _ = np.linalg.qr(rng.standard_normal((p, p)))
        Sigma = (V * np.geomspace(1.0, condition**-2.0, p)) @ V.T
        Phi = design_with_covariance(30, (Sigma + Sigma.T) / 2, rng=rng)
        Y = rng.standard_normal((3, 30))
        pruned = imp_many(Phi, Y, p - 1).pruned
        for y, order in zip(Y, pruned, strict=True):
            path = imp(LeastSquares(Phi, y), p - 1)
            agreeing = np.cumprod(path.pruned == order).sum()
            if agreeing < p - 1:  # the orders first differ where two weights nearly tie
                w = np.abs(path.weights[agreeing])
                gap = abs(w[path.pruned[agreeing]] - w[order[agreeing]])
                assert gap <= 1e-14 * condition * w.max()


def test_the_two_ways_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(12)
    Phi, Y = rng.standard_normal((30, 10)), rng.standard_normal((200, 30))
    fast = imp_many(Phi, Y, 9)
    monkeypatch.setattr(many, "CONDITION_LIMIT", 0.0)
    refit = imp_many(Phi, Y, 9)
    np.testing.assert_array_equal(fast.pruned, refit.pruned)
    np.testing.assert_allclose(fast.output, refit.output, atol=1e-12)


def test_exact_ties_go_to_the_lowest_index() -> None:
    Y = np.array([[1.0, -1.0, 1.0, -1.0], [2.0, 1.0, -1.0, 1.0], [0.0, 0.0, 0.0, 0.0]])
    for Phi in (np.eye(4), 2 * np.eye(4)):
        pruned = imp_many(Phi, Y, 3).pruned
        np.testing.assert_array_equal(pruned, [[0, 1, 2], [1, 2, 3], [0, 1, 2]])


def test_memory_is_that_of_one_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many, "BATCH_BYTES", 500 * 8 * 10 * (9 + 6))
    rng = np.random.default_rng(13)
    Phi, Y = rng.standard_normal((12, 10)), rng.standard_normal((20_000, 12))
    imp_many(Phi, Y[:10], 9)
    tracemalloc.start()
    imp_many(Phi, Y, 9)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    answer = 8 * 20_000 * (9 + 10)
    assert peak < 2.5 * answer + 8 * 500 * 10 * 9 * 3


def test_false_exclusion_counts_what_imp_loses() -> None:
    rng = np.random.default_rng(14)
    Phi, s = rng.standard_normal((12, 5)), np.array([1.0, 0.3, -1.0, 0.0, 0.0])
    estimate = estimate_false_exclusion(
        Phi, s, 3, 400, gamma=1.0, sigma=1.5, noise=rademacher_noise, rng=15
    )
    xi = rademacher_noise(400 * 12, sigma=1.5, rng=15).reshape(400, 12)
    outputs = [imp(LeastSquares(Phi, Phi @ s + noise), 3).output for noise in xi]
    assert estimate.successes == sum(v[0] == 0 or v[2] == 0 for v in outputs)
    assert 0 < estimate.successes < 400


def test_false_exclusion_matches_a_known_probability() -> None:
    # Φ = I: the signal is lost if |γ + a| < |b|, where the noises a, b are independent N(0, σ²)
    estimate = estimate_false_exclusion(
        np.eye(2), [2.0, 0.0], 1, 20_000, gamma=2.0, sigma=1.0, rng=16, confidence=0.999
    )
    tail = norm.sf(2.0 / np.sqrt(2))
    assert estimate.low < 2 * tail * (1 - tail) < estimate.high


def test_weak_signals_may_be_lost() -> None:
    estimate = estimate_false_exclusion(np.eye(3), [5.0, 0.1, 0.0], 2, 50, gamma=5.0, sigma=0.01)
    assert estimate == Estimate(0, 50, *clopper_pearson(0, 50))


BAD_INPUT = [
    (clopper_pearson, (5, 4), {}, ValueError, "between 0 and trials = 4, got 5"),
    (clopper_pearson, (-1, 4), {}, ValueError, "got -1"),
    (clopper_pearson, (0, 0), {}, ValueError, "trials must be at least 1, got 0"),
    (clopper_pearson, (0.5, 4), {}, TypeError, "successes must hold integers"),
    (clopper_pearson, (1, 4, 1.0), {}, ValueError, "confidence must lie strictly between"),
    (estimate_probability, (third, 0), {}, ValueError, "trials must be at least 1, got 0"),
    (estimate_probability, (third, 2.5), {}, TypeError, "trials must be an integer"),
    (estimate_probability, (third, 5), {"confidence": 2}, ValueError, "confidence"),
    (imp_many, (np.eye(2), [1.0, 2.0], 1), {}, ValueError, "Y must have 2 dimension"),
    (imp_many, (np.eye(2), [[1.0, 2.0, 3.0]], 1), {}, ValueError, "one column for each of the 2"),
    (imp_many, (np.eye(2), [[1.0, np.nan]], 1), {}, ValueError, "Y must be finite"),
    (imp_many, (np.eye(2), [[1.0, 2.0]], 2), {}, ValueError, "leaves nothing to train"),
    (imp_many, (np.eye(2), [[1e300, 2.0]], 1), {}, ValueError, "rescale Y"),
    (estimate_false_exclusion, (np.eye(2), [1.0], 1, 9), {"gamma": 1.0}, ValueError, "2 entries"),
    (estimate_false_exclusion, (np.eye(2), [1.0, 0], 1, 9), {"gamma": 0}, ValueError, "gamma"),
    (
        estimate_false_exclusion,
        (np.eye(2), [1.0, 0], 1, 9),
        {"gamma": 1, "sigma": -1.0},
        ValueError,
        "sigma must be nonnegative",
    ),
]


@pytest.mark.parametrize(("function", "args", "options", "error", "message"), BAD_INPUT)
def test_bad_input(function, args, options, error, message) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(error, match=message):
        function(*args, **options)


def test_gaussian_noise_is_the_default() -> None:
    same = [
        estimate_false_exclusion(np.eye(2), [1.0, 0.0], 1, 300, gamma=1.0, rng=17, **options)
        for options in ({}, {"noise": gaussian_noise, "sigma": 1.0})
    ]
    assert same[0] == same[1]
