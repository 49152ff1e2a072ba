"""Who sits at a desk, when, with which skills, and how long a piece of work takes.

The flat numbers of a desk (people, hours, mean time) stand beside these sections. Without them
everybody is alike, works all hours of the desk, is never absent, and times are exponential.

People have numbers from 0. Shifts take them in this order; who is left works all hours of the desk
and can do ordinary work. With fewer people the last shifts are short, with more nothing is lost: so
the flat number can be swept, and a change of staff takes or gives the highest numbers.
"""

import datetime as dt
import math
from collections.abc import Sequence
from typing import Literal, Self, get_args

import numpy as np
from pydantic import Field, model_validator
from scipy.special import gammaincinv, ndtri

from models.arrays import Ints
from models.calendar import MINUTES_PER_DAY
from models.parameters import Parameters, Share, parameter
from models.policy.hours import Clock, Hours, minute_of_day

ORDINARY = "ordinary"
"""The skill that ordinary work needs, and that people have of whom nothing else is said."""
STEP = 2.0**-20
"""Times other than exponential ones are multiples of this part of a day, a twelfth of a second: so
they do not hang on the last bit of a special function."""

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)


class ServiceTime(Parameters):
    """How the time of a piece of work is spread around its mean."""

    distribution: Literal["exponential", "lognormal", "gamma", "deterministic"] = parameter(
        "exponential",
        "Distribution; a gamma distribution with variation 1/sqrt(k) is an Erlang of k phases.",
        unit="-",
        source="assumption",
    )
    variation: float = parameter(
        1.0,
        "Coefficient of variation of a lognormal or gamma time.",
        unit="standard deviations per mean",
        source="assumption",
        ge=0.05,
        le=5.0,
    )

    @model_validator(mode="after")
    def _variation_is_used(self) -> Self:
        if self.distribution in ("exponential", "deterministic") and self.variation != 1.0:
            raise ValueError(
                f"variation: got {self.variation}; allowed: only with lognormal or gamma, an "
                f"{self.distribution} time has its own"
            )
        return self


class Shift(Parameters):
    """People with hours, days and skills of their own, within those of the desk."""

    staff: int = parameter(
        1, "People of this shift.", unit="persons", source="assumption", ge=1, le=10_000
    )
    opens: Clock = parameter(
        "09:00", "Beginning of the shift.", unit="HH:MM", source="facts 7 (contact window)"
    )
    closes: Clock = parameter(
        "18:00", "End of the shift.", unit="HH:MM", source="facts 7 (contact window)"
    )
    weekdays: tuple[Weekday, ...] = parameter(
        WEEKDAYS,
        "Days of the week on which the shift works, of those on which the desk is open.",
        unit="-",
        source="assumption",
        min_length=1,
        max_length=7,
    )
    bank_holidays: bool = parameter(
        True,
        "Whether it works on bank holidays from Monday to Friday on which the desk is open.",
        unit="-",
        source="CAL-01",
    )
    skills: tuple[str, ...] = parameter(
        (ORDINARY,),
        "What its people can do; ordinary work needs `ordinary`.",
        unit="-",
        source="assumption",
        min_length=1,
        max_length=20,
    )


class WorkClass(Parameters):
    """What the attempts on a case need from one of them on."""

    from_attempt: int = parameter(
        1,
        "First attempt of the class, counted from 1.",
        unit="attempts",
        source="assumption",
        ge=1,
        le=60,
    )
    skill: str = parameter(
        ORDINARY, "Skill that the work needs.", unit="-", source="assumption", min_length=1
    )
    priority: int = parameter(
        0, "Smaller is served first.", unit="-", source="assumption", ge=-100, le=100
    )


class StaffChange(Parameters):
    """Another number of people from a date on."""

    on: dt.date = Field(
        description="First day with the new number.",
        json_schema_extra={"unit": "date", "source": "assumption"},
    )
    staff: int = parameter(
        1,
        "People from then on; who leaves finishes the work under way.",
        unit="persons",
        source="assumption",
        ge=0,
        le=10_000,
    )


class Outside(Parameters):
    """A provider that takes what the desk cannot do."""

    above: int = parameter(
        100,
        "Pieces of work that stay; at each opening of the desk the least urgent beyond them go.",
        unit="work",
        source="assumption",
        ge=0,
        le=10_000_000,
    )
    cost_yen: int = parameter(
        200,
        "Price of a piece of work, on top of its cost in house.",
        unit="yen",
        source="assumption",
        ge=0,
        le=1_000_000,
    )
    days: float = parameter(
        2.0,
        "Time after which the provider has done a piece of work.",
        unit="days",
        source="assumption",
        gt=0.0,
        le=365.0,
    )


