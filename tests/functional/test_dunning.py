"""Dunning: the ladder, calls and promises, the law firm, the write-off and what comes after it."""

from typing import TYPE_CHECKING, Any

import pytest

from models.products.catalogue import PayMethod
from sim.record.accounts import Account
from sim.record.postings import Posting

if TYPE_CHECKING:
    from conftest import Story, Tell

NOBODY: dict[str, float] = {"forgetful": 0.0, "short": 0.0, "hardship": 0.0}
EVERYBODY: dict[str, float] = {"forgetful": 1.0, "short": 1.0, "hardship": 1.0}
NO_ADMIN_FEE = {"atone": {"late": {"admin_fee_yen": 0}}}
AT_ONCE = {"mean_minutes": 1e-6}
SILENT = {"reach": 1.0, "response": NOBODY}


def ladder(*steps: tuple[int, str]) -> tuple[dict[str, Any], ...]:
    """Write a ladder of (day, action)."""
    return tuple({"day": day, "action": action} for day, action in steps)


def story_of_a_never_payer(tell: "Tell", months: int = 6, **collections: Any) -> "Story":  # noqa: ANN401
    """Begin a story of 10,248 yen due on 10 February that nobody will pay unasked."""
    story = tell(months=months, collections=collections, products=NO_ADMIN_FEE)
    return story.everybody(never_pays=True).buys("2026-01-05", 10_000)


# The ladder


@pytest.mark.clause("COLL-02", "ART-10")
def test_the_ladder_is_climbed_on_its_days_after_the_due_date(tell: "Tell") -> None:
    steps = [(2, "message"), (7, "message"), (21, "letter"), (45, "letter"), (60, "letter")]
    channels = {"message": {"cost_yen": 5} | SILENT, "letter": {"cost_yen": 120} | SILENT}
    story = story_of_a_never_payer(tell, ladder=ladder(*steps), channels=channels)
    story.through("2026-05-31")
    days = ["2026-02-12", "2026-02-17", "2026-03-03", "2026-03-27", "2026-04-11"]
    assert story.dates("contact_sent") == days
    assert story.events["resource"].filter(
        story.events["activity"] == "contact_sent"
    ).to_list() == [action for _, action in steps]
    assert [yen for _, _, yen in story.lines("contact_cost")] == [5, 5, 120, 120, 120]


@pytest.mark.clause("COLL-02", "ART-10")
def test_a_new_channel_and_step_need_nothing_but_configuration(tell: "Tell") -> None:
    channels = {"telegram": {"cost_yen": 77} | SILENT}
    story = story_of_a_never_payer(tell, ladder=ladder((3, "telegram")), channels=channels)
    story.through("2026-05-31")
    assert story.lines("contact_cost") == [("2026-02-13", "contact_cost", 77)]


@pytest.mark.clause("COLL-02")
def test_who_has_paid_is_left_alone(tell: "Tell") -> None:
    channels = {"message": SILENT}
    story = tell(
        collections={"ladder": ladder((29, "message"), (30, "message")), "channels": channels}
    )
    story.everybody(carelessness=1.0).buys("2026-01-05", 10_000).through("2026-03-31")
    # Paid on the 30th day: the message of that morning still goes out.
    assert story.dates("contact_sent") == ["2026-03-11", "2026-03-12"]
    later = tell(collections={"ladder": ladder((31, "message")), "channels": channels})
    later.everybody(carelessness=1.0).buys("2026-01-05", 10_000).through("2026-04-09")
    assert later.dates("contact_sent") == []


@pytest.mark.clause("COLL-02", "ART-10")
@pytest.mark.parametrize(
    ("reach", "response", "paid"),
    [(1.0, EVERYBODY, "2026-02-13"), (0.0, EVERYBODY, "2026-03-12"), (1.0, NOBODY, "2026-03-12")],
)
def test_a_contact_that_is_read_and_heeded_brings_the_payment_forward(
    tell: "Tell", reach: float, response: dict[str, float], paid: str
) -> None:
    story = tell(
        collections={
            "ladder": ladder((2, "message")),
            "channels": {"message": {"reach": reach, "response": response}},
            "days_to_respond": 1,
        }
    )
    story.everybody(carelessness=1.0).buys("2026-01-05", 10_000).through("2026-03-12")
    assert story.dates("bill_paid_late") == [paid]


