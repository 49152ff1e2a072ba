"""Dues of revolving accounts: principal and fee that leave an account and are owed apart."""

from models.arrays import Ints
from models.clauses import implements
from sim.engine.au_pay.accounts import REVOLVING
from sim.engine.au_pay.tax import levy_tax
from sim.engine.state.new_dues import write_dues
from sim.engine.state.world import World
from sim.record.postings import Posting


def write_account_dues(
    world: World, rows: Ints, month: int, principal: Ints, fee: Ints, due_day: Ints
) -> Ints:
    """Write a due of each of some member rows; the books and tallies are the caller's.

    Parameters
    ----------
    world
        Lender.
    rows
        Member rows, shape (n,).
    month
        Month that the dues belong to.
    principal, fee
        Yen, shape (n,) each.
    due_day
        Shape (n,).

    Returns
    -------
    Ints
        The dues, shape (n,).
    """
    return write_dues(
        world,
        rows,
        product=REVOLVING,
        month=month,
        method=world.members.pay_method[rows],
        price_yen=principal,
        fee_yen=fee,
        due_day=due_day,
    )


@implements("AU-30.1(2)")
def bill_at_once(
    world: World, day: int, rows: Ints, principal: Ints, fee: Ints, due_day: Ints
) -> Ints:
    """Bill principal and fee on a day that is not the end of a fee month (`write_account_dues`)."""
    month = int(world.calendar.month_of[day])
    dues = write_account_dues(world, rows, month, principal, fee, due_day)
    world.ledger.post(Posting.REVOLVING_FEE, day, rows, fee, month, REVOLVING)
    levy_tax(world, day, dues)
    world.delays.change_billed(rows, month, principal)
    return dues
