"""A table as people keep it, made fit to prune: what was found in each column, and what was done.

Needs pandas; nothing else in impbook does.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from impbook import _checks

MISSING = {"", "?", "-", "--", ".", "na", "n/a", "nan", "none", "null", "k. a.", "k.a."}
SIGNS = re.compile(r"[$€£¥%'\s]")  # currency, percent, and what parts thousands
NUMBER = re.compile(r"[+-]?((\d+|\d{1,3}(,\d{3})+)(\.\d*)?|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)
DATE = re.compile(r"\d{1,4}([-./])\d{1,2}\1\d{1,4}([ T]\d.*)?")
CODE = re.compile(r"0\d+")
IDENTIFIER = re.compile(r"(.*[\W_])?(id|nr|no|key|uuid|index|unnamed.*)", re.IGNORECASE)
MOST = 0.9  # fraction of the entries that makes a column of text one of numbers, or of dates
TOTAL = re.compile(r"(grand )?total|sum|mean|average|summe|gesamt", re.IGNORECASE)
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


def tidy(
    table: Table, target: str, *, most_values: int = 20, keep: Collection[str] = ()
) -> tuple[Table, Table]:
    """The columns that can be pruned, as numbers and short lists of words, and what was done.

    Parameters
    ----------
    table : DataFrame
        As from `read_table`, or with dtypes.
    target : str
        Name of the column to predict.
    most_values : int, optional
        Words that a column of text may have at most. With more it is left out: a column of zeros
        and ones for each would be as many features.
    keep : collection of str, optional
        Columns to take as they are: numbers stay, sentinels too, and words become numbers only.

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
    Left out are columns that are empty or constant, dates, texts of more than `most_values` words,
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
    most_values = _checks.count("most_values", most_values, 2)
    rows, notes = table, []
    if len(table) and _sums_up(table.iloc[-1]):
        rows = table.iloc[:-1]
        notes.append(("", "last row of totals", LEFT_OUT))
    comma = _decimal_comma(rows)
    columns: dict[str, Column] = {}
    for name in table.columns:
        values, found = _read(rows[name], comma)
        done = READ
        if name == target:
            values, found, done = _target(values, found)
        elif name not in keep:
            values, found, done = _usable(name, values, found, most_values)
            twins = [other for other in columns if values.equals(columns[other])]
            if twins and done == READ:
                found, done = f"a copy of {twins[0]}", LEFT_OUT
        if found:
            notes.append((name, found, done))
        if not done.startswith(LEFT_OUT):
            columns[name] = values
    tidied = pd.DataFrame(columns).dropna(subset=[target])
    return tidied, pd.DataFrame(notes, columns=["column", "found", "done"])


def _sums_up(row: Column) -> bool:
    """Whether a row says that it adds up the others."""
    return any(isinstance(entry, str) and TOTAL.fullmatch(entry.strip()) for entry in row)


def _read(column: Column, comma: bool) -> tuple[Column, str]:
    """The column as doubles, or as words if it holds no numbers, and what was unusual."""
    if pd.api.types.is_numeric_dtype(column):
        numbers = column.astype(float)
        infinite = np.isinf(numbers)
        found = f"{infinite.sum()} infinite, taken for missing" if infinite.any() else ""
        return numbers.mask(infinite), found
    if pd.api.types.is_datetime64_any_dtype(column):
        return column.astype(str), ""
    text = _text(column)
    blank = text.str.lower().isin(MISSING) | text.isna()
    for style in (comma, not comma):
        numbers = _numbers(text, style)
        if not _mostly(numbers.notna(), ~blank) or text.str.fullmatch(CODE).any():
            continue
        odd = text[numbers.isna() & text.notna() & (text != "")]
        signs = "".join(sorted(set("".join(SIGNS.findall("".join(text.dropna()))).strip())))
        found = "numbers as text"
        found += f" with {' '.join(signs)}" if signs else ""
        found += ", decimal comma" if style and text.str.contains(",", na=False).any() else ""
        found += f", {len(odd)} of {', '.join(odd.unique()[:3])} missing" if len(odd) else ""
        return numbers, "" if found == "numbers as text" else found
    return text.mask(blank), ""


