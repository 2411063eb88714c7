"""Map where four methods recover sparse signals from n samples of p ≥ n Gaussian features.

    python chapters/data/recovery.py 50
    python chapters/data/recovery.py 50 --workers 4 --noise 0.1
    python chapters/data/recovery.py 50 --dask tcp://scheduler:8786

draws 50 designs for each of 20 sample sizes, tries 20 sparsities on each design, and writes the
numbers of successes to recovery.csv, which the chapter on variants reads. Finished draws are kept
in build/recovery, so an interrupted run can continue, and a later run with more draws computes only
the new ones.

A draw is one Gaussian design with its signals. The support of size k is the first k features in a
random order, so the supports are nested. Without noise, basis pursuit recovers a signal if and only
if its support and signs belong to a face of a certain polytope. A face of a face is a face of the
polytope, so recovery at one k implies recovery at all smaller k, and bisection finds the largest k.
The other methods, and basis pursuit with noise, are assumed to fail at all larger k once they have
failed at four sparsities in a row.

Success means finding the support exactly. Every method is told k. Among all w that fit y exactly,
noise included, basis pursuit finds the one with the smallest ‖w‖₁. The support that it reports
consists of the positions of the k largest entries in absolute value. In each step, iterative hard
thresholding keeps the k largest entries in absolute value, and finds its step size by exact line
search.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

import numpy as np
from distributed import Client
from joblib import Memory, Parallel, delayed, parallel_config
from scipy.optimize import linprog

from impbook import LeastSquares, imp

TABLE = Path(__file__).with_suffix(".csv")
CACHE = Path(__file__).parents[2] / "build/recovery"
P, STEPS, PATIENCE = 200, 300, 4
SAMPLES = range(P // 20, P + 1, P // 20)
SHARES = np.arange(1, 21) / 20


def largest(w, k):
    """Positions of the k largest entries in absolute value."""
    return np.argpartition(-np.abs(w), k - 1)[:k]


def by_imp(Phi, y, k):
    return np.flatnonzero(
        imp(LeastSquares(Phi, y), Phi.shape[1] - k, keep="last").output
    )


def by_matching_pursuit(Phi, y, k):
    """Orthogonal matching pursuit, with the residual updated by Gram–Schmidt."""
    found, directions, rest = [], np.empty((0, len(y))), y
    size = np.linalg.norm(Phi, axis=0)
    for _ in range(k):
        found.append(int(np.argmax(np.abs(rest @ Phi) / size)))
        e = Phi[:, found[-1]]
        e = e - (directions @ e) @ directions
        e = (e - (directions @ e) @ directions) / np.linalg.norm(e)
        directions = np.vstack([directions, e])
        rest = rest - (e @ rest) * e
    return np.array(found)


def by_hard_thresholding(Phi, y, k):
    s = np.zeros(Phi.shape[1])
    left = largest(y @ Phi, k)
    for _ in range(STEPS):
        rest = y - Phi @ s
        if rest @ rest <= 1e-24 * (y @ y):  # y is fitted up to rounding
            break
        slope, move = rest @ Phi, np.zeros_like(s)
        move[left] = slope[left]
        image = Phi @ move
        if not image.any():
            break
        step = s + (move @ move) / (image @ image) * slope
        left = largest(step, k)
        s = np.zeros_like(s)
        s[left] = step[left]
        if not np.isfinite(s).all() or np.abs(s).max() > 1e6:
            break
    return left


def by_basis_pursuit(Phi, y, k):
    p = Phi.shape[1]
    x = linprog(
        np.ones(2 * p),
        A_eq=np.hstack([Phi, -Phi]),
        b_eq=y,
        method="highs-ds",
    ).x
    return largest(x[:p] - x[p:], k)


GREEDY = {
    "IMP": by_imp,
    "matching pursuit": by_matching_pursuit,
    "hard thresholding": by_hard_thresholding,
}


def draw(seed, n, sigma):
    """Whether each method succeeds at each of the 20 sparsities, for both kinds of signals."""
    rng = np.random.default_rng([seed, n])
    Phi, order = rng.standard_normal((n, P)), rng.permutation(P)
    signs, normal = rng.choice([-1.0, 1.0], P), rng.standard_normal(P)
    xi = sigma * rng.standard_normal(n)
    sparsities = [max(1, round(share * n)) for share in SHARES]
    found = {}
    for sizes, values in (
        ("equal", signs),
        ("Gaussian", signs * np.abs(normal)),
    ):

        def succeeds(method, i, values=values):
            S = order[: sparsities[i]]
            return set(
                method(Phi, Phi[:, S] @ values[S] + xi, S.size)
            ) == set(S)

        methods = (
            {**GREEDY, "basis pursuit": by_basis_pursuit}
            if sigma
            else GREEDY
        )
        for name, method in methods.items():
            hits = []
            for i in range(len(SHARES)):
                if len(hits) >= PATIENCE and not any(hits[-PATIENCE:]):
                    break
                hits.append(int(succeeds(method, i)))
            found[f"{name}, {sizes}"] = [
                *hits,
                *[0] * (len(SHARES) - len(hits)),
            ]
        # Without noise, basis pursuit recovers all signals with this support and these signs, or
        # none.
        if sizes == "equal" and not sigma:
            low, high = -1, len(SHARES)  # succeeds at low, fails at high
            i = round(8 * (n / P) ** 0.5)  # where about half succeed
            while high - low > 1:
                low, high = (
                    (i, high) if succeeds(by_basis_pursuit, i) else (low, i)
                )
                i = (low + high) // 2
            found["basis pursuit, any"] = [
                int(j <= low) for j in range(len(SHARES))
            ]
    return found


def main() -> None:
    """Run the draws that are missing, then write all counts."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("draws", type=int)
    parser.add_argument(
        "--noise",
        type=float,
        default=0.0,
        help="σ, for signals of size 1",
    )
    parser.add_argument("--workers", type=int, default=1, help="processes")
    parser.add_argument("--dask", help="address of a scheduler")
    options = parser.parse_args()
    points = [
        (s, n, options.noise) for s in range(options.draws) for n in SAMPLES
    ]
    kept = Memory(CACHE, verbose=0).cache(draw)
    if options.dask:
        Client(options.dask)  # joblib finds this client by itself
    backend = "dask" if options.dask else "loky"
    with parallel_config(backend, n_jobs=options.workers):
        results = Parallel(verbose=5)(
            delayed(kept)(*point) for point in points
        )
    write(points, results, options.noise)


def write(points, results, sigma) -> None:
    """Replace the rows of the table for this σ by the new counts, and keep all other rows."""
    counts: Counter = Counter()
    for (_, n, _), result in zip(points, results, strict=True):
        for name, hits in result.items():
            for share, hit in zip(SHARES, hits, strict=True):
                counts[(*name.split(", "), n, f"{share:g}")] += hit
    draws = len(points) // len(SAMPLES)
    old = TABLE.read_text().splitlines()[1:] if TABLE.exists() else []
    rows = [row for row in old if float(row.split(",")[2]) != sigma]
    keys = sorted(counts, key=lambda key: (*key[:3], float(key[3])))
    rows += [
        f"{m},{sizes},{sigma:g},{n},{x},{draws},{counts[m, sizes, n, x]}"
        for m, sizes, n, x in keys
    ]
    TABLE.write_text(
        "\n".join(["method,sizes,sigma,n,share,draws,found", *rows, ""])
    )


if __name__ == "__main__":
    main()
