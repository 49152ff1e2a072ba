"""Columns of the tables about what a unit earns, and what a yen recovered costs."""

from sim.metrics.declaration import (
    REPLICATION,
    Table,
    count,
    number,
    share,
    text,
    yen,
)
from sim.metrics.declared.products import LENDER

BASES = {
    "purchase": "purchases posted",
    "active_member": "persons with a purchase posted in the run",
    "member_month": "members_admitted of `portfolio`, summed",
    "gmv_yen": "price of purchases posted",
}
"""What an amount is divided by, and what that counts."""

UNIT_ECONOMICS = Table(
    "unit_economics",
    "Income, costs, loss and profit of a purchase, a member, a month of a member, a yen of GMV.",
    "a lender, a product, an item and a base, over the horizon of all replications.",
    ("lender", "product", "item", "base"),
    (
        text("lender", "np, au, or all: both together."),
        text("product", "A product, empty: of no one product, or all of the lender's."),
        text(
            "item",
            "revenue, cost, net_loss or profit; revenue: or cost: with a kind of it.",
        ),
        text("base", f"{', '.join(f'{name} ({words})' for name, words in BASES.items())}."),
        yen("yen", "Amount of all replications; cost and net loss as positive amounts.", "any"),
        count("units", "Units of all replications.", "units"),
        count("n", "Replications with units.", "replications"),
        number("mean", "yen per unit", "Mean over replications of yen / units.", "any"),
        number("lower", "yen per unit", "Lower end of the interval of `mean`.", "any"),
        number("upper", "yen per unit", "Upper end of it.", "any"),
    ),
    "Yen of items sum over products to those of the lender, and over lenders to all. A product "
    "counts its own purchases and active members and the member-months of its lender; an item of "
    "no one product is divided by the units of the lender as a whole. Funding is cost:funding, "
    "fraud cost:fraud. A person active at both lenders is one active member of all.",
    source="accounts of income and costs, WRITE_OFF, RECOVERY; purchases posted; month-end states",
    estimator="mean of the replications' ratios with its interval, weighted and grouped as the "
    "headline numbers",
)

COLLECTION_STAGES = Table(
    "collection_stages",
    "What each stage of collection costs and brings.",
    "a replication, a lender and a stage, over the horizon.",
    ("replication", "lender", "stage"),
    (
        REPLICATION,
        LENDER,
        text(
            "stage",
            "reminder, no_contact, a channel by its name, calls, law_firm, court, garnishment, "
            "plan or after_write_off; any other cost of collection or recovery by the name of its "
            "posting.",
        ),
        count("contacts", "Contacts, or postings of the cost.", "events"),
        yen("cost_yen", "Cost of the stage."),
        count("payments", "Payments of overdue dues in cash, or postings of recoveries."),
        yen("cash_yen", "That cash, all components."),
        share("cost_per_yen", "cost_yen", "cash_yen", "Cost of a yen.", unit="yen per yen"),
    ),
    "Cash goes to the last rung of the ladder that the member was on when it came in. Costs sum to "
    "all costs but those of billing, screening, funding, fraud and points. Stages of the ladder "
    "come first, then others by name. Reminders go out before the due date and bring cash on time.",
    source="COLLECTION_COST, AGENCY_COST, LEGAL_COST and any later account of collection, RECOVERY "
    "against CASH; tally of contacts and of cash on overdue dues by stage",
    estimator="none: a ratio of sums in each replication",
)
