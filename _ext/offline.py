"""Remove files and scripts from the built book that need the network or are never used.

- sphinx-thebe, which Jupyter Book always loads, declares the same `const` twice on every page (an
  error in the console) and links to a script on another host. The book does not use it.
- The source maps of the theme's scripts take 3 MB and serve only the theme's developers.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sphinx.application import Sphinx


def drop_thebe(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Remove the scripts and styles of sphinx-thebe from a page."""
    for kind in ("script_files", "css_files"):
        context[kind] = [file for file in context.get(kind, []) if not _of_thebe(file)]


def drop_source_maps(app: Sphinx, exception: Exception | None) -> None:
    """Delete source maps and the files of sphinx-thebe from the finished book."""
    static = Path(app.outdir) / "_static"
    for path in [*static.rglob("*.map"), *static.glob("sphinx-thebe.*")]:
        path.unlink()


def _of_thebe(file: Any) -> bool:
    body = str(getattr(file, "attributes", {}).get("body", ""))
    return "thebe" in str(getattr(file, "filename", file)) or "thebe" in body


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect both functions, to run after every other extension."""
    app.connect("html-page-context", drop_thebe, priority=900)
    app.connect("build-finished", drop_source_maps, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
