"""Cash-out: how uses that aim at cash are found out (NP-9.2, NP-19, AU-24.12).

What follows is the lender's: the ground of NP-7.1(6), the measure of AU-41.1(6).
"""

from models.parameters import Parameters, Share, parameter


class CashOut(Parameters):
    """Detection of uses that aim at cash."""

    detected_share: Share = parameter(
        0.3,
        "Cash-out uses that are found out.",
        unit="share",
        source="NP-9.2; NP-19; AU-24.12; assumption",
    )
    detection_days: int = parameter(
        3,
        "Days from such a use to its detection.",
        unit="days",
        source="NP-19; assumption",
        ge=1,
        le=365,
    )
