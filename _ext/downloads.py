"""Notebooks that read well anywhere, made by tools/plain.py, behind the download and Colab buttons.

So are the worksheets, which the teachers' page lists as `{{ worksheets }}`, and the texts of the
problems as `{{ problems }}`; neither has solutions or answers. Binder makes notebooks for itself
(postBuild). Colab opens only what is on GitHub: the branch `notebooks`, which
.github/workflows/pages.yml writes whenever it publishes the site.
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
    """Put plain notebooks where the button looks for the sources."""
    if error is None and app.builder.name == "html":
        write("notebooks", Path(app.outdir) / "_sources")
        write("worksheets", Path(app.outdir) / "worksheets")


def list_worksheets(app: Sphinx, config: Config) -> None:
    """Each chapter with the minutes of its exercises and its worksheet; each problem's text."""
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
    """Lead the Colab button to the plain notebook."""
    written = f"/blob/{context.get('theme_repository_branch', 'main')}/"
    for group in context.get("header_buttons", []):
        for button in group.get("buttons", []):
            if button.get("url", "").startswith("https://colab."):
                button["url"] = button["url"].replace(written, f"/blob/{BRANCH}/", 1)


def setup(app: Sphinx) -> dict[str, bool]:
    """Write them when the book is there."""
    app.connect("config-inited", list_worksheets)
    app.connect("build-finished", write_notebooks)
    app.connect("html-page-context", point_colab, priority=502)  # the theme adds buttons at 501
    return {"parallel_read_safe": True, "parallel_write_safe": True}
