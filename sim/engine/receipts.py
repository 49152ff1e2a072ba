"""Receipts: tallies of the money that settlement has allocated to dues."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.arrays import Bools, Ints
from models.policy.law.proceedings import Stage
from sim.engine.default import count_fate
from sim.engine.tallies import Stages
from sim.engine.workouts import Flow
from sim.engine.world import World
from sim.portfolio import DueStatus


def count_receipts(
    world: World, day: int, dues: Ints, paid: Ints, is_off: Bools, *, is_cash: bool
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
    paid
        What was allocated, yen, shape (n, 5); price last.
    is_off
        Which are written off, shape (n,).
    is_cash
        Whether it is cash, not a set-off or points.
    """
    ways = _ways_of(world, dues, is_off)
    _count_delays(world, day, dues, ways, paid[:, -1], is_cash=is_cash)
    if is_cash:
        _count_stages(world, day, dues, ways, paid.sum(axis=1))
    _count_workouts(world, day, dues, paid, is_off, is_cash=is_cash)


class _Ways(NamedTuple):
    """By what way money comes on dues, each by one of these or as on any due; shape (n,)."""

    is_off: Bools
    by_plan: Bools
    attached: Bools
    placed: Bools

    @property
    def is_usual(self) -> Bools:
        """Which money comes as on any due."""
        return np.asarray(~(self.is_off | self.by_plan | self.attached | self.placed))

    def of(self, chosen: Ints) -> "_Ways":
        """Give the ways of some of the dues."""
        return _Ways(*(is_so[chosen] for is_so in self))


def _ways_of(world: World, dues: Ints, is_off: Bools) -> _Ways:
    """Tell by what way money comes on dues, the furthest one that collection has reached."""
    rows, rest = world.dues.member[dues], ~is_off
    by_plan = rest & world.arrangements.has_plan(rows)
    rest = rest & ~by_plan
    attached = rest & (world.proceedings.stage[rows] == Stage.GARNISHMENT)
    return _Ways(is_off, by_plan, attached, rest & ~attached & world.members.is_placed[rows])


def _count_delays(
    world: World, day: int, dues: Ints, ways: _Ways, price: Ints, *, is_cash: bool
) -> None:
    """Count price yen by days from the due date, for the curves of unpaid shares."""
    table = world.dues
    rows, month, delay = table.member[dues], table.month[dues], day - table.due_day[dues]
    regular = "cash" if is_cash else "credit"
    for source, is_so in (
        (regular, ways.is_usual),
        ("agency", ways.placed),
        ("garnishment", ways.attached),
        ("plan", ways.by_plan),
        ("recovery", ways.is_off),
    ):
        if is_so.any():
            world.delays.add(source, rows[is_so], month[is_so], delay[is_so], price[is_so])


def _count_stages(world: World, day: int, dues: Ints, ways: _Ways, yen: Ints) -> None:
    """Count cash on overdue dues by the stage of collection that their members have reached."""
    table, month = world.dues, int(world.calendar.month_of[day])
    is_late = ways.is_off | (table.status[dues] == DueStatus.OVERDUE)
    late = np.flatnonzero(is_late & (yen > 0))
    if not late.size:
        return
    rows, yen = table.member[dues[late]], yen[late]
    stage = _stages_of(world, rows, ways.of(late))
    for name in np.unique(stage).tolist():
        is_so = stage == name
        world.collection.collect(name, month, rows[is_so], yen[is_so])


def _stages_of(world: World, rows: Ints, ways: _Ways) -> NDArray[np.str_]:
    """Name the stage of collection of members, the furthest one first, shape (n,)."""
    members = world.members
    by_ladder = np.array([Stages.NO_CONTACT] * rows.size, dtype=object)
    for number, ladder in enumerate(world.derived.ladders):
        chosen = np.flatnonzero(members.strategy[rows] == number)
        step = np.minimum(members.ladder_step[rows[chosen]], len(ladder.stages) - 1)
        by_ladder[chosen] = np.array(ladder.stages, dtype=object)[step]
    stages = (
        (ways.is_off, Stages.AFTER_WRITE_OFF),
        (ways.by_plan, Stages.PLAN),
        (ways.attached, Stages.GARNISHMENT),
        (world.proceedings.stage[rows] != Stage.NONE, Stages.COURT),
        (ways.placed, Stages.LAW_FIRM),
    )
    return np.select([is_so for is_so, _ in stages], [name for _, name in stages], by_ladder)


def _count_workouts(
    world: World, day: int, dues: Ints, paid: Ints, is_off: Bools, *, is_cash: bool
) -> None:
    """Count what comes in on defaults, and what comes back of price that was written off."""
    if is_off.any():
        count_fate(world, "recovered", day, dues[is_off], paid[is_off, -1])
    rows = world.dues.member[dues]
    in_default = np.flatnonzero(world.workouts.is_running[rows])
    if not in_default.size:
        return
    rows, paid = rows[in_default], paid[in_default]
    price, other = paid[:, -1], paid[:, :-1].sum(axis=1)
    if is_cash:
        world.workouts.add(Flow.PRINCIPAL, day, rows, price)
        world.workouts.add(Flow.OTHER, day, rows, other)
    else:
        world.workouts.add(Flow.SET_OFF, day, rows, price + other)
