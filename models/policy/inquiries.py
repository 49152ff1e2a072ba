"""Inquiries: the thirteen grounds of NP-31.2, what is found, and what it changes."""

from typing import Annotated, NamedTuple, Self

import numpy as np
from pydantic import Field, model_validator

from models.arrays import Bools, Floats, Ints
from models.clauses import implements
from models.parameters import Parameters, Share, parameter

GROUNDS = (
    "sham orders with a merchant",
    "credit concern from past records",
    "mistaken or unnatural orders",
    "malicious alteration or misuse of information",
    "false information",
    "legal defect in the receivable",
    "receivable from a breach or a prohibited deal",
    "dispute with the merchant that is not quickly solved",
    "refusal to pay: goods not delivered, defective, or their return refused",
    "use of the own phone number denied",
    "refusal of a minor for lack of consent",
    "registration error of the merchant prevents collection",
    "other cause on the merchant's side prevents collection",
)
"""NP-31.2 (1) to (13)."""

Ground = Annotated[int, Field(ge=1, le=len(GROUNDS))]
"""Number of a ground of NP-31.2."""
NO_GROUND = 0
AGAINST_MERCHANT = (8, 9)
"""Grounds on which members refuse to pay because of what the merchant did (C-26)."""


class Inquiries(Parameters):
    """How often purchases are looked into, and what comes of it."""

    shares: tuple[Share, ...] = parameter(
        (0.0,) * 13,
        "Uses on which there is an inquiry, by ground (1) to (13).",
        unit="share",
        source="NP-31.2; facts 1.4 (.016 % of transactions); assumption",
        min_length=13,
        max_length=13,
    )
    within_days: int = parameter(
        30,
        "Days after the posting over which inquiries spread.",
        unit="days",
        source="NP-28.6; assumption",
        ge=1,
        le=365,
    )
    days: int = parameter(
        30, "Days until an inquiry ends.", unit="days", source="NP-28.6", ge=1, le=365
    )
    pauses_dunning: bool = parameter(
        True, "Whether dunning waits for the end.", unit="-", source="NP-31.2; assumption"
    )
    charge_back_share: Share = parameter(
        0.5,
        "Inquiries on a charge-back ground that end with the merchant's return of the price.",
        unit="share",
        source="NP-31.2; LEN-05",
    )
    charge_back_grounds: tuple[Ground, ...] = parameter(
        (8, 9, 12, 13),
        "Grounds that may end with a charge-back.",
        unit="-",
        source="NP-31.2; LEN-05",
    )
    breach_share: Share = parameter(
        0.0,
        "Inquiries on grounds (1), (4), (5) and (7) that prove a breach.",
        unit="share",
        source="NP-31.2; NP-7.1(2); assumption",
    )
    breach_grounds: tuple[Ground, ...] = parameter(
        (1, 4, 5, 7), "Grounds that may prove a breach.", unit="-", source="NP-31.2; NP-7.1(2)"
    )

    @model_validator(mode="after")
    def _is_a_distribution(self) -> Self:
        total = sum(self.shares)
        if total > 1.0 + 1e-9:
            raise ValueError(f"shares: the shares sum to {total:g}; allowed: at most 1")
        return self


class Found(NamedTuple):
    """What inquiries end with, shape (n,) each; neither: the claim stands as billed."""

    is_charged_back: Bools
    is_breach: Bools


@implements("NP-31.2")
def ground_of(inquiries: Inquiries, u: Floats) -> Ints:
    """Give the ground of an inquiry into each use, 0 for none, shape (n,)."""
    place = np.searchsorted(np.cumsum(inquiries.shares), u, side="right")
    return np.where(place < len(GROUNDS), place + 1, NO_GROUND)


@implements("NP-31.2", "NP-28.6", "LEN-05")
def found(inquiries: Inquiries, ground: Ints, u: Floats) -> Found:
    """Decide what inquiries end with.

    Parameters
    ----------
    inquiries
        Parameters.
    ground
        1 to 13, shape (n,).
    u
        Uniforms, shape (n,).
    """
    returns = np.isin(ground, inquiries.charge_back_grounds) & (u < inquiries.charge_back_share)
    breach = np.isin(ground, inquiries.breach_grounds) & (u < inquiries.breach_share)
    return Found(returns, breach & ~returns)
