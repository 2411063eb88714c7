"""Style sheets and icon fonts, cut down to what the book can show.

A selector goes if it asks for a class or an id that no page has and no script names; then variables
go that nothing reads any more, and a font keeps the icons that are still named. What is left is a
quarter, and looks the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from fontTools import subset
from sphinx.application import Sphinx

# Bootstrap's script names the classes of every part it has; pages have menus and tooltips.
BOOTSTRAP = "bs-tooltip-auto dropup fade show tooltip tooltip-arrow tooltip-inner"

TOKEN = re.compile(r"""/\*.*?\*/|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[{};]""", re.DOTALL)
BRACKETS = r"\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)"
SELECTOR = re.compile(rf"(?:[^,(]|{BRACKETS})+")
VARIABLE = re.compile(r"""(?<=[{;\s])(--[\w-]+):(?:"[^"]*"|'[^']*'|[^"';{}])*;?""")
FONT = re.compile(r'url\(([^)]+)\.woff2\) format\("woff2"\),url\(\1\.ttf\) format\("truetype"\)')
ICON = re.compile(r"\\([ef][0-9a-f]{3})\b|([\ue000-\uf8ff])")
# Names 0, 13, 14 of a font are its authors and its licence, the SIL OFL, which keeps the name
# "Font Awesome" for the whole font.
OPTIONS = subset.Options(flavor="woff", name_IDs=[0, 13, 14])


def names(out: Path) -> set[str]:
    """Classes and ids of the book's elements, and every word of a script."""
    found = set(BOOTSTRAP.split())
    for page in out.rglob("*.html"):
        for value in re.findall(r'\b(?:class|id)="([^"]*)"', page.read_text("utf-8")):
            found.update(value.split())
    for script in (out / "_static").rglob("*.js"):
        if script.name != "bootstrap.js":
            found.update(re.findall(r"(?:--)?[A-Za-z][\w-]*", script.read_text("utf-8")))
    return found


def blocks(css: str) -> Iterator[tuple[str, str]]:
    """Outermost rules as (what stands before the brace, what stands between the braces).

    >>> list(blocks("@import 'a;b'; p { x: '}' } q {} @media print { p { y: 1 } }"))
    [("@import 'a;b';", ''), ('p', "x: '}'"), ('q', ''), ('@media print', 'p { y: 1 }')]
    """
    head, start, depth = "", 0, 0
    css = re.sub(TOKEN, lambda m: "" if m[0].startswith("/*") else m[0], css)
    for token in TOKEN.finditer(css):
        if token[0] == "{":
            depth += 1
            if depth == 1:
                head, start = css[start : token.start()].strip(), token.end()
        elif token[0] == "}":
            depth -= 1
            if depth == 0:
                yield head, css[start : token.start()].strip()
                start = token.end()
        elif token[0] == ";" and depth == 0:
            yield css[start : token.end()].strip(), ""
            start = token.end()


def cut(css: str, known: set[str]) -> str:
    """A style sheet without the selectors that ask for something unknown.

    >>> cut(".a, .b { x: 1 } @media print { .b:not(.c) { x: 2 } } .a:is(.b, .c) p { x: 3 }", {"a"})
    '.a{x: 1}\\n.a:is(.b, .c) p{x: 3}\\n'
    """
    rules = []
    for head, body in blocks(css):
        if head.endswith(";"):
            rules.append(f"{head}\n")
        elif not head.startswith("@"):
            kept = ",".join(s for s in SELECTOR.findall(head) if needs(s) <= known)
            rules.append(f"{kept}{{{body}}}\n" if kept and body else "")
        elif head.startswith(("@media", "@supports")):
            inner = cut(body, known)
            rules.append(f"{head}{{{inner}}}\n" if inner else "")
        else:
            rules.append(f"{head}{{{body}}}\n")
    return "".join(rules)


def needs(selector: str) -> set[str]:
    """Classes and ids that an element or its parents must have; choices in brackets aside."""
    return set(re.findall(r"[.#](-?[A-Za-z_][\w-]*)", re.sub(BRACKETS, "", selector)))


def cut_all(app: Sphinx, error: Exception | None) -> None:
    """Cut every style sheet of the finished book, then its fonts."""
    if error is not None or app.builder.name != "html":
        return
    static = Path(app.outdir) / "_static"
    known = names(Path(app.outdir))
    sheets = {path: cut(path.read_text("utf-8"), known) for path in static.rglob("*.css")}
    everything = "".join(sheets.values())
    known.update(re.findall(r"var\(\s*(--[\w-]+)", everything))
    icons = {int(code, 16) if code else ord(icon) for code, icon in ICON.findall(everything)}
    for path, css in sheets.items():
        css = VARIABLE.sub(lambda m: m[0] if m[1] in known else "", css)
        path.write_text(FONT.sub(r'url(\1.woff) format("woff")', css), "utf-8")
    for path in static.rglob("fa-*.ttf"):
        font = subset.load_font(path, OPTIONS)
        subsetter = subset.Subsetter(OPTIONS)
        subsetter.populate(unicodes=icons)
        subsetter.subset(font)
        subset.save_font(font, path.with_suffix(".woff"), OPTIONS)
        path.unlink()
        path.with_suffix(".woff2").unlink()


def setup(app: Sphinx) -> dict[str, bool]:
    """Cut when pages are as they stay."""
    app.connect("build-finished", cut_all, priority=950)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
