"""Feature matrices of the benchmarks."""

from __future__ import annotations

import numpy as np


def gaussian(rng, n: int, p: int):
    """Independent features."""
    return rng.standard_normal((n, p))


def geometric(rng, n: int, p: int, cond: float = 1e8):
    """Singular values from 1 down to 1/cond, evenly on a logarithmic scale."""
    U = np.linalg.qr(rng.standard_normal((n, p)))[0]
    V = np.linalg.qr(rng.standard_normal((p, p)))[0]
    return U * np.geomspace(1, 1 / cond, p) @ V


def one_small(rng, n: int, p: int, cond: float = 1e8):
    """Orthonormal features but for one singular value of 1/cond."""
    U = np.linalg.qr(rng.standard_normal((n, p)))[0]
    V = np.linalg.qr(rng.standard_normal((p, p)))[0]
    s = np.ones(p)
    s[-1] = 1 / cond
    return U * s @ V


def near_duplicates(rng, n: int, p: int, gap: float = 1e-8):
    """Each feature of the first half is one of the second up to a difference of size gap."""
    Phi = rng.standard_normal((n, p))
    Phi[:, : p // 2] = Phi[:, p - p // 2 :] + gap * Phi[:, : p // 2]
    return Phi


def with_duplicates(rng, n: int, p: int):
    """A quarter of the features are copies of others."""
    Phi = rng.standard_normal((n, p))
    Phi[:, : p // 4] = Phi[:, p // 4 : 2 * (p // 4)]
    return Phi


def in_units(rng, n: int, p: int):
    """Independent features in units over six decades."""
    return rng.standard_normal((n, p)) * 10 ** rng.uniform(-3, 3, p)
