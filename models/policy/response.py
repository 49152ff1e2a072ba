"""How many pay because somebody has reached them, by why they have not paid yet."""

import numpy as np

from models.arrays import Floats
from models.members.repayment import N_REASONS, Reason
from models.parameters import Parameters, Share, parameter


class Response(Parameters):
    """Share of those reached and still unpaid who pay because of a contact, by reason."""

    forgetful: Share = parameter(0.2, "Forgetful members.", unit="share", source="facts 8.2")
    short: Share = parameter(
        0.04, "Members short of cash.", unit="share", source="facts 7 (+2.4 points)"
    )
    hardship: Share = parameter(0.0, "Members in hardship.", unit="share", source="facts 2")

    def by_reason(self) -> Floats:
        """Give the shares by `Reason`, shape (5,)."""
        shares = np.zeros(N_REASONS)
        shares[Reason.FORGETFUL] = self.forgetful
        shares[Reason.SHORT_OF_CASH] = self.short
        shares[Reason.HARDSHIP] = self.hardship
        return shares
