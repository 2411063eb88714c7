"""Grade a class: read a folder of worksheets, and print a table of the results.

    python -m impbook_coursework.grading handed-in > grades.csv

Every notebook is run on this machine, in a temporary folder. Because this executes students' code,
use a container without network access. The answer to a problem is the value that the student passes
to `check`, and the grader checks it again. If a file causes an error, its row in the table says so.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from numbers import Real
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nbformat
from IPython.display import display
from nbclient import execute
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

import impbook_coursework
from impbook_coursework import check

ANSWER = "application/vnd.impbook.answer"
CHECK = re.compile(r"""check\(\s*["'](\d+\.\d+)["']""")


def report_answers() -> None:
    """Make `check` in the student's kernel also report its arguments to the grader."""

    def reported(name: str, *, seed: int, value: Any) -> str:
        found = check(name, seed=seed, value=value)
        given = [name, int(seed), json.loads(json.dumps(value, default=plain))]
        display({ANSWER: json.dumps(given)}, raw=True)
        return found

    impbook_coursework.check = reported


def plain(value: Any) -> Any:
    """An array or a number in a form that JSON can store; None for anything else."""
    if hasattr(value, "tolist"):
        return value.tolist()
    return float(value) if isinstance(value, Real) else None


def grade(folder: Path | str, *, timeout: float = 120) -> list[dict[str, str]]:
    """One row per file: the student's number, the result of each problem, and the first error.

    Parameters
    ----------
    folder : path
        Folder of the notebooks handed in. Its subfolders are searched too.
    timeout : float
        Seconds allowed for each cell. If a cell takes longer, its notebook is stopped.

    Returns
    -------
    list of dict
        Each row has the keys "file", "number" (the student's number) and "note" (the first error,
        if any). For each problem in the worksheet, it also has a key such as "3.1", with the value
        "right", "not yet" or "no answer".

    Raises
    ------
    ValueError
        If folder is not an existing folder.
    """
    if not Path(folder).is_dir():
        raise ValueError(f"folder must be an existing folder of notebooks, got {str(folder)!r}")
    files = (path.relative_to(folder) for path in sorted(Path(folder).rglob("*")) if path.is_file())
    seen = [name for name in files if not any(part.startswith(".") for part in name.parts)]
    return [{"file": str(name), **graded(Path(folder) / name, timeout)} for name in seen]


def graded(path: Path, timeout: float) -> dict[str, str]:
    """The table's row for one file; no file, however broken, may stop the grading of the others."""
    try:
        return marked(nbformat.read(path, as_version=4), timeout)
    except Exception as error:
        return {"number": "", "note": f"not graded: {type(error).__name__}"}


def marked(notebook: NotebookNode, timeout: float) -> dict[str, str]:
    """The table's row for a notebook, once its file has been read."""
    asked = CHECK.findall("\n".join(c.source for c in notebook.cells if c.cell_type == "code"))
    row = {"note": run(notebook, timeout)} | dict.fromkeys(asked, "no answer")
    given = answers(notebook)
    row["number"] = " ".join(dict.fromkeys(str(seed) for _, seed, _ in given))
    for name, seed, value in given:
        row[name] = "no answer" if value is None else check(name, seed=seed, value=value)
    return row


def run(notebook: NotebookNode, timeout: float) -> str:
    """Execute every cell, even after an error; return the first error, or "" if there is none."""
    start = "from impbook_coursework.grading import report_answers\nreport_answers()"
    notebook.cells.insert(0, nbformat.v4.new_code_cell(start))
    options = {"kernel_name": "python3", "allow_errors": True, "shutdown_kernel": "immediate"}
    with TemporaryDirectory() as folder:
        try:
            execute(notebook, folder, timeout=timeout, **options)
        except (CellTimeoutError, DeadKernelError) as error:
            return type(error).__name__
    for number, cell in enumerate(notebook.cells):
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                return f"cell {number}: {output.ename}: {output.evalue}".partition("\n")[0]
    return ""


def answers(notebook: NotebookNode) -> list[Any]:
    """One list [problem, number, value] for each call of `check`, in the order of the calls."""
    outputs = (output for cell in notebook.cells for output in cell.get("outputs", []))
    given = (output["data"].get(ANSWER) for output in outputs if "data" in output)
    return [json.loads(text) for text in given if text]


def write(rows: list[dict[str, str]]) -> None:
    """Print the table as CSV.

    An empty cell in a problem's column means that the file does not contain the problem.
    """
    names = {name for row in rows for name in row if "." in name}
    problems = sorted(names, key=lambda name: [int(part) for part in name.split(".")])
    columns = ["file", "number", *problems, "note"]
    table = csv.DictWriter(sys.stdout, columns, lineterminator="\n")
    table.writeheader()
    table.writerows(rows)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    write(grade(sys.argv[1]))
