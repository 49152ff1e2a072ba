"""The event log: what happened to whom, when, by which clause, in process-mining columns.

Counts and yen by month are kept for every activity; single events only for recorded members.
Nothing that is recorded draws randomness or changes a state.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, unique
from typing import Self

import numpy as np

from models.arrays import Bools
from sim.record.accounts import clauses_by_lender


@unique
class Activity(Enum):
    """Activities of a member's life: the clause behind each, its meaning, the clause at AU.

    As with `sim.record.ledger.Posting`: without a clause of its own an activity happens at au
    Financial Service by the same composed clause, or not at all.
    """

    APPLICATION_APPROVED = ("NP-2.3", "admitted as a member", "AU-2.2")
    APPLICATION_REJECTED = ("NP-2.2", "application refused", "AU-2.1")
    LIMIT_SET = ("NP-23.1", "first limits", "AU-22.1")
    LIMIT_RAISED = ("NP-31.1", "re-review raised the limits", "AU-22.3")
    LIMIT_CUT = ("NP-31.1", "re-review cut the limits", "AU-22.3")
    LIMIT_ZEROED = ("NP-23.2", "re-review cut the limits to 0", "AU-22.3")
    PURCHASE_AUTHORISED = ("NP-24.2", "use authorised", "AU-24.6")
    PURCHASE_HELD = ("NP-24.4", "use held for review", "AU-24.8")
    DECLINED_NOT_ACTIVE = ("NP-24.3", "declined: no active member", "AU-24.6")
    DECLINED_OVERDUE = ("NP-7.1(3)", "declined: a bill is overdue", "AU-24.11")
    DECLINED_PER_USE_LIMIT = ("NP-23.3", "declined: above the per-transaction limit", "AU-27.1")
    DECLINED_CUMULATIVE_LIMIT = ("NP-23.3", "declined: above the cumulative limit", "AU-27.1")
    DECLINED_LIMIT_ZERO = ("NP-23.2", "declined: limits are 0", "AU-22.1")
    REVIEW_APPROVED = ("NP-24.2", "reviewer approved in time", "AU-24.8")
    REVIEW_REFUSED = ("NP-24.3", "reviewer refused", "AU-24.8")
    REVIEW_TOO_LATE = ("NP-24.4", "answer came after the member gave up", "AU-24.8")
    HOLD_EXPIRED = ("NP-24.4", "hold ended without an answer", "AU-24.8")
    PURCHASE_POSTED = ("ART-07", "goods shipped, purchase posted", "AU-29.1")
    PURCHASE_CANCELLED = ("NP-24.5", "cancelled before the closing", "AU-26.2")
    PURCHASE_RETURNED = ("NP-29.3", "cancelled after the closing", "AU-26.2")
    METHOD_CHOSEN = ("NP-28.2", "another pay method chosen")
    BILL_CLOSED = ("NP-28.1", "month closed, bill made")
    HIGH_BILL = ("NP-28.9", "bill above the limit, transfer designated")
    STATEMENT_SHOWN = ("NP-28.5", "statement shown", "AU-36.1")
    REMINDER_SENT = ("NP-28.5", "reminder before the due date")
    BILL_NETTED = ("NP-28.10", "set off against a credit", "AU-38.6")
    REFUND_PAID = ("NP-28.10", "refund transferred", "AU-35.2")
    BILL_PAID = ("NP-28.4", "bill paid on time", "AU-35.1")
    BILL_PAID_LATE = ("NP-28.4", "overdue bill paid", "AU-35.1")
    OVERPAID = ("NP-29.2", "bill paid twice", "AU-35.2")
    DEBIT_FAILED = ("NP-28.9", "direct debit failed, terminal designated", "AU-35.3")
    PAYMENT_MISSED = ("NP-7.1(3)", "due date passed unpaid", "AU-41.1(3)")
    HARDSHIP_BEGAN = ("ART-01", "hardship began")
    USE_STOPPED = ("COLL-01", "use stopped")
    USE_RELEASED = ("COLL-14", "use released")
    LATE_ADMIN_FEE_CHARGED = ("NP-30.3", "late administration fee")
    CONTACT_SENT = ("COLL-02", "message or letter sent")
    CALL_NO_CONTACT = ("COLL-02", "call session without the right party")
    CALL_REACHED = ("COLL-02", "right party reached, no promise")
    PROMISE_MADE = ("COLL-02", "promise to pay")
    PROMISE_BROKEN = ("COLL-02", "promise broken")
    HANDED_OVER = ("COLL-04", "handed over to the law firm")
    KEPT_IN_HOUSE = ("COLL-04", "not handed over")
    AGENCY_ROUND = ("COLL-04", "law firm worked the case")
    AGENCY_COLLECTED = ("COLL-04", "law firm collected")
    WRITTEN_OFF = ("COLL-11", "claim written off")
    RECOVERED = ("COLL-12", "recovery after write-off")
    MISUSE_BEGAN = ("NP-33.1", "a third party began to use the account", "AU-42.1")
    MISUSE_REPORTED = ("NP-33.1", "use by a third party reported", "AU-42.1")
    MISUSE_SUSPECTED = ("NP-33.2", "use stopped on suspicion of a third party", "AU-24.8")
    MISUSE_STOP_ENDED = ("NP-33.3", "stop on suspicion ended", "AU-24.8")
    USE_EXEMPTED = ("NP-33.1", "device lost: debt of a use released", "AU-42.1")
    ID_USE_EXEMPTED = ("NP-34.1", "credentials misused: debt of a use released")
    CARD_USE_EXEMPTED = ("NP-54.1", "card number misused: debt of a use released")
    STRANGERS_USE_EXEMPTED = ("AU-43.1", "stranger's phone: debt of a use released", "AU-43.1")
    MEMBER_LIABLE = ("NP-34.2", "the member owes a third party's use", "AU-42.2")
    CASH_OUT_FOUND = ("NP-9.2", "use that aims at cash found out", "AU-24.12")
    INQUIRY_OPENED = ("NP-31.2", "inquiry into a use", "AU-26.2")
    INQUIRY_CLOSED = ("NP-31.2", "inquiry ended, the claim stands", "AU-26.2")
    CHARGED_BACK = ("LEN-05", "inquiry ended, the merchant returns the price")
    BREACH_FOUND = ("NP-31.2", "inquiry proved a breach", "AU-41.1(2)")
    GOODS_TAKEN = ("NP-27.3", "goods taken back")
    CARD_ISSUED = ("NP-50.1", "app card issued")
    CARD_REFUSED = ("NP-50.1", "app card refused")
    CARD_FEE_CHARGED = ("NP-51", "annual fee of the app card", "AUX-FEE")
    BILLED_APART = ("NP-28.11", "uses with terms of their merchants billed apart")
    USE_FEE_FIXED = ("NP-25.5", "fee of a merchant's own")
    PRESCREENED = ("NP-24.2", "told before asking that no use is possible", "AU-24.7")
    INVOICE_ISSUED = ("ART-03", "invoice of an order issued")
    BILLS_COMBINED = ("NP-28.8", "invoice put on the atone bill")
    INSTALMENTS_ENDED = ("NP-24.5", "instalments not billed yet are off")
    INSTALMENT_BILLED = ("NP-25.2", "instalment billed")
    POINTS_AWARDED = ("NP-36.1", "points awarded")
    POINTS_USED = ("NP-42.1", "bill paid by points")
    POINTS_EXPIRED = ("NP-39.1", "points expired")
    POINTS_REVERSED = ("NP-40.1", "points taken back")
    POINTS_RETURNED = ("NP-42.3", "points come back")
    POINTS_FORFEITED = ("NP-40.2", "points forfeited")

    APPLICATION_INCOMPLETE = ("NP-2.1", "application lacks a set particular")
    ADMISSION_REFUSED = ("NP-2.4", "refused on a ground; reference: its number")
    GUEST_JOINED = ("NP-2.7", "guest user joins and brings a record")
    APPROVAL_REVOKED = ("NP-2.4", "ground found later, membership ended; reference: its number")
    TIER_CHANGED = ("NP-2.5", "another kind of member")
    IDENTITY_UNPROVEN = ("NP-2.6", "identity checks overdue, use stopped")
    IDENTITY_PROVEN = ("NP-2.6", "identity checks finished")
    IDENTITY_FAILED = ("NP-2.6", "identity checks never finished, membership ended")
    MOVE_REPORTED = ("NP-3.2", "new particulars reported", "AU-9.1")
    MOVE_INFERRED = ("NP-3.3", "unreported change taken as reported", "AU-9.2")
    MOVE_UNREPORTED = ("NP-3.2", "change not reported, address stale", "AU-9.1")
    GROUND_AROSE = ("NP-7.1", "ground for suspension or cancellation; reference: its number")
    MEMBER_SUSPENDED = ("NP-7.1", "use suspended for conduct")
    SUSPENSION_ENDED = ("NP-7.4", "suspension for conduct lifted")
    MEMBERSHIP_CANCELLED = ("NP-7.5", "membership cancelled")
    MERCHANT_DOUBTED = ("NP-7.6", "merchant raised doubts, use stopped")
    DOUBTS_RESOLVED = ("NP-7.6", "doubts resolved")
    TIES_SUSPECTED = ("NP-8.4", "antisocial ties suspected, use stopped")
    SUSPICION_CLEARED = ("NP-8.4", "use permitted again")
    TIES_PROVEN = ("NP-8.5", "antisocial breach proven, contract rescinded")
    ACCELERATED = ("NP-30.2", "debt payable at once")
    SERVICE_INTERRUPTED = ("NP-10.1", "no use during an interruption")
    WITHDREW = ("NP-11.1", "member withdrew")
    LEAVING_BLOCKED = ("NP-11.5", "no withdrawal while debts remain")
    DIED = ("NP-11.2", "member died", "AU-41.1(11)")
    ESTATE_SETTLED = ("NP-11.2", "claim on the estate settled", "AU-40.2")
    DATA_DESTROYED = ("NP-11.3", "data destroyed on request, taken as withdrawn")
    MAIL_UNDELIVERABLE = ("NP-11.4", "e-mail cannot reach the member")
    DEEMED_WITHDRAWN = ("NP-11.4", "unreachable member taken as withdrawn")
    DEBT_FOUND = ("NP-11.7", "bill made after the membership ended")
    DATA_DISCLOSED = ("NP-12.2", "own data disclosed for a fee")
    CLAIM_RAISED = ("NP-7.3", "claim payable at once", "AU-44.2")
    PART_PAID = ("NP-29.1", "part of a bill paid", "AU-35.3")

    WRONG_NUMBER = ("COLL-02", "call session found the number wrong")
    CALLBACK_ASKED = ("COLL-02", "right party asked for another call")
    NOT_SUED = ("COLL-05", "claim not taken to court")
    ORDER_FILED = ("COLL-05", "payment order filed", "AU-41.1")
    LAWSUIT_FILED = ("ART-12", "lawsuit filed, or reached by an objection", "AU-41.1")
    ORDER_SERVED = ("COLL-05", "payment order served")
    SERVICE_FAILED = ("COLL-05", "court papers could not be served")
    OBJECTED = ("COLL-05", "debtor objected to the payment order")
    EXECUTION_DECLARED = ("COLL-06", "provisional execution asked for")
    ORDER_LAPSED = ("COLL-06", "payment order lapsed")
    JUDGMENT_GIVEN = ("COLL-06", "judgment for the lender")
    CLAIM_DISMISSED = ("ART-13", "judgment against the lender, the claim is lost", "COLL-06")
    TITLE_FINAL = ("COLL-06", "title final")
    WAGE_ATTACHED = ("COLL-07", "wages attached")
    WAGE_GARNISHED = ("COLL-07", "employer paid the attachable part of a wage")
    ATTACHMENT_ENDED = ("COLL-07", "attachment ended with the job")
    NOTHING_TO_ATTACH = ("COLL-08", "no employer known, looked for again later")
    ACCOUNT_ATTACHED = ("COLL-08", "bank account attached; yen found")
    INTERMEDIARY_RETAINED = ("ART-14", "intermediary retained: contacts and court steps stop",
        "AU-39.2(6)")  # fmt: skip
    PLAN_AGREED = ("COLL-09", "plan of instalments agreed on the claim")
    PLAN_PAID = ("COLL-09", "payment of a plan")
    PLAN_MISSED = ("COLL-09", "payment of a plan missed")
    PLAN_CANCELLED = ("COLL-09", "plan cancelled, collection resumes")
    PLAN_COMPLETED = ("COLL-09", "plan fulfilled")
    BANKRUPTCY_FILED = ("COLL-10", "petition for bankruptcy")
    REHABILITATION_FILED = ("COLL-10", "petition for civil rehabilitation")
    DISCHARGED = ("COLL-10", "debt discharged; yen: the claim")
    PRESCRIBED = ("COLL-13", "claim prescribed; yen: the claim")
    BARRED = ("COLL-14", "no release: the debt was never paid")

    ACCELERATED_ONE_TIME = ("AU-39.1(1)", "debts due at once: missed one-time payment")
    ACCELERATED_RIGHT = ("AU-39.1(2)", "debts due at once: right that is not designated")
    ACCELERATED_BUSINESS = ("AU-39.1(3)", "debts due at once: purchase for business")
    ACCELERATED_EXCLUDED = ("AU-39.1(4)", "debts due at once: case outside the statute")
    ACCELERATED_DEMAND = ("AU-39.2(1)", "debts due at once: demand expired")
    ACCELERATED_SUSPENSION = ("AU-39.2(2)", "debts due at once: payments suspended")
    ACCELERATED_ATTACHMENT = ("AU-39.2(3)", "debts due at once: attachment")
    ACCELERATED_INSOLVENCY = ("AU-39.2(4)", "debts due at once: insolvency petition")
    ACCELERATED_TITLE = ("AU-39.2(5)", "debts due at once: title harmed")
    ACCELERATED_SETTLEMENT = ("AU-39.2(6)", "debts due at once: debt settlement")
    ACCELERATED_WHEREABOUTS = ("AU-39.2(7)", "debts due at once: whereabouts unknown")
    ACCELERATED_UNDELIVERED = ("AU-39.2(8)", "debts due at once: demand came back")
    ACCELERATED_ON_DEMAND = ("AU-39.3", "debts due at once: demanded; reference: the ground")
    DEMAND_SENT = ("AU-39.2(1)", "formal demand sent")
    DEMAND_RETURNED = ("AU-39.2(8)", "formal demand came back")
    DEMAND_MET = ("AU-39.2(1)", "formal demand met in time")
    REINSTATED = ("AU-41.1(5)", "acceleration cured, sums back on their own due days")
    MEASURE_GROUND = ("AU-41.1", "ground for a measure; reference: its number")
    MEASURE_SUSPENDED = ("AU-41.1", "use suspended")
    MEASURE_CANCELLED = ("AU-41.1", "membership cancelled")
    MEASURE_RESTRICTED = ("AU-41.1", "use restricted")
    BUREAU_ASKED = ("AU-15.1", "credit bureau asked")
    APPLICATION_REGISTERED = ("AUX-CIC(2)", "application registered at the bureau")
    CONTRACT_REGISTERED = ("AUX-CIC(3)", "contract registered at the bureau")
    ARREARS_REGISTERED = ("AUX-CIC(4)", "arrears registered at the bureau")
    CONTRACT_END_REGISTERED = ("AUX-CIC(3)", "end of the contract registered")
    CONSENT_REFUSED = ("AU-17.1", "refused for data or consent withheld")
    TIES_REFUSED = ("AU-11.1", "refused for suspected ties")
    CHECKS_UNFINISHED = ("AU-10.2", "identity checks not finished in time")
    TEMPORARY_LIMIT_GIVEN = ("AU-22.4", "limit raised for a time")
    TEMPORARY_LIMIT_REFUSED = ("AU-22.4", "raise for a time refused")
    TEMPORARY_LIMIT_ENDED = ("AU-22.4", "limit reverts without notice")
    DOCUMENTS_REFUSED = ("AU-22.7", "documents for a review refused")
    OVER_LIMIT_APPROVED = ("AU-22.5", "use above the limit approved")
    OFFLINE_USE = ("AU-24.6", "use without authorisation")
    EXCESS_CLAIMED = ("AU-22.6", "excess over the limit claimed in one sum")
    CODE_WRONG = ("AU-24.9", "wrong security code, use limited for a time")
    DECLINED_RESTRICTED = ("AU-24.11", "declined: restricted goods or person")
    CARD_EXPIRED = ("AU-7.1", "card data expired")
    CARD_RENEWED = ("AU-7.2", "card data renewed")
    CARD_REISSUE_BEGAN = ("AU-4.1", "card data to be issued again")
    CARD_REISSUED = ("AU-4.1", "card data issued again")
    LEFT = ("AU-40.1", "member withdrew; debts stay")
    EXPLANATION_ASKED = ("AU-10.4", "explanation of use asked")
    CONCERN_RAISED = ("AU-13.1", "money-laundering concern, documents asked")
    RECEIVABLE_SOLD = ("AU-45.1", "overdue receivable sold")
    REVOLVING_BILLED = ("AU-30.1(1)", "fee month ended, revolving payment billed")
    CLAIMS_BILLED = ("AU-36.1", "fees and late damages put on the statement")
    PLAN_SWITCHED = ("AU-28.3(2)", "plan of a use changed after the purchase")
    PREPAID = ("AU-32.2", "debts prepaid")
    PAYMENT_STOPPED = ("AU-34.1", "payment of a use stopped")
    PAYMENT_STOP_REFUSED = ("AU-34.5", "payment may not be stopped")
    PAYMENT_STOP_UPHELD = ("AU-34.2", "stop upheld, the merchant returns the price")
    PAYMENT_RESUMED = ("AU-34.6", "ground ended, the member goes on paying")
    STATEMENT_DISPUTED = ("AU-36.3", "statement objected to in time")
    PAYMENT_WITHHELD = ("NP-31.2", "price of a disputed use withheld")
    WITHHOLDING_ENDED = ("NP-31.2", "withheld price owed again")
    PRICE_LOWERED = ("NP-42.4", "price lowered after the sale")

    __hash__ = object.__hash__  # that of Enum is slow: it hashes the name, in Python

    def __init__(self, clause: str, meaning: str, clause_at_au: str = "") -> None:
        self.number = len(type(self).__members__)
        self.clause = clause
        self.meaning = meaning
        self.clauses = clauses_by_lender(clause, clause_at_au)


ACTIVITIES = tuple(Activity)

AUTHORISED = (Activity.PURCHASE_AUTHORISED,)
DECLINED_AT_ONCE = tuple(one for one in Activity if one.name.startswith("DECLINED_"))
DECLINED_LATER = (Activity.REVIEW_REFUSED, Activity.REVIEW_TOO_LATE, Activity.HOLD_EXPIRED)
"""Answers to uses that were held before."""
CONTACTS = (
    Activity.CONTACT_SENT,
    Activity.DEMAND_SENT,
    Activity.CALL_NO_CONTACT,
    Activity.CALL_REACHED,
    Activity.PROMISE_MADE,
    Activity.CALLBACK_ASKED,
    Activity.WRONG_NUMBER,
)
"""Messages, letters and call sessions to members in arrears."""


@dataclass(frozen=True)
class Record:
    """Whose ledger lines and events are kept.

    Parameters
    ----------
    members
        Member numbers; None keeps everybody's.
    """

    members: tuple[int, ...] | None = ()

    @classmethod
    def nothing(cls) -> Self:
        """Keep nothing."""
        return cls(())

    @classmethod
    def everyone(cls) -> Self:
        """Keep the lines of all members."""
        return cls(None)

    @classmethod
    def of(cls, members: Sequence[int]) -> Self:
        """Keep the lines of some members."""
        return cls(tuple(members))

    @classmethod
    def sample(cls, n: int, population: int) -> Self:
        """Keep the lines of n members of a population, evenly spaced."""
        return cls(tuple(number * population // n for number in range(n)))

    def mask(self, n_replications: int, n_members: int) -> Bools | None:
        """Give the recorded member rows, None if there are none."""
        if self.members == ():
            return None
        mask = np.zeros((n_replications, n_members), dtype=bool)
        mask[:, slice(None) if self.members is None else list(self.members)] = True
        return mask.reshape(-1)
