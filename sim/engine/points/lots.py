"""Lots of points: what members hold, in the order in which it expires.

Invariant by member: awarded + returned + shortfall claimed in yen = used + expired + reversed +
forfeited + balance; the balance is the points of the lots less the shortfall still to be offset,
and its value is the liability in the books (LEN-06). Events and postings bear the value in yen.
"""

import numpy as np

from models.arrays import Ints
from models.clauses import implements
from models.kernels import last_usable_day
from sim.engine.agenda import Task
from sim.engine.state.np_portfolio import PointBooks, append_chained, chained
from sim.engine.state.world import END_OF_DAY, MINUTES_PER_DAY, World
from sim.record.eventlog import Activity
from sim.record.postings import Posting
from sim.table import add_at

NO_PURCHASE = -1


def books_of(world: World) -> PointBooks:
    """Give the tables of points; only where points are on offer."""
    if world.points is None:
        raise AssertionError("points are not on offer")
    return world.points


def record(
    world: World, posting: Posting, activity: Activity, day: int, rows: Ints, points: Ints,
    product: Ints,
) -> None:  # fmt: skip
    """Post and log points at their value."""
    some = (points > 0).nonzero()[0]
    rows, product = rows[some], product[some]
    yen = points[some].astype(np.int64) * world.config.products.np_points.yen_per_point
    world.ledger.post(posting, day, rows, yen, -1, product)
    minute = day * MINUTES_PER_DAY + END_OF_DAY
    world.log.add(activity, minute, rows, yen=yen, product=product)


@implements("NP-39.1")
def last_days(world: World, day: int, life_months: int | None = None) -> int:
    """Give the last usable day of points that begin to live on a day."""
    start = np.datetime64(world.config.start)
    usual = world.config.products.np_points.life_months
    life = usual if life_months is None else life_months
    return int((last_usable_day(start + day, life) - start).astype(np.int64))


def open_lots(
    world: World, day: int, rows: Ints, points: Ints, product: Ints, purchase: Ints, last_day: Ints
) -> Ints:
    """Open lots and plan their expiry; give the lots."""
    books = books_of(world)
    lots = append_chained(
        books.lots,
        books.accounts.last_lot,
        rows,
        member=rows,
        points=points,
        product=product,
        purchase=purchase,
        last_day=last_day,
    )
    world.agenda.schedule(Task.EXPIRE, np.maximum(last_day, day), lots)
    return np.asarray(lots)


def points_in_lots(world: World, rows: Ints) -> Ints:
    """Give the points that members can use: the balance without the shortfall, shape (n,)."""
    accounts = books_of(world).accounts
    return np.asarray(accounts.points[rows].astype(np.int64) + accounts.shortfall[rows])


def take(world: World, rows: Ints, points: Ints, own: Ints | int = NO_PURCHASE) -> Ints:
    """Take points out of lots, at most what is there.

    Parameters
    ----------
    world
        Lender.
    rows
        Member rows, unique, shape (n,).
    points
        Points wanted, shape (n,).
    own
        Purchase whose own points go first, shape (n,); then those that expire first.

    Returns
    -------
    Ints
        Last usable day of the newest points taken, -1 where none were, shape (n,).
    """
    books = books_of(world)
    table = books.lots
    lots, place = chained(table, books.accounts.last_lot[rows])
    held = table.points[lots].astype(np.int64)
    some = held > 0
    lots, place, held = lots[some], place[some], held[some]
    newest = np.full(rows.size, -1, dtype=np.int64)
    if not lots.size:
        return newest
    purchase = table.purchase[lots]
    is_other = purchase != (own[place] if isinstance(own, np.ndarray) else own)
    is_other |= purchase == NO_PURCHASE  # points that came back are nobody's own
    order = np.lexsort((lots, ((2 * place + is_other) << 32) + table.last_day[lots]))
    lots, place, held = lots[order], place[order], held[order]
    all_held = np.bincount(place, held, rows.size).astype(np.int64)
    before = held.cumsum() - held - (all_held.cumsum() - all_held)[place]
    taken = np.minimum(np.maximum(points[place] - before, 0), held)
    table.points[lots] = held - taken
    # NOTE: an empty lot stays empty; who has no other begins a new chain, which stays short.
    books.accounts.last_lot[rows[all_held <= points]] = -1
    used = taken > 0
    np.maximum.at(newest, place[used], table.last_day[lots[used]])
    return newest


@implements("NP-39.1", "LEN-06")
def expire(world: World, day: int, lots: Ints) -> None:
    """Let what is left of lots vanish after their last usable day."""
    books = books_of(world)
    table = books.lots
    lots = np.sort(lots[table.points[lots] > 0])
    rows, points = table.member[lots], table.points[lots].copy()
    table.points[lots] = 0
    add_at(books.accounts.points, rows, -points)
    activity = Activity.POINTS_EXPIRED
    record(world, Posting.POINTS_EXPIRED, activity, day, rows, points, table.product[lots])


@implements("NP-40.2", "NP-7.5", "NP-11.8")
def forfeit(world: World, day: int, rows: Ints) -> None:
    """Let members lose all their points; a shortfall stays."""
    if world.points is None or not rows.size:
        return
    points = points_in_lots(world, rows)
    take(world, rows, points)
    add_at(world.points.accounts.points, rows, -points)
    posting, none = Posting.POINTS_FORFEITED, np.zeros(rows.size, dtype=np.int64)
    record(world, posting, Activity.POINTS_FORFEITED, day, rows, points, none)
