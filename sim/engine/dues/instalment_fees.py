"""Fees of the instalment terms that meet those of atone on a failed debit and on arrears (C-05)."""

import numpy as np

from models.arrays import Ints
from models.clauses import implements
from models.kernels import net_and_tax, with_tax
from models.kernels.groups import distinct
from models.products.catalogue import Product
from models.products.np_instalments import fee_arises
from sim.engine.state.world import END_OF_DAY, MINUTES_PER_DAY, World
from sim.record.eventlog import Activity
from sim.record.postings import Posting


@implements("NP-25.3")
def charge_failed_debits(world: World, day: int, dues: Ints, *, has_atone_fee: bool) -> None:
    """Charge the own fee of instalments whose debit failed, where atone's does not arise."""
    if not world.plans.size:
        return
    table, terms = world.dues, world.config.products.np_instalment
    dues = dues[table.product[dues] == Product.ATONE_INSTALMENTS]
    dues = dues[fee_arises(terms, np.full(dues.size, has_atone_fee))]
    fees, rows = world.atone.fees, table.member[dues]
    gross = int(with_tax(terms.failed_debit_yen, fees.tax_rate, fees.tax_rounding))
    tax = gross - terms.failed_debit_yen
    table.fee_yen[dues] += gross
    for posting, yen in (
        (Posting.FAILED_DEBIT_FEE, terms.failed_debit_yen),
        (Posting.FAILED_DEBIT_FEE_TAX, tax),
    ):
        world.ledger.post(
            posting, day, rows, np.full(rows.size, yen), table.month[dues], table.product[dues]
        )


@implements("NP-30.3")
def charge_late_instalments(world: World, day: int, dues: Ints, charged: Ints) -> None:
    """Charge the own late administration fee of overdue instalments where atone's does not arise.

    Parameters
    ----------
    world, day
        As in every step.
    dues
        Overdue dues of earlier months, any product.
    charged
        Member rows that bear atone's own fee today.
    """
    table, terms = world.dues, world.config.products.np_instalment
    dues = dues[table.product[dues] == Product.ATONE_INSTALMENTS]
    rows = distinct(table.member[dues]).astype(np.int64)
    rows = rows[fee_arises(terms, np.isin(rows, charged))]
    gross = terms.late_admin_yen
    net, tax = net_and_tax(gross, world.atone.fees.tax_rate)
    product = Product.ATONE_INSTALMENTS
    world.members.claimed_admin_yen[rows] += gross
    for posting, yen in ((Posting.LATE_ADMIN_FEE, net), (Posting.LATE_ADMIN_FEE_TAX, tax)):
        world.ledger.post(posting, day, rows, np.full(rows.size, yen), -1, product)
    world.log.add(
        Activity.LATE_ADMIN_FEE_CHARGED,
        day * MINUTES_PER_DAY + END_OF_DAY,
        rows,
        yen=np.full(rows.size, gross),
        product=product,
    )
