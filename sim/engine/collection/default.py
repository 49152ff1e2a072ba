"""Defaults for the credit metrics: when one begins, what is owed then, what is lost of balances.

A default changes nothing in what a member owes or may do; it is a word of the books.
"""

import numpy as np

from models.arrays import Ints
from models.kernels.groups import sum_by
from sim.engine.agenda import Task
from sim.engine.state.exposure import unposted
from sim.engine.state.unpaid import all_unpaid
from sim.engine.state.world import World
from sim.record.workouts import Flow


def default(world: World, day: int, rows: Ints) -> None:
    """Begin the defaults of members whose arrears are old enough; look again at younger ones."""
    members, age = world.members, world.config.economics.default_dpd
    rows = rows[(members.overdue_since[rows] >= 0) & ~world.workouts.is_running[rows]]
    ripe = members.spell_start[rows] + age <= day
    younger = rows[~ripe]
    world.agenda.schedule(Task.DEFAULT, members.spell_start[younger] + age, younger)
    begin_defaults(world, day, rows[ripe])


def begin_defaults(world: World, day: int, rows: Ints) -> None:
    """Count defaults that begin, with all that members owe by the books; not those begun before.

    Late damages are owed as far as they are posted. What is held or not posted yet is not owed.
    """
    members, table, workouts = world.members, world.dues, world.workouts
    rows = rows[~workouts.is_running[rows]]
    if not rows.size:
        return
    principal = (members.unsettled_yen[rows] - members.held_yen[rows]).astype(np.int64)
    ahead = unposted(world)
    if ahead is not None:
        principal -= ahead[rows]
    waiting = (
        members.claimed_damages_yen,
        members.claimed_admin_yen,
        members.claimed_cost_yen,
        members.claimed_fee_yen,
    )
    other = np.zeros(rows.size, dtype=np.int64)
    for column in waiting:
        other += column[rows]
    dues = all_unpaid(world, rows)
    beside_price = np.zeros(dues.size, dtype=np.int64)
    for column in (
        table.fee_yen,
        table.damages_yen,
        table.late_damages_yen,
        table.admin_yen,
        table.cost_yen,
    ):
        beside_price += column[dues]
    other += sum_by(rows, table.member[dues], beside_price)
    month_of = world.calendar.month_of
    left = workouts.left_day[rows]
    # The picture of a month is taken after its last day: who left default on it is sound in it.
    sound_since = np.where(left < 0, 0, month_of[np.maximum(left, 0)])
    world.snapshots.count_defaults(int(month_of[day]), rows, sound_since)
    workouts.begin(day, rows, principal, other)


def count_fate(world: World, kind: str, day: int, dues: Ints, yen: Ints) -> None:
    """Count price yen of dues that are written off or recovered, in the month ends before."""
    rows, since = world.dues.member[dues].astype(np.int64), posted_month(world, dues)
    month = int(world.calendar.month_of[day])
    stock = world.snapshots
    stock.fates.add(kind, stock.history, month, rows, since, yen.astype(np.int64))


def posted_month(world: World, dues: Ints) -> Ints:
    """Give the month in which the price of dues was posted: that of the use, or of the bill."""
    month, purchase = world.dues.month[dues].astype(np.int64), world.dues.purchase[dues]
    own = purchase >= 0
    posted = world.purchases.posted_day[purchase[own]]
    month[own] = np.where(posted < 0, month[own], world.calendar.month_of[np.maximum(posted, 0)])
    return month


def count_cost(world: World, day: int, rows: Ints, yen: Ints) -> None:
    """Count the cost of collection, yen of each member row, where it is spent on a default."""
    in_default = world.workouts.is_running[rows]
    if in_default.any():
        world.workouts.add(Flow.COLLECTION_COST, day, rows[in_default], yen[in_default])
