"""The engine against its peers: `python -m benchmarks` prints a table and writes results.md.

Every row alternates our run with the peer's and gives the median of the ratios, so that a busy
machine slows both. The whole run takes about twenty minutes on two cores.
"""

from __future__ import annotations

import os
import platform
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import scipy
from threadpoolctl import threadpool_limits

from benchmarks import designs, peers
from benchmarks.selection import selection
from impbook import LeastSquares, gradient_flow, imp
from impbook.monte_carlo import imp_many
from impbook.pruning import algorithm_1

RESULTS = Path(__file__).with_name("results.md")
HEADER = "| what | ratio | bar | met | ours (s) | peer (s) |\n|---|---:|---:|:---:|---:|---:|"

NBSP = "\u00a0"


def seconds(run: Callable) -> float:
    """Time of one run, after a pause in which the threads of the last run go idle."""
    time.sleep(0.1)
    begin = time.perf_counter()
    run()
    return time.perf_counter() - begin


def race(ours: Callable, peer: Callable, runs: int) -> tuple[float, float, float]:
    """Median of peer/ours over alternating runs, and the two median times."""
    times = np.array([(seconds(ours), seconds(peer)) for _ in range(runs)])
    return float(np.median(times[:, 1] / times[:, 0])), *np.median(times, axis=0)


class Table:
    """Rows of the table, printed as soon as they are measured and written at the end."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        print(HEADER)

    def row(self, what, ratio, bar="", met=None, ours=None, peer=None) -> None:
        """Add one line; ratio and bar are text, times are in seconds."""
        ratio, bar = ratio.replace(" ", NBSP), bar.replace(" ", NBSP)
        mark = {True: "yes", False: "NO", None: ""}[met]
        ours, peer = ("" if t is None else f"{t:.3g}" for t in (ours, peer))
        self.lines.append(f"| {what} | {ratio} | {bar} | {mark} | {ours} | {peer} |")
        print(self.lines[-1], flush=True)

    def faster(self, what, ours, peer, runs, at_least=None) -> tuple[float, float]:
        """Add a row for a peer that should be slower than us; return both times."""
        ratio, t, t_peer = race(ours, peer, runs)
        bar = "" if at_least is None else f"≥ {at_least}"
        met = None if at_least is None else ratio >= at_least
        self.row(what, f"{ratio:.3g}× faster", bar, met, t, t_peer)
        return t, t_peer

    def slower(self, what, ours, peer, runs, at_most=None) -> tuple[float, float]:
        """Add a row for a peer that should be faster than us; return both times."""
        ratio, t_peer, t = race(peer, ours, runs)
        bar = "" if at_most is None else f"≤ {at_most}"
        met = None if at_most is None else ratio <= at_most
        self.row(what, f"{ratio:.3g}× the time", bar, met, t, t_peer)
        return t, t_peer

    def growth(self, what, sizes, times) -> None:
        """Add the exponent of p in the times, by least squares on logarithms."""
        slope = np.polyfit(np.log(sizes), np.log(times), 1)[0]
        self.row(f"growth of {what}, p = {sizes[0]} … {sizes[-1]}", f"$p^{{{slope:.2f}}}$")


def order(Phi, y) -> Callable:
    """A function that prunes the whole path, from a problem that has not formed Σ yet."""
    problem = LeastSquares(Phi, y)
    return lambda: imp(problem, problem.p - 1, keep="last")


def draw(design: Callable, n: int, p: int):
    """The features of a design, and targets from a dense signal with some noise."""
    rng = np.random.default_rng(p)
    Phi = design(rng, n, p)
    return Phi, Phi @ rng.standard_normal(p) + 0.1 * rng.standard_normal(n)


def one_inverse(table: Table) -> None:
    """The whole path against one matrix inverse, and how both grow with p."""
    sizes, times = [500, 1000, 2000, 4000], []
    for p in sizes:
        Phi, y = draw(designs.gaussian, 2 * p, p)
        Sigma = Phi.T @ Phi / (2 * p)
        runs, bar = (9 if p <= 2000 else 3), (1.5 if p == 2000 else None)
        inverse = lambda Sigma=Sigma: np.linalg.inv(Sigma)  # noqa: E731
        times.append(table.slower(f"one `inv`, p = {p}", order(Phi, y), inverse, runs, bar))
    ours, peer = zip(*times, strict=True)
    table.growth("ours", sizes, ours)
    table.growth("`inv`", sizes, peer)


def refits(table: Table) -> None:
    """The whole path against three ways of refitting in every round."""
    rivals = {"`lstsq`": peers.by_lstsq, "Cholesky": peers.by_cholesky, "RFE": peers.by_rfe}
    sizes = [100, 300, 500]
    for name, rival in rivals.items():
        times = []
        for p in sizes:
            Phi, y = draw(designs.gaussian, 2 * p, p)
            bar = 100 if name == "RFE" and p == 500 else None
            run = lambda rival=rival, Phi=Phi, y=y, p=p: rival(Phi, y, p - 1)  # noqa: E731
            what = f"{name} every round, p = {p}"
            times.append(table.faster(what, order(Phi, y), run, 3, bar)[1])
        table.growth(f"{name} every round", sizes, times)


def ill_conditioned(table: Table) -> None:
    """Matrices of condition number 1e8: the cost, and the order compared with lstsq."""
    p = 400
    easy = order(*draw(designs.gaussian, 2 * p, p))
    for design in (designs.geometric, designs.near_duplicates, designs.one_small):
        name = design.__name__.replace("_", " ")
        Phi, y = draw(design, 2 * p, p)
        ours = order(Phi, y)
        table.slower(f"well-conditioned, against {name}, cond 1e8, p = {p}", ours, easy, 5, 20)
        run = lambda Phi=Phi, y=y: peers.by_lstsq(Phi, y, p - 1)  # noqa: E731
        table.faster(f"`lstsq` every round, {name}, cond 1e8, p = {p}", ours, run, 3, 20)


def orders_agree(table: Table, trials: int = 30, p: int = 40) -> None:
    """The order compared with lstsq, where a perturbation of 1e-13 does not change lstsq's."""
    for design in (designs.geometric, designs.near_duplicates, designs.one_small):
        sure = equal = 0
        for Phi, y, expected in peers.sure_orders(design, trials, p):
            sure += 1
            equal += np.array_equal(imp(LeastSquares(Phi, y), p - 1).pruned, expected)
        what = f"same order as `lstsq`, {design.__name__.replace('_', ' ')}, cond 1e8, p = {p}"
        table.row(what, f"{equal} of {sure}", "all", equal == sure)


