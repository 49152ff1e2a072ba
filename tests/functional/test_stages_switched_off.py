"""Each stage of collection switched off by itself: the result moves the way stated beforehand.

Members buy in January only, so that what is collected leads to no new purchase, and the ladder is
short, so that the last stage is reached within the horizon. All runs share their seed: members keep
their lives except for what the stage does to them.
"""

from collections.abc import Mapping
from pathlib import Path

import polars as pl
import pytest

from sim.config import load_config
from sim.engine.simulation import simulate

ATONE = Path(__file__).resolve().parents[2] / "configs" / "atone.yaml"
LADDER = (
    "[{day: 2, action: message}, {day: 5, action: call}, {day: 12, action: letter}, "
    "{day: 20, action: letter}, {day: 35, action: hand_over}, "
    "{day: 60, action: sue, when: {is_placed: true}}]"
)
SMALL = (
    "population.members=700",
    "population.existing_share=1.0",
    "months=14",
    "behaviour.spending.season=[12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]",
    "behaviour.spending.cancel_share=0.0",
    "behaviour.repayment.short_of_cash=0.3",
    f"collections.ladder={LADDER}",
    "collections.law_firm.probability=1.0",
    "collections.write_off={day: 250, quiet_days: 60}",
    "collections.law.court.probability=1.0",
    "collections.law.court.minimum_claim_yen=1",
    "collections.law.court.response={forgetful: 0.3, short: 0.1, hardship: 0.02}",
    "collections.law.garnishment.employer_known=0.8",
    "collections.law.settlement.plan_after_days=30",
    "collections.law.insolvency.late_per_year=0.3",
)
WITHOUT = {
    "calls": "collections.call_desk.callers=0",
    "law_firm": "collections.law_firm.probability=0.0",
    "court": "collections.law.court.probability=0.0",
    "garnishment": "collections.law.garnishment.probability=0.0",
    "settlement": "collections.law.settlement.enabled=false",
    "insolvency": "collections.law.insolvency.enabled=false",
    "freshness": "collections.contacts.fatigue=0.5",
    "patience": "collections.contacts.per_week=1",
}
"""What takes a stage away; fatigue takes the freshness of contacts, the cap their number."""
Facts = Mapping[str, pl.DataFrame]


@pytest.fixture(scope="module")
def facts() -> Facts:
    """Simulate the ladder whole, and once without each stage."""
    runs = {"whole": ()} | {name: (override,) for name, override in WITHOUT.items()}
    return {
        name: simulate(load_config(ATONE, [*SMALL, *overrides]), [0]).facts
        for name, overrides in runs.items()
    }


def count(frame: pl.DataFrame, *activities: str) -> int:
    """Count events."""
    is_it = (pl.col("table") == "events") & pl.col("key").is_in(activities)
    return int(frame.filter(is_it)["count"].sum())


def yen(frame: pl.DataFrame, *kinds: str) -> int:
    """Sum the yen of postings."""
    is_it = (pl.col("table") == "postings") & pl.col("key").is_in(kinds)
    return int(frame.filter(is_it)["yen"].sum())


def collected(frame: pl.DataFrame) -> int:
    """Sum the price that came in before write-off, and all that came in after it."""
    return yen(frame, "principal_paid", "recovered")


def paid_in_house(frame: pl.DataFrame) -> int:
    """Sum the price that came in before the day of the hand-over."""
    paid = frame.filter(pl.col("table") == "paid")
    return int(paid.filter(pl.col("subkey").cast(pl.Int64) < 35)["yen"].sum())


def test_the_whole_ladder_reaches_every_stage(facts: Facts) -> None:
    """Otherwise the tests below would compare nothing with nothing."""
    stages = (
        "contact_sent", "promise_made", "agency_collected", "order_filed", "title_final",
        "wage_garnished", "plan_paid", "bankruptcy_filed", "written_off",
    )  # fmt: skip
    assert [stage for stage in stages if count(facts["whole"], stage) == 0] == []


