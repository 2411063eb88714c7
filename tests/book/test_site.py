"""The built book, opened from files in a browser without network access.

Needs `make book` and chromium. Without them the tests are skipped, but in continuous
integration they fail.
"""

from __future__ import annotations

import gzip
import inspect
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from html import unescape
from importlib import import_module
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote, urldefrag, urlparse

import nbformat
import pytest
import yaml
from browsing import BOOK, FLAGS, ROOT, OpenPage, built, chromium
from markdown_it import MarkdownIt
from playwright.sync_api import Browser, Page, expect, sync_playwright

from impbook_coursework import NUMBERS, problem, reason
from tools import book
from tools.pdf import WIDTH

pytestmark = pytest.mark.built

PHONE = 390
HEAVIEST = 400_000  # largest number of bytes sent for a page, compressed and without MathJax
TEXT = {".html", ".css", ".js", ".svg"}  # file types that a server compresses

# MathJax shows an unknown macro as red text with a backslash.
BAD_FORMULAS = r"""
    () => [...MathJax.startup.document.math].filter(item => {
        let bad = false;
        item.root.walkTree(node => {
            bad ||= node.isKind('merror')
                || (node.isKind('mtext') && node.attributes.get('mathcolor') === 'red');
        });
        return bad;
    }).map(item => item.math)
"""

# Elements that overflow their container and cannot be reached by scrolling.
CLIPPED = """
    () => [...document.querySelectorAll('article span.math, .prev-next-area a')].filter(
        e => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX === 'hidden'
    ).map(e => e.textContent.trim())
"""

# Displayed formulas that extend beyond their column, including those in folded boxes.
TOO_WIDE = """
    () => [...document.querySelectorAll('article div.math')].filter(e => {
        const formula = e.querySelector('mjx-math');
        return e.clientWidth && formula.getBoundingClientRect().width > e.clientWidth + 1;
    }).map(e => [...MathJax.startup.document.math].find(m => e.contains(m.typesetRoot)).math)
"""

# Tables that must be scrolled, but whose container draws no shadow over hidden columns.
UNHINTED = """
    () => [...document.querySelectorAll('article table')].filter(table => {
        let place = table.parentElement;
        const scrolls = e => e.scrollWidth > e.clientWidth + 1
            && getComputedStyle(e).overflowX !== 'visible';
        while (!scrolls(place) && !place.matches('article')) place = place.parentElement;
        const { backgroundAttachment, overflowX } = getComputedStyle(place);
        const clear = [...table.querySelectorAll('tr, th, td')].every(
            cell => getComputedStyle(cell).backgroundColor === 'rgba(0, 0, 0, 0)');
        const hinted = clear && overflowX === 'auto' && /local.*scroll/.test(backgroundAttachment);
        return !place.matches('article') && !hinted;
    }).map(table => table.textContent.trim().slice(0, 60))
"""

# For each piece of inline code: its section, its text, and its link, if any. Code in a heading does
# not count, nor does code in a link to a page other than the reference pages (api).
MENTIONS = """
    () => [...document.querySelectorAll('article code')].filter(
        e => !e.closest('h1, h2, h3, h4, .admonition-title, dt, pre, a:not([href*="api"])')
    ).map(e => [e.closest('section')?.id ?? '', e.textContent, e.closest('a')?.href ?? ''])
"""


@dataclass
class Visit:
    """What the browser found on one page.

    A field without a default raises an error if a test reads it and nothing has set it.
    """

    complaints: list[str] = field(default_factory=list)
    formulas: int = field(init=False)
    typeset: int = 0
    tab_stops: int = 0
    read_out: int = 0
    bad_formulas: list[str] = field(default_factory=list)
    too_wide: list[str] = field(default_factory=list)
    unhinted: list[str] = field(init=False)
    images_without_alt: list[str] = field(init=False)
    links: list[str] = field(init=False)
    mentions: list[tuple[str, str, str]] = field(init=False)
    ids: set[str] = field(init=False)
    cited: bool = field(init=False)
    phone_width: int = field(init=False)
    clipped: list[str] = field(init=False)
    weight: int = field(init=False)


