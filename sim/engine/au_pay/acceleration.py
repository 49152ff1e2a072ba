"""Acceleration at au PAY Atobarai: when debts fall due at once, and the demand before (AU-39).

One missed payment of the kinds of AU-39.1 accelerates those kinds by itself and can be cured; a
demand that expires or comes back, and grounds the lender learns of, accelerate all debts for good.
"""

import numpy as np

from models.arrays import Bools, Ints
from models.clauses import implements
from models.codes import one_of
from models.kernels import allocate_by_account
from models.kernels.groups import distinct
from models.members.repayment import Reason
from models.products.au_pay.accrual import no_accrual
from models.products.au_pay.arrears import (
    GROUND_RULES,
    Ground,
    accelerated_at_once,
    accelerates_at_once,
    automatic_day,
    counts_for_demand,
)
from models.products.au_pay.late import claim_at_acceleration
from models.products.au_pay.measures import MeasureGround
from models.products.au_pay.revolving import payoff
from models.products.catalogue import Lender, Product
from sim.engine.agenda import Task
from sim.engine.au_pay.account_dues import bill_at_once
from sim.engine.au_pay.accounts import fee_month_of, missed_principal
from sim.engine.au_pay.bureau import register_arrears, watch_arrears
from sim.engine.au_pay.cure import NOT_ACCELERATED, cure
from sim.engine.au_pay.kinds import ORDINARY, kinds_of, take_all
from sim.engine.au_pay.late import accelerate_damages, begin_damages, credit_of, rebase_groups
from sim.engine.au_pay.legs import call_in, charge_of
from sim.engine.au_pay.measures import take_measure
from sim.engine.au_pay.revolving import bill_singled_out
from sim.engine.au_pay.tax import give_back_charge, untaxed_fee
from sim.engine.collection.arrears import begin_spells
from sim.engine.dues.settlement import claims_of
from sim.engine.members.membership import stop
from sim.engine.state.portfolio import DueStatus, Stop
from sim.engine.state.unpaid import all_unpaid, unpaid_dues
from sim.engine.state.world import MINUTES_PER_DAY, World
from sim.record.eventlog import Activity
from sim.record.postings import Posting
from sim.rng import Stream

AT_ONCE = 1 << 20  # added to a day to key its draws; keys by month lie below
IS_ACCELERABLE = one_of(DueStatus.OPEN, DueStatus.SCHEDULED, DueStatus.OVERDUE)
"""Whether acceleration reaches dues, by `DueStatus`: not what is stopped, given up or sold."""
ACTIVITY_OF_KIND = (
    Activity.ACCELERATED_ONE_TIME,
    Activity.ACCELERATED_RIGHT,
    Activity.ACCELERATED_BUSINESS,
    Activity.ACCELERATED_EXCLUDED,
)
"""What is logged by kind of the use: AU-39.1 (1) to (4)."""
ACTIVITY_OF_GROUND = {
    Ground.DEMAND_EXPIRED: Activity.ACCELERATED_DEMAND,
    Ground.PAYMENTS_SUSPENDED: Activity.ACCELERATED_SUSPENSION,
    Ground.ATTACHMENT: Activity.ACCELERATED_ATTACHMENT,
    Ground.INSOLVENCY: Activity.ACCELERATED_INSOLVENCY,
    Ground.TITLE_HARMED: Activity.ACCELERATED_TITLE,
    Ground.DEBT_SETTLEMENT: Activity.ACCELERATED_SETTLEMENT,
    Ground.WHEREABOUTS_UNKNOWN: Activity.ACCELERATED_WHEREABOUTS,
    Ground.UNDELIVERABLE: Activity.ACCELERATED_UNDELIVERED,
}
"""What is logged by ground of AU-39.2; the others are demanded (AU-39.3)."""


def kinds_of_dues(world: World, dues: Ints) -> tuple[Ints, Bools]:
    """Give the kind of the uses of dues and which accelerate at once.

    A bill of fees, costs and late damages alone is for no use: to miss it accelerates nothing.
    """
    table, terms, legs = world.dues, world.au, credit_of(world).legs
    legs.cover(table)
    purchase, plan = table.purchase[dues].astype(np.int64), table.product[dues]
    # A payment of a revolving account is not for one use; it was written by kind.
    kind = np.where(purchase >= 0, kinds_of(world, purchase), legs.kind[dues])
    is_of_use = (purchase >= 0) | (plan == Product.AU_REVOLVING)
    return kind, is_of_use & accelerates_at_once(terms.acceleration, plan, kind != ORDINARY)


