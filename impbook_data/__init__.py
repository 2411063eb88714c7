"""A table as people keep it, made fit to prune: what was found in each column, and what was done.

For the page "Prune your own data". Needs pandas.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

MISSING = {"", "?", "-", "--", ".", "na", "n/a", "nan", "none", "null", "k. a.", "k.a."}
SIGNS = re.compile(r"[$€£¥%'\s]")  # currency, percent, and what parts thousands
NUMBER = re.compile(r"[+-]?((\d+|\d{1,3}(,\d{3})+)(\.\d*)?|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)
DATE = re.compile(r"\d{1,4}([-./])\d{1,2}\1\d{1,4}([ T]\d.*)?")
CODE = re.compile(r"0\d+")
IDENTIFIER = re.compile(r"(.*[\W_])?(id|nr|no|key|uuid|index|unnamed.*)", re.IGNORECASE)
TOTAL = re.compile(r"(grand )?total|sum|mean|average|summe|gesamt", re.IGNORECASE)
MOST = 0.9  # fraction of the entries that makes a column of text one of numbers, or of dates
MOST_WORDS = 20  # with more, a column of zeros and ones for each would be as many features
LEFT_OUT, READ = "left out", "read"
Column = Any  # a Series
Table = Any  # a DataFrame


def read_table(file: Any) -> Table:
    """A file of comma-separated values as text, whatever separates them.

    Parameters
    ----------
    file : str, path or file
        In UTF-8 or, as older spreadsheets write it, in Windows-1252. The first line has the names.

    Returns
    -------
    DataFrame
        Every entry as text, as it stands; `tidy` finds the numbers.

    Raises
    ------
    ValueError
        If the first line has one name only.

    Examples
    --------
    >>> from io import StringIO
    >>> read_table(StringIO("size;price\\n138,3;246.032,70\\n")).loc[0].tolist()
    ['138,3', '246.032,70']
    """
    data: Any = file.read() if hasattr(file, "read") else Path(file).read_bytes()
    if isinstance(data, bytes):
        try:
            data = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            data = data.decode("cp1252")
    header = data.partition("\n")[0]
    separator = max(",;\t|", key=header.count)
    if separator not in header:
        raise ValueError(f"file must have names parted by , ; tab or | in its first line: {header}")
    return pd.read_csv(StringIO(data), sep=separator, dtype=str, keep_default_na=False)


def tidy(table: Table, target: str, *, keep: Collection[str] = ()) -> tuple[Table, Table]:
    """The columns that can be pruned, as numbers and short lists of words, and what was done.

    Parameters
    ----------
    table : DataFrame
        As from `read_table`, or with dtypes.
    target : str
        Name of the column to predict.
    keep : collection of str, optional
        Columns to take as they are: sentinels and identifiers stay, and so do many words.

    Returns
    -------
    tidied : DataFrame
        Columns of doubles and of words, NaN where an entry is missing; rows that have a target.
    notes : DataFrame
        For each column about which there is something to say: ``column``, ``found``, ``done``.

    Raises
    ------
    TypeError, ValueError
        If table is not a DataFrame with distinct names, target or keep is not among them, or the
        target is not a number, or always the same.

    Notes
    -----
    Left out are columns that are empty or constant, dates, texts of more than 20 different words,
    copies, and whole numbers that differ in every row and are sorted, consecutive or called an id.
    Text is a number if nine in ten of its entries are, less signs of currency and percent; a comma
    is decimal if it must be so in some column of the table. A sentinel is -999 and its like, 99 and
    longer, further from all other values than these are from each other. It counts as missing.

    Examples
    --------
    >>> table = pd.DataFrame({"id": range(12), "cost": ["$1,200", "?", "$900"] * 4, "y": range(12)})
    >>> tidied, notes = tidy(table.assign(y=[3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8]), "y")
    >>> tidied["cost"].head(3).tolist()
    [1200.0, nan, 900.0]
    >>> print(notes.to_string(index=False))
    column                                  found     done
        id whole numbers, a different one each row left out
      cost numbers as text with $, 4 of ? missing     read
    """
    if not isinstance(table, pd.DataFrame) or not table.columns.is_unique:
        raise TypeError(f"table must be a DataFrame with distinct names, got {type(table)}")
    for argument, names in (("target", [target]), ("keep", keep)):
        if strange := [name for name in names if name not in table.columns]:
            raise ValueError(f"{argument} must be among {list(table.columns)}, got {strange[0]!r}")
    columns: dict[str, Column] = {}
    notes = []
    if any(TOTAL.fullmatch(str(entry).strip()) for entry in table.tail(1).to_numpy().ravel()):
        table = table.iloc[:-1]
        notes.append(("", "last row of totals", LEFT_OUT))
    comma = any(_needs_comma(table[name]) for name in table.select_dtypes(exclude="number"))
    for name in table.columns:
        values, found = _read(table[name], comma)
        done = READ
        if name not in keep and (sentinels := _sentinels(values)):
            hit = values.isin(sentinels)
            shown = ", ".join(f"{value:g}" for value in sentinels)
            found = f"{found}, {hit.sum()} of {shown}, far from the rest".removeprefix(", ")
            values, done = values.mask(hit), "taken for missing"
        if name == target:
            _check_target(values)
            if missing := int(values.isna().sum()):
                found = f"{found}, {missing} missing".removeprefix(", ")
                done = f"{missing} rows left out"
        elif name not in keep:
            found, done = _useless(name, values, columns) or (found, done)
        if found:
            notes.append((name, found, done))
        if not done.startswith(LEFT_OUT):
            columns[name] = values
    tidied = pd.DataFrame(columns).dropna(subset=[target])
    return tidied, pd.DataFrame(notes, columns=["column", "found", "done"])


def _read(column: Column, comma: bool) -> tuple[Column, str]:
    """The column as doubles, or as words if it holds no numbers, and what was unusual."""
    if pd.api.types.is_numeric_dtype(column):
        numbers = column.astype(float)
        infinite = np.isinf(numbers)
        found = f"{infinite.sum()} infinite, taken for missing" if infinite.any() else ""
        return numbers.mask(infinite), found
    text, blank = _text(column)
    numbers = _numbers(text, comma)
    if not _mostly(numbers.notna(), ~blank) or text.str.fullmatch(CODE).any():
        return text.mask(blank), ""
    odd = text[numbers.isna() & text.notna() & (text != "")]
    signs = sorted({sign for entry in text.dropna() for sign in SIGNS.findall(entry)} - {*" \t"})
    found = f" with {' '.join(signs)}" if signs else ""
    found += ", decimal comma" if comma and text.str.contains(",", na=False).any() else ""
    found += f", {len(odd)} of {', '.join(odd.unique()[:3])} missing" if len(odd) else ""
    return numbers, f"numbers as text{found}" if found else ""


def _text(column: Column) -> tuple[Column, Column]:
    """The entries as text, and which of them say that they are missing."""
    text = column.astype(object).map(lambda entry: str(entry).strip(), na_action="ignore")
    return text, text.isna() | text.str.lower().isin(MISSING)


def _mostly(these: Column, of: Column) -> bool:
    return bool(of.any()) and bool((these & of).sum() >= MOST * of.sum())


def _numbers(text: Column, comma: bool) -> Column:
    """The numbers in entries of text, NaN for what is none."""
    bare = text.str.replace(SIGNS, "", regex=True).str.replace("−", "-")
    if comma:
        bare = bare.str.translate({ord(","): ".", ord("."): ","})
    bare = bare.where(bare.str.fullmatch(NUMBER).eq(True))
    return bare.str.replace(",", "").astype(float)


def _needs_comma(column: Column) -> bool:
    """Whether a column has numbers only if a comma is decimal."""
    text, blank = _text(column)
    point, comma = (_mostly(_numbers(text, style).notna(), ~blank) for style in (False, True))
    return comma and not point


def _check_target(values: Column) -> None:
    if values.dtype.kind != "f" or values.nunique() < 2:
        raise ValueError(
            f"target must be a column of different numbers, but {values.name!r} has "
            f"{values.nunique()} value(s) such as {values.dropna().head(1).tolist()}"
        )


def _useless(name: str, values: Column, columns: dict[str, Column]) -> tuple[str, str] | None:
    """Why a column is no feature, and what was done."""
    known = values.dropna()
    different = known.nunique()
    if different < 2:
        return "always the same" if different else "empty", LEFT_OUT
    if values.dtype.kind != "f" and _mostly(known.str.fullmatch(DATE), known.notna()):
        return "dates", f"{LEFT_OUT}; count days instead"
    if values.dtype.kind != "f" and different > MOST_WORDS:
        return f"text, {different} different entries", LEFT_OUT
    if values.dtype.kind == "f" and _identifies(name, known):
        return "whole numbers, a different one each row", LEFT_OUT
    twins = [other for other in columns if values.equals(columns[other])]
    return (f"a copy of {twins[0]}", LEFT_OUT) if twins else None


def _identifies(name: str, known: Column) -> bool:
    if len(known) < 10 or not (known.is_unique and (known % 1 == 0).all()):
        return False
    in_order = known.is_monotonic_increasing or known.is_monotonic_decreasing
    consecutive = known.max() - known.min() == len(known) - 1
    return bool(in_order or consecutive or IDENTIFIER.fullmatch(str(name)))


def _sentinels(values: Column) -> list[float]:
    """Values of nines, far from the rest."""
    found: list[float] = []
    for end in (0, -1) if values.dtype.kind == "f" else ():
        rest = np.sort(values[~values.isin(found)].dropna().unique())
        if len(rest) > 2 and set(f"{abs(rest[end]):g}") == {"9"} and abs(rest[end]) >= 99:
            others = np.delete(rest, end)
            if np.abs(others - rest[end]).min() > np.ptp(others):
                found.append(float(rest[end]))
    return found
