"""Messy tables are read correctly, and the notes report each irregularity.

The tables are made from known numbers, written in styles that people use.
"""

from __future__ import annotations

from io import BytesIO, StringIO
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import datasets

from impbook_data import MOST_WORDS, read_table, tidy

RNG = np.random.default_rng
STYLES = {
    "plain": lambda x: f"{x:.2f}",
    "thousands": lambda x: f"{x:,.2f}",
    "currency": lambda x: f"${x:,.2f}",
    "euro": lambda x: f"{x:.2f} €",
    "percent": lambda x: f"{x:.2f}%",
    "apostrophe": lambda x: f"{x:,.2f}".replace(",", "'"),
    "scientific": lambda x: f"{x:.6e}",
}


def european(x: float) -> str:
    return f"{x:,.2f}".translate({ord(","): ".", ord("."): ","})


def numbers(rng: Any, n: int) -> Any:
    return np.round(rng.standard_normal(n) * 10 ** rng.uniform(0, 6), 2)


@given(
    st.integers(0, 2**32 - 1),
    st.sampled_from([*STYLES]),
    st.sampled_from(["?", "-", "n/a", "k. A.", "", "NA"]),
)
def test_numbers_come_back_from_every_style(seed: int, style: str, missing: str) -> None:
    rng = RNG(seed)
    x, lost = numbers(rng, 60), rng.random(60) < 0.2
    text = [missing if gone else STYLES[style](value) for value, gone in zip(x, lost, strict=True)]
    tidied, _ = tidy(pd.DataFrame({"x": text, "y": rng.standard_normal(60)}), "y")
    np.testing.assert_allclose(tidied["x"], np.where(lost, np.nan, x), rtol=1e-6)


@given(
    st.integers(0, 2**32 - 1),
    st.sampled_from(";\t|"),
    st.sampled_from(["utf-8", "utf-8-sig", "cp1252"]),
)
def test_a_european_file_comes_back(seed: int, separator: str, encoding: str) -> None:
    rng = RNG(seed)
    x, y, whole = numbers(rng, 50), numbers(rng, 50), rng.integers(1000, 1_000_000, 50)
    lines = [separator.join(("Fläche", "Preis", "Einwohner", "Straße"))]
    for a, b, c in zip(x, y, whole, strict=True):
        row = european(a), european(b), f"{c:,}".replace(",", "."), rng.choice(["Süd", "Nord"])
        lines.append(separator.join(row))
    file = BytesIO("\n".join(lines).encode(encoding))
    tidied, _ = tidy(read_table(file), "Preis")
    np.testing.assert_array_equal(tidied["Fläche"], x)
    np.testing.assert_array_equal(tidied["Preis"], y)
    np.testing.assert_array_equal(tidied["Einwohner"], whole)
    assert set(tidied["Straße"]) == {"Süd", "Nord"}


def messy(n: int = 300) -> Any:
    """A table with one column of each kind that `tidy` distinguishes."""
    rng = RNG(0)
    table = pd.DataFrame({"number": numbers(rng, n)})
    table["customer id"] = rng.permutation(10**6)[:n]
    table["row"] = np.arange(1000, 1000 + n)
    table["name"] = [f"car {i}" for i in range(n)]
    table["zip"] = [f"{i:05d}" for i in rng.integers(0, 9, n)]
    table["word"] = rng.choice(["good", "bad"], n)
    table["seen"] = pd.date_range("2020-01-01", periods=n).strftime("%d.%m.%Y")
    table["stamp"] = pd.date_range("2020-01-01", periods=n, freq="h")
    table["always"] = 1013.25
    table["nothing"] = None
    table["age"] = np.where(rng.random(n) < 0.1, -999, rng.integers(20, 90, n))
    table["twin"] = table["number"]
    table["flag"] = rng.random(n) < 0.5
    table["y"] = table["number"] + rng.standard_normal(n)
    table.loc[::50, "y"] = np.nan
    return table


SAID = {
    "customer id": ("whole numbers, a different one each row", "left out"),
    "row": ("whole numbers, a different one each row", "left out"),
    "name": ("text, 300 different entries", "left out"),
    "seen": ("dates", "left out; count days instead"),
    "stamp": ("dates", "left out; count days instead"),
    "always": ("always the same", "left out"),
    "nothing": ("empty", "left out"),
    "age": ("31 of -999, far from the rest", "taken for missing"),
    "twin": ("a copy of number", "left out"),
    "y": ("6 missing", "6 rows left out"),
}


def test_what_is_found_is_said_and_done() -> None:
    table = messy()
    tidied, notes = tidy(table, "y")
    assert {column: (found, done) for column, found, done in notes.to_numpy()} == SAID
    assert list(tidied) == ["number", "zip", "word", "age", "flag", "y"]
    assert len(tidied) == 294
    assert not (tidied["age"] < 0).any() and tidied["age"].isna().sum() > 20
    assert not pd.api.types.is_numeric_dtype(tidied["zip"])  # a code, not a number


