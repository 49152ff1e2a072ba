"""Identities of au PAY Atobarai that hold on every night of every configuration (rulebook 4.9)."""

from collections import defaultdict
from unittest.mock import patch

import numpy as np
import polars as pl
import pytest
from hypothesis import given

from models.products.catalogue import Lender
from sim.config import Config
from sim.engine import drivers
from sim.engine.au_pay import uses as au_uses
from sim.engine.books import close_books, control_residuals
from sim.engine.simulation import run_worlds
from sim.engine.state.portfolio import DueStatus
from sim.engine.state.world import World
from sim.facts.recorded_lines import event_frame, ledger_frame
from sim.record.eventlog import Record
from sim.record.postings import Posting
from tests.property.random_au import au_configs
from tests.property.random_configs import examples

every_configuration = examples(10)
PRINCIPAL = {
    Posting.PURCHASE_POSTED: 1,
    Posting.PURCHASE_CANCELLED: -1,
    Posting.PRINCIPAL_PAID: -1,
    Posting.PRINCIPAL_NETTED: -1,
    Posting.PRINCIPAL_WRITTEN_OFF: -1,
    Posting.EXEMPTED: -1,
    Posting.PRINCIPAL_SOLD: -1,
}
"""Postings that change the principal a member owes, with their sign."""
MONEY = ("price_yen", "fee_yen", "damages_yen", "cost_yen", "late_damages_yen")


def principal_of_members(world: World) -> np.ndarray:
    """Give the principal on unpaid dues and in revolving accounts, by member row."""
    dues = world.dues
    rows = np.arange(dues.size)
    live = rows[~np.isin(dues.status[rows], (DueStatus.PAID, DueStatus.WRITTEN_OFF))]
    owed = world.revolving.principal(np.arange(world.members.size))
    np.add.at(owed, dues.member[live], dues.price_yen[live])
    return owed


class Watch:
    """Compares tables and ledger lines of one replication on every night."""

    def __init__(self) -> None:
        self._seen = 0
        self._principal = np.zeros(0, dtype=np.int64)
        self.nights = 0

    def close(self, world: World, day: int) -> None:
        """Close the books of a day, then look at them."""
        close_books(world, day)
        if world.lender != Lender.AU:
            return
        self.nights += 1
        off = {name: part.tolist() for name, part in control_residuals(world).items() if part.any()}
        assert not off
        self._add_lines(world)
        assert self._principal.tolist() == principal_of_members(world).tolist()
        for name in MONEY:
            assert (getattr(world.dues, name)[: world.dues.size] >= 0).all(), name
        table = world.revolving
        rows = np.arange(table.size)
        for column in (table.running_yen, table.captured_yen, table.pending_yen):
            assert (column[rows] >= 0).all()
        assert (table.stopped_yen[rows] >= 0).all()
        assert (table.overdue_yen[rows] >= 0).all()

    def _add_lines(self, world: World) -> None:
        """Add the new ledger lines to sums by member."""
        if not self._principal.size:
            self._principal = np.zeros(world.members.size, dtype=np.int64)
        lines, self._seen = world.ledger.lines[self._seen :], len(world.ledger.lines)
        for _, posting, rows, yen, _, _ in lines:
            assert (yen > 0).all(), posting
            if posting in PRINCIPAL:
                np.add.at(self._principal, rows, PRINCIPAL[posting] * yen)


def live(config: Config) -> World:
    """Live through a configuration under watch, everybody recorded; give the world of AU."""
    watch = Watch()
    with patch.object(drivers, "close_books", watch.close):
        worlds = run_worlds(config, [0], "cohort", Record.everyone())
    (world,) = (world for world in worlds if world.lender == Lender.AU)
    assert watch.nights == world.n_days
    return world


@pytest.mark.clause("AU-25.1", "AU-35.1", "AU-38.1", "AU-30.1(1)", "AU-26.2")
@every_configuration
@given(config=au_configs())
def test_every_yen_of_principal_is_on_a_due_or_in_an_account_on_every_night(
    config: Config,
) -> None:
    live(config)


@examples(8)
@given(config=au_configs(alone=False, members=(15, 25), months=(3, 5)))
def test_the_books_hold_beside_the_other_lender(config: Config) -> None:
    live(config)


@pytest.mark.clause("AU-31.2", "AU-29.1(2)", "AU-31.1")
@every_configuration
@given(config=au_configs())
def test_legs_add_up_to_price_and_fee_and_only_one_may_differ(config: Config) -> None:
    written: dict[int, list[tuple[int, int]]] = defaultdict(list)
    fees: dict[int, int] = defaultdict(int)
    original = au_uses.write_legs

    def spy(world: World, day: int, purchases: np.ndarray) -> None:
        first = world.dues.size
        original(world, day, purchases)
        for use in purchases.tolist():
            written.pop(use, None)  # a switch writes anew
        dues = np.arange(first, world.dues.size)
        for due in dues.tolist():
            use = int(world.dues.purchase[due])
            written[use].append((int(world.dues.price_yen[due]), int(world.dues.fee_yen[due])))

    with patch.object(au_uses, "write_legs", spy):
        (world,) = run_worlds(config, [0], "cohort", Record.nothing())
    for use, parts in written.items():
        assert sum(price for price, _ in parts) == world.purchases.price_yen[use]
        payments = [price + fee for price, fee in parts]
        assert len(set(payments[1:])) <= 1
        fees[use] = sum(fee for _, fee in parts)
        if len(parts) > 2:
            assert payments[0] >= payments[-1]
        else:
            assert fees[use] == 0


@every_configuration
@given(config=au_configs())
def test_every_line_names_a_clause_of_this_lender(config: Config) -> None:
    (world,) = run_worlds(config, [0], "cohort", Record.everyone())
    for frame in (ledger_frame([world]), event_frame([world])):
        silent = frame.filter(~pl.col("clause").str.contains(r"^(AU|AUX|COLL|LEN|CAL|ART-01)"))
        assert silent.is_empty(), silent.select(frame.columns).head(5)
