"""Describe each page in its head, for search engines, messaging apps and reference managers.

The description is the page's first paragraph; messaging apps show it with the page's first figure.
A page without figures gets no image: the logo is an SVG, which these apps do not show.
Zotero and Google Scholar read the `citation_` tags.
"""

from __future__ import annotations

import html
from pathlib import Path
from typing import Any

from citable import described
from docutils import nodes
from sphinx.application import Sphinx

LONGEST = 200  # characters: the default of sphinxext-opengraph; other lengths were not tried


def description(doctree: nodes.document) -> str:
    """The first paragraph of running text, cut at the end of a word if it is too long."""
    for paragraph in doctree.findall(nodes.paragraph):
        if isinstance(paragraph.parent, nodes.section) and not paragraph["classes"]:
            text = " ".join(paragraph.astext().split())
            return text if len(text) <= LONGEST else text[:LONGEST].rsplit(" ", 1)[0] + " …"
    return ""


def describe(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Add the tags to the head of a page."""
    if doctree is None:
        return
    book = described(Path(app.srcdir))
    title = app.env.titles[pagename].astext()
    about = description(doctree)
    named = {
        "description": about,
        "citation_title": title,
        "citation_author": book["author"],
        "citation_publication_date": book["year"],
        "citation_inbook_title": book["title"],
        "citation_public_url": context["pageurl"],
        "citation_doi": book["doi"],
    }
    properties = {
        "og:type": "article",
        "og:site_name": book["title"],
        "og:title": title,
        "og:url": context["pageurl"],
        "og:description": about,
    }
    images = (i for i in doctree.findall(nodes.image) if i["uri"].endswith(".png"))
    if image := next(images, None):
        address = f"{app.config.html_baseurl}_images/{Path(image['uri']).name}"
        properties |= {"og:image": address, "og:image:alt": image["alt"]}
    tags = [("name", *tag) for tag in named.items()]
    tags += [("property", *tag) for tag in properties.items()]
    context["metatags"] += "\n".join(
        f'<meta {kind}="{name}" content="{html.escape(text)}">' for kind, name, text in tags if text
    )


def setup(app: Sphinx) -> dict[str, bool]:
    """Add the tags while pages are being written."""
    app.connect("html-page-context", describe)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
