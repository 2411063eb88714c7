"""Fixtures that open the built book in a browser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from browsing import FLAGS, OpenPage, built, chromium, give_up
from playwright.sync_api import Browser, Page, sync_playwright


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, started once per test process, each time with a new profile."""
    built("index.html")
    if (path := chromium()) is None:
        give_up("chromium was not found on this machine")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield running
        running.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """A function that opens an empty browser tab, offline and, to save time, without MathJax.

    tests/book/test_site.py checks the formulas of every page.
    """
    contexts = []

    def opened(**options: Any) -> Page:
        contexts.append(browser.new_context(offline=True, **options))
        contexts[-1].route("**/mathjax/**", lambda route: route.abort())
        return contexts[-1].new_page()

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """An empty browser tab on a wide screen, offline and without MathJax."""
    return open_page()
