"""Bank business days and the days of a horizon by index."""

import datetime as dt

import numpy as np
import pytest

from models.calendar import Calendar, is_business_day, next_business_day
from models.kernels import day_weight


@pytest.fixture
def calendar() -> Calendar:
    return Calendar.of(dt.date(2024, 2, 1), months=3)


@pytest.mark.clause("CAL-01")
@pytest.mark.parametrize("date", ["2026-05-01", "2025-12-30", "2027-01-04", "2026-05-07"])
def test_weekdays_beside_holidays_are_business_days(date: str) -> None:
    assert is_business_day(date)


@pytest.mark.clause("CAL-01")
@pytest.mark.parametrize(
    "date",
    [
        "2026-05-02",  # Saturday
        "2026-06-28",  # Sunday
        "2026-05-04",  # Greenery Day
        "2026-05-06",  # substitute for Constitution Day on a Sunday
        "2026-09-22",  # a day between two holidays
        "2025-12-31",
        "2026-01-01",
        "2026-01-02",
        "2025-01-03",
    ],
)
def test_weekends_holidays_and_new_year_are_no_business_days(date: str) -> None:
    assert not is_business_day(date)


@pytest.mark.clause("CAL-01")
def test_the_bank_is_closed_at_new_year_even_where_no_public_holiday_is() -> None:
    new_year = np.arange("2029-12-31", "2030-01-04", dtype="datetime64[D]")
    assert not is_business_day(new_year).any()
    assert next_business_day("2029-12-31") == np.datetime64("2030-01-04")


def test_extra_holidays_close_further_days() -> None:
    strike = dt.date(2026, 6, 29)
    assert not is_business_day(strike, [strike])
    assert next_business_day("2026-06-27", [strike]) == np.datetime64("2026-06-30")
    horizon = Calendar.of(dt.date(2026, 6, 1), months=1, extra_holidays=(strike,))
    assert horizon.date(horizon.due_day(0, 27, roll=True)) == dt.date(2026, 6, 30)
    assert horizon.nth_business_day(0, 21) == 29  # the 22nd weekday, one being the strike


@pytest.mark.clause("CAL-02")
def test_a_business_day_does_not_roll() -> None:
    assert next_business_day(dt.date(2026, 2, 27)) == np.datetime64("2026-02-27")


def test_date_functions_keep_the_shape_of_their_input() -> None:
    grid = np.arange("2026-01-01", "2026-01-07", dtype="datetime64[D]").reshape(2, 3)
    assert is_business_day(grid).shape == (2, 3)
    assert next_business_day(grid).shape == (2, 3)
    assert next_business_day(grid[:0]).shape == (0, 3)


def test_a_roll_from_the_last_known_day_is_still_found() -> None:
    assert next_business_day("2099-12-31") == np.datetime64("2100-01-04")


@pytest.mark.parametrize("date", ["1948-12-31", "2100-01-01"])
def test_dates_without_known_holidays_are_refused(date: str) -> None:
    with pytest.raises(ValueError, match="holidays are known from 1949 to 2099, got "):
        is_business_day(date)


def test_a_day_index_is_not_taken_for_a_date() -> None:
    with pytest.raises(TypeError, match="dates must be dates, got int64"):
        next_business_day([20_000])


def test_the_horizon_has_its_days_and_covers_120_more(calendar: Calendar) -> None:
    assert calendar.n_days == 29 + 31 + 30
    assert calendar.date(calendar.n_days) == dt.date(2024, 5, 1)
    by_day = ("month_of", "day_of_month", "is_business_day", "next_business_day", "weight")
    sizes = {getattr(calendar, name).size for name in by_day}
    assert sizes == {int(calendar.month_first[-1])}
    assert calendar.weight.size >= calendar.n_days + 120
    longer = Calendar.of(calendar.start, months=3, margin_days=400)
    assert longer.weight.size >= calendar.n_days + 520
    assert longer.n_days == calendar.n_days


