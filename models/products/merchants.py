"""Merchants with terms of their own, and merchants that debit by themselves every month."""

from typing import Self

import numpy as np
from pydantic import model_validator

from models.arrays import Floats, Ints
from models.clauses import implements
from models.parameters import Parameters, Rate, Share, parameter
from models.products.catalogue import PayMethodName


class MerchantClass(Parameters):
    """Merchants that have agreed on other fees, dates or points."""

    share: Share = parameter(
        0.0, "Uses at these merchants.", unit="share", source="NP-25.5; NP-28.11; assumption"
    )
    fee_yen: int | None = parameter(
        None,
        "Fee of a use before tax, whatever the pay method; none: as usual.",
        unit="yen before tax",
        source="NP-25.5",
        ge=0,
        le=1_000_000,
    )
    due_day: int | None = parameter(
        None,
        "Due day in the month after the closing; none: as usual.",
        unit="day of month",
        source="NP-28.11",
        ge=1,
        le=31,
    )
    method: PayMethodName | None = parameter(
        None,
        "Pay method of these uses; none: the member's choice.",
        unit="-",
        source="NP-28.11",
    )
    earn_yen: int | None = parameter(
        None,
        "Yen of price that earn one point at these merchants; none: as usual.",
        unit="yen a point",
        source="NP-36.2; C-25",
        ge=1,
        le=1_000_000,
    )
    points_life_months: int | None = parameter(
        None,
        "Months from the award to expiry of these points; none: as usual.",
        unit="months",
        source="NP-36.2; NP-39.2",
        ge=0,
        le=120,
    )

    @property
    def is_billed_apart(self) -> bool:
        """Whether uses at these merchants make a due of their own."""
        return self.due_day is not None or self.method is not None


class Subscriptions(Parameters):
    """Continuing services: debits that come by themselves and are screened each time."""

    share: Share = parameter(
        0.0,
        "Members with such a contract.",
        unit="share",
        source="NP-24.7; assumption",
    )
    monthly_yen: int = parameter(
        1_200,
        "Price of a month.",
        unit="yen",
        source="NP-24.7; assumption",
        ge=1,
        le=1_000_000,
    )


class Merchants(Parameters):
    """The merchants that differ from the crowd."""

    classes: tuple[MerchantClass, ...] = parameter(
        (),
        "Merchants with terms of their own.",
        unit="-",
        source="NP-25.5; NP-28.11; NP-36.2",
        max_length=100,
    )
    subscriptions: Subscriptions = Subscriptions()
    price_cut_share: Share = parameter(
        0.0,
        "Uses whose price is lowered after the sale.",
        unit="share",
        source="NP-42.4; assumption",
    )
    price_cut: Rate = parameter(
        [1, 10],
        "How much of the price is taken off, floored to whole yen.",
        unit="share of the price",
        source="NP-42.4; assumption",
    )
    price_cut_within_days: int = parameter(
        60,
        "Days after the posting within which prices are lowered, each alike.",
        unit="days",
        source="NP-42.4; assumption",
        ge=1,
        le=365,
    )

    @model_validator(mode="after")
    def _is_a_distribution(self) -> Self:
        total = sum(one.share for one in self.classes)
        if total > 1.0 + 1e-9:
            raise ValueError(f"classes: the shares sum to {total:g}; allowed: at most 1")
        return self


@implements("NP-25.5", "NP-28.11")
def merchant_class(merchants: Merchants, u: Floats) -> Ints:
    """Give the class of merchants of each use: 1 for the first one, 0 for the crowd, shape (n,)."""
    edges = np.cumsum([one.share for one in merchants.classes])
    place = np.searchsorted(edges, u, side="right")
    return np.where(place < len(merchants.classes), place + 1, 0)
