"""Figures of the built book have captions, can be enlarged, and come as SVG and PDF too.

Needs `make book` and chromium, as tests/book/test_site.py does; `make draft` makes no SVG or PDF.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from math import hypot

import pytest
from browsing import BOOK, ROOT, OpenPage, built, give_up
from playwright.sync_api import Locator, Page, expect
from pypdf import PageObject, PdfReader

from tools.book import pages

pytestmark = pytest.mark.built

COLUMN = 688  # width of the text column in pixels, in a window 1280 pixels wide
SMALLEST = 9  # smallest text size allowed, in pixels, in a figure as wide as the column


@pytest.fixture
def figure(page: Page) -> Locator:
    """Figure 2 of chapter 3."""
    page.goto((BOOK / "chapters/03-example-2.html").as_uri())
    return page.locator("#figure-2")


def figures() -> Iterator[tuple[str, str]]:
    """The address and the HTML of each figure that a cell draws."""
    for file, _ in pages():
        html = (BOOK / f"{file}.html").read_text("utf-8")
        for found in re.finditer(r'<figure [^>]*id="figure-(\d+)">.*?</figcaption>', html, re.S):
            yield f"{file}#figure-{found[1]}", found[0]


def test_every_figure_has_a_number_and_a_caption() -> None:
    built("index.html")
    captions = {
        where: re.sub(r"<.*?>", "", html.partition("<figcaption>")[2]).strip()
        for where, html in figures()
    }
    drawn = sum(
        (BOOK / f"{file}.html").read_text("utf-8").count("_images/") > 0 for file, _ in pages()
    )
    assert len(captions) > drawn > 15
    bad = [w for w, c in captions.items() if not re.match(r"Figure [\d.]+\. \S+( \S+){7}", c)]
    assert bad == []


def test_every_figure_can_be_had_as_svg_and_pdf() -> None:
    if not (ROOT / "_build/jupyter_execute").is_dir():
        give_up("no figures but those of the pages: run make book first")
    names = []
    for where, html in figures():
        links = re.findall(r'<a class="reuse [^>]*href="([^"]*)"', html)
        svg, pdf = ((BOOK / where).parent / link for link in links[:2])
        assert svg.read_bytes().startswith(b"<?xml") and b"<svg" in svg.read_bytes()[:500], where
        assert pdf.read_bytes().startswith(b"%PDF"), where
        assert links[2:] == ["https://creativecommons.org/licenses/by/4.0/"], where
        names += [svg.name, pdf.name]
        chapter = (re.search(r"(\d+)-", where) or re.search(r"([\w-]+)#", where))[1].lstrip("0")
        assert svg.name == f"figure-{chapter}-{where.rpartition('-')[2]}.svg"
    assert len(names) == len(set(names)) > 100


def letters(drawing: PageObject) -> list[float]:
    """The text sizes in a figure, in pixels, if the figure is as wide as the column."""
    sizes: list[float] = []
    scale = COLUMN / float(drawing.mediabox.width)
    drawing.extract_text(visitor_text=lambda *text: sizes.append(text[4] * hypot(*text[2][:2])))
    return [scale * size for size in sizes if size]


def test_letters_in_figures_are_large_enough() -> None:
    if not (ROOT / "_build/jupyter_execute").is_dir():
        give_up("no figures but those of the pages: run make book first")
    paths = sorted(BOOK.glob("_images/figure-*.pdf"))
    assert len(paths) > 50
    smallest = {path.stem: min(letters(PdfReader(path).pages[0])) for path in paths}
    assert {name: size for name, size in smallest.items() if size < SMALLEST} == {}


@pytest.mark.parametrize("press", [lambda link: link.click(), lambda link: link.press("Enter")])
def test_a_figure_opens_large_by_mouse_and_by_keyboard(
    figure: Locator, press: Callable[[Locator], None]
) -> None:
    page = figure.page
    link = figure.locator("a.enlarge")
    small = link.locator("img").bounding_box()
    press(link)
    dialog = page.get_by_role("dialog", name="Figure, enlarged")
    expect(dialog).to_be_visible()
    large = dialog.locator("img")
    assert large.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    assert large.get_attribute("alt") == link.locator("img").get_attribute("alt")
    assert large.bounding_box()["width"] > 1.2 * small["width"]
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(link).to_be_focused()
    assert page.url.endswith("03-example-2.html")


def test_a_click_closes_the_large_figure(figure: Locator) -> None:
    figure.locator("a.enlarge").click()
    figure.page.get_by_role("dialog").locator("img").click()
    expect(figure.page.get_by_role("dialog")).to_have_count(0)


def test_a_figure_shows_where_the_keyboard_is(figure: Locator) -> None:
    link = figure.locator("a.enlarge")
    link.evaluate("link => link.focus({focusVisible: true})")
    assert re.search(r"solid [1-9]", link.evaluate("link => getComputedStyle(link).outline"))


def test_on_a_telephone_a_figure_grows_to_a_width_that_can_be_read(open_page: OpenPage) -> None:
    page = open_page(viewport={"width": 390, "height": 844})
    page.goto((BOOK / "chapters/03-example-2.html").as_uri())
    page.locator("#figure-2 a.enlarge").click()
    box = page.get_by_role("dialog").locator("img").bounding_box()
    assert box["width"] >= COLUMN
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_figure_opens_without_scripts(open_page: OpenPage) -> None:
    page = open_page(java_script_enabled=False)
    page.goto((BOOK / "chapters/03-example-2.html").as_uri())
    page.locator("#figure-2 a.enlarge").click()
    assert "_images/" in page.url


def test_in_the_dark_no_figure_is_brighter_than_the_text(open_page: OpenPage) -> None:
    page = open_page(color_scheme="dark")
    page.goto((BOOK / "chapters/03-example-2.html").as_uri())
    figure = page.locator("#figure-2 img")
    assert "invert" in figure.evaluate("image => getComputedStyle(image).filter")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert figure.evaluate("image => getComputedStyle(image).filter") == "none"
