"""Billing: the month's closing, fees by method, the statement, set-off and overpayment."""

from typing import TYPE_CHECKING

import pytest

from models.products.catalogue import PayMethod

if TYPE_CHECKING:
    from conftest import Tell

WORKED_EXAMPLE = (1_200, 3_000, 12_800)


@pytest.mark.clause("NP-25.1", "NP-25.2", "NP-26", "NP-28.1", "C-03")
@pytest.mark.golden("G-31")
@pytest.mark.parametrize(
    ("method", "unit", "bill"),
    [
        (PayMethod.KONBINI_TERMINAL, "per_use", 17_744),
        (PayMethod.EBARCODE, "per_use", 17_744),
        (PayMethod.DIRECT_DEBIT, "per_use", 17_297),
        (PayMethod.INVOICE, "per_use", 18_044),
        (PayMethod.KONBINI_TERMINAL, "per_statement", 17_248),
        (PayMethod.DIRECT_DEBIT, "per_statement", 17_099),
        (PayMethod.INVOICE, "per_statement", 17_348),
    ],
)
def test_price_and_fee_of_all_uses_of_a_month_are_one_bill(
    tell: "Tell", method: PayMethod, unit: str, bill: int
) -> None:
    story = tell(products={"atone": {"fees": {"unit": unit}}}).everybody(pay_method=method)
    for day, yen in zip(("05", "12", "31"), WORKED_EXAMPLE, strict=True):
        story.buys(f"2026-01-{day}", yen)
    story.through("2026-03-31")
    assert story.happened("bill_closed") == [("2026-01-31", "bill_closed", bill)]
    assert story.total("principal_paid") == sum(WORKED_EXAMPLE)
    assert story.total("fee_paid") == bill - sum(WORKED_EXAMPLE)


@pytest.mark.clause("NP-25.2", "NP-26")
def test_the_fee_is_income_and_its_tax_is_owed_to_the_state(tell: "Tell") -> None:
    story = tell().buys("2026-01-05", 1_000).buys("2026-01-06", 1_000).through("2026-01-31")
    assert story.lines("service_fee", "service_fee_tax") == [
        ("2026-01-31", "service_fee", 2 * 226),
        ("2026-01-31", "service_fee_tax", 2 * 22),
    ]


@pytest.mark.clause("NP-28.1", "C-03")
def test_a_month_without_use_has_no_bill_and_no_fee(tell: "Tell") -> None:
    story = tell().buys("2026-01-05", 1_000).through("2026-05-31")
    assert story.dates("bill_closed") == ["2026-01-31"]
    assert story.total("service_fee") == 226


@pytest.mark.clause("NP-28.2", "C-06", "C-71")
def test_a_method_chosen_in_a_month_counts_for_its_closing_and_stays(tell: "Tell") -> None:
    story = tell()
    for month in ("01", "02", "03"):
        story.buys(f"2026-{month}-05", 1_000)
    story.through("2026-02-27").member(0, pay_method=PayMethod.INVOICE).through("2026-04-30")
    methods = story.world.dues.method[:3].tolist()
    assert methods == [PayMethod.KONBINI_TERMINAL, PayMethod.INVOICE, PayMethod.INVOICE]
    assert [yen for _, _, yen in story.lines("service_fee")] == [226, 317, 317]


@pytest.mark.clause("NP-28.2", "C-71")
def test_a_method_chosen_after_the_closing_leaves_the_closed_bill_alone(tell: "Tell") -> None:
    story = tell(months=3).buys("2026-01-05", 1_000).through("2026-01-31")
    story.member(0, pay_method=PayMethod.INVOICE).through("2026-02-28")
    assert story.world.dues.method[0] == PayMethod.KONBINI_TERMINAL
    assert story.total("service_fee") == 226
    assert story.total("fee_paid") == 248


@pytest.mark.clause("NP-28.2")
def test_members_choose_another_of_the_four_methods_on_some_day_of_a_month(tell: "Tell") -> None:
    story = tell(months=2, population={"members": 60}, behaviour={"new_method_share": 1.0})
    story.through("2026-01-31")
    dates = story.dates("method_chosen")
    assert len(dates) == 60
    assert min(dates) < "2026-01-05" < "2026-01-27" < max(dates) <= "2026-01-31"
    assert set(story.world.members.pay_method[:60].tolist()) == {1, 2, 3}


