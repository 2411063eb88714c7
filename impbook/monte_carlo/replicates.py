"""Independent replicates of a random event, in the calling thread or on any executor."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from functools import partial
from typing import Any

import numpy as np

from impbook import _checks
from impbook.monte_carlo.intervals import Estimate, clopper_pearson

Event = Callable[[np.random.Generator], bool]

# The replicates are split into at most this many pieces of work. The number is small enough for
# messages between processes to cost little, and large enough to keep many cores busy.
CHUNKS = 256


def estimate_probability(
    event: Event,
    trials: int,
    *,
    rng: Any = None,
    executor: Executor | None = None,
    confidence: float = 0.95,
) -> Estimate:
    """Probability of a random event, estimated from independent replicates.

    Parameters
    ----------
    event : callable
        ``event(rng)`` draws one replicate from the given generator and returns True if the event
        occurs and False otherwise. For a process pool, `event` must be picklable: a function
        defined in a module, or a `functools.partial` of such a function.
    trials : int
        Number of replicates, at least 1.
    rng : optional
        Seed or generator, as for `numpy.random.default_rng`.
    executor : concurrent.futures.Executor, optional
        Executor that runs the replicates. If it is not given or cannot start a thread, the
        replicates run in the calling thread.
    confidence : float, optional
        Confidence level of the interval, in (0, 1).

    Returns
    -------
    Estimate
        The estimate, which does not depend on the executor or the number of workers.

    Raises
    ------
    TypeError
        If `event` returns anything other than a boolean, or if an argument has the wrong type.
    ValueError
        If trials is below 1, or if confidence is not in (0, 1).

    Notes
    -----
    One generator is spawned from `rng`, and replicate i draws from child i of that generator, where
    replicates and children are numbered from 0. So the result does not depend on where or in which
    order the replicates run. If replicate i raises an error, a note with the number i is added to
    the error.

    Any `concurrent.futures.Executor` can be used: a process pool for the cores of one machine, or
    ``distributed.Client(...).get_executor()`` (Dask) for many machines.

    Examples
    --------
    >>> def double_six(rng):
    ...     return bool((rng.integers(1, 7, size=2) == 6).all())
    >>> estimate = estimate_probability(double_six, 2000, rng=0)
    >>> estimate.low < 1 / 36 < estimate.high
    True
    """
    _checks.function("event", event)
    trials = _checks.count("trials", trials, 1)
    _checks.probability("confidence", confidence)
    if executor is not None:
        _checks.function("the method map of executor", getattr(executor, "map", None))
    bits = _checks.generator(rng).spawn(1)[0].bit_generator
    root = bits.seed_seq
    if not isinstance(root, np.random.SeedSequence):
        raise TypeError(f"rng must be seeded by a SeedSequence, got {type(root).__name__}")
    size = -(-trials // CHUNKS)
    pieces = [range(trials)[start : start + size] for start in range(0, trials, size)]
    chunk = partial(_chunk, event, type(bits), root)
    successes = sum(_outcomes(executor, chunk, pieces))
    return Estimate(successes, trials, *clopper_pearson(successes, trials, confidence))


def _chunk(
    event: Event, bits: type[np.random.BitGenerator], root: np.random.SeedSequence, piece: range
) -> int:
    """Number of replicates in this piece of work in which the event occurs."""
    seeds = np.random.SeedSequence(**root.state | {"n_children_spawned": piece.start})
    occurred = 0
    for i, seed in zip(piece, seeds.spawn(len(piece)), strict=True):
        try:
            outcome = event(np.random.Generator(bits(seed)))
            if not isinstance(outcome, (bool, np.bool_)):
                raise TypeError(f"event must return True or False, got {outcome!r}")
        except Exception as error:
            error.add_note(f"in replicate {i}")
            raise
        occurred += bool(outcome)
    return occurred


def _outcomes(
    executor: Executor | None, chunk: Callable[[range], int], pieces: list[range]
) -> Iterable[int]:
    """For each piece of work, the number of replicates in which the event occurs."""
    if executor is None:
        return map(chunk, pieces)
    try:
        return executor.map(chunk, pieces)
    except RuntimeError as error:
        if "start new thread" not in str(error):
            raise
        return map(chunk, pieces)  # in a browser there are no threads