@pytest.mark.clause("COLL-02")
def test_who_means_not_to_pay_heeds_no_contact(tell: "Tell") -> None:
    channels = {"message": {"reach": 1.0, "response": EVERYBODY}}
    story = story_of_a_never_payer(tell, ladder=ladder((2, "message")), channels=channels)
    story.through("2026-05-31")
    assert story.dates("bill_paid_late") == []


# Calls


@pytest.mark.clause("COLL-02", "ART-10")
def test_without_callers_nobody_is_called_and_nothing_is_spent(tell: "Tell") -> None:
    story = tell(collections={"ladder": ladder((5, "call")), "call_desk": {"callers": 0}})
    story.everybody(carelessness=1.0).buys("2026-01-05", 10_000).through("2026-03-31")
    assert story.lines("contact_cost") == []
    assert story.dates("bill_paid_late") == ["2026-03-12"]
    assert story.world.desks[0].calls.statistics.arrivals == [0, 1, 0, 0, 0, 0]
    assert sum(story.world.desks[0].calls.statistics.served) == 0


@pytest.mark.clause("COLL-02", "CAL-01")
def test_sessions_without_contact_are_repeated_on_business_days(tell: "Tell") -> None:
    desk = AT_ONCE | {"right_party": 0.0, "sessions": 5, "retry_days": 3, "cost_yen": 100}
    story = story_of_a_never_payer(tell, ladder=ladder((5, "call")), call_desk=desk)
    story.through("2026-05-31")
    # 15 and 22 February are Sundays, the 23rd is a holiday.
    days = ["2026-02-16", "2026-02-19", "2026-02-24", "2026-02-27", "2026-03-02"]
    assert story.dates("call_no_contact") == days
    assert story.lines("contact_cost") == [(day, "contact_cost", 100) for day in days]


@pytest.mark.clause("COLL-02")
def test_a_member_late_again_is_called_again_however_long_calls_pause(tell: "Tell") -> None:
    desk = AT_ONCE | {"right_party": 0.0, "retry_days": 60}
    late = {"days": (9, 10), "unpaid": (1.0, 1e-12)}
    story = tell(
        collections={"ladder": ladder((5, "call")), "call_desk": desk},
        behaviour={"repayment": {"forgetful": late}},
    )
    story.everybody(carelessness=1.0).buys("2026-01-05", 10_000).buys("2026-02-05", 10_000)
    story.through("2026-03-31")
    assert story.dates("bill_paid_late") == ["2026-02-20", "2026-03-20"]
    assert story.dates("call_no_contact") == ["2026-02-16", "2026-03-16"]


@pytest.mark.clause("COLL-02", "ART-10")
def test_a_promise_that_is_kept_is_paid_within_its_days(tell: "Tell") -> None:
    desk = AT_ONCE | {"right_party": 1.0, "promise": 1.0, "kept": EVERYBODY, "promise_days": 7}
    story = tell(
        population={"members": 30},
        collections={"ladder": ladder((5, "call")), "call_desk": desk},
    ).everybody(carelessness=1.0)
    for member in range(30):
        story.buys("2026-01-05", 10_000, member=member)
    story.through("2026-02-28")
    assert story.dates("promise_made") == ["2026-02-16"] * 30
    paid = story.dates("bill_paid_late")
    assert len(paid) == 30
    assert min(paid) == "2026-02-17"
    assert max(paid) == "2026-02-22"
    assert story.dates("promise_broken") == []


@pytest.mark.clause("COLL-02")
def test_a_promise_broken_on_the_day_of_a_call_step_brings_one_call(tell: "Tell") -> None:
    desk = AT_ONCE | {"right_party": 1.0, "promise": 1.0, "kept": NOBODY, "promise_days": 7}
    steps = ladder((5, "call"), (13, "call"))
    story = story_of_a_never_payer(tell, ladder=steps, call_desk=desk).through("2026-02-24")
    # The 23rd is a holiday.
    assert story.happened("promise_made", "promise_broken") == [
        ("2026-02-16", "promise_made", 0),
        ("2026-02-23", "promise_broken", 0),
        ("2026-02-24", "promise_made", 0),
    ]


@pytest.mark.clause("NP-28.4", "COLL-02")
def test_a_payment_promised_by_invoice_counts_when_it_is_reflected(tell: "Tell") -> None:
    desk = AT_ONCE | {"right_party": 1.0, "promise": 1.0, "kept": EVERYBODY, "promise_days": 2}
    story = tell(collections={"ladder": ladder((5, "call")), "call_desk": desk})
    story.everybody(carelessness=1.0, pay_method=PayMethod.INVOICE).buys("2026-01-05", 10_000)
    story.through("2026-03-09")
    # Due on the 20th, called on the 25th, paid on the 26th.
    assert story.dates("promise_made") == ["2026-02-25"]
    assert story.dates("bill_paid_late") == ["2026-02-28"]


