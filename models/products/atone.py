"""atone (P3): the terms of the monthly deferred payment and how purchases become a bill.

Purchases of a calendar month are closed together at its end; the bill is the price of the uses,
the fee of the chosen pay method per use, and what has come due "at once" since the last closing.
"""

from typing import Literal

import numpy as np

from models.arrays import Bools, Ints
from models.calendar import Calendar
from models.clauses import implements
from models.parameters import Parameters, Rate, parameter
from models.products.atone_fees import Fees
from models.products.atone_late import LateTerms
from models.products.catalogue import PayMethod, PayMethodName
from models.products.common import LenderTerms


class DueDates(Parameters):
    """Day of the following month on which a bill falls due, by pay method."""

    konbini_terminal: int = parameter(
        10,
        "Due day, convenience-store terminal.",
        unit="day of month",
        source="NP-28.3",
        ge=1,
        le=31,
    )
    ebarcode: int = parameter(
        10, "Due day, e-barcode at the till.", unit="day of month", source="NP-28.3", ge=1, le=31
    )
    invoice: int = parameter(
        20, "Due day, paper invoice.", unit="day of month", source="NP-28.3", ge=1, le=31
    )
    direct_debit: int = parameter(
        27, "Due day, direct debit.", unit="day of month", source="NP-28.3", ge=1, le=31
    )
    bank_transfer: int = parameter(
        27,
        "Due day of the method designated for a bill above the high-bill limit.",
        unit="day of month",
        source="NP-28.9; C-27",
        ge=1,
        le=31,
    )
    roll_methods: tuple[PayMethodName, ...] = parameter(
        ("direct_debit", "bank_transfer"),
        "Methods whose due day moves to the next business day of the bank.",
        unit="-",
        source="NP-28.3; CAL-02; C-21",
    )


class ReflectionLags(Parameters):
    """Days from the member's payment to the day on which it counts as paid."""

    konbini_terminal: int = parameter(
        0, "Lag, convenience-store terminal.", unit="days", source="NP-28.4", ge=0, le=30
    )
    ebarcode: int = parameter(0, "Lag, e-barcode.", unit="days", source="NP-28.4", ge=0, le=30)
    invoice: int = parameter(2, "Lag, paper invoice.", unit="days", source="NP-28.4", ge=0, le=30)
    direct_debit: int = parameter(
        0, "Lag, direct debit.", unit="days", source="NP-28.4", ge=0, le=30
    )
    bank_transfer: int = parameter(
        0, "Lag, bank transfer.", unit="days", source="NP-28.4", ge=0, le=30
    )


class AtoneTerms(LenderTerms):
    """The terms of atone that have a cash or state consequence."""

    fees: Fees = Fees()
    due: DueDates = DueDates()
    reflection: ReflectionLags = ReflectionLags()
    late: LateTerms = LateTerms()
    limit_cap_yen: int = parameter(
        50_000,
        "No cumulative limit is higher, however good the credit.",
        unit="yen",
        source="ART-04; C-04",
        ge=0,
        le=10_000_000,
    )
    post_lag_days: int = parameter(
        2,
        "Days from authorisation to posting at shipment; at the closing everything left is posted.",
        unit="days",
        source="ART-07",
        ge=0,
        le=30,
    )
    high_bill_yen: int = parameter(
        300_000,
        "A bill strictly above this is paid by bank transfer unless by direct debit.",
        unit="yen",
        source="NP-28.1; NP-28.9; C-75",
        ge=0,
        le=1_000_000_000,
    )
    high_bill_test: Literal["with_chosen_fee", "price_only"] = parameter(
        "with_chosen_fee",
        "Whether fees of the chosen method count when a bill is held against that limit.",
        unit="-",
        source="NP-28.1; C-75",
    )
    limit_counts_fees: bool = parameter(
        False,
        "Whether billed fees and damages use up the cumulative limit like prices.",
        unit="-",
        source="NP-23.1; C-57",
    )
    accelerate_on_arrears: Literal["none", "at_lawfirm", "at_suspend"] = parameter(
        "none",
        "When arrears make all debts payable at once.",
        unit="-",
        source="NP-27.2; NP-30.2; C-15",
    )
    method_lock: Literal["after_closing_date", "on_closing_date"] = parameter(
        "after_closing_date",
        "Whether a method chosen on the closing date itself still counts for that closing.",
        unit="-",
        source="NP-28.2; C-71",
    )
    method_persists: bool = parameter(
        True,
        "Whether a chosen method stays in force after its closing.",
        unit="-",
        source="NP-28.2; C-06",
    )
    wait_for_advance: bool = parameter(
        False,
        "Whether a payment counts only when all merchants of the bill have been paid.",
        unit="-",
        source="NP-28.4; C-36",
    )
    allow_partial: bool = parameter(
        False,
        "Whether members short of cash can pay a part of a bill by hand.",
        unit="-",
        source="NP-29.1; C-58",
    )
    partial_payment: Rate = parameter(
        [1, 2], "The part that they pay then.", unit="share", source="C-58; assumption"
    )
    immediate_claims: Literal["next_bill", "due_same_day"] = parameter(
        "next_bill",
        "Whether a claim payable at once goes on the next bill or is due on its own day.",
        unit="-",
        source="NP-27.4; NP-45.1; C-74",
    )
    payment_stop: bool = parameter(
        False,
        "Whether the price of a use in dispute with its merchant may be withheld till the end.",
        unit="-",
        source="NP-22.2; NP-31.2; C-26",
    )
    default_method: PayMethodName = parameter(
        "konbini_terminal", "Pay method of a member who chose none.", unit="-", source="NP-28.1"
    )
    failed_debit_method: PayMethodName = parameter(
        "konbini_terminal",
        "Method by which a bill is paid whose debit failed; the due date is not extended.",
        unit="-",
        source="NP-25.3; NP-28.9; C-56",
    )
    failed_debit_extends_days: int = parameter(
        0,
        "Days by which a failed debit moves the due date of its bill.",
        unit="days",
        source="NP-28.9; C-56",
        ge=0,
        le=31,
    )
    debit_retries: int = parameter(
        0,
        "How often the bank is asked for another debit of a bill, five days apart.",
        unit="times",
        source="NP-25.3; C-39",
        ge=0,
        le=5,
    )
    statement_business_day: int = parameter(
        3,
        "Business day of the due month by which the statement is shown.",
        unit="business day",
        source="NP-28.5",
        ge=1,
        le=15,
    )


