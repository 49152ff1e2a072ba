"""Identities that hold on every night of every configuration (rulebook 4.9).

Each run is watched at each closing of the books. What the tables say is compared with what follows
from the recorded ledger lines and events alone, so that state and record prove each other.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import groupby
from typing import ClassVar
from unittest.mock import patch

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given, seed

from models.arrays import Ints
from models.clauses import clause_of
from models.products.catalogue import Lender, Product
from models.products.np_atobarai import IS_ORDER
from sim.config import Config
from sim.engine import drivers
from sim.engine.books import close_books, control_residuals
from sim.engine.simulation import run_worlds
from sim.engine.state.portfolio import DueStatus, PurchaseStatus
from sim.engine.state.world import World
from sim.facts.recorded_lines import event_frame, ledger_frame
from sim.facts.replication import facts_of
from sim.record.accounts import Account
from sim.record.eventlog import ACTIVITIES, Record
from sim.record.postings import POSTINGS, Posting
from tests.property.random_configs import configs, examples

N_CONFIGURATIONS = 40
NEVER = 1 << 30
ORDERS = ("np_atobarai", "np_air")

PRINCIPAL = {
    Posting.PURCHASE_POSTED: 1,
    Posting.PURCHASE_CANCELLED: -1,
    Posting.PRINCIPAL_PAID: -1,
    Posting.PRINCIPAL_NETTED: -1,
    Posting.PRINCIPAL_WRITTEN_OFF: -1,
    Posting.EXEMPTED: -1,
    Posting.PRINCIPAL_PAID_BY_POINTS: -1,
}
"""Postings that change the principal of a bill, with their sign."""
GIVEN_UP = {
    Posting.PRINCIPAL_WRITTEN_OFF: 1,
    Posting.FEE_WRITTEN_OFF: 1,
    Posting.LATE_DAMAGES_WRITTEN_OFF: 1,
    Posting.LATE_ADMIN_FEE_WRITTEN_OFF: 1,
    Posting.COST_WRITTEN_OFF: 1,
    Posting.EXEMPTED_WRITTEN_OFF: -1,
    Posting.RECOVERED: -1,
    Posting.CREDIT_RECOVERED: -1,
}
"""Postings that change what is written off on a bill and not recovered, with their sign."""


OF_THE_LENDER = (
    Posting.FUNDING,
    Posting.PROVIDER_OF_REVIEWS_PAID,
    Posting.PROVIDER_OF_COLLECTION_PAID,
)
"""Postings of the lender as a whole, on no member's account."""


