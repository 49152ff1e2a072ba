"""Who is on duty when: people in groups with hours and skills, hired, laid off, absent, ill.

In: groups, dates, and who leaves on which day. Out: at any instant who is on duty and how long
that stays so, and the seconds on duty by day. All of it is known beforehand: a roster is rebuilt
from the configuration and holds no state, so that desks whose people are alike may share one.
"""

import math
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from models.arrays import Bools, Floats, Ints
from models.calendar import Calendar
from models.errors import InputError
from models.policy.hours import Hours, minute_of_day
from models.policy.staffing import ORDINARY, WEEKDAYS, Shift, Team
from sim.engine.desks.opening_hours import OpeningHours
from sim.engine.desks.statistics import second_of

NEVER = math.inf
TURNS_OF_A_DAY = 4
"""Turns that are kept: desks that share a roster go through a day one after the other."""

Draw = Callable[[int, Ints], Floats]
"""Gives the uniforms of a person on days, shape (4, n): absent, falls ill, when, nothing."""
Leaves = Mapping[int, Mapping[int, float]]
"""By day and person the instant from which on the person is away for the rest of the day."""


class Group(NamedTuple):
    """People with consecutive numbers who work the same hours and can do the same."""

    first: int
    last: int
    """First number and the number after the last one."""
    hours: OpeningHours
    skills: tuple[str, ...] = (ORDINARY,)


class Turn(NamedTuple):
    """A span in which the same people are on duty."""

    until: float
    is_on_duty: list[bool]
    """By person."""


class Roster:
    """The people of a desk and their duty.

    Parameters
    ----------
    hours
        When the desk is open.
    groups
        Its people, numbered without gaps from 0.
    heads
        People employed by first day, ascending, beginning with day 0: those with the lowest
        numbers. By default all.
    leaves
        Who is away when: from the beginning of a day on (absent) or from an instant on (ill).

    Raises
    ------
    InputError
        If a number of people is negative.

    Notes
    -----
    Who falls ill drops the work under way. At the end of a shift or of employment work under way
    is finished; leaves concern the day on which it was begun.
    """

    def __init__(
        self,
        hours: OpeningHours,
        groups: Sequence[Group],
        heads: Sequence[tuple[int, int]] = (),
        leaves: Leaves | None = None,
    ) -> None:
        self.hours = hours
        self.groups = tuple(groups)
        self.n_people = max((group.last for group in groups), default=0)
        if any(group.last < group.first for group in groups) or any(n < 0 for _, n in heads):
            raise InputError("n_staff must be 0 or more, got a negative number of people")
        self.skills = tuple(dict.fromkeys(name for group in groups for name in group.skills))
        """Names of skills in the order of the groups."""
        self._head_days = [day for day, _ in heads]
        self._heads = [n for _, n in heads]
        self._leaves = leaves or {}
        self.has_leaves = bool(self._leaves)
        self._turns: list[tuple[float, Turn]] = []  # those last asked for, since when each is known

    @classmethod
    def alike(cls, n_people: int, hours: OpeningHours) -> "Roster":
        """Build the roster of people who all work all hours of the desk."""
        if n_people < 0:
            raise InputError(f"n_staff must be 0 or more, got {n_people}")
        return cls(hours, [Group(0, n_people, hours)])

    @classmethod
    def of(
        cls, team: Team, n_people: int, hours: Hours, calendar: Calendar, draw: Draw
    ) -> "Roster":
        """Build the roster that a configuration describes.

        Parameters
        ----------
        team
            Shifts, changes of staff and absence.
        n_people
            People on the first day.
        hours
            When the desk is open.
        calendar
            Days of the run.
        draw
            Uniforms of a person's days.
        """
        opening = opening_hours(hours, calendar)
        changes = [(calendar.day(change.on), change.staff) for change in team.changes]
        heads = [(0, n_people), *_from_day_0(changes)] if team.changes else []
        most = max([n_people, *(change.staff for change in team.changes)])
        groups = _groups_of(team.shifts, most, hours, opening, calendar)
        leaves: dict[int, dict[int, float]] = {}
        if team.absent_share or team.falls_ill_share:
            for group in groups:
                _add_leaves(leaves, team, group, calendar.n_days, draw)
        return cls(opening, groups, heads, leaves)

    def turn(self, now: float) -> Turn:
        """Tell who is on duty at an instant, and until when nobody comes or goes."""
        for since, turn in self._turns:
            if since <= now < turn.until:
                return turn
        turn = self._turn_at(now)
        others = [known for known in self._turns if known[1].until != turn.until]
        self._turns = [(now, turn), *others[: TURNS_OF_A_DAY - 1]]
        return turn

    def _turn_at(self, now: float) -> Turn:
        """Work out who is on duty at an instant."""
        heads, until = self._heads_at(now)
        is_on_duty = [False] * self.n_people
        for first, last, hours, _ in self.groups:
            opening = hours.next_opening(now)
            if opening > now:
                until = min(until, opening)
            else:
                until = min(until, hours.closing(now))
                for person in range(first, min(last, heads)):
                    is_on_duty[person] = True
        if self.has_leaves:
            day = int(now)
            until = min(until, day + 1)
            for person, leaves_at in self._leaves.get(day, {}).items():
                if leaves_at <= now:
                    is_on_duty[person] = False
                elif is_on_duty[person]:
                    until = min(until, leaves_at)
        return Turn(until, is_on_duty)

    def leaves_at(self, person: int, now: float) -> float:
        """Give the instant at which a person on duty leaves ill on the day of `now`, or inf."""
        return self._leaves.get(int(now), {}).get(person, NEVER)

    def skills_of(self, person: int) -> tuple[str, ...]:
        """Give what a person can do."""
        return next(group.skills for group in self.groups if person < group.last)

    def _able(self, skill: str | None) -> list[Group]:
        """Give the groups of people who have a skill; None: all."""
        return [group for group in self.groups if skill is None or skill in group.skills]

    def duty_seconds(self, n_days: int, skill: str | None = None) -> Ints:
        """Give the seconds on duty of all who have a skill by day, absence not taken off."""
        seconds = np.zeros(n_days, dtype=np.int64)
        for group in self._able(skill):
            seconds += group.hours.open_seconds(n_days) * self._heads_of(group, n_days)
        return seconds

    def absent_seconds(self, n_days: int, skill: str | None = None) -> Ints:
        """Give the seconds of `duty_seconds` in which people were absent or ill, by day."""
        seconds = np.zeros(n_days, dtype=np.int64)
        for day, leaves in self._leaves.items():
            for group in self._able(skill) if day < n_days else ():
                heads = min(group.last, self._heads_at(day)[0])
                seconds[day] += sum(
                    _seconds_left(group.hours, day, leaves_at)
                    for person, leaves_at in leaves.items()
                    if group.first <= person < heads
                )
        return seconds

    def _heads_at(self, now: float) -> tuple[int, float]:
        """Give the people employed at an instant, and the day on which that changes."""
        if not self._heads:
            return self.n_people, NEVER
        place = bisect_right(self._head_days, now)
        until = self._head_days[place] if place < len(self._head_days) else NEVER
        return self._heads[place - 1], until

    def _heads_of(self, group: Group, n_days: int) -> Ints:
        """Give the people of a group employed by day."""
        heads = np.full(n_days, self.n_people)
        for day, n in zip(self._head_days, self._heads, strict=True):
            heads[day:] = n
        return np.asarray(np.clip(heads, group.first, group.last) - group.first)