@implements("AU-39.1(1)", "AU-39.2(1)", "AU-37.2(3)")
def note_missed(world: World, day: int, dues: Ints) -> None:
    """Take note of dues that passed unpaid: damages, acceleration, demand, bureau.

    Parameters
    ----------
    world
        Lender.
    day
        Business day that ends: the due day.
    dues
        Dues that are overdue now and were not before, unique.
    """
    if not dues.size:
        return
    begin_damages(world, day, dues)
    terms, rows = world.au, world.dues.member[dues]
    kind, at_once = kinds_of_dues(world, dues)
    fast = distinct(rows[at_once])
    at = automatic_day(terms.acceleration, np.full(fast.size, day))
    world.agenda.schedule(Task.ACCELERATE, at, fast)
    plan = world.dues.product[dues]
    slow = distinct(rows[counts_for_demand(terms.acceleration, plan, kind != ORDINARY)])
    send = day + terms.demand.send_day
    world.agenda.schedule(Task.DEMAND, send, slow)
    owners = distinct(rows)
    watch_arrears(world, day, owners)
    if terms.sale.enabled:
        world.agenda.schedule(Task.SELL, day + terms.sale.from_day, owners)


@implements("AU-39.1(1)", "AU-39.1(2)", "AU-39.1(3)", "AU-39.1(4)")
def accelerate_missed(world: World, day: int, rows: Ints) -> None:
    """Make the debts of the kinds of AU-39.1 due for members who missed one of them (C-31)."""
    table, terms = world.dues, world.au
    standings = credit_of(world).standings
    dues = unpaid_dues(world, rows)
    kind, at_once = kinds_of_dues(world, dues)
    # What an acceleration has already brought forward was not missed.
    missed = at_once & (table.status[dues] == DueStatus.OVERDUE)
    missed &= automatic_day(terms.acceleration, table.due_day[dues]) <= day
    missed &= own_days(world, dues) == NOT_ACCELERATED
    hit = distinct(table.member[dues[missed]])
    if not hit.size:
        return
    is_billed = table.status[dues] != DueStatus.SCHEDULED
    scope = accelerated_at_once(terms.acceleration, table.member[dues], at_once, missed, is_billed)
    dues, kind = dues[scope], kind[scope]
    if terms.acceleration.auto_scope == "posted_all":
        held, kind_held = bill_singled_out(world, day, hit)
        dues, kind = np.concatenate([dues, held]), np.concatenate([kind, kind_held])
    fresh = hit[standings.ground[hit] == Ground.NONE]
    standings.ground[fresh] = Ground.MISSED_PAYMENT
    standings.ground_day[fresh] = day
    for number, activity in enumerate(ACTIVITY_OF_KIND):
        _log(world, day, dues[kind == number], activity)
    bring_due(world, day, dues)
    ends = day + terms.cure.reinstate_days + 1
    world.agenda.schedule(Task.CURE_ENDS, ends, fresh)
    take_measure(world, day, fresh, MeasureGround.ACCELERATED, may_cure=True)


def own_days(world: World, dues: Ints) -> Ints:
    """Give the due days that dues had before acceleration, -1 where none was accelerated."""
    legs = credit_of(world).legs
    legs.cover(world.dues)
    return np.asarray(legs.own_day[dues])


def _log(world: World, day: int, dues: Ints, activity: Activity, reference: int = -1) -> None:
    """Log the acceleration of dues that it brings forward or finds missed."""
    table = world.dues
    new = dues[own_days(world, dues) == NOT_ACCELERATED]
    if not new.size:
        return
    world.log.add(
        activity,
        day * MINUTES_PER_DAY,
        table.member[new],
        yen=claims_of(world, new).sum(axis=1),
        reference=table.month[new] if reference < 0 else reference,
        product=table.product[new],
    )


