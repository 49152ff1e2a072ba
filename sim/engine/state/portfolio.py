"""The state: struct of arrays for members, purchases in flight and dues.

A row is a member (replication * members + member), a purchase, or a due. Nothing here decides
anything; the steps of `sim.engine` read and write these columns.
"""

from enum import IntFlag

import numpy as np

from models.codes import Code
from models.products.catalogue import Product
from sim.table import Table, column


class Status(Code):
    """State of a person towards the lender (rulebook 0.5)."""

    APPLICANT = 0
    REJECTED = 1
    ACTIVE = 2
    SUSPENDED = 3
    CANCELLED = 4
    WITHDRAWN = 5
    DECEASED = 6


class Stop(IntFlag):
    """Grounds on which the use of a member is stopped; several at once are possible."""

    ARREARS = 1
    IDENTITY = 2  # unfinished identity checks
    MISUSE = 4  # cash-out use or another breach
    FRAUD = 8  # suspected use by a third party
    DOUBT = 16  # doubts of a merchant or partner, suspicion of antisocial ties
    CREDIT = 32  # attachment, insolvency, marked deterioration, settlement
    SUSPICION = 64  # suspected antisocial ties


class PurchaseStatus(Code):
    """State of a purchase."""

    WISHED = 0
    HELD = 1
    DECLINED = 2
    AUTHORISED = 3
    POSTED = 4
    CANCELLED = 5
    RETURNED = 6
    EXEMPTED = 7  # a third party's use that the member need not pay


class DueStatus(Code):
    """State of a due."""

    OPEN = 0
    OVERDUE = 1
    PAID = 2
    WRITTEN_OFF = 3
    SCHEDULED = 4  # written, on no statement yet
    STOPPED = 5  # its payment is stopped by the member's defence against the merchant
    GONE = 6  # sold, discharged, prescribed or lost before the court: no claim any more


class CallResult(Code):
    """How a session of the call desk ended."""

    NO_CONTACT = 0
    REACHED = 1
    PROMISED = 2
    CALLBACK = 3
    WRONG_NUMBER = 4


class Persons(Table):
    """One row a person of a replication: traits and troubles, whoever lends to them."""

    replication = column(np.int32)
    number = column(np.int32)
    age = column(np.int16)
    monthly_net_yen = column(np.int32)
    carelessness = column(np.float64)
    strain = column(np.float64)
    never_pays = column(np.bool_)
    payday = column(np.int8, 25)
    np_uses = column(np.int16)
    np_late = column(np.int16)
    hardship_until = column(np.int32, -1)
    is_jobless = column(np.bool_)  # the present or last hardship is the loss of a job
    wage_day = column(np.int32, -1)  # last payday on which wages were attached
    wage_taken_yen = column(np.int32)  # by all creditors on that day
    died_day = column(np.int32, -1)
    phone = column(np.int32, -1)  # number of the person whose phone and e-mail were given
    email = column(np.int32, -1)


