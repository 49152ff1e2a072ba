"""Acceleration at au PAY Atobarai in the engine: automatic, after a demand, on what is learnt."""

from pathlib import Path

import numpy as np
import pytest

from models.members.misuse import User
from models.products.au_pay.arrears import Ground
from models.products.catalogue import Product
from sim.engine.au_pay.acceleration import learn_of, learn_of_attachment
from sim.engine.dues.settlement import accrue
from sim.engine.state.portfolio import DueStatus, PurchaseStatus, Status
from sim.engine.state.unpaid import all_unpaid
from sim.engine.state.world import MINUTES_PER_DAY
from sim.engine.uses.misuse import decide_misuse
from sim.facts.recorded_lines import event_frame
from sim.record.postings import Posting
from tests.functional.au_scripts import account_with, lines_of, paid
from tests.functional.au_world import AuWorld
from tests.functional.losses import report_loss

THREE_DATES = ["2026-03-04", "2026-04-06", "2026-05-07"]
FEE = Posting.FINANCE_CHARGE
OPEN, OVERDUE, PAID = DueStatus.OPEN, DueStatus.OVERDUE, DueStatus.PAID
SCHEDULED = DueStatus.SCHEDULED


@pytest.mark.golden("G-29")
@pytest.mark.clause("AU-39.1(1)", "AU-37.1(3)")
def test_a_missed_one_time_payment_accelerates_all_one_time_use_the_next_day() -> None:
    world = AuWorld()
    missed = world.legs(Product.AU_ONE_TIME, [30_000], ["2026-03-04"])
    later = world.legs(Product.AU_ONE_TIME, [20_000], ["2026-04-06"], status=SCHEDULED)
    other = world.legs(Product.AU_TWO_TIME, [5_000, 5_000], ["2026-04-06", "2026-05-07"])
    world.through("2026-03-04")
    assert world.states(missed) == [OVERDUE]
    assert world.states(later) == [SCHEDULED]
    world.through("2026-03-05")
    assert world.states(later) == [OVERDUE]
    assert world.states(other) == [OPEN, OPEN]
    assert world.happened("payment_missed", "accelerated_one_time") == [
        ("2026-03-04", "payment_missed"),
        ("2026-03-05", "accelerated_one_time"),
        ("2026-03-05", "accelerated_one_time"),
    ]
    groups = world.world.credit.groups
    # Missed: from 5 March; brought forward: from 6 March.
    assert groups.through[: groups.size].tolist() == [world.day("2026-03-05")] * 2
    assert groups.late_days[: groups.size].tolist() == [30_000, 0]


@pytest.mark.reading("products.au_pay.acceleration.auto_scope")
@pytest.mark.clause("AU-39.1(1)", "C-31")
@pytest.mark.parametrize(("scope", "state"), [("posted_all", OVERDUE), ("billed_only", SCHEDULED)])
def test_what_is_on_no_statement_yet_is_accelerated_or_stays_out(
    scope: str, state: DueStatus
) -> None:
    world = AuWorld(acceleration={"auto_scope": scope})
    world.legs(Product.AU_ONE_TIME, [30_000], ["2026-03-04"])
    later = world.legs(Product.AU_ONE_TIME, [20_000], ["2026-04-06"], status=SCHEDULED)
    world.through("2026-03-06")
    assert world.states(later) == [state]


@pytest.mark.clause("AU-39.1(1)")
def test_automatic_acceleration_can_be_switched_off_or_wait() -> None:
    for terms in ({"auto_one_time": False}, {"day_offset": 9}):
        world = AuWorld(acceleration=terms)
        world.legs(Product.AU_ONE_TIME, [30_000], ["2026-03-04"])
        world.through("2026-03-12")
        assert world.happened("accelerated_one_time") == []


