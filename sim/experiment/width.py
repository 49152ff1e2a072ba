"""A wanted half-width: absolute, or a share of what is estimated."""

import math
from dataclasses import dataclass

from models.errors import InputError

PER_CENT = "%"


@dataclass(frozen=True)
class Width:
    """A half-width that an interval shall have.

    Parameters
    ----------
    number
        Half-width in units of the metric, or as a share; above 0.
    is_relative
        Whether it is a share of the absolute value of a reference.
    """

    number: float
    is_relative: bool

    @classmethod
    def of(cls, given: "Width | str") -> "Width":
        """Read a width.

        Raises
        ------
        InputError
            If the text is neither a positive number nor a positive percentage.

        Examples
        --------
        >>> Width.of("5%"), Width.of("0.001")
        (Width(number=0.05, is_relative=True), Width(number=0.001, is_relative=False))
        """
        if isinstance(given, Width):
            return given
        text = given.strip()
        is_relative = text.endswith(PER_CENT)
        try:
            number = float(text.removesuffix(PER_CENT))
        except ValueError:
            number = math.nan
        if not (math.isfinite(number) and number > 0.0):
            raise InputError(
                f"width: got {given!r}; allowed: a number above 0, or a percentage such as 5%"
            )
        return cls(number / 100.0 if is_relative else number, is_relative)

    def half_width(self, reference: float) -> float:
        """Give the half-width in units of the metric."""
        return self.number * abs(reference) if self.is_relative else self.number


DEFAULT_WIDTH = Width(0.05, is_relative=True)
