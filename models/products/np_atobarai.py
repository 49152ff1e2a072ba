"""NP Atobarai (P1) and air (P2): each order is invoiced on its own and due some days later.

Orders flow in, one due an order flows out. The sources give the term of 14 days and a fee of up to
about 200 yen (ART-03); all else is assumed. Orders of air are orders of services: same engine, same
limit, a product of its own in books and reports.
"""

import numpy as np

from models.arrays import Bools
from models.clauses import implements
from models.codes import one_of
from models.parameters import Parameters, parameter
from models.products.catalogue import Product

ORDER_PRODUCTS = (Product.NP_ATOBARAI, Product.NP_AIR)
IS_ORDER = one_of(*ORDER_PRODUCTS)
"""Whether each `Product` is invoiced by order."""


class AirTerms(Parameters):
    """NP Atobarai air: orders of services (merchant class "services")."""

    enabled: bool = parameter(
        False, "Whether air is on offer.", unit="-", source="NP-36.1; assumption"
    )


class NpAtobaraiTerms(Parameters):
    """The terms of NP Atobarai that have a cash or state consequence."""

    enabled: bool = parameter(
        False, "Whether NP Atobarai is on offer.", unit="-", source="ART-02; ART-03"
    )
    air: AirTerms = AirTerms()
    post_lag_days: int = parameter(
        2, "Days from the order to shipment.", unit="days", source="ART-07", ge=0, le=30
    )
    issue_lag_days: int = parameter(
        2, "Days from shipment to the invoice.", unit="days", source="assumption", ge=0, le=30
    )
    term_days: int = parameter(
        14, "Days from the invoice to the due date.", unit="days", source="ART-03", ge=1, le=60
    )
    fee_yen: int = parameter(
        200,
        "Fee of an order including tax; the article says up to about 200.",
        unit="yen with tax",
        source="ART-03",
        ge=0,
        le=1_000_000,
    )
    combined_bill: bool = parameter(
        False,
        "Whether open invoices go on the bill of atone at its closing.",
        unit="-",
        source="NP-28.8",
    )
    limit_yen: int = parameter(
        55_000,
        "Limit on unpaid orders, shared with nothing else; NP Atobarai and air together.",
        unit="yen",
        source="facts 1.1; assumption",
        ge=0,
        le=10_000_000,
    )

    @property
    def is_offered(self) -> bool:
        """Whether anything can be ordered."""
        return self.enabled or self.air.enabled


@implements("NP-7.4")
def may_order(is_alive: Bools, is_barred: Bools) -> Bools:
    """Tell who may order: no membership is needed, but none cancelled under NP-7.1 either.

    Parameters
    ----------
    is_alive
        Whether the person lives, shape (n,).
    is_barred
        Whether the lender cancelled the membership under NP-7.1, shape (n,).

    Returns
    -------
    Bools
        Shape (n,).
    """
    return np.asarray(is_alive & ~is_barred)
