"""NP points: shapes, edges and refusals."""

import numpy as np
import pytest

from models.kernels import (
    award_day,
    last_usable_day,
    pay_with_points,
    points_awarded,
    refund_of_price_cut,
    reversed_points,
)


@pytest.mark.clause("NP-36.2", "C-25")
def test_merchants_may_award_at_rates_of_their_own_and_tiers_multiply() -> None:
    assert points_awarded([1_000, 1_000], [200, 100]).tolist() == [5, 10]
    assert points_awarded(199, 200, multiplier=2) == 1
    assert points_awarded(1_000, multiplier="0.5") == 2
    with pytest.raises(TypeError, match="multiplier must be exact"):
        points_awarded(1_000, multiplier=1.5)  # type: ignore[arg-type]


@pytest.mark.clause("NP-36.1", "NP-36.3")
def test_points_wait_for_returns_and_for_the_payment() -> None:
    assert award_day(4, [19, 34, 35], 30).tolist() == [34, 34, 35]
    assert award_day(4, 4, 0) == 4


@pytest.mark.clause("NP-39.1", "NP-39.2")
def test_points_of_many_awards_and_any_life_end_on_their_own_days() -> None:
    awarded = ["2025-12-31", "2026-08-30", "2027-08-29"]
    assert last_usable_day(awarded).astype(str).tolist() == [
        "2026-06-30",
        "2027-02-28",
        "2028-02-29",
    ]
    assert last_usable_day(awarded, 0).astype(str).tolist() == awarded
    assert last_usable_day("2026-01-31", 13) == np.datetime64("2027-02-28")


@pytest.mark.clause("NP-42.1", "NP-42.2")
def test_points_pay_at_most_the_bill() -> None:
    used, left = pay_with_points([500, 500, 0], [300, 900, 900])
    assert (used.tolist(), left.tolist()) == ([300, 500, 0], [200, 0, 500 - 500])
    used, left = pay_with_points(7, 100, yen_per_point=3)
    assert (int(used), int(left)) == (2, 1)
    with pytest.raises(ValueError, match="bill_yen must be 0 or more, got -1"):
        pay_with_points(-1, 5)


@pytest.mark.clause("NP-40.1", "NP-45.1", "NP-45.2", "C-73")
def test_reversals_of_many_members_are_claimed_one_by_one() -> None:
    balance, points = np.array([30, 100, -50, 0]), np.array([100, 30, 20, 0])
    kept, claim = reversed_points(balance, points, claims_yen=True, yen_per_point=2)
    assert (kept.tolist(), claim.tolist()) == ([0, 70, -50, 0], [140, 0, 40, 0])
    kept, claim = reversed_points(balance, points)
    assert (kept.tolist(), claim.tolist()) == ([-70, 70, -70, 0], [0, 0, 0, 0])
    assert (balance.tolist(), points.tolist()) == ([30, 100, -50, 0], [100, 30, 20, 0])


def test_a_balance_of_points_is_a_whole_number_of_bounded_size() -> None:
    with pytest.raises(TypeError, match="balance must be integers"):
        reversed_points(0.5, 1)
    with pytest.raises(OverflowError, match=r"balance must lie between -2\*\*61 and 2\*\*61"):
        reversed_points(-(2**61) - 1, 1)
    with pytest.raises(OverflowError, match=r"points must lie between -2\*\*61 and 2\*\*61"):
        reversed_points(0, 2**61 + 1)
    with pytest.raises(OverflowError, match="claim: "):
        reversed_points(0, 2**61, claims_yen=True, yen_per_point=8)
    with pytest.raises(ValueError, match="yen_per_point must be 1 or more, got 0"):
        reversed_points(0, 1, claims_yen=True, yen_per_point=0)


@pytest.mark.clause("NP-42.4", "C-07")
def test_refunds_broadcast_and_drop_fractions_of_a_point() -> None:
    back = refund_of_price_cut(100, 50, [99, 100, 101, 109], yen_per_point=3)
    assert back.yen.tolist() == [99, 100, 100, 100]
    assert back.points.tolist() == [0, 0, 0, 3]
    with pytest.raises(ValueError, match="cut_yen must lie between 0 and the price, got 251"):
        refund_of_price_cut(100, 50, [250, 251], yen_per_point=3)