class Watch:
    """Compares tables and ledger lines of one replication on every night."""

    def __init__(self) -> None:
        self.nights = 0
        self.oldest_overdue: list[Ints] = []
        """By day: due day of each member's oldest overdue due at its end; large if none."""
        self._seen = 0
        self._principal: Ints = np.zeros(0, dtype=np.int64)
        self._given_up: Ints = np.zeros(0, dtype=np.int64)
        self._balance: Ints = np.zeros(0, dtype=np.int64)

    def close(self, world: World, day: int) -> None:
        """Close the books of a day, then look at them."""
        close_books(world, day)
        if not self.nights:
            shape = (world.n_members, len(Product), world.config.months)
            self._principal, self._given_up = (np.zeros(shape, dtype=np.int64) for _ in range(2))
            self._balance = np.zeros(world.ledger.balance.shape[1], dtype=np.int64)
        self.nights += 1
        self._read_lines(world)
        self._check_accounts(world)
        self._check_bills(world)
        check_signs(world)

    def _read_lines(self, world: World) -> None:
        """Add the new ledger lines to sums by bill and by account."""
        lines, self._seen = world.ledger.lines[self._seen :], len(world.ledger.lines)
        for _, posting, rows, yen, month, product in lines:
            assert (yen > 0).all(), posting
            self._balance[posting.debit] += yen.sum()
            self._balance[posting.credit] -= yen.sum()
            if posting in PRINCIPAL:
                assert (month >= 0).all(), posting
                np.add.at(self._principal, (rows, product, month), PRINCIPAL[posting] * yen)
            on_bill = month >= 0
            if posting in GIVEN_UP:
                change = GIVEN_UP[posting] * yen[on_bill]
                cell = (rows[on_bill], product[on_bill], month[on_bill])
                np.add.at(self._given_up, cell, change)

    def _check_accounts(self, world: World) -> None:
        """Compare balances with the lines, and control accounts with the tables."""
        lines = self._balance.copy()
        for posting in OF_THE_LENDER:  # no line
            paid = world.ledger.yen[0, :, posting.number].sum()
            lines[posting.debit] += paid
            lines[posting.credit] -= paid
        assert lines.tolist() == world.ledger.balance[0].tolist()
        residuals = {name: int(off[0]) for name, off in control_residuals(world).items() if off[0]}
        # Before the closing some uses are authorised and not posted: unsettled, not receivable yet.
        unposted = np.flatnonzero(
            (world.purchases.status == PurchaseStatus.AUTHORISED)
            & ~IS_ORDER[world.purchases.product]
        )
        ahead = int(world.purchases.price_yen[unposted].sum())
        assert residuals.pop("principal receivable", 0) == -ahead
        assert not residuals

    def _check_bills(self, world: World) -> None:
        """Compare what is outstanding and what is given up on each bill with the lines."""
        dues, members = world.dues, world.members
        rows = np.arange(dues.size)
        outstanding, given_up = np.zeros_like(self._principal), np.zeros_like(self._given_up)
        owner, month, status = dues.member[rows], dues.month[rows], dues.status[rows]
        product = dues.product[rows]
        price = dues.price_yen[rows].astype(np.int64)
        rest = price + dues.fee_yen[rows] + dues.admin_yen[rows] + dues.cost_yen[rows]
        rest += dues.damages_yen[rows] + dues.late_damages_yen[rows]
        is_off = status == DueStatus.WRITTEN_OFF
        cell = (owner, product, month)
        np.add.at(outstanding, tuple(part[~is_off] for part in cell), price[~is_off])
        np.add.at(given_up, tuple(part[is_off] for part in cell), rest[is_off])
        # Purchases of a month not closed yet are on no bill; once billed they are, at that month.
        unbilled = (self._principal - outstanding).sum(axis=(1, 2))
        assert unbilled.tolist() == unbilled_by_member(world).tolist()
        billed = np.zeros(self._principal.shape, dtype=bool)
        # Orders of a month are invoiced one by one, instalments from month to month.
        # A claim payable at once, or an acceleration, makes a due before its month is closed.
        monthly = product == Product.ATONE
        monthly &= world.calendar.month_first[month + 1] <= self.nights
        billed[owner[monthly], product[monthly], month[monthly]] = True
        assert (self._principal == outstanding)[billed].all()
        # Claims that are discharged, prescribed or lost leave the books without a posting.
        gone = status == DueStatus.GONE
        ended = tuple(part[gone] for part in cell)
        self._given_up[ended] = given_up[ended]
        assert (self._given_up == given_up).all()
        late = is_off | (status == DueStatus.OVERDUE)
        oldest = np.full(members.size, NEVER)
        np.minimum.at(oldest, owner[late], dues.due_day[rows][late])
        self.oldest_overdue.append(oldest)


def unbilled_by_member(world: World) -> Ints:
    """Give the price that is posted and on no bill yet, by member."""
    members, orderers, plans = world.members, world.orderers, world.plans
    unbilled = members.month_price_yen[: members.size].astype(np.int64)
    unbilled[: orderers.size] += orderers.open_yen[: orderers.size]
    np.add.at(unbilled, plans.member[: plans.size], plans.open_yen[: plans.size])
    return unbilled


def check_signs(world: World) -> None:
    """Find nothing negative where money cannot be."""
    members, dues = world.members, world.dues
    parts = (
        dues.price_yen,
        dues.fee_yen,
        dues.damages_yen,
        dues.admin_yen,
        dues.cost_yen,
        dues.late_damages_yen,
        dues.accrued_yen,
    )
    assert all((part[: dues.size] >= 0).all() for part in parts)
    owed = (
        members.credit_yen,
        members.claimed_damages_yen,
        members.claimed_admin_yen,
        members.claimed_cost_yen,
        members.claimed_fee_yen,
        members.month_price_yen,
        members.month_uses,
        members.held_yen,
        members.unsettled_yen - members.held_yen,
    )
    assert all((column[: members.size] >= 0).all() for column in owed)
    paid = np.flatnonzero(dues.status[: dues.size] == DueStatus.PAID)
    assert not any(part[paid].any() for part in parts[:6])


@contextmanager
def watched() -> Iterator[Watch]:
    """Look at the books on every night of the runs inside."""
    watch = Watch()
    with patch.object(drivers, "close_books", watch.close):
        yield watch


