"""Particulars: changed addresses, whom letters and messages still reach, disclosure (NP-3, 12)."""

import numpy as np

from models.arrays import Bools, Floats, Ints
from models.clauses import implements
from models.kernels import net_and_tax
from models.policy.np_conduct import reach_of_letters
from sim.engine.state.world import MINUTES_PER_DAY, World
from sim.record.eventlog import Activity
from sim.record.postings import Posting


@implements("NP-3.2", "NP-3.3")
def move(world: World, day: int, rows: Ints, u: Floats) -> Ints:
    """Let members move; give those whose silence the lender takes up as a breach.

    `u` holds two uniforms of each: whether the move is reported, and what the lender learns.
    """
    members, terms = world.members, world.config.products.np_membership.particulars
    is_reported = u[0] >= terms.unreported
    is_inferred = ~is_reported & (u[1] < terms.inferred)
    is_stale = ~(is_reported | is_inferred)
    is_found_out = is_stale & (u[1] >= 1.0 - terms.found_out)
    members.is_address_stale[rows] = is_stale
    for activity, is_so in (
        (Activity.MOVE_REPORTED, is_reported),
        (Activity.MOVE_INFERRED, is_inferred),
        (Activity.MOVE_UNREPORTED, is_stale),
    ):
        world.log.add(activity, day * MINUTES_PER_DAY, rows[is_so])
    return np.asarray(rows[is_found_out])


@implements("NP-12.4", "NP-11.4")
def reach_of(world: World, rows: Ints, reach: Floats, is_postal: Bools) -> Floats:
    """Give the chance that a letter or message is read by each member, shape (n,).

    `reach` is that chance at a sound address, `is_postal` tells letters, shape (n,) each.
    """
    members, terms = world.members, world.config.products.np_membership.particulars
    by_letter = reach_of_letters(terms, reach, members.is_address_stale[rows])
    by_mail = np.where(members.is_mailbox_dead[rows], 0.0, reach)
    return np.where(is_postal, by_letter, by_mail)


@implements("NP-12.2")
def disclose(world: World, day: int, rows: Ints) -> None:
    """Disclose members' own data against a fee paid in advance."""
    gross = world.config.products.np_membership.requests.disclosure_fee_yen
    net, tax = net_and_tax(gross, world.atone.fees.tax_rate)
    world.ledger.post(Posting.DISCLOSURE_FEE, day, rows, np.full(rows.size, net))
    world.ledger.post(Posting.DISCLOSURE_FEE_TAX, day, rows, np.full(rows.size, tax))
    yen = np.full(rows.size, gross)
    world.log.add(Activity.DATA_DISCLOSED, day * MINUTES_PER_DAY, rows, yen=yen)
