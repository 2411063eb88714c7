"""Nobody sees where the weight of the built book has gone; test_site.py holds what is left.

Needs `make book` and chromium.
"""

from __future__ import annotations

import doctest

import numpy as np
import pytest
import styles
from browsing import BOOK
from PIL import Image
from playwright.sync_api import Page

pytestmark = pytest.mark.built


def test_style_sheets_lose_what_no_page_asks_for() -> None:
    found = doctest.testmod(styles)
    assert found.failed == 0 < found.attempted


def test_light_figures_look_like_those_drawn() -> None:
    if not BOOK.exists():
        pytest.skip("no built book: run make book first")
    figures = sorted((BOOK / "_images").glob("*.png"))
    assert figures
    for path in figures:
        drawn, light = (
            np.asarray(Image.open(file).convert("RGB"), float)
            for file in (path, path.with_suffix(".webp"))
        )
        assert np.sqrt(np.mean((drawn - light) ** 2)) < 3, path.name  # of 255


@pytest.mark.parametrize("name", ["index.html", "chapters/03-example-2.html", "search.html"])
def test_every_icon_is_drawn(page: Page, name: str) -> None:
    page.goto((BOOK / name).as_uri())
    page.evaluate("document.fonts.ready.then(() => true)")
    # An icon that its font lacks is drawn by another font, as a box of another width.
    missing = page.evaluate("""() => [...document.querySelectorAll('[class*=fa-]')].filter(icon => {
        const style = getComputedStyle(icon, '::before');
        const draw = document.createElement('canvas').getContext('2d');
        const width = family => {
            draw.font = `${style.fontWeight} 32px ${family}`;
            return draw.measureText(style.content.slice(1, -1)).width;
        };
        return style.content === 'none' || width(style.fontFamily) === width('monospace');
    }).map(icon => icon.className)""")
    assert missing == []
    assert page.locator("[class*=fa-]").count() > 5


def test_a_printed_page_has_its_figures(page: Page) -> None:
    page.goto((BOOK / "chapters/17-features.html").as_uri())
    page.pdf()
    unloaded = "[...document.images].filter(i => i.checkVisibility() && !i.naturalWidth).length"
    assert page.evaluate(unloaded) == 0
