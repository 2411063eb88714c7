"""Independent replicates of a random event, in this thread or on any executor."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, as_completed
from contextlib import contextmanager
from typing import Any

import numpy as np

from impbook import _checks
from impbook.monte_carlo.intervals import Estimate, clopper_pearson

Event = Callable[[np.random.Generator], bool]

CHUNKS = 256  # at most so many pieces of work: few messages, and steps fine enough for the bar


def estimate_probability(
    event: Event,
    trials: int,
    *,
    rng: Any = None,
    executor: Executor | None = None,
    confidence: float = 0.95,
    progress: bool | None = None,
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
    progress : bool, optional
        Whether to show a progress bar (needs tqdm). By default a run of more than two seconds
        shows one if stderr is a terminal and tqdm is installed.

    Returns
    -------
    Estimate
        The same for every executor and every number of workers.

    Raises
    ------
    TypeError
        If `event` returns something else than a boolean, or an argument has a wrong type.
    ValueError
        If trials or confidence is out of range.
    ImportError
        If a progress bar is asked for and tqdm is missing.

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
    progress = _bar_wanted(executor, progress)
    bits = _checks.generator(rng).spawn(1)[0].bit_generator
    root = bits.seed_seq
    if not isinstance(root, np.random.SeedSequence):
        raise TypeError(f"rng must be seeded by a SeedSequence, got {type(root).__name__}")
    size = -(-trials // CHUNKS)
    pieces = [range(trials)[start : start + size] for start in range(0, trials, size)]
    calls = {piece: (event, type(bits), root, piece) for piece in pieces}
    successes = 0
    with _bar(trials, progress) as advance:
        for piece, occurred in _results(executor, _chunk, calls):
            successes += occurred
            advance(len(piece))
    return Estimate(successes, trials, *clopper_pearson(successes, trials, confidence))


def _bar_wanted(executor: Any, progress: Any) -> bool | None:
    """What `progress` says, once both are checked."""
    if executor is not None:
        _checks.function("the method submit of executor", getattr(executor, "submit", None))
    return None if progress is None else _checks.flag("progress", progress)


def _chunk(
    event: Event, bits: type[np.random.BitGenerator], root: np.random.SeedSequence, piece: range
) -> int:
    """In how many of these replicates the event occurs."""
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


def _results(
    executor: Executor | None, function: Callable[..., Any], calls: Mapping[Any, Sequence[Any]]
) -> Iterator[tuple[Any, Any]]:
    """The key of each call and what it returns, as they end."""
    if executor is None:
        for key, arguments in calls.items():
            yield key, function(*arguments)
        return
    try:
        keys = {executor.submit(function, *arguments): key for key, arguments in calls.items()}
    except RuntimeError as error:
        if "start new thread" not in str(error):
            raise
        yield from _results(None, function, calls)  # as in a browser, which has no threads
        return
    try:
        for future in as_completed(keys):
            yield keys[future], future.result()
    finally:
        for future in keys:
            future.cancel()


@contextmanager
def _bar(total: int, wanted: bool | None) -> Iterator[Callable[[int], Any]]:
    """What to call with the number of replicates that have been run."""
    if wanted or (wanted is None and sys.stderr.isatty()):
        try:
            from tqdm import tqdm
        except ImportError:
            if wanted:
                text = "progress=True needs tqdm: pip install 'impbook[trials]'"
                raise ImportError(text) from None
        else:
            with tqdm(total=total, unit="trial", delay=0 if wanted else 2) as bar:
                yield bar.update
                return
    yield lambda ran: None
