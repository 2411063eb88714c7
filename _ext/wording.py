"""Turn a node into a line of text with formulas in dollar signs, or into LaTeX."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.entities import codepoint2name
from typing import Any

from docutils import nodes

FORMS = {
    nodes.paragraph: "%s\n\n",
    nodes.emphasis: r"\emph{%s}",
    nodes.strong: r"\textbf{%s}",
    nodes.literal: r"\texttt{%s}",
    nodes.bullet_list: "\\begin{itemize}\n%s\\end{itemize}\n",
    nodes.enumerated_list: "\\begin{enumerate}\n%s\\end{enumerate}\n",
    nodes.list_item: "\\item %s",
}


def clicked(node: nodes.Node) -> bool:
    """Whether a node is a button."""
    return isinstance(node, nodes.raw)


def words(node: nodes.Node, apart: Callable[[nodes.Node], bool] = clicked) -> str:
    """The text of a node on one line, without the nodes that `apart` selects."""
    if isinstance(node, nodes.math | nodes.math_block):
        return f"${' '.join(node.astext().split())}$"
    if isinstance(node, nodes.Text):
        return node.astext()
    between = "" if isinstance(node, nodes.TextElement) else " "
    return between.join(words(child, apart) for child in node.children if not apart(child))


def escaped(text: str) -> str:
    """Text escaped for LaTeX; formulas are kept, and Greek letters become formulas."""

    def command(found: re.Match[str]) -> str:
        if found[0] > "~":
            return f"$\\{codepoint2name[ord(found[0])]}$"
        return found[0] if found[0][0] == "$" else f"\\{found[0]}"

    return re.sub(r"\$[^$]*\$|[&%#_Γ-ω]", command, text)


def latex(node: nodes.Element) -> str:
    """The content of a node below its title, in LaTeX."""
    text = "".join(map(_latex, node.children))
    # A blank line before these commands would begin a new paragraph.
    return re.sub(r"\n\n(?=\\(?:\[|begin|end|item))", "\n", text).strip()


def _latex(node: Any) -> str:
    if isinstance(node, nodes.math):
        return f"${node.astext()}$"
    if isinstance(node, nodes.math_block):
        return f"\\[\n{node.astext().strip()}\n\\]\n"
    if isinstance(node, nodes.Text):
        return escaped(node.astext())
    if isinstance(node, nodes.raw | nodes.title):
        return ""
    text = FORMS.get(type(node), "%s") % "".join(map(_latex, node.children))
    if start := node.get("start"):  # a list that continues after a formula
        text = text.replace("\n", f"\\setcounter{{enumi}}{{{start - 1}}}\n", 1)
    return text
