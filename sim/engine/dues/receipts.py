"""Receipts: tallies of the money that settlement has allocated to dues."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from models.arrays import Bools, Ints
from models.policy.law.proceedings import Stage
from sim.engine.collection.default import count_fate
from sim.engine.dues.parts import PRICE
from sim.engine.state.due_index import IS_LATE
from sim.engine.state.world import World
from sim.record.tallies import PaymentDelays, Stages
from sim.record.workouts import Flow

USUAL, LAW_FIRM, COURT, GARNISHMENT, PLAN, AFTER_WRITE_OFF = range(len(Stages.BEYOND))
"""By what way money comes, each further in collection than those before: places in
`Stages.BEYOND`. Of these a court brings no money by itself."""
SOURCE_OF_WAY = {
    is_cash: np.array(
        [
            PaymentDelays.SOURCES.index(source)
            for source in (
                "cash" if is_cash else "credit",
                "agency",
                "cash" if is_cash else "credit",
                "garnishment",
                "plan",
                "recovery",
            )
        ]
    )
    for is_cash in (True, False)
}
"""Place in `PaymentDelays.SOURCES` of money by its way, by whether it is cash."""


class Debts(NamedTuple):
    """Dues as they are before money comes in, with what the books ask of each, shape (n,) each."""

    dues: Ints
    rows: Ints  # of their members
    month: Ints
    product: Ints
    status: Ints
    due_day: Ints


def debts_of(world: World, dues: Ints) -> Debts:
    """Look up what the books ask of dues."""
    table = world.dues
    return Debts(
        dues,
        table.member[dues],
        table.month[dues],
        table.product[dues],
        table.status[dues],
        table.due_day[dues],
    )


def count_receipts(
    world: World, day: int, debts: Debts, is_off: Bools, payments: Mapping[bool, Ints]
) -> None:
    """Count money by days from the due date, by stage of collection, and on defaults.

    Parameters
    ----------
    world
        Lender.
    day
        Business day.
    debts
        Dues that the money was allocated to.
    is_off
        Which of them are written off, shape (n,).
    payments
        What was allocated, yen, shape (n, 5), by whether it is cash; else it is a
        set-off or points.
    """
    rows, month, delay = debts.rows, debts.month, day - debts.due_day
    late = IS_LATE[debts.status].nonzero()[0]
    # Without arrears there is only the usual way.
    if not late.size and (world.members.overdue_since[rows] < 0).all():
        for is_cash, paid in payments.items():
            world.delays.add("cash" if is_cash else "credit", rows, month, delay, paid[:, PRICE])
        return
    stage = world.proceedings.stage[rows]
    way = _ways_of(world, rows, stage, is_off)
    recovered = is_off.nonzero()[0]
    in_default = world.workouts.is_running[rows].nonzero()[0]
    for is_cash, paid in payments.items():
        price, total = paid[:, PRICE], paid.sum(axis=1)
        world.delays.add(SOURCE_OF_WAY[is_cash][way], rows, month, delay, price)
        if is_cash and late.size:
            reached = _stages_of(world, rows, stage, way)[late]
            stages, this_month = world.derived.stages, int(world.calendar.month_of[day])
            world.collection.collect(stages, reached, this_month, rows[late], total[late])
        if in_default.size:
            some = rows[in_default], price[in_default], total[in_default]
            _count_workouts(world, day, *some, is_cash=is_cash)
        if recovered.size:
            count_fate(world, "recovered", day, debts.dues[recovered], price[recovered])


def _ways_of(world: World, rows: Ints, stage: Ints, is_off: Bools) -> Ints:
    """Give the way by which money of members comes, the furthest one open to it, shape (n,)."""
    way = LAW_FIRM * world.members.is_placed[rows]
    # Each goes further than those before; there is hardly ever one.
    way[stage == int(Stage.GARNISHMENT)] = GARNISHMENT
    way[world.arrangements.has_plan(rows)] = PLAN
    way[is_off] = AFTER_WRITE_OFF
    return np.asarray(way)


def _stages_of(world: World, rows: Ints, stage: Ints, way: Ints) -> Ints:
    """Give the stage of collection of members, the furthest one, a place in `Derived.stages`.

    `stage` is where each stands before the court, `way` how the money comes.
    """
    members, by_step = world.members, world.derived.stage_of_step
    step = np.minimum(members.ladder_step[rows], by_step.shape[1] - 1)
    reached = by_step[members.strategy[rows], step]
    beyond = np.maximum(way, COURT * (stage != int(Stage.NONE)))
    further = beyond.nonzero()[0]
    reached[further] = beyond[further]
    return np.asarray(reached)


def _count_workouts(
    world: World, day: int, rows: Ints, price: Ints, total: Ints, *, is_cash: bool
) -> None:
    """Count what comes in on defaults of members."""
    if is_cash:
        world.workouts.add(Flow.PRINCIPAL, day, rows, price)
        world.workouts.add(Flow.OTHER, day, rows, total - price)
    else:
        world.workouts.add(Flow.SET_OFF, day, rows, total)
