"""Make finished pages load only what they use: few scripts, small icon fonts, small figures.

The theme includes Font Awesome twice, as a script of 1.5 MB and as fonts. The fonts suffice, and
are cut down to the icons in use. The source maps of the scripts, 3 MB, serve only the theme's
developers and are deleted. Figures do not get `loading=lazy`, because a browser that prints a page
omits figures that it has not yet loaded.
"""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from fontTools import subset
from PIL import Image
from sphinx.application import Sphinx

# For each script, a string that occurs only on pages that need the script. For fontawesome.js it
# occurs on no page, because all icons come from fonts.
NEEDS = {
    "fontawesome.js": "svg-inline--fa",
    **dict.fromkeys(
        ("searchtools.js", "language_data.js", "searchindex.js"), 'id="search-results"'
    ),
    "enlarge.js": 'class="enlarge ',
    "sphinx_highlight.js": 'class="highlighted"',
    "explore.js": 'class="interactive"',
    "design-tabs.js": 'class="sd-tab-set',
}
# Icons named only in style sheets: those in the titles of boxes, beside links and in lists.
STYLED = """
    angle-down angle-left angle-right bell circle-check circle-exclamation circle-info circle-xmark
    download file-lines lightbulb mug-hot pencil scale-balanced triangle-exclamation
"""
# The number of colours in each figure: 96 colours chosen by a fast method are as accurate as 64
# chosen by a slow one.
COLOURS = 96
# Entries 0, 13 and 14 in a font's table of names are its copyright and licence. The format is WOFF
# because WOFF 2 would need another library.
OPTIONS = subset.Options(flavor="woff", name_IDs=[0, 13, 14])


def lighten_page(path: Path) -> set[str]:
    """Remove unused scripts, size images so that text does not jump, and return the icons used."""
    html = path.read_text("utf-8")
    for script, mark in NEEDS.items():
        if mark not in html:
            html = re.sub(rf'\s*<script [^>]*src="[^"]*\b{script}[^"]*"></script>', "", html)
    for source in set(re.findall(r'src="([^"]*_images/[\w-]+\.png)"', html)):
        width, height = Image.open(path.parent / source).size
        html = html.replace(f'src="{source}"', f'src="{source}" width="{width}" height="{height}"')
    # A screen reader would announce a fold as "Toggle hidden content" instead of by its visible
    # label, and would read out the private-use character that draws an icon.
    html = html.replace('<summary aria-label="Toggle hidden content">', "<summary>")
    html = re.sub(r'<(i|span) (?=class="(?:[\w-]+ )?fa)', r'<\1 aria-hidden="true" ', html)
    path.write_text(html, "utf-8")
    return set(re.findall(r"\bfa-([\w-]+)", html))


def lighten_picture(path: Path) -> None:
    """Reduce the colours of an image."""
    picture = Image.open(path).convert("RGB")
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


def cut_font(path: Path, icons: set[str]) -> None:
    """Cut a font down to the named icons; the font's glyphs have the same names."""
    font = subset.load_font(path, OPTIONS)
    subsetter = subset.Subsetter(OPTIONS)
    subsetter.populate(glyphs=icons & set(font.getGlyphOrder()))
    subsetter.subset(font)
    subset.save_font(font, path.with_suffix(".woff"), OPTIONS)
    path.unlink()
    path.with_suffix(".woff2").unlink()


def lighten(app: Sphinx, error: Exception | None) -> None:
    """Lighten the finished book."""
    if error is not None:
        return
    out = Path(app.outdir)
    icons = set(STYLED.split()).union(*map(lighten_page, out.rglob("*.html")))
    for path in out.rglob("fa-*.ttf"):
        cut_font(path, icons)
    sheet = out / "_static/styles/pydata-sphinx-theme.css"
    css = sheet.read_text("utf-8").replace('.woff2) format("woff2")', '.woff) format("woff")')
    sheet.write_text(css, "utf-8")
    with ThreadPoolExecutor() as pool:
        list(pool.map(lighten_picture, out.glob("_images/*.png")))
    for path in {*out.rglob("fontawesome.js*"), *out.glob("_static/**/*.map")}:
        path.unlink()


def setup(app: Sphinx) -> dict[str, bool]:
    """Run last, because no extension may change the pages afterwards."""
    app.connect("build-finished", lighten, priority=950)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
