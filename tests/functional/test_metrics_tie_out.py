"""Metric tables of a real run agree with one another: two routes to one number."""

import polars as pl
import pytest

from sim.config import Config
from sim.engine.simulation import simulate
from sim.metrics import assembly, tables
from sim.metrics.columns import TABLE
from sim.metrics.vintages import BEFORE_WRITE_OFF

MONTHS = 20
MEMBERS = 300

Tables = dict[str, pl.DataFrame]


def small(members: int, months: int) -> Config:
    config = Config(months=months)
    population = config.population.model_copy(update={"members": members})
    return config.model_copy(update={"population": population})


@pytest.fixture(scope="module")
def config() -> Config:
    return small(MEMBERS, MONTHS)


@pytest.fixture(scope="module")
def facts(config: Config) -> pl.DataFrame:
    return simulate(config, [0, 1]).facts


@pytest.fixture(scope="module")
def found(facts: pl.DataFrame, config: Config) -> Tables:
    return tables(facts, config)


def total(facts: pl.DataFrame, table: str, *keys: str, value: str = "yen") -> int:
    return int(facts.filter((pl.col("table") == table) & pl.col("key").is_in(keys))[value].sum())


def test_the_run_has_something_to_tie_out(facts: pl.DataFrame) -> None:
    assert total(facts, "postings", "principal_written_off") > 0
    assert total(facts, "postings", "principal_netted") > 0
    assert total(facts, "paid", "agency") > 0


def test_every_table_has_its_declared_form_and_unique_keys(found: Tables) -> None:
    for name, frame in found.items():
        assert dict(frame.schema) == TABLE[name].schema, name
        assert not frame.select(TABLE[name].keys).is_duplicated().any(), name


def test_the_order_of_the_facts_does_not_matter(
    facts: pl.DataFrame, config: Config, found: Tables
) -> None:
    turned = tables(facts.sample(fraction=1.0, shuffle=True, seed=1), config)
    for name, frame in found.items():
        assert frame.equals(turned[name]), name


def test_a_replication_has_the_same_numbers_alone_and_among_others(
    facts: pl.DataFrame, config: Config, found: Tables
) -> None:
    alone = tables(facts.filter(pl.col("replication") == 1), config)
    for name, frame in found.items():
        if "replication" in frame.columns:
            assert frame.filter(pl.col("replication") == 1).equals(alone[name]), name


def test_batches_of_replications_make_no_difference(
    facts: pl.DataFrame, config: Config, found: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assembly, "REPLICATIONS_AT_ONCE", 1)
    one_by_one = tables(facts, config)
    for name, frame in found.items():
        assert frame.equals(one_by_one[name]), name


def test_flow_of_funds_leaves_no_residual(found: Tables) -> None:
    assert found["flow_of_funds"]["residual_yen"].to_list() == [0] * (2 * MONTHS * 5)


def test_ledger_and_snapshots_agree_on_the_principal(found: Tables) -> None:
    portfolio = found["portfolio"]
    assert portfolio["principal_receivable_yen"].equals(
        portfolio["snapshot_principal_yen"], check_names=False
    )


def test_cash_explains_what_balances_and_profit_leave(facts: pl.DataFrame, found: Tables) -> None:
    # The balances of all accounts sum to 0: cash + owned - owed is the profit so far.
    came = total(
        facts,
        "postings",
        "principal_paid",
        "fee_paid",
        "late_damages_paid",
        "late_admin_fee_paid",
        "cost_paid",
        "overpaid",
        "recovered",
        "merchant_refunded",
    )
    went = total(
        facts,
        "postings",
        "merchant_paid",
        "refund_paid",
        "agency_fee",
        "court_cost",
        "legal_work",
        "contact_cost",
        "review_cost",
        "bill_cost",
        "funding",
    )
    end = found["portfolio"].filter(pl.col("month") == MONTHS - 1)
    owned = sum(
        end[f"{name}_receivable_yen"].sum()
        for name in ("principal", "fee", "late_damages", "late_admin_fee", "cost")
    )
    owed = sum(
        end[name].sum()
        for name in ("merchant_payable_yen", "member_credit_yen", "consumption_tax_payable_yen")
    )
    assert (came - went) + owned - owed == found["profit"]["profit_yen"].sum()


