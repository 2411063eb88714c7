"""Rules that every notebook of the book obeys. Outputs are compared separately, by nbval.

`faults` lists what is wrong with a notebook; each rule is tested on a notebook that breaks it.
"""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tools.book import EXERCISE, ROOT, pages

CHAPTERS = [ROOT / "index.ipynb", *sorted((ROOT / "chapters").glob("*.ipynb"))]

COLAB = """\
import importlib.util

if importlib.util.find_spec("impbook") is None:  # as on Colab
    %pip install -q "impbook @ git+https://github.com/impbook/impbook\""""
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
DECIMAL = re.compile(r"(?<![\w.])\d+\.\d+")
RESIDUAL = re.compile(r"\d\.\d+e-1[4-8]\b")
# The only tags allowed; `nbval-skip`, `raises-exception` and similar tags would disable a check.
TAGS = {"hide-cell", "hide-input", "hide-output", "remove-cell", "remove-input"}
SWITCH = re.compile(r"(?:NBVAL|PYTEST_VALIDATE)_\w+", re.IGNORECASE)
WIDTH = 84  # number of characters that fit on one line of a page on a laptop
FOLDED = {"hide-input", "hide-cell", "remove-cell", "remove-input"}
MACHINE = re.compile(r"0x[0-9a-f]{6,}|/home/|/root/|/tmp/|/Users/|/work/|site-packages|[A-Z]:\\\\")


def faults(notebook: NotebookNode) -> list[str]:
    """A message for each fault in a notebook; the book allows only notebooks without faults."""
    cells = notebook.cells
    code = [cell for cell in cells if cell.cell_type == "code"]
    found = [f"cell {i}: {fault}" for i, cell in enumerate(code, 1) for fault in _cell_faults(cell)]
    if notebook.metadata.get("kernelspec", {}).get("name") != "python3":
        found.append("the kernel is not python3")
    if extra := set(notebook.metadata) - {"kernelspec", "language_info"}:
        found.append(f"carries metadata {sorted(extra)}, which could change how it is run")
    if not cells or cells[0].cell_type != "markdown" or not cells[0].source.startswith("# "):
        found.append("does not open with a title")
    if [cell.execution_count for cell in code] != list(range(1, len(code) + 1)):
        found.append("was not run once from top to bottom")
    if not code or ast.dump(_syntax(code[0].source)) != ast.dump(_syntax(COLAB)):
        found.append("the first code cell does not install impbook on Colab")
    elif code[0].outputs or "remove-cell" not in code[0].metadata.get("tags", []):
        found.append("the Colab cell is shown in the book")
    return found


def _cell_faults(cell: NotebookNode) -> list[str]:
    found = []
    source = cell.source.strip()
    if tags := set(cell.metadata.get("tags", [])) - TAGS:
        found.append(f"has the tags {sorted(tags)}; allowed are {sorted(TAGS)}")
    if extra := set(cell.metadata) - {"tags", "mystnb"}:
        found.append(f"carries metadata {sorted(extra)}")
    if match := SWITCH.search(source):
        found.append(f"says {match[0]}, which keeps its output from being compared")
    if not source:
        found.append("is empty")
    if source.endswith(";"):
        found.append("ends with a semicolon; end with plt.show()")
    if "glue(" in source:
        found.append("uses glue, whose output is not compared")
    tree = _syntax(source)
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    if any(isinstance(node, kinds) for node in ast.walk(tree)):
        found.append("defines a function or class, which belongs in impbook")
    shown = {kind for output in cell.outputs for kind in output.get("data", {})}
    folded = bool(FOLDED & set(cell.metadata.get("tags", [])))
    # A cell that outputs an image and HTML makes an interactive figure and need not be folded.
    if "image/png" in shown and "text/html" not in shown and not folded:
        found.append("draws and is not folded (hide-input)")
    imports = any(isinstance(node, (ast.Import, ast.ImportFrom)) for node in tree.body)
    if imports and not folded:
        found.append("imports and is not folded (hide-input)")
    if not {"remove-cell", "remove-input"} & set(cell.metadata.get("tags", [])):
        found += _width_faults(source)
    for output in cell.outputs:
        found += _width_faults(output.get("text", ""))
        if output.output_type == "error":
            found.append(f"raises {output.ename}")
        if output.get("name") == "stderr":
            found.append("writes to stderr")
        if any(kind.startswith("image/") for kind in output.get("data", {})):
            found += _figure_faults(cell)
        found += _text_faults(_text(output))
    return found


