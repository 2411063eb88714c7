"""Prepare a table for pruning, and report what was found in each column and what was done.

The page "Prune your own data" uses this package, which needs pandas.
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
SIGNS = re.compile(r"[$€£¥%'\s]")  # currency and percent signs, thousands separators
NUMBER = re.compile(r"[+-]?((\d+|\d{1,3}(,\d{3})+)(\.\d*)?|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)
DATE = re.compile(r"\d{1,4}([-./])\d{1,2}\1\d{1,4}([ T]\d.*)?")
CODE = re.compile(r"0\d+")
IDENTIFIER = re.compile(r"(.*[\W_])?(id|nr|no|key|uuid|index|unnamed.*)", re.IGNORECASE)
TOTAL = re.compile(r"(grand )?total|sum|mean|average|summe|gesamt", re.IGNORECASE)
# A column of text counts as numbers if at least this fraction of its non-missing entries are
# numbers. It counts as dates if at least this fraction are dates.
MOST = 0.9
MOST_WORDS = 20  # each distinct word becomes a feature, and more than 20 would be too many
LEFT_OUT, READ = "left out", "read"
Column = Any  # a Series
Table = Any  # a DataFrame


def read_table(file: Any) -> Table:
    """The entries of a CSV file as text; their separator may be a comma, semicolon, tab or |.

    Parameters
    ----------
    file : str, path or file
        A file in UTF-8 or, if an older spreadsheet program wrote it, in Windows-1252. Its first
        line contains the names of the columns.

    Returns
    -------
    DataFrame
        Every entry as unchanged text; `tidy` finds the numbers.

    Raises
    ------
    ValueError
        If the first line of file has only one name.

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
        raise ValueError(
            f"file must have names separated by , ; tab or | in its first line, got {header!r}"
        )
    return pd.read_csv(StringIO(data), sep=separator, dtype=str, keep_default_na=False)


def tidy(table: Table, target: str, *, keep: Collection[str] = ()) -> tuple[Table, Table]:
    """Turn a table into usable columns of numbers or words, and list what was changed.

    Parameters
    ----------
    table : DataFrame
        A table from `read_table`, or any other with typed columns.
    target : str
        Name of the column to predict.
    keep : collection of str, optional
        Columns that are never left out. Their sentinels count as numbers, not as missing.

    Returns
    -------
    tidied : DataFrame
        Columns of doubles or of words, with NaN for a missing entry. Rows without a target are
        left out, and so is a last row with an entry such as "total" or "mean".
    notes : DataFrame
        For each column with something unusual: ``column``, ``found``, ``done``.

    Raises
    ------
    TypeError, ValueError
        If table is not a DataFrame with distinct column names, if target or a name in keep is not
        among them, or if the target column is not numeric or is constant.

    Notes
    -----
    A column is left out if it is empty, constant or a copy of another, if it holds dates or more
    than 20 distinct words, or if it identifies rows. It identifies rows if its entries are at least
    ten distinct whole numbers that are sorted, consecutive or listed under a name such as "id". A
    column of text counts as numbers if no entry is a code such as "007", and if at least nine in
    ten of its non-missing entries are numbers once currency and percent signs are removed. Commas
    are read as decimal commas if some column of the table is numeric only when read that way. A
    sentinel, such as -999 or 99, counts as missing: it consists of at least two nines, and its
    distance to the nearest other value exceeds the range of the other values.

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
    """The column, as doubles if it counts as numbers, else as text; and a note of anything odd."""
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
    """The entries as text, and a mask of those that stand for a missing value."""
    text = column.astype(object).map(lambda entry: str(entry).strip(), na_action="ignore")
    return text, text.isna() | text.str.lower().isin(MISSING)


def _mostly(these: Column, of: Column) -> bool:
    return bool(of.any()) and bool((these & of).sum() >= MOST * of.sum())


def _numbers(text: Column, comma: bool) -> Column:
    """The numbers in entries of text, with NaN for entries that are not numbers."""
    bare = text.str.replace(SIGNS, "", regex=True).str.replace("−", "-")
    if comma:
        bare = bare.str.translate({ord(","): ".", ord("."): ","})
    bare = bare.where(bare.str.fullmatch(NUMBER).eq(True))
    return bare.str.replace(",", "").astype(float)


def _needs_comma(column: Column) -> bool:
    """Whether a column is numeric only if its commas are read as decimal commas."""
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
    """Why a column cannot be a feature and what was done with it, or None if it can be one."""
    known = values.dropna()
    different = known.nunique()
    if different < 2:
        return "always the same" if different else "empty", LEFT_OUT
    if values.dtype.kind == "f":
        if _identifies(name, known):
            return "whole numbers, a different one each row", LEFT_OUT
    elif _mostly(known.str.fullmatch(DATE), known.notna()):
        return "dates", f"{LEFT_OUT}; count days instead"
    elif different > MOST_WORDS:
        return f"text, {different} different entries", LEFT_OUT
    twins = [other for other in columns if values.equals(columns[other])]
    return (f"a copy of {twins[0]}", LEFT_OUT) if twins else None


def _identifies(name: str, known: Column) -> bool:
    if len(known) < 10 or not (known.is_unique and (known % 1 == 0).all()):
        return False
    in_order = known.is_monotonic_increasing or known.is_monotonic_decreasing
    consecutive = known.max() - known.min() == len(known) - 1
    return bool(in_order or consecutive or IDENTIFIER.fullmatch(str(name)))


def _sentinels(values: Column) -> list[float]:
    """The values that consist of nines and lie far from all others."""
    found: list[float] = []
    for end in (0, -1) if values.dtype.kind == "f" else ():
        rest = np.sort(values[~values.isin(found)].dropna().unique())
        if len(rest) > 2 and set(f"{abs(rest[end]):g}") == {"9"} and abs(rest[end]) >= 99:
            others = np.delete(rest, end)
            if np.abs(others - rest[end]).min() > np.ptp(others):
                found.append(float(rest[end]))
    return found
