"""Columns of the tables about persons: concentration of losses, and fairness by age and income."""

import polars as pl

from sim.metrics.declaration import (
    REPLICATION,
    Column,
    Table,
    count,
    number,
    share,
    text,
    yen,
)
from sim.metrics.declared.products import LENDER

WORST_PERCENT = (1, 5, 10, 20)
"""Shares of the customers whose part of the loss is shown."""

CONCENTRATION = Table(
    "loss_concentration",
    "How few members bear the loss.",
    "a replication and a lender, or all lenders together; over the horizon.",
    ("replication", "lender"),
    (
        REPLICATION,
        text("lender", "np, au, or all: the loss of a person at both lenders together."),
        count("customers", "Persons ever admitted, or with an order.", "persons"),
        yen("net_loss_yen", "Written off (with sales) less recovered, by person.", "any"),
        *(
            column
            for percent in WORST_PERCENT
            for column in (
                count(
                    f"worst_{percent}_customers", f"The worst {percent} %, rounded up.", "persons"
                ),
                yen(f"worst_{percent}_yen", "Their net loss.", "any"),
                share(
                    f"worst_{percent}_share",
                    f"worst_{percent}_yen",
                    "net_loss_yen",
                    f"Share of the loss that the worst {percent} % bear.",
                    "any",
                ),
            )
        ),
        yen("rank_weighted_yen", "Sum of rank * net loss; rank 1 is the least loss.", "any"),
        share(
            "gini",
            "2 * rank_weighted_yen - (customers + 1) * net_loss_yen",
            "customers * net_loss_yen",
            "Gini coefficient: 0 if all cause the same loss, near 1 if one causes all.",
            "any",
        ),
    ),
    "Null where nothing is lost. Losses not yet written off are not in it, nor are proceeds that "
    "belong to no person.",
    source="WRITE_OFF and RECOVERY by person",
    estimator="none: exact in each replication",
)

STRATEGIES = Table(
    "strategies",
    "What became of late members, by the strategy that collected from them.",
    "a replication, a lender and a strategy; over the horizon, as of its end.",
    ("replication", "lender", "strategy"),
    (
        REPLICATION,
        LENDER,
        text("strategy", "Name in `collections.strategies`."),
        count("members", "Members who were ever late.", "members"),
        count("bills_late", "Bills they missed.", "bills"),
        count("contacts", "Messages, letters and call sessions to them.", "contacts"),
        count("overdue_members", "Of them overdue at the end, not written off.", "members"),
        yen("overdue_yen", "Price that these owe."),
        count("written_off_members", "Of them written off at the end.", "members"),
        yen("written_off_yen", "Written off over the horizon, all components."),
        yen("net_loss_yen", "Written off less recovered.", "any"),
        share(
            "contacts_per_member", "contacts", "members", "Contacts of a late member.",
            unit="contacts per member",
        ),
        share(
            "net_loss_per_member", "net_loss_yen", "members", "Net loss of a late member.", "any",
            unit="yen per member",
        ),
    ),
    "Empty without strategies. Members are dealt to strategies by weight, so the rows compare as a "
    "randomised trial does; strategies in one run share the callers.",
    source="WRITE_OFF and RECOVERY by person; states of members",
    estimator="none: exact in each replication",
)  # fmt: skip

FAIRNESS = Table(
    "fairness",
    "How bands of age and income fare: admission, approval, charges, contacts, write-offs.",
    "a lender, an attribute, a band of it and a measure, over the horizon of all replications.",
    ("lender", "attribute", "band", "measure"),
    (
        LENDER,
        text("attribute", "age or income."),
        text(
            "band",
            "below_20, 20s, 30s, 40s, from_50; or lowest, second, third, highest: quarters of all "
            "persons of a replication by monthly net wage, equal wages together.",
        ),
        text("measure", "See the notes."),
        Column("numerator", pl.Int64, "by measure", "at least 0", "See the notes."),
        Column("denominator", pl.Int64, "by measure", "at least 0", "See the notes."),
        share("rate", "numerator", "denominator", "Rate of the band."),
        share("overall_rate", "numerators of all bands", "their denominators", "Rate of all."),
        number("difference", "by measure", "rate - overall_rate.", "any"),
        number("lower", "by measure", "Lower end of the interval of `rate`."),
        number("upper", "by measure", "Upper end of it."),
        text("interval", "wilson, or ratio: linearised over replications, Student."),
    ),
    "Shares, with Wilson's interval: admission (admitted / admitted + refused), approval (uses "
    "authorised / authorised + declined), charged_late_fee, charged_late_damages and written_off "
    "(customers to whom that happened / customers). Averages for each customer, with the interval "
    "of a ratio: late_fee_yen, late_damages_yen, written_off_yen and contacts. Wilson's interval "
    "takes cases as independent, which uses of one member and members under one economy are not: "
    "it is too narrow then. The difference is a description: it does not ask why.",
    source="states of membership; answers to uses; contacts; debits of LATE_ADMIN_FEE_RECEIVABLE, "
    "LATE_DAMAGES_RECEIVABLE and WRITE_OFF, by person",
    estimator="ratio of sums over replications, unweighted; Wilson or linearised ratio",
)
