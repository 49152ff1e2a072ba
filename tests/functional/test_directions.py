"""The whole model at its extremes, and the direction in which it answers a change.

Each test says beforehand why the answer must be so. Runs that are compared share their seed, so
members keep their lives except for what the change does to them; where the reason is a coupling of
each single member, the direction holds without exception, otherwise in the sum over the portfolio.
"""

from functools import cache
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from sim.config import load_config
from sim.engine.simulation import simulate

ATONE = Path(__file__).resolve().parents[2] / "configs" / "atone.yaml"
SMALL = ("population.members=600", "months=8", "population.existing_share=1.0")
ALL_LATE = (
    "behaviour.repayment.short_of_cash=1.0",
    "behaviour.repayment.ceiling=1.0",
    "population.strained_shape=100.0",
    "behaviour.repayment.forgets=0.0",
    "macro.rho=0.0",
    "macro.stress_multiplier=10.0",
)
"""Everybody's chance to be short of cash is above 1 and cut to 1."""
ONE_MONTH = "behaviour.spending.season=[12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]"
"""Purchases in January only: what is collected later cannot lead to new purchases."""


@cache
def live(*overrides: str) -> pl.DataFrame:
    """Simulate the baseline in small, with changes; give the facts."""
    return simulate(load_config(ATONE, [*SMALL, *overrides]), [0]).facts


def yen(facts: pl.DataFrame, *kinds: str) -> int:
    """Sum the yen of postings."""
    return int(
        facts.filter((pl.col("table") == "postings") & pl.col("key").is_in(kinds))["yen"].sum()
    )


def count(facts: pl.DataFrame, *activities: str) -> int:
    """Count events."""
    is_it = (pl.col("table") == "events") & pl.col("key").is_in(activities)
    return int(facts.filter(is_it)["count"].sum())


def bills_due(facts: pl.DataFrame) -> int:
    """Count the bills that fall due within the horizon: all but the last month's."""
    billed = facts.filter(pl.col("table") == "billed")
    return int(billed.filter(pl.col("month") < pl.col("month").max())["count"].sum())


def desk(facts: pl.DataFrame, name: str, measure: str) -> int:
    """Sum a measure of a desk."""
    is_it = (pl.col("table") == "desk") & (pl.col("key") == name) & (pl.col("subkey") == measure)
    return int(facts.filter(is_it)["count"].sum())


NO_LAW = ("collections.law.settlement.enabled=false", "collections.law.insolvency.enabled=false")
"""Without it, how far collection has come moves the chance of a settlement (ART-15)."""


def days_from_due_date(facts: pl.DataFrame) -> pl.Series:
    """Give the days from the due date on which any bill was paid."""
    return facts.filter(pl.col("table") == "paid")["subkey"].cast(pl.Int64)


def keys(facts: pl.DataFrame, table: str) -> set[str]:
    """Give the keys that occur in a table of facts."""
    return set(facts.filter(pl.col("table") == table)["key"])


def test_when_nobody_buys_no_yen_moves() -> None:
    """Every posting begins with a purchase."""
    facts = live("behaviour.spending.uses_per_year=0.0")
    assert keys(facts, "postings") == set()
    assert count(facts, "bill_closed", "payment_missed", "contact_sent") == 0
    assert count(facts, "application_approved") > 300


def test_when_nobody_is_admitted_nobody_buys() -> None:
    """Who is no member has no limit; applications are all that happens."""
    facts = live("screening.score.cut_off=1000.0")
    assert keys(facts, "postings") == set()
    assert keys(facts, "events") == {"application_rejected"}


def test_when_nobody_forgets_is_short_or_cheats_nobody_is_late() -> None:
    """A bill is missed for one of these reasons or because its payment takes days to be seen."""
    facts = live(
        "behaviour.repayment.forgets=0.0",
        "behaviour.repayment.short_of_cash=0.0",
        "behaviour.hardship.per_month=0.0",
        "population.never_pays_share=0.0",
        "products.atone.reflection.invoice=0",
    )
    assert bills_due(facts) > 1_000
    assert count(facts, "payment_missed", "use_stopped", "contact_sent", "debit_failed") == 0
    assert not any(kind.startswith(("late_", "failed_")) for kind in keys(facts, "postings"))
    assert days_from_due_date(facts).max() == 0


def test_when_everybody_is_short_every_bill_is_missed() -> None:
    """With a chance of 1 no bill is paid by its due day, by hand or by debit."""
    facts = live(*ALL_LATE, *NO_LAW, "behaviour.spending.cancel_share=0.0")
    assert bills_due(facts) > 500
    assert count(facts, "payment_missed") == bills_due(facts)
    assert count(facts, "bill_paid") == 0
    assert days_from_due_date(facts).min() == 1


