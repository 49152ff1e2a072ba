"""The books: after each business day a trial balance, after each month funding and a picture."""

import numpy as np

from models.arrays import Ints
from models.clauses import implements
from models.kernels import funding_cost
from sim.engine.tallies import Bucket
from sim.engine.world import World
from sim.ledger import Account, LedgerError, Posting, trial_balance_residual
from sim.portfolio import DueStatus, Status


def close_books(world: World, day: int) -> None:
    """Check the balance of a business day; at a month's end post funding, reconcile, take stock."""
    residual = trial_balance_residual(world.ledger)
    if residual.any():
        raise LedgerError(f"trial balance of day {day} is off by {residual.tolist()}")
    is_month_end = world.calendar.day_of_month[day + 1] == 1
    _fund(world, day, is_month_end=bool(is_month_end))
    for desks in world.desks:
        for desk in (desks.review, desks.calls, desks.law_firm):
            desk.record_backlog(day)
    if is_month_end:
        check_control_accounts(world, day)
        _take_stock(world, day)


@implements("LEN-03")
def _fund(world: World, day: int, *, is_month_end: bool) -> None:
    """Add the day's funded principal; post its cost with the month."""
    balance = world.ledger.balance
    owed = (Account.PRINCIPAL_RECEIVABLE, Account.MERCHANT_PAYABLE, Account.MEMBER_CREDIT)
    funded = balance[:, owed].sum(axis=1)
    world.funded_yen_days += np.maximum(funded, 0)
    if is_month_end:
        cost = funding_cost(world.funded_yen_days, world.config.economics.funding_rate)
        world.ledger.post_total(Posting.FUNDING, day, cost)
        world.funded_yen_days[:] = 0


def control_residuals(world: World) -> dict[str, Ints]:
    """Give control accounts less the sums of the tables behind them, by replication.

    Returns
    -------
    dict
        Account name to signed residual, shape (replications,); all zero in sound books.
    """
    members, dues, balance = world.members, world.dues, world.ledger.balance
    n = balance.shape[0]
    rows = slice(0, members.size)
    live = np.flatnonzero(
        (dues.status[: dues.size] == DueStatus.OPEN)
        | (dues.status[: dues.size] == DueStatus.OVERDUE)
    )
    of_due = dues.member[live] // world.n_members
    of_row = np.arange(members.size) // world.n_members

    def by_row(column: Ints) -> Ints:
        return np.bincount(of_row, weights=column[rows], minlength=n).astype(np.int64)

    def by_due(column: Ints) -> Ints:
        return np.bincount(of_due, weights=column[live], minlength=n).astype(np.int64)

    damages = by_due(dues.damages_yen) + by_due(dues.late_damages_yen)
    principal = by_row(members.unsettled_yen) - by_row(members.held_yen)
    return {
        "principal receivable": balance[:, Account.PRINCIPAL_RECEIVABLE] - principal,
        "principal of bills": balance[:, Account.PRINCIPAL_RECEIVABLE]
        - by_due(dues.price_yen)
        - by_row(members.month_price_yen),
        "fee receivable": balance[:, Account.FEE_RECEIVABLE] - by_due(dues.fee_yen),
        "late damages receivable": balance[:, Account.LATE_DAMAGES_RECEIVABLE]
        - damages
        - by_row(members.claimed_damages_yen),
        "late administration fee receivable": balance[:, Account.LATE_ADMIN_FEE_RECEIVABLE]
        - by_due(dues.admin_yen)
        - by_row(members.claimed_admin_yen),
        "member credit": balance[:, Account.MEMBER_CREDIT] + by_row(members.credit_yen),
    }


def check_control_accounts(world: World, day: int) -> None:
    """Reconcile the control accounts with the tables.

    Raises
    ------
    LedgerError
        If an account differs from what the tables say.
    """
    for account, residual in control_residuals(world).items():
        if residual.any():
            raise LedgerError(f"{account} on day {day} is off by {residual.tolist()}")


def _take_stock(world: World, day: int) -> None:
    """Count members and principal by bucket, and the moves since the last month's end."""
    members, stock = world.members, world.snapshots
    month = int(world.calendar.month_of[day])
    n = members.size
    bucket = buckets(world, day)
    principal = (members.unsettled_yen - members.held_yen)[:n].astype(np.int64)
    size = len(Bucket)
    replication = np.arange(n) // world.n_members
    cell = replication * size + bucket
    shape = (-1, size)
    total = stock.members.shape[0] * size
    stock.members[:, month] = np.bincount(cell, minlength=total).reshape(shape)
    stock.principal_yen[:, month] = np.bincount(cell, principal, minlength=total).reshape(shape)
    placed = np.bincount(replication, principal * members.is_placed[:n])
    stock.placed_yen[:, month] = placed
    if stock.bucket is not None:
        cell = (replication * size + stock.bucket) * size + bucket
        square = (-1, size, size)
        stock.moves[:, month] = np.bincount(cell, minlength=total * size).reshape(square)
        stock.moved_yen[:, month] = np.bincount(cell, principal, minlength=total * size).reshape(
            square
        )
    stock.bucket = bucket


def buckets(world: World, day: int) -> Ints:
    """Give the bucket of every member row at the end of a day."""
    members = world.members
    n = members.size
    since = members.overdue_since[:n]
    is_member = members.joined_day[:n] >= 0
    past_due = day - since
    bucket = np.where(members.unsettled_yen[:n] > 0, Bucket.CURRENT, Bucket.NO_DEBT)
    aged = Bucket.DPD_1_30 + np.searchsorted([30, 60, 90, 180], past_due, side="left")
    bucket = np.where((since >= 0) & (past_due > 0), aged, bucket)
    bucket = np.where(members.is_written_off[:n], Bucket.WRITTEN_OFF, bucket)
    bucket = np.where(is_member, bucket, Bucket.NOT_A_MEMBER)
    rejected = members.status[:n] == Status.REJECTED
    return np.where(rejected, Bucket.NOT_A_MEMBER, bucket).astype(np.int64)
