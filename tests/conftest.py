"""Hypothesis profiles (`HYPOTHESIS_PROFILE=long` for a thorough run) and the browser.

`mutants` is for `make mutants`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from browsing import BOOK, FLAGS, chromium, give_up
from hypothesis import Phase, settings
from playwright.sync_api import Browser, Page, sync_playwright

settings.register_profile("quick", deadline=None, max_examples=60)
settings.register_profile("long", deadline=None, max_examples=2000)
settings.register_profile(  # always the same examples, and a failure is all that is asked for
    "mutants",
    deadline=None,
    max_examples=60,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium with a profile of its own, for every worker."""
    if not (BOOK / "index.html").is_file():
        give_up("no built book: run make book first")
    if (path := chromium()) is None:
        give_up("no chromium on this machine")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield running
        running.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that cannot reach the network."""
    context = browser.new_context(offline=True)
    yield context.new_page()
    context.close()
