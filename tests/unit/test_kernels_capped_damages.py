"""Capped late damages and the ways of counting days: shapes, edges and refusals."""

import numpy as np
import pytest

from models.kernels import (
    accrued_fee,
    capped_damages_by_purchase,
    capped_late_damages,
    damages_after_acceleration,
    late_damages,
    span_weight,
)

SPAN = ("2025-03-04", "2025-04-03")


def test_damages_broadcast_late_payments_against_what_remains() -> None:
    damages = capped_late_damages([[10_820], [21_640]], [97_380, 43_280, 0], *SPAN)
    assert damages.tolist() == [[129, 106, 0], [239, 106, 0]]
    assert damages.dtype == np.int64


def test_nothing_late_bears_nothing() -> None:
    assert capped_late_damages([], [], [], []).tolist() == []
    assert capped_damages_by_purchase([], [], [], [], []).tolist() == []
    assert capped_damages_by_purchase([4], 0, [97_380], *SPAN).tolist() == [0]
    assert capped_late_damages(10_820, 97_380, SPAN[1], SPAN[0]) == 0


@pytest.mark.clause("C-48")
def test_the_cap_counts_no_days_of_a_payment_that_was_made() -> None:
    due = ["2025-01-04", "2025-03-04"]
    paid_one = capped_damages_by_purchase([1, 1], [0, 10_820], [43_280], due, "2025-04-03")
    assert paid_one.tolist() == [106]


@pytest.mark.clause("C-48")
def test_parts_of_a_yen_of_several_instalments_add_up() -> None:
    # Three times 0.9 yen or more, below the cap of a large rest.
    damages = capped_damages_by_purchase([1, 1, 1], 2_300, [10**6], "2025-03-04", "2025-03-05")
    one = late_damages(2_300, "0.1455", "2025-03-04", "2025-03-05")
    assert (damages.tolist(), int(one)) == ([2], 0)


@pytest.mark.clause("AU-37.2(1)")
def test_other_rates_can_be_given() -> None:
    rest = [36_500, 365_000]
    damages = capped_late_damages(36_500, rest, *SPAN, rate="0.1", cap_rate="0.05")
    assert damages.tolist() == [150, 300]
    by_purchase = capped_damages_by_purchase(
        [1, 1], 36_500, [365_000], *SPAN, rate="0.1", cap_rate="0.05"
    )
    assert by_purchase.tolist() == [600]


@pytest.mark.clause("C-54")
def test_both_legs_may_count_by_the_year_of_the_first_day() -> None:
    span = ("2023-12-04", "2024-01-04")
    split = capped_late_damages(1_000_000, 1_000_000, *span)
    whole = capped_late_damages(1_000_000, 1_000_000, *span, split_years=False)
    grouped = capped_damages_by_purchase([1], 10**6, [10**6], *span, split_years=False)
    assert (int(split), int(whole), grouped.tolist()) == (2_538, 2_539, [2_539])


def test_purchases_ascend_and_fit_what_remains() -> None:
    with pytest.raises(ValueError, match="purchase must be ascending, the rows of one purchase"):
        capped_damages_by_purchase([2, 1], 1, [1, 1], *SPAN)
    with pytest.raises(ValueError, match=r"remaining_yen of shape \(1,\) does not fit 2 purchases"):
        capped_damages_by_purchase([1, 2], 1, [1], *SPAN)
    with pytest.raises(ValueError, match="purchase must have one dimension, got shape"):
        capped_damages_by_purchase(1, 1, [1], *SPAN)
    with pytest.raises(ValueError, match="cap_mode must be 'per_purchase_sum' or 'per_instalment'"):
        capped_damages_by_purchase([1], 1, [1], *SPAN, cap_mode="none")  # type: ignore[arg-type]


def test_late_payments_that_cannot_be_added_up_are_refused() -> None:
    span = ("2025-03-04", "2025-03-05")
    largest = (2**63 - 1) // (2 * 97 * 366)
    damages = capped_damages_by_purchase([1, 1], largest, [0], *span)
    assert damages.tolist() == [0]
    with pytest.raises(OverflowError, match="late damages: "):
        capped_damages_by_purchase([1, 1], largest + 1, [0], *span)


@pytest.mark.clause("C-28", "C-54")
def test_the_first_day_that_counts_sets_the_year_of_a_span_that_is_not_split() -> None:
    # Due on the last day of a year: every day that counts lies in the next one.
    assert span_weight("2023-12-31", "2024-01-10", split_years=False) == 10 * 365
    assert span_weight("2024-12-31", "2025-01-10", split_years=False) == 10 * 366
    assert span_weight("2024-12-30", "2025-01-10", split_years=False) == 11 * 365
    assert span_weight("2025-01-10", "2024-12-30", split_years=False) == 0


@pytest.mark.clause("C-41")
def test_a_fee_is_split_in_two_parts_at_most_and_never_under_an_unknown_mode() -> None:
    # 2025 and 2026 are ordinary years: there is nothing to split.
    days = ("2025-12-05", "2026-01-04")
    assert accrued_fee(64_729, "0.18", *days) == accrued_fee(
        64_729, "0.18", *days, split_mode="each"
    )
    assert accrued_fee(64_729, "0.18", "2024-01-02", "2024-01-01", split_mode="each") == 0
    with pytest.raises(ValueError, match="split_mode must be 'sum' or 'each', got 'none'"):
        accrued_fee(1, "0.18", *days, split_mode="none")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="first_day must be dates"):
        accrued_fee(1, "0.18", 5, "2025-01-01")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="last_day must be dates"):
        accrued_fee(1, "0.18", "2025-01-01", 5)  # type: ignore[arg-type]


@pytest.mark.clause("C-16", "C-28")
def test_damages_after_acceleration_may_count_by_the_year_of_their_first_day() -> None:
    span = ("2023-12-31", "2024-01-30")
    damages = [
        int(
            damages_after_acceleration(
                10**6, "0.146", *span, includes_day=includes, split_years=False
            )
        )
        for includes in (True, False)
    ]
    assert damages == [31 * 400, 30 * 146_000 // 366]
    with pytest.raises(TypeError, match="accelerated must be dates"):
        damages_after_acceleration(1, 0, 5, "2025-01-01", includes_day=True)  # type: ignore[arg-type]
