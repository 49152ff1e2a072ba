"""Filings: papers that wait for a legal clerk or for the court, and what they cost (COLL-05)."""

import numpy as np

from models.arrays import Ints
from models.clauses import implements
from models.kernels.groups import first_of_runs, place_in
from models.policy.law.proceedings import Stage
from models.products.au_pay.payment import chargeable_cost
from models.products.catalogue import Lender
from sim.engine.agenda import Task
from sim.engine.cases.course import open_court_cases
from sim.engine.collection.default import count_cost
from sim.engine.state.case_book import Kind
from sim.engine.state.due_index import IS_LATE
from sim.engine.state.portfolio import DueStatus
from sim.engine.state.unpaid import unpaid_dues
from sim.engine.state.world import World
from sim.record.postings import Posting
from sim.table import add_at


def prepare(world: World, rows: Ints, stage: Stage) -> None:
    """Put papers that a stage is about before the lender's legal clerks."""
    _wait_for(world, Kind.FILING, rows, stage)


def submit(world: World, rows: Ints, stage: Stage) -> None:
    """Put papers that a stage is about before the court's clerks."""
    _wait_for(world, Kind.DOCKET, rows, stage)


def _wait_for(world: World, kind: Kind, rows: Ints, stage: Stage) -> None:
    """Let proceedings wait for somebody, under a new number."""
    table = world.proceedings
    table.number[rows] += 1
    table.enter(rows, stage)
    open_court_cases(world, kind, rows, table.number[rows].astype(np.int64))


def wait_until(world: World, rows: Ints, stage: Stage, days: Ints) -> None:
    """Let the clock of a stage run to the morning of a day, shape (n,)."""
    world.proceedings.enter(rows, stage, days)
    world.agenda.schedule(Task.PROCEED, days, rows)


@implements("COLL-05", "AU-44.2", "NP-7.3")
def advance_costs(world: World, day: int, rows: Ints, cost_yen: Ints) -> None:
    """Advance court fees and postage, and add them to the claim; the staff's work is the lender's.

    Parameters
    ----------
    world
        Lender.
    day
        Business day, or morning.
    rows
        Member rows in arrears, unique.
    cost_yen
        Fees and postage, yen, shape (n,).
    """
    fees, table = world.config.collections.law.fees, world.dues
    world.ledger.post(Posting.COURT_COST, day, rows, cost_yen)
    work = np.full(rows.size, fees.staff_cost_yen)
    world.ledger.post(Posting.LEGAL_WORK, day, rows, work)
    count_cost(world, day, rows, cost_yen + work)
    if world.lender == Lender.AU:
        cost_yen = chargeable_cost(world.au.costs, cost_yen)
    dues = unpaid_dues(world, rows, IS_LATE)
    oldest = dues[first_of_runs(table.member[dues])]
    charged = cost_yen[place_in(rows, table.member[oldest])]
    add_at(table.cost_yen, oldest, charged)
    # What is added to a claim that is given up is given up, too.
    is_off = table.status[oldest] == DueStatus.WRITTEN_OFF
    for posting, chosen in (
        (Posting.COURT_COST_CLAIMED, slice(None)),
        (Posting.COST_WRITTEN_OFF, is_off),
    ):
        dues = oldest[chosen]
        world.ledger.post(
            posting,
            day,
            table.member[dues].astype(np.int64),
            charged[chosen],
            table.month[dues],
            table.product[dues],
        )
