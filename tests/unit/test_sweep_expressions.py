"""Expressions of sweep files: exact numbers, and nothing that could run code."""

from fractions import Fraction

import pytest

from sim.experiment.design.expressions import ExpressionError, Operand, exact, parse

VALUES: dict[str, Operand] = {
    "cap": Fraction(50_000),
    "fee": exact(0.1),
    "policy": "strict",
    "is_on": True,
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3", 7),
        ("0.1 + 0.2", Fraction(3, 10)),
        ("cap * fee", 5_000),
        ("-cap // 3", -16_667),
        ("cap % 7", 50_000 % 7),
        ("2 ** -2", Fraction(1, 4)),
        ("cap / 3", Fraction(50_000, 3)),
        ("floor(7 / 2) + ceil(7 / 2) + abs(-1)", 8),
        ("min(cap, 3, 2) + max(1, fee)", 3),
        ("+fee", Fraction(1, 10)),
    ],
)
def test_arithmetic_is_exact(text: str, value: Fraction | int) -> None:
    assert parse(text).value(VALUES) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0 < fee <= 0.1 < cap", True),
        ("0 < fee < 0.1", False),
        ("cap >= 50000 and not fee > 1", True),
        ("fee > 1 or policy == 'strict'", True),
        ("policy != 'strict'", False),
        ("is_on", True),
        ("not is_on or cap == 1", False),
    ],
)
def test_comparisons_are_true_or_false(text: str, value: bool) -> None:  # noqa: FBT001
    assert parse(text).value(VALUES) is value


def test_an_expression_knows_the_names_it_needs() -> None:
    assert parse("min(cap, 2 * fee) > 1").names == {"cap", "fee"}


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os')",
        "cap.numerator",
        "cap.__class__",
        "cap[0]",
        "(lambda: 1)()",
        "[x for x in (1,)]",
        "{1: 2}",
        "f'{cap}'",
        "min(*cap)",
        "min(cap, key=abs)",
        "eval('1')",
        "cap if fee else 1",
        "cap in (1, 2)",
        "cap is fee",
        "~cap",
        "cap @ fee",
        "cap << 2",
        "b'x'",
        "1j",
        "None",
        "...",
        "(cap := 1)",
        "abs",
        "abs(1, 2)",
        "floor()",
        "1e999",
    ],
)
def test_whatever_is_not_listed_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError, match="allowed"):
        parse(text)


@pytest.mark.parametrize("text", ["", "1 +", "cap = 1", "1; 2", "import os", "(" * 300, "\0"])
def test_what_is_no_expression_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError, match="which is no expression"):
        parse(text)


def test_length_and_size_are_bounded() -> None:
    with pytest.raises(ExpressionError, match="501 characters; allowed: up to 500"):
        parse("1" * 501)
    with pytest.raises(ExpressionError, match="parts; allowed: up to 200"):
        parse("+".join(["1"] * 101))


@pytest.mark.parametrize("exponent", ["17", "-17", "0.5", "10 ** 9"])
def test_powers_are_bounded(exponent: str) -> None:
    with pytest.raises(ExpressionError, match="allowed: a whole number from -16 to 16"):
        parse(f"2 ** ({exponent})").value({})


def test_no_chain_of_powers_fills_the_memory() -> None:
    with pytest.raises(ExpressionError, match="more than 4096 bits"):
        parse("((((9 ** 16) ** 16) ** 16) ** 16) ** 16").value({})


def test_a_division_by_zero_is_told() -> None:
    with pytest.raises(ExpressionError, match=r"'1 / \(cap - cap\)' divides by zero"):
        parse("1 / (cap - cap)").value(VALUES)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("policy + 1", "policy is 'strict'; allowed here: a number"),
        ("is_on < 2", "is_on is true; allowed here: a number"),
        ("cap and fee", "cap is 50000; allowed here: true or false"),
        ("not cap", "cap is 50000; allowed here: true or false"),
    ],
)
def test_texts_numbers_and_truth_are_not_mixed(text: str, wanted: str) -> None:
    with pytest.raises(ExpressionError, match=wanted):
        parse(text).value(VALUES)
