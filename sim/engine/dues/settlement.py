"""Settlement: how cash or credit is allocated to dues.

Oldest due first; inside a due legal and collection cost, late administration fee, late damages,
service fee, price (NP-29.1). One path for every payment there is.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from models.arrays import Bools, Ints
from models.clauses import implements
from models.kernels import interest_of_weight
from models.kernels.exact import IntArray
from models.kernels.groups import find_in, group_rows, place_in, sum_by
from sim.engine.au_pay.cure import asked_dues, cure
from sim.engine.au_pay.late import accrue_groups, rebase_groups
from sim.engine.collection.spell_ends import end_cleared, end_spells
from sim.engine.dues.parts import CASH, DAMAGES, FEE, N_PARTS, PRICE, Postings
from sim.engine.dues.receipts import Debts, count_receipts, debts_of
from sim.engine.points.awards import plan_awards
from sim.engine.state.due_index import IS_LATE, IS_OVERDUE, IS_PAYABLE
from sim.engine.state.exposure import change_unsettled, is_order
from sim.engine.state.portfolio import DueStatus
from sim.engine.state.unpaid import all_unpaid, unpaid_dues
from sim.engine.state.world import World
from sim.record.postings import Posting
from sim.table import add_at


@implements("NP-30.1", "CAL-06")
def accrue(world: World, day: int, dues: Ints) -> None:
    """Post the late damages that overdue dues have borne up to and including a day.

    At au Financial Service, `dues` have all that is overdue of their members among them. A claim
    that a plan settles, or that is before the bankruptcy court, bears none (ART-14).
    """
    if world.credit is None:
        _accrue_by_due(world, day, debts_of(world, dues))
        return
    is_frozen = world.arrangements.bears_nothing(world.dues.member[dues])
    accrue_groups(world, day, dues[~is_frozen])


def _accrue_by_due(world: World, day: int, debts: Debts) -> None:
    """Post the late damages that debts have borne, each by itself."""
    table = world.dues
    dues, rows, month, product, status, _ = debts
    start = table.accrues_from[dues]
    bears = IS_OVERDUE[status]
    bears &= start <= day  # what is called in this morning has not begun
    bears &= ~world.arrangements.bears_nothing(rows)
    if not bears.all():
        start = start[bears]
        dues, rows, month, product = (column[bears] for column in (dues, rows, month, product))
    if not dues.size:
        return
    weight = world.calendar.weight
    if world.atone.late.split_years:
        span = weight[day] - weight[start]
    else:  # the year of the first day that counts sets the basis (C-28)
        span = (day - start) * (weight[start + 1] - weight[start])
    total = interest_of_weight(base_of(world, dues), world.atone.late.rate, span)
    new = total - table.accrued_yen[dues]
    table.accrued_yen[dues] = total
    table.late_damages_yen[dues] += new.astype(np.int32)
    world.ledger.post(Posting.LATE_DAMAGES, day, rows, new, month, product)


def base_of(world: World, dues: Ints) -> Ints:
    """Give what of dues bears late damages, yen, shape (n,) (C-29)."""
    table = world.dues
    base = table.price_yen[dues].astype(np.int64) + table.fee_yen[dues]
    if _damages_bear_damages(world):
        base += table.damages_yen[dues] + table.admin_yen[dues]
    return base


def _damages_bear_damages(world: World) -> bool:
    """Tell whether billed damages and late fees bear late damages, too (C-29)."""
    return world.credit is None and world.atone.late.base == "all_debts"


def restart_accrual(world: World, day: int, dues: Ints) -> None:
    """Let late damages on dues run anew from a day on, because base or rate change."""
    if world.credit is not None:
        rebase_groups(world, day, dues)
        return
    world.dues.accrues_from[dues] = day
    world.dues.accrued_yen[dues] = 0


def claims_late_damages(world: World, rows: Ints) -> Bools:
    """Tell whose late damages are asked for together with the due, not on the next bill (C-60)."""
    members = world.members
    late = world.atone.late if world.credit is None else world.au.late
    if late.collect == "with_payment":
        return np.ones(rows.size, dtype=bool)
    # The estate, the intermediary and the court get no further bill.
    gets_no_bill = world.persons.died_day[rows] >= 0
    gets_no_bill |= world.arrangements.stops_contacts(rows)
    gets_no_bill |= world.proceedings.is_begun(rows)
    return gets_no_bill | members.is_placed[rows] | members.is_written_off[rows]


def claims_of(world: World, dues: Ints) -> Ints:
    """Give what is asked for, in the order of allocation, yen, shape (n, 5)."""
    table = world.dues
    claims = np.empty((N_PARTS, dues.size), dtype=np.int64)
    for part, column in zip(claims, _parts_of(world), strict=True):
        part[:] = column[dues]
    late_yen = table.late_damages_yen[dues]
    bearing = late_yen.nonzero()[0]
    if bearing.size:
        late = dues[bearing]
        is_asked = claims_late_damages(world, table.member[late])
        if world.sells_orders:
            is_asked |= is_order(world, table.product[late])  # on a new slip (C-60)
        asked = bearing[is_asked]
        claims[DAMAGES, asked] += late_yen[asked]
    return claims.T


def _parts_of(world: World) -> tuple[NDArray[np.int32], ...]:
    """Give the columns of what is asked for with dues, in the order of allocation."""
    table = world.dues
    return table.cost_yen, table.admin_yen, table.damages_yen, table.fee_yen, table.price_yen


@implements("NP-29.1", "NP-28.4", "COLL-12")
def settle(
    world: World,
    day: int,
    dues: Ints,
    account: Ints,
    claims: Ints,
    cash_yen: Ints,
    postings: Postings,
) -> None:
    """Allocate money to dues; write what is left of them and post every part.

    Parameters
    ----------
    world
        State and books; columns of dues and members are written.
    day
        Business day.
    dues
        Rows in the order of allocation, those of an account together, shape (n,).
    account
        Ascending account number of each due, shape (n,).
    claims
        What is asked for (`claims_of`), yen, shape (n, 5).
    cash_yen
        Money of each account, at most its claims, shape (number of accounts,).
    postings
        `CASH`, `CREDIT` or `POINTS`.
    """
    debts = debts_of(world, dues)
    # Who pays all that is asked for pays every part of it, in whatever order.
    if int(cash_yen.sum()) == int(claims.sum()):
        pay_off(world, day, debts, {postings: claims})
        return
    paid = world.contract.allocate(world, day, dues, account, claims, cash_yen)
    _enter_payments(world, day, debts, {postings: paid})
    _reduce(world, day, dues, paid)


def pay_off(world: World, day: int, debts: Debts, payments: Mapping[Postings, Ints]) -> Ints:
    """Take payments of all that is asked for with debts, in no order: post them, close the dues.

    Parameters
    ----------
    world, day
        As in `settle`.
    debts
        Unpaid dues, shape (n,).
    payments
        What is paid by `CASH`, `CREDIT` or `POINTS`, together `claims_of` the dues, yen, shape
        (n, 5) each.

    Returns
    -------
    Ints
        What is paid on each, yen, shape (n,).
    """
    paid, total = _enter_payments(world, day, debts, payments)
    table, dues = world.dues, debts.dues
    damages = paid[:, DAMAGES]
    bearing = damages.nonzero()[0]
    if bearing.size:  # of the due itself none is left but what was not asked for
        late = dues[bearing]
        table.late_damages_yen[late] -= damages[bearing] - table.damages_yen[late]
    for column, part in zip(_parts_of(world), paid.T, strict=True):
        if np.count_nonzero(part):
            column[dues] = 0
    if world.credit is not None:  # what is late still has another base now
        restart_accrual(world, day, dues[paid[:, FEE:].any(axis=1)])
    _close(world, day, dues)
    return total


def _enter_payments(
    world: World, day: int, debts: Debts, payments: Mapping[Postings, Ints]
) -> tuple[Ints, Ints]:
    """Post and count every part of what is paid on debts; give it, shape (n, 5), and its sum."""
    rows, month, product = debts.rows, debts.month, debts.product
    is_off = debts.status == int(DueStatus.WRITTEN_OFF)
    any_off = bool(is_off.any())
    for postings, paid in payments.items():
        on_books = paid
        if any_off:
            on_books = np.where(is_off[:, np.newaxis], 0, paid)
            recovery = Posting.RECOVERED if postings is CASH else Posting.CREDIT_RECOVERED
            world.ledger.post(recovery, day, rows, (paid - on_books).sum(axis=1), month, product)
        for posting, part in zip(postings, on_books.T, strict=True):
            world.ledger.post(posting, day, rows, part, month, product)
    by_cash = {postings is CASH: paid for postings, paid in payments.items()}
    count_receipts(world, day, debts, is_off, by_cash)
    paid, *others = payments.values()
    for other in others:
        paid = paid + other
    on_price, total = paid[:, PRICE], paid.sum(axis=1)
    change_unsettled(world, rows, product, np.where(is_off, 0, -on_price) if any_off else -on_price)
    world.members.last_paid_day[rows[total > 0]] = day
    world.contract.paid(world, day, debts.dues, on_price)
    return paid, total


def _reduce(world: World, day: int, dues: Ints, paid: Ints) -> None:
    """Take payments off dues; restart the accrual where the base changed; close what is paid."""
    table = world.dues
    taken = paid.T.astype(np.int32)
    _, admin, damages, fee, price = taken
    if damages.any():  # billed ones first, then those of the due itself
        billed = np.minimum(damages, table.damages_yen[dues])
        table.late_damages_yen[dues] -= damages - billed
        taken[DAMAGES] = billed
    rest = np.zeros(dues.size, dtype=np.int32)
    for column, part in zip(_parts_of(world), taken, strict=True):
        left = column[dues]
        if part.any():
            left -= part
            column[dues] = left
        rest += left
    off_base = price + fee
    if _damages_bear_damages(world):
        off_base += taken[DAMAGES] + admin
    restart_accrual(world, day, dues[off_base > 0])
    close_dues(world, day, dues[rest == 0])


def close_dues(world: World, day: int, done: Ints) -> None:
    """Close dues on which nothing is asked for any more, where they are not closed yet."""
    done = done[world.dues.status[done] != int(DueStatus.PAID)]
    if done.size:
        _close(world, day, done)


def _close(world: World, day: int, done: Ints) -> None:
    """Close unpaid dues."""
    table = world.dues
    plan_awards(world, day, done)
    # Damages that were not asked for with this due are put on the next bill (C-60).
    late = table.late_damages_yen[done]
    if late.any():
        add_at(world.members.claimed_damages_yen, table.member[done], late)
        table.late_damages_yen[done] = 0
    table.status[done] = DueStatus.PAID


def end_claims(world: World, dues: Ints) -> None:
    """Let nothing be owed on dues any more; the books and tallies are the caller's."""
    table = world.dues
    for column in (
        table.price_yen,
        table.fee_yen,
        table.damages_yen,
        table.late_damages_yen,
        table.admin_yen,
        table.cost_yen,
    ):
        column[dues] = 0
    table.status[dues] = DueStatus.GONE


