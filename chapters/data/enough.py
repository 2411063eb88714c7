"""Find parameters that prove Theorem 5's sample size to be large enough up to p = 82 (one minute).

    python chapters/data/enough.py

writes chapters/data/enough.csv. For one signal (k = 1), the search continues to p = 101. A cell is
a range of p together with a range of k. One choice of parameters proves the bound for a whole cell
and takes one or more lines of the file. The last of these lines, where m = m0, has the parameters
of the bound for m0 or more nulls. Each earlier line has the parameters of bound (B) for sets of
m nulls, where m < m0 and (B) is smaller than (A) and (C). The page on sharper numbers explains the
letters; the T of bound (B) is called τ there.
"""

import csv
from functools import cache
from itertools import pairwise
from math import comb, cosh, exp, inf, log, log1p, sinh, sqrt
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

DELTA, GOAL = 0.05, 0.04999
SLOPES = np.linspace(0.4, 0.998, 300)
ENTROPY = (
    (1 + SLOPES) * np.log1p(SLOPES) + (1 - SLOPES) * np.log1p(-SLOPES)
) / 2
SHIFTS = np.linspace(0.75, 1.2, 46)[:, None]
ETAS = np.exp(np.linspace(-8, 1, 181))[None, :]
LEVELS = np.arange(1.4, 3.4, 0.02)
HEADER = [
    "p_first",
    "p_last",
    "k_first",
    "k_last",
    "x0",
    "bound",
    "m",
    "l",
    "t",
    "theta",
    "eta",
    "a",
    "T",
]


def few(k, N, m, g, x0):
    """The smaller of the bounds (A) and (C) for sets of m nulls."""
    L = np.arange(1, m + 1)
    norm = np.sqrt(1 + 1 / L) + 1 / np.sqrt(L)
    exponent = np.maximum(
        g**2 * L / (2 * (L + 1)), (2 * g - x0) ** 2 / (2 * norm**2)
    )
    return k * comb(N, m) * float(np.exp(L * log(2) - exponent).min())


@cache
def tails(L, N):
    """For each level T, the smallest bound on log P(T_l ≥ T) that was found, with its η and a."""
    rows = []
    for T in LEVELS:
        a = T * SHIFTS
        value = N * np.log1p(ETAS * np.exp(a**2 / 2)) - L * np.log1p(
            ETAS * np.cosh(a * T)
        )
        value = value - (N - L) * np.log1p(ETAS)
        at = np.unravel_index(value.argmin(), value.shape)
        rows.append((value[at], ETAS[0, at[1]], a[at[0], 0]))
    return np.array(rows)


def sharper(k, N, m, g, x0):
    """The smallest bound (B) found for sets of m nulls, with its l, t, η, a and T."""
    best = (inf,)
    for L in range(max(1, m - 2), m + 1):
        tail, left = tails(L, N), 2 * g - x0 - LEVELS
        value = L * ENTROPY - left[:, None] ** 2 / 2 * L * SLOPES**2 / (
            1 + L * SLOPES**2
        )
        total = k * comb(N, m) * np.exp(value.min(axis=1)) + np.exp(
            tail[:, 0]
        )
        at = int(np.where(left > 0, total, inf).argmin())
        t = SLOPES[value[at].argmin()]
        best = min(
            best, (float(total[at]), L, t, *tail[at, 1:], LEVELS[at])
        )
    return best


def many_log(v, N, m0, g):
    """Exponent of the bound for m0 or more nulls, with v = (logit(2θ), log η, log a, log T)."""
    v = np.clip(v, -9, 9)
    theta, (eta, a, T) = 0.5 / (1 + exp(-v[0])), np.exp(v[1:])
    moment = a**2 / (2 * (1 - 2 * theta))
    if max(a * T, moment) > 300:
        return 1e3
    level = log1p(eta * cosh(a * T)) - log1p(eta)
    slope = m0 * a * eta * sinh(a * T) / (1 + eta * cosh(a * T))
    square = slope**2 * (
        (1 + 1 / m0) / (4 * theta) + 1 / (2 * (1 - 2 * theta))
    )
    energy = -(N + 1) / 2 * log1p(-2 * theta)
    nulls = N * (log1p(eta * exp(moment)) - log1p(eta))
    return -2 * g * slope + square - m0 * level + slope * T + energy + nulls


