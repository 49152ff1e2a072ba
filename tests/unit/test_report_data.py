"""Data of figures as CSV: numbers stay numbers, texts never become formulas."""

import csv
import datetime as dt
import io

import polars as pl
import pytest

from sim.report.csv_text import MARK, csv_text


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix(MARK))))


@pytest.mark.parametrize(
    "text",
    ["=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "\uff1d1"],
)
def test_a_text_that_begins_like_a_formula_is_marked(text: str) -> None:
    written = rows(csv_text(pl.DataFrame({text: [text]})))
    assert written == [[f"'{text}"], [f"'{text}"]]


@pytest.mark.parametrize(
    "text", ["plain", "a,b", 'say "x"', "two\nlines", "../../etc/passwd", "延滞", "🧾" * 70, "1=1"]
)
def test_any_other_text_comes_back_as_it_was(text: str) -> None:
    assert rows(csv_text(pl.DataFrame({"name": [text]}))) == [["name"], [text]]


def test_numbers_keep_all_their_digits_and_their_sign() -> None:
    frame = pl.DataFrame({"yen": [-5, 10**15], "share": [-0.1, 1 / 3]})
    read = pl.read_csv(csv_text(frame).encode())
    assert read.equals(frame)


def test_dates_truth_values_lists_and_what_is_missing_are_written_plainly() -> None:
    frame = pl.DataFrame({"day": [dt.date(2026, 1, 31)], "is_best": [True], "cut": [[1, 2]],
                          "gone": pl.Series([None], dtype=pl.Float64)})  # fmt: skip
    assert rows(csv_text(frame))[1] == ["2026-01-31", "true", "1, 2", ""]


def test_only_text_that_is_not_ascii_gets_a_byte_order_mark() -> None:
    assert not csv_text(pl.DataFrame({"a": ["b"]})).startswith(MARK)
    assert csv_text(pl.DataFrame({"a": ["延滞"]})).startswith(MARK)