def opening_hours(hours: Hours, calendar: Calendar) -> OpeningHours:
    """Put hours of the configuration on the calendar."""
    days = calendar.is_business_day if hours.business_days_only else None
    return OpeningHours(minute_of_day(hours.opens), minute_of_day(hours.closes), days)


def _from_day_0(changes: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Let changes before the first day hold from it on."""
    return [(max(day, 0), n) for day, n in changes]


def _groups_of(
    shifts: Sequence[Shift], most: int, hours: Hours, opening: OpeningHours, calendar: Calendar
) -> list[Group]:
    """Deal people to shifts in their order; who is left works all hours of the desk."""
    groups: list[Group] = []
    first = 0
    for shift in shifts:
        last = min(first + shift.staff, most)
        days = _days_of(shift, hours, calendar)
        works = OpeningHours(minute_of_day(shift.opens), minute_of_day(shift.closes), days)
        groups.append(Group(first, last, works, shift.skills))
        first = last
    if first < most or not groups:
        groups.append(Group(first, most, opening))
    return groups


def _days_of(shift: Shift, hours: Hours, calendar: Calendar) -> Bools:
    """Tell on which days a shift works, by day index."""
    is_business_day = calendar.is_business_day
    weekday = (calendar.start.weekday() + np.arange(is_business_day.size)) % 7
    works = np.isin(weekday, [WEEKDAYS.index(name) for name in shift.weekdays])
    if hours.business_days_only:
        works &= is_business_day
    if not shift.bank_holidays:
        works &= is_business_day | (weekday >= WEEKDAYS.index("sat"))
    return np.asarray(works, dtype=np.bool_)


def _add_leaves(
    leaves: dict[int, dict[int, float]], team: Team, group: Group, n_days: int, draw: Draw
) -> None:
    """Draw who of a group is absent or falls ill on which of its working days."""
    works = group.hours.open_seconds(n_days) > 0
    days = np.arange(n_days)
    opens, closes = group.hours.bounds
    for person in range(group.first, group.last):
        u = draw(person, days)
        is_absent = works & (u[0] < team.absent_share)
        falls_ill = works & ~is_absent & (u[1] < team.falls_ill_share)
        for day in np.flatnonzero(is_absent | falls_ill).tolist():
            at = 0.0 if is_absent[day] else opens + (closes - opens) * float(u[2, day])
            leaves.setdefault(day, {})[person] = day + at


def _seconds_left(hours: OpeningHours, day: int, at: float) -> int:
    """Give the seconds of a day's hours that are left at an instant of the day."""
    if hours.opening_from(day) >= day + 1:
        return 0
    opens, closes = hours.bounds
    return second_of(day + closes) - second_of(max(at, day + opens))
