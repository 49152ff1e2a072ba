"""Columns of the tables that follow claims: flow of funds, and losses by billing month."""

import polars as pl

from sim.metrics.accounts import RECEIVABLE_ACCOUNTS
from sim.metrics.declaration import (
    BY_MONTH,
    MONTH,
    MONTHLY,
    REPLICATION,
    Column,
    Sign,
    Table,
    share,
    text,
    yen,
)
from sim.metrics.declared.products import LENDER

RECEIVABLE = text(
    "receivable", f"{', '.join(RECEIVABLE_ACCOUNTS.values())}: the component of the claims."
)
MONTHS_SINCE_BILLING = Column(
    "months_since_billing",
    pl.Int16,
    "months",
    "any",
    "Calendar month of the posting less the billing month; below 0: before its bill.",
)


def lines(sign: Sign) -> tuple[Column, ...]:
    """Declare the lines of a receivable: each of its postings is in exactly one."""
    return (
        yen("charged_yen", "Debits: purchases posted, fees and damages with tax, costs.", sign),
        yen("cancelled_yen", "Credits against merchants: cancelled before the closing.", sign),
        yen("paid_yen", "Credits against cash.", sign),
        yen("netted_yen", "Credits against what is owed to members.", sign),
        yen("paid_by_points_yen", "Credits against points.", sign),
        yen("written_off_yen", "Credits against write-offs, without sales.", sign),
        yen("sold_yen", "Credits against write-offs by a sale (AU-45.1).", sign),
        yen("exempted_yen", "Credits against fraud losses: uses by third parties.", sign),
        yen("released_yen", "Any other credits: fees and damages taken back, with tax.", sign),
    )


FLOW_OF_FUNDS = Table(
    "flow_of_funds",
    "Receivables from the month's opening to its close.",
    "a replication, a calendar month, a lender and a receivable; flows of the month, stocks at its "
    "ends.",
    (*MONTHLY, "lender", "receivable"),
    (
        *BY_MONTH,
        LENDER,
        RECEIVABLE,
        yen("opening_yen", "Closing of the month before; 0 at the start."),
        *lines("at least 0"),
        yen("closing_yen", "What the tables of members and dues say that is owed."),
        yen("residual_yen", "opening + charged - all other lines - closing; always 0.", "any"),
    ),
    "The closing is no sum of postings: it is counted over members and dues, so that the residual "
    "shows a yen that the ledger and the members' debts do not share.",
    source="receivable accounts against every other account; tables of members and dues",
    estimator="none: exact in each replication",
)

FLOW_BY_PRODUCT = Table(
    "flow_by_product",
    "The lines of the flow of funds by product.",
    "a replication, a calendar month, a lender, a product and a receivable that was posted to.",
    (*MONTHLY, "lender", "product", "receivable"),
    (
        *BY_MONTH,
        LENDER,
        text("product", "Product or payment plan of the postings; empty: of no one product."),
        RECEIVABLE,
        *lines("at least 0"),
        yen("net_yen", "charged - all other lines.", "any"),
    ),
    "Sums over products are the lines of `flow_of_funds`. A product has no closing of its own: "
    "some claims are charged to the lender as a whole and paid with the bill of a product.",
    source="receivable accounts against every other account",
    estimator="none: exact in each replication",
)

LOSS_LINES = (
    yen("written_off_yen", "Written off, all components, less what was exempted later.", "any"),
    yen("price_written_off_yen", "Price among what was written off, exempted later or not."),
    yen("sold_yen", "Claims sold, all components."),
    yen("price_sold_yen", "Price among them."),
    yen("exempted_yen", "Uses by third parties released, less what merchants returned.", "any"),
    yen("recovered_yen", "Money on claims written off or sold, all components."),
    yen("net_loss_yen", "written off + sold + exempted - recovered.", "any"),
)

LOSS_TRIANGLE = Table(
    "loss_triangle",
    "Losses by billing month and months since billing.",
    "a replication, a billing month and a number of months since; flows of that one month.",
    (*MONTHLY, "months_since_billing"),
    (REPLICATION, MONTH, MONTHS_SINCE_BILLING, *LOSS_LINES),
    "Cells in which nothing was posted have no row. Month null: of no billing month of the run, "
    "such as fees that wait for a bill or the proceeds of a sale; it comes first. Sums over all "
    "rows are those of `profit` (written off with sales) and of the cost fraud. A recovery is one "
    "posting for all components: `losses` has the price alone.",
    source="WRITE_OFF, RECOVERY and FRAUD_LOSS, by the billing month of each posting",
    estimator="none: exact in each replication",
)

LOSS_DEVELOPMENT = Table(
    "loss_development",
    "Losses of a billing month since it began, by months since billing.",
    "a billing month and a number of months since that the run has seen, over all replications; "
    "cumulative.",
    ("month", "months_since_billing"),
    (
        MONTH,
        MONTHS_SINCE_BILLING,
        yen("billed_yen", "Price on the bills of the month."),
        *LOSS_LINES,
        share(
            "net_loss_share",
            "net_loss_yen",
            "billed_yen",
            "Net loss so far of a yen of price billed.",
            "any",
        ),
    ),
    source="as loss_triangle; tally of prices billed",
    estimator="ratio of sums over replications, without interval",
)