@pytest.mark.clause("AU-39.1(2)", "AU-39.1(3)", "AU-39.1(4)")
@pytest.mark.parametrize(
    ("kind", "activity"),
    [
        ("non_designated_right", "accelerated_right"),
        ("business_use", "accelerated_business"),
        ("outside_statute", "accelerated_excluded"),
    ],
)
def test_special_purchases_accelerate_like_one_time_use(kind: str, activity: str) -> None:
    world = AuWorld(kinds={kind: 1.0})
    dues = world.legs(Product.AU_TWO_TIME, [5_000, 5_000], ["2026-03-04", "2026-04-06"])
    world.through("2026-03-05")
    assert world.states(dues) == [OVERDUE, OVERDUE]
    assert world.happened(activity, "demand_sent") == [("2026-03-05", activity)] * 2


@pytest.mark.clause("AU-39.1(1)", "AU-39.2(1)", "C-60")
def test_a_missed_bill_of_late_damages_is_no_missed_payment_of_a_use(tmp_path: Path) -> None:
    # The second half is paid two weeks late; the next statement has nothing but its damages.
    account = account_with(
        tmp_path,
        {},
        "on: 2025-07-20, purchase: 450000, plan: two_time",
        "on: 2025-10-06, empty_account: true",
        "on: 2025-10-20, pay: 225000",
        "on: 2025-11-04, empty_account: true",
    )
    missed = [(row["date"], row["yen"]) for row in lines_of(account, "payment_missed")]
    assert missed == [("2025-10-06", 225_000), ("2025-11-04", 258)]
    assert lines_of(account, "accelerated_one_time", "demand_sent", "measure_cancelled") == []


@pytest.mark.golden("G-29")
@pytest.mark.clause("AU-39.2(1)", "COLL-03", "AU-9.3")
def test_a_missed_half_is_demanded_and_accelerates_everything_at_the_end() -> None:
    world = AuWorld()
    dues = world.legs(Product.AU_TWO_TIME, [5_000, 5_000], ["2026-03-04", "2026-12-04"])
    other = world.legs(Product.AU_ONE_TIME, [9_000], ["2026-12-04"], status=SCHEDULED)
    world.through("2026-04-25")
    assert world.states(dues) == [OVERDUE, OPEN]
    world.through("2026-04-26")
    assert world.states(np.concatenate((dues, other))) == [OVERDUE] * 3
    assert world.happened("demand_sent", "accelerated_demand", "measure_cancelled") == [
        ("2026-04-03", "demand_sent"),
        ("2026-04-26", "accelerated_demand"),
        ("2026-04-26", "accelerated_demand"),
        ("2026-04-26", "accelerated_demand"),
        ("2026-04-26", "measure_cancelled"),
    ]
    assert world.world.members.status[0] == Status.CANCELLED


@pytest.mark.golden("G-29")
@pytest.mark.clause("AU-39.2(8)")
def test_a_demand_that_comes_back_accelerates_on_the_twenty_fifth_day() -> None:
    world = AuWorld(demand={"undeliverable_share": 1.0})
    world.legs(Product.AU_TWO_TIME, [5_000, 5_000], ["2026-03-04", "2026-12-04"])
    world.through("2026-05-01")
    assert set(world.happened("demand_returned", "accelerated_undelivered")) == {
        ("2026-04-28", "demand_returned"),
        ("2026-04-28", "accelerated_undelivered"),
    }


@pytest.mark.clause("AU-39.2(1)")
def test_a_demand_names_all_that_is_overdue_when_it_is_sent() -> None:
    world = AuWorld()
    world.legs(Product.AU_INSTALMENTS, [10_000] * 4, ["2026-02-04", *THREE_DATES])
    world.through("2026-03-31")
    demanded = event_frame([world.world]).filter(activity="demand_sent")
    dates, yen = demanded["timestamp"].dt.date().cast(str).to_list(), demanded["yen"].to_list()
    # 30 days after the first missed payment the second one is two days late.
    assert (dates, yen) == (["2026-03-06"], [20_000])
    assert world.happened("accelerated_demand") == [("2026-03-29", "accelerated_demand")] * 4


