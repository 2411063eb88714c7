"""A folder of worksheets is graded in one run, and no file can stop the grading."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from impbook_coursework import answer
from impbook_coursework.grading import grade, write
from tools import plain
from tools.book import ROOT


def hand_in(file: Path, seed: int, values: list[str], first: str = "") -> None:
    """Write chapter 3's problems to a notebook, and fill in a student's number and answers."""
    cells = plain.problems(ROOT / "chapters/03-example-2.ipynb")
    for cell in cells:
        cell.source = cell.source.replace("seed = 0", f"seed = {seed}")
        if "value = ..." in cell.source:
            cell.source = cell.source.replace("value = ...", f"value = {values.pop(0)}")
    file.parent.mkdir(exist_ok=True)
    nbformat.write(new_notebook(cells=[new_code_cell(first), *cells]), file)


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, str]]:
    folder, slow = tmp_path_factory.mktemp("handed-in"), tmp_path_factory.mktemp("slow")
    number, order = str(answer("3.1", seed=7)), str(answer("3.2", seed=7))
    array = f"__import__('numpy').array({order})"
    hand_in(folder / "right.ipynb", 7, [number, array])
    hand_in(folder / "group/another.ipynb", 8, [number, "..."], "print = lambda *found: 'right'")
    hand_in(folder / "crashes.ipynb", 7, [number, "1 / 0"])
    hand_in(folder / "dies.ipynb", 7, [number, "__import__('os')._exit(1)"])
    hand_in(slow / "never-ends.ipynb", 7, [number, order], "__import__('time').sleep(1000)")
    hand_in(folder / ".ipynb_checkpoints/right-checkpoint.ipynb", 7, [number, order])
    (folder / "essay.docx").write_bytes(b"PK\xff")
    (folder / "list.ipynb").write_text("[1, 2]")
    rows = grade(folder) + grade(slow, timeout=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdout", printed := io.StringIO())
        write(rows)
    return {row["file"]: row for row in csv.DictReader(io.StringIO(printed.getvalue()))}


def test_right_wrong_and_missing_answers_are_told_apart(table: dict[str, dict[str, str]]) -> None:
    found = {name: [row[c] for c in ("number", "3.1", "3.2")] for name, row in table.items()}
    assert found["right.ipynb"] == ["7", "right", "right"]
    assert found["group/another.ipynb"] == ["8", "not yet", "no answer"]
    assert table["right.ipynb"]["note"] == ""


def test_a_notebook_that_breaks_off_keeps_its_answers_and_says_why(
    table: dict[str, dict[str, str]],
) -> None:
    found = {name: [row["3.1"], row["3.2"], row["note"]] for name, row in table.items()}
    assert found["crashes.ipynb"][:2] == ["right", "no answer"]
    assert found["crashes.ipynb"][2].startswith("cell 7: ZeroDivisionError")
    assert found["dies.ipynb"] == ["right", "no answer", "DeadKernelError"]
    assert found["never-ends.ipynb"] == ["no answer", "no answer", "CellTimeoutError"]


def test_every_file_but_hidden_ones_has_a_row(table: dict[str, dict[str, str]]) -> None:
    assert len(table) == 7
    for name in ("essay.docx", "list.ipynb"):
        assert table[name]["note"].startswith("not graded: ")
        assert table[name]["3.1"] == ""


def test_what_is_no_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"^folder must be"):
        grade(tmp_path / "missing")
