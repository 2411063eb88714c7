"""The book as one PDF, read by a program that is not used to make it.

Needs `make pdf`, which runs these tests. Without a PDF they are skipped, but in continuous
integration they fail.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from browsing import give_up
from pypdf import PdfReader

from tools.book import BUILT, pages
from tools.pdf import PDF

pytestmark = pytest.mark.pdf

SOLUTIONS = "Solutions"


@dataclass
class Link:
    """A link within the book: the page that it is on, and the place to which it leads."""

    page: int
    target: str


@dataclass
class Printed:
    """The contents of the PDF, whose pages are numbered from 1, as in print."""

    reader: PdfReader
    texts: list[str]
    places: dict[str, int]
    links: list[Link]
    addresses: list[str]


@pytest.fixture(scope="module")
def book() -> Printed:
    if not PDF.is_file():
        give_up("no PDF: run make pdf first")
    reader = PdfReader(PDF)
    places = {
        name.removeprefix("/"): (reader.get_destination_page_number(target) or 0) + 1
        for name, target in reader.named_destinations.items()
    }
    found = Printed(reader, [page.extract_text() for page in reader.pages], places, [], [])
    for number, page in enumerate(reader.pages, 1):
        for note in page.get("/Annots", []):
            link = note.get_object()
            if "/Dest" in link:
                found.links.append(Link(number, str(link["/Dest"]).removeprefix("/")))
            else:
                found.addresses.append(str(link["/A"]["/URI"]))
    return found


def titles() -> list[str]:
    """Titles of the built pages in the order of the book."""
    found = []
    for file, _ in pages():
        heading = re.search(r"<h1>(.*?)(?:<a class=\"headerlink|</h1>)", article(file), re.DOTALL)
        assert heading, file
        found.append(unescape(re.sub(r"<[^>]+>", "", heading[1])))
    return [*found, SOLUTIONS]


def source(file: str) -> str:
    return (BUILT / f"{file}.html").read_text("utf-8")


def article(file: str) -> str:
    return source(file).partition("<article")[2]


def bookmarks(book: Printed) -> dict[str, int]:
    """Bookmarks of the chapters, with their pages."""
    marks = [mark for mark in book.reader.outline if not isinstance(mark, list)]
    return {str(m.title): (book.reader.get_destination_page_number(m) or 0) + 1 for m in marks}


def words(text: str) -> str:
    """Text without ligatures or spaces; PDF readers can only guess where spaces are."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def test_bookmarks_are_the_chapters_in_order(book: Printed) -> None:
    marks = bookmarks(book)
    assert list(marks) == titles()
    assert list(marks.values()) == sorted(set(marks.values()))


def test_every_chapter_begins_with_its_title(book: Printed) -> None:
    for title, page in bookmarks(book).items():
        assert words(title) in words(book.texts[page - 1]), title


def test_the_contents_give_the_page_of_every_chapter(book: Printed) -> None:
    contents = words(book.texts[0])
    for title, page in list(bookmarks(book).items())[1:]:
        assert words(f"{title}{page}") in contents, title


def test_pages_are_numbered(book: Printed) -> None:
    for number, text in enumerate(book.texts[1:], 2):
        assert re.search(rf"^{number}$", text, re.MULTILINE), number


def folded() -> Iterator[tuple[str, int]]:
    """For every page, its name and the number of folded boxes after its first exercise."""
    for file, _ in pages():
        yield (
            Path(file).name,
            source(file).partition('id="exercise-')[2].count('"dropdown admonition"'),
        )


def test_every_solution_is_at_the_end_with_links_there_and_back(book: Printed) -> None:
    first = bookmarks(book)[SOLUTIONS]
    solutions = [name for name in book.places if name.startswith("solution-")]
    for chapter, count in folded():
        assert len([s for s in solutions if f"-{chapter}--exercise-" in s]) == count, chapter
    assert len(solutions) > 50
    for solution in solutions:
        exercise = solution.split("-", 2)[2]
        page = book.places[solution]
        assert page >= first > book.places[exercise]
        assert solution in {link.target for link in book.links if link.page < first}
        assert exercise in {link.target for link in book.links if link.page in (page, page + 1)}
        assert re.search(
            rf"page {page}\b",
            book.texts[book.places[exercise] - 1] + book.texts[book.places[exercise]],
        )


def test_links_lead_to_a_place_in_the_book_or_to_the_web(book: Printed) -> None:
    assert len(book.links) > 500
    assert {link.target for link in book.links} - set(book.places) == set()
    assert [
        address for address in book.addresses if not re.match("https?://|mailto:", address)
    ] == []


def test_only_the_last_page_of_a_chapter_may_be_nearly_empty(book: Printed) -> None:
    last = {page - 1 for page in bookmarks(book).values()} | {len(book.texts)}
    short = [
        number
        for number, (text, page) in enumerate(zip(book.texts, book.reader.pages, strict=True), 1)
        if len(text) < 400 and not page.images and number not in last
    ]
    assert short == []


def test_every_font_is_in_the_file(book: Printed) -> None:
    for page in book.reader.pages:
        for entry in page["/Resources"].get("/Font", {}).values():
            font: Any = entry.get_object()
            for inner in font.get("/DescendantFonts", [font]):
                kind = inner.get_object()
                held = {"/FontFile", "/FontFile2", "/FontFile3"} & set(
                    kind.get("/FontDescriptor", {})
                )
                assert kind["/Subtype"] == "/Type3" or held, font["/BaseFont"]


def test_no_font_is_the_machine_s_own(book: Printed) -> None:
    fonts = [f for page in book.reader.pages for f in page["/Resources"].get("/Font", {}).values()]
    names = {str(font.get_object().get("/BaseFont", "/MathJax")).split("+")[-1] for font in fonts}
    # Fonts of MathJax and Font Awesome have no name, or a name that chromium invents.
    own = ("STIXGeneral", "DejaVuSans", "OTS-derived", "/MathJax")
    assert [name for name in sorted(names) if not name.startswith(own)] == []
    assert any(name.startswith("STIXGeneral") for name in names)


def test_every_figure_is_in_the_file(book: Printed) -> None:
    figures = sum(article(file).count('src="../_images/') for file, _ in pages())
    assert sum(len(page.images) for page in book.reader.pages) >= figures > 0


def test_every_page_of_the_site_offers_the_pdf() -> None:
    for file, _ in pages():
        up = "../" * file.count("/")
        assert f'href="{up}{PDF.name}"' in source(file), file
