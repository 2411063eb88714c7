"""Decide whether two images show the same figure, even if different processors drew them."""

from __future__ import annotations

import base64
import io

import numpy as np
from matplotlib.image import imread

# The tolerance is in levels of brightness, 0 to 255. Figures of the book drawn on two kinds of
# processor differ by at most 1 level. If a point moves by 1/400 of the length of its axis, some
# pixel changes by at least 150 levels; if it moves by 1/2000, some pixel changes by at least 19.
TOLERANCE = 16


def difference(one: str, other: str) -> float:
    """Largest difference in levels at any pixel of two PNGs in base64; ∞ if their sizes differ."""
    a, b = (255 * imread(io.BytesIO(base64.b64decode(png)), format="png") for png in (one, other))
    return float(np.abs(a - b).max()) if a.shape == b.shape else np.inf


def same(one: str, other: str) -> bool:
    """Whether two PNGs in base64 look the same to a reader."""
    return one == other or difference(one, other) <= TOLERANCE
