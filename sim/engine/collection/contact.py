"""Contacts: whom a word of the lender moves to pay, and what repetition leaves of its effect."""

import numpy as np

from models.arrays import Bools, Floats, Ints
from models.clauses import implements
from models.policy.collections import MOST_CONTACTS, stay_after_contact
from sim.engine.agenda import Task
from sim.engine.collection.arrears import counts_on, day_of_transfer
from sim.engine.state.world import World

DAYS_PER_WEEK = 7


@implements("COLL-02", "ART-10")
def respond(world: World, day: Ints | int, rows: Ints, share: Floats, u: Floats) -> None:
    """Let a contact that has reached members move their payments forward, never back.

    Parameters
    ----------
    world
        Lender.
    day
        Day on which the contact reaches them, one for all or by row, shape (n,).
    rows
        Member rows in arrears, unique.
    share
        Of members with the same reason not to have paid, so many pay because of it, shape (n,).
    u
        Uniforms for the day of payment, shape (n,).
    """
    members = world.members
    if not rows.size:
        return
    earlier = np.minimum(members.contacts[rows], MOST_CONTACTS)
    members.contacts[rows] = earlier + 1
    members.spell_stay[rows] = stay_after_contact(
        members.spell_stay[rows], share, world.derived.effects[earlier]
    )
    planned = day_of_transfer(world, rows)
    within = world.config.collections.days_to_respond
    soon = day + 1 + np.floor(u * within).astype(np.int64)
    # Whose curve has fallen below the threshold by now pays because of this contact.
    days = np.where(planned <= day, soon, planned)
    pay_on(world, rows, counts_on(world, rows, days))


def pay_on(world: World, rows: Ints, days: Ints) -> None:
    """Move payments of arrears forward to days that are earlier than planned."""
    members = world.members
    earlier = days < members.spell_pays_on[rows]
    rows, days = rows[earlier], days[earlier]
    members.spell_pays_on[rows] = days
    world.agenda.schedule(Task.PAY_ARREARS, days, rows)


def may_contact(world: World, day: int, rows: Ints) -> Bools:
    """Count a contact of this week for each member where the cap leaves room, shape (n,)."""
    cap = world.config.collections.contacts.per_week
    if cap is None:
        return np.ones(rows.size, dtype=bool)
    members, week = world.members, day // DAYS_PER_WEEK
    so_far = np.where(members.contact_week[rows] == week, members.week_contacts[rows], 0)
    has_room = so_far < cap
    counted = rows[has_room]
    members.contact_week[counted] = week
    members.week_contacts[counted] = so_far[has_room] + 1
    return np.asarray(has_room)
