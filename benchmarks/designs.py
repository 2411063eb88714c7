"""Feature matrices of the benchmarks."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np


def problem(design: Callable, n: int, p: int, seed: int = 0):
    """The features of a design, and a target made of a dense signal and some noise."""
    rng = np.random.default_rng(seed)
    Phi = design(rng, n, p)
    return Phi, Phi @ rng.standard_normal(p) + 0.1 * rng.standard_normal(n)


def gaussian(rng, n: int, p: int):
    """Independent Gaussian features."""
    return rng.standard_normal((n, p))


def spectrum(rng, n: int, singular_values):
    """Features with the given singular values and random singular vectors."""
    p = len(singular_values)
    U = np.linalg.qr(rng.standard_normal((n, p)))[0]
    V = np.linalg.qr(rng.standard_normal((p, p)))[0]
    return U * singular_values @ V


def geometric(rng, n: int, p: int):
    """Features with singular values from 1 to 1e-8, evenly spaced on a logarithmic scale."""
    return spectrum(rng, n, np.geomspace(1, 1e-8, p))


def one_small(rng, n: int, p: int):
    """Features whose singular values are all 1, except for one of 1e-8."""
    return spectrum(rng, n, np.append(np.ones(p - 1), 1e-8))


def near_duplicates(rng, n: int, p: int):
    """Pairs of near-copies: the two features of a pair differ by 1e-8 times Gaussian noise."""
    Phi = rng.standard_normal((n, p))
    Phi[:, : p // 2] = Phi[:, p - p // 2 :] + 1e-8 * Phi[:, : p // 2]
    return Phi


def with_duplicates(rng, n: int, p: int):
    """Features, a quarter of which are copies of others."""
    Phi = rng.standard_normal((n, p))
    Phi[:, : p // 4] = Phi[:, p // 4 : 2 * (p // 4)]
    return Phi


def in_units(rng, n: int, p: int):
    """Independent Gaussian features whose units vary over six decades."""
    return rng.standard_normal((n, p)) * 10 ** rng.uniform(-3, 3, p)


ILL_CONDITIONED = (geometric, near_duplicates, one_small)


def name(design) -> str:
    """The name under which the table lists an ill-conditioned design."""
    return f"{design.__name__.replace('_', ' ')}, cond 1e8"
