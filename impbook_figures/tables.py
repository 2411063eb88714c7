"""Tables of the book: HTML for the page, and aligned text for comparing outputs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any


class Table:
    """A table, made by `as_table`, that can be shown as HTML or as text."""

    def __init__(self, header: Sequence[str], rows: Sequence[Sequence[str]], words: list[bool]):
        self.header, self.rows, self.words = header, rows, words

    def __repr__(self) -> str:
        lines = [self.header, *self.rows]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        return "\n".join(
            "  ".join(
                cell.ljust(width) if words else cell.rjust(width)
                for cell, width, words in zip(line, widths, self.words, strict=True)
            ).rstrip()
            for line in lines
        )

    def _repr_html_(self) -> str:
        head = self._line("th scope='col'", self.header)
        body = "\n".join(self._line("td", row) for row in self.rows)
        return f"<table class='cells'>\n<thead>{head}</thead>\n<tbody>\n{body}\n</tbody>\n</table>"

    def _line(self, tag: str, cells: Sequence[str]) -> str:
        kinds = [tag + " class='words'" * words for words in self.words]
        shown = zip(kinds, map(escape, cells), strict=True)
        return f"<tr>{''.join(f'<{kind}>{cell}</{tag[:2]}>' for kind, cell in shown)}</tr>"


def as_table(columns: Mapping[str, str], rows: Iterable[Sequence[Any]]) -> Table:
    """A table with these rows; `columns` maps the name of each column to a format such as ".3f".

    A pair of numbers is shown as an interval, and None or NaN as a dash.
    """
    values = [list(row) for row in rows]
    cells = [
        [_shown(value, form) for value, form in zip(row, columns.values(), strict=True)]
        for row in values
    ]
    words = [any(isinstance(v, str) for v in column) for column in zip(*values, strict=True)]
    return Table(list(columns), cells, words)


def _shown(value: Any, form: str) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, tuple):
        return f"[{', '.join(_shown(end, form) for end in value)}]"
    return "—" if value is None or value != value else format(value, form)
