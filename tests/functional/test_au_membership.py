"""Admission, limits, card data, bureau, leaving and sale at au PAY Atobarai, in small runs."""

import datetime as dt

import numpy as np
import polars as pl
import pytest

from models.policy.np_conduct import Ground
from models.products.au_pay.measures import MeasureGround
from models.products.catalogue import Lender, Product
from models.products.np_membership import MembershipTerms
from sim.config import Config
from sim.engine.au_pay.acceleration import learn_of_attachment
from sim.engine.au_pay.admission import reissue_cards
from sim.engine.au_pay.legs import write_legs
from sim.engine.au_pay.life import end_cards
from sim.engine.au_pay.limits import limits_of, raise_for_a_time, revert_limits
from sim.engine.au_pay.measures import take_measure
from sim.engine.au_pay.uses import choose_plans, switch
from sim.engine.simulation import run_worlds
from sim.engine.state.portfolio import DueStatus, PurchaseStatus, Status, Stop
from sim.engine.state.world import MINUTES_PER_DAY, World
from sim.engine.uses.cash_out import answer
from sim.facts.recorded_lines import event_frame, ledger_frame
from sim.policy_changes import Change
from sim.record.eventlog import Record
from sim.rng import Stream
from tests.functional.au_world import AuWorld
from tests.functional.conftest import merged

QUIET: dict[str, object] = {
    "months": 6,
    "population": {"members": 30, "existing_share": 1.0},
    "behaviour": {
        "repayment": {"forgets": 0.0, "short_of_cash": 0.0},
        "hardship": {"per_month": 0.0},
    },
    "lenders": {"au": {"spending": {"uses_per_year": 24.0, "cancel_share": 0.0}}},
    "products": {
        "atone": {"enabled": False},
        "au_pay": {
            "enabled": True,
            "admission": {"cut_off": 0.0},
            "limit": {"temporary_per_month": 0.0, "noncomply_share": 0.0},
            "card": {"security_code_wrong_share": 0.0, "held_share": 0.0},
            "conduct": {"withdraws_per_month": 0.0, "inquiry_per_month": 0.0},
            "hazards": {"whereabouts_unknown": 0.0},
        },
    },
}
"""Thirty members who pay on time and of whom nothing is heard."""
LATE = {
    "repayment": {
        "short_of_cash": 1.0,
        "ceiling": 1.0,
        "forgets": 0.0,
        "short": {"days": (69, 70), "unpaid": (1.0, 1e-12)},
        "waits_for_payday": 0.0,
    }
}
"""Behaviour of members who pay every bill seventy days late."""


def lived(terms: dict[str, object] | None = None, **changes: object) -> tuple[World, pl.DataFrame]:
    """Give the world at the end of a run and its events."""
    config = merged(merged(QUIET, changes), {"products": {"au_pay": terms or {}}})
    worlds = run_worlds(Config.model_validate(config), [0], "cohort", Record.everyone())
    return worlds[-1], event_frame([worlds[-1]]).sort("timestamp")


def dates(events: pl.DataFrame, activity: str) -> dict[int, dt.date]:
    """Give the date of the first event of a kind by member."""
    chosen = events.filter(pl.col("activity") == activity)
    firsts = chosen.group_by("case_id").agg(pl.col("timestamp").min().dt.date())
    return dict(firsts.iter_rows())


@pytest.mark.clause("AU-2.1", "AU-2.2", "AUX-CIC(2)", "AUX-CIC(3)", "AU-15.1", "AU-15.2")
def test_the_contract_begins_three_days_after_the_application_and_is_registered() -> None:
    world, events = lived()
    admitted, registered = (
        dates(events, name) for name in ("application_approved", "contract_registered")
    )
    applied = world.members.application_day[:30]
    start = world.config.start
    assert admitted == registered
    assert {member: (day - start).days for member, day in admitted.items()} == {
        member: day + 3 for member, day in enumerate(applied.tolist())
    }
    assert dates(events, "application_registered") == admitted


@pytest.mark.clause("AU-2.1", "AU-22.1", "AU-18.1")
def test_whoever_scores_below_the_cut_off_is_refused_and_the_query_stays() -> None:
    world, events = lived({"admission": {"cut_off": 1_000.0}})
    assert (world.members.status[:30] == Status.REJECTED).all()
    assert dates(events, "application_registered").keys() == set(range(30))
    assert not dates(events, "contract_registered")


