"""What the lender earns and pays besides the members' fees (LEN-01 to LEN-05)."""

import numpy as np

from models.arrays import Ints
from models.clauses import implements
from models.parameters import Parameters, Rate, parameter


class CostPerBill(Parameters):
    """Cost of sending and collecting one bill, by pay method."""

    direct_debit_yen: int = parameter(
        10, "Direct debit.", unit="yen", source="LEN-04", ge=0, le=1_000_000
    )
    konbini_yen: int = parameter(
        60,
        "Konbini terminal, e-barcode and transfer.",
        unit="yen",
        source="LEN-04",
        ge=0,
        le=1_000_000,
    )
    invoice_yen: int = parameter(
        150, "Paper invoice.", unit="yen", source="LEN-04", ge=0, le=1_000_000
    )


class Economics(Parameters):
    """Lender economics."""

    merchant_discount: Rate = parameter(
        [30, 1000],
        "Kept from the payout to the merchant, floored.",
        unit="share of price",
        source="LEN-01",
    )
    payout_lag_days: int = parameter(
        15, "Days from posting to payout.", unit="days", source="LEN-02; NP-22.2", ge=0, le=90
    )
    funding_rate: Rate = parameter(
        [15, 1000], "Cost of paid-out, uncollected principal.", unit="a year", source="LEN-03"
    )
    cost_per_bill: CostPerBill = CostPerBill()
    default_dpd: int = parameter(
        90,
        "Days past due from which arrears are a default; moves figures about defaults only.",
        unit="days",
        source="facts 5: IFRS 9 B5.5.37, the rebuttable presumption",
        ge=1,
        le=365,
    )


@implements("LEN-04")
def bill_cost(terms: CostPerBill) -> Ints:
    """Give the cost of one bill by pay method, yen, shape (5,)."""
    konbini = terms.konbini_yen
    return np.array(
        [konbini, konbini, terms.invoice_yen, terms.direct_debit_yen, konbini], dtype=np.int64
    )