@pytest.mark.clause("AU-39.2(1)", "COLL-03")
def test_one_demand_runs_at_a_time_and_what_was_missed_meanwhile_has_its_own() -> None:
    world = AuWorld(demand={"days": 60})
    dues = world.legs(Product.AU_TWO_TIME, [5_000, 5_000], ["2026-02-04", "2026-03-20"])
    assert world.pays("2026-04-25", 5_000) == 5_000
    world.through("2026-07-12")
    assert world.states(dues) == [PAID, OVERDUE]
    # The first one leaves time until 7 May; the second payment would have been demanded in April.
    assert world.happened("demand_sent", "demand_met", "accelerated_demand") == [
        ("2026-03-06", "demand_sent"),
        ("2026-05-08", "demand_met"),
        ("2026-05-09", "demand_sent"),
        ("2026-07-11", "accelerated_demand"),
    ]


@pytest.mark.clause("AU-39.2(1)", "AU-41.1")
def test_nothing_is_demanded_from_the_dead() -> None:
    world = AuWorld()
    world.legs(Product.AU_TWO_TIME, [5_000, 5_000], ["2026-03-04", "2026-12-04"])
    world.world.persons.died_day[0] = world.day("2026-03-20")
    world.through("2026-05-10")
    assert world.happened("demand_sent", "accelerated_demand") == []


@pytest.mark.clause("AU-39.2(1)")
def test_a_demand_met_in_time_accelerates_nothing() -> None:
    world = AuWorld()
    dues = world.legs(Product.AU_TWO_TIME, [5_000, 5_000], ["2026-03-04", "2026-12-04"])
    assert world.pays("2026-04-25") == 5_000
    world.through("2026-05-10")
    assert world.states(dues) == [PAID, OPEN]
    assert world.happened("demand_met", "accelerated_demand") == [("2026-04-26", "demand_met")]


@pytest.mark.clause("AU-39.2(1)")
def test_amounts_of_one_time_use_lead_to_no_demand() -> None:
    world = AuWorld(acceleration={"auto_one_time": False})
    world.legs(Product.AU_ONE_TIME, [30_000], ["2026-03-04"])
    world.through("2026-05-10")
    assert world.happened("demand_sent") == []


@pytest.mark.clause("AU-41.1")
def test_paying_the_missed_amount_in_time_puts_the_rest_back_on_its_own_days() -> None:
    world = AuWorld()
    missed = world.legs(Product.AU_ONE_TIME, [30_000], ["2026-03-04"])
    later = world.legs(Product.AU_ONE_TIME, [20_000], ["2026-04-06"])
    assert world.pays("2026-04-03") == 30_000
    assert world.states(np.concatenate((missed, later))) == [PAID, OPEN]
    assert world.world.dues.due_day[later[0]] == world.day("2026-04-06")
    # Damages of what was brought forward run from 6 March to the cure.
    damages = 30_000 * 30 * 1_455 // 3_650_000 + 20_000 * 29 * 1_455 // 3_650_000
    assert world.world.members.claimed_damages_yen[0] == damages
    world.through("2026-04-05")
    assert world.happened("reinstated", "measure_cancelled") == [("2026-04-03", "reinstated")]
    assert world.world.members.overdue_since[0] == -1


@pytest.mark.clause("AU-41.1", "AU-39.1(1)", "C-55")
@pytest.mark.parametrize(
    ("on", "reinstated"), [("2025-03-20", True), ("2025-04-04", True), ("2025-04-05", False)]
)
def test_a_cure_counts_to_its_thirtieth_day_and_the_rest_is_debited_on_its_own(
    tmp_path: Path, on: str, *, reinstated: bool
) -> None:
    # Accelerated on 5 March; the thirtieth day is the due date of what was brought forward.
    account = account_with(
        tmp_path,
        {},
        "on: 2025-01-20, purchase: 30000",
        "on: 2025-02-20, purchase: 20000",
        "on: 2025-03-04, empty_account: true",
        f"on: {on}, pay: 30000",
        start="2025-01-01",
    )
    assert paid(account, "bill_paid_late") == [(on, 30_000)]
    assert [row["date"] for row in lines_of(account, "reinstated")] == [on] * reinstated
    assert (("2025-04-04", 20_000) in paid(account)) == reinstated
    cancelled = [row["date"] for row in lines_of(account, "measure_cancelled")]
    assert cancelled == ["2025-04-05"] * (not reinstated)


