"""The credit bureau: what is registered, for how long, and what a query sees (AUX-CIC).

au PAY Atobarai asks and reports; the NP products do neither (ART-08, C-43), so nothing here ever
reaches a decision about atone.
"""

import datetime as dt
from typing import NamedTuple, Self

import numpy as np
from pydantic import model_validator

from models.arrays import Bools, Ints
from models.clauses import implements
from models.kernels import months_later as dates_months_later
from models.parameters import Parameters, parameter

NEVER = np.int32(np.iinfo(np.int32).max)
"""Expiry of what is kept as long as its contract."""

NOTHING = np.int32(-1)
"""Day of what never happened."""


class BureauUse(Parameters):
    """What a lender has to do with the bureau."""

    inquiry: bool = parameter(
        True, "Whether applicants and members are looked up.", unit="-", source="AU-15.1; C-43"
    )
    report: bool = parameter(
        True, "Whether contracts and arrears are registered.", unit="-", source="AU-15.2; C-43"
    )


class Retention(Parameters):
    """How long the bureau keeps what, and when arrears are told."""

    inquiry_months: int = parameter(
        6,
        "Months for which an application is kept.",
        unit="months",
        source="AUX-CIC(2)",
        ge=0,
        le=120,
    )
    contract_years: int = parameter(
        5,
        "Years for which a contract is kept after its end.",
        unit="years",
        source="AUX-CIC(3)",
        ge=0,
        le=5,
    )
    arrears_years: int = parameter(
        5,
        "Years for which arrears are kept after the end of the contract.",
        unit="years",
        source="AUX-CIC(4)",
        ge=0,
        le=30,
    )
    report_after_days: int = parameter(
        61,
        "Days past due from which arrears are registered.",
        unit="days",
        source="AUX-CIC(4); facts 5",
        ge=1,
        le=3650,
    )


class Bureau(Parameters):
    """Both lenders and the bureau: CIC, whose partners JICC and KSC see the same data."""

    np: BureauUse = parameter(
        BureauUse(inquiry=False, report=False),
        "Net Protections: own data only.",
        unit="-",
        source="ART-08; C-43",
    )
    au: BureauUse = parameter(
        BureauUse(), "au Financial Service.", unit="-", source="AU-15.1; C-43"
    )
    cic: Retention = Retention()

    @model_validator(mode="after")
    def _leaves_net_protections_out(self) -> Self:
        if self.np.inquiry or self.np.report:
            raise ValueError(
                "np: got inquiry or report true; Net Protections neither asks nor reports (ART-08)"
            )
        return self


class Files(NamedTuple):
    """What is registered about persons by one lender, shape (n,) each."""

    inquired_day: Ints
    """Day of the last query for an application, refused or not; `NOTHING` if none."""
    opened_day: Ints
    """Day of the contract; `NOTHING` if none."""
    ended_day: Ints
    """Day on which membership and debts had both ended; `NOTHING` while they last."""
    arrears_day: Ints
    """First day of registered arrears; `NOTHING` if none."""


class View(NamedTuple):
    """What a query sees, shape (n,) each."""

    has_inquiry: Bools
    has_contract: Bools
    is_derogatory: Bools
    has_identity: Bools


def months_later(start: dt.date, day: Ints, months: int) -> Ints:
    """Give the day index that many months after days, clipped to short months (rulebook 0.4)."""
    origin = np.datetime64(start, "D")
    later = dates_months_later(origin + np.asarray(day, dtype=np.int64), months)
    return np.asarray((later - origin).astype(np.int64))


@implements("AUX-CIC(4)")
def is_reportable(
    terms: Retention,
    days_past_due: Ints,
    is_accelerated_for_all: Bools,
    is_settled: Bools,
    is_insolvent: Bools,
) -> Bools:
    """Tell whose arrears are registered.

    Parameters
    ----------
    terms
        Days past due.
    days_past_due
        Of the oldest unpaid debt; 0 if nothing is overdue, shape (n,).
    is_accelerated_for_all
        Acceleration under AU-39.2 or AU-39.3; that of AU-39.1 alone is not told before the day
        limit, shape (n,).
    is_settled
        Debt settlement through an intermediary, shape (n,).
    is_insolvent
        Bankruptcy or civil rehabilitation, shape (n,).

    Returns
    -------
    Bools
        Shape (n,).
    """
    is_old = np.asarray(days_past_due) >= terms.report_after_days
    return np.asarray(is_old | is_accelerated_for_all | is_settled | is_insolvent, dtype=np.bool_)


@implements("AUX-CIC(1)", "AUX-CIC(2)", "AUX-CIC(3)", "AUX-CIC(4)", "AU-18.1")
def expiry_days(terms: Retention, start: dt.date, files: Files) -> tuple[Ints, Ints, Ints]:
    """Give the last days on which registered facts are kept.

    Parameters
    ----------
    terms
        Periods.
    start
        Date of day 0.
    files
        What is registered.

    Returns
    -------
    inquiry, contract, arrears : Ints
        Day indices, shape (n,) each; `NOTHING` if nothing is registered, `NEVER` while the
        contract lasts.
    """
    ended = np.asarray(files.ended_day)
    has_ended = (ended != NOTHING).nonzero()[0]

    def after_end(registered_day: Ints, years: int) -> Ints:
        kept = np.full(ended.size, NEVER, dtype=np.int64)
        if has_ended.size:
            kept[has_ended] = months_later(start, ended[has_ended], 12 * years)
        kept[np.asarray(registered_day) == NOTHING] = NOTHING
        return kept

    asked = np.array(files.inquired_day, dtype=np.int64)
    known = (asked != NOTHING).nonzero()[0]
    if known.size:
        asked[known] = months_later(start, asked[known], terms.inquiry_months)
    return (
        asked,
        after_end(files.opened_day, terms.contract_years),
        after_end(files.arrears_day, terms.arrears_years),
    )


@implements("AU-15.1", "AU-15.2", "AUX-CIC(1)", "AUX-CIC-P")
def query(
    bureau: Bureau,
    asks: BureauUse,
    reported: BureauUse,
    start: dt.date,
    files: Files,
    day: int,
) -> View:
    """Give what a lender sees of another's or its own files on a day.

    Parameters
    ----------
    bureau
        Retention; partner bureaus see the same data (AUX-CIC-P).
    asks
        The lender that asks; one that does not inquire sees nothing (ART-08).
    reported
        The lender whose files they are; one that does not report has none.
    start
        Date of day 0.
    files
        What is registered.
    day
        Day index of the query.

    Returns
    -------
    View
        Flags, shape (n,); identity data are kept with any other item.
    """
    is_open = asks.inquiry and reported.report
    registered = (files.inquired_day, files.opened_day, files.arrears_day)
    expiry = expiry_days(bureau.cic, start, files)
    inquiry, contract, arrears = (
        np.asarray(is_open & (first != NOTHING) & (first <= day) & (day <= last), dtype=np.bool_)
        for first, last in zip(registered, expiry, strict=True)
    )
    return View(inquiry, contract, arrears, inquiry | contract | arrears)
