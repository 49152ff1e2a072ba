"""Leaving told case by case: withdrawal, erasure, dead mailboxes, death, moves and disclosure."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from models.arrays import Ints
from sim.engine.members.leaving import ask_for_erasure, ask_to_leave, die, lose_mailbox
from sim.engine.members.particulars import disclose, move
from sim.engine.state.portfolio import Status
from sim.engine.state.world import World

if TYPE_CHECKING:
    from tests.functional.conftest import Story, Tell

FIRST = np.array([0])
Asks = Callable[[World, int, Ints], None]


def membership(**sections: object) -> dict[str, Any]:
    """Give the products section with membership terms."""
    return {"np_membership": sections}


def status_of(story: "Story") -> Status:
    """Give the state of the first member."""
    return Status(int(story.world.members.status[0]))


@pytest.mark.clause("NP-11.1", "NP-11.8")
def test_who_owes_nothing_may_leave_at_any_time(tell: "Tell") -> None:
    story = tell().through("2026-01-09")
    ask_to_leave(story.world, story.day("2026-01-10"), FIRST)
    story.buys("2026-01-20", 1_000).through("2026-02-28")
    assert story.dates("withdrew") == ["2026-01-10"]
    assert status_of(story) == Status.WITHDRAWN
    assert story.world.members.limit_yen[0] == 0
    assert story.events["activity"].to_list() == ["withdrew"]


@pytest.mark.clause("NP-11.8", "NP-28.10")
def test_what_the_lender_owes_is_refunded_to_who_leaves(tell: "Tell") -> None:
    story = tell().buys("2026-01-05", 1_000, cancelled_after=40).through("2026-02-25")
    assert story.world.members.credit_yen[0] == 1_000
    ask_to_leave(story.world, story.day("2026-02-26"), FIRST)
    story.through("2026-03-05")
    assert story.lines("refund_paid") == [("2026-02-26", "refund_paid", 1_000)]
    assert not story.residuals()


@pytest.mark.clause("NP-11.2", "C-23")
@pytest.mark.parametrize("method", [0, 3])
def test_a_bill_that_would_have_been_paid_in_time_is_not_paid_by_the_dead(
    tell: "Tell", method: int
) -> None:
    story = tell().member(0, pay_method=method).buys("2026-01-05", 10_000).through("2026-02-01")
    assert story.world.dues.pays_on[0] > story.day("2026-02-01")
    die(story.world, story.day("2026-02-02"), FIRST)
    story.through("2026-04-15")
    assert story.dates("bill_paid") == story.dates("debit_failed") == []
    assert len(story.dates("payment_missed")) == 1


@pytest.mark.clause("NP-11.5", "NP-11.1")
@pytest.mark.parametrize("date", ["2026-01-20", "2026-02-01"])
def test_a_fee_without_a_price_is_a_debt_before_it_is_billed_and_after(
    tell: "Tell", date: str
) -> None:
    # The annual fee of the app card goes on the bill of January, which holds nothing else.
    card = {"enabled": True, "asks_per_month": 1.0, "annual_fee_yen": 1_000}
    story = tell(products={"app_card": card})
    story.through(date)
    ask_to_leave(story.world, story.day(date) + 1, FIRST)
    assert status_of(story) == Status.ACTIVE
    story.through("2026-04-30")
    (left,) = story.dates("withdrew")
    assert left > story.lines("fee_paid")[-1][0]


@pytest.mark.clause("NP-11.5", "NP-11.3", "NP-12.3")
@pytest.mark.parametrize(
    ("asks", "activity"), [(ask_to_leave, "withdrew"), (ask_for_erasure, "data_destroyed")]
)
def test_nobody_leaves_before_all_debts_are_paid(tell: "Tell", asks: Asks, activity: str) -> None:
    story = tell().buys("2026-01-05", 1_000).through("2026-01-09")
    asks(story.world, story.day("2026-01-10"), FIRST)
    story.through("2026-04-30")
    # Looked at again after 30 days each: the bill of January is paid by the second time.
    assert set(story.dates("leaving_blocked")) <= {"2026-01-10", "2026-02-09"}
    assert len(story.dates(activity)) == 1
    assert story.dates(activity)[0] > story.dates("bill_paid")[0]
    assert status_of(story) == Status.WITHDRAWN


@pytest.mark.clause("NP-11.5", "NP-11.6", "NP-30.2")
@pytest.mark.parametrize("accelerates", [True, False])
def test_with_permission_debts_are_due_at_once_or_paid_as_usual(
    tell: "Tell", *, accelerates: bool
) -> None:
    terms = membership(withdrawal={"permit_with_debt": True, "accelerate": accelerates})
    story = tell(products=terms).buys("2026-01-05", 10_000).through("2026-01-09")
    ask_to_leave(story.world, story.day("2026-01-10"), FIRST)
    story.through("2026-03-31")
    assert status_of(story) == Status.WITHDRAWN
    assert story.dates("accelerated") == (["2026-01-10"] if accelerates else [])
    assert story.dates("bill_closed")[0] == ("2026-01-10" if accelerates else "2026-01-31")
    assert story.total("principal_paid") == 10_000
    # A member who would have paid in time pays the day after the demand: two days of damages.
    assert story.total("late_damages") == (10_248 * 8 // 10_000 if accelerates else 0)
    assert not story.residuals()


@pytest.mark.clause("NP-11.7")
def test_debt_found_after_the_withdrawal_is_billed(tell: "Tell") -> None:
    terms = membership(withdrawal={"permit_with_debt": True})
    story = tell(products=terms).buys("2026-01-09", 3_000).through("2026-01-09")
    ask_to_leave(story.world, story.day("2026-01-10"), FIRST)
    story.through("2026-03-31")  # shipped, and posted, only after the withdrawal
    assert story.dates("purchase_posted") == ["2026-01-11"]
    assert story.happened("debt_found") == [("2026-01-31", "debt_found", 3_248)]
    assert story.total("principal_paid") == 3_000


@pytest.mark.clause("NP-11.4")
@pytest.mark.parametrize("deems", [True, False])
def test_whom_mail_cannot_reach_counts_as_withdrawn_once_nothing_is_owed(
    tell: "Tell", *, deems: bool
) -> None:
    story = tell(products=membership(particulars={"deem_withdrawn": deems}))
    story.buys("2026-01-05", 1_000).through("2026-01-09")
    lose_mailbox(story.world, story.day("2026-01-10"), FIRST)
    story.through("2026-04-30")
    assert story.dates("mail_undeliverable") == ["2026-01-10"]
    assert story.world.members.is_mailbox_dead[0]
    if deems:
        assert story.dates("deemed_withdrawn")[0] > story.dates("bill_paid")[0]
        assert story.dates("leaving_blocked")[0] == "2026-01-10"
    else:
        assert status_of(story) == Status.ACTIVE


@pytest.mark.clause("NP-11.4", "NP-11.6")
def test_an_unreachable_member_is_not_let_go_with_debts(tell: "Tell") -> None:
    terms = membership(withdrawal={"permit_with_debt": True})
    story = tell(products=terms).buys("2026-01-05", 1_000).through("2026-01-09")
    lose_mailbox(story.world, story.day("2026-01-10"), FIRST)
    assert status_of(story) == Status.ACTIVE


@pytest.mark.clause("NP-11.2", "C-23")
def test_death_ends_use_payment_and_contact_and_the_estate_pays_its_part(tell: "Tell") -> None:
    story = tell(
        months=12,
        collections={"ladder": ({"day": 2, "action": "letter"},), "write_off": {"day": 900}},
        products=membership(death={"estate_recovery": [3, 10], "estate_days": 180}),
    )
    story.buys("2026-01-05", 10_000).buys("2026-01-25", 5_000).through("2026-01-19")
    die(story.world, story.day("2026-01-20"), FIRST)
    story.through("2026-12-20")
    assert status_of(story) == Status.DECEASED
    assert story.dates("died") == ["2026-01-20"]
    assert story.dates("purchase_authorised") == ["2026-01-05"]
    assert story.dates("contact_sent") == []
    assert story.dates("payment_missed")[0] == "2026-02-10"
    ((date, _, paid),) = story.happened("estate_settled")
    assert date == "2026-07-19"
    lost = story.total(
        "principal_written_off", "fee_written_off", "late_damages_written_off",
        "late_admin_fee_written_off",
    )  # fmt: skip
    billed = story.total("principal_paid", "fee_paid", "late_damages_paid", "late_admin_fee_paid")
    assert billed == paid
    assert paid == (paid + lost) * 3 // 10
    assert story.total("principal_paid", "principal_written_off") == 10_000
    assert not story.residuals()


@pytest.mark.clause("NP-11.2", "COLL-11")
def test_an_empty_estate_is_settled_without_a_payment(tell: "Tell") -> None:
    story = tell(months=12, products=membership(death={"estate_recovery": [0, 1]}))
    story.buys("2026-01-05", 10_000).through("2026-01-19")
    die(story.world, story.day("2026-01-20"), FIRST)
    story.through("2026-12-20")
    assert [yen for _, _, yen in story.happened("estate_settled")] == [0]
    assert story.dates("written_off") == story.dates("estate_settled")
    assert story.happened("bill_paid_late", "recovered") == []


@pytest.mark.clause("NP-11.2", "C-23")
def test_death_freezes_a_direct_debit_without_a_fee(tell: "Tell") -> None:
    story = tell(products={"atone": {"default_method": "direct_debit"}}).member(0, pay_method=3)
    story.buys("2026-01-05", 10_000).through("2026-02-09")
    die(story.world, story.day("2026-02-10"), FIRST)
    story.through("2026-03-31")
    assert story.total("principal_paid", "failed_debit_fee") == 0
    assert story.dates("payment_missed")[0] == "2026-02-27"


@pytest.mark.clause("NP-3.2", "NP-3.3")
@pytest.mark.parametrize(
    ("u", "activity", "is_stale"),
    [
        ((0.9, 0.5), "move_reported", False),
        ((0.1, 0.1), "move_inferred", False),
        ((0.1, 0.5), "move_unreported", True),
    ],
)
def test_an_unreported_move_leaves_a_stale_address_unless_it_is_inferred(
    tell: "Tell", *, u: tuple[float, float], activity: str, is_stale: bool
) -> None:
    story = tell().through("2026-01-09")
    move(story.world, story.day("2026-01-10"), FIRST, np.array(u)[:, np.newaxis])
    assert story.dates(activity) == ["2026-01-10"]
    assert story.world.members.is_address_stale[0] == is_stale


@pytest.mark.clause("NP-3.2", "NP-7.1(2)")
def test_silence_about_a_move_can_be_taken_up_as_a_breach(tell: "Tell") -> None:
    particulars = {"moves_per_month": 1.0, "unreported": 1.0, "inferred": 0.0, "found_out": 1.0}
    story = tell(products=membership(particulars=particulars)).through("2026-01-31")
    assert story.dates("move_unreported")[0] == story.dates("member_suspended")[0]


LETTER = {
    "ladder": ({"day": 2, "action": "letter"},),
    "channels": {
        "letter": {
            "is_postal": True,
            "reach": 1.0,
            "cost_yen": 120,
            "response": {"forgetful": 1.0, "short": 1.0, "hardship": 0.0},
        }
    },
}


@pytest.mark.clause("NP-12.4", "NP-3.2")
@pytest.mark.parametrize(
    ("stale", "uplift", "pays"), [(False, 0.0, True), (True, 0.0, False), (True, 1.0, True)]
)
def test_letters_miss_a_stale_address_unless_another_one_is_used(
    tell: "Tell", *, stale: bool, uplift: float, pays: bool
) -> None:
    particulars = {"stale_letter_reach": 0.0, "alternative_address_uplift": uplift}
    story = tell(products=membership(particulars=particulars), collections=LETTER)
    story.member(0, carelessness=1.0, is_address_stale=stale)
    story.buys("2026-01-05", 10_000).through("2026-02-20")
    assert story.dates("contact_sent") == ["2026-02-12"]
    assert bool(story.dates("bill_paid_late")) == pays


@pytest.mark.clause("NP-16.2", "NP-11.4")
@pytest.mark.parametrize(
    ("lag", "dead", "pays"), [(0, False, True), (7, False, False), (0, True, False)]
)
def test_a_message_counts_when_it_has_arrived_and_never_in_a_dead_mailbox(
    tell: "Tell", *, lag: int, dead: bool, pays: bool
) -> None:
    channel = LETTER["channels"]["letter"] | {"is_postal": False}
    story = tell(
        products=membership(particulars={"email_lag_days": lag}),
        collections={
            "ladder": ({"day": 2, "action": "message"},),
            "channels": {"message": channel},
        },
    )
    story.member(0, carelessness=1.0, is_mailbox_dead=dead)
    story.buys("2026-01-05", 10_000).through("2026-02-18")
    assert bool(story.dates("bill_paid_late")) == pays


@pytest.mark.clause("NP-12.2")
def test_disclosure_of_own_data_is_paid_in_advance(tell: "Tell") -> None:
    story = tell(products=membership(requests={"disclosure_fee_yen": 880})).through("2026-01-09")
    disclose(story.world, story.day("2026-01-10"), FIRST)
    assert story.lines("disclosure_fee", "disclosure_fee_tax") == [
        ("2026-01-10", "disclosure_fee", 800),
        ("2026-01-10", "disclosure_fee_tax", 80),
    ]
    assert story.dates("data_disclosed") == ["2026-01-10"]