@pytest.fixture(scope="module")
def visits(browser: Browser) -> dict[Path, Visit]:
    """All pages of the book, each opened once: half of them in one browser, half in another."""
    pages = [p for p in sorted(BOOK.rglob("*.html")) if "_static" not in p.parts]
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(visit_all, (pages[::2], pages[1::2]))
    return first | second


def visit_all(pages: list[Path]) -> dict[Path, Visit]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        context = running.new_context(offline=True)
        found = {path: visit(context.new_page(), path) for path in pages}
        running.close()
    return found


def visit(page: Page, path: Path) -> Visit:
    seen = Visit()

    def check_request(request: Any) -> None:
        if not request.url.startswith(("file:", "data:", "blob:")):
            seen.complaints.append(f"asks the network for {request.url}")

    files = set()
    page.on("request", check_request)
    page.on("request", lambda request: files.add(Path(unquote(urlparse(request.url).path))))
    page.on("requestfailed", lambda request: seen.complaints.append(f"lacks {request.url}"))
    page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    page.on("console", lambda m: seen.complaints.append(m.text) if m.type == "error" else None)
    page.goto(path.as_uri())
    page.evaluate("document.fonts.ready.then(() => true)")
    seen.weight = sum(sent(file) for file in files if file.is_file())
    seen.formulas = page.locator(".math").count()
    if seen.formulas:
        page.wait_for_function("window.MathJax?.startup?.promise")
        page.evaluate("MathJax.startup.promise.then(() => true)")
        seen.typeset = page.locator(".math:has(mjx-container)").count()
        seen.tab_stops = page.locator(".math [tabindex='0']").count()
        seen.read_out = page.locator(".math:has(mjx-assistive-mml math)").count()
        seen.bad_formulas = page.evaluate(BAD_FORMULAS)
        seen.too_wide = page.evaluate(TOO_WIDE)
    # If an image has no alternative text, Sphinx uses its file name.
    seen.images_without_alt = page.evaluate(
        "[...document.images].filter(i => !i.alt || /\\.\\w+$/.test(i.alt)).map(i => i.src)"
    )
    seen.links = page.evaluate("[...document.links].map(a => a.href)")
    seen.mentions = page.evaluate(MENTIONS)
    seen.ids = set(page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)"))
    seen.cited = page.locator(".page-line button.cite").first.is_visible()
    # Laying out a chapter again takes a second, so this is done once for print and once for phones.
    if seen.formulas:
        lay_out(page, media="print", width=WIDTH)
        seen.too_wide += page.evaluate(TOO_WIDE)
    lay_out(page, media="screen", width=PHONE)
    seen.phone_width = page.evaluate("document.documentElement.scrollWidth")
    seen.clipped = page.evaluate(CLIPPED)
    seen.unhinted = page.evaluate(UNHINTED)
    page.close()
    return seen


def lay_out(page: Page, media: Literal["print", "screen"], width: int) -> None:
    page.emulate_media(media=media)
    page.set_viewport_size({"width": width, "height": 844})


def sent(file: Path) -> int:
    """Bytes that a server sends for a file; 0 for MathJax, which is fetched only once."""
    if "mathjax" in file.parts:
        return 0
    return len(gzip.compress(file.read_bytes())) if file.suffix in TEXT else file.stat().st_size


def test_every_page_opens_without_network_or_errors(visits: dict[Path, Visit]) -> None:
    assert {path.name: v.complaints for path, v in visits.items() if v.complaints} == {}


def test_every_formula_is_typeset(visits: dict[Path, Visit]) -> None:
    assert sum(v.formulas for v in visits.values()) > 0
    assert {path.name: v.bad_formulas for path, v in visits.items() if v.bad_formulas} == {}
    assert [path.name for path, v in visits.items() if v.typeset != v.formulas] == []