def test_when_nobody_means_to_pay_no_cash_comes_in_and_no_spell_ends() -> None:
    """Nothing makes a never-payer pay, so every first bill is also the last one."""
    facts = live(
        "population.never_pays_share=1.0",
        "behaviour.spending.cancel_share=0.0",
        "collections.law_firm.probability=0.0",
    )
    assert yen(facts, "purchase_posted") > 0
    assert yen(facts, "principal_paid", "fee_paid", "recovered", "late_damages_paid") == 0
    assert count(facts, "use_released", "bill_paid", "bill_paid_late") == 0


def test_without_staff_nothing_that_needs_a_person_happens() -> None:
    """Desks without people serve nobody: queues grow, holds run out; letters need nobody."""
    nobody = live(
        "collections.call_desk.callers=0",
        "collections.law_firm.clerks=0",
        "screening.review_desk.reviewers=0",
        "screening.hold.share=0.1",
    )
    assert sum(desk(nobody, name, "served") for name in ("review", "calls", "law_firm")) == 0
    assert desk(nobody, "calls", "arrivals") > 0
    assert count(nobody, "call_no_contact", "call_reached", "promise_made", "agency_round") == 0
    assert count(nobody, "review_approved", "review_refused") == 0
    assert count(nobody, "hold_expired") > 50
    assert count(nobody, "contact_sent") > 50
    assert yen(nobody, "review_cost") == 0


def test_without_a_law_firm_no_cash_comes_from_an_agency() -> None:
    """What is never handed over stays with the lender, fee and all."""
    early = "collections.ladder=[{day: 20, action: hand_over}]"
    ready = "collections.law_firm.pays={forgetful: 0.5, short: 0.5, hardship: 0.5}"
    handed, kept = (
        live(*ALL_LATE, early, ready, f"collections.law_firm.probability={probability}")
        for probability in (1.0, 0.0)
    )
    is_agency = (pl.col("table") == "paid") & (pl.col("key") == "agency")
    assert handed.filter(is_agency)["yen"].sum() > 0
    assert kept.filter(is_agency).is_empty()
    assert yen(handed, "agency_fee") > 0
    assert yen(kept, "agency_fee") == 0
    assert count(kept, "handed_over") == 0
    assert count(kept, "kept_in_house") > 0


def test_more_callers_never_collect_less_by_any_month() -> None:
    """A call draws the same answer whenever it is made, and moves a payment forward or not at all.

    So each member, called earlier, pays no later; with purchases in one month only, earlier cash
    leads to nothing else, and the sum by each month's end cannot fall.
    """
    busy = ("collections.call_desk.mean_minutes=60.0", "collections.call_desk.right_party=0.6")
    by_callers = [
        _collected_by_month(live(*ALL_LATE, ONE_MONTH, *busy, f"collections.call_desk.callers={n}"))
        for n in (0, 1, 2, 10)
    ]
    for fewer, more in pairwise(by_callers):
        assert all(a <= b for a, b in zip(fewer, more, strict=True))
    assert sum(by_callers[0]) < sum(by_callers[1]) < sum(by_callers[2])


def _collected_by_month(facts: pl.DataFrame) -> list[int]:
    """Give the principal collected by the end of each month."""
    is_it = (pl.col("table") == "postings") & (pl.col("key") == "principal_paid")
    by_month = dict(facts.filter(is_it).select("month", "yen").iter_rows())
    return [sum(by_month.get(m, 0) for m in range(month + 1)) for month in range(8)]


def test_fewer_callers_let_members_wait_longer() -> None:
    """The same calls with half the people: more load on each, a longer queue."""
    load = ("collections.call_desk.mean_minutes=30.0", ONE_MONTH, *ALL_LATE)
    half, full = (live(*load, f"collections.call_desk.callers={n}") for n in (2, 4))
    assert _mean_wait(half, "calls") > 1.5 * _mean_wait(full, "calls")


def _mean_wait(facts: pl.DataFrame, name: str) -> float:
    """Give the mean wait of what was served, in seconds."""
    return desk(facts, name, "wait_seconds") / desk(facts, name, "served")


def test_more_reviewers_let_fewer_holds_run_out() -> None:
    """A hold runs out when nobody had time within its days."""
    held = ("screening.hold.share=0.5", "screening.review_desk.mean_minutes=240.0")
    expired = [
        count(live(*held, f"screening.review_desk.reviewers={n}"), "hold_expired")
        for n in (0, 1, 3, 30)
    ]
    assert expired == sorted(expired, reverse=True)
    assert expired[0] > expired[1] > expired[-1] == 0


