"""How often the hub sinks the signal at Theorem 5's own sample size: about six minutes.

    python chapters/data/hub.py

writes chapters/data/hub.csv, and chapters/data/hub_sizes.csv with sample sizes of order p, which
the chapter on Gaussian noise reads. Runs are those of `hub_run`.
"""

import csv
import math
from pathlib import Path

from impbook import theorem_5_samples
from impbook.counterexamples import estimate_hub_failure, hub_lambda_min

DATA = Path(__file__).parent
DELTA = 0.05
NAMES = "b", "g", "r", "nu"
CLEAN, FIVE = (1, 1, 2, 1), (1, 1, 5, 1)
STRONG = 1, 0.5, 2, 2
FITTED = 1.68, 0.31, 1.77, 3.72
RUNS = {  # design: {p: runs}
    CLEAN: {1000: 10000, 4000: 4000, 16000: 1000, 10**5: 300, 10**6: 30},
    FIVE: {10**5: 200, 10**6: 30},
    STRONG: {10**4: 1000, 10**5: 200, 10**6: 30},
    FITTED: {700: 5000, 750: 10000, 775: 20000, 800: 20000, 1000: 5000},
}
SWEEP = [(share, 500) for share in (0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3)]


def own_ratio(p, design):
    """γ√n/σ at the sample size of Theorem 5, rounded up to four decimals."""
    lam = hub_lambda_min(p - 2, **dict(zip(NAMES, design, strict=True)))
    asked = theorem_5_samples(1.0, DELTA, p, sigma=1.0, lambda_min=lam)
    return math.ceil(1e4 * math.sqrt(asked)) / 1e4


def counted(p, design, ratio, runs):
    """How many of the runs lose the signal; the seed is p."""
    options = dict(zip(NAMES, design, strict=True))
    return estimate_hub_failure(
        p - 2, ratio, runs, rng=p, **options
    ).successes


def write(name, columns, rows):
    with (DATA / name).open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        for row in rows:
            writer.writerow(row)
            file.flush()
            print(*row, flush=True)


def main():
    own = [
        (d, p, own_ratio(p, d), runs)
        for d, of_p in RUNS.items()
        for p, runs in of_p.items()
    ]
    rows = (
        [*d, p, ratio, runs, counted(p, d, ratio, runs)]
        for d, p, ratio, runs in own
    )
    write("hub.csv", [*NAMES, "p", "ratio", "runs", "failures"], rows)
    p = 20000
    rows = (
        [p, share, runs, counted(p, CLEAN, share * math.sqrt(p), runs)]
        for share, runs in SWEEP
    )
    write(
        "hub_sizes.csv", ["p", "ratio / root p", "runs", "failures"], rows
    )


if __name__ == "__main__":
    main()
