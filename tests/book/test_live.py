"""Pages that run in the browser: needs `make live`, and is skipped without it.

`make test-live` (LIVE=all) verifies every page and prints the table.
"""

from __future__ import annotations

import json
import os
import re
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from browsing import BOOK
from playwright.sync_api import Browser, Page, Route, expect

from tools.live import RUNTIME, lock

pytestmark = pytest.mark.built

FEW = ["chapters/01-algorithm", "chapters/07-theorem-5", "chapters/your-data"]
FOUND = sorted(
    path.relative_to(BOOK / "live").with_suffix("").as_posix()
    for path in (BOOK / "live").rglob("*.json")
)
PAGES = FOUND if os.environ.get("LIVE") == "all" else FEW
SCIPY = next(name for name in lock() if name.startswith("scipy-"))
SENTENCE = re.compile(r"(\d+) of (\d+) outputs came out the same, in Python .* seconds\.")


class Quiet(SimpleHTTPRequestHandler):
    """The book, as a web server gives it, with the runtime beside it."""

    def translate_path(self, path: str) -> str:
        """Only the lock is in every build: a site that is published carries no runtime."""
        found = super().translate_path(path)
        return str(RUNTIME / Path(found).name) if path.startswith("/pyodide/") else found

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


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


def verified(page: Page) -> tuple[int, int]:
    """Same outputs and all outputs, by the sentence at the end."""
    page.get_by_role("button", name="Verify this page").click()
    status = page.locator(".live [role=status]")
    expect(page.get_by_role("button", name="Stop")).to_be_hidden(timeout=300_000)
    print(page.url.rsplit("/", 1)[-1], "|", status.inner_text())
    match = SENTENCE.fullmatch(status.inner_text())
    assert match, status.inner_text()
    return int(match[1]), int(match[2])


@pytest.mark.parametrize("name", PAGES)
def test_a_page_gives_its_printed_outputs_again(live: Page, name: str) -> None:
    live.goto(f"{name}.html")
    same, every = verified(live)
    assert same == every > 0, live.locator(".live-mark.different").all_inner_texts()


def test_a_tampered_output_is_reported(live: Page) -> None:
    cells = json.loads((BOOK / "live/chapters/07-theorem-5.json").read_text(encoding="utf-8"))
    output = next(output for cell in cells for output in cell["printed"] if "stdout" in output)
    output["stdout"] = "tampered\n" + output["stdout"]
    live.route("**/07-theorem-5.json", lambda route: route.fulfill(json=cells))
    live.goto("chapters/07-theorem-5.html")
    same, every = verified(live)
    assert same == every - 1, live.locator(".live-mark.different").all_inner_texts()
    expect(live.locator(".live-mark.different")).to_contain_text("tampered")


def test_a_changed_cell_runs_and_stop_ends_it(live: Page) -> None:
    live.goto("chapters/07-theorem-5.html")
    live.get_by_role("button", name="Run and change").click()
    status = live.locator(".live [role=status]")
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
    live.get_by_role("button", name="Stop").click()
    expect(status).to_contain_text("Stopped")
    live.get_by_role("button", name="Restore the page").first.click()
    expect(live.locator(".live-cell")).to_have_count(0)


def test_nothing_is_requested_before_the_click(live: Page) -> None:
    asked: list[str] = []
    live.on("request", lambda request: asked.append(request.url))
    live.goto("chapters/07-theorem-5.html")
    live.wait_for_load_state("networkidle")
    assert not [url for url in asked if "pyodide" in url or url.endswith((".json", "worker.js"))]


def test_a_changed_design_runs_after_the_cells_above_it(live: Page) -> None:
    live.goto("chapters/07-theorem-5.html")
    live.get_by_role("button", name="Run and change").click()
    status = live.locator(".live [role=status]")
    expect(status).to_contain_text("Ready", timeout=120_000)
    code = live.locator(".live-cell textarea:visible").nth(2)
    code.fill(code.input_value() + "\nprint('changed')")
    code.press("Shift+Enter")
    expect(status).to_contain_text("has run", timeout=120_000)
    expect(live.locator(".live-output").last).to_contain_text("changed")
    expect(live.locator(".live-output", has_text="Error")).to_have_count(0)


def test_restoring_removes_marks_and_cells(live: Page) -> None:
    live.goto("chapters/01-algorithm.html")
    verified(live)
    assert live.locator(".live-mark").count() > 0
    live.get_by_role("button", name="Restore the page").first.click()
    expect(live.locator(".live-mark, .live-cell, .live-output")).to_have_count(0)
    expect(live.locator(".live [role=status]")).to_have_text("The page is as printed.")


@pytest.mark.parametrize("name", ["pyodide.asm.js", SCIPY])
def test_a_corrupted_file_is_refused(live: Page, name: str) -> None:
    def corrupt(route: Route) -> None:
        route.fulfill(body=(RUNTIME / name).read_bytes() + b"\n")

    live.route(f"**/{name}", corrupt)
    live.goto("chapters/07-theorem-5.html")
    live.get_by_role("button", name="Verify this page").click()
    status = live.locator(".live [role=status]")
    expect(live.get_by_role("button", name="Stop")).to_be_hidden(timeout=120_000)
    assert not SENTENCE.fullmatch(status.inner_text()), status.inner_text()
    expect(live.locator(".live-mark")).to_have_count(0)
