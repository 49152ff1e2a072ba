"""Retained title: after acceleration the lender may take goods back (NP-27)."""

import numpy as np

from models.arrays import Ints
from models.clauses import implements
from models.kernels.groups import sum_by
from models.policy.repossession import is_taken_back, value_of_goods
from sim.engine.collection.default import count_cost
from sim.engine.dues.claims import claim_at_once
from sim.engine.dues.set_off import net_credit, refund_credit
from sim.engine.state.portfolio import PurchaseStatus
from sim.engine.state.unpaid import unpaid_dues
from sim.engine.state.world import END_OF_DAY, MINUTES_PER_DAY, World
from sim.record.eventlog import Activity
from sim.record.postings import Posting
from sim.rng import Stream
from sim.table import add_at


@implements("NP-27.1", "NP-27.2", "NP-27.3", "NP-27.4")
def repossess(world: World, day: int, rows: Ints) -> None:
    """Take back goods of accelerated members, set their value off, and settle an excess at once."""
    terms = world.config.policy.repossession
    if not terms.share:
        return
    rows = rows[is_taken_back(terms, world.uniforms(Stream.REPOSSESSION, rows, day)[0])]
    value = value_of_goods(terms, price_of_goods(world, rows))
    rows, value = rows[value > 0], value[value > 0]
    if not rows.size:
        return
    cost = np.full(rows.size, terms.cost_yen)
    world.ledger.post(Posting.REPOSSESSION_COST, day, rows, cost)
    count_cost(world, day, rows, cost)
    claim_at_once(world, day, rows, cost, Posting.REPOSSESSION_COST_CLAIMED)
    world.log.add(
        Activity.GOODS_TAKEN,
        day * MINUTES_PER_DAY + END_OF_DAY,
        rows,
        yen=value,
        cost_yen=terms.cost_yen,
    )
    world.ledger.post(Posting.GOODS_TAKEN, day, rows, value)
    add_at(world.members.credit_yen, rows, value)
    net_credit(world, day, rows)
    refund_credit(world, day, rows[world.members.credit_yen[rows] > 0])


def price_of_goods(world: World, rows: Ints) -> Ints:
    """Give the price of goods on bills that are not fully paid, yen, shape (n,)."""
    dues, table = world.dues, world.purchases
    unpaid = unpaid_dues(world, np.sort(rows))
    owed = set(zip(dues.member[unpaid].tolist(), dues.month[unpaid].tolist(), strict=True))
    # Rare: whoever is accelerated is looked up in the whole table.
    mine = np.flatnonzero(np.isin(table.member[: table.size], rows))
    mine = mine[table.status[mine] == PurchaseStatus.POSTED]
    pairs = zip(table.member[mine].tolist(), table.billing_month[mine].tolist(), strict=True)
    held = mine[np.fromiter((pair in owed for pair in pairs), bool, mine.size)]
    return sum_by(rows, table.member[held], table.price_yen[held])
