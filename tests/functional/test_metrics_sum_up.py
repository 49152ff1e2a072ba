"""Parts sum to the whole in a run of both lenders with everything switched on."""

from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest

from sim.config import Config, load_config
from sim.engine.simulation import simulate
from sim.metrics import tables
from sim.metrics.accounts import LINES

CONFIGS = Path(__file__).parents[2] / "configs"
MONTHS = 18
N = 2

Tables = dict[str, pl.DataFrame]


@pytest.fixture(scope="module")
def config() -> Config:
    return load_config(CONFIGS / "coverage.yaml", ["population.members=150", f"months={MONTHS}"])


@pytest.fixture(scope="module")
def facts(config: Config) -> pl.DataFrame:
    return simulate(config, range(N)).facts


@pytest.fixture(scope="module")
def found(facts: pl.DataFrame, config: Config) -> Tables:
    return tables(facts, config)


def total(frame: pl.DataFrame, column: str) -> list[int]:
    """Sum a column by replication."""
    sums = frame.group_by("replication").agg(pl.col(column).sum()).sort("replication")
    return list(sums[column])


def test_the_run_moves_money_on_every_line(found: Tables) -> None:
    flows = found["flow_of_funds"]
    assert {line for line in LINES if flows[line].sum() > 0} == set(LINES)
    moved = flows.group_by("lender", "receivable").agg(pl.col("charged_yen").sum())
    idle = moved.filter(pl.col("charged_yen") == 0).select("lender", "receivable").rows()
    assert idle == [("au", "late_admin_fees")]  # au Financial Service has no such fee


def test_every_receivable_ties_in_every_month_lender_and_replication(found: Tables) -> None:
    flows = found["flow_of_funds"]
    assert flows.height == N * MONTHS * 2 * 5
    assert flows["residual_yen"].to_list() == [0] * flows.height
    assert (flows["closing_yen"] >= 0).all()


def test_closings_are_the_balances_of_the_ledger(found: Tables) -> None:
    by_month = found["flow_of_funds"].group_by("replication", "month", "receivable")
    closing = by_month.agg(pl.col("closing_yen").sum())
    for receivable, column in (
        ("principal", "principal_receivable_yen"),
        ("fees", "fee_receivable_yen"),
        ("late_damages", "late_damages_receivable_yen"),
        ("late_admin_fees", "late_admin_fee_receivable_yen"),
        ("costs", "cost_receivable_yen"),
    ):
        chosen = closing.filter(pl.col("receivable") == receivable).sort("replication", "month")
        assert chosen["closing_yen"].equals(found["portfolio"][column], check_names=False)


def test_products_sum_to_the_lines_of_their_lender(found: Tables) -> None:
    keys = ["replication", "month", "lender", "receivable"]
    sums = found["flow_by_product"].group_by(keys).agg(pl.col(*LINES).sum()).sort(keys)
    lender = found["flow_of_funds"].select(*keys, *LINES).sort(keys)
    posted = lender.filter(pl.sum_horizontal(*LINES) > 0)
    assert sums.filter(pl.sum_horizontal(*LINES) > 0).equals(posted)
    assert sums["paid_yen"].sum() == lender["paid_yen"].sum() > 0


def test_vintages_sum_to_the_losses_of_the_portfolio(found: Tables) -> None:
    triangle = found["loss_triangle"]
    lost = triangle.with_columns(pl.col("written_off_yen") + pl.col("sold_yen"))
    assert total(lost, "written_off_yen") == total(found["profit"], "written_off_yen")
    assert total(triangle, "recovered_yen") == total(found["profit"], "recovered_yen")
    fraud = found["costs"].filter(pl.col("kind") == "fraud")
    assert total(triangle, "exempted_yen") == total(fraud, "yen")
    price = triangle["price_written_off_yen"].sum() + triangle["price_sold_yen"].sum()
    flow = found["flow_of_funds"].filter(pl.col("receivable") == "principal")
    assert price == flow["written_off_yen"].sum() + flow["sold_yen"].sum() > 0


def test_the_development_ends_where_the_triangle_sums_to(found: Tables) -> None:
    last = found["loss_development"].group_by("month").agg(pl.col("net_loss_yen").last())
    triangle = found["loss_triangle"].drop_nulls("month")
    assert last["net_loss_yen"].sum() == triangle["net_loss_yen"].sum() != 0


