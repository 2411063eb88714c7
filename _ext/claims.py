"""The `claims` directive: a page of verdicts made from the ledger, chapters/claims.yml.

    ```{claims} claims.yml
    ```

For each claim, the page shows the verdict and its weight, what the paper gets right, what holds
instead, and links to the page and to the test that support the verdict. The claim's anchor is
`ledger-<id>`. The texts in the ledger are in MyST, and so are their formulas.
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
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from tools.book import labels, title

VERDICTS = ("holds", "needs an assumption", "typo", "false")
# What a verdict can concern, from the most to the least serious. The page shows less serious
# verdicts less prominently.
WEIGHTS = ("statement", "step of a proof", "wording")

Row = dict[str, Any]


class Claims(SphinxDirective):
    """Verdicts on all claims, grouped by section of the paper, with their counts at the top."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Read the ledger and lay out the page."""
        path = Path(self.env.relfn2path(self.arguments[0])[1])
        rows: list[Row] = yaml.safe_load(path.read_text(encoding="utf-8"))
        self.pages = labels()
        parts = groupby(rows, key=itemgetter("section"))
        sections = [self.section(name, part) for name, part in parts]
        return [*self.parse_text_to_nodes(tally(rows)), *sections]

    def section(self, name: str, rows: Iterable[Row]) -> nodes.Node:
        """The claims in one section of the paper."""
        entries = nodes.bullet_list("", *map(self.entry, rows), classes=["claims-list"])
        anchor = nodes.make_id(f"claims {name}")
        return nodes.section("", nodes.title(name, name), entries, ids=[anchor])

    def entry(self, row: Row) -> nodes.Node:
        """One claim; its verdict and weight determine the colour and style of its badge."""
        kind, about = f"claim {row['verdict']}", f"about {row['weight']}"
        entry = nodes.list_item("", *self.parse_text_to_nodes(self.text(row)))
        entry["classes"] = ["claim", nodes.make_id(kind), nodes.make_id(about)]
        entry["names"].append(f"ledger-{row['id']}")
        self.state.document.note_explicit_target(entry, entry)
        return entry

    def text(self, row: Row) -> str:
        """A claim in MyST: its place in the paper, verdict, text, repair and links."""
        head = f"**{row['where']}** [{row['verdict']}]{{.verdict-badge}} *{row['weight']}*"
        parts = [f"{{.claim-head}}\n{head}", row["claim"], f"*What is right:* {row['right']}"]
        if "repair" in row:
            lead = "More exactly" if row["verdict"] == "holds" else "What holds instead"
            parts.append(f"*{lead}:* {row['repair']}")
        page = title(self.pages[row["anchor"]])
        file, test = row["test"].split("::")
        address = f"{self.config.html_theme_options['repository_url']}/blob/main/{file}"
        shown = f"Shown in [{page}](#{row['anchor']}), tested by [`{test}`]({address})"
        return "\n\n".join([*parts, f"{{.claim-links}}\n{shown}"])


def tally(rows: list[Row]) -> str:
    """A table that counts the claims by verdict and weight."""
    counts = Counter((row["verdict"], row["weight"]) for row in rows)
    lines = ["| | " + " | ".join([*WEIGHTS, "all"]), "|:--" + "|--:" * (len(WEIGHTS) + 1)]
    for verdict in VERDICTS:
        row = [counts[verdict, weight] for weight in WEIGHTS]
        lines.append(f"| {verdict} | " + " | ".join(map(str, [*row, sum(row)])))
    return "\n".join(f"{line} |" for line in lines)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directive."""
    app.add_directive("claims", Claims)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
