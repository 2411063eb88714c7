"""Pages show a table as HTML, and tests compare it as text; both have the same cells."""

from __future__ import annotations

import re
from html import unescape

import numpy as np
import pytest

from impbook_figures.tables import as_table

ROWS = [
    ("two-stage", 5, 0.7312, (0.1, np.float64(0.25))),
    ("a < b & c", 1000, np.nan, (0, 1)),
]
SHOWN = as_table({"version": "", "p": "", "n": ".2f", "95% interval": ".3f"}, ROWS)


def test_text_is_aligned_by_columns() -> None:
    assert repr(SHOWN).splitlines() == [
        "version       p     n    95% interval",
        "two-stage     5  0.73  [0.100, 0.250]",
        "a < b & c  1000     —  [0.000, 1.000]",
    ]


def test_html_holds_the_cells_of_the_text() -> None:
    html = SHOWN._repr_html_()
    for row, line in zip(html.split("<tr>")[1:], repr(SHOWN).splitlines(), strict=True):
        cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)
        assert list(map(unescape, cells)) == re.split(r"  +", line)
    assert html.count("class='words'") == 3  # names are left-aligned, numbers right-aligned


def test_none_is_a_dash() -> None:
    assert repr(as_table({"a": ""}, [(None,), (True,)])).split() == ["a", "—", "True"]


@pytest.mark.parametrize("row", [(1,), (1, 2, 3)])
def test_rows_have_a_cell_for_each_column(row: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="zip"):
        as_table({"a": "", "b": ""}, [row])
