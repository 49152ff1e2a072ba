"""Uses that AU-39.1 singles out, and what of revolving accounts they hold.

An account pays all of its uses at once. The lender sets the order within it (AU-38.5): a payment
meets the uses that a cut-off has captured in proportion to their principal.
"""

import numpy as np

from models.arrays import Bools, Ints
from models.clauses import implements
from models.products.au_pay.parts import shares_of_parts
from models.products.au_pay.revolving import Accounts
from sim.engine.state.exposure import key_of
from sim.engine.state.world import MINUTES_PER_DAY, World
from sim.rng import Stream
from sim.table import add_at

ORDINARY = 0
N_KINDS = 4
"""Kinds with the ordinary one: 1 to 3 for AU-39.1 (2) to (4)."""


@implements("AU-39.1(2)", "AU-39.1(3)", "AU-39.1(4)", "AU-34.5")
def kinds_of(world: World, purchases: Ints) -> Ints:
    """Give the kind of uses: 1 to 3 for AU-39.1 (2) to (4), else 0, shape (n,); -1 is no use.

    A use keeps the kind that it had on its day when the shares change later.
    """
    kind = np.zeros(purchases.size, dtype=np.int64)
    stages = [stage.products.au_pay.kinds for stage in world.stages.values()]
    shares = [(one.non_designated_right, one.business_use, one.outside_statute) for one in stages]
    known = (purchases >= 0).nonzero()[0]
    if not any(map(any, shares)) or not known.size:
        return kind
    table, chosen = world.purchases, purchases[known]
    day = table.minute[chosen] // MINUTES_PER_DAY
    stage = np.searchsorted(list(world.stages), day, side="right") - 1
    u = world.uniforms(Stream.AU_KIND, table.member[chosen], key_of(table, chosen))[0]
    number = (u[:, np.newaxis] >= np.cumsum(shares, axis=1)[stage]).sum(axis=1)
    kind[known] = np.where(number < N_KINDS - 1, number + 1, ORDINARY)
    return kind


def add_pending(world: World, purchases: Ints) -> None:
    """Note the uses of such kinds among those that enter revolving accounts."""
    kind = kinds_of(world, purchases)
    some = np.flatnonzero(kind != ORDINARY)
    if not some.size:
        return
    table, state = world.purchases, world.singled_out
    state.is_any = True
    chosen = purchases[some]
    rows = state.row_of(table.member[chosen], kind[some])
    add_at(state.pending_yen, rows, table.price_yen[chosen])


def capture_of(world: World, rows: Ints, place: Ints, purchases: Ints) -> Ints:
    """Capture such uses; give what all uses at hand bring into the accounts, yen, shape (n,).

    Parameters
    ----------
    world
        Lender.
    rows
        Member rows, unique, shape (n,).
    place
        Place in `rows` of the member of each use.
    purchases
        Uses whose cut-off has come.
    """
    price = world.purchases.price_yen[purchases].astype(np.int64)
    yen = np.zeros((rows.size, N_KINDS), dtype=np.int64)
    if not world.singled_out.is_any:
        np.add.at(yen[:, 0], place, price)
        return yen[:, 0]
    np.add.at(yen, (place, kinds_of(world, purchases)), price)
    state, own = world.singled_out, world.singled_out.rows_of(rows)
    # What was accelerated, prepaid or returned since is in no account any more.
    moved = np.minimum(yen[:, 1:], state.pending_yen[own])
    state.pending_yen[own] -= moved.astype(np.int32)
    state.captured_yen[own] += moved.astype(np.int32)
    return np.asarray(yen[:, 0] + moved.sum(axis=1))


def split_payment(
    world: World, rows: Ints, fee_yen: Ints, principal_yen: Ints, owed_yen: Ints
) -> tuple[Ints, Ints]:
    """Divide monthly payments by the kinds of the uses they are for, and take them off.

    Parameters
    ----------
    world
        Lender.
    rows
        Member rows, unique, shape (n,).
    fee_yen, principal_yen
        Payments, shape (n,) each.
    owed_yen
        Captured principal before the payment without stopped uses, shape (n,).

    Returns
    -------
    tuple[Ints, Ints]
        Fee and principal by kind, shape (n, 4) each.
    """
    state, own = world.singled_out, world.singled_out.rows_of(rows)
    held = state.captured_yen[own].astype(np.int64)
    whole = np.maximum(np.maximum(owed_yen, principal_yen), held.sum(axis=1))
    principal = shares_of_parts(principal_yen, held, whole)
    state.captured_yen[own] -= principal[:, 1:].astype(np.int32)
    return shares_of_parts(fee_yen, held, whole), principal


def pay_down(world: World, rows: Ints, before: Accounts, after: Accounts) -> None:
    """Take off what a prepayment in part has met, by the accounts before and after it."""
    state = world.singled_out
    if not state.is_any:
        return
    own = state.rows_of(rows)
    for column, whole, left in (
        (
            state.captured_yen,
            before.running_yen + before.captured_yen,
            after.running_yen + after.captured_yen,
        ),
        (state.pending_yen, before.pending_yen, after.pending_yen),
    ):
        shares = shares_of_parts(whole - left, column[own].astype(np.int64), whole)
        column[own] -= shares[:, 1:].astype(np.int32)


def leave(world: World, purchases: Ints, is_new: Bools) -> tuple[Ints, Ints]:
    """Take off what uses take with them when they leave their accounts.

    Parameters
    ----------
    world
        Lender.
    purchases
        Uses, one of each of several members, shape (n,).
    is_new
        Which no cut-off has captured, shape (n,): they are the newest of their accounts.

    Returns
    -------
    tuple[Ints, Ints]
        What each takes of pending and of the other principal, yen, shape (n,) each; the accounts
        are still to be written. An ordinary use takes nothing of what is singled out, and such a
        use only of its own kind.
    """
    rows = world.purchases.member[purchases]
    price = world.purchases.price_yen[purchases].astype(np.int64)
    accounts, state = world.revolving, world.singled_out
    pending, rest = accounts.pending_yen[rows].astype(np.int64), accounts.principal(rows)
    if not state.is_any:
        new = np.where(is_new, np.minimum(price, pending), 0)
        return new, np.minimum(price - new, rest - new)
    kind, own = kinds_of(world, purchases), state.rows_of(rows)
    new, old = (
        _part_of_kind(whole, column[own].astype(np.int64), kind)
        for whole, column in ((pending, state.pending_yen), (rest - pending, state.captured_yen))
    )
    new = np.where(is_new, np.minimum(price, new), 0)
    old = np.minimum(price - new, old)
    some = np.flatnonzero(kind != ORDINARY)
    own_row = state.row_of(rows[some], kind[some])
    add_at(state.pending_yen, own_row, -new[some])
    add_at(state.captured_yen, own_row, -old[some])
    return new, old


def _part_of_kind(whole_yen: Ints, parts_yen: Ints, kind: Ints) -> Ints:
    """Give the part of principal that is of a kind, the ordinary one being the rest."""
    by_kind = np.column_stack([whole_yen - parts_yen.sum(axis=1), parts_yen])
    return np.asarray(by_kind[np.arange(kind.size), kind])


def take_all(world: World, rows: Ints) -> tuple[Ints, Ints]:
    """Take all such principal off; give what was pending and captured by kind, shape (n, 3)."""
    state, own = world.singled_out, world.singled_out.rows_of(rows)
    pending, captured = (
        column[own].astype(np.int64) for column in (state.pending_yen, state.captured_yen)
    )
    state.pending_yen[own] = 0
    state.captured_yen[own] = 0
    return pending, captured
