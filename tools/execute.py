"""Run notebooks in place, without storing run times or the version of Python.

python -m tools.execute chapters/*.ipynb

On another processor the colours in a figure can be rounded differently. A figure that differs only
in this way is left unchanged, so that a run without new results changes no file.
"""

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

from tools.same_figure import same

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def execute(path: Path) -> None:
    """Run a notebook in its own folder."""
    notebook = nbformat.read(path, as_version=4)
    before = {cell.id: pictures(cell) for cell in notebook.cells}
    NotebookClient(
        notebook,
        timeout=300,
        record_timing=False,
        coalesce_streams=True,
        resources={"metadata": {"path": path.parent}},
    ).execute()
    notebook.metadata = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        for new, old in zip(pictures(cell), before[cell.id], strict=False):
            if same(new["image/png"], old["image/png"]):
                new["image/png"] = old["image/png"]
    nbformat.write(notebook, path)


def pictures(cell: NotebookNode) -> list[NotebookNode]:
    """The data of a cell's PNG outputs."""
    data = (output.get("data", {}) for output in cell.get("outputs", []))
    return [shown for shown in data if "image/png" in shown]


if __name__ == "__main__":
    for path in map(Path, sys.argv[1:]):
        print(path, flush=True)
        execute(path)
