"""NP Atobarai and air: invoices by order, a limit of their own, arrears like atone's."""

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from models.kernels import net_and_tax
from models.policy.authorisation import Answer
from models.products.catalogue import PayMethod, Product
from models.products.np_atobarai import NpAtobaraiTerms
from sim.engine.agenda import Task
from sim.engine.state.portfolio import Status, Stop
from sim.engine.uses.orders import begin_month_of_orders

if TYPE_CHECKING:
    from conftest import Tell

ORDER = Product.NP_ATOBARAI
OFFERED: dict[str, Any] = {"np_atobarai": {"enabled": True}}


@pytest.mark.golden("G-26")
@pytest.mark.clause("ART-03", "LEN-04")
def test_an_order_is_invoiced_after_shipment_and_due_14_days_later(tell: "Tell") -> None:
    story = tell(products=OFFERED).buys("2026-01-05", 10_000, product=ORDER)
    story.through("2026-01-31")
    assert story.dates("purchase_posted") == ["2026-01-07"]
    assert story.happened("invoice_issued") == [("2026-01-09", "invoice_issued", 10_200)]
    dues = story.world.dues
    assert [int(day) for day in dues.due_day[: dues.size]] == [story.day("2026-01-23")]
    assert story.total("order_fee", "order_fee_tax") == 200
    assert story.total("order_fee_tax") == 18
    assert story.total("bill_cost") == 60
    assert story.total("principal_paid") == 10_000
    assert story.total("fee_paid") == 200
    assert story.dates("bill_paid")[0] <= "2026-01-23"
    assert not story.residuals()


@pytest.mark.clause("ART-03")
def test_the_fee_of_an_order_holds_its_tax() -> None:
    assert net_and_tax(NpAtobaraiTerms().fee_yen, "0.1") == (182, 18)
    assert net_and_tax(NpAtobaraiTerms().fee_yen, 0) == (200, 0)


@pytest.mark.clause("ART-02", "ART-08")
def test_who_is_no_member_may_order_and_makes_a_record_for_the_screening(tell: "Tell") -> None:
    story = tell(products=OFFERED).everybody(status=Status.APPLICANT, joined_day=-1, limit_yen=0)
    story.buys("2026-01-05", 5_000, product=ORDER).through("2026-01-31")
    assert story.total("principal_paid") == 5_000
    persons = story.world.persons
    assert (int(persons.np_uses[0]), int(persons.np_late[0])) == (1, 0)
    assert int(story.world.members.bills_on_time[0]) == 0


@pytest.mark.clause("NP-23.3", "ART-03")
def test_orders_have_a_limit_of_their_own(tell: "Tell") -> None:
    story = tell(products=OFFERED).buys("2026-01-05", 50_000).buys("2026-01-05", 1, at="13:00")
    story.buys("2026-01-05", 55_000, product=ORDER).buys("2026-01-05", 1, product=ORDER, at="13:00")
    story.through("2026-01-06")
    authorised = story.happened("purchase_authorised")
    assert sorted(yen for _, _, yen in authorised) == [50_000, 55_000]
    assert len(story.dates("declined_cumulative_limit")) == 2


@pytest.mark.clause("ART-17", "NP-30.1", "ART-08")
def test_a_late_order_bears_late_damages_paid_with_it_and_no_administration_fee(
    tell: "Tell",
) -> None:
    story = tell(products=OFFERED).everybody(carelessness=1.0)
    story.buys("2026-01-05", 10_000, product=ORDER).through("2026-03-31")
    # Due 23 January, paid 30 days later: 30 x 0.04 % x 10,200 = 122.4.
    assert story.lines("late_damages_paid") == [("2026-02-22", "late_damages_paid", 122)]
    assert story.total("late_damages") == 122
    assert story.total("late_admin_fee") == 0
    persons = story.world.persons
    assert (int(persons.np_uses[0]), int(persons.np_late[0])) == (1, 1)
    assert int(story.world.members.bills_late[0]) == 0


@pytest.mark.clause("NP-7.4", "NP-7.1", "ART-17")
def test_arrears_with_either_product_stop_both(tell: "Tell") -> None:
    late_order = tell(products=OFFERED).everybody(carelessness=1.0)
    late_order.buys("2026-01-05", 10_000, product=ORDER).buys("2026-02-01", 500)
    late_order.buys("2026-02-01", 600, product=ORDER).through("2026-02-02")
    assert late_order.dates("use_stopped") == ["2026-01-24"]
    assert [yen for _, _, yen in late_order.happened("declined_overdue")] == [500, 600]
    late_bill = tell(products=OFFERED).everybody(carelessness=1.0).buys("2026-01-05", 1_000)
    late_bill.buys("2026-02-12", 700, product=ORDER).through("2026-02-13")
    assert [yen for _, _, yen in late_bill.happened("declined_overdue")] == [700]
    late_bill.buys("2026-03-20", 700, product=ORDER).through("2026-03-21")
    assert late_bill.happened("purchase_authorised")[-1][2] == 700


