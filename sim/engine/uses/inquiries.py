"""Inquiries into uses (NP-31.2): the bill stays due, dunning waits, and what is found is booked."""

import numpy as np

from models.arrays import Ints
from models.clauses import implements
from models.kernels.groups import distinct
from models.policy.inquiries import found, ground_of
from sim.engine.agenda import Task
from sim.engine.state.exposure import key_of
from sim.engine.state.portfolio import PurchaseStatus
from sim.engine.state.world import END_OF_DAY, MINUTES_PER_DAY, World
from sim.engine.uses.purchases import cancel
from sim.engine.uses.withholding import end_withholding, withhold
from sim.record.eventlog import Activity
from sim.rng import Stream


@implements("NP-28.6", "NP-28.7", "NP-31.2", "AU-26.2")
def open_inquiries(world: World, day: int, purchases: Ints) -> None:
    """Begin to look into uses; their debt is disputed till the end, and due but for C-26."""
    table, terms = world.purchases, world.config.policy.inquiries
    purchases = purchases[table.status[purchases] == PurchaseStatus.POSTED]
    if not purchases.size:
        return
    rows, key = table.member[purchases], key_of(table, purchases)
    ground = ground_of(terms, world.uniforms(Stream.INQUIRY, rows, key)[0])
    ends = day + terms.days
    incidents = world.incidents.open(
        purchases,
        np.ones(purchases.size, dtype=np.int64),
        member=rows,
        key=key,
        ground=ground,
        notice_day=day,
    )
    withhold(world, day, purchases, ground)
    world.members.disputed_until[rows] = ends
    world.agenda.schedule(Task.LOOKED_INTO, ends, incidents)
    _log(world, Activity.INQUIRY_OPENED, day, incidents)


@implements("NP-31.2", "NP-28.7", "NP-29.3", "LEN-05", "AU-26.2")
def end_inquiries(world: World, day: int, incidents: Ints) -> None:
    """End inquiries: the merchant returns the price, a breach is proved, or the claim stands."""
    table = world.incidents
    purchases, _ = table.purchases_of(incidents)
    table.is_open[incidents] = False
    end_withholding(world, day, purchases)
    u = world.uniforms(Stream.INQUIRY, table.member[incidents], table.key[incidents])[2]
    result = found(world.config.policy.inquiries, table.ground[incidents], u)
    is_live = world.purchases.status[purchases] == PurchaseStatus.POSTED
    returned = result.is_charged_back & is_live
    _log(world, Activity.CHARGED_BACK, day, incidents[returned])
    cancel(world, day, purchases[returned])
    breach = incidents[result.is_breach]
    _log(world, Activity.BREACH_FOUND, day, breach)
    world.agenda.schedule(Task.BREACH, day + 1, table.member[breach])
    _log(world, Activity.INQUIRY_CLOSED, day, incidents[~returned & ~result.is_breach])


def _log(world: World, activity: Activity, day: int, incidents: Ints) -> None:
    """Log an activity of inquiries; the resource tells the ground."""
    table, uses = world.incidents, world.purchases
    ground = table.ground[incidents]
    for number in distinct(ground).tolist():
        chosen = incidents[ground == number]
        purchases, _ = table.purchases_of(chosen)
        world.log.add(
            activity,
            day * MINUTES_PER_DAY + END_OF_DAY,
            table.member[chosen],
            yen=uses.price_yen[purchases],
            reference=table.key[chosen],
            resource=f"ground ({number})",
            product=uses.product[purchases],
        )
