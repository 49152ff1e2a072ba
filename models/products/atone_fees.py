"""Service fees of atone (NP-25): what bears them, and their consumption tax."""

from typing import Literal, NamedTuple

import numpy as np

from models.arrays import Ints
from models.clauses import implements
from models.kernels import TaxRounding, fees_with_tax, tax_within
from models.parameters import Parameters, Rate, parameter


class Fees(Parameters):
    """Service fees before consumption tax."""

    direct_debit_yen: int = parameter(
        90,
        "Fee of a use paid by direct debit.",
        unit="yen before tax",
        source="NP-25.2",
        ge=0,
        le=1_000_000,
    )
    invoice_yen: int = parameter(
        317,
        "Fee of a use paid by paper invoice.",
        unit="yen before tax",
        source="NP-25.2",
        ge=0,
        le=1_000_000,
    )
    other_yen: int = parameter(
        226,
        "Fee of a use paid in any other way.",
        unit="yen before tax",
        source="NP-25.2",
        ge=0,
        le=1_000_000,
    )
    failed_debit_yen: int = parameter(
        226,
        "Fee of a direct debit that failed; 226 is the ceiling of the terms.",
        unit="yen before tax",
        source="NP-25.3; C-39",
        ge=0,
        le=226,
    )
    failed_debit_once: bool = parameter(
        True,
        "Whether a bill bears that fee once, however often its debit is tried again.",
        unit="-",
        source="NP-25.3; C-39",
    )
    charge_on_cancelled: bool = parameter(
        False,
        "Whether uses cancelled before the closing bear the fee all the same.",
        unit="-",
        source="NP-25.2; C-45",
    )
    unit: Literal["per_use", "per_statement", "article"] = parameter(
        "per_use",
        "What bears the fee: each use, the month's statement, or, by the article, a month of use.",
        unit="-",
        source="NP-25.2; ART-03; C-03",
    )
    article_month_yen: int = parameter(
        209,
        "Fee of a month of use by the article, whatever the method; its list says 290.",
        unit="yen with tax",
        source="ART-03; C-01",
        ge=0,
        le=1_000_000,
    )
    tax_rate: Rate = parameter(
        [10, 100], "Consumption tax, borne by the member.", unit="share", source="NP-26; C-02"
    )
    tax_rounding: TaxRounding = parameter(
        "per_fee_floor", "How tax is rounded to whole yen.", unit="-", source="C-02"
    )


class BillFees(NamedTuple):
    """Service fees of bills: income before tax and the tax on it, yen, shape (n,)."""

    net_yen: Ints
    tax_yen: Ints


@implements("NP-25.1", "NP-25.2", "NP-26", "ART-03")
def service_fees(terms: Fees, method: Ints, n_uses: Ints) -> BillFees:
    """Compute the service fees of bills.

    Parameters
    ----------
    terms
        Fee parameters.
    method
        Pay method of each bill at its closing, shape (n,).
    n_uses
        Uses on each bill, not cancelled by the closing (C-45), shape (n,).

    Returns
    -------
    BillFees
        int64 yen, shape (n,) each.
    """
    if terms.unit == "article":
        has_use = np.minimum(n_uses, 1)
        tax_yen = has_use * tax_within(terms.article_month_yen, terms.tax_rate)
        return BillFees(has_use * terms.article_month_yen - tax_yen, tax_yen)
    return fees_of_uses(terms, fee_by_method(terms)[method], n_uses)


def fees_of_uses(terms: Fees, unit_yen: Ints, n_uses: Ints) -> BillFees:
    """Compute the fees of uses that cost the same each, or once in a month.

    Parameters
    ----------
    terms
        What bears the fee, tax and rounding.
    unit_yen
        Fee before tax, that of the pay method or a merchant's own, shape (n,).
    n_uses
        Uses that bear it, shape (n,).

    Returns
    -------
    BillFees
        int64 yen, shape (n,) each.
    """
    uses = n_uses if terms.unit == "per_use" else np.minimum(n_uses, 1)
    gross = fees_with_tax(unit_yen, uses, terms.tax_rate, terms.tax_rounding)
    net = unit_yen * uses
    return BillFees(net, gross - net)


def fee_by_method(terms: Fees) -> Ints:
    """Give the fee of one use before tax by `PayMethod`, yen, shape (5,)."""
    other = terms.other_yen
    return np.array(
        [other, other, terms.invoice_yen, terms.direct_debit_yen, other], dtype=np.int64
    )
