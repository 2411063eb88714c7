"""Figures of chapters as a browser likes them: small and of known size.

A page shows a figure in 96 colours chosen for it, as lossless WebP: a quarter of the bytes, and
the eye sees no difference (a test measures one). The figure as it was drawn stays beside it, for
previews, whose readers do not all know WebP. None waits until it is scrolled to (`loading`): a
browser that prints a page leaves such figures out.
"""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PIL import Image
from sphinx.application import Sphinx

COLOURS = 96
FIGURE = re.compile(r'<img ([^>]*src="[^"]*_images/)([\w-]+)\.png"')


def reduce_colours(path: Path) -> tuple[str, str]:
    """Write a picture's light copy; the picture's name, and its size in HTML."""
    picture = Image.open(path).convert("RGB")
    few = picture.quantize(COLOURS, dither=Image.Dither.NONE)
    few.convert("RGB").save(path.with_suffix(".webp"), lossless=True, method=2)
    return path.stem, f'width="{picture.width}" height="{picture.height}"'


def finish(app: Sphinx, error: Exception | None) -> None:
    """Reduce all figures, and tell pages their sizes, so that text does not jump."""
    if error is not None or app.builder.name != "html":
        return
    with ThreadPoolExecutor() as pool:
        sizes = dict(pool.map(reduce_colours, (Path(app.outdir) / "_images").glob("*.png")))
    for page in Path(app.outdir).rglob("*.html"):
        html = page.read_text("utf-8")
        html = FIGURE.sub(lambda m: f'<img {sizes[m[2]]} {m[1]}{m[2]}.webp"', html)
        page.write_text(html, "utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    """Work on the finished book."""
    app.connect("build-finished", finish, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
