"""The statement of account of one member."""

import datetime as dt
import re
from dataclasses import astuple
from typing import Any

import polars as pl
import pytest

from sim.config import Config
from sim.engine.simulation import simulate
from sim.facts.recorded_lines import EVENT_SCHEMA, LEDGER_SCHEMA
from sim.record.accounts import Account
from sim.record.eventlog import Activity, Record
from sim.record.ledger import LedgerError
from sim.record.postings import Posting
from sim.report.statement import BALANCE_OF, Balances, Line
from sim.trace import POSTINGS_OF, account_lines, balances_of, closing_lines, trace

N_MEMBERS = 150
DAY = dt.date(2026, 1, 31)


def config_of(members: int) -> Config:
    """Give the default run with fewer members."""
    config = Config()
    population = config.population.model_copy(update={"members": members})
    return config.model_copy(update={"population": population})


@pytest.fixture(scope="module")
def everybody() -> tuple[pl.DataFrame, pl.DataFrame]:
    """Give ledger lines and events of all members of a small run."""
    outcome = simulate(config_of(N_MEMBERS), [0], record=Record.everyone())
    return outcome.ledger, outcome.events


def of(
    everybody: tuple[pl.DataFrame, pl.DataFrame], member: int
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Give the lines and events of one member."""
    ledger, events = everybody
    return ledger.filter(pl.col("member") == member), events.filter(pl.col("case_id") == member)


def posted(*postings: tuple[Posting, int]) -> pl.DataFrame:
    """Give ledger lines of one day."""
    rows = [
        (0, "np", "atone", DAY, 7, 0, kind.name.lower(), Account(kind.debit).name.lower(),
         Account(kind.credit).name.lower(), yen, kind.clause)
        for kind, yen in postings
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=LEDGER_SCHEMA, orient="row")


def happened(*events: tuple[Activity, int, int]) -> pl.DataFrame:
    """Give events of the evening of the day: activity, yen, reference."""
    evening = dt.datetime.combine(DAY, dt.time(23, 59))
    rows: list[tuple[Any, ...]] = [
        (0, "np", "atone", 7, activity.name.lower(), evening, "", 0, yen, reference,
         activity.clause)
        for activity, yen, reference in events
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=EVENT_SCHEMA, orient="row")


def test_each_line_changes_the_balances_by_its_debit_less_its_credit(
    everybody: tuple[pl.DataFrame, pl.DataFrame],
) -> None:
    for member in range(N_MEMBERS):
        net = 0
        for line in account_lines(*of(everybody, member)):
            net += line.debit_yen - line.credit_yen
            assert line.balances is None or line.balances.net == net


def test_the_last_balances_are_those_of_the_accounts(
    everybody: tuple[pl.DataFrame, pl.DataFrame],
) -> None:
    seen: set[str] = set()
    for member in range(N_MEMBERS):
        ledger, events = of(everybody, member)
        balances = [line.balances for line in account_lines(ledger, events) if line.balances]
        assert (balances[-1] if balances else Balances()) == balances_of(ledger)
        seen.update(ledger["kind"])
    # the run is rich enough to mean something
    assert {"principal_netted", "late_damages", "fee_written_off", "late_admin_fee_paid"} <= seen


def test_no_balance_is_ever_negative(everybody: tuple[pl.DataFrame, pl.DataFrame]) -> None:
    for member in range(N_MEMBERS):
        for line in account_lines(*of(everybody, member)):
            assert line.balances is None or min(line.balances) >= 0


def test_every_event_and_every_own_posting_is_told(
    everybody: tuple[pl.DataFrame, pl.DataFrame],
) -> None:
    ledger, events = everybody
    own = ledger.filter(pl.col("debit").is_in(BALANCE_OF) | pl.col("credit").is_in(BALANCE_OF))
    debit = credit = heads = 0
    for member in range(N_MEMBERS):
        lines = account_lines(*of(everybody, member))
        debit += sum(line.debit_yen for line in lines)
        credit += sum(line.credit_yen for line in lines)
        meanings = [activity.meaning for activity in Activity]
        heads += sum(any(line.text.startswith(text) for text in meanings) for line in lines)
    assert debit == own.filter(pl.col("debit").is_in(BALANCE_OF))["yen"].sum()
    assert credit == own.filter(pl.col("credit").is_in(BALANCE_OF))["yen"].sum()
    assert heads >= events.height


def test_lines_are_in_order_of_time(everybody: tuple[pl.DataFrame, pl.DataFrame]) -> None:
    for member in range(N_MEMBERS):
        moments = [line.moment for line in account_lines(*of(everybody, member))]
        assert moments == sorted(moments)


def test_a_purchase_and_its_posting_are_one_line_with_both_clauses() -> None:
    lines = account_lines(
        posted((Posting.PURCHASE_POSTED, 3000)), happened((Activity.PURCHASE_POSTED, 3000, 4))
    )
    moment = dt.datetime(2026, 1, 31, 23, 59)  # noqa: DTZ001 - records have no zone
    expected = Line(
        moment,
        "goods shipped, purchase posted",
        "ART-07 NP-22.2",
        0,
        3000,
        0,
        Balances(3000),
        kind="purchase_posted",
        yen=3000,
    )
    assert [astuple(line) for line in lines] == [astuple(expected)]


def test_two_purchases_of_a_night_take_their_own_postings() -> None:
    lines = account_lines(
        posted((Posting.PURCHASE_POSTED, 3000), (Posting.PURCHASE_POSTED, 500)),
        happened((Activity.PURCHASE_POSTED, 500, 4), (Activity.PURCHASE_POSTED, 3000, 5)),
    )
    assert [line.debit_yen for line in lines] == [500, 3000]


def test_a_late_fee_and_its_tax_are_one_line() -> None:
    lines = account_lines(
        posted((Posting.LATE_ADMIN_FEE, 91), (Posting.LATE_ADMIN_FEE_TAX, 9)),
        happened((Activity.LATE_ADMIN_FEE_CHARGED, 100, -1)),
    )
    assert [(line.debit_yen, line.clause, line.text) for line in lines] == [
        (100, "NP-30.3 NP-26", "late administration fee, with 9 yen of tax")
    ]


def test_a_set_off_leaves_the_net_debt_as_it_is() -> None:
    lines = account_lines(
        posted(
            (Posting.PURCHASE_POSTED, 1000),
            (Posting.PURCHASE_RETURNED, 400),
            (Posting.PRINCIPAL_NETTED, 400),
        ),
        happened((Activity.BILL_NETTED, 400, -1)),
    )
    assert (lines[-1].debit_yen, lines[-1].credit_yen) == (400, 400)
    assert [line.balances for line in lines] == [
        Balances(principal=1000),
        Balances(principal=1000, credit=400),
        Balances(principal=600),
    ]


def test_what_is_the_lenders_own_affair_has_no_balances() -> None:
    (line,) = account_lines(posted((Posting.MERCHANT_PAID, 970)), happened())
    assert line.text == "[lender] merchant paid: 970 yen"
    assert line.balances is None


def test_an_event_tells_its_own_cost_and_no_other() -> None:
    cost = (Posting.CONTACT_COST, 120)
    events = happened((Activity.CONTACT_SENT, 0, -1)).with_columns(cost_yen=pl.lit(120, pl.Int64))
    texts = [line.text for line in account_lines(posted(cost, cost), events)]
    assert texts == [
        "[lender] contact cost: 120 yen",
        "message or letter sent; costs 120 yen",
    ]


def test_every_activity_that_stands_for_postings_exists() -> None:
    assert set(POSTINGS_OF) <= {activity.name.lower() for activity in Activity}
    kinds = {kind for kinds in POSTINGS_OF.values() for kind in kinds}
    assert kinds <= {posting.name.lower() for posting in Posting}


def test_a_statement_that_does_not_add_up_is_a_defect() -> None:
    ledger = posted((Posting.PURCHASE_POSTED, 3000))
    with pytest.raises(LedgerError, match="the statement ends with"):
        list(closing_lines([], ledger))


def test_the_trace_closes_with_a_balance_that_adds_up(
    everybody: tuple[pl.DataFrame, pl.DataFrame],
) -> None:
    member = everybody[1].filter(pl.col("activity") == "written_off")["case_id"][0]
    text = trace(config_of(N_MEMBERS), member)
    assert text.startswith(f"Statement of account of member {member}, replication 0")
    found = re.search(r"debits ([\d,]+) - credits ([\d,]+) = ([\d,-]+) yen", text)
    assert found
    debit, credit, net = (int(number.replace(",", "")) for number in found.groups())
    assert debit - credit == net
    assert "written off in the books" in text
    assert "COLL-11" in text
    assert all(len(line) <= 160 and line == line.rstrip() for line in text.splitlines())
