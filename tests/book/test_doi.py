"""A DOI is entered only in CITATION.cff, and every citation of the book contains it."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from citable import bibtex_and_text, described
from docutils import nodes
from docutils.utils import new_document
from head import describe

from tools.book import ROOT

DOI = "10.1234/book.5"
URL = "https://example.org/chapters/07-theorem-5.html#theorem-5"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A folder with copies of _config.yml and CITATION.cff; a DOI is added to the latter."""
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8")) | {"doi": DOI}
    (tmp_path / "CITATION.cff").write_text(yaml.safe_dump(citation), "utf-8")
    (tmp_path / "_config.yml").write_bytes((ROOT / "_config.yml").read_bytes())
    return tmp_path


def test_a_citation_of_the_book_has_its_doi(source: Path) -> None:
    bibtex, text = bibtex_and_text(described(source), "chapter 7", "7.1 Theorem", URL)
    assert f"doi    = {{{DOI}}}" in bibtex
    assert f" doi:{DOI}. {URL}" in text


def test_a_citation_of_the_paper_has_no_doi_of_the_book(source: Path) -> None:
    bibtex, text = bibtex_and_text(described(source), "chapter 7", "Theorem 5", URL, restated=True)
    assert DOI not in bibtex + text


def test_without_a_doi_no_citation_mentions_one() -> None:
    bibtex, text = bibtex_and_text(described(ROOT), "chapter 7", "7.1 Theorem", URL)
    assert "doi" not in bibtex + text


def test_the_head_of_a_page_has_the_doi(source: Path) -> None:
    page = "chapters/07-theorem-5"
    env = SimpleNamespace(titles={page: nodes.title("", "Theorem 5")})
    app: Any = SimpleNamespace(srcdir=source, env=env)
    context: dict[str, Any] = {"metatags": "", "pageurl": URL}
    describe(app, page, "page.html", context, new_document(""))
    assert f'<meta name="citation_doi" content="{DOI}">' in context["metatags"]
