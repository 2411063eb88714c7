"""The pages of the book, their text and labels, and the format of an exercise title."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import yaml

ROOT = Path(__file__).parent.parent
BUILT = ROOT / "_build/html"
SITE = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["urls"]["Book"]
LABEL = re.compile(r"^\((\S+)\)=$", re.MULTILINE)
EXERCISE = re.compile(r"Exercise (?:(\d+)\.)?(\d+) (★{1,3}) \((?:(\d+) min|open)\)")


def pages() -> Iterator[tuple[str, str]]:
    """The name of each page without suffix, and the title of the part that begins there, or ""."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))
    yield toc["root"], ""
    for part in toc["parts"]:
        for i, chapter in enumerate(part["chapters"]):
            yield chapter["file"], "" if i else part["caption"]


def markdown(page: str) -> str:
    """The source text of a page, without code cells."""
    if (path := ROOT / f"{page}.md").exists():
        return path.read_text("utf-8")
    cells = json.loads((ROOT / f"{page}.ipynb").read_text("utf-8"))["cells"]
    return "\n\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")


def title(page: str) -> str:
    """The title of a page."""
    found = re.search(r"^# (.+)$", markdown(page), re.MULTILINE)
    return found[1] if found else page


@cache
def labels() -> dict[str, str]:
    """For each label, the page that defines it."""
    return {label: page for page, _ in pages() for label in LABEL.findall(markdown(page))}