@pytest.mark.clause("AU-41.1", "C-55")
@pytest.mark.parametrize(
    ("missed", "later", "on", "asked"),
    [
        ("2026-03-04", "2026-05-07", "2026-04-04", 30_000),
        ("2026-03-04", "2026-05-07", "2026-04-05", 50_000),
        ("2026-08-04", "2026-09-04", "2026-09-04", 30_000),
    ],
)
def test_until_the_thirtieth_day_only_what_was_missed_is_asked_for(
    missed: str, later: str, on: str, asked: int
) -> None:
    world = AuWorld()
    world.legs(Product.AU_ONE_TIME, [30_000], [missed])
    world.legs(Product.AU_ONE_TIME, [20_000], [later])
    assert world.pays(on) == asked


@pytest.mark.clause("AU-37.1(3)", "AU-41.1", "C-55")
def test_what_was_put_back_bears_nothing_until_it_is_accelerated_again() -> None:
    world = AuWorld()
    for yen, date in ((30_000, "2026-03-04"), (20_000, "2026-04-06"), (10_000, "2026-05-07")):
        last = world.legs(Product.AU_ONE_TIME, [yen], [date])
    world.pays("2026-03-20")
    world.through("2026-04-07")
    accrue(world.world, world.day("2026-04-30"), all_unpaid(world.world, np.array([0])))
    # The second payment is missed on 6 April, and the third one accelerated on the 7th.
    damages = int(world.world.dues.late_damages_yen[last[0]])
    assert damages == 10_000 * 23 * 1_455 // 3_650_000


@pytest.mark.clause("AU-42.1", "AU-41.1", "C-55")
def test_a_missed_use_of_a_thief_that_is_released_cures() -> None:
    one = AuWorld(loss={"relief_share": 1.0, "exclusion_share": 0.0})
    stolen = one.legs(Product.AU_ONE_TIME, [30_000], ["2026-03-04"])
    later = one.legs(Product.AU_ONE_TIME, [20_000], ["2026-05-07"], status=SCHEDULED)
    uses = one.world.purchases
    uses.status[0], uses.user[0], uses.first_leg[0] = PurchaseStatus.POSTED, User.THIEF, stolen[0]
    uses.minute[0] = one.day("2026-02-01") * MINUTES_PER_DAY
    one.through("2026-03-10")
    assert one.states(later) == [OVERDUE]
    report_loss(one.world, one.day("2026-03-10"), np.array([0]))
    decide_misuse(one.world, one.day("2026-03-24"), np.array([0]))
    assert one.states(np.concatenate((stolen, later))) == [PAID, OPEN]
    assert one.happened("reinstated") == [("2026-03-24", "reinstated")]


@pytest.mark.clause("AU-39.1(1)", "AU-37.2(3)", "C-55")
def test_what_was_put_back_and_then_missed_bears_damages_from_its_own_day_on(
    tmp_path: Path,
) -> None:
    account = account_with(
        tmp_path,
        {},
        "on: 2025-07-20, purchase: 30000",
        "on: 2025-08-20, purchase: 20000",
        "on: 2025-09-04, empty_account: true",
        "on: 2025-09-20, pay: 30000",
        "on: 2025-10-06, empty_account: true",
    )
    missed = [(row["date"], row["yen"]) for row in lines_of(account, "payment_missed")]
    assert ("2025-10-06", 20_000) in missed
    damages = lines_of(account, "late_damages_other", "late_damages_accelerated_other")
    october = sum(int(row["yen"]) for row in damages if "2025-10" in str(row["date"]))
    assert october == 20_000 * 25 * 1_455 // 3_650_000  # 7 to 31 October


