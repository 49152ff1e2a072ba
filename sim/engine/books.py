"""The books: after each business day a trial balance, after each month funding and a picture."""

import math
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from models.arrays import Bools, Ints
from models.clauses import implements
from models.codes import one_of
from models.kernels import funding_cost
from models.kernels.groups import first_of_runs
from models.products.np_atobarai import IS_ORDER
from sim.engine.state.exposure import unposted
from sim.engine.state.portfolio import DueStatus, PurchaseStatus
from sim.engine.state.world import World
from sim.record.accounts import Account
from sim.record.ledger import SIDES, LedgerError
from sim.record.postings import Posting
from sim.record.spells import STAGES, stage_of
from sim.record.tallies import Bucket
from sim.table import add_at

LAST_DAYS = np.array([30, 60, 90, 180])
"""Last days past due of the buckets of arrears but the last one."""
FUNDED = [Account.PRINCIPAL_RECEIVABLE, Account.MERCHANT_PAYABLE, Account.MEMBER_CREDIT]
"""Accounts whose sum is what the lender has to fund (LEN-03)."""
_SIDES_BY_NIGHT = np.stack((SIDES.sum(axis=1), SIDES[:, FUNDED].sum(axis=1)), axis=1)
"""What one yen of a posting does to all accounts together, and to those that are funded."""
_WAITS = one_of(PurchaseStatus.HELD, PurchaseStatus.AUTHORISED)
_IS_ASKED_FOR = one_of(DueStatus.OPEN, DueStatus.OVERDUE, DueStatus.STOPPED)


def close_books(world: World, day: int) -> None:
    """Check the balance of a business day; at a month's end post funding, reconcile, take stock."""
    residual, funded = world.ledger.moved(_SIDES_BY_NIGHT).T
    if residual.any():
        raise LedgerError(f"trial balance of day {day} is off by {residual.tolist()}")
    is_month_end = bool(world.calendar.day_of_month[day + 1] == 1)
    _fund(world, day, funded, is_month_end=is_month_end)
    _record_backlogs(world, day)
    _pay_providers(world, day)
    if is_month_end:
        live = live_dues(world)
        owed = receivables(world, live)
        check_control_accounts(world, day, live, owed)
        _take_stock(world, day, owed)
        world.due_index.sort(world.dues)  # the month's bills are written


def _record_backlogs(world: World, day: int) -> None:
    """Note what waits at desks; days on which nothing does are left out, but for the last."""
    is_last = day == world.n_days - 1
    for statistics in world.statistics_of_desks:
        if statistics.n_waiting or is_last:
            statistics.record_backlog(day)


def _pay_providers(world: World, day: int) -> None:
    """Post what outside providers cost for the work that desks gave them on a day."""
    for name, first in vars(world.desks[0]).items():
        outside = first.outside
        if outside is not None:
            is_review = name == "review"
            posting = (
                Posting.PROVIDER_OF_REVIEWS_PAID
                if is_review
                else Posting.PROVIDER_OF_COLLECTION_PAID
            )
            desks = [getattr(desks, name) for desks in world.desks]
            cost = [desk.settle_outsourced() * outside.cost_yen for desk in desks]
            world.ledger.post_total(posting, day, np.array(cost, dtype=np.int64))


@implements("LEN-03")
def _fund(world: World, day: int, funded: Ints, *, is_month_end: bool) -> None:
    """Add the day's funded principal by replication; post its cost with the month."""
    world.funded_yen_days += np.maximum(funded, 0)
    if is_month_end:
        cost = funding_cost(world.funded_yen_days, world.config.economics.funding_rate)
        world.ledger.post_total(Posting.FUNDING, day, cost)
        world.funded_yen_days[:] = 0


class LiveDues(NamedTuple):
    """The dues on the books, in runs that belong to one replication each."""

    rows: Ints
    runs: Ints  # place in `rows` at which each run begins
    replications: Ints  # by run

    def sums_of(self, column: Ints, n_replications: int) -> Ints:
        """Sum a column of dues by replication."""
        # NOTE: dues are written for many members at once, in order, so runs are long.
        sums = np.zeros(n_replications, dtype=np.int64)
        if self.runs.size:
            yen = column[self.rows].astype(np.int64)
            np.add.at(sums, self.replications, np.add.reduceat(yen, self.runs))
        return sums


