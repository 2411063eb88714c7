"""The `bad-input` directive: what every public function says to every bad value, tried anew.

```{bad-input}
```
"""

from __future__ import annotations

import refusals
from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective


class BadInput(SphinxDirective):
    """The table of `refusals`; a build with a fault in it fails."""

    def run(self) -> list[nodes.Node]:
        """Make all the calls and lay out what came of them."""
        if refusals.faults():
            raise self.error(f"bad input is not refused: {refusals.faults()[0]}")
        box = nodes.Element()
        box.document = self.state.document
        lines = StringList(refusals.markdown().splitlines(), self.env.docname)
        self.state.nested_parse(lines, 0, box)
        return box.children


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directive."""
    app.add_directive("bad-input", BadInput)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
