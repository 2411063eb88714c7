"""Find the browser that prints the book and that the tests use."""

from __future__ import annotations

import shutil

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]


def chromium() -> str | None:
    """The path of a browser on this machine, or None."""
    # The headless shell comes first. It draws no window, so it opens a page in less time: two
    # thirds of what the whole browser needs.
    names = (
        "chromium-headless-shell",
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
    )
    mac = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
    return next(filter(None, map(shutil.which, [*names, mac])), None)