def test_no_receivable_of_members_is_negative(found: Tables) -> None:
    for name in ("principal", "fee", "late_damages", "late_admin_fee"):
        assert found["portfolio"][f"{name}_receivable_yen"].min() >= 0, name
    assert found["portfolio"]["member_credit_yen"].min() >= 0


def test_kinds_add_up_to_the_totals_of_a_replication(found: Tables) -> None:
    by_replication = found["replications"].sort("replication")
    for name, column in (
        ("revenue", "revenue_yen"),
        ("costs", "cost_yen"),
        ("written_off", "written_off_yen"),
    ):
        sums = found[name].group_by("replication").agg(pl.col("yen").sum()).sort("replication")
        assert sums["yen"].to_list() == by_replication[column].to_list(), name
    profit = found["profit"].group_by("replication").agg(pl.col("profit_yen").sum())
    expected = by_replication["profit_yen"].to_list()
    assert profit.sort("replication")["profit_yen"].to_list() == expected


def test_reasons_add_up_to_the_declines(found: Tables) -> None:
    assert found["declines"]["purchases"].sum() == found["portfolio"]["purchases_declined"].sum()
    assert found["declines"]["yen"].sum() == found["portfolio"]["declined_yen"].sum()


def test_every_use_asked_for_is_decided_or_still_held(found: Tables) -> None:
    portfolio = found["portfolio"].group_by("replication").agg(pl.col("^purchases_.*$").sum())
    decided = portfolio["purchases_authorised"] + portfolio["purchases_declined"]
    held = portfolio["purchases_asked"] - decided
    assert (held >= 0).all()
    assert (held <= 5).all()


def test_buckets_add_up_to_the_population_and_the_receivable(found: Tables) -> None:
    sums = (
        found["arrears"]
        .group_by("replication", "month", maintain_order=True)
        .agg(pl.col("members", "principal_yen").sum())
    )
    assert sums["members"].unique().to_list() == [MEMBERS]
    assert sums["principal_yen"].equals(
        found["portfolio"]["principal_receivable_yen"], check_names=False
    )


def test_rows_of_the_roll_rates_add_up_to_one(found: Tables) -> None:
    sums = (
        found["roll_rates"]
        .group_by("month", "from_bucket")
        .agg(pl.col("members").sum(), pl.col("members_from").first(), pl.col("member_share").sum())
    )
    assert sums["members"].equals(sums["members_from"], check_names=False)
    assert sums["member_share"].to_list() == pytest.approx([1.0] * sums.height)


def test_moves_leave_from_and_arrive_at_the_month_end_pictures(found: Tables) -> None:
    moves = found["roll_rates"].filter(pl.col("month").is_not_null())
    arrived = moves.group_by("month", "to_bucket").agg(pl.col("members").sum().alias("moved"))
    picture = (
        found["arrears"]
        .group_by("month", pl.col("bucket").alias("to_bucket"))
        .agg(pl.col("members").sum())
    )
    both = picture.filter(pl.col("month") > 0).join(arrived, on=["month", "to_bucket"], how="left")
    assert both["members"].equals(both["moved"].fill_null(0), check_names=False)


def test_delays_and_ledger_agree_on_the_price_paid(found: Tables) -> None:
    paid = found["payment_delay"].filter(pl.col("source") != "recovery")["yen"].sum()
    flow = found["flow_of_funds"].filter(pl.col("receivable") == "principal")
    assert paid == flow["paid_yen"].sum() + flow["netted_yen"].sum()


