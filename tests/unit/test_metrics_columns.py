"""The declaration of the metric tables and the page made from it."""

from pathlib import Path

import pytest

from sim.engine.desks.statistics import WAIT_EDGES_MINUTES
from sim.metrics.accounts import (
    COST_ACCOUNTS,
    INCOME_ACCOUNTS,
    LINES,
    LOSS_LINES,
    NOT_OF_COLLECTION,
    RECEIVABLE_ACCOUNTS,
    lines_of,
)
from sim.metrics.arrears import MEASURES
from sim.metrics.books import (
    ANSWERED,
    AUTHORISED,
    BALANCES,
    COST_KINDS,
    DECLINED,
    RECOVERED,
    REVENUE_KINDS,
    WRITTEN_OFF_COMPONENTS,
)
from sim.metrics.columns import HEADLINE, LOSS_METRICS, TABLE, TABLES, page
from sim.metrics.declaration import Table
from sim.metrics.operations import EVENT_COLUMNS, WAIT_CLASSES
from sim.record.accounts import Account
from sim.record.eventlog import ACTIVITIES
from sim.record.ledger import LOSS_POSTINGS
from sim.record.postings import POSTINGS, Posting

PAGE = Path(__file__).parents[2] / "docs" / "metrics.md"
LOSS_ACCOUNTS = {Account.WRITE_OFF, Account.RECOVERY}


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


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_table_names_its_source_and_its_estimator(table: Table) -> None:
    for text in (table.source, table.estimator):
        assert text
        assert not text.endswith(".")  # the page adds the full stop


def test_headline_and_loss_metrics_are_columns_of_the_replications() -> None:
    assert set(HEADLINE) | set(LOSS_METRICS) <= set(TABLE["replications"].schema)


def test_every_account_has_one_place_in_the_statements() -> None:
    balance_sheet = {Account.CASH, *(account for account, _ in BALANCES.values())}
    groups = [balance_sheet, set(INCOME_ACCOUNTS), set(COST_ACCOUNTS), LOSS_ACCOUNTS]
    placed = [account for group in groups for account in group]
    assert sorted(placed) == sorted(Account)
    assert set(RECEIVABLE_ACCOUNTS) < balance_sheet


def test_every_posting_on_an_account_of_the_income_statement_is_counted() -> None:
    on = lambda accounts: {  # noqa: E731
        p.name.lower() for p in POSTINGS if {p.debit, p.credit} & set(accounts)
    }
    assert set(REVENUE_KINDS) == on(INCOME_ACCOUNTS)
    assert set(COST_KINDS) == on(COST_ACCOUNTS)
    assert set(WRITTEN_OFF_COMPONENTS) == on({Account.WRITE_OFF})
    assert set(RECOVERED) == on({Account.RECOVERY})


def test_every_posting_on_a_receivable_is_in_exactly_one_line() -> None:
    for posting in POSTINGS:
        found = lines_of(posting)
        assert set(found) == {posting.debit, posting.credit} & set(RECEIVABLE_ACCOUNTS), posting
        assert set(found.values()) <= set(LINES), posting
        raised = found.get(posting.debit) if posting.debit in found else "charged_yen"
        assert raised == "charged_yen", posting
        assert found.get(posting.credit) != "charged_yen", posting


def test_lines_follow_the_other_account_and_the_clause_of_a_sale() -> None:
    principal, fee = Account.PRINCIPAL_RECEIVABLE, Account.FEE_RECEIVABLE
    for posting, account, line in (
        (Posting.PURCHASE_POSTED, principal, "charged_yen"),
        (Posting.PURCHASE_CANCELLED, principal, "cancelled_yen"),
        (Posting.PRINCIPAL_PAID, principal, "paid_yen"),
        (Posting.PRINCIPAL_NETTED, principal, "netted_yen"),
        (Posting.PRINCIPAL_PAID_BY_POINTS, principal, "paid_by_points_yen"),
        (Posting.PRINCIPAL_WRITTEN_OFF, principal, "written_off_yen"),
        (Posting.PRINCIPAL_SOLD, principal, "sold_yen"),
        (Posting.EXEMPTED, principal, "exempted_yen"),
        (Posting.FINANCE_CHARGE_REBATED, fee, "released_yen"),
        (Posting.EXEMPTED_FEE_TAX, fee, "released_yen"),
    ):
        assert lines_of(posting) == {account: line}


def test_every_posting_on_an_account_of_losses_is_in_a_line_of_the_triangle() -> None:
    placed = {key for keys in LOSS_LINES.values() for key in keys}
    assert placed == {posting.name.lower() for posting in LOSS_POSTINGS}


def test_every_cost_is_one_of_collection_or_is_named_as_none() -> None:
    assert set(COST_ACCOUNTS) > NOT_OF_COLLECTION
    of_collection = {Account.COLLECTION_COST, Account.AGENCY_COST}
    assert set(COST_ACCOUNTS) - NOT_OF_COLLECTION >= of_collection


def test_what_is_taken_back_counts_against_its_kind() -> None:
    assert REVENUE_KINDS["merchant_discount"] == ("merchant_discount", 1)
    assert REVENUE_KINDS["merchant_discount_returned"] == ("merchant_discount", -1)


def test_every_declining_activity_is_a_reason() -> None:
    names = {activity.name.lower() for activity in ACTIVITIES}
    outright = {name for name in names if name.startswith("declined_")}
    assert outright <= set(DECLINED) < names
    assert set(ANSWERED) | set(AUTHORISED) | set(EVENT_COLUMNS.values()) < names
    assert set(DECLINED) & set(AUTHORISED) == set()


def test_wait_classes_follow_the_edges_of_the_desks() -> None:
    assert tuple(WAIT_CLASSES.values()) == (*WAIT_EDGES_MINUTES, None)


def test_member_measures_are_named_once() -> None:
    assert set(MEASURES) < set(TABLE["members"].schema)
