"""Late damages at au PAY Atobarai: by plan, under their caps, exact while balances move (AU-37).

Late payments that share a cap form a group. A group keeps what its balances bore so far as yen
times time; whenever a balance moves, the time before it is added up first. So the damages are
floored once, however a debt was paid.
"""

import numpy as np

from models.arrays import Bools, Ints
from models.clauses import implements
from models.codes import one_of
from models.kernels.groups import distinct, find_in
from models.products.au_pay.accrual import Accrual, accrual
from models.products.au_pay.late import IS_CAPPED, damages_base, damages_of_accruals
from models.products.catalogue import Product
from sim.engine.state.au_credit import Credit
from sim.engine.state.portfolio import DueStatus
from sim.engine.state.unpaid import all_unpaid, in_order
from sim.engine.state.world import World
from sim.record.postings import Posting
from sim.table import add_at

NO_GROUP = NO_DUE = -1
OVERDUE, WRITTEN_OFF = int(DueStatus.OVERDUE), int(DueStatus.WRITTEN_OFF)
POSTINGS = (
    Posting.LATE_DAMAGES_INSTALMENT,
    Posting.LATE_DAMAGES_TWO_TIME,
    Posting.LATE_DAMAGES_OTHER,
    Posting.LATE_DAMAGES_ACCELERATED_INSTALMENTS,
    Posting.LATE_DAMAGES_ACCELERATED_TWO_TIME,
    Posting.LATE_DAMAGES_ACCELERATED_OTHER,
)
"""Late damages before and after acceleration: on instalments, two-time and bonus, others."""
IS_HALF = one_of(Product.AU_TWO_TIME, Product.AU_BONUS)
"""Plans whose uses may share one cap, by `Product`."""
FAMILY = np.where(IS_HALF, int(Product.AU_TWO_TIME), np.arange(len(Product)))
"""Plan that stands for all that may share a cap, by `Product`: two-time with bonus."""
KIND_OF_PLAN = np.where(IS_HALF, 1, 2)
KIND_OF_PLAN[Product.AU_INSTALMENTS] = 0
"""Place among the first half of `POSTINGS`, by `Product`."""


def credit_of(world: World) -> Credit:
    """Give the tables of credit of a lender that has them."""
    if world.credit is None:
        raise LookupError(f"{world.lender.name} keeps no tables of credit")
    return world.credit


@implements("AU-37.2(1)", "AU-37.2(2)", "AU-37.2(3)", "CAL-06")
def begin_damages(world: World, day: int, dues: Ints) -> None:
    """Let missed dues bear late damages from the day after a day on.

    Parameters
    ----------
    world
        Lender.
    day
        Last day without damages: the due day after any roll.
    dues
        Dues that are overdue now and were not before, unique.
    """
    unpaid = all_unpaid(world, distinct(world.dues.member[dues]))
    _join(world, day, dues, unpaid, is_accelerated=False)


@implements("AU-37.1(1)", "AU-37.1(2)", "AU-37.1(3)")
def accelerate_damages(world: World, day: int, dues: Ints) -> None:
    """Let accelerated dues bear the damages of acceleration from the next day on (C-16).

    Parameters
    ----------
    world
        Lender.
    day
        Day of the acceleration.
    dues
        All dues it reaches, overdue before or not, unique.

    Notes
    -----
    The rate on one-time use and revolving is the same before and after; what they bore goes on,
    under the other clause.
    """
    credit = credit_of(world)
    legs, groups = credit.legs, credit.groups
    legs.cover(world.dues)
    last = day - int(world.au.late.accel_inclusive)
    unpaid = all_unpaid(world, distinct(world.dues.member[dues]))
    old = _groups_of(world, dues)
    advance(world, last, old, unpaid, posted_on=day)
    is_capped = IS_CAPPED[world.dues.product[dues]]
    goes_on = ~is_capped & (legs.group[dues] != NO_GROUP)
    groups.is_accelerated[legs.group[dues[goes_on]]] = True
    moves = dues[~goes_on]
    legs.group[moves] = NO_GROUP
    _join(world, last, moves, unpaid, is_accelerated=True)
    _refresh(world, old, unpaid)


def _join(world: World, day: int, dues: Ints, unpaid: Ints, *, is_accelerated: bool) -> None:
    """Put dues into groups that bear damages after a day, new ones or those of their uses.

    `unpaid` are all unpaid dues of their members.
    """
    if not dues.size:
        return
    credit, table = credit_of(world), world.dues
    legs, groups = credit.legs, credit.groups
    legs.cover(table)
    plan = table.product[dues]
    key, shares = _keys(world, dues, is_accelerated=is_accelerated)
    other = _groups_of(world, unpaid[table.status[unpaid] == OVERDUE])
    other = other[groups.is_accelerated[other] == is_accelerated]
    found = _lookup(key, plan, groups.key[other], groups.plan[other], other)
    found[~shares] = NO_GROUP
    advance(world, day, distinct(found[found != NO_GROUP]), unpaid, posted_on=day)
    fresh = (found == NO_GROUP).nonzero()[0]
    if fresh.size:
        # Dues of one use that are new together share a group; others stand alone.
        code = np.where(shares[fresh], _code(key[fresh], plan[fresh]), -1 - fresh)
        _, first, inverse = np.unique(code, return_index=True, return_inverse=True)
        chosen = fresh[first]
        new = groups.append(
            first.size,
            member=table.member[dues[chosen]],
            key=key[chosen],
            plan=plan[chosen],
            is_accelerated=np.full(first.size, is_accelerated),
            through=np.full(first.size, day),
        )
        found[fresh] = new[inverse.reshape(-1)]
    legs.group[dues] = found
    _refresh(world, distinct(found), unpaid)