def test_the_price_billed_and_never_paid_is_owed_or_written_off(
    facts: pl.DataFrame, found: Tables
) -> None:
    unpaid = total(facts, "billed", "price") - total(facts, "paid", *BEFORE_WRITE_OFF)
    end = found["portfolio"].filter(pl.col("month") == MONTHS - 1)
    lost = found["written_off"].filter(pl.col("component") == "principal")["yen"].sum()
    assert unpaid == end["principal_receivable_yen"].sum() + lost


def test_the_price_posted_and_not_cancelled_is_billed(found: Tables) -> None:
    portfolio = found["portfolio"]
    billed = portfolio["posted_yen"] - portfolio["cancelled_yen"]
    assert billed.equals(portfolio["billed_yen"], check_names=False)


def test_unpaid_shares_never_rise_with_age_and_stay_below_the_ever_shares(found: Tables) -> None:
    seen = found["vintages"].filter("is_observed")
    steps = seen.select(pl.col("unpaid_yen").diff().over("replication", "month")).drop_nulls()
    assert (steps["unpaid_yen"] <= 0).all()
    assert (seen["ever_yen"] >= seen["unpaid_yen"]).all()
    assert (seen["unpaid_yen"] >= 0).all()


def test_bills_unpaid_at_the_due_date_are_the_payments_missed(
    facts: pl.DataFrame, found: Tables
) -> None:
    # The event holds price and fee; the vintages hold the price alone.
    late = found["vintages"].filter(pl.col("is_observed") & (pl.col("days_past_due") == 0))[
        "unpaid_yen"
    ]
    assert 0 < late.sum() <= total(facts, "events", "payment_missed")


def test_stages_add_up_to_what_was_late(found: Tables) -> None:
    stages = (
        found["recovery_by_stage"]
        .group_by("replication")
        .agg(pl.col("yen").sum(), pl.col("late_yen").first())
    )
    assert stages["yen"].equals(stages["late_yen"], check_names=False)
    assert (found["recovery_by_stage"]["yen"] >= 0).all()


def test_dunning_costs_are_what_contacts_cost(found: Tables) -> None:
    collections = found["collections"]
    assert (collections["dunning_cost_yen"] >= 0).all()
    spent = collections["dunning_cost_yen"].sum() + collections["reminder_cost_yen"].sum()
    booked = found["costs"].filter(pl.col("kind") == "collection")["yen"].sum()
    assert spent == booked


def test_desks_serve_whom_the_classes_of_waits_hold(found: Tables) -> None:
    months = found["desks"].group_by("desk").agg(pl.col("served").sum()).sort("desk")
    waits = found["desk_waits"].group_by("desk").agg(pl.col("served").sum()).sort("desk")
    totals = found["desk_totals"].group_by("desk").agg(pl.col("served").sum()).sort("desk")
    assert months.equals(waits)
    assert months.equals(totals)


def test_what_arrives_at_a_desk_is_served_moot_or_waits_at_the_end(found: Tables) -> None:
    totals = found["desk_totals"].group_by("desk").agg(pl.col("arrivals", "served", "moot").sum())
    last = found["backlog"].filter(pl.col("day") == pl.col("day").max())
    both = totals.join(last, on="desk")
    left = both["arrivals"] - both["served"] - both["moot"]
    assert (left - 2 * both["mean"]).abs().max() == 0  # the mean is over two replications


def test_clauses_hold_every_posting_and_event(facts: pl.DataFrame, found: Tables) -> None:
    for table, record in (("postings", "posting"), ("events", "event")):
        chosen = found["clauses"].filter(pl.col("record") == record)
        source = facts.filter(pl.col("table") == table)
        assert chosen["count"].sum() == source["count"].sum()
        assert chosen["yen"].sum() == source["yen"].sum()


def test_a_month_of_one_replication_gives_all_tables() -> None:
    config = small(40, 1)
    found = tables(simulate(config, [0]).facts, config)
    assert list(found) == list(TABLE)
    assert found["flow_of_funds"]["residual_yen"].to_list() == [0] * 5
    assert found["roll_rates"].is_empty()
