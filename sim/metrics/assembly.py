"""All metric tables of a run, in the order of their declaration."""

from collections.abc import Iterator

import polars as pl

from sim.config import Config
from sim.metrics import (
    arrears,
    books,
    defaults,
    economics,
    flows,
    operations,
    persons,
    spells,
    vintages,
)
from sim.metrics.collection_stages import collection_stages
from sim.metrics.columns import TABLES
from sim.metrics.frames import month_grid
from sim.metrics.products import products
from sim.metrics.replications import replications

REPLICATIONS_AT_ONCE = 50
"""Replications whose facts are worked on together; each has the same numbers alone."""

Tables = dict[str, pl.DataFrame]


def assemble(facts: pl.DataFrame, config: Config) -> Tables:
    """Compute every declared table; see `sim.metrics.tables`.

    Tables with a row for each replication are computed for some replications at a time and put
    together, so that the memory taken beside the facts does not grow with their number.
    """
    parts = [_of_replications(part, config) for part in _batches(facts)]
    found = {name: pl.concat([part[name] for part in parts]) for name in parts[0]}
    found["replications"] = replications(found, facts, config)
    found |= _pooled(facts, found, config)
    return {table.name: found[table.name] for table in TABLES}


def _batches(facts: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Give the facts of some replications after the other, in ascending order, sorted by table."""
    numbers = facts["replication"].unique().sort()
    for first in range(0, max(len(numbers), 1), REPLICATIONS_AT_ONCE):
        some = numbers[first : first + REPLICATIONS_AT_ONCE]
        within = pl.col("replication").is_between(some.min(), some.max())
        yield facts.filter(within).sort("table")  # so that `pick` cuts


def _of_replications(facts: pl.DataFrame, config: Config) -> Tables:
    """Compute the tables that have rows for each replication."""
    grid = month_grid(facts, config)
    return {
        **_books(facts, grid),
        **_credit(facts, grid, config),
        **_operations(facts, grid, config),
    }


def _books(facts: pl.DataFrame, grid: pl.DataFrame) -> Tables:
    """Compute the tables about money."""
    revenue, costs = books.revenue(facts, grid), books.costs(facts, grid)
    written_off = books.written_off(facts, grid)
    return {
        "portfolio": books.portfolio(facts, grid),
        "revenue": revenue,
        "costs": costs,
        "written_off": written_off,
        "profit": books.profit(facts, grid, revenue, costs, written_off),
        "flow_of_funds": flows.flow_of_funds(facts, grid),
        "flow_by_product": flows.flow_by_product(facts, grid),
        "products": products(facts),
    }


def _credit(facts: pl.DataFrame, grid: pl.DataFrame, config: Config) -> Tables:
    """Compute the tables about credit risk."""
    return {
        "vintages": vintages.vintages(facts, grid, config),
        "arrears": arrears.arrears(facts, grid),
        "declines": arrears.declines(facts, grid),
        "losses": vintages.losses(facts, grid, config),
        "loss_triangle": flows.loss_triangle(facts),
        "loss_concentration": persons.loss_concentration(facts),
    }


def _operations(facts: pl.DataFrame, grid: pl.DataFrame, config: Config) -> Tables:
    """Compute the tables about people at work and members."""
    return {
        "collections": operations.collections(facts, grid, config),
        "recovery_by_stage": vintages.recovery_by_stage(facts, grid, config),
        "collection_stages": collection_stages(facts),
        "strategies": persons.strategies(facts),
        "desks": operations.desks(facts, grid),
        "desk_totals": operations.desk_totals(facts),
        "desk_skills": operations.desk_skills(facts),
        "members": arrears.members(facts),
    }


def _pooled(facts: pl.DataFrame, found: Tables, config: Config) -> Tables:
    """Compute the tables whose rows are over all replications."""
    return {
        "unpaid_curve": vintages.unpaid_curve(found["vintages"], config),
        "payment_delay": vintages.payment_delay(facts),
        "roll_rates": arrears.roll_rates(facts, config),
        "loss_development": flows.loss_development(facts, config),
        "unit_economics": economics.unit_economics(facts, found["replications"], config),
        "desk_waits": operations.desk_waits(facts),
        "backlog": operations.backlog(facts, config),
        "fairness": persons.fairness(facts, config),
        "clauses": operations.clauses(facts),
        **_spells(facts, config),
        **_defaults(facts, found["arrears"], config),
    }


def _spells(facts: pl.DataFrame, config: Config) -> Tables:
    """Compute the tables about spells of arrears."""
    return {
        "spell_survival": spells.spell_survival(facts, config),
        "competing_risks": spells.competing_risks(facts),
        "cures": spells.cures(facts, config),
        "redefaults": spells.redefaults(facts, config),
        "first_payment_default": spells.first_payment_default(facts, config),
        "months_on_book": spells.months_on_book(facts),
    }


def _defaults(facts: pl.DataFrame, by_bucket: pl.DataFrame, config: Config) -> Tables:
    """Compute the tables about defaults and provisions."""
    matrix = defaults.provision_matrix(facts, config)
    return {
        "exposure_at_default": defaults.exposure_at_default(facts),
        "workout_lgd": defaults.workout_lgd(facts, config),
        "recovery_curve": defaults.recovery_curve(facts, config),
        "probability_of_default": defaults.probability_of_default(facts, config),
        "provision_matrix": matrix,
        "expected_credit_loss": defaults.expected_credit_loss(by_bucket, matrix),
    }