def test_products_and_lenders_sum_to_the_unit_economics_of_all(found: Tables) -> None:
    economics = found["unit_economics"].filter(pl.col("base") == "purchase")
    amounts = economics.pivot(on="product", index=["lender", "item"], values="yen")
    products = [name for name in amounts.columns if name not in ("lender", "item", "all")]
    both = amounts.filter(pl.col("lender") != "all").fill_null(0)
    assert both.select(pl.sum_horizontal(products)).to_series().equals(both["all"])
    whole = dict(amounts.filter(pl.col("lender") == "all").select("item", "all").rows())
    lenders = both.group_by("item").agg(pl.col("all").sum())
    assert dict(lenders.rows()) == whole
    profit = found["profit"]
    for item, column in (("revenue", "revenue_yen"), ("cost", "cost_yen"), ("profit",) * 2):
        name = column if column.endswith("_yen") else "profit_yen"
        assert whole[item] == profit[name].sum()
    for total_of in ("revenue", "cost"):
        kinds = [yen for item, yen in whole.items() if item.startswith(f"{total_of}:")]
        assert sum(kinds) == whole[total_of]


def test_units_are_those_of_the_portfolio(found: Tables) -> None:
    chosen = found["unit_economics"].filter(
        pl.col("item") == "profit", pl.col("lender") == "all", pl.col("product") == "all"
    )
    units = dict(chosen.select("base", "units").rows())
    portfolio = found["portfolio"]
    assert units["purchase"] == portfolio["purchases_posted"].sum()
    assert units["gmv_yen"] == portfolio["posted_yen"].sum()
    assert units["member_month"] == portfolio["members_admitted"].sum()
    assert 0 < units["active_member"] <= N * 150


def test_stages_sum_to_all_costs_of_collection_and_to_the_recoveries(found: Tables) -> None:
    stages = found["collection_stages"]
    costs = found["costs"].filter(pl.col("kind").is_in(["collection", "agency", "legal"]))
    assert total(stages, "cost_yen") == total(costs, "yen")
    assert stages.filter(pl.col("stage") == "other_contacts").is_empty()
    assert {"message", "letter", "calls", "law_firm", "sale_proceeds"} <= set(stages["stage"])


def test_cash_after_the_write_off_is_what_the_ledger_recovered(
    facts: pl.DataFrame, found: Tables
) -> None:
    recovered = facts.filter(pl.col("table") == "postings", pl.col("key") == "recovered")
    stage = found["collection_stages"].filter(pl.col("stage") == "after_write_off")
    assert stage["cash_yen"].sum() == recovered["yen"].sum() > 0


def test_losses_by_person_sum_to_those_of_the_ledger(found: Tables) -> None:
    concentration = found["loss_concentration"]
    everybody = concentration.filter(pl.col("lender") == "all")
    lenders = concentration.filter(pl.col("lender") != "all")
    assert total(lenders, "net_loss_yen") == total(everybody, "net_loss_yen")
    net = found["replications"]["net_loss_yen"].to_list()
    assert everybody["net_loss_yen"].to_list() == net
    shares = [everybody[f"worst_{p}_share"] for p in (1, 5, 10, 20)]
    for less, more in pairwise(shares):
        assert (less <= more).all()


def test_bands_sum_to_everybody(found: Tables) -> None:
    fairness = found["fairness"]
    sums = fairness.group_by("lender", "attribute", "measure").agg(
        pl.col("numerator", "denominator").sum()
    )
    age, income = (
        sums.filter(pl.col("attribute") == one).drop("attribute").sort("lender", "measure")
        for one in ("age", "income")
    )
    assert age.equals(income)
    uses = age.filter(pl.col("measure") == "approval")
    portfolio = found["portfolio"]
    assert uses["numerator"].sum() == portfolio["purchases_authorised"].sum()
    decided = portfolio["purchases_authorised"] + portfolio["purchases_declined"]
    assert uses["denominator"].sum() == decided.sum()
    charged = found["flow_of_funds"].filter(pl.col("receivable") == "late_damages")
    damages = age.filter(pl.col("measure") == "late_damages_yen")
    assert damages["numerator"].sum() == charged["charged_yen"].sum() > 0
    members = found["members"].filter(pl.col("age_band") == "all")
    admission = age.filter(pl.col("measure") == "admission")
    assert admission["numerator"].sum() == members["admitted"].sum()