class Team(Parameters):
    """The people of a desk beyond their number."""

    shifts: tuple[Shift, ...] = parameter(
        (),
        "Shifts, which take people in their order.",
        unit="-",
        source="assumption",
        max_length=50,
    )
    classes: tuple[WorkClass, ...] = parameter(
        (),
        "Classes of attempts, by ascending first attempt; before the first one work is ordinary.",
        unit="-",
        source="assumption",
        max_length=60,
    )
    ageing_days: float = parameter(
        0.0,
        "Wait that makes work as urgent as the next priority; 0: priority is strict.",
        unit="days",
        source="assumption",
        ge=0.0,
        le=365.0,
    )
    absent_share: Share = parameter(
        0.0, "Working days on which a person does not come.", unit="share", source="assumption"
    )
    falls_ill_share: Share = parameter(
        0.0,
        "Shifts begun that a person leaves ill, at any instant; work under way is queued again.",
        unit="share",
        source="assumption",
    )
    changes: tuple[StaffChange, ...] = parameter(
        (), "Hiring and layoffs, by ascending date.", unit="-", source="assumption", max_length=100
    )
    outside: Outside | None = parameter(
        None,
        "Provider that takes what waits beyond a number; null: nobody does.",
        unit="-",
        source="assumption",
    )

    @model_validator(mode="after")
    def _stands(self) -> Self:
        attempts = [work.from_attempt for work in self.classes]
        if attempts != sorted(set(attempts)):
            raise ValueError(f"classes: got first attempts {attempts}; allowed: ascending ones")
        dates = [change.on for change in self.changes]
        if dates != sorted(set(dates)):
            given = ", ".join(map(str, dates))
            raise ValueError(f"changes: got the dates {given}; allowed: ascending ones")
        known = {ORDINARY, *(skill for shift in self.shifts for skill in shift.skills)}
        for number, work in enumerate(self.classes):
            if work.skill not in known:
                raise ValueError(
                    f"classes.{number}.skill: got {work.skill!r}; allowed: a skill of a shift "
                    f"({', '.join(sorted(known))})"
                )
        return self

    def needs_of(self, attempts: Ints) -> tuple[Ints, list[str]]:
        """Give the priority and the skill that attempts need, counted from 1.

        Examples
        --------
        >>> Team(classes=(WorkClass(from_attempt=3, priority=-1),)).needs_of(np.array([2, 3]))
        (array([ 0, -1]), ['ordinary', 'ordinary'])
        """
        if not self.classes:
            return np.zeros_like(attempts), [ORDINARY] * attempts.size
        classes = (_ORDINARY_WORK, *self.classes)
        place = np.searchsorted([work.from_attempt for work in classes[1:]], attempts, side="right")
        priorities, skills = [work.priority for work in classes], [work.skill for work in classes]
        return np.array(priorities)[place], [skills[one] for one in place.tolist()]


_ORDINARY_WORK = WorkClass()


def check_team(team: Team, hours: Hours, n_people: int) -> None:
    """Raise ValueError unless a team fits its desk.

    Its shifts lie within the hours of the desk, and between them they have every skill that work
    needs, unless there are people in no shift, who do ordinary work.

    Parameters
    ----------
    team
        Shifts, classes of work and changes of staff.
    hours
        When the desk is open.
    n_people
        People on the first day.
    """
    first, last = minute_of_day(hours.opens), minute_of_day(hours.closes)
    for number, shift in enumerate(team.shifts):
        opens, closes = minute_of_day(shift.opens), minute_of_day(shift.closes)
        if not first <= opens < closes <= last:
            raise ValueError(
                f"team.shifts.{number}: got {shift.opens} to {shift.closes}; allowed: a time "
                f"within the hours of the desk, {hours.opens} to {hours.closes}"
            )
    most = max([n_people, *(change.staff for change in team.changes)])
    if not team.shifts or most > sum(shift.staff for shift in team.shifts):
        return
    known = dict.fromkeys(skill for shift in team.shifts for skill in shift.skills)
    needed = {work.skill for work in team.classes}
    if not team.classes or team.classes[0].from_attempt > 1:
        needed.add(ORDINARY)  # what comes before the first class
    if missing := sorted(needed - known.keys()):
        raise ValueError(
            f"team.shifts: nobody can do {missing[0]} work, got the skills {', '.join(known)}; "
            "allowed: shifts with all skills that work needs, or more people than shifts take"
        )


def exponential_days(u: Sequence[float], mean_minutes: float) -> list[float]:
    """Give exponential times in days."""
    # NOTE: one by one, as numpy's logarithm may differ in the last bit from machine to machine.
    log1p = math.log1p
    return [-log1p(-each) * mean_minutes / MINUTES_PER_DAY for each in u]


def service_days(time: ServiceTime, u: Sequence[float], mean_minutes: float) -> list[float]:
    """Give the times of pieces of work.

    Parameters
    ----------
    time
        Their distribution.
    u
        Uniforms strictly between 0 and 1.
    mean_minutes
        The mean in minutes, above 0.

    Returns
    -------
    list of float
        Days, 0 or more; by inversion, so that a longer time belongs to a larger uniform.

    Examples
    --------
    >>> service_days(ServiceTime(distribution="deterministic"), [0.3], 720.0)
    [0.5]
    """
    if time.distribution == "exponential":
        return exponential_days(u, mean_minutes)
    mean = mean_minutes / MINUTES_PER_DAY
    return [math.floor(mean * _ratio_to_mean(time, each) / STEP + 0.5) * STEP for each in u]


def _ratio_to_mean(time: ServiceTime, u: float) -> float:
    """Give the quantile of a time of mean 1."""
    squared = time.variation**2
    match time.distribution:
        case "lognormal":
            variance = math.log1p(squared)
            return math.exp(math.sqrt(variance) * float(ndtri(u)) - variance / 2)
        case "gamma":
            return float(gammaincinv(1 / squared, u)) * squared
    return 1.0
