"""Columns of the tables about defaults: exposure, loss, probability, provisions."""

import polars as pl

from sim.metrics.declaration import (
    MONTH,
    Column,
    Table,
    count,
    flag,
    number,
    share,
    text,
    yen,
)
from sim.metrics.declared.spells import LOWER, TOO_NARROW, UPPER

OF_DEFAULT = Column("month", MONTH.dtype, "-", "at least 0", "Month of default; null: all months.")
DEFAULT = (
    "A default begins on the morning on which a spell of arrears is `economics.default_dpd` days "
    "old, or when its claim is given up or sold before. It lasts as long as the spell; where the "
    "claim is given up, until nothing of it is owed any more."
)

EXPOSURE_AT_DEFAULT = Table(
    "exposure_at_default",
    "What is owed when defaults begin.",
    "a month of default and what has become of the default by the horizon, over all replications; "
    "month null: over all months.",
    ("month", "ending"),
    (
        OF_DEFAULT,
        text("ending", "cured, written_off, sold, released or running."),
        count("defaults", "Defaults.", "spells"),
        yen("principal_yen", "Price owed, due or not."),
        yen("other_yen", "Fees, late damages, late administration fees and costs owed."),
        yen("exposure_yen", "EAD: principal + other."),
        share("mean_exposure_yen", "exposure_yen", "defaults", "Mean EAD.", unit="yen"),
    ),
    f"{DEFAULT} Owed by the books: late damages as far as they are posted; uses held or not posted "
    "yet are not owed.",
    source="tables of members and dues on the morning of each default",
    estimator="sums over replications, without interval",
)

WORKOUT_LGD = Table(
    "workout_lgd",
    "What defaults have brought in since, and what they lose.",
    "a month of default and a state of the workout, over all replications; month null: over all "
    "months.",
    ("month", "state"),
    (
        OF_DEFAULT,
        text("state", "closed (cured, given up, sold or released), running, or all."),
        count("defaults", "Defaults.", "spells"),
        yen("exposure_yen", "EAD: all claims on the day of default."),
        yen("principal_paid_yen", "Cash for price."),
        yen("other_paid_yen", "Cash for fees, damages and costs."),
        yen("set_off_yen", "Set off against what the lender owed, and points."),
        yen("sale_yen", "Price of claims sold."),
        yen("collection_cost_yen", "Contacts, repossessions, courts and legal work."),
        yen("agency_fee_yen", "Fee of the law firm."),
        number("discounted_yen", "yen", "Net of the flows above on the day of default.", "any"),
        share(
            "loss_given_default",
            "exposure_yen - discounted_yen",
            "exposure_yen",
            "Realised loss rate; below 0 where more came in than was owed on the day.",
            "any",
        ),
    ),
    "Flows from the morning of the default to the horizon, also after a write-off; what falls due "
    "later in the same spell is in them and not in the EAD. Discounted at "
    "`economics.funding_rate`, compounded yearly, from the last day of the class of days in which "
    "they fell (single days to 120). A running workout has a loss so far, not a final one: it is "
    "in `all` and never in "
    "`closed`. Closed workouts alone lean to short ones.",
    source=(
        "exposures; money allocated to dues of members in default, sale prices and "
        "costs of collection"
    ),
    estimator=(
        "ratio of sums over replications, without interval (Student in summary: lgd_workout)"
    ),
)

RECOVERY_CURVE = Table(
    "recovery_curve",
    "What defaults have brought in by days since they began.",
    "a number of days, over the months of default with so many days after them, of all "
    "replications.",
    ("days",),
    (
        Column("days", pl.Int32, "days", "at least 0", "Days since the default began."),
        count("defaults", "Defaults of these months.", "spells"),
        yen("principal_yen", "Price owed when they began, due or not."),
        yen("exposure_yen", "EAD: all claims on the day of default."),
        yen("principal_paid_yen", "Cash for price so far."),
        yen("other_paid_yen", "Cash for fees, damages and costs so far."),
        yen("set_off_yen", "Set off against what the lender owed, and points, so far."),
        yen("sale_yen", "Price of claims sold so far."),
        share(
            "principal_recovery_rate",
            "principal_paid_yen",
            "principal_yen",
            "Part of the price that has come in.",
            "any",
        ),
        share(
            "recovery_rate",
            "principal_paid + other_paid + set_off + sale",
            "exposure_yen",
            "All that has come in, before costs; also for damages and costs of later days.",
            "any",
        ),
    ),
    "Neither discounted nor net of costs (see workout_lgd). What falls due later in the same spell "
    "is paid here and not owed, so a rate may pass 1. With the hand-over to the law firm on the "
    "day of default (COLL-04), the row of 365 days is what comes in within a year of it.",
    source="as workout_lgd",
    estimator=(
        "ratio of sums over replications, without interval (Student in summary: recovered_12m)"
    ),
)

