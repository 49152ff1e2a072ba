"""Values and ranges of parameters: whole yen stay whole, rates exact, decimals as written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.experiment.design.axes import Choices, Range, fraction_of


def levels(axis: Range) -> list[object]:
    return [axis.level(k) for k in range(axis.n_levels)]


def test_whole_numbers_go_by_one() -> None:
    assert levels(Range(2, 5)) == [2, 3, 4, 5]
    assert all(isinstance(value, int) for value in levels(Range(2, 5)))


def test_yen_go_by_their_step_and_stop_before_the_bound() -> None:
    assert levels(Range(10_000, 45_000, step=10_000)) == [10_000, 20_000, 30_000, 40_000]


def test_decimals_by_a_step_are_those_written() -> None:
    assert levels(Range(0.1, 0.5, step=0.1)) == [0.1, 0.2, 0.3, 0.4, 0.5]


def test_rates_keep_their_denominator() -> None:
    assert levels(Range([0, 1000], [146, 1000], step=[73, 1000])) == [
        [0, 1000],
        [73, 1000],
        [146, 1000],
    ]
    assert Range([1, 10], [1, 4]).level(0) == [2, 20]
    assert Range([1, 10], [1, 4]).n_levels == 4


def test_levels_of_a_log_scale_multiply() -> None:
    assert levels(Range(0.01, 100.0, scale="log", count=5)) == [0.01, 0.1, 1.0, 10.0, 100.0]
    assert levels(Range(1, 1000, scale="log", count=4)) == [1, 10, 100, 1000]


def test_few_whole_numbers_have_no_level_twice() -> None:
    assert levels(Range(1, 3, count=10)) == [1, 2, 3]


def test_every_value_of_a_list_or_stepped_range_has_an_equal_part_of_the_way() -> None:
    shares = [(k + 0.5) / 300 for k in range(300)]
    for axis in (Choices(("a", 1, None)), Range(1, 3), Range(0.1, 0.3, step=0.1)):
        found = [repr(axis.at(share)) for share in shares]
        assert [found.count(repr(axis.level(k))) for k in range(3)] == [100, 100, 100]


def test_both_ends_of_the_way_are_the_bounds() -> None:
    for axis in (
        Range(3, 9),
        Range(0.25, 0.75),
        Range(0.01, 1.0, scale="log"),
        Range([1, 8], [5, 8]),
    ):
        assert (axis.at(0.0), axis.at(1.0)) == (axis.low, axis.high)


@given(
    share=st.floats(0, 1),
    low=st.integers(-(10**6), 10**6),
    width=st.integers(1, 10**6),
    step=st.integers(1, 1000),
)
def test_a_whole_number_is_always_a_step_within_the_bounds(
    share: float, low: int, width: int, step: int
) -> None:
    axis = Range(low, low + width, step=step)
    value = axis.at(share)
    assert isinstance(value, int)
    assert low <= value <= low + width
    assert (value - low) % step == 0


@given(share=st.floats(0, 1), scale=st.sampled_from(["linear", "log"]))
def test_a_decimal_lies_within_its_bounds_and_reads_well(share: float, scale: str) -> None:
    axis = Range(0.0123, 4.5, scale="log" if scale == "log" else "linear")
    value = axis.at(share)
    assert isinstance(value, float)
    assert 0.0123 <= value <= 4.5
    assert float(f"{value:.6g}") == value


def test_a_number_is_the_one_written() -> None:
    assert fraction_of(0.1) * 10 == 1
    assert fraction_of([2, 4]) == fraction_of(0.5)


@pytest.mark.parametrize("share", [0.0, 0.3, 0.999999, 1.0])
def test_a_log_scale_of_whole_numbers_stays_whole(share: float) -> None:
    value = Range(10, 1000, step=10, scale="log").at(share)
    assert isinstance(value, int)
    assert value % 10 == 0


def test_rounding_to_readable_digits_never_leaves_the_bounds() -> None:
    axis = Range(0.12345649, 0.23456751)
    assert axis.at(1e-12) == 0.12345649
    assert axis.at(1.0 - 1e-12) == 0.23456751
