"""Plain notebooks have the book's formulas and code but no MyST; worksheets have no solutions."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode

from impbook_coursework import answer, problem
from tools import plain
from tools.book import ROOT

PAGES = sorted([ROOT / "index.ipynb", *ROOT.glob("chapters/*.ipynb")])
CHAPTERS = [path for path in PAGES if path.stem[0].isdigit()]

CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
MYST = re.compile(r":::|\{[\w:-]+\}`|```\{|^\([\w.-]+\)=|^:\w+:", re.MULTILINE)
INCLUDE = re.compile(r"^```\{include\} (\S+)\n```$", re.MULTILINE)
MATH = re.compile(r"\$\$.*?\$\$|\$[^$\n]+(?:\n[^$\n]+)*\$", re.DOTALL)


def markdown(notebook: NotebookNode) -> str:
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_no_myst_is_left_outside_code(path: Path) -> None:
    notebook = plain.converted(path)
    nbformat.validate(notebook)
    assert MYST.findall(markdown(notebook)) == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_formulas_and_code_are_untouched(path: Path) -> None:
    before, after = nbformat.read(path, 4), plain.converted(path)
    codes = [
        [(cell.source, cell.outputs) for cell in notebook.cells if cell.cell_type == "code"]
        for notebook in (before, after)
    ]
    assert codes[0] == codes[1]
    whole = INCLUDE.sub(lambda m: (path.parent / m[1]).read_text("utf-8"), markdown(before))
    assert MATH.findall(whole) == MATH.findall(markdown(after))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_links_lead_to_pages_there_are(path: Path) -> None:
    text = CODE.sub("", markdown(plain.converted(path)))
    for link in re.findall(r"\]\(([^)\s]*)\)", text):
        if not link.startswith(plain.SITE):
            assert link.startswith("http"), link
            continue
        stem = link.removeprefix(plain.SITE + "/").partition("#")[0].removesuffix(".html")
        assert any((ROOT / f"{stem}{end}").is_file() for end in (".md", ".ipynb")), link


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_worksheet_has_every_exercise_and_no_solution(path: Path) -> None:
    sheet = plain.worksheet(path)
    nbformat.validate(sheet)
    text, source = markdown(sheet), markdown(nbformat.read(path, 4))
    assert text.count("**Exercise ") == source.count("**Exercise ") > 0
    assert "Solution" not in text and "## What to read next" in text
    after = text[text.index("## Exercises") :]
    assert "<details>" not in after
    tail = sheet.cells[next(i for i, c in enumerate(sheet.cells) if "## Exercises" in c.source) :]
    assert not any(cell.get("outputs") for cell in tail)


def test_a_worksheet_runs_to_its_end_with_its_gaps_open(tmp_path: Path) -> None:
    sheet = plain.worksheet(ROOT / "chapters/12-geometry.ipynb")
    resources = {"metadata": {"path": tmp_path}}
    # What `print` writes arrives in two pieces: the text and the end of the line.
    NotebookClient(sheet, timeout=120, coalesce_streams=True, resources=resources).execute()
    gaps = [cell for cell in sheet.cells if "value = ..." in cell.source]
    assert [cell.outputs[0].text for cell in gaps] == ["not yet\n"] * 2


def handed_in(path: Path, seed: int, respond: Callable[[str], Any]) -> str:
    """The output of a worksheet once the gaps under "To hand in" are filled in."""
    printed: list[str] = []
    known: dict[str, Any] = {"print": printed.append}
    for cell in plain.problems(path):
        if cell.cell_type == "code":
            name = re.search(r'check\("([\d.]+)"', cell.source)
            source = cell.source.replace("seed = 0", f"seed = {seed}")
            if name:
                source = source.replace("value = ...", f"value = {respond(name[1])}")
            exec(source, known)
    return "\n".join(printed)


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_worksheet_asks_the_students_own_problems_and_checks_the_answers(path: Path) -> None:
    names = plain.numbers(path)
    assert len(names) == 2
    right = handed_in(path, 7, lambda name: answer(name, seed=7))
    assert right == "\n".join(f"{problem(name, seed=7)}\nright" for name in names)
    assert "right" not in handed_in(path, 7, lambda name: None).split("\n")


def test_binder_gets_plain_notebooks_in_place_and_worksheets(tmp_path: Path) -> None:
    for name in ("chapters", "benchmarks", "tools", "impbook", "impbook_coursework"):
        ignore = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, tmp_path / name, ignore=ignore)
    for name in ("index.ipynb", "pyproject.toml", "postBuild", "_toc.yml"):
        shutil.copy(ROOT / name, tmp_path)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    subprocess.run(["./postBuild"], cwd=tmp_path, env=os.environ | {"PATH": path}, check=True)
    for notebook in tmp_path.glob("chapters/*.ipynb"):
        assert MYST.findall(markdown(nbformat.read(notebook, 4))) == [], notebook.name
    sheets = [sheet.name for sheet in tmp_path.glob("worksheets/*.ipynb")]
    assert sorted(sheets) == [path.name for path in CHAPTERS]


def test_teachers_get_solutions_and_the_answers_of_every_student() -> None:
    path = ROOT / "chapters/03-example-2.ipynb"
    notebook, lines = plain.answers(path), list[Any]()
    assert "<summary><b>Solution</b></summary>" in markdown(notebook)
    exec(notebook.cells[-1].source, {"print": lambda *answers, sep: lines.append(answers)})
    assert [line[0] for line in lines] == list(range(1, 31))
    assert lines[4] == (5, f"{answer('3.1', seed=5):.4g}", answer("3.2", seed=5))
