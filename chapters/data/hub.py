"""Count how often IMP loses the hub design's signal at Theorem 5's sample size (two minutes).

    python chapters/data/hub.py

writes chapters/data/hub.csv and, for several sample sizes at a single p,
chapters/data/hub_sizes.csv. The chapter on Gaussian noise reads both files. Each run is a call of
`hub_run` with r = 1.
"""

import csv
import math
from pathlib import Path

from impbook import theorem_5_samples
from impbook.counterexamples import estimate_hub_failure, hub_lambda_min

DATA = Path(__file__).parent
DELTA = 0.05
RUNS = {  # number of runs for each p
    1000: 3000,
    2000: 4000,
    4000: 4000,
    8000: 2000,
    16000: 1000,
    10**5: 300,
    10**6: 30,
}
# Values of γ√n/σ, divided by √p.
SWEEP = 0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3


def own_ratio(p):
    """γ√n/σ at the sample size of Theorem 5, rounded up to four decimals."""
    lam = hub_lambda_min(p - 2, r=1)
    required = theorem_5_samples(1.0, DELTA, p, sigma=1.0, lambda_min=lam)
    return math.ceil(1e4 * math.sqrt(required)) / 1e4


def counted(p, ratio, runs):
    """The number of runs that lose the signal; the seed is p."""
    return estimate_hub_failure(p - 2, ratio, runs, rng=p, r=1).successes


def write(name, columns, rows):
    with (DATA / name).open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        for row in rows:
            writer.writerow(row)
            file.flush()
            print(*row, flush=True)


def main():
    ratios = {p: own_ratio(p) for p in RUNS}
    rows = (
        [p, ratio, RUNS[p], counted(p, ratio, RUNS[p])]
        for p, ratio in ratios.items()
    )
    write("hub.csv", ["p", "ratio", "runs", "failures"], rows)
    p, runs = 20000, 500
    rows = ([p, c, runs, counted(p, c * math.sqrt(p), runs)] for c in SWEEP)
    write(
        "hub_sizes.csv", ["p", "ratio / root p", "runs", "failures"], rows
    )


if __name__ == "__main__":
    main()
