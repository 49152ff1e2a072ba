"""What the steps that all lenders share leave to each lender's contract.

One `Contract` a lender, chosen once when a pass is set up (`sim.engine.contracts`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from models.arrays import Floats, Ints
from models.products.catalogue import Product

W = TypeVar("W")
"""The world of a lender, which knows its contract in turn."""


@dataclass(frozen=True)
class Contract(Generic[W]):
    """Functions of one lender; `world` first, days and table rows as in every step."""

    product: Product
    """What members ask for who name nothing."""
    has_methods: bool
    """Whether members choose among methods of payment."""
    mark: Callable[[W, Ints], None]
    """Draw of planned uses what only this lender asks about: world, purchases."""
    name_plans: Callable[[W, Ints], None]
    """Draw the plans that uses ask for which are not marked, a third party's: world, purchases."""
    tests: Callable[[W, Ints], Floats]
    """Draw what answers to uses depend on, shape (lanes, n): world, purchases."""
    answer: Callable[[W, Ints, Floats], Ints]
    """Give the `Answer` to one use of each of several members: world, purchases, their tests."""
    review: Callable[[W, int, Ints], None]
    """Look at the limits of members again: world, day, rows."""
    choose: Callable[[W, Ints, Ints], None]
    """Choose the plan of uses that pass: world, purchases, what was unsettled before each, yen."""
    plan_posting: Callable[[W, int, Ints], Ints | int]
    """Give the days, or the day of all, on which uses authorised on a day are posted: world, day,
    purchases."""
    wait_for_bill: Callable[[W, int, Ints], None]
    """Put posted uses where they wait for their bill: world, day, purchases."""
    cancel_posted: Callable[[W, int, Ints], None]
    """Take the cancellations of posted uses: world, day, purchases."""
    allocate: Callable[[W, int, Ints, Ints, Ints, Ints], Ints]
    """Allocate money: world, day, dues, account, claims, yen by account; as `settlement.settle`."""
    bills: Callable[[W, Ints], Ints]
    """Give the member rows of the bills that dues make up, one a bill: world, dues."""
    missed: Callable[[W, int, Ints], None]
    """Take note of dues that have become overdue: world, day, dues."""
    paid: Callable[[W, int, Ints, Ints], None]
    """Take note of principal paid of overdue dues: world, day, dues, yen."""
    call_in: Callable[[W, int, Ints], None]
    """Make dues that are on no bill yet bills of the day: world, day, dues."""
    unbilled: Callable[[W], Ints]
    """Give the principal that is on no due, by replication: world."""
    nights: Callable[[W], list[int]]
    """Give the nights on which something is done with everybody: world."""
