"""Measure times and memory, and print them as rows of a table."""

from __future__ import annotations

import os
import platform
import time
import tracemalloc
from collections.abc import Callable

import numpy as np
import scipy
from threadpoolctl import threadpool_info

HEADER = "\n| what | ratio | bar | met | ours (s) | peer (s) |\n|---|---:|---:|:---:|---:|---:|"


def seconds(run: Callable, clock: Callable[[], float] = time.perf_counter) -> float:
    """Time of one run, after a pause in which the threads of the previous run go idle."""
    time.sleep(0.1)
    begin = clock()
    run()
    return clock() - begin


def peak(run: Callable) -> int:
    """The largest number of bytes allocated at one time during a run."""
    tracemalloc.start()
    run()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most


def row(what, shown, bar="", met=True, ours=None, peer=None) -> None:
    """Print one row: the result `shown`, the target `bar` for it, and the times in seconds."""
    shown, bar = (text.replace(" ", "\u00a0") for text in (shown, bar))
    mark = "" if not bar else "yes" if met else "NO"
    ours, peer = ("" if t is None else f"{t:.3g}" for t in (ours, peer))
    print(f"| {what} | {shown} | {bar} | {mark} | {ours} | {peer} |", flush=True)


def race(what, ours, peer, bar=0.0, runs=3) -> tuple[float, float]:
    """Run our code and the peer's in turn, and print the median of the ratios peer/ours.

    Return the median times of both.
    """
    times = np.array([(seconds(ours), seconds(peer)) for _ in range(runs)])
    ratio = np.median(times[:, 1] / times[:, 0])
    t, t_peer = np.median(times, axis=0)
    row(what, f"{ratio:.3g}× as fast", f"≥ {bar}" if bar else "", ratio >= bar, t, t_peer)
    return t, t_peer


def growth(what, sizes, times) -> None:
    """Print the exponent with which the times grow in p, from a least-squares fit of logarithms."""
    slope = np.polyfit(np.log(sizes), np.log(times), 1)[0]
    row(f"growth of {what}, p = {sizes[0]} … {sizes[-1]}", f"$p^{{{slope:.2f}}}$")


def machine() -> str:
    """The processor, threads and versions, without host names or paths."""
    blas = next(pool for pool in threadpool_info() if pool["user_api"] == "blas")
    return (
        f"{platform.machine()} ({blas['architecture']}), {os.cpu_count()} cores, "
        f"{blas['num_threads']} threads; {blas['internal_api']} {blas['version']}, "
        f"numpy {np.__version__}, scipy {scipy.__version__}, Python {platform.python_version()}."
    )
