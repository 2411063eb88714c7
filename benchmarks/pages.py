"""What the built book asks of a telephone: `python -m benchmarks.pages` prints two tables.

The first has the heaviest pages, without MathJax, which a reader fetches once. The second has the
first view of a chapter from an empty cache, on a processor four times as slow as this one, with
its explorable and without; medians over several visits, which alternate. Needs `make book` and
chromium.
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import unquote, urlparse

from playwright.sync_api import Browser, Page, sync_playwright

BOOK = Path(__file__).parent.parent / "_build/html"
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 3, "is_mobile": True}
CHAPTER = "chapters/03-example-2.html"

# What the browser itself measures, from before the page begins to load; times in milliseconds.
WATCH = """
    window.seen = {largest: 0, blocked: 0, shift: 0};
    const watch = (type, see) => {
        const observer = new PerformanceObserver(list => list.getEntries().forEach(see));
        observer.observe({type, buffered: true});
    };
    watch('largest-contentful-paint', entry => { seen.largest = entry.startTime; });
    watch('longtask', entry => { seen.blocked += entry.duration - 50; });
    watch('layout-shift', entry => { seen.shift += entry.value; });
"""
READ = """async () => {
    await MathJax.startup.promise;
    const formulas = performance.now();
    await new Promise(done => setTimeout(done, 500));
    const [paint] = performance.getEntriesByName('first-contentful-paint');
    return {first: paint.startTime, formulas, ...seen};
}"""
COLUMNS = {
    "first": "first paint (ms)",
    "largest": "largest paint (ms)",
    "formulas": "formulas set (ms)",
    "blocked": "blocked (ms)",
    "shift": "layout shift",
}


def pages(book: Path = BOOK) -> list[Path]:
    """Every page of the book."""
    return sorted([*book.glob("*.html"), *book.glob("chapters/*.html")])


def fetched(page: Page, path: Path) -> dict[Path, int]:
    """Sizes of the files that a browser fetches for a page, without MathJax."""
    files = {}

    def note(request: Any) -> None:
        file = Path(unquote(urlparse(request.url).path))
        if request.url.startswith("file:") and "mathjax" not in file.parts:
            files[file] = file.stat().st_size

    page.on("request", note)
    page.goto(path.as_uri())
    page.remove_listener("request", note)
    return files


def first_view(browser: Browser, path: Path) -> dict[str, float]:
    """One visit of a page, by a telephone that was never there before."""
    context = browser.new_context(offline=True, **PHONE)
    page = context.new_page()
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.add_init_script(WATCH)
    page.goto(path.as_uri())
    found: dict[str, float] = page.evaluate(READ)
    context.close()
    return found


def without_explorable(chapter: Path) -> Path:
    """A copy of a page, beside it, that shows its still figure instead."""
    html = chapter.read_text("utf-8")
    html = re.sub(r'<figure class="explorable".*?</figure>', "", html, flags=re.DOTALL)
    html = re.sub(r'<script src="[^"]*explore\.js[^"]*"></script>', "", html)
    copy = chapter.with_name("without-explorable.html")
    copy.write_text(html, "utf-8")
    return copy


def main(book: Path = BOOK, visits: int = 9) -> None:
    """Print both tables."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = browser.new_page()
        weights = {path: fetched(page, path) for path in pages(book)}
        print("| page | without MathJax (KB) | its own HTML and figures |\n|---|---:|---:|")
        for path in sorted(weights, key=lambda p: -sum(weights[p].values()))[:3]:
            own = sum(n for f, n in weights[path].items() if f == path or "_images" in f.parts)
            name = path.relative_to(book)
            print(f"| {name} | {sum(weights[path].values()) / 1e3:.0f} | {own / 1e3:.0f} |")

        chapter = book / CHAPTER
        copy = without_explorable(chapter)
        rows = {CHAPTER: chapter, "the same without its explorable": copy}
        seen = [{name: first_view(browser, p) for name, p in rows.items()} for _ in range(visits)]
        copy.unlink()
        print(f"\n| first view | {' | '.join(COLUMNS.values())} |\n|---|{'---:|' * len(COLUMNS)}")
        for name in rows:
            values = [median(visit[name][column] for visit in seen) for column in COLUMNS]
            print(f"| {name} | {' | '.join(f'{value:.3g}' for value in values)} |")
        browser.close()


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
