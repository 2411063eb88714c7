"""Find parameters for which the star loses its signal at Theorem 5's sample size (one second).

    python chapters/data/star.py

writes chapters/data/star.csv, one row for each p. A row gives the probabilities π and r for
which, among all pairs on a grid, the proved lower bound on the probability of losing the signal is
largest. Let a be the number of nulls with negative noise. The row also gives the smallest and the
largest a for which the signal is proved to be lost if the noise in the signal's own row is
negative.
"""

import csv
from itertools import product
from math import ceil, log, sqrt
from pathlib import Path

from impbook.counterexamples import star_failure, star_sinking

DELTA, C, N = 0.05, 0.9999, 7.0
PI = [0.06, 0.065, 0.07, 0.08, 0.1, 0.15]
R = [0.455, 0.46, 0.465, 0.47]


def own_gamma(p: int) -> float:
    """γ/σ for which the star's n is Theorem 5's sample size, rounded up to six decimals."""
    inverse = (1 + N**-2 + sqrt((1 - N**-2) ** 2 + 4 * C * N**-2)) / 2
    return ceil(1e6 * sqrt(8 * log(2 * p / DELTA) * inverse)) / 1e6


def main() -> None:
    rows = []
    for p in range(213, 239):
        gamma = own_gamma(p)
        pi, r = max(
            product(PI, R), key=lambda at: star_failure(p - 1, gamma, *at)
        )
        sinking = star_sinking(p - 1, gamma, pi, r)
        assert sinking.size == sinking[-1] - sinking[0] + 1
        failure = star_failure(p - 1, gamma, pi, r)
        rows.append(
            (p, gamma, pi, r, sinking[0], sinking[-1], f"{failure:.6f}")
        )
    with (
        Path(__file__)
        .with_suffix(".csv")
        .open("w", newline="", encoding="utf-8") as file
    ):
        table = csv.writer(file, lineterminator="\n")
        table.writerow(
            ("p", "gamma", "pi", "r", "a_first", "a_last", "failure")
        )
        table.writerows(rows)


if __name__ == "__main__":
    main()
