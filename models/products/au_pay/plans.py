"""Which plan a use is paid in: what was asked, what is allowed, what was switched."""

import numpy as np

from models.arrays import Bools, Ints
from models.clauses import implements
from models.kernels.instalments import allowed_instalments
from models.products.au_pay.plan_terms import InstalmentTerms, PlanTerms
from models.products.catalogue import Product

PLAN_OF_NAME = {
    "one_time": Product.AU_ONE_TIME,
    "two_time": Product.AU_TWO_TIME,
    "bonus": Product.AU_BONUS,
    "revolving": Product.AU_REVOLVING,
    "instalments": Product.AU_INSTALMENTS,
}
"""Plans by their names in a configuration."""

NO_CHOICE = Product.NONE
"""What stands for a use without a named plan."""

_EVERY = np.arange(len(Product))
GIVES_WAY = np.isin(_EVERY, (NO_CHOICE, Product.AU_ONE_TIME, Product.AU_REVOLVING))
"""Whether all-revolving takes the place of what was asked for, by `Product`."""
IS_CREDIT = np.isin(_EVERY, (Product.AU_REVOLVING, Product.AU_INSTALMENTS))
"""Plans for which members must be suitable, by `Product`."""
TIMES_OF_PLAN = np.where(_EVERY == Product.AU_TWO_TIME, 2, 1)
TIMES_OF_PLAN[Product.AU_REVOLVING] = 0
"""Number of payments by `Product`; that of instalments is asked for."""


@implements("AU-28.1", "AU-28.2", "AU-28.3(1)", "AU-29.2", "AU-27.2", "AU-27.3")
def plan_in_force(
    terms: PlanTerms,
    asked: Ints,
    price_yen: Ints,
    room_yen: Ints,
    is_suitable: Bools,
    is_all_revolving: Bools,
    is_foreign: Bools,
) -> Ints:
    """Give the plan of each use.

    Parameters
    ----------
    terms
        Default plan.
    asked
        Plan that the member named, as `Product`, or `NO_CHOICE`, shape (n,).
    price_yen
        Cash price, shape (n,).
    room_yen
        Limit less shopping balance, cash prices only (`room_for_credit`), shape (n,).
    is_suitable
        Members found suitable for revolving and instalments.
    is_all_revolving
        Members registered for all-revolving at the time of use.
    is_foreign
        Uses abroad.

    Returns
    -------
    Ints
        Plan as `Product`, int8, shape (n,). All-revolving turns one-time and unnamed uses into
        revolving, also abroad (AU-28.3 overrides AU-28.2); else use abroad is one-time. What is
        not allowed becomes one-time.
    """
    plan = np.where(asked == int(NO_CHOICE), int(PLAN_OF_NAME[terms.default]), asked)
    plan[is_foreign] = Product.AU_ONE_TIME
    plan[is_all_revolving & GIVES_WAY[asked]] = Product.AU_REVOLVING
    plan[IS_CREDIT[plan] & (~is_suitable | (price_yen > room_yen))] = Product.AU_ONE_TIME
    return plan.astype(np.int8)


@implements("AU-31.1")
def instalments_in_force(
    terms: InstalmentTerms, plan: Ints, price_yen: Ints, asked_times: Ints
) -> tuple[Ints, Ints]:
    """Give the plan and number of payments that a small price leaves.

    Parameters
    ----------
    terms
        Least instalment and fee rule.
    plan
        Plan as `Product`, shape (n,).
    price_yen
        Cash price, shape (n,).
    asked_times
        Payments asked for; brought into the range of the table, ignored in other plans.

    Returns
    -------
    plan : Ints
        The plan; one-time where not even the fewest instalments reach the least amount (C-37).
    times : Ints
        Number of payments: 1, 2 for two-time, 0 for revolving, which has no end of its own.
    """
    final = np.array(plan, dtype=np.int8)
    times = TIMES_OF_PLAN[final]
    chosen = (final == int(Product.AU_INSTALMENTS)).nonzero()[0]
    if chosen.size:  # most uses are one-time
        allowed = allowed_instalments(
            price_yen[chosen],
            np.minimum(np.maximum(asked_times[chosen], terms.n_min), terms.n_max),
            min_instalment_yen=terms.min_instalment_yen,
            three_free=terms.three_free,
            fee_share=terms.fee_per_100_per_payment / 100,
        )
        is_small = allowed < terms.n_min
        allowed[is_small] = 1
        times[chosen] = allowed
        final[chosen[is_small]] = Product.AU_ONE_TIME
    return final, times


@implements("AU-28.3(2)")
def may_switch(
    plan: Ints, target: Ints, day: int, last_day: Ints, price_yen: Ints, room_yen: Ints
) -> Bools:
    """Tell which uses may change to revolving or instalments after the purchase.

    Parameters
    ----------
    plan, target
        Plan in force and plan wanted, as `Product`, shape (n,).
    day
        Day of the request.
    last_day
        `last_switch_day` of the first due month in the plan wanted, shape (n,).
    price_yen, room_yen
        Cash price, and room for revolving and instalments without this use (AU-27.2, AU-27.3).

    Returns
    -------
    Bools
        Only whole uses switch, and count as if the plan had been chosen at the purchase: their
        cycle month stays, and revolving fees start on its 15th.
    """
    allowed = IS_CREDIT[target] & (np.asarray(plan) != target) & (day <= np.asarray(last_day))
    return np.asarray(allowed & (price_yen <= room_yen), dtype=np.bool_)
