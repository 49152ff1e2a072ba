"""Exact whole numbers: what is refused, and at which value."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from models.kernels.exact import exact_rate, floor_of_product, whole_numbers

LARGEST = 2**63 - 1


@pytest.mark.parametrize("rate", [Fraction(73, 500), Decimal("0.146"), "0.146", "73/500"])
def test_exact_ways_to_write_a_rate_are_one_rate(rate: Fraction | Decimal | str) -> None:
    assert exact_rate(rate) == Fraction(146, 1000)


@pytest.mark.parametrize("rate", [0.146, np.float64(0.146)])
def test_a_binary_float_is_no_rate(rate: float) -> None:
    with pytest.raises(TypeError, match=r"late_rate must be exact: .* not the float .*0\.146"):
        exact_rate(rate, "late_rate")  # type: ignore[arg-type]


def test_a_negative_rate_is_refused() -> None:
    with pytest.raises(ValueError, match="rate must be 0 or more, got -1/100"):
        exact_rate(Fraction(-1, 100))


@pytest.mark.parametrize("dtype", [np.int8, np.int32, np.int64, np.uint16, np.uint64])
def test_integers_of_every_width_become_int64(dtype: type[np.integer]) -> None:
    numbers = whole_numbers(np.array([[0, 100]], dtype=dtype), "yen")
    assert numbers.dtype == np.int64
    assert numbers.tolist() == [[0, 100]]


def test_an_int64_array_is_not_copied() -> None:
    yen = np.array([1, 2], dtype=np.int64)
    assert whole_numbers(yen, "yen") is yen


def test_no_numbers_at_all_are_whole_numbers() -> None:
    assert whole_numbers([], "yen").dtype == np.int64


@pytest.mark.parametrize("values", [[1.0], [True], ["1"], [2**64]])
def test_what_is_no_integer_of_64_bits_is_refused(values: list[object]) -> None:
    with pytest.raises(TypeError, match="yen must be integers of at most 64 bits, got "):
        whole_numbers(values, "yen")  # type: ignore[arg-type]


def test_negative_amounts_are_refused() -> None:
    with pytest.raises(ValueError, match="yen must be 0 or more, got -5"):
        whole_numbers([3, -5], "yen")


def test_an_unsigned_amount_above_int64_is_refused() -> None:
    with pytest.raises(OverflowError, match=f"yen must be at most .*, got {2**63}"):
        whole_numbers(np.array([2**63], dtype=np.uint64), "yen")


def test_the_largest_product_is_exact_and_one_more_is_refused() -> None:
    amount, factor, scale = np.array([LARGEST // 21]), np.array([7]), Fraction(3, 2)
    assert floor_of_product(amount, factor, scale, "fee").tolist() == [LARGEST // 21 * 21 // 2]
    with pytest.raises(OverflowError, match=r"fee: amount \* 3 \* factor is above 2\*\*63 - 1"):
        floor_of_product(amount + 1, factor, scale, "fee")


def test_a_refusal_depends_on_the_element_not_on_its_neighbours() -> None:
    amounts, factors = np.array([LARGEST, 1]), np.array([1, LARGEST])
    assert floor_of_product(amounts, factors, Fraction(1), "fee").tolist() == [LARGEST, LARGEST]
    with pytest.raises(OverflowError, match="largest amount 2, largest factor"):
        floor_of_product(np.array([2]), factors[1:], Fraction(1), "fee")


def test_a_zero_scale_makes_nothing_of_the_largest_amounts() -> None:
    amounts = np.array([LARGEST])
    assert floor_of_product(amounts, np.array([1]), Fraction(0), "fee").tolist() == [0]


def test_a_denominator_above_int64_is_refused() -> None:
    with pytest.raises(OverflowError, match="fee: "):
        floor_of_product(np.array([1]), np.array([1]), Fraction(1, 2**63), "fee")