@pytest.mark.clause("AU-17.1", "AU-11.1")
@pytest.mark.parametrize(
    ("share", "activity"),
    [("refuses_consent_share", "consent_refused"), ("antisocial_share", "ties_refused")],
)
def test_who_withholds_consent_or_is_suspected_of_ties_is_not_looked_up(
    share: str, activity: str
) -> None:
    world, events = lived({"admission": {share: 1.0}})
    assert len(dates(events, activity)) == 30
    assert not dates(events, "bureau_asked")
    assert (world.members.status[:30] == Status.REJECTED).all()


@pytest.mark.clause("AU-10.1", "AU-10.2")
@pytest.mark.parametrize(
    ("action", "status"), [("suspend", Status.SUSPENDED), ("cancel", Status.CANCELLED)]
)
def test_unfinished_identity_checks_have_their_measure_after_the_deadline(
    action: str, status: Status
) -> None:
    world, events = lived({"admission": {"kyc_unfinished_share": 1.0, "kyc_action": action}})
    joined, found = dates(events, "application_approved"), dates(events, "checks_unfinished")
    assert {(found[member] - joined[member]).days for member in found} == {31}
    assert (world.members.status[:30] == status).all()


@pytest.mark.clause("AU-10.2", "AU-49.2")
def test_a_longer_time_for_identity_checks_holds_for_those_under_way() -> None:
    longer = {"products.au_pay.admission.kyc_deadline_days": 50}
    changes = (Change(on=Config().start + dt.timedelta(days=10), set=longer),)
    terms = {"admission": {"kyc_unfinished_share": 1.0}}
    world, events = lived(terms, policy={"changes": changes})
    joined, found = dates(events, "application_approved"), dates(events, "checks_unfinished")
    assert {(found[member] - joined[member]).days for member in joined} == {51}
    assert (world.members.status[:30] == Status.SUSPENDED).all()


@pytest.mark.clause("AU-15.1", "AUX-CIC(4)", "AU-22.3", "AUX-CIC-P", "AUX-CIC(1)")
def test_registered_arrears_weigh_at_the_next_review() -> None:
    terms = {
        "acceleration": {"auto_one_time": False},
        "demand": {"send_day": 300},
        "limit": {"review_every_days": 170},
    }
    limits = []
    for points in (0.0, -40.0):
        terms["admission"] = {"derogatory_points": points}
        world, events = lived(terms, behaviour=LATE, months=7)
        assert dates(events, "arrears_registered")
        limits.append(world.members.limit_yen[:30].sum())
    assert limits[1] < limits[0]


@pytest.mark.clause("AUX-CIC(3)", "AU-40.1", "AU-40.2")
def test_whoever_withdraws_pays_on_schedule_and_the_file_ends_with_the_debt() -> None:
    world, events = lived({"conduct": {"withdraws_per_month": 0.5}}, months=8)
    left, closed = dates(events, "left"), dates(events, "contract_end_registered")
    assert left
    paid = events.filter(pl.col("activity") == "bill_paid").rows(named=True)
    assert any(row["timestamp"].date() > left.get(row["case_id"], dt.date.max) for row in paid)
    uses = events.filter(pl.col("activity") == "purchase_authorised").rows(named=True)
    late_uses = [
        row for row in uses if row["timestamp"].date() > left.get(row["case_id"], dt.date.max)
    ]
    assert len(late_uses) < len(left)  # continuing charges only
    assert set(closed) <= set(left)
    files = world.credit.standings if world.credit is not None else None
    assert files is not None
    for member in closed:
        ended, last = world.members.ended_day[member], world.members.last_paid_day[member]
        assert files.closed_day[member] == max(ended, last)


@pytest.mark.clause("AUX-CIC(3)", "AUX-CIC(4)")
def test_a_file_stays_open_while_late_damages_are_owed() -> None:
    _, events = lived(behaviour=LATE, months=7)
    closed = dates(events, "contract_end_registered")
    assert closed
    bills = ("bill_paid", "bill_paid_late", "claims_billed")
    after = [
        row
        for row in events.filter(pl.col("activity").is_in(bills)).rows(named=True)
        if row["timestamp"].date() > closed.get(row["case_id"], dt.date.max)
    ]
    assert after == []


