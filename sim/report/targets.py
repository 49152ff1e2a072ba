"""Where the fact base says that a plausible portfolio lies (facts 6.1 and 6.3)."""

from typing import NamedTuple


class Target(NamedTuple):
    """A range of plausible shares."""

    low: float
    high: float

    def holds(self, share: float) -> bool:
        """Tell whether a share lies in the range."""
        return self.low <= share <= self.high


TARGETS = {
    "unpaid_share_14": Target(0.03, 0.055),
    "unpaid_share_30": Target(0.02, 0.035),
    "unpaid_share_90": Target(0.009, 0.018),
    "vintage_net_loss_share": Target(0.006, 0.014),
    "late_income_rate": Target(0.0015, 0.0030),
    "take_rate": Target(0.044, 0.051),
    "share_14_days_past_due": Target(0.08, 0.14),
}
"""Calibration targets by headline column (facts 6.3)."""

UNPAID_TARGETS = {age: TARGETS[f"unpaid_share_{age}"] for age in (14, 30, 90)}
"""Target of the unpaid share by days past due."""

BASE_CURVE = {
    0: 0.14, 7: 0.075, 14: 0.045, 30: 0.027, 60: 0.0155, 90: 0.0125, 180: 0.0107, 365: 0.0098,
}  # fmt: skip
"""Unpaid share by days past due of the base year (facts 6.1)."""
