"""The lender's side: discount, payout, funding, cost of bills; the economy; extremes."""

from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from models.products.catalogue import PayMethod
from sim.config import Config
from sim.engine.simulation import simulate
from sim.record.accounts import Account
from sim.record.eventlog import Record
from sim.record.postings import Posting

if TYPE_CHECKING:
    from conftest import Tell


def events_of(**changes: Any) -> pl.DataFrame:  # noqa: ANN401
    """Give all events of a small portfolio."""
    base = {"months": 6, "population": {"members": 250, "existing_share": 1.0}}
    config = Config.model_validate(base | changes)
    return simulate(config, [0], record=Record.everyone()).events


def count(events: pl.DataFrame, activity: str) -> int:
    """Count an activity."""
    return events.filter(pl.col("activity") == activity).height


@pytest.mark.clause("LEN-01", "LEN-02")
@pytest.mark.parametrize(("price", "discount"), [(1_000, 30), (1_033, 30), (1_034, 31), (33, 0)])
def test_three_percent_floored_are_kept_from_each_payout(
    tell: "Tell", price: int, discount: int
) -> None:
    story = tell().buys("2026-01-05", price).through("2026-01-31")
    assert story.total("merchant_discount") == discount
    assert story.total("merchant_paid") == price - discount


@pytest.mark.clause("LEN-02")
@pytest.mark.parametrize(("lag", "paid"), [(0, "2026-01-07"), (30, "2026-02-06")])
def test_the_payout_follows_the_posting_by_its_lag(tell: "Tell", lag: int, paid: str) -> None:
    story = tell(economics={"payout_lag_days": lag}).buys("2026-01-05", 1_000)
    story.through("2026-02-28")
    assert [day for day, _, _ in story.lines("merchant_paid")] == [paid]


@pytest.mark.clause("LEN-03")
def test_a_month_bears_the_funding_of_what_was_paid_out_and_not_collected(tell: "Tell") -> None:
    # Paid out on 22 January: ten nights in January, all of February until the debit on the 27th.
    story = tell().everybody(pay_method=PayMethod.DIRECT_DEBIT).buys("2026-01-05", 50_000)
    story.through("2026-03-31")
    january = 50_000 * 10 * 15 // (1_000 * 365)
    february = 50_000 * 26 * 15 // (1_000 * 365)
    assert story.posted(Posting.FUNDING)[:3] == [january, february, 0]


@pytest.mark.clause("LEN-03", "LEN-02")
def test_what_the_merchant_still_waits_for_needs_no_funding(tell: "Tell") -> None:
    story = tell(economics={"payout_lag_days": 90}).buys("2026-01-05", 50_000)
    story.through("2026-01-31")
    assert story.posted(Posting.FUNDING)[0] == 0


@pytest.mark.clause("LEN-03", "LEN-05")
def test_a_payout_that_the_merchant_gave_back_needs_no_funding(tell: "Tell") -> None:
    # Given back on 2 February: ten nights in January, one in February.
    story = tell().everybody(pay_method=PayMethod.DIRECT_DEBIT)
    story.buys("2026-01-05", 50_000, cancelled_after=25).through("2026-02-28")
    assert story.lines("merchant_refunded") == [("2026-02-02", "merchant_refunded", 48_500)]
    assert story.posted(Posting.FUNDING)[:2] == [20, 2]


@pytest.mark.clause("LEN-04")
@pytest.mark.parametrize(
    ("method", "cost"),
    [
        (PayMethod.KONBINI_TERMINAL, 60),
        (PayMethod.EBARCODE, 60),
        (PayMethod.INVOICE, 150),
        (PayMethod.DIRECT_DEBIT, 10),
    ],
)
def test_each_bill_costs_what_its_method_costs_however_many_uses_it_holds(
    tell: "Tell", method: PayMethod, cost: int
) -> None:
    story = tell().everybody(pay_method=method)
    story.buys("2026-01-05", 1_000).buys("2026-01-06", 1_000).buys("2026-02-20", 1_000)
    story.through("2026-03-31")
    assert [yen for _, _, yen in story.lines("bill_cost")] == [cost, cost]


