"""Decide whether two images are the same figure, drawn on any processor from the same data."""

from __future__ import annotations

import base64
import io

import numpy as np
from matplotlib.image import imread

# In levels of 255. Between two kinds of processor the book's figures differ by at most 1 level.
# Moving a point by 1/400 of its axis changes some pixel by at least 150, and by 1/2000, by 19.
TOLERANCE = 16


def difference(one: str, other: str) -> float:
    """Largest difference of a pixel, in levels of 255, of two PNGs in base64; ∞ between sizes."""
    a, b = (255 * imread(io.BytesIO(base64.b64decode(png)), format="png") for png in (one, other))
    return float(np.abs(a - b).max()) if a.shape == b.shape else np.inf


def same(one: str, other: str) -> bool:
    """Whether two PNGs in base64 look the same to a reader."""
    return one == other or difference(one, other) <= TOLERANCE
