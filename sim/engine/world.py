"""The world of one pass: configuration, state, books, agenda and desks, as the steps see them.

A pass holds one or several replications as extra member rows; they share the clock and nothing
else. Everything derived from the configuration is computed once here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import simpy

from models.arrays import Floats, Ints
from models.calendar import Calendar
from models.members.repayment import unpaid_tables
from models.members.spending import price_table
from models.policy.collections import CALL, HAND_OVER
from models.policy.economics import bill_cost
from models.policy.hours import Hours, minute_of_day
from models.products.atone import PayMethod, due_days
from sim.config import Config
from sim.engine.agenda import Agenda
from sim.engine.desks import Desk, Work
from sim.engine.opening_hours import OpeningHours
from sim.engine.tallies import PaymentDelays, Snapshots
from sim.eventlog import EventLog, Record
from sim.ledger import Ledger
from sim.macro_paths import factor_paths
from sim.portfolio import Dues, Members, Purchases
from sim.rng import Four, Randomness, Stream

MINUTES_PER_DAY = 1440
END_OF_DAY = MINUTES_PER_DAY - 1
"""Minute of day shown for what a night posts on the business day it closes."""
CONTACT_MINUTE = 8 * 60
"""Minute of day shown for messages and letters (no contact before 08:00)."""


@dataclass
class Desks:
    """The desks of one replication."""

    review: Desk
    calls: Desk
    law_firm: Desk


@dataclass(frozen=True)
class Derived:
    """Tables computed once from the configuration."""

    unpaid: Floats  # (5, days): share unpaid by reason and days past due
    prices: Ints  # price quantiles
    due_day: Ints  # (months, 5): due day by closed month and pay method
    statement_day: Ints  # by closed month
    bill_cost: Ints  # by pay method
    reflection: Ints  # days by pay method
    ladder_days: Ints  # days past due of the steps of the ladder
    responses: list[Floats]  # by step of the ladder: share that pays, by reason
    factor: Floats  # (replications, months): macro factor


class World:
    """Everything a step may read or write.

    Parameters
    ----------
    config
        The run.
    replications
        Numbers of the replications in this pass.
    record
        Whose lines are kept.
    env
        The SimPy environment.
    chunk_rows
        Rows that a step gets at once at most.
    """

    agenda: Agenda

    def __init__(
        self,
        config: Config,
        replications: Sequence[int],
        record: Record,
        env: simpy.Environment,
        chunk_rows: int,
    ) -> None:
        self.config = config
        self.terms = config.products.atone
        self.replications = np.array(replications, dtype=np.int64)
        self.env = env
        self.chunk_rows = chunk_rows
        self.calendar = Calendar.of(config.start, config.months, margin_days=400)
        self.n_days = self.calendar.n_days
        self.n_members = config.population.members
        self.rng = Randomness(config.seed)
        n_rows = self.n_members * len(replications)
        month_of = self.calendar.month_of[: self.n_days + 1]
        mask = record.mask(len(replications), self.n_members)
        self.ledger = Ledger(len(replications), self.n_members, month_of, mask)
        self.log = EventLog(len(replications), self.n_members, month_of, mask)
        self.members = Members(n_rows)
        self.members.append(
            n_rows,
            replication=np.repeat(self.replications, self.n_members),
            number=np.tile(np.arange(self.n_members), len(replications)),
        )
        monthly = config.behaviour.spending.uses_per_year / 12
        self.purchases = Purchases(int(n_rows * monthly * config.months * 1.1))
        self.dues = Dues(int(n_rows * config.months * min(0.5, monthly)))
        self.derived = derive(config, self.calendar, self.rng, self.replications)
        self.desks = [self._open_desks() for _ in replications]
        self.held_work: dict[int, Work] = {}
        self.case_work: dict[int, Work] = {}
        self.calling: set[tuple[int, int]] = set()
        self.delays = PaymentDelays(len(replications), config.months, self.n_members)
        self.snapshots = Snapshots(len(replications), config.months)
        self.funded_yen_days = np.zeros(len(replications), dtype=np.int64)

    def uniforms(self, stream: Stream, rows: Ints, occurrence: Ints | int) -> Floats:
        """Draw the block of each member row, shape (4, n)."""
        members = self.members
        return self.rng.uniforms(
            stream, members.replication[rows], members.number[rows], occurrence
        )

    def uniforms_of_one(self, stream: Stream, row: int, occurrence: int) -> Four:
        """Draw the block of one member row."""
        replication, number = divmod(row, self.n_members)
        return self.rng.one(stream, int(self.replications[replication]), number, occurrence)

    def factor_of(self, rows: Ints, month: int) -> Floats:
        """Give the macro factor that member rows feel in a month, shape (n,)."""
        column = self.derived.factor[:, min(month, self.derived.factor.shape[1] - 1)]
        return np.asarray(column[rows // self.n_members])

    def desks_of(self, row: int) -> Desks:
        """Give the desks of a member row's replication."""
        return self.desks[row // self.n_members]

    def _open_desks(self) -> Desks:
        """Open the desks of one replication."""
        config = self.config
        review = config.screening.review_desk
        calls = config.collections.call_desk
        law_firm = config.collections.law_firm
        return Desks(
            review=self._desk("review", review.reviewers, review.hours),
            calls=self._desk("calls", calls.callers, calls.hours),
            law_firm=self._desk("law_firm", law_firm.clerks, law_firm.hours),
        )

    def _desk(self, name: str, n_staff: int, hours: Hours) -> Desk:
        """Open one desk."""
        days = self.calendar.is_business_day if hours.business_days_only else None
        opening = OpeningHours(minute_of_day(hours.opens), minute_of_day(hours.closes), days)
        return Desk(
            self.env, name, n_staff, opening, month_of=self.calendar.month_of[: self.n_days]
        )


def derive(config: Config, calendar: Calendar, rng: Randomness, replications: Ints) -> Derived:
    """Compute the tables of a configuration."""
    terms = config.products.atone
    collections = config.collections
    months = np.arange(config.months)
    return Derived(
        unpaid=unpaid_tables(config.behaviour.repayment, calendar.n_days + 60),
        prices=price_table(config.behaviour.spending),
        due_day=np.array([due_days(terms.due, calendar, int(month)) for month in months]),
        statement_day=np.array(
            [calendar.nth_business_day(int(m) + 1, terms.statement_business_day) for m in months]
        ),
        bill_cost=bill_cost(config.economics.cost_per_bill),
        reflection=np.array(
            [getattr(terms.reflection, method.name.lower()) for method in PayMethod]
        ),
        ladder_days=np.array([step.day for step in collections.ladder], dtype=np.int64),
        responses=[
            collections.channels[step.action].response.by_reason()
            if step.action not in (CALL, HAND_OVER)
            else np.zeros(5)
            for step in collections.ladder
        ],
        factor=factor_paths(config, rng, replications),
    )
