"""Terms that every lender has in some form; each product gives them its own values and clauses."""

from typing import Literal

from models.parameters import Parameters, Share, parameter


class LenderTerms(Parameters):
    """What the nightly steps need to know of any lender's contract."""

    enabled: bool = parameter(
        True, "Whether the product is on offer.", unit="-", source="assumption"
    )
    per_use_limit_share: Share = parameter(
        1.0,
        "Per-transaction limit as a share of the cumulative one.",
        unit="share",
        source="NP-23.1",
    )
    post_lag_days: int = parameter(
        2,
        "Days from authorisation to posting.",
        unit="days",
        source="ART-07; AU-29.1",
        ge=0,
        le=30,
    )
    cancel_report_lag_days: int = parameter(
        3,
        "Days until a cancellation reaches the lender.",
        unit="days",
        source="NP-24.5",
        ge=0,
        le=30,
    )
    refund: Literal["net_first", "transfer"] = parameter(
        "net_first",
        "What is owed to the member is set off against debts, or transferred.",
        unit="-",
        source="NP-28.10; NP-29.2; AU-38.6",
    )
    refund_fee_yen: int = parameter(
        0,
        "Fee deducted from a transferred refund.",
        unit="yen",
        source="NP-28.10; AU-44.2",
        ge=0,
        le=1_000_000,
    )
    usage_stop_day: int = parameter(
        1,
        "Days after the due date from which no use is authorised.",
        unit="days",
        source="COLL-01; ART-09; AU-24.11",
        ge=1,
        le=365,
    )
    release_cooldown_days: int = parameter(
        0,
        "Days between the arrears' clearance and the release.",
        unit="days",
        source="COLL-14; NP-7.4; C-20",
        ge=0,
        le=365,
    )
    release_probability: Share = parameter(
        1.0,
        "Chance that a member whose arrears are cleared is released.",
        unit="share",
        source="COLL-14; NP-7.4; C-20",
    )