def _code(key: Ints, plan: Ints) -> Ints:
    """Give one number above 0 for a key and the plans that may share its cap, shape (n,)."""
    # Keys lie far below 2**40; the family of plans is put above them.
    return key + (FAMILY[plan] << 40)


def _keys(world: World, dues: Ints, *, is_accelerated: bool) -> tuple[Ints, Bools]:
    """Give what dues are grouped by, and which share a group with others of the same key."""
    table, late = world.dues, world.au.late
    plan = table.product[dues]
    key = table.purchase[dues].astype(np.int64)
    shares = IS_CAPPED[plan]
    if late.cap_scope == "per_plan_total":  # C-30
        is_half = IS_HALF[plan]
        key = np.where(is_half, -2 - table.member[dues].astype(np.int64), key)
    if late.inst_cap_mode == "per_instalment" and not is_accelerated:  # C-48
        shares = shares & (plan != Product.AU_INSTALMENTS)
    return key, shares


def _lookup(key: Ints, plan: Ints, keys: Ints, plans: Ints, numbers: Ints) -> Ints:
    """Give the group of each key and plan, `NO_GROUP` where there is none."""
    found = np.full(key.size, NO_GROUP, dtype=np.int64)
    if not numbers.size:
        return found
    wanted, there = _code(key, plan), _code(keys, plans)
    order = np.argsort(there, kind="stable")
    place, hit = find_in(there[order], wanted)
    found[hit] = numbers[order][place[hit]]
    return found


def advance(world: World, day: int, numbers: Ints, unpaid: Ints, *, posted_on: int) -> None:
    """Add up what groups bore up to a day and post what is new of their damages.

    Parameters
    ----------
    world
        Lender.
    day
        Last day that counts.
    numbers
        Rows of `sim.engine.state.au_credit.LateGroups`, ascending, unique.
    unpaid
        Unpaid dues of their members, at least all that are overdue.
    posted_on
        Day on which it is booked.
    """
    terms, groups = world.au, credit_of(world).groups
    # Most come a second time on a day, with the payment itself: then all is posted.
    numbers = numbers[groups.through[numbers] < day]
    if not numbers.size:
        return
    since = groups.through[numbers]
    # A claim that a plan settles, or that is before the bankruptcy court, bears none (ART-14).
    since[world.arrangements.bears_nothing(groups.member[numbers])] = day
    groups.through[numbers] = day
    yen = np.stack((groups.late_yen[numbers], groups.rest_yen[numbers]))
    weight, days = accrual(terms.daycount, world.calendar, yen, since, np.array(day))
    late = Accrual(groups.late_weight[numbers] + weight[0], groups.late_days[numbers] + days[0])
    rest = Accrual(groups.rest_weight[numbers] + weight[1], groups.rest_days[numbers] + days[1])
    groups.late_weight[numbers], groups.late_days[numbers] = late
    groups.rest_weight[numbers], groups.rest_days[numbers] = rest
    plan, is_accelerated = groups.plan[numbers], groups.is_accelerated[numbers]
    total = damages_of_accruals(terms.late, terms.daycount, plan, is_accelerated, late, rest)
    total[total < terms.late.min_yen] = 0
    new = total - groups.posted_yen[numbers]
    moved = new > 0
    groups.posted_yen[numbers[moved]] = total[moved]
    _post(world, posted_on, numbers[moved], new[moved], unpaid)


def _post(world: World, day: int, numbers: Ints, yen: Ints, unpaid: Ints) -> None:
    """Post damages of groups by clause and put them on the oldest due of each."""
    if not numbers.size:
        return
    table, groups = world.dues, credit_of(world).groups
    rows, plan = groups.member[numbers], groups.plan[numbers]
    on = _oldest_dues(world, numbers, unpaid)
    has = on != NO_DUE
    add_at(table.late_damages_yen, on[has], yen[has])
    add_at(world.members.claimed_damages_yen, rows[~has], yen[~has])
    month = np.where(has, table.month[on], -1)
    kind = KIND_OF_PLAN[plan]
    kind += len(POSTINGS) // 2 * groups.is_accelerated[numbers]
    for number in np.bincount(kind).nonzero()[0].tolist():
        chosen = kind == number
        world.ledger.post(
            POSTINGS[number], day, rows[chosen], yen[chosen], month[chosen], plan[chosen]
        )


