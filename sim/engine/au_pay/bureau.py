"""The credit bureau as au Financial Service uses it: what is told, and what is seen (AUX-CIC).

Nothing here is ever read by the other lender (ART-08).
"""

import numpy as np

from models.arrays import Ints
from models.clauses import implements
from models.policy.bureau import NOTHING, View, is_reportable, query
from sim.engine.agenda import Task
from sim.engine.au_pay.late import credit_of
from sim.engine.members.leaving import owes
from sim.engine.members.status import has_ended
from sim.engine.state.world import END_OF_DAY, MINUTES_PER_DAY, World
from sim.record.eventlog import Activity


@implements("AU-15.1", "AUX-CIC(1)", "AUX-CIC(2)", "AUX-CIC-P", "AU-18.1")
def ask_bureau(world: World, day: int, rows: Ints, *, is_application: bool) -> View:
    """Look persons up at the bureau; the query for an application is itself registered.

    Parameters
    ----------
    world
        Lender.
    day
        Day of the query.
    rows
        Member rows, shape (n,).
    is_application
        Whether they apply; a look at members leaves no trace.

    Returns
    -------
    View
        What was seen, before this query was registered.
    """
    bureau, standings = world.config.policy.bureau, credit_of(world).standings
    files = standings.files(rows)
    view = query(bureau, bureau.au, bureau.au, world.config.start, files, day)
    minute = day * MINUTES_PER_DAY
    if bureau.au.inquiry:
        world.log.add(Activity.BUREAU_ASKED, minute, rows)
    if bureau.au.inquiry and is_application:
        standings.inquired_day[rows] = day
        world.log.add(Activity.APPLICATION_REGISTERED, minute, rows)
    return view


@implements("AU-15.2", "AUX-CIC(3)")
def register_contracts(world: World, day: int, rows: Ints) -> None:
    """Register the contracts of new members."""
    if world.config.policy.bureau.au.report:
        credit_of(world).standings.opened_day[rows] = day
        world.log.add(Activity.CONTRACT_REGISTERED, day * MINUTES_PER_DAY, rows)


@implements("AU-15.2", "AUX-CIC(4)")
def register_arrears(world: World, day: int, rows: Ints) -> None:
    """Register arrears that are told now, where they are not registered yet."""
    standings = credit_of(world).standings
    rows = rows[standings.arrears_day[rows] == NOTHING]
    if world.config.policy.bureau.au.report:
        standings.arrears_day[rows] = day
        world.log.add(Activity.ARREARS_REGISTERED, day * MINUTES_PER_DAY, rows)


def watch_arrears(world: World, day: int, rows: Ints) -> None:
    """Plan the look at arrears that began with a due day."""
    after = world.config.policy.bureau.cic.report_after_days
    world.agenda.schedule(Task.REPORTABLE, day + after, rows)


@implements("AUX-CIC(4)")
def report_arrears(world: World, day: int, rows: Ints) -> None:
    """Tell the bureau of arrears that have lasted long enough."""
    since = world.members.overdue_since[rows]
    past_due = np.where(since >= 0, day - since, 0)
    none = np.zeros(rows.size, dtype=bool)
    reportable = is_reportable(world.config.policy.bureau.cic, past_due, none, none, none)
    register_arrears(world, day, rows[reportable])
    # Older payments were met meanwhile; what is overdue now is looked at in its own time.
    younger = rows[(since >= 0) & ~reportable]
    after = world.config.policy.bureau.cic.report_after_days
    world.agenda.schedule(
        Task.REPORTABLE, world.members.overdue_since[younger].astype(np.int64) + after, younger
    )


@implements("AUX-CIC(3)", "AUX-CIC(4)")
def close_files(world: World, day: int, rows: Ints) -> None:
    """Register at a month's end whose membership and debts have both ended, and since when."""
    if world.calendar.day_of_month[day + 1] != 1 or not world.config.policy.bureau.au.report:
        return
    members, standings = world.members, credit_of(world).standings
    is_over = (standings.opened_day[rows] != NOTHING) & has_ended(world, rows)
    rows = rows[is_over & (standings.closed_day[rows] == NOTHING)]
    rows = rows[~owes(world, rows)]
    if not rows.size:
        return
    standings.closed_day[rows] = np.maximum(members.ended_day[rows], members.last_paid_day[rows])
    minute = day * MINUTES_PER_DAY + END_OF_DAY
    world.log.add(Activity.CONTRACT_END_REGISTERED, minute, rows)
