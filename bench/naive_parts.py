"""What the naive model is made of: purchases, bills, spells of arrears, desks and their work.

Also here: the order of a night and what the standard library does not draw (`bench.naive_simpy`).
"""

import math
import random
from collections.abc import Callable, Generator
from dataclasses import dataclass
from enum import IntEnum
from statistics import NormalDist
from typing import Any

import simpy
from scipy.special import gammaincinv

from models.members.repayment import Reason
from models.policy.hours import Hours, minute_of_day

Process = Generator[simpy.Event, Any, None]
Action = Callable[[int, Any], None]
NORMAL = NormalDist()

# The order of a night: what closes a business day, then what opens the next (rulebook 0.6).
Step = IntEnum(
    "Step",
    "REVIEWED HOLD_ENDS POST CANCEL PAYOUT CALLED PAY PAY_ARREARS AGENCY_WORKED DEBIT FALL_DUE "
    "ADMIN_FEE CLOSE_MONTH RELEASE STOP RE_REVIEW WRITE_OFF PROMISE_ENDS DUN BEGIN_MONTH APPLY "
    "STATEMENT REMIND WISH",
)


def poisson(rng: random.Random, mean: float) -> int:
    """Draw a Poisson count (Knuth)."""
    limit, product, n = math.exp(-mean), rng.random(), 0
    while product > limit:
        product *= rng.random()
        n += 1
    return n


def gamma_quantile(shape: float, u: float) -> float:
    """Give the gamma quantile with mean 1."""
    return float(gammaincinv(shape, u)) / shape


class Work:
    """Something that a desk has to do."""

    def __init__(self, env: simpy.Environment, days: float) -> None:
        self.days = days
        self.done = env.event()
        self.is_moot = False

    def withdraw(self) -> None:
        """Make the work moot; who waits for it hears of it now."""
        if not self.done.triggered:
            self.is_moot = True
            self.done.succeed()


class Desk:
    """People who take work from one queue within opening hours."""

    def __init__(
        self, env: simpy.Environment, n_staff: int, hours: Hours, is_business_day: list[bool]
    ) -> None:
        self.env = env
        self.queue = simpy.Store(env)
        self.opens = minute_of_day(hours.opens) / 1440
        self.closes = minute_of_day(hours.closes) / 1440
        self.is_open_day = [day or not hours.business_days_only for day in is_business_day]
        for _ in range(n_staff):
            env.process(self.serve())

    def submit(self, mean_minutes: float, rng: random.Random) -> Work:
        """Queue work of exponential length."""
        work = Work(self.env, rng.expovariate(1.0 / mean_minutes) / 1440)
        self.queue.put(work)
        return work

    def serve(self) -> Process:
        """Work through the queue, one person."""
        while True:
            work = yield self.queue.get()
            opening = self.next_opening(self.env.now)
            if opening > self.env.now:
                yield self.env.timeout(opening - self.env.now)
            if not work.is_moot:
                yield self.env.timeout(work.days)
                if not work.is_moot:
                    work.done.succeed()

    def next_opening(self, now: float) -> float:
        """Give the first instant from now on at which the desk is open."""
        day = int(now)
        if now >= day + self.closes:
            day += 1
        while not self.is_open_day[day]:
            day += 1
        return max(now, day + self.opens)


@dataclass(slots=True, eq=False)
class Purchase:
    """A use of atone."""

    price: int
    status: str = "wished"
    billing_month: int = -1
    is_paid_out: bool = False
    answer: str = ""
    work: Work | None = None


@dataclass(slots=True, eq=False)
class Bill:
    """The bill of a month and what is still unpaid of it."""

    month: int
    method: int
    due_day: int
    price: int
    fee: int
    damages: int
    admin: int
    status: str = "open"
    reason: int = Reason.PUNCTUAL
    u: float = 1.0
    pays_on: int = -1
    is_paid_twice: bool = False
    accrues_from: int = -1
    accrued: int = 0
    late: int = 0

    @property
    def claim(self) -> int:
        """What the bill asks for."""
        return self.admin + self.damages + self.fee + self.price


class Spell:
    """One spell of arrears, from the first missed bill to the last yen."""

    def __init__(self, day: int, bill: Bill) -> None:
        self.start = self.overdue_since = day
        self.reason, self.u, self.stay = bill.reason, bill.u, 1.0
        self.bill = bill
        self.waits_for_payday = False
        self.pays_on = -1
        self.step = self.sessions = 0
        self.promise_day = -1
        self.is_calling = self.is_placed = False
        self.work: Work | None = None
