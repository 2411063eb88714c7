"""Monte Carlo with exact intervals, on any executor, and many noises at once for a fixed Φ."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import beta

from impbook import _checks
from impbook._checks import Matrix
from impbook.designs import Noise, gaussian_noise

Event = Callable[[np.random.Generator], bool]
Seeding = tuple[type[np.random.BitGenerator], np.random.SeedSequence]

CHUNKS = 256  # at most so many pieces of work: few messages, and steps fine enough for the bar
BATCH_BYTES = 2**23
CONDITION_LIMIT = 1e5


@dataclass(frozen=True)
class Estimate:
    """A probability estimated from independent replicates, with an exact interval.

    Attributes
    ----------
    successes, trials : int
        Number of replicates in which the event occurred, and of all replicates.
    low, high : float
        Clopper–Pearson interval for the probability.

    Examples
    --------
    >>> Estimate(1, 20, 0.0013, 0.2487).rate
    0.05
    """

    successes: int
    trials: int
    low: float
    high: float

    @property
    def rate(self) -> float:
        """Frequency of the event, successes/trials."""
        return self.successes / self.trials


def clopper_pearson(
    successes: ArrayLike, trials: ArrayLike, confidence: float = 0.95
) -> tuple[Any, Any]:
    """Exact confidence interval for a probability, from a number of successes.

    Parameters
    ----------
    successes, trials : array_like of int
        Successes among independent trials, 0 <= successes <= trials and trials >= 1; they
        broadcast.
    confidence : float, optional
        Probability, in (0, 1), that the interval holds the true value, at the least.

    Returns
    -------
    low, high : float or ndarray
        Ends of the interval; each misses the true value with probability at most
        (1 − confidence)/2.

    Raises
    ------
    TypeError
        If a count is not an integer.
    ValueError
        If successes is not in [0, trials], trials is below 1, or confidence not in (0, 1).

    Notes
    -----
    Clopper & Pearson (1934), DOI 10.1093/biomet/26.4.404: low is the probability p for which
    P(Bin(trials, p) ≥ successes) = (1 − confidence)/2, a quantile of a beta law; high likewise.

    Examples
    --------
    >>> low, high = clopper_pearson(0, 100)
    >>> low, round(high, 4)
    (0.0, 0.0362)
    """
    k, n = np.broadcast_arrays(_integers("successes", successes), _integers("trials", trials))
    if (n < 1).any():
        raise ValueError(f"trials must be at least 1, got {n.min()}")
    if ((k < 0) | (k > n)).any():
        where = np.flatnonzero((k.ravel() < 0) | (k.ravel() > n.ravel()))[0]
        raise ValueError(
            f"successes must lie between 0 and trials = {n.ravel()[where]}, got {k.ravel()[where]}"
        )
    tail = (1 - _checks.probability("confidence", confidence)) / 2
    low = np.where(k == 0, 0.0, beta.ppf(tail, np.maximum(k, 1), n - k + 1))
    high = np.where(k == n, 1.0, beta.ppf(1 - tail, k + 1, np.maximum(n - k, 1)))
    return (float(low), float(high)) if low.ndim == 0 else (low, high)


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
        Where the replicates run; in this thread if not given.
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
        If `event` returns something else than a boolean.
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
    trials = _checks.count("trials", trials, 1)
    _checks.probability("confidence", confidence)
    child = np.random.default_rng(rng).spawn(1)[0].bit_generator
    seeding = _seeding(child)
    size = -(-trials // CHUNKS)
    chunks = [(start, min(start + size, trials)) for start in range(0, trials, size)]
    if executor is None:
        counts: Iterable[tuple[int, int]] = (_chunk(event, seeding, *c) for c in chunks)
    else:
        counts = _completed([executor.submit(_chunk, event, seeding, *c) for c in chunks])
    successes = 0
    with _bar(trials, progress) as advance:
        for occurred, ran in counts:
            successes += occurred
            advance(ran)
    return Estimate(successes, trials, *clopper_pearson(successes, trials, confidence))


@dataclass(frozen=True, eq=False)
class ManyPaths:
    """Runs of iterative magnitude pruning for one Φ and many targets.

    Attributes
    ----------
    pruned : ndarray of int, shape (trials, q)
        Row t lists the features pruned for target t, in order; 0-based.
    output : ndarray, shape (trials, p)
        Row t is w^(q)(∞), the weights that Algorithm 1 returns for target t.
    """

    pruned: NDArray[np.intp]
    output: Matrix


def imp_orders(Phi: ArrayLike, Y: ArrayLike, q: int, *, batch: int | None = None) -> ManyPaths:
    """Iterative magnitude pruning at T = ∞ from w_init = 0, for one Φ and many targets at once.

    Parameters
    ----------
    Phi : array_like, shape (n, p)
        Feature matrix, of any rank.
    Y : array_like, shape (trials, n)
        One target per row.
    q : int
        Number of prunings, 0 <= q < p.
    batch : int, optional
        Targets treated at once; by default as many as need 8 MB. It changes the memory, not the
        answer.

    Returns
    -------
    ManyPaths
        Row by row what `imp` gives for ``LeastSquares(Phi, Y[t])``, up to rounding.

    Raises
    ------
    ValueError
        If a shape is wrong, an entry is not finite, or q is out of range.

    Notes
    -----
    Dropping feature j conditions the fit on w_j = 0. With Φ = QR of full column rank and z_i row i
    of R⁻¹, so that w = R⁻¹Qᵀy and Σ⁻¹ = n·(z_i·z_k), this is one step of Gram–Schmidt: every row
    loses its part along z_j, and w ← w − (Ze)w_j/(z_j·e), with e the unit vector along what was
    left of z_j. No factor is ever formed again, and Σ⁻¹ is never formed at all.

    A Φ without full column rank, or with a condition number above 10⁵, is dealt with by refitting:
    one pseudo-inverse for each distinct set of features left, shared by all targets that have
    come to it. That is slower when p is large and the targets scatter over many sets.

    Exactly tied weights go to the lowest index, but rounding may break a tie in another way than
    it does in `imp`.

    Examples
    --------
    >>> paths = imp_orders(np.eye(3), [[3.0, -1.0, 2.0], [0.5, 1.0, 1.0]], q=2)
    >>> paths.pruned
    array([[1, 2],
           [0, 1]])
    >>> paths.output
    array([[3., 0., 0.],
           [0., 0., 1.]])
    """
    Phi = _checks.matrix("Phi", Phi)
    Y = _checks.matrix("Y", Y)
    n, p = Phi.shape
    if Y.shape[1] != n:
        raise ValueError(f"Y must have one column for each of the {n} rows of Phi, got {Y.shape}")
    q = _checks.pruned_count(q, p)
    if batch is None:
        batch = max(1, BATCH_BYTES // (8 * p * (q + 6)))
    batch = _checks.count("batch", batch, 1)
    size = np.linalg.svd(Phi, compute_uv=False)
    if n >= p and size[-1] * CONDITION_LIMIT > size[0]:
        Q, R = np.linalg.qr(Phi)
        Z = np.linalg.inv(R)
        parts = [_gram_schmidt(Z, (Y[b : b + batch] @ Q) @ Z.T, q) for b in range(0, len(Y), batch)]
    else:
        parts = [_refit(Phi, Y[b : b + batch], q) for b in range(0, len(Y), batch)]
    pruned, output = zip(*parts, strict=True)
    return ManyPaths(np.concatenate(pruned), np.concatenate(output))


def estimate_false_exclusion(
    Phi: ArrayLike,
    s: ArrayLike,
    q: int,
    trials: int,
    *,
    gamma: float,
    sigma: float = 1.0,
    noise: Noise = gaussian_noise,
    rng: Any = None,
    confidence: float = 0.95,
) -> Estimate:
    """Probability that pruning q features loses a signal of size at least γ.

    Parameters
    ----------
    Phi : array_like, shape (n, p)
        Feature matrix.
    s : array_like, shape (p,)
        Signal; the targets are y = Φs + ξ.
    q : int
        Number of prunings, 0 <= q < p.
    trials : int
        Number of noises drawn, at least 1.
    gamma : float
        Positive size from which on a signal must survive.
    sigma : float, optional
        Scale of the noise, at least 0.
    noise : callable, optional
        ``noise(n, sigma=..., rng=...)`` draws n independent entries, as in `NOISES`.
    rng : optional
        Seed or generator, as for `numpy.random.default_rng`.
    confidence : float, optional
        Confidence of the interval, in (0, 1).

    Returns
    -------
    Estimate
        Of the event that v_i = 0 for some i with \\|s_i\\| ≥ γ, where v is the output of
        Algorithm 1 at T = ∞ from w_init = 0: the failure of Theorem 5 (ii).

    Raises
    ------
    ValueError
        If a shape is wrong or a number out of range.

    See Also
    --------
    imp_orders : the runs themselves.

    Examples
    --------
    >>> estimate_false_exclusion(np.eye(2), [9.0, 0.0], 1, 100, gamma=9.0, rng=0).successes
    0
    """
    Phi = _checks.matrix("Phi", Phi)
    n, p = Phi.shape
    s = _checks.vector("s", s, p)
    q = _checks.pruned_count(q, p)
    trials = _checks.count("trials", trials, 1)
    large = np.abs(s) >= _checks.positive("gamma", gamma)
    _checks.nonnegative("sigma", sigma)
    _checks.probability("confidence", confidence)
    rng = np.random.default_rng(rng)
    block = max(1, BATCH_BYTES // (8 * n))
    failures = 0
    for start in range(0, trials, block):
        rows = min(block, trials - start)
        xi = np.reshape(noise(rows * n, sigma=sigma, rng=rng), (rows, n))
        output = imp_orders(Phi, Phi @ s + xi, q).output
        failures += int((output[:, large] == 0).any(axis=1).sum())
    return Estimate(failures, trials, *clopper_pearson(failures, trials, confidence))


def _integers(name: str, value: ArrayLike) -> NDArray[np.int64]:
    a = np.asarray(value)
    if a.dtype.kind not in "iu":
        raise TypeError(f"{name} must hold integers, got dtype {a.dtype}")
    if a.size == 0:
        raise ValueError(f"{name} must not be empty, got shape {a.shape}")
    return a.astype(np.int64)


def _seeding(bits: np.random.BitGenerator) -> Seeding:
    if not isinstance(bits.seed_seq, np.random.SeedSequence):
        raise TypeError(f"rng must be seeded by a SeedSequence, got {type(bits.seed_seq).__name__}")
    return type(bits), bits.seed_seq


def _chunk(event: Event, seeding: Seeding, start: int, stop: int) -> tuple[int, int]:
    """Numbers of occurrences and of replicates, for replicates start to stop − 1."""
    bits, seed = seeding
    occurred = 0
    for i in range(start, stop):
        key = (*seed.spawn_key, i)
        child = np.random.SeedSequence(seed.entropy, spawn_key=key, pool_size=seed.pool_size)
        try:
            outcome = event(np.random.Generator(bits(child)))
            if not isinstance(outcome, (bool, np.bool_)):
                raise TypeError(f"event must return True or False, got {outcome!r}")
        except Exception as error:
            error.add_note(f"in replicate {i}")
            raise
        occurred += bool(outcome)
    return occurred, stop - start


def _completed(futures: list[Future[tuple[int, int]]]) -> Iterator[tuple[int, int]]:
    try:
        for future in as_completed(futures):
            yield future.result()
    finally:
        for future in futures:
            future.cancel()


@contextmanager
def _bar(total: int, wanted: bool | None) -> Iterator[Callable[[int], Any]]:
    """What to call with the number of replicates that have been run."""
    if wanted is False or (wanted is None and not sys.stderr.isatty()):
        yield _nothing
        return
    try:
        from tqdm import tqdm
    except ImportError:
        if wanted:
            raise ImportError("progress=True needs tqdm: pip install 'impbook[trials]'") from None
        yield _nothing
        return
    with tqdm(total=total, unit="trial", delay=0 if wanted else 2) as bar:
        yield bar.update


def _nothing(_: int) -> None:
    pass


def _gram_schmidt(Z: Matrix, W: Matrix, q: int) -> tuple[NDArray[np.intp], Matrix]:
    """Prune q features from each row of the least-squares weights W, Z Zᵀ being Σ⁻¹/n."""
    rows, p = W.shape
    each = np.arange(rows)
    removed = np.zeros((rows, q, p))  # orthonormal directions that have been conditioned away
    pruned = np.empty((rows, q), dtype=np.intp)
    size = np.abs(W)
    for k in range(q):
        j = np.argmin(size, axis=1)
        pruned[:, k] = j
        e, seen = Z[j], removed[:, :k]
        for _ in range(2):  # once more, for what rounding left over
            e = e - np.einsum("tk,tkp->tp", np.einsum("tkp,tp->tk", seen, e), seen)
        e /= np.linalg.norm(e, axis=1, keepdims=True)
        removed[:, k] = e
        along: Matrix = e @ Z.T
        W = W - along * (W[each, j] / along[each, j])[:, None]
        size = np.abs(W)
        size[each[:, None], pruned[:, : k + 1]] = np.inf
    W[each[:, None], pruned] = 0.0
    return pruned, W


def _refit(Phi: Matrix, Y: Matrix, q: int) -> tuple[NDArray[np.intp], Matrix]:
    """The same by one pseudo-inverse for each set of features that some target is left with."""
    rows, p = Y.shape[0], Phi.shape[1]
    active = np.ones((rows, p), dtype=bool)
    pruned = np.empty((rows, q), dtype=np.intp)
    for k in range(q + 1):
        W: Matrix = np.zeros((rows, p))
        sets, member = np.unique(active, axis=0, return_inverse=True)
        for g, left in enumerate(sets):
            here = np.flatnonzero(member.ravel() == g)
            cutoff = max(Phi.shape[0], int(left.sum())) * np.finfo(float).eps
            W[np.ix_(here, left)] = Y[here] @ np.linalg.pinv(Phi[:, left], rcond=cutoff).T
        if k < q:
            pruned[:, k] = np.argmin(np.where(active, np.abs(W), np.inf), axis=1)
            active[np.arange(rows), pruned[:, k]] = False
    return pruned, W