def every_configuration(test: Callable[..., None]) -> Callable[..., None]:
    """Run a test over the same configurations as its neighbours, so that they share the lives."""
    shared: Callable[..., None] = seed(1)(examples(N_CONFIGURATIONS)(test))
    return shared


LIVES: dict[int, tuple[World, Watch]] = {}
"""Lives told so far, by the seed of the configuration, which is its own; nobody changes them."""


@pytest.fixture(scope="module", autouse=True)
def _lives_end_with_the_module() -> Iterator[None]:
    """Forget the lives after the last test."""
    yield
    LIVES.clear()


def live(config: Config) -> tuple[World, Watch]:
    """Live through a configuration under watch, everybody recorded; once for all tests."""
    if config.seed not in LIVES:
        with watched() as watch:
            (world,) = run_worlds(config, [0], "cohort", Record.everyone())
        assert watch.nights == world.n_days
        LIVES[config.seed] = world, watch
    return LIVES[config.seed]


@pytest.mark.clause("NP-22.2", "NP-28.4", "NP-28.10", "COLL-11", "COLL-12", "NP-30.1")
@every_configuration
@given(config=configs())
def test_every_yen_is_paid_outstanding_written_off_or_cancelled_on_every_night(
    config: Config,
) -> None:
    live(config)


@pytest.mark.clause("NP-23.3", "NP-7.1", "ART-09", "COLL-01")
@every_configuration
@given(config=configs())
def test_no_use_is_authorised_while_stopped_overdue_or_above_a_limit(config: Config) -> None:
    world, watch = live(config)
    settled = settled_by_day(world)
    events = with_minutes(config, world).filter(~pl.col("product").is_in(ORDERS))
    for (member,), life in events.group_by(["case_id"]):
        replay = Replay(config, watch.oldest_overdue, int(str(member)), settled[int(str(member))])
        replay.run(life)


def with_minutes(config: Config, world: World) -> pl.DataFrame:
    """Give all events with their minute since the start."""
    return event_frame([world]).with_columns(
        minute=(pl.col("timestamp") - pl.lit(config.start).cast(pl.Datetime("ms")))
        .dt.total_minutes()
        .cast(pl.Int64)
    )


def settled_by_day(world: World, *, of_orders: bool = False) -> dict[int, dict[int, int]]:
    """Give the principal settled or cancelled by member and day, from the ledger lines."""
    settled: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for day, posting, rows, yen, _, product in world.ledger.lines:
        if PRINCIPAL.get(posting) == -1:
            mine = IS_ORDER[product] == of_orders
            for row, amount in zip(rows[mine].tolist(), yen[mine].tolist(), strict=True):
                settled[row][day] += amount
    return settled


