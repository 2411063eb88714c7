"""Compare the engine with its peers: `make bench` prints a table and stores it in results.md.

Runs of our code alternate with runs of a peer, so that other programs slow both alike. A row
gives the median ratio of the peer's time to ours. The whole run takes about twenty minutes.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks import designs, peers, selection
from benchmarks.table import HEADER, growth, machine, peak, race, row, seconds
from impbook import LeastSquares, gradient_flow, imp
from impbook.monte_carlo import imp_many
from impbook.pruning import algorithm_1


def order(Phi, y) -> Callable:
    """A function that prunes to the end of the path, and recomputes Σ on every call."""
    problem = LeastSquares(Phi, y)
    return lambda: imp(problem, problem.p - 1, keep="last")


def one_inverse() -> None:
    """Compare the times of the whole path and of one matrix inverse, and their growth with p."""
    sizes, times = [500, 1000, 2000, 4000], []
    for p in sizes:
        Phi, y = designs.problem(designs.gaussian, 2 * p, p)
        inverse = partial(np.linalg.inv, Phi.T @ Phi / (2 * p))
        runs, bar = (9 if p <= 2000 else 3), (0.67 if p == 2000 else 0)
        times.append(race(f"one `inv`, p = {p}", order(Phi, y), inverse, bar, runs))
    ours, peer = zip(*times, strict=True)
    growth("ours", sizes, ours)
    growth("`inv`", sizes, peer)


def refits() -> None:
    """Time `imp` on a whole path against three methods that refit in every round."""
    rivals = {"`lstsq`": peers.by_lstsq, "Cholesky": peers.by_cholesky, "RFE": peers.by_rfe}
    sizes = [100, 300, 500]
    for name, rival in rivals.items():
        times = []
        for p in sizes:
            Phi, y = designs.problem(designs.gaussian, 2 * p, p)
            bar = 100 if name == "RFE" and p == 500 else 0
            refit = partial(rival, Phi, y, p - 1)
            _, t = race(f"{name} every round, p = {p}", order(Phi, y), refit, bar)
            times.append(t)
        growth(f"{name} every round", sizes, times)


def ill_conditioned(p: int = 400) -> None:
    """Compare `imp` at condition number 1e8 with lstsq, and with `imp` on well-conditioned data."""
    easy = order(*designs.problem(designs.gaussian, 2 * p, p))
    for design in designs.ILL_CONDITIONED:
        what = f"{designs.name(design)}, p = {p}, one thread"
        Phi, y = designs.problem(design, 2 * p, p)
        ours, refit = order(Phi, y), partial(peers.by_lstsq, Phi, y, p - 1)
        race(f"well-conditioned, against {what}", ours, easy, 0.05, 5)
        race(f"`lstsq` every round, {what}", ours, refit, 20)


def singular() -> None:
    """Compare `imp` with lstsq on features that include copies, or that outnumber the samples."""
    for what, design, n, p, bar in (
        ("n = 200, p = 1000", designs.gaussian, 200, 1000, 50),
        ("in units over six decades, n = 200, p = 1000", designs.in_units, 200, 1000, 0),
        ("a quarter copies, p = 400", designs.with_duplicates, 800, 400, 0),
    ):
        Phi, y = designs.problem(design, n, p)
        refit = partial(peers.by_lstsq, Phi, y, p - 1)
        race(f"`lstsq` every round, {what}, one thread", order(Phi, y), refit, bar)


def refitted_flow(problem: LeastSquares, T: float) -> None:
    """Prune to the end of the path, with one call of `gradient_flow` per round."""
    train = lambda w0, active: gradient_flow(problem, T, w0, active=active)  # noqa: E731
    algorithm_1(train, np.zeros(problem.p), problem.p - 1)


def finite_time(p: int = 200) -> None:
    """At finite T, compare `imp` with a call of `gradient_flow` in every round.

    Each call takes an SVD of Φ_A.
    """
    for what, design, T in (
        ("short, T = 1", designs.gaussian, 1.0),
        ("middle, T = 100", designs.gaussian, 1e2),
        ("long, T = 1e4", designs.gaussian, 1e4),
        ("stiff, T = 1e9, cond 1e8", designs.geometric, 1e9),
    ):
        problem = LeastSquares(*designs.problem(design, 2 * p, p))
        ours = partial(imp, problem, p - 1, T=T)
        every_round = partial(refitted_flow, problem, T)
        race(f"`gradient_flow` every round, {what}, p = {p}, one thread", ours, every_round)


def one_by_one(Phi, Y) -> None:
    """Prune to the end of the path for each target in turn."""
    for y in Y:
        imp(LeastSquares(Phi, y), Phi.shape[1] - 1)


def at_once(Phi, Y) -> None:
    """Prune to the end of the path for all targets together."""
    imp_many(Phi, Y, Phi.shape[1] - 1)


def many_targets(p: int = 20, trials: int = 10_000) -> None:
    """For one Φ and many targets, compare `imp_many` with a loop over `imp`."""
    rng = np.random.default_rng(p)
    Phi, Y = designs.gaussian(rng, 2 * p, p), rng.standard_normal((trials, 2 * p))
    what = f"`imp` for each of {trials} targets, p = {p}"
    race(what, partial(at_once, Phi, Y), partial(one_by_one, Phi, Y), 20)


def many_trials(sizes=(20, 80, 320)) -> None:
    """Measure the processor time of one trial, and compute how long a billion trials would take."""
    rng = np.random.default_rng(0)
    for kind, run in {"its own Φ": one_by_one, "one Φ for all": at_once}.items():
        times = []
        for p in sizes:
            Phi, Y = designs.gaussian(rng, 2 * p, p), rng.standard_normal((32_000 // p, 2 * p))
            spent = [seconds(partial(run, Phi, Y), time.process_time) for _ in range(5)]
            times.append(np.median(spent) / len(Y))
            days = f"$10^9$ trials in {1e9 * times[-1] / 86_400:.3g} days"
            row(f"a trial with {kind}, p = {p}, one core", days, ours=times[-1])
        growth(f"a trial with {kind}", sizes, times)


def memory(p: int = 1000) -> None:
    """Print the peak memory beyond the input, in units of one p × p array of doubles."""
    arrays = peak(order(*designs.problem(designs.gaussian, 2 * p, p))) / (8 * p**2)
    row(f"p × p arrays at the peak, p = {p}", f"{arrays:.2f}", "≤ 4", arrays <= 4)


if __name__ == "__main__":
    print(machine(), HEADER, sep="\n")
    one_inverse()
    refits()
    many_targets()
    with threadpool_limits(1):
        ill_conditioned()
        singular()
        finite_time()
        many_trials()
        memory()
        selection.cross_validated()
        selection.orders_agree()
        selection.memory()
