"""Facts about persons at the end of a run: who bears the losses, and how each band fares.

Flows in: the sums by person of `MemberTallies`. Flows out: integers by band and by rank, as many
for a million members as for a hundred.
"""

import math
from collections.abc import Iterator, Sequence
from itertools import islice

import numpy as np
import polars as pl

from models.arrays import Bools, Ints
from models.products.catalogue import Product
from sim.engine.books import are_customers
from sim.engine.state.portfolio import Status
from sim.engine.state.world import World
from sim.facts.cells import facts_of_cells
from sim.facts.recorded_lines import PRODUCT_NAMES

Fact = tuple[str, str, int, str, str, int, int]
"""Product, table, month, key, subkey, count, yen."""

AGE_BANDS = {"below_20": 0, "20s": 20, "30s": 30, "40s": 40, "from_50": 50}
"""Youngest age of each band; decades, as published wages and use by age have them (facts 4)."""
INCOME_BANDS = ("lowest", "second", "third", "highest")
"""Quarters of all persons of a replication by monthly net wage; equal wages share a quarter."""
DAYS_PER_YEAR = 365
WORST_PERMILLE = (10, 50, 100, 200, 500, 1000)
"""Shares of the customers for which the loss of the worst is summed."""


def facts_of_members(world: World) -> pl.DataFrame:
    """Give counts of members by age, by band and by strategy, of all replications of a lender.

    Returns
    -------
    pl.DataFrame
        Columns as those of `facts_of_cells`.
    """
    return pl.concat([_by_age(world), _bands(world), *_strategies(world)])


def facts_of_persons(worlds: Sequence[World], *, by_product: bool) -> Iterator[tuple[int, Fact]]:
    """Give who bought and who bears the losses at some lenders, each person once.

    Parameters
    ----------
    worlds
        Of the lenders.
    by_product
        Whether those who bought are told by product, too.

    Yields
    ------
    tuple[int, Fact]
        Place of the replication in the pass, and a fact about it.
    """
    products = np.bitwise_or.reduce([world.by_member.products for world in worlds])
    losses = np.add.reduce(
        [world.by_member.net_loss_yen for world in worlds], axis=0, dtype=np.int64
    )
    customers = np.logical_or.reduce([are_customers(world) for world in worlds])
    n = worlds[0].n_members
    for number in range(worlds[0].replications.size):
        rows = slice(number * n, (number + 1) * n)
        facts = active_facts(products[rows])
        for fact in facts if by_product else islice(facts, 1):
            yield number, fact
        for fact in loss_facts(losses[rows], customers[rows]):
            yield number, fact


def active_facts(products: Ints) -> Iterator[Fact]:
    """Count persons with a purchase posted, of any product and then by product, from their bits."""
    persons = np.bincount(products)  # by the products that they bought
    bought = np.arange(persons.size)
    yield "", "active", -1, "any_product", "", int(persons[1:].sum()), 0
    for product in Product:
        count = int(persons[(bought >> int(product) & 1) == 1].sum())
        if product and count:
            yield str(PRODUCT_NAMES[product]), "active", -1, "product", "", count, 0


