"""Clauses of the au PAY Atobarai terms of au Financial Service (AU) and their tables (AUX)."""

from collections.abc import Mapping

from models.clauses.clause import IMPLEMENTED, Product, Row, no_consequence, planned

ONE_TIME = planned("comes with one-time, two-time and bonus payment")
REVOLVING = planned("comes with the revolving plan")
SCENARIO = planned("comes with dated scenarios: new terms and rates")

DATA = no_consequence("protection and handling of data: no cash or state effect")
FORM = no_consequence("form of dealings between the parties: no cash or state effect")
LIABILITY = no_consequence("shields the lender from claims: no cash or state effect")
NEVER_DONE = no_consequence("an option of the lender that it never uses here")
UNSTATED = no_consequence("no amount of the damage is stated, none is claimed")
READING = no_consequence("how the terms are to be read: no cash or state effect")

AU: Product = "au PAY Atobarai"

MEMBERS: tuple[Row, ...] = (
    ("AU-1.1 AU-1.2 AU-1.3 AU-1.4 AU-1.5", AU, "definitions", READING),
    ("AU-2.1 AU-2.2", AU, "application and admission", IMPLEMENTED),
    ("AU-3.1 AU-3.2 AU-3.3 AU-3.4", AU, "care of the card data; liability for breach", IMPLEMENTED),
    ("AU-4.1", AU, "re-issue of the card data", IMPLEMENTED),
    ("AU-4.2", AU, "change of the card number", FORM),
    ("AU-4.3", AU, "debts outlive the old card data", IMPLEMENTED),
    ("AU-5", AU, "further functions of the card", FORM),
    ("AU-6", AU, "supplementary services", FORM),
    ("AU-7.1 AU-7.2 AU-7.4", AU, "expiry and renewal", IMPLEMENTED),
    ("AU-7.3", AU, "earlier expiry on notice", NEVER_DONE),
    ("AU-7.5", AU, "renewed card not confirmed", FORM),
    ("AU-7.6", AU, "debts outlive the card", IMPLEMENTED),
    ("AU-8.1 AU-8.2", AU, "personal identification number", IMPLEMENTED),
    ("AU-8.3", AU, "change of the personal identification number", FORM),
    ("AU-9.1 AU-9.2", AU, "changed particulars, reported or inferred", IMPLEMENTED),
    ("AU-9.3", AU, "notices that count as received", IMPLEMENTED),
    ("AU-10.1 AU-10.2", AU, "unfinished identity checks", IMPLEMENTED),
    ("AU-10.3", AU, "exposed persons and anti-money-laundering duties", IMPLEMENTED),
    ("AU-10.4", AU, "explanation of use out of line", IMPLEMENTED),
    ("AU-11.1 AU-11.2 AU-11.3", AU, "antisocial forces and sanctions", IMPLEMENTED),
    ("AU-11.4", AU, "damage by antisocial conduct", UNSTATED),
    ("AU-12", AU, "outsourcing", FORM),
    ("AU-13.1 AU-13.2 AU-13.3", AU, "money-laundering concern", IMPLEMENTED),
    ("AU-14", AU, "collection and use of data", DATA),
    ("AU-15.1 AU-15.2", AU, "inquiry at and report to the bureau", IMPLEMENTED),
    ("AU-16", AU, "disclosure of data", DATA),
    ("AU-17.1", AU, "refused data or consent", IMPLEMENTED),
    ("AU-18.1", AU, "data of applicants not admitted", IMPLEMENTED),
    ("AU-19", AU, "data after the end of membership", DATA),
    ("AU-20", AU, "amendment of the data clauses", DATA),
)

USE: tuple[Row, ...] = (
    ("AU-21.1", AU, "standard period", IMPLEMENTED),
    ("AU-22.1", AU, "shopping limit", IMPLEMENTED),
    ("AU-22.2", AU, "restriction under anti-money-laundering duties", IMPLEMENTED),
    ("AU-22.3", AU, "raise or cut of the limit", IMPLEMENTED),
    ("AU-22.4", AU, "temporary raise that reverts", IMPLEMENTED),
    ("AU-22.5", AU, "use above the limit", IMPLEMENTED),
    ("AU-22.6", AU, "claim of the excess in one sum", IMPLEMENTED),
    ("AU-22.7", AU, "documents refused after admission", IMPLEMENTED),
    ("AU-23.1", AU, "daily basis for fees", IMPLEMENTED),
    ("AU-23.2", AU, "change of fee rates", SCENARIO),
    ("AU-24.1 AU-24.2 AU-24.3 AU-24.4", AU, "ways of use", FORM),
    ("AU-24.5", AU, "continuing charges", IMPLEMENTED),
    ("AU-24.6", AU, "authorisation", IMPLEMENTED),
    ("AU-24.7", AU, "matching of data", FORM),
    ("AU-24.8", AU, "hold of a suspicious use", IMPLEMENTED),
    ("AU-24.9", AU, "wrong security code", IMPLEMENTED),
    ("AU-24.10", AU, "identity checks at use", FORM),
    ("AU-24.11", AU, "refusal while overdue, and of some goods", IMPLEMENTED),
    ("AU-24.12", AU, "cash-out", IMPLEMENTED),
    ("AU-25.1 AU-25.2", AU, "the merchant's claim passes to the lender", ONE_TIME),
    ("AU-25.3", AU, "securitisation of receivables", IMPLEMENTED),
    ("AU-26.1", AU, "retention of title", IMPLEMENTED),
    ("AU-26.2", AU, "agreed cancellation", IMPLEMENTED),
    ("AU-26.3", AU, "disclosure of purchase data", DATA),
    ("AU-27.1", AU, "unpaid total within the limit", IMPLEMENTED),
    ("AU-27.2", AU, "room for the revolving plan", IMPLEMENTED),
    ("AU-27.3", AU, "room for instalments", IMPLEMENTED),
)

