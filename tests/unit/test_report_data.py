"""Frames as CSV: numbers stay numbers, texts never become formulas."""

import csv
import datetime as dt
import io
import re

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.report.csv_text import MARK, csv_text


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix(MARK), newline="")))


@pytest.mark.parametrize(
    "text",
    ["=cmd|' /C calc'!A0", "+1+1", "-1+1", "-2+3+cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "\r=1",
     "\n=1", "\t", "  =1", "\x00=1", "\uff1d1", "\u3000=1"],
)  # fmt: skip
def test_a_text_that_begins_like_a_formula_is_marked(text: str) -> None:
    written = rows(csv_text(pl.DataFrame({text: [text]})))
    assert written == [[f"'{text}"], [f"'{text}"]]


@pytest.mark.parametrize(
    "text",
    ["plain", "a,b", 'say "x"', "two\nlines", "../../etc/passwd", "延滞", "🧾" * 70, "1=1", "-",
     "+", "-1.5", "+2e-3", "", "a\rb"],
)  # fmt: skip
def test_any_other_text_comes_back_as_it_was(text: str) -> None:
    assert rows(csv_text(pl.DataFrame({"name": [text]}))) == [["name"], [text]]


@given(st.text(max_size=40))
def test_no_cell_is_a_formula_and_the_text_stays(text: str) -> None:
    (found, n) = rows(csv_text(pl.DataFrame({"text": [text], "n": [1]})))[1]
    assert n == "1"
    is_number = re.fullmatch(r"[-+]?(\d+(\.\d+)?([eE][-+]?\d+)?)?", found)
    assert found.lstrip()[:1] not in {*"=+-@", *"\uff1d\uff0b\uff0d\uff20"} or is_number
    assert found[:1] not in {"\t", "\r", "\n"}
    assert found in {text, f"'{text}"}


def test_numbers_come_back_to_the_last_bit() -> None:
    frame = pl.DataFrame(
        {
            "yen": [2**53 + 1, -5, None],
            "share": [0.1 + 0.2, 1e-300, None],
            "day": pl.Series(["2026-01-31", None, "2026-02-28"]).str.to_date(),
            "flag": [True, None, False],
            "text": ["a,b", "", None],
        }
    )
    again = pl.read_csv(io.StringIO(csv_text(frame)), schema=frame.schema)
    assert again.equals(frame)


def test_dates_truth_values_lists_and_what_is_missing_are_written_plainly() -> None:
    frame = pl.DataFrame({"day": [dt.date(2026, 1, 31)], "is_best": [True], "cut": [[1, 2]],
                          "gone": pl.Series([None], dtype=pl.Float64)})  # fmt: skip
    assert rows(csv_text(frame))[1] == ["2026-01-31", "true", "1, 2", ""]


def test_lines_end_as_the_standard_has_it() -> None:
    assert csv_text(pl.DataFrame({"a": [1, 2]})) == "a\r\n1\r\n2\r\n"


def test_only_text_that_is_not_ascii_gets_a_byte_order_mark() -> None:
    assert not csv_text(pl.DataFrame({"a": ["b"]})).startswith(MARK)
    assert csv_text(pl.DataFrame({"a": ["延滞"]})).startswith(MARK)
