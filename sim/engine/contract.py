"""What the steps that all lenders share leave to each lender's contract.

One `Contract` a lender, chosen once when a pass is set up (`sim.engine.contracts`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.arrays import Ints

if TYPE_CHECKING:
    from sim.engine.world import World

Rows = Ints


@dataclass(frozen=True)
class Contract:
    """Functions of one lender; `world` first, days and table rows as in every step."""

    mark: "Callable[[World, Ints], None]"
    """Draw of planned uses what only this lender asks about: world, purchases."""
    choose: "Callable[[World, Ints], None]"
    """Choose the plan of uses that pass, before they count: world, purchases of several members."""
    plan_posting: "Callable[[World, Ints], Ints]"
    """Give the days on which authorised uses are posted, shape (n,): world, purchases."""
    wait_for_bill: "Callable[[World, int, Ints], None]"
    """Put posted uses where they wait for their bill: world, day, purchases."""
    cancel_posted: "Callable[[World, int, Ints], None]"
    """Take the cancellations of posted uses: world, day, purchases."""
    allocate: "Callable[[World, Ints, Ints, Ints, Ints], Ints]"
    """Allocate money: world, dues, account, claims, yen by account; as `settlement.settle`."""
    bills: "Callable[[World, Ints], Ints]"
    """Give the member rows of the bills that dues make up, one a bill: world, dues."""
    missed: "Callable[[World, int, Ints], None]"
    """Take note of dues that have become overdue: world, day, dues."""
    paid: "Callable[[World, int, Ints, Ints], None]"
    """Take note of principal paid of overdue dues: world, day, dues, yen."""
    unbilled: "Callable[[World], Ints]"
    """Give the principal that is on no due, by replication: world."""
    nights: "Callable[[World], list[int]]"
    """Give the nights on which something is done with everybody: world."""
