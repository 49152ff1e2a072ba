"""Small stories: a few members written by hand, the days told one by one, every yen on record.

Nothing happens in a story that is not told: nobody buys, forgets, falls ill or is reminded of his
own accord. A member with carelessness 1 forgets every bill that is paid by hand, one with strain 1
has an empty purse whenever a bill falls due; both pay on day `PAYS_LATE_ON` past due.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, Self

import numpy as np
import polars as pl
import pytest

from models.policy.hours import minute_of_day
from models.products.catalogue import Lender, Product
from sim.config import Config
from sim.engine.agenda import Task
from sim.engine.books import control_residuals
from sim.engine.clock import Clock
from sim.engine.drivers import drive_cohort
from sim.engine.state.economy import Economy
from sim.engine.state.portfolio import Members, Status
from sim.engine.state.world import MINUTES_PER_DAY, World
from sim.facts.recorded_lines import event_frame, ledger_frame
from sim.record.eventlog import Record
from sim.record.postings import Posting

PAYS_LATE_ON = 30
CHUNK_ROWS = 1 << 16


def curve(day: int) -> dict[str, Any]:
    """Give the unpaid curve of members who all pay on one day past due, 2 or later."""
    return {"days": (day - 1, day), "unpaid": (1.0, 1e-12)}


QUIET: dict[str, Any] = {
    "months": 6,
    "population": {"members": 1},
    "behaviour": {
        "spending": {"uses_per_year": 0.0},
        "repayment": {
            "forgets": 1.0,
            "short_of_cash": 1.0,
            "ceiling": 1.0,
            "young_multiple": 1.0,
            "new_member_multiple": 1.0,
            "invoice_forget_multiple": 1.0,
            "waits_for_payday": 0.0,
            "paid_twice_share": 0.0,
            "reminder_heeded": 0.0,
            "forgetful": curve(PAYS_LATE_ON),
            "short": curve(PAYS_LATE_ON),
        },
        "hardship": {"per_month": 0.0, "misses_bill": 1.0},
        "new_method_share": 0.0,
    },
    "screening": {
        "hold": {"share": 0.0, "new_member_share": 0.0},
        "score": {
            "start": 40.0,
            "per_np_use": 1.5,
            "per_np_late": -7.0,
            "per_bill_on_time": 3.0,
            "per_bill_late": -2.0,
            "per_late_month": -4.0,
            "cut_off": 34.0,
        },
    },
    "collections": {
        "ladder": (),
        "reminder_days": 0,
        "law": {"settlement": {"enabled": False}, "insolvency": {"enabled": False}},
    },
    "macro": {"rho": 0.0},
}
"""A configuration in which nothing happens by itself."""


def merged(base: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Lay changes over nested mappings."""
    result = dict(base)
    for key, value in changes.items():
        below = base.get(key)
        both = isinstance(value, Mapping) and isinstance(below, Mapping)
        result[key] = merged(below, value) if both else value  # type: ignore[arg-type]
    return result


