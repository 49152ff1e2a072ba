"""Misuse: third parties on a member's account, from the first use to the lender's decision.

A third party's uses are wishes on the member's account, asked for like any other. The member's
notice stops the account; at the end of the stop the lender decides who bears each use. The rule is
that of the lender (`rule_of`); everything else is the same for all.
"""

import numpy as np

from models.arrays import Bools, Floats, Ints
from models.clauses import implements
from models.kernels.groups import distinct
from models.members.misuse import MOST_USES, User, spree, user_of_month
from models.members.spending import HIGHEST_PRICE_YEN, PRICE_LEVELS
from models.policy.relief import ReliefRule, is_relieved, rule_of_loss_terms, rule_of_relief
from models.products.catalogue import Lender
from sim.engine.agenda import Task
from sim.engine.au_pay.admission import reissue_cards
from sim.engine.dues.claims import claim_at_once
from sim.engine.members.conduct import look_again
from sim.engine.members.membership import lift, stop
from sim.engine.members.status import is_member
from sim.engine.state.portfolio import PurchaseStatus, Stop
from sim.engine.state.use_log import log_uses_at_close
from sim.engine.state.world import MINUTES_PER_DAY, World
from sim.engine.uses.exemption import exempt
from sim.engine.uses.purchases import end_holds
from sim.record.eventlog import Activity
from sim.record.postings import Posting
from sim.rng import Stream, repeated


def rule_of(world: World) -> ReliefRule:
    """Give the rule of relief of a lender."""
    if world.lender == Lender.NP:
        return rule_of_relief(world.config.policy.relief)
    return rule_of_loss_terms(world.config.products.au_pay.loss)


@implements("NP-32.1", "NP-33.1", "NP-33.4", "NP-34.1", "NP-54.1", "AU-42.1", "AU-43.1")
def begin_misuse(world: World, day: int, rows: Ints) -> None:
    """Let third parties begin to use accounts in a month."""
    misuse = world.config.behaviour.misuse
    if not any(misuse.per_month()) or world.calendar.day_of_month[day] != 1:
        return
    members, month = world.members, int(world.calendar.month_of[day])
    rows = rows[is_member(world, rows) & (world.persons.died_day[rows] < 0)]
    u = world.uniforms(Stream.MISUSE, rows, month)
    user = user_of_month(misuse, u[0], members.has_app_card[rows])
    hit = np.flatnonzero(user != User.MEMBER)
    if hit.size:
        _plan_spree(world, day, rows[hit], user[hit], u[1:, hit])