def live_dues(world: World) -> LiveDues:
    """Give the dues that are on the books."""
    dues = world.dues
    status = dues.status[: dues.size]
    rows = ((status != int(DueStatus.PAID)) & (status != int(DueStatus.WRITTEN_OFF))).nonzero()[0]
    replications = dues.member[rows] // world.n_members
    runs = first_of_runs(replications).nonzero()[0]
    return LiveDues(rows, runs, replications[runs])


def receivables(world: World, live: LiveDues) -> dict[Account, Ints]:
    """Sum by replication what the tables of members and dues say that is owed, by receivable."""
    members, dues, n = world.members, world.dues, world.replications.size

    by_row = world.sum_of_rows

    def by_due(column: Ints) -> Ints:
        return live.sums_of(column, n)

    damages = by_due(dues.damages_yen) + by_due(dues.late_damages_yen)
    principal = by_row(members.unsettled_yen) - by_row(members.held_yen)
    ahead = unposted(world)
    if ahead is not None:  # may be posted in the month after
        principal -= by_row(ahead)
    return {
        Account.PRINCIPAL_RECEIVABLE: principal,
        Account.FEE_RECEIVABLE: by_due(dues.fee_yen) + by_row(members.claimed_fee_yen),
        Account.LATE_DAMAGES_RECEIVABLE: damages + by_row(members.claimed_damages_yen),
        Account.LATE_ADMIN_FEE_RECEIVABLE: by_due(dues.admin_yen)
        + by_row(members.claimed_admin_yen),
        Account.COST_RECEIVABLE: by_due(dues.cost_yen) + by_row(members.claimed_cost_yen),
    }


def control_residuals(
    world: World, live: LiveDues | None = None, owed: Mapping[Account, Ints] | None = None
) -> dict[str, Ints]:
    """Give control accounts less the sums of the tables behind them, by replication.

    Parameters
    ----------
    world
        Lender.
    live, owed
        What `live_dues` and `receivables` give, where that is at hand.

    Returns
    -------
    dict
        Account name to signed residual, shape (replications,); all zero in sound books.
    """
    members, dues, balance = world.members, world.dues, world.ledger.balance
    live = live or live_dues(world)
    billed = live.sums_of(dues.price_yen, balance.shape[0])
    unbilled = world.sum_of_rows(members.month_price_yen)
    return {
        **{
            account.name.lower().replace("_", " "): balance[:, account] - yen
            for account, yen in (owed or receivables(world, live)).items()
        },
        "principal of bills": balance[:, Account.PRINCIPAL_RECEIVABLE]
        - (billed + unbilled)
        - world.contract.unbilled(world),
        **_residuals_of_products(world),
        "member credit": balance[:, Account.MEMBER_CREDIT] + world.sum_of_rows(members.credit_yen),
    }


def _residuals_of_products(world: World) -> dict[str, Ints]:
    """Give the residuals of accounts that only some products have."""
    residuals: dict[str, Ints] = {}
    balance = world.ledger.balance
    if world.points is not None:
        worth = world.sum_of_rows(world.points.accounts.points)
        worth *= world.config.products.np_points.yen_per_point
        residuals["points liability"] = balance[:, Account.POINTS_LIABILITY] + worth
    if world.sells_orders:
        residuals["unsettled orders"] = _unsettled_orders(world)
    return residuals