PLANS: tuple[Row, ...] = (
    ("AU-28.1", AU, "payment plans and the default", IMPLEMENTED),
    ("AU-28.2", AU, "one-time plan for use abroad", IMPLEMENTED),
    ("AU-28.3(1)", AU, "registration of all use as revolving", IMPLEMENTED),
    ("AU-28.3(2)", AU, "switch of the plan after the purchase", IMPLEMENTED),
    ("AU-29.1", AU, "purchases of a standard period fall due", IMPLEMENTED),
    ("AU-29.1(1)", AU, "one-time payment", IMPLEMENTED),
    ("AU-29.1(2)", AU, "two-time payment", IMPLEMENTED),
    ("AU-29.1(3)", AU, "bonus payment", IMPLEMENTED),
    ("AU-29.2", AU, "routing to the revolving and instalment rules", IMPLEMENTED),
    ("AU-30.1(1)", AU, "monthly payment of the revolving plan", IMPLEMENTED),
    ("AU-30.1(2)", AU, "revolving fee", IMPLEMENTED),
    ("AU-30.1(3)", AU, "raised monthly payment", IMPLEMENTED),
    ("AU-30.2", AU, "change of the payment method", REVOLVING),
    ("AU-31.1", AU, "total payable and number of instalments", IMPLEMENTED),
    ("AU-31.2", AU, "division into instalments", IMPLEMENTED),
    ("AU-31.3", AU, "fee table of instalments", IMPLEMENTED),
    ("AU-32.1", AU, "prepayment after contact and approval", IMPLEMENTED),
    ("AU-32.2", AU, "scope, method and day of a prepayment", IMPLEMENTED),
    ("AU-32.3", AU, "irregular prepayment", IMPLEMENTED),
    ("AU-32.4", AU, "rebate on full prepayment of instalments", IMPLEMENTED),
    ("AU-33.1", AU, "goods that differ from the offer", IMPLEMENTED),
    ("AU-34.1 AU-34.2", AU, "payment-stop defence", IMPLEMENTED),
    ("AU-34.3 AU-34.4", AU, "procedure of the payment stop", IMPLEMENTED),
    ("AU-34.5", AU, "exceptions to the payment stop", IMPLEMENTED),
    ("AU-34.6", AU, "payment goes on for the rest", IMPLEMENTED),
    ("AU-34.7", AU, "no refund of what was paid before", IMPLEMENTED),
)