@pytest.mark.reading("products.atone.method_lock")
@pytest.mark.clause("NP-28.2", "C-71")
@pytest.mark.parametrize(("lock", "fee"), [("after_closing_date", 317), ("on_closing_date", 226)])
def test_a_choice_on_the_closing_date_counts_for_it_or_for_the_next_one(
    tell: "Tell", lock: str, fee: int
) -> None:
    story = tell(
        months=3,
        population={"members": 60},
        behaviour={"new_method_share": 1.0},
        products={"atone": {"method_lock": lock}},
    )
    for member in range(60):
        story.buys("2026-01-05", 1_000, member=member)
    story.through("2026-02-01")
    late = "2026-01-31" if lock == "after_closing_date" else "2026-02-01"
    on_closing = [
        member for member in range(60) if story.dates("method_chosen", member=member)[:1] == [late]
    ]
    to_invoice = [m for m in on_closing if story.world.members.pay_method[m] == PayMethod.INVOICE]
    assert to_invoice
    assert {story.total("service_fee", member=member) for member in to_invoice} == {fee}


@pytest.mark.reading("products.atone.method_persists")
@pytest.mark.clause("NP-28.2", "C-06")
@pytest.mark.parametrize(("persists", "fees"), [(True, [317, 317]), (False, [317, 226])])
def test_a_chosen_method_stays_in_force_or_holds_for_one_closing(
    tell: "Tell", *, persists: bool, fees: list[int]
) -> None:
    story = tell(months=3, products={"atone": {"method_persists": persists}})
    story.buys("2026-01-05", 1_000).buys("2026-02-05", 1_000).through("2026-01-10")
    story.member(0, pay_method=PayMethod.INVOICE).through("2026-03-05")
    assert [yen for _, _, yen in story.lines("service_fee")] == fees


@pytest.mark.clause("NP-28.5", "CAL-03", "LEN-04", "C-44")
@pytest.mark.parametrize(
    ("method", "cost"),
    [
        (PayMethod.KONBINI_TERMINAL, 60),
        (PayMethod.EBARCODE, 60),
        (PayMethod.INVOICE, 150),
        (PayMethod.DIRECT_DEBIT, 10),
    ],
)
def test_the_statement_is_shown_on_the_third_business_day_of_the_due_month(
    tell: "Tell", method: PayMethod, cost: int
) -> None:
    # In May 2026 three holidays follow each other: the third business day is the 8th.
    story = tell().everybody(pay_method=method).buys("2026-04-05", 1_000).through("2026-05-31")
    assert story.dates("statement_shown") == ["2026-05-08"]
    assert story.lines("bill_cost") == [("2026-05-08", "bill_cost", cost)]


@pytest.mark.clause("NP-28.5", "NP-28.10")
def test_a_bill_set_off_whole_still_has_its_statement(tell: "Tell") -> None:
    story = tell().buys("2026-01-05", 10_000, cancelled_after=25).buys("2026-02-20", 3_000)
    story.through("2026-03-31")
    assert story.happened("bill_netted") == [("2026-02-28", "bill_netted", 3_248)]
    assert story.dates("statement_shown") == ["2026-02-04", "2026-03-04"]
    assert story.lines("bill_cost") == [("2026-02-04", "bill_cost", 60)]  # nothing to pay, no cost


@pytest.mark.clause("NP-28.5")
def test_a_reminder_goes_out_before_the_due_date_to_those_who_pay_by_hand(tell: "Tell") -> None:
    story = tell(population={"members": 2}, collections={"reminder_days": 3})
    story.everybody(carelessness=1.0).member(1, pay_method=PayMethod.DIRECT_DEBIT)
    story.buys("2026-01-05", 1_000).buys("2026-01-05", 1_000, member=1).through("2026-02-28")
    assert story.dates("reminder_sent", member=0) == ["2026-02-07"]
    assert story.dates("reminder_sent", member=1) == []
    assert story.lines("contact_cost") == [("2026-02-07", "contact_cost", 5)]


