"""The app card (P5): a virtual card that makes the merchants of its brand merchants of atone."""

from typing import Literal

import numpy as np

from models.arrays import Bools, Ints
from models.clauses import implements
from models.parameters import Parameters, Share, parameter


class AppCardTerms(Parameters):
    """Terms of the app card; the uses themselves follow the terms of atone (NP-50.2, NP-50.3)."""

    enabled: bool = parameter(
        True, "Whether the card is on offer.", unit="-", source="NP-50.1; NP-53"
    )
    asks_per_month: Share = parameter(
        0.0,
        "Chance a month that a member without a card asks for one.",
        unit="a month",
        source="assumption",
    )
    months_without_arrears: int = parameter(
        3,
        "An active member gets one after so many months without arrears.",
        unit="months",
        source="NP-50.1; assumption",
        ge=0,
        le=120,
    )
    annual_fee_yen: int = parameter(
        0, "Annual fee before tax.", unit="yen before tax", source="NP-51", ge=0, le=1_000_000
    )
    use_share: Share = parameter(
        0.3,
        "Uses of cardholders at merchants of the brand.",
        unit="share",
        source="NP-50.2; assumption",
    )
    creditor: Literal["lender", "brand"] = parameter(
        "lender",
        "Who advances the price: the lender, or the brand, which then takes recourse.",
        unit="-",
        source="NP-52(1); NP-52(2); NP-52(3)",
    )


@implements("NP-50.1", "NP-50.2", "NP-50.3", "NP-53")
def gets_card(terms: AppCardTerms, is_active: Bools, last_arrears: Ints, since_day: int) -> Bools:
    """Tell which applicants get a card.

    Parameters
    ----------
    terms
        Terms.
    is_active
        Members in good standing, shape (n,).
    last_arrears
        Last day on which something was overdue, negative if never, shape (n,).
    since_day
        First day of the months that must be free of arrears.
    """
    return np.asarray(is_active & (last_arrears < since_day) & terms.enabled, dtype=np.bool_)
