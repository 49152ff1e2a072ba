"""Draw teams in which everything about staff happens often: shifts, skills, absence, layoffs."""

import datetime as dt
from random import Random

from models.policy.hours import Hours, minute_of_day
from models.policy.staffing import (
    ORDINARY,
    Outside,
    ServiceTime,
    Shift,
    StaffChange,
    Team,
    WorkClass,
)

FIRST_DAYS = (dt.date(2026, 1, 1), dt.date(2026, 4, 1), dt.date(2027, 11, 1), dt.date(2028, 1, 1))
SENIOR = "senior"


def copied(random: Random) -> Random:
    """Give a generator that goes on as this one would, and takes nothing from it."""
    copy = Random()  # noqa: S311 - draws of a test
    copy.setstate(random.getstate())
    return copy


def service_time(random: Random) -> ServiceTime:
    """Draw a distribution of times."""
    pick = copied(random)
    name = pick.choice(("exponential", "exponential", "lognormal", "gamma", "deterministic"))
    if name in ("lognormal", "gamma"):
        return ServiceTime(distribution=name, variation=pick.choice((0.1, 0.5, 2.0)))
    return ServiceTime(distribution=name)


def team(random: Random, hours: Hours) -> Team:
    """Draw a team for a desk with these hours, in half of the cases the plain one."""
    pick = copied(random)
    if pick.random() < 0.5:
        return Team()
    shifts = _shifts(pick, hours)
    can_be_senior = any(SENIOR in shift.skills for shift in shifts)
    first = pick.choice(FIRST_DAYS)
    days = sorted(pick.sample(range(-20, 150), pick.choice((0, 0, 2))))
    return Team(
        shifts=shifts,
        classes=(
            WorkClass(from_attempt=1, priority=1),
            WorkClass(from_attempt=2, skill=SENIOR if can_be_senior else ORDINARY),
        )
        if pick.random() < 0.7
        else (),
        ageing_days=pick.choice((0.0, 1.5)),
        absent_share=pick.choice((0.0, 0.3)),
        falls_ill_share=pick.choice((0.0, 0.6)),
        changes=tuple(
            StaffChange(on=first + dt.timedelta(days=day), staff=pick.randrange(4)) for day in days
        ),
        outside=Outside(above=pick.choice((0, 2)), cost_yen=70, days=pick.choice((0.25, 3.7)))
        if pick.random() < 0.5
        else None,
    )


def _shifts(pick: Random, hours: Hours) -> tuple[Shift, ...]:
    """Draw an early and a late shift that overlap, or none."""
    if pick.random() < 0.4:
        return ()
    first, last = minute_of_day(hours.opens), minute_of_day(hours.closes)
    third = (last - first) // 3
    return (
        Shift(
            opens=hours.opens,
            closes=_clock(last - third),
            weekdays=pick.choice((("mon", "wed", "sat"), ("tue", "wed", "thu", "fri", "sun"))),
            skills=pick.choice(((ORDINARY,), (SENIOR,), (ORDINARY, SENIOR))),
        ),
        Shift(
            opens=_clock(first + third),
            closes=hours.closes,
            bank_holidays=pick.random() < 0.5,
            skills=pick.choice(((ORDINARY,), (ORDINARY, SENIOR))),
        ),
    )


def _clock(minute: int) -> str:
    """Write a minute of the day as HH:MM."""
    return f"{minute // 60:02}:{minute % 60:02}"
