"""The contracts of the two lenders, as the shared steps see them."""

from collections.abc import Mapping, Sequence

import numpy as np

from models.arrays import Floats, Ints
from models.kernels import allocate_by_account
from models.products.catalogue import Lender, Product
from sim.engine.au_pay.acceleration import note_missed
from sim.engine.au_pay.accounts import missed_principal, paid_principal
from sim.engine.au_pay.bills import allocate_by_kind, bills_of, nights_of_everybody
from sim.engine.au_pay.legs import call_in
from sim.engine.au_pay.limits import answer_uses, claim_excess, draw_tests, review_limits
from sim.engine.au_pay.returns import cancel_posted
from sim.engine.au_pay.uses import choose_plans, mark_uses, name_plans, plan_posting, wait_for_bill
from sim.engine.contract import Contract
from sim.engine.members.applications import set_limits
from sim.engine.state.exposure import is_order
from sim.engine.state.unbilled import add_unbilled, unbilled_elsewhere
from sim.engine.state.world import World
from sim.engine.uses.purchases import answer_by_standing, cancel_uses, plan_shipping


def _nothing_to_mark(world: World, purchases: Ints) -> None:
    """Draw nothing."""


def _nothing_missed(world: World, day: int, dues: Ints) -> None:
    """Take no note."""


def _nothing_to_test(world: World, purchases: Ints) -> Floats:
    """Draw nothing: answers depend on no more than what is known."""
    del world
    return np.empty((0, purchases.size))


def _nothing_to_choose(world: World, purchases: Ints, unsettled_yen: Ints) -> None:
    """Leave uses as they are."""


def _choose_at_au(world: World, purchases: Ints, unsettled_yen: Ints) -> None:
    """Choose the plan of uses; what is above the limit is claimed in one sum (AU-22.6)."""
    choose_plans(world, purchases, unsettled_yen)
    claim_excess(world, purchases, unsettled_yen)


def _missed_at_au(world: World, day: int, dues: Ints) -> None:
    """Take note of missed dues: revolving accounts, late damages, acceleration, demand."""
    missed_principal(world, dues)
    note_missed(world, day, dues)


def _nothing_paid(world: World, day: int, dues: Ints, yen: Ints) -> None:
    """Take no note."""


def _allocate_by_due(
    world: World, day: int, dues: Ints, account: Ints, claims: Ints, cash_yen: Ints
) -> Ints:
    """Allocate money due by due, in the order of claims (NP-29.1)."""
    del world, day, dues
    paid, _ = allocate_by_account(cash_yen, account, claims)
    return paid


def _bills_of_np(world: World, dues: Ints) -> Ints:
    """Give the member row of each due that is a bill of a membership."""
    table = world.dues
    if world.sells_orders:
        dues = dues[~is_order(world, table.product[dues])]
    return np.asarray(table.member[dues])


def _nights_of_np(world: World) -> list[int]:
    """Give the firsts of months and the nights after the days of the late administration fee."""
    days = np.arange(world.n_days + 1)
    number = world.calendar.day_of_month[: world.n_days + 1]
    stages = world.stages.values()  # terms may change on the way
    named = {day for stage in stages for day in stage.products.atone.late.admin_fee_days}
    fee_days = np.isin(number, sorted(named))
    # The first of a month closes the last one; a fee day is closed the night after.
    return [*days[number == 1].tolist(), *(days[fee_days] + 1).tolist()]


def _in_accounts(world: World) -> Ints:
    """Give the principal of revolving accounts, by replication."""
    table, n = world.revolving, world.replications.size
    rows = np.arange(table.size)
    held = np.zeros(n, dtype=np.int64)
    np.add.at(held, rows // world.n_members, table.principal(rows))
    return held


CONTRACTS: Mapping[Lender, Contract[World]] = {
    Lender.NP: Contract(
        product=Product.ATONE,
        has_methods=True,
        mark=_nothing_to_mark,
        name_plans=_nothing_to_mark,
        tests=_nothing_to_test,
        answer=answer_by_standing,
        review=set_limits,
        choose=_nothing_to_choose,
        plan_posting=plan_shipping,
        wait_for_bill=add_unbilled,
        cancel_posted=cancel_uses,
        allocate=_allocate_by_due,
        bills=_bills_of_np,
        missed=_nothing_missed,
        paid=_nothing_paid,
        call_in=_nothing_missed,
        unbilled=unbilled_elsewhere,
        nights=_nights_of_np,
    ),
    Lender.AU: Contract(
        product=Product.AU_ONE_TIME,
        has_methods=False,
        mark=mark_uses,
        name_plans=name_plans,
        tests=draw_tests,
        answer=answer_uses,
        review=review_limits,
        choose=_choose_at_au,
        plan_posting=plan_posting,
        wait_for_bill=wait_for_bill,
        cancel_posted=cancel_posted,
        allocate=allocate_by_kind,
        bills=bills_of,
        missed=_missed_at_au,
        paid=paid_principal,
        call_in=call_in,
        unbilled=_in_accounts,
        nights=nights_of_everybody,
    ),
}


def sign(worlds: Sequence[World]) -> None:
    """Give every world the contract of its lender."""
    for world in worlds:
        world.contract = CONTRACTS[world.lender]
        world.nights_of_everybody = frozenset(world.contract.nights(world))
