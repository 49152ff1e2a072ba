"""Consumption tax on the finance charges of au PAY Atobarai, where it is levied (AU-44.1).

The tax is levied on the fee in a payment when that payment is billed, and from then on it is part
of the fee that is owed. A fee that is on no bill yet has borne none, so what a prepayment gives
back of it is the rule of 78 without tax.
"""

import numpy as np

from models.arrays import Ints
from models.clauses import implements
from models.kernels import with_tax
from models.kernels.groups import first_of_runs
from models.products.au_pay.payment import tax_on_charge
from models.products.catalogue import Product
from sim.engine.au_pay.late import credit_of
from sim.engine.state.world import World
from sim.record.postings import Posting

WITH_FINANCE_CHARGE = (Product.AU_REVOLVING, Product.AU_INSTALMENTS)
"""Plans whose fee is a finance charge, which never counts against the limit (AU-27.1)."""


@implements("AU-44.1")
def levy_tax(world: World, day: int, dues: Ints) -> Ints:
    """Put the tax on the finance charges of dues that are billed; none bears it twice.

    Parameters
    ----------
    world, day
        As in every step.
    dues
        Dues, unique, shape (n,); parts of one revolving payment together.

    Returns
    -------
    Ints
        Tax put on each, yen, shape (n,). Each instalment bears that on its own fee, parts of a
        revolving payment that on its whole fee.
    """
    costs, table, legs = world.au.costs, world.dues, credit_of(world).legs
    if not costs.tax_on_finance_charge or not dues.size:
        return np.zeros(dues.size, dtype=np.int64)
    legs.cover(table)
    rows, month, product = table.member[dues], table.month[dues], table.product[dues]
    bears = np.isin(product, WITH_FINANCE_CHARGE) & (legs.tax_yen[dues] == 0)
    fee = np.where(bears, table.fee_yen[dues], 0).astype(np.int64)
    whole = np.where(product == Product.AU_REVOLVING, rows, -1 - np.arange(dues.size))
    before = _sum_before(whole, fee)
    tax = tax_on_charge(costs, before + fee) - tax_on_charge(costs, before)
    table.fee_yen[dues] += tax.astype(np.int32)
    legs.tax_yen[dues] += tax.astype(np.int32)
    world.ledger.post(Posting.FINANCE_CHARGE_TAX, day, rows, tax, month, product)
    return tax


def _sum_before(whole: Ints, yen: Ints) -> Ints:
    """Add up what stands before each part of its whole, shape (n,)."""
    order = np.argsort(whole, kind="stable")
    sums = np.cumsum(yen[order]) - yen[order]
    run = np.cumsum(first_of_runs(whole[order])) - 1
    before = np.empty_like(sums)
    before[order] = sums - sums[first_of_runs(whole[order])][run]
    return before


def untaxed_fee(world: World, dues: Ints) -> Ints:
    """Give what is unpaid of the fees of dues without the tax in it, which is paid last, yen."""
    fee, legs = world.dues.fee_yen[dues].astype(np.int64), credit_of(world).legs
    legs.cover(world.dues)
    return np.asarray(fee - np.minimum(legs.tax_yen[dues], fee))


@implements("AU-44.1")
def give_back_charge(world: World, day: int, dues: Ints, yen: Ints, posting: Posting) -> None:
    """Take finance charges off dues, with the tax that they have borne.

    Parameters
    ----------
    world, day
        As in every step.
    dues
        Dues, unique, shape (n,).
    yen
        Fee without tax, at most `untaxed_fee`, shape (n,). With all of it goes all of the tax,
        with a part the tax on that part.
    posting
        Why it comes off.
    """
    table, legs = world.dues, credit_of(world).legs
    rest = untaxed_fee(world, dues)
    tax = table.fee_yen[dues] - rest
    off = np.minimum(with_tax(yen, world.au.costs.tax_rate) - yen, tax)
    off = np.where(yen == rest, tax, off)
    table.fee_yen[dues] -= (yen + off).astype(np.int32)
    legs.tax_yen[dues] = tax - off
    rows, month, product = table.member[dues], table.month[dues], table.product[dues]
    world.ledger.post(posting, day, rows, yen, month, product)
    world.ledger.post(Posting.FINANCE_CHARGE_TAX_RETURNED, day, rows, off, month, product)
