"""Notebooks that read well anywhere, made by tools/plain.py, behind the download and Colab buttons.

Binder makes them for itself (postBuild). Colab opens only what is on GitHub: the branch
`notebooks`, which .github/workflows/pages.yml writes whenever it publishes the site.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from tools.plain import write

BRANCH = "notebooks"


def write_notebooks(app: Sphinx, error: Exception | None) -> None:
    """Put plain notebooks where the button looks for the sources."""
    if error is None and app.builder.name == "html":
        write("notebooks", Path(app.outdir) / "_sources")


def point_colab(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: Any
) -> None:
    """Lead the Colab button to the plain notebook."""
    written = f"/blob/{context.get('theme_repository_branch', 'main')}/"
    for group in context.get("header_buttons", []):
        for button in group.get("buttons", []):
            if button.get("url", "").startswith("https://colab."):
                button["url"] = button["url"].replace(written, f"/blob/{BRANCH}/", 1)


def setup(app: Sphinx) -> dict[str, bool]:
    """Write them when the book is there."""
    app.connect("build-finished", write_notebooks)
    app.connect("html-page-context", point_colab, priority=502)  # the theme adds buttons at 501
    return {"parallel_read_safe": True, "parallel_write_safe": True}
