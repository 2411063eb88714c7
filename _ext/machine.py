"""Show definitions and statements that Coq has checked, read from proofs/*.v.

    ```{coq} Theorem5.hypotheses Theorem5.Theorem_5_ii
    ```

shows for each name a link to the file, the comment as prose, and the text without the proof. The
labels under `machine` in the ledger, chapters/claims.yml, name the verdicts and theorems that have
been checked. Their boxes get a mark with a link, and so do the claims on the ledger's page.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml
from citable import settled
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

PAGE = "chapters/checked-by-machine"
SENTENCE = r"^(?:Definition|Record|Inductive|Theorem) {}\b.*?\.(?=\s*$)"


def statement(root: Path, name: str) -> tuple[str, str, int]:
    """The comment and text of a definition or theorem, and the line where the text begins."""
    module, _, word = name.partition(".")
    text = (root / f"proofs/{module}.v").read_text(encoding="utf-8")
    found = re.search(SENTENCE.format(re.escape(word)), text, re.MULTILINE | re.DOTALL)
    if found is None:
        raise ValueError(f"proofs/{module}.v has no definition or theorem {word}")
    line = text.count("\n", 0, found.start()) + 1
    before = re.search(r"\(\*\*((?:(?!\*\)).)*)\*\)\n\Z", text[: found.start()], re.DOTALL)
    return " ".join(before[1].split()) if before else "", found[0], line


@cache
def checked(root: Path) -> dict[str, str]:
    """For each label under `machine`, the Coq theorem and what that theorem does not cover."""
    rows = yaml.safe_load((root / "chapters/claims.yml").read_text(encoding="utf-8"))
    return {label: name for row in rows for label, name in row.get("machine", {}).items()}


class Coq(SphinxDirective):
    """Definitions and theorems, each with a link to its file."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Lay out the definitions and theorems that the argument names."""
        shown = (self.text(name) for name in self.arguments[0].split())
        return self.parse_text_to_nodes("\n\n".join(shown))

    def text(self, name: str) -> str:
        """A definition or theorem in MyST, with its comment from the Coq file.

        Square brackets mark code in a Coq comment; backticks replace them here.
        """
        comment, text, line = statement(Path(self.env.srcdir), name)
        file = f"proofs/{name.partition('.')[0]}.v"
        address = f"{self.config.html_theme_options['repository_url']}/blob/main/{file}#L{line}"
        source = f"{{.coq-source #{nodes.make_id(f'coq {name}')}}}\n[`{file}`]({address})"
        said = re.sub(r"\[(.*?)\]", r"`\1`", comment)
        return f"{source}\n\n{said}\n\n```coq\n{text}\n```"


def mark(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Mark checked verdicts and theorems, in their boxes and in the ledger."""
    names = dict(checked(Path(app.srcdir)))
    boxes = [(box, f"claim-{claim}") for box, claim in settled(doctree)]
    for box in doctree.findall(lambda n: isinstance(n, nodes.admonition | nodes.list_item)):
        boxes += [(box, label.replace("ledger-", "claim-")) for label in box["ids"]]
    for box, label in boxes:
        if label in names:
            box += link(app, docname, names.pop(label))  # only the first box of a claim is marked


def link(app: Sphinx, docname: str, entry: str) -> nodes.Node:
    """The mark: one line with a link to the Coq statement."""
    name, comma, rest = entry.partition(",")
    page = app.builder.get_relative_uri(docname, PAGE)
    address = f"{page}#{nodes.make_id(f'coq {name}')}"
    reference = nodes.reference("", "Checked by machine", refuri=address, internal=True)
    name = name.partition(".")[2]
    words = [nodes.Text(": "), nodes.literal(name, name), nodes.Text(comma + rest)]
    return nodes.paragraph("", "", reference, *words, classes=["machine-mark"])


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directive and the marks."""
    app.add_directive("coq", Coq)
    app.connect("doctree-resolved", mark, priority=400)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
