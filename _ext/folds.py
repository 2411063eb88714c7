"""Let one click open both a solution and the cell that computes it.

A folded cell directly after a folded box is moved into the box and no longer folded separately.
"""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx


def fold_together(app: Sphinx, doctree: nodes.document) -> None:
    """Move each cell tagged hide-cell into the solution directly before it."""
    for cell in list(doctree.findall(nodes.container)):
        box = cell.previous_sibling()
        solution = isinstance(box, nodes.admonition) and "dropdown" in box["classes"]
        if solution and cell.get("hide_mode") == "all":
            del cell["hide_mode"]
            cell["classes"].remove("tag_hide-cell")
            cell.parent.remove(cell)
            box += cell


def setup(app: Sphinx) -> dict[str, bool]:
    """Move cells when a page is read, before MyST-NB folds them."""
    app.connect("doctree-read", fold_together)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
