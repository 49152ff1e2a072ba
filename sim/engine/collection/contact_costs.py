"""What contacts cost: one way to book them, by stage of collection."""

import numpy as np

from models.arrays import Ints
from models.clauses import implements
from models.products.catalogue import Product
from sim.engine.collection.default import count_cost
from sim.engine.state.world import World
from sim.record.postings import Posting


@implements("COLL-02")
def bear_contact_cost(
    world: World,
    day: int,
    rows: Ints,
    stage: str,
    cost_yen: int,
    month: Ints | int = -1,
    product: Ints | int = Product.NONE,
) -> None:
    """Book a contact with each of several members.

    Parameters
    ----------
    world
        Lender.
    day
        Business day.
    rows
        Member rows, shape (n,), repetitions allowed.
    stage
        Stage of collection: a channel by its name, or one of `Stages`.
    cost_yen
        Cost of each contact.
    month, product
        As in `Ledger.post`.
    """
    cost = np.full(rows.size, cost_yen)
    world.ledger.post(Posting.CONTACT_COST, day, rows, cost, month, product)
    count_cost(world, day, rows, cost)
    world.collection.spend(stage, int(world.calendar.month_of[day]), rows, cost_yen)
