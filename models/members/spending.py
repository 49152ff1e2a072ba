"""What members want to buy: how often, when, for how much, and what they send back."""

import math
from functools import lru_cache
from typing import NamedTuple, Self

import numpy as np
from pydantic import model_validator
from scipy.special import exp2, ndtri

from models.arrays import Bools, Floats, Ints
from models.calendar import MINUTES_PER_DAY
from models.floats import LOG2_E
from models.members.counts import gamma_quantile, poisson_quantile
from models.parameters import Parameters, Share, parameter

PRICE_LEVELS = 1 << 14
"""Equally likely prices that are told apart."""
HIGHEST_PRICE_YEN = 50_000_000
"""Prices are cut here: forty of them on one bill still fit 32 bits."""


class Spending(Parameters):
    """Purchases that members ask for."""

    uses_per_year: float = parameter(
        12.0, "Mean wishes to buy of a member a year.", unit="uses", source="facts 7", ge=0, le=300
    )
    uses_shape: float = parameter(
        0.5,
        "Gamma shape of the wishes over members (heavy users).",
        unit="-",
        source="facts 7 (heavy 20 %)",
        gt=0,
        le=100,
    )
    season: tuple[float, ...] = parameter(
        (0.967, 0.967, 0.967, 0.967, 0.967, 1.05, 1.05, 0.967, 0.967, 0.967, 0.967, 1.20),
        "Wishes by calendar month, January first, relative to the mean.",
        unit="x",
        source="facts 7 (season)",
        min_length=12,
        max_length=12,
    )
    price_median_yen: int = parameter(
        3_500, "Median price of a purchase.", unit="yen", source="facts 7", ge=1, le=10_000_000
    )
    price_sigma: float = parameter(
        0.8, "Spread of prices.", unit="ln sd", source="facts 7", ge=0, le=3
    )
    price_between_share: Share = parameter(
        0.2,
        "Part of the spread's variance that lies between members.",
        unit="share",
        source="assumption",
    )
    cancel_share: Share = parameter(
        0.04, "Purchases that are cancelled or returned.", unit="share", source="assumption"
    )
    cancel_within_days: int = parameter(
        30,
        "Cancellations and returns fall evenly within so many days.",
        unit="days",
        source="assumption",
        ge=1,
        le=90,
    )

    @model_validator(mode="after")
    def _seasons_are_not_negative(self) -> Self:
        if min(self.season) < 0:
            raise ValueError(f"season: got a factor of {min(self.season)}; allowed: 0 and above")
        return self


def uses_per_month(spending: Spending, u: Floats) -> Floats:
    """Give each member's mean wishes a month (gamma over members), shape (n,)."""
    mean = spending.uses_per_year / 12.0
    return gamma_quantile(spending.uses_shape, u) * mean


def price_scale(spending: Spending, u: Floats) -> Ints:
    """Give each member's price level in thousandths of the overall one, shape (n,)."""
    sigma = spending.price_sigma * math.sqrt(spending.price_between_share)
    return np.round(1000.0 * exp2(sigma * LOG2_E * ndtri(u))).astype(np.int32)


def price_table(spending: Spending) -> Ints:
    """Tabulate the price quantiles within a member, yen, shape (PRICE_LEVELS,).

    So no yen hangs on the last bit of an exponential.
    """
    sigma = spending.price_sigma * math.sqrt(1.0 - spending.price_between_share)
    return _price_quantiles(spending.price_median_yen, sigma)


@lru_cache(maxsize=64)
def _price_quantiles(median_yen: int, sigma: float) -> Ints:
    """Give the price quantiles; kept, since most changes of terms leave the prices as they were."""
    midpoints = (np.arange(PRICE_LEVELS) + 0.5) / PRICE_LEVELS
    prices = np.array(
        [round(median_yen * math.exp(sigma * z)) for z in ndtri(midpoints)], dtype=np.int64
    )
    prices.flags.writeable = False
    return prices


def wishes(spending: Spending, u: Floats, monthly: Floats, calendar_month: int) -> Ints:
    """Give the number of wishes to buy in a month, shape (n,)."""
    return poisson_quantile(u, monthly * spending.season[calendar_month - 1])


class Wishes(NamedTuple):
    """Purchases that members want to make, one array of shape (n,) each."""

    minute: Ints  # minute of the month
    price_yen: Ints
    is_cancelled: Bools
    cancel_after_days: Ints


def purchase_wishes(
    spending: Spending, table: Ints, u: Floats, scale: Ints, days_in_month: int
) -> Wishes:
    """Turn uniforms into purchases asked for.

    Parameters
    ----------
    spending
        Parameters.
    table
        Price quantiles, `price_table`.
    u
        Uniforms, shape (4, n): minute, price, (review), cancellation.
    scale
        Member's price level, thousandths, shape (n,).
    days_in_month
        Length of the month.

    Returns
    -------
    Wishes
        Minute of the month, price (yen), whether and after how many days it is cancelled.
    """
    minute = (u[0] * (days_in_month * MINUTES_PER_DAY)).astype(np.int64)
    level = table[(u[1] * PRICE_LEVELS).astype(np.int64)]
    price = np.minimum(np.maximum(level * scale // 1000, 1), HIGHEST_PRICE_YEN)
    is_cancelled = u[3] < spending.cancel_share
    # Given that it is below the share, the uniform over the share is uniform again.
    within = u[3] / max(spending.cancel_share, 2.0**-33)
    after = np.where(is_cancelled, np.floor(within * spending.cancel_within_days), 0.0)
    return Wishes(minute, price, is_cancelled, after.astype(np.int64))
