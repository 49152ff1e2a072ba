"""Columns of the tables about spells of arrears: survival, how they end, cures, first bills."""

from sim.metrics.declaration import MONTH, Column, Table, count, day, number, share, text

WHICH = text("number", "Which spell of its member: all, 1, 2 or 3+.")
LOWER = number("lower", "share", "Lower end of the Wilson interval.")
UPPER = number("upper", "share", "Upper end of it.")
TOO_NARROW = (
    "Wilson's interval takes cases as independent, which those of one member and under one economy "
    "are not: it is too narrow then."
)
RANGE_OF_DAYS = (
    "Days past due are those since the first missed due day of the spell. They are exact to 120, "
    "then the last day of a week (to 365) or of 30 days; the last class takes what lies beyond."
)
WITHIN = (3, 6, 12)
"""Months after a cure within which another spell or default is counted."""

SPELL_SURVIVAL = Table(
    "spell_survival",
    "How long spells of arrears last.",
    "a kind of spell and a number of days at which a spell ended or was last seen, over all "
    "replications.",
    ("number", "days_past_due"),
    (
        WHICH,
        day("days_past_due", "Days d since the spell began."),
        count("at_risk", "Spells that lasted at least d days.", "spells"),
        count("ended", "Of these, spells that ended at d, however.", "spells"),
        count("censored", "Of these, spells that ran at the horizon after d days.", "spells"),
        share(
            "survival",
            "product of (at_risk - ended)",
            "product of at_risk",
            "Kaplan-Meier share of spells that last longer than d.",
        ),
        number("lower", "share", "Lower end of its interval (Greenwood's variance, log-log)."),
        number("upper", "share", "Upper end of it."),
        number("cumulative_hazard", "-", "Nelson-Aalen sum of ended / at_risk."),
    ),
    f"{RANGE_OF_DAYS} A spell ends when it is cured, given up, sold or released; who pays after a "
    "write-off does not count again. The interval takes spells as independent, which those of one "
    "member and under one economy are not: it is too narrow then.",
    source="spells of arrears by days and ending",
    estimator="spells of all replications together; log(-log) with Greenwood's variance",
)

COMPETING_RISKS = Table(
    "competing_risks",
    "By when spells of arrears have ended in which way.",
    "a kind of spell, a number of days as in spell_survival and a way to end.",
    ("number", "days_past_due", "ending"),
    (
        WHICH,
        day("days_past_due", "Days d since the spell began."),
        text("ending", "cured, written_off, sold, or released (relief after misuse)."),
        count("at_risk", "Spells that lasted at least d days.", "spells"),
        count("ended", "Of these, spells that ended so at d.", "spells"),
        share(
            "incidence",
            "sum of survival before d x ended",
            "at_risk",
            "Aalen-Johansen share of spells that have ended so by d.",
        ),
    ),
    "The incidences of all endings and the survival sum to 1. An ending competes with the others: "
    "one less the Kaplan-Meier curve of a single ending would overstate it.",
    source="spells of arrears by days and ending",
    estimator="spells of all replications together, without interval",
)


def _after(months: int, event: str, what: str) -> tuple[Column, ...]:
    """Declare how many cures are followed by something within so many months."""
    return (
        count(f"cures_{months}", f"Cures observed for {months} months after.", "cures"),
        count(f"{event}_{months}", f"Of these, {what} within {months} months.", "cures"),
        share(f"{event}_rate_{months}", f"{event}_{months}", f"cures_{months}", "Their share."),
    )


CURES = Table(
    "cures",
    "How many spells are cured by what they reached, and how soon the next one begins.",
    "a number of days past due reached, over all spells of all replications.",
    ("reached",),
    (
        day("reached", "Days past due that the spell reached: 1, 30, 60 or 90."),
        count("spells", "Spells that reached them.", "spells"),
        *(
            count(name, f"Of these, {what}.", "spells")
            for name, what in (
                ("cured", "paid or set off in whole"),
                ("written_off", "given up"),
                ("sold", "sold"),
                ("released", "released after misuse"),
                ("running", "still running at the horizon"),
            )
        ),
        share("cure_rate", "cured", "spells - running", "Cured among those that ended."),
        LOWER,
        UPPER,
        *(
            column
            for months in WITHIN
            for column in _after(months, "relapsed", "followed by another spell")
        ),
    ),
    "Every spell counts as having reached 1. Relapses are counted for cures of months whose last "
    "day has had 91, 183 or 365 days after it; the cures are those of spells that reached the "
    f"days of the row. {TOO_NARROW}",
    source="spells of arrears by stage and ending; spells begun after a cure",
    estimator="ratio of sums over replications; Wilson",
)

REDEFAULTS = Table(
    "redefaults",
    "How soon members default again whose default was cured.",
    "a number of months after the cure, over all replications.",
    ("months",),
    (
        count("months", "Months after the cure: 3, 6 or 12.", "months"),
        count("cures", "Cures of defaults observed for so long.", "cures"),
        count("redefaulted", "Of these, followed by a default of the same member.", "cures"),
        share("redefault_rate", "redefaulted", "cures", "Re-default rate."),
        LOWER,
        UPPER,
    ),
    "A default is cured when its spell ends by payment or set-off before it is given up. Months "
    "are 91, 183 and 365 days; only cures of months whose last day has had so many days after it "
    f"count. Shorter spells between cure and default do not matter. {TOO_NARROW}",
    source="defaults begun after the cure of one",
    estimator="ratio of sums over replications; Wilson (Student in summary: redefault_6m)",
)

FIRST_PAYMENT_DEFAULT = Table(
    "first_payment_default",
    "Members whose first bill was late.",
    "a billing month of the first bill and a number of days, over all replications; month null: "
    "over all months.",
    ("month", "days_late"),
    (
        MONTH,
        day("days_late", "Days d after the due date: 30, 60 or 90."),
        count("members", "Members whose first bill has had d days after its due date.", "members"),
        count("late", "Of these, members whose arrears from it lasted at least d days.", "members"),
        share("rate", "late", "members", "First payment default rate."),
        LOWER,
        UPPER,
    ),
    "The first bill is the first due of the member with a lender. Pooled rows come first. "
    f"{TOO_NARROW}",
    source="first due of each member, first spell of arrears",
    estimator=(
        "ratio of sums over replications; Wilson (Student in summary: first_payment_default_30)"
    ),
)

MONTHS_ON_BOOK = Table(
    "months_on_book",
    "Members in arrears now and at any time by month of joining and months on book.",
    "a month of joining and an age in months at a month end, over all replications.",
    ("month", "months_on_book"),
    (
        Column("month", MONTH.dtype, "-", "at least 0", "Calendar month of joining, from 0."),
        count("months_on_book", "Months from that of joining to that of the month end.", "months"),
        count("members", "Members who joined.", "members"),
        *(
            column
            for age in (30, 60, 90)
            for column in (
                count(f"now_{age}", f"Members {age} or more days past due now.", "members"),
                count(f"ever_{age}", "Members who have been so on any day so far.", "members"),
                share(f"now_{age}_share", f"now_{age}", "members", "Point in time."),
                share(f"ever_{age}_share", f"ever_{age}", "members", "Ever; never falls."),
            )
        ),
    ),
    "Days past due as in spell_survival, on the last day of the month. Members written off stay in "
    "arrears as long as they owe; members who left stay in the denominator. By price of bills: see "
    "vintages.",
    source="states of members at month ends (days past due now and at worst)",
    estimator="ratio of sums over replications, without interval",
)