def test_no_displayed_formula_is_wider_than_its_column(visits: dict[Path, Visit]) -> None:
    assert {path.name: v.too_wide for path, v in visits.items() if v.too_wide} == {}


def test_a_table_shows_where_it_can_be_scrolled_on_a_telephone(visits: dict[Path, Visit]) -> None:
    assert {path.name: v.unhinted for path, v in visits.items() if v.unhinted} == {}


def test_formulas_are_read_out_but_are_no_tab_stops(visits: dict[Path, Visit]) -> None:
    assert {path.name: v.tab_stops for path, v in visits.items() if v.tab_stops} == {}
    assert [path.name for path, v in visits.items() if v.read_out != v.formulas] == []


def test_the_buttons_of_the_header_show_where_the_keyboard_is(page: Page) -> None:
    page.goto((BOOK / "chapters/03-example-2.html").as_uri())
    buttons = page.locator(".article-header-buttons .btn").filter(visible=True)
    assert buttons.count() >= 4
    for button in buttons.all():
        button.evaluate("e => e.focus({focusVisible: true})")
        ring = button.evaluate("e => getComputedStyle(e).outline")
        assert re.search(r"solid [1-9]", ring), ring


def test_every_image_has_alternative_text(visits: dict[Path, Visit]) -> None:
    without = {p.name: v.images_without_alt for p, v in visits.items() if v.images_without_alt}
    assert without == {}


def test_every_link_within_the_book_leads_somewhere(visits: dict[Path, Visit]) -> None:
    broken = []
    for path, seen in visits.items():
        for link in seen.links:
            address, fragment = urldefrag(link)
            if not address.startswith("file:"):
                continue
            target = Path(unquote(address.removeprefix("file://").partition("?")[0]))
            known = fragment in visits[target].ids if target in visits else True
            if not target.is_file() or (fragment and not known):
                broken.append(f"{path.name}: {link}")
    assert broken == []


def test_the_first_mention_of_a_public_name_in_a_section_leads_to_its_entry(
    visits: dict[Path, Visit],
) -> None:
    pages = "".join(file.read_text("utf-8") for file in ROOT.glob("chapters/api*.md"))
    modules = [import_module(name) for name in re.findall(r"automodule:: (.*)", pages)]
    public = {m.__name__ for m in modules}
    for module in modules:
        here = [n for n, x in vars(module).items() if inspect.getmodule(x) is module]
        listed = getattr(module, "__all__", here)
        public |= {name for name in listed if callable(getattr(module, name))}
    unlinked, checked = [], 0
    for name in (name for name, _ in book.pages() if "/api" not in name):
        firsts: dict[tuple[str, str], str] = {}
        for section, text, link in visits[BOOK / f"{name}.html"].mentions:
            firsts.setdefault((section, text.split("(")[0]), link)
        found = [(code, link) for (_, code), link in firsts.items() if code in public]
        unlinked += [(name, code) for code, link in found if not leads_to(link, code)]
        checked += len(found)
    assert unlinked == []
    assert checked > 100


def leads_to(link: str, name: str) -> bool:
    entry = rf"/api(-theorem-5)?\.html#(module-|impbook\.(\w+\.)*){name}$"
    return re.search(entry, link) is not None


def test_claims_page_has_every_claim(visits: dict[Path, Visit]) -> None:
    rows = yaml.safe_load((ROOT / "chapters/claims.yml").read_text("utf-8"))
    ids = visits[BOOK / "chapters/claims.html"].ids
    assert {f"ledger-{row['id']}" for row in rows} <= ids


def test_a_folded_solution_opens(page: Page) -> None:
    chapter = next(
        p for p in sorted(BOOK.glob("chapters/0*.html")) if "dropdown" in p.read_text("utf-8")
    )
    page.goto(chapter.as_uri())
    solution = page.locator(".admonition.dropdown").first
    content = solution.locator("p:not(.admonition-title)").first
    expect(content).to_be_hidden()
    solution.locator(".admonition-title").click()
    expect(content).to_be_visible()


