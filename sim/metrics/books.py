"""Tables about money: portfolio, income, costs, losses and profit."""

from collections.abc import Mapping

import polars as pl

from sim.metrics.accounts import (
    COST_ACCOUNTS,
    INCOME_ACCOUNTS,
    kinds_credited,
    kinds_debited,
    kinds_given_up,
    signed,
)
from sim.metrics.declared import books as declared
from sim.metrics.frames import by_kind, conform, onto, pick, ratio, spread
from sim.record import eventlog
from sim.record.accounts import Account
from sim.record.postings import POSTINGS
from sim.record.tallies import Bucket

REVENUE_KINDS = kinds_credited(INCOME_ACCOUNTS)
"""Kind of income and sign by posting."""

COST_KINDS = kinds_debited(COST_ACCOUNTS)
"""Kind of cost and sign by posting."""

WRITTEN_OFF_COMPONENTS = kinds_given_up(Account.WRITE_OFF)
"""Component of a write-off by posting."""

RECOVERED = list(kinds_credited({Account.RECOVERY: "recovered"}))
"""Postings of money on claims already written off."""

BALANCES = {
    "principal_receivable_yen": (Account.PRINCIPAL_RECEIVABLE, 1),
    "fee_receivable_yen": (Account.FEE_RECEIVABLE, 1),
    "late_damages_receivable_yen": (Account.LATE_DAMAGES_RECEIVABLE, 1),
    "late_admin_fee_receivable_yen": (Account.LATE_ADMIN_FEE_RECEIVABLE, 1),
    "cost_receivable_yen": (Account.COST_RECEIVABLE, 1),
    "merchant_payable_yen": (Account.MERCHANT_PAYABLE, -1),
    "member_credit_yen": (Account.MEMBER_CREDIT, -1),
    "points_liability_yen": (Account.POINTS_LIABILITY, -1),
    "consumption_tax_payable_yen": (Account.CONSUMPTION_TAX_PAYABLE, -1),
}
"""Account behind a balance and the side on which it is positive."""

OVERDUE = [bucket.name.lower() for bucket in Bucket if bucket.name.startswith("DPD_")]
DECLINED_AT_ONCE = [activity.name.lower() for activity in eventlog.DECLINED_AT_ONCE]
DECLINED_LATER = [activity.name.lower() for activity in eventlog.DECLINED_LATER]
AUTHORISED = [activity.name.lower() for activity in eventlog.AUTHORISED]
ANSWERED = [*AUTHORISED, "purchase_held", *DECLINED_AT_ONCE]
"""Answers to uses asked for; a use that a reviewer approves is answered twice."""
DECLINED = [*DECLINED_AT_ONCE, *DECLINED_LATER]


def balances(postings: pl.DataFrame, grid: pl.DataFrame) -> pl.DataFrame:
    """Give the balances of accounts at the end of every month, from the sums of postings."""
    names = {posting.name.lower(): posting for posting in POSTINGS}
    columns = {}
    for name, (account, _) in BALANCES.items():
        debited = [key for key, posting in names.items() if posting.debit is account]
        credited = [key for key, posting in names.items() if posting.credit is account]
        columns[f"{name}_debit"] = (debited, "yen")
        columns[f"{name}_credit"] = (credited, "yen")
    moves = onto(grid, spread(postings, columns))
    return moves.with_columns(
        (side * (pl.col(f"{name}_debit") - pl.col(f"{name}_credit")))
        .cum_sum()
        .over("replication", order_by="month")
        .alias(name)
        for name, (_, side) in BALANCES.items()
    ).select(*grid.columns, *BALANCES)


def portfolio(facts: pl.DataFrame, grid: pl.DataFrame) -> pl.DataFrame:
    """Compute purchases, receivables and members by month."""
    postings, events = pick(facts, "postings"), pick(facts, "events")
    frame = balances(postings, grid)
    frame = onto(frame, _purchases(events))
    frame = onto(frame, _posted(postings))
    frame = onto(
        frame,
        spread(
            pick(facts, "billed"), {"bills": (["price"], "count"), "billed_yen": (["price"], "yen")}
        ),
    )
    frame = onto(frame, _stock(pick(facts, "arrears")))
    placed = spread(pick(facts, "placed"), {"law_firm_principal_yen": (["law_firm"], "yen")})
    macro = spread(pick(facts, "macro"), {"macro_factor_millionths": (["factor"], "count")})
    frame = onto(onto(frame, placed), macro).with_columns(
        ratio(
            "purchases_authorised", pl.col("purchases_authorised") + pl.col("purchases_declined")
        ).alias("approval_rate"),
        ratio("authorised_yen", pl.col("authorised_yen") + pl.col("declined_yen")).alias(
            "approval_rate_yen"
        ),
        ratio("overdue_principal_yen", "principal_receivable_yen").alias("late_share"),
        ratio("law_firm_principal_yen", "overdue_principal_yen").alias("law_firm_share"),
    )
    return conform(frame, declared.PORTFOLIO)


