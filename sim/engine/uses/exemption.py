"""Exemption: the debt of a use is released, wherever it stands.

Not shipped: the use is cancelled. On the open bill: taken off. Billed: what is unpaid of price and
fee is released with the late damages on it, what is paid becomes a credit of the member (NP-29.3),
and what points have paid comes back as points (NP-42.3, NP-46).
The merchant keeps the price unless it is charged back (LEN-07).
"""

import numpy as np

from models.arrays import Bools, Ints
from models.clauses import implements
from models.kernels.groups import distinct
from models.members.misuse import User
from models.products.atone_fees import BillFees
from models.products.catalogue import Product
from models.products.released import NO_FEE_OF_ITS_OWN, fee_of_use
from sim.engine.au_pay.exemption import release_legs
from sim.engine.collection.spell_ends import end_spells
from sim.engine.dues.settlement import accrue, close_dues, restart_accrual
from sim.engine.points.awards import give_back, reverse
from sim.engine.state.exposure import change_unsettled, in_turns
from sim.engine.state.portfolio import DueStatus, PurchaseStatus
from sim.engine.state.unbilled import drop_unbilled, waits_for_bill
from sim.engine.state.unpaid import NOWHERE, bills_of, unpaid_dues
from sim.engine.state.use_log import log_uses_at_close
from sim.engine.state.world import World
from sim.engine.uses.purchases import cancel, refund_by_merchant
from sim.engine.uses.withholding import end_withholding
from sim.record.eventlog import Activity
from sim.record.postings import Posting
from sim.record.spells import Ending
from sim.table import add_at

ACTIVITIES = {
    User.ID_THIEF: Activity.ID_USE_EXEMPTED,
    User.CARD_THIEF: Activity.CARD_USE_EXEMPTED,
    User.STRANGER: Activity.STRANGERS_USE_EXEMPTED,
}
"""What is logged by `User`; anything else is a case of loss."""


@implements("NP-33.1", "NP-34.1", "NP-54.1", "NP-29.3", "LEN-07", "AU-42.1", "AU-43.1")
def exempt(world: World, day: int, purchases: Ints, is_charged_back: Bools) -> None:
    """Release the debt of uses, those of one member one after the other.

    Parameters
    ----------
    world
        Lender.
    day
        Business day.
    purchases
        Uses, authorised or posted, unique, shape (n,).
    is_charged_back
        Whether the merchant returns the price, shape (n,).
    """
    table = world.purchases
    is_shipped = table.status[purchases] == PurchaseStatus.POSTED
    # What is paid in instalments is on several bills: its sale is undone instead.
    is_shipped &= table.product[purchases] != Product.ATONE_INSTALMENTS
    cancel(world, day, purchases[~is_shipped])
    purchases, is_charged_back = purchases[is_shipped], is_charged_back[is_shipped]
    if not purchases.size:
        return
    end_withholding(world, day, purchases)
    _log(world, day, purchases)
    _charge_back(world, day, purchases[is_charged_back])
    table.status[purchases] = PurchaseStatus.EXEMPTED
    reverse(world, day, purchases)
    release = _release if world.credit is None else release_legs
    for part in in_turns(table, purchases):
        release(world, day, part)


def _log(world: World, day: int, purchases: Ints) -> None:
    """Log the exemption of uses by the clause that frees them."""
    user = world.purchases.user[purchases]
    for one in distinct(user).tolist():
        activity = ACTIVITIES.get(User(one), Activity.USE_EXEMPTED)
        log_uses_at_close(world, activity, day, purchases[user == one])


@implements("LEN-07")
def _charge_back(world: World, day: int, purchases: Ints) -> None:
    """Let merchants return the price; what was not paid out yet never is."""
    table = world.purchases
    if not purchases.size:
        return
    rows, price = table.member[purchases], table.price_yen[purchases]
    month, product = table.billing_month[purchases], table.product[purchases]
    world.ledger.post(Posting.EXEMPTED_CHARGED_BACK, day, rows, price, month, product)
    refund_by_merchant(world, day, purchases)
    table.is_paid_out[purchases] = True