@pytest.mark.reading("products.au_pay.cure.scope")
@pytest.mark.clause("AU-41.1", "C-55")
@pytest.mark.parametrize(
    ("scope", "asked", "rest"),
    [("missed_amount", 30_000, [OPEN]), ("whole_accelerated", 50_000, [PAID])],
)
def test_the_missed_amount_cures_or_the_whole_accelerated_sum(
    scope: str, asked: int, rest: list[DueStatus]
) -> None:
    world = AuWorld(cure={"scope": scope})
    dues = world.legs(Product.AU_ONE_TIME, [30_000], ["2026-03-04"])
    later = world.legs(Product.AU_ONE_TIME, [20_000], ["2026-04-06"])
    assert world.pays("2026-03-20") == asked
    assert world.states(np.concatenate((dues, later))) == [PAID, *rest]
    world.through("2026-04-05")
    assert world.happened("measure_cancelled") == []


@pytest.mark.reading("products.au_pay.cure.reinstate_days")
@pytest.mark.clause("AU-41.1", "C-55")
@pytest.mark.parametrize(("days", "cancelled"), [(30, "2026-04-05"), (3, "2026-03-09")])
def test_without_a_cure_in_time_the_membership_is_cancelled(days: int, cancelled: str) -> None:
    world = AuWorld(cure={"reinstate_days": days})
    dues = world.legs(Product.AU_ONE_TIME, [30_000], ["2026-03-04"])
    later = world.legs(Product.AU_ONE_TIME, [20_000], ["2026-05-07"])
    world.through("2026-04-10")
    assert world.happened("measure_suspended", "measure_cancelled") == [
        ("2026-03-05", "measure_suspended"),
        (cancelled, "measure_cancelled"),
    ]
    assert world.pays("2026-04-20") == 50_000
    assert world.states(np.concatenate((dues, later))) == [PAID, PAID]


@pytest.mark.clause("AU-39.2(3)", "AU-37.1(2)", "AU-41.1")
def test_an_attachment_makes_all_debts_due_the_same_day() -> None:
    world = AuWorld()
    dues = world.legs(Product.AU_TWO_TIME, [5_000, 5_000], ["2026-03-04", "2026-12-04"])
    world.through("2026-02-01")
    learn_of_attachment(world.world, world.day("2026-02-02"), np.array([0]))
    assert world.states(dues) == [OVERDUE, OVERDUE]
    assert world.world.dues.due_day[dues].tolist() == [world.day("2026-02-02")] * 2
    assert world.world.members.status[0] == Status.CANCELLED
    assert world.world.members.spell_start[0] == world.day("2026-02-02")


@pytest.mark.clause("AU-39.2(2)", "AU-39.2(4)", "AU-39.2(5)", "AU-39.2(6)", "AU-39.2(7)", "AU-39.3")
@pytest.mark.parametrize(
    ("ground", "activity"),
    [
        (Ground.PAYMENTS_SUSPENDED, "accelerated_suspension"),
        (Ground.INSOLVENCY, "accelerated_insolvency"),
        (Ground.TITLE_HARMED, "accelerated_title"),
        (Ground.DEBT_SETTLEMENT, "accelerated_settlement"),
        (Ground.WHEREABOUTS_UNKNOWN, "accelerated_whereabouts"),
        (Ground.FALSE_STATEMENT, "accelerated_on_demand"),
        (Ground.COMPANY_FAILED, "accelerated_on_demand"),
        (Ground.DETERIORATION, "accelerated_on_demand"),
        (Ground.SERIOUS_BREACH, "accelerated_on_demand"),
    ],
)
def test_every_ground_accelerates_under_its_own_clause(ground: Ground, activity: str) -> None:
    world = AuWorld()
    dues = world.legs(
        Product.AU_INSTALMENTS, [5_000] * 3, ["2026-03-04", "2026-04-06", "2026-05-07"]
    )
    world.through("2026-02-01")
    learn_of(world.world, world.day("2026-02-02"), np.array([0]), ground)
    assert world.states(dues) == [OVERDUE] * 3
    assert world.happened(activity) == [("2026-02-02", activity)] * 3


