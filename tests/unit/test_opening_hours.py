"""Opening hours: when a desk may take up work, over nights, holidays and the end."""

import math

import numpy as np
import pytest

from models.errors import InputError
from sim.engine.desks.opening_hours import OpeningHours

NINE, EIGHTEEN, MIDNIGHT = 540, 1_080, 1_440


def test_one_day_opens_at_nine_and_closes_at_eighteen() -> None:
    hours = OpeningHours(NINE, EIGHTEEN)
    instants = [0.0, 0.25, 0.375, 0.5, 0.75, 0.875]
    states = [(hours.is_open(now), hours.next_opening(now), hours.closing(now)) for now in instants]
    assert states == [
        (False, 0.375, 0.75),
        (False, 0.375, 0.75),
        (True, 0.375, 0.75),
        (True, 0.5, 0.75),
        (False, 1.375, 1.75),
        (False, 1.375, 1.75),
    ]


def test_the_last_representable_instant_before_closing_is_open() -> None:
    hours = OpeningHours(NINE, EIGHTEEN)
    assert hours.is_open(math.nextafter(400.75, 0))
    assert not hours.is_open(400.75)


@pytest.mark.parametrize("minute", [1, 7, 541, 1_439])
def test_the_next_opening_is_open_whatever_its_rounding(minute: int) -> None:
    hours = OpeningHours(minute, MIDNIGHT)
    for day in (0, 1, 3, 1_000, 36_499):
        assert hours.is_open(hours.next_opening(float(day)))
        assert not hours.is_open(math.nextafter(hours.next_opening(float(day)), 0))


def test_holidays_are_skipped() -> None:
    hours = OpeningHours(NINE, EIGHTEEN, np.array([True, False, False, True]))
    assert hours.next_opening(0.8) == 3.375
    assert hours.next_opening(1.5) == 3.375
    assert not hours.is_open(1.5)
    assert hours.closing(1.5) == 3.75


def test_after_the_last_known_day_it_is_closed_for_ever() -> None:
    hours = OpeningHours(NINE, EIGHTEEN, np.array([True, True, False]))
    for now in (1.75, 2.5, 3.0, 99.5):
        assert hours.next_opening(now) == hours.closing(now) == math.inf
        assert not hours.is_open(now)


def test_without_a_calendar_it_opens_every_day() -> None:
    assert OpeningHours(NINE, EIGHTEEN).next_opening(36_524.9) == 36_525.375


def test_around_the_clock_never_closes() -> None:
    hours = OpeningHours(0, MIDNIGHT)
    assert [hours.next_opening(now) for now in (0.0, 0.999, 1.0)] == [0.0, 0.999, 1.0]
    assert hours.closing(0.5) == math.inf


def test_around_the_clock_is_one_period_over_midnight_until_a_holiday() -> None:
    hours = OpeningHours(0, MIDNIGHT, np.array([True, True, False, True]))
    assert hours.is_open(1.0)
    assert hours.closing(0.5) == 2.0
    assert hours.next_opening(2.0) == 3.0
    assert hours.closing(2.0) == 4.0


def test_an_evening_that_ends_at_midnight_closes_there() -> None:
    hours = OpeningHours(EIGHTEEN, MIDNIGHT)
    assert hours.closing(0.8) == 1.0
    assert hours.next_opening(1.0) == 1.75


def test_open_seconds_follow_the_calendar_and_end_with_it() -> None:
    hours = OpeningHours(NINE, EIGHTEEN, np.array([True, False, True]))
    assert hours.open_seconds(2).tolist() == [32_400, 0]
    assert hours.open_seconds(5).tolist() == [32_400, 0, 32_400, 0, 0]
    assert OpeningHours(0, MIDNIGHT).open_seconds(2).tolist() == [86_400, 86_400]


def test_a_calendar_changed_afterwards_changes_nothing() -> None:
    is_open_day = np.array([True, True])
    hours = OpeningHours(NINE, EIGHTEEN, is_open_day)
    is_open_day[:] = False
    assert hours.is_open(0.5)
    assert hours.open_seconds(2).tolist() == [32_400, 32_400]


@pytest.mark.parametrize("minutes", [(-1, 60), (60, 60), (90, 60), (0, 1_441)])
def test_minutes_out_of_order_are_refused(minutes: tuple[int, int]) -> None:
    with pytest.raises(InputError, match=r"must be minutes of one day"):
        OpeningHours(*minutes)


def test_a_calendar_that_is_not_boolean_is_refused() -> None:
    with pytest.raises(InputError, match=r"boolean vector by day index, got 1 dimensions of int"):
        OpeningHours(NINE, EIGHTEEN, np.array([0, 1]))
