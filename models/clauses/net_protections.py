"""Clauses of the member terms of Net Protections (NP): members, atone, points, app card."""

from collections.abc import Mapping

from models.clauses.clause import IMPLEMENTED, Row, no_consequence, planned

ADMISSION = planned("comes with the grounds of refusal and the identity checks")
ANTISOCIAL = planned("comes with the checks against antisocial forces")
CARD = planned("comes with the app card")
CONTACT = planned("comes with lost contact, addresses and notices")
COURT = planned("comes with court proceedings")
DISPUTE = planned("comes with disputes and merchants' doubts")
LEAVING = planned("comes with withdrawal, death and cancellation")
MERCHANT = planned("comes with terms that differ by merchant")
MISUSE = planned("comes with loss, theft, fraud and cash-out")
POINTS = planned("comes with the points")
PRIZES = planned("comes with the exchange of points for goods")
REPOSSESSION = planned("comes with the repossession of goods")
SCENARIO = planned("comes with dated scenarios: outages and new terms")

DATA = no_consequence("protection and handling of data: no cash or state effect")
FORM = no_consequence("form of dealings between the parties: no cash or state effect")
LIABILITY = no_consequence("shields the lender from claims: no cash or state effect")
READING = no_consequence("how the terms are to be read: no cash or state effect")

MEMBERS: tuple[Row, ...] = (
    ("NP-1", "NP members", "definitions", READING),
    ("NP-2.1", "NP members", "application with the set particulars", ADMISSION),
    ("NP-2.2", "NP members", "admission screening", IMPLEMENTED),
    ("NP-2.3", "NP members", "contract at dispatch of the approval", IMPLEMENTED),
    ("NP-2.4", "NP members", "grounds for refusal or revocation of an approval", ADMISSION),
    ("NP-2.5", "NP members", "kinds of members and their perks", POINTS),
    ("NP-2.6", "NP members", "unfinished identity checks", ADMISSION),
    ("NP-2.7", "NP members", "guest users bring their records along", ADMISSION),
    ("NP-3.1", "NP members", "registered particulars", FORM),
    ("NP-3.2 NP-3.3", "NP members", "changed particulars, reported or inferred", CONTACT),
    ("NP-3.4", "NP members", "registered particulars", FORM),
    ("NP-4.1", "NP members", "phone number or e-mail as the member's identifier", ADMISSION),
    ("NP-4.2", "NP members", "use of the member's identifier", FORM),
    ("NP-5", "NP members", "rights in content", FORM),
    ("NP-6", "NP members", "deletion of data", DATA),
    ("NP-7.1", "NP members", "suspension or cancellation on seven grounds", IMPLEMENTED),
    ("NP-7.2", "NP members", "no liability for suspension or cancellation", LIABILITY),
    ("NP-7.3", "NP members", "indemnity for losses from such a ground", COURT),
    (
        "NP-7.4",
        "NP members",
        "no service while suspended; release as the lender sees fit",
        IMPLEMENTED,
    ),
    ("NP-7.5", "NP members", "rights end with cancellation", LEAVING),
    ("NP-7.6", "NP members", "stop while a merchant's or partner's doubts last", DISPUTE),
    ("NP-8.1 NP-8.2", "NP members", "assurance of no antisocial ties or conduct", ANTISOCIAL),
    ("NP-8.3 NP-8.4", "NP members", "inquiry and stop on suspicion of such ties", ANTISOCIAL),
    ("NP-8.5", "NP members", "rescission with immediate acceleration", ANTISOCIAL),
    ("NP-8.6", "NP members", "damages after such a rescission", ANTISOCIAL),
    ("NP-9.1", "NP members", "prohibited conduct", MISUSE),
    ("NP-9.2", "NP members", "what counts as cash-out", MISUSE),
    ("NP-9.3", "NP members", "damages for prohibited conduct", MISUSE),
    ("NP-10.1", "NP members", "interruption of the service", SCENARIO),
    ("NP-10.2 NP-10.3", "NP members", "further provisions on interruptions", LIABILITY),
    ("NP-11.1", "NP members", "withdrawal on the member's request", LEAVING),
    ("NP-11.2", "NP members", "death counts as withdrawal", LEAVING),
    ("NP-11.3", "NP members", "destroyed personal data count as withdrawal", LEAVING),
    ("NP-11.4", "NP members", "unreachable members may be taken as withdrawn", LEAVING),
    ("NP-11.5", "NP members", "no withdrawal while debts remain", LEAVING),
    ("NP-11.6", "NP members", "permitted withdrawal: debts due on demand", LEAVING),
    ("NP-11.7", "NP members", "debts found after withdrawal", LEAVING),
    ("NP-11.8", "NP members", "rights end with withdrawal", LEAVING),
    ("NP-12.1", "NP members", "personal data", DATA),
    (
        "NP-12.2",
        "NP members",
        "disclosure of own data at the member's cost",
        planned("comes with charges for services on request"),
    ),
    ("NP-12.3", "NP members", "request to destroy personal data", LEAVING),
    ("NP-12.4", "NP members", "letters to other lawfully known addresses", CONTACT),
    ("NP-12.5", "NP members", "personal data", DATA),
    ("NP-13", "NP members", "disclaimers", LIABILITY),
    ("NP-14.1", "NP members", "damages between the parties", LIABILITY),
    ("NP-14.2", "NP members", "damages owed by the member", MISUSE),
    ("NP-15.1", "NP members", "special provisions come first", READING),
    ("NP-15.2", "NP members", "change of the terms by notice", SCENARIO),
    ("NP-16.1", "NP members", "notices", FORM),
    ("NP-16.2", "NP members", "when an e-mail counts as received", CONTACT),
    ("NP-16.3 NP-16.4", "NP members", "notices", FORM),
    ("NP-17", "NP members", "membership is not transferable", FORM),
    ("NP-18", "NP members", "severability", READING),
    ("NP-19", "NP members", "monitoring for misuse", MISUSE),
    ("NP-20", "NP members", "governing law", READING),
    ("NP-21", "NP members", "venue", COURT),
)

