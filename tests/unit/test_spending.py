"""What members want to buy: how often, for how much, when, and what they send back."""

import numpy as np
import pytest

from models.members.counts import LARGEST_COUNT, poisson_quantile
from models.members.spending import (
    MINUTES_PER_DAY,
    Spending,
    price_scale,
    price_table,
    purchase_wishes,
    uses_per_month,
    wishes,
)

N = 20_000
GRID = (np.arange(N) + 0.5) / N


def test_members_wish_the_declared_number_of_uses_a_year_on_average() -> None:
    monthly = uses_per_month(Spending(uses_per_year=12.0, uses_shape=0.5), GRID)
    assert monthly.mean() == pytest.approx(1.0, rel=0.005)
    assert monthly.var() == pytest.approx(1 / 0.5, rel=0.02)  # gamma: mean squared over shape


def test_heavy_users_are_the_upper_end_of_the_uniform() -> None:
    monthly = uses_per_month(Spending(), GRID)
    assert (np.diff(monthly) >= 0).all()
    assert monthly[0] < monthly[len(monthly) // 2] < monthly[-1]


def test_wishes_follow_the_season() -> None:
    season = (1.0,) * 11 + (2.0,)
    spending = Spending(season=season)
    november, december = (wishes(spending, GRID, np.ones(N), month) for month in (11, 12))
    assert november.mean() == pytest.approx(1.0, abs=1e-3)
    assert december.mean() == pytest.approx(2.0, abs=1e-3)


def test_a_negative_season_is_refused() -> None:
    with pytest.raises(ValueError, match=r"got a factor of -0\.1"):
        Spending(season=(-0.1,) + (1.0,) * 11)


def test_prices_have_the_declared_median_and_spread() -> None:
    spending = Spending(price_median_yen=3_500, price_sigma=0.8, price_between_share=0.0)
    table = price_table(spending)
    assert np.median(table) == pytest.approx(3_500, abs=2)
    assert np.log(table).std() == pytest.approx(0.8, rel=0.005)


def test_the_spread_of_prices_splits_between_members_and_within_them() -> None:
    spending = Spending(price_sigma=0.8, price_between_share=0.25)
    within = np.log(price_table(spending)).std()
    between = np.log(price_scale(spending, GRID) / 1000).std()
    assert between == pytest.approx(0.4, rel=0.01)
    assert within**2 + between**2 == pytest.approx(0.64, rel=0.01)


def test_without_spread_everybody_pays_the_median() -> None:
    spending = Spending(price_median_yen=777, price_sigma=0.0)
    assert set(price_table(spending).tolist()) == {777}
    assert set(price_scale(spending, GRID).tolist()) == {1000}


def test_uses_fall_evenly_over_the_minutes_of_the_month() -> None:
    spending = Spending()
    u = np.stack([GRID, GRID, GRID, np.ones(N)])
    found = purchase_wishes(spending, price_table(spending), u, np.full(N, 1000), 28)
    assert found.minute.min() == 1
    assert found.minute.max() == 28 * MINUTES_PER_DAY - 2
    days = np.bincount(found.minute // MINUTES_PER_DAY, minlength=28)
    assert days.max() - days.min() <= 1


@pytest.mark.clause("NP-24.5")
def test_the_declared_share_is_cancelled_evenly_within_its_days() -> None:
    spending = Spending(cancel_share=0.1, cancel_within_days=20)
    u = np.stack([GRID, GRID, GRID, GRID])
    found = purchase_wishes(spending, price_table(spending), u, np.full(N, 1000), 30)
    assert found.is_cancelled.mean() == pytest.approx(0.1)
    after = np.bincount(found.cancel_after_days[found.is_cancelled], minlength=20)
    assert after.tolist() == [N // 10 // 20] * 20
    assert (found.cancel_after_days[~found.is_cancelled] == 0).all()


def test_a_price_is_at_least_a_yen() -> None:
    spending = Spending(price_median_yen=1, price_sigma=0.0)
    u = np.full((4, 1), 0.5)
    found = purchase_wishes(spending, price_table(spending), u, np.array([1]), 30)
    assert found.price_yen.tolist() == [1]


@pytest.mark.parametrize("mean", [0.0, 0.3, 2.0, 9.0])
def test_counts_have_the_mean_and_variance_of_poisson(mean: float) -> None:
    counts = poisson_quantile(GRID, np.full(N, mean))
    assert counts.mean() == pytest.approx(mean, abs=0.002)
    assert counts.var() == pytest.approx(mean, rel=0.01, abs=1e-9)


def test_counts_are_cut_where_their_key_ends() -> None:
    assert poisson_quantile(np.array([0.5]), np.array([500.0])).tolist() == [LARGEST_COUNT]
