"""Kinds of postings: which account owes which, by which clause, and what it means."""

from enum import Enum, unique

from sim.record.accounts import Account, clauses_by_lender


@unique
class Posting(Enum):
    """Kinds of postings: debited account, credited account, clause, meaning, clause at AU.

    Without a clause of its own au Financial Service has the posting by the same composed clause
    (COLL, LEN, CAL), or not at all.
    """

    # fmt: off
    PURCHASE_POSTED = (Account.PRINCIPAL_RECEIVABLE, Account.MERCHANT_PAYABLE, "NP-22.2",
        "price of a purchase; the merchant's receivable passes to the lender", "AU-25.1")
    PURCHASE_CANCELLED = (Account.MERCHANT_PAYABLE, Account.PRINCIPAL_RECEIVABLE, "NP-24.5",
        "price of a purchase cancelled before its closing", "AU-26.2")
    PURCHASE_RETURNED = (Account.MERCHANT_PAYABLE, Account.MEMBER_CREDIT, "NP-29.3",
        "price of a purchase cancelled after its closing, owed to the member", "AU-26.2")
    MERCHANT_PAID = (Account.MERCHANT_PAYABLE, Account.CASH, "LEN-02",
        "payout to the merchant less the discount")
    MERCHANT_DISCOUNT = (Account.MERCHANT_PAYABLE, Account.MERCHANT_DISCOUNT_INCOME, "LEN-01",
        "discount kept from the payout")
    MERCHANT_REFUNDED = (Account.CASH, Account.MERCHANT_PAYABLE, "LEN-05",
        "payout returned by the merchant")
    MERCHANT_DISCOUNT_RETURNED = (Account.MERCHANT_DISCOUNT_INCOME, Account.MERCHANT_PAYABLE,
        "LEN-05", "discount given back on a returned purchase")
    SERVICE_FEE = (Account.FEE_RECEIVABLE, Account.SERVICE_FEE_INCOME, "NP-25.2",
        "fees of the uses on a bill, before tax")
    SERVICE_FEE_TAX = (Account.FEE_RECEIVABLE, Account.CONSUMPTION_TAX_PAYABLE, "NP-26",
        "consumption tax on service fees")
    FAILED_DEBIT_FEE = (Account.FEE_RECEIVABLE, Account.FAILED_DEBIT_FEE_INCOME, "NP-25.3",
        "fee of a failed direct debit, before tax", "AU-35.3")
    FAILED_DEBIT_FEE_TAX = (Account.FEE_RECEIVABLE, Account.CONSUMPTION_TAX_PAYABLE, "NP-26",
        "consumption tax on failed-debit fees", "AU-44.1")
    LATE_DAMAGES = (Account.LATE_DAMAGES_RECEIVABLE, Account.LATE_DAMAGES_INCOME, "NP-30.1",
        "late damages accrued")
    LATE_ADMIN_FEE = (Account.LATE_ADMIN_FEE_RECEIVABLE, Account.LATE_ADMIN_FEE_INCOME, "NP-30.3",
        "late administration fee, before tax")
    LATE_ADMIN_FEE_TAX = (Account.LATE_ADMIN_FEE_RECEIVABLE, Account.CONSUMPTION_TAX_PAYABLE,
        "NP-26", "consumption tax in the late administration fee")
    PRINCIPAL_PAID = (Account.CASH, Account.PRINCIPAL_RECEIVABLE, "NP-28.4",
        "price part of a payment", "AU-35.1")
    FEE_PAID = (Account.CASH, Account.FEE_RECEIVABLE, "NP-28.4", "fee part of a payment", "AU-35.1")
    LATE_DAMAGES_PAID = (Account.CASH, Account.LATE_DAMAGES_RECEIVABLE, "NP-28.4",
        "late-damages part of a payment", "AU-38.1")
    LATE_ADMIN_FEE_PAID = (Account.CASH, Account.LATE_ADMIN_FEE_RECEIVABLE, "NP-28.4",
        "late-administration part of a payment")
    OVERPAID = (Account.CASH, Account.MEMBER_CREDIT, "NP-29.2", "overpayment, carried forward",
        "AU-35.2")
    PRINCIPAL_NETTED = (Account.MEMBER_CREDIT, Account.PRINCIPAL_RECEIVABLE, "NP-28.10",
        "price part set off against a credit", "AU-38.6")
    FEE_NETTED = (Account.MEMBER_CREDIT, Account.FEE_RECEIVABLE, "NP-28.10",
        "fee part set off against a credit", "AU-38.6")
    LATE_DAMAGES_NETTED = (Account.MEMBER_CREDIT, Account.LATE_DAMAGES_RECEIVABLE, "NP-28.10",
        "late-damages part set off", "AU-38.6")
    LATE_ADMIN_FEE_NETTED = (Account.MEMBER_CREDIT, Account.LATE_ADMIN_FEE_RECEIVABLE, "NP-28.10",
        "late-administration part set off")
    CREDIT_RECOVERED = (Account.MEMBER_CREDIT, Account.RECOVERY, "COLL-12",
        "credit set off against a debt already written off")
    REFUND_PAID = (Account.MEMBER_CREDIT, Account.CASH, "NP-28.10",
        "refund transferred to the member", "AU-35.2")
    REFUND_FEE = (Account.MEMBER_CREDIT, Account.REFUND_FEE_INCOME, "NP-28.10",
        "fee kept from a refund", "AU-44.2")
    PRINCIPAL_WRITTEN_OFF = (Account.WRITE_OFF, Account.PRINCIPAL_RECEIVABLE, "COLL-11",
        "price part given up")
    FEE_WRITTEN_OFF = (Account.WRITE_OFF, Account.FEE_RECEIVABLE, "COLL-11", "fee part given up")
    LATE_DAMAGES_WRITTEN_OFF = (Account.WRITE_OFF, Account.LATE_DAMAGES_RECEIVABLE, "COLL-11",
        "late-damages part given up")
    LATE_ADMIN_FEE_WRITTEN_OFF = (Account.WRITE_OFF, Account.LATE_ADMIN_FEE_RECEIVABLE, "COLL-11",
        "late-administration part given up")
    RECOVERED = (Account.CASH, Account.RECOVERY, "COLL-12", "cash on a debt already written off")
    AGENCY_FEE = (Account.AGENCY_COST, Account.CASH, "COLL-04", "contingency fee of the law firm")
    CONTACT_COST = (Account.COLLECTION_COST, Account.CASH, "COLL-02", "messages, letters and calls")
    REVIEW_COST = (Account.SCREENING_COST, Account.CASH, "NP-24.2", "reviews of held uses",
        "AU-24.8")
    BILL_COST = (Account.BILLING_COST, Account.CASH, "LEN-04", "sending and collecting a bill")
    FUNDING = (Account.FUNDING_COST, Account.CASH, "LEN-03",
        "funding of paid-out, uncollected principal")
    COST_PAID = (Account.CASH, Account.COST_RECEIVABLE, "NP-29.1", "cost part of a payment",
        "AU-44.2")
    COST_NETTED = (Account.MEMBER_CREDIT, Account.COST_RECEIVABLE, "NP-28.10", "cost part set off",
        "AU-38.6")
    COST_WRITTEN_OFF = (Account.WRITE_OFF, Account.COST_RECEIVABLE, "COLL-11", "cost part given up")
    MISUSE_DAMAGE_CLAIMED = (Account.COST_RECEIVABLE, Account.COST_CLAIM_INCOME, "NP-34.3",
        "further damage claimed after use of the credentials")
    CARD_DAMAGE_CLAIMED = (Account.COST_RECEIVABLE, Account.COST_CLAIM_INCOME, "NP-54.3",
        "further damage claimed after use of the card number")
    EXEMPTED = (Account.FRAUD_LOSS, Account.PRINCIPAL_RECEIVABLE, "LEN-07",
        "unpaid price of a use by a third party, released")
    EXEMPTED_PAID = (Account.FRAUD_LOSS, Account.MEMBER_CREDIT, "LEN-07",
        "paid price of a use by a third party, owed to the member")
    EXEMPTED_WRITTEN_OFF = (Account.FRAUD_LOSS, Account.WRITE_OFF, "LEN-07",
        "debt given up before that turned out to be a third party's")
    EXEMPTED_FEE = (Account.SERVICE_FEE_INCOME, Account.FEE_RECEIVABLE, "NP-33.1",
        "unpaid fee of such a use, released")
    EXEMPTED_FEE_TAX = (Account.CONSUMPTION_TAX_PAYABLE, Account.FEE_RECEIVABLE, "NP-33.1",
        "tax on it")
    EXEMPTED_FEE_PAID = (Account.SERVICE_FEE_INCOME, Account.MEMBER_CREDIT, "NP-33.1",
        "paid fee of such a use, owed to the member")
    EXEMPTED_FEE_TAX_PAID = (Account.CONSUMPTION_TAX_PAYABLE, Account.MEMBER_CREDIT, "NP-33.1",
        "tax on it")
    EXEMPTED_POINTS = (Account.FRAUD_LOSS, Account.POINTS_LIABILITY, "NP-42.3",
        "points that had paid the price of such a use come back")
    EXEMPTED_FEE_POINTS = (Account.SERVICE_FEE_INCOME, Account.POINTS_LIABILITY, "NP-42.3",
        "points that had paid the fee of such a use come back")
    EXEMPTED_FEE_TAX_POINTS = (Account.CONSUMPTION_TAX_PAYABLE, Account.POINTS_LIABILITY,
        "NP-42.3", "points that had paid the tax on it come back")
    EXEMPTED_LATE_DAMAGES = (Account.LATE_DAMAGES_INCOME, Account.LATE_DAMAGES_RECEIVABLE,
        "NP-33.1", "late damages on a released debt", "AU-42.1")
    EXEMPTED_CHARGED_BACK = (Account.MERCHANT_PAYABLE, Account.FRAUD_LOSS, "LEN-07",
        "price of a released use, returned by the merchant")
    GOODS_TAKEN = (Account.CASH, Account.MEMBER_CREDIT, "NP-27.3",
        "value of repossessed goods, owed to the member")
    REPOSSESSION_COST = (Account.COLLECTION_COST, Account.CASH, "NP-27.4",
        "collection and restoration of goods")
    REPOSSESSION_COST_CLAIMED = (Account.COST_RECEIVABLE, Account.COST_CLAIM_INCOME, "NP-27.4",
        "that cost, claimed from the member")
    CARD_FEE = (Account.FEE_RECEIVABLE, Account.CARD_FEE_INCOME, "NP-51",
        "annual fee of the app card, before tax", "AUX-FEE")
    CARD_FEE_TAX = (Account.FEE_RECEIVABLE, Account.CONSUMPTION_TAX_PAYABLE, "NP-26",
        "consumption tax on the annual fee")
    BRAND_PAID = (Account.MERCHANT_PAYABLE, Account.CASH, "NP-52(1)",
        "recourse paid to the card brand, less the discount")
    ORDER_FEE = (Account.FEE_RECEIVABLE, Account.SERVICE_FEE_INCOME, "ART-03",
        "fee of an order by NP Atobarai or air, before tax")
    ORDER_FEE_TAX = (Account.FEE_RECEIVABLE, Account.CONSUMPTION_TAX_PAYABLE, "NP-26",
        "consumption tax in the fee of an order")
    INSTALMENT_FEE = (Account.FEE_RECEIVABLE, Account.SERVICE_FEE_INCOME, "NP-25.2",
        "fee of the instalment terms, before tax")
    INSTALMENT_FEE_TAX = (Account.FEE_RECEIVABLE, Account.CONSUMPTION_TAX_PAYABLE, "NP-26",
        "consumption tax on it")
    POINTS_AWARDED = (Account.POINTS_EXPENSE, Account.POINTS_LIABILITY, "NP-36.1",
        "points awarded, at their value")
    POINTS_EXPIRED = (Account.POINTS_LIABILITY, Account.POINTS_EXPENSE, "NP-39.1",
        "points expired, at their value (breakage)")
    POINTS_REVERSED = (Account.POINTS_LIABILITY, Account.POINTS_EXPENSE, "NP-40.1",
        "points of a returned purchase taken back")
    POINTS_FORFEITED = (Account.POINTS_LIABILITY, Account.POINTS_EXPENSE, "NP-40.2",
        "points lost with the membership or by a breach")
    POINTS_SHORTFALL_CLAIMED = (Account.COST_RECEIVABLE, Account.POINTS_LIABILITY, "NP-45.2",
        "points taken back that were spent, claimed in yen")
    POINTS_SHORTFALL_GAIN = (Account.COST_RECEIVABLE, Account.POINTS_EXPENSE, "NP-45.1",
        "what such a claim is above the value of the points")
    POINTS_RETURNED = (Account.MERCHANT_PAYABLE, Account.POINTS_LIABILITY, "NP-42.3",
        "points that had paid a returned purchase come back")
    POINTS_NOT_RETURNED = (Account.MERCHANT_PAYABLE, Account.POINTS_EXPENSE, "NP-42.4",
        "points that had paid a returned purchase and do not come back")
    PRINCIPAL_PAID_BY_POINTS = (Account.POINTS_LIABILITY, Account.PRINCIPAL_RECEIVABLE, "NP-42.1",
        "price part paid by points")
    FEE_PAID_BY_POINTS = (Account.POINTS_LIABILITY, Account.FEE_RECEIVABLE, "NP-42.1",
        "fee part paid by points")
    INDEMNITY_CLAIMED = (Account.COST_RECEIVABLE, Account.COST_CLAIM_INCOME, "NP-7.3",
        "indemnity for a loss from misconduct")
    RESCISSION_DAMAGES_CLAIMED = (Account.COST_RECEIVABLE, Account.COST_CLAIM_INCOME, "NP-8.6",
        "damages after a rescission for antisocial ties")
    AGENCY_FEE_CLAIMED = (Account.COST_RECEIVABLE, Account.COST_CLAIM_INCOME, "NP-7.3",
        "the law firm's fee, claimed from the member")
    DISCLOSURE_FEE = (Account.CASH, Account.DISCLOSURE_FEE_INCOME, "NP-12.2",
        "fee for disclosure of own data, before tax")
    DISCLOSURE_FEE_TAX = (Account.CASH, Account.CONSUMPTION_TAX_PAYABLE, "NP-26",
        "consumption tax in that fee")
    FINANCE_CHARGE = (Account.FEE_RECEIVABLE, Account.FINANCE_CHARGE_INCOME, "AU-31.1",
        "fee of instalments, booked when the use is posted")
    REVOLVING_FEE = (Account.FEE_RECEIVABLE, Account.FINANCE_CHARGE_INCOME, "AU-30.1(2)",
        "revolving fee of a fee month")
    FINANCE_CHARGE_REBATED = (Account.FINANCE_CHARGE_INCOME, Account.FEE_RECEIVABLE, "AU-32.4",
        "unearned fee of prepaid instalments")
    FINANCE_CHARGE_RETURNED = (Account.FINANCE_CHARGE_INCOME, Account.FEE_RECEIVABLE, "AU-26.2",
        "fee of instalments that are off: returned, or in another plan")
    PAPER_FEE = (Account.FEE_RECEIVABLE, Account.SERVICE_FEE_INCOME, "AU-36.2",
        "fee of a paper statement, before tax")
    PAPER_FEE_TAX = (Account.FEE_RECEIVABLE, Account.CONSUMPTION_TAX_PAYABLE, "AU-44.1",
        "consumption tax on it")
    PAYMENT_COST_CLAIMED = (Account.COST_RECEIVABLE, Account.COST_CLAIM_INCOME, "AU-44.3",
        "set cost of a payment, claimed from the member")
    PRINCIPAL_SOLD = (Account.WRITE_OFF, Account.PRINCIPAL_RECEIVABLE, "AU-45.1", "price part sold")
    FEE_SOLD = (Account.WRITE_OFF, Account.FEE_RECEIVABLE, "AU-45.1", "fee part sold")
    LATE_DAMAGES_SOLD = (Account.WRITE_OFF, Account.LATE_DAMAGES_RECEIVABLE, "AU-45.1",
        "late damages sold")
    COST_SOLD = (Account.WRITE_OFF, Account.COST_RECEIVABLE, "AU-45.1", "cost part sold")
    SALE_PROCEEDS = (Account.CASH, Account.RECOVERY, "AU-45.1", "price of sold receivables")
    SERVICING_FEE = (Account.CASH, Account.SERVICING_INCOME, "AU-25.3",
        "retained for servicing securitised receivables")
    LATE_DAMAGES_INSTALMENT = (Account.LATE_DAMAGES_RECEIVABLE, Account.LATE_DAMAGES_INCOME,
        "AU-37.2(1)", "late damages on instalments")
    LATE_DAMAGES_TWO_TIME = (Account.LATE_DAMAGES_RECEIVABLE, Account.LATE_DAMAGES_INCOME,
        "AU-37.2(2)", "late damages on two-time and bonus payment")
    LATE_DAMAGES_OTHER = (Account.LATE_DAMAGES_RECEIVABLE, Account.LATE_DAMAGES_INCOME,
        "AU-37.2(3)", "late damages on one-time use and revolving")
    LATE_DAMAGES_ACCELERATED_INSTALMENTS = (Account.LATE_DAMAGES_RECEIVABLE,
        Account.LATE_DAMAGES_INCOME, "AU-37.1(1)", "damages on accelerated instalments")
    LATE_DAMAGES_ACCELERATED_TWO_TIME = (Account.LATE_DAMAGES_RECEIVABLE,
        Account.LATE_DAMAGES_INCOME, "AU-37.1(2)",
        "damages on accelerated two-time and bonus payment")
    LATE_DAMAGES_ACCELERATED_OTHER = (Account.LATE_DAMAGES_RECEIVABLE, Account.LATE_DAMAGES_INCOME,
        "AU-37.1(3)", "damages on accelerated one-time use and revolving")
    COURT_COST = (Account.LEGAL_COST, Account.CASH, "COLL-05",
        "court fees and postage, advanced")
    LEGAL_WORK = (Account.LEGAL_COST, Account.CASH, "COLL-05", "work of the lender's legal clerks")
    COURT_COST_CLAIMED = (Account.COST_RECEIVABLE, Account.COST_CLAIM_INCOME, "NP-7.3",
        "court fees and postage, claimed from the member", "AU-44.2")
    PROVIDER_OF_REVIEWS_PAID = (Account.SCREENING_COST, Account.CASH, "NP-24.2",
        "outside provider of reviews", "AU-24.8")
    PROVIDER_OF_COLLECTION_PAID = (Account.COLLECTION_COST, Account.CASH, "COLL-02",
        "outside provider of calls, of rounds of the law firm or of legal papers")
    FINANCE_CHARGE_TAX = (Account.FEE_RECEIVABLE, Account.CONSUMPTION_TAX_PAYABLE, "AU-44.1",
        "consumption tax on revolving and instalment fees, where it is levied")
    FINANCE_CHARGE_TAX_RETURNED = (Account.CONSUMPTION_TAX_PAYABLE, Account.FEE_RECEIVABLE,
        "AU-44.1", "tax on such fees that come off")
    # fmt: on

    __hash__ = object.__hash__  # that of Enum is slow: it hashes the name, in Python

    def __init__(
        self, debit: Account, credit: Account, clause: str, meaning: str, clause_at_au: str = ""
    ) -> None:
        self.number = len(type(self).__members__)
        self.debit = debit
        self.credit = credit
        self.clause = clause
        self.meaning = meaning
        self.clauses = clauses_by_lender(clause, clause_at_au)


POSTINGS = tuple(Posting)
