"""Pages load what they use, and no more.

- The theme brings all icons of Font Awesome twice: as a script of 1.5 MB and as fonts. Its style
  sheets show the same icons from the fonts alone (`styles.py` cuts those down).
- The index of the search is read by the page that searches. Tabs and explorables have scripts of
  their own, which go to pages that have some.
- Pygments marks names, commas and spaces in the colour that text has anyway.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

# script: how its page is known
NEEDS = {"explore.js": 'class="explorable"', "design-tabs.js": 'class="sd-tab-set'}
SEARCH = ("searchtools.js", "language_data.js", "searchindex.js")
SCRIPT = re.compile(r'\s*<script [^>]*src="[^"]*?([\w-]+\.js)[^"]*"></script>')
RULE = re.compile(r'^html\[data-theme="\w+"\] \.highlight (?:\.(\w+) )?\{.*?color: (#\w+) \}', re.M)


def drop_scripts(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Take a script off a page that has nothing for it to do."""
    body = context.get("body", "")
    missing = tuple(script for script, mark in NEEDS.items() if mark not in body)
    context["script_files"] = [
        file
        for file in context.get("script_files", [])
        if not str(getattr(file, "filename", file)).endswith(missing)
    ]


def colourless(css: str) -> str:
    """Classes of Pygments, separated by |, that look like plain text in every theme."""
    text, plain, coloured = "", set(), set()
    for name, colour in RULE.findall(css):
        if name:
            (plain if colour == text else coloured).add(name)
        else:
            text = colour
    return "|".join(sorted(plain - coloured))


def lighten(app: Sphinx, error: Exception | None) -> None:
    """Take off finished pages what the theme's templates put there."""
    if error is not None or app.builder.name != "html":
        return
    out = Path(app.outdir)
    classes = colourless((out / "_static/pygments.css").read_text("utf-8"))
    span = re.compile(rf'<span class="(?:{classes})">([^<]*)</span>')
    for path in out.rglob("*.html"):
        unused = {"fontawesome.js", *(() if path.name == "search.html" else SEARCH)}
        html = path.read_text("utf-8")
        html = SCRIPT.sub(lambda m, unused=unused: "" if m[1] in unused else m[0], html)
        html = re.sub(r"<pre>.*?</pre>", lambda m: span.sub(r"\1", m[0]), html, flags=re.DOTALL)
        # As the script did: no reader hears a letter that stands for a picture.
        html = re.sub(r'<(i|span) (?=class="(?:[\w-]+ )?fa)', r'<\1 aria-hidden="true" ', html)
        path.write_text(html, "utf-8")
    for path in (out / "_static/scripts").glob("fontawesome.js*"):
        path.unlink()


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect both, after extensions that add scripts."""
    app.connect("html-page-context", drop_scripts, priority=900)
    app.connect("build-finished", lighten, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
