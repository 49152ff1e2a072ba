"""The parts of a claim, in the order in which money is allocated to them (NP-29.1)."""

from typing import TypeAlias

from sim.record.postings import Posting

N_PARTS = 5
COST, ADMIN, DAMAGES, FEE, PRICE = range(N_PARTS)
"""Places of cost, late administration fee, late damages, service fee and price."""

Postings: TypeAlias = tuple[Posting, ...]
"""What the parts of a payment are posted as, by place."""
CASH: Postings = (
    Posting.COST_PAID,
    Posting.LATE_ADMIN_FEE_PAID,
    Posting.LATE_DAMAGES_PAID,
    Posting.FEE_PAID,
    Posting.PRINCIPAL_PAID,
)
CREDIT: Postings = (
    Posting.COST_NETTED,
    Posting.LATE_ADMIN_FEE_NETTED,
    Posting.LATE_DAMAGES_NETTED,
    Posting.FEE_NETTED,
    Posting.PRINCIPAL_NETTED,
)
POINTS: Postings = (*(Posting.FEE_PAID_BY_POINTS,) * PRICE, Posting.PRINCIPAL_PAID_BY_POINTS)
"""Points pay fees and prices only; nothing is ever allocated to the parts before them."""
