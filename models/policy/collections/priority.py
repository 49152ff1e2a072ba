"""Whom to call first when callers are few."""

from typing import Literal

import numpy as np

from models.arrays import Ints

GOOD_RECORD_PERCENT = (60, 45, 30, 15)
"""Chance in percent that a reached member pays, by share of bills missed so far (quarters).

Assumption in the order of facts 1.5 (persistence of lateness); only its order matters.
"""


Priority = Literal["first_come", "largest_claim", "best_record", "expected_recovery"]
"""Orders in which waiting calls are taken."""


def call_priority(rule: Priority, claim_yen: Ints, bills: Ints, late_bills: Ints) -> Ints:
    """Give the priority of calls; the smallest is taken first.

    Parameters
    ----------
    rule
        What counts: nothing, the claim, the record of payment, or the yen that a minute of a
        caller is expected to bring. All sessions take equally long on average, so the last is
        claim times the chance to be paid.
    claim_yen
        What is overdue, yen, shape (n,).
    bills, late_bills
        Bills so far and those of them missed, shape (n,).

    Returns
    -------
    Ints
        Shape (n,).

    Examples
    --------
    >>> claim, bills, late = np.array([1_000, 9_000]), np.array([8, 8]), np.array([1, 7])
    >>> call_priority("largest_claim", claim, bills, late).tolist()
    [-1000, -9000]
    >>> call_priority("best_record", claim, bills, late).tolist()
    [-60, -15]
    """
    claim = np.asarray(claim_yen, dtype=np.int64)
    if rule == "first_come":
        return np.zeros_like(claim)
    if rule == "largest_claim":
        return -claim
    quarter = np.minimum(4 * np.asarray(late_bills) // np.maximum(bills, 1), 3)
    chance = np.array(GOOD_RECORD_PERCENT, dtype=np.int64)[quarter]
    return -chance if rule == "best_record" else -claim * chance // 100
