"""NP points (NP-36 to NP-45): award, reversal after a return, refund of what points had paid."""

from typing import NamedTuple

import numpy as np

from models.arrays import Ints
from models.clauses import implements
from models.kernels import award_day, points_awarded, refund_of_price_cut, reversed_points
from models.kernels.groups import ascending, distinct, is_among, one_by_one
from models.products.np_points import earns, points_of_uses
from sim.engine.agenda import Task
from sim.engine.dues.claims import claim_at_once
from sim.engine.members.status import is_member
from sim.engine.points.lots import (
    books_of,
    expire,
    last_days,
    open_lots,
    points_in_lots,
    record,
    take,
)
from sim.engine.state.exposure import by_member, key_of
from sim.engine.state.np_portfolio import append_chained, chained
from sim.engine.state.portfolio import DueStatus, PurchaseStatus
from sim.engine.state.unpaid import bills_of
from sim.engine.state.world import END_OF_DAY, MINUTES_PER_DAY, World
from sim.record.eventlog import Activity
from sim.record.postings import Posting
from sim.table import add_at


@implements("NP-36.1", "NP-38", "NP-47")
def note_purchases(world: World, day: int, purchases: Ints) -> None:
    """Note posted purchases of members; their points are theirs alone."""
    if world.points is None:
        return
    table, books = world.purchases, world.points
    purchases = by_member(table, purchases[is_member(world, table.member[purchases])])
    rows, month = table.member[purchases], table.billing_month[purchases]
    books.by_use.cover(table)
    books.by_use.earning[purchases] = append_chained(
        books.earnings,
        books.last_earning,
        books.months_of(rows, month),
        member=rows,
        purchase=purchases,
        product=table.product[purchases],
        month=month,
        day=np.minimum(table.minute[purchases] // MINUTES_PER_DAY, day),
    )


@implements("NP-36.1", "NP-36.3")
def plan_awards(world: World, day: int, dues: Ints) -> None:
    """Plan the awards of what paid dues were about, where they were paid in time."""
    if world.points is None or not dues.size:
        return
    books, terms = world.points, world.config.products.np_points
    dues = dues[earns(terms, world.dues.status[dues] == DueStatus.OPEN)]
    earnings = _earnings_of(world, dues)
    days = award_day(books.earnings.day[earnings], day, terms.award_lag_days)
    world.agenda.schedule(Task.AWARD, days, earnings)


def _earnings_of(world: World, dues: Ints) -> Ints:
    """Give what is on dues and may earn points: the use that a due is for, or those of a month."""
    is_for_use = world.dues.purchase[dues] >= 0
    for_use, for_month = dues[is_for_use], dues[~is_for_use]
    if not for_month.size:
        return np.sort(_of_uses(world, for_use))
    return np.sort(np.concatenate((_of_uses(world, for_use), _of_months(world, for_month))))


def _of_uses(world: World, dues: Ints) -> Ints:
    """Give what may earn points of the uses that dues are for."""
    books, table = books_of(world), world.dues
    books.by_use.cover(world.purchases)
    earnings = books.by_use.earning[table.purchase[dues]]
    same = (earnings >= 0) & (books.earnings.product[earnings] == table.product[dues])
    return np.asarray(earnings[same], dtype=np.int64)


def _of_months(world: World, dues: Ints) -> Ints:
    """Give what may earn points of the uses of the months that dues are for."""
    books, table = books_of(world), world.dues
    noted = books.earnings
    earnings, place = books.earnings_of(books.months_of(table.member[dues], table.month[dues]))
    about = dues[place]
    return np.asarray(earnings[bills_of(world, noted.purchase[earnings]) == about])


@implements("NP-36.1", "NP-36.3", "LEN-06")
def award(world: World, day: int, earnings: Ints) -> None:
    """Award points of purchases that nobody has cancelled or returned meanwhile."""
    books, table = books_of(world), world.purchases
    noted, earnings = books.earnings, distinct(earnings)  # two payments of a use may be of one day
    purchases = noted.purchase[earnings]
    stands = (table.status[purchases] == PurchaseStatus.POSTED) & (noted.points[earnings] == 0)
    stands &= ~table.is_stopped[purchases]  # its price is not paid yet
    earnings = earnings[stands & is_member(world, noted.member[earnings])]
    owner, purchases = noted.member[earnings], noted.purchase[earnings]
    order = ascending(owner, lambda tied: key_of(table, purchases[tied]))
    earnings, rows, purchases = earnings[order], owner[order], purchases[order]
    price, terms = table.price_yen[purchases], world.config.products.np_points
    earn_yen, last_day = _terms_by_merchant(world, day, purchases)
    points = points_of_uses(earn_yen, price, _percent_of(world, rows))
    noted.points[earnings] = points
    _add_lots(world, day, earnings, points, last_day)
    for campaign in terms.campaigns:
        first, last = (
            (date - world.config.start).days for date in (campaign.from_date, campaign.to_date)
        )
        counts = (noted.day[earnings] >= first) & (noted.day[earnings] <= last)
        extra = points_awarded(points[counts], 100, multiplier=campaign.extra_percent)
        noted.points[earnings[counts]] += extra.astype(np.int32)
        last_day = np.full(extra.size, day + campaign.life_days)
        _add_lots(world, day, earnings[counts], extra, last_day)


@implements("NP-36.2", "NP-39.2")
def _terms_by_merchant(world: World, day: int, purchases: Ints) -> tuple[Ints, Ints]:
    """Give yen a point and last usable day of points that uses earn on a day, by merchant."""
    usual = world.config.products.np_points.earn_yen
    classes = world.config.behaviour.merchants.classes
    earn = np.array([usual, *(one.earn_yen or usual for one in classes)])
    last = [
        last_days(world, day),
        *(last_days(world, day, one.points_life_months) for one in classes),
    ]
    merchant = world.purchases.merchant[purchases]
    return np.asarray(earn[merchant]), np.asarray(np.array(last)[merchant])


@implements("NP-2.5")
def _percent_of(world: World, rows: Ints) -> Ints:
    """Give the percentage of the usual points by the members' kinds."""
    tiers = world.config.products.np_membership.tiers
    percent = np.array([100, *(tier.points_percent for tier in tiers)])
    return np.asarray(percent[np.minimum(world.members.tier[rows], len(tiers))])


@implements("NP-39.2", "NP-40.1")
def _add_lots(world: World, day: int, earnings: Ints, points: Ints, last_day: Ints) -> None:
    """Add awarded points to the accounts; an older shortfall is offset first (C-73)."""
    books = books_of(world)
    given = (points > 0).nonzero()[0]
    earnings, points, last_day = earnings[given], points[given], last_day[given]
    if not earnings.size:
        return
    noted, accounts = books.earnings, books.accounts
    rows, product = noted.member[earnings], noted.product[earnings]
    left = points.copy()
    short = (accounts.shortfall[rows] > 0).nonzero()[0]
    for chosen in one_by_one(rows[short]):
        at = short[chosen]
        offset = np.minimum(left[at], accounts.shortfall[rows[at]])
        left[at] -= offset
        accounts.shortfall[rows[at]] -= offset.astype(np.int32)
    add_at(accounts.points, rows, points)
    purchase = noted.purchase[earnings]
    open_lots(world, day, rows, left, product, purchase, last_day)
    record(world, Posting.POINTS_AWARDED, Activity.POINTS_AWARDED, day, rows, points, product)


@implements("NP-40.1", "NP-45.1", "NP-45.2")
def reverse(world: World, day: int, purchases: Ints) -> None:
    """Take back the points of returned purchases; a shortfall is offset or claimed (C-73)."""
    if world.points is None or not purchases.size:
        return
    books, table = world.points, world.purchases
    months = books.months_of(table.member[purchases], table.billing_month[purchases])
    earnings, _ = books.earnings_of(distinct(months))
    earnings = earnings[books.earnings.points[earnings] > 0]
    earnings = np.sort(earnings[is_among(books.earnings.purchase[earnings], purchases)])
    earnings = earnings[is_member(world, books.earnings.member[earnings])]
    for chosen in one_by_one(books.earnings.member[earnings]):
        _reverse(world, day, earnings[chosen])


def _reverse(world: World, day: int, earnings: Ints) -> None:
    """Take back the points of one purchase of each of several members."""
    books, terms = books_of(world), world.config.products.np_points
    noted, accounts = books.earnings, books.accounts
    rows, points = noted.member[earnings], noted.points[earnings].astype(np.int64)
    noted.points[earnings] = 0
    result = reversed_points(
        accounts.points[rows],
        points,
        claims_yen=terms.shortfall == "claim_yen",
        yen_per_point=terms.shortfall_yen,
    )
    held = points_in_lots(world, rows)
    take(world, rows, points, noted.purchase[earnings])
    accounts.points[rows] = result.balance
    accounts.shortfall[rows] = np.maximum(held - points, 0) - result.balance
    product = noted.product[earnings]
    record(world, Posting.POINTS_REVERSED, Activity.POINTS_REVERSED, day, rows, points, product)
    claim = result.claim_yen
    missing = claim // terms.shortfall_yen
    worth = missing * terms.yen_per_point
    claim_at_once(world, day, rows, worth, Posting.POINTS_SHORTFALL_CLAIMED)
    claim_at_once(world, day, rows, claim - worth, Posting.POINTS_SHORTFALL_GAIN)


@implements("NP-42.3", "NP-42.4", "NP-46")
def refund(world: World, day: int, purchases: Ints, cut_yen: Ints) -> Ints:
    """Split the price of returned purchases into money and points that come back.

    Parameters
    ----------
    world, day
        As in every step.
    purchases
        Purchases returned, or lowered in price, after their bill was made, shape (n,).
    cut_yen
        Price, or the part of it, that is over, shape (n,).

    Returns
    -------
    Ints
        Yen owed to the member, shape (n,); points have come back already. Without points in the
        payment this is the whole cut. Points never become cash (NP-46).
    """
    table = world.purchases
    yen = cut_yen.astype(np.int64)
    if world.points is None or not purchases.size:
        return yen
    for chosen in one_by_one(table.member[purchases]):
        part, cut = purchases[chosen], yen[chosen]
        rows, product = table.member[part], table.product[part]
        back = give_back(world, day, part, cut)
        post = world.ledger.post
        post(Posting.POINTS_RETURNED, day, rows, back.points_yen, -1, product)
        lost = cut - back.yen - back.points_yen
        post(Posting.POINTS_NOT_RETURNED, day, rows, lost, -1, product)
        yen[chosen] = back.yen
    return yen


class Back(NamedTuple):
    """What comes back of a price or fee, yen, shape (n,) each; the rest of it is lost."""

    yen: Ints
    """In money, still to be credited."""
    points_yen: Ints
    """In points, at their value; they are in the account, and in no posting yet."""


@implements("NP-42.3", "NP-42.4", "NP-46")
def give_back(
    world: World, day: int, purchases: Ints, paid_yen: Ints, *, is_fee: bool = False
) -> Back:
    """Put points back that had paid for one purchase, or its fee, of each of several members.

    Parameters
    ----------
    world, day
        As in every step.
    purchases
        Purchases whose bill is made, one of a member, shape (n,).
    paid_yen
        What was paid for each and comes back, money first, then points, shape (n,).
    is_fee
        Whether this is about the fee, else it is about the price.
    """
    yen, points_yen = paid_yen.astype(np.int64), np.zeros(purchases.size, dtype=np.int64)
    if world.points is None:
        return Back(yen, points_yen)
    books, terms, table = world.points, world.config.products.np_points, world.purchases
    use = _use_of(world, purchases)
    found = (use >= 0).nonzero()[0]
    if not found.size:
        return Back(yen, points_yen)
    uses, rows = books.uses, table.member[purchases[found]]
    use, product = use[found], table.product[purchases[found]]
    money_left = uses.fee_money_yen if is_fee else uses.money_yen
    points_left = uses.fee_points if is_fee else uses.points
    money, points = money_left[use].astype(np.int64), points_left[use].astype(np.int64)
    worth = money + points * terms.yen_per_point
    cut = np.minimum(yen[found], worth)
    returns = terms.partial_refund_rest == "return"
    back = refund_of_price_cut(
        money, points, cut, yen_per_point=terms.yen_per_point, returns_rest=returns
    )
    # A deal that is over gives back all points that paid it (NP-42.3), whatever NP-42.4 says.
    returned = np.where(cut == worth, points, back.points)
    returned = np.where(is_member(world, rows), returned, 0)
    yen[found] = back.yen
    points_yen[found] = returned * terms.yen_per_point
    # Points that do not come back are gone, too.
    gone = np.minimum(-((back.yen - cut) // terms.yen_per_point), points)
    money_left[use] -= back.yen.astype(np.int32)
    points_left[use] -= gone.astype(np.int32)
    _return(world, day, rows, returned, product, uses.last_day[use])
    return Back(yen, points_yen)


def _use_of(world: World, purchases: Ints) -> Ints:
    """Find the payment by points of the dues that purchases were on, -1 where there is none."""
    books, table, dues = books_of(world), world.purchases, world.dues
    rows = table.member[purchases]
    uses, place = chained(books.uses, books.accounts.last_use[rows])
    due, purchase = books.uses.due[uses], purchases[place]
    is_own = dues.product[due] == table.product[purchase]
    is_own &= dues.purchase[due] == purchase
    same = is_own | (bills_of(world, purchases)[place] == due)
    found = np.full(purchases.size, -1, dtype=np.int64)
    found[place[same]] = uses[same]
    return found


def _return(
    world: World, day: int, rows: Ints, points: Ints, product: Ints, last_used_day: Ints
) -> None:
    """Put points back that had paid for a deal."""
    books, terms = books_of(world), world.config.products.np_points
    some = points > 0
    rows, points, product, last_day = rows[some], points[some], product[some], last_used_day[some]
    if not rows.size:
        return
    if not terms.return_keeps_expiry:
        last_day = np.full(rows.size, last_days(world, day))
    add_at(books.accounts.points, rows, points)
    lots = open_lots(world, day, rows, points, product, np.full(rows.size, -1), last_day)
    yen = points * terms.yen_per_point
    minute = day * MINUTES_PER_DAY + END_OF_DAY
    world.log.add(Activity.POINTS_RETURNED, minute, rows, yen=yen, product=product)
    expire(world, day, lots[last_day < day])  # they are past use, today's bills included