def loss_facts(net_loss_yen: Ints, is_customer: Bools) -> Iterator[Fact]:
    """Sum the loss of the worst customers, and the losses weighted with their rank.

    Parameters
    ----------
    net_loss_yen
        Written off less recovered by person, shape (n,).
    is_customer
        Who may cause a loss, shape (n,); whoever caused one counts, too.
    """
    losses = np.sort(net_loss_yen[is_customer | (net_loss_yen != 0)].astype(np.int64))
    n = losses.size
    for permille in WORST_PERMILLE:
        worst = -(-n * permille // 1000)
        yield "", "losses", -1, "worst", str(permille), worst, int(losses[n - worst :].sum())
    weighted = int((np.arange(1, n + 1) * losses).sum())
    yield "", "losses", -1, "rank_weighted", "", n, weighted


def _by_age(world: World) -> pl.DataFrame:
    """Give counts of members at the end, by whether they are of age."""
    members, n, end = world.members, world.members.size, world.n_days - 1
    year_ago = end - DAYS_PER_YEAR
    joined, start = members.joined_day[:n], members.spell_start[:n]
    runs_long = (members.overdue_since[:n] >= 0) & (end - start >= 14)
    reached = np.where(runs_long, start + 14, members.last_14_day[:n])
    used = (joined >= 0) & (joined <= year_ago) & (members.last_bill_day[:n] > year_ago)
    measures = {
        "persons": np.ones(n, dtype=bool),
        "admitted": joined >= 0,
        "rejected": members.status[:n] == Status.REJECTED,
        "written_off": members.is_written_off[:n],
        "users_of_last_year": used,
        "users_of_last_year_14_days_past_due": used & (reached > year_ago),
    }
    groups = ["below_20", "from_20"]
    group = _replication_of(world, np.arange(n)) * len(groups) + (world.persons.age[:n] >= 20)
    shape = world.replications.size, len(groups)
    count = np.stack([_sums(group, is_so, shape) for is_so in measures.values()], axis=1)
    return _told("members", count, None, list(measures), groups)


def _bands(world: World) -> pl.DataFrame:
    """Give counts and yen of persons by band of age and of income."""
    persons, n = world.persons, world.members.size
    shape = world.replications.size, len(AGE_BANDS), len(INCOME_BANDS)
    band = _replication_of(world, np.arange(n)) * len(AGE_BANDS) + age_bands(persons.age[:n])
    income = income_bands(persons.monthly_net_yen[:n].reshape(shape[0], -1)).reshape(-1)
    band = band * len(INCOME_BANDS) + income

    def by_band(values: Ints | Bools | None) -> Ints:
        sums = _sums(band, values, shape)
        return np.concatenate((sums.sum(axis=2), sums.sum(axis=1)), axis=1)

    measures = _measures(world)
    count, yen = (
        np.stack([by_band(values) for values in column], axis=1)
        for column in zip(*measures.values(), strict=True)
    )
    bands = [*(f"age:{name}" for name in AGE_BANDS), *(f"income:{name}" for name in INCOME_BANDS)]
    return _told("bands", count, yen, list(measures), bands)


def _strategies(world: World) -> Iterator[pl.DataFrame]:
    """Give what became of members once late, by the strategy that collected from them, if any."""
    names = [one.name for one in world.config.collections.strategies]
    if not names:
        return
    members, tally, n = world.members, world.by_member, world.members.size
    late = ((members.bills_late[:n] > 0) | (members.overdue_since[:n] >= 0)).nonzero()[0]
    is_off = members.is_written_off[late]
    still = (members.overdue_since[late] >= 0) & ~is_off
    measures: dict[str, tuple[Ints | Bools | None, Ints | None]] = {
        "members": (np.ones(late.size, dtype=bool), None),
        "bills_late": (members.bills_late[late], None),
        "contacts": (tally.contacts[late], None),
        "overdue": (still, members.unsettled_yen[late] * still),
        "written_off": (is_off, tally.written_off_yen[late]),
        "net_loss": (None, tally.net_loss_yen[late]),
    }
    strategy = _replication_of(world, late) * len(names) + members.strategy[late]
    shape = world.replications.size, len(names)
    count, yen = (
        np.stack([_sums(strategy, values, shape) for values in column], axis=2)
        for column in zip(*measures.values(), strict=True)
    )
    yield _told("strategies", count, yen, names, list(measures))


def _replication_of(world: World, rows: Ints) -> Ints:
    """Give the place of the replication of member rows, shape (n,)."""
    return rows // world.n_members


def _sums(group: Ints, values: Ints | Bools | None, shape: tuple[int, ...]) -> Ints:
    """Sum values by group; truth values are counted, and None is nothing for everybody."""
    if values is None:
        return np.zeros(shape, dtype=np.int64)
    some = (values != 0).nonzero()[0]
    weights = None if values.dtype == np.bool_ else values[some]
    return np.bincount(group[some], weights, math.prod(shape)).astype(np.int64).reshape(shape)


def _told(
    table: str, count: Ints, yen: Ints | None, keys: Sequence[str], subkeys: Sequence[str]
) -> pl.DataFrame:
    """Give all cells of the end of the run as facts, arrays by replication, key and subkey."""
    count, yen = count[:, np.newaxis], None if yen is None else yen[:, np.newaxis]
    return facts_of_cells(table, count, yen, keys, subkeys, month=-1, keeps_empty=True)


def _measures(world: World) -> dict[str, tuple[Ints | Bools, Ints | None]]:
    """Give counts and yen by person, shape (n,) each; None: nothing."""
    members, tally, n = world.members, world.by_member, world.members.size
    charges = {
        "late_fees": tally.late_fee_yen[:n],
        "late_damages": tally.late_damages_yen[:n],
        "written_off": tally.written_off_yen[:n],
    }
    charged = {name: (yen != 0, yen) for name, yen in charges.items()}
    is_customer = are_customers(world)
    for is_charged, _ in charged.values():
        is_customer |= is_charged
    return {
        "persons": (np.ones(n, dtype=bool), None),
        "customers": (is_customer, None),
        "admitted": (members.joined_day[:n] >= 0, None),
        "rejected": (members.status[:n] == Status.REJECTED, None),
        "uses_authorised": (tally.uses_authorised[:n], None),
        "uses_declined": (tally.uses_declined[:n], None),
        "contacts": (tally.contacts[:n], None),
        **charged,
    }


def age_bands(age: Ints) -> Ints:
    """Give the place in `AGE_BANDS` by age in years, shape (n,)."""
    ages = np.arange(int(age.max(initial=0)) + 1)  # a few: looked up once
    bands = np.searchsorted(list(AGE_BANDS.values()), ages, side="right") - 1
    return np.asarray(bands[age])


def income_bands(monthly_net_yen: Ints) -> Ints:
    """Give the place in `INCOME_BANDS` among the persons of a replication, shape (..., n).

    The edges are the wages of rank ceil(n q / 4) from below; a wage at an edge is in the lower
    band, so that equal wages are never parted.
    """
    n, parts = monthly_net_yen.shape[-1], len(INCOME_BANDS)
    ranks = [-(-n * part // parts) - 1 for part in range(1, parts)]
    edges = np.partition(monthly_net_yen, ranks, axis=-1)[..., ranks]
    band = np.zeros(monthly_net_yen.shape, dtype=np.int64)
    for edge in np.moveaxis(edges, -1, 0):
        band += monthly_net_yen > edge[..., np.newaxis]
    return band
