"""Purchases: asked for, authorised in time order, posted, cancelled or returned."""

import numpy as np

from models.arrays import Floats, Ints
from models.clauses import implements
from models.codes import one_of
from models.kernels import merchant_discount
from models.kernels.groups import first_of_runs
from models.policy.authorisation import Answer, authorise
from models.products.catalogue import Lender, Product
from sim.engine.agenda import Task
from sim.engine.cases.course import open_review_cases, withdraw_review
from sim.engine.points.awards import note_purchases, refund, reverse
from sim.engine.state.exposure import (
    change_unposted,
    change_unsettled,
    in_time_order,
    is_order,
)
from sim.engine.state.portfolio import PurchaseStatus, Status
from sim.engine.state.unbilled import close_plans, drop_unbilled, waits_for_bill
from sim.engine.state.use_log import log_uses, log_uses_at_close, reference_of
from sim.engine.state.world import END_OF_DAY, MINUTES_PER_DAY, World
from sim.engine.uses.standing import prescreened, standing_of
from sim.engine.uses.withholding import end_withholding
from sim.record.eventlog import Activity
from sim.record.postings import Posting
from sim.table import add_at

ACTIVITY_OF = np.array(
    [
        activity.number
        for _, activity in sorted(
            {
                Answer.AUTHORISED: Activity.PURCHASE_AUTHORISED,
                Answer.HELD: Activity.PURCHASE_HELD,
                Answer.NOT_ACTIVE: Activity.DECLINED_NOT_ACTIVE,
                Answer.OVERDUE: Activity.DECLINED_OVERDUE,
                Answer.OVER_PER_USE_LIMIT: Activity.DECLINED_PER_USE_LIMIT,
                Answer.OVER_CUMULATIVE_LIMIT: Activity.DECLINED_CUMULATIVE_LIMIT,
                Answer.LIMIT_ZERO: Activity.DECLINED_LIMIT_ZERO,
            }.items()
        )
    ]
)
"""Activity number by `Answer`."""


STATUS_AFTER = np.full(len(Answer), PurchaseStatus.DECLINED, dtype=np.int8)
"""Status of a use by its `Answer`."""
STATUS_AFTER[Answer.AUTHORISED] = PurchaseStatus.AUTHORISED
STATUS_AFTER[Answer.HELD] = PurchaseStatus.HELD
MAY_ASK = ~one_of(Status.REJECTED, Status.WITHDRAWN, Status.DECEASED)
"""Whether a person may try to use a membership, by `Status`."""


COUNTS = STATUS_AFTER != PurchaseStatus.DECLINED
"""Whether a use counts against the limits, by its `Answer`."""


@implements("NP-22.1", "NP-24.1")
def ask(world: World, day: int, purchases: Ints) -> None:
    """Answer the uses of a day; who asks several times is answered in time order."""
    table = world.purchases
    come = _while_open(world, day, _of_who_comes(world, purchases))
    uses = in_time_order(table, prescreened(world, come))
    if not uses.size:
        return
    answer, before = _answer_in_turns(world, uses)
    log_uses(world, ACTIVITY_OF[answer], table.minute[uses], uses)
    table.status[uses] = STATUS_AFTER[answer]
    passed = (answer == int(Answer.AUTHORISED)).nonzero()[0]
    _let_pass(world, day, uses[passed], before[passed])
    _have_reviewed(world, day, uses[answer == int(Answer.HELD)])


def _answer_in_turns(world: World, uses: Ints) -> tuple[Ints, Ints]:
    """Answer the uses of a day in time order: each member's first, then each one's second, ...

    Gives the `Answer` to each use and what was unsettled of its member before, shape (n,) each.
    """
    owner, u = world.purchases.member[uses], world.contract.tests(world, uses)
    answer, before = np.empty(uses.size, dtype=np.int8), np.empty(uses.size, dtype=np.int64)
    is_first = first_of_runs(owner)
    asks_again = np.append(~is_first[1:], False)
    turn = is_first.nonzero()[0]
    while turn.size:
        asked = uses[turn]
        before[turn] = world.members.unsettled_yen[owner[turn]]
        given = world.contract.answer(world, asked, u[:, turn])
        answer[turn] = given
        # What passes or is held counts before the member's next use is answered.
        _count(world, asked, given)
        turn = turn[asks_again[turn]] + 1
    return answer, before


