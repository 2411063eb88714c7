"""Plain notebooks: no MyST left, formulas as they were; worksheets without solutions."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode

ROOT = Path(__file__).parent.parent
PLAIN = runpy.run_path(str(ROOT / ".ci/plain.py"))
SOURCES = PLAIN["Sources"]()
PAGES = sorted([ROOT / "index.ipynb", *ROOT.glob("chapters/*.ipynb")])
CHAPTERS = [path for path in PAGES if path.stem[0].isdigit()]

CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
MYST = re.compile(r":::|\{[\w:-]+\}`|```\{|^\([\w.-]+\)=|^:\w+:", re.MULTILINE)
MATH = re.compile(r"\$\$.*?\$\$|\$[^$\n]+(?:\n[^$\n]+)*\$", re.DOTALL)


def markdown(notebook: NotebookNode) -> str:
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_no_myst_is_left_outside_code(path: Path) -> None:
    notebook = PLAIN["converted"](path, SOURCES)
    nbformat.validate(notebook)
    assert MYST.findall(markdown(notebook)) == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_formulas_and_code_are_untouched(path: Path) -> None:
    before, after = nbformat.read(path, 4), PLAIN["converted"](path, SOURCES)
    code = [cell for cell in before.cells if cell.cell_type == "code"]
    assert code == [cell for cell in after.cells if cell.cell_type == "code"]
    assert MATH.findall(markdown(before)) == MATH.findall(markdown(after))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_links_lead_to_pages_there_are(path: Path) -> None:
    text = CODE.sub("", markdown(PLAIN["converted"](path, SOURCES)))
    for link in re.findall(r"\]\(([^)\s]*)\)", text):
        if not link.startswith(PLAIN["SITE"]):
            assert link.startswith("http"), link
            continue
        stem = link.removeprefix(PLAIN["SITE"] + "/").partition("#")[0].removesuffix(".html")
        assert any((ROOT / f"{stem}{end}").is_file() for end in (".md", ".ipynb")), link


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_worksheet_has_every_exercise_and_no_solution(path: Path) -> None:
    sheet = PLAIN["worksheet"](path, SOURCES)
    nbformat.validate(sheet)
    text, source = markdown(sheet), markdown(nbformat.read(path, 4))
    assert text.count("**Exercise ") == source.count("**Exercise ") > 0
    assert "Solution" not in text and "## What to read next" in text
    after = text[text.index("## Exercises") :]
    assert "<details>" not in after
    tail = sheet.cells[next(i for i, c in enumerate(sheet.cells) if "## Exercises" in c.source) :]
    assert not any(cell.get("outputs") for cell in tail)


def test_a_worksheet_runs_to_its_first_gap() -> None:
    sheet = PLAIN["worksheet"](ROOT / "chapters/05-nullspace.ipynb", SOURCES)
    gap = next(i for i, cell in enumerate(sheet.cells) if "seed = ..." in cell.source)
    client = NotebookClient(sheet, timeout=120, resources={"metadata": {"path": ROOT}})
    with pytest.raises(CellExecutionError, match="seed must be"):
        client.execute()
    reached = [i for i, cell in enumerate(sheet.cells) if cell.get("execution_count")]
    assert max(reached) == gap + 1


def test_teachers_get_solutions_and_the_answers_of_every_student() -> None:
    path = ROOT / "chapters/03-example-2.ipynb"
    notebook = PLAIN["answers"](path, SOURCES)
    assert "<summary><b>Solution</b></summary>" in markdown(notebook)
    assert "answer(k, seed=seed)" in notebook.cells[-1].source