def _oldest_dues(world: World, numbers: Ints, unpaid: Ints) -> Ints:
    """Give the oldest overdue due of each of some groups, ascending, `NO_DUE` if it has none."""
    of_due = credit_of(world).legs.group
    dues = unpaid[world.dues.status[unpaid] == OVERDUE]
    place, is_own = find_in(numbers, of_due[dues])
    dues, place = dues[is_own], place[is_own]
    oldest = np.full(numbers.size, NO_DUE)
    oldest[place] = dues
    is_one_of_several = np.bincount(place)[place] > 1
    if is_one_of_several.any():
        dues = in_order(world, dues[is_one_of_several])[::-1]
        oldest[numbers.searchsorted(of_due[dues])] = dues  # of those of a group the last one stays
    return oldest


@implements("AU-49.2")
def restart_groups(world: World, day: int) -> None:
    """Post the damages of all groups up to a day; another rate holds for those after it."""
    groups = credit_of(world).groups
    numbers = np.arange(groups.size)
    unpaid = all_unpaid(world, distinct(groups.member[numbers]))
    advance(world, day, numbers, unpaid, posted_on=day)
    for column in (
        groups.late_weight,
        groups.late_days,
        groups.rest_weight,
        groups.rest_days,
        groups.posted_yen,
    ):
        column[numbers] = 0


def _refresh(world: World, numbers: Ints, unpaid: Ints) -> None:
    """Write the balances of groups, ascending, as the unpaid dues of their members stand now."""
    if not numbers.size:
        return
    credit, table = credit_of(world), world.dues
    groups = credit.groups
    dues = unpaid[table.status[unpaid] != WRITTEN_OFF]
    price, fee = table.price_yen[dues].astype(np.int64), table.fee_yen[dues].astype(np.int64)
    base = damages_base(table.product[dues], price, fee)
    place, is_own = find_in(numbers, credit.legs.group[dues])
    bears = is_own & (table.status[dues] == OVERDUE)
    late = np.zeros(numbers.size, dtype=np.int64)
    np.add.at(late, place[bears], base[bears])
    groups.late_yen[numbers] = late
    groups.rest_yen[numbers] = late
    # The cap grows over the days on which something is late, not on after that is paid (C-48).
    is_bounded = (late > 0) & IS_CAPPED[groups.plan[numbers]] & ~groups.is_accelerated[numbers]
    before = numbers[is_bounded]
    if before.size:
        groups.rest_yen[before] = _rest(world, before, dues, base)


def _rest(world: World, numbers: Ints, dues: Ints, base: Ints) -> Ints:
    """Give all that is unpaid of the uses of groups, late or not, yen, shape (n,)."""
    credit, table = credit_of(world), world.dues
    groups = credit.groups
    # What was accelerated bears its own damages and is no part of the cap any more.
    group = credit.legs.group[dues]
    apart = (group != NO_GROUP) & groups.is_accelerated[np.maximum(group, 0)]
    dues, base = dues[~apart], base[~apart]
    key, _ = _keys(world, dues, is_accelerated=False)
    own = groups.key[numbers]
    wanted = distinct(own)
    place, hit = find_in(wanted, key)
    hit &= IS_CAPPED[table.product[dues]]
    rest = np.zeros(wanted.size, dtype=np.int64)
    np.add.at(rest, place[hit], base[hit])
    return np.asarray(rest[wanted.searchsorted(own)])


@implements("AU-37.2(3)", "AU-37.1(3)")
def accrue_groups(world: World, day: int, dues: Ints) -> None:
    """Post the late damages that dues have borne up to and including a day.

    `dues` have all that is overdue of their members among them.
    """
    credit_of(world).legs.cover(world.dues)
    late = dues[world.dues.status[dues] == OVERDUE]
    advance(world, day, _groups_of(world, late), late, posted_on=day)


def _groups_of(world: World, dues: Ints) -> Ints:
    """Give the groups that dues are in, ascending, unique."""
    numbers = distinct(credit_of(world).legs.group[dues])
    return np.asarray(numbers[numbers != NO_GROUP])


def rebase_groups(world: World, day: int, dues: Ints) -> None:
    """Let groups run on changed balances after a day; dues not late yet change the caps, too."""
    # Who is not in arrears has no group that bears anything.
    dues = dues[world.members.overdue_since[world.dues.member[dues]] >= 0]
    if not dues.size:
        return
    credit_of(world).legs.cover(world.dues)
    unpaid = all_unpaid(world, distinct(world.dues.member[dues]))
    numbers = _groups_of(world, np.concatenate((unpaid, dues)))
    advance(world, day, numbers, unpaid, posted_on=day)
    _refresh(world, numbers, unpaid)


def leave_groups(world: World, day: int, dues: Ints, overdue: Ints) -> None:
    """Let accelerated dues bear no more damages after a day: they fall due later after all.

    `overdue` is all that is overdue of their members.
    """
    credit = credit_of(world)
    credit.legs.cover(world.dues)
    numbers = _groups_of(world, dues)
    advance(world, day, numbers, overdue, posted_on=day)
    credit.legs.group[dues] = NO_GROUP
    _refresh(world, numbers, overdue)