@pytest.mark.clause("LEN-05", "LEN-01")
def test_a_returned_purchase_leaves_the_lender_with_its_fee_and_no_discount(tell: "Tell") -> None:
    story = tell().buys("2026-01-05", 10_000, cancelled_after=25).buys("2026-02-20", 20_000)
    story.through("2026-04-30")
    balance = story.world.ledger.balance[0]
    assert balance[Account.MERCHANT_PAYABLE] == 0
    assert balance[Account.MERCHANT_DISCOUNT_INCOME] == -600
    assert balance[Account.SERVICE_FEE_INCOME] == -2 * 226
    assert balance[Account.PRINCIPAL_RECEIVABLE] == 0
    assert balance[Account.MEMBER_CREDIT] == 0


@pytest.mark.clause("NP-22.2", "NP-25.1")
def test_the_books_of_a_life_close_with_the_profit_in_cash(tell: "Tell") -> None:
    story = tell().buys("2026-01-05", 10_000).through("2026-05-31")
    funding = sum(story.posted(Posting.FUNDING))
    tax = 22
    assert story.world.ledger.balance[0, Account.CASH] == 300 + 226 + tax - 60 - funding
    assert story.residuals() == {}


@pytest.mark.clause("ART-01")
def test_an_economic_downturn_raises_missed_payments_and_hardship() -> None:
    calm = events_of()
    severe = events_of(macro={"stress_multiplier": 3.0})
    for activity in ("payment_missed", "hardship_began"):
        assert count(severe, activity) > 1.3 * count(calm, activity)


@pytest.mark.clause("ART-01")
def test_no_stress_and_no_forgetting_leave_only_those_who_never_pay() -> None:
    events = events_of(
        macro={"stress_multiplier": 0.0, "rho": 0.0},
        behaviour={"repayment": {"forgets": 0.0}},
        population={"members": 250, "existing_share": 1.0, "never_pays_share": 0.0},
        products={"atone": {"reflection": {"invoice": 0}}},
    )
    assert count(events, "bill_paid") > 100
    assert count(events, "payment_missed") == 0


@pytest.mark.clause("ART-04", "NP-23.1")
def test_no_member_is_ever_given_more_than_the_cap() -> None:
    bands = ({"from_score": 0.0, "limit_yen": 80_000},)
    events = events_of(months=1, policy={"limits": {"bands": bands}})
    given = events.filter(pl.col("activity") == "limit_set")["yen"]
    assert given.unique().to_list() == [50_000]


@pytest.mark.clause("NP-7.4", "COLL-01", "NP-23.3")
def test_no_use_is_authorised_between_the_stop_and_the_release() -> None:
    events = events_of(behaviour={"repayment": {"forgets": 0.5}})
    stopped: dict[int, bool] = {}
    answered = 0
    order = {"use_released": 0, "use_stopped": 1, "purchase_authorised": 2}
    told = events.filter(pl.col("activity").is_in(list(order))).with_columns(
        rank=pl.col("activity").replace_strict(order)
    )
    for member, activity in (
        told.sort("timestamp", "rank").select("case_id", "activity").iter_rows()
    ):
        if activity == "purchase_authorised":
            assert not stopped.get(member, False)
            answered += 1
        else:
            stopped[member] = activity == "use_stopped"
    assert answered > 100
    assert any(stopped.values())


@pytest.mark.clause("COLL-02")
def test_everybody_late_and_no_staff_still_keeps_the_books(tell: "Tell") -> None:
    story = tell(
        months=18,
        population={"members": 30},
        collections={
            "ladder": ({"day": 5, "action": "call"}, {"day": 90, "action": "hand_over"}),
            "call_desk": {"callers": 0},
            "law_firm": {"clerks": 0},
        },
    ).everybody(never_pays=True)
    for member in range(30):
        story.buys("2026-01-05", 1_000 + member, member=member)
    story.through("2027-06-30")
    assert [len(story.dates("written_off", member=n)) > 0 for n in range(30)] == [True] * 30
    assert story.lines("principal_paid", "contact_cost") == []
    assert story.residuals() == {}
