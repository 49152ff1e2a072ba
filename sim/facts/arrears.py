"""Facts about spells of arrears, defaults and what became of balances; see `sim.facts.replication`.

================  ==============  ==================  =============================================
table             key             subkey              count, yen
================  ==============  ==================  =============================================
spell_days        ending          number/days         spells; price overdue at their begin
spell_cohorts     ending          number/stage        the same by month of the begin
spell_cures       cured, again_k  stage               cures by their month; new spells within k
first_bills       observed, late  days                first bills by billing month; 0
defaults          ending          principal, other    defaults by their month; yen owed then
workouts          flow            state/days          0; yen by month of default
default_cures     cured, again_k  -                   cures by their month; new defaults within k
sound             bucket          members, defaults   not in default; those in default within a year
fates             bucket          what became of it   0; price of the month end's balance
vintages          standing        months on book      members by month of joining; 0
================  ==============  ==================  =============================================

Numbers are those of `sim.record.spells`: which spell of its member, the stage reached in days
past due, and the last day of a class of days. A `state` is closed or running. The k of again_k is
3, 6 or 12 months, each without the one before.
"""

import math

import numpy as np
import polars as pl

from models.arrays import Ints
from models.codes import one_of
from sim.engine.collection.default import posted_month
from sim.engine.state.portfolio import DueStatus
from sim.engine.state.world import World
from sim.facts.cells import facts_of_cells
from sim.metrics.declared.credit import WORKOUT_DAYS
from sim.record.spells import AGES, NUMBERS, RETURNS, STAGES, Ending, Spells
from sim.record.tallies import Bucket, Snapshots
from sim.record.workouts import Flow, Workouts
from sim.table import add_to_cells

LATE_DAYS = STAGES[1:]
NO_DUE = -1
_IS_GONE = one_of(DueStatus.PAID, DueStatus.GONE, DueStatus.WRITTEN_OFF)

ENDINGS = [ending.name.lower() for ending in Ending]
FLOWS = [flow.name.lower() for flow in Flow]
BUCKETS = [bucket.name.lower() for bucket in Bucket]
AGAIN = [f"again_{months}" for months in RETURNS]
STAGE_NAMES = [str(stage) for stage in STAGES]


def facts_of_arrears(world: World) -> pl.DataFrame:
    """Give the facts of all replications of a lender's pass at the end of the horizon.

    Returns
    -------
    pl.DataFrame
        Columns place (of the replication in the pass), table, month, key, subkey, count, yen.
    """
    members, end = world.members, world.n_days - 1
    n = members.size
    rows = np.flatnonzero((members.overdue_since[:n] >= 0) & ~members.is_written_off[:n])
    spells = world.spells.at_horizon(end, rows, members.spell_start[rows])
    return pl.concat(
        [
            *_of_spells(spells),
            *_of_workouts(world.workouts.at_horizon()),
            *_of_snapshots(world.snapshots),
            *(_fate(kind, yen) for kind, yen in world.snapshots.fates.yen.items()),
            _fate("unpaid", _unpaid(world, end)),
            _of_first_bills(_first_bills(world, end)),
        ]
    )


def _of_spells(spells: Spells) -> list[pl.DataFrame]:
    """Give spells by days, by month of their begin, and what came after cures."""
    by_day = [f"{number}/{age}" for number in NUMBERS for age in AGES.tolist()]
    by_stage = [f"{number}/{stage}" for number in NUMBERS for stage in STAGES]
    n, months = spells.cohorts.shape[:2]

    def of_days(array: Ints) -> Ints:
        return array.swapaxes(1, 2).reshape(n, 1, len(Ending), -1)

    def of_cohorts(array: Ints) -> Ints:
        return array.swapaxes(2, 3).reshape(n, months, len(Ending), -1)

    days, days_yen = of_days(spells.ages), of_days(spells.ages_yen)
    cohorts, cohorts_yen = of_cohorts(spells.cohorts), of_cohorts(spells.cohorts_yen)
    return [
        facts_of_cells("spell_days", days, days_yen, ENDINGS, by_day, month=-1),
        facts_of_cells("spell_cohorts", cohorts, cohorts_yen, ENDINGS, by_stage),
        facts_of_cells("spell_cures", spells.cures[:, :, np.newaxis], None, ["cured"], STAGE_NAMES),
        facts_of_cells("spell_cures", spells.relapses.swapaxes(2, 3), None, AGAIN, STAGE_NAMES),
    ]


