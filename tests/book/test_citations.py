"""The citations in the built pages."""

from __future__ import annotations

import re
from html import unescape

import pytest
from browsing import BOOK, OpenPage, built
from playwright.sync_api import Browser, expect

pytestmark = pytest.mark.built


@pytest.fixture
def chapter() -> str:
    return built("chapters/07-theorem-5.html")[0].read_text("utf-8")


def cited(chapter: str, target: str) -> tuple[str, str]:
    """The citation that the Cite button of box `target` offers, as text and as BibTeX."""
    found = re.findall(r'data-text="([^"]*)" data-bibtex="([^"]*)"', chapter)
    return next((unescape(t), unescape(b)) for t, b in found if t.endswith(f"#{target}"))


def test_a_verdict_has_a_lasting_name_and_its_label_is_not_in_the_citation(chapter: str) -> None:
    text, bibtex = cited(chapter, "verdict-theorem-5-ii")
    assert ". Verdict on Theorem 5 (ii): false as stated, in chapter 7" in text
    assert bibtex.startswith("@misc{impbook-07-theorem-5-verdict-theorem-5-ii,")
    assert 'id="verdict-box-5"' in chapter


def test_no_citation_asks_for_a_position() -> None:
    for path in built("chapters/*.html"):
        targets = re.findall(r"#[\w-]+-box-\d+", path.read_text("utf-8"))
        assert targets == [], path.name


def test_a_statement_of_the_paper_is_cited_as_the_papers(chapter: str) -> None:
    text, bibtex = cited(chapter, "theorem-5")
    assert text.startswith("Bryn Elesedy, Varun Kanade and Yee Whye Teh (2021). Lottery Tickets")
    assert "Theorem 5 (§3), restated in chapter 7: " in text
    assert "author = {Elesedy, Bryn and Kanade, Varun and Teh, Yee Whye}" in bibtex
    assert "eprint = {2007.08243v3}" in bibtex


def test_long_names_of_boxes_still_lead_there() -> None:
    page = built("chapters/09-gaussian-noise.html")[0].read_text("utf-8")
    places = re.findall(r'id="(paper-[\w-]+)"', page)
    long = "paper-theorem-5-ii-elesedy-kanade-teh-3-for-the-case-of-this-chapter"
    assert places == ["paper-theorem-5-ii", long, "paper-box-1"]
    assert cited(page, "paper-theorem-5-ii")


def statements() -> list[tuple[str, str]]:
    """The LaTeX and the BibTeX entry of every box that can be cited."""
    pages = "".join(path.read_text("utf-8") for path in built("chapters/*.html"))
    found = re.findall(r'data-bibtex="([^"]*)" data-latex="([^"]*)"', pages)
    return [(unescape(latex), unescape(bibtex)) for bibtex, latex in found]


def test_every_box_is_latex_that_balances() -> None:
    assert len(statements()) > 100
    for latex, _ in statements():
        text = re.sub(r"\\\\|\\[{}%&#_$|]", "", latex)
        assert text.count("{") == text.count("}"), latex
        assert text.count("$") % 2 == 0, latex
        begun, ended = (re.findall(rf"\\{word}\{{(\w+)\}}", text) for word in ("begin", "end"))
        assert sorted(begun) == sorted(ended), latex
        assert text.count("\\[") == text.count("\\]"), latex


def test_prose_of_a_box_has_no_html_and_nothing_that_latex_would_obey() -> None:
    for latex, _ in statements():
        prose = re.sub(r"\\cite\{.*?\}|\$[^$]*\$|\\\[.*?\\\]", "", latex, flags=re.DOTALL)
        assert not re.search(r"</?[a-z]|&\w+;|(?<!\\)[%&#_]", prose), latex
        assert set(re.findall(r"[^\x00-\x7f]", prose)) <= set("§’“”–…"), latex


def test_a_statement_in_latex_cites_the_entry_that_stands_beside_it() -> None:
    for latex, bibtex in statements():
        assert bibtex.startswith(f"@misc{{{re.findall(r'cite{(.*?)}', latex)[0]},")


def test_a_copied_statement_has_its_formulas(browser: Browser) -> None:
    context = browser.new_context(offline=True, permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto((BOOK / "chapters/07-theorem-5.html").as_uri())
    page.evaluate("MathJax.startup.promise.then(() => true)")
    page.evaluate("getSelection().selectAllChildren(document.querySelector('#theorem-one-shot'))")
    page.keyboard.press("Control+c")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("7.1 Theorem (one-shot)\n\nLet $y = \\Phi s + \\xi$ with noise as in ")
    latex = next(tex for tex, _ in statements() if "{7.1 Theorem" in tex)
    assert re.findall(r"\$.*?\$", copied) == re.findall(r"\$.*?\$", latex)
    for beyond in (False, True):  # select within a formula, then from one formula into the next
        page.evaluate(
            """beyond => {
                const letters = document.querySelectorAll("#theorem-one-shot mjx-mi");
                const formulas = document.querySelectorAll("#theorem-one-shot mjx-container");
                const end = beyond ? formulas[1].querySelector("mjx-mo") : letters[2];
                getSelection().setBaseAndExtent(letters[0], 0, end, 0);
            }""",
            beyond,
        )
        page.keyboard.press("Control+c")
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied.startswith("$y = \\Phi s + \\xi$")
        assert copied.endswith("e_i$" if beyond else "\\xi$")
    context.close()


def test_the_dialog_copies_a_statement_in_latex(open_page: OpenPage) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    page.goto((BOOK / "chapters/07-theorem-5.html").as_uri())
    page.locator("#theorem-one-shot").get_by_role("button", name="Cite").click()
    page.get_by_role("button", name="Copy LaTeX").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("\\begin{quote}\n\\textbf{7.1 Theorem (one-shot)}~\\cite{impbook-07-")


def test_the_head_of_a_page_says_what_it_is(chapter: str) -> None:
    tags = dict(re.findall(r'<meta name="citation_(\w+)" content="([^"]*)"', chapter))
    assert tags["public_url"].endswith("/chapters/07-theorem-5.html")
    assert tags["title"].startswith("Theorem 5")