@pytest.mark.clause("AU-22.4")
def test_a_raise_for_a_time_reverts_without_notice() -> None:
    world, events = lived(
        {"limit": {"temporary_per_month": 1.0, "temporary_approved_share": 1.0}}, months=3
    )
    given = events.filter(pl.col("activity") == "temporary_limit_given")
    ended = events.filter(pl.col("activity") == "temporary_limit_ended")
    lasts = ended.join(given, on="case_id", suffix="_given").with_columns(
        days=(pl.col("timestamp") - pl.col("timestamp_given")).dt.total_days()
    )
    assert 30 in set(lasts["days"].to_list())
    assert (given["yen"] >= 100_000).all()
    assert (ended["yen"] == world.members.limit_yen[ended["case_id"].to_numpy()]).all()


@pytest.mark.clause("AU-22.4", "AU-22.7")
def test_a_second_raise_outlives_the_first_and_none_lifts_a_limit_of_nothing() -> None:
    world = AuWorld().world
    row, yes, standings = np.array([0]), np.zeros(1), world.credit.standings
    for day in (10, 20):
        raise_for_a_time(world, day, row, yes)
    revert_limits(world, 40, row)
    assert limits_of(world, 49, row).tolist() == [600_000]
    world.members.limit_yen[0] = 0
    assert limits_of(world, 49, row).tolist() == [0]
    revert_limits(world, 50, row)
    assert standings.temporary_yen[0] == 0


@pytest.mark.clause("AU-24.5", "AU-40.2")
@pytest.mark.parametrize("informs", [0.0, 1.0])
def test_a_merchant_who_is_not_told_charges_who_has_left(informs: float) -> None:
    terms = {
        "conduct": {"withdraws_per_month": 0.5},
        "continuing": {"share": 1.0, "informs_merchant_share": informs},
    }
    _, events = lived(terms)
    left = dates(events, "left")
    posted = events.filter(activity="purchase_posted").rows(named=True)
    after = {
        row["case_id"]
        for row in posted
        if row["timestamp"].date() - dt.timedelta(days=32) > left.get(row["case_id"], dt.date.max)
    }
    assert bool(after) == (informs == 0.0)


@pytest.mark.clause("AU-41.1")
def test_no_measure_is_taken_against_who_has_left() -> None:
    one = AuWorld()
    one.world.members.status[0] = Status.WITHDRAWN
    take_measure(one.world, 30, np.array([0, 1]), MeasureGround.SUSPICIOUS)
    assert event_frame([one.world]).filter(activity="measure_ground")["case_id"].to_list() == [1]


@pytest.mark.clause("AU-22.4", "AU-27.2", "AU-27.3")
@pytest.mark.parametrize(("date", "plan"), [("2026-02-10", True), ("2026-02-11", False)])
@pytest.mark.parametrize("asked", [Product.AU_REVOLVING, Product.AU_INSTALMENTS])
def test_a_raise_for_a_time_is_room_for_revolving_and_instalments_too(
    date: str, asked: Product, *, plan: bool
) -> None:
    one = AuWorld()
    world, day = one.world, one.day(date)
    world.members.limit_yen[0], world.revolving.is_suitable[0] = 50_000, True
    standings = world.credit.standings
    standings.temporary_yen[0], standings.temporary_until[0] = 100_000, one.day("2026-02-10")
    uses = world.purchases.append(
        1, member=0, asked_plan=asked, times=10, price_yen=80_000, minute=day * MINUTES_PER_DAY
    )
    choose_plans(world, uses, np.array([70_000]))
    assert world.purchases.product[uses] == (asked if plan else Product.AU_ONE_TIME)
    world.members.unsettled_yen[0] = 150_000
    world.purchases.product[uses], world.purchases.times[uses] = Product.AU_ONE_TIME, 1
    world.purchases.status[uses], world.purchases.billing_month[uses] = PurchaseStatus.POSTED, 2
    write_legs(world, day, uses)
    switch(world, day, uses, np.array([asked]), np.array([10]))
    assert world.purchases.product[uses] == (asked if plan else Product.AU_ONE_TIME)


