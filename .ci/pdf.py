"""The whole book as one PDF, from the built pages: `make pdf`.

The pages of `_toc.yml` become one page (.ci/pdf.js), which chromium prints twice: only the first
printing tells on which page everything stands.
"""

from __future__ import annotations

import html
import io
import os
import re
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import yaml
from playwright.sync_api import sync_playwright
from pypdf import PdfReader

ROOT = Path(__file__).parent.parent
BOOK = ROOT / "_build/html"
HERE = Path(__file__).parent


def files() -> Iterator[tuple[str, str]]:
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))
    yield toc["root"], ""
    for part in toc["parts"]:
        for i, chapter in enumerate(part["chapters"]):
            yield chapter["file"], "" if i else part["caption"]


def one_page() -> str:
    index = (BOOK / "index.html").read_text("utf-8")
    styles = "\n".join(re.findall(r"<link[^>]*stylesheet[^>]*>", index))
    templates = []
    for file, part in files():
        text = (BOOK / f"{file}.html").read_text("utf-8")
        article = text.partition('<article class="bd-article">')[2].rpartition("</article>")[0]
        templates.append(f'<template data-page="{file}.html" data-id="{Path(file).name}" data-part="{html.escape(part)}">{article}</template>')
    return f"""<!DOCTYPE html>
<html lang="en" data-theme="light"><head><meta charset="utf-8">
<meta name="site" content="https://impbook.github.io/impbook/"><meta name="edition" content="Version 0.1.0">
<title>Lottery Tickets</title>
{styles}
<style>{(HERE / "pdf.css").read_text()}</style>
<script>window.MathJax = {{startup: {{typeset: false}}, options: {{processHtmlClass: "math", enableMenu: false}}}}</script>
<script defer src="mathjax/tex-chtml.js"></script>
</head><body><main class="bd-main"><div class="bd-content"><div class="bd-article-container"><article class="bd-article"></article></div></div></main>
{"".join(templates)}
<script>{(HERE / "pdf.js").read_text()}</script>
</body></html>"""

def main():
    t=time.time()
    def say(*a): print(f"{time.time()-t:.1f}", *a, flush=True)
    path = BOOK / "book.html"
    path.write_text(one_page())
    say("written")
    with sync_playwright() as p:
        b = p.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox","--disable-gpu"])
        page = b.new_context(offline=True).new_page()
        page.set_default_timeout(300000)
        page.on("console", lambda m: say(m.type, m.text))
        page.on("pageerror", lambda e: say(e))
        page.on("requestfailed", lambda r: say("lacks", r.url))
        page.emulate_media(media="print")
        page.goto(path.as_uri())
        say("open")
        page.evaluate("MathJax.startup.promise.then(() => MathJax.typesetPromise()).then(() => true)")
        say("math")
        first = page.pdf(prefer_css_page_size=True, print_background=True)
        say("first", len(first))
        reader = PdfReader(io.BytesIO(first))
        pages = {n.lstrip("/"): reader.get_destination_page_number(d)+1 for n, d in reader.named_destinations.items()}
        say(len(reader.pages), len(pages))
        page.evaluate("pages => number(pages)", pages)
        page.pdf(path=BOOK/"book.pdf", prefer_css_page_size=True, print_background=True, outline=True, tagged=True)
        say("second", os.path.getsize(BOOK/"book.pdf"))
        b.close()
main()
