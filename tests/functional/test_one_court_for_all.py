"""A petition at one lender binds the other, whatever the intermediary had agreed on there."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
import polars as pl
import pytest

from models.members.repayment import Reason
from models.products.catalogue import Product
from sim.config import Config
from sim.engine.agenda import Task
from sim.engine.books import control_residuals
from sim.engine.drivers import drive_cohort, drive_members
from sim.engine.law.arrangements import file_petitions, note
from sim.engine.simulation import set_up
from sim.engine.state.legal_portfolio import Arrangement
from sim.engine.state.new_dues import write_dues
from sim.engine.state.portfolio import Status
from sim.engine.state.world import World
from sim.facts.recorded_lines import event_frame
from sim.record.eventlog import Record
from sim.record.postings import Posting
from tests.functional.conftest import QUIET, merged

NEVER = dict.fromkeys(("overdue", "dunning", "law_firm", "lawsuit", "garnishment"), 0.0)
ALWAYS_PAID = dict.fromkeys(("punctual", "forgetful", "short", "hardship", "never_pays"), 0.0)
LAW: dict[str, Any] = {
    "settlement": {
        "enabled": True,
        "chance": NEVER,
        "include_all_lenders": False,
        "missed": ALWAYS_PAID,
    },
    "insolvency": {
        "enabled": True,
        "per_year": 0.0,
        "late_per_year": 1.0,
        "late_from_day": 70,
        "rehabilitation": 0.0,
    },
}
COLLECTIONS = {"ladder": (), "reminder_days": 0, "law": LAW}
"""An intermediary settles with one lender only; who is 70 days late on a first petitions."""
NO_PETITIONS = {"law": {"insolvency": {"enabled": False}}}
ONE = np.array([0])
OWED = 10_000


class Debtor:
    """A person who owes 10,000 yen to each lender, overdue since 10 February.

    Parameters
    ----------
    drive
        A driver.
    changes
        What differs from `COLLECTIONS`, at both lenders.
    """

    def __init__(
        self,
        drive: Callable[[Sequence[World]], object] = drive_cohort,
        changes: Mapping[str, Any] = MappingProxyType({}),
    ) -> None:
        collections = merged(COLLECTIONS, changes)
        spending = {"uses_per_year": 0.0}
        changed = {
            "months": 14,
            "collections": collections,
            "lenders": {"au": {"collections": collections, "spending": spending}},
            "products": {
                "atone": {"late": {"admin_fee_yen": 0}},
                "au_pay": {"enabled": True},
            },
        }
        self.config = Config.model_validate(merged(QUIET, changed))
        self.worlds = set_up(self.config, [0], Record.everyone())
        self.np, self.au = self.worlds
        drive(self.worlds)
        for world, product in ((self.np, Product.ATONE), (self.au, Product.AU_ONE_TIME)):
            self._owe(world, product)
        self.np.persons.never_pays[:] = True
        self.np.persons.payday[:] = 25

    def _owe(self, world: World, product: Product) -> None:
        """Write a bill that nobody pays, and the books of it."""
        members, day = world.members, self.day("2026-02-10")
        members.status[:1] = Status.ACTIVE
        members.joined_day[:1] = 0
        due = write_dues(
            world,
            np.zeros(1, dtype=np.int64),
            product=int(product),
            month=0,
            due_day=day,
            price_yen=OWED,
            reason=int(Reason.NEVER_PAYS),
            u=np.full(1, 0.5),
            pays_on=10**6,
        )
        world.members.unsettled_yen[0] += OWED
        world.ledger.post(Posting.PURCHASE_POSTED, 0, ONE, np.array([OWED]), 0, product)
        world.agenda.schedule(Task.FALL_DUE, np.array([day]), due)

    def day(self, date: str) -> int:
        """Give the day index of a date."""
        return (dt.date.fromisoformat(date) - self.config.start).days

    def through(self, date: str) -> None:
        """Live on until a day is closed."""
        self.np.env.run(until=self.day(date) + 1.01)

    def dates(self, world: World, *activities: str) -> list[tuple[str, str]]:
        """Give (date, activity) of some activities at a lender."""
        events = event_frame([world]).filter(pl.col("activity").is_in(activities))
        return [
            (str(time.date()), activity)
            for time, activity in events.sort("timestamp").select("timestamp", "activity").rows()
        ]


COURT = ("intermediary_retained", "bankruptcy_filed", "rehabilitation_filed", "discharged")


def settled_with_au(one: Debtor) -> Debtor:
    """Let an intermediary settle with au Financial Service only, and a payment be made."""
    one.through("2026-02-15")
    note(one.au, one.day("2026-02-16"), ONE, Arrangement.SETTLEMENT)
    one.through("2026-04-30")
    assert one.au.arrangements.has_plan(ONE)[0]
    assert len(one.dates(one.au, "plan_paid")) == 1
    return one


@pytest.mark.clause("COLL-10", "AU-39.2(4)", "NP-7.1")
@pytest.mark.parametrize("drive", [drive_cohort, drive_members])
def test_a_bankruptcy_at_one_lender_ends_the_plan_at_the_other(
    drive: Callable[[Sequence[World]], object],
) -> None:
    one = settled_with_au(Debtor(drive))
    one.through("2026-12-31")
    ((petition, _), (discharge, _)) = one.dates(one.np, *COURT)
    assert one.day(discharge) == one.day(petition) + 180
    # Drawn at Net Protections, where nothing was agreed on; 80 days late on 1 May.
    assert petition.startswith("2026-05")
    assert one.dates(one.au, *COURT)[1:] == one.dates(one.np, *COURT)
    assert all(date < petition for date, _ in one.dates(one.au, "plan_paid", "plan_missed"))
    for world in one.worlds:
        assert world.members.unsettled_yen[0] == 0
        assert world.members.overdue_since[0] == -1
        assert not any(residual.any() for residual in control_residuals(world).values())


@pytest.mark.clause("COLL-10")
def test_a_rehabilitation_takes_the_place_of_a_plan_and_a_bankruptcy_of_both() -> None:
    one = settled_with_au(Debtor(changes=NO_PETITIONS))
    day = one.day("2026-05-01")
    assert note(one.au, day, ONE, Arrangement.REHABILITATION).size == 1
    for weaker in (Arrangement.SETTLEMENT, Arrangement.REHABILITATION):
        assert note(one.au, day, ONE, weaker).size == 0
    claim = int(one.au.dues.price_yen[0] + one.au.dues.late_damages_yen[0])
    one.through("2026-12-31")
    assert one.dates(one.au, "rehabilitation_filed", "plan_agreed") == [
        ("2026-04-17", "plan_agreed"),
        ("2026-05-01", "rehabilitation_filed"),
        ("2026-10-28", "plan_agreed"),
    ]
    # What the plan out of court has paid is paid; a fifth of the rest is paid in 36 parts.
    plan = one.au.arrangements
    assert claim < OWED
    assert int(plan.first_yen[0]) + 35 * int(plan.other_yen[0]) == claim // 5
    assert int(plan.n_due[0]) == len(one.dates(one.au, "plan_paid")) - 1
    assert note(one.au, one.day("2027-01-01"), ONE, Arrangement.BANKRUPTCY).size == 1
    one.through("2027-02-25")
    assert len(one.dates(one.au, "plan_paid")) == 1 + 2


@pytest.mark.clause("COLL-10")
def test_who_pays_by_a_plan_does_not_petition_at_the_lender_of_the_plan() -> None:
    one = settled_with_au(Debtor())
    day = one.day("2026-05-01")
    file_petitions(one.au, day, ONE)
    assert one.au.arrangements.kind[0] == Arrangement.SETTLEMENT
    file_petitions(one.np, day, ONE)
    assert one.au.arrangements.kind[0] == Arrangement.BANKRUPTCY
