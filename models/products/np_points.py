"""NP points (P6): what is earned, how long it lives, what it pays.

The sources leave rate, delay and value open (C-25); the arithmetic is in `models.kernels`.
"""

import datetime as dt
from typing import Literal, Self

import numpy as np
from pydantic import Field, model_validator

from models.arrays import Bools, Ints
from models.clauses import implements
from models.kernels import points_awarded
from models.parameters import Parameters, Share, parameter


class Campaign(Parameters):
    """Points on top for a while, with a shorter life of their own."""

    from_date: dt.date = Field(
        dt.date(2026, 12, 1),
        description="First day of the uses that count.",
        json_schema_extra={"unit": "date", "source": "NP-36.2"},
    )
    to_date: dt.date = Field(
        dt.date(2026, 12, 31),
        description="Last day of the uses that count.",
        json_schema_extra={"unit": "date", "source": "NP-36.2"},
    )
    extra_percent: int = parameter(
        100,
        "Points on top, as a percentage of the usual.",
        unit="%",
        source="NP-36.2; NP-39.2",
        ge=0,
        le=10_000,
    )
    life_days: int = parameter(
        30,
        "Days from the award to the last usable day.",
        unit="days",
        source="NP-39.2",
        ge=0,
        le=3650,
    )

    @model_validator(mode="after")
    def _lasts(self) -> Self:
        if self.to_date < self.from_date:
            raise ValueError(f"to_date: {self.to_date} is before from_date {self.from_date}")
        return self


class PointsTerms(Parameters):
    """The terms of the points."""

    enabled: bool = parameter(
        False, "Whether points are awarded.", unit="-", source="NP-36.1; assumption"
    )
    earn_yen: int = parameter(
        200,
        "Yen of price that earn one point, by transaction.",
        unit="yen a point",
        source="NP-36.2; C-25",
        ge=1,
        le=1_000_000,
    )
    require_on_time: bool = parameter(
        True, "Whether only bills paid in time earn points.", unit="-", source="NP-36.1"
    )
    award_lag_days: int = parameter(
        30,
        "Days from the transaction to the award, which never comes before the bill is paid.",
        unit="days",
        source="NP-36.3; C-25",
        ge=0,
        le=365,
    )
    life_months: int = parameter(
        6, "Months from the award to expiry.", unit="months", source="NP-39.1", ge=0, le=120
    )
    users_share: Share = parameter(
        0.6, "Members who pay bills with points.", unit="share", source="NP-41.1; assumption"
    )
    yen_per_point: int = parameter(
        1, "Yen that a point pays.", unit="yen", source="NP-42.2; C-25", ge=1, le=1_000
    )
    shortfall: Literal["offset_future", "claim_yen"] = parameter(
        "offset_future",
        "Points to be reversed that are spent already: future points, or a claim in yen.",
        unit="-",
        source="NP-40.1; C-73",
    )
    shortfall_yen: int = parameter(
        1, "Claim for each missing point.", unit="yen", source="NP-45.1", ge=1, le=1_000
    )
    partial_refund_rest: Literal["return", "forfeit"] = parameter(
        "return",
        "What a lowered price does to points behind the money: they return or are lost.",
        unit="-",
        source="NP-42.4; C-07",
    )
    return_keeps_expiry: bool = parameter(
        True,
        "Whether points that come back keep the expiry they had; else they live anew.",
        unit="-",
        source="NP-42.3; assumption",
    )
    forfeit_on_breach: bool = parameter(
        True, "Whether a breach of the terms costs all points.", unit="-", source="NP-40.2"
    )
    campaigns: tuple[Campaign, ...] = parameter(
        (), "Limited-time points.", unit="-", source="NP-39.2", max_length=20
    )

    @model_validator(mode="after")
    def _claims_at_least_the_value(self) -> Self:
        if self.shortfall_yen < self.yen_per_point:
            raise ValueError(
                f"shortfall_yen: got {self.shortfall_yen}; allowed: yen_per_point "
                f"({self.yen_per_point}) and above"
            )
        return self


@implements("NP-36.2", "NP-2.5")
def points_of_uses(earn_yen: Ints, price_yen: Ints, percent: Ints) -> Ints:
    """Give the points of transactions by price, merchant and the member's type.

    Parameters
    ----------
    earn_yen
        Yen of price that earn one point at the merchant of each transaction, shape (n,).
    price_yen
        Price of each transaction, shape (n,).
    percent
        Percentage of the usual points that the member's type gets, shape (n,).

    Returns
    -------
    Ints
        Points, int64, shape (n,).

    Examples
    --------
    >>> earn, price = np.array([200, 200, 100]), np.array([1_300, 1_300, 1_300])
    >>> points_of_uses(earn, price, np.array([100, 150, 100])).tolist()
    [6, 9, 13]
    """
    return points_awarded(price_yen * percent.astype(np.int64), 100 * earn_yen)


@implements("NP-36.1")
def earns(terms: PointsTerms, is_on_time: Bools) -> Bools:
    """Tell which paid bills earn points, shape (n,)."""
    return np.asarray(is_on_time | (not terms.require_on_time))
