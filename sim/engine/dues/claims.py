"""Claims payable at once: what a member owes besides price and fees, for damage and for cost."""

from models.arrays import Ints
from models.clauses import implements
from models.products.catalogue import Lender
from sim.engine.agenda import Task
from sim.engine.state.world import MINUTES_PER_DAY, World
from sim.record.eventlog import Activity
from sim.record.postings import Posting
from sim.table import add_at


@implements("NP-7.3", "NP-8.6", "NP-9.3", "NP-14.2")
def claim_at_once(world: World, day: int, rows: Ints, yen: Ints, posting: Posting) -> None:
    """Book a claim payable at once; it goes on the next bill or is due the same day (C-74).

    Parameters
    ----------
    world
        Lender.
    day
        Morning of the claim, or the business day that is being closed.
    rows
        Member rows, unique.
    yen
        Claim of each, shape (n,).
    posting
        What is claimed: debits the cost receivable.
    """
    rows, yen = rows[yen > 0], yen[yen > 0]
    if not rows.size:
        return
    add_at(world.members.claimed_cost_yen, rows, yen)
    world.ledger.post(posting, day, rows, yen)
    world.log.add(Activity.CLAIM_RAISED, day * MINUTES_PER_DAY, rows, yen=yen)
    if world.lender == Lender.NP and world.atone.immediate_claims == "due_same_day":
        world.agenda.schedule(Task.CLAIMED, day, rows)