@implements("NP-28.3", "CAL-02", "CAL-06", "CAL-04")
def due_days(terms: DueDates, calendar: Calendar, closed_month: int) -> Ints:
    """Give the due day of the bills of one closed month, by pay method.

    Parameters
    ----------
    terms
        Due days and the methods that roll.
    calendar
        Bank calendar of the run.
    closed_month
        Month index of the purchases.

    Returns
    -------
    Ints
        Shape (5,), day index by `PayMethod`.

    Notes
    -----
    A closing never rolls (CAL-04); delinquency counts from the rolled day (CAL-06).
    """
    return np.array(
        [
            calendar.due_day(
                closed_month + 1,
                getattr(terms, method.name.lower()),
                roll=method.name.lower() in terms.roll_methods,
            )
            for method in PayMethod
        ],
        dtype=np.int32,
    )


@implements("NP-28.1", "NP-28.9")
def method_of_bill(terms: AtoneTerms, chosen: Ints, claim_yen: Ints) -> Ints:
    """Give the method by which a bill must be paid.

    Parameters
    ----------
    terms
        Terms with the high-bill limit.
    chosen
        Method in force at the closing, shape (n,).
    claim_yen
        The month's claim, with or without the fees of the chosen method (C-75), shape (n,).

    Returns
    -------
    Ints
        `PayMethod` by bill; above the limit (strictly) only direct debit stays, everything else
        becomes bank transfer.
    """
    too_high = (claim_yen > terms.high_bill_yen) & (chosen != PayMethod.DIRECT_DEBIT)
    return np.where(too_high, np.int8(PayMethod.BANK_TRANSFER), chosen)


@implements("NP-28.1")
def high_bill_base(terms: AtoneTerms, price_yen: Ints, claim_yen: Ints) -> Ints:
    """Give what of bills is held against the high-bill limit, yen, shape (n,) (C-75).

    `claim_yen` is the price with the fees of the chosen method and whatever else is asked for.
    """
    return price_yen if terms.high_bill_test == "price_only" else claim_yen


@implements("NP-30.3")
def late_admin_fee_due(overdue_since: Ints, is_offered: Bools, month_of: Ints, day: int) -> Bools:
    """Tell who is charged the late administration fee on one of its days.

    Parameters
    ----------
    overdue_since
        Due day of the oldest unpaid bill, negative if nothing is overdue, shape (n,).
    is_offered
        Whether the atone payment method is still offered (C-24): the lender itself still collects,
        or new uses stay possible, shape (n,).
    month_of
        Month index by day.
    day
        A day on which the fee is charged.

    Returns
    -------
    Bools
        True where the due date lies in an earlier month and the method is still offered.
    """
    overdue = overdue_since >= 0
    is_earlier = month_of[np.maximum(overdue_since, 0)] < month_of[day]
    return np.asarray(overdue & is_offered & is_earlier, dtype=np.bool_)