@pytest.mark.clause("AU-28.1", "AU-28.3(2)")
@pytest.mark.parametrize("is_suitable", [True, False])
def test_only_who_is_suitable_may_switch(*, is_suitable: bool) -> None:
    one = AuWorld()
    world, day = one.world, one.day("2026-02-10")
    world.revolving.is_suitable[0] = is_suitable
    dues = one.legs(Product.AU_ONE_TIME, [80_000], ["2026-04-06"], status=DueStatus.SCHEDULED)
    uses = world.dues.purchase[dues].astype(np.int64)
    world.purchases.status[uses], world.purchases.billing_month[uses] = PurchaseStatus.POSTED, 2
    world.purchases.first_leg[uses] = dues
    switch(world, day, uses, np.array([Product.AU_REVOLVING]), np.array([0]))
    found = Product.AU_REVOLVING if is_suitable else Product.AU_ONE_TIME
    assert world.purchases.product[uses] == found


@pytest.mark.clause("AU-30.1(3)")
def test_a_top_up_is_for_the_payment_of_its_month_and_not_kept_for_a_later_one() -> None:
    mix = {"two_time": 0.0, "bonus": 0.0, "revolving": 0.0, "instalments": 0.0}
    plan = {"mix": mix, "all_revolving_share": 0.0, "switch_share": 0.0}
    world, _ = lived({"revolving": {"top_up_share": 0.3}, "plan": plan}, months=3)
    rows = np.arange(30)
    last = world.calendar.month_of[world.n_days - 1]
    asks = world.uniforms(Stream.AU_MONTH, rows, int(last))[3] < 0.3
    asks &= world.members.status[:30] <= Status.SUSPENDED
    assert np.flatnonzero(world.revolving.top_up_yen[:30]).tolist() == rows[asks].tolist()


@pytest.mark.clause("AU-22.7", "AU-22.3")
@pytest.mark.parametrize(
    ("action", "status"),
    [("cut", Status.ACTIVE), ("suspend", Status.SUSPENDED), ("cancel", Status.CANCELLED)],
)
def test_refused_documents_cut_suspend_or_cancel(action: str, status: Status) -> None:
    limit = {"noncomply_share": 1.0, "noncomply_action": action, "review_every_days": 90}
    world, events = lived({"limit": limit}, months=5)
    assert len(dates(events, "documents_refused")) == 30
    assert (world.members.status[:30] == status).all()
    assert (world.members.limit_yen[:30] == 0).all() == (action != "suspend")


@pytest.mark.clause("AU-27.1", "AU-22.5", "AU-24.6")
@pytest.mark.parametrize(
    ("terms", "passes"),
    [
        ({}, None),
        ({"over_limit_approved_share": 1.0}, "over_limit_approved"),
        ({"offline_share": 1.0}, "offline_use"),
    ],
)
def test_use_above_the_limit_needs_approval_or_escapes_authorisation(
    terms: dict[str, object], passes: str | None
) -> None:
    bands = ({"from_score": 0.0, "limit_yen": 10_000},)
    _, events = lived({"limit": {"bands": bands, **terms}})
    declined = dates(events, "declined_cumulative_limit")
    assert bool(declined) == (passes is None)
    if passes is not None:
        assert dates(events, passes)


@pytest.mark.clause("AU-22.6")
@pytest.mark.parametrize("claims", ["claims", "waits"])
def test_the_excess_over_the_limit_is_claimed_in_one_sum(claims: str) -> None:
    bands = ({"from_score": 0.0, "limit_yen": 10_000},)
    limit = {
        "bands": bands,
        "over_limit_approved_share": 1.0,
        "over_limit_claim": claims == "claims",
    }
    mix = {"two_time": 1.0, "bonus": 0.0, "revolving": 0.0, "instalments": 0.0}
    _, events = lived({"limit": limit, "plan": {"mix": mix}})
    assert bool(dates(events, "excess_claimed")) == (claims == "claims")


@pytest.mark.clause("AU-24.9")
def test_a_wrong_security_code_blocks_the_card_for_a_day() -> None:
    _, events = lived({"card": {"security_code_wrong_share": 1.0}})
    assert not dates(events, "purchase_authorised")
    wrong = events.filter(pl.col("activity") == "code_wrong")
    by_day = wrong.with_columns(day=pl.col("timestamp").dt.date())
    assert by_day.group_by("case_id", "day").len()["len"].max() == 1


