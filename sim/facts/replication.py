"""Facts: what one replication hands back, as one long table of integers.

Every metric is computed from facts, and the result digest is a hash over them: they hold integer
sums and counts only, in a declared order. A likelihood ratio is there under importance sampling
of the macro factor only. Rows without a lender are about persons, whoever lends to them. Columns:
replication, lender, product (empty: of no one product), table, month, key, subkey, count, yen. The
tables:

==========  =====================  ======================  ==================================
table       key                    subkey                  count, yen
==========  =====================  ======================  ==================================
postings    kind of posting        -                       postings; yen posted
events      activity               -                       events; yen they are about
arrears     bucket at month's end  -                       members; principal
moves       bucket a month before  bucket at month's end   members; principal
placed      law_firm               -                       0; principal
billed      price                  -                       bills; price billed
paid        source of money        days from the due date  0; price paid (by billing month)
desk        desk                   measure                 count or seconds; 0
skill       desk                   measure/skill           count or seconds; 0
backlog     desk                   day                     work waiting at midnight; 0
members     measure                age band                members; 0
owed        receivable             -                       0; yen that members and dues say
lost        loss posting           months since billing    0; yen (by billing month, -1: none)
stage       stage of collection    cost or cash            contacts or payments; yen
bands       measure                age or income : band    persons or events; yen
strategies  strategy               measure                 members once late or events; yen
active      product, any_product   -                       persons with a purchase posted; 0
losses      worst                  permille of customers   customers; their net loss
losses      rank_weighted          -                       customers; sum of rank * net loss
macro       factor                 -                       factor in millionths; 0
macro       log_weight             -                       log likelihood ratio in 10^-12; 0
==========  =====================  ======================  ==================================

Spells of arrears and defaults have tables of their own: `sim.facts.arrears`.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import polars as pl

from models.arrays import Ints
from sim.engine.desks.desk import Desk
from sim.engine.desks.statistics import WAIT_EDGES_MINUTES
from sim.engine.state.economy import Economy
from sim.engine.state.world import World
from sim.facts.arrears import facts_of_arrears
from sim.facts.cells import facts_of_cells
from sim.facts.persons import Fact, facts_of_members, facts_of_persons
from sim.facts.recorded_lines import PRODUCT_NAMES, named
from sim.macro_paths import log_weights
from sim.record.accounts import Account
from sim.record.eventlog import ACTIVITIES
from sim.record.ledger import LOSS_POSTINGS
from sim.record.postings import POSTINGS
from sim.record.tallies import Bucket, PaymentDelays

SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "replication": pl.Int32,
    "lender": pl.String,
    "product": pl.String,
    "table": pl.String,
    "month": pl.Int16,
    "key": pl.String,
    "subkey": pl.String,
    "count": pl.Int64,
    "yen": pl.Int64,
}
KEYS = ["replication", "lender", "product", "table", "month", "key", "subkey"]

WORK = ("arrivals", "served", "moot", "wait_seconds", "service_seconds", "capacity_seconds")
"""What is told of every desk and month."""
WORK_OF_SOME = ("outsourced", "interrupted", "absent_seconds")
"""What is told where there is such a thing."""

LARGEST = 2**63 - 1
"""Largest number of 64 bits."""

Row = tuple[int, str, str, str, int, str, str, int, int]


def facts_of(worlds: Sequence[World]) -> pl.DataFrame:
    """Collect the facts of all replications of a pass, in canonical order."""
    rows = [*_macro(worlds[0].economy), *_of_persons(worlds)]
    for world in worlds:
        rows.extend(_rows(world))
    others = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    bulk = [frame(world) for world in worlds for frame in (_flows, _work, _backlogs)]
    return canonical(pl.concat([*bulk, others]))


def canonical(facts: pl.DataFrame) -> pl.DataFrame:
    """Sort facts into their canonical order."""
    # NOTE: one number a row is sorted in half the time that seven columns take, most of them names.
    number, n_numbers = np.zeros(facts.height, dtype=np.int64), 1
    for name in KEYS:
        rank, n_ranks = _ranks(facts[name])
        if n_numbers * n_ranks > LARGEST:
            number = np.unique(number, return_inverse=True)[1]
            n_numbers = facts.height
        number = number * n_ranks + rank
        n_numbers *= n_ranks
    return facts.select(list(SCHEMA))[np.argsort(number, kind="stable")]


def _ranks(column: pl.Series) -> tuple[Ints, int]:
    """Give a number by which names or whole numbers ascend, from 0, and how many there may be."""
    if column.dtype == pl.String:
        names = column.unique().sort()
        return column.cast(pl.Enum(names)).to_physical().to_numpy(), len(names)
    numbers = column.to_numpy().astype(np.int64)
    first = numbers.min(initial=0)
    return numbers - first, int(numbers.max(initial=0) - first) + 1


def _flows(world: World) -> pl.DataFrame:
    """Give what was posted, happened and came in, and who was in arrears, of a lender's pass."""
    ledger, log, stock = world.ledger, world.log, world.snapshots
    products, buckets = PRODUCT_NAMES.tolist(), [bucket.name.lower() for bucket in Bucket]
    postings = [posting.name.lower() for posting in POSTINGS]
    activities = [activity.name.lower() for activity in ACTIVITIES]
    accounts = [account.name.lower() for account in Account]
    arrears = stock.members[..., np.newaxis], stock.principal_yen[..., np.newaxis]
    delays = [str(delay) for delay in range(PaymentDelays.FIRST, PaymentDelays.LAST + 1)]
    by_product = [
        facts_of_cells("postings", ledger.count, ledger.yen, postings, products),
        facts_of_cells("events", log.count, log.yen, activities, products),
    ]
    of_no_product = [
        facts_of_cells("arrears", *arrears, buckets),
        facts_of_cells("moves", stock.moves, stock.moved_yen, buckets, buckets),
        facts_of_cells("paid", None, world.delays.yen, PaymentDelays.SOURCES, delays),
        facts_of_cells("owed", None, stock.owed_yen[..., np.newaxis], accounts),
        facts_of_members(world),
        facts_of_arrears(world),
    ]
    facts = pl.concat(of_no_product).with_columns(product=pl.lit(""))
    others = pl.concat(by_product).rename({"subkey": "product"}).with_columns(subkey=pl.lit(""))
    facts = pl.concat([facts, others.select(facts.columns)])
    replication = pl.Series("replication", world.replications[facts["place"].to_numpy()])
    return _of_lender(world, facts.with_columns(replication))


