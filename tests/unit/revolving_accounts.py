"""Revolving accounts for tests."""

import numpy as np

from models.products.au_pay.accrual import no_accrual
from models.products.au_pay.revolving import Accounts


def open_accounts(n: int) -> Accounts:
    """Give `n` accounts that have never been used."""
    zero = np.zeros(n, dtype=np.int64)
    return Accounts(
        zero,
        zero.copy(),
        zero.copy(),
        zero.copy(),
        no_accrual(n),
        np.ones(n, dtype=np.bool_),
        zero.copy(),
    )