def _text(column: Column) -> Column:
    return column.astype(object).map(lambda entry: str(entry).strip(), na_action="ignore")


def _mostly(these: Column, of: Column) -> bool:
    return bool(of.any()) and bool((these & of).sum() >= MOST * of.sum())


def _numbers(text: Column, comma: bool) -> Column:
    """The numbers in entries of text, NaN for what is none."""
    bare = text.str.replace(SIGNS, "", regex=True).str.replace("−", "-")
    if comma:
        bare = bare.str.translate({ord(","): ".", ord("."): ","})
    bare = bare.where(bare.str.fullmatch(NUMBER).eq(True))
    return bare.str.replace(",", "").astype(float)


def _decimal_comma(table: Table) -> bool:
    """Whether some column has numbers only if a comma is decimal."""
    for name in table.select_dtypes(exclude="number"):
        text = _text(table[name])
        known = text.notna() & ~text.str.lower().isin(MISSING)
        point, comma = (_mostly(_numbers(text, style).notna(), known) for style in (False, True))
        if comma and not point:
            return True
    return False


def _target(values: Column, found: str) -> tuple[Column, str, str]:
    """The column to predict: its missing entries cost the row."""
    if values.dtype.kind != "f" or values.nunique() < 2:
        raise ValueError(
            f"target must be a column of different numbers, but {values.name!r} has "
            f"{values.nunique()} value(s) such as {values.dropna().head(1).tolist()}"
        )
    sentinels = _sentinels(values)
    values = values.mask(values.isin(sentinels))
    missing = int(values.isna().sum())
    found += f", {sentinels} far from the rest" if sentinels else ""
    found += f", {missing} missing" if missing else ""
    return values, found.removeprefix(", "), f"{missing} rows left out" if missing else READ


def _usable(name: str, values: Column, found: str, most_values: int) -> tuple[Column, str, str]:
    """A feature, what there is to say of it, and what was done if that was not reading it."""
    known = values.dropna()
    different = known.nunique()
    if different < 2:
        return values, "always the same" if different else "empty", LEFT_OUT
    if values.dtype.kind != "f":
        if _mostly(known.str.fullmatch(DATE), known.notna()):
            return values, "dates", f"{LEFT_OUT}; count days instead"
        if different > most_values:
            return values, f"text, {different} different entries", LEFT_OUT
        return values, found, READ
    if _identifier(name, values):
        return values, "whole numbers, a different one each row", LEFT_OUT
    if sentinels := _sentinels(values):
        shown = ", ".join(f"{value:g}" for value in sentinels)
        count = int(values.isin(sentinels).sum())
        found = f"{found}, {count} of {shown}, far from the rest".removeprefix(", ")
        return values.mask(values.isin(sentinels)), found, "taken for missing"
    return values, found, READ


def _identifier(name: str, values: Column) -> bool:
    known = values.dropna()
    if len(known) < 10 or not (known.is_unique and (known % 1 == 0).all()):
        return False
    in_order = known.is_monotonic_increasing or known.is_monotonic_decreasing
    consecutive = known.max() - known.min() == len(known) - 1
    return bool(in_order or consecutive or IDENTIFIER.fullmatch(str(name)))


def _sentinels(values: Column) -> list[float]:
    """Values of nines, far from the rest."""
    found: list[float] = []
    for end in ("min", "max"):
        rest = np.sort(values[~values.isin(found)].dropna().unique())
        value, others = (rest[0], rest[1:]) if end == "min" else (rest[-1], rest[:-1])
        nines = set(f"{abs(value):g}") == {"9"} and abs(value) >= 99
        if nines and len(others) > 1 and np.abs(others - value).min() > np.ptp(others):
            found.append(float(value))
    return found
