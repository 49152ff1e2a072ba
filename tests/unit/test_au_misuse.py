"""Payment stops, and the sale of receivables at au PAY Atobarai."""

import numpy as np
import pytest

from models.kernels import day_weight
from models.products.au_pay import AuPayTerms, defence, sale
from models.products.au_pay.payment_terms import SaleTerms
from models.products.catalogue import Product

TERMS = AuPayTerms()
YES, NO = np.array([True]), np.array([False])


@pytest.mark.clause("AU-34.1", "AU-34.2", "AU-34.5", "AU-33.1")
def test_a_stop_needs_a_ground_and_no_exception() -> None:
    use = np.array([Product.AU_INSTALMENTS]), np.array([90_000]), np.array([95_000])
    assert defence.may_stop(TERMS.stop, *use, YES, NO).tolist() == [True]
    assert defence.may_stop(TERMS.stop, *use, NO, NO).tolist() == [False]
    assert defence.may_stop(TERMS.stop, *use, YES, YES).tolist() == [False]


@pytest.mark.clause("AU-34.6", "AU-38.5")
def test_a_revolving_payment_meets_the_other_uses_first() -> None:
    stopped = defence.stopped_share(
        np.array([9_000, 9_000, 9_000]), np.array([50_000, 50_000, 0]),
        np.array([91_000, 54_000, 91_000]),
    )  # fmt: skip
    assert stopped.tolist() == [0, 5_000, 0]


@pytest.mark.clause("AU-34.3", "AU-34.4")
def test_the_procedure_ends_after_its_days() -> None:
    assert defence.stop_ends(TERMS.stop, np.array([10])).tolist() == [70]


@pytest.mark.clause("AU-25.3", "AU-45.1")
def test_old_debts_are_sold_at_a_price_if_sales_are_on() -> None:
    days = np.array([179, 180])
    assert not sale.is_sold(TERMS.sale, days).any()
    assert sale.is_sold(SaleTerms(enabled=True), days).tolist() == [False, True]
    claims, days = np.array([50_000, 33]), np.array([180, 200])
    assert sale.sale_price(TERMS.sale, claims, days).tolist() == [1_500, 0]
    pools = (
        {"from_day": 180, "from_yen": 10_000, "price": (5, 100)},
        {"from_day": 360, "from_yen": 0, "price": (1, 100)},
    )
    terms = SaleTerms.model_validate({"pools": pools})
    claims, days = np.array([9_999, 10_000, 10_000, 50_000]), np.array([200, 200, 179, 360])
    assert sale.sale_price(terms, claims, days).tolist() == [299, 500, 300, 500]


@pytest.mark.clause("AU-25.3", "LEN-08")
def test_servicing_is_retained_on_what_was_securitised() -> None:
    year = day_weight("2025-12-31") - day_weight("2024-12-31")
    on = SaleTerms(securitise=True)
    assert sale.servicing_income(on, np.array([100_000]), year).tolist() == [500]
    assert sale.servicing_income(TERMS.sale, np.array([100_000]), year).tolist() == [0]