def _plan_spree(world: World, day: int, rows: Ints, user: Ints, u: Floats) -> None:
    """Write the wishes of third parties and plan the notice of the members."""
    misuse, month = world.config.behaviour.misuse, int(world.calendar.month_of[day])
    calendar = world.calendar
    length = int(calendar.month_first[month + 1] - calendar.month_first[month])
    found = spree(misuse, user, u, length)
    begins = day + found.first_day
    minute = begins * MINUTES_PER_DAY
    world.log.add(Activity.MISUSE_BEGAN, minute, rows, resource="third party")
    owner = np.repeat(np.arange(rows.size), found.n_uses)
    number = np.arange(owner.size) - np.repeat(np.cumsum(found.n_uses) - found.n_uses, found.n_uses)
    u_use = world.uniforms(Stream.MISUSE_USE, rows[owner], repeated(month, number))
    # The first use is at once: whoever has a stolen device tries it.
    after = np.where(number > 0, u_use[0] * misuse.within_days, u_use[0])
    at = minute[owner] + np.floor(after * MINUTES_PER_DAY).astype(np.int64)
    notice_day = begins + found.notice_after
    ahead = at // MINUTES_PER_DAY <= notice_day[owner]  # after it the credentials are changed
    owner, number, at, u_use = owner[ahead], number[ahead], at[ahead], u_use[:, ahead]
    purchases = world.purchases.append(
        owner.size,
        member=rows[owner],
        product=int(world.contract.product),
        user=user[owner],
        month=month,
        wish=number,
        minute=at,
        price_yen=_prices(world, rows[owner], u_use[1]),
        u_hold=u_use[2],
        is_by_card=user[owner] == User.CARD_THIEF,
    )
    world.contract.name_plans(world, purchases)
    world.agenda.schedule(Task.WISH, at // MINUTES_PER_DAY, purchases)
    counts = np.bincount(owner, minlength=rows.size)
    open_case(world, rows, user, month, notice_day, purchases, counts)


def _prices(world: World, rows: Ints, u: Floats) -> Ints:
    """Give prices of third parties' uses: a multiple of what the member would pay."""
    level = world.derived.prices[(u * PRICE_LEVELS).astype(np.int64)]
    own = level * world.members.price_scale[rows] // 1000
    multiple = round(world.config.behaviour.misuse.price_multiple * 1000)
    return np.asarray(np.clip(own * multiple // 1000, 1, HIGHEST_PRICE_YEN))


def open_case(
    world: World,
    rows: Ints,
    user: Ints,
    month: int,
    notice_day: Ints,
    purchases: Ints,
    counts: Ints,
) -> Ints:
    """Open cases of misuse and plan their notices; give the incidents.

    Parameters
    ----------
    world
        Lender.
    rows
        Member rows, shape (n,).
    user
        `User` of each case, shape (n,).
    month
        Month in which it began: the key of its draws.
    notice_day
        Business day on which the lender is told, shape (n,).
    purchases
        Uses of the third parties, those of a case together.
    counts
        Uses of each case, shape (n,).
    """
    incidents = world.incidents.open(
        purchases,
        counts,
        member=rows,
        key=month,
        user=user,
        notice_day=notice_day,
    )
    world.agenda.schedule(Task.REPORT, notice_day + 1, incidents)
    return incidents


@implements("NP-31.1", "NP-32.3", "NP-33.2", "NP-33.3", "AU-24.8")
def report_misuse(world: World, day: int, incidents: Ints) -> None:
    """Stop the accounts on which misuse was reported the day before, and look into the cases."""
    table, members = world.incidents, world.members
    rows = table.member[incidents]
    world.log.add(Activity.MISUSE_REPORTED, day * MINUTES_PER_DAY, rows)
    purchases, _ = table.purchases_of(incidents)
    end_holds(world, day - 1, purchases)
    days = world.config.policy.relief.stop_days
    owners = distinct(rows)
    if world.lender == Lender.NP:
        look_again(world, day, owners)
    stop(world, day, owners, Stop.FRAUD, Activity.MISUSE_SUSPECTED)
    members.misused_until[owners] = np.maximum(members.misused_until[owners], day + days)
    if world.credit is not None:
        reissue_cards(world, day, owners)
    world.agenda.schedule(Task.STOP_ENDS, members.misused_until[owners], owners)
    world.agenda.schedule(Task.DECIDE, day + days - 1, incidents)


@implements("NP-33.3", "NP-7.4")
def end_misuse_stop(world: World, day: int, rows: Ints) -> None:
    """Lift the stop on suspicion; whoever has another ground stays stopped."""
    rows = rows[world.members.misused_until[rows] == day]
    lift(world, day, rows, Stop.FRAUD, Activity.MISUSE_STOP_ENDED)


@implements("NP-33.1", "NP-34.1", "NP-34.2", "NP-54.1", "NP-54.2", "AU-42.1", "AU-42.2", "AU-43.2")
def decide_misuse(world: World, day: int, incidents: Ints) -> None:
    """Decide for each use by a third party who bears it."""
    table, uses = world.incidents, world.purchases
    incidents = incidents[table.is_open[incidents]]
    table.is_open[incidents] = False
    purchases, position = table.purchases_of(incidents)
    owed = np.isin(uses.status[purchases], (PurchaseStatus.AUTHORISED, PurchaseStatus.POSTED))
    purchases, position = purchases[owed], position[owed]
    if not purchases.size:
        return
    u = world.uniforms(Stream.RELIEF, table.member[incidents], table.key[incidents])[:, position]
    is_free = is_relieved(
        rule_of(world),
        uses.user[purchases],
        uses.minute[purchases] // MINUTES_PER_DAY,
        table.notice_day[incidents][position],
        u,
    )
    freed, owing = purchases[is_free], purchases[~is_free]
    log_uses_at_close(world, Activity.MEMBER_LIABLE, day, owing)
    _claim_damage(world, day, incidents[distinct(position[~is_free])])
    exempt(world, day, freed, _returns(world, freed))


@implements("NP-34.3", "NP-54.3")
def _claim_damage(world: World, day: int, incidents: Ints) -> None:
    """Claim further damage from members who are liable for use of credentials or number."""
    terms = world.config.policy.relief
    if not terms.extra_damage or world.lender != Lender.NP:
        return
    for user, posting in (
        (User.ID_THIEF, Posting.MISUSE_DAMAGE_CLAIMED),
        (User.CARD_THIEF, Posting.CARD_DAMAGE_CLAIMED),
    ):
        rows = world.incidents.member[incidents[world.incidents.user[incidents] == user]]
        claim_at_once(world, day, rows, np.full(rows.size, terms.damage_yen), posting)


@implements("LEN-07")
def _returns(world: World, purchases: Ints) -> Bools:
    """Tell which released uses the merchant takes back, shape (n,)."""
    share = world.config.policy.relief.charge_back_share
    if not share:
        return np.zeros(purchases.size, dtype=bool)
    table = world.purchases
    key = repeated(table.month[purchases], table.wish[purchases] % MOST_USES)
    return np.asarray(world.uniforms(Stream.MISUSE_USE, table.member[purchases], key)[3] < share)