def _release(world: World, day: int, purchases: Ints) -> None:
    """Release one use of each of several members."""
    table = world.purchases
    due = bills_of(world, purchases)
    is_billed = (due != NOWHERE) & ~waits_for_bill(world, day, purchases)
    _release_unbilled(world, day, purchases[~is_billed])
    purchases, due = purchases[is_billed], due[is_billed]
    if not purchases.size:
        return
    rows = table.member[purchases]
    before = unpaid_dues(world, np.sort(rows))
    accrue(world, day, before)
    base = _base(world, due)
    _release_price(world, day, purchases, due)
    _release_fee(world, day, purchases, due)
    _release_late_damages(world, day, due, base)
    close_settled(world, day, due)
    owners = distinct(world.dues.member[before])
    end_spells(world, day, owners, before, Ending.RELEASED)


def _release_unbilled(world: World, day: int, purchases: Ints) -> None:
    """Take uses off what is not billed yet; instalments billed already become a credit."""
    table, members = world.purchases, world.members
    if not purchases.size:
        return
    rows, month = table.member[purchases], table.billing_month[purchases]
    product, price = table.product[purchases], table.price_yen[purchases].astype(np.int64)
    dropped = drop_unbilled(world, purchases)
    if world.atone.fees.charge_on_cancelled:  # the fee of an exempted use is never charged
        add_at(members.month_uses, rows[product == Product.ATONE], -1)
    change_unsettled(world, rows, product, -dropped)
    world.ledger.post(Posting.EXEMPTED, day, rows, dropped, month, product)
    world.ledger.post(Posting.EXEMPTED_PAID, day, rows, price - dropped, month, product)
    add_at(members.credit_yen, rows, price - dropped)


def _release_price(world: World, day: int, purchases: Ints, due: Ints) -> None:
    """Release what is unpaid of the price; owe the member what is paid."""
    table, dues, members = world.purchases, world.dues, world.members
    rows, month, product = dues.member[due], dues.month[due], dues.product[due]
    price = table.price_yen[purchases].astype(np.int64)
    unpaid = np.minimum(price, dues.price_yen[due])
    is_off = dues.status[due] == DueStatus.WRITTEN_OFF
    dues.price_yen[due] -= unpaid.astype(np.int32)
    on_books = np.where(is_off, 0, unpaid)
    post = world.ledger.post
    post(Posting.EXEMPTED, day, rows, on_books, month, product)
    post(Posting.EXEMPTED_WRITTEN_OFF, day, rows, unpaid - on_books, month, product)
    back = give_back(world, day, purchases, price - unpaid)
    post(Posting.EXEMPTED_PAID, day, rows, back.yen, month, product)
    post(Posting.EXEMPTED_POINTS, day, rows, back.points_yen, -1, product)
    add_at(members.credit_yen, rows, back.yen)
    change_unsettled(world, rows, product, -on_books)
    world.delays.add("credit", rows, month, day - dues.due_day[due], on_books)
    world.delays.add("recovery", rows, month, day - dues.due_day[due], unpaid - on_books)


def _base(world: World, due: Ints) -> Ints:
    """Give what is unpaid of price and fee of dues, yen, shape (n,)."""
    dues = world.dues
    return dues.price_yen[due].astype(np.int64) + dues.fee_yen[due]


@implements("NP-33.1", "AU-42.1")
def _release_late_damages(world: World, day: int, due: Ints, before: Ints) -> None:
    """Release the late damages that a released debt has borne; the rest runs on a smaller base."""
    dues = world.dues
    after, late = _base(world, due), dues.late_damages_yen[due].astype(np.int64)
    released = late * (before - after) // np.maximum(before, 1)
    dues.late_damages_yen[due] -= released.astype(np.int32)
    is_off = dues.status[due] == DueStatus.WRITTEN_OFF
    for posting, yen in (
        (Posting.EXEMPTED_LATE_DAMAGES, np.where(is_off, 0, released)),
        (Posting.EXEMPTED_WRITTEN_OFF, np.where(is_off, released, 0)),
    ):
        world.ledger.post(posting, day, dues.member[due], yen, dues.month[due], dues.product[due])
    is_late = dues.status[due] == DueStatus.OVERDUE
    restart_accrual(world, day, due[is_late & (after < before)])


