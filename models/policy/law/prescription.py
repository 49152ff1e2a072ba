"""Prescription: when a claim that nobody paid or acknowledged cannot be collected any more.

In flow dates, out flow dates and decisions. The day from which time runs does not count itself: a
claim last paid on 10 May 2026 is alive through 10 May 2031 and prescribed from the 11th.
"""

import numpy as np

from models.arrays import Bools, Floats
from models.calendar import DateArray
from models.clauses import implements
from models.kernels import Dates, as_days, months_later
from models.parameters import Parameters, Share, parameter


class Prescription(Parameters):
    """How long claims live, and whether members plead it."""

    years: int = parameter(
        5,
        "Years since the due date, the last payment or acknowledgement.",
        unit="years",
        source="COLL-13; facts 3.1",
        ge=1,
        le=100,
    )
    years_of_title: int = parameter(
        10,
        "Years since the title was final, or the last payment or acknowledgement after it.",
        unit="years",
        source="COLL-13; facts 3.1",
        ge=1,
        le=100,
    )
    pleads: Share = parameter(
        1.0,
        "Members who plead it; 0: claims never end this way.",
        unit="share",
        source="COLL-13; assumption",
    )


@implements("COLL-13")
def first_prescribed_day(terms: Prescription, since: Dates, has_title: Bools) -> DateArray:
    """Give the first day on which claims are prescribed.

    Parameters
    ----------
    terms
        Years without and with a title.
    since
        Latest of due date, payment, acknowledgement and finality of a judgment, shape (n,).
    has_title
        Whether a final title stands, shape (n,).

    Returns
    -------
    DateArray
        The day after the anniversary, which a short month clips to its end, shape (n,).

    Raises
    ------
    TypeError
        If dates are numbers.
    ValueError
        If a date is missing (NaT).

    Examples
    --------
    >>> since, has_title = np.array(["2026-05-10", "2024-02-29"]), np.array([False, True])
    >>> first_prescribed_day(Prescription(), since, has_title).astype(str).tolist()
    ['2031-05-11', '2034-03-01']
    """
    years = np.where(has_title, terms.years_of_title, terms.years)
    return np.asarray(months_later(since, 12 * years) + np.timedelta64(1, "D"))


@implements("COLL-13")
def is_prescribed(terms: Prescription, today: Dates, since: Dates, has_title: Bools) -> Bools:
    """Tell which claims are prescribed today; see `first_prescribed_day`, shape (n,)."""
    return np.asarray(as_days(today, "today") >= first_prescribed_day(terms, since, has_title))


@implements("COLL-13")
def pleads_prescription(terms: Prescription, u: Floats) -> Bools:
    """Tell which members plead prescription, by uniforms of shape (n,)."""
    return np.asarray(u < terms.pleads, dtype=np.bool_)
