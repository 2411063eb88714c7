"""Every number in the prose comes from a cell, and no page has lost a cell.

Each decimal number in the prose must equal, after rounding, a number in the code or the outputs of
its section. In a verdict, whole numbers of two or more digits are checked as well, and any cell of
the page may be the source. Boxes that state or prove a theorem are exempt, because their numbers
are derived. `chapters/numbers.yml` lists the other exceptions and the number of cells on each page.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import nbformat
import pytest
import yaml
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

ROOT = Path(__file__).parents[2]
PAGES = {path.stem: path for path in [ROOT / "index.ipynb", *(ROOT / "chapters").glob("*.ipynb")]}
LISTED: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "chapters/numbers.yml").read_text())

BOX = re.compile(r"^(:{3,})\{admonition\} *(.*)\n(?::class: *(.*)\n)?([\s\S]*?)^\1 *$", re.M)
LABEL = re.compile(  # text such as names and links, whose digits are not quantities
    r"\*\*Exercise [^*]*\*\*|\]\([^)]*\)|`[^`]*`|§[\d.]+|^#.*$"
    r"|(?:Exercise|Example|Theorem|Lemma|Problem|Definition|Python) \d[\d.]*",
    re.M,
)
DECIMAL = re.compile(r"(?<![\w.])\d*\.\d+(?![\w.])")
NUMBER = re.compile(rf"{DECIMAL.pattern}|(?<![\w.,])\d{{2,}}(?!\w|[.,]\d)")
VALUE = re.compile(r"(?<![\w.])(?:\d[\d,]*\.?\d*|\.\d+)(?:e[-+]?\d+)?")


def computed(cells: Iterable[NotebookNode]) -> list[float]:
    """Numbers in the code and the outputs of cells."""
    texts = []
    for cell in cells:
        if cell.cell_type == "code":
            texts.append(cell.source)
            for output in cell.outputs:
                data = output.get("data", {})
                texts += [output.get("text", ""), *map(data.get, ("text/plain", "text/html"))]
    found = (VALUE.findall(text) for text in texts if text)
    return [float(value.replace(",", "")) for values in found for value in values]


def sections(notebook: NotebookNode) -> list[list[NotebookNode]]:
    """The cells of each section; a section begins at a heading of the second level."""
    parts: list[list[NotebookNode]] = [[]]
    for cell in notebook.cells:
        if cell.cell_type == "code":
            parts[-1].append(cell)
            continue
        first, *later = re.split(r"^(?=## )", cell.source, flags=re.M)
        parts[-1].append(new_markdown_cell(first))
        parts += [[new_markdown_cell(text)] for text in later]
    return parts


def without_source(notebook: NotebookNode) -> dict[float, str]:
    """Numbers in the prose that come from no cell, each with the words around it."""
    page, found = computed(notebook.cells), {}
    for section in sections(notebook):
        text = "\n".join(cell.source for cell in section if cell.cell_type == "markdown")
        verdicts = [box[4] for box in BOX.finditer(text) if box[3] == "verdict"]
        here = computed(section)
        found |= _missing(BOX.sub(_checked, text), DECIMAL, here)
        found |= _missing("\n".join(verdicts), NUMBER, page)
    return found


def _checked(box: re.Match[str]) -> str:
    """The text of a box, or an empty string for theorems, proofs and verdicts.

    Verdicts are checked separately.
    """
    derived = box[3] in {"theorem", "paper", "verdict"}
    proof = box[3] == "dropdown" and not box[2].startswith("Solution")
    return "" if derived or proof else box[4]


def _missing(text: str, kind: re.Pattern[str], values: list[float]) -> dict[float, str]:
    text = LABEL.sub(lambda label: " " * len(label[0]), text)
    found = {}
    for match in kind.finditer(text):
        number, digits = float(match[0]), len(match[0].partition(".")[2])
        if not any(abs(value - number) <= 0.501 * 10**-digits for value in values):
            found[number] = " ".join(text[max(0, match.start() - 50) : match.end() + 30].split())
    return found


def listed(page: str) -> dict[float, str]:
    """The numbers that numbers.yml lists for a page, each with the place that it comes from."""
    sources = {where: numbers for where, numbers in LISTED[page].items() if where != "cells"}
    return {float(number): where for where, numbers in sources.items() for number in numbers}


def read(page: str) -> NotebookNode:
    return nbformat.read(PAGES[page], as_version=4)


def test_every_page_with_cells_is_listed() -> None:
    assert LISTED.keys() == PAGES.keys()
    for where in {where for page in LISTED.values() for where in page}:
        assert where in {"cells", "figure", "by hand", *PAGES}


@pytest.mark.parametrize("page", PAGES)
def test_no_cell_is_lost(page: str) -> None:
    cells = sum(cell.cell_type == "code" for cell in read(page).cells)
    assert cells == LISTED[page]["cells"], "if that is meant, count in chapters/numbers.yml"


@pytest.mark.parametrize("page", PAGES)
def test_the_numbers_of_the_prose_are_those_of_the_cells(page: str) -> None:
    found, known = without_source(read(page)), listed(page)
    assert {number: words for number, words in found.items() if number not in known} == {}
    assert known.keys() <= found.keys(), "listed in chapters/numbers.yml, and no longer needed"


@pytest.mark.parametrize("page", PAGES)
def test_numbers_from_another_page_are_among_its_outputs(page: str) -> None:
    for number, where in listed(page).items():
        if where in PAGES:
            digits = len(str(number).partition(".")[2].rstrip("0"))
            values = computed(read(where).cells)
            assert any(abs(value - number) <= 0.501 * 10**-digits for value in values), number


# Tests of the check itself


def good() -> NotebookNode:
    verdict = ":::{admonition} Verdict: holds\n:class: verdict\nFor $p \\le 24$ it does.\n:::"
    proof = ":::{admonition} Proof\n:class: dropdown\nSince $9.99 > 1$.\n:::"
    printed = [new_output("stream", text="  1.2346 and  24 sets\n")]
    cells = [
        new_markdown_cell(f"# A title of 3.3\n\n{verdict}"),
        new_code_cell("x = 0.5"),
        new_markdown_cell("With $x = .5$ (Exercise 2.1)\n\n## The next\n\nabout 1.23 of them"),
        new_code_cell("print(x)", outputs=printed),
        new_markdown_cell(proof),
    ]
    return new_notebook(cells=cells)


def test_numbers_with_a_source_pass() -> None:
    assert without_source(good()) == {}


@pytest.mark.parametrize(
    ("cell", "old", "new", "missed"),
    [
        (0, "24", "25", 25),  # a whole number in a verdict
        (0, "24", "24.5", 24.5),
        (2, "1.23", "1.24", 1.24),  # wrongly rounded
        (2, "1.23", "1.235", None),  # correctly rounded, to more digits
        (2, "1.23", "1.2345", 1.2345),
        (2, ".5", ".6", 0.6),  # compared with the code x = 0.5
        (2, "1.23", "0.5", 0.5),  # 0.5 occurs only in another section
        (4, "Proof", "Solution", 9.99),
        (3, "print(x)", "print(1.24)", None),
    ],
)
def test_a_number_without_a_source_is_found(
    cell: int, old: str, new: str, missed: float | None
) -> None:
    notebook = copy.deepcopy(good())
    notebook.cells[cell].source = notebook.cells[cell].source.replace(old, new)
    assert list(without_source(notebook)) == ([] if missed is None else [missed])


@pytest.mark.parametrize(
    "change", [lambda nb: nb.cells.pop(3), lambda nb: nb.cells[3].outputs.clear()]
)
def test_a_number_whose_output_is_lost_is_found(change: Callable[[NotebookNode], Any]) -> None:
    notebook = copy.deepcopy(good())
    change(notebook)
    assert {24.0, 1.23} == without_source(notebook).keys()
