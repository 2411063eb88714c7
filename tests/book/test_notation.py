"""The page of notation: every letter once, every name in code a name of the code."""

from __future__ import annotations

import re

from tools.book import ROOT

ROWS = re.findall(
    r"^\| (?!letter)(.+?) \| .+ \| (.*?)\s*\|$",
    (ROOT / "chapters/notation.md").read_text("utf-8"),
    re.MULTILINE,
)


def test_every_letter_stands_once() -> None:
    letters = [letter for first, _ in ROWS for letter in first.split(", ")]
    assert len(letters) > 40
    assert len(letters) == len(set(letters))


def test_every_name_is_one_of_impbook() -> None:
    code = "\n".join(path.read_text("utf-8") for path in (ROOT / "impbook").rglob("*.py"))
    used = set(re.findall(r"\w+", code))
    assert {name for _, names in ROWS for name in re.findall(r"`(\w+)`", names)} - used == set()
