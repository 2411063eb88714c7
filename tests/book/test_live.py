"""Pages run their code in the browser. The tests need `make live` and are skipped without it.

`make test-live` sets LIVE=all, verifies every page, and prints a line for each.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from browsing import BOOK, built
from playwright.sync_api import Browser, Locator, Page, Route, expect

import tools.live
from tools.live import OFFICIAL, RUNTIME, lock

pytestmark = pytest.mark.built

FEW = ["chapters/01-algorithm", "chapters/07-theorem-5", "chapters/your-data"]
FOUND = sorted(
    path.relative_to(BOOK / "live").with_suffix("").as_posix()
    for path in (BOOK / "live").rglob("*.json")
)
PAGES = FOUND if os.environ.get("LIVE") == "all" else FEW
SCIPY = next(name for name in lock() if name.startswith("scipy-"))
SENTENCE = re.compile(r"(\d+) of (\d+) outputs came out the same, in Python .* seconds\.")
FOCUSED = """() => {
  const {activeElement: node} = document;
  const {outlineStyle, outlineWidth} = getComputedStyle(node);
  return {name: node.getAttribute('aria-label') ?? node.textContent,
          seen: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1};
}"""


class Quiet(SimpleHTTPRequestHandler):
    """A web server for the built book and, under /pyodide/, the Python that runs in its pages."""

    def translate_path(self, path: str) -> str:
        """Serve Python's files from their own folder; the built site need not contain them."""
        found = super().translate_path(path)
        return str(RUNTIME / Path(found).name) if path.startswith("/pyodide/") else found

    def log_message(self, format: str, *args: object) -> None:
        """Write no log."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    if not (RUNTIME / "pyodide.asm.wasm").is_file():
        pytest.skip("no Python for the browser: run make live first")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=BOOK))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture
def live(browser: Browser, site: str) -> Iterator[Page]:
    context = browser.new_context(base_url=site)
    context.route(lambda url: not url.startswith(site), lambda route: route.abort())
    yield context.new_page()
    context.close()


def press(page: Page, button: str) -> Locator:
    """Press a button on the page, and return the element that shows the status."""
    page.get_by_role("button", name=button).click()
    return page.locator(".live [role=status]")


def finished(page: Page) -> None:
    expect(page.get_by_role("button", name="Stop")).to_be_hidden(timeout=300_000)


def verified(page: Page) -> tuple[int, int]:
    """Verify the page; return how many outputs were the same, and how many there were in all."""
    status = press(page, "Verify this page")
    finished(page)
    print(page.url.rsplit("/", 1)[-1], "|", status.inner_text())
    match = SENTENCE.match(status.inner_text())
    assert match, status.inner_text()
    return int(match[1]), int(match[2])


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the named element has the focus, and check that the focus is visible."""
    for _ in range(100):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused["name"].startswith(name):
            assert focused["seen"], name
            return
    pytest.fail(f"Tab does not reach {name}")


def test_every_cell_that_is_shown_has_its_place() -> None:
    for file in built("live/**/*.json"):
        name = file.relative_to(BOOK / "live").with_suffix(".html")
        page = (BOOK / name).read_text(encoding="utf-8")
        shown = sum(cell["shown"] for cell in json.loads(file.read_text(encoding="utf-8")))
        assert shown == len(re.findall(r'<div class="cell[ "]', page)), name


@pytest.mark.parametrize("name", PAGES)
def test_a_page_gives_its_printed_outputs_again(live: Page, name: str) -> None:
    live.goto(f"{name}.html")
    same, every = verified(live)
    assert same == every > 0, live.locator(".live-mark.different").all_inner_texts()


def test_a_tampered_output_is_reported_until_the_page_is_restored(live: Page) -> None:
    cells = json.loads((BOOK / "live/chapters/07-theorem-5.json").read_text(encoding="utf-8"))
    output = next(output for cell in cells for output in cell["printed"] if "stdout" in output)
    line = output["stdout"].splitlines()[0]
    output["stdout"] = "tampered " + output["stdout"]
    live.route("**/07-theorem-5.json", lambda route: route.fulfill(json=cells))
    live.goto("chapters/07-theorem-5.html")
    same, every = verified(live)
    assert same == every - 1, live.locator(".live-mark.different").all_inner_texts()
    marked = live.locator(".live-mark.different pre")
    expect(marked).to_have_text(f"printed:\ntampered {line}\n\nhere:\n{line}")
    status = press(live, "Restore the page")
    expect(status).to_have_text("The page shows its printed outputs again.")
    expect(live.locator(".live-mark, .live-cell, .live-output")).to_have_count(0)


def test_a_changed_cell_runs_and_stop_ends_it(live: Page) -> None:
    live.goto("chapters/07-theorem-5.html")
    status = press(live, "Run and change")
    expect(status).to_contain_text("Ready", timeout=120_000)
    code = live.locator(".live-cell textarea:visible").first
    code.fill("print(6 * 7)")
    code.press("Shift+Enter")
    expect(live.locator(".live-output", has_text=re.compile(r"^42\s*$"))).to_have_count(
        1, timeout=60_000
    )
    expect(status).to_contain_text("has run")
    code.fill("while True:\n    pass")
    code.press("Shift+Enter")
    press(live, "Stop")
    expect(status).to_contain_text("Stopped")