def _of_who_comes(world: World, purchases: Ints) -> Ints:
    """Give the uses of who is not refused, has not left or died; whoever lives may order."""
    table = world.purchases
    status = world.members.status[table.member[purchases]]
    comes = MAY_ASK[status]
    stay_away = (~comes).nonzero()[0]
    if not stay_away.size:
        return purchases
    if world.sells_orders:
        lives = status[stay_away] != int(Status.DECEASED)
        comes[stay_away] = lives & is_order(world, table.product[purchases[stay_away]])
    return np.asarray(purchases[comes])


@implements("NP-10.1")
def _while_open(world: World, day: int, purchases: Ints) -> Ints:
    """Give the uses that are asked for while the service runs; turn the others away."""
    if world.lender != Lender.NP or day not in world.derived.outages or not purchases.size:
        return purchases
    table = world.purchases
    table.status[purchases] = PurchaseStatus.DECLINED
    log_uses(world, Activity.SERVICE_INTERRUPTED, table.minute[purchases], purchases)
    return purchases[:0]


def answer_by_standing(world: World, purchases: Ints, u: Floats) -> Ints:
    """Give the answers of Net Protections, `Answer`, shape (n,); nothing more is drawn for them."""
    del u
    table = world.purchases
    rows, price = table.member[purchases], table.price_yen[purchases]
    standing = standing_of(world, rows, table.product[purchases])
    return authorise(world.config.screening.hold, price, *standing, table.u_hold[purchases])


def take_in(world: World, day: int, purchases: Ints) -> None:
    """Take in uses of a day that nobody is asked about, one of each of several members."""
    before = world.members.unsettled_yen[world.purchases.member[purchases]].astype(np.int64)
    world.purchases.status[purchases] = PurchaseStatus.AUTHORISED
    _count(world, purchases, np.full(purchases.size, Answer.AUTHORISED))
    _let_pass(world, day, purchases, before)


def _count(world: World, purchases: Ints, answer: Ints) -> None:
    """Count one use of each of several members against the limits, if it passes or is held."""
    table = world.purchases
    counts = COUNTS[answer].nonzero()[0]
    if not counts.size:
        return
    purchases, passes = purchases[counts], answer[counts] == int(Answer.AUTHORISED)
    rows, product = table.member[purchases], table.product[purchases]
    change_unsettled(world, rows, product, table.price_yen[purchases])
    if not world.sells_orders:
        world.members.n_uses[rows] += passes
        return
    orders = is_order(world, product)
    world.members.n_uses[rows] += passes & ~orders
    world.orderers.n_orders[rows] += passes & orders


def _let_pass(world: World, day: int, purchases: Ints, unsettled_yen: Ints) -> None:
    """Give authorised uses of a day their plans; plan the posting, and that some are cancelled.

    What was unsettled of their members before each of them has the shape (n,).
    """
    table, calendar = world.purchases, world.calendar
    if not purchases.size:
        return
    world.contract.choose(world, purchases, unsettled_yen)
    change_unposted(world, purchases, 1)
    table.billing_month[purchases] = calendar.month_of[day]
    world.agenda.schedule(Task.POST, world.contract.plan_posting(world, day, purchases), purchases)
    after = table.cancel_after[purchases]
    cancelled = (after >= 0).nonzero()[0]
    days = day + after[cancelled] + world.terms.cancel_report_lag_days
    world.agenda.schedule(Task.CANCEL, days, purchases[cancelled])


def plan_shipping(world: World, day: int, purchases: Ints) -> Ints | int:
    """Give when uses authorised on a day are shipped and posted at NP, by use or one for all."""
    # The bill of a month holds all its uses: what is not shipped by then is posted at the closing.
    last = int(world.calendar.month_first[world.calendar.month_of[day] + 1]) - 1
    posted_on = min(day + world.terms.post_lag_days, last)
    if not world.sells_orders:
        return posted_on
    lag = world.config.products.np_atobarai.post_lag_days
    return np.where(is_order(world, world.purchases.product[purchases]), day + lag, posted_on)


