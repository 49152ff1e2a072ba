"""How numbers are written for people."""

import datetime as dt
from fractions import Fraction

from sim.report.language import say

NOTHING = "\N{EN DASH}"
MINUS = "\N{MINUS SIGN}"

PER_CENT = frozenset({"share"})
POINTS = "percentage points"
"""Unit of a difference of two shares."""
NO_AMOUNTS = frozenset({"-", "mmdd"})
"""Units of whole numbers that are names: a seed, a day of the year."""

FEWEST_IN_MILLIONS = 100_000
"""Yen from which amounts are written in millions."""


def percent(share: float | None, digits: int = 2) -> str:
    """Write a share in per cent.

    Examples
    --------
    >>> percent(0.01234), percent(0.5, 0)
    ('1.23 %', '50 %')
    """
    return NOTHING if share is None else f"{grouped(100 * share, digits)} %"


def level_text(level: float) -> str:
    """Write the level of an interval or a tail, with all its digits.

    Examples
    --------
    >>> level_text(0.95), level_text(0.999), level_text(0.975)
    ('95 %', '99.9 %', '97.5 %')
    """
    return f"{100 * level:.10g} %"


def millions(yen: float | None) -> str:
    """Write yen in millions with three significant digits, small amounts in whole yen.

    Examples
    --------
    >>> millions(1_234_567_890), millions(12_345_678), millions(650_000), millions(987)
    ('1,235 million yen', '12.3 million yen', '0.65 million yen', '987 yen')
    """
    if yen is None:
        return NOTHING
    if abs(yen) < FEWEST_IN_MILLIONS:
        return say("{n} yen", n=grouped(yen, 0))
    size = abs(yen) / 1e6
    digits = 0 if size >= 99.95 else 1 if size >= 9.995 else 2
    return say("{n} million yen", n=grouped(yen / 1e6, digits))


def grouped(number: float, digits: int = 0) -> str:
    """Write a number with thousands separators and a true minus sign.

    Examples
    --------
    >>> grouped(1234.5, 1), grouped(-0.001, 2), grouped(-1) == MINUS + "1"
    ('1,234.5', '0.00', True)
    """
    text = f"{number:,.{digits}f}"
    if text.startswith("-"):
        text = text[1:] if not any(digit in "123456789" for digit in text) else MINUS + text[1:]
    return text


def significant(number: float, digits: int = 4) -> str:
    """Write a number with some significant digits, whole where it has more before the point.

    Examples
    --------
    >>> significant(0.123456), significant(12345.6), significant(2.0)
    ('0.1235', '12,346', '2')
    >>> significant(999.6, 3), significant(150.2, 2)
    ('1,000', '150')
    """
    text = f"{number:.{digits}g}"
    if abs(float(text)) >= min(10**digits, 1000):
        return grouped(number)
    return text.replace("-", MINUS)


def shown(value: object, unit: str) -> str:
    """Write a cell of a metric table in its unit.

    Examples
    --------
    >>> shown(0.0123, "share"), shown(1234567, "yen"), shown(2.5, "minutes")
    ('1.23 %', '1,234,567', '2.50')
    >>> shown(0.0123, POINTS)
    '1.23 pp'
    """
    match value:
        case None:
            return NOTHING
        case bool():
            return say("yes") if value else say("no")
        case int() | float() if unit in PER_CENT:
            return percent(value)
        case int() | float() if unit == POINTS:
            return f"{grouped(100 * value, 2)} pp"
        case int():
            return grouped(value)
        case float():
            return grouped(value, 4 if unit == "yen per yen" else 0 if unit == "yen" else 2)
        case _:
            return str(value)


def shown_difference(value: float | None, unit: str) -> str:
    """Write a difference, which may be much smaller than what it is a difference of.

    That of two shares is in percentage points (pp).

    Examples
    --------
    >>> shown_difference(0.00304, "share"), shown_difference(13833.4, "minutes")
    ('0.304 pp', '13,833')
    """
    if value is None or unit == "yen":
        return shown(value, unit)
    return f"{significant(100 * value, 3)} pp" if unit == "share" else significant(value, 3)


def in_unit(value: float | None, unit: str) -> str:
    """Write a number for a sentence: with its unit, large amounts in millions.

    Examples
    --------
    >>> in_unit(0.0123, "share"), in_unit(12_345_678, "yen"), in_unit(2.5, "minutes")
    ('1.23 %', '12.3 million yen', '2.5 minutes')
    """
    match unit:
        case _ if value is None:
            return NOTHING
        case "yen":
            return millions(value)
        case "share":
            return percent(value)
        case "-":
            return significant(value)
    return f"{significant(value)} {say(unit)}"


def parameter_text(value: object, unit: str = "") -> str:
    """Write the value of a parameter as a configuration would; amounts have separators.

    Examples
    --------
    >>> from fractions import Fraction
    >>> parameter_text(Fraction(146, 1000)), parameter_text(10000), parameter_text((1, 2))
    ('73/500', '10,000', '1, 2')
    >>> parameter_text(20260101, "-")
    '20260101'
    """
    match value:
        case None:
            return NOTHING
        case bool():
            return say("yes") if value else say("no")
        case int():
            return str(value) if unit in NO_AMOUNTS else grouped(value)
        case float():
            return f"{value:.10g}".replace("-", MINUS)
        case Fraction():
            return f"{value.numerator:,}/{value.denominator:,}"
        case tuple() | list() | frozenset():
            return ", ".join(parameter_text(item) for item in value) or say("none")
        case dict():
            return ", ".join(f"{key}: {parameter_text(item)}" for key, item in value.items())
        case dt.date():
            return value.isoformat()
        case _:
            return str(value)


def words(name: str) -> str:
    """Write a name of a table as words.

    Examples
    --------
    >>> words("late_admin_fees"), words("dpd_181_plus")
    ('late admin fees', '181+ days past due')
    """
    if name.startswith("dpd_"):
        return say("{days} days past due", days=days_of(name))
    return say(name.replace("_", " "))


def days_of(bucket: str) -> str:
    r"""Write the days past due of a bucket.

    Examples
    --------
    >>> days_of("dpd_1_30") == "1\N{EN DASH}30", days_of("dpd_181_plus")
    (True, '181+')
    """
    first, last = bucket.removeprefix("dpd_").split("_")
    return f"{first}+" if last == "plus" else f"{first}\N{EN DASH}{last}"


def span(low: str, high: str) -> str:
    """Write the two ends of a range.

    Examples
    --------
    >>> span("1 %", "2 %")
    '1 % to 2 %'
    """
    return say("{low} to {high}", low=low, high=high)


def counted(number: int, one: str, many: str) -> str:
    """Write how many things there are.

    Parameters
    ----------
    number
        How many.
    one, many
        Messages for one and for any other number, with the place ``{n}``.

    Examples
    --------
    >>> counted(1, "{n} point", "{n} points"), counted(2000, "{n} point", "{n} points")
    ('1 point', '2,000 points')
    """
    return say(one if number == 1 else many, n=grouped(number))
