"""Columns of the tables about people at work and clauses in force."""

import polars as pl

from sim.engine.desks.statistics import SKILL_MEASURES
from sim.metrics.declaration import (
    BY_MONTH,
    MONTHLY,
    REPLICATION,
    ROW,
    Column,
    Table,
    count,
    day,
    number,
    share,
    text,
    yen,
)

COLLECTIONS = Table(
    "collections",
    "Dunning, calls, the law firm and the court.",
    ROW,
    MONTHLY,
    (
        *BY_MONTH,
        count("reminders", "Reminders before the due date."),
        count("payments_missed", "Bills unpaid at the end of their due date.", "bills"),
        count("contacts", "Messages and letters to members overdue."),
        count("calls_no_contact", "Call sessions that did not reach the member."),
        count("calls_reached", "Call sessions that reached the member without a promise."),
        count("promises_made", "Call sessions that ended with a promise."),
        count("promises_broken", "Promises not kept in time."),
        count("handed_over", "Cases handed over to the law firm.", "cases"),
        count("kept_in_house", "Cases that could have been handed over and were not.", "cases"),
        count("agency_rounds", "Rounds of work of the law firm."),
        count("agency_collections", "Rounds that brought money."),
        yen("agency_collected_yen", "Money from those rounds, all components."),
        yen("agency_fee_yen", "Fee of the law firm."),
        count("orders_filed", "Payment orders applied for.", "cases"),
        count("lawsuits_filed", "Lawsuits filed, or reached by an objection.", "cases"),
        count("objections", "Objections to payment orders.", "cases"),
        count("orders_lapsed", "Orders not served, or not followed up in time.", "cases"),
        count("titles_final", "Titles that became final.", "cases"),
        count("wages_attached", "Attachments of wages.", "cases"),
        yen("garnished_yen", "Money from wages and bank accounts, all components."),
        count("intermediaries_retained", "Members who retained an intermediary.", "members"),
        count("insolvency_petitions", "Petitions for bankruptcy or rehabilitation.", "members"),
        count("plans_agreed", "Plans of instalments, rehabilitation included.", "plans"),
        count("plans_cancelled", "Plans that failed.", "plans"),
        yen("plan_paid_yen", "Money from plans, all components."),
        yen("court_cost_yen", "Court fees, postage and the work of legal clerks."),
        count("late_payments", "Payments of overdue bills, before write-off."),
        yen("late_paid_yen", "Money from them, all components, law firm included."),
        yen("recovered_yen", "Money on claims written off, and the price of claims sold."),
        yen("reminder_cost_yen", "Cost of the reminders."),
        yen("dunning_cost_yen", "Cost of messages, letters and calls to members overdue."),
        share(
            "cost_per_yen",
            "dunning_cost_yen + agency_fee_yen + court_cost_yen",
            "late_paid_yen + recovered_yen",
            "Cost of one yen that came in late.",
            unit="yen per yen",
        ),
        share(
            "contact_rate",
            "calls_reached + promises_made",
            "all call sessions",
            "Call sessions that reached the member.",
        ),
    ),
    source="activities of dunning and of the court; COLLECTION_COST, AGENCY_COST, LEGAL_COST, "
    "RECOVERY",
    estimator="none: a ratio of sums in each replication",
)

RECOVERY_BY_STAGE = Table(
    "recovery_by_stage",
    "Which stage brings in the price of bills unpaid at their due date.",
    "a replication and a stage, over billing months whose bills have all fallen due; as of the end "
    "of the horizon.",
    ("replication", "stage"),
    (
        REPLICATION,
        text(
            "stage",
            "in_house, set_off, law_firm, garnishment, plan, after_write_off or open (still "
            "owed, or written off and not recovered).",
        ),
        yen("yen", "Price by stage; the stages sum to `late_yen`."),
        yen("late_yen", "Price unpaid at the due date."),
        share("share", "yen", "late_yen", "Share of what was late."),
        share(
            "mean_days",
            "sum of yen * days past due",
            "yen",
            "Mean days past due of the money; null for open.",
            unit="days",
        ),
    ),
    "Stages are in the order given. Not corrected for the horizon: late months are mostly open.",
    source="tallies of prices billed and of prices paid by source and days from the due date",
    estimator="none: a ratio of sums in each replication",
)