PAYMENT: tuple[Row, ...] = (
    ("AU-35.1", AU, "due date and direct debit", IMPLEMENTED),
    ("AU-35.2", AU, "refund of differences and overpayments", IMPLEMENTED),
    ("AU-35.3", AU, "failed direct debit", IMPLEMENTED),
    ("AU-35.4", AU, "conversion of foreign use", IMPLEMENTED),
    ("AU-35.5", AU, "direct debit stopped while late", IMPLEMENTED),
    ("AU-36.1", AU, "electronic statement", IMPLEMENTED),
    ("AU-36.2", AU, "paper statement at a fee", IMPLEMENTED),
    ("AU-36.3", AU, "objection within a week", IMPLEMENTED),
    ("AU-37.1(1)", AU, "damages after acceleration: instalments", IMPLEMENTED),
    ("AU-37.1(2)", AU, "damages after acceleration: two-time, bonus", IMPLEMENTED),
    ("AU-37.1(3)", AU, "damages after acceleration: other use", IMPLEMENTED),
    ("AU-37.2(1)", AU, "late damages on an instalment", IMPLEMENTED),
    ("AU-37.2(2)", AU, "late damages on two-time and bonus payment", IMPLEMENTED),
    ("AU-37.2(3)", AU, "late damages on other use", IMPLEMENTED),
    ("AU-38.1", AU, "allocation of a short payment", IMPLEMENTED),
    ("AU-38.2", AU, "payment by an unusual way", IMPLEMENTED),
    ("AU-38.3", AU, "allocation as agreed", IMPLEMENTED),
    ("AU-38.4", AU, "excess of an early payment", IMPLEMENTED),
    ("AU-38.5", AU, "allocation within the revolving plan", IMPLEMENTED),
    ("AU-38.6", AU, "set-off of refunds", IMPLEMENTED),
    ("AU-39.1(1)", AU, "acceleration: missed one-time payment", IMPLEMENTED),
    ("AU-39.1(2)", AU, "acceleration: rights that are not designated", IMPLEMENTED),
    ("AU-39.1(3)", AU, "acceleration: purchases for business", IMPLEMENTED),
    ("AU-39.1(4)", AU, "acceleration: cases outside the statute", IMPLEMENTED),
    ("AU-39.2(1)", AU, "acceleration: demand without payment", IMPLEMENTED),
    ("AU-39.2(2)", AU, "acceleration: suspension of payments", IMPLEMENTED),
    ("AU-39.2(3)", AU, "acceleration: petition for attachment", IMPLEMENTED),
    ("AU-39.2(4)", AU, "acceleration: insolvency petition", IMPLEMENTED),
    ("AU-39.2(5)", AU, "acceleration: card lent or title harmed", IMPLEMENTED),
    ("AU-39.2(6)", AU, "acceleration: debt settlement", IMPLEMENTED),
    ("AU-39.2(7)", AU, "acceleration: unknown whereabouts", IMPLEMENTED),
    ("AU-39.2(8)", AU, "acceleration: undeliverable notice", IMPLEMENTED),
    ("AU-39.3", AU, "acceleration on demand", IMPLEMENTED),
)

MEASURES_AND_OTHER: tuple[Row, ...] = (
    ("AU-40.1", AU, "withdrawal", IMPLEMENTED),
    ("AU-40.2", AU, "debts outlive the membership", IMPLEMENTED),
    ("AU-41.1", AU, "stop, legal measures or cancellation on twelve grounds", IMPLEMENTED),
    ("AU-41.2", AU, "measures through merchants", FORM),
    ("AU-41.3", AU, "deletion of card data", DATA),
    ("AU-41.4 AU-41.5", AU, "consequences between the parties of a measure", LIABILITY),
    ("AU-42.1 AU-42.2", AU, "relief after loss or theft", IMPLEMENTED),
    ("AU-43.1 AU-43.2", AU, "card data registered on a stranger's phone", IMPLEMENTED),
    ("AU-44.1", AU, "taxes borne by the member", IMPLEMENTED),
    ("AU-44.2", AU, "cost of payment and enforcement", IMPLEMENTED),
    ("AU-44.3", AU, "payment costs set by the lender", IMPLEMENTED),
    ("AU-45.1", AU, "sale, pledge and buy-back of receivables", IMPLEMENTED),
    ("AU-46.1", AU, "venue", IMPLEMENTED),
    ("AU-47", AU, "governing law", READING),
    ("AU-48.1", AU, "currency control", IMPLEMENTED),
    ("AU-49.1", AU, "special agreements come first", READING),
    ("AU-49.2", AU, "change of the terms by notice", SCENARIO),
    ("AUX-CIC(1)", AU, "bureau: identity data", IMPLEMENTED),
    ("AUX-CIC(2)", AU, "bureau: fact of an application", IMPLEMENTED),
    ("AUX-CIC(3)", AU, "bureau: facts of the contract", IMPLEMENTED),
    ("AUX-CIC(4)", AU, "bureau: facts of arrears", IMPLEMENTED),
    ("AUX-CIC-P", AU, "bureau: exchange with partner bureaus", IMPLEMENTED),
    ("AUX-REV(1)", AU, "courses of the revolving plan and their notes", IMPLEMENTED),
    ("AUX-REV(2)", AU, "rate of the revolving plan", IMPLEMENTED),
    ("AUX-REV(3)", AU, "revolving fee across the start of a leap year", IMPLEMENTED),
    ("AUX-INS", AU, "fee table by number of instalments", IMPLEMENTED),
    ("AUX-PRE", AU, "ways of prepayment by plan", IMPLEMENTED),
    ("AUX-PRE(1)", AU, "note 1: running fee at full prepayment", IMPLEMENTED),
    ("AUX-PRE(2)", AU, "note 2: part prepayment goes to principal", IMPLEMENTED),
    ("AUX-FEE", AU, "annual fee", IMPLEMENTED),
)

ROWS: tuple[Row, ...] = (*MEMBERS, *USE, *PLANS, *PAYMENT, *MEASURES_AND_OTHER)

ITEMS: Mapping[str, int] = {
    "AU-34.1": 3,
    "AU-34.5": 6,
    "AU-39.3": 4,
    "AU-41.1": 12,
    "AU-42.2": 8,
}