def _have_reviewed(world: World, day: int, purchases: Ints) -> None:
    """Send held uses to the review desk; their price is reserved."""
    table = world.purchases
    if not purchases.size:
        return
    add_at(world.members.held_yen, table.member[purchases], table.price_yen[purchases])
    max_days = world.config.screening.review_desk.max_days
    world.agenda.schedule(Task.HOLD_ENDS, day + max_days, purchases)
    open_review_cases(world, purchases)


@implements("NP-24.4", "NP-24.2")
def take_reviews(world: World, day: int, purchases: Ints) -> None:
    """Post the reviewers' answers of a day.

    An approval in time is a use of this day, judged once more by the status and limits of now.
    """
    purchases = purchases[world.purchases.status[purchases] == PurchaseStatus.HELD]
    if not purchases.size:
        return
    table = world.purchases
    minute = day * MINUTES_PER_DAY + END_OF_DAY
    answer, rows = table.review[purchases], table.member[purchases]
    cost = world.config.screening.review_desk.cost_yen
    product = table.product[purchases]
    world.log.add(
        answer.astype(np.int64),
        minute,
        rows,
        yen=table.price_yen[purchases],
        cost_yen=cost,
        reference=reference_of(world, purchases),
        product=product,
        resource="review",
    )
    world.ledger.post(Posting.REVIEW_COST, day, rows, np.full(rows.size, cost), -1, product)
    _end_hold(world, purchases)
    approved = purchases[answer == Activity.REVIEW_APPROVED.number]
    table.minute[approved] = minute
    table.u_hold[approved] = 1.0  # a use is held once
    if approved.size:
        ask(world, day, approved)


@implements("NP-24.4")
def end_holds(world: World, day: int, purchases: Ints) -> None:
    """Decline what has been held too long without an answer."""
    purchases = purchases[world.purchases.status[purchases] == PurchaseStatus.HELD]
    if not purchases.size:
        return
    log_uses_at_close(world, Activity.HOLD_EXPIRED, day, purchases)
    _end_hold(world, purchases)
    for purchase in purchases.tolist():
        withdraw_review(world, purchase)


def _end_hold(world: World, purchases: Ints) -> None:
    """Give the reserved price back; the use counts as declined unless it is accepted next."""
    table, members = world.purchases, world.members
    rows, price = table.member[purchases], table.price_yen[purchases]
    change_unsettled(world, rows, table.product[purchases], -price)
    add_at(members.held_yen, rows, -price)
    table.status[purchases] = PurchaseStatus.DECLINED


@implements("NP-22.2", "AU-25.1", "AU-25.2", "ART-07")
def post(world: World, day: int, purchases: Ints) -> None:
    """Post shipped purchases: the lender acquires the claim and owes the merchant the price."""
    table, members = world.purchases, world.members
    purchases = purchases[table.status[purchases] == int(PurchaseStatus.AUTHORISED)]
    if not purchases.size:
        return
    rows, price = table.member[purchases], table.price_yen[purchases]
    product = table.product[purchases]
    table.status[purchases] = PurchaseStatus.POSTED
    table.posted_day[purchases] = day
    change_unposted(world, purchases, -1)
    world.contract.wait_for_bill(world, day, purchases)
    note_purchases(world, day, purchases)
    month = table.billing_month[purchases]  # at au PAY it is known only now
    world.ledger.post(Posting.PURCHASE_POSTED, day, rows, price, month, product)
    log_uses_at_close(world, Activity.PURCHASE_POSTED, day, purchases)
    payout = day + world.config.economics.payout_lag_days
    world.agenda.schedule(Task.PAYOUT, payout, purchases)
    members.advance_day[rows] = payout
    special = purchases[(table.merchant[purchases] > 0).nonzero()[0]]
    if special.size:
        special = special[table.product[special] == Product.ATONE]
        ends = world.calendar.month_first[table.billing_month[special] + 1] - 1
        world.agenda.schedule(Task.BILL_APART, ends, special)


