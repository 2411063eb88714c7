"""Put the plain notebooks from tools/plain.py behind the download and Colab buttons.

Plain notebooks can be read in any notebook program. The same tool makes the worksheets. On the
teachers' page, `{{ worksheets }}` becomes a list of links, and `{{ problems }}` becomes the texts
of the problems; neither contains solutions or answers. Binder makes its own notebooks (postBuild).
Colab can open only files on GitHub, so it reads the branch `notebooks`, which
.github/workflows/pages.yml rewrites whenever it publishes the site.
"""

from __future__ import annotations

import re
from html import escape
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config

from impbook_coursework import NUMBERS, problem
from tools.book import EXERCISE, markdown, pages
from tools.plain import write

BRANCH = "notebooks"


def write_notebooks(app: Sphinx, error: Exception | None) -> None:
    """Write worksheets, and replace the sources behind the download button with plain notebooks."""
    if error is None:
        write("notebooks", Path(app.outdir) / "_sources")
        write("worksheets", Path(app.outdir) / "worksheets")


def list_worksheets(app: Sphinx, config: Config) -> None:
    """Make the list of worksheets, with the minutes for each exercise, and the list of problems."""
    rows = ["| chapter | minutes for each exercise | worksheet |", "|:--|:--|:--|"]
    for page in (page for page, _ in pages() if re.match(r"chapters/\d", page)):
        found = EXERCISE.finditer(markdown(page))
        minutes = ", ".join(f"{e[1]}.{e[2]}:\u00a0{e[4] or 'open'}" for e in found)
        file = f"{page.removeprefix('chapters/')}.ipynb"
        link = f'<a href="../worksheets/{file}" download>worksheet&nbsp;{int(file[:2])}</a>'
        rows.append(f"| [](/{page}) | {minutes} | {link} |")
    texts = (f"<p>{escape(problem(name, seed=1))}</p>" for name in NUMBERS)
    config.myst_substitutions |= {"worksheets": "\n".join(rows), "problems": "\n".join(texts)}


def point_colab(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: Any
) -> None:
    """Point the Colab button at the plain notebook."""
    for group in context.get("header_buttons", []):
        for button in group.get("buttons", []):
            if button.get("url", "").startswith("https://colab."):
                button["url"] = button["url"].replace("/blob/main/", f"/blob/{BRANCH}/", 1)


def setup(app: Sphinx) -> dict[str, bool]:
    """List the worksheets before pages are read, and write notebooks once the book is built."""
    app.connect("config-inited", list_worksheets)
    app.connect("build-finished", write_notebooks)
    # The theme adds the buttons at priority 501, so `point_colab` runs after that.
    app.connect("html-page-context", point_colab, priority=502)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