class Replay:
    """One member's limits and uses told again from the event log."""

    RESERVES = frozenset({"purchase_authorised", "purchase_held"})
    FREES = frozenset(
        {"purchase_cancelled", "hold_expired", "review_approved", "review_refused"}
        | {"review_too_late", "instalments_ended"}
    )
    LIMITS = frozenset({"limit_set", "limit_raised", "limit_cut", "limit_zeroed"})
    STOPS: ClassVar = {
        "use_stopped": "use_released",
        "misuse_suspected": "misuse_stop_ended",
        "member_suspended": "suspension_ended",
        "merchant_doubted": "doubts_resolved",
        "ties_suspected": "suspicion_cleared",
        "identity_unproven": "identity_proven",
    }
    """Stops by ground, with what ends them."""
    ENDS = frozenset(
        {"membership_cancelled", "ties_proven", "withdrew", "deemed_withdrawn", "died"}
    )

    def __init__(
        self, config: Config, oldest_overdue: list[Ints], member: int, settled: dict[int, int]
    ) -> None:
        self._terms = config.products.atone
        self._oldest = [int(day[member]) for day in oldest_overdue]
        self._settled = settled
        self._limit = 0
        self._unsettled = 0
        self._is_member = False
        self._stops: set[str] = set()
        self._posted: set[int] = set()

    def run(self, life: pl.DataFrame) -> None:
        """Go through a life day by day: morning, uses in their order, then the closing."""
        self._posted = set(life.filter(pl.col("activity") == "purchase_posted")["reference"])
        rows = sorted(life.iter_rows(named=True), key=self._order)
        for day, events in groupby(rows, key=lambda row: row["minute"] // 1440):
            for past in [past for past in self._settled if past < day]:
                self._unsettled -= self._settled.pop(past)
            for event in events:
                self._tell(event, day)

    def _order(self, event: dict[str, int]) -> tuple[int, int, int, int]:
        """Order events: by minute; closings of held uses free their price first, then ask again."""
        minute, activity = event["minute"], str(event["activity"])
        is_closing = activity in self.FREES
        is_second_answer = is_closing or minute % 1440 == 1439
        is_stop = activity in self.STOPS or activity in self.STOPS.values()
        is_morning = activity in self.LIMITS or activity.startswith("application") or is_stop
        return (
            minute,
            0 if is_morning else 1 + is_second_answer,
            not is_closing,
            event["reference"],
        )

    def _tell(self, event: dict[str, int], day: int) -> None:
        """Take one event in; an authorisation must be allowed."""
        activity, yen = str(event["activity"]), event["yen"]
        if activity in self.RESERVES:
            self._check(event, day)
            self._unsettled += yen
        elif activity in self.FREES:
            # What was posted is freed by the books, as is a price that the merchant lowers.
            if activity != "purchase_cancelled" or event["reference"] not in self._posted:
                self._unsettled -= yen
        elif activity in self.LIMITS:
            self._limit = yen
        elif activity == "application_approved" or activity in self.ENDS:
            self._is_member = activity == "application_approved"
        elif activity in self.STOPS:
            self._stops.add(self.STOPS[activity])
        self._stops.discard(activity)

    def _check(self, event: dict[str, int], day: int) -> None:
        """Ask again what the lender should have answered."""
        assert self._is_member, event
        assert not self._stops, event
        assert event["yen"] <= int(self._limit * self._terms.per_use_limit_share), event
        assert self._unsettled + event["yen"] <= self._limit, event
        if day:
            assert self._oldest[day - 1] + self._terms.usage_stop_day > day, event


class ReplayOfOrders(Replay):
    """One person's orders by NP Atobarai and air, which have a limit of their own."""

    def __init__(
        self, config: Config, oldest_overdue: list[Ints], member: int, settled: dict[int, int]
    ) -> None:
        super().__init__(config, oldest_overdue, member, settled)
        self._limit = config.products.np_atobarai.limit_yen

    def _check(self, event: dict[str, int], day: int) -> None:
        """Ask again: no order above the limit, none while anything is overdue (NP-7.4)."""
        assert self._unsettled + event["yen"] <= self._limit, event
        if day:
            assert self._oldest[day - 1] == NEVER, event


@pytest.mark.clause("NP-7.4", "ART-03")
@every_configuration
@given(config=configs())
def test_no_order_is_authorised_in_arrears_or_above_its_limit(config: Config) -> None:
    assume(config.products.np_atobarai.is_offered)
    world, watch = live(config)
    settled = settled_by_day(world, of_orders=True)
    orders = with_minutes(config, world).filter(pl.col("product").is_in(ORDERS))
    for (member,), life in orders.group_by(["case_id"]):
        number = int(str(member))
        ReplayOfOrders(config, watch.oldest_overdue, number, settled[number]).run(life)


@pytest.mark.clause("NP-30.1", "NP-30.3")
@every_configuration
@given(config=configs())
def test_who_missed_nothing_bears_no_late_damages_fees_or_dunning(config: Config) -> None:
    world, _ = live(config)
    lines, events = ledger_frame([world]), event_frame([world])
    missed = (
        events.filter(pl.col("activity").is_in(["payment_missed", "accelerated"]))
        # The day of acceleration bears damages itself (NP-30.2).
        .with_columns(
            missed=pl.col("timestamp").dt.date()
            - pl.when(pl.col("activity") == "accelerated")
            .then(pl.duration(days=1))
            .otherwise(pl.duration(days=0))
        )
        .group_by(member="case_id", product="product", due=pl.col("reference").cast(pl.Int16))
        .agg(missed=pl.col("missed").min())
    )
    damages = lines.filter(pl.col("kind") == "late_damages").join(
        missed, on=["member", "product", "due"], how="left"
    )
    assert damages.filter(
        pl.col("missed").is_null() | (pl.col("day") <= pl.col("missed"))
    ).is_empty()
    late = set(missed["member"].to_list())
    assert set(lines.filter(pl.col("kind").str.starts_with("late_"))["member"]) <= late
    stages = ["use_stopped", "contact_sent", "handed_over", "kept_in_house", "written_off"]
    assert set(events.filter(pl.col("activity").is_in(stages))["case_id"]) <= late


@pytest.mark.clause("LEN-06", "NP-36.1", "NP-39.1", "NP-40.1", "NP-40.2", "NP-42.1", "NP-42.3")
@every_configuration
@given(config=configs())
def test_points_awarded_returned_and_settled_are_used_lost_or_left(config: Config) -> None:
    assume(config.products.np_points.enabled)
    world, _ = live(config)
    assert world.points is not None
    accounts, lots = world.points.accounts, world.points.lots
    value = np.zeros(world.n_members, dtype=np.int64)
    for _, posting, rows, yen, _, _ in world.ledger.lines:
        sign = (posting.credit == Account.POINTS_LIABILITY) - (
            posting.debit == Account.POINTS_LIABILITY
        )
        np.add.at(value, rows, int(sign) * yen)
    balance = accounts.points[: accounts.size].astype(np.int64)
    assert (value == balance * config.products.np_points.yen_per_point).all()
    held = np.zeros(world.n_members, dtype=np.int64)
    np.add.at(held, lots.member[: lots.size], lots.points[: lots.size])
    shortfall = accounts.shortfall[: accounts.size]
    assert (held - shortfall == balance).all()
    assert (shortfall >= 0).all()
    assert (lots.points[: lots.size] >= 0).all()


@every_configuration
@given(config=configs())
def test_the_reduced_record_is_the_sum_of_the_whole_one(config: Config) -> None:
    world, _ = live(config)
    facts = facts_of([world])
    of_the_lender = {posting.name.lower() for posting in OF_THE_LENDER}
    kinds = {posting.name.lower() for posting in POSTINGS} - of_the_lender
    lines = ledger_frame([world]).with_columns(month=month_of(config, pl.col("day")))
    events = event_frame([world]).with_columns(
        month=month_of(config, pl.col("timestamp").dt.date())
    )
    for table, whole, key in (("postings", lines, "kind"), ("events", events, "activity")):
        sums = whole.group_by("product", "month", pl.col(key).alias("key")).agg(
            count=pl.len().cast(pl.Int64), yen=pl.col("yen").sum()
        )
        reduced = facts.filter((pl.col("table") == table) & ~pl.col("key").is_in(of_the_lender))
        columns = ["product", "month", "key", "count", "yen"]
        assert set(sums.select(columns).iter_rows()) == set(reduced.select(columns).iter_rows())
    assert set(lines["kind"]) <= kinds
    assert world.n_days > int(world.calendar.month_first[config.months - 1])


def month_of(config: Config, day: pl.Expr) -> pl.Expr:
    """Give the month index of a date."""
    months = day.dt.year() * 12 + day.dt.month() - (config.start.year * 12 + config.start.month)
    return months.cast(pl.Int16)


@every_configuration
@given(config=configs())
def test_stocks_moves_and_queues_add_up(config: Config) -> None:
    world, _ = live(config)
    stock = world.snapshots
    assert (stock.members.sum(axis=2) == world.n_members).all()
    assert (stock.moves[0, 1:].sum(axis=2) == stock.members[0, :-1]).all()
    assert (stock.moves[0, 1:].sum(axis=1) == stock.members[0, 1:]).all()
    for desk in vars(world.desks[0]).values():
        statistics = desk.statistics
        assert desk.check_littles_law() == 0
        done = sum(statistics.served) + sum(statistics.moot) + sum(statistics.refused)
        done += sum(statistics.outsourced)
        assert sum(statistics.arrivals) == done + desk.n_waiting


@pytest.mark.parametrize("entry", [*POSTINGS, *ACTIVITIES], ids=lambda entry: entry.name.lower())
def test_whatever_is_recorded_names_a_registered_clause(entry: Posting) -> None:
    assert clause_of(entry.clause)


def test_random_configurations_reach_every_posting() -> None:
    missing = {posting for posting in POSTINGS if posting.clauses[Lender.NP]}

    @seed(1)
    @examples(200)
    @given(config=configs())
    def collect(config: Config) -> None:
        if missing:  # some fifty lives are enough
            ledger = run_worlds(config, [0], "cohort", Record.nothing())[0].ledger
            missing.difference_update(p for p in POSTINGS if ledger.count[0, :, p.number].any())

    collect()
    assert missing == set()
