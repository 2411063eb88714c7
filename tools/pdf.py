"""Print the whole book as one PDF, from the built pages: `make pdf`.

The pages of `_toc.yml` are joined into one HTML page (pdf.js, pdf.css). Chromium prints it twice:
first to find the page numbers of all link targets, then with these numbers filled in. The fonts
come with Matplotlib. Finally, the download menu of every page is given a link to the PDF.
"""

from __future__ import annotations

import html
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import matplotlib
import pikepdf
import yaml
from playwright.sync_api import Page, sync_playwright
from pypdf import PdfReader

from tools.book import BUILT, ROOT, SITE, pages
from tools.browser import FLAGS, chromium

PDF = BUILT / "impbook.pdf"
WIDTH = 635  # pixels: the width of A4 paper without the margins set in _static/impbook.css
FONTS = Path(matplotlib.get_data_path()) / "fonts/ttf"  # the same on every machine

ITEM = (
    '<li><a href="{}" class="btn btn-sm dropdown-item" title="The whole book as PDF">'
    '<span class="btn__icon-container"><i class="fas fa-file-pdf"></i></span>'
    '<span class="btn__text-container">the whole book</span></a></li>'
)


def one_page() -> str:
    """All pages as one HTML page, with the styles of the site and those of pdf.css."""
    index = (BUILT / "index.html").read_text("utf-8")
    about = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    templates = []
    for file, part in pages():
        page = (BUILT / f"{file}.html").read_text("utf-8")
        article = page.partition('<article class="bd-article">')[2].rpartition("</article>")[0]
        data = (
            f'data-page="{file}.html" data-id="{Path(file).name}" data-part="{html.escape(part)}"'
        )
        templates.append(f"<template {data}>{article}</template>")
    edition = f"{about['authors'][0]['name']}. Version {about['version']}. {SITE}"
    here = Path(__file__).parent
    style = (here / "pdf.css").read_text("utf-8").replace("FONTS", FONTS.as_uri())
    return f"""<!DOCTYPE html>
<html lang="en" data-theme="light">
<meta charset="utf-8">
<meta name="site" content="{SITE}/">
<meta name="edition" content="{html.escape(edition)}">
<title>{html.escape(about["title"])}</title>
{"".join(re.findall(r"<link[^>]*stylesheet[^>]*>", index))}
<style>{style}</style>
<script>
window.MathJax = {{
  startup: {{ typeset: false }},
  options: {{ processHtmlClass: 'math', enableMenu: false, enableAssistiveMml: false }},
}};
{(here / "pdf.js").read_text("utf-8")}
</script>
<script defer src="mathjax/tex-chtml.js"></script>
<main class="bd-main"><div class="bd-content"><div class="bd-article-container">
<article class="bd-article"></article>
</div></div></main>
{"".join(templates)}
</html>"""


def printed(page: Page, **options: bool) -> bytes:
    """The PDF that chromium prints from the page."""
    return page.pdf(prefer_css_page_size=True, print_background=True, **options)


def where(draft: bytes) -> dict[str, int]:
    """The page number of each link target, counted from 1."""
    reader = PdfReader(io.BytesIO(draft))
    return {
        name.removeprefix("/"): (reader.get_destination_page_number(target) or 0) + 1
        for name, target in reader.named_destinations.items()
    }


def print_book(browser: str) -> tuple[bytes, list[str]]:
    """The PDF as chromium prints it, and the headings of the book."""
    source = BUILT / "all-pages.html"
    source.write_text(one_page(), "utf-8")
    try:
        with sync_playwright() as playwright:
            running = playwright.chromium.launch(executable_path=browser, args=FLAGS)
            size = {"width": WIDTH, "height": 1000}
            page = running.new_context(offline=True, viewport=size).new_page()
            page.set_default_timeout(300_000)
            page.emulate_media(media="print")
            page.goto(source.as_uri())
            page.evaluate("MathJax.startup.promise")
            headings = page.evaluate("assemble()")
            page.evaluate("typeset()")
            if wide := page.evaluate("tooWide()"):
                sys.exit("wider than the paper:\n" + "\n".join(wide))
            page.evaluate("pages => writePages(pages)", where(printed(page)))
            return printed(page, outline=True, tagged=True), headings
    finally:
        source.unlink()


def write_pdf(printed: bytes, headings: list[str]) -> None:
    """Compress the PDF, and restore the formulas that chromium leaves out of bookmarks."""
    with pikepdf.open(io.BytesIO(printed)) as book:
        with book.open_outline() as outline:
            for mark, heading in zip(flat(outline.root), headings, strict=True):
                mark.title = heading
        book.save(PDF, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def flat(marks: list[pikepdf.OutlineItem]) -> Iterator[pikepdf.OutlineItem]:
    for mark in marks:
        yield mark
        yield from flat(mark.children)


def offer() -> None:
    """Add the PDF to the download menu of every page."""
    for file, _ in pages():
        path = BUILT / f"{file}.html"
        page = path.read_text("utf-8")
        if PDF.name not in page:
            item = ITEM.format("../" * file.count("/") + PDF.name)
            end = page.index("</li>", page.index("btn-download-pdf-button")) + len("</li>")
            path.write_text(page[:end] + item + page[end:], "utf-8")


def main() -> None:
    """Print the book, or exit with a message if something is missing."""
    if not (BUILT / "index.html").is_file():
        sys.exit("the book is not built: run make book first")
    if (browser := chromium()) is None:
        sys.exit("make pdf needs chromium or Chrome, but neither was found on this machine")
    write_pdf(*print_book(browser))
    offer()


if __name__ == "__main__":
    main()
