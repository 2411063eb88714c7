"""In the kernel of a page: every figure as SVG and PDF too, drawn after the PNG.

The layout stays the one that PNG found. To find it anew would take as long as to draw, and would
move it by a hair.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import partial
from typing import Any

from IPython import get_ipython


def draw(figure: Any, kind: str, file: Callable[[], Any]) -> Any:
    """The figure as the content of a file."""
    figure.set_layout_engine("none")
    drawn = file()
    figure.savefig(drawn, format=kind, bbox_inches="tight")
    return drawn.getvalue()


formatters = get_ipython().display_formatter.formatters
formatters["image/svg+xml"] = formatters.pop("image/svg+xml")  # to the end, after PNG
for mime, kind, file in (
    ("image/svg+xml", "svg", io.StringIO),
    ("application/pdf", "pdf", io.BytesIO),
):
    # What stands for Figure itself goes when Matplotlib is imported.
    drawer = partial(draw, kind=kind, file=file)
    formatters[mime].for_type_by_name("matplotlib.figure", "FigureBase", drawer)