def settle_members(
    world: World, day: int, rows: Ints, postings: Postings, cash_yen: Ints | None = None
) -> Ints:
    """Settle the unpaid dues of members, oldest first, and end the spells that are over.

    Parameters
    ----------
    world, day, postings
        As in `settle`.
    rows
        Member rows, unique, shape (n,).
    cash_yen
        Money of each row, shape (n,); None: whatever is asked for.

    Returns
    -------
    Ints
        What was allocated by row, yen, shape (n,).
    """
    if cash_yen is None and world.credit is None:
        return _settle_arrears(world, day, rows, postings)
    # Of arrears only: a due that is not overdue yet is paid on its own.
    dues = unpaid = unpaid_dues(world, rows, IS_LATE if cash_yen is None else IS_PAYABLE)
    if cash_yen is None:
        dues = asked_dues(world, day, dues)
    paid_yen = np.zeros(rows.size, dtype=np.int64)
    if not dues.size:
        return paid_yen
    account, first = group_rows(world.dues.member[dues], "member")
    owners = world.dues.member[dues[first]]
    if dues.size < unpaid.size:  # who is asked for nothing has no part in this
        unpaid = unpaid[find_in(owners, world.dues.member[unpaid])[1]]
    accrue(world, day, unpaid)
    place = place_in(rows, owners)
    claims = claims_of(world, dues)
    asked = np.bincount(account, weights=claims.sum(axis=1)).astype(np.int64)
    paid_yen[place] = asked if cash_yen is None else np.minimum(asked, cash_yen[place])
    settle(world, day, dues, account, claims, paid_yen[place], postings)
    if world.credit is not None:
        cure(world, day, owners, unpaid)
    end_spells(world, day, owners, unpaid)
    return paid_yen


def _settle_arrears(world: World, day: int, rows: Ints, postings: Postings) -> Ints:
    """Settle all that is overdue of members in arrears, in no order; give what they paid, yen."""
    debts = debts_of(world, all_unpaid(world, rows, IS_LATE))
    _accrue_by_due(world, day, debts)
    paid = pay_off(world, day, debts, {postings: claims_of(world, debts.dues)})
    paid_yen = sum_by(rows, debts.rows, paid)
    end_cleared(world, day, rows)
    return paid_yen


def claim_of_members(world: World, rows: Ints) -> IntArray:
    """Give what is overdue or written off of members, yen, shape (n,)."""
    return _claims_by_member(world, rows, all_unpaid(world, rows, IS_LATE))


def accrued_claims(world: World, day: int, rows: Ints) -> IntArray:
    """Post the late damages of members through a day; give `claim_of_members` with them."""
    dues = all_unpaid(world, rows, IS_LATE)
    accrue(world, day, dues)
    return _claims_by_member(world, rows, dues)


def _claims_by_member(world: World, rows: Ints, dues: Ints) -> IntArray:
    """Add up what is asked for with dues, by their members, yen, shape (n,)."""
    return sum_by(rows, world.dues.member[dues], claims_of(world, dues).sum(axis=1))
