"""Lives at au PAY Atobarai told again from the event log; every revolving bill of random runs."""

from collections import defaultdict
from itertools import groupby
from typing import Any, ClassVar
from unittest.mock import patch

import numpy as np
import polars as pl
import pytest
from hypothesis import given

from models.arrays import Ints
from models.kernels.revolving import Course
from models.products.au_pay.accrual import DayCount
from models.products.au_pay.measures import MeasureGround
from models.products.au_pay.plan_terms import RevolvingTerms
from models.products.au_pay.revolving import Accounts, MonthlyBill
from models.products.catalogue import Lender
from sim.config import Config
from sim.engine import drivers
from sim.engine.au_pay import revolving as au_revolving
from sim.engine.au_pay.measures import STOP_OF
from sim.engine.books import close_books
from sim.engine.simulation import run_worlds
from sim.engine.state.portfolio import DueStatus, Stop
from sim.engine.state.world import World
from sim.facts.recorded_lines import event_frame, ledger_frame
from sim.record.eventlog import Record
from sim.record.postings import Posting
from tests.property.random_au import au_configs
from tests.property.random_configs import examples
from tests.property.test_au_books import PRINCIPAL
from tests.property.test_invariants import with_minutes

every_configuration = examples(12)
NEVER = 1 << 30


@pytest.mark.clause("AU-30.1(1)", "AU-30.1(2)", "AUX-REV(1)")
@every_configuration
@given(config=au_configs())
def test_every_revolving_bill_is_fee_and_principal_and_none_is_negative(config: Config) -> None:
    compute, billed = au_revolving.monthly_bill, 0

    def checked(
        terms: RevolvingTerms, daycount: DayCount, accounts: Accounts, base: Ints, *rest: Ints
    ) -> MonthlyBill:
        nonlocal billed
        bill = compute(terms, daycount, accounts, base, *rest)
        owed, course = accounts.running_yen + accounts.captured_yen, rest[1]
        assert (bill.payment_yen == bill.fee_yen + bill.principal_yen).all()
        assert (bill.principal_yen >= 0).all()
        if terms.rate * 100 == 18 and terms.final_rule.startswith("balance_plus"):
            pays = (owed > 0) & (base > 0) & (course != Course.FIXED)
            assert (bill.fee_yen < bill.payment_yen)[pays].all()
        billed += bill.payment_yen.size
        return bill

    with patch.object(au_revolving, "monthly_bill", checked):
        (world,) = run_worlds(config, [0], "cohort", Record.everyone())
    events = event_frame([world]).filter(pl.col("activity") == "revolving_billed")
    fees = ledger_frame([world]).filter(pl.col("kind") == "revolving_fee")
    # What the log calls the payment holds the fee that the books show.
    assert events["yen"].sum() >= fees["yen"].sum()
    assert billed >= events.height - world.members.size


class Watch:
    """Notes on every night whose oldest overdue due lies how far back."""

    def __init__(self) -> None:
        self.oldest: list[np.ndarray] = []

    def close(self, world: World, day: int) -> None:
        """Close the books of a day, then look."""
        close_books(world, day)
        table = world.dues
        late = np.flatnonzero(
            np.isin(table.status[: table.size], (DueStatus.OVERDUE, DueStatus.WRITTEN_OFF))
        )
        oldest = np.full(world.members.size, NEVER)
        np.minimum.at(oldest, table.member[late], table.due_day[late])
        self.oldest.append(oldest)


