"""Payments: due dates by method, reflection, the debit run and its failures."""

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from models.products.catalogue import PayMethod

if TYPE_CHECKING:
    from conftest import Tell

LATEST = {"pays_on_last_days_share": 1.0}
EARLIEST = {"pays_on_last_days_share": 0.0}


@pytest.mark.clause("NP-28.3", "NP-28.4", "CAL-02")
@pytest.mark.golden("G-20")
@pytest.mark.parametrize(
    ("method", "due"),
    [
        (PayMethod.KONBINI_TERMINAL, "2026-05-10"),  # a Sunday: no roll
        (PayMethod.EBARCODE, "2026-05-10"),
        (PayMethod.INVOICE, "2026-05-20"),
        (PayMethod.DIRECT_DEBIT, "2026-05-27"),
    ],
)
def test_a_bill_falls_due_in_the_following_month_on_the_day_of_its_method(
    tell: "Tell", method: PayMethod, due: str
) -> None:
    story = tell(months=8).everybody(pay_method=method, never_pays=True)
    story.buys("2026-04-30", 1_000).through("2026-06-30")
    assert story.dates("payment_missed") == [due]


@pytest.mark.clause("NP-28.4", "NP-28.3")
@pytest.mark.parametrize("share", [0.0, 1.0])
def test_a_punctual_member_pays_between_statement_and_due_date(tell: "Tell", share: float) -> None:
    story = tell(
        population={"members": 40}, behaviour={"repayment": {"pays_on_last_days_share": share}}
    )
    for member in range(40):
        story.buys("2026-01-05", 1_000, member=member)
    story.through("2026-02-28")
    paid = story.dates("bill_paid")
    assert len(paid) == 40
    assert min(paid) == ("2026-02-08" if share else "2026-02-04")
    assert max(paid) == "2026-02-10"
    assert story.dates("payment_missed") == []
    assert story.world.members.bills_on_time[:40].tolist() == [1] * 40


@pytest.mark.clause("NP-28.4")
def test_a_payment_counts_when_it_is_reflected_so_that_one_in_time_may_come_late(
    tell: "Tell",
) -> None:
    hasty = LATEST | {"ignores_reflection": 1.0}
    story = tell(population={"members": 40}, behaviour={"repayment": hasty})
    story.everybody(pay_method=PayMethod.INVOICE)
    for member in range(40):
        story.buys("2026-01-05", 10_000, member=member)
    story.through("2026-02-28")
    # Paid on the 18th, 19th or 20th, reflected two days later; due on the 20th.
    in_time, late = story.dates("bill_paid"), story.dates("bill_paid_late")
    assert set(in_time) == {"2026-02-20"}
    assert set(late) == {"2026-02-21", "2026-02-22"}
    assert len(in_time) + len(late) == 40
    assert len(story.dates("payment_missed")) == len(late)
    damages = {day: yen for day, _, yen in story.lines("late_damages")}
    assert damages == {"2026-02-21": 4, "2026-02-22": 8}  # 10,348 yen at 0.04 % a day


@pytest.mark.clause("NP-28.4")
def test_who_leaves_time_for_the_reflection_is_in_time(tell: "Tell") -> None:
    careful = LATEST | {"ignores_reflection": 0.0}
    story = tell(population={"members": 40}, behaviour={"repayment": careful})
    story.everybody(pay_method=PayMethod.INVOICE)
    for member in range(40):
        story.buys("2026-01-05", 10_000, member=member)
    story.through("2026-02-28")
    assert set(story.dates("bill_paid")) == {"2026-02-18", "2026-02-19", "2026-02-20"}
    assert story.dates("payment_missed") == []


@pytest.mark.clause("NP-28.4")
@pytest.mark.parametrize("ladder", [(), ({"day": 2, "action": "message"},)])
def test_a_contact_that_moves_nobody_does_not_hasten_the_reflection(
    tell: "Tell", ladder: tuple[dict[str, object], ...]
) -> None:
    nobody = {"forgetful": 0.0, "short": 0.0, "hardship": 0.0}
    channels = {"message": {"reach": 1.0, "response": nobody}}
    story = tell(collections={"ladder": ladder, "channels": channels})
    story.everybody(pay_method=PayMethod.INVOICE, carelessness=1.0)
    story.buys("2026-01-05", 10_000).through("2026-03-31")
    # Paid 30 days after 20 February, reflected two days later.
    assert story.dates("bill_paid_late") == ["2026-03-24"]