def _of_lender(world: World, facts: pl.DataFrame) -> pl.DataFrame:
    """Add the lender, and give the columns their order and types."""
    facts = facts.with_columns(lender=pl.lit(world.lender.name.lower()))
    return facts.select(pl.col(name).cast(dtype) for name, dtype in SCHEMA.items())


def _work(world: World) -> pl.DataFrame:
    """Give the work of all desks of a lender's pass by month."""
    desks = _desks_of(world)
    edges = [f"wait_below_{edge}_minutes" for edge in WAIT_EDGES_MINUTES]
    measures = [*WORK, *edges, "wait_longer", *WORK_OF_SOME]
    counts = np.array([_work_by_month(desk) for _, desk in desks])
    is_told = counts != 0
    is_told[:, : -len(WORK_OF_SOME)] = True
    place, measure, month = is_told.nonzero()
    facts = pl.DataFrame(
        {
            "replication": np.array([replication for replication, _ in desks])[place],
            "month": month,
            "key": named([desk.name for _, desk in desks], place),
            "subkey": named(measures, measure),
            "count": counts[is_told],
        }
    )
    return _of_desks(world, "desk", facts)


def _work_by_month(desk: Desk) -> list[list[int]]:
    """Give what `_work` tells of a desk, by measure and month."""
    statistics = desk.statistics
    always, at_times = (
        [getattr(statistics, measure) for measure in measures] for measures in (WORK, WORK_OF_SOME)
    )
    waits = zip(*statistics.wait_histogram, strict=True)
    return [*always, *map(list, waits), *at_times]


def _backlogs(world: World) -> pl.DataFrame:
    """Give the backlog by day of all desks of a lender's pass."""
    desks = _desks_of(world)
    backlogs = [desk.statistics.backlog_by_day for _, desk in desks]
    facts = pl.DataFrame(
        {
            "replication": [replication for replication, _ in desks],
            "key": [desk.name for _, desk in desks],
            "subkey": [range(len(backlog)) for backlog in backlogs],
            "count": backlogs,
        }
    ).explode("subkey", "count")
    return _of_desks(world, "backlog", facts.with_columns(month=pl.lit(-1)))


def _desks_of(world: World) -> list[tuple[int, Desk]]:
    """Give the desks of a lender's pass, each with its replication."""
    return [
        (replication, desk)
        for replication, desks in zip(world.replications.tolist(), world.desks, strict=True)
        for desk in vars(desks).values()
    ]


