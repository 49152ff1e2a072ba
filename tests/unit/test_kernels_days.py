"""Day weights: what a year weighs, and what counts as a date."""

import datetime as dt

import numpy as np
import pytest

from models.kernels import YEAR_WEIGHT, as_days, day_weight, span_weight


@pytest.mark.clause("C-28", "NP-30.1")
@pytest.mark.parametrize("year", [1900, 1970, 1999, 2000, 2023, 2024, 2100, 2400])
def test_every_year_weighs_the_same(year: int) -> None:
    span = day_weight(dt.date(year, 12, 31)) - day_weight(dt.date(year - 1, 12, 31))
    assert span == YEAR_WEIGHT


@pytest.mark.clause("C-28", "NP-30.1")
@pytest.mark.parametrize(
    ("date", "weight"),
    [
        ("2023-12-31", 366),
        ("2024-01-01", 365),
        ("2024-02-29", 365),
        ("2024-12-31", 365),
        ("2025-01-01", 366),
        ("2000-02-29", 365),
        ("2100-03-01", 366),
        ("1968-06-01", 365),
    ],
)
def test_a_day_weighs_366_in_an_ordinary_and_365_in_a_leap_year(date: str, weight: int) -> None:
    day = np.datetime64(date)
    assert day_weight(day) - day_weight(day - np.timedelta64(1, "D")) == weight


def test_weights_keep_the_shape_and_are_int64() -> None:
    grid = np.arange("2026-01-01", "2026-01-07", dtype="datetime64[D]").reshape(2, 3)
    assert day_weight(grid).shape == (2, 3)
    assert day_weight(grid[0, 0]).shape == ()
    assert day_weight(grid).dtype == np.int64
    assert day_weight([]).shape == (0,)


def test_every_way_to_write_a_date_is_the_same_date() -> None:
    weight = day_weight(np.datetime64("2025-02-10"))
    assert day_weight("2025-02-10") == weight
    assert day_weight(dt.date(2025, 2, 10)) == weight
    assert as_days([dt.date(2025, 2, 10)]).tolist() == [dt.date(2025, 2, 10)]


def test_numbers_are_no_dates() -> None:
    with pytest.raises(TypeError, match="due must be dates, got int64"):
        as_days([20_000], "due")


def test_a_missing_date_is_refused() -> None:
    with pytest.raises(ValueError, match=r"dates must not hold a missing date \(NaT\)"):
        day_weight(["2025-01-01", "NaT"])


@pytest.mark.clause("C-28", "C-54")
def test_the_first_day_that_counts_sets_the_year_of_a_span_that_is_not_split() -> None:
    # Due on the last day of a year: every day that counts lies in the next one.
    assert span_weight("2023-12-31", "2024-01-10", split_years=False) == 10 * 365
    assert span_weight("2024-12-31", "2025-01-10", split_years=False) == 10 * 366
    assert span_weight("2024-12-30", "2025-01-10", split_years=False) == 11 * 365
    assert span_weight("2025-01-10", "2024-12-30", split_years=False) == 0
