"""Index each statement, verdict, term, section, exercise and function separately for the search.

Sphinx's own index records only which words a page contains, but a reader wants the place that
answers a question. Each place has a kind, an address, a title and a text. Code is left out of
the text, and formulas are in dollar signs. search.js ranks the places and shows excerpts from their
texts.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sphinx.search
from citable import chapter_number
from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from wording import words

Place = tuple[str, str, str, str]

BOXES = {"theorem": "Statement", "verdict": "Verdict", "paper": "The paper"}
HEADS = ("You will be able to", "You need")
UNREAD = {"page-line", "claim-head", "claim-links"}


class Index(sphinx.search.IndexBuilder):
    """The index that Sphinx builds page by page and writes to a file for the search page."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.pages: dict[str, tuple[str, list[Place]]] = {}

    def feed(self, docname: str, filename: str, title: str, doctree: nodes.document) -> None:
        number = chapter_number(self.env, docname)
        heading = words(self.env.titles[docname])
        self.pages[docname] = f"{number}. {heading}" if number else heading, [*places(doctree)]

    def dump(self, stream: Any, format: Any) -> None:
        format.dump(self.pages, stream)


def places(doctree: nodes.document) -> Iterator[Place]:
    """Each place of a page with its text, but without the text of the places nested in it."""
    for node in doctree.findall(nodes.Element):
        if kind := kind_of(node):
            address, title = address_and_title(node, kind)
            named = isinstance(node, addnodes.desc | nodes.definition_list_item)
            body = node[-1] if named else node
            yield kind, address, title, " ".join(words(body, apart).split())


def kind_of(node: nodes.Node) -> str:
    """The kind of place that a node is, such as Section or Claim, or "" if it is not a place."""
    if isinstance(node, nodes.section):
        return "Code" if node["ids"][0].startswith("module-") else "Section"
    if isinstance(node, addnodes.desc) and node[0]["ids"]:
        return "Code"
    if isinstance(node, nodes.definition_list_item):
        return "Term" if isinstance(node.parent.parent, addnodes.glossary) else ""
    if isinstance(node, nodes.list_item) and "claim" in node["classes"]:
        return "Claim"
    if isinstance(node, nodes.admonition) and node["ids"]:
        return next((BOXES[name] for name in node["classes"] if name in BOXES), "")
    if isinstance(node, nodes.paragraph) and any(i.startswith("exercise-") for i in node["ids"]):
        return "Exercise"
    return ""


def address_and_title(node: nodes.Element, kind: str) -> tuple[str, str]:
    """The address of a place, relative to the page, and the title of the place.

    The address of a term is that of the explanation to which the term's glossary entry links.
    """
    if kind == "Term":
        link = node.next_node(nodes.reference)
        return link.get("refuri", f"#{link.get('refid')}"), words(node[0])
    if isinstance(node, addnodes.desc):
        return f"#{node[0]['ids'][0]}", node[0]["fullname"]
    if kind == "Claim":
        where, verdict = node[0].children[0], node[0].children[2]
        return f"#{node['ids'][0]}", f"{words(where)}: {words(verdict)}"
    if kind == "Exercise":
        return f"#{node['ids'][-1]}", words(node.next_node(nodes.reference))
    return f"#{node['ids'][0]}", words(node[0], linked).partition(" (Elesedy")[0].strip()


def linked(node: nodes.Node) -> bool:
    """Whether a node in a title is a button, a link symbol or a link to a claim."""
    link = isinstance(node, nodes.reference) and not node.astext()[0].isdigit()
    return isinstance(node, nodes.raw) or link


def apart(node: nodes.Node) -> bool:
    """Whether a node is left out of the text of the place that contains it."""
    if isinstance(node, nodes.Text):
        return False
    if isinstance(node, nodes.paragraph) and node.astext().startswith(HEADS):
        return True
    code = isinstance(node, nodes.literal_block | nodes.doctest_block | nodes.raw | nodes.title)
    return code or not UNREAD.isdisjoint(node["classes"]) or kind_of(node) != ""


def typeset_results(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Add MathJax to the search page, as Sphinx would if the page itself had formulas."""
    env.get_domain("math").data["has_equations"]["search"] = True
    return []


def setup(app: Sphinx) -> dict[str, bool]:
    """Replace Sphinx's index with `Index`."""
    sphinx.search.IndexBuilder = Index
    app.config.html_search_scorer = str(Path(__file__).with_suffix(".js"))
    app.connect("env-updated", typeset_results)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
