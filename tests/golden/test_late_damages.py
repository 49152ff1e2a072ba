"""Worked examples of late damages (rulebook 4.5 and 4.6), to the yen."""

import datetime as dt
from fractions import Fraction

import numpy as np
import pytest

from models.kernels import interest_of_weight, late_damages
from models.kernels.days import day_weight

NP_RATE = Fraction(146, 1000)


@pytest.mark.clause("NP-30.1", "C-28", "C-41")
@pytest.mark.parametrize(
    ("yen", "due", "paid", "damages"),
    [
        pytest.param(50_000, "2025-02-10", "2025-02-11", 20, marks=pytest.mark.golden("G-12")),
        pytest.param(50_000, "2025-02-10", "2025-03-12", 600, marks=pytest.mark.golden("G-13")),
        pytest.param(50_000, "2024-02-10", "2024-03-11", 598, marks=pytest.mark.golden("G-14")),
        pytest.param(50_000, "2023-12-10", "2024-01-31", 1_038, marks=pytest.mark.golden("G-15")),
        pytest.param(12_345, "2025-03-10", "2025-06-30", 553, marks=pytest.mark.golden("G-16")),
        pytest.param(17_744, "2026-03-10", "2026-03-30", 141, marks=pytest.mark.golden("G-32")),
        pytest.param(17_000, "2026-03-10", "2026-03-30", 136, marks=pytest.mark.golden("G-32")),
    ],
)
def test_late_damages_match_the_worked_example(yen: int, due: str, paid: str, damages: int) -> None:
    assert late_damages(yen, NP_RATE, due, paid) == damages


@pytest.mark.clause("NP-30.2", "AU-37.1(3)", "C-16")
@pytest.mark.golden("G-28")
def test_damages_after_acceleration_count_its_own_day_at_np_and_not_at_au() -> None:
    accelerated, paid = dt.date(2025, 3, 15), dt.date(2025, 3, 31)
    due = accelerated - dt.timedelta(days=1)
    assert late_damages(50_000, NP_RATE, due, paid) == 340
    assert late_damages(50_000, NP_RATE, accelerated, paid) == 320


@pytest.mark.clause("NP-30.1", "C-28", "C-54")
@pytest.mark.golden("G-15")
def test_a_span_over_new_year_may_count_by_the_year_of_its_first_day() -> None:
    span = ("2023-12-10", "2024-01-31")
    assert late_damages(50_000, NP_RATE, *span) == 1_038
    assert late_damages(50_000, NP_RATE, *span, split_years=False) == 1_040


@pytest.mark.clause("NP-30.1", "C-28")
@pytest.mark.golden("G-12", "G-13", "G-14", "G-15", "G-16", "G-32")
def test_the_worked_examples_come_out_in_one_batch_and_by_prefix_differences() -> None:
    yen = np.array([50_000, 50_000, 50_000, 50_000, 12_345, 17_744])
    due = ["2025-02-10", "2025-02-10", "2024-02-10", "2023-12-10", "2025-03-10", "2026-03-10"]
    paid = ["2025-02-11", "2025-03-12", "2024-03-11", "2024-01-31", "2025-06-30", "2026-03-30"]
    expected = [20, 600, 598, 1_038, 553, 141]
    assert late_damages(yen, NP_RATE, due, paid).tolist() == expected
    span = day_weight(paid) - day_weight(due)
    assert interest_of_weight(yen, NP_RATE, span).tolist() == expected


@pytest.mark.clause("NP-30.1")
@pytest.mark.golden("G-12")
def test_one_day_of_an_ordinary_year_is_exactly_four_hundredths_of_a_percent() -> None:
    assert late_damages(2_500, NP_RATE, "2025-02-10", "2025-02-11") == 1
    assert late_damages(2_499, NP_RATE, "2025-02-10", "2025-02-11") == 0
