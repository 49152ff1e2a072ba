"""Teams and service times: what is refused, what shifts mean, moments of every distribution."""

import datetime as dt
import math
from itertools import pairwise
from typing import Any, Literal

import numpy as np
import pytest
from pydantic import ValidationError

from models.arrays import Floats, Ints
from models.calendar import Calendar
from models.policy.authorisation import ReviewDesk
from models.policy.collections import CallDesk
from models.policy.hours import Hours
from models.policy.staffing import ServiceTime, Shift, StaffChange, Team, WorkClass, service_days
from sim.engine.desks.roster import Roster

Distribution = Literal["exponential", "lognormal", "gamma", "deterministic"]
HOURS = Hours(opens="09:00", closes="18:00", business_days_only=False)
CALENDAR = Calendar.of(dt.date(2026, 1, 1), 2)  # a Thursday, and a holiday


def nobody_away(_: int, days: Ints) -> Floats:
    """Draw large uniforms."""
    return np.full((4, len(days)), 0.999)


def roster(team: Team, n_people: int, hours: Hours = HOURS) -> Roster:
    return Roster.of(team, n_people, hours, CALENDAR, nobody_away)


@pytest.mark.parametrize(
    ("section", "message"),
    [
        ({"team": Team(shifts=(Shift(opens="07:59", closes="12:00"),))}, r"team.shifts.0: got 07"),
        ({"team": Team(shifts=(Shift(opens="10:00", closes="10:00"),))}, r"10:00 to 10:00; allow"),
        ({"team": Team(shifts=(Shift(opens="10:00", closes="19:00"),))}, r"09:00 to 18:00"),
    ],
)
def test_shifts_lie_within_the_hours_of_their_desk(section: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        ReviewDesk(hours=HOURS, **section)


@pytest.mark.parametrize(
    ("first_attempt", "message"),
    [(None, "nobody can do ordinary work, got the skills senior"), (2, "nobody"), (1, None)],
)
def test_somebody_can_do_what_work_needs(first_attempt: int | None, message: str | None) -> None:
    seniors = (Shift(staff=2, opens="17:00", closes="18:00", skills=("senior",)),)
    classes = () if first_attempt is None else (WorkClass(from_attempt=first_attempt),)
    classes = tuple(one.model_copy(update={"skill": "senior"}) for one in classes)
    team = Team(shifts=seniors, classes=classes)
    CallDesk(callers=3, team=team)  # one of them in no shift
    if message is None:
        CallDesk(callers=2, team=team)
    else:
        with pytest.raises(ValidationError, match=message):
            CallDesk(callers=2, team=team)


@pytest.mark.parametrize(("opens", "closes"), [("07:59", "12:00"), ("12:00", "21:01")])
def test_members_are_not_phoned_at_night(opens: str, closes: str) -> None:
    CallDesk(hours=Hours(opens="08:00", closes="21:00"))
    with pytest.raises(ValidationError, match=r"allowed: 08:00 to 21:00, the hours in which"):
        CallDesk(hours=Hours(opens=opens, closes=closes))


@pytest.mark.parametrize(
    ("section", "message"),
    [
        ({"classes": (WorkClass(from_attempt=2), WorkClass(from_attempt=2))}, "ascending ones"),
        ({"classes": (WorkClass(skill="senior"),)}, r"classes.0.skill: got 'senior'; .*ordinary"),
        (
            {"changes": [StaffChange(on=dt.date(2026, 1, day), staff=1) for day in (3, 2)]},
            r"changes: got the dates 2026-01-03, 2026-01-02; allowed",
        ),
    ],
)
def test_teams_that_cannot_be_are_refused(section: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Team(**section | {"changes": tuple(section.get("changes", ()))})


def test_a_variation_that_a_distribution_does_not_have_is_refused() -> None:
    with pytest.raises(ValidationError, match=r"variation: got 0.5; .*lognormal or gamma"):
        ServiceTime(variation=0.5)


def test_attempts_belong_to_the_last_class_begun() -> None:
    classes = (WorkClass(from_attempt=2, priority=5), WorkClass(from_attempt=4, priority=-1))
    team = Team(classes=classes)
    priorities, _ = team.needs_of(np.arange(1, 6))
    assert priorities.tolist() == [0, 5, 5, -1, -1]


def test_people_are_dealt_to_shifts_in_order_and_the_rest_work_all_hours() -> None:
    shifts = (Shift(staff=2, closes="13:00"), Shift(opens="12:00", skills=("senior",)))
    for n_people, expected in ((1, [1, 0, 0]), (3, [2, 1, 0]), (5, [2, 1, 2])):
        found = roster(Team(shifts=shifts), n_people)
        counts = [group.last - group.first for group in found.groups]
        assert [*counts, 0][:3] == expected
        assert found.n_people == n_people


def test_shifts_keep_their_weekdays_and_may_rest_on_bank_holidays() -> None:
    def open_days(shift: Shift, hours: Hours = HOURS) -> list[int]:
        seconds = roster(Team(shifts=(shift,)), 1, hours).duty_seconds(14)
        return np.flatnonzero(seconds).tolist()

    # 1 and 2 January 2026 are a Thursday and a Friday on which banks are closed; the 12th is a
    # Monday and a public holiday.
    assert open_days(Shift(weekdays=("sat",))) == [2, 9]
    assert open_days(Shift(weekdays=("fri", "mon"))) == [1, 4, 8, 11]
    assert open_days(Shift(weekdays=("fri", "mon"), bank_holidays=False)) == [4, 8]
    banks = Hours(opens="09:00", closes="18:00")
    assert open_days(Shift(weekdays=("fri", "sat")), banks) == [8]


def test_seconds_on_duty_follow_hiring_and_layoffs() -> None:
    changes = (
        StaffChange(on=dt.date(2025, 1, 1), staff=1),
        StaffChange(on=dt.date(2026, 1, 3), staff=3),
        StaffChange(on=dt.date(2026, 1, 5), staff=0),
    )
    shifts = (Shift(staff=2, closes="10:00"),)
    hours = roster(Team(shifts=shifts, changes=changes), 9).duty_seconds(6) // 3_600
    assert hours.tolist() == [1, 1, 2 + 9, 2 + 9, 0, 0]


def test_absent_and_ill_seconds_are_taken_off_by_person_and_day() -> None:
    def draw(person: int, days: Ints) -> Floats:
        u = np.full((4, len(days)), 0.999)
        if person == 0:
            u[0, 3] = 0.05  # absent on day 3
        else:
            u[1, 3], u[2, 3] = 0.05, 1 / 3  # leaves after three of nine hours
            u[0, 4] = 0.05
        return u

    team = Team(absent_share=0.1, falls_ill_share=0.1)
    found = Roster.of(team, 2, HOURS, CALENDAR, draw)
    assert (found.absent_seconds(6) // 3_600).tolist() == [0, 0, 0, 9 + 6, 9, 0]
    assert found.turn(3.4).is_on_duty == [False, True]
    assert found.turn(3.4).until == found.leaves_at(1, 3.4) == pytest.approx(3.5)
    assert found.turn(3.5).is_on_duty == [False, False]
    assert found.turn(4.4).is_on_duty == [True, False]


@pytest.mark.parametrize("variation", [0.05, 0.5, 1.0, 2.0])
@pytest.mark.parametrize("name", ["exponential", "lognormal", "gamma", "deterministic"])
def test_times_have_the_stated_mean_and_variation(name: Distribution, variation: float) -> None:
    if name in ("exponential", "deterministic"):
        time, variation = ServiceTime(distribution=name), float(name == "exponential")
    else:
        time = ServiceTime(distribution=name, variation=variation)
    # the transformed grid has its points where the tail is: u = 1 - (1 - v)**3
    v = (np.arange(4_000) + 0.5) / 4_000
    weight = 3 * (1 - v) ** 2 / v.size
    times = np.array(service_days(time, (1 - (1 - v) ** 3).tolist(), 144.0))
    mean = float(times @ weight)
    deviation = math.sqrt(max(0.0, float(times**2 @ weight) - mean**2))
    assert mean == pytest.approx(0.1, rel=2e-3)
    assert deviation / 0.1 == pytest.approx(variation, abs=1e-3, rel=2e-2)
    assert all(one <= other for one, other in pairwise(times.tolist()))


def test_a_gamma_time_of_variation_one_is_exponential_but_for_its_grid() -> None:
    gamma, plain = ServiceTime(distribution="gamma"), ServiceTime()
    u = (1e-6, 0.1, 0.5, 0.9, 1 - 1e-9)
    times = service_days(gamma, u, 60.0)
    assert times == pytest.approx(service_days(plain, u, 60.0), abs=2**-20)
    assert all(time % 2**-20 == 0 for time in times)
