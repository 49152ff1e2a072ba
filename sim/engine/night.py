"""The night between two days, as two tables: what closes a business day and what opens the next.

Order of rulebook 0.6. Closing: postings, cancellations and payouts (2), payments (3), debit run
(4), due-date evaluation (5), accrual (6), month's closing (8). Acceleration (7) has no part in
atone (C-15). Opening: release and re-review (9), collections (10), applications and purchases (11).
A step gets the rows that its task planned for the day, or, where it has no task, the members at
hand. The cohort driver calls these functions for everybody, the member driver for one member.
"""

from collections.abc import Callable

import numpy as np

from models.arrays import Ints
from sim.engine.agenda import Task
from sim.engine.applications import apply, re_review
from sim.engine.arrears import accrue_month, charge_admin_fees, fall_due, release_use, stop_use
from sim.engine.billing import close_month, remind, show_statement
from sim.engine.dunning import dun, end_promises, take_agency_work, take_calls, write_off
from sim.engine.payments import pay, pay_arrears, run_debits
from sim.engine.purchases import ask, cancel, end_holds, pay_merchants, post, take_reviews
from sim.engine.wishes import begin_month
from sim.engine.world import World

Step = Callable[[World, int, Ints], None]
EVERYBODY = -1

CLOSING: tuple[tuple[Task | None, Step], ...] = (
    (Task.REVIEWED, take_reviews),
    (Task.HOLD_ENDS, end_holds),
    (Task.POST, post),
    (Task.CANCEL, cancel),
    (Task.PAYOUT, pay_merchants),
    (Task.CALLED, take_calls),
    (Task.PAY, pay),
    (Task.PAY_ARREARS, pay_arrears),
    (Task.AGENCY_WORKED, take_agency_work),
    (Task.DEBIT, run_debits),
    (Task.FALL_DUE, fall_due),
    (None, charge_admin_fees),
    (None, accrue_month),
    (None, close_month),
)
OPENING: tuple[tuple[Task | None, Step], ...] = (
    (Task.RELEASE, release_use),
    (Task.STOP, stop_use),
    (Task.RE_REVIEW, re_review),
    (Task.WRITE_OFF, write_off),
    (Task.PROMISE_ENDS, end_promises),
    (Task.DUN, dun),
    (None, begin_month),
    (Task.APPLY, apply),
    (Task.STATEMENT, show_statement),
    (Task.REMIND, remind),
    (Task.WISH, ask),
)


def close_day(world: World, day: int, crowd: Ints, member: int = EVERYBODY) -> None:
    """Close a business day for the members at hand."""
    _run(CLOSING, world, day, crowd, member)


def open_day(world: World, day: int, crowd: Ints, member: int = EVERYBODY) -> None:
    """Open a day for the members at hand and answer what they ask for during it."""
    _run(OPENING, world, day, crowd, member)


def _run(
    steps: tuple[tuple[Task | None, Step], ...], world: World, day: int, crowd: Ints, member: int
) -> None:
    """Run the steps of a half night in their order."""
    for task, step in steps:
        if task is None:
            rows = crowd
        else:
            rows = world.agenda.take(task, day, member)
            if task.owner == "member" and rows.size > 1:
                rows = np.unique(rows)  # a plan may be made twice, and is carried out once
        if rows.size:
            for part in _chunks(world, task, rows):
                step(world, day, part)


def _chunks(world: World, task: Task | None, rows: Ints) -> list[Ints]:
    """Split rows into chunks of bounded length; uses of one member stay together.

    Of several dues of one member the older come first.
    """
    size = world.chunk_rows
    if rows.size <= size:
        return [rows]
    if task is not None and task.owner == "purchase":
        rows = rows[np.argsort(world.purchases.member[rows], kind="stable")]
        owner = world.purchases.member[rows]
        cuts = np.searchsorted(owner, owner[size::size], side="left")
        return [part for part in np.split(rows, np.unique(cuts)) if part.size]
    rows = np.sort(rows)
    return [rows[i : i + size] for i in range(0, rows.size, size)]