class Story:
    """A world whose members are active from the first day on and do what they are told.

    Parameters
    ----------
    changes
        What differs from `QUIET`.
    """

    def __init__(self, changes: Mapping[str, Any]) -> None:
        self.config = Config.model_validate(merged(QUIET, changes))
        env, record = Clock(), Record.everyone()
        self.economy = Economy(self.config, [0], record, env, CHUNK_ROWS)
        self.world = World(self.economy, Lender.NP)
        drive_cohort([self.world])
        self.everybody(status=Status.ACTIVE, joined_day=0, limit_yen=50_000, age=40)

    def day(self, date: str) -> int:
        """Give the day index of a date."""
        return (dt.date.fromisoformat(date) - self.config.start).days

    def everybody(self, **columns: float) -> Self:
        """Write columns of all members."""
        for name, value in columns.items():
            self._table_of(name)[: self.world.members.size] = value
        return self

    def member(self, number: int, **columns: float) -> Self:
        """Write columns of one member."""
        for name, value in columns.items():
            self._table_of(name)[number] = value
        return self

    def _table_of(self, column: str) -> np.ndarray:
        """Give a column of the members, or of the persons they are."""
        table = self.world.members if column in Members.columns else self.world.persons
        return getattr(table, column)

    def buys(
        self,
        date: str,
        yen: int,
        *,
        member: int = 0,
        at: str = "12:00",
        cancelled_after: int = -1,
        product: Product = Product.ATONE,
    ) -> Self:
        """Let a member ask for a purchase."""
        day, table = self.day(date), self.world.purchases
        month = int(self.world.calendar.month_of[day])
        mine = table.member[: table.size] == member
        purchases = table.append(
            1,
            member=member,
            product=int(product),
            month=month,
            wish=int((mine & (table.month[: table.size] == month)).sum()),
            minute=day * MINUTES_PER_DAY + minute_of_day(at),
            price_yen=yen,
            u_hold=np.full(1, 0.5),
            cancel_after=cancelled_after,
        )
        self.world.agenda.schedule(Task.WISH, np.array([day]), purchases)
        return self

    def through(self, date: str) -> Self:
        """Live on until a day is closed (and the next one is open)."""
        self.world.env.run(until=self.day(date) + 1.01)
        self.__dict__.pop("ledger", None)
        self.__dict__.pop("events", None)
        return self

    @cached_property
    def ledger(self) -> pl.DataFrame:
        """Ledger lines so far."""
        return ledger_frame([self.world])

    @cached_property
    def events(self) -> pl.DataFrame:
        """Events so far."""
        return event_frame([self.world])

    def lines(
        self, *kinds: str, member: int | None = None, due: int | None = None
    ) -> list[tuple[str, str, int]]:
        """Give (date, kind, yen) of the ledger lines of some kinds, by day."""
        chosen = self.ledger.filter(pl.col("kind").is_in(kinds))
        if member is not None:
            chosen = chosen.filter(pl.col("member") == member)
        if due is not None:
            chosen = chosen.filter(pl.col("due") == due)
        return [
            (str(day), kind, yen)
            for day, kind, yen in chosen.sort("day", maintain_order=True)
            .select("day", "kind", "yen")
            .iter_rows()
        ]

    def total(self, *kinds: str, member: int | None = None, due: int | None = None) -> int:
        """Give the yen of the ledger lines of some kinds."""
        return sum(yen for _, _, yen in self.lines(*kinds, member=member, due=due))

    def dates(self, activity: str, *, member: int | None = None) -> list[str]:
        """Give the dates of an activity in the event log."""
        return [date for date, _, _ in self.happened(activity, member=member)]

    def happened(self, *activities: str, member: int | None = None) -> list[tuple[str, str, int]]:
        """Give (date, activity, yen) of some activities in the event log, by time."""
        chosen = self.events.filter(pl.col("activity").is_in(activities))
        if member is not None:
            chosen = chosen.filter(pl.col("case_id") == member)
        return [
            (str(time.date()), activity, yen)
            for time, activity, yen in chosen.sort("timestamp", maintain_order=True)
            .select("timestamp", "activity", "yen")
            .iter_rows()
        ]

    def applies(self, date: str, *, member: int = 0) -> Self:
        """Let somebody apply who is no member yet."""
        day = self.day(date)
        nobody = {"status": Status.APPLICANT, "joined_day": -1, "limit_yen": 0}
        self.member(member, application_day=day, **nobody)
        self.world.agenda.schedule(Task.APPLY, np.array([day]), np.array([member]))
        return self

    def posted(self, posting: Posting) -> list[int]:
        """Give the yen of a posting by month, member or not."""
        return [int(yen) for yen in self.world.ledger.yen[0, :, posting.number].sum(axis=-1)]

    def residuals(self) -> dict[str, int]:
        """Give what the control accounts differ by from the tables."""
        return {
            name: int(residual[0])
            for name, residual in control_residuals(self.world).items()
            if residual.any()
        }


Tell = Callable[..., Story]


@pytest.fixture
def tell() -> Tell:
    """Begin a story; keyword arguments are sections of the configuration."""

    def begin(**changes: object) -> Story:
        return Story(changes)

    return begin


@pytest.fixture
def late_on() -> Callable[[int], dict[str, Any]]:
    """Give the behaviour of members who pay on a day past due, 2 or later, when they are late."""

    def behaviour(day: int) -> dict[str, Any]:
        return {"repayment": {"forgetful": curve(day), "short": curve(day)}}

    return behaviour