def test_a_solution_in_the_downloaded_notebook_is_folded_and_opens(page: Page) -> None:
    path = BOOK / "_sources/chapters/03-example-2.ipynb"
    cells = nbformat.read(path, as_version=4).cells
    source = next(c.source for c in cells if "<summary><b>Solution</b></summary>" in c.source)
    page.set_content(MarkdownIt().render(source))
    solution = page.locator("details").first
    expect(solution.locator("p").first).to_be_hidden()
    solution.locator("summary").click()
    expect(solution.locator("p").first).to_be_visible()


def test_download_and_rocket_lead_to_the_plain_notebook(page: Page) -> None:
    page.goto((BOOK / "chapters/03-example-2.html").as_uri())
    buttons = page.evaluate(
        "[...document.querySelectorAll('.article-header-buttons a')].map(a => a.href)"
    )
    plain = "chapters/03-example-2.ipynb"
    assert (BOOK / "_sources" / plain).as_uri() in buttons
    assert any(re.fullmatch(rf"https://colab.*/blob/notebooks/{plain}", url) for url in buttons)
    assert any(re.fullmatch(rf"https://mybinder.*/main\?.*{plain}", url) for url in buttons)


def test_teachers_download_every_worksheet_and_no_answer(page: Page) -> None:
    page.goto((BOOK / "chapters/teachers.html").as_uri())
    links = page.evaluate("[...document.querySelectorAll('a[download]')].map(a => a.href)")
    assert [Path(link).stem for link in links] == [chapter.stem for chapter in chapters()]
    sheets = [Path(urlparse(link).path).read_text("utf-8") for link in links]
    shown = page.locator("article").text_content() or ""
    for name in NUMBERS:
        assert problem(name, seed=1) in shown
        assert reason(name) not in shown
        assert sum(f'problem(\\"{name}\\"' in sheet for sheet in sheets) == 1
    assert not any("Solution" in sheet for sheet in sheets)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_book_follows_the_reader_to_light_or_dark(open_page: OpenPage, scheme: Any) -> None:
    page = open_page(color_scheme=scheme)
    page.goto((BOOK / "index.html").as_uri())
    assert page.evaluate("document.documentElement.dataset.theme") == scheme
    shade = page.evaluate(
        "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)"
    )
    assert (sum(shade[:3]) / 3 > 128) == (scheme == "light")


def chapters() -> list[Path]:
    """The numbered chapters, in order."""
    return built("chapters/[0-9][0-9]-*.html")


def test_no_chapter_asks_for_more_than_35_minutes_at_a_stretch() -> None:
    for chapter in chapters():
        line = re.search(r"[Aa]bout ([\d and]+) minutes", chapter.read_text("utf-8"))
        assert line, chapter.name
        assert max(map(int, line[1].split(" and "))) <= 35, chapter.name


def test_the_head_of_a_chapter_adds_up_the_minutes_of_its_exercises() -> None:
    for chapter in chapters():
        text = re.sub(r"<[^>]+>", "", chapter.read_text("utf-8"))
        total = sum(map(int, re.findall(r"Exercise \d+\.\d+ ★+ \((\d+) min\)", text)))
        assert f"The exercises take {total} minutes" in text, chapter.name


def test_chapters_are_numbered_in_sidebar_and_heading(page: Page) -> None:
    for number, chapter in enumerate(chapters()[:3], 1):
        page.goto(chapter.as_uri())
        expect(page.locator("article h1")).to_have_text(re.compile(rf"^\s*{number}\. "))
        current = page.locator(".bd-sidebar-primary li.current > a.current")
        expect(current).to_have_text(re.compile(rf"^\s*{number}\. "))


