"""Worked examples of capped late damages and of damages after acceleration (rulebook 4.5)."""

import datetime as dt

import pytest

from models.kernels import (
    capped_damages_by_purchase,
    capped_late_damages,
    damages_after_acceleration,
    late_damages,
    two_time_split,
)
from models.kernels.capped_damages import CAP_RATE, LATE_RATE

THIRTY_DAYS = ("2025-03-04", "2025-04-03")


@pytest.mark.clause("AU-37.2(3)")
@pytest.mark.golden("G-17")
@pytest.mark.parametrize(
    ("yen", "damages"),
    [
        pytest.param(30_000, 358, id="one-time"),
        pytest.param(10_000 - 1_346, 103, id="revolving without its fee"),
    ],
)
def test_late_one_time_and_revolving_payments_bear_damages_without_a_cap(
    yen: int, damages: int
) -> None:
    assert late_damages(yen, LATE_RATE, *THIRTY_DAYS) == damages


@pytest.mark.clause("AU-37.2(2)", "C-30")
@pytest.mark.golden("G-17")
@pytest.mark.parametrize(
    ("late", "remaining", "damages"),
    [
        pytest.param(5_000, 10_000, 24, id="first of two"),
        pytest.param(5_000, 5_000, 12, id="second of two"),
        pytest.param(60_000, 60_000, 147, id="bonus"),
    ],
)
def test_late_two_time_and_bonus_payments_bear_the_cap(
    late: int, remaining: int, damages: int
) -> None:
    assert capped_late_damages(late, remaining, *THIRTY_DAYS) == damages
    assert late_damages(remaining, CAP_RATE, *THIRTY_DAYS) == damages


@pytest.mark.clause("AU-37.2(1)")
@pytest.mark.golden("G-17")
@pytest.mark.parametrize(("unpaid", "damages"), [(10, 129), (6, 129), (5, 129), (4, 106), (1, 26)])
def test_the_cap_binds_on_a_late_instalment_once_four_remain(unpaid: int, damages: int) -> None:
    assert capped_late_damages(10_820, 10_820 * unpaid, *THIRTY_DAYS) == damages


@pytest.mark.clause("AU-37.2(1)", "C-48")
@pytest.mark.golden("G-17")
def test_two_instalments_late_for_thirty_days_bear_the_cap_of_nine() -> None:
    assert capped_late_damages(21_640, 97_380, *THIRTY_DAYS) == 239
    both = capped_damages_by_purchase([1, 1], 10_820, [97_380], *THIRTY_DAYS)
    assert both.tolist() == [239]
    assert late_damages(21_640, LATE_RATE, *THIRTY_DAYS) == 258


@pytest.mark.clause("AU-37.2(1)", "C-48")
@pytest.mark.golden("G-17")
def test_late_instalments_count_their_own_days_and_the_cap_those_of_the_oldest() -> None:
    due = ["2026-03-04", "2026-04-06"] * 2
    damages = capped_damages_by_purchase(
        [9, 9, 4_711, 4_711], 10_820, [97_380, 43_280], due, "2026-04-20"
    )
    assert damages.tolist() == [263, 166]


@pytest.mark.clause("AU-37.2(1)", "C-48")
@pytest.mark.golden("G-17")
def test_the_cap_may_bear_on_each_late_instalment_instead() -> None:
    # 43,280 at 2.99 %: 166.6339 over 47 days and 49.6356 over 14 days.
    due = ["2026-03-04", "2026-04-06"] * 2
    damages = capped_damages_by_purchase(
        [1, 1, 2, 2], 10_820, [97_380, 43_280], due, "2026-04-20", cap_mode="per_instalment"
    )
    assert damages.tolist() == [202 + 60, 166 + 49]


@pytest.mark.clause("AU-37.2(2)", "C-30")
def test_the_cap_of_two_time_payments_may_bear_on_all_of_the_members_uses() -> None:
    # Two uses of 10,000 and 90,000 yen in two payments each; the first payment of one is late.
    late = int(two_time_split(10_000).first_yen)
    per_purchase = capped_damages_by_purchase([1], late, [10_000], *THIRTY_DAYS)
    per_plan_total = capped_damages_by_purchase([1], late, [100_000], *THIRTY_DAYS)
    assert per_purchase.tolist() == [24]
    assert per_plan_total.tolist() == [59]


@pytest.mark.clause("AU-37.1(1)", "AU-37.1(2)", "C-32")
@pytest.mark.golden("G-17")
def test_accelerated_instalments_bear_2_99_percent_on_the_whole_rest() -> None:
    accelerated = dt.date(2025, 3, 4)
    paid = dt.date(2025, 4, 3)
    rest = damages_after_acceleration(97_380, CAP_RATE, accelerated, paid, includes_day=False)
    assert rest == 239


@pytest.mark.clause("NP-30.2", "AU-37.1(3)", "C-16")
@pytest.mark.golden("G-28")
def test_the_day_of_acceleration_itself_bears_damages_at_np_and_not_at_au() -> None:
    span = (dt.date(2025, 3, 15), dt.date(2025, 3, 31))
    assert damages_after_acceleration(50_000, "0.146", *span, includes_day=True) == 340
    assert damages_after_acceleration(50_000, "0.146", *span, includes_day=False) == 320


@pytest.mark.clause("NP-30.1", "C-28", "C-54")
@pytest.mark.golden("G-15")
def test_a_span_over_new_year_may_count_by_the_year_of_its_first_day() -> None:
    span = ("2023-12-10", "2024-01-31")
    assert late_damages(50_000, "0.146", *span) == 1_038
    assert late_damages(50_000, "0.146", *span, split_years=False) == 1_040


@pytest.mark.clause("AU-37.1(3)", "AU-37.2(3)", "C-16")
@pytest.mark.golden("G-29")
def test_overdue_and_accelerated_sums_bear_damages_from_different_days() -> None:
    # One-time payment due on 4 March 2026, accelerated on 5 March; 14.55 yen a day.
    overdue = late_damages(36_500, LATE_RATE, "2026-03-04", ["2026-03-04", "2026-03-05"])
    assert overdue.tolist() == [0, 14]
    with_it = damages_after_acceleration(
        36_500, LATE_RATE, "2026-03-05", ["2026-03-05", "2026-03-06"], includes_day=False
    )
    assert with_it.tolist() == [0, 14]


@pytest.mark.clause("AU-37.1(2)", "C-16")
@pytest.mark.golden("G-29")
def test_a_two_time_payment_accelerated_by_demand_bears_the_cap_rate_from_the_next_day() -> None:
    # Accelerated on 26 April 2026; 81.9 yen a day.
    damages = damages_after_acceleration(
        1_000_000, CAP_RATE, "2026-04-26", ["2026-04-26", "2026-04-27"], includes_day=False
    )
    assert damages.tolist() == [0, 81]
