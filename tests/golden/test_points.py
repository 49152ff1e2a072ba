"""Worked numbers of NP points."""

import datetime as dt

import pytest

from models.kernels import (
    last_usable_day,
    points_awarded,
    refund_of_price_cut,
    reversed_points,
)


@pytest.mark.golden("G-35")
@pytest.mark.parametrize(("price", "points"), [(1_200, 6), (3_000, 15), (12_800, 64), (199, 0)])
def test_a_point_is_awarded_for_each_whole_200_yen(price: int, points: int) -> None:
    assert points_awarded(price) == points


@pytest.mark.golden("G-36")
def test_points_live_six_months_and_end_with_a_short_month() -> None:
    assert last_usable_day(dt.date(2026, 8, 31)) == dt.date(2027, 2, 28)
    assert last_usable_day(dt.date(2027, 8, 31)) == dt.date(2028, 2, 29)
    assert last_usable_day(dt.date(2026, 3, 10)) == dt.date(2026, 9, 10)


@pytest.mark.golden("G-37")
def test_a_shortfall_of_reversed_points_is_offset_or_claimed() -> None:
    assert reversed_points(30, 100) == (-70, 0)
    assert reversed_points(30, 100, claims_yen=True) == (0, 70)
    assert reversed_points(100, 30, claims_yen=True) == (70, 0)


def test_a_claim_never_covers_an_older_shortfall() -> None:
    assert reversed_points(-50, 20, claims_yen=True) == (-50, 20)


@pytest.mark.golden("G-23")
def test_a_price_cut_gives_money_back_before_points() -> None:
    assert refund_of_price_cut(4_000, 1_000, 4_500) == (4_000, 500)
    assert refund_of_price_cut(4_000, 1_000, 4_500, returns_rest=False) == (4_000, 0)
    assert refund_of_price_cut(0, 5_000, 333) == (0, 333)
    assert refund_of_price_cut(0, 5_000, 333, returns_rest=False) == (0, 333)


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="yen_per_point must be 1 or more, got 0"):
        points_awarded(100, 0)
    with pytest.raises(ValueError, match="points must be 0 or more, got -1"):
        reversed_points(0, -1)
    with pytest.raises(ValueError, match="cut_yen must lie between 0 and the price, got 11"):
        refund_of_price_cut(5, 5, 11)
    with pytest.raises(ValueError, match="life_months must be 0 or more"):
        last_usable_day(dt.date(2026, 1, 1), -1)
