"""What a node says, as a line of text with formulas between dollars, or as LaTeX for a paper."""

from __future__ import annotations

import re

from docutils import nodes

FORMS = {
    nodes.paragraph: "\n\n%s\n\n",
    nodes.emphasis: r"\emph{%s}",
    nodes.strong: r"\textbf{%s}",
    nodes.literal: r"\texttt{%s}",
    nodes.bullet_list: "\n\\begin{itemize}%s\\end{itemize}\n",
    nodes.enumerated_list: "\n\\begin{enumerate}%s\\end{enumerate}\n",
    nodes.list_item: "\\item %s",
}


def words(node: nodes.Node) -> str:
    """Text of a node in one line, without what is there to be clicked."""
    if isinstance(node, nodes.math | nodes.math_block):
        return f"${' '.join(node.astext().split())}$"
    if isinstance(node, nodes.Text):
        return node.astext()
    between = "" if isinstance(node, nodes.TextElement) else " "
    return between.join(words(child) for child in node.children if not isinstance(child, nodes.raw))


def escaped(text: str) -> str:
    """Text in which LaTeX sees no commands but those of its formulas."""
    return re.sub(r"(\$[^$]*\$)|([&%#_])", lambda m: m[1] or f"\\{m[2]}", text)


def latex(node: nodes.Element) -> str:
    """What a node contains below its title, in LaTeX."""
    text = "".join(map(_latex, node.children))
    text = re.sub(r"\s*\n(\\(?:\[|begin|end|item))", r"\n\1", text)  # no paragraph begins there
    text = re.sub(r"(\\\]|\\(?:begin|end)\{\w+\}|\\item)\s+", r"\1\n", text)
    return re.sub(r"\n{3,}", "\n\n", text).replace("\\item\n", "\\item ").strip()


def _latex(node: nodes.Node) -> str:
    if isinstance(node, nodes.math):
        return f"${node.astext()}$"
    if isinstance(node, nodes.math_block):
        return f"\n\\[\n{node.astext().strip()}\n\\]\n"
    if isinstance(node, nodes.Text):
        return escaped(node.astext())
    if isinstance(node, nodes.raw | nodes.title):
        return ""
    return FORMS.get(type(node), "%s") % "".join(map(_latex, node.children))
