"""A chapter finds its stored data even if its notebook runs outside the repository."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from impbook_figures import data_file as module
from impbook_figures.data_file import data_file
from tools.book import ROOT


def test_a_stored_file_is_read_where_it_is_and_fetched_where_it_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fetched(address: str) -> tuple[str, None]:
        return str(ROOT / "chapters" / address.removeprefix(f"{module.CHAPTERS}/")), None

    monkeypatch.setattr(module, "urlretrieve", fetched)
    monkeypatch.chdir(ROOT / "chapters")
    assert data_file("hub.csv") == Path("data/hub.csv")
    monkeypatch.chdir(tmp_path)
    assert data_file("hub.csv").read_bytes() == (ROOT / "chapters/data/hub.csv").read_bytes()


def test_no_chapter_reads_a_stored_file_in_another_way() -> None:
    users = 0
    for path in sorted(ROOT.glob("chapters/*.ipynb")):
        cells = nbformat.read(path, as_version=4).cells
        code = [cell.source for cell in cells if cell.cell_type == "code"]
        assert not any("data/" in source for source in code), path
        users += any("data_file(" in source for source in code)
    assert users > 3