def _of_desks(world: World, table: str, facts: pl.DataFrame) -> pl.DataFrame:
    """Give counts of desks as facts of a table."""
    return _of_lender(
        world, facts.with_columns(product=pl.lit(""), table=pl.lit(table), yen=pl.lit(0))
    )


def _macro(economy: Economy) -> Iterator[Row]:
    """Give the macro factor of every replication, and its weight where it is not drawn plainly."""
    replications, paths = economy.replications.tolist(), economy.factor.tolist()
    for replication, path in zip(replications, paths, strict=True):
        for month, factor in enumerate(path):
            yield replication, "", "", "macro", month, "factor", "", round(factor * 1e6), 0
    if economy.config.macro.sampling.method == "importance":
        weights = log_weights(economy.config, economy.rng, economy.replications)
        for replication, weight in zip(replications, weights, strict=True):
            yield replication, "", "", "macro", -1, "log_weight", "", weight, 0


def _of_persons(worlds: Sequence[World]) -> Iterator[Row]:
    """Give the facts about persons over all lenders, of every replication of a pass."""
    replications = worlds[0].replications.tolist()
    for number, fact in facts_of_persons(worlds, by_product=False):
        yield replications[number], "", *fact


def _rows(world: World) -> Iterator[Row]:
    """Give the facts of a lender's pass that are not told as tables."""
    lender = world.lender.name.lower()
    replications = world.replications.tolist()
    for number, replication in enumerate(replications):
        for fact in _facts(world, number):
            yield replication, lender, *fact
    for number, fact in facts_of_persons([world], by_product=True):
        yield replications[number], lender, *fact


def _facts(world: World, number: int) -> Iterator[Fact]:
    """Give the facts of one replication without its number and lender."""
    stock = world.snapshots
    for month, yen in enumerate(stock.placed_yen[number].tolist()):
        yield "", "placed", month, "law_firm", "", 0, yen
    yield from _bills(world, number)
    for desk in vars(world.desks[number]).values():
        yield from _skills(world, desk)
    yield from _lost(world, number)
    yield from _stages(world, number)


def _lost(world: World, number: int) -> Iterator[Fact]:
    """Give what was lost and recovered by billing month and months since then."""
    lost, postings = world.ledger.lost_yen[number], list(LOSS_POSTINGS)
    sums: dict[tuple[int, str, str], int] = {}
    for month, posting, vintage in np.argwhere(lost).tolist():
        is_of_month = vintage < lost.shape[0]
        age = str(month - vintage) if is_of_month else ""
        key = vintage if is_of_month else -1, postings[posting].name.lower(), age
        sums[key] = sums.get(key, 0) + int(lost[month, posting, vintage])
    for (vintage, name, age), yen in sums.items():
        yield "", "lost", vintage, name, age, 0, yen


def _stages(world: World, number: int) -> Iterator[Fact]:
    """Give contacts with their cost, and cash on overdue claims, by stage of collection."""
    for measure, stages in (("cost", world.collection.costs), ("cash", world.collection.cash)):
        for stage, table in stages.items():
            for month, (count, yen) in enumerate(table[number].tolist()):
                if count:
                    yield "", "stage", month, stage, measure, count, yen


def _bills(world: World, number: int) -> Iterator[Fact]:
    """Give what was billed by month."""
    billed = world.delays
    for month, (count, yen) in enumerate(
        zip(billed.bills[number].tolist(), billed.billed_yen[number].tolist(), strict=True)
    ):
        yield "", "billed", month, "price", "", count, yen


def _skills(world: World, desk: Desk) -> Iterator[Fact]:
    """Give the work of a desk by the skill it needs, where its people differ in theirs."""
    roster, month_of = desk.roster, world.calendar.month_of[: world.n_days]
    if len(roster.skills) == 1:
        return
    for measure, by_skill in desk.statistics.by_skill.items():
        for skill, counts in zip(roster.skills, by_skill, strict=True):
            for month, count in enumerate(counts):
                if count:
                    yield "", "skill", month, desk.name, f"{measure}/{skill}", int(count), 0
    for skill in roster.skills:
        seconds = roster.duty_seconds(month_of.size, skill)
        seconds = seconds - roster.absent_seconds(month_of.size, skill)
        by_month = np.bincount(month_of, weights=seconds).astype(np.int64)
        for month in np.flatnonzero(by_month).tolist():
            subkey = f"capacity_seconds/{skill}"
            yield "", "skill", month, desk.name, subkey, int(by_month[month]), 0
