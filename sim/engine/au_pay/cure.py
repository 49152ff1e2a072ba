"""How an automatic acceleration is cured: the missed amount is paid in time (C-55).

While it can be cured, who pays arrears pays what was missed; what was accelerated with it goes
back to its own due days.
"""

import numpy as np

from models.arrays import Bools, Ints
from models.clauses import implements
from models.kernels.groups import find_in, sum_by
from models.products.au_pay.arrears import Cure, Ground, cure_of
from sim.engine.agenda import Task
from sim.engine.au_pay.accounts import paid_principal
from sim.engine.au_pay.late import credit_of, leave_groups
from sim.engine.state.portfolio import DueStatus
from sim.engine.state.world import END_OF_DAY, MINUTES_PER_DAY, World
from sim.record.eventlog import Activity
from sim.table import add_at

NOT_ACCELERATED = -1
OVERDUE = int(DueStatus.OVERDUE)


def is_brought_forward(world: World, day: int, dues: Ints) -> Bools:
    """Tell which dues fell due by acceleration and are not late by themselves, shape (n,)."""
    legs = credit_of(world).legs
    legs.cover(world.dues)
    own_day = legs.own_day[dues]
    is_late = world.dues.status[dues] == DueStatus.OVERDUE
    return np.asarray((own_day >= day) & is_late)


def asked_dues(world: World, day: int, dues: Ints) -> Ints:
    """Give what is asked for of unpaid dues: in time to cure, what was missed by itself.

    Parameters
    ----------
    world, day
        Lender and business day.
    dues
        Overdue or written-off dues.
    """
    standings, terms = credit_of(world).standings, world.au.cure
    rows = world.dues.member[dues]
    may_cure = standings.ground[rows] == Ground.MISSED_PAYMENT
    may_cure &= day - standings.ground_day[rows] <= terms.reinstate_days
    if terms.scope == "whole_accelerated":
        may_cure[:] = False
    return np.asarray(dues[~(may_cure & is_brought_forward(world, day, dues))])


@implements("AU-41.1", "AU-39.1(1)")
def cure(
    world: World, day: int, rows: Ints, dues: Ints, *, next_due_day: int | None = None
) -> None:
    """Put sums back on their own due days for members who have paid what cures (C-55).

    Parameters
    ----------
    world
        Lender.
    day
        Business day, after its payments.
    rows
        Member rows, unique.
    dues
        Their dues that were unpaid before, at least all that are overdue.
    next_due_day
        First due day that is still to come; None: `day`, whose debits are run after this.
    """
    credit, table = credit_of(world), world.dues
    standings, legs = credit.standings, credit.legs
    rows = rows[standings.ground[rows] == Ground.MISSED_PAYMENT]
    if not rows.size:
        return
    legs.cover(table)
    overdue = dues[table.status[dues] == OVERDUE]
    dues = overdue[legs.own_day[overdue] != NOT_ACCELERATED]
    rows = np.sort(rows)
    place, curable = find_in(rows, table.member[dues])
    dues, place = dues[curable], place[curable]
    brought = legs.own_day[dues] >= (day if next_due_day is None else next_due_day)
    owed = table.price_yen[dues] + table.fee_yen[dues]
    answer = cure_of(
        world.au.cure,
        standings.ground[rows],
        standings.ground_day[rows],
        np.full(rows.size, day),
        np.bincount(place, np.where(brought, 0, owed), rows.size).astype(np.int64),
        np.bincount(place, owed, rows.size).astype(np.int64),
    )
    is_cured = answer == Cure.REINSTATED
    if is_cured.any():
        _reinstate(world, day, rows[is_cured], dues[brought & is_cured[place]], overdue)


def _reinstate(world: World, day: int, rows: Ints, dues: Ints, overdue: Ints) -> None:
    """Let accelerated dues fall due on their own days again; their damages run to this day."""
    table, credit = world.dues, credit_of(world)
    credit.standings.ground[rows] = Ground.NONE
    leave_groups(world, day, dues, overdue)
    paid_principal(world, day, dues, table.price_yen[dues].astype(np.int64))
    table.status[dues] = DueStatus.OPEN
    table.due_day[dues] = credit.legs.own_day[dues]
    credit.legs.own_day[dues] = NOT_ACCELERATED
    add_at(world.members.claimed_damages_yen, table.member[dues], table.late_damages_yen[dues])
    table.late_damages_yen[dues] = 0
    yen = sum_by(rows, table.member[dues], table.price_yen[dues] + table.fee_yen[dues])
    minute = day * MINUTES_PER_DAY + END_OF_DAY
    world.log.add(Activity.REINSTATED, minute, rows, yen=yen)
    # Those that were on a statement before have their debit and due day planned already.
    is_of_account = credit.legs.is_of_account[dues]
    if is_of_account.any():
        _send_back(world, day, dues[is_of_account])
    again = dues[credit.legs.was_scheduled[dues] & ~is_of_account]
    world.agenda.schedule(Task.DEBIT, table.due_day[again], again)
    world.agenda.schedule(Task.FALL_DUE, table.due_day[again], again)


def _send_back(world: World, day: int, dues: Ints) -> None:
    """Take revolving principal off the bills; the next morning it is in its account again.

    The fee that fell due with it is on the next statement, like the damages.
    """
    table = world.dues
    add_at(world.members.claimed_fee_yen, table.member[dues], table.fee_yen[dues])
    table.fee_yen[dues] = 0
    table.status[dues] = DueStatus.SCHEDULED
    world.delays.change_billed(table.member[dues], table.month[dues], -table.price_yen[dues])
    world.agenda.schedule(Task.PUT_BACK, day + 1, dues)