@pytest.mark.clause("AU-39.2(1)", "AU-34.1")
@pytest.mark.parametrize(("plan", "fees"), [("two_time", []), ("revolving", [414, 591, 453])])
def test_a_use_whose_payment_is_stopped_is_not_accelerated_with_the_others(
    tmp_path: Path, plan: str, fees: list[int]
) -> None:
    account = account_with(
        tmp_path,
        {"stop": {"resolve_days": 700}},
        f"on: 2025-07-20, purchase: 40000, plan: {plan}, name: sofa",
        "on: 2025-07-20, purchase: 30000, plan: two_time",
        "on: 2025-08-20, payment_stop: sofa",
        "on: 2025-09-04, empty_account: true",
    )
    accelerated = lines_of(account, "accelerated_demand")
    assert {row["date"] for row in accelerated} == {"2025-10-27"}
    # Of the stopped revolving use only the fee: to 4 September, to 4 October, and to this day.
    yen = sorted(int(row["yen"]) for row in accelerated)
    assert yen == sorted([*fees, 15_000, 15_000])


@pytest.mark.clause("AU-39.2(7)")
@pytest.mark.parametrize("ground", [Ground.WHEREABOUTS_UNKNOWN, Ground.INSOLVENCY])
def test_whose_whereabouts_are_unknown_letters_hardly_reach(ground: Ground) -> None:
    world = AuWorld()
    world.legs(Product.AU_ONE_TIME, [5_000], ["2026-03-04"])
    learn_of(world.world, world.day("2026-02-02"), np.array([0]), ground)
    is_unknown = ground is Ground.WHEREABOUTS_UNKNOWN
    assert world.world.members.is_address_stale[:2].tolist() == [is_unknown, False]


@pytest.mark.clause("AU-39.3")
def test_what_the_lender_does_not_demand_is_not_accelerated() -> None:
    world = AuWorld()
    dues = world.legs(Product.AU_ONE_TIME, [5_000], ["2026-03-04"])
    world.through("2026-02-01")
    day = world.day("2026-02-02")
    calls = np.array([False])
    learn_of(world.world, day, np.array([0]), Ground.DETERIORATION, accelerates=calls)
    assert world.states(dues) == [OPEN]
    assert world.world.members.status[0] == Status.SUSPENDED


@pytest.mark.reading("products.au_pay.acceleration.rebate_unearned")
@pytest.mark.clause("AU-37.1(1)", "C-32")
@pytest.mark.parametrize(("rebates", "expected"), [(False, 108_200), (True, 101_491)])
def test_unearned_fees_of_instalments_stay_unless_they_are_rebated(
    *, rebates: bool, expected: int
) -> None:
    world = AuWorld(acceleration={"rebate_unearned": rebates})
    dates = [f"2026-{month:02}-04" for month in range(3, 13)]
    dues = world.legs(Product.AU_INSTALMENTS, [10_000] * 10, dates, fee=820)
    world.world.ledger.post(FEE, 0, np.array([0]), np.array([8_200]))
    learn_of(world.world, world.day("2026-03-01"), np.array([0]), Ground.INSOLVENCY)
    table = world.world.dues
    owed = int(table.price_yen[dues].sum() + table.fee_yen[dues].sum())
    assert owed == expected


@pytest.mark.clause("AUX-CIC(4)")
def test_only_old_arrears_and_accelerations_for_all_are_told_to_the_bureau() -> None:
    world = AuWorld()
    world.legs(Product.AU_ONE_TIME, [30_000], ["2026-03-04"])
    world.legs(Product.AU_TWO_TIME, [5_000, 5_000], ["2026-03-04", "2026-12-04"], member=1)
    world.through("2026-06-01")
    assert world.happened("arrears_registered") == [
        ("2026-04-26", "arrears_registered"),
        ("2026-05-04", "arrears_registered"),
    ]
