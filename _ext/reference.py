"""Make the reference pages from docstrings written for `help()`.

A cross-reference may name an object as a user writes it: `imp` or `impbook.imp`. In prose, the
first mention of a name in each section becomes a link. Sphinx would take |w_j| for a substitution
because of its bars. In the first line of a property's docstring, it would take whatever precedes a
colon for a type. Here the bars and the colon are shown as written.
"""

from __future__ import annotations

import inspect
import re
from typing import Any

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.nodes import make_refnode, traverse_parent


def resolve(app: Sphinx, env: BuildEnvironment, node: pending_xref, content: nodes.Element) -> Any:
    """Link to the documented object whose name ends with the reference, if there is only one."""
    if node.get("refdomain") != "py":
        return None
    name = node["reftarget"].removeprefix("impbook.")
    matches = {
        (page, anchor)
        for full_name, _, _, page, anchor, _ in env.get_domain("py").get_objects()
        if full_name.endswith(f".{name}")
    }
    if len(matches) != 1:
        return None
    page, anchor = matches.pop()
    return make_refnode(app.builder, node["refdoc"], page, anchor, content, name)


def link_names(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """In each section, link the first mention or call of a public name to that name's entry."""
    entries = {
        name if kind == "module" else name.rpartition(".")[2]: (page, anchor)
        for name, _, kind, page, anchor, _ in app.env.get_domain("py").get_objects()
        if kind in {"module", "class", "function"} and page != docname
    }
    mentioned = set()
    for code in list(doctree.findall(nodes.literal)):
        above = list(traverse_parent(code.parent))
        section = next((node for node in above if isinstance(node, nodes.section)), doctree)
        entry = entries.get(code.astext().partition("(")[0])
        elsewhere = any(isinstance(node, nodes.title | nodes.reference) for node in above)
        if entry and not elsewhere and (section, entry) not in mentioned:
            mentioned.add((section, entry))
            link = make_refnode(app.builder, docname, *entry, code.deepcopy())
            link["classes"].append("code-name")
            code.replace_self(link)


def as_prose(app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """Restore a property's first line; escape bars, except in examples and ``literals``."""
    if any(line.startswith(":type:") for line in lines):
        lines[:] = (inspect.getdoc(obj) or "").splitlines()
    for i, line in enumerate(lines):
        if not line.lstrip().startswith((">>>", "...")):
            lines[i] = re.sub(r"(``.*?``)|(?<!\\)\|", lambda m: m[1] or r"\|", line)


def setup(app: Sphinx) -> dict[str, bool]:
    """Resolve references that Sphinx cannot, and edit docstrings that napoleon has converted."""
    app.connect("missing-reference", resolve)
    app.connect("doctree-resolved", link_names)
    app.connect("autodoc-process-docstring", as_prose, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
