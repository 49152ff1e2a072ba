"""Retained title: goods that are taken back after acceleration, their value and cost (NP-27)."""

import numpy as np

from models.arrays import Bools, Floats, Ints
from models.clauses import implements
from models.kernels.exact import floor_of_share, whole_numbers
from models.parameters import Parameters, Rate, Share, parameter


class Repossession(Parameters):
    """What the lender does with its title to the goods."""

    retains_title: bool = parameter(
        True, "Whether title stays with the lender until payment.", unit="-", source="NP-27.1"
    )
    share: Share = parameter(
        0.0,
        "Accelerated members whose goods are taken back.",
        unit="share",
        source="NP-27.2; assumption",
    )
    value_share: Rate = parameter(
        [2, 10],
        "Value of the goods as a share of their price.",
        unit="share",
        source="NP-27.3; assumption",
    )
    cost_yen: int = parameter(
        3_000,
        "Collection and restoration, claimed from the member.",
        unit="yen",
        source="NP-27.4; assumption",
        ge=0,
        le=10_000_000,
    )


@implements("NP-27.1", "NP-27.2")
def is_taken_back(terms: Repossession, u: Floats) -> Bools:
    """Tell whose goods are taken back, shape (n,)."""
    return np.asarray((u < terms.share) & terms.retains_title, dtype=np.bool_)


@implements("NP-27.3")
def value_of_goods(terms: Repossession, price_yen: Ints) -> Ints:
    """Give the price that lender and member agree on for used goods, yen, floor, shape (n,)."""
    return floor_of_share(whole_numbers(price_yen, "price_yen"), terms.value_share, "goods")