class Members(Table):
    """One row a person of a replication: what a lender knows and does about that person."""

    status = column(np.int8, Status.APPLICANT)
    stops = column(np.int16)  # `Stop` bits
    uses_per_month = column(np.float64)
    price_scale = column(np.int32, 1000)
    # membership
    application_day = column(np.int32)
    joined_day = column(np.int32, -1)
    is_barred = column(np.bool_)  # cancelled under NP-7.1: no service at all (NP-7.4)
    ended_day = column(np.int32, -1)
    misdeeds = column(np.int16)  # grounds of NP-7.1 so far that cancel on a repeat
    tier = column(np.int8)  # kind of member by use (NP-2.5)
    is_address_stale = column(np.bool_)
    is_mailbox_dead = column(np.bool_)
    leaves_by = column(np.int16, -1)  # number of the `Activity` by which the member wants to leave
    accelerated_day = column(np.int32, -1)
    advance_day = column(np.int32, -1)  # when the last merchant is paid (C-36)
    pay_method = column(np.int8)
    next_method = column(np.int8, -1)  # chosen and not in force yet
    limit_yen = column(np.int32)
    unsettled_yen = column(np.int32)
    held_yen = column(np.int32)
    n_uses = column(np.int32)
    bills = column(np.int16)
    bills_on_time = column(np.int16)
    bills_late = column(np.int16)
    worst_days_past_due = column(np.int16)
    # the open month and what waits for the next bill
    month_uses = column(np.int16)
    month_price_yen = column(np.int32)
    claimed_damages_yen = column(np.int32)
    claimed_admin_yen = column(np.int32)
    claimed_cost_yen = column(np.int32)
    claimed_fee_yen = column(np.int32)  # fees fixed before the closing: overrides, app card
    credit_yen = column(np.int32)
    # arrears: one spell at a time, from the first missed bill to the last yen
    overdue_since = column(np.int32, -1)
    spell_start = column(np.int32, -1)
    spell_reason = column(np.int8)
    spell_u = column(np.float64)
    spell_stay = column(np.float64, 1)
    spell_pays_on = column(np.int32, -1)
    spell_first_due = column(np.int64, -1)
    last_due = column(np.int64, -1)
    last_paid_day = column(np.int32, -1)
    release_day = column(np.int32, -1)
    strategy = column(np.int8)  # number of the strategy by which arrears are collected
    ladder_step = column(np.int8)
    ladder_day = column(np.int32, -1)
    is_placed = column(np.bool_)
    is_written_off = column(np.bool_)
    promise_day = column(np.int32, -1)
    call_result = column(np.int8)
    call_session = column(np.int16)
    agency_round = column(np.int16)
    contacts = column(np.int16)  # of the spell that reached the member
    contact_week = column(np.int16, -1)
    week_contacts = column(np.int8)
    is_number_wrong = column(np.bool_)
    is_wrong_number_known = column(np.bool_)
    last_bill_day = column(np.int32, -1)
    last_14_day = column(np.int32, -1)
    # conduct and inquiries
    disputed_until = column(np.int32, -1)  # DISPUTED up to this day
    misused_until = column(np.int32, -1)  # last stop on suspicion of use by others
    suspended_until = column(np.int32, -1)  # last suspension for conduct
    doubted_until = column(np.int32, -1)  # last doubts of merchants
    has_app_card = column(np.bool_)


class Purchases(Table):
    """One row a wish to buy; it becomes a purchase when it is authorised."""

    member = column(np.int64)
    product = column(np.int8, Product.ATONE)
    month = column(np.int16)  # in which the wish arose; with `product` and `wish` its key
    wish = column(np.int8)
    billing_month = column(np.int16, -1)
    minute = column(np.int32)
    price_yen = column(np.int32)
    u_hold = column(np.float64, 1)
    cancel_after = column(np.int16, -1)
    status = column(np.int8, PurchaseStatus.WISHED)
    posted_day = column(np.int32, -1)
    is_paid_out = column(np.bool_)
    review = column(np.int8, -1)
    user = column(np.int8)  # `models.members.misuse.User`: the member, a subscription, a thief
    merchant = column(np.int8)  # class of merchants with terms of its own, 0: none
    is_by_card = column(np.bool_)
    times = column(np.int8, 1)  # payments asked for, then those agreed; 0: revolving
    asked_plan = column(np.int8, Product.NONE)  # plan of au PAY Atobarai that is named, if any
    is_foreign = column(np.bool_)
    is_stopped = column(np.bool_)  # PAYMENT_STOPPED: the member has stopped paying (AU-34)
    first_leg = column(np.int32, -1)  # due that is its first leg, its `times` legs in a row


class Dues(Table):
    """One row a scheduled payment: for atone the bill of a month."""

    member = column(np.int64)
    product = column(np.int8, Product.ATONE)
    purchase = column(np.int64, -1)  # whose price it is, where it is that of one purchase
    month = column(np.int16)
    due_day = column(np.int32)
    method = column(np.int8)
    status = column(np.int8, DueStatus.OPEN)
    reason = column(np.int8)
    u = column(np.float64, 1)
    pays_on = column(np.int32, -1)
    advance_day = column(np.int32, -1)  # before which no payment of it counts (C-36)
    is_paid_twice = column(np.bool_)
    previous = column(np.int64, -1)
    # what is still unpaid
    price_yen = column(np.int32)
    fee_yen = column(np.int32)
    damages_yen = column(np.int32)  # billed with this due
    admin_yen = column(np.int32)
    cost_yen = column(np.int32)
    # what the service fee was computed from
    fee_method = column(np.int8)
    n_uses = column(np.int16)
    merchant = column(np.int8)  # class billed apart, 0: the month's bill, -1: no such bill
    # late damages on this due: since when at the present base, and what is posted of it
    accrues_from = column(np.int32, -1)
    accrued_yen = column(np.int32)
    late_damages_yen = column(np.int32)
