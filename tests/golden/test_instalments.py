"""Worked examples of instalments and two-time payment (rulebook 4.1, 4.2, 4.4, 4.6)."""

import datetime as dt
import math

import numpy as np
import pytest

from models.kernels import (
    allowed_instalments,
    annual_percentage_rate,
    instalment_fee,
    instalment_plan,
    two_time_split,
    unearned_fee,
)

TABLE = """
3 0.00 0.00 0.00000 0 100,000 33,334 33,333
4 15.64 3.28 15.64271 3,280 103,280 25,820 25,820
5 16.25 4.10 16.25422 4,100 104,100 20,820 20,820
6 16.68 4.92 16.67679 4,920 104,920 17,490 17,486
7 16.98 5.74 16.98142 5,740 105,740 15,110 15,105
8 17.21 6.56 17.20757 6,560 106,560 13,320 13,320
9 17.38 7.38 17.37892 7,380 107,380 11,932 11,931
10 17.51 8.20 17.51054 8,200 108,200 10,820 10,820
11 17.61 9.02 17.61248 9,020 109,020 9,920 9,910
12 17.69 9.84 17.69170 9,840 109,840 9,157 9,153
13 17.75 10.66 17.75316 10,660 110,660 8,516 8,512
14 17.80 11.48 17.80050 11,480 111,480 7,974 7,962
15 17.84 12.30 17.83645 12,300 112,300 7,496 7,486
16 17.86 13.12 17.86310 13,120 113,120 7,070 7,070
17 17.88 13.94 17.88206 13,940 113,940 6,708 6,702
18 17.89 14.76 17.89461 14,760 114,760 6,385 6,375
19 17.90 15.58 17.90178 15,580 115,580 6,086 6,083
20 17.90 16.40 17.90439 16,400 116,400 5,820 5,820
21 17.90 17.22 17.90312 17,220 117,220 5,600 5,581
22 17.90 18.04 17.89851 18,040 118,040 5,375 5,365
23 17.89 18.86 17.89104 18,860 118,860 5,186 5,167
24 17.88 19.68 17.88109 19,680 119,680 5,002 4,986
25 17.87 20.50 17.86899 20,500 120,500 4,820 4,820
26 17.86 21.32 17.85501 21,320 121,320 4,670 4,666
27 17.84 22.14 17.83940 22,140 122,140 4,542 4,523
28 17.82 22.96 17.82235 22,960 122,960 4,403 4,391
29 17.80 23.78 17.80405 23,780 123,780 4,276 4,268
30 17.78 24.60 17.78464 24,600 124,600 4,163 4,153
31 17.76 25.42 17.76426 25,420 125,420 4,070 4,045
32 17.74 26.24 17.74303 26,240 126,240 3,945 3,945
33 17.72 27.06 17.72105 27,060 127,060 3,860 3,850
34 17.70 27.88 17.69840 27,880 127,880 3,767 3,761
35 17.68 28.70 17.67517 28,700 128,700 3,682 3,677
36 17.65 29.52 17.65143 29,520 129,520 3,625 3,597
"""
"""Count, printed APR, printed fee per 100, 12 x IRR; of 100,000 yen: fee, total, first, other."""

ROWS = [line.replace(",", "").split() for line in TABLE.strip().splitlines()]
COUNTS = np.arange(3, 37)
INTEGERS = np.array([[int(cell) for cell in row[4:]] for row in ROWS])


@pytest.mark.clause("AU-31.1", "AU-31.3", "AUX-INS")
@pytest.mark.golden("G-07")
def test_the_printed_example_of_ten_payments_comes_out_without_remainder() -> None:
    fee = instalment_fee(100_000, 10)
    plan = instalment_plan(100_000 + fee, 10)
    assert (fee, plan.first_yen, plan.other_yen) == (8_200, 10_820, 10_820)


@pytest.mark.clause("AU-31.1", "AU-31.2", "AU-31.3", "AUX-INS")
@pytest.mark.golden("G-07", "G-08")
def test_every_row_of_the_fee_table_divides_100_000_yen_as_worked_out() -> None:
    fee = instalment_fee(100_000, COUNTS)
    plan = instalment_plan(100_000 + fee, COUNTS)
    worked = np.stack([fee, 100_000 + fee, plan.first_yen, plan.other_yen], axis=1)
    assert worked.tolist() == INTEGERS.tolist()


@pytest.mark.clause("AU-31.3", "AUX-INS")
@pytest.mark.golden("G-07")
def test_the_fee_per_100_yen_is_the_printed_one_in_every_row() -> None:
    printed = [round(100 * float(row[2])) for row in ROWS]
    assert instalment_fee(10_000, COUNTS).tolist() == printed


@pytest.mark.clause("AUX-INS")
@pytest.mark.golden("G-07")
def test_twelve_times_the_monthly_return_is_the_printed_rate_in_every_row() -> None:
    # Equal payments of (100 + fee) / n, scaled by n to stay whole.
    fee_per_100 = instalment_fee(10_000, COUNTS)
    percent = 100 * annual_percentage_rate(10_000 * COUNTS, 10_000 + fee_per_100, COUNTS)
    assert [f"{rate:.5f}" for rate in percent] == [row[3] for row in ROWS]
    half_up = [math.floor(100 * rate + 0.5) for rate in percent]
    assert half_up == [round(100 * float(row[1])) for row in ROWS]


