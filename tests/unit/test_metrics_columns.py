"""The declaration of the metric tables and the page made from it."""

from pathlib import Path

import pytest

from sim.engine.desk_statistics import WAIT_EDGES_MINUTES
from sim.eventlog import ACTIVITIES
from sim.ledger import POSTINGS, Account
from sim.metrics.arrears import MEASURES
from sim.metrics.books import (
    ANSWERED,
    AUTHORISED,
    COST_KINDS,
    DECLINED,
    RECOVERED,
    REVENUE_KINDS,
    WRITTEN_OFF_COMPONENTS,
)
from sim.metrics.columns import HEADLINE, LOSS_METRICS, TABLE, TABLES, page
from sim.metrics.declaration import Table
from sim.metrics.operations import EVENT_COLUMNS, WAIT_CLASSES

PAGE = Path(__file__).parents[2] / "docs" / "metrics.md"
INCOME = {account for account in Account if account.name.endswith("_INCOME")}
COST = {account for account in Account if account.name.endswith("_COST")}


def credited(accounts: set[Account]) -> set[str]:
    return {posting.name.lower() for posting in POSTINGS if posting.credit in accounts}


def debited(accounts: set[Account]) -> set[str]:
    return {posting.name.lower() for posting in POSTINGS if posting.debit in accounts}


def test_the_page_is_what_the_declaration_prints() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()


def test_table_names_are_unique() -> None:
    assert len(TABLE) == len(TABLES)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_columns_are_unique_and_hold_the_keys(table: Table) -> None:
    assert len(table.schema) == len(table.columns)
    assert set(table.keys) <= set(table.schema)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_ratio_names_both_its_parts(table: Table) -> None:
    for column in table.columns:
        assert bool(column.numerator) == bool(column.denominator), column.name
        assert column.meaning.endswith("."), column.name


def test_headline_and_loss_metrics_are_columns_of_the_replications() -> None:
    assert set(HEADLINE) | set(LOSS_METRICS) <= set(TABLE["replications"].schema)


def test_every_posting_to_an_income_account_is_in_the_revenue() -> None:
    assert set(REVENUE_KINDS) == credited(INCOME)
    assert debited(INCOME) == {"merchant_discount_returned"}


def test_every_posting_to_a_cost_account_is_in_the_costs() -> None:
    assert set(COST_KINDS) == debited(COST)


def test_every_write_off_and_recovery_is_counted() -> None:
    assert set(WRITTEN_OFF_COMPONENTS) == debited({Account.WRITE_OFF})
    assert set(RECOVERED) == credited({Account.RECOVERY})


def test_every_declining_activity_is_a_reason() -> None:
    names = {activity.name.lower() for activity in ACTIVITIES}
    outright = {name for name in names if name.startswith("declined_")}
    assert outright < set(DECLINED) < names
    assert set(ANSWERED) | set(AUTHORISED) | set(EVENT_COLUMNS.values()) < names
    assert set(DECLINED) & set(AUTHORISED) == set()


def test_wait_classes_follow_the_edges_of_the_desks() -> None:
    assert tuple(WAIT_CLASSES.values()) == (*WAIT_EDGES_MINUTES, None)


def test_member_measures_are_named_once() -> None:
    assert set(MEASURES) < set(TABLE["members"].schema)
