"""The write-off: claims given up in the books, and claims that cease to be."""

import numpy as np

from models.arrays import Ints
from models.clauses import implements
from models.kernels.groups import sum_by
from models.policy.collections import may_be_written_off
from models.policy.law.proceedings import Stage
from sim.engine.agenda import Task
from sim.engine.collection.default import begin_defaults, count_fate
from sim.engine.collection.spell_ends import end_spells
from sim.engine.dues.settlement import (
    accrue,
    claim_of_members,
    end_claims,
    restart_accrual,
)
from sim.engine.members.membership import has
from sim.engine.members.status import has_ended
from sim.engine.state.due_index import IS_OVERDUE
from sim.engine.state.exposure import change_unsettled
from sim.engine.state.portfolio import DueStatus, Status, Stop
from sim.engine.state.unpaid import unpaid_dues
from sim.engine.state.world import CONTACT_MINUTE, MINUTES_PER_DAY, World
from sim.record.eventlog import Activity
from sim.record.postings import Posting
from sim.record.spells import Ending

LOOK_AGAIN_DAYS = 30
"""Days until a claim that is being paid by force or by plan is looked at again."""


@implements("COLL-11")
def write_off(world: World, day: int, rows: Ints) -> None:
    """Give up old and quiet arrears in the books; look again later at those not quiet."""
    members, terms = world.members, world.config.collections.write_off
    table = world.dues
    late = unpaid_dues(world, rows[members.overdue_since[rows] >= 0], IS_OVERDUE)
    if not late.size:
        return
    rows, oldest = np.unique(table.member[late], return_index=True)
    since = table.due_day[late[oldest]]
    overdue, quiet = day - since, day - np.maximum(members.last_paid_day[rows], since)
    ripe = may_be_written_off(terms, overdue, quiet)
    again = np.maximum(terms.day - overdue, terms.quiet_days - quiet)
    # What wages or a plan still bring is not given up, nor what the bankruptcy court decides on.
    pays = world.proceedings.stage[rows] == Stage.GARNISHMENT
    pays |= world.arrangements.stops_contacts(rows)
    again = np.where(pays, LOOK_AGAIN_DAYS, np.maximum(again, 1))
    ripe &= ~pays
    world.agenda.schedule(Task.WRITE_OFF, day + again[~ripe], rows[~ripe])
    give_up(world, day, rows[ripe].astype(np.int64))


def give_up(world: World, day: int, rows: Ints) -> None:
    """Write off what is overdue and what waits for a bill that will never be made."""
    table, members = world.dues, world.members
    if not rows.size:
        return
    begin_defaults(world, day, rows)
    dues = unpaid_dues(world, rows)  # also a bill that is not due yet: the claim is given up whole
    dues = dues[table.status[dues] != DueStatus.WRITTEN_OFF]
    world.contract.call_in(world, day, dues)
    dues = dues[table.status[dues] != DueStatus.STOPPED]  # what is withheld is billed later
    accrue(world, day, dues)
    owners, month = table.member[dues], table.month[dues]
    damages = table.damages_yen[dues] + table.late_damages_yen[dues]
    for posting, yen in (
        (Posting.PRINCIPAL_WRITTEN_OFF, table.price_yen[dues]),
        (Posting.FEE_WRITTEN_OFF, table.fee_yen[dues]),
        (Posting.LATE_DAMAGES_WRITTEN_OFF, damages),
        (Posting.LATE_ADMIN_FEE_WRITTEN_OFF, table.admin_yen[dues]),
        (Posting.COST_WRITTEN_OFF, table.cost_yen[dues]),
    ):
        world.ledger.post(posting, day, owners, yen.astype(np.int64), month, table.product[dues])
    count_fate(world, "written_off", day, dues, table.price_yen[dues])
    table.status[dues] = DueStatus.WRITTEN_OFF
    restart_accrual(world, day, dues)  # nothing accrues on the books any more
    change_unsettled(world, owners, table.product[dues], -table.price_yen[dues])
    ending = rows[~members.is_written_off[rows]]  # a second claim given up is no second end
    world.spells.end(day, ending, members.spell_start[ending], Ending.WRITTEN_OFF)
    world.workouts.close(rows, Ending.WRITTEN_OFF)
    members.is_written_off[rows] = True
    members.stops[rows] |= int(Stop.ARREARS)
    is_active = rows[members.status[rows] == Status.ACTIVE]
    members.status[is_active] = Status.SUSPENDED
    for posting, column in (
        (Posting.LATE_DAMAGES_WRITTEN_OFF, members.claimed_damages_yen),
        (Posting.LATE_ADMIN_FEE_WRITTEN_OFF, members.claimed_admin_yen),
        (Posting.COST_WRITTEN_OFF, members.claimed_cost_yen),
        (Posting.FEE_WRITTEN_OFF, members.claimed_fee_yen),
    ):
        world.ledger.post(posting, day, rows, column[rows].astype(np.int64))
        column[rows] = 0
    lost = sum_by(rows, owners, table.price_yen[dues])
    world.log.add(Activity.WRITTEN_OFF, day * MINUTES_PER_DAY + CONTACT_MINUTE, rows, yen=lost)


@implements("COLL-10", "COLL-13", "ART-13")
def extinguish(world: World, day: int, rows: Ints, activity: Activity) -> None:
    """End claims for good: nothing is owed any more, and use is not released for it.

    Parameters
    ----------
    world
        Lender.
    day
        Morning on which the claims end.
    rows
        Member rows in arrears, unique.
    activity
        By what they end; logged with the claim.
    """
    table, members = world.dues, world.members
    if not rows.size:
        return
    claim = claim_of_members(world, rows)
    dues = unpaid_dues(world, rows)
    # Of a claim given up before, what was billed since is still on the books.
    on_books = table.member[dues[table.status[dues] != DueStatus.WRITTEN_OFF]]
    give_up(world, day, rows[~members.is_written_off[rows] | np.isin(rows, on_books)])
    world.log.add(activity, day * MINUTES_PER_DAY + CONTACT_MINUTE, rows, yen=claim)
    dues = dues[table.status[dues] == DueStatus.WRITTEN_OFF]  # not what is withheld (C-26)
    end_claims(world, dues)
    barred = rows[has(world, rows, Stop.ARREARS) & ~has_ended(world, rows)]
    members.stops[barred] &= ~int(Stop.ARREARS)  # which would be released with the arrears
    members.stops[barred] |= int(Stop.CREDIT)
    world.log.add(Activity.BARRED, day * MINUTES_PER_DAY, barred)
    end_spells(world, day, rows, dues)
