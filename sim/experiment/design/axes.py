"""What one parameter may be: a list of values, or an exact range of whole numbers, rates, decimals.

A share of the way from 0 to 1 flows in, a value as a configuration writes it flows out. All
arithmetic is in fractions, so that 0.1 to 0.3 by 0.1 has 0.3 in it and a yen amount stays whole.
"""

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Literal, TypeAlias

from sim.experiment.design.expressions import exact
from sim.yaml_source import Value

Scale = Literal["linear", "log"]
Number: TypeAlias = int | float | list[int]
"""A number of a sweep file; two integers are an exact rate."""

DIGITS = 6
"""Significant digits of a decimal between two bounds: settings that people can read and repeat."""
MAX_LEVELS = 100_000


def fraction_of(number: Number) -> Fraction:
    """Give the exact number that was written.

    Examples
    --------
    >>> fraction_of([146, 1000]), fraction_of(0.2)
    (Fraction(73, 500), Fraction(1, 5))
    """
    return Fraction(*number) if isinstance(number, list) else exact(number)


@dataclass(frozen=True)
class Choices:
    """Values of any kind, written out."""

    values: tuple[Value, ...]

    @property
    def n_levels(self) -> int:
        """Number of values."""
        return len(self.values)

    def level(self, k: int) -> Value:
        """Give the k-th value."""
        return self.values[k]

    def at(self, share: float) -> Value:
        """Give the value at a share of the way; each value has an equal part of it."""
        return self.values[min(math.floor(share * self.n_levels), self.n_levels - 1)]


@dataclass(frozen=True)
class Range:
    """Numbers between two bounds, both included.

    Parameters
    ----------
    low, high
        The bounds.
    step
        Distance of neighbours; None lets decimals be anything, whole numbers go by 1 and rates by
        one over the common denominator of their bounds.
    scale
        Whether equal shares of the way add or multiply.
    count
        Levels of a grid or a search; None: all steps, or 11 of a range without steps.

    Examples
    --------
    >>> axis = Range(10000, 50000, step=10000)
    >>> [axis.level(k) for k in range(axis.n_levels)], axis.at(0.5)
    ([10000, 20000, 30000, 40000, 50000], 30000)
    >>> Range([0, 100], [20, 100]).at(0.99)
    [20, 100]
    >>> Range(0.01, 1.0, scale="log").at(0.5)
    0.1
    """

    low: Number
    high: Number
    step: Number | None = None
    scale: Scale = "linear"
    count: int | None = None

    @cached_property
    def kind(self) -> Literal["whole", "rate", "decimal"]:
        """What the numbers are; the bounds decide."""
        written = [n for n in (self.low, self.high, self.step) if n is not None]
        if any(isinstance(number, list) for number in written):
            return "rate"
        return "whole" if all(isinstance(number, int) for number in written) else "decimal"

    @cached_property
    def denominator(self) -> int:
        """Denominator of a rate, as the bounds have it."""
        written = [n for n in (self.low, self.high, self.step) if n is not None]
        return math.lcm(*(n[1] if isinstance(n, list) else fraction_of(n).denominator
                          for n in written))  # fmt: skip

    @cached_property
    def stride(self) -> Fraction | None:
        """Distance of neighbours; None where there is none."""
        if self.step is not None:
            return fraction_of(self.step)
        match self.kind:
            case "whole":
                return Fraction(1)
            case "rate":
                return Fraction(1, self.denominator)
        return None

    @cached_property
    def n_steps(self) -> int:
        """Number of values; 0 where they lie without gaps."""
        if self.stride is None:
            return 0
        return math.floor((fraction_of(self.high) - fraction_of(self.low)) / self.stride) + 1

    @cached_property
    def levels(self) -> tuple[Value, ...]:
        """The values of a grid or a search, ascending, each once."""
        low = fraction_of(self.low)
        if self.count is None and self.stride is not None and self.scale == "linear":
            return tuple(self._written(low + k * self.stride) for k in range(self.n_steps))
        count = self.count or 11
        shares = (Fraction(k, max(count - 1, 1)) for k in range(count))
        values = (self._written(self._nearest(self._between(share))) for share in shares)
        return tuple({repr(value): value for value in values}.values())

    @property
    def n_levels(self) -> int:
        """Number of `levels`."""
        return len(self.levels)

    def level(self, k: int) -> Value:
        """Give the k-th of `levels`."""
        return self.levels[k]

    def at(self, share: float) -> Value:
        """Give the value at a share of the way, 0 to 1; on a linear scale steps share it alike."""
        if self.stride is not None and self.scale == "linear":
            k = min(math.floor(Fraction(share) * self.n_steps), self.n_steps - 1)
            return self._written(fraction_of(self.low) + k * self.stride)
        return self._written(self._nearest(self._between(Fraction(share))))

    def _between(self, share: Fraction) -> Fraction:
        """Give the number at a share of the way, to some significant digits."""
        low, high = fraction_of(self.low), fraction_of(self.high)
        if share in (0, 1):
            return high if share else low
        if self.scale == "linear":
            number = low + share * (high - low)
        else:
            ends = math.log(low), math.log(high)
            number = Fraction(math.exp(ends[0] + float(share) * (ends[1] - ends[0])))
        if self.stride is None:
            number = Fraction(f"{float(number):.{DIGITS}g}")
        return min(max(number, low), high)

    def _nearest(self, number: Fraction) -> Fraction:
        """Give the nearest step."""
        if self.stride is None:
            return number
        low = fraction_of(self.low)
        k = math.floor((number - low) / self.stride + Fraction(1, 2))
        return low + min(k, self.n_steps - 1) * self.stride

    def _written(self, number: Fraction) -> Value:
        """Write a number as a configuration does."""
        match self.kind:
            case "whole":
                return int(number)
            case "rate":
                return [int(number * self.denominator), self.denominator]
        return float(number)


Axis: TypeAlias = Choices | Range
