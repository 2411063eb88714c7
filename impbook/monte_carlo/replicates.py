"""Independent replicates of a random event, in this thread or on any executor."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from functools import partial
from typing import Any

import numpy as np

from impbook import _checks
from impbook.monte_carlo.intervals import Estimate, clopper_pearson

Event = Callable[[np.random.Generator], bool]

CHUNKS = 256  # at most this many pieces of work: few messages, yet enough for many cores


def estimate_probability(
    event: Event,
    trials: int,
    *,
    rng: Any = None,
    executor: Executor | None = None,
    confidence: float = 0.95,
) -> Estimate:
    """Probability of a random event, from independent replicates.

    Parameters
    ----------
    event : callable
        ``event(rng)`` draws one replicate from the generator it is given and returns True if the
        event occurs. A process pool needs a function that can be pickled: one of a module, or a
        `functools.partial` of one.
    trials : int
        Number of replicates, at least 1.
    rng : optional
        Seed or generator, as for `numpy.random.default_rng`.
    executor : concurrent.futures.Executor, optional
        Where the replicates run; in this thread if not given, or if no thread can be started.
    confidence : float, optional
        Confidence of the interval, in (0, 1).

    Returns
    -------
    Estimate
        The same for every executor and every number of workers.

    Raises
    ------
    TypeError
        If `event` returns anything other than a boolean, or an argument has a wrong type.
    ValueError
        If trials or confidence is out of range.

    Notes
    -----
    Replicate i draws from the i-th child of one generator spawned from `rng`, so it does not matter
    where, with what neighbours or in which order it runs. An error carries the number of its
    replicate as a note.

    Any `concurrent.futures.Executor` will do: a process pool for the cores of one machine,
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
    """Number of these replicates in which the event occurs."""
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
    """What each piece of work returns."""
    if executor is None:
        return map(chunk, pieces)
    try:
        return executor.map(chunk, pieces)
    except RuntimeError as error:
        if "start new thread" not in str(error):
            raise
        return map(chunk, pieces)  # as in a browser, which has no threads