class Replay:
    """Stops, limit and uses of one member, from the events and the principal that the books show.

    Parameters
    ----------
    config
        Terms.
    watch
        Arrears by night.
    member
        Row.
    change
        Yen by which the principal of posted uses changed, by day.
    posted
        References of uses that were posted: the books know of their end.
    """

    ENDS: ClassVar = frozenset({"measure_cancelled", "left", "died"})
    STOPS: ClassVar = {
        "use_stopped": Stop.ARREARS,
        "misuse_suspected": Stop.FRAUD,
    }
    LIFTS: ClassVar = {"use_released": Stop.ARREARS, "misuse_stop_ended": Stop.FRAUD}
    LIMITS: ClassVar = frozenset({"limit_set", "limit_raised", "limit_cut", "limit_zeroed"})
    FREES: ClassVar = frozenset(
        {"hold_expired", "review_approved", "review_refused", "review_too_late"}
    )
    BEYOND: ClassVar = frozenset({"over_limit_approved", "offline_use"})

    def __init__(
        self,
        config: Config,
        watch: Watch,
        member: int,
        change: dict[int, int],
        posted: set[int],
    ) -> None:
        self._terms = config.products.au_pay
        self._oldest = [int(night[member]) for night in watch.oldest]
        self._change = change
        self._posted = posted
        self._limit = self._raise = self._used = 0
        self._is_member = False
        self._stops = Stop(0)
        self._ground = MeasureGround(0)
        self._beyond: set[int] = set()

    def run(self, life: pl.DataFrame) -> None:
        """Go through a life day by day: the morning, uses in their order, then the closing."""
        # A held use frees its price before it asks again; nothing else of one minute conflicts.
        rows = sorted(
            life.iter_rows(named=True),
            key=lambda row: (row["minute"], row["activity"] not in self.FREES),
        )
        limit = self._terms.limit
        if limit.over_limit_approved_share or limit.offline_share:
            self._beyond = {row["minute"] for row in rows if row["activity"] in self.BEYOND}
        for day, events in groupby(rows, key=lambda row: row["minute"] // 1440):
            for past in [past for past in self._change if past < day]:
                self._used += self._change.pop(past)
            for event in events:
                self._tell(event, day)

    def _tell(self, event: dict[str, Any], day: int) -> None:
        """Take one event in; an authorisation must be allowed."""
        activity, yen = event["activity"], event["yen"]
        if activity in ("purchase_authorised", "purchase_held"):
            self._check(event, day)
            self._used += yen
        elif activity in self.FREES or (
            activity == "purchase_cancelled" and event["reference"] not in self._posted
        ):
            self._used -= yen
        elif activity == "application_approved" or activity in self.ENDS:
            self._is_member = activity == "application_approved"
        else:
            self._tell_of_limit(activity, yen)
            self._tell_of_stop(activity, event["reference"])

    def _tell_of_limit(self, activity: str, yen: int) -> None:
        """Take in what changes the limit."""
        if activity in self.LIMITS:
            self._limit = yen
        elif activity == "temporary_limit_given":
            self._raise = self._terms.limit.temporary_yen
        elif activity == "temporary_limit_ended":
            self._raise = 0

    def _tell_of_stop(self, activity: str, reference: int) -> None:
        """Take in what stops and releases use."""
        if activity == "measure_ground":
            self._ground = MeasureGround(reference - 1)
        elif activity == "measure_suspended":
            self._stops |= STOP_OF.get(self._ground, Stop.MISUSE)
        elif activity in self.STOPS:
            self._stops |= self.STOPS[activity]
        elif activity in self.LIFTS:
            self._stops &= ~self.LIFTS[activity]

    def _check(self, event: dict[str, Any], day: int) -> None:
        """Ask again what the lender should have answered."""
        assert self._is_member, event
        assert not self._stops, event
        if day and self._terms.limit.block_on_overdue:
            assert self._oldest[day - 1] == NEVER, event
        if event["activity"] == "purchase_authorised" and event["minute"] not in self._beyond:
            assert self._used + event["yen"] <= self._limit + self._raise, event


def principal_by_day(world: World) -> dict[int, dict[int, int]]:
    """Give by member and day how the principal of posted uses fell, from the ledger lines."""
    change: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for day, posting, rows, yen, _, _ in world.ledger.lines:
        sign = PRINCIPAL.get(posting, 0) if posting is not Posting.PURCHASE_POSTED else 0
        if sign:
            for row, amount in zip(rows.tolist(), yen.tolist(), strict=True):
                change[row][day] += sign * amount
    return change


@pytest.mark.clause("AU-24.11", "AU-27.1", "AU-40.1", "AU-41.1", "AU-22.4")
@every_configuration
@given(config=au_configs())
def test_no_use_is_authorised_while_stopped_overdue_gone_or_above_the_limit(config: Config) -> None:
    watch = Watch()
    with patch.object(drivers, "close_books", watch.close):
        (world,) = run_worlds(config, [0], "cohort", Record.everyone())
    assert world.lender == Lender.AU
    change, events = principal_by_day(world), with_minutes(config, world)
    for (member,), life in events.group_by(["case_id"], maintain_order=True):
        number = int(str(member))
        posted = set(life.filter(pl.col("activity") == "purchase_posted")["reference"])
        Replay(config, watch, number, change[number], posted).run(life)


BUREAU = r"^(AU-15|AUX-CIC)"


@pytest.mark.clause("AU-37.2(3)", "AUX-CIC(4)", "ART-08")
@examples(8)
@given(config=au_configs(alone=False, members=(15, 25), months=(4, 6)))
def test_who_missed_nothing_bears_no_damages_and_only_au_tells_the_bureau(config: Config) -> None:
    worlds = run_worlds(config, [0], "cohort", Record.everyone())
    (au,) = (world for world in worlds if world.lender == Lender.AU)
    ledger, events = ledger_frame([au]), event_frame([au])
    late = events.filter(
        (pl.col("activity") == "payment_missed") | pl.col("activity").str.starts_with("accelerated")
    )
    missed = late["case_id"].unique().implode()
    of_damages = pl.col("kind").str.starts_with("late_damages")
    assert ledger.filter(of_damages & ~pl.col("member").is_in(missed)).is_empty()
    registered = events.filter(pl.col("activity") == "arrears_registered")
    assert registered.filter(~pl.col("case_id").is_in(missed)).is_empty()
    others = event_frame([world for world in worlds if world is not au])
    assert others.filter(pl.col("clause").str.contains(BUREAU)).is_empty()
