"""Keep the built book free of what needs the network or is never read.

- sphinx-thebe, which Jupyter Book always loads, puts the same `const` on every page twice (an error
  in the console) and the address of a script on another host. The book does not use it.
- Source maps of the theme's scripts are 3 MB that only the theme's developers read.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sphinx.application import Sphinx


def drop_thebe(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Take sphinx-thebe's scripts and styles off a page."""
    for kind in ("script_files", "css_files"):
        context[kind] = [file for file in context.get(kind, []) if not _of_thebe(file)]


def drop_source_maps(app: Sphinx, exception: Exception | None) -> None:
    """Delete source maps, and thebe's files, from the finished book."""
    static = Path(app.outdir) / "_static"
    for path in [*static.rglob("*.map"), *static.glob("sphinx-thebe.*")]:
        path.unlink()


def _of_thebe(file: Any) -> bool:
    body = str(getattr(file, "attributes", {}).get("body", ""))
    return "thebe" in str(getattr(file, "filename", file)) or "thebe" in body


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect both, after every other extension."""
    app.connect("html-page-context", drop_thebe, priority=900)
    app.connect("build-finished", drop_source_maps, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
