"""The naive model of `bench` plays by the rules of the engine.

Two models of the same rules on other random numbers agree in distribution. So each aggregate of a
year must agree in its mean over replications within 5 standard errors of the difference; that
happens by chance once in some thousand times for these few replications, and the seeds are fixed.
"""

from collections import Counter
from functools import cache

import numpy as np
import polars as pl
import pytest

from bench.naive_scope import in_scope
from bench.naive_simpy import Lender
from models.macro import Macro
from models.members.hardship import Hardship
from models.members.repayment import Repayment
from models.policy.collections import (
    Channel,
    Collections,
    LadderStep,
    LawFirm,
    Response,
    WriteOff,
)
from models.products.atone import AtoneTerms, ReflectionLags
from sim.config import Behaviour, Config, Products
from sim.engine.simulation import simulate

MEMBERS = 1_500
ENGINE_REPLICATIONS = 12
NAIVE_REPLICATIONS = 6
STANDARD_ERRORS = 5.0

Sums = list[Counter[str]]

AS_SHIPPED = (
    "events purchase_authorised",
    "yen purchase_authorised",
    "events purchase_held",
    "events declined_cumulative_limit",
    "events declined_overdue",
    "events limit_raised",
    "yen purchase_returned",
    "yen merchant_discount",
    "events bill_closed",
    "events reminder_sent",
    "events bill_paid",
    "events payment_missed",
    "yen payment_missed",
    "events bill_paid_late",
    "yen service_fee",
    "yen failed_debit_fee",
    "yen bill_cost",
    "yen principal_netted",
    "yen funding",
    "share missed",
)
UNDER_A_SHORT_LADDER = (
    "events payment_missed",
    "events use_released",
    "events contact_sent",
    "events call_no_contact",
    "events promise_made",
    "events promise_broken",
    "events handed_over",
    "events agency_round",
    "events written_off",
    "yen written_off",
    "yen late_damages",
    "yen late_admin_fee",
    "yen late_damages_written_off",
    "yen agency_fee",
    "yen recovered",
)
YEN_OF_EVENTS = ("purchase_authorised", "payment_missed", "written_off")


@pytest.mark.parametrize("aggregate", AS_SHIPPED)
def test_purchases_bills_and_payments_agree_with_the_engine(aggregate: str) -> None:
    assert abs(distance(aggregate, is_short=False)) < STANDARD_ERRORS


@pytest.mark.parametrize("aggregate", UNDER_A_SHORT_LADDER)
def test_arrears_collections_and_losses_agree_with_the_engine(aggregate: str) -> None:
    assert abs(distance(aggregate, is_short=True)) < STANDARD_ERRORS


def distance(aggregate: str, *, is_short: bool) -> float:
    """Give the difference of the means in standard errors."""
    samples = [
        np.array([value_of(sums, aggregate) for sums in model(is_short)])
        for model in (run_engine, run_naive)
    ]
    engine, naive = samples
    assert min(engine.mean(), naive.mean()) > 0.0
    variance = sum(sample.var(ddof=1) / sample.size for sample in samples)
    return float((naive.mean() - engine.mean()) / np.sqrt(variance))


def value_of(sums: Counter[str], aggregate: str) -> float:
    """Give one aggregate of a replication."""
    if aggregate == "share missed":
        return sums["events payment_missed"] / sums["events bill_closed"]
    return float(sums[aggregate])


@cache
def run_engine(is_short: bool) -> Sums:  # noqa: FBT001
    """Sum the facts of the engine over months, by replication."""
    facts = simulate(config(is_short), range(ENGINE_REPLICATIONS)).facts
    sums: Sums = [Counter() for _ in range(ENGINE_REPLICATIONS)]
    rows = facts.filter(pl.col("table").is_in(["events", "postings"]))
    columns = ("replication", "table", "key", "count", "yen")
    for number, table, key, count, yen in rows.select(columns).iter_rows():
        if table == "events":
            sums[number][f"events {key}"] += count
        if table == "postings" or key in YEN_OF_EVENTS:
            sums[number][f"yen {key}"] += yen
    return sums


@cache
def run_naive(is_short: bool) -> Sums:  # noqa: FBT001
    """Sum the books and events of the naive model over months, by replication."""
    sums: Sums = []
    for number in range(NAIVE_REPLICATIONS):
        lender = Lender(config(is_short), number).run()
        sums.append(Counter())
        for (_, activity), count in lender.events.items():
            sums[-1][f"events {activity}"] += count
        for (_, activity), yen in lender.event_yen.items():
            if activity in YEN_OF_EVENTS:
                sums[-1][f"yen {activity}"] += yen
        for (_, posting), yen in lender.yen.items():
            sums[-1][f"yen {posting}"] += yen
    return sums


def config(is_short: bool) -> Config:  # noqa: FBT001
    """Give the baseline, or a year of hardship, slow banks, persuasive letters, early write-off."""
    baseline = Config(months=12)
    population = baseline.population.model_copy(update={"members": MEMBERS})
    if not is_short:
        return in_scope(Config(months=12, population=population))
    lags = ReflectionLags(konbini_terminal=3, ebarcode=4, invoice=8, bank_transfer=6)
    willing = Channel(response=Response(forgetful=0.9, short=0.7, hardship=0.3))
    steps = ((2, "message"), (5, "call"), (21, "letter"), (40, "hand_over"))
    config = Config(
        months=12,
        population=population,
        products=Products(atone=AtoneTerms(reflection=lags)),
        macro=Macro(rho=0.0),  # the economy would blur everything else
        behaviour=Behaviour(
            hardship=Hardship(per_month=0.03), repayment=Repayment(reminder_heeded=0.7)
        ),
        collections=Collections(
            channels={"message": willing, "letter": willing},
            ladder=tuple(LadderStep(day=day, action=action) for day, action in steps),
            law_firm=LawFirm(mean_minutes=10.0, round_days=20),
            write_off=WriteOff(day=60, quiet_days=30),
        ),
    )
    return in_scope(config)
