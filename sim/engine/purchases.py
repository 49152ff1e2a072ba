"""Purchases: asked for, authorised in time order, posted, cancelled or returned, paid out."""

import numpy as np

from models.arrays import Ints
from models.clauses import implements
from models.kernels import merchant_discount
from models.policy.authorisation import Answer, authorise
from sim.engine.agenda import Task
from sim.engine.cases import review_case
from sim.engine.world import END_OF_DAY, MINUTES_PER_DAY, World
from sim.eventlog import Activity
from sim.ledger import Posting
from sim.portfolio import PurchaseStatus, Status, add_at
from sim.rng import repeated

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


def occurrence_of(world: World, purchases: Ints) -> Ints:
    """Give the key of purchases in random streams and records: month and wish."""
    table = world.purchases
    return repeated(table.month[purchases], table.wish[purchases])


@implements("NP-22.1", "NP-24.1")
def ask(world: World, day: int, purchases: Ints) -> None:
    """Answer the uses of a day in time order: each member's first, then each one's second, ..."""
    del day
    table = world.purchases
    status = world.members.status[table.member[purchases]]
    purchases = purchases[status != Status.REJECTED]  # who is refused does not come
    key = occurrence_of(world, purchases)
    left = purchases[np.lexsort((key, table.minute[purchases], table.member[purchases]))]
    while left.size:
        owner = table.member[left]
        is_first = np.concatenate(([True], owner[1:] != owner[:-1]))
        _answer(world, left[is_first])
        left = left[~is_first]


def _answer(world: World, purchases: Ints) -> None:
    """Answer one use of each of several members."""
    table, members, terms = world.purchases, world.members, world.terms
    rows = table.member[purchases]
    price = table.price_yen[purchases]
    limit = members.limit_yen[rows]
    status = members.status[rows]
    answer = authorise(
        world.config.screening.hold,
        price,
        np.floor(limit * terms.per_use_limit_share).astype(np.int64),
        limit,
        members.unsettled_yen[rows],
        (status == Status.ACTIVE) | (status == Status.SUSPENDED),
        status == Status.SUSPENDED,
        members.n_uses[rows],
        table.u_hold[purchases],
    )
    world.log.add(
        ACTIVITY_OF[answer],
        table.minute[purchases],
        rows,
        yen=price,
        reference=occurrence_of(world, purchases),
    )
    table.status[purchases] = PurchaseStatus.DECLINED
    _accept(world, purchases[answer == Answer.AUTHORISED])
    held = purchases[answer == Answer.HELD]
    if held.size:
        _hold(world, held)


def _accept(world: World, purchases: Ints) -> None:
    """Take authorised uses in: their price counts against the limit, posting is planned."""
    table, members, calendar = world.purchases, world.members, world.calendar
    if not purchases.size:
        return
    rows = table.member[purchases]
    add_at(members.unsettled_yen, rows, table.price_yen[purchases])
    add_at(members.n_uses, rows, 1)
    table.status[purchases] = PurchaseStatus.AUTHORISED
    day = table.minute[purchases] // MINUTES_PER_DAY
    month = calendar.month_of[day]
    table.billing_month[purchases] = month
    # The bill of a month holds all its uses: what is not shipped by then is posted at the closing.
    last = calendar.month_first[month + 1] - 1
    world.agenda.schedule(Task.POST, np.minimum(day + world.terms.post_lag_days, last), purchases)
    after = table.cancel_after[purchases]
    cancelled = after >= 0
    if cancelled.any():
        lag = world.terms.cancel_report_lag_days
        world.agenda.schedule(Task.CANCEL, (day + after + lag)[cancelled], purchases[cancelled])


def _hold(world: World, purchases: Ints) -> None:
    """Reserve the price of held uses and send them to the review desk."""
    table, members = world.purchases, world.members
    rows = table.member[purchases]
    price = table.price_yen[purchases]
    members.unsettled_yen[rows] += price
    members.held_yen[rows] += price
    table.status[purchases] = PurchaseStatus.HELD
    day = table.minute[purchases] // MINUTES_PER_DAY
    max_days = world.config.screening.review_desk.max_days
    world.agenda.schedule(Task.HOLD_ENDS, day + max_days, purchases)
    for purchase in purchases.tolist():
        world.env.process(review_case(world, purchase))


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
    answer = table.review[purchases]
    rows = table.member[purchases]
    cost = world.config.screening.review_desk.cost_yen
    reference = occurrence_of(world, purchases)
    world.log.add(
        answer.astype(np.int64),
        minute,
        rows,
        yen=table.price_yen[purchases],
        cost_yen=cost,
        reference=reference,
        resource="review",
    )
    world.ledger.post(Posting.REVIEW_COST, day, rows, np.full(rows.size, cost))
    _end_hold(world, purchases)
    approved = purchases[answer == Activity.REVIEW_APPROVED.number]
    table.minute[approved] = minute
    table.u_hold[approved] = 1.0  # a use is held once
    ask(world, day, approved)


@implements("NP-24.4")
def end_holds(world: World, day: int, purchases: Ints) -> None:
    """Decline what has been held too long without an answer."""
    purchases = purchases[world.purchases.status[purchases] == PurchaseStatus.HELD]
    if not purchases.size:
        return
    table = world.purchases
    world.log.add(
        Activity.HOLD_EXPIRED,
        day * MINUTES_PER_DAY + END_OF_DAY,
        table.member[purchases],
        yen=table.price_yen[purchases],
        reference=occurrence_of(world, purchases),
    )
    _end_hold(world, purchases)
    for purchase in purchases.tolist():
        work = world.held_work.pop(purchase, None)
        if work is not None:
            world.desks_of(int(table.member[purchase])).review.withdraw(work)


