"""Measures of au Financial Service against members on the twelve grounds of AU-41.1."""

from models.arrays import Ints
from models.clauses import implements
from models.products.au_pay.measures import Measure, MeasureGround, measure_of
from sim.engine.collection.arrears import not_to_use_on
from sim.engine.members.membership import end, stop
from sim.engine.members.status import is_member
from sim.engine.state.portfolio import Status, Stop
from sim.engine.state.world import MINUTES_PER_DAY, World
from sim.record.eventlog import Activity

STOP_OF = {
    MeasureGround.UNPAID: Stop.ARREARS,
    MeasureGround.ACCELERATED: Stop.ARREARS,
    MeasureGround.DETERIORATION: Stop.CREDIT,
    MeasureGround.ANTISOCIAL: Stop.SUSPICION,
    MeasureGround.SUSPICIOUS: Stop.DOUBT,
    MeasureGround.REPORT_REFUSED: Stop.IDENTITY,
}
"""What a suspension is remembered as, so that each ends by its own release; else misconduct."""


@implements("AU-41.1", "AU-11.2", "AU-11.3", "AU-24.12")
def take_measure(
    world: World, day: int, rows: Ints, ground: MeasureGround, *, may_cure: bool = False
) -> None:
    """Do what the lender does on a ground; no claim of the member follows (AU-41.5).

    Parameters
    ----------
    world
        Lender.
    day
        Morning on which the ground is known.
    rows
        Member rows, unique; who is no member any more is left alone.
    ground
        Why.
    may_cure
        Whether an acceleration can still be cured, which suspends only (C-55).
    """
    rows = rows[is_member(world, rows)]
    if rows.size:
        measure = measure_of(world.au.measures, ground, may_cure=may_cure)
        carry_out(world, day, rows, measure, ground)


@implements("COLL-01", "AU-24.11", "AU-41.1")
def act_on_arrears(world: World, day: int, rows: Ints) -> None:
    """Stop the use of members still in arrears, or what the terms have in its place."""
    rows = not_to_use_on(world, day, rows)
    if measure_of(world.au.measures, MeasureGround.UNPAID) in (Measure.SUSPEND, Measure.STOP):
        stop(world, day, rows, Stop.ARREARS, Activity.USE_STOPPED)
    else:
        take_measure(world, day, rows, MeasureGround.UNPAID)


def carry_out(world: World, day: int, rows: Ints, measure: Measure, ground: MeasureGround) -> None:
    """Carry a measure out and log the ground with it."""
    if measure == Measure.NONE or not rows.size:
        return
    minute = day * MINUTES_PER_DAY
    world.log.add(Activity.MEASURE_GROUND, minute, rows, reference=ground.value + 1)
    match measure:
        case Measure.CANCEL:
            end(world, day, rows, Status.CANCELLED, Activity.MEASURE_CANCELLED)
        case Measure.RESTRICT:
            world.log.add(Activity.MEASURE_RESTRICTED, minute, rows)
        case _:
            bit = STOP_OF.get(ground, Stop.MISUSE)
            stop(world, day, rows, bit, Activity.MEASURE_SUSPENDED)
