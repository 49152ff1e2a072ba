"""Instalments of atone: a purchase in equal monthly payments, and fees that give way (C-05)."""

import numpy as np

from models.arrays import Ints
from models.clauses import implements
from models.kernels import with_tax
from models.products.catalogue import Product
from models.products.np_instalments import fee_arises, instalment_of
from sim.engine.agenda import Task
from sim.engine.dues.billing import plan_payments
from sim.engine.state.exposure import key_of
from sim.engine.state.new_dues import write_dues
from sim.engine.state.world import END_OF_DAY, MINUTES_PER_DAY, World
from sim.record.eventlog import Activity
from sim.record.postings import Posting


@implements("NP-25.2", "NP-28.1")
def bill_instalments(world: World, day: int, plans: Ints) -> None:
    """Bill the next instalment of plans at the closing, with a fee where atone's does not arise."""
    table = world.plans
    plans = plans[table.open_yen[plans] > 0]
    if not plans.size:
        return
    # Before the month is closed, its uses tell whether atone's own fee arises (NP-25.2).
    key = key_of(world.purchases, table.purchase[plans])
    plans = plans[np.lexsort((key, table.member[plans]))]
    month = int(world.calendar.month_of[day])
    rows, n, number = table.member[plans], table.n_payments[plans], table.number[plans]
    price = instalment_of(world.purchases.price_yen[table.purchase[plans]], n, number)
    table.number[plans] += 1
    table.open_yen[plans] -= price.astype(np.int32)
    again = plans[table.open_yen[plans] > 0]
    next_closing = np.full(again.size, world.calendar.month_first[month + 2] - 1)
    world.agenda.schedule(Task.INSTALMENT, next_closing, again)
    method = world.members.pay_method[rows]
    dues = write_dues(
        world,
        rows,
        product=int(Product.ATONE_INSTALMENTS),
        purchase=table.purchase[plans],
        month=month,
        method=method,
        price_yen=price,
        fee_yen=_charge(world, day, rows),
        fee_method=method,
        due_day=world.derived.due_day[month][method],
    )
    world.delays.bill(rows, month, price)
    world.log.add(
        Activity.INSTALMENT_BILLED,
        day * MINUTES_PER_DAY + END_OF_DAY,
        rows,
        yen=price,
        reference=month,
        product=Product.ATONE_INSTALMENTS,
    )
    plan_payments(world, dues, int(world.derived.statement_day[month]), month + 1)


@implements("NP-25.2", "NP-26")
def _charge(world: World, day: int, rows: Ints) -> Ints:
    """Charge the month's fee of the instalment terms, once a member, on sorted rows; with tax."""
    terms, fees = world.config.products.np_instalment, world.atone.fees
    is_first = np.concatenate(([True], rows[1:] != rows[:-1]))
    owes = is_first & fee_arises(terms, world.members.month_uses[rows] > 0)
    gross = int(with_tax(terms.fee_yen, fees.tax_rate, fees.tax_rounding))
    net = np.where(owes, terms.fee_yen, 0)
    tax = np.where(owes, gross - terms.fee_yen, 0)
    month = int(world.calendar.month_of[day])
    product = Product.ATONE_INSTALMENTS
    world.ledger.post(Posting.INSTALMENT_FEE, day, rows, net, month, product)
    world.ledger.post(Posting.INSTALMENT_FEE_TAX, day, rows, tax, month, product)
    return net + tax
