"""The search page lists the right place first and shows the text found there."""

from __future__ import annotations

import json
import re

import pytest
from browsing import BOOK, built
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.built

Place = tuple[str, str, str, str, str]  # page, kind, address, title, text

FIRST = {
    "interlacing": "14-remarks.html#claim-theorem-5-interlace",
    "beta-min": "10-repairs.html#why-they-differ-a-cone-to-stay-out-of",
    "sample size": "10-repairs.html#which-version",
    "Gaussian": "09-gaussian-noise.html#theorem-hub",
    "proof of theorem 5": "07-theorem-5.html#verdict-theorem-5-ii",
    "licence": "about-the-paper.html#licence",
    "how many samples do I need": "10-repairs.html#which-version",
    "Theorem 5": "07-theorem-5.html#theorem-5",
    "what is a null?": "05-nullspace.html#what-the-paper-says",
    "omitted variable bias": "07-theorem-5.html#what-a-pruned-signal-leaves-behind",
    "correlated features": "03-example-2.html#theorem-critical-alpha",
    "open problems": "13-limits.html#open-problems",
    "subgaussian": "06-lemma-6.html#what-the-paper-says",
    "MagnitudePruning": "api.html#impbook.selection.MagnitudePruning",
    "exercise 7.2": "07-theorem-5.html#exercise-2",
    "how to cite": "about-the-paper.html#how-to-cite",
}


@pytest.fixture(scope="module")
def places() -> list[Place]:
    text = built("searchindex.js")[0].read_text("utf-8")
    index = json.loads(text.removeprefix("Search.setIndex(").rstrip(")\n"))
    return [(page, *place) for page, (_, found) in index.items() for place in found]


def search(page: Page, query: str) -> None:
    page.goto(f"{(BOOK / 'search.html').as_uri()}?q={query.replace(' ', '+')}")
    expect(page.locator(".search-summary")).to_contain_text("best first")


@pytest.mark.parametrize("query", FIRST)
def test_the_right_place_comes_first(page: Page, query: str) -> None:
    search(page, query)
    link = page.locator("#search-results li a").first.get_attribute("href")
    assert link == f"{(BOOK / 'chapters').as_uri()}/{FIRST[query]}"


def test_nothing_is_found_where_nothing_is_said(page: Page) -> None:
    page.goto(f"{(BOOK / 'search.html').as_uri()}?q=zzzz")
    expect(page.locator(".search-summary")).to_have_text("Nothing found")


def test_a_statement_is_found_with_its_formulas(browser: Browser) -> None:
    context = browser.new_context(offline=True)
    page = context.new_page()
    search(page, "7.1 one-shot")
    found = page.locator("#search-results li").filter(has_text="7.1 Theorem (one-shot)")
    expect(found.locator("p.context")).to_contain_text("with noise as in Theorem 5")
    expect(found.locator("p.context mjx-container").first).to_be_visible()
    expect(page.locator("#search-results")).not_to_contain_text("\\(")
    context.close()


def test_every_box_that_is_cited_is_a_place_of_its_own(places: list[Place]) -> None:
    found = {f"{page}.html{address}" for page, _, address, _, _ in places}
    cited = re.compile(r'data-bibtex="[^"]*impbook/([^"]*?)\}[^"]*" data-latex=')
    pages = (path.read_text("utf-8") for path in BOOK.glob("chapters/*.html"))
    boxes = [place for page in pages for place in cited.findall(page)]
    assert len(boxes) > 100
    assert [box for box in boxes if box not in found] == []


def test_the_index_has_neither_code_nor_raw_tex_nor_heads_of_pages(places: list[Place]) -> None:
    for page, _, _, title, text in places:
        if page == "chapters/checked-by-machine":  # its Coq code contains \in and the like
            continue
        said = re.sub(r"\$[^$]*\$", "", f"{title} {text}")
        code = r"import (?:numpy|matplotlib)|impbook @ git"
        head = r"You will be able to|About \d+ minutes"
        assert re.search(rf"\\[a-z]|\$|{code}|{head}", said) is None, (page, title)
