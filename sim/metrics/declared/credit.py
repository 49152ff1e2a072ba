"""Columns of the tables about credit risk: vintages, delays, arrears, losses."""

from sim.metrics.declaration import (
    BY_MONTH,
    MONTH,
    MONTHLY,
    Table,
    count,
    day,
    flag,
    number,
    share,
    text,
    yen,
)

DAYS_PAST_DUE = (0, 1, 7, 14, 30, 60, 90, 120, 150, 180, 270, 365)
"""Ages at which vintages are looked at."""

WORKOUT_DAYS = 365
"""A vintage observed so long after its last due date has a net loss."""

AGE = day("days_past_due", "Age d, days after the due date of each bill.")
VINTAGES = Table(
    "vintages",
    "What of a month's bills is unpaid by days past due.",
    "a replication, a billing month (that of the purchases) and an age d.",
    (*MONTHLY, "days_past_due"),
    (
        *BY_MONTH,
        AGE,
        count("bills", "Bills of the vintage.", "bills"),
        yen("billed_yen", "Price on them."),
        yen(
            "unpaid_yen",
            "Point in time: price not paid by the end of day d from sources cash, credit, "
            "agency, garnishment and plan; written-off price is unpaid. Null if not observed.",
        ),
        share("unpaid_share", "unpaid_yen", "billed_yen", "Point-in-time unpaid share."),
        yen(
            "ever_yen",
            "Ever: price of bills that reached day d unpaid, wholly or in part; an upper "
            "bound from the hand-over to the law firm on. Null if not observed.",
        ),
        share("ever_share", "ever_yen", "billed_yen", "Share that ever was d days past due."),
        yen("recovered_yen", "Price recovered after write-off by day d. Null if not observed."),
        flag("is_observed", "Whether every bill of the month has had d days after its due date."),
    ),
    "Observed: the latest due date of the month over all pay methods (rolled to a business day "
    "where the terms say so) plus d lies within the horizon. Members pay bills whole (C-58), so a "
    "bill that reached day d is unpaid at day d, and the ever share equals the unpaid share. Only "
    "the law firm takes parts of a claim: a bill paid in part still ages with its whole price, "
    "while its unpaid yen fall. The facts do not tell parts from wholes, so `ever_yen` deducts no "
    "payment of the law firm and lies at or above `unpaid_yen`.",
    source="tallies of prices billed and of prices paid by days from the due date",
    estimator="none: a ratio of sums in each replication",
)

UNPAID_CURVE = Table(
    "unpaid_curve",
    "The pooled vintage curve.",
    "an age d, over all observed vintages of all replications.",
    ("days_past_due",),
    (
        AGE,
        count("vintages", "Vintages (replication and month) observed at d.", "vintages"),
        yen("billed_yen", "Price billed by them."),
        yen("unpaid_yen", "Price unpaid at d."),
        share(
            "unpaid_share",
            "unpaid_yen",
            "billed_yen",
            "Unpaid share; null if none is observed.",
            "0 to 1",
        ),
        share("ever_share", "ever_yen of vintages", "billed_yen", "Ever share."),
        share(
            "recovered_share",
            "recovered_yen of vintages",
            "billed_yen",
            "Recovered after write-off by day d.",
        ),
        number("standard_deviation", "share", "Between the unpaid shares of replications."),
        number(
            "lower",
            "share",
            "Lower end of the interval of the mean over replications; null below 2 replications.",
            "0 to 1",
        ),
        number("upper", "share", "Upper end of it.", "0 to 1"),
    ),
    "Later ages rest on fewer vintages, so the curve may rise where the mix of vintages changes.",
    source="as vintages",
    estimator="ratio of sums over replications; Student over the replications' own ratios",
)