@pytest.mark.clause("COLL-02")
def test_a_broken_promise_shows_on_its_day_and_the_member_is_called_again(tell: "Tell") -> None:
    desk = AT_ONCE | {"right_party": 1.0, "promise": 1.0, "kept": NOBODY, "promise_days": 7}
    story = story_of_a_never_payer(tell, ladder=ladder((5, "call")), call_desk=desk)
    story.through("2026-02-25")
    assert story.happened("promise_made", "promise_broken") == [
        ("2026-02-16", "promise_made", 0),
        ("2026-02-23", "promise_broken", 0),
        ("2026-02-24", "promise_made", 0),
    ]


@pytest.mark.clause("COLL-02")
@pytest.mark.parametrize(("heeds", "paid"), [(EVERYBODY, "2026-02-17"), (NOBODY, "2026-03-12")])
def test_a_member_reached_may_pay_without_a_promise(
    tell: "Tell", heeds: dict[str, float], paid: str
) -> None:
    desk = AT_ONCE | {"right_party": 1.0, "promise": 0.0, "without_promise": heeds}
    story = tell(
        collections={"ladder": ladder((5, "call")), "call_desk": desk, "days_to_respond": 1}
    )
    story.everybody(carelessness=1.0).buys("2026-01-05", 10_000).through("2026-03-12")
    assert story.dates("call_reached") == ["2026-02-16"]
    assert story.dates("bill_paid_late") == [paid]


@pytest.mark.clause("COLL-02")
def test_a_call_still_waiting_is_dropped_when_the_arrears_are_paid(
    tell: "Tell",
) -> None:
    # The ladder asks for a call on Saturday 14 March, paid on Thursday the 12th.
    story = tell(
        collections={"ladder": ladder((25, "call")), "call_desk": {"callers": 0}},
    )
    story.everybody(carelessness=1.0).buys("2026-01-05", 10_000).through("2026-03-31")
    desk = story.world.desks[0].calls
    assert sum(desk.statistics.moot) == 1
    assert desk.n_waiting == 0


# The law firm


def law_firm(**terms: object) -> dict[str, object]:
    """Give a law firm that takes every case and works it at once."""
    return AT_ONCE | {"probability": 1.0, "pays": EVERYBODY} | terms


@pytest.mark.clause("COLL-04", "ART-11")
def test_a_case_goes_to_the_law_firm_on_its_day_and_leaves_the_lenders_own_ladder(
    tell: "Tell",
) -> None:
    story = story_of_a_never_payer(
        tell,
        ladder=ladder((10, "hand_over"), (12, "message")),
        channels={"message": SILENT},
        law_firm=law_firm(),
    ).through("2026-05-31")
    assert story.dates("handed_over") == ["2026-02-20"]
    assert story.dates("contact_sent") == []
    assert story.dates("agency_round")[:2] == ["2026-02-20", "2026-04-06"]


@pytest.mark.clause("COLL-04", "ART-11")
def test_a_case_kept_in_house_climbs_on(tell: "Tell") -> None:
    story = story_of_a_never_payer(
        tell,
        ladder=ladder((10, "hand_over"), (12, "message")),
        channels={"message": SILENT},
        law_firm=law_firm(probability=0.0),
    ).through("2026-05-31")
    assert story.dates("kept_in_house") == ["2026-02-20"]
    assert story.dates("contact_sent") == ["2026-02-22"]
    assert story.lines("agency_fee") == []


@pytest.mark.clause("COLL-04", "ART-11")
def test_the_share_of_cases_handed_over_is_the_probability(tell: "Tell") -> None:
    n, p = 400, 0.8
    story = tell(
        population={"members": n},
        collections={
            "ladder": ladder((10, "hand_over")),
            "law_firm": {"probability": p, "clerks": 0},
        },
    ).everybody(never_pays=True)
    for member in range(n):
        story.buys("2026-01-05", 1_000, member=member)
    story.through("2026-02-20")
    handed = len(story.dates("handed_over"))
    assert handed + len(story.dates("kept_in_house")) == n
    # Four standard errors at a fixed seed: a level of 6e-5.
    assert abs(handed - n * p) < 4 * (n * p * (1 - p)) ** 0.5


