"""With everything switched on, every clause acts that a posting or event can name."""

from pathlib import Path

import polars as pl

from sim.config import load_config
from sim.engine.simulation import simulate
from sim.metrics import tables
from sim.metrics.columns import TABLE
from sim.metrics.operations import clauses
from sim.report.silent_clauses import reasons

CONFIGS = Path(__file__).parents[2] / "configs"

RARE = {
    "AU-24.7": "prescreening spares only uses that would be refused for sure",
    "AU-34.2": "a stop that is upheld",
    "AU-40.2": "the estate of a member who died in debt at the second lender",
    "NP-45.1": "points short at a reversal that nothing was bought with",
}


def test_with_everything_switched_on_every_clause_acts() -> None:
    config = load_config(CONFIGS / "coverage.yaml", ["population.members=1500"])
    table = clauses(simulate(config, [0]).facts)
    acted = table.filter(pl.col("count") > 0)["clause"].unique().to_list()
    silent = set(table["clause"]) - set(acted)
    assert silent <= RARE.keys()
    assert len(acted) > 165


def test_no_column_has_a_sign_that_it_does_not_declare() -> None:
    # In a month in which few buy, more points expire than are awarded.
    config = load_config(CONFIGS / "coverage.yaml", ["population.members=1000"])
    found = tables(simulate(config, [0]).facts, config)
    at_least_0 = [
        (name, column.name)
        for name, table in TABLE.items()
        for column in table.columns
        if column.sign == "at least 0" and found[name].schema[column.name].is_numeric()
    ]
    assert len(at_least_0) > 300
    assert [(name, column) for name, column in at_least_0 if (found[name][column] < 0).any()] == []


def test_the_mixed_portfolio_says_why_a_clause_did_not_act() -> None:
    config = load_config(CONFIGS / "mixed.yaml", ["population.members=300", "months=6"])
    table = clauses(simulate(config, [0]).facts)
    acted = table.filter(pl.col("count") > 0)["clause"].unique().to_list()
    silent = sorted(set(table["clause"]) - set(acted))
    why = reasons(silent, config)
    assert set(why) == set(silent)
    assert why["NP-33.1"].startswith("switched off: behaviour.misuse.loss_per_month = 0")
    assert why["AU-45.1"] == "products.au_pay.sale.enabled is false"