@pytest.mark.clause("AU-24.11", "AU-22.2", "AU-10.3", "AU-48.1", "AU-13.2")
@pytest.mark.parametrize(
    "terms",
    [
        {"limit": {"restricted_share": 1.0}},
        {"foreign": {"share": 1.0, "restricted_share": 1.0}},
        {"foreign": {"share": 1.0}, "admission": {"exposed_person_share": 1.0}},
    ],
)
def test_restricted_goods_persons_and_use_abroad_are_refused(terms: dict[str, object]) -> None:
    _, events = lived(terms)
    assert dates(events, "declined_restricted")
    assert not dates(events, "purchase_authorised")


@pytest.mark.clause("AU-24.8")
def test_a_suspicious_use_is_held_for_review() -> None:
    _, events = lived({"card": {"held_share": 1.0}})
    assert dates(events, "purchase_held")
    assert set(dates(events, "purchase_authorised")) <= set(dates(events, "review_approved"))


@pytest.mark.clause("AU-7.1", "AU-7.2", "AU-7.4", "AU-7.6")
@pytest.mark.parametrize("renewal", ["no_arrears", "always"])
def test_card_data_are_renewed_at_the_end_of_a_month_unless_the_member_is_late(
    renewal: str,
) -> None:
    late = {"repayment": {"short_of_cash": 1.0, "ceiling": 1.0}}
    _, events = lived({"card": {"valid_months": 3, "renewal": renewal}}, behaviour=late, months=5)
    renewed, expired = dates(events, "card_renewed"), dates(events, "card_expired")
    assert {day.day for day in (*renewed.values(), *expired.values())} == {1}
    assert expired


@pytest.mark.clause(
    "AU-4.1", "AU-4.3", "AU-42.1", "AU-42.2", "AU-43.1", "AU-43.2", "AU-8.1", "AU-3.1"
)
def test_lost_card_data_are_issued_again_and_uses_of_others_released() -> None:
    misuse = dict.fromkeys(("loss_per_month", "pin_per_month", "stranger_per_month"), 0.1)
    world, events = lived(lenders={"au": {"misuse": {**misuse, "lent_per_month": 0.1}}})
    began, again = dates(events, "card_reissue_began"), dates(events, "card_reissued")
    assert began
    assert {(again[member] - began[member]).days for member in again} == {7}
    released = ("use_exempted", "strangers_use_exempted", "member_liable")
    assert all(dates(events, name) for name in released)
    assert "atone" not in set(events["product"])  # declined uses of third parties are no others'
    lines = ledger_frame([world])
    assert lines.filter(pl.col("kind").str.starts_with("exempted"))["yen"].sum() > 0


@pytest.mark.clause("AU-4.1", "AU-7.1")
def test_a_second_loss_before_the_new_data_come_ends_no_card_that_is_still_valid() -> None:
    _, events = lived(lenders={"au": {"misuse": {"loss_per_month": 1.0}}}, months=12)
    began = events.filter(activity="card_reissue_began").group_by("case_id")
    gaps = began.agg(pl.col("timestamp").sort().diff().dt.total_days().min())["timestamp"]
    assert gaps.min() < 7
    assert not dates(events, "card_expired")  # valid for sixty months


@pytest.mark.clause("AU-4.1", "AU-7.1", "AU-24.9")
def test_expired_data_stay_expired_after_a_wrong_code_and_after_a_loss() -> None:
    world, _ = lived({"card": {"valid_months": 240}}, months=1)
    day, rows, standings = world.n_days - 1, np.array([3]), world.credit.standings
    world.members.status[rows], world.members.overdue_since[rows] = Status.ACTIVE, day - 10
    standings.usable_day[rows] = day  # a wrong code of yesterday blocked them until today
    end_cards(world, day, rows)
    assert standings.usable_day[rows] > world.n_days
    reissue_cards(world, day, rows)
    assert standings.usable_day[rows] > world.n_days


@pytest.mark.clause("AU-10.4", "AU-13.1", "AU-13.3", "AU-41.1")
@pytest.mark.parametrize(
    ("chance", "activity", "status"),
    [
        ("inquiry_per_month", "explanation_asked", Status.SUSPENDED),
        ("money_laundering_per_month", "concern_raised", Status.CANCELLED),
    ],
)
def test_questions_without_an_answer_lead_to_measures(
    chance: str, activity: str, status: Status
) -> None:
    world, events = lived({"conduct": {chance: 1.0, "inquiry_unanswered_share": 1.0}})
    assert len(dates(events, activity)) == 30
    assert (world.members.status[:30] == status).all()


