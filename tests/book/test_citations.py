"""Citations as they stand in the built pages."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest
from browsing import BOOK, give_up

pytestmark = pytest.mark.built


@pytest.fixture
def chapter() -> str:
    path = BOOK / "chapters/07-theorem-5.html"
    if not path.is_file():
        give_up("no built book: run make book first")
    return path.read_text("utf-8")


def cited(chapter: str, target: str) -> tuple[str, str]:
    """Text and BibTeX of the button that cites a target."""
    found = re.findall(r'data-text="([^"]*)" data-bibtex="([^"]*)"', chapter)
    return next((unescape(t), unescape(b)) for t, b in found if t.endswith(f"#{target}"))


def test_a_verdict_has_a_lasting_name_and_its_label_is_not_in_the_citation(chapter: str) -> None:
    text, bibtex = cited(chapter, "verdict-theorem-5-ii")
    assert ". Verdict on Theorem 5 (ii): false as stated, in chapter 7" in text
    assert bibtex.startswith("@misc{impbook-07-theorem-5-verdict-theorem-5-ii,")
    assert 'id="verdict-box-5"' in chapter


def test_no_citation_asks_for_a_position() -> None:
    for path in BOOK.glob("chapters/*.html"):
        targets = re.findall(r"#[\w-]+-box-\d+", path.read_text("utf-8"))
        assert targets == [], path.name


def test_a_statement_of_the_paper_is_cited_as_the_papers(chapter: str) -> None:
    text, bibtex = cited(chapter, "theorem-5")
    assert text.startswith("Bryn Elesedy, Varun Kanade and Yee Whye Teh (2021). Lottery Tickets")
    assert "Theorem 5 (§3), restated in chapter 7: " in text
    assert "author = {Elesedy, Bryn and Kanade, Varun and Teh, Yee Whye}" in bibtex
    assert "eprint = {2007.08243v3}" in bibtex


def test_the_head_of_a_page_says_what_it_is(chapter: str) -> None:
    tags = dict(re.findall(r'<meta name="citation_(\w+)" content="([^"]*)"', chapter))
    assert tags["public_url"].endswith("/chapters/07-theorem-5.html")
    assert "Theorem 5" in tags["title"]
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', chapter)
    assert found
    data = json.loads(found[1])
    assert (data["@type"], data["url"]) == ("Chapter", tags["public_url"])
