"""What a sweep was, in sentences that its page and its papers share."""

import polars as pl

from sim.report.language import listed, say
from sim.report.numbers import counted, grouped, span
from sim.report.sweeps.source import SweepResults


def lead_of(results: SweepResults) -> str:
    """Say what was simulated."""
    base = results.sweep.base
    message = (
        "{points} around {base}: {persons}, {months}, {replications} each, "
        "seed {seed}, common random numbers."
        if results.sweep.common_random_numbers
        else "{points} around {base}: {persons}, {months}, {replications} "
        "each, seed {seed}, independent random numbers."
    )
    return say(
        message,
        points=counted(len(results.points), "{n} point", "{n} points"),
        base=base.name,
        persons=counted(base.population.members, "{n} person", "{n} persons"),
        months=counted(base.months, "{n} month", "{n} months"),
        replications=_replications(results),
        seed=base.seed,
    )


def failed_of(results: SweepResults) -> str:
    """Name the points without results; empty if all have some."""
    if not results.failed:
        return ""
    message = (
        "{n} point failed and is missing below: {points}."
        if len(results.failed) == 1
        else "{n} points failed and are missing below: {points}."
    )
    return say(message, n=grouped(len(results.failed)), points=listed(map(str, results.failed)))


def _replications(results: SweepResults) -> str:
    """Say how many replications the points have."""
    counts = results.table.group_by("point").agg(pl.col("replication").n_unique())
    numbers = sorted(counts["replication"].to_list())
    if not numbers:
        return say("no replications")
    low, high = numbers[0], numbers[-1]
    if low == high:
        return counted(low, "{n} replication", "{n} replications")
    return say("{ends} replications", ends=span(grouped(low), grouped(high)))
