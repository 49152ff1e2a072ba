"""The service fee that falls away with one use of a bill."""

import numpy as np

from models.arrays import Ints
from models.clauses import implements
from models.products.atone_fees import BillFees, Fees, fees_of_uses, service_fees

NO_FEE_OF_ITS_OWN = -1


@implements("NP-33.1")
def fee_of_use(fees: Fees, method: Ints, own_yen: Ints, n_uses: Ints) -> BillFees:
    """Give the fee by which a bill shrinks when one of its uses is released.

    Parameters
    ----------
    fees
        Unit and tax of the fees.
    method
        `PayMethod` of the bill at its closing, shape (n,).
    own_yen
        The merchant's own fee before tax, `NO_FEE_OF_ITS_OWN` where the usual one holds, shape
        (n,).
    n_uses
        Uses that bear this fee on the bill, this one included, at least 1, shape (n,).

    Returns
    -------
    BillFees
        int64 yen, shape (n,) each: the fee with the use less the fee without it. What is charged
        once a month falls away with the last use.

    Examples
    --------
    >>> [int(part) for part in fee_of_use(Fees(), np.array(0), np.array(-1), np.array(3))]
    [226, 22]
    """

    def billed(uses: Ints) -> tuple[Ints, Ints]:
        usual = service_fees(fees, method, uses)
        own = fees_of_uses(fees, np.maximum(own_yen, 0), uses)
        has_own = own_yen != NO_FEE_OF_ITS_OWN
        net, tax = (np.where(has_own, a, b) for a, b in zip(own, usual, strict=True))
        return net, tax

    (net, tax), (less_net, less_tax) = billed(n_uses), billed(n_uses - 1)
    return BillFees(net - less_net, tax - less_tax)
