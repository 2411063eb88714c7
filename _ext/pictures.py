"""Figures of chapters as a browser likes them: small, of known size, fetched when needed.

A figure has few colours: 128 of them, chosen for it, leave a fifth of the bytes and look the same.
Outputs in notebooks stay as they are.
"""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PIL import Image
from sphinx.application import Sphinx

COLOURS = 128
FIGURE = re.compile(r'<img (?=[^>]*src="[^"]*_images/([\w-]+\.png)")')


def reduce_colours(path: Path) -> tuple[str, str]:
    """Write a picture again with few colours; its name, and its size in HTML."""
    picture = Image.open(path).convert("RGB")
    few = picture.quantize(COLOURS, dither=Image.Dither.NONE)
    few.save(path, optimize=True)
    return path.name, f'width="{picture.width}" height="{picture.height}"'


def finish(app: Sphinx, error: Exception | None) -> None:
    """Reduce all figures, and tell pages their sizes, so that text does not jump."""
    if error is not None or app.builder.name != "html":
        return
    with ThreadPoolExecutor() as pool:
        sizes = dict(pool.map(reduce_colours, (Path(app.outdir) / "_images").glob("*.png")))
    for page in Path(app.outdir).rglob("*.html"):
        html = page.read_text("utf-8")
        html = FIGURE.sub(lambda m: f'<img loading="lazy" {sizes[m[1]]} ', html)
        page.write_text(html, "utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    """Work on the finished book."""
    app.connect("build-finished", finish, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
