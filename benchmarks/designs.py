"""Feature matrices of the benchmarks."""

from __future__ import annotations

import numpy as np


def gaussian(rng, n: int, p: int):
    """Independent features."""
    return rng.standard_normal((n, p))


def geometric(rng, n: int, p: int, cond: float = 1e8):
    """Features with singular values from 1 to 1/cond, evenly spaced on a logarithmic scale."""
    U = np.linalg.qr(rng.standard_normal((n, p)))[0]
    V = np.linalg.qr(rng.standard_normal((p, p)))[0]
    return U * np.geomspace(1, 1 / cond, p) @ V


def one_small(rng, n: int, p: int, cond: float = 1e8):
    """Orthonormal features, except for one singular value of 1/cond."""
    U = np.linalg.qr(rng.standard_normal((n, p)))[0]
    V = np.linalg.qr(rng.standard_normal((p, p)))[0]
    s = np.ones(p)
    s[-1] = 1 / cond
    return U * s @ V


def near_duplicates(rng, n: int, p: int, gap: float = 1e-8):
    """Pairs of near-copies: the two features of a pair differ by gap times Gaussian noise."""
    Phi = rng.standard_normal((n, p))
    Phi[:, : p // 2] = Phi[:, p - p // 2 :] + gap * Phi[:, : p // 2]
    return Phi


def with_duplicates(rng, n: int, p: int):
    """Features of which a quarter are copies of others."""
    Phi = rng.standard_normal((n, p))
    Phi[:, : p // 4] = Phi[:, p // 4 : 2 * (p // 4)]
    return Phi


def in_units(rng, n: int, p: int):
    """Independent features whose units spread over six decades."""
    return rng.standard_normal((n, p)) * 10 ** rng.uniform(-3, 3, p)