def test_months_after_the_horizon_have_their_first_day(calendar: Calendar) -> None:
    assert calendar.month_first.size >= calendar.months + 4
    assert calendar.month_of_year.size == calendar.month_first.size
    assert calendar.month_first[:4].tolist() == [0, 29, 60, 90]
    assert calendar.month_of_year[:4].tolist() == [2, 3, 4, 5]


def test_arrays_by_day_agree_with_the_dates(calendar: Calendar) -> None:
    dates = [calendar.date(day) for day in range(calendar.weight.size)]
    assert [calendar.day(date) for date in dates] == list(range(len(dates)))
    assert calendar.day_of_month.tolist() == [date.day for date in dates]
    months = [(date.year - 2024) * 12 + date.month - 2 for date in dates]
    assert calendar.month_of.tolist() == months
    assert calendar.month_of_year[calendar.month_of].tolist() == [date.month for date in dates]
    assert calendar.weight.tolist() == day_weight(dates).tolist()
    assert calendar.is_business_day.tolist() == is_business_day(dates).tolist()
    rolled = [calendar.date(day) for day in calendar.next_business_day.tolist()]
    assert rolled == next_business_day(dates).tolist()


def test_the_arrays_have_their_declared_types_and_are_read_only(calendar: Calendar) -> None:
    dtypes = {
        "month_of": np.int16,
        "month_first": np.int32,
        "day_of_month": np.int8,
        "month_of_year": np.int8,
        "is_business_day": np.bool_,
        "next_business_day": np.int32,
        "weight": np.int64,
    }
    for name, dtype in dtypes.items():
        array = getattr(calendar, name)
        assert array.dtype == dtype, name
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


def test_a_due_day_beyond_the_month_is_its_last_day(calendar: Calendar) -> None:
    assert calendar.date(calendar.due_day(0, 31, roll=False)) == dt.date(2024, 2, 29)
    assert calendar.date(calendar.due_day(2, 31, roll=False)) == dt.date(2024, 4, 30)
    assert calendar.date(calendar.due_day(1, 31, roll=True)) == dt.date(2024, 4, 1)


@pytest.mark.parametrize("month_index", [-1, 7])
def test_a_month_outside_the_arrays_is_refused(calendar: Calendar, month_index: int) -> None:
    with pytest.raises(ValueError, match=f"month {month_index} is not covered, there are 0 to 6"):
        calendar.due_day(month_index, 10, roll=False)
    with pytest.raises(ValueError, match=f"month {month_index} is not covered, there are 0 to 6"):
        calendar.nth_business_day(month_index, 3)


@pytest.mark.parametrize("day_of_month", [0, 32])
def test_a_day_number_that_no_month_has_is_refused(calendar: Calendar, day_of_month: int) -> None:
    with pytest.raises(ValueError, match=f"day_of_month must be 1 to 31, got {day_of_month}"):
        calendar.due_day(0, day_of_month, roll=False)


def test_a_business_day_that_the_month_does_not_have_is_refused(calendar: Calendar) -> None:
    assert calendar.date(calendar.nth_business_day(0, 19)) == dt.date(2024, 2, 29)
    for n in (0, 20):
        with pytest.raises(ValueError, match=f"month 0 has 19 business days, got n = {n}"):
            calendar.nth_business_day(0, n)


def test_a_horizon_starts_on_the_first_of_a_month() -> None:
    with pytest.raises(ValueError, match="start must be the first day of a month, got 2025-01-02"):
        Calendar.of(dt.date(2025, 1, 2), months=1)


@pytest.mark.parametrize(("months", "margin_days"), [(0, 0), (1, -1)])
def test_a_horizon_has_at_least_one_month_and_no_negative_margin(
    months: int, margin_days: int
) -> None:
    with pytest.raises(ValueError, match=f"margin_days 0 or more, got {months}, {margin_days}"):
        Calendar.of(dt.date(2025, 1, 1), months, margin_days)


def test_a_horizon_beyond_the_known_holidays_is_refused() -> None:
    with pytest.raises(ValueError, match="holidays are known from 1949 to 2099, got 2099 to 2100"):
        Calendar.of(dt.date(2099, 1, 1), months=12)
