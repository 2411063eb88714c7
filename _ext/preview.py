"""Add a description and Open Graph tags, from which search engines and messengers make previews.

The description is the page's first paragraph and the image is its first figure. A page without
figures has no image, because previews do not show SVG, the format of the logo.
"""

from __future__ import annotations

import html
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

LONGEST = 200


def description(doctree: nodes.document) -> str:
    """The first paragraph after the learning goals, cut at the end of a word if it is too long."""
    for paragraph in doctree.findall(nodes.paragraph):
        lead = isinstance(paragraph.next_node(), nodes.strong)
        if isinstance(paragraph.parent, nodes.section) and not paragraph["classes"] and not lead:
            text = " ".join(paragraph.astext().split())
            return text if len(text) <= LONGEST else text[:LONGEST].rsplit(" ", 1)[0] + " …"
    return ""


def describe(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Add the description and the tags to the head of a page."""
    if doctree is None:
        return
    base = app.config.html_baseurl.rstrip("/")
    tags = {
        "og:type": "article",
        "og:site_name": app.config.html_title or app.config.project,
        "og:title": app.env.titles[pagename].astext(),
        "og:url": f"{base}/{pagename}.html",
        "og:description": description(doctree),
    }
    for image in doctree.findall(nodes.image):
        if image["uri"].endswith(".png"):
            file = image["uri"].rpartition("/")[2]
            tags |= {"og:image": f"{base}/_images/{file}", "og:image:alt": image["alt"]}
            break
    lines = [f'<meta name="description" content="{html.escape(tags["og:description"])}" />']
    lines += [
        f'<meta property="{name}" content="{html.escape(text)}" />' for name, text in tags.items()
    ]
    context["metatags"] = context.get("metatags", "") + "\n".join(lines)


def setup(app: Sphinx) -> dict[str, bool]:
    """Add the tags while pages are being written."""
    app.connect("html-page-context", describe)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
