"""The service fee that falls away with one use of a bill."""

import numpy as np

from models.arrays import Ints
from models.clauses import implements
from models.kernels import fees_with_tax
from models.products.atone import BillFees, Fees


@implements("NP-33.1")
def fee_of_use(fees: Fees, unit_yen: Ints, n_uses: Ints) -> BillFees:
    """Give the fee by which a bill shrinks when one of its uses is released.

    Parameters
    ----------
    fees
        Unit and tax of the fees.
    unit_yen
        Fee of a use before tax, shape (n,).
    n_uses
        Uses that bear this fee on the bill, this one included, at least 1, shape (n,).

    Returns
    -------
    BillFees
        int64 yen, shape (n,) each. A fee per statement falls away with its last use.

    Examples
    --------
    >>> [int(part) for part in fee_of_use(Fees(), np.array(226), np.array(3))]
    [226, 22]
    """
    if fees.unit == "per_statement":
        is_last = n_uses == 1
        gross = fees_with_tax(unit_yen, np.ones_like(n_uses), fees.tax_rate, fees.tax_rounding)
        net = unit_yen * is_last
        return BillFees(net, gross * is_last - net)
    before = fees_with_tax(unit_yen, n_uses, fees.tax_rate, fees.tax_rounding)
    after = fees_with_tax(unit_yen, n_uses - 1, fees.tax_rate, fees.tax_rounding)
    return BillFees(unit_yen, before - after - unit_yen)