def _syntax(source: str) -> ast.Module:
    """The syntax tree of a cell in which each magic line is replaced by a string."""
    return ast.parse(re.sub(r"^( *)(%.*)$", lambda m: m[1] + repr(m[2]), source, flags=re.M))


def _figure_faults(cell: NotebookNode) -> list[str]:
    found = []
    alt = cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")
    if len(alt.split()) < 5:
        found.append(f"has a figure without alternative text that says what is seen, only {alt!r}")
    if not cell.metadata.get("mystnb", {}).get("figure", {}).get("caption", "").endswith("."):
        found.append("has a figure without a caption, a sentence that says what is shown")
    if not cell.source.rstrip().endswith("plt.show()"):
        found.append("has a figure and does not end with plt.show()")
    return found


def _width_faults(text: str) -> list[str]:
    long = [line for line in text.splitlines() if len(line) > WIDTH]
    return [f"has a line of {len(line)} > {WIDTH} characters: {line[:40]}…" for line in long]


def _text_faults(text: str) -> list[str]:
    found = []
    for number in DECIMAL.findall(text):
        if len(number.replace(".", "").lstrip("0")) > 6:
            found.append(f"prints {number}: other processors round the last digits differently")
    if match := RESIDUAL.search(text):
        found.append(f"prints a rounding error, {match[0]}")
    if match := MACHINE.search(text):
        found.append(f"prints what belongs to one machine, {match[0]!r}")
    return found


def _text(output: NotebookNode) -> str:
    data = output.get("data", {})
    return output.get("text", "") + data.get("text/plain", "") + data.get("text/html", "")