PAYMENT_DELAY = Table(
    "payment_delay",
    "When the price of bills comes in, counted from the due date.",
    "a source and a day, over all bills of all replications.",
    ("source", "days_from_due"),
    (
        text(
            "source",
            "cash, credit (set off), agency (while at the law firm), garnishment (while wages are "
            "attached), plan (of a debt settlement) or recovery (after write-off).",
        ),
        day(
            "days_from_due",
            "Day of the payment less the due date; -45 and 900 take what lies beyond.",
            "any",
        ),
        yen("yen", "Price paid."),
        share("share_of_billed", "yen", "all price billed", "Share of everything billed."),
    ),
    "Not corrected for the end of the horizon: late bills of late months are missing.",
    source="tallies of prices billed and of prices paid by days from the due date",
    estimator="ratio of sums over replications, without interval",
)

ROLL_RATES = Table(
    "roll_rates",
    "Transitions between the buckets of two consecutive month ends.",
    "a later month end and a pair of buckets, over all replications; month null: over all months.",
    ("month", "from_bucket", "to_bucket"),
    (
        MONTH,
        text("from_bucket", "Bucket a month before."),
        text("to_bucket", "Bucket now."),
        count("members", "Members who made this move.", "members"),
        count("members_from", "Members in the bucket a month before.", "members"),
        share("member_share", "members", "members_from", "Roll rate by members."),
        number("lower", "share", "Lower end of the Wilson interval of `member_share`."),
        number("upper", "share", "Upper end of it."),
        yen("principal_yen", "Price owed now by those who made this move."),
        yen("principal_from_yen", "Price owed now by all who were in the bucket a month before."),
        share(
            "principal_share",
            "principal_yen",
            "principal_from_yen",
            "Roll rate weighted with the price owed now.",
        ),
    ),
    "Pooled rows (month null) come first; buckets are in order of severity; moves that nobody made "
    "have a row where somebody was in the bucket. The interval takes member-months as independent, "
    "which members of one replication are not under common shocks: it is too narrow then.",
    source="states of members at two month ends (days past due, written off)",
    estimator="ratio of sums over replications; Wilson",
)

ARREARS = Table(
    "arrears",
    "Members and principal by bucket.",
    "a replication, a month end and a bucket.",
    (*MONTHLY, "bucket"),
    (
        *BY_MONTH,
        text(
            "bucket",
            "not_a_member, no_debt, current, dpd_1_30, dpd_31_60, dpd_61_90, "
            "dpd_91_180, dpd_181_plus or written_off, by the oldest unpaid bill.",
        ),
        count("members", "Members.", "members"),
        yen("principal_yen", "Price they owe, due or not."),
        share(
            "principal_share",
            "principal_yen",
            "principal of all buckets",
            "Share of the receivable.",
        ),
    ),
    "Buckets are in order of severity.",
    source="states of members at month ends (days past due, written off); what they owe",
    estimator="none: a ratio of sums in each replication",
)

DECLINES = Table(
    "declines",
    "Why uses are declined.",
    "a replication, a month and a reason.",
    (*MONTHLY, "reason"),
    (
        *BY_MONTH,
        text(
            "reason",
            "not_active, overdue, per_use_limit, cumulative_limit, limit_zero, "
            "review_refused, review_too_late or hold_expired.",
        ),
        count("purchases", "Uses declined.", "uses"),
        yen("yen", "Their price."),
        share(
            "share", "purchases", "uses declined for any reason", "Share of the month's declines."
        ),
    ),
    source="answers to uses",
    estimator="none: a ratio of sums in each replication",
)

LOSSES = Table(
    "losses",
    "Price lost by vintage.",
    "a replication and a billing month; as of the end of the horizon.",
    MONTHLY,
    (
        *BY_MONTH,
        yen("billed_yen", "Price on the bills of the month."),
        yen(
            "unpaid_yen",
            "Price never paid before a write-off: written off, or still owed. Null if "
            "not observed.",
        ),
        yen("recovered_yen", "Price recovered after write-off. Null if not observed."),
        yen("net_loss_yen", "unpaid - recovered. Null if not observed."),
        share("net_loss_share", "net_loss_yen", "billed_yen", "Net loss of the vintage."),
        flag("is_observed", "Whether every bill of the month has had 365 days after its due date."),
    ),
    "After 365 days what is still owed is about to be written off (COLL-11) and counts as lost.",
    source="tallies of prices billed and of prices paid by days from the due date",
    estimator="none: a ratio of sums in each replication",
)