@implements("NP-33.1", "NP-26", "NP-42.3")
def _release_fee(world: World, day: int, purchases: Ints, due: Ints) -> None:
    """Release the service fee of uses, its tax included; a part that is paid comes back."""
    if world.config.policy.relief.scope == "price":
        return
    dues, members = world.dues, world.members
    rows, month, product = dues.member[due], dues.month[due], dues.product[due]
    net, tax = fees_of(world, purchases, due)
    gross = net + tax
    open_yen = np.minimum(gross, dues.fee_yen[due])
    is_off = dues.status[due] == DueStatus.WRITTEN_OFF
    open_net = np.minimum(net, open_yen)
    open_tax = open_yen - open_net
    dues.fee_yen[due] -= open_yen.astype(np.int32)
    for posting, yen in (
        (Posting.EXEMPTED_FEE, np.where(is_off, 0, open_net)),
        (Posting.EXEMPTED_FEE_TAX, np.where(is_off, 0, open_tax)),
        (Posting.EXEMPTED_WRITTEN_OFF, np.where(is_off, open_yen, 0)),
    ):
        world.ledger.post(posting, day, rows, yen, month, product)
    paid_net = net - open_net
    back = give_back(world, day, purchases, gross - open_yen, is_fee=True)
    net_yen = np.minimum(paid_net, back.yen)
    net_points = np.minimum(paid_net - net_yen, back.points_yen)
    for posting, yen, of_month in (
        (Posting.EXEMPTED_FEE_PAID, net_yen, month),
        (Posting.EXEMPTED_FEE_TAX_PAID, back.yen - net_yen, month),
        (Posting.EXEMPTED_FEE_POINTS, net_points, -1),
        (Posting.EXEMPTED_FEE_TAX_POINTS, back.points_yen - net_points, -1),
    ):
        world.ledger.post(posting, day, rows, yen, of_month, product)
    add_at(members.credit_yen, rows, back.yen)


def fees_of(world: World, purchases: Ints, due: Ints) -> BillFees:
    """Give the service fee of uses on the dues that bill them; the dues count one use less."""
    dues = world.dues
    n_uses = dues.n_uses[due].astype(np.int64)
    own_fee = np.full(purchases.size, NO_FEE_OF_ITS_OWN, dtype=np.int64)
    merchant = world.purchases.merchant[purchases]
    for number, one in enumerate(world.config.behaviour.merchants.classes, start=1):
        if one.fee_yen is not None:
            own_fee[merchant == number] = one.fee_yen
    # A fee of the merchant's own is taxed by itself and counts no use of the bill.
    on_month = (own_fee != NO_FEE_OF_ITS_OWN) & (dues.merchant[due] == 0)
    n_uses = np.where(on_month, 1, n_uses)
    found = fee_of_use(world.atone.fees, dues.fee_method[due], own_fee, np.maximum(n_uses, 1))
    bears = (n_uses > 0).astype(np.int64)
    dues.n_uses[due] -= (bears & ~on_month).astype(np.int16)
    return BillFees(found.net_yen * bears, found.tax_yen * bears)


def close_settled(world: World, day: int, due: Ints) -> None:
    """Close dues on which nothing is left; their late damages went with them."""
    dues = world.dues
    rest = dues.price_yen[due] + dues.fee_yen[due] + dues.damages_yen[due]
    rest += dues.admin_yen[due] + dues.cost_yen[due]
    close_dues(world, day, due[rest == 0])
