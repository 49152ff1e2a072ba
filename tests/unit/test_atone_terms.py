"""The terms of atone: due days, fees, the method of a bill, the late administration fee."""

import datetime as dt

import numpy as np
import pytest

from models.calendar import Calendar
from models.products.atone import AtoneTerms, DueDates, due_days, late_admin_fee_due, method_of_bill
from models.products.atone_fees import Fees, fee_by_method, service_fees
from models.products.catalogue import PayMethod

ALL_METHODS = np.array(list(PayMethod), dtype=np.int8)


@pytest.fixture(scope="module")
def calendar() -> Calendar:
    return Calendar.of(dt.date(2027, 1, 1), months=6)


@pytest.mark.clause("NP-28.3", "CAL-02", "CAL-04", "CAL-06")
def test_bills_of_january_2027_fall_due_by_method_and_the_debit_rolls_into_march(
    calendar: Calendar,
) -> None:
    # 27 February 2027 is a Saturday, 20 February too: the invoice does not roll.
    days = [calendar.date(int(day)).isoformat() for day in due_days(DueDates(), calendar, 0)]
    assert days == ["2027-02-10", "2027-02-10", "2027-02-20", "2027-03-01", "2027-03-01"]


@pytest.mark.clause("NP-28.3", "C-21")
def test_which_methods_roll_is_configuration(calendar: Calendar) -> None:
    terms = DueDates(roll_methods=("invoice",))
    days = [calendar.date(int(day)).isoformat() for day in due_days(terms, calendar, 0)]
    assert days == ["2027-02-10", "2027-02-10", "2027-02-22", "2027-02-27", "2027-02-27"]


@pytest.mark.clause("NP-28.3")
def test_a_due_day_beyond_a_short_month_is_its_last_day(calendar: Calendar) -> None:
    days = due_days(DueDates(invoice=31, roll_methods=()), calendar, 0)
    assert calendar.date(int(days[PayMethod.INVOICE])) == dt.date(2027, 2, 28)


@pytest.mark.clause("NP-25.2")
def test_debit_is_cheapest_invoice_dearest_and_every_other_method_alike() -> None:
    assert fee_by_method(Fees()).tolist() == [226, 226, 317, 90, 226]


@pytest.mark.clause("NP-25.1", "NP-25.2", "NP-26", "C-02")
def test_fees_are_charged_per_use_and_taxed_one_by_one() -> None:
    net, tax = service_fees(Fees(), ALL_METHODS, np.full(5, 3))
    assert net.tolist() == [678, 678, 951, 270, 678]
    assert tax.tolist() == [66, 66, 93, 27, 66]


@pytest.mark.clause("NP-25.2", "C-03")
def test_charged_per_statement_the_fee_falls_once_and_not_without_use() -> None:
    terms = Fees(unit="per_statement")
    net, tax = service_fees(terms, np.zeros(3, dtype=np.int8), np.array([0, 1, 7]))
    assert net.tolist() == [0, 226, 226]
    assert tax.tolist() == [0, 22, 22]


@pytest.mark.clause("NP-26")
@pytest.mark.parametrize(("rate", "tax_yen"), [([0, 1], 0), ([8, 100], 18), ([15, 100], 33)])
def test_a_change_of_the_tax_passes_to_the_member(rate: list[int], tax_yen: int) -> None:
    terms = Fees.model_validate({"tax_rate": rate})
    _, tax = service_fees(terms, np.zeros(1, dtype=np.int8), np.ones(1, dtype=np.int64))
    assert tax.tolist() == [tax_yen]


@pytest.mark.clause("NP-28.1")
def test_who_chooses_nothing_pays_at_the_terminal() -> None:
    assert AtoneTerms().default_method == "konbini_terminal"


@pytest.mark.clause("NP-28.9", "NP-28.1")
def test_the_limit_of_a_high_bill_is_configuration() -> None:
    chosen = np.zeros(2, dtype=np.int8)
    method = method_of_bill(AtoneTerms(high_bill_yen=9_999), chosen, np.array([9_999, 10_000]))
    assert method.tolist() == [PayMethod.KONBINI_TERMINAL, PayMethod.BANK_TRANSFER]


@pytest.mark.clause("NP-30.3", "C-24")
def test_the_late_fee_meets_arrears_of_an_earlier_month_that_the_lender_still_collects() -> None:
    month_of = np.array([0] * 31 + [1] * 28)
    overdue_since = np.array([-1, 10, 10, 31, 30])
    in_house = np.array([True, True, False, True, True])
    charged = late_admin_fee_due(overdue_since, in_house, month_of, 31 + 9)
    assert charged.tolist() == [False, True, False, False, True]
