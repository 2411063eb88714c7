"""Two repairs for readers who use a screen reader.

- An image without alternative text raises a warning, which fails the build. A notebook figure takes
  its alternative text from the metadata of its cell, `{"mystnb": {"image": {"alt": "…"}}}`; without
  it a screen reader would read out a file name.
- A folded cell is announced by its visible label, "Show code cell content".
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging

logger = logging.getLogger(__name__)


def check_images(app: Sphinx, doctree: nodes.document) -> None:
    """Warn once for each image without alternative text."""
    for image in doctree.findall(nodes.image):
        if not image.get("alt", "").strip():
            logger.warning("image without alt text: %s", image.get("uri"), location=image)


def name_folds(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Remove the aria-label that would override the visible label of a fold."""
    if "body" in context:
        label = '<summary aria-label="Toggle hidden content">'
        context["body"] = context["body"].replace(label, "<summary>")


def setup(app: Sphinx) -> dict[str, bool]:
    """Check every page when it is read and repair its HTML when it is written."""
    app.connect("doctree-read", check_images)
    app.connect("html-page-context", name_folds)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
