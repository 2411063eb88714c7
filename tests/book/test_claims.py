"""chapters/claims.yml lists every claim of the paper; its links and the tests it names exist."""

from __future__ import annotations

import ast
import json
import re
from collections import Counter
from itertools import groupby
from typing import Any

import pytest
import yaml
from claims import VERDICTS, WEIGHTS, tally

from tools.book import ROOT, labels

ROWS: list[dict[str, Any]] = yaml.safe_load((ROOT / "chapters/claims.yml").read_text("utf-8"))
LABELS = labels()

# Every claim of the paper (arXiv 2007.08243v3), taken from the paper and not from claims.yml.
IDS = """
    algorithm-1 features-arbitrary pruning-views footnote-3 flow-limit
    restriction-invertible conditions-transfer example-1
    example-2-inverse example-2-small example-2-near-one example-2-as-good example-3-norm
    example-3-tail example-3-order example-3-dominance example-3-alignment definition-4 lemma-6
    theorem-5-i theorem-5-index theorem-5-first theorem-5-null theorem-5-interlace
    theorem-5-bias theorem-5-union theorem-5-not-pruned
    theorem-5-ii remark-samples remark-below-gamma remark-random-features
    extensions-straightforward discussion-claims iht-formula iht-gradient-flow imp-is-iht
"""

FIELDS = {"id", "section", "where", "claim", "verdict", "weight"}
FIELDS |= {"right", "repair", "anchor", "test"}
every_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])


def defined(test: str) -> bool:
    """Whether `file::function` names a test that pytest would collect."""
    file, _, name = test.partition("::")
    path = ROOT / file
    if not (path.is_file() and path.name.startswith("test_") and name.startswith("test_")):
        return False
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return any(isinstance(node, ast.FunctionDef) and node.name == name for node in tree.body)


def test_every_claim_has_one_row() -> None:
    assert Counter(row["id"] for row in ROWS) == Counter(IDS.split())


@every_row
def test_row_is_complete(row: dict[str, Any]) -> None:
    assert set(row) - {"machine"} | {"repair"} == FIELDS
    words = {**row, **row.get("machine", {"none": "none"})}
    words.pop("machine", None)
    assert all(isinstance(value, str) and value.strip() for value in words.values())
    assert row["verdict"] in VERDICTS
    assert row["weight"] in WEIGHTS
    assert row["verdict"] == "holds" or "repair" in row


@every_row
def test_row_is_shown_and_tested(row: dict[str, Any]) -> None:
    assert row["anchor"] == f"claim-{row['id']}"
    assert row["anchor"] in LABELS, "no such label in a page of the book"
    assert defined(row["test"]), "no such test"


@every_row
def test_the_box_of_a_claim_gives_the_verdict_of_the_ledger(row: dict[str, Any]) -> None:
    box = re.search(
        r"^:::\{admonition\} (.+)\n:class: verdict$", after(row["anchor"]), re.MULTILINE
    )
    assert box and row["verdict"] in box[1]


def after(label: str) -> str:
    """The text that follows a label, up to the end of its page."""
    for path in (ROOT / "chapters").glob("*.ipynb"):
        cells = json.loads(path.read_text("utf-8"))["cells"]
        text = "\n\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
        _, found, rest = text.partition(f"({label})=\n")
        if found:
            return rest
    raise AssertionError(f"no label {label}")


def test_what_the_paper_gets_right_is_one_line() -> None:
    assert [row["id"] for row in ROWS if len(row["right"].split()) > 30] == []


def test_rows_of_a_section_stand_together_in_the_paper_s_order() -> None:
    sections = [name for name, _ in groupby(row["section"] for row in ROWS)]
    assert [name.split()[0] for name in sections] == ["§1", "§2", "§3", "§4", "Appendix"]


def test_tally_counts_every_row_once() -> None:
    numbers = [line.split("|")[2:-1] for line in tally(ROWS).splitlines()[2:]]
    columns = [sum(map(int, column)) for column in zip(*numbers, strict=True)]
    assert columns == [*(sum(row["weight"] == w for row in ROWS) for w in WEIGHTS), len(ROWS)]


def test_every_label_of_a_claim_is_in_the_ledger() -> None:
    used = {row["anchor"] for row in ROWS}
    assert {label for label in LABELS if label.startswith("claim-")} == used


def test_only_tests_count_as_tests() -> None:
    assert defined("tests/book/test_claims.py::test_only_tests_count_as_tests")
    assert not defined("tests/book/test_claims.py::test_that_nobody_wrote")
    assert not defined("tests/book/test_claims.py::defined")
    assert not defined("tests/module/test_nothing.py::test_row_is_complete")
    assert not defined("chapters/claims.yml")
