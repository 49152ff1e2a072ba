"""Columns of the headline numbers of each replication."""

from sim.metrics.declaration import (
    REPLICATION,
    Table,
    number,
    share,
    yen,
)

UNPAID_AGES = (1, 14, 30, 60, 90, 180, 365)
REPLICATIONS = Table(
    "replications",
    "The headline numbers of each replication.",
    "a replication; flows over the horizon, ratios of sums over the horizon.",
    ("replication",),
    (
        REPLICATION,
        yen("posted_yen", "GMV."),
        yen("revenue_yen", "Income.", "any"),
        yen("cost_yen", "Costs."),
        yen("written_off_yen", "Written off, all components."),
        yen("recovered_yen", "Money on claims written off, and the price of claims sold."),
        yen("net_loss_yen", "Loss: written off - recovered.", "any"),
        yen("profit_yen", "revenue - cost - written off + recovered.", "any"),
        share("net_loss_rate", "net_loss_yen", "posted_yen", "Booked loss per yen of GMV.", "any"),
        share("take_rate", "revenue_yen", "posted_yen", "Income per yen of GMV.", "any"),
        share("profit_rate", "profit_yen", "posted_yen", "Profit per yen of GMV.", "any"),
        share(
            "late_income_rate",
            "late_damages + late_admin_fees",
            "posted_yen",
            "Late damages and late administration fees per yen of GMV.",
        ),
        share(
            "approval_rate",
            "uses authorised",
            "uses authorised + declined",
            "Authorised among decided.",
            "0 to 1",
        ),
        *(
            share(
                f"unpaid_share_{age}",
                f"unpaid_yen at {age}",
                "billed_yen",
                f"Unpaid {age} days past due, over observed vintages.",
                "0 to 1",
            )
            for age in UNPAID_AGES
        ),
        share(
            "vintage_net_loss_share",
            "net_loss_yen of losses",
            "billed_yen",
            "Net loss of price, over vintages observed 365 days.",
            "any",
        ),
        share(
            "lgd_workout",
            "exposure - discounted net flows",
            "exposure of closed workouts",
            "Loss given default of closed workouts (workout_lgd).",
            "any",
        ),
        share(
            "recovered_12m",
            "principal_paid_yen at 365 days",
            "principal_yen",
            "Price that comes in within 12 months of default (recovery_curve).",
            "any",
        ),
        share(
            "pd_12m",
            "defaults",
            "members",
            "12-month probability of default of members in the bucket current, over observed "
            "month ends (probability_of_default).",
            "0 to 1",
        ),
        share(
            "redefault_6m",
            "redefaulted",
            "cures",
            "Cured defaults followed by another within 6 months (redefaults).",
            "0 to 1",
        ),
        share(
            "first_payment_default_30",
            "late",
            "members",
            "First bills 30 days late (first_payment_default).",
            "0 to 1",
        ),
        share(
            "share_14_days_past_due",
            "users_14_days_past_due",
            "users_of_last_year",
            "Users of the last year who fell 14 days behind.",
            "0 to 1",
        ),
        share(
            "admission_rate",
            "admitted",
            "admitted + rejected",
            "Admitted among decided.",
            "0 to 1",
        ),
        share(
            "cost_per_yen",
            "dunning cost + agency fee + court cost",
            "late paid + recovered",
            "Cost of one yen that came in late.",
            unit="yen per yen",
        ),
        *(
            share(
                f"mean_wait_minutes_{desk}",
                "wait_seconds / 60",
                "served",
                f"Mean wait at the desk {desk}.",
                unit="minutes",
            )
            for desk in ("review", "calls", "law_firm")
        ),
        *(
            share(
                f"utilisation_{desk}",
                "service_seconds",
                "capacity_seconds",
                f"Time worked over capacity at the desk {desk}.",
            )
            for desk in ("review", "calls", "law_firm")
        ),
        number("macro_factor_mean", "-", "Mean macro factor over the months.", "any"),
        number(
            "vasicek_probability",
            "share",
            "Mean over the months of the Vasicek probability of an empty purse given the factor, "
            "for an unconditional `behaviour.repayment.short_of_cash`: the control variate.",
            "0 to 1",
        ),
        number(
            "likelihood_weight",
            "-",
            "Plain over sampling density of the macro path; 1 without importance sampling.",
        ),
    ),
    "Under importance sampling a mean over replications is that of column times "
    "`likelihood_weight`.",
    source="the other tables",
    estimator="none: one row each; `summary` estimates over them",
)

METRICS = tuple(
    column.name
    for column in REPLICATIONS.columns
    if column.name not in ("replication", "likelihood_weight")
)
"""Columns of `replications` that are estimated."""

BOUNDS = {column.name: column.bounds for column in REPLICATIONS.columns}
"""Lowest and highest value that each can have."""

LOSS_METRICS = ("net_loss_yen", "net_loss_rate", "vintage_net_loss_share", "written_off_yen")
"""Columns of `replications` with value at risk and expected shortfall."""

HEADLINE = (
    "posted_yen",
    "revenue_yen",
    "net_loss_yen",
    "profit_yen",
    "take_rate",
    "net_loss_rate",
    "vintage_net_loss_share",
    "approval_rate",
    "unpaid_share_14",
    "unpaid_share_30",
    "unpaid_share_90",
    "share_14_days_past_due",
    "mean_wait_minutes_calls",
    "utilisation_calls",
)
"""Columns of `replications` that a terminal shows at the end of a run."""