def test_the_button_of_a_theorem_copies_its_citation(open_page: OpenPage) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    page.goto(f"{(BOOK / 'chapters/07-theorem-5.html').as_uri()}#theorem-one-shot")
    box = page.locator(".admonition.theorem").filter(has_text="Theorem (one-shot)")
    for name, begins in (("text", "The impbook authors"), ("BibTeX", "@misc{impbook-")):
        box.get_by_role("button", name="Cite").click()
        page.get_by_role("button", name=f"Copy {name}").click()
        expect(page.get_by_role("button", name="Copied")).to_be_visible()
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied.startswith(begins)
        assert "Theorem (one-shot), in chapter 7: Theorem 5" in copied
        assert "chapters/07-theorem-5.html#theorem-" in copied
        page.get_by_role("button", name="Close").click()
        expect(page.locator("dialog.cite-dialog")).to_have_count(0)


def test_every_page_has_a_button_that_cites_it(visits: dict[Path, Visit]) -> None:
    for path in (BOOK / "index.html", *chapters()):
        assert visits[path].cited, path.name


def test_every_claim_has_a_button_that_cites_it(page: Page) -> None:
    page.goto((BOOK / "chapters/claims.html").as_uri())
    claims = page.locator("li.claim")
    assert claims.count() == page.locator("li.claim button.cite:visible").count() > 30
    link = claims.nth(3).locator(".claim-head a.number")
    link.click()
    assert page.evaluate("document.querySelector(':target').matches('li.claim')")


def test_whatever_is_cited_leads_to_a_place_in_the_book(visits: dict[Path, Visit]) -> None:
    for path, seen in visits.items():
        cited = re.findall(r"url +=? \{[^}]*?#([^}]+)\}", unescape(path.read_text("utf-8")))
        assert {target for target in cited if target not in seen.ids} == set(), path.name


def test_the_copy_button_leaves_out_prompts(open_page: OpenPage) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    page.goto((BOOK / "chapters/api.html").as_uri())
    block = page.locator("div.highlight").filter(has_text=">>>").first
    block.hover()
    block.locator("button.copybtn").click()
    expect(block.locator("button.copybtn.success")).to_have_count(1)
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.strip()
    assert ">>>" not in copied


def test_paper_has_the_text_alone_and_all_of_it(open_page: OpenPage) -> None:
    page = open_page(color_scheme="dark")
    page.goto((BOOK / "chapters/03-example-2.html").as_uri())
    unseen = ("button", ".bd-sidebar", "figure.interactive", "summary", "a.reuse")
    for selector in unseen:
        expect(page.locator(selector).filter(visible=True)).not_to_have_count(0)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.dataset.theme") == "light"
    expect(page.locator("article h1")).to_be_visible()
    for seen in ("article .dropdown p:not(.admonition-title)", "details pre", ".explored img"):
        hidden = page.locator(seen).filter(visible=False)
        assert page.locator(seen).count() > 0, seen
        expect(hidden).to_have_count(0)
    for selector in (*unseen, ".headerlink"):
        expect(page.locator(selector).filter(visible=True)).to_have_count(0)
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_nothing_leaves_the_column_of_a_telephone(visits: dict[Path, Visit]) -> None:
    assert {path.name: v.phone_width for path, v in visits.items() if v.phone_width > PHONE} == {}
    assert {path.name: v.clipped for path, v in visits.items() if v.clipped} == {}


def test_no_page_weighs_more_than_400_kilobytes(visits: dict[Path, Visit]) -> None:
    assert min(v.weight for v in visits.values()) > 50_000  # otherwise some files were not counted
    assert {path.name: v.weight for path, v in visits.items() if v.weight > HEAVIEST} == {}


def test_the_map_fits_a_telephone(open_page: OpenPage) -> None:
    page = open_page(viewport={"width": PHONE, "height": 844})
    page.goto((BOOK / "index.html").as_uri())
    fits = "e => e.scrollWidth <= e.clientWidth"
    assert page.locator(".pst-scrollable-table-container").evaluate(fits)