@pytest.mark.clause("AU-24.12", "AU-41.1")
@pytest.mark.parametrize(("ground", "number"), [(Ground.BREACH, 2), (Ground.CASH_OUT, 6)])
@pytest.mark.parametrize(
    ("measure", "status"),
    [("suspend", Status.SUSPENDED), ("cancel", Status.CANCELLED), ("none", Status.ACTIVE)],
)
def test_conduct_that_is_found_out_has_the_measure_of_the_terms(
    ground: Ground, number: int, measure: str, status: Status
) -> None:
    world, _ = lived({"measures": {ground.name.lower(): measure}}, months=1)
    members = np.flatnonzero(world.members.status[:30] == Status.ACTIVE)
    assert members.size > 10
    answer(world, 30, members, ground)
    assert (world.members.status[members] == status).all()
    grounds = event_frame([world]).filter(activity="measure_ground")["reference"]
    assert grounds.to_list() == ([] if measure == "none" else [number] * members.size)


@pytest.mark.clause("AU-41.1", "COLL-01")
@pytest.mark.parametrize(
    ("measure", "status"),
    [("suspend", Status.SUSPENDED), ("cancel", Status.CANCELLED), ("none", Status.ACTIVE)],
)
def test_arrears_have_the_measure_of_the_terms(measure: str, status: Status) -> None:
    terms = {
        "measures": {"unpaid": measure},
        "acceleration": {"auto_one_time": False},
        "demand": {"send_day": 300},
    }
    world, _ = lived(terms, behaviour=LATE, months=4)
    in_arrears = np.flatnonzero(world.members.overdue_since[:30] >= 0)
    assert in_arrears.size > 5
    assert (world.members.status[in_arrears] == status).all()


@pytest.mark.clause("AU-39.2(4)", "AU-39.2(7)", "AU-39.3", "AU-41.1", "AUX-CIC(4)")
@pytest.mark.parametrize(
    ("hazard", "activity"),
    [
        ("whereabouts_unknown", "accelerated_whereabouts"),
        ("serious_breach", "accelerated_on_demand"),
    ],
)
def test_what_the_lender_learns_ends_memberships(hazard: str, activity: str) -> None:
    world, events = lived({"hazards": {hazard: 1.0}})
    assert dates(events, activity)
    assert (world.members.status[:30] == Status.CANCELLED).all()
    assert set(dates(events, activity)) == set(dates(events, "arrears_registered"))


@pytest.mark.clause("AU-41.1")
def test_death_stops_the_card_and_leaves_the_debt_to_the_estate() -> None:
    death = MembershipTerms().death.model_copy(update={"per_month": 0.5})
    world, events = lived(products={"np_membership": {"death": death.model_dump()}}, months=12)
    died = dates(events, "died")
    assert died
    assert all(world.members.status[member] == Status.DECEASED for member in died)
    uses = events.filter(pl.col("activity") == "purchase_authorised").rows(named=True)
    bills = events.filter(pl.col("activity").is_in(("bill_paid", "debit_failed"))).rows(named=True)
    for row in (*uses, *bills):  # the account of the dead is frozen
        assert row["timestamp"].date() <= died.get(row["case_id"], dt.date.max)
    assert dates(events, "estate_settled")


