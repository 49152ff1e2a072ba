"""The revolving plan: shapes, edges and refusals."""

import numpy as np
import pytest

from models.kernels import (
    Course,
    Step,
    Tiers,
    accrued_fee,
    revolving_fee,
    revolving_payment,
    tiered_payment,
)

COURSES = ["standard", "long", "fixed"]


def test_courses_go_by_name_or_number_and_broadcast() -> None:
    balances = np.array([[100_000], [400_000]])
    by_name = revolving_payment(balances, COURSES, 1_000, 20_000)
    assert by_name.tolist() == [[10_000, 5_000, 20_000], [40_000, 18_000, 20_000]]
    assert by_name.dtype == np.int64
    by_number = revolving_payment(balances, [Course.STANDARD, 1, 2], 1_000, 20_000)
    assert by_number.tolist() == by_name.tolist()


def test_one_account_is_an_array_without_axes_and_no_account_owes_nothing() -> None:
    payment = revolving_payment(100_000, "standard", 1_035)
    assert isinstance(payment, np.ndarray)
    assert payment.shape == ()
    assert revolving_payment([], [], []).tolist() == []


def test_the_kernel_changes_no_argument() -> None:
    balance, fee, chosen = np.array([9_950]), np.array([20_147]), np.array([10_000])
    revolving_payment(balance, "fixed", fee, chosen, top_up=1_000)
    assert (balance.item(), fee.item(), chosen.item()) == (9_950, 20_147, 10_000)


@pytest.mark.clause("AU-30.1(1)", "C-17")
def test_a_balance_equal_to_the_payment_is_paid_in_two_months() -> None:
    assert revolving_payment([9_999, 10_000], "standard", 100).tolist() == [10_099, 10_000]


@pytest.mark.clause("AU-30.1(1)")
def test_only_the_fee_is_left_to_pay_of_a_balance_prepaid_in_full() -> None:
    assert revolving_payment(0, COURSES, 650, 10_000).tolist() == [650] * 3
    assert revolving_payment(0, COURSES, 0, 10_000).tolist() == [0] * 3


@pytest.mark.clause("AU-30.1(3)")
def test_a_top_up_raises_the_principal_and_may_pay_off_the_balance() -> None:
    payments = revolving_payment([100_000, 12_000], "standard", 150, top_up=[5_000, 2_500])
    assert payments.tolist() == [15_000, 12_150]


@pytest.mark.clause("AUX-REV(1)")
def test_a_step_up_may_have_another_width() -> None:
    assert revolving_payment(900_000, "fixed", 13_000, 5_000, step_up_yen=3_000) == 14_000


@pytest.mark.clause("AUX-REV(1)")
def test_a_fee_above_a_tiered_payment_is_paid_alone() -> None:
    payments = revolving_payment(100_000, ["standard", "long"], 12_000)
    assert payments.tolist() == [12_000, 12_000]


@pytest.mark.clause("AUX-REV(1)", "AUX-REV(2)")
def test_at_18_percent_no_tier_is_below_the_fee_of_31_days() -> None:
    balances = np.arange(1, 2_000_000, 7)
    fees = accrued_fee(balances, "0.18", "2025-10-05", "2025-11-04")
    for course in ("standard", "long"):
        assert (revolving_payment(balances, course, fees) > fees).all()


def test_other_tier_tables_can_be_given() -> None:
    flat, steep = Tiers(2_000, ()), Tiers(1_000, (Step(10_000, 10_000, 1_000),))
    assert tiered_payment([0, 10**9], flat).tolist() == [2_000, 2_000]
    paid = revolving_payment(50_000, ["standard", "long"], 0, standard=flat, long=steep)
    assert paid.tolist() == [2_000, 5_000]


def test_the_amount_of_the_fixed_course_is_asked_for_only_there() -> None:
    assert revolving_payment(100_000, "long", 0, 0) == 5_000
    with pytest.raises(ValueError, match="the fixed course needs the amount"):
        revolving_payment(100_000, COURSES, 0)
    with pytest.raises(ValueError, match="chosen must be 1 or more in the fixed course, got 0"):
        revolving_payment(100_000, COURSES, 0, [0, 0, 0])


@pytest.mark.parametrize("course", ["Standard", 3, 259, ["standard", "slow"]])
def test_an_unknown_course_is_refused(course: object) -> None:
    with pytest.raises(ValueError, match="course must be 'standard', 'long' or 'fixed', got "):
        revolving_payment(100_000, course, 0, 10_000)  # type: ignore[arg-type]


def test_unknown_readings_are_refused() -> None:
    with pytest.raises(ValueError, match="tier_rounding must be 'ceil' or 'floor', got 'up'"):
        revolving_payment(1, "long", 0, tier_rounding="up")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="long_above_300k must be 'continue' or 'not_allowed'"):
        revolving_payment(1, "long", 0, long_above_300k="stop")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="final_rule must be 'balance_plus_fee_when_balance"):
        revolving_payment(1, "long", 0, final_rule="none")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="step_up_yen must be 1 or more, got 0"):
        revolving_payment(1, "fixed", 0, 5_000, step_up_yen=0)


def test_other_courses_take_what_the_long_course_refuses() -> None:
    payments = revolving_payment(
        [300_001, 300_000], ["standard", "long"], 0, long_above_300k="not_allowed"
    )
    assert payments.tolist() == [35_000, 14_000]


@pytest.mark.parametrize("name", ["balance", "fee", "top_up", "chosen"])
def test_amounts_out_of_range_are_refused_by_name(name: str) -> None:
    given = {"balance": 1, "course": "fixed", "fee": 1, "top_up": 1, "chosen": 1}
    with pytest.raises(ValueError, match=f"{name} must be 0 or more, got -1"):
        revolving_payment(**given | {name: -1})  # type: ignore[arg-type]
    with pytest.raises(OverflowError, match=rf"{name} must be at most 2\*\*61"):
        revolving_payment(**given | {name: 2**61 + 1})  # type: ignore[arg-type]


@pytest.mark.clause("AU-30.1(2)")
def test_the_fee_of_one_part_is_the_accrued_fee() -> None:
    days = ("2025-09-05", "2025-10-04")
    assert revolving_fee([91_035], "0.18", *days) == accrued_fee(91_035, "0.18", *days)
    assert revolving_fee([[91_035], [82_381]], 0, *days).tolist() == [0, 0]
    assert revolving_fee(np.zeros((2, 0), dtype=np.int64), "0.18", *days).tolist() == [0, 0]


@pytest.mark.clause("AU-30.1(2)")
def test_parts_of_a_yen_add_up_to_whole_ones() -> None:
    # 1,000 yen for one day at 18 %: 0.4931 yen.
    fees = revolving_fee([[1_000] * 2, [1_000, 1_100]], "0.18", "2025-09-05", "2025-09-05")
    assert fees.tolist() == [0, 1]


def test_the_fee_needs_an_axis_of_parts_and_refuses_what_cannot_be_added_up() -> None:
    day = ("2025-09-05", "2025-09-05")
    with pytest.raises(ValueError, match="balance and days need an axis of parts"):
        revolving_fee(1_000, "0.18", *day)
    largest = (2**63 - 1) // (2 * 3 * 366)
    assert revolving_fee([largest, largest], "0.18", *day) == 2 * largest * 18 // 36_500
    with pytest.raises(OverflowError, match="revolving fee: "):
        revolving_fee([largest + 1, 0], "0.18", *day)