ATONE: tuple[Row, ...] = (
    ("NP-22.1", "atone", "purchase at a merchant paid by atone", IMPLEMENTED),
    ("NP-22.2", "atone", "the merchant's receivable passes to the lender", IMPLEMENTED),
    ("NP-23.1", "atone", "per-transaction and cumulative limit", IMPLEMENTED),
    ("NP-23.2", "atone", "change of the limits, down to zero", IMPLEMENTED),
    ("NP-23.3", "atone", "no use above a limit", IMPLEMENTED),
    ("NP-24.1", "atone", "ways of use at a checkout", IMPLEMENTED),
    ("NP-24.2", "atone", "screening of each use", IMPLEMENTED),
    ("NP-24.3", "atone", "a refusal gives the member no claim", IMPLEMENTED),
    ("NP-24.4", "atone", "hold of a suspicious use", IMPLEMENTED),
    ("NP-24.5", "atone", "cancellation of the sale", IMPLEMENTED),
    (
        "NP-24.6",
        "atone",
        "cancellation of the use of atone alone",
        planned("comes with reports of cancellations through merchants"),
    ),
    (
        "NP-24.7",
        "atone",
        "continuing services, screened at each debit",
        planned("comes with subscriptions"),
    ),
    ("NP-25.1", "atone", "price and fee are owed together", IMPLEMENTED),
    ("NP-25.2", "atone", "service fee by payment method", IMPLEMENTED),
    ("NP-25.3", "atone", "fee for a failed direct debit", IMPLEMENTED),
    (
        "NP-25.4",
        "atone",
        "transfer and collection charges borne by the member",
        no_consequence("paid to third parties: no cash of the lender"),
    ),
    ("NP-25.5", "atone", "fees that differ by merchant", MERCHANT),
    ("NP-26", "atone", "taxes borne by the member", IMPLEMENTED),
    ("NP-27.1", "atone", "retention of title", REPOSSESSION),
    ("NP-27.2", "atone", "repossession after acceleration", REPOSSESSION),
    ("NP-27.3", "atone", "value of repossessed goods", REPOSSESSION),
    ("NP-27.4", "atone", "cost of repossession", REPOSSESSION),
    ("NP-28.1", "atone", "month-end closing and payment methods", IMPLEMENTED),
    ("NP-28.2", "atone", "lock and persistence of the payment method", IMPLEMENTED),
    ("NP-28.3", "atone", "due dates by payment method", IMPLEMENTED),
    ("NP-28.4", "atone", "when a payment counts", IMPLEMENTED),
    ("NP-28.5", "atone", "statement", IMPLEMENTED),
    ("NP-28.6", "atone", "inquiry about a statement", DISPUTE),
    ("NP-28.7", "atone", "payment as billed while a question is open", IMPLEMENTED),
    (
        "NP-28.8",
        "atone",
        "debts of other services on the same bill",
        planned("comes with the other products of the lender"),
    ),
    ("NP-28.9", "atone", "method set by the lender: failed debit or high bill", IMPLEMENTED),
    ("NP-28.10", "atone", "set-off or refund of what the lender owes", IMPLEMENTED),
    ("NP-28.11", "atone", "closing and due dates that differ by merchant", MERCHANT),
    ("NP-29.1", "atone", "allocation of a short payment", IMPLEMENTED),
    ("NP-29.2", "atone", "overpayment", IMPLEMENTED),
    ("NP-29.3", "atone", "money back from an ended sale that was paid", IMPLEMENTED),
    ("NP-30.1", "atone", "late damages", IMPLEMENTED),
    ("NP-30.2", "atone", "late damages after acceleration", LEAVING),
    ("NP-30.3", "atone", "late administration fee", IMPLEMENTED),
    ("NP-31.1", "atone", "regular and irregular re-review", IMPLEMENTED),
    ("NP-31.2", "atone", "inquiries on thirteen grounds", DISPUTE),
    ("NP-32.1 NP-32.2 NP-32.3", "atone", "care of device and credentials", MISUSE),
    ("NP-33.1", "atone", "relief after loss or theft of the device", MISUSE),
    ("NP-33.2 NP-33.3", "atone", "stop on suspicion of use by others", MISUSE),
    ("NP-33.4", "atone", "password only inside the app", MISUSE),
    ("NP-34.1 NP-34.2", "atone", "use of the credentials by third parties", MISUSE),
    ("NP-34.3", "atone", "further damages in such cases", MISUSE),
)