@pytest.mark.clause("AU-45.1", "AU-25.3")
def test_old_arrears_are_sold_at_a_price() -> None:
    late = {"repayment": {"short_of_cash": 1.0, "ceiling": 1.0}}
    sale = {"enabled": True, "from_day": 90, "price": [3, 100]}
    world, _ = lived({"sale": sale}, behaviour=late, months=8)
    lines = ledger_frame([world])
    sold = (
        lines.filter(pl.col("kind").str.ends_with("_sold"))
        .group_by("member", "day")
        .agg(pl.col("yen").sum())
    )
    price = lines.filter(pl.col("kind") == "sale_proceeds").select("member", "day", "yen")
    both = sold.join(price, on=["member", "day"], suffix="_price")
    assert both.height == sold.height > 0
    assert (both["yen"] * 3 // 100 == both["yen_price"]).all()
    assert all(world.members.status[member] > Status.SUSPENDED for member in both["member"])


@pytest.mark.clause("AU-25.3", "LEN-08")
@pytest.mark.parametrize("securitises", ["yes", "no"])
def test_servicing_of_securitised_receivables_is_earned(securitises: str) -> None:
    world, _ = lived({"sale": {"securitise": securitises == "yes"}})
    fees = ledger_frame([world]).filter(pl.col("kind") == "servicing_fee")
    assert (fees.height > 0) == (securitises == "yes")


@pytest.mark.clause("AU-39.2(3)", "NP-7.1")
def test_an_attachment_by_one_lender_is_known_to_the_other_the_same_day() -> None:
    config = Config.model_validate(
        merged(QUIET, {"products": {"atone": {"enabled": True}}, "months": 4})
    )
    np_world, au_world = run_worlds(config, [0], "cohort", Record.everyone())
    members = np_world.members
    rows = (members.status[:30] == Status.ACTIVE).nonzero()[0][:3]
    day = np_world.n_days - 1
    learn_of_attachment(np_world, day, rows)
    assert (members.stops[rows] & int(Stop.CREDIT) != 0).all()
    learn_of_attachment(au_world, day, rows)
    assert au_world.lender == Lender.AU
    assert (au_world.members.status[rows] == Status.CANCELLED).all()


@pytest.mark.clause("AUX-CIC(4)", "ART-08")
def test_arrears_at_au_never_reach_the_other_lender() -> None:
    late = {"repayment": {"short_of_cash": 1.0, "ceiling": 1.0}}
    changes = {"products": {"atone": {"enabled": True}}, "behaviour": late, "months": 6}
    outcomes = []
    for share in (0.0, 1.0):
        config = merged(merged(QUIET, changes), {"lenders": {"au": {"applicants_share": share}}})
        worlds = run_worlds(Config.model_validate(config), [0], "cohort", Record.everyone())
        outcomes.append(ledger_frame(worlds[:1]))
        assert (worlds[1].members.joined_day[:30] >= 0).any() == (share == 1.0)
    assert outcomes[0].equals(outcomes[1])


@pytest.mark.clause("AU-9.1", "AU-9.2", "AU-39.2(8)")
def test_a_demand_does_not_reach_who_moved_without_a_word() -> None:
    late = {"repayment": {"short_of_cash": 1.0, "ceiling": 1.0}}
    slow = {"short": {"days": (199, 200), "unpaid": (1.0, 1e-12)}, "waits_for_payday": 0.0}
    late["repayment"].update(slow)  # type: ignore[arg-type]
    mix = {"two_time": 1.0, "bonus": 0.0, "revolving": 0.0, "instalments": 0.0}
    conduct = {"moves_per_month": 1.0, "move_unreported_share": 0.8, "move_inferred_share": 0.2}
    terms = {"conduct": conduct, "plan": {"mix": mix}, "demand": {"undeliverable_share": 0.0}}
    _, events = lived(terms, behaviour=late, months=8)
    for activity in ("move_reported", "move_inferred", "move_unreported"):
        assert dates(events, activity)
    assert set(dates(events, "demand_returned")) <= set(dates(events, "move_unreported"))
    assert dates(events, "accelerated_undelivered")


@pytest.mark.clause("AU-44.3")
@pytest.mark.parametrize("cost", [0, 110])
def test_each_late_payment_costs_what_the_lender_has_set(cost: int) -> None:
    late = {"repayment": {"short_of_cash": 0.5, "ceiling": 1.0}}
    world, events = lived({"costs": {"payment_cost_yen": cost}}, behaviour=late)
    claimed = ledger_frame([world]).filter(pl.col("kind") == "payment_cost_claimed")
    n_paid = events.filter(pl.col("activity") == "bill_paid_late").height
    assert claimed["yen"].sum() == cost * n_paid


@pytest.mark.clause("AUX-FEE")
@pytest.mark.parametrize("fee", [0, 1_375])
def test_the_annual_fee_is_charged_a_year_after_the_contract(fee: int) -> None:
    world, events = lived({"costs": {"annual_fee_yen": fee}}, months=14)
    charged, joined = dates(events, "card_fee_charged"), dates(events, "application_approved")
    assert bool(charged) == (fee > 0)
    assert {(charged[member] - joined[member]).days for member in charged} <= {365}
    lines = ledger_frame([world]).filter(pl.col("kind") == "card_fee")
    assert lines["yen"].sum() == fee * len(charged)