def test_a_table_read_as_text_and_one_with_types_are_tidied_alike() -> None:
    table = messy()
    typed, notes = tidy(table, "y")
    text, said = tidy(read_table(StringIO(table.to_csv(index=False))), "y")
    pd.testing.assert_frame_equal(notes, said)
    for name in ("number", "age", "y"):
        np.testing.assert_array_equal(typed[name], text[name])


def test_what_is_kept_is_as_it_was() -> None:
    table = messy()
    tidied, notes = tidy(table, "y", keep=["age", "row", "twin"])
    assert {"age", "row", "twin"}.isdisjoint(notes["column"])
    np.testing.assert_array_equal(tidied["age"], table["age"][table["y"].notna()])


@given(st.integers(2, 40))
def test_no_column_of_text_has_more_words_than_stated(words: int) -> None:
    n = 120
    table = pd.DataFrame({"word": [f"w{i % words}" for i in range(n)], "y": np.arange(n) % 7})
    tidied, notes = tidy(table, "y")
    assert ("word" in tidied) == (words <= MOST_WORDS)
    assert ("word" in set(notes["column"])) == (words > MOST_WORDS)
    assert "word" in tidy(table, "y", keep=["word"])[0]


@pytest.mark.parametrize("value", [-999, 999, -99, 9999, -9999.0])
@pytest.mark.parametrize("others", [(20, 90), (0, 2)])
def test_nines_far_from_the_rest_are_missing_and_others_are_not(value: float, others: Any) -> None:
    rng = RNG(1)
    x = rng.integers(*others, 200).astype(float)
    x[::9] = value
    y = rng.standard_normal(200)
    rest = x[x != value]
    far = value < 2 * rest.min() - rest.max() or value > 2 * rest.max() - rest.min()
    assert tidy(pd.DataFrame({"x": x, "y": y}), "y")[0]["x"].isna().sum() == (23 if far else 0)
    # If another value is more extreme, a value such as -999 or 9999 may be a measurement.
    near = np.append(x[1:], 1.5 * value)
    assert tidy(pd.DataFrame({"x": near, "y": y}), "y")[0]["x"].notna().all()


def test_an_infinite_number_is_missing() -> None:
    table = pd.DataFrame({"x": [1.0, np.inf, 2.0, -np.inf], "y": [1.0, 2.0, 1.0, 3.0]})
    tidied, notes = tidy(table, "y")
    np.testing.assert_array_equal(tidied["x"], [1.0, np.nan, 2.0, np.nan])
    assert notes.to_numpy().tolist() == [["x", "2 infinite, taken for missing", "read"]]


def test_a_row_of_totals_goes() -> None:
    table = messy(40).assign(y=1.5 * np.arange(40))
    total = pd.DataFrame([{"number": 1e9, "word": "Total", "y": 5e9}])
    tidied, notes = tidy(pd.concat([table, total], ignore_index=True), "y")
    assert tidied["y"].max() < 100
    assert ("", "last row of totals", "left out") in {*map(tuple, notes.to_numpy())}


def test_a_million_time_stamps_become_no_column() -> None:
    n = 100_000
    stamps = pd.date_range("2020-01-01", periods=n, freq="min").astype(str)
    tidied, _ = tidy(
        pd.DataFrame({"t": stamps, "x": np.arange(n) % 97, "y": np.arange(n) % 7}), "y"
    )
    assert list(tidied) == ["x", "y"]


@pytest.mark.parametrize("name", ["diabetes", "iris", "wine", "breast_cancer"])
def test_a_tidy_table_is_left_as_it_is(name: str) -> None:
    data = getattr(datasets, f"load_{name}")(as_frame=True).frame
    tidied, notes = tidy(data, "target")
    assert notes.empty
    pd.testing.assert_frame_equal(tidied, data.astype(float))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"table": [[1, 2]]}, "table must be a DataFrame"),
        ({"table": pd.DataFrame([[1, 2]], columns=["y", "y"])}, "distinct names"),
        ({"target": "Y"}, "target must be among .*, got 'Y'"),
        ({"target": "word"}, "target must be a column of different numbers, but 'word'"),
        ({"target": "always"}, "target must be a column of different numbers, but 'always'"),
        ({"keep": ["no such"]}, "keep must be among .*, got 'no such'"),
    ],
)
def test_bad_tables_are_named(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises((TypeError, ValueError), match=message):
        tidy(**{"table": messy(), "target": "y"} | arguments)


def test_a_file_of_one_column_is_named() -> None:
    with pytest.raises(ValueError, match="file must have names separated by"):
        read_table(StringIO("a b c\n1 2 3\n"))
