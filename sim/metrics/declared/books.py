"""Columns of the tables about money: portfolio, income, costs, losses and profit."""

from collections.abc import Mapping

import polars as pl

from sim.metrics.accounts import COST_ACCOUNTS, INCOME_ACCOUNTS, RECEIVABLE_ACCOUNTS
from sim.metrics.declaration import (
    BY_MONTH,
    MONTHLY,
    ROW,
    Column,
    Table,
    count,
    share,
    text,
    yen,
)
from sim.record.accounts import Account


def words(kinds: Mapping[Account, str]) -> str:
    """List kinds as words."""
    *most, last = dict.fromkeys(kinds.values())
    return f"{', '.join(most)} or {last}"


PORTFOLIO = Table(
    "portfolio",
    "Purchases, receivables and members.",
    ROW,
    MONTHLY,
    (
        *BY_MONTH,
        count("purchases_asked", "Uses asked for.", "uses"),
        yen("asked_yen", "Price of uses asked for."),
        count("purchases_authorised", "Uses authorised, at once or by a reviewer in time.", "uses"),
        yen("authorised_yen", "Price of uses authorised."),
        count("purchases_declined", "Uses declined, whatever the reason.", "uses"),
        yen("declined_yen", "Price of uses declined."),
        share(
            "approval_rate",
            "purchases_authorised",
            "purchases_authorised + purchases_declined",
            "Uses authorised among those decided in the month.",
        ),
        share(
            "approval_rate_yen",
            "authorised_yen",
            "authorised_yen + declined_yen",
            "The same by price.",
        ),
        count("purchases_posted", "Purchases posted.", "purchases"),
        yen("posted_yen", "GMV: price of purchases posted, cancellations not deducted."),
        yen("cancelled_yen", "Price of posted purchases cancelled before their closing."),
        yen("returned_yen", "Price of purchases cancelled after their closing."),
        count("bills", "Bills closed at the month's end.", "bills"),
        yen("billed_yen", "Price on those bills, without fees and late damages."),
        yen("principal_receivable_yen", "Price owed by members, by the ledger."),
        yen(
            "snapshot_principal_yen",
            "Price owed by members, summed over members; equals `principal_receivable_yen`.",
        ),
        yen("fee_receivable_yen", "Fees with tax owed by members."),
        yen("late_damages_receivable_yen", "Late damages owed by members."),
        yen("late_admin_fee_receivable_yen", "Late administration fees with tax owed by members."),
        yen("cost_receivable_yen", "Costs and damages claimed from members and owed by them."),
        yen(
            "merchant_payable_yen", "Owed to merchants; negative where they owe the lender.", "any"
        ),
        yen("member_credit_yen", "Owed to members."),
        yen("points_liability_yen", "Points awarded and not used, in yen.", "any"),
        yen("consumption_tax_payable_yen", "Consumption tax charged since the start."),
        count(
            "members_admitted",
            "Members and customers by order so far, also who has left or is written off.",
            "members",
        ),
        count("members_no_debt", "Members who owe no price.", "members"),
        count("members_current", "Members who owe and have nothing overdue.", "members"),
        count("members_overdue", "Members with an overdue bill, not written off.", "members"),
        count(
            "members_written_off", "Members whose claims are written off and still owed.", "members"
        ),
        yen("overdue_principal_yen", "Price owed, due or not, by the members overdue."),
        share(
            "late_share",
            "overdue_principal_yen",
            "principal_receivable_yen",
            "Share of the receivable owed by members overdue.",
        ),
        yen("law_firm_principal_yen", "Price owed by members whose case is at the law firm."),
        share(
            "law_firm_share",
            "law_firm_principal_yen",
            "overdue_principal_yen",
            "Share of the overdue principal that is at the law firm.",
        ),
        Column(
            "macro_factor_millionths",
            pl.Int64,
            "millionths",
            "any",
            "Macro factor of the month; below 0 is a bad month.",
        ),
    ),
    "Uses held for review count as asked for in the month of the request and as authorised or "
    "declined in the month of the decision; what is held at the end of the month is in neither. "
    "Who is a member at both lenders counts twice.",
    source="answers to uses; balances of all accounts of the balance sheet but CASH; tally"
    " of bills; month-end states of members; macro path",
    estimator="none: a ratio of sums in each replication",
)

REVENUE = Table(
    "revenue",
    "Income by kind, as accrued, without consumption tax.",
    "a replication, a month and a kind of income.",
    (*MONTHLY, "kind"),
    (
        *BY_MONTH,
        text("kind", f"{words(INCOME_ACCOUNTS)}."),
        count("postings", "Postings of this income; returned discounts not counted.", "postings"),
        yen("yen", "Income, less what was given back.", "any"),
    ),
    source="every account of income",
    estimator="none: exact in each replication",
)

COSTS = Table(
    "costs",
    "Costs by kind.",
    "a replication, a month and a kind of cost.",
    (*MONTHLY, "kind"),
    (
        *BY_MONTH,
        text("kind", f"{words(COST_ACCOUNTS)}."),
        count("postings", "Postings of this cost.", "postings"),
        yen(
            "yen", "Cost, as a positive amount; points also less what expired or came back.", "any"
        ),
    ),
    "Collection cost includes the reminders before the due date.",
    source="every account of costs, FRAUD_LOSS included",
    estimator="none: exact in each replication",
)

WRITTEN_OFF = Table(
    "written_off",
    "Claims given up, by component.",
    "a replication, a month and a component.",
    (*MONTHLY, "component"),
    (
        *BY_MONTH,
        text("component", f"{words(RECEIVABLE_ACCOUNTS)}."),
        count("postings", "Postings of write-offs.", "postings"),
        yen("yen", "Written off, as a positive amount, less what was exempted later.", "any"),
    ),
    source="WRITE_OFF against the receivables",
    estimator="none: exact in each replication",
)

PROFIT = Table(
    "profit",
    "Profit of the lender.",
    ROW,
    MONTHLY,
    (
        *BY_MONTH,
        yen("revenue_yen", "Sum of `revenue`.", "any"),
        yen("cost_yen", "Sum of `costs`.", "any"),
        yen("written_off_yen", "Sum of `written_off`.", "any"),
        yen("recovered_yen", "Money on claims written off, and the price of claims sold."),
        yen("profit_yen", "revenue - cost - written off + recovered.", "any"),
        yen("posted_yen", "GMV."),
        share("take_rate", "revenue_yen", "posted_yen", "Income per yen of GMV.", "any"),
        share("profit_rate", "profit_yen", "posted_yen", "Profit per yen of GMV.", "any"),
    ),
    "Losses are booked at the write-off, so the profit of a growing portfolio leads its losses.",
    source="accounts of income and costs, WRITE_OFF, RECOVERY; purchases posted",
    estimator="none: a ratio of sums in each replication",
)
