"""Orders paid by NP Atobarai and air: who orders at all, how often, and how invoices are paid."""

from typing import Self

import numpy as np
from pydantic import model_validator

from models.arrays import Floats, Ints
from models.members.spending import Spending
from models.parameters import Parameters, Share, parameter
from models.products.catalogue import PayMethod, Product


class OrderMethods(Parameters):
    """How the persons pay their invoices; the rest of 1 pays on paper."""

    konbini_terminal: Share = parameter(0.55, "Konbini terminal.", unit="share", source="facts 7")
    ebarcode: Share = parameter(0.25, "E-barcode.", unit="share", source="facts 7")

    @model_validator(mode="after")
    def _is_a_distribution(self) -> Self:
        total = self.konbini_terminal + self.ebarcode
        if total > 1.0 + 1e-9:
            raise ValueError(f"the shares of the methods sum to {total:g}; allowed: at most 1")
        return self


class Orders(Parameters):
    """Who orders and how much."""

    users_share: Share = parameter(
        0.6, "Persons who use the service at all.", unit="share", source="facts 1.1; assumption"
    )
    spending: Spending = Spending(
        uses_per_year=4.1, price_median_yen=4_300, price_sigma=0.75, cancel_share=0.04
    )
    air_users_share: Share = parameter(
        0.1, "Persons who order services by air.", unit="share", source="assumption"
    )
    air_spending: Spending = Spending(uses_per_year=3.0, price_median_yen=8_000, cancel_share=0.02)
    methods: OrderMethods = OrderMethods()

    def spending_on(self, product: Product) -> Spending:
        """Give what persons order of one of the two products."""
        return self.air_spending if product == Product.NP_AIR else self.spending

    def users_of(self, product: Product) -> float:
        """Give the share of persons who use one of the two products."""
        return self.air_users_share if product == Product.NP_AIR else self.users_share


def order_methods(methods: OrderMethods, u: Floats) -> Ints:
    """Give `PayMethod` of persons for their invoices, int8, shape (n,)."""
    edges = np.array([methods.konbini_terminal, methods.konbini_terminal + methods.ebarcode])
    codes = np.array(
        [PayMethod.KONBINI_TERMINAL, PayMethod.EBARCODE, PayMethod.INVOICE], dtype=np.int8
    )
    return np.asarray(codes[np.searchsorted(edges, u, side="right")])