def _of_workouts(workouts: Workouts) -> list[pl.DataFrame]:
    """Give defaults, what came in and was spent on them, and what came after their cures."""
    parts = ["principal", "other"]
    count = np.repeat(workouts.defaults[..., np.newaxis], len(parts), axis=-1)
    found = [facts_of_cells("defaults", count, workouts.exposure_yen, ENDINGS, parts)]
    for state, yen in (("closed", workouts.flow_yen), ("running", workouts.open_flow_yen)):
        subkeys = [f"{state}/{age}" for age in AGES.tolist()]
        found.append(facts_of_cells("workouts", None, yen, FLOWS, subkeys))
    cures, again = workouts.cures[..., np.newaxis, np.newaxis], workouts.relapses[..., np.newaxis]
    return [
        *found,
        facts_of_cells("default_cures", cures, None, ["cured"]),
        facts_of_cells("default_cures", again, None, AGAIN),
    ]


def _of_snapshots(stock: Snapshots) -> list[pl.DataFrame]:
    """Give defaults within a year, and members by months on book."""
    sound = np.stack((stock.sound, stock.defaults), axis=-1)
    n_months = stock.vintages.shape[1]
    # From month ends by month of joining to months of joining by months on book.
    by_joining = np.zeros_like(stock.vintages)
    for joined in range(n_months):
        by_joining[:, joined, : n_months - joined] = stock.vintages[:, joined:, joined]
    ages = [str(months) for months in range(n_months)]
    return [
        facts_of_cells("sound", sound, None, BUCKETS, ["members", "defaults"]),
        facts_of_cells("vintages", by_joining.swapaxes(2, 3), None, stock.STANDINGS, ages),
    ]


def _fate(kind: str, yen: Ints) -> pl.DataFrame:
    """Give one of the fates of balances."""
    return facts_of_cells("fates", None, yen[..., np.newaxis], BUCKETS, [kind])


def _of_first_bills(counts: Ints) -> pl.DataFrame:
    """Give first bills observed and late."""
    ages = [str(age) for age in LATE_DAYS]
    return facts_of_cells("first_bills", counts.swapaxes(2, 3), None, ["observed", "late"], ages)


def _first_bills(world: World, end: int) -> Ints:
    """Count first bills that have had days after their due date, and those late to these days."""
    table, spells = world.dues, world.spells
    shape = (world.replications.size, world.config.months)
    counts = np.zeros((*shape, len(LATE_DAYS), 2), dtype=np.int64)
    is_first = table.previous[: table.size] == NO_DUE
    # Of au PAY a due is known before its month, which may lie beyond the horizon.
    first = (is_first & (table.month[: table.size] < world.config.months)).nonzero()[0]
    rows, due_day = table.member[first], table.due_day[first]
    cell = rows // world.n_members * shape[1] + table.month[first]
    is_missed = spells.first_start[rows] == due_day
    days = np.where(spells.first_days[rows] < 0, end - due_day, spells.first_days[rows])
    for place, age in enumerate(LATE_DAYS):
        observed = due_day + age <= end
        for column, is_so in enumerate((observed, observed & is_missed & (days >= age))):
            found = np.bincount(cell[is_so], minlength=math.prod(shape))
            counts[:, :, place, column] = found.reshape(shape)
    return counts


def _unpaid(world: World, end: int) -> Ints:
    """Give what is still unpaid of balances of `WORKOUT_DAYS` ago and before, by bucket."""
    table, stock = world.dues, world.snapshots
    last_days = world.calendar.month_first[1 : world.config.months + 1] - 1
    n_old = int((last_days + WORKOUT_DAYS <= end).sum())
    yen = np.zeros_like(stock.principal_yen)
    dues = (~_IS_GONE[table.status[: table.size]]).nonzero()[0]
    since = posted_month(world, dues)
    dues, since = dues[since < n_old], since[since < n_old]
    rows = table.member[dues].astype(np.int64)
    price = table.price_yen[dues].astype(np.int64)
    add_to_cells(yen, *stock.fates.cells(stock.history, n_old, rows, since, price))
    return yen
