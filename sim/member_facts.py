"""Facts about persons at the end of a run: who bears the losses, and how each band fares.

Flows in: the sums by person of `MemberTallies`. Flows out: integers by band and by rank, as many
for a million members as for a hundred.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from models.arrays import Bools, Ints
from models.products.catalogue import Product
from sim.engine.books import are_customers
from sim.engine.world import World
from sim.portfolio import Status
from sim.records import PRODUCT_NAMES

Fact = tuple[str, str, int, str, str, int, int]
"""Product, table, month, key, subkey, count, yen."""

AGE_BANDS = {"below_20": 0, "20s": 20, "30s": 30, "40s": 40, "from_50": 50}
"""Youngest age of each band; decades, as published wages and use by age have them (facts 4)."""
INCOME_BANDS = ("lowest", "second", "third", "highest")
"""Quarters of all persons of a replication by monthly net wage; equal wages share a quarter."""
WORST_PERMILLE = (10, 50, 100, 200, 500, 1000)
"""Shares of the customers for which the loss of the worst is summed."""


def member_facts(world: World, number: int) -> Iterator[Fact]:
    """Give the facts about persons of one replication of a lender."""
    rows = rows_of(world, number)
    yield from _bands(world, rows)
    yield from _strategies(world, rows)
    yield from active_facts(world.by_member.products[rows])
    yield from loss_facts(world.by_member.net_loss_yen[rows], are_customers(world)[rows])


def facts_of_all_lenders(worlds: Sequence[World], number: int) -> Iterator[Fact]:
    """Give the facts about persons of one replication over all lenders: each person once."""
    rows = rows_of(worlds[0], number)
    products = np.bitwise_or.reduce([world.by_member.products[rows] for world in worlds])
    losses = sum(
        (world.by_member.net_loss_yen[rows].astype(np.int64) for world in worlds),
        np.zeros(rows.size, dtype=np.int64),
    )
    customers = np.logical_or.reduce([are_customers(world)[rows] for world in worlds])
    yield "", "active", -1, "any_product", "", int((products != 0).sum()), 0
    yield from loss_facts(losses, customers)


def rows_of(world: World, number: int) -> Ints:
    """Give the member rows of one replication of a pass."""
    return np.arange(number * world.n_members, (number + 1) * world.n_members)


def active_facts(products: Ints) -> Iterator[Fact]:
    """Count persons with a purchase posted, by product and of any, from their bits."""
    yield "", "active", -1, "any_product", "", int((products != 0).sum()), 0
    for product in Product:
        count = int((products >> int(product) & 1).sum())
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


def _bands(world: World, rows: Ints) -> Iterator[Fact]:
    """Give counts and yen of persons by band of age and of income."""
    persons = world.persons
    bands = {
        "age": (list(AGE_BANDS), age_bands(persons.age[rows])),
        "income": (list(INCOME_BANDS), income_bands(persons.monthly_net_yen[rows])),
    }
    measures = _measures(world, rows)
    for attribute, (names, band) in bands.items():
        for name, (count, yen) in measures.items():
            counts, sums = (_by_group(band, values, len(names)) for values in (count, yen))
            for place, value in enumerate(names):
                subkey = f"{attribute}:{value}"
                yield "", "bands", -1, name, subkey, counts[place], sums[place]


def _strategies(world: World, rows: Ints) -> Iterator[Fact]:
    """Give what became of members once late, by the strategy that collected from them."""
    members, tally = world.members, world.by_member
    names = [one.name for one in world.config.collections.strategies]
    late = rows[(members.bills_late[rows] > 0) | (members.overdue_since[rows] >= 0)]
    strategy, is_off = members.strategy[late], members.is_written_off[late]
    one, nothing = np.ones(late.size, dtype=np.int64), None
    still = (members.overdue_since[late] >= 0) & ~is_off
    measures: dict[str, tuple[Ints | None, Ints | None]] = {
        "members": (one, nothing),
        "bills_late": (members.bills_late[late], nothing),
        "contacts": (tally.contacts[late], nothing),
        "overdue": (still.astype(np.int64), members.unsettled_yen[late] * still),
        "written_off": (is_off.astype(np.int64), tally.written_off_yen[late]),
        "net_loss": (nothing, tally.net_loss_yen[late]),
    }
    for name, (count, yen) in measures.items():
        counts, sums = (_by_group(strategy, values, len(names)) for values in (count, yen))
        for number, label in enumerate(names):
            yield "", "strategies", -1, label, name, counts[number], sums[number]


def _by_group(group: Ints, values: Ints | None, n_groups: int) -> list[int]:
    """Sum values by group; None is nothing for everybody."""
    if values is None:
        return [0] * n_groups
    sums: list[int] = np.bincount(group, values, n_groups).astype(np.int64).tolist()
    return sums


def _measures(world: World, rows: Ints) -> dict[str, tuple[Ints, Ints | None]]:
    """Give counts and yen by person, shape (n,) each; None: nothing."""
    members, tally = world.members, world.by_member
    is_customer = are_customers(world)[rows]
    for yen in (tally.late_fee_yen, tally.late_damages_yen, tally.written_off_yen):
        is_customer |= yen[rows] != 0
    nothing = None

    def charged(yen: Ints) -> tuple[Ints, Ints]:
        return (yen != 0).astype(np.int64), yen

    return {
        "persons": (np.ones(rows.size, dtype=np.int64), nothing),
        "customers": (is_customer.astype(np.int64), nothing),
        "admitted": ((members.joined_day[rows] >= 0).astype(np.int64), nothing),
        "rejected": ((members.status[rows] == Status.REJECTED).astype(np.int64), nothing),
        "uses_authorised": (tally.uses_authorised[rows], nothing),
        "uses_declined": (tally.uses_declined[rows], nothing),
        "contacts": (tally.contacts[rows], nothing),
        "late_fees": charged(tally.late_fee_yen[rows]),
        "late_damages": charged(tally.late_damages_yen[rows]),
        "written_off": charged(tally.written_off_yen[rows]),
    }


def age_bands(age: Ints) -> Ints:
    """Give the place in `AGE_BANDS` by age in years, shape (n,)."""
    return np.searchsorted(list(AGE_BANDS.values()), age, side="right") - 1


def income_bands(monthly_net_yen: Ints) -> Ints:
    """Give the place in `INCOME_BANDS`, shape (n,).

    The edges are the wages of rank ceil(n q / 4) from below; a wage at an edge is in the lower
    band, so that equal wages are never parted.
    """
    n, parts = monthly_net_yen.size, len(INCOME_BANDS)
    ranks = [-(-n * part // parts) - 1 for part in range(1, parts)]
    return np.searchsorted(np.sort(monthly_net_yen)[ranks], monthly_net_yen, side="left")