PROBABILITY_OF_DEFAULT = Table(
    "probability_of_default",
    "Members who default within a year.",
    "a month end and a bucket, over all replications; month null: over all observed month ends.",
    ("month", "bucket"),
    (
        Column("month", MONTH.dtype, "-", "at least 0", "Month at whose end members are seen."),
        text("bucket", "Bucket then (see arrears), of members only."),
        count("members", "Members in it who are not in default.", "members"),
        count(
            "defaults",
            "Of these, members who default in the 12 months after.",
            "members",
        ),
        share(
            "probability",
            "defaults",
            "members",
            "12-month PD; null if not observed.",
        ),
        LOWER,
        UPPER,
        flag("is_observed", "Whether 12 months follow within the horizon."),
    ),
    "Point in time: by the bucket of the day, under the macro path of the run. "
    f"{DEFAULT} {TOO_NARROW} Over all months a member counts at each month end: the interval is "
    "some 2.6 times narrower than that of `pd_12m` in the summary, which rests on the spread "
    "between replications (`configs/atone.yaml` with 40 replications of 500 members).",
    source="states of members at month ends; defaults begun",
    estimator="ratio of sums over replications; Wilson (Student in summary: pd_12m)",
)

PROVISION_MATRIX = Table(
    "provision_matrix",
    "What is lost of month-end balances by days past due: the provision matrix of IFRS 9.",
    "a bucket, over the month ends with 365 days after them, of all replications.",
    ("bucket",),
    (
        text(
            "bucket",
            "current (not due), dpd_1_30, dpd_31_60, dpd_61_90, dpd_91_180 or dpd_181_plus.",
        ),
        yen("balance_yen", "Price owed by members in the bucket (see arrears)."),
        yen("written_off_yen", "Of this price, given up or sold by the horizon."),
        yen("recovered_yen", "Recovered of that, the price of sold claims included."),
        yen("unpaid_yen", "Of this price, still unpaid at the horizon."),
        yen("lost_yen", "written off - recovered + unpaid.", "any"),
        share("loss_rate", "lost_yen", "balance_yen", "Loss rate of the bucket.", "any"),
        number("published_rate", "share", "Loss rate implied by published figures."),
    ),
    "The run's own roll: each yen is followed from the month end to its payment, write-off or "
    "sale; no Markov chain is assumed. Price released after misuse is a fraud loss, not a credit "
    "loss. A bucket is that of the member, so a bill not due yet of a member in arrears counts "
    "there. "
    "The published rates follow from the unpaid curve of invoices to which the model is fitted "
    "(facts 6.1): the net loss over the mean unpaid share in the bucket. Loss rates are null where "
    "no month end has 365 days after it.",
    source=(
        "states of members at month ends; price given up, sold, recovered and "
        "unpaid of those balances"
    ),
    estimator="ratio of sums over replications, without interval",
)

EXPECTED_CREDIT_LOSS = Table(
    "expected_credit_loss",
    "Loss allowance by the simplified approach of IFRS 9.",
    "a month end and a bucket of the provision matrix, over all replications.",
    ("month", "bucket"),
    (
        Column("month", MONTH.dtype, "-", "at least 0", "Month at whose end it is, from 0."),
        text("bucket", "As in provision_matrix."),
        yen("principal_yen", "Price owed in all replications (see arrears)."),
        share("loss_rate", "lost_yen of provision_matrix", "balance_yen", "Loss rate.", "any"),
        number("expected_loss_yen", "yen", "principal_yen x loss_rate.", "any"),
    ),
    "The rates are those of the whole run, its later months included: hindsight that a lender does "
    "not have. Members written off owe new price only by exception; they are left out.",
    source="as arrears and provision_matrix",
    estimator="sums over replications, without interval",
)
