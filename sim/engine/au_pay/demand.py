"""The formal demand at au PAY Atobarai, and what follows when it is not met (AU-39.2(1), (8))."""

import numpy as np

from models.arrays import Bools, Ints
from models.clauses import implements
from models.kernels.groups import distinct, place_in
from models.products.au_pay.arrears import Ground, comes_back, counts_for_demand, demand_days
from sim.engine.agenda import Task
from sim.engine.au_pay.acceleration import accelerate_all, kinds_of_dues
from sim.engine.au_pay.kinds import ORDINARY
from sim.engine.au_pay.late import credit_of
from sim.engine.collection.contact_costs import bear_contact_cost
from sim.engine.dues.settlement import claims_of
from sim.engine.state.portfolio import DueStatus
from sim.engine.state.unpaid import all_unpaid
from sim.engine.state.world import CONTACT_MINUTE, MINUTES_PER_DAY, World
from sim.record.eventlog import Activity
from sim.rng import Stream


@implements("AU-39.2(1)", "AU-39.2(8)", "COLL-03", "AU-9.3")
def send_demands(world: World, day: int, rows: Ints) -> None:
    """Demand payment in writing from members with missed payments that acceleration waits for."""
    terms, standings = world.au, credit_of(world).standings
    is_free = standings.ground[rows] <= Ground.MISSED_PAYMENT
    rows = rows[is_free & (standings.demanded_day[rows] < 0)]
    rows = rows[world.persons.died_day[rows] < 0]
    is_due, _ = _demandable(world, rows, day - terms.demand.send_day + 1)
    rows = rows[is_due]
    if not rows.size:
        return
    _, yen = _demandable(world, rows, day)  # all that must be paid by its end
    letter = world.config.collections.channels.get("letter")
    cost = letter.cost_yen if letter is not None else 0
    u = world.uniforms(Stream.DEMAND, rows, day)
    is_back = comes_back(terms.demand, u[0], u[1]) | world.members.is_address_stale[rows]
    days = demand_days(terms.demand, np.full(rows.size, day - terms.demand.send_day))
    standings.demanded_day[rows] = day
    standings.is_returned[rows] = is_back
    ends = np.where(is_back, days.accelerate_if_undeliverable, days.accelerate)
    standings.demand_ends_day[rows] = ends
    world.agenda.schedule(Task.DEMAND_ENDS, ends, rows)
    world.log.add(
        Activity.DEMAND_SENT,
        day * MINUTES_PER_DAY + CONTACT_MINUTE,
        rows,
        yen=yen,
        cost_yen=cost,
        resource="letter",
    )
    bear_contact_cost(world, day, rows, "letter", cost)


def _demandable(world: World, rows: Ints, before: int) -> tuple[Bools, Ints]:
    """Tell who has missed payments due before a day that lead to a demand, and how much."""
    table, terms = world.dues, world.au
    dues = all_unpaid(world, rows)
    kind, _ = kinds_of_dues(world, dues)
    counts = counts_for_demand(terms.acceleration, table.product[dues], kind != ORDINARY)
    counts &= (table.status[dues] == DueStatus.OVERDUE) & (table.due_day[dues] < before)
    dues = dues[counts]
    place = place_in(rows, table.member[dues])
    yen = np.bincount(place, claims_of(world, dues).sum(axis=1), rows.size).astype(np.int64)
    return np.bincount(place, minlength=rows.size) > 0, yen


@implements("AU-39.2(1)", "AU-39.2(8)")
def end_demands(world: World, day: int, rows: Ints) -> None:
    """Accelerate all debts of members who have not met a demand by its end."""
    standings = credit_of(world).standings
    sent = standings.demanded_day[rows].astype(np.int64)
    back = standings.is_returned[rows]
    # A demand keeps the days that it was sent with, whatever the terms are by now.
    is_over = (sent >= 0) & (standings.demand_ends_day[rows] == day)
    rows, sent, back = rows[is_over], sent[is_over], back[is_over]
    if not rows.size:
        return
    unmet = np.zeros(rows.size, dtype=bool)
    for when in distinct(sent).tolist():  # a demand is about what was overdue when it was sent
        of_day = sent == when
        unmet[of_day], _ = _demandable(world, rows[of_day], when)
    standings.demanded_day[rows] = -1
    minute = day * MINUTES_PER_DAY
    world.log.add(Activity.DEMAND_MET, minute, rows[~unmet])
    world.log.add(Activity.DEMAND_RETURNED, minute, rows[unmet & back])
    accelerate_all(world, day, rows[unmet & ~back], Ground.DEMAND_EXPIRED)
    accelerate_all(world, day, rows[unmet & back], Ground.UNDELIVERABLE)
    _demand_again(world, day, rows[~unmet])


def _demand_again(world: World, day: int, rows: Ints) -> None:
    """Plan the demands of payments missed while another demand was running."""
    late, _ = _demandable(world, rows, day)
    again = rows[late]
    send = world.members.overdue_since[again] + world.au.demand.send_day
    world.agenda.schedule(Task.DEMAND, np.maximum(send, day + 1).astype(np.int64), again)
