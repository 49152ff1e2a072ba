"""The people of one desk now: who is busy, who is idle, and who of these is on duty."""

import math
from heapq import heappush

from sim.engine.desks.roster import Roster


class Crew:
    """The people of a roster and what each of them is doing; at first nobody is on duty.

    Turns are taken when somebody asks: between two of them the lists hold what was known last.

    Parameters
    ----------
    roster
        When they are on duty.
    """

    def __init__(self, roster: Roster) -> None:
        self.roster = roster
        self.idle: list[int] = []
        """A heap of those on duty and idle."""
        self.off: list[int] = list(range(roster.n_people))
        """Idle, but not on duty."""
        self.is_on_duty = [False] * roster.n_people
        """By person."""
        self.until = -math.inf
        """End of the turn for which these three hold."""

    @property
    def n_busy(self) -> int:
        """People in the middle of a service."""
        return self.roster.n_people - len(self.idle) - len(self.off)

    def take_turns(self, now: float) -> None:
        """Learn who is on duty now."""
        if now < self.until:
            return
        self.until, self.is_on_duty = self.roster.turn(now)
        idle, self.idle, self.off = sorted(self.idle + self.off), [], []
        for person in idle:
            (self.idle if self.is_on_duty[person] else self.off).append(person)

    def free(self, person: int) -> None:
        """Let a person be idle again."""
        if self.is_on_duty[person]:
            heappush(self.idle, person)
        else:
            self.off.append(person)