def test_every_notebook_is_in_the_book() -> None:
    notebooks = {ROOT / f"{page}.ipynb" for page, _ in pages()}
    assert {path for path in notebooks if path.exists()} == set(CHAPTERS)


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_chapter_has_no_faults(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert faults(notebook) == []


LABEL = re.compile(r"^\*\*(Exercise .*?)\*\*", re.MULTILINE)


@pytest.mark.parametrize("path", CHAPTERS[1:], ids=lambda path: path.stem)
def test_exercises_are_labelled_in_one_way_and_ask_more_and_more(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    labels = [EXERCISE.fullmatch(label) for label in LABEL.findall(text)]
    assert labels and all(labels), LABEL.findall(text)
    chapter = str(int(path.stem[:2])) if path.stem[:2].isdigit() else None
    assert {label[1] for label in labels if label} == {chapter}
    assert [int(label[2]) for label in labels if label] == list(range(1, len(labels) + 1))
    stars = [label[3] for label in labels if label]
    assert stars == sorted(stars)


@pytest.mark.parametrize("path", CHAPTERS[1:], ids=lambda path: path.stem)
def test_an_exercise_at_the_keyboard_has_one_hint(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    for exercise in text.split("**Exercise ")[1:]:
        if "t the keyboard: " in exercise:
            assert exercise.count(":::{admonition} Hint\n:class: dropdown\n") == 1, exercise[:40]


# Tests of the rules themselves


def printed(text: str, name: str = "stdout") -> NotebookNode:
    return new_output("stream", name=name, text=text)


def good() -> NotebookNode:
    figure = new_output("display_data", {"image/png": "", "text/plain": "<Figure size 640x480>"})
    described = {
        "image": {"alt": "A curve that falls from one to zero."},
        "figure": {"caption": "The error, step by step."},
    }
    cells = [
        new_markdown_cell("# A title"),
        new_code_cell(COLAB, execution_count=1, metadata={"tags": ["remove-cell"]}),
        new_code_cell(
            "print(x)", execution_count=2, outputs=[printed("0.001235 1e-10 12345678\n")]
        ),
        new_code_cell(
            "plot(x)\nplt.show()",
            execution_count=3,
            outputs=[figure],
            metadata={"tags": ["hide-input"], "mystnb": described},
        ),
    ]
    return new_notebook(cells=cells, metadata={"kernelspec": KERNEL})


def test_guard_passes_a_good_notebook() -> None:
    assert faults(good()) == []


Change = Callable[[NotebookNode], Any]


def tagged(tag: str) -> Change:
    return lambda nb: nb.cells[2].metadata.update(tags=["hide-input", tag])


def shows(text: str, name: str = "stdout") -> Change:
    return lambda nb: nb.cells[2].update(outputs=[printed(text, name)])


def runs(source: str) -> Change:
    return lambda nb: nb.cells[2].update(source=source)


BAD: list[tuple[str, Change]] = [
    ("has the tags ['nbval-skip']", tagged("nbval-skip")),
    ("has the tags ['nbval-ignore-output']", tagged("nbval-ignore-output")),
    ("has the tags ['raises-exception']", tagged("raises-exception")),
    ("has the tags ['skip-execution']", tagged("skip-execution")),
    ("carries metadata ['nbval']", lambda nb: nb.cells[2].metadata.update(nbval={})),
    ("could change how it is run", lambda nb: nb.metadata.update(mystnb={"execution_mode": "off"})),
    ("says NBVAL_IGNORE_OUTPUT", runs("# NBVAL_IGNORE_OUTPUT\nprint(x)")),
    ("says NBVAL_SKIP", runs("print(x)  # NBVAL_SKIP")),
    ("says NBVAL_RAISES_EXCEPTION", runs("#NBVAL_RAISES_EXCEPTION\n1 / 0")),
    ("says PYTEST_VALIDATE_IGNORE_OUTPUT", runs("#PYTEST_VALIDATE_IGNORE_OUTPUT\nprint(x)")),
    ("not run", lambda nb: nb.cells[3].update(execution_count=None)),
    ("not run", lambda nb: nb.cells[3].update(execution_count=7)),
    (
        "raises ValueError",
        lambda nb: nb.cells[2].outputs.append(
            new_output("error", ename="ValueError", evalue="", traceback=[])
        ),
    ),
    ("stderr", shows("a warning", "stderr")),
    ("semicolon", runs("plot(x);")),
    ("is empty", runs("  ")),
    ("glue", runs("glue('x', 1)")),
    ("defines a function", runs("def f(x):\n    return x")),
    ("defines a function", runs("if True:\n    class A:\n        pass")),
    ("without alternative text", lambda nb: nb.cells[3].metadata.clear()),
    ("without alternative text", lambda nb: nb.cells[3].metadata.mystnb.image.update(alt="plot")),
    ("without a caption", lambda nb: nb.cells[3].metadata.mystnb.pop("figure")),
    ("end with plt.show()", lambda nb: nb.cells[3].update(source="plot(x)")),
    ("draws and is not folded", lambda nb: nb.cells[3].metadata.pop("tags")),
    ("imports and is not folded", runs("import numpy as np\nprint(x)")),
    ("a line of 85", runs("x = 1\n" + "x" * 85)),
    ("a line of 85", shows("1\n" + "x" * 85)),
    ("kernel", lambda nb: nb.metadata.kernelspec.update(name="venv")),
    ("title", lambda nb: nb.cells[0].update(source="Some text")),
    ("Colab", lambda nb: nb.cells.pop(1)),
    ("Colab", lambda nb: nb.cells[1].update(source="import impbook")),
    ("Colab cell is shown", lambda nb: nb.cells[1].metadata.clear()),
    ("round the last digits", shows("[0.12345678 1.]")),
    ("round the last digits", shows("x = 123.45678")),
    ("rounding error", shows("residual 2.22e-16")),
    ("one machine", shows("<function f at 0x7f3a5c1e2d30>")),
    ("one machine", shows("/home/someone/impbook/flow.py")),
]


@pytest.mark.parametrize(("fault", "change"), BAD)
def test_guard_finds_each_fault(fault: str, change: Change) -> None:
    notebook = copy.deepcopy(good())
    change(notebook)
    assert any(fault in found for found in faults(notebook)), faults(notebook)
