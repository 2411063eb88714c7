"""Make the kernel of a page save every figure as SVG and PDF too, after the PNG.

The SVG and PDF reuse the layout of the PNG. If `InlineBackend.figure_formats` asked for them, they
would be drawn before the PNG, each with a new layout, and some of the PNGs would change.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import partial
from typing import Any

from IPython import get_ipython


def draw(figure: Any, kind: str, file: Callable[[], Any]) -> Any:
    """The figure as the content of an image file."""
    figure.set_layout_engine("none")
    drawn = file()
    figure.savefig(drawn, format=kind, bbox_inches="tight")
    return drawn.getvalue()


formatters = get_ipython().display_formatter.formatters
formatters["image/svg+xml"] = formatters.pop("image/svg+xml")  # moves SVG behind PNG
for mime, kind, file in (
    ("image/svg+xml", "svg", io.StringIO),
    ("application/pdf", "pdf", io.BytesIO),
):
    # Importing Matplotlib removes formatters registered for Figure, so register them for its base
    # class.
    drawer = partial(draw, kind=kind, file=file)
    formatters[mime].for_type_by_name("matplotlib.figure", "FigureBase", drawer)