POINTS_AND_CARD: tuple[Row, ...] = (
    ("NP-35", "NP points", "purpose of the points", READING),
    ("NP-36.1", "NP points", "award for use paid in time", POINTS),
    ("NP-36.2", "NP points", "rates and conditions vary", POINTS),
    ("NP-36.3", "NP points", "award after a waiting time", POINTS),
    ("NP-36.4", "NP points", "the lender decides finally on an award", LIABILITY),
    ("NP-37", "NP points", "doubts about the balance", FORM),
    ("NP-38", "NP points", "no transfer or pooling of points", POINTS),
    ("NP-39.1", "NP points", "expiry", POINTS),
    ("NP-39.2", "NP points", "points with a shorter life", POINTS),
    ("NP-40.1", "NP points", "reversal after a return or cancellation", POINTS),
    ("NP-40.2", "NP points", "forfeiture for improper acts", POINTS),
    ("NP-40.3", "NP points", "no compensation for lost points", LIABILITY),
    ("NP-41.1 NP-41.2 NP-41.3", "NP points", "uses of points", POINTS),
    ("NP-41.4", "NP points", "quality of prizes", LIABILITY),
    ("NP-41.5", "NP points", "accidents around the delivery of a prize", PRIZES),
    ("NP-41.6", "NP points", "a requested use is final", POINTS),
    ("NP-42.1 NP-42.2", "NP points", "payment by points", POINTS),
    ("NP-42.3", "NP points", "points back after a cancelled deal", POINTS),
    ("NP-42.4", "NP points", "points back after a lowered price", POINTS),
    ("NP-42.5", "NP points", "raised price after payment by points", POINTS),
    ("NP-43 NP-44", "NP points", "delivery and supply of prizes", PRIZES),
    ("NP-45.1", "NP points", "reversed points that went into a perk", POINTS),
    ("NP-45.2", "NP points", "reversed points that paid a bill", POINTS),
    ("NP-46", "NP points", "points are never cash", POINTS),
    ("NP-47", "NP points", "own use only", POINTS),
    (
        "NP-48",
        "NP points",
        "taxes on points",
        no_consequence("owed by the member to the state: no cash of the lender"),
    ),
    ("NP-49", "NP points", "loss of data", LIABILITY),
    ("NP-50.1 NP-50.2 NP-50.3", "app card", "issue of the card and its merchants", CARD),
    ("NP-50.4", "app card", "terms of the brand's online authentication", FORM),
    ("NP-51", "app card", "annual fee", CARD),
    ("NP-52(1) NP-52(2) NP-52(3)", "app card", "advance and recourse by the brand", CARD),
    ("NP-52(4)", "app card", "data entrusted to the brand", DATA),
    ("NP-53", "app card", "rules of atone apply to the card", CARD),
    ("NP-54.1 NP-54.2", "app card", "use of the card number by third parties", CARD),
    ("NP-54.3", "app card", "further damages in such cases", CARD),
)

ROWS: tuple[Row, ...] = (*MEMBERS, *ATONE, *POINTS_AND_CARD)

ITEMS: Mapping[str, int] = {
    "NP-1": 3,
    "NP-2.4": 11,
    "NP-7.1": 7,
    "NP-9.1": 14,
    "NP-9.2": 5,
    "NP-25.3": 3,
    "NP-28.1": 5,
    "NP-28.4": 5,
    "NP-31.2": 13,
    "NP-33.1": 6,
    "NP-34.1": 5,
    "NP-54.1": 5,
}