def _unsettled_orders(world: World) -> Ints:
    """Give what counts against the limit of orders less the orders behind it, by replication."""
    table, dues, orderers = world.purchases, world.dues, world.orderers
    residual = world.sum_of_rows(orderers.unsettled_yen - orderers.open_yen)
    waits = _WAITS[table.status[: table.size]]
    asked = (IS_ORDER[table.product[: table.size]] & waits).nonzero()[0]
    add_at(residual, table.member[asked] // world.n_members, -table.price_yen[asked])
    live = _IS_ASKED_FOR[dues.status[: dues.size]]
    billed = (IS_ORDER[dues.product[: dues.size]] & live).nonzero()[0]
    add_at(residual, dues.member[billed] // world.n_members, -dues.price_yen[billed])
    return residual


def check_control_accounts(
    world: World, day: int, live: LiveDues, owed: Mapping[Account, Ints]
) -> None:
    """Reconcile the control accounts with the tables.

    Raises
    ------
    LedgerError
        If an account differs from what the tables say.
    """
    for account, residual in control_residuals(world, live, owed).items():
        if residual.any():
            raise LedgerError(f"{account} on day {day} is off by {residual.tolist()}")


def _take_stock(world: World, day: int, owed: Mapping[Account, Ints]) -> None:
    """Count members and principal by bucket, and the moves since the last month's end."""
    members, stock = world.members, world.snapshots
    month = int(world.calendar.month_of[day])
    n = members.size
    bucket = buckets(world, day)
    principal = members.unsettled_yen[:n] - members.held_yen[:n]
    ahead = unposted(world)
    if ahead is not None:
        principal -= ahead[:n]
    # Counted at once by where members were, whether they are in default, and where they are.
    size = len(Bucket)
    shape = stock.members.shape[0], size, 2, size
    n_cells = math.prod(shape)
    cell = np.repeat(np.arange(0, n_cells, 2 * size * size, dtype=np.int32), world.n_members)
    cell += stock.history[month - 1] * np.int32(2 * size)
    cell += world.workouts.is_running * np.int32(size)
    cell += bucket
    count = np.bincount(cell, minlength=n_cells).reshape(shape)
    owing = (principal != 0).nonzero()[0]  # NOTE: numpy looks truth values up five times as fast
    yen = np.bincount(cell[owing], principal[owing], n_cells).astype(np.int64).reshape(shape)
    stock.members[:, month] = count.sum(axis=(1, 2))
    stock.principal_yen[:, month] = yen.sum(axis=(1, 2))
    stock.sound[:, month] = count[:, :, 0].sum(axis=1)
    if month:
        stock.moves[:, month] = count.sum(axis=2)
        stock.moved_yen[:, month] = yen.sum(axis=2)
    placed = members.is_placed[:n].nonzero()[0]
    add_at(stock.placed_yen[:, month], placed // world.n_members, principal[placed])
    for account, owed_yen in owed.items():
        stock.owed_yen[:, month, account] = owed_yen
    stock.history[month] = bucket
    _look_at_vintages(world, day, month)
    for tally in (world.spells, world.workouts, world.delays, world.collection):
        tally.count()


def _look_at_vintages(world: World, day: int, month: int) -> None:
    """Count members by month of joining, and how late they are and have been."""
    members, stock = world.members, world.snapshots
    n, (n_replications, n_months) = members.size, stock.vintages.shape[:2]
    # Who has joined stays in the pictures that follow.
    if month:
        stock.vintages[:, month, :, 0] = stock.vintages[:, month - 1, :, 0]
    new = (members.joined_day[:n] >= world.calendar.month_first[month]).nonzero()[0]
    joined = np.bincount(new // world.n_members, minlength=n_replications)
    stock.vintages[:, month, month, 0] = joined
    is_late, worst = members.overdue_since[:n] >= 0, members.worst_days_past_due[:n]
    rows = (is_late | (worst > 0)).nonzero()[0]  # the others are at the first stage
    late = np.where(is_late[rows], day - members.spell_start[rows], 0)
    month_of = np.append(world.calendar.month_of[: world.n_days], n_months)  # day -1: beyond all
    shape = n_replications, n_months + 1, len(STAGES), len(STAGES)
    cell = rows // world.n_members * shape[1] + month_of[members.joined_day[rows]]
    cell = cell * shape[2] + stage_of(late)
    cell = cell * shape[3] + stage_of(np.maximum(worst[rows], late))
    by_stage = np.bincount(cell, minlength=math.prod(shape)).reshape(shape)
    # Whoever has reached a stage has reached those before it.
    now = by_stage.sum(axis=3)[..., ::-1].cumsum(axis=-1)[..., ::-1]
    ever = by_stage.sum(axis=2)[..., ::-1].cumsum(axis=-1)[..., ::-1]
    standings = np.concatenate((now[..., 1:], ever[..., 1:]), axis=-1)
    stock.vintages[:, month, :, 1:] = standings[:, :n_months]


def are_customers(world: World) -> Bools:
    """Tell who was ever admitted, or has ordered by another product, by member row."""
    n = world.members.size
    found = np.asarray(world.members.joined_day[:n] >= 0)
    return found | (world.orderers.n_orders[:n] > 0) if world.sells_orders else found


def buckets(world: World, day: int) -> Ints:
    """Give the bucket of every member row at the end of a day."""
    members = world.members
    n = members.size
    since = members.overdue_since[:n]
    # NOTE: numpy adds and multiplies truth values ten times as fast as it chooses by them.
    bucket = (members.unsettled_yen[:n] > 0) + np.int8(Bucket.NO_DEBT)  # or the next: current
    late = ((since >= 0) & (since < day)).nonzero()[0]
    bucket[late] = Bucket.DPD_1_30 + LAST_DAYS.searchsorted(day - since[late], side="left")
    bucket[members.is_written_off[:n]] = Bucket.WRITTEN_OFF
    return bucket * are_customers(world)  # 0: not a member
