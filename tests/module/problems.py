"""Hypothesis strategies: least-squares problems of any shape and rank, and initial weights."""

import numpy as np
from hypothesis import strategies as st

from impbook import LeastSquares

seeds = st.integers(0, 2**32 - 1)


@st.composite
def problems(draw, max_n=9, max_p=7, full_rank=False):
    """A random least-squares problem of any shape and rank; with `full_rank`, of rank p <= n."""
    n = draw(st.integers(1, max_n))
    p = draw(st.integers(1, min(n, max_p) if full_rank else max_p))
    rank = min(n, p) if full_rank else draw(st.integers(1, min(n, p)))
    rng = np.random.default_rng(draw(seeds))
    Phi = rng.standard_normal((n, rank)) @ rng.standard_normal((rank, p))
    if full_rank:
        Phi = rng.standard_normal((n, p)) + 2 * np.eye(n, p)
    return LeastSquares(Phi, rng.standard_normal(n))


@st.composite
def starts(draw, p):
    """Initial weights w_init of shape (p,), either all 0 or Gaussian."""
    rng = np.random.default_rng(draw(seeds))
    return draw(st.sampled_from([0.0, 1.0])) * rng.standard_normal(p)
