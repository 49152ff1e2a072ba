"""Columns of what sensitivity analysis and optimisation find, declared once."""

from collections.abc import Iterable, Mapping

import polars as pl

from sim.metrics.declaration import Column, Table, count, flag, number, text

METRIC = text("metric", "Headline metric.")
PARAMETER = text("parameter", "Name of the parameter in the sweep.")
IN_UNIT = "of the metric"
GROUPS = "Where `macro.sampling` makes groups of replications, intervals are taken over groups."
DIFFERENCE = "of the metric, a difference"

EFFECTS = Table(
    "effects",
    "Each parameter alone at each of its values, against the base.",
    "a metric, a parameter and one of its values.",
    ("metric", "parameter", "level"),
    (
        METRIC,
        PARAMETER,
        count("level", "Number of the value, from 0.", "-"),
        text("setting", "The value, as a configuration writes it."),
        number("mean", IN_UNIT, "Mean over the replications of the pair.", "any"),
        number("base_mean", IN_UNIT, "Mean of the base over the same replications.", "any"),
        number("difference", DIFFERENCE, "Mean of the paired differences to the base.", "any"),
        number("lower", DIFFERENCE, "Lower end of the Student t interval of it.", "any"),
        number("upper", DIFFERENCE, "Upper end.", "any"),
        count("n", "Replications that both have.", "replications"),
    ),
    GROUPS,
)

TORNADO = Table(
    "tornado",
    "How far each parameter alone moves a metric between its first and its last value.",
    "a metric and a parameter.",
    ("metric", "parameter"),
    (
        METRIC,
        PARAMETER,
        text("low", "First value, the lower bound."),
        text("high", "Last value, the upper bound."),
        number("base_mean", IN_UNIT, "Mean at the base.", "any"),
        number("low_mean", IN_UNIT, "Mean at the first value.", "any"),
        number("high_mean", IN_UNIT, "Mean at the last value.", "any"),
        number("swing", DIFFERENCE, "Mean of the paired differences, last less first.", "any"),
        number("swing_lower", DIFFERENCE, "Lower end of the Student t interval of it.", "any"),
        number("swing_upper", DIFFERENCE, "Upper end.", "any"),
        count("n", "Replications that both have.", "replications"),
    ),
    GROUPS,
)

MORRIS = Table(
    "morris",
    "Elementary effects: changes of the mean over a parameter's whole range.",
    "a metric and a parameter.",
    ("metric", "parameter"),
    (
        METRIC,
        PARAMETER,
        number("mu", DIFFERENCE, "Mean of the effects.", "any"),
        number("mu_star", DIFFERENCE, "Mean of their absolute values: importance."),
        number("mu_star_lower", DIFFERENCE, "Lower end of the bootstrap interval of it."),
        number("mu_star_upper", DIFFERENCE, "Upper end."),
        number("sigma", DIFFERENCE, "Their standard deviation: curvature and interaction."),
        number(
            "sigma_lower", DIFFERENCE, "Lower end of the jackknife interval of it; null below 3."
        ),
        number("sigma_upper", DIFFERENCE, "Upper end."),
        count("trajectories", "Trajectories whose points all have a value.", "trajectories"),
    ),
    "Morris (1991), Campolongo et al. (2007), by SALib. A trajectory with a point without a value "
    "is left out. The intervals are rough: at the level 95 % that of mu* covers about 80 % of the "
    "time with 4 trajectories and 90 % with 10, that of sigma 75 to 90 % with 10.",
)

SOBOL_INDICES = Table(
    "sobol_indices",
    "Share of a metric's variance over the design that a parameter explains.",
    "a metric and a parameter.",
    ("metric", "parameter"),
    (
        METRIC,
        PARAMETER,
        number("first_order", "share", "By itself.", "any"),
        number("first_order_lower", "share", "Lower end of the bootstrap interval of it.", "any"),
        number("first_order_upper", "share", "Upper end.", "any"),
        number("total_order", "share", "With all its interactions."),
        number("total_order_lower", "share", "Lower end of the bootstrap interval of it.", "any"),
        number("total_order_upper", "share", "Upper end.", "any"),
        count("samples", "Base samples whose points all have a value.", "samples"),
    ),
    "Estimators of Saltelli et al. (2010), by SALib; estimates of small indices may be below 0. "
    "Null where the metric does not vary.",
)

NOISE = Table(
    "noise",
    "How much of the variance between the points' means is chance.",
    "a metric.",
    ("metric",),
    (
        METRIC,
        count("points", "Points with a value in every replication counted.", "points"),
        count("replications", "Replications that all these points have.", "replications"),
        number("variance", IN_UNIT + ", squared", "Variance of the points' means."),
        number("noise_variance", IN_UNIT + ", squared", "Part of it that is chance."),
        Column(
            "noise_share",
            number("", "", "").dtype,
            "share",
            "at least 0",
            "Chance in the differences of the points.",
            "noise_variance",
            "variance",
        ),
        number(
            "independent_noise_share",
            "share",
            "What it would be if each point had seeds of its own.",
        ),
    ),
    "With common random numbers the luck of a replication moves all points alike and leaves their "
    "differences: the chance that remains is the interaction of point and replication, estimated "
    "by the residual mean square of the two-way layout over the replications. Without them it is "
    "the mean variance within a point over the replications. Groups of replications under "
    "`macro.sampling` take the place of replications.",
)

TRIALS = Table(
    "trials",
    "What an optimisation tried, in its order.",
    "a trial and a metric that the search looks at.",
    ("trial",),
    (
        count("trial", "Number of the trial, from 0.", "-"),
        count("batch", "Number of its batch, from 0.", "-"),
        Column("point", count("", "").dtype, "-", "at least 0", "Its point; null: not evaluated."),
        METRIC,
        number("mean", IN_UNIT, "Mean over replications.", "any"),
        number("lower", IN_UNIT, "Lower end of the Student t interval of it.", "any"),
        number("upper", IN_UNIT, "Upper end.", "any"),
        number("violation", IN_UNIT, "How far beyond its limit it is; 0 within."),
        flag("is_feasible", "Whether the trial keeps all limits and constraints."),
        flag("is_best", "Whether no feasible trial is better in all objectives."),
    ),
    f"Metrics in the order of objectives, then requirements. {GROUPS}",
)

TABLES_OF_SWEEPS = (EFFECTS, TORNADO, MORRIS, SOBOL_INDICES, NOISE, TRIALS)


def frame_of(table: Table, rows: Iterable[Mapping[str, object]]) -> pl.DataFrame:
    """Collect rows into a frame of the declared columns."""
    return pl.DataFrame(list(rows), schema=table.schema)