@cache
def many(N, m0, g):
    """The smallest exponent found, with its θ, η, a and T."""
    options = {"maxiter": 1500, "xatol": 1e-4, "fatol": 1e-6}
    tries = [
        minimize(
            many_log,
            start,
            (N, m0, g),
            method="Nelder-Mead",
            options=options,
        )
        for start in ((0, -3, 0.5, 0.7), (-0.5, -4, 0.8, 0.8))
    ]
    best = min(tries, key=lambda found: found.fun)
    v = np.clip(best.x, -9, 9)
    return float(best.fun), (0.5 / (1 + exp(-v[0])), *np.exp(v[1:]))


def search(p_first, p_last, k_first, k_last):
    """The best bound found that holds for all p and k in the cell, and its parameters."""
    g, N, k, best = (
        sqrt(8 * log(2 * p_first / DELTA)),
        p_last - k_first,
        k_last,
        (inf,),
    )
    crowded = p_first > 72 and k_last > 2
    for x0 in (
        np.arange(3.4, 3.9, 0.05) if crowded else np.arange(2.6, 5.2, 0.15)
    ):
        total = k * exp(-(x0**2) / 2) + k * exp(-(g**2) / 2)
        lines = []
        for m0 in range(1, N + 2):
            if m0 > 1:
                term = few(k, N, m0 - 1, g, x0)
                if p_first > 80 and m0 > 6:
                    found = sharper(k, N, m0 - 1, g, x0)
                    if found[0] < term:
                        term = found[0]
                        lines.append((m0 - 1, *found[1:]))
                total += term
            if total > min(GOAL, best[0]):
                break
            exponent, parameters = (
                many(N, m0, g) if m0 <= N else (-inf, None)
            )
            value = total + k * exp(exponent)
            if value < best[0]:
                best = (value, float(x0), m0, parameters, list(lines))
    return best


def cells(p_first, p_last, k_end):
    """Cells that cover k = 1, …, k_end, each as wide as the search could make it."""
    k = 1
    while k <= k_end:
        last, kept = k, None
        while (
            last <= k_end
            and (found := search(p_first, p_last, k, last))[0] <= GOAL
        ):
            kept, wide = found, last
            last = max(last + 1, min(k_end, last + (last - k + 1) // 2))
        assert kept is not None, (p_first, p_last, k)
        yield (p_first, p_last, k, wide), kept
        k = wide + 1


def main():
    ends = [
        1,
        2,
        3,
        4,
        5,
        7,
        11,
        17,
        26,
        36,
        46,
        55,
        62,
        68,
        72,
        75,
        77,
        78,
        79,
        80,
        81,
        82,
    ]
    ranges = [(a + 1, b, b - 1) for a, b in pairwise(ends)]
    ranges += [(p, p, 1) for p in range(83, 102)]
    rows = []
    for at in ranges:
        for cell, (bound, x0, m0, parameters, lines) in cells(*at):
            start = [*cell, f"{x0:.2f}", f"{bound:.6f}"]
            rows += [
                [
                    *start,
                    m,
                    L,
                    f"{t:.4g}",
                    "",
                    f"{eta:.5g}",
                    f"{a:.5g}",
                    f"{T:.5g}",
                ]
                for m, L, t, eta, a, T in lines
            ]
            rest = (
                [f"{value:.5g}" for value in parameters]
                if parameters
                else [""] * 4
            )
            rows.append([*start, m0, "", "", *rest])
        print(*at, flush=True)
    with (
        Path(__file__)
        .with_suffix(".csv")
        .open("w", newline="", encoding="utf-8") as file
    ):
        table = csv.writer(file, lineterminator="\n")
        table.writerow(HEADER)
        table.writerows(rows)


if __name__ == "__main__":
    main()