def _purchases(events: pl.DataFrame) -> pl.DataFrame:
    """Sum uses asked for, authorised and declined; an approval by a reviewer is no new asking."""
    reviewed = ["review_approved"]
    sums = spread(
        events,
        {
            "purchases_asked": (ANSWERED, "count"),
            "asked_yen": (ANSWERED, "yen"),
            "reviewed": (reviewed, "count"),
            "reviewed_yen": (reviewed, "yen"),
            "purchases_authorised": (AUTHORISED, "count"),
            "authorised_yen": (AUTHORISED, "yen"),
            "purchases_declined": (DECLINED, "count"),
            "declined_yen": (DECLINED, "yen"),
        },
    )
    return sums.with_columns(
        pl.col("purchases_asked") - pl.col("reviewed"), pl.col("asked_yen") - pl.col("reviewed_yen")
    ).drop("reviewed", "reviewed_yen")


def _posted(postings: pl.DataFrame) -> pl.DataFrame:
    """Sum purchases posted, cancelled and returned."""
    return spread(
        postings,
        {
            "purchases_posted": (["purchase_posted"], "count"),
            "posted_yen": (["purchase_posted"], "yen"),
            "cancelled_yen": (["purchase_cancelled"], "yen"),
            "returned_yen": (["purchase_returned"], "yen"),
        },
    )


def _stock(arrears: pl.DataFrame) -> pl.DataFrame:
    """Sum members and principal of the month-end pictures."""
    members = [bucket.name.lower() for bucket in Bucket if bucket is not Bucket.NOT_A_MEMBER]
    everybody = [bucket.name.lower() for bucket in Bucket]
    return spread(
        arrears,
        {
            "snapshot_principal_yen": (everybody, "yen"),
            "members_admitted": (members, "count"),
            "members_no_debt": (["no_debt"], "count"),
            "members_current": (["current"], "count"),
            "members_overdue": (OVERDUE, "count"),
            "members_written_off": (["written_off"], "count"),
            "overdue_principal_yen": (OVERDUE, "yen"),
        },
    )


def revenue(facts: pl.DataFrame, grid: pl.DataFrame) -> pl.DataFrame:
    """Compute income by kind; a returned discount is deducted from the discounts."""
    return conform(_of_kinds(facts, grid, REVENUE_KINDS, "kind"), declared.REVENUE)


def costs(facts: pl.DataFrame, grid: pl.DataFrame) -> pl.DataFrame:
    """Compute costs by kind."""
    return conform(_of_kinds(facts, grid, COST_KINDS, "kind"), declared.COSTS)


def written_off(facts: pl.DataFrame, grid: pl.DataFrame) -> pl.DataFrame:
    """Compute write-offs by component."""
    frame = _of_kinds(facts, grid, WRITTEN_OFF_COMPONENTS, "component")
    return conform(frame, declared.WRITTEN_OFF)


def _of_kinds(
    facts: pl.DataFrame, grid: pl.DataFrame, kinds: Mapping[str, tuple[str, int]], column: str
) -> pl.DataFrame:
    """Sum postings by month and kind, with their signs."""
    names = {key: kind for key, (kind, _) in kinds.items()}
    frame = by_kind(signed(pick(facts, "postings"), kinds), grid, names, column)
    return frame.rename({"count": "postings"})


def profit(
    facts: pl.DataFrame,
    grid: pl.DataFrame,
    revenue: pl.DataFrame,
    costs: pl.DataFrame,
    written_off: pl.DataFrame,
) -> pl.DataFrame:
    """Compute profit by month from income, costs, write-offs and recoveries."""
    frame = grid
    for name, part in (
        ("revenue_yen", revenue),
        ("cost_yen", costs),
        ("written_off_yen", written_off),
    ):
        sums = part.group_by("replication", "month").agg(pl.col("yen").sum().alias(name))
        frame = onto(frame, sums)
    postings = pick(facts, "postings")
    other = {"recovered_yen": (RECOVERED, "yen"), "posted_yen": (["purchase_posted"], "yen")}
    frame = onto(frame, spread(postings, other)).with_columns(profit_of().alias("profit_yen"))
    frame = frame.with_columns(
        ratio("revenue_yen", "posted_yen").alias("take_rate"),
        ratio("profit_yen", "posted_yen").alias("profit_rate"),
    )
    return conform(frame, declared.PROFIT)


def profit_of() -> pl.Expr:
    """Give profit as an expression of its parts."""
    income = pl.col("revenue_yen") - pl.col("cost_yen")
    return income - pl.col("written_off_yen") + pl.col("recovered_yen")