@pytest.mark.clause("COLL-04", "COLL-12")
def test_the_law_firm_keeps_a_floored_fifth_of_all_that_comes_in_on_its_case(tell: "Tell") -> None:
    # The law firm has no clerk: the member pays of his own accord on the 30th day.
    story = tell(
        collections={
            "ladder": ladder((10, "hand_over")),
            "law_firm": {"probability": 1.0, "clerks": 0},
        }
    )
    story.everybody(carelessness=1.0).buys("2026-01-05", 10_000).through("2026-03-31")
    cash = 10_000 + 248 + 122  # at the law firm late damages are claimed with the bill
    assert story.happened("bill_paid_late") == [("2026-03-12", "bill_paid_late", cash)]
    assert story.lines("agency_fee") == [("2026-03-12", "agency_fee", cash // 5)]


@pytest.mark.clause("NP-29.1", "COLL-04", "C-58")
def test_a_part_of_a_claim_pays_damages_then_fee_then_price(tell: "Tell") -> None:
    pays: dict[str, Any] = {"rounds": 2, "whole_share": 0.0, "part": [1, 2], "pays": EVERYBODY}
    story = tell(
        collections={"ladder": ladder((2, "hand_over")), "law_firm": law_firm(**pays)},
        behaviour={"repayment": {"forgetful": {"days": (400,), "unpaid": (1.0,)}}},
        products=NO_ADMIN_FEE,
    )
    story.everybody(carelessness=1.0).buys("2026-01-05", 10_000).through("2026-05-31")
    first_damages = 10_248 * 2 * 146 // 365_000
    first = (10_248 + first_damages) // 2
    left = 10_248 + first_damages - first
    # The second round is 45 days later, on a Sunday, so on Monday 30 March; damages restart.
    second_damages = left * 46 * 146 // 365_000
    second = (left + second_damages) // 2
    assert story.lines("late_damages_paid", "fee_paid", "principal_paid") == [
        ("2026-02-12", "principal_paid", first - first_damages - 248),
        ("2026-02-12", "fee_paid", 248),
        ("2026-02-12", "late_damages_paid", first_damages),
        ("2026-03-30", "principal_paid", second - second_damages),
        ("2026-03-30", "late_damages_paid", second_damages),
    ]
    assert [yen for _, _, yen in story.lines("agency_fee")] == [first // 5, second // 5]
    assert story.dates("use_released") == []


@pytest.mark.clause("NP-29.1")
def test_the_oldest_bill_is_satisfied_whole_before_a_newer_one(tell: "Tell") -> None:
    # In house until 24 April: the late fees of March stand on a bill of their own, due on 10 April.
    pays: dict[str, Any] = {"rounds": 1, "whole_share": 0.0, "part": [99, 100]}
    story = tell(
        collections={"ladder": ladder((73, "hand_over")), "law_firm": law_firm(**pays)},
        behaviour={"repayment": {"forgetful": {"days": (400,), "unpaid": (1.0,)}}},
    )
    story.everybody(carelessness=1.0).buys("2026-01-05", 10_000).through("2026-04-24")
    damages = 10_248 * 73 * 146 // 365_000
    cash = (10_248 + damages + 200) * 99 // 100
    assert story.happened("agency_collected") == [("2026-04-24", "agency_collected", cash)]
    assert story.total("principal_paid", "fee_paid", "late_damages_paid") == 10_248 + damages
    assert story.total("late_admin_fee_paid") == cash - 10_248 - damages


@pytest.mark.clause("COLL-04", "COLL-14")
def test_a_case_paid_whole_at_the_law_firm_is_over(tell: "Tell") -> None:
    story = tell(
        collections={
            "ladder": ladder((2, "hand_over")),
            "law_firm": law_firm(whole_share=1.0),
        }
    )
    story.everybody(carelessness=1.0).buys("2026-01-05", 10_000).through("2026-05-31")
    assert story.dates("agency_round") == ["2026-02-12"]
    assert story.dates("use_released") == ["2026-02-13"]
    assert story.world.members.unsettled_yen[0] == 0


# Write-off and recovery


@pytest.mark.clause("COLL-11")
def test_a_claim_is_written_off_after_365_days_without_a_yen(tell: "Tell") -> None:
    story = story_of_a_never_payer(tell, months=15).through("2027-02-08")
    assert story.dates("written_off") == []
    story.through("2027-03-31")
    damages = 10_248 * 365 * 146 // 365_000
    assert story.happened("written_off") == [("2027-02-10", "written_off", 10_000)]
    assert story.lines("principal_written_off", "fee_written_off", "late_damages_written_off") == [
        ("2027-02-10", "principal_written_off", 10_000),
        ("2027-02-10", "fee_written_off", 248),
        ("2027-02-10", "late_damages_written_off", damages),
    ]
    assert story.dates("use_released") == []
    balance = story.world.ledger.balance[0]
    for account in (
        Account.PRINCIPAL_RECEIVABLE,
        Account.FEE_RECEIVABLE,
        Account.LATE_DAMAGES_RECEIVABLE,
    ):
        assert balance[account] == 0
    assert balance[Account.WRITE_OFF] == 10_248 + damages


@pytest.mark.clause("COLL-11", "NP-30.3")
def test_late_fees_still_unbilled_or_not_yet_due_are_written_off_too(tell: "Tell") -> None:
    story = tell(months=18).everybody(never_pays=True).buys("2026-01-05", 10_000)
    story.through("2027-06-30")
    assert story.dates("written_off")[0] == "2027-02-10"
    assert story.world.ledger.balance[0, Account.LATE_ADMIN_FEE_RECEIVABLE] == 0


@pytest.mark.clause("COLL-11")
def test_a_payment_puts_the_write_off_back_to_180_quiet_days(tell: "Tell") -> None:
    pays: dict[str, Any] = {"rounds": 1, "whole_share": 0.0, "part": [1, 2]}
    story = tell(
        months=20,
        collections={"ladder": ladder((300, "hand_over")), "law_firm": law_firm(**pays)},
        behaviour={"repayment": {"forgetful": {"days": (900,), "unpaid": (1.0,)}}},
        products=NO_ADMIN_FEE,
    )
    story.everybody(carelessness=1.0).buys("2026-01-05", 10_000).through("2027-07-31")
    assert story.dates("agency_collected") == ["2026-12-07"]
    assert story.dates("written_off") == ["2027-06-05"]


@pytest.mark.clause("COLL-12", "COLL-04", "COLL-11")
def test_cash_after_the_write_off_is_a_recovery_less_the_law_firms_fee(tell: "Tell") -> None:
    story = tell(
        months=16,
        collections={
            "ladder": ladder((370, "hand_over")),
            "law_firm": law_firm(whole_share=1.0),
        },
        behaviour={"repayment": {"forgetful": {"days": (900,), "unpaid": (1.0,)}}},
        products=NO_ADMIN_FEE,
    )
    story.everybody(carelessness=1.0).buys("2026-01-05", 10_000).through("2027-03-31")
    claim = 10_248 + 10_248 * 365 * 146 // 365_000
    assert story.lines("recovered") == [("2027-02-15", "recovered", claim)]
    assert story.lines("agency_fee") == [("2027-02-15", "agency_fee", claim // 5)]
    assert story.lines("principal_paid", "fee_paid", "late_damages_paid") == []
    assert story.world.ledger.balance[0, Account.RECOVERY] == -claim
    # Damages rest once the claim is off the books.
    assert story.total("late_damages") == claim - 10_248


@pytest.mark.clause("COLL-12", "NP-28.10")
def test_a_credit_of_a_member_written_off_is_a_recovery_without_cash(tell: "Tell") -> None:
    story = tell(
        months=5,
        collections={"write_off": {"day": 10, "quiet_days": 0}},
        products=NO_ADMIN_FEE,
    )
    story.everybody(never_pays=True).buys("2026-01-05", 4_000, cancelled_after=50)
    story.buys("2026-01-06", 6_000).through("2026-03-31")
    assert story.dates("written_off") == ["2026-02-20"]
    assert story.lines("credit_recovered") == [("2026-02-28", "credit_recovered", 4_000)]
    assert sum(story.posted(Posting.RECOVERED)) == 0


@pytest.mark.clause("COLL-14", "COLL-12", "NP-7.4")
def test_whoever_pays_a_claim_written_off_whole_is_a_member_like_any_other(tell: "Tell") -> None:
    story = tell(
        collections={
            "write_off": {"day": 10, "quiet_days": 0},
            "ladder": ladder((20, "hand_over")),
            "law_firm": law_firm(whole_share=1.0),
        },
        products=NO_ADMIN_FEE,
    )
    story.everybody(carelessness=1.0).buys("2026-01-05", 10_000).buys("2026-03-05", 1_000)
    story.through("2026-03-31")
    assert story.dates("written_off") == ["2026-02-20"]
    assert story.dates("recovered") == ["2026-03-02"]
    assert story.dates("use_released") == ["2026-03-03"]
    assert story.happened("bill_closed")[1:] == [("2026-03-31", "bill_closed", 1_248)]
