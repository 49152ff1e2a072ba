"""What the lender owes its members: set off against their dues, or transferred."""

import numpy as np

from models.arrays import Ints
from models.clauses import implements
from sim.engine.dues.parts import CREDIT
from sim.engine.dues.settlement import settle_members
from sim.engine.state.world import END_OF_DAY, MINUTES_PER_DAY, World
from sim.record.eventlog import Activity
from sim.record.postings import Posting


@implements("NP-28.10", "NP-29.2", "NP-29.3")
def net_credit(world: World, day: int, rows: Ints) -> None:
    """Set what the lender owes off against the members' dues, oldest first."""
    if not rows.size:
        return
    members = world.members
    netted = settle_members(world, day, rows, CREDIT, members.credit_yen[rows].astype(np.int64))
    members.credit_yen[rows] -= netted.astype(np.int32)
    is_netted = netted > 0
    world.log.add(
        Activity.BILL_NETTED,
        day * MINUTES_PER_DAY + END_OF_DAY,
        rows[is_netted],
        yen=netted[is_netted],
    )


@implements("NP-28.10", "NP-29.2")
def refund_credit(world: World, day: int, rows: Ints) -> None:
    """Transfer what the lender owes; who is in arrears is set off instead (NP-29.3)."""
    in_arrears = world.members.overdue_since[rows] >= 0
    net_credit(world, day, rows[in_arrears])
    transfer_credit(world, day, rows[~in_arrears])


@implements("NP-28.10", "AU-35.2", "AU-38.6")
def transfer_credit(world: World, day: int, rows: Ints) -> None:
    """Transfer what the lender owes to members, less the fee of a transfer."""
    members = world.members
    credit = members.credit_yen[rows].astype(np.int64)
    fee = np.minimum(credit, world.terms.refund_fee_yen)
    members.credit_yen[rows] = 0
    world.ledger.post(Posting.REFUND_PAID, day, rows, credit - fee)
    world.ledger.post(Posting.REFUND_FEE, day, rows, fee)
    world.log.add(Activity.REFUND_PAID, day * MINUTES_PER_DAY + END_OF_DAY, rows, yen=credit - fee)
