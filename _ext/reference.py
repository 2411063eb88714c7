"""The reference page, from docstrings written for `help()`.

    ```{public-names} impbook.flow
    ```

documents what impbook/__init__.py imports from a module or package: those are the public names.
They are linked as a user calls them, `imp` or `impbook.imp`. In docstrings bars are absolute
values, as in |w_j|, and a colon in the line that describes a property is a colon.
"""

from __future__ import annotations

import ast
import inspect
import re
from importlib import import_module
from typing import Any

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode


def public_names(package: str = "impbook") -> dict[str, list[str]]:
    """Public names of a package, under the module from which its __init__ imports them."""
    found: dict[str, list[str]] = {}
    for node in ast.parse(inspect.getsource(import_module(package))).body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{package}."):
            found.setdefault(str(node.module), []).extend(alias.name for alias in node.names)
    return found


class PublicNames(SphinxDirective):
    """Docstrings of the public names of one module."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Hand the names to autodoc, which speaks reStructuredText."""
        module = self.arguments[0]
        members = ", ".join(public_names().get(module, []))
        if not members:
            raise self.error(f"impbook/__init__.py imports nothing from {module}")
        lines = ["```{eval-rst}", f".. automodule:: {module}", f"   :members: {members}"]
        lines += ["   :no-value:", "   :show-inheritance:", "```"]
        box = nodes.Element()
        box.document = self.state.document
        self.state.nested_parse(StringList(lines, self.env.docname), 0, box)
        return box.children


def resolve(app: Sphinx, env: BuildEnvironment, node: pending_xref, content: nodes.Element) -> Any:
    """Link to the documented object whose name ends like the reference, if there is just one."""
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


def as_prose(app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """Give a property its own words back; escape bars, not in examples nor in ``literals``."""
    if any(line.startswith(":type:") for line in lines):
        lines[:] = (inspect.getdoc(obj) or "").splitlines()
    for i, line in enumerate(lines):
        if not line.lstrip().startswith((">>>", "...")):
            lines[i] = re.sub(r"(``.*?``)|(?<!\\)\|", lambda m: m[1] or r"\|", line)


def setup(app: Sphinx) -> dict[str, bool]:
    """Step in where Sphinx found nothing, and after napoleon has read a docstring."""
    app.add_directive("public-names", PublicNames)
    app.connect("missing-reference", resolve)
    app.connect("autodoc-process-docstring", as_prose, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
