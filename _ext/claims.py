"""The `claims` directive: a page of verdicts made from the ledger, chapters/claims.yml.

    ```{claims} claims.yml
    ```

Each claim gets an anchor `ledger-<id>`, its verdict and weight, what the paper gets right, what
holds instead, and links to the page that shows it and to the test that checks it. Claims, repairs
and titles are written in MyST, formulas included.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import yaml
from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from tools.book import labels, title

VERDICTS = {
    "holds": "holds",
    "needs an assumption": "assumption",
    "typo": "typo",
    "false": "false",
}
# What a verdict is about, the most serious first; less serious verdicts are shown less prominently.
WEIGHTS = {"statement": "statement", "step of a proof": "step", "wording": "wording"}

Row = dict[str, Any]


class Claims(SphinxDirective):
    """Verdicts on all claims, grouped by section of the paper, with their counts at the top."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Read the ledger and lay out the page."""
        relative, path = self.env.relfn2path(self.arguments[0])
        self.env.note_dependency(relative)
        rows: list[Row] = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
        for row in rows:
            if row["verdict"] not in VERDICTS or row["weight"] not in WEIGHTS:
                raise self.error(
                    f"{row['id']}: {row['verdict']!r} is none of {[*VERDICTS]}, "
                    f"or {row['weight']!r} none of {[*WEIGHTS]}"
                )
        self.pages = labels()
        self.repository = self.config.html_theme_options["repository_url"]
        parts = groupby(rows, key=itemgetter("section"))
        return [*self.parsed(tally(rows)), *(self.section(name, part) for name, part in parts)]

    def section(self, name: str, rows: Iterable[Row]) -> nodes.Node:
        """One part of the page."""
        section = nodes.section(ids=[nodes.make_id(f"claims {name}")])
        section += nodes.title(name, name)
        entries = nodes.bullet_list(classes=["claims-list"])
        entries += [self.entry(row) for row in rows]
        section += entries
        return section

    def entry(self, row: Row) -> nodes.Node:
        """One claim: its place in the paper, verdict, wording, repair and links."""
        entry = nodes.list_item(classes=["claim"])
        entry["classes"] += [f"claim-{VERDICTS[row['verdict']]}", f"about-{WEIGHTS[row['weight']]}"]
        entry["names"].append(f"ledger-{row['id']}")
        self.state.document.note_explicit_target(entry, entry)
        head = nodes.paragraph(classes=["claim-head"])
        head += nodes.strong(row["where"], row["where"])
        for part in (badge(row["verdict"], row["weight"]), nodes.emphasis("", row["weight"])):
            head += [nodes.Text(" "), part]
        entry += [head, *self.parsed(row["claim"])]
        entry += self.parsed(f"*What is right:* {row['right']}")
        if "repair" in row:
            lead = "More exactly" if row["verdict"] == "holds" else "What holds instead"
            entry += self.parsed(f"*{lead}:* {row['repair']}")
        page = title(self.pages[row["anchor"]])
        shown = self.parsed(f"Shown in [{page}](#{row['anchor']}), tested by")[0]
        file, name = row["test"].split("::")
        address = f"{self.repository}/blob/main/{file}"
        link = nodes.reference("", "", nodes.literal(name, name), refuri=address)
        entry += nodes.paragraph(
            "", "", *shown.children, nodes.Text(" "), link, classes=["claim-links"]
        )
        return entry

    def parsed(self, text: str) -> list[nodes.Node]:
        """Parse MyST into nodes."""
        box = nodes.Element()
        box.document = self.state.document
        self.state.nested_parse(StringList(text.splitlines(), self.env.docname), 0, box)
        return box.children


def tally(rows: list[Row]) -> str:
    """A table that counts the claims by verdict and weight."""
    counts = Counter((row["verdict"], row["weight"]) for row in rows)
    lines = ["| | " + " | ".join([*WEIGHTS, "all"]), "|:--" + "|--:" * (len(WEIGHTS) + 1)]
    for verdict in VERDICTS:
        row = [counts[verdict, weight] for weight in WEIGHTS]
        lines.append(f"| {verdict} | " + " | ".join(map(str, [*row, sum(row)])))
    return "\n".join(f"{line} |" for line in lines)


def badge(verdict: str, weight: str) -> nodes.Node:
    """A verdict styled by kind and weight; its word says everything that the colour does."""
    classes = ["verdict-badge", f"verdict-{VERDICTS[verdict]}", f"weight-{WEIGHTS[weight]}"]
    return nodes.inline(verdict, verdict, classes=classes)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directive."""
    app.add_directive("claims", Claims)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
