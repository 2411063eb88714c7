"""Helpers for tests that open the built book in a browser; the fixtures are in conftest.py."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tools.book import BUILT, ROOT
from tools.browser import FLAGS, chromium

BOOK = BUILT
__all__ = ["BOOK", "FLAGS", "ROOT", "OpenPage", "built", "chromium", "give_up"]

OpenPage = Callable[..., Page]  # takes the options of Browser.new_context and opens a page

REQUIRED = os.environ.get("CI") == "true"


def give_up(why: str) -> None:
    """Skip a test that cannot run on this machine; in continuous integration, make it fail."""
    if REQUIRED:
        pytest.fail(why)
    pytest.skip(why)


def built(pattern: str) -> list[Path]:
    """The files of the built book that match a pattern; there must be at least one."""
    if not BOOK.is_dir():
        give_up("the book is not built: run make book first")
    found = sorted(BOOK.glob(pattern))
    assert found, pattern
    return found
