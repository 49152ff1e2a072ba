"""The write-off: when a claim is given up in the books."""

import numpy as np

from models.arrays import Bools, Ints
from models.clauses import implements
from models.parameters import Parameters, parameter


class WriteOff(Parameters):
    """When a claim is given up in the books."""

    day: int = parameter(365, "Days past due.", unit="days", source="COLL-11", ge=1, le=3650)
    quiet_days: int = parameter(
        180, "Days without any payment.", unit="days", source="COLL-11", ge=0, le=3650
    )


@implements("COLL-11")
def may_be_written_off(terms: WriteOff, days_past_due: Ints, days_since_payment: Ints) -> Bools:
    """Tell which arrears are old and quiet enough to be written off, shape (n,)."""
    old, quiet = days_past_due >= terms.day, days_since_payment >= terms.quiet_days
    return np.asarray(old & quiet, dtype=np.bool_)
