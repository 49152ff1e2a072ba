"""Instalments: shapes, edges and refusals."""

import numpy as np
import pytest

from models.kernels import (
    allowed_instalments,
    instalment_fee,
    instalment_plan,
    two_time_split,
    unearned_fee,
)


def test_prices_broadcast_against_counts() -> None:
    fees = instalment_fee([[100_000], [50_000]], [3, 10])
    assert fees.tolist() == [[0, 8_200], [0, 4_100]]
    plan = instalment_plan([[100], [50]], [1, 3])
    assert plan.first_yen.tolist() == [[100, 34], [50, 18]]
    assert plan.other_yen.tolist() == [[100, 33], [50, 16]]
    assert unearned_fee([[100], [10]], 3, [0, 1, 2]).tolist() == [[50, 16, 0], [5, 1, 0]]


def test_nobody_pays_nothing() -> None:
    assert instalment_fee([], []).tolist() == []
    assert two_time_split([]).first_yen.tolist() == []
    assert unearned_fee([], [], []).tolist() == []
    assert allowed_instalments([], []).tolist() == []


def test_another_fee_share_moves_the_fee_and_the_fewest_payments() -> None:
    assert instalment_fee(100_000, 10, fee_share="0.01") == 10_000
    assert instalment_fee(100_000, 10, fee_share=0) == 0
    # 11,000 yen in 12: 916 yen each without a fee, 1,026 yen with 1 % a payment.
    assert allowed_instalments(11_000, 12, fee_share=0) == 11
    assert allowed_instalments(11_000, 12, fee_share="0.01") == 12


@pytest.mark.clause("C-11", "C-37")
def test_a_fee_on_three_payments_can_make_them_large_enough() -> None:
    assert allowed_instalments(2_999, 3) == 1
    assert allowed_instalments(2_999, 3, three_free=False) == 3


@pytest.mark.parametrize("n", [0, 2, 37])
def test_counts_outside_the_table_have_no_fee(n: int) -> None:
    with pytest.raises(ValueError, match=f"n must lie between 3 and 36, got {n}"):
        instalment_fee(100_000, [10, n])
    with pytest.raises(ValueError, match=f"n must lie between 3 and 36, got {n}"):
        allowed_instalments(100_000, [10, n])


@pytest.mark.parametrize("n", [0, 1_201])
def test_a_plan_has_one_to_1200_payments(n: int) -> None:
    with pytest.raises(ValueError, match=f"n must lie between 1 and 1200, got {n}"):
        instalment_plan(100_000, n)


def test_no_more_can_be_paid_than_there_is() -> None:
    with pytest.raises(ValueError, match="paid must be at most n, got 11"):
        unearned_fee(8_200, 10, 11)
    assert unearned_fee(8_200, 10, 10, days_left=3, period_days=30) == 0


def test_days_left_lie_within_their_period() -> None:
    with pytest.raises(ValueError, match="days_left must be at most period_days"):
        unearned_fee(8_200, 10, 1, days_left=31, period_days=30)
    with pytest.raises(ValueError, match="period_days must lie between 1 and 366, got 0"):
        unearned_fee(8_200, 10, 1, period_days=0)


def test_negative_amounts_are_refused_by_name() -> None:
    with pytest.raises(ValueError, match="cash_price must be 0 or more, got -1"):
        instalment_fee(-1, 10)
    with pytest.raises(ValueError, match="total must be 0 or more, got -1"):
        instalment_plan(-1, 10)
    with pytest.raises(ValueError, match="total must be 0 or more, got -1"):
        two_time_split(-1)
    with pytest.raises(ValueError, match="fee must be 0 or more, got -1"):
        unearned_fee(-1, 10, 1)
    with pytest.raises(ValueError, match="days_left must be 0 or more, got -1"):
        unearned_fee(1, 10, 1, days_left=-1)


def test_the_stated_bounds_are_the_largest_that_fit() -> None:
    price = (2**63 - 1) // (36 * 41)
    assert instalment_fee(price, 36) == price * 82 * 36 // 10_000
    with pytest.raises(OverflowError, match="instalment fee: "):
        instalment_fee(price + 1, 36)
    fee = (2**63 - 1) // (36 * 35)
    assert unearned_fee(fee, 36, 0) == fee * 35 // 37
    with pytest.raises(OverflowError, match="unearned fee: "):
        unearned_fee(fee + 1, 36, 0)


def test_kernels_change_no_argument() -> None:
    price, n, paid = np.array([1_000]), np.array([3]), np.array([1])
    unearned_fee(instalment_fee(price, n), n, paid)
    instalment_plan(price, n)
    allowed_instalments(price, n)
    assert (price.item(), n.item(), paid.item()) == (1_000, 3, 1)