DESK = text(
    "desk",
    "review, calls, law_firm, clerks or court; those of au Financial Service begin with au_.",
)
DESK_COLUMNS = (
    count("arrivals", "Work submitted.", "work"),
    count("served", "Work taken up, by the time of its start.", "work"),
    count("moot", "Work withdrawn before it was taken up.", "work"),
    Column(
        "wait_seconds",
        pl.Int64,
        "seconds",
        "at least 0",
        "Waits of what was served, closed hours included.",
    ),
    share("mean_wait_minutes", "wait_seconds / 60", "served", "Mean wait.", unit="minutes"),
    Column("service_seconds", pl.Int64, "seconds", "at least 0", "Time worked, overrun included."),
    Column(
        "capacity_seconds",
        pl.Int64,
        "seconds",
        "at least 0",
        "Time people were on duty: shifts by the staff of the day, absence taken off.",
    ),
    share(
        "utilisation",
        "service_seconds",
        "capacity_seconds",
        "May pass 1 where work overruns the closing time.",
    ),
    count("outsourced", "Work given to an outside provider before it was taken up.", "work"),
    count("interrupted", "Services broken off; the work was queued again.", "services"),
    Column(
        "absent_seconds",
        pl.Int64,
        "seconds",
        "at least 0",
        "Time of duty that absence and illness took.",
    ),
)
DESKS = Table(
    "desks",
    "Work of the desks by month.",
    "a replication, a month and a desk.",
    (*MONTHLY, "desk"),
    (*BY_MONTH, DESK, *DESK_COLUMNS),
    source="work at the desks",
    estimator="none: a ratio of sums in each replication",
)
DESK_TOTALS = Table(
    "desk_totals",
    "Work of the desks over the horizon.",
    "a replication and a desk.",
    ("replication", "desk"),
    (REPLICATION, DESK, *DESK_COLUMNS),
    source="work at the desks",
    estimator="none: a ratio of sums in each replication",
)
_BY_SKILL = (
    *SKILL_MEASURES,
    "mean_wait_minutes",
    "capacity_seconds",
    "utilisation",
)
DESK_SKILLS = Table(
    "desk_skills",
    "Work of the desks over the horizon by the skill that it needs.",
    "a replication, a desk whose people differ in what they can do, and a skill.",
    ("replication", "desk", "skill"),
    (
        REPLICATION,
        DESK,
        text("skill", "What a person must be able to do; named by `team` of the desk."),
        *(column for column in DESK_COLUMNS if column.name in _BY_SKILL),
    ),
    "No rows where all people of a desk are alike. Who has several skills is in the capacity of "
    "each, so that capacities do not add up; all else does.",
    source="work at the desks",
    estimator="none: a ratio of sums in each replication",
)
DESK_WAITS = Table(
    "desk_waits",
    "Distribution of waits at the desks.",
    "a desk and a class of waits, over all months of all replications.",
    ("desk", "below_minutes"),
    (
        DESK,
        Column(
            "below_minutes",
            pl.Int64,
            "minutes",
            "at least 0",
            "Upper edge of the class (not in it); null in the open class, which comes last.",
        ),
        count("served", "Work with such a wait.", "work"),
        share("share", "served", "all served at the desk", "Share of the class."),
        share(
            "cumulative_share",
            "served in this and shorter classes",
            "all served at the desk",
            "Share that waited less than the edge.",
        ),
    ),
    source="work at the desks",
    estimator="ratio of sums over replications, without interval",
)
BACKLOG = Table(
    "backlog",
    "Work waiting at the desks at midnight.",
    "a desk and a day, over all replications; at the end of the day.",
    ("desk", "day"),
    (
        DESK,
        day("day", "Day of the run, from 0."),
        Column("date", pl.Date, "date", "-", "Its date."),
        number("mean", "work", "Mean over replications."),
        count("lower", "5 % quantile over replications, an order statistic.", "work"),
        count("upper", "95 % quantile over replications.", "work"),
        count("largest", "Largest over replications.", "work"),
    ),
    source="queues of the desks at midnight",
    estimator="mean and order statistics over replications",
)

MEMBERS = Table(
    "members",
    "Admission, arrears and write-off of persons.",
    "a replication and an age band; as of the end of the horizon.",
    ("replication", "age_band"),
    (
        REPLICATION,
        text("age_band", "below_20, from_20 or all (in this order)."),
        count("persons", "Persons of the population, at each lender.", "persons"),
        count("admitted", "Of those, admitted by now.", "persons"),
        count("rejected", "Refused.", "persons"),
        share("admission_rate", "admitted", "admitted + rejected", "Admitted among decided."),
        count(
            "users_of_last_year",
            "Members for 365 days or more with a bill in the last 365 days.",
            "persons",
        ),
        count(
            "users_14_days_past_due",
            "Of those, with a spell of arrears that became 14 days old in these days.",
            "persons",
        ),
        share(
            "share_14_days_past_due",
            "users_14_days_past_due",
            "users_of_last_year",
            "Users of the last year who fell 14 days behind.",
        ),
        count("written_off", "Members whose claims are written off and still owed.", "persons"),
        share("written_off_share", "written_off", "admitted", "Written off among admitted."),
    ),
    source="states of membership and of arrears at the end",
    estimator="none: a ratio of sums in each replication",
)

CLAUSES = Table(
    "clauses",
    "How often each clause acted and the yen it moved.",
    "a clause and a posting or activity that cites it, over the whole run of all replications.",
    ("clause", "lender", "record", "name"),
    (
        text("clause", "Id in the rulebook."),
        text("lender", "np or au."),
        text("record", "posting or event."),
        text("name", "Kind of posting, or activity."),
        text("meaning", "What it is."),
        count("count", "Times it happened."),
        yen("yen", "Posted, or what the events were about."),
        number("count_per_replication", "events", "Mean count of a replication."),
        number("yen_per_replication", "yen", "Mean yen of a replication."),
    ),
    "Postings and activities that never happened have a row with 0.",
    source="every posting and activity",
    estimator="mean over replications, without interval",
)
