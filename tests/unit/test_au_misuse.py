"""Payment stops, relief after loss, and the sale of receivables at au PAY Atobarai."""

import numpy as np
import pytest

from models.kernels import day_weight
from models.products.au_pay import AuPayTerms, defence, relief, sale
from models.products.au_pay.payment_terms import SaleTerms
from models.products.au_pay.relief_terms import LossTerms
from models.products.catalogue import Product

TERMS = AuPayTerms()
YES, NO = np.array([True]), np.array([False])


@pytest.mark.clause("AU-34.1", "AU-34.2", "AU-34.5", "AU-33.1")
def test_a_stop_needs_a_ground_and_no_exception() -> None:
    use = np.array([Product.AU_INSTALMENTS]), np.array([90_000]), np.array([95_000])
    assert defence.may_stop(TERMS.stop, *use, YES, NO).tolist() == [True]
    assert defence.may_stop(TERMS.stop, *use, NO, NO).tolist() == [False]
    assert defence.may_stop(TERMS.stop, *use, YES, YES).tolist() == [False]


@pytest.mark.clause("AU-34.6", "AU-34.7")
def test_the_rest_of_the_bill_goes_on_and_nothing_is_refunded() -> None:
    found = defence.bill_without_stopped(np.array([10_000, 500]), np.array([4_000, 900]))
    assert found.tolist() == [6_000, 0]


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


def relieved(use_day: int, **changes: np.ndarray) -> bool:
    """Tell whether one use is relieved; the notice came on day 100."""
    given = {
        "notice_day": np.array([100]),
        "is_registered_pin": NO,
        "is_breach": NO,
        "u_procedure": np.array([0.5]),
        "u_exclusion": np.array([0.5]),
        "u_liable": np.array([0.5]),
    } | changes
    return bool(relief.is_relieved(TERMS.loss, np.array([use_day]), **given)[0])


@pytest.mark.clause("AU-42.1", "C-09")
def test_uses_inside_the_window_are_relieved() -> None:
    assert relieved(40)
    assert not relieved(39)
    assert relieved(101)
    assert not relieved(40, notice_day=np.array([-1]))


@pytest.mark.clause("AU-42.1", "AU-42.2")
def test_who_skips_the_procedure_or_is_excluded_pays() -> None:
    assert not relieved(90, u_procedure=np.array([0.95]))
    assert not relieved(90, u_exclusion=np.array([0.05]))


@pytest.mark.clause("AU-8.1", "AU-8.2", "AU-42.2", "AU-3.1", "AU-3.2", "AU-3.3", "AU-3.4")
def test_the_registered_pin_and_lent_data_exclude_relief() -> None:
    assert not relieved(90, is_registered_pin=YES)
    assert relieved(90, is_registered_pin=YES, u_liable=np.array([0.95]))
    assert not relieved(90, is_breach=YES, u_liable=np.array([0.95]))


@pytest.mark.clause("AU-43.1", "AU-43.2")
def test_data_on_a_strangers_phone_are_paid_by_members_at_fault() -> None:
    terms = LossTerms(forged_liable_share=0.1)
    found = relief.is_liable_for_stranger(terms, np.array([0.05, 0.1, 0.9]))
    assert found.tolist() == [True, False, False]


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
