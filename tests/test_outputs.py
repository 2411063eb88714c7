"""The chapters as the book ran them, against the outputs that are committed.

Needs `make book`, which leaves them in _build. Without it the tests are skipped, except where CI is
set.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import nbformat
import pytest

ROOT = Path(__file__).parent.parent
RUN = ROOT / "_build/jupyter_execute/chapters"
CHAPTERS = sorted((ROOT / "chapters").glob("*.ipynb"))
PIXELS = ("image/png", "image/jpeg")  # differ from one Matplotlib to the next


def outputs(path: Path) -> dict[str, list[dict[str, Any]]]:
    """What each cell shows, but for pixels."""
    shown = {}
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            shown[cell.id] = [
                {k: v for k, v in output.items() if k not in ("data", "metadata")}
                | {k: v for k, v in output.get("data", {}).items() if k not in PIXELS}
                for output in cell.outputs
            ]
    return shown


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_a_chapter_gives_its_outputs_again(chapter: Path) -> None:
    if not RUN.is_dir():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("run make book first")
    assert outputs(RUN / chapter.name) == outputs(chapter)