def test_a_changed_design_runs_after_the_cells_above_it(live: Page) -> None:
    live.goto("chapters/07-theorem-5.html")
    status = press(live, "Run and change")
    expect(status).to_contain_text("Ready", timeout=120_000)
    code = live.locator(".live-cell textarea:visible").nth(2)
    code.fill(code.input_value() + "\nprint('changed')")
    code.press("Shift+Enter")
    expect(status).to_contain_text("has run", timeout=120_000)
    finished(live)
    expect(live.locator(".live-output").last).to_contain_text("changed")
    expect(live.locator(".live-output", has_text="Error")).to_have_count(0)


def test_restoring_forgets_what_the_changed_cells_did(live: Page) -> None:
    live.goto("chapters/07-theorem-5.html")
    status = press(live, "Run and change")
    for source, said in [("kept = 1", "has run"), ("print(kept)", "raised an error")]:
        finished(live)
        code = live.locator(".live-cell textarea").first
        code.evaluate("(node, text) => { node.value = text }", source)
        live.locator(".live-cell button").first.evaluate("node => node.click()")
        expect(status).to_contain_text(said, timeout=120_000)
        finished(live)
        press(live, "Restore the page")
        finished(live)
        press(live, "Run and change")


def test_all_of_it_is_done_by_keyboard_and_announced(live: Page) -> None:
    live.goto("chapters/01-algorithm.html")
    bar = live.get_by_role("group", name="Run this page")
    expect(bar).to_match_aria_snapshot("""
      - group "Run this page":
        - button "Verify this page"
        - button "Run and change"
        - status: /about 60 MB/
    """)
    tab_to(live, "Verify this page")
    tab_to(live, "Run and change")
    live.keyboard.press("Enter")
    expect(bar).to_match_aria_snapshot("""
      - group "Run this page":
        - button "Stop"
        - progressbar "Progress"
        - status: /Loading Python from 127.0.0.1/
    """)
    assert live.evaluate(FOCUSED) == {"name": "Stop", "seen": True}
    expect(bar.get_by_role("status")).to_contain_text("Ready", timeout=120_000)
    assert live.evaluate(FOCUSED) == {"name": "Verify this page", "seen": True}
    tab_to(live, "Restore the page")
    tab_to(live, "Code of cell")
    live.keyboard.press("Control+A")
    live.keyboard.type("1 / 0")
    tab_to(live, "Run")
    live.keyboard.press("Enter")
    expect(bar.get_by_role("status")).to_contain_text("raised an error", timeout=60_000)
    expect(live.locator(".live-output").last).to_contain_text("ZeroDivisionError: division by zero")


def test_nothing_is_requested_before_the_click(live: Page) -> None:
    asked: list[str] = []
    live.on("request", lambda request: asked.append(request.url))
    live.goto("chapters/07-theorem-5.html")
    live.wait_for_load_state("networkidle")
    assert not [url for url in asked if "pyodide" in url or url.endswith((".json", "worker.js"))]


def test_without_a_folder_everything_comes_from_the_official_distribution(live: Page) -> None:
    asked: set[str] = set()

    def official(route: Route) -> None:
        name = route.request.url.rsplit("/", 1)[-1]
        asked.add(name)
        route.fulfill(path=RUNTIME / name, headers={"Access-Control-Allow-Origin": "*"})

    def nothing(route: Route) -> None:
        route.fulfill(status=404)

    live.route(re.compile(r"//127.*/pyodide/(?!pyodide-lock\.json)"), nothing)
    live.route(f"{OFFICIAL}*", official)
    live.goto("chapters/07-theorem-5.html")
    same, every = verified(live)
    assert same == every > 0
    assert asked == set(lock())


def test_from_a_file_the_page_says_how_to_serve_it(browser: Browser) -> None:
    page = browser.new_page()
    page.goto((BOOK / "chapters/07-theorem-5.html").as_uri())
    expect(press(page, "Verify this page")).to_contain_text("python -m http.server")
    page.close()


def test_make_live_keeps_only_what_the_lock_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runtime, source = tmp_path / "runtime", tmp_path / "source"
    for folder in (runtime, source):
        folder.mkdir()
    for name, content in [("a.whl", b"a"), ("b.whl", b"changed"), ("c.whl", b"c")]:
        (source / name).write_bytes(content)
    hashes = {name: hashlib.sha256(name[:1].encode()).hexdigest() for name in ("a.whl", "b.whl")}
    monkeypatch.setattr(tools.live, "RUNTIME", runtime)
    monkeypatch.setattr(tools.live, "lock", lambda: hashes)
    monkeypatch.setattr(tools.live, "online", lambda names: iter(()))
    with pytest.raises(SystemExit, match=r"right hash, b\.whl$"):
        tools.live.fill([source])
    assert [path.name for path in runtime.iterdir()] == ["a.whl"]


@pytest.mark.parametrize("name", ["pyodide.asm.js", SCIPY])
def test_a_corrupted_file_is_refused(live: Page, name: str) -> None:
    def corrupt(route: Route) -> None:
        route.fulfill(body=(RUNTIME / name).read_bytes() + b"\n")

    live.route(f"**/{name}", corrupt)
    live.goto("chapters/07-theorem-5.html")
    status = press(live, "Verify this page")
    finished(live)
    expect(status).to_contain_text(
        f"{name} could not be loaded from {live.url.split('chapters')[0]}"
    )
    expect(live.locator(".live-mark")).to_have_count(0)