@pytest.mark.clause("NP-7.4")
def test_only_stops_under_7_1_reach_the_orders(tell: "Tell") -> None:
    def answer(**columns: float) -> str:
        story = tell(products=OFFERED).everybody(**columns)
        story.buys("2026-01-05", 5_000, product=ORDER).through("2026-01-05")
        return str(story.events["activity"].to_list()[0])

    for ground in (Stop.ARREARS, Stop.MISUSE, Stop.CREDIT):
        assert answer(status=Status.SUSPENDED, stops=ground) == "declined_overdue"
    for ground in (Stop.IDENTITY, Stop.FRAUD, Stop.DOUBT):
        assert answer(status=Status.SUSPENDED, stops=ground) == "purchase_authorised"
    assert answer(status=Status.CANCELLED, is_barred=1) == "declined_not_active"
    assert answer(status=Status.CANCELLED) == "purchase_authorised"
    assert answer(status=Status.WITHDRAWN) == "purchase_authorised"
    assert Answer.NOT_ACTIVE == 2


@pytest.mark.clause("NP-24.5", "NP-29.3", "LEN-05")
@pytest.mark.parametrize(
    ("after", "kind"),  # it is known three days later; the invoice is made on the 9th
    [
        (0, "purchase_cancelled"),
        (1, "purchase_cancelled"),
        (2, "purchase_returned"),
        (6, "purchase_returned"),
    ],
)
def test_an_order_is_off_before_its_invoice_and_owed_to_the_member_after_it(
    tell: "Tell", after: int, kind: str
) -> None:
    story = tell(products=OFFERED).buys("2026-01-05", 4_000, product=ORDER, cancelled_after=after)
    story.through("2026-02-28")
    assert story.total("purchase_cancelled", "purchase_returned") == 4_000
    assert story.total(kind) == 4_000
    assert story.total("order_fee") == (182 if kind == "purchase_returned" else 0)
    assert not story.residuals()


@pytest.mark.clause("NP-24.2", "NP-7.4")
def test_who_was_told_that_no_use_is_possible_may_order_all_the_same(tell: "Tell") -> None:
    story = tell(products=OFFERED, screening={"prescreens": True}).everybody(limit_yen=0)
    story.buys("2026-01-05", 1_000).buys("2026-01-05", 4_000, product=ORDER, at="13:00")
    story.through("2026-01-06")
    assert story.happened("prescreened", "purchase_authorised") == [
        ("2026-01-05", "prescreened", 1_000),
        ("2026-01-05", "purchase_authorised", 4_000),
    ]


@pytest.mark.clause("NP-2.4", "NP-7.1")
def test_who_is_late_with_an_order_is_refused_as_a_member_until_it_is_paid(tell: "Tell") -> None:
    def is_admitted(date: str) -> bool:
        story = tell(products=OFFERED).applies(date)
        story.member(0, carelessness=1.0, np_uses=20)
        story.buys("2026-01-05", 5_000, product=ORDER).through(date)
        return story.dates("application_approved") == [date]

    # Due on 23 January, paid 30 days later; an application is answered in the morning.
    assert is_admitted("2026-01-23")
    assert not is_admitted("2026-01-24")
    assert not is_admitted("2026-02-22")
    assert is_admitted("2026-02-23")


@pytest.mark.clause("NP-28.8")
def test_open_invoices_go_on_the_bill_of_atone_where_that_is_agreed(tell: "Tell") -> None:
    combined = {"np_atobarai": {"enabled": True, "combined_bill": True}}
    for products, day in ((OFFERED, "2026-02-14"), (combined, "2026-02-27")):
        story = tell(products=products).everybody(pay_method=PayMethod.DIRECT_DEBIT)
        story.buys("2026-01-27", 10_000, product=ORDER).buys("2026-01-10", 3_000)
        story.through("2026-03-31")
        dues = story.world.dues
        assert int(dues.due_day[:2].min()) == story.day(day)
        assert story.total("principal_paid") == 13_000
        assert not story.residuals()
    assert story.happened("bills_combined") == [("2026-01-31", "bills_combined", 10_200)]
    paid = [date for date, _, yen in story.lines("principal_paid")]
    assert paid == ["2026-02-27", "2026-02-27"]


