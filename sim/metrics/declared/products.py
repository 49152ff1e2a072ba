"""Columns of the table that sets lenders and products side by side."""

from sim.metrics.declaration import REPLICATION, Table, count, share, text, yen

LENDER = text("lender", "np or au.")

PRODUCTS = Table(
    "products",
    "Lenders and their products side by side.",
    "a replication, a lender and a product, over the whole horizon.",
    ("replication", "lender", "product"),
    (
        REPLICATION,
        LENDER,
        text("product", "Product or payment plan; empty: of the lender as a whole."),
        count("purchases_asked", "Uses asked for.", "uses"),
        count("purchases_authorised", "Uses authorised, at once or by a reviewer in time.", "uses"),
        count("purchases_declined", "Uses declined, whatever the reason.", "uses"),
        share(
            "approval_rate",
            "purchases_authorised",
            "purchases_authorised + purchases_declined",
            "Uses authorised among those decided.",
        ),
        count("purchases_posted", "Purchases posted.", "purchases"),
        yen("posted_yen", "Price of purchases posted, cancellations not deducted."),
        count("payments_missed", "Due dates passed unpaid.", "dues"),
        yen("revenue_yen", "Income of every kind.", "any"),
        yen("late_damages_yen", "Late damages accrued, contained in the income.", "any"),
        yen("cost_yen", "Costs of every kind, funding and fraud included.", "any"),
        yen("written_off_yen", "Claims given up, all components.", "any"),
        yen("recovered_yen", "Money on claims written off, and the price of claims sold."),
        yen("net_loss_yen", "written off - recovered.", "any"),
        yen("profit_yen", "revenue - cost - net loss.", "any"),
        share("take_rate", "revenue_yen", "posted_yen", "Income of a yen of purchases.", "any"),
        share("net_loss_rate", "net_loss_yen", "posted_yen", "Loss of a yen of purchases.", "any"),
        share("profit_rate", "profit_yen", "posted_yen", "Profit of a yen of purchases.", "any"),
    ),
    "Sums over lenders and products are those of `profit`. What belongs to no one product, such as "
    "contacts, agency fees and funding, stands in the row of the lender as a whole.",
    source="accounts of income and costs, WRITE_OFF, RECOVERY; answers to uses; purchases posted",
    estimator="none: a ratio of sums in each replication",
)
