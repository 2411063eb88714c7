"""Estimate how long a chapter takes to read, and write it under the title.

The estimate counts visible words, formulas, figures, code and printed lines, but not folded proofs,
solutions or cells. A box of class `pause` divides a longer chapter into stretches, each with its
own time. The time for the exercises is the sum of the minutes given in their titles.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from tools.book import EXERCISE

# Seconds for one word, one formula, and so on, before scaling. Plain prose is read at about 240
# words per minute (doi:10.1016/j.jml.2019.104047), and we assume 200; the other rates are guesses.
WORD, FORMULA, DISPLAY, FIGURE, CODE_LINE, PRINTED_LINE = 60 / 200, 1.0, 10.0, 20.0, 1.5, 1.0
# Following an argument takes longer than reading prose: readers of chapter 3 took 38 to 52 minutes
# (median 45), but the rates above give 31.
SCALE = 45 / 31
FOLDED = {"dropdown", "tag_hide-cell", "tag_remove-cell"}


def folded(node: nodes.Element) -> bool:
    """Whether a node is folded or removed; the code of a cell can be folded without its output."""
    classes = set(node.get("classes", []))
    of_hidden = "cell_input" in classes and "tag_hide-input" in node.parent.get("classes", [])
    return of_hidden or not classes.isdisjoint(FOLDED)


def seen(node: nodes.Node) -> Iterator[nodes.Node]:
    """Nodes visible without unfolding anything, outermost first."""
    if isinstance(node, nodes.Element) and folded(node):
        return
    yield node
    whole = nodes.math | nodes.math_block | nodes.literal_block | nodes.raw | nodes.caption
    if not isinstance(node, whole):
        for child in node.children:
            yield from seen(child)


def stretches(node: nodes.Node) -> list[float]:
    """Minutes to read the visible content of a node, one number per stretch between pause boxes."""
    found = [0.0]
    for part in seen(node):
        if isinstance(part, nodes.admonition) and "pause" in part["classes"]:
            found.append(0.0)
        found[-1] += SCALE * _seconds(part) / 60
    return found


def _seconds(node: nodes.Node) -> float:
    if isinstance(node, nodes.math):
        return FORMULA
    if isinstance(node, nodes.math_block):
        return DISPLAY
    if isinstance(node, nodes.image):
        return FIGURE
    if isinstance(node, nodes.literal_block):
        code = "cell_input" in node.parent.get("classes", [])
        return (CODE_LINE if code else PRINTED_LINE) * len(node.astext().splitlines())
    if isinstance(node, nodes.raw):
        # a table printed by a cell: count its rows
        return PRINTED_LINE * node.astext().count("<tr>")
    return WORD * len(node.astext().split()) if isinstance(node, nodes.Text) else 0.0


def write_minutes(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Write the reading time under the title of a page that has cells."""
    cells = [box for box in doctree.findall(nodes.container) if "cell" in box["classes"]]
    if docname == app.config.root_doc or not cells:
        return
    minutes = " and ".join(str(max(1, round(time))) for time in stretches(doctree))
    about = "Two sittings, about" if " and " in minutes else "About"
    text = f"{about} {minutes} minutes, not counting folded proofs, solutions and code. "
    if exercises := [found[4] for found in EXERCISE.finditer(doctree.astext())]:
        apart = ", not counting the open one" if None in exercises else ""
        text += f"The exercises take {sum(int(m or 0) for m in exercises)} minutes{apart}. "
    doctree.next_node(nodes.section).insert(1, nodes.paragraph("", text, classes=["page-line"]))


def setup(app: Sphinx) -> dict[str, Any]:
    """Measure pages before other extensions add anything to them."""
    app.connect("doctree-resolved", write_minutes, priority=100)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
