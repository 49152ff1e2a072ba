"""Payment withheld from Net Protections while a use is in dispute with its merchant (C-26).

The terms waive every defence (NP-22.2): the bill stays due, and this is the default. By the other
reading, a member who refuses to pay because goods are missing or defective does not owe the price
until the inquiry ends. The fee of the use and the rest of the bill stay due. What is withheld is a
due of its own, `STOPPED`; when the inquiry ends it is asked for on the next due day.
"""

import numpy as np

from models.arrays import Ints
from models.clauses import implements
from models.kernels.groups import distinct, one_by_one
from models.policy.inquiries import AGAINST_MERCHANT
from models.products.catalogue import Lender, Product
from sim.engine.dues.billing import plan_payments
from sim.engine.dues.settlement import close_dues
from sim.engine.state.exposure import is_order
from sim.engine.state.new_dues import write_dues
from sim.engine.state.portfolio import DueStatus
from sim.engine.state.unbilled import waits_for_bill
from sim.engine.state.unpaid import NOWHERE, OF_NO_BILL, bills_of, unpaid_dues
from sim.engine.state.use_log import log_uses_at_close
from sim.engine.state.world import World
from sim.record.eventlog import Activity
from sim.table import add_at


@implements("NP-22.2", "NP-31.2")
def withhold(world: World, day: int, purchases: Ints, ground: Ints) -> None:
    """Let members withhold the price of uses that they dispute, if the terms are read so.

    Parameters
    ----------
    world, day
        As in every step.
    purchases
        Posted uses into which an inquiry begins, unique, shape (n,).
    ground
        Ground of each inquiry, shape (n,).
    """
    if world.lender != Lender.NP or not world.atone.payment_stop:
        return
    table = world.purchases
    # What is paid in instalments is on several bills, by terms that are no source of ours.
    can = np.isin(ground, AGAINST_MERCHANT) & (
        table.product[purchases] != Product.ATONE_INSTALMENTS
    )
    purchases = purchases[can & ~table.is_stopped[purchases]]
    for chosen in one_by_one(table.member[purchases]):
        _withhold(world, day, purchases[chosen])


def _withhold(world: World, day: int, purchases: Ints) -> None:
    """Withhold one use of each of several members, unless its bill is late or paid already."""
    table, dues = world.purchases, world.dues
    waits, due = waits_for_bill(world, day, purchases), bills_of(world, purchases)
    billed = ~waits & (due != NOWHERE)
    billed[billed] = dues.status[due[billed]] == DueStatus.OPEN
    yen = table.price_yen[purchases].astype(np.int64)
    yen[billed] = np.minimum(yen[billed], dues.price_yen[due[billed]])
    held = (waits | billed) & (yen > 0)
    purchases, due, waits, yen = purchases[held], due[held], waits[held], yen[held]
    table.is_stopped[purchases] = True
    log_uses_at_close(world, Activity.PAYMENT_WITHHELD, day, purchases)
    world.delays.change_billed(dues.member[due[~waits]], dues.month[due[~waits]], -yen[~waits])
    orders = is_order(world, table.product[purchases])
    dues.status[due[orders & ~waits]] = DueStatus.STOPPED
    unbilled, on_bill = ~orders & waits, ~orders & ~waits
    rows = table.member[purchases[unbilled]]
    add_at(world.members.month_price_yen, rows, -yen[unbilled])
    dues.price_yen[due[on_bill]] -= yen[on_bill].astype(np.int32)
    _set_apart(world, purchases[~orders], yen[~orders])
    lessened = due[on_bill]
    close_dues(world, day, lessened[dues.price_yen[lessened] + dues.fee_yen[lessened] == 0])


def _set_apart(world: World, purchases: Ints, yen: Ints) -> None:
    """Write what is withheld of monthly bills as dues that nobody asks for."""
    table = world.purchases
    write_dues(
        world,
        table.member[purchases],
        product=int(Product.ATONE),
        purchase=purchases,
        month=table.billing_month[purchases],
        merchant=OF_NO_BILL,
        price_yen=yen,
        status=int(DueStatus.STOPPED),
    )


@implements("NP-28.7", "NP-31.2")
def end_withholding(world: World, day: int, purchases: Ints) -> None:
    """Let what was withheld be owed again: with the open month, or on a date of its own."""
    table, dues = world.purchases, world.dues
    purchases = purchases[table.is_stopped[purchases]]
    if world.lender != Lender.NP or not purchases.size:
        return
    table.is_stopped[purchases] = False
    log_uses_at_close(world, Activity.WITHHOLDING_ENDED, day, purchases)
    due = unpaid_dues(world, distinct(table.member[purchases]).astype(np.int64))
    # An order may have no invoice yet, and what was withheld may have been given up meanwhile.
    due = due[(dues.status[due] == DueStatus.STOPPED) & np.isin(dues.purchase[due], purchases)]
    uses = dues.purchase[due]
    waits = waits_for_bill(world, day, uses) & ~is_order(world, table.product[uses])
    _bill_with_month(world, due[waits])
    _ask_anew(world, day, due[~waits])


def _bill_with_month(world: World, dues: Ints) -> None:
    """Put prices back into the month that is not closed yet."""
    table = world.dues
    add_at(world.members.month_price_yen, table.member[dues], table.price_yen[dues])
    table.price_yen[dues] = 0
    table.purchase[dues] = NOWHERE
    table.status[dues] = DueStatus.PAID


def _ask_anew(world: World, day: int, dues: Ints) -> None:
    """Ask for prices on the due day of the open month's bill, for orders after another term.

    The part of a bill keeps the bill's draws: who is punctual pays both in time.
    """
    table, calendar = world.dues, world.calendar
    table.status[dues] = DueStatus.OPEN
    world.delays.change_billed(table.member[dues], table.month[dues], table.price_yen[dues])
    orders = is_order(world, table.product[dues])
    invoiced, parts = dues[orders], dues[~orders]
    if invoiced.size:
        due_day = day + world.config.products.np_atobarai.term_days
        table.due_day[invoiced] = due_day
        plan_payments(world, invoiced, day + 1, int(calendar.month_of[due_day]))
    if parts.size:
        month = int(calendar.month_of[day])
        table.method[parts] = world.members.pay_method[table.member[parts]]
        table.due_day[parts] = world.derived.due_day[month][table.method[parts]]
        plan_payments(world, parts, int(world.derived.statement_day[month]), month + 1)