@implements("AU-37.1(1)", "AU-37.1(2)", "AU-37.1(3)", "AU-39.1(1)", "AU-39.2(1)")
def bring_due(world: World, day: int, dues: Ints) -> None:
    """Make unpaid dues due on the morning of a day; begin the arrears of who had none.

    What is overdue already keeps its due day; all of it bears the damages of acceleration from the
    next day on (C-16).
    """
    table, legs = world.dues, credit_of(world).legs
    dues = dues[own_days(world, dues) == NOT_ACCELERATED]
    dues = dues[IS_ACCELERABLE[table.status[dues]]]
    if not dues.size:
        return
    legs.own_day[dues] = table.due_day[dues]
    legs.was_scheduled[dues] = table.status[dues] == DueStatus.SCHEDULED
    call_in(world, day, dues)
    brought = dues[table.status[dues] == DueStatus.OPEN]
    table.due_day[brought] = day
    table.status[brought] = DueStatus.OVERDUE
    missed_principal(world, brought)
    accelerate_damages(world, day, dues)
    owners = table.member[brought]
    world.members.accelerated_day[table.member[dues]] = day
    begins = world.members.overdue_since[owners] < 0
    if begins.any():
        fresh, first = np.unique(owners[begins], return_index=True)
        _draw_troubles(world, day, fresh, brought[begins][first])
        begin_spells(world, day, brought[begins])
        watch_arrears(world, day, fresh)


def _draw_troubles(world: World, day: int, rows: Ints, dues: Ints) -> None:
    """Let the trouble that has become known be why members with no other reason do not pay."""
    table = world.dues
    no_reason = dues[table.reason[dues] == Reason.PUNCTUAL]
    table.reason[no_reason] = Reason.HARDSHIP
    table.u[dues] = world.uniforms(Stream.KNOWLEDGE, rows, AT_ONCE + day)[3]


@implements(
    "AU-39.2(1)", "AU-39.2(2)", "AU-39.2(3)", "AU-39.2(4)", "AU-39.2(5)", "AU-39.2(6)",
    "AU-39.2(7)", "AU-39.2(8)", "AU-39.3",
)  # fmt: skip
def accelerate_all(world: World, day: int, rows: Ints, ground: Ground) -> None:
    """Make all debts of members due on the morning of a day, for good (C-55).

    Parameters
    ----------
    world
        Lender.
    day
        Day of the acceleration.
    rows
        Member rows, unique; who is accelerated for good already is left alone.
    ground
        Why.
    """
    standings = credit_of(world).standings
    before = standings.ground[rows]
    rows = rows[(before == Ground.NONE) | (before == Ground.MISSED_PAYMENT)]
    if not rows.size:
        return
    standings.ground[rows] = ground
    standings.ground_day[rows] = day
    standings.demanded_day[rows] = -1
    _bill_accounts(world, day, rows)
    dues = unpaid_dues(world, rows, IS_ACCELERABLE)
    _rebate(world, day, dues)
    activity = ACTIVITY_OF_GROUND.get(ground, Activity.ACCELERATED_ON_DEMAND)
    is_demanded = GROUND_RULES[ground].works == "on_demand"
    _log(world, day, dues, activity, int(ground) if is_demanded else -1)
    bring_due(world, day, dues)
    register_arrears(world, day, distinct(world.dues.member[dues]))
    take_measure(world, day, rows, MeasureGround.ACCELERATED)


@implements("AU-30.1(2)", "AU-39.2(1)")
def _bill_accounts(world: World, day: int, rows: Ints) -> None:
    """Bill whole revolving accounts, with the fee through the day; none runs afterwards (C-19)."""
    table, terms = world.revolving, world.au
    rows = rows[table.principal(rows) > 0]
    if not rows.size:
        return
    month = fee_month_of(world, day)
    accounts, days = table.accounts(rows), np.full(rows.size, day)
    found = payoff(terms.revolving, terms.daycount, world.calendar, accounts, month, days)
    take_all(world, rows)
    # Uses whose payment is stopped stay where they are (AU-34).
    kept = np.minimum(table.stopped_yen[rows], found.principal_yen)
    table.write(
        rows,
        accounts._replace(
            running_yen=kept,
            captured_yen=np.zeros_like(kept),
            pending_yen=np.zeros_like(kept),
            gone=no_accrual(rows.size),
            settled_fee_yen=np.zeros_like(kept),
        ),
    )
    bill_at_once(world, day, rows, found.principal_yen - kept, found.fee_yen, days)


