"""The state: struct of arrays for members, purchases in flight and dues.

A row is a member (replication * members + member), a purchase, or a due. Nothing here decides
anything; the steps of `sim.engine` read and write these columns.
"""

from enum import IntFlag
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from models.codes import Code
from models.products.catalogue import Product
from sim.table import Columns, Table


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

    columns: ClassVar[Columns] = {
        "replication": (np.int32, 0),
        "number": (np.int32, 0),
        "age": (np.int16, 0),
        "monthly_net_yen": (np.int32, 0),
        "carelessness": (np.float64, 0),
        "strain": (np.float64, 0),
        "never_pays": (np.bool_, False),
        "payday": (np.int8, 25),
        "np_uses": (np.int16, 0),
        "np_late": (np.int16, 0),
        "hardship_until": (np.int32, -1),
        "is_jobless": (np.bool_, False),  # the present or last hardship is the loss of a job
        "wage_day": (np.int32, -1),  # last payday on which wages were attached
        "wage_taken_yen": (np.int32, 0),  # by all creditors on that day
        "died_day": (np.int32, -1),
        "phone": (np.int32, -1),  # number of the person whose phone and e-mail were given
        "email": (np.int32, -1),
    }
    replication: NDArray[np.int32]
    number: NDArray[np.int32]
    age: NDArray[np.int16]
    monthly_net_yen: NDArray[np.int32]
    carelessness: NDArray[np.float64]
    strain: NDArray[np.float64]
    never_pays: NDArray[np.bool_]
    payday: NDArray[np.int8]
    np_uses: NDArray[np.int16]
    np_late: NDArray[np.int16]
    hardship_until: NDArray[np.int32]
    is_jobless: NDArray[np.bool_]
    wage_day: NDArray[np.int32]
    wage_taken_yen: NDArray[np.int32]
    died_day: NDArray[np.int32]
    phone: NDArray[np.int32]
    email: NDArray[np.int32]


