"""All metric tables of a run, in the order of their declaration."""

import polars as pl

from sim.config import Config
from sim.metrics import arrears, books, economics, flows, operations, persons, vintages
from sim.metrics.collection_stages import collection_stages
from sim.metrics.columns import TABLES
from sim.metrics.frames import month_grid
from sim.metrics.products import products
from sim.metrics.replications import replications


def assemble(facts: pl.DataFrame, config: Config) -> dict[str, pl.DataFrame]:
    """Compute every declared table; see `sim.metrics.tables`."""
    grid = month_grid(facts, config)
    found = {
        **_books(facts, grid),
        **_credit(facts, grid, config),
        **_operations(facts, grid, config),
    }
    found["replications"] = replications(found, facts, config)
    found["unit_economics"] = economics.unit_economics(facts, found["replications"], config)
    return {table.name: found[table.name] for table in TABLES}


def _books(facts: pl.DataFrame, grid: pl.DataFrame) -> dict[str, pl.DataFrame]:
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


def _credit(facts: pl.DataFrame, grid: pl.DataFrame, config: Config) -> dict[str, pl.DataFrame]:
    """Compute the tables about credit risk."""
    by_age = vintages.vintages(facts, grid, config)
    return {
        "vintages": by_age,
        "unpaid_curve": vintages.unpaid_curve(by_age, config),
        "payment_delay": vintages.payment_delay(facts),
        "roll_rates": arrears.roll_rates(facts, config),
        "arrears": arrears.arrears(facts, grid),
        "declines": arrears.declines(facts, grid),
        "losses": vintages.losses(facts, grid, config),
        "loss_triangle": flows.loss_triangle(facts),
        "loss_development": flows.loss_development(facts, grid, config),
        "loss_concentration": persons.loss_concentration(facts),
    }


def _operations(facts: pl.DataFrame, grid: pl.DataFrame, config: Config) -> dict[str, pl.DataFrame]:
    """Compute the tables about people at work and clauses."""
    return {
        "collections": operations.collections(facts, grid, config),
        "recovery_by_stage": vintages.recovery_by_stage(facts, grid, config),
        "collection_stages": collection_stages(facts),
        "desks": operations.desks(facts, grid),
        "desk_totals": operations.desk_totals(facts),
        "desk_waits": operations.desk_waits(facts),
        "backlog": operations.backlog(facts, config),
        "members": arrears.members(facts),
        "fairness": persons.fairness(facts, config),
        "clauses": operations.clauses(facts),
    }