@implements("NP-24.5", "NP-24.6", "NP-28.7", "NP-29.3", "LEN-05")
def cancel(world: World, day: int, purchases: Ints) -> None:
    """Take reported cancellations: off the open bill, or, once billed, owed to the member."""
    status = world.purchases.status[purchases]
    unposted = purchases[status == int(PurchaseStatus.AUTHORISED)]
    _cancel_before_posting(world, day, unposted)
    world.contract.cancel_posted(world, day, purchases[status == int(PurchaseStatus.POSTED)])


def cancel_uses(world: World, day: int, purchases: Ints) -> None:
    """Take cancellations of uses that Net Protections has posted."""
    end_withholding(world, day, purchases)
    is_open = waits_for_bill(world, day, purchases)
    _cancel_before_closing(world, day, purchases[is_open])
    _return_after_closing(world, day, purchases[~is_open])
    refund_by_merchant(world, day, purchases)


def _cancel_before_posting(world: World, day: int, purchases: Ints) -> None:
    """Forget uses that never shipped."""
    table = world.purchases
    if not purchases.size:
        return
    rows, price = table.member[purchases], table.price_yen[purchases]
    table.status[purchases] = PurchaseStatus.CANCELLED
    product = table.product[purchases]
    change_unsettled(world, rows, product, -price)
    change_unposted(world, purchases, -1)
    if world.atone.fees.charge_on_cancelled:  # C-45
        add_at(world.members.month_uses, rows[product == Product.ATONE], 1)
    log_uses_at_close(world, Activity.PURCHASE_CANCELLED, day, purchases)


def _cancel_before_closing(world: World, day: int, purchases: Ints) -> None:
    """Take uses off the bill that is not closed yet."""
    table = world.purchases
    if not purchases.size:
        return
    rows, price = table.member[purchases], table.price_yen[purchases]
    month, product = table.billing_month[purchases], table.product[purchases]
    table.status[purchases] = PurchaseStatus.CANCELLED
    change_unsettled(world, rows, product, -price)
    drop_unbilled(world, purchases)
    world.ledger.post(Posting.PURCHASE_CANCELLED, day, rows, price, month, product)
    log_uses_at_close(world, Activity.PURCHASE_CANCELLED, day, purchases)


def _return_after_closing(world: World, day: int, purchases: Ints) -> None:
    """Owe the member the price; the bill stays due as it is (NP-28.7)."""
    table = world.purchases
    if not purchases.size:
        return
    rows, product = table.member[purchases], table.product[purchases]
    month, left = table.billing_month[purchases], _end_plans(world, day, purchases)
    table.status[purchases] = PurchaseStatus.RETURNED
    reverse(world, day, purchases)
    price = refund(world, day, purchases, table.price_yen[purchases] - left)
    add_at(world.members.credit_yen, rows, price)
    world.ledger.post(Posting.PURCHASE_RETURNED, day, rows, price, month, product)
    log_uses_at_close(world, Activity.PURCHASE_RETURNED, day, purchases)


def _end_plans(world: World, day: int, purchases: Ints) -> Ints:
    """Give what instalments that are not billed yet will never ask for, yen, shape (n,)."""
    table, left = world.purchases, close_plans(world, purchases)
    ended = left.nonzero()[0]
    if ended.size:
        over, yen = purchases[ended], left[ended]
        rows, product = table.member[over], table.product[over]
        month = table.billing_month[over]
        change_unsettled(world, rows, product, -yen)
        world.ledger.post(Posting.PURCHASE_CANCELLED, day, rows, yen, month, product)
        minute = day * MINUTES_PER_DAY + END_OF_DAY
        world.log.add(Activity.INSTALMENTS_ENDED, minute, rows, yen=yen, product=product)
    return left


def refund_by_merchant(world: World, day: int, purchases: Ints) -> None:
    """Let merchants that were paid give the payout back and get the discount back."""
    table = world.purchases
    paid = purchases[table.is_paid_out[purchases]]
    if not paid.size:
        return
    rows, price, product = table.member[paid], table.price_yen[paid], table.product[paid]
    discount = merchant_discount(price, world.config.economics.merchant_discount)
    world.ledger.post(Posting.MERCHANT_REFUNDED, day, rows, price - discount, -1, product)
    world.ledger.post(Posting.MERCHANT_DISCOUNT_RETURNED, day, rows, discount, -1, product)
