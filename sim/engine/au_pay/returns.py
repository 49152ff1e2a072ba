"""Returns at au PAY Atobarai: what is on no statement yet is taken off, the rest is owed back."""

import numpy as np

from models.arrays import Ints
from models.clauses import implements
from models.kernels.groups import sum_by
from sim.engine.au_pay.accounts import REVOLVING, is_captured, take_out
from sim.engine.au_pay.kinds import leave
from sim.engine.au_pay.legs import drop_legs, legs_of
from sim.engine.state.due_index import IS_UNBILLED
from sim.engine.state.exposure import change_unsettled, in_turns
from sim.engine.state.portfolio import PurchaseStatus
from sim.engine.state.use_log import log_uses_at_close
from sim.engine.state.world import World
from sim.engine.uses.purchases import refund_by_merchant
from sim.record.eventlog import Activity
from sim.record.postings import Posting
from sim.table import add_at


@implements("AU-26.2", "AU-33.1", "AU-34.2", "LEN-05")
def cancel_posted(world: World, day: int, purchases: Ints) -> None:
    """Take returns of posted uses: what is not billed is taken off, the rest credited.

    Parameters
    ----------
    world, day
        As in every step.
    purchases
        Posted uses, unique.
    """
    for part in in_turns(world.purchases, purchases):
        _return(world, day, part)


def _return(world: World, day: int, purchases: Ints) -> None:
    """Take the return of one use of each of several members."""
    table = world.purchases
    rows, price = table.member[purchases], table.price_yen[purchases].astype(np.int64)
    month, product = table.billing_month[purchases], table.product[purchases]
    dropped = drop_unbilled(world, day, purchases)
    rest = price - dropped
    table.status[purchases] = np.where(rest > 0, PurchaseStatus.RETURNED, PurchaseStatus.CANCELLED)
    change_unsettled(world, rows, product, -dropped)
    world.ledger.post(Posting.PURCHASE_CANCELLED, day, rows, dropped, month, product)
    world.ledger.post(Posting.PURCHASE_RETURNED, day, rows, rest, month, product)
    add_at(world.members.credit_yen, rows, rest)
    log_uses_at_close(world, Activity.PURCHASE_CANCELLED, day, purchases[rest == 0])
    log_uses_at_close(world, Activity.PURCHASE_RETURNED, day, purchases[rest > 0])
    refund_by_merchant(world, day, purchases)


def drop_unbilled(world: World, day: int, purchases: Ints) -> Ints:
    """Take off what is on no statement yet of uses, one of each of several members.

    Returns
    -------
    Ints
        Principal that will never be billed, yen, shape (n,); the books are still to follow.
    """
    table, dues = world.purchases, world.dues
    legs = legs_of(world, purchases)
    legs = legs[IS_UNBILLED[dues.status[legs]]]
    dropped = sum_by(purchases, dues.purchase[legs], dues.price_yen[legs])
    drop_legs(world, day, legs)
    revolving = (table.product[purchases] == REVOLVING).nonzero()[0]
    if revolving.size:
        dropped[revolving] = _leave_account(world, day, purchases[revolving])
    table.is_stopped[purchases] = False
    return dropped


def _leave_account(world: World, day: int, purchases: Ints) -> Ints:
    """Take uses out of their revolving accounts as far as these still hold principal."""
    table, state = world.purchases, world.revolving
    rows, price = table.member[purchases], table.price_yen[purchases].astype(np.int64)
    # What no cut-off has captured is the newest of the account and leaves it first.
    is_new = ~is_captured(world, day, purchases)
    pending, taken = leave(world, purchases, is_new)
    state.pending_yen[rows] -= pending.astype(np.int32)
    some = taken > 0
    if some.any():
        take_out(world, day, rows[some], taken[some], day)
    is_stopped = table.is_stopped[purchases]
    less = np.where(is_stopped, np.minimum(price, state.stopped_yen[rows]), 0)
    state.stopped_yen[rows] -= less.astype(np.int32)
    return np.asarray(pending + taken)
