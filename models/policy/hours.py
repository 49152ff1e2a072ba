"""When people work."""

import re
from typing import Annotated, Self

from pydantic import AfterValidator, model_validator

from models.parameters import Parameters, parameter


def _is_clock(text: str) -> str:
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d|24:00", text):
        raise ValueError(f"got {text!r}; a time is written HH:MM in quotes, from 00:00 to 24:00")
    return text


Clock = Annotated[str, AfterValidator(_is_clock)]


class Hours(Parameters):
    """Opening hours of a desk."""

    opens: Clock = parameter(
        "09:00", "Opening time.", unit="HH:MM", source="facts 7 (contact window)"
    )
    closes: Clock = parameter(
        "18:00", "Closing time.", unit="HH:MM", source="facts 7 (contact window)"
    )
    business_days_only: bool = parameter(
        True, "Whether the desk is closed on bank holidays and weekends.", unit="-", source="CAL-01"
    )

    @model_validator(mode="after")
    def _opens_before_it_closes(self) -> Self:
        if minute_of_day(self.opens) >= minute_of_day(self.closes):
            raise ValueError(f"closes: got {self.closes}; allowed: a time after opens {self.opens}")
        return self


EARLIEST_CONTACT, LATEST_CONTACT = "08:00", "21:00"


def _within_contact_hours(hours: Hours) -> Hours:
    """Refuse hours in which members must not be phoned."""
    first, last = minute_of_day(EARLIEST_CONTACT), minute_of_day(LATEST_CONTACT)
    for name, clock in (("opens", hours.opens), ("closes", hours.closes)):
        if not first <= minute_of_day(clock) <= last:
            raise ValueError(
                f"{name}: got {clock}; allowed: {EARLIEST_CONTACT} to {LATEST_CONTACT}, the hours "
                "in which members may be contacted (facts 7)"
            )
    return hours


ContactHours = Annotated[Hours, AfterValidator(_within_contact_hours)]
"""Opening hours of a desk that phones members: within 08:00 to 21:00 (facts 7, contact window)."""


def minute_of_day(clock: str) -> int:
    """Convert HH:MM to minutes after midnight.

    Examples
    --------
    >>> minute_of_day("08:30")
    510
    """
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)