@pytest.mark.clause("COLL-02")
def test_without_callers_more_is_handed_over_and_written_off(facts: Facts) -> None:
    """Promises make members pay earlier or at all; nobody pays later because of a call."""
    whole, without = facts["whole"], facts["calls"]
    assert count(without, "promise_made", "call_reached", "call_no_contact") == 0
    assert paid_in_house(without) < paid_in_house(whole)
    assert count(without, "handed_over") > count(whole, "handed_over")
    assert yen(without, "principal_written_off") > yen(whole, "principal_written_off")


@pytest.mark.clause("COLL-04")
def test_without_a_law_firm_less_is_collected_and_nobody_is_sued(facts: Facts) -> None:
    """Only placed cases are sued, so its rounds, titles and wages all fall away."""
    whole, without = facts["whole"], facts["law_firm"]
    assert count(without, "agency_round", "order_filed", "wage_garnished") == 0
    assert collected(without) < collected(whole)
    assert yen(without, "agency_fee", "court_cost") == 0 < yen(whole, "agency_fee", "court_cost")


@pytest.mark.clause("COLL-05")
def test_without_a_court_no_wage_is_attached_and_less_comes_in(facts: Facts) -> None:
    """Papers served move some to pay, and titles bring wages; no other step takes their place."""
    whole, without = facts["whole"], facts["court"]
    assert count(without, "order_filed", "title_final", "wage_attached", "wage_garnished") == 0
    assert yen(without, "court_cost") == 0
    assert collected(without) < collected(whole)
    assert count(without, "agency_round") > 0


@pytest.mark.clause("COLL-07")
def test_without_garnishment_titles_remain_and_bring_less(facts: Facts) -> None:
    """The court goes on until the title; whom a served paper does not move pays nothing more."""
    whole, without = facts["whole"], facts["garnishment"]
    assert count(without, "wage_attached", "wage_garnished") == 0
    assert count(without, "title_final") >= count(whole, "title_final")
    assert collected(facts["court"]) < collected(without) < collected(whole)


@pytest.mark.clause("COLL-09")
def test_without_settlement_no_plan_is_agreed_and_dunning_goes_on(facts: Facts) -> None:
    """A plan stops contacts and court steps; without it the ladder climbs on."""
    whole, without = facts["whole"], facts["settlement"]
    assert count(without, "intermediary_retained") == 0 < count(whole, "intermediary_retained")
    # What is left are plans of civil rehabilitation.
    assert count(without, "plan_agreed") <= count(without, "rehabilitation_filed")
    assert count(without, "agency_round") > count(whole, "agency_round")
    assert count(without, "wage_garnished") > count(whole, "wage_garnished")


@pytest.mark.clause("COLL-10")
def test_without_insolvency_no_debt_is_discharged(facts: Facts) -> None:
    """Petitions are the only way to a discharge."""
    whole, without = facts["whole"], facts["insolvency"]
    petitions = ("bankruptcy_filed", "rehabilitation_filed")
    assert count(without, *petitions, "discharged") == 0
    assert count(whole, *petitions) > 0
    assert count(without, "agency_round") > count(whole, "agency_round")


@pytest.mark.clause("COLL-02")
def test_tired_members_heed_contacts_less(facts: Facts) -> None:
    """Fatigue weakens every contact but the first: less is paid before the law firm gets cases."""
    whole, tired = facts["whole"], facts["freshness"]
    assert paid_in_house(tired) < paid_in_house(whole)
    assert count(tired, "handed_over") >= count(whole, "handed_over")


@pytest.mark.clause("COLL-02")
def test_a_cap_on_contacts_lowers_their_cost(facts: Facts) -> None:
    """Sessions wait for the next week, and some cases are paid or placed before they are held."""
    whole, capped = facts["whole"], facts["patience"]
    sessions = ("call_no_contact", "call_reached", "promise_made")
    assert count(capped, *sessions) < count(whole, *sessions)
    assert yen(capped, "contact_cost") < yen(whole, "contact_cost")