@pytest.mark.clause("CAL-02", "CAL-06", "NP-28.3", "NP-28.4")
def test_a_debit_whose_day_is_no_business_day_is_run_on_the_next_and_is_in_time(
    tell: "Tell",
) -> None:
    story = tell(months=8).everybody(pay_method=PayMethod.DIRECT_DEBIT)
    story.buys("2026-05-05", 1_000).through("2026-07-31")
    assert story.happened("bill_paid") == [("2026-06-29", "bill_paid", 1_099)]
    assert story.dates("payment_missed") == []
    assert story.lines("late_damages") == []


@pytest.mark.clause("CAL-06", "CAL-02", "NP-30.1")
def test_delinquency_and_damages_count_from_the_rolled_due_date(tell: "Tell") -> None:
    story = tell(months=5, start=dt.date(2026, 12, 1))
    story.everybody(pay_method=PayMethod.DIRECT_DEBIT, strain=1.0)
    story.buys("2027-01-05", 10_000).through("2027-04-15")
    # 27 February 2027 is a Saturday.
    assert story.dates("payment_missed") == ["2027-03-01"]
    assert story.dates("bill_paid_late") == ["2027-03-31"]
    base = 10_000 + 99 + 248
    assert story.total("late_damages") == base * 30 * 146 // 365_000


@pytest.mark.clause("NP-25.3", "NP-28.9", "NP-26", "C-39", "C-56")
def test_a_failed_debit_costs_its_fee_and_is_paid_at_the_terminal_without_more_time(
    tell: "Tell",
) -> None:
    story = tell().everybody(pay_method=PayMethod.DIRECT_DEBIT, strain=1.0)
    story.buys("2026-01-05", 10_000).through("2026-03-31")
    assert story.happened("debit_failed", "payment_missed", "use_stopped") == [
        ("2026-02-27", "debit_failed", 10_000 + 99 + 248),
        ("2026-02-27", "payment_missed", 10_000 + 99 + 248),
        ("2026-02-28", "use_stopped", 0),
    ]
    assert story.lines("failed_debit_fee", "failed_debit_fee_tax") == [
        ("2026-02-27", "failed_debit_fee", 226),
        ("2026-02-27", "failed_debit_fee_tax", 22),
    ]
    assert story.world.dues.method[0] == PayMethod.KONBINI_TERMINAL
    assert story.world.members.pay_method[0] == PayMethod.DIRECT_DEBIT
    assert story.lines("fee_paid") == [("2026-03-29", "fee_paid", 99 + 248)]
    # The failed debit's fee bears late damages as well.
    assert story.total("late_damages") == 10_347 * 30 * 146 // 365_000


@pytest.mark.clause("NP-25.3", "NP-28.9")
def test_a_debit_that_is_covered_costs_nothing_more(tell: "Tell") -> None:
    story = tell().everybody(pay_method=PayMethod.DIRECT_DEBIT, carelessness=1.0)
    story.buys("2026-01-05", 10_000).through("2026-03-31")
    assert story.happened("bill_paid") == [("2026-02-27", "bill_paid", 10_099)]
    assert story.lines("failed_debit_fee") == []


@pytest.mark.clause("NP-25.3")
def test_no_failed_debit_fee_is_above_the_ceiling_of_the_terms(tell: "Tell") -> None:
    with pytest.raises(ValueError, match="less than or equal to 226"):
        tell(products={"atone": {"fees": {"failed_debit_yen": 227}}})


@pytest.mark.clause("NP-28.4")
def test_a_payment_is_cash_against_fee_and_price_of_its_bill(tell: "Tell") -> None:
    story = tell(behaviour={"repayment": EARLIEST}).buys("2026-01-05", 10_000)
    story.through("2026-02-28")
    paid = story.ledger.filter(story.ledger["debit"] == "cash")
    assert paid["kind"].to_list() == ["principal_paid", "fee_paid"]
    assert paid["yen"].to_list() == [10_000, 248]
    assert paid["due"].to_list() == [0, 0]
    assert story.residuals() == {}