def singular(table: Table) -> None:
    """Designs with more features than samples, or with copied features."""
    for what, design, n, p, bar in (
        ("n = 200, p = 1000", designs.gaussian, 200, 1000, 50),
        ("in units over six decades, n = 200, p = 1000", designs.in_units, 200, 1000, None),
        ("a quarter copies, p = 400", designs.with_duplicates, 800, 400, None),
    ):
        Phi, y = draw(design, n, p)
        run = lambda Phi=Phi, y=y, p=p: peers.by_lstsq(Phi, y, p - 1)  # noqa: E731
        table.faster(f"`lstsq` every round, {what}", order(Phi, y), run, 3, bar)


def finite_time(table: Table, p: int = 200) -> None:
    """Training for a finite time against a singular value decomposition of Φ_A every round."""
    for what, design, T in (
        ("short, T = 1", designs.gaussian, 1.0),
        ("middle, T = 100", designs.gaussian, 1e2),
        ("long, T = 1e4", designs.gaussian, 1e4),
        ("stiff, T = 1e9, cond 1e8", designs.geometric, 1e9),
    ):
        problem = LeastSquares(*draw(design, 2 * p, p))

        def every_round(problem=problem, T=T):
            def train(w0, active):
                return gradient_flow(problem, T, w0, active=active)

            return algorithm_1(train, np.zeros(p), p - 1)

        ours = lambda problem=problem, T=T: imp(problem, p - 1, T=T)  # noqa: E731
        table.faster(f"`gradient_flow` every round, {what}, p = {p}", ours, every_round, 3)


def many_targets(table: Table, p: int = 20, trials: int = 10_000) -> None:
    """One Φ with many targets: all at once, against a loop over `imp`."""
    rng = np.random.default_rng(p)
    Phi, Y = designs.gaussian(rng, 2 * p, p), rng.standard_normal((trials, 2 * p))
    loop = lambda: [imp(LeastSquares(Phi, y), p - 1).pruned for y in Y]  # noqa: E731
    at_once = lambda: imp_many(Phi, Y, p - 1)  # noqa: E731
    table.faster(f"`imp` for each of {trials} targets, p = {p}", at_once, loop, 3, 20)


def many_trials(table: Table, sizes=(20, 80, 320)) -> None:
    """The cost of one trial in processor time of one thread, and of a billion trials."""
    rng = np.random.default_rng(0)
    kinds: dict[str, Callable] = {
        "its own Φ": lambda Phi, Y: [imp(LeastSquares(Phi, y), Phi.shape[1] - 1) for y in Y],
        "one Φ for all": lambda Phi, Y: imp_many(Phi, Y, Phi.shape[1] - 1),
    }
    for kind, run in kinds.items():
        times = []
        for p in sizes:
            Phi, Y = designs.gaussian(rng, 2 * p, p), rng.standard_normal((32_000 // p, 2 * p))
            with threadpool_limits(1):
                cost = float(np.median([processor_time(run, Phi, Y) for _ in range(5)])) / len(Y)
            times.append(cost)
            days = f"$10^9$ trials in {1e9 * cost / 86_400:.3g} days"
            table.row(f"a trial with {kind}, p = {p}, one core", days, ours=cost)
        table.growth(f"a trial with {kind}", sizes, times)


def processor_time(run: Callable, *arguments) -> float:
    """Processor time of a run, which other programs on the machine do not affect."""
    begin = time.process_time()
    run(*arguments)
    return time.process_time() - begin


def memory(table: Table, p: int = 1000) -> None:
    """Peak memory beyond the input, in p × p arrays of doubles."""
    run = order(*draw(designs.gaussian, 2 * p, p))
    tracemalloc.start()
    run()
    arrays = tracemalloc.get_traced_memory()[1] / (8 * p**2)
    tracemalloc.stop()
    table.row(f"p × p arrays at the peak, p = {p}", f"{arrays:.2f}", "≤ 4", arrays <= 4)


def machine() -> str:
    """The processor, cores, BLAS and versions, without host names or paths."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    models = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    cpu = models[0] if models else platform.machine()
    blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    threads = os.environ.get("OPENBLAS_NUM_THREADS", os.cpu_count())
    return (
        f"{cpu}, {os.cpu_count()} cores, {threads} thread(s); {blas['name']} {blas['version']}, "
        f"numpy {np.__version__}, scipy {scipy.__version__}, Python {platform.python_version()}."
    )


def main() -> None:
    """Run everything."""
    table = Table()
    for part in (
        one_inverse,
        refits,
        ill_conditioned,
        orders_agree,
        singular,
        finite_time,
        many_targets,
        many_trials,
        memory,
        selection,
    ):
        part(table)
    RESULTS.write_text("\n".join((machine(), "", HEADER, *table.lines, "")), encoding="utf-8")


if __name__ == "__main__":
    main()
