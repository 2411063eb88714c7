"""Whole runs of iterative magnitude pruning on counterexample B, counted: about three minutes.

    python chapters/data/counterexample_b.py

writes chapters/data/counterexample_b.csv, which the chapter on counterexample B reads.
Every run prunes q = p − 1 features by `imp_many`, which knows nothing of the structure.
"""

import csv
import math
from pathlib import Path

import numpy as np

from impbook.counterexamples import adaptivity_bound, adaptivity_design
from impbook.monte_carlo import imp_many

TABLE = Path(__file__).with_suffix(".csv")
DELTA = 0.05
# designs as (m, beta, own), and how many draws of each noise
SMALL = [
    ((m, math.sqrt(0.0059 / m), 0.057), 40, 40)
    for m in (400, 500, 540, 560, 600, 640, 700)
]
CLEAN = [((1600, 0.02, None), 10, 12)]


def failures(m, beta, own, noise, draws, rng):
    """How many of the draws lose the signal, at the sample size of Theorem 5."""
    Phi = adaptivity_design(m, beta, own=own)
    ratio = adaptivity_bound(m, beta, DELTA, own=own).ratio
    shape = (draws, m + 1)
    xi = (
        rng.choice([-1.0, 1.0], size=shape)
        if noise == "coins"
        else rng.standard_normal(shape)
    )
    Y = Phi[:, 0] * ratio / math.sqrt(m + 1) + xi
    return int((imp_many(Phi, Y, m).output[:, 0] == 0).sum())


def main():
    TABLE.parent.mkdir(exist_ok=True)
    with TABLE.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["p", "lambda_min", "noise", "draws", "failures"])
        for design, *draws in SMALL + CLEAN:
            low = adaptivity_bound(
                design[0], design[1], DELTA, own=design[2]
            ).lambda_min
            for noise, count in zip(
                ("coins", "Gaussian"), draws, strict=True
            ):
                rng = np.random.default_rng([design[0], len(noise)])
                lost = failures(*design, noise, count, rng)
                writer.writerow(
                    [design[0] + 1, f"{low:.4g}", noise, count, lost]
                )
                print(
                    design[0] + 1, noise, f"{lost} of {count}", flush=True
                )


if __name__ == "__main__":
    main()
