"""Leaving: withdrawal, destroyed data, dead mailboxes, death and the claim on the estate (NP-11).

Nobody leaves while debts remain, unless the lender permits it (NP-11.5, NP-11.6). The dead are
members no longer; their debts stay and are claimed from the estate (C-23).
"""

import numpy as np

from models.arrays import Bools, Ints
from models.clauses import implements
from models.kernels.exact import floor_of_share
from models.kernels.groups import is_among
from models.members.repayment import Reason
from models.products.catalogue import Lender
from sim.engine.agenda import NEVER, Task
from sim.engine.cases.course import withdraw_cases
from sim.engine.collection.write_off import give_up
from sim.engine.dues.acceleration import accelerate
from sim.engine.dues.billing import has_claims
from sim.engine.dues.payments import collect_arrears
from sim.engine.dues.set_off import refund_credit
from sim.engine.dues.settlement import accrued_claims
from sim.engine.members.membership import end
from sim.engine.members.status import is_member
from sim.engine.state.due_index import IS_OPEN
from sim.engine.state.portfolio import Status
from sim.engine.state.unpaid import all_unpaid
from sim.engine.state.world import MINUTES_PER_DAY, World
from sim.record.eventlog import Activity


@implements("NP-11.5")
def owes(world: World, rows: Ints) -> Bools:
    """Tell who owes anything, billed or not."""
    members = world.members
    owing = (members.unsettled_yen[rows] > 0) | (members.overdue_since[rows] >= 0)
    rest = (~owing).nonzero()[0]
    if rest.size:
        others = rows[rest]
        unpaid = world.dues.member[all_unpaid(world, others)]
        owing[rest] = has_claims(world, others) | is_among(others, unpaid)
    return owing


@implements("NP-11.1")
def ask_to_leave(world: World, day: int, rows: Ints) -> None:
    """Take requests to withdraw; who wants to leave buys no more."""
    _want(world, day, rows, Activity.WITHDREW)


@implements("NP-11.3", "NP-12.3")
def ask_for_erasure(world: World, day: int, rows: Ints) -> None:
    """Take requests to destroy personal data, which is as good as a withdrawal."""
    _want(world, day, rows, Activity.DATA_DESTROYED)


def _want(world: World, day: int, rows: Ints, activity: Activity) -> None:
    """Remember by what members want to leave, and look whether they can."""
    rows = rows[is_member(world, rows)]
    world.members.leaves_by[rows] = activity.number
    world.members.uses_per_month[rows] = 0.0
    leave(world, day, rows)


@implements("NP-11.4", "NP-16.2")
def lose_mailbox(world: World, day: int, rows: Ints) -> None:
    """Note whom e-mail cannot reach; such members may count as withdrawn."""
    members = world.members
    rows = rows[is_member(world, rows) & ~members.is_mailbox_dead[rows]]
    members.is_mailbox_dead[rows] = True
    world.log.add(Activity.MAIL_UNDELIVERABLE, day * MINUTES_PER_DAY, rows)
    if world.config.products.np_membership.particulars.deem_withdrawn:
        members.leaves_by[rows] = Activity.DEEMED_WITHDRAWN.number
        leave(world, day, rows)


@implements("NP-11.1", "NP-11.3", "NP-11.4", "NP-11.5", "NP-11.6", "NP-11.8")
def leave(world: World, day: int, rows: Ints) -> None:
    """Let members go who owe nothing, or with permission; keep the others for another look."""
    members, terms = world.members, world.config.products.np_membership.withdrawal
    rows = rows[is_member(world, rows) & (members.leaves_by[rows] >= 0)]
    if not rows.size:
        return
    indebted = owes(world, rows)
    # Permission is asked for: an unreachable member does not ask (NP-11.4).
    asks = members.leaves_by[rows] != Activity.DEEMED_WITHDRAWN.number
    is_permitted = indebted & asks & terms.permit_with_debt
    blocked = rows[indebted & ~is_permitted]
    world.log.add(Activity.LEAVING_BLOCKED, day * MINUTES_PER_DAY, blocked)
    world.agenda.schedule(Task.LEAVE, day + terms.ask_again_days, blocked)
    gone = rows[~indebted | is_permitted]
    for activity in (Activity.WITHDREW, Activity.DATA_DESTROYED, Activity.DEEMED_WITHDRAWN):
        chosen = gone[members.leaves_by[gone] == activity.number]
        end(world, day, chosen, Status.WITHDRAWN, activity)
    with_debt = rows[is_permitted]
    if terms.accelerate and with_debt.size:
        accelerate(world, day, with_debt)
    no_debt = gone[(members.credit_yen[gone] > 0) & np.isin(gone, rows[~indebted])]
    refund_credit(world, day, no_debt)


@implements("NP-11.2")
def die(world: World, day: int, rows: Ints) -> None:
    """Let members die: no use, no contact, no payment; what they owe waits for the estate."""
    members, persons, dues = world.members, world.persons, world.dues
    rows = rows[is_member(world, rows) | (members.unsettled_yen[rows] > 0)]
    persons.died_day[rows] = day
    persons.never_pays[rows] = True
    former = rows[~is_member(world, rows)]
    world.log.add(Activity.DIED, day * MINUTES_PER_DAY, former)
    end(world, day, rows, Status.DECEASED, Activity.DIED)
    members.status[former] = Status.DECEASED
    billed = all_unpaid(world, rows, IS_OPEN)
    dues.reason[billed] = Reason.NEVER_PAYS
    dues.pays_on[billed] = NEVER
    in_arrears = rows[members.overdue_since[rows] >= 0]
    members.spell_reason[in_arrears] = Reason.NEVER_PAYS
    members.spell_pays_on[in_arrears] = NEVER
    members.ladder_day[in_arrears] = -1
    members.promise_day[in_arrears] = -1
    withdraw_cases(world, in_arrears)
    world.proceedings.abandon(in_arrears)
    world.arrangements.drop(rows)
    if world.lender == Lender.NP:  # relatives tell whoever else lends (AU-41.1(11))
        for other in world.others:
            other.agenda.schedule(Task.DIED, day, rows)
    settled = day + world.config.products.np_membership.death.estate_days
    world.agenda.schedule(Task.ESTATE, settled, rows)


@implements("NP-11.2", "COLL-11")
def settle_estates(world: World, day: int, rows: Ints) -> None:
    """Take what estates pay of the claims and give up the rest (C-23)."""
    members = world.members
    share = world.config.products.np_membership.death.estate_recovery
    rows = rows[members.overdue_since[rows] >= 0]
    if not rows.size:
        return
    claim = accrued_claims(world, day, rows)
    cash = floor_of_share(claim, share, "part of an estate")
    collect_arrears(world, day, rows, cash)
    world.log.add(Activity.ESTATE_SETTLED, day * MINUTES_PER_DAY, rows, yen=cash)
    give_up(world, day, rows[members.overdue_since[rows] >= 0])