def _end_hold(world: World, purchases: Ints) -> None:
    """Give the reserved price back; the use counts as declined unless it is accepted next."""
    table, members = world.purchases, world.members
    rows, price = table.member[purchases], table.price_yen[purchases]
    add_at(members.unsettled_yen, rows, -price)
    add_at(members.held_yen, rows, -price)
    table.status[purchases] = PurchaseStatus.DECLINED


@implements("NP-22.2", "ART-07")
def post(world: World, day: int, purchases: Ints) -> None:
    """Post shipped purchases: the lender acquires the claim and owes the merchant the price."""
    table, members = world.purchases, world.members
    purchases = purchases[table.status[purchases] == PurchaseStatus.AUTHORISED]
    if not purchases.size:
        return
    rows, price = table.member[purchases], table.price_yen[purchases]
    table.status[purchases] = PurchaseStatus.POSTED
    add_at(members.month_uses, rows, 1)
    add_at(members.month_price_yen, rows, price)
    world.ledger.post(Posting.PURCHASE_POSTED, day, rows, price, table.billing_month[purchases])
    world.log.add(
        Activity.PURCHASE_POSTED,
        day * MINUTES_PER_DAY + END_OF_DAY,
        rows,
        yen=price,
        reference=occurrence_of(world, purchases),
    )
    lag = world.config.economics.payout_lag_days
    world.agenda.schedule(Task.PAYOUT, np.full(purchases.size, day + lag), purchases)


@implements("NP-24.5", "NP-28.7", "NP-29.3", "LEN-05")
def cancel(world: World, day: int, purchases: Ints) -> None:
    """Take reported cancellations: off the open bill, or, once billed, owed to the member."""
    status = world.purchases.status[purchases]
    unposted = purchases[status == PurchaseStatus.AUTHORISED]
    posted = purchases[status == PurchaseStatus.POSTED]
    is_open = world.purchases.billing_month[posted] == world.calendar.month_of[day]
    _cancel_before_posting(world, day, unposted)
    _cancel_before_closing(world, day, posted[is_open])
    _return_after_closing(world, day, posted[~is_open])


def _cancel_before_posting(world: World, day: int, purchases: Ints) -> None:
    """Forget uses that never shipped."""
    table = world.purchases
    if not purchases.size:
        return
    rows, price = table.member[purchases], table.price_yen[purchases]
    table.status[purchases] = PurchaseStatus.CANCELLED
    add_at(world.members.unsettled_yen, rows, -price)
    _log(world, Activity.PURCHASE_CANCELLED, day, purchases)


def _cancel_before_closing(world: World, day: int, purchases: Ints) -> None:
    """Take uses off the bill that is not closed yet."""
    table, members = world.purchases, world.members
    if not purchases.size:
        return
    rows, price = table.member[purchases], table.price_yen[purchases]
    table.status[purchases] = PurchaseStatus.CANCELLED
    for column, change in (
        (members.unsettled_yen, -price),
        (members.month_price_yen, -price),
        (members.month_uses, -1),
    ):
        add_at(column, rows, change)
    world.ledger.post(Posting.PURCHASE_CANCELLED, day, rows, price, table.billing_month[purchases])
    _refund_by_merchant(world, day, purchases)
    _log(world, Activity.PURCHASE_CANCELLED, day, purchases)


def _return_after_closing(world: World, day: int, purchases: Ints) -> None:
    """Owe the member the price; the bill stays due as it is (NP-28.7)."""
    table = world.purchases
    if not purchases.size:
        return
    rows, price = table.member[purchases], table.price_yen[purchases]
    table.status[purchases] = PurchaseStatus.RETURNED
    add_at(world.members.credit_yen, rows, price)
    world.ledger.post(Posting.PURCHASE_RETURNED, day, rows, price, table.billing_month[purchases])
    _refund_by_merchant(world, day, purchases)
    _log(world, Activity.PURCHASE_RETURNED, day, purchases)


def _refund_by_merchant(world: World, day: int, purchases: Ints) -> None:
    """Let merchants that were paid give the payout back and get the discount back."""
    table = world.purchases
    paid = purchases[table.is_paid_out[purchases]]
    if not paid.size:
        return
    rows, price = table.member[paid], table.price_yen[paid]
    discount = merchant_discount(price, world.config.economics.merchant_discount)
    world.ledger.post(Posting.MERCHANT_REFUNDED, day, rows, price - discount)
    world.ledger.post(Posting.MERCHANT_DISCOUNT_RETURNED, day, rows, discount)


@implements("LEN-01", "LEN-02", "NP-22.2")
def pay_merchants(world: World, day: int, purchases: Ints) -> None:
    """Pay merchants the price less the discount, unless the purchase is off."""
    table = world.purchases
    purchases = purchases[table.status[purchases] == PurchaseStatus.POSTED]
    if not purchases.size:
        return
    table.is_paid_out[purchases] = True
    rows, price = table.member[purchases], table.price_yen[purchases]
    discount = merchant_discount(price, world.config.economics.merchant_discount)
    world.ledger.post(
        Posting.MERCHANT_PAID, day, rows, price - discount, table.billing_month[purchases]
    )
    world.ledger.post(
        Posting.MERCHANT_DISCOUNT, day, rows, discount, table.billing_month[purchases]
    )


def _log(world: World, activity: Activity, day: int, purchases: Ints) -> None:
    """Log an activity of purchases at the end of a business day."""
    world.log.add(
        activity,
        day * MINUTES_PER_DAY + END_OF_DAY,
        world.purchases.member[purchases],
        yen=world.purchases.price_yen[purchases],
        reference=occurrence_of(world, purchases),
    )