class Members(Table):
    """One row a person of a replication: what a lender knows and does about that person."""

    columns: ClassVar[Columns] = {
        "status": (np.int8, Status.APPLICANT),
        "stops": (np.int16, 0),  # `Stop` bits
        "uses_per_month": (np.float64, 0),
        "price_scale": (np.int32, 1000),
        # membership
        "application_day": (np.int32, 0),
        "joined_day": (np.int32, -1),
        "is_barred": (np.bool_, False),  # cancelled under NP-7.1: no service at all (NP-7.4)
        "ended_day": (np.int32, -1),
        "misdeeds": (np.int16, 0),  # grounds of NP-7.1 that suspended the member so far
        "tier": (np.int8, 0),  # kind of member by use (NP-2.5)
        "is_address_stale": (np.bool_, False),
        "is_mailbox_dead": (np.bool_, False),
        "leaves_by": (np.int16, -1),  # number of the `Activity` by which the member wants to leave
        "accelerated_day": (np.int32, -1),
        "advance_day": (np.int32, -1),  # when the last merchant is paid (C-36)
        "pay_method": (np.int8, 0),
        "next_method": (np.int8, -1),  # chosen and not in force yet
        "limit_yen": (np.int32, 0),
        "unsettled_yen": (np.int32, 0),
        "held_yen": (np.int32, 0),
        "n_uses": (np.int32, 0),
        "bills": (np.int16, 0),
        "bills_on_time": (np.int16, 0),
        "bills_late": (np.int16, 0),
        "worst_days_past_due": (np.int16, 0),
        # the open month and what waits for the next bill
        "month_uses": (np.int16, 0),
        "month_price_yen": (np.int32, 0),
        "claimed_damages_yen": (np.int32, 0),
        "claimed_admin_yen": (np.int32, 0),
        "claimed_cost_yen": (np.int32, 0),
        "claimed_fee_yen": (np.int32, 0),  # fees fixed before the closing: overrides, app card
        "credit_yen": (np.int32, 0),
        # arrears: one spell at a time, from the first missed bill to the last yen
        "overdue_since": (np.int32, -1),
        "spell_start": (np.int32, -1),
        "spell_reason": (np.int8, 0),
        "spell_u": (np.float64, 0),
        "spell_stay": (np.float64, 1),
        "spell_pays_on": (np.int32, -1),
        "spell_first_due": (np.int64, -1),
        "last_due": (np.int64, -1),
        "last_paid_day": (np.int32, -1),
        "release_day": (np.int32, -1),
        "strategy": (np.int8, 0),  # number of the strategy by which arrears are collected
        "ladder_step": (np.int8, 0),
        "ladder_day": (np.int32, -1),
        "is_placed": (np.bool_, False),
        "is_written_off": (np.bool_, False),
        "promise_day": (np.int32, -1),
        "call_result": (np.int8, 0),
        "call_session": (np.int16, 0),
        "agency_round": (np.int16, 0),
        "contacts": (np.int16, 0),  # of the spell that reached the member
        "contact_week": (np.int16, -1),
        "week_contacts": (np.int8, 0),
        "is_number_wrong": (np.bool_, False),
        "is_wrong_number_known": (np.bool_, False),
        "last_bill_day": (np.int32, -1),
        "last_14_day": (np.int32, -1),
        # conduct and inquiries
        "disputed_until": (np.int32, -1),  # DISPUTED up to this day
        "misused_until": (np.int32, -1),  # last stop on suspicion of use by others
        "has_app_card": (np.bool_, False),
    }
    status: NDArray[np.int8]
    stops: NDArray[np.int16]
    uses_per_month: NDArray[np.float64]
    price_scale: NDArray[np.int32]
    application_day: NDArray[np.int32]
    joined_day: NDArray[np.int32]
    is_barred: NDArray[np.bool_]
    ended_day: NDArray[np.int32]
    misdeeds: NDArray[np.int16]
    tier: NDArray[np.int8]
    is_address_stale: NDArray[np.bool_]
    is_mailbox_dead: NDArray[np.bool_]
    leaves_by: NDArray[np.int16]
    accelerated_day: NDArray[np.int32]
    advance_day: NDArray[np.int32]
    pay_method: NDArray[np.int8]
    next_method: NDArray[np.int8]
    limit_yen: NDArray[np.int32]
    unsettled_yen: NDArray[np.int32]
    held_yen: NDArray[np.int32]
    n_uses: NDArray[np.int32]
    bills: NDArray[np.int16]
    bills_on_time: NDArray[np.int16]
    bills_late: NDArray[np.int16]
    worst_days_past_due: NDArray[np.int16]
    month_uses: NDArray[np.int16]
    month_price_yen: NDArray[np.int32]
    claimed_damages_yen: NDArray[np.int32]
    claimed_admin_yen: NDArray[np.int32]
    claimed_cost_yen: NDArray[np.int32]
    claimed_fee_yen: NDArray[np.int32]
    credit_yen: NDArray[np.int32]
    overdue_since: NDArray[np.int32]
    spell_start: NDArray[np.int32]
    spell_reason: NDArray[np.int8]
    spell_u: NDArray[np.float64]
    spell_stay: NDArray[np.float64]
    spell_pays_on: NDArray[np.int32]
    spell_first_due: NDArray[np.int64]
    last_due: NDArray[np.int64]
    last_paid_day: NDArray[np.int32]
    release_day: NDArray[np.int32]
    strategy: NDArray[np.int8]
    ladder_step: NDArray[np.int8]
    ladder_day: NDArray[np.int32]
    is_placed: NDArray[np.bool_]
    is_written_off: NDArray[np.bool_]
    promise_day: NDArray[np.int32]
    call_result: NDArray[np.int8]
    call_session: NDArray[np.int16]
    agency_round: NDArray[np.int16]
    contacts: NDArray[np.int16]
    contact_week: NDArray[np.int16]
    week_contacts: NDArray[np.int8]
    is_number_wrong: NDArray[np.bool_]
    is_wrong_number_known: NDArray[np.bool_]
    last_bill_day: NDArray[np.int32]
    last_14_day: NDArray[np.int32]
    disputed_until: NDArray[np.int32]
    misused_until: NDArray[np.int32]
    has_app_card: NDArray[np.bool_]