@pytest.mark.clause("NP-28.5")
@pytest.mark.parametrize(("heeded", "missed"), [(1.0, []), (0.0, ["2026-02-10"])])
def test_a_reminder_that_is_heeded_brings_the_payment_in_time(
    tell: "Tell", heeded: float, missed: list[str]
) -> None:
    story = tell(
        collections={"reminder_days": 3}, behaviour={"repayment": {"reminder_heeded": heeded}}
    )
    story.everybody(carelessness=1.0).buys("2026-01-05", 1_000).through("2026-02-28")
    assert story.dates("payment_missed") == missed


@pytest.mark.clause("NP-28.5", "NP-16.2", "NP-11.4")
@pytest.mark.parametrize(
    ("lag", "dead", "paid"),
    [
        (2, False, "2026-02-09"),
        (4, False, "2026-02-11"),  # it arrives after the due date
        (0, True, "2026-03-12"),  # paid late, for another reason
    ],
)
def test_a_reminder_counts_when_it_has_arrived_and_never_in_a_dead_mailbox(
    tell: "Tell", *, lag: int, dead: bool, paid: str
) -> None:
    story = tell(
        products={"np_membership": {"particulars": {"email_lag_days": lag}}},
        collections={"reminder_days": 3},
        behaviour={"repayment": {"reminder_heeded": 1.0}},
    )
    story.member(0, carelessness=1.0, is_mailbox_dead=dead)
    story.buys("2026-01-05", 1_000).through("2026-03-31")
    assert story.dates("reminder_sent") == ["2026-02-07"]
    assert [date for date, _, _ in story.lines("principal_paid")] == [paid]


@pytest.mark.clause("NP-28.9", "NP-28.1", "C-75", "C-27")
@pytest.mark.golden("G-33")
@pytest.mark.parametrize(
    ("price", "method", "paid_by", "due"),
    [
        (299_752, PayMethod.KONBINI_TERMINAL, PayMethod.KONBINI_TERMINAL, "2026-06-10"),
        (299_753, PayMethod.KONBINI_TERMINAL, PayMethod.BANK_TRANSFER, "2026-06-29"),
        (299_653, PayMethod.INVOICE, PayMethod.BANK_TRANSFER, "2026-06-29"),
        (400_000, PayMethod.DIRECT_DEBIT, PayMethod.DIRECT_DEBIT, "2026-06-29"),
    ],
)
def test_a_claim_above_300_000_yen_is_paid_by_transfer_or_debit_on_the_rolled_27th(
    tell: "Tell", price: int, method: PayMethod, paid_by: PayMethod, due: str
) -> None:
    story = tell(months=7).everybody(limit_yen=1_000_000, pay_method=method)
    story.buys("2026-05-05", price).through("2026-07-15")
    dues = story.world.dues
    assert dues.method[0] == paid_by
    assert dues.due_day[0] == story.day(due)
    assert bool(story.dates("high_bill")) == (paid_by != method)
    assert story.total("principal_paid") == price
    unit = {PayMethod.KONBINI_TERMINAL: 248, PayMethod.INVOICE: 348, PayMethod.DIRECT_DEBIT: 99}
    assert story.total("fee_paid") == unit[method]  # the fee stays that of the chosen method


@pytest.mark.clause("NP-29.2")
def test_an_overpayment_is_carried_forward_to_the_next_bill(tell: "Tell") -> None:
    story = tell(behaviour={"repayment": {"paid_twice_share": 1.0}})
    story.buys("2026-01-05", 10_000).through("2026-02-15")
    assert [yen for _, _, yen in story.lines("overpaid")] == [10_248]
    assert story.world.members.credit_yen[0] == 10_248
    story.buys("2026-02-20", 15_000).through("2026-02-28")
    assert story.happened("bill_netted") == [("2026-02-28", "bill_netted", 10_248)]
    assert story.world.members.credit_yen[0] == 0


@pytest.mark.clause("NP-29.2", "NP-28.10")
def test_an_overpayment_is_given_back_where_the_lender_chooses_so(tell: "Tell") -> None:
    story = tell(
        behaviour={"repayment": {"paid_twice_share": 1.0}},
        products={"atone": {"refund": "transfer"}},
    )
    story.buys("2026-01-05", 10_000).through("2026-03-31")
    assert story.lines("refund_paid") == [("2026-02-28", "refund_paid", 10_248)]
