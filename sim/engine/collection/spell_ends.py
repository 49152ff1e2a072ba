"""Ends of spells of arrears: when one is over, and what is not true of its member any more."""

import numpy as np

from models.arrays import Ints
from models.clauses import implements
from models.kernels.groups import first_of_runs, place_in
from sim.engine.agenda import Task
from sim.engine.cases.course import forget_put_aside, withdraw_cases
from sim.engine.state.due_index import IS_LATE
from sim.engine.state.world import World
from sim.record.spells import Ending


@implements("COLL-14", "NP-7.4")
def end_spells(
    world: World, day: int, rows: Ints, dues: Ints, ending: Ending = Ending.CURED
) -> None:
    """End the arrears of members with nothing overdue left; move the clock of the others.

    `dues` are the dues of `rows` that were unpaid before, by member, oldest first.
    """
    members, table = world.members, world.dues
    left = dues[IS_LATE[table.status[dues]]]
    is_over = members.overdue_since[rows] >= 0
    if left.size:
        oldest = left[first_of_runs(table.member[left])]
        owners = table.member[oldest]
        members.overdue_since[owners] = table.due_day[oldest]
        is_over[place_in(rows, owners)] = False
    over = rows[is_over]
    if over.size:
        end_cleared(world, day, over, ending)


def end_cleared(world: World, day: int, over: Ints, ending: Ending = Ending.CURED) -> None:
    """End the arrears of members who owe nothing overdue any more."""
    members = world.members
    world.proceedings.clear(over)
    world.arrangements.clear(over)
    start, kept = members.spell_start[over], over
    lasted = day - start
    members.worst_days_past_due[over] = np.maximum(members.worst_days_past_due[over], lasted)
    reached = lasted >= 14
    members.last_14_day[over[reached]] = start[reached] + 14
    given_up = members.is_written_off[over]  # such a spell has ended before
    if given_up.any():
        world.workouts.leave(day, over[given_up], Ending.WRITTEN_OFF)
        kept, start = over[~given_up], start[~given_up]
    world.spells.end(day, kept, start, ending)
    world.workouts.leave(day, kept, ending)
    withdraw_cases(world, over)
    forget_put_aside(world, over)
    for column, empty in (
        (members.overdue_since, -1),
        (members.spell_start, -1),
        (members.spell_first_due, -1),
        (members.spell_pays_on, -1),
        (members.ladder_day, -1),
        (members.promise_day, -1),
        (members.is_placed, False),
        (members.is_written_off, False),
        (members.call_session, 0),
        (members.agency_round, 0),
        (members.contacts, 0),
    ):
        column[over] = empty
    release_day = day + 1 + world.terms.release_cooldown_days
    members.release_day[over] = release_day
    world.agenda.schedule(Task.RELEASE, release_day, over)
