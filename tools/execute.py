"""Run notebooks in place, keeping nothing that changes from run to run: no times, no versions.

python -m tools.execute chapters/*.ipynb

A figure that comes out the same but for a rounded colour, as on another processor, is left as it
was: where nothing is new, the files stay as they are.
"""

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

from tools.same_figure import same

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def execute(path: Path) -> None:
    """Run a notebook where it stands."""
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
    """The data of the outputs of a cell that are PNGs."""
    data = (output.get("data", {}) for output in cell.get("outputs", []))
    return [shown for shown in data if "image/png" in shown]


if __name__ == "__main__":
    for path in map(Path, sys.argv[1:]):
        print(path, flush=True)
        execute(path)