def test_a_lower_cap_on_limits_lowers_sales_and_losses() -> None:
    """Less can be bought, so less can be lost; losses show within the horizon by day 60."""
    early = ("collections.write_off={day: 60, quiet_days: 0}", "population.members=2000")
    by_cap = [
        live(*early, f"products.atone.limit_cap_yen={cap}") for cap in (3_000, 10_000, 30_000)
    ]
    sales = [yen(facts, "purchase_posted") for facts in by_cap]
    losses = [yen(facts, "principal_written_off") for facts in by_cap]
    assert sales[0] < sales[1] < sales[2]
    assert losses[0] < losses[1] < losses[2]


def test_stress_raises_the_late_share() -> None:
    """The multiplier acts on the chances to be short and to fall into hardship."""
    shares = []
    for multiplier in (0.0, 1.0, 1.36, 2.1):
        facts = live("population.members=2000", f"macro.stress_multiplier={multiplier}")
        shares.append(count(facts, "payment_missed") / bills_due(facts))
    assert shares == sorted(shares)
    assert shares[-1] > 1.2 * shares[1]


def test_a_contact_that_persuades_nobody_changes_nothing_but_its_cost() -> None:
    """Being written to is no reason to pay on another day, reflection lag or not."""
    mute = "{cost_yen: 5, reach: 1.0, response: {forgetful: 0.0, short: 0.0, hardship: 0.0}}"
    channels = f"collections.channels={{message: {mute}}}"
    steps = ", ".join(f"{{day: {day}, action: message}}" for day in (1, 2, 5, 20, 40))
    slow = [f"products.atone.reflection.{name}=6" for name in ("konbini_terminal", "invoice")]
    told, untold = (
        live(*slow, *NO_LAW, channels, f"collections.ladder=[{ladder}]") for ladder in (steps, "")
    )
    # Nor do the tallies of contacts, by stage and by person.
    about_contacts = pl.col("key").is_in(["contact_sent", "contact_cost", "contacts"])
    about_contacts |= pl.col("table") == "stage"
    assert count(told, "contact_sent") > 100
    assert count(untold, "contact_sent") == 0
    assert_frame_equal(told.filter(~about_contacts), untold.filter(~about_contacts))


def test_a_higher_rate_of_late_damages_changes_only_late_damages() -> None:
    """Asked for with the payment, damages are paid with it and move no day and no purchase."""
    alone = (
        "products.atone.late.collect=with_payment",
        "behaviour.spending.cancel_share=0.0",
        "behaviour.repayment.paid_twice_share=0.0",
        "collections.law_firm.probability=0.0",
    )
    free, dear, double = (
        live(*alone, f"products.atone.late.rate=[{rate}, 1000]") for rate in (0, 146, 292)
    )
    assert yen(free, "late_damages") == 0
    assert 1.9 * yen(dear, "late_damages") < yen(double, "late_damages")
    for kind in ("principal_paid", "purchase_posted", "service_fee", "late_admin_fee"):
        assert yen(free, kind) == yen(dear, kind) == yen(double, kind)


def test_later_payouts_to_merchants_cost_less_funding() -> None:
    """Only what is paid out and not yet collected is funded."""
    costs = [yen(live(f"economics.payout_lag_days={lag}"), "funding") for lag in (0, 15, 60)]
    assert costs[0] > costs[1] > costs[2]


@pytest.mark.parametrize(
    ("override", "kind"),
    [
        ("products.atone.late.admin_fee_yen=0", "late_admin_fee"),
        ("products.atone.fees.failed_debit_yen=0", "failed_debit_fee"),
        ("products.atone.fees.tax_rate=[0, 100]", "service_fee_tax"),
        ("economics.merchant_discount=[0, 1000]", "merchant_discount"),
        ("economics.funding_rate=[0, 1000]", "funding"),
        ("behaviour.repayment.paid_twice_share=0.0", "overpaid"),
        ("behaviour.spending.cancel_share=0.0", "purchase_cancelled"),
        ("behaviour.spending.cancel_share=0.0", "purchase_returned"),
    ],
)
def test_what_is_switched_off_is_never_posted(override: str, kind: str) -> None:
    """Each kind of posting has one source."""
    usual = ("behaviour.repayment.paid_twice_share=0.05",)
    assert yen(live(*usual), kind) > 0
    assert yen(live(*usual, override), kind) == 0
