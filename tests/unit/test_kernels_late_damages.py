"""Late damages: shapes, refusals and the edges of the span."""

import datetime as dt
from fractions import Fraction

import numpy as np
import pytest

from models.kernels import accrued_fee, interest_of_weight, late_damages

RATE = Fraction(146, 1000)


@pytest.mark.clause("NP-30.1")
@pytest.mark.parametrize("paid", ["2025-02-10", "2025-02-09", "2020-01-01"])
def test_payment_by_the_due_date_bears_no_damages(paid: str) -> None:
    assert late_damages(10**9, RATE, "2025-02-10", paid) == 0


def test_damages_broadcast_amounts_against_dates() -> None:
    yen = np.array([[50_000], [100_000]])
    paid = np.array(["2025-02-10", "2025-02-11", "2025-03-12"], dtype="datetime64[D]")
    damages = late_damages(yen, RATE, dt.date(2025, 2, 10), paid)
    assert damages.tolist() == [[0, 20, 600], [0, 40, 1_200]]
    assert damages.dtype == np.int64


def test_a_scalar_case_is_an_array_without_axes() -> None:
    damages = late_damages(50_000, RATE, "2025-02-10", "2025-02-11")
    assert isinstance(damages, np.ndarray)
    assert damages.shape == ()


def test_nobody_owes_nothing() -> None:
    assert late_damages([], RATE, [], []).tolist() == []


def test_no_argument_is_changed() -> None:
    yen = np.array([50_000, 60_000])
    weight = np.array([3_660, 366])
    interest_of_weight(yen, RATE, weight)
    assert yen.tolist() == [50_000, 60_000]
    assert weight.tolist() == [3_660, 366]


@pytest.mark.clause("C-41")
def test_a_span_over_new_year_is_floored_once_not_each_year() -> None:
    due = ["2023-12-10", "2023-12-31", "2023-12-10"]
    paid = ["2023-12-31", "2024-01-31", "2024-01-31"]
    in_2023, in_2024, whole = late_damages(49_000, RATE, due, paid).tolist()
    assert (in_2023, in_2024, whole) == (411, 605, 1_017)


def test_negative_yen_weight_or_rate_are_refused() -> None:
    with pytest.raises(ValueError, match="yen must be 0 or more, got -1"):
        late_damages([5, -1], RATE, "2025-02-10", "2025-02-11")
    with pytest.raises(ValueError, match="weight must be 0 or more, got -366"):
        interest_of_weight(5, RATE, -366)
    with pytest.raises(ValueError, match="rate must be 0 or more"):
        late_damages(5, -RATE, "2025-02-10", "2025-02-11")


@pytest.mark.parametrize(
    ("due", "paid", "name"), [(40, "2025-02-11", "due"), ("2025-02-10", 41, "paid")]
)
def test_day_indices_are_not_taken_for_dates(due: int | str, paid: int | str, name: str) -> None:
    with pytest.raises(TypeError, match=f"{name} must be dates, got int64"):
        late_damages(5, RATE, due, paid)


def test_damages_that_could_overflow_are_refused_with_the_amount() -> None:
    one_year = ("2024-12-31", "2025-12-31")
    largest = (2**63 - 1) // (365 * 366)
    assert late_damages(largest, RATE, *one_year) == largest * 146 // 1000
    with pytest.raises(OverflowError, match=f"largest amount {largest + 1}, "):
        late_damages(largest + 1, RATE, *one_year)


def test_a_debt_of_690_billion_yen_fits_a_hundred_years() -> None:
    damages = late_damages(690 * 10**9, RATE, "2000-12-31", "2100-12-31")
    assert damages == 690 * 10**9 * 100 * 146 // 1000


@pytest.mark.clause("AU-23.1")
def test_a_fee_counts_both_its_first_and_its_last_day() -> None:
    assert accrued_fee(100_000, "0.18", dt.date(2025, 8, 15), dt.date(2025, 9, 4)) == 1_035
    assert accrued_fee(91_035, "0.18", "2025-09-05", "2025-10-04") == 1_346
    assert accrued_fee(36_500, "0.1", "2025-05-01", "2025-05-01") == 10
    assert accrued_fee(36_500, "0.1", "2025-05-02", "2025-05-01") == 0


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
