"""Misuse: when a third party buys on a member's account, and when members turn goods into cash.

Hazards are assumptions; they are off by default, because fraud is inside the take-and-run share of
the population (facts 6.1). Which misuse relieves the member is for `models.policy.relief`.
"""

import math
from typing import NamedTuple, Self

import numpy as np
from pydantic import model_validator

from models.arrays import Bools, Floats, Ints
from models.clauses import implements
from models.codes import Code
from models.parameters import Parameters, Share, parameter


class User(Code):
    """Who asks for a use: the member, a contract that debits by itself, or a third party."""

    MEMBER = 0
    SUBSCRIPTION = 1
    THIEF = 2  # device lost or stolen (NP-33.1, AU-42.1)
    ID_THIEF = 3  # ID and password (NP-34.1)
    CARD_THIEF = 4  # number of the app card (NP-54.1)
    BORROWER = 5  # card data lent in breach of the terms (AU-3.4)
    PIN_THIEF = 6  # device lost or stolen, registered PIN used (AU-8.2)
    STRANGER = 7  # card data registered on a stranger's phone (AU-43.1)


THIRD_PARTIES = tuple(user for user in User if user >= User.THIEF)


class Misuse(Parameters):
    """How often accounts are used by third parties or for cash."""

    loss_per_month: Share = parameter(
        0.0,
        "Chance a month that the device is lost or stolen and used by somebody else.",
        unit="a month",
        source="NP-33.1; AU-42.1; assumption",
    )
    credentials_per_month: Share = parameter(
        0.0,
        "Chance a month that somebody else uses ID and password.",
        unit="a month",
        source="NP-34.1; NP-33.4; assumption",
    )
    card_per_month: Share = parameter(
        0.0,
        "Chance a month that somebody else uses the number of a member's app card.",
        unit="a month",
        source="NP-54.1; assumption",
    )
    lent_per_month: Share = parameter(
        0.0,
        "Chance a month of use by somebody to whom the card data were lent.",
        unit="a month",
        source="AU-3.4; assumption",
    )
    pin_per_month: Share = parameter(
        0.0,
        "Chance a month of a loss in which the registered PIN is used.",
        unit="a month",
        source="AU-8.2; assumption",
    )
    stranger_per_month: Share = parameter(
        0.0,
        "Chance a month that the card data are registered on a stranger's phone.",
        unit="a month",
        source="AU-43.1; assumption",
    )
    mean_uses: float = parameter(
        3.0,
        "Mean number of uses that a third party tries (geometric, at least 1).",
        unit="uses",
        source="assumption",
        ge=1,
        le=20,
    )
    price_multiple: float = parameter(
        2.0,
        "Price of such a use as a multiple of a member's one.",
        unit="x",
        source="facts 4 (900-yen orders, then 4,000-yen ones); assumption",
        gt=0,
        le=100,
    )
    within_days: int = parameter(
        5, "Days over which these uses spread.", unit="days", source="assumption", ge=1, le=120
    )
    report_lag_days: int = parameter(
        2,
        "Days from a loss to the member's report.",
        unit="days",
        source="NP-32.3; AU-42.1; assumption",
        ge=0,
        le=365,
    )
    discovery_mean_days: float = parameter(
        20.0,
        "Mean days until a member sees uses of credentials or numbers (exponential).",
        unit="days",
        source="NP-28.5; assumption",
        gt=0,
        le=365,
    )
    cash_out_share: Share = parameter(
        0.0,
        "Uses that aim at cash, of persons short of cash.",
        unit="share",
        source="NP-9.1(11); NP-9.2; AU-24.12; assumption",
    )

    @model_validator(mode="after")
    def _is_a_distribution(self) -> Self:
        total = sum(self.per_month())
        if total > 1.0 + 1e-9:
            raise ValueError(f"the chances of misuse sum to {total:g}; allowed: at most 1")
        return self

    def per_month(self) -> tuple[float, ...]:
        """Give the chance a month by kind, in the order of `THIRD_PARTIES`."""
        return (
            self.loss_per_month,
            self.credentials_per_month,
            self.card_per_month,
            self.lent_per_month,
            self.pin_per_month,
            self.stranger_per_month,
        )


@implements("NP-33.1", "NP-34.1", "NP-54.1", "AU-3.4", "AU-8.2", "AU-42.1", "AU-43.1")
def user_of_month(misuse: Misuse, u: Floats, has_card: Bools) -> Ints:
    """Tell by which third party each account begins to be used in a month.

    Parameters
    ----------
    misuse
        Chances.
    u
        Uniforms, shape (n,).
    has_card
        Who has an app card; nobody else's number can be stolen, shape (n,).

    Returns
    -------
    Ints
        `User`, `User.MEMBER` where nothing happens, shape (n,).
    """
    edges = np.cumsum(misuse.per_month())
    place = np.searchsorted(edges, u, side="right")
    users = np.array([*THIRD_PARTIES, User.MEMBER])[place]
    return np.where((users == User.CARD_THIEF) & ~has_card, User.MEMBER, users)


class Spree(NamedTuple):
    """What a third party does, by account, shape (n,) each."""

    first_day: Ints  # day of the month, from 0
    n_uses: Ints
    notice_after: Ints  # days from the first day to the member's report


MOST_USES = 40


def spree(misuse: Misuse, user: Ints, u: Floats, days_in_month: int) -> Spree:
    """Decide when third parties begin, how often they use an account, and when it is noticed.

    Parameters
    ----------
    misuse
        Parameters.
    user
        `User` by account, shape (n,).
    u
        Uniforms, shape (3, n): first day, number of uses, days until the notice.
    days_in_month
        Length of the month.
    """
    first = np.floor(u[0] * days_in_month).astype(np.int64)
    # Geometric: the number of tries until somebody stops, each time with the same chance.
    goes_on = 1.0 - 1.0 / misuse.mean_uses
    tail = np.cumprod(np.full(MOST_USES - 1, goes_on))
    n_uses = 1 + np.searchsorted(-tail, -(1.0 - u[1]), side="left")
    is_loss = (user == User.THIEF) | (user == User.PIN_THIEF)
    seen = _exponential_days(misuse.discovery_mean_days, u[2])
    return Spree(first, n_uses, np.where(is_loss, misuse.report_lag_days, seen))


def _exponential_days(mean: float, u: Floats) -> Ints:
    """Give exponential times in whole days from a table, shape (n,)."""
    edges = [1.0 - math.exp(-day / mean) for day in range(1, 10 * int(mean + 1))]
    return np.searchsorted(edges, u, side="right")


@implements("NP-9.1", "NP-9.2", "AU-24.12")
def is_cash_out(misuse: Misuse, is_short_of_cash: Bools, u: Floats) -> Bools:
    """Tell which uses aim at cash: some of those of persons short of it, shape (n,).

    Items (11) and (12) of NP-9.1 are one family (C-08).
    """
    return np.asarray(is_short_of_cash & (u < misuse.cash_out_share), dtype=np.bool_)
