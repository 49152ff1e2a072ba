"""Receipts: tallies of the money that settlement has allocated to dues."""

from collections.abc import Mapping

import numpy as np

from models.arrays import Bools, Ints
from models.policy.law.proceedings import Stage
from sim.engine.default import count_fate
from sim.engine.tallies import PaymentDelays, Stages
from sim.engine.workouts import Flow
from sim.engine.world import World
from sim.portfolio import DueStatus

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
OVERDUE, WRITTEN_OFF = int(DueStatus.OVERDUE), int(DueStatus.WRITTEN_OFF)


def count_receipts(
    world: World, day: int, dues: Ints, status: Ints, payments: Mapping[bool, Ints]
) -> None:
    """Count money by days from the due date, by stage of collection, and on defaults.

    Parameters
    ----------
    world
        Lender; dues are as they were before the money.
    day
        Business day.
    dues
        Rows, shape (n,).
    status
        Their `DueStatus`, shape (n,).
    payments
        What was allocated, yen, shape (n, 5), price last, by whether it is cash; else it is a
        set-off or points.
    """
    is_off = status == WRITTEN_OFF
    is_late = is_off | (status == OVERDUE)
    way = _ways_of(world, dues, is_off)
    for is_cash, paid in payments.items():
        _count_delays(world, day, dues, way, paid[:, -1], is_cash=is_cash)
        if is_cash:
            _count_stages(world, day, dues, way, paid, is_late)
        _count_workouts(world, day, dues, paid, is_off, is_cash=is_cash)


def _ways_of(world: World, dues: Ints, is_off: Bools) -> Ints:
    """Give the way by which money comes on dues, the furthest one open to it, shape (n,)."""
    rows = world.dues.member[dues]
    way = LAW_FIRM * world.members.is_placed[rows]
    # Each goes further than those before; there is hardly ever one.
    for number, is_so in (
        (GARNISHMENT, world.proceedings.stage[rows] == int(Stage.GARNISHMENT)),
        (PLAN, world.arrangements.has_plan(rows)),
        (AFTER_WRITE_OFF, is_off),
    ):
        way[is_so] = number
    return np.asarray(way)


def _count_delays(
    world: World, day: int, dues: Ints, way: Ints, price: Ints, *, is_cash: bool
) -> None:
    """Count price yen by days from the due date, for the curves of unpaid shares."""
    table = world.dues
    delay = day - table.due_day[dues]
    source = SOURCE_OF_WAY[is_cash][way]
    world.delays.add(source, table.member[dues], table.month[dues], delay, price)


def _count_stages(
    world: World, day: int, dues: Ints, way: Ints, paid: Ints, is_late: Bools
) -> None:
    """Count cash on overdue dues by the stage of collection that their members have reached."""
    late = is_late.nonzero()[0]
    if not late.size:
        return
    yen = paid[late].sum(axis=1)
    some = yen > 0
    late, yen = late[some], yen[some]
    rows, month = world.dues.member[dues[late]], int(world.calendar.month_of[day])
    stage = _stages_of(world, rows, way[late])
    world.collection.collect(world.derived.stages, stage, month, rows, yen)


def _stages_of(world: World, rows: Ints, way: Ints) -> Ints:
    """Give the stage of collection of members, the furthest one, a place in `Derived.stages`."""
    members, by_step = world.members, world.derived.stage_of_step
    in_court = world.proceedings.stage[rows] != Stage.NONE
    beyond = np.maximum(way, COURT * in_court)
    step = np.minimum(members.ladder_step[rows], by_step.shape[1] - 1)
    return np.asarray(np.where(beyond == USUAL, by_step[members.strategy[rows], step], beyond))


def _count_workouts(
    world: World, day: int, dues: Ints, paid: Ints, is_off: Bools, *, is_cash: bool
) -> None:
    """Count what comes in on defaults, and what comes back of price that was written off."""
    if is_off.any():
        count_fate(world, "recovered", day, dues[is_off], paid[is_off, -1])
    rows = world.dues.member[dues]
    in_default = world.workouts.is_running[rows].nonzero()[0]
    if not in_default.size:
        return
    rows, paid = rows[in_default], paid[in_default]
    price, other = paid[:, -1], paid[:, :-1].sum(axis=1)
    if is_cash:
        world.workouts.add(Flow.PRINCIPAL, day, rows, price)
        world.workouts.add(Flow.OTHER, day, rows, other)
    else:
        world.workouts.add(Flow.SET_OFF, day, rows, price + other)
