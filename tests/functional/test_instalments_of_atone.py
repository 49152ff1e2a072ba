"""Instalments of atone: equal monthly dues, and which of two fees gives way."""

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from models.products.catalogue import PayMethod, Product
from sim.engine.law.arrangements import note
from sim.engine.state.legal_portfolio import Arrangement

if TYPE_CHECKING:
    from conftest import Story, Tell


def offered(**terms: object) -> dict[str, Any]:
    """Offer three payments for everything."""
    own = {"enabled": True, "users_share": 1.0, "least_price_yen": 0, "counts": (3,), **terms}
    return {"np_instalment": own}


def split(story: "Story", date: str, yen: int, cancelled_after: int = -1) -> "Story":
    """Let the member buy in instalments."""
    product = Product.ATONE_INSTALMENTS
    return story.buys(date, yen, product=product, cancelled_after=cancelled_after)


def test_a_price_is_billed_in_equal_months_the_first_takes_the_rest(tell: "Tell") -> None:
    story = split(tell(products=offered()), "2026-01-05", 10_000).through("2026-04-30")
    assert story.happened("instalment_billed") == [
        ("2026-01-31", "instalment_billed", 3_334),
        ("2026-02-28", "instalment_billed", 3_333),
        ("2026-03-31", "instalment_billed", 3_333),
    ]
    assert story.total("principal_paid") == 10_000
    assert story.total("fee_paid") == 3 * 248
    assert not story.residuals()


@pytest.mark.reading("products.np_instalment.is_waived")
@pytest.mark.clause("NP-25.2")
@pytest.mark.parametrize(("is_waived", "months"), [(True, 2), (False, 3)])
def test_in_a_month_with_a_use_the_fee_of_the_instalments_gives_way(
    tell: "Tell", *, is_waived: bool, months: int
) -> None:
    story = split(tell(products=offered(is_waived=is_waived)), "2026-01-05", 9_000)
    story.buys("2026-02-10", 1_000).through("2026-04-30")
    assert story.total("instalment_fee") == months * 226
    assert story.total("instalment_fee_tax") == months * 22
    assert story.total("service_fee") == 226


@pytest.mark.clause("NP-25.3")
@pytest.mark.parametrize(("is_waived", "fees"), [(True, 1), (False, 2)])
@pytest.mark.parametrize(("retries", "once", "tries"), [(0, True, 1), (2, True, 1), (2, False, 3)])
def test_a_failed_debit_of_an_instalment_bears_one_fee_or_both(
    tell: "Tell", *, is_waived: bool, fees: int, retries: int, once: bool, tries: int
) -> None:
    terms = {"debit_retries": retries, "fees": {"failed_debit_once": once}}
    story = tell(products=offered(is_waived=is_waived) | {"atone": terms}).everybody(
        pay_method=PayMethod.DIRECT_DEBIT, strain=1.0
    )
    split(story, "2026-01-05", 9_000).through("2026-03-15")
    assert story.total("failed_debit_fee") == fees * tries * 226
    assert not story.residuals()


@pytest.mark.clause("NP-25.3", "NP-30.3")
def test_what_atone_does_not_charge_waives_nothing(tell: "Tell") -> None:
    terms = {"fees": {"failed_debit_yen": 0}, "late": {"admin_fee_yen": 0}}
    story = tell(products=offered(late_admin_yen=77) | {"atone": terms}).everybody(
        pay_method=PayMethod.DIRECT_DEBIT, strain=1.0
    )
    split(story, "2026-01-05", 9_000).through("2026-03-15")
    assert story.lines("failed_debit_fee") == [("2026-02-27", "failed_debit_fee", 226)]
    assert story.lines("late_admin_fee") == [("2026-03-10", "late_admin_fee", 70)]
    assert not story.residuals()


@pytest.mark.clause("NP-30.3")
@pytest.mark.parametrize(("is_waived", "fees"), [(True, 1), (False, 2)])
def test_a_late_instalment_bears_one_administration_fee_or_both(
    tell: "Tell", *, is_waived: bool, fees: int
) -> None:
    story = tell(products=offered(is_waived=is_waived)).everybody(carelessness=1.0)
    split(story, "2026-01-05", 9_000).through("2026-03-10")
    charged = [day for day, _, _ in story.lines("late_admin_fee")]
    assert charged == ["2026-03-10"] * fees
    assert not story.residuals()


@pytest.mark.clause("NP-24.5", "NP-29.3")
def test_a_return_ends_the_plan_and_gives_back_what_was_billed(tell: "Tell") -> None:
    story = split(tell(products=offered()), "2026-01-05", 9_000, cancelled_after=40)
    story.through("2026-04-30")
    assert story.total("purchase_cancelled") == 6_000
    assert story.total("purchase_returned") == 3_000
    assert len(story.dates("instalment_billed")) == 1
    assert not story.residuals()


@pytest.mark.clause("NP-30.3", "ART-14", "COLL-09", "COLL-10")
@pytest.mark.parametrize("kind", [Arrangement.SETTLEMENT, Arrangement.BANKRUPTCY])
def test_late_instalments_bear_no_administration_fee_once_the_lender_does_not_collect(
    tell: "Tell", kind: Arrangement
) -> None:
    story = tell(products=offered()).everybody(never_pays=True)
    split(story, "2026-01-05", 9_000).through("2026-03-31")
    note(story.world, story.day("2026-04-01"), np.arange(1), kind)
    story.through("2026-07-31")
    assert [day for day, _, _ in story.lines("late_admin_fee")] == ["2026-03-10", "2026-03-25"]
