"""The outputs from building the book equal the committed outputs.

Needs `make book`, which leaves its outputs in _build. Without these outputs the comparison is
skipped, but in continuous integration it fails. The tests of the comparison itself need no book.
"""

from __future__ import annotations

import base64
import copy
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest
from browsing import give_up
from matplotlib.figure import Figure
from matplotlib.image import imread, imsave
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook, new_output
from test_notebooks import CHAPTERS

from tools import execute
from tools.book import ROOT
from tools.same_figure import difference, same

RUN = ROOT / "_build/jupyter_execute"
# Chapter and cell of each figure that shows rounding errors. The errors depend on the processor, so
# only the size of the image is compared; the preceding cell prints whether they are small.
ROUNDING = {("18-engine", "cell-08")}
Output = dict[str, Any]


def outputs(notebook: NotebookNode) -> dict[str, list[Output]]:
    """The outputs of each code cell; the keys are the ids of the cells."""
    return {
        cell.id: [
            {k: v for k, v in output.items() if k not in ("data", "metadata")}
            | dict(output.get("data", {}))
            for output in cell.outputs
        ]
        for cell in notebook.cells
        if cell.cell_type == "code"
    }


def stale(run: NotebookNode, committed: NotebookNode, chapter: str = "") -> list[str]:
    """Cells whose committed outputs differ from those of the run."""
    now, then = outputs(run), outputs(committed)
    alike = {cell: same_size if (chapter, cell) in ROUNDING else same for cell in now | then}
    return [cell for cell in alike if not _agree(now.get(cell), then.get(cell), alike[cell])]


Alike = Callable[[str, str], bool]


def same_size(one: str, other: str) -> bool:
    return difference(one, other) < np.inf


def _agree(now: list[Output] | None, then: list[Output] | None, alike: Alike) -> bool:
    if now is None or then is None or len(now) != len(then):
        return False
    return all(_same_output(a, b, alike) for a, b in zip(now, then, strict=True))


def _same_output(now: Output, then: Output, alike: Alike) -> bool:
    if now.keys() != then.keys():
        return False
    return all(alike(now[k], then[k]) if k == "image/png" else now[k] == then[k] for k in now)


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_a_chapter_gives_its_outputs_again(chapter: Path) -> None:
    if not RUN.is_dir():
        give_up("run make book first")
    run = nbformat.read(RUN / chapter.relative_to(ROOT), as_version=4)
    assert stale(run, nbformat.read(chapter, as_version=4), chapter.stem) == []


@pytest.mark.parametrize(("chapter", "cell"), ROUNDING)
def test_of_figures_of_rounding_errors_only_the_curves_are_free(chapter: str, cell: str) -> None:
    committed = nbformat.read(ROOT / f"chapters/{chapter}.ipynb", as_version=4)
    (shown_,) = outputs(committed)[cell]
    assert shown_.keys() == {"output_type", "image/png", "text/plain"}

    def found(**changes: str) -> list[str]:
        other = copy.deepcopy(committed)
        next(c for c in other.cells if c.id == cell).outputs[0].data.update(changes)
        return stale(other, committed, chapter)

    picture = imread(io.BytesIO(base64.b64decode(shown_["image/png"])), format="png")
    assert found(**{"image/png": encoded(picture[::-1])}) == []
    assert found(**{"image/png": encoded(picture[1:])}) == [cell]
    assert found(**{"text/plain": "<Axes>"}) == [cell]


def encoded(picture: np.ndarray) -> str:
    file = io.BytesIO()
    imsave(file, picture)
    return base64.b64encode(file.getvalue()).decode()


# Tests of the comparison


def figure(y: np.ndarray, label: str = "p = 40", colour: str = "#0072b2") -> str:
    drawing = Figure(figsize=(5, 3))
    axes = drawing.add_subplot()
    axes.plot(y, "o-", ms=3, color=colour)
    axes.text(0.5, 0.9, label, transform=axes.transAxes)
    file = io.BytesIO()
    drawing.savefig(file, format="png")
    return base64.b64encode(file.getvalue()).decode()


def shown(png: str) -> NotebookNode:
    output = new_output("display_data", {"image/png": png, "text/plain": "<Figure>"})
    return new_notebook(cells=[new_code_cell("plot()", id="drawing", outputs=[output])])


WAVE = np.cos(np.arange(20) / 4)


def moved(by: float) -> np.ndarray:
    return np.where(np.arange(20) == 7, WAVE + by, WAVE)


@pytest.mark.parametrize("by", [0, 1e-12, -1e-9])
def test_a_figure_may_differ_by_rounding(by: float) -> None:
    assert stale(shown(figure(moved(by))), shown(figure(WAVE))) == []
    assert stale(shown(figure(WAVE, colour="#0173b2")), shown(figure(WAVE))) == []


@pytest.mark.parametrize(
    "other",
    [
        figure(moved(0.02)),  # one point moved by a hundredth of the axis
        figure(moved(-0.01)),
        figure(1.01 * WAVE),
        figure(WAVE[:-1]),
        figure(WAVE, "p = 41"),
        figure(WAVE, colour="#d55e00"),
    ],
)
def test_a_stale_figure_is_found(other: str) -> None:
    assert stale(shown(figure(WAVE)), shown(other)) == ["drawing"]


Change = Callable[[NotebookNode], Any]


@pytest.mark.parametrize(
    "change",
    [
        lambda nb: nb.cells.clear(),
        lambda nb: nb.cells[0].update(id="another"),
        lambda nb: nb.cells[0].outputs.clear(),
        lambda nb: nb.cells[0].outputs.append(new_output("stream", text="True\n")),
        lambda nb: nb.cells[0].outputs[0].data.pop("image/png"),
        lambda nb: nb.cells[0].outputs[0].data.update({"text/plain": "<Axes>"}),
    ],
)
def test_whatever_else_a_cell_shows_is_compared(change: Change) -> None:
    notebook = shown(figure(WAVE))
    change(notebook)
    assert stale(shown(figure(WAVE)), notebook) != []


# Tests of `make execute`


def written(path: Path, colour: str) -> Path:
    """Write a notebook that draws a figure and prints text."""
    draw = f"import matplotlib.pyplot as plt\nplt.plot([1, 3, 2], color='{colour}')\nplt.show()"
    cells = [new_code_cell(draw, id="drawing"), new_code_cell("print(2 > 1)", id="law")]
    nbformat.write(new_notebook(cells=cells), path)
    return path


def test_executing_again_changes_nothing(tmp_path: Path) -> None:
    path = written(tmp_path / "notebook.ipynb", "#0072b2")
    execute.execute(path)
    once = path.read_bytes()
    assert b"image/png" in once and b"True" in once
    execute.execute(path)
    assert path.read_bytes() == once


@pytest.mark.parametrize(("colour", "kept"), [("#0173b2", True), ("#d55e00", False)])
def test_executing_keeps_a_figure_that_only_rounds_otherwise(
    tmp_path: Path, colour: str, kept: bool
) -> None:
    path = written(tmp_path / "notebook.ipynb", "#0072b2")
    execute.execute(path)
    before = path.read_text("utf-8")
    path.write_text(before.replace("#0072b2", colour), "utf-8")
    execute.execute(path)
    assert (path.read_text("utf-8").replace(colour, "#0072b2") == before) is kept