class Purchases(Table):
    """One row a wish to buy; it becomes a purchase when it is authorised."""

    columns: ClassVar[Columns] = {
        "member": (np.int64, 0),
        "product": (np.int8, Product.ATONE),
        "month": (np.int16, 0),  # in which the wish arose; with `product` and `wish` its key
        "wish": (np.int8, 0),
        "billing_month": (np.int16, -1),
        "minute": (np.int32, 0),
        "price_yen": (np.int32, 0),
        "u_hold": (np.float64, 1),
        "cancel_after": (np.int16, -1),
        "status": (np.int8, PurchaseStatus.WISHED),
        "posted_day": (np.int32, -1),
        "is_paid_out": (np.bool_, False),
        "review": (np.int8, -1),
        "user": (np.int8, 0),  # `models.members.misuse.User`: the member, a subscription, a thief
        "merchant": (np.int8, 0),  # class of merchants with terms of its own, 0: none
        "is_by_card": (np.bool_, False),
        "times": (np.int8, 1),  # payments asked for, then those agreed; 0: revolving
        "asked_plan": (np.int8, Product.NONE),  # plan of au PAY Atobarai that is named, if any
        "is_foreign": (np.bool_, False),
        "is_stopped": (np.bool_, False),  # PAYMENT_STOPPED: the member has stopped paying (AU-34)
        "first_leg": (np.int32, -1),  # due that is its first leg, its `times` legs in a row
    }
    member: NDArray[np.int64]
    product: NDArray[np.int8]
    month: NDArray[np.int16]
    wish: NDArray[np.int8]
    billing_month: NDArray[np.int16]
    minute: NDArray[np.int32]
    price_yen: NDArray[np.int32]
    u_hold: NDArray[np.float64]
    cancel_after: NDArray[np.int16]
    status: NDArray[np.int8]
    posted_day: NDArray[np.int32]
    is_paid_out: NDArray[np.bool_]
    review: NDArray[np.int8]
    user: NDArray[np.int8]
    merchant: NDArray[np.int8]
    is_by_card: NDArray[np.bool_]
    times: NDArray[np.int8]
    asked_plan: NDArray[np.int8]
    is_foreign: NDArray[np.bool_]
    is_stopped: NDArray[np.bool_]
    first_leg: NDArray[np.int32]


class Dues(Table):
    """One row a scheduled payment: for atone the bill of a month."""

    columns: ClassVar[Columns] = {
        "member": (np.int64, 0),
        "product": (np.int8, Product.ATONE),
        "purchase": (np.int64, -1),  # whose price it is, where it is that of one purchase
        "month": (np.int16, 0),
        "due_day": (np.int32, 0),
        "method": (np.int8, 0),
        "status": (np.int8, DueStatus.OPEN),
        "reason": (np.int8, 0),
        "u": (np.float64, 1),
        "pays_on": (np.int32, -1),
        "is_paid_twice": (np.bool_, False),
        "previous": (np.int64, -1),
        # what is still unpaid
        "price_yen": (np.int32, 0),
        "fee_yen": (np.int32, 0),
        "damages_yen": (np.int32, 0),  # billed with this due
        "admin_yen": (np.int32, 0),
        "cost_yen": (np.int32, 0),
        # what the service fee was computed from
        "fee_method": (np.int8, 0),
        "n_uses": (np.int16, 0),
        "merchant": (np.int8, 0),  # class of merchants billed apart, 0: the month's bill
        # late damages on this due: since when at the present base, and what is posted of it
        "accrues_from": (np.int32, -1),
        "accrued_yen": (np.int32, 0),
        "late_damages_yen": (np.int32, 0),
    }
    member: NDArray[np.int64]
    product: NDArray[np.int8]
    purchase: NDArray[np.int64]
    month: NDArray[np.int16]
    due_day: NDArray[np.int32]
    method: NDArray[np.int8]
    status: NDArray[np.int8]
    reason: NDArray[np.int8]
    u: NDArray[np.float64]
    pays_on: NDArray[np.int32]
    is_paid_twice: NDArray[np.bool_]
    previous: NDArray[np.int64]
    price_yen: NDArray[np.int32]
    fee_yen: NDArray[np.int32]
    damages_yen: NDArray[np.int32]
    admin_yen: NDArray[np.int32]
    cost_yen: NDArray[np.int32]
    fee_method: NDArray[np.int8]
    n_uses: NDArray[np.int16]
    merchant: NDArray[np.int8]
    accrues_from: NDArray[np.int32]
    accrued_yen: NDArray[np.int32]
    late_damages_yen: NDArray[np.int32]
