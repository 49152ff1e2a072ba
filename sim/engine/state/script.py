"""A script: what its member does on which day, in place of drawn behaviour.

Bills that are paid by hand wait for the script; direct debits are covered unless the script empties
the account for a day. Everything else goes through the same steps as any member's life.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from models.arrays import Bools, Ints
from models.members.repayment import Reason

Deed = Callable[[int, Ints], None]
"""What a member does on a business day: day, member rows."""


@dataclass
class Script:
    """Deeds by business day, and the days on which the account is empty."""

    deeds: dict[int, list[Deed]] = field(default_factory=dict)
    empty_account_days: set[int] = field(default_factory=set)

    def reasons(self, due_days: Ints, by_hand: Bools) -> Ints:
        """Give why bills are not paid by themselves, `Reason` by bill, shape (n,)."""
        is_empty = np.isin(due_days, sorted(self.empty_account_days))
        debit = np.where(is_empty, Reason.NEVER_PAYS, Reason.PUNCTUAL)
        return np.where(by_hand, Reason.NEVER_PAYS, debit).astype(np.int64)