@implements("AU-37.1(1)")
def _rebate(world: World, day: int, dues: Ints) -> None:
    """Give unearned fees of accelerated instalments back, if so read (C-32)."""
    table, uses, terms = world.dues, world.purchases, world.au
    if not terms.acceleration.rebate_unearned:
        return
    dues = dues[(table.product[dues] == Product.AU_INSTALMENTS) & (table.purchase[dues] >= 0)]
    later = dues[table.due_day[dues] >= day]
    if not later.size:
        return
    order = np.lexsort((-table.due_day[later].astype(np.int64), table.purchase[later]))
    later = later[order]
    chosen, account = np.unique(table.purchase[later], return_inverse=True)
    left = np.bincount(account)
    of_leg = untaxed_fee(world, later)
    fee = np.bincount(account, weights=of_leg).astype(np.int64)
    times = uses.times[chosen].astype(np.int64)
    charge = charge_of(world, chosen.astype(np.int64))
    claim = claim_at_acceleration(terms.acceleration, fee, charge, times, times - left)
    cut = np.minimum(fee - claim, fee)
    taken = allocate_by_account(cut, account, of_leg[:, np.newaxis])[0][:, 0]
    some = taken > 0
    give_back_charge(world, day, later[some], taken[some], Posting.FINANCE_CHARGE_RETURNED)
    rebase_groups(world, day, later)


@implements("AU-41.1", "AU-39.1(1)")
def end_cures(world: World, day: int, rows: Ints) -> None:
    """Cancel memberships whose acceleration was not cured in time (C-55)."""
    standings, terms = credit_of(world).standings, world.au.cure
    rows = rows[standings.ground[rows] == Ground.MISSED_PAYMENT]
    ends = standings.ground_day[rows].astype(np.int64) + terms.reinstate_days + 1
    # This was planned for an acceleration cured since, or the terms give more days by now.
    world.agenda.schedule(Task.CURE_ENDS, ends[ends > day], rows[ends > day])
    rows = rows[ends <= day]
    cure(world, day - 1, rows, all_unpaid(world, rows), next_due_day=day)
    rows = rows[standings.ground[rows] == Ground.MISSED_PAYMENT]
    take_measure(world, day, rows, MeasureGround.ACCELERATED)


@implements("AU-39.2(3)", "AU-41.1", "NP-7.1")
def learn_of_attachment(world: World, day: int, rows: Ints) -> None:
    """Let a lender take note of attachments by another creditor.

    Parameters
    ----------
    world
        The lender that learns: all debts fall due at au Financial Service (AU-39.2(3)), use is
        suspended at Net Protections (NP-7.1(5)).
    day
        Morning on which it learns of the petition, the day of the filing itself.
    rows
        Person rows, unique.
    """
    if world.lender == Lender.AU:
        learn_of(world, day, rows, Ground.ATTACHMENT)
    else:
        stop(world, day, rows, Stop.CREDIT, Activity.MEMBER_SUSPENDED)


@implements("AU-39.2(2)", "AU-39.2(4)", "AU-39.2(5)", "AU-39.2(6)", "AU-39.2(7)", "AU-41.1")
def learn_of(
    world: World, day: int, rows: Ints, ground: Ground, *, accelerates: Bools | None = None
) -> None:
    """Take note of a ground about members: a measure follows, and all debts fall due.

    Parameters
    ----------
    world
        World of au Financial Service.
    day
        Morning on which the lender learns of it.
    rows
        Member rows, unique.
    ground
        What it learns.
    accelerates
        Whether the lender demands the acceleration where it has the choice, shape (n,); None: yes.
    """
    calls = np.ones(rows.size, dtype=bool) if accelerates is None else accelerates
    was_member = world.members.joined_day[rows] >= 0
    rows, calls = rows[was_member], calls[was_member]
    if ground == Ground.WHEREABOUTS_UNKNOWN:  # what goes to the registered address does not arrive
        world.members.is_address_stale[rows] = True
    measure = MEASURE_OF_GROUND.get(ground)
    if measure is not None:
        take_measure(world, day, rows, measure)
    accelerate_all(world, day, rows[calls], ground)


MEASURE_OF_GROUND = {
    Ground.PAYMENTS_SUSPENDED: MeasureGround.DETERIORATION,
    Ground.ATTACHMENT: MeasureGround.DETERIORATION,
    Ground.INSOLVENCY: MeasureGround.DETERIORATION,
    Ground.TITLE_HARMED: MeasureGround.BREACH,
    Ground.DEBT_SETTLEMENT: MeasureGround.DETERIORATION,
    Ground.WHEREABOUTS_UNKNOWN: MeasureGround.REPORT_REFUSED,
    Ground.FALSE_STATEMENT: MeasureGround.REPORT_REFUSED,
    Ground.COMPANY_FAILED: MeasureGround.DETERIORATION,
    Ground.DETERIORATION: MeasureGround.DETERIORATION,
    Ground.SERIOUS_BREACH: MeasureGround.BREACH,
}
"""Ground of AU-41.1 that comes with a ground of AU-39.2 or AU-39.3."""
