"""The download button gives notebooks that read well anywhere, made by .ci/plain.py."""

from __future__ import annotations

import runpy
from pathlib import Path

from sphinx.application import Sphinx


def write_notebooks(app: Sphinx, error: Exception | None) -> None:
    """Put plain notebooks where the button looks for the sources."""
    if error is None and app.builder.name == "html":
        plain = runpy.run_path(str(Path(app.srcdir) / ".ci/plain.py"))
        plain["write"]("notebooks", Path(app.outdir) / "_sources")


def setup(app: Sphinx) -> dict[str, bool]:
    """Write them when the book is there."""
    app.connect("build-finished", write_notebooks)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