@pytest.mark.clause("AUX-INS")
def test_truncating_or_rounding_up_the_rate_misses_printed_rows() -> None:
    fee_per_100 = instalment_fee(10_000, COUNTS)
    percent = 100 * annual_percentage_rate(10_000 * COUNTS, 10_000 + fee_per_100, COUNTS)
    printed = [round(100 * float(row[1])) for row in ROWS]
    cut = [math.floor(100 * rate) for rate in percent]
    missed = [n for n, one, other in zip(COUNTS, cut, printed, strict=True) if one != other]
    assert missed == [6, 8, 9, 15, 22, 25, 26, 27, 34, 35]
    up = [math.ceil(100 * rate) for rate in percent[1:]]
    met = [n for n, one, other in zip(COUNTS[1:], up, printed[1:], strict=True) if one == other]
    assert met == missed


@pytest.mark.clause("AUX-INS", "C-11")
def test_three_payments_at_the_pattern_of_the_table_cost_the_lower_end_of_its_header() -> None:
    assert instalment_fee(100_000, 3) == 0
    fee = instalment_fee(100_000, 3, three_free=False)
    assert fee == 2_460
    assert instalment_fee(100_000, 4, three_free=False) == 3_280
    rate = annual_percentage_rate(300_000, 100_000 + fee, 3)
    assert round(100 * float(rate), 4) == 14.7003


@pytest.mark.clause("AU-31.1", "AU-31.2")
@pytest.mark.golden("G-08")
@pytest.mark.parametrize(
    ("price", "n", "fee", "total", "first", "other"),
    [
        (33_333, 7, 1_913, 35_246, 5_036, 5_035),
        (50_000, 12, 4_920, 54_920, 4_584, 4_576),
        (98_765, 10, 8_098, 106_863, 10_689, 10_686),
        (98_765, 36, 29_155, 127_920, 3_565, 3_553),
        (100_000, 3, 0, 100_000, 33_334, 33_333),
        (100_000, 6, 4_920, 104_920, 17_490, 17_486),
    ],
)
def test_the_fee_is_rounded_down_and_the_remainder_lies_in_the_first_instalment(
    price: int, n: int, fee: int, total: int, first: int, other: int
) -> None:
    assert instalment_fee(price, n) == fee
    plan = instalment_plan(price + fee, n)
    assert (price + fee, plan.first_yen, plan.other_yen) == (total, first, other)
    assert first + (n - 1) * other == total


@pytest.mark.clause("AU-29.1(2)")
@pytest.mark.golden("G-09")
def test_the_odd_yen_of_a_two_time_payment_lies_in_the_second() -> None:
    first, second = two_time_split([10_000, 9_999, 1])
    assert first.tolist() == [5_000, 4_999, 0]
    assert second.tolist() == [5_000, 5_000, 1]


@pytest.mark.clause("AU-32.4", "C-14")
@pytest.mark.golden("G-10")
def test_prepaying_gives_back_the_rule_of_78_rebate() -> None:
    rebate = unearned_fee(8_200, 10, np.arange(10))
    assert rebate.tolist() == [6_709, 5_367, 4_174, 3_130, 2_236, 1_490, 894, 447, 149, 0]
    assert unearned_fee(4_920, 6, np.arange(6)).tolist() == [3_514, 2_342, 1_405, 702, 234, 0]


@pytest.mark.clause("AUX-PRE(1)", "C-14")
@pytest.mark.golden("G-10")
def test_a_fee_that_accrues_by_day_meets_the_rule_of_78_on_due_dates() -> None:
    # G-10: the first instalment carries 1,490.9091 yen of the fee, the second 1,341.8182.
    due, next_due = dt.date(2025, 9, 4), dt.date(2025, 10, 4)
    period = (next_due - due).days
    left = np.arange(period + 1)
    rebate = unearned_fee(8_200, 10, 1, days_left=left, period_days=period)
    assert rebate[0] == unearned_fee(8_200, 10, 1) == 5_367
    assert rebate[-1] == unearned_fee(8_200, 10, 0) == 6_709
    assert rebate[15] == math.floor(5_367 + 3 / 11 + 1_341.8182 / 2)
    assert (np.diff(rebate) > 0).all()


@pytest.mark.clause("AU-31.1", "C-37")
def test_a_small_price_gets_fewer_payments_and_at_last_one() -> None:
    allowed = allowed_instalments(
        [2_999, 3_000, 10_000, 27_794, 27_795, 27_800], [3, 36, 12, 36, 36, 6]
    )
    assert allowed.tolist() == [1, 3, 10, 35, 36, 6]
    assert allowed_instalments(10_000, 12, min_instalment_yen=2_000) == 5


@pytest.mark.golden("G-39")
def test_a_settlement_over_36_months_has_its_remainder_in_the_first() -> None:
    plan = instalment_plan(52_345, 36)
    assert (plan.first_yen, plan.other_yen) == (1_455, 1_454)
