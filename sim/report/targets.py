"""Where the fact base says that a plausible portfolio lies (facts 6.1 and 6.3).

The figures are of Net Protections and of invoices: they say nothing of a portfolio to which au
Financial Service lends.
"""

from collections.abc import Mapping
from typing import NamedTuple

from models.products.catalogue import Lender
from sim.config import Config


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

UNPAID_AGES = (14, 30, 90)
"""Days past due for whose unpaid share there is a target."""

BASE_CURVE = {
    0: 0.14, 7: 0.075, 14: 0.045, 30: 0.027, 60: 0.0155, 90: 0.0125, 180: 0.0107, 365: 0.0098,
}  # fmt: skip
"""Unpaid share by days past due of the base year (facts 6.1)."""


def targets_of(config: Config) -> Mapping[str, Target]:
    """Give the targets that hold for a portfolio, by headline column."""
    return TARGETS if config.active_lenders() == [Lender.NP] else {}


def base_curve_of(config: Config) -> Mapping[int, float]:
    """Give the unpaid share by days past due that the sources imply for a portfolio."""
    return BASE_CURVE if targets_of(config) else {}


def unpaid_targets_of(config: Config) -> dict[int, Target]:
    """Give the targets of the unpaid share that hold for a portfolio, by days past due."""
    found = targets_of(config)
    return {age: found[f"unpaid_share_{age}"] for age in UNPAID_AGES} if found else {}