@pytest.mark.clause("NP-28.8", "NP-28.1", "NP-28.9", "C-04", "C-75")
@pytest.mark.parametrize(
    ("order_yen", "test", "paid_by"),
    [
        (99_552, "with_chosen_fee", PayMethod.KONBINI_TERMINAL),
        (99_553, "with_chosen_fee", PayMethod.BANK_TRANSFER),
        (100_000, "price_only", PayMethod.KONBINI_TERMINAL),
        (100_001, "price_only", PayMethod.BANK_TRANSFER),
    ],
)
def test_what_is_put_on_the_bill_counts_when_it_is_held_against_the_high_bill_limit(
    tell: "Tell", order_yen: int, test: str, paid_by: PayMethod
) -> None:
    products = {
        "atone": {"limit_cap_yen": 400_000, "high_bill_test": test},
        "np_atobarai": {"enabled": True, "combined_bill": True, "limit_yen": 200_000},
    }
    story = tell(products=products).everybody(limit_yen=400_000)
    story.buys("2026-01-27", order_yen, product=ORDER).buys("2026-01-10", 200_000)
    # The claim is 200,248 of atone and the order with its fee of 200.
    story.through("2026-01-31")
    dues, is_high = story.world.dues, paid_by == PayMethod.BANK_TRANSFER
    assert dues.method[:2].tolist() == [paid_by] * 2
    assert dues.due_day[:2].tolist() == [story.day("2026-02-27" if is_high else "2026-02-10")] * 2
    assert bool(story.dates("high_bill")) == is_high
    story.through("2026-03-31")
    assert story.total("principal_paid") == 200_000 + order_yen
    assert not story.residuals()


@pytest.mark.clause("NP-28.8", "NP-28.11")
def test_invoices_go_on_the_months_bill_and_not_on_one_that_a_merchant_has_billed_apart(
    tell: "Tell",
) -> None:
    products = {"np_atobarai": {"enabled": True, "combined_bill": True}}
    classes = ({"share": 1.0, "due_day": 5},)
    story = tell(products=products, behaviour={"merchants": {"classes": classes}})
    story.buys("2026-01-27", 10_000, product=ORDER).buys("2026-01-10", 3_000)
    story.buys("2026-01-11", 2_000).through("2026-01-10")
    story.world.purchases.merchant[1] = 1
    story.through("2026-01-31")
    dues = story.world.dues
    order = dues.product[: dues.size] == ORDER
    assert dues.due_day[: dues.size][order].tolist() == [story.day("2026-02-10")]
    assert story.happened("billed_apart") == [("2026-01-31", "billed_apart", 3_248)]


@pytest.mark.clause("NP-28.8", "NP-25.3", "C-39")
@pytest.mark.parametrize(("retries", "once", "fees"), [(0, True, 1), (1, True, 1), (1, False, 2)])
def test_the_debit_of_a_combined_bill_that_fails_costs_one_fee(
    tell: "Tell", *, retries: int, once: bool, fees: int
) -> None:
    products = {
        "atone": {"debit_retries": retries, "fees": {"failed_debit_once": once}},
        "np_atobarai": {"enabled": True, "combined_bill": True},
    }
    story = tell(products=products).everybody(pay_method=PayMethod.DIRECT_DEBIT, strain=1.0)
    story.buys("2026-01-20", 10_000, product=ORDER).buys("2026-01-21", 5_000, product=ORDER)
    story.buys("2026-01-10", 3_000).through("2026-03-31")
    assert story.total("failed_debit_fee") == 226 * fees
    assert story.total("failed_debit_fee_tax") == 22 * fees
    assert {yen for _, _, yen in story.happened("debit_failed")} >= {10_200, 5_200}
    assert not story.residuals()


@pytest.mark.clause("NP-28.5", "NP-28.8")
def test_an_order_whose_payment_is_planned_twice_for_one_day_is_paid_once(tell: "Tell") -> None:
    # As where it is put on a bill that the member forgets, and a reminder names its old day.
    story = tell(products=OFFERED)
    story.buys("2026-01-05", 10_000, product=ORDER).through("2026-01-10")
    world = story.world
    pays_on = int(world.dues.pays_on[0])
    assert pays_on > story.day("2026-01-10")
    world.agenda.add(Task.PAY, pays_on, 0)
    story.through("2026-01-31")
    assert story.total("principal_paid") == 10_000
    assert not story.residuals()


def test_orders_of_air_are_a_product_of_their_own_under_the_same_limit(tell: "Tell") -> None:
    products = {"np_atobarai": {"enabled": True, "air": {"enabled": True}}}
    story = tell(products=products).buys("2026-01-05", 30_000, product=Product.NP_AIR)
    story.buys("2026-01-06", 30_000, product=ORDER).through("2026-01-31")
    posted = story.ledger.filter(story.ledger["kind"] == "purchase_posted")
    assert posted["product"].to_list() == ["np_air"]
    assert len(story.dates("declined_cumulative_limit")) == 1


@pytest.mark.clause("ART-02", "ART-03")
def test_persons_order_as_often_as_their_trait_says_whether_members_or_not(tell: "Tell") -> None:
    story = tell(products=OFFERED, population={"members": 400})
    world = story.world
    world.orderers.per_month[:400] = np.where(np.arange(400) < 200, 2.0, 0.0)
    world.members.status[:100] = Status.APPLICANT
    world.members.status[150:200] = Status.DECEASED
    begin_month_of_orders(world, 0, np.arange(400))
    table = world.purchases
    owners = table.member[: table.size]
    assert set(table.product[: table.size].tolist()) == {int(ORDER)}
    assert owners.max() < 150
    # 150 Poisson numbers of mean 1.934: a sum beyond 290 +- 85 has a chance below 1e-6.
    assert abs(table.size - 290) < 85
