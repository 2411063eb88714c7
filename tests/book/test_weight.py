"""Making the built book smaller changes nothing visible; test_site.py limits the size of pages.

Needs `make book` and chromium.
"""

from __future__ import annotations

import base64
import hashlib
import io

import nbformat
import numpy as np
import pytest
from browsing import BOOK, ROOT, built
from PIL import Image
from playwright.sync_api import Page

pytestmark = pytest.mark.built


def test_light_figures_look_like_those_drawn() -> None:
    built("index.html")
    compared = 0
    for notebook in ROOT.glob("chapters/*.ipynb"):
        for cell in nbformat.read(notebook, as_version=4).cells:
            for output in cell.get("outputs", []):
                png = base64.b64decode(output.get("data", {}).get("image/png", ""))
                light = BOOK / f"_images/{hashlib.sha256(png).hexdigest()}.png"
                # Images are named by their hash. An image drawn on another machine has a different
                # name and is not compared.
                if light.is_file():
                    pixels = [
                        np.asarray(Image.open(file).convert("RGB"), float)
                        for file in (io.BytesIO(png), light)
                    ]
                    assert np.sqrt(np.mean((pixels[0] - pixels[1]) ** 2)) < 3, notebook.name
                    compared += 1
    assert compared > 0


# If a font lacks an icon, the browser draws the box that stands for any missing letter.
MISSING = r"""() => {
    const draw = document.createElement('canvas').getContext('2d');
    const missing = (selector, pseudo) => [...document.querySelectorAll(selector)].filter(icon => {
        const style = getComputedStyle(icon, pseudo);
        const drawn = letter => {
            draw.clearRect(0, 0, 100, 100);
            draw.font = `${style.fontWeight} 32px ${style.fontFamily}`;
            draw.fillText(letter, 20, 60);
            return draw.canvas.toDataURL();
        };
        const letter = style.content.slice(1, -1);
        return style.content === 'none' || drawn(letter) === drawn('\u{10FFFD}');
    }).map(icon => icon.className + icon.textContent);
    return [
        ...missing('[class*=fa-]', '::before'),
        ...missing('.admonition > .admonition-title', '::after'),
    ];
}"""


@pytest.mark.parametrize(
    "name", ["index", "search", "chapters/03-example-2", "chapters/07-theorem-5"]
)
def test_every_icon_is_drawn(page: Page, name: str) -> None:
    page.goto((BOOK / f"{name}.html").as_uri())
    page.evaluate("document.fonts.ready.then(() => true)")
    assert page.evaluate(MISSING) == []
    assert page.locator("[class*=fa-]").count() > 5


def test_no_figure_waits_until_it_is_scrolled_to(page: Page) -> None:
    page.goto((BOOK / "chapters/17-features.html").as_uri())
    unloaded = "[...document.images].filter(i => i.checkVisibility() && !i.naturalWidth).length"
    assert page.evaluate(unloaded) == 0
