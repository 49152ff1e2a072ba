"""Clauses of the au PAY Atobarai terms of au Financial Service (AU) and their tables (AUX)."""

from collections.abc import Mapping

from models.clauses.clause import Product, Row, no_consequence, planned

ACCELERATION = planned("comes with acceleration at au PAY Atobarai")
ADMISSION = planned("comes with admission to au PAY Atobarai")
BUREAU = planned("comes with the credit bureau")
CALENDAR = planned("comes with bills and payments of au PAY Atobarai")
COURT = planned("comes with court proceedings")
INSTALMENTS = planned("comes with the instalment products")
LEAVING = planned("comes with the end of membership at au PAY Atobarai")
LIMITS = planned("comes with limits and authorisation of au PAY Atobarai")
MEASURES = planned("comes with measures against members of au PAY Atobarai")
MISUSE = planned("comes with loss, theft, fraud and cash-out")
ONE_TIME = planned("comes with one-time, two-time and bonus payment")
OVERSEAS = planned("comes with use abroad")
PREPAYMENT = planned("comes with prepayment")
REVOLVING = planned("comes with the revolving plan")
SALE = planned("comes with the sale of receivables")
SCENARIO = planned("comes with dated scenarios: new terms and rates")
STOP = planned("comes with the payment-stop defence")
SUBSCRIPTIONS = planned("comes with subscriptions")

DATA = no_consequence("protection and handling of data: no cash or state effect")
FORM = no_consequence("form of dealings between the parties: no cash or state effect")
LIABILITY = no_consequence("shields the lender from claims: no cash or state effect")
READING = no_consequence("how the terms are to be read: no cash or state effect")

AU: Product = "au PAY Atobarai"

MEMBERS: tuple[Row, ...] = (
    ("AU-1.1 AU-1.2 AU-1.3 AU-1.4 AU-1.5", AU, "definitions", READING),
    ("AU-2.1 AU-2.2", AU, "application and admission", ADMISSION),
    ("AU-3.1 AU-3.2 AU-3.3 AU-3.4", AU, "care of the card data; liability for breach", MISUSE),
    ("AU-4.1 AU-4.2 AU-4.3", AU, "re-issue and change of the card number", MISUSE),
    ("AU-5", AU, "further functions of the card", FORM),
    ("AU-6", AU, "supplementary services", FORM),
    ("AU-7.1 AU-7.2 AU-7.3 AU-7.4", AU, "expiry and renewal", LEAVING),
    ("AU-7.5", AU, "renewed card not confirmed", FORM),
    ("AU-7.6", AU, "debts outlive the card", LEAVING),
    ("AU-8.1 AU-8.2 AU-8.3", AU, "personal identification number", MISUSE),
    ("AU-9.1 AU-9.2", AU, "changed particulars, reported or inferred", MEASURES),
    ("AU-9.3", AU, "notices that count as received", MEASURES),
    ("AU-10.1 AU-10.2", AU, "unfinished identity checks", ADMISSION),
    ("AU-10.3", AU, "exposed persons and anti-money-laundering duties", ADMISSION),
    ("AU-10.4", AU, "explanation of use out of line", MEASURES),
    ("AU-11.1 AU-11.2 AU-11.3 AU-11.4", AU, "antisocial forces and sanctions", MEASURES),
    ("AU-12", AU, "outsourcing", FORM),
    ("AU-13.1 AU-13.2 AU-13.3", AU, "money-laundering concern", MEASURES),
    ("AU-14", AU, "collection and use of data", DATA),
    ("AU-15.1 AU-15.2", AU, "inquiry at and report to the bureau", BUREAU),
    ("AU-16", AU, "disclosure of data", DATA),
    ("AU-17.1", AU, "refused data or consent", ADMISSION),
    ("AU-18.1", AU, "data of applicants not admitted", BUREAU),
    ("AU-19", AU, "data after the end of membership", DATA),
    ("AU-20", AU, "amendment of the data clauses", DATA),
)

USE: tuple[Row, ...] = (
    ("AU-21.1", AU, "standard period", CALENDAR),
    ("AU-22.1", AU, "shopping limit", LIMITS),
    ("AU-22.2", AU, "restriction under anti-money-laundering duties", LIMITS),
    ("AU-22.3", AU, "raise or cut of the limit", LIMITS),
    ("AU-22.4", AU, "temporary raise that reverts", LIMITS),
    ("AU-22.5", AU, "use above the limit", LIMITS),
    ("AU-22.6", AU, "claim of the excess in one sum", LIMITS),
    ("AU-22.7", AU, "documents refused after admission", LIMITS),
    ("AU-23.1", AU, "daily basis for fees", REVOLVING),
    ("AU-23.2", AU, "change of fee rates", SCENARIO),
    ("AU-24.1 AU-24.2 AU-24.3 AU-24.4", AU, "ways of use", FORM),
    ("AU-24.5", AU, "continuing charges", SUBSCRIPTIONS),
    ("AU-24.6", AU, "authorisation", LIMITS),
    ("AU-24.7", AU, "matching of data", FORM),
    ("AU-24.8", AU, "hold of a suspicious use", MISUSE),
    ("AU-24.9", AU, "wrong security code", MISUSE),
    ("AU-24.10", AU, "identity checks at use", FORM),
    ("AU-24.11", AU, "refusal while overdue, and of some goods", LIMITS),
    ("AU-24.12", AU, "cash-out", MISUSE),
    ("AU-25.1 AU-25.2", AU, "the merchant's claim passes to the lender", ONE_TIME),
    ("AU-25.3", AU, "securitisation of receivables", SALE),
    ("AU-26.1", AU, "retention of title", ONE_TIME),
    ("AU-26.2", AU, "agreed cancellation", ONE_TIME),
    ("AU-26.3", AU, "disclosure of purchase data", DATA),
    ("AU-27.1", AU, "unpaid total within the limit", LIMITS),
    ("AU-27.2", AU, "room for the revolving plan", LIMITS),
    ("AU-27.3", AU, "room for instalments", LIMITS),
)

PLANS: tuple[Row, ...] = (
    ("AU-28.1", AU, "payment plans and the default", ONE_TIME),
    ("AU-28.2", AU, "one-time plan for use abroad", OVERSEAS),
    ("AU-28.3(1)", AU, "registration of all use as revolving", REVOLVING),
    ("AU-28.3(2)", AU, "switch of the plan after the purchase", REVOLVING),
    ("AU-29.1", AU, "purchases of a standard period fall due", ONE_TIME),
    ("AU-29.1(1)", AU, "one-time payment", ONE_TIME),
    ("AU-29.1(2)", AU, "two-time payment", ONE_TIME),
    ("AU-29.1(3)", AU, "bonus payment", ONE_TIME),
    ("AU-29.2", AU, "routing to the revolving and instalment rules", REVOLVING),
    ("AU-30.1(1)", AU, "monthly payment of the revolving plan", REVOLVING),
    ("AU-30.1(2)", AU, "revolving fee", REVOLVING),
    ("AU-30.1(3)", AU, "raised monthly payment", REVOLVING),
    ("AU-30.2", AU, "change of the payment method", REVOLVING),
    ("AU-31.1", AU, "total payable and number of instalments", INSTALMENTS),
    ("AU-31.2", AU, "division into instalments", INSTALMENTS),
    ("AU-31.3", AU, "fee table of instalments", INSTALMENTS),
    ("AU-32.1", AU, "prepayment after contact and approval", PREPAYMENT),
    ("AU-32.2", AU, "scope, method and day of a prepayment", PREPAYMENT),
    ("AU-32.3", AU, "irregular prepayment", PREPAYMENT),
    ("AU-32.4", AU, "rebate on full prepayment of instalments", PREPAYMENT),
    ("AU-33.1", AU, "goods that differ from the offer", STOP),
    ("AU-34.1 AU-34.2", AU, "payment-stop defence", STOP),
    ("AU-34.3 AU-34.4", AU, "procedure of the payment stop", STOP),
    ("AU-34.5", AU, "exceptions to the payment stop", STOP),
    ("AU-34.6", AU, "payment goes on for the rest", STOP),
    ("AU-34.7", AU, "no refund of what was paid before", STOP),
)

PAYMENT: tuple[Row, ...] = (
    ("AU-35.1", AU, "due date and direct debit", CALENDAR),
    ("AU-35.2", AU, "refund of differences and overpayments", CALENDAR),
    ("AU-35.3", AU, "failed direct debit", CALENDAR),
    ("AU-35.4", AU, "conversion of foreign use", OVERSEAS),
    ("AU-35.5", AU, "direct debit stopped while late", CALENDAR),
    ("AU-36.1", AU, "electronic statement", CALENDAR),
    ("AU-36.2", AU, "paper statement at a fee", CALENDAR),
    ("AU-36.3", AU, "objection within a week", CALENDAR),
    ("AU-37.1(1)", AU, "damages after acceleration: instalments", ACCELERATION),
    ("AU-37.1(2)", AU, "damages after acceleration: two-time, bonus", ACCELERATION),
    ("AU-37.1(3)", AU, "damages after acceleration: other use", ACCELERATION),
    ("AU-37.2(1)", AU, "late damages on an instalment", INSTALMENTS),
    ("AU-37.2(2)", AU, "late damages on two-time and bonus payment", ONE_TIME),
    ("AU-37.2(3)", AU, "late damages on other use", ONE_TIME),
    ("AU-38.1", AU, "allocation of a short payment", CALENDAR),
    ("AU-38.2", AU, "payment by an unusual way", CALENDAR),
    ("AU-38.3", AU, "allocation as agreed", PREPAYMENT),
    ("AU-38.4", AU, "excess of an early payment", CALENDAR),
    ("AU-38.5", AU, "allocation within the revolving plan", REVOLVING),
    ("AU-38.6", AU, "set-off of refunds", CALENDAR),
    ("AU-39.1(1)", AU, "acceleration: missed one-time payment", ACCELERATION),
    ("AU-39.1(2)", AU, "acceleration: rights that are not designated", ACCELERATION),
    ("AU-39.1(3)", AU, "acceleration: purchases for business", ACCELERATION),
    ("AU-39.1(4)", AU, "acceleration: cases outside the statute", ACCELERATION),
    ("AU-39.2(1)", AU, "acceleration: demand without payment", ACCELERATION),
    ("AU-39.2(2)", AU, "acceleration: suspension of payments", ACCELERATION),
    ("AU-39.2(3)", AU, "acceleration: petition for attachment", ACCELERATION),
    ("AU-39.2(4)", AU, "acceleration: insolvency petition", ACCELERATION),
    ("AU-39.2(5)", AU, "acceleration: card lent or title harmed", ACCELERATION),
    ("AU-39.2(6)", AU, "acceleration: debt settlement", ACCELERATION),
    ("AU-39.2(7)", AU, "acceleration: unknown whereabouts", ACCELERATION),
    ("AU-39.2(8)", AU, "acceleration: undeliverable notice", ACCELERATION),
    ("AU-39.3", AU, "acceleration on demand", ACCELERATION),
)

MEASURES_AND_OTHER: tuple[Row, ...] = (
    ("AU-40.1", AU, "withdrawal", LEAVING),
    ("AU-40.2", AU, "debts outlive the membership", LEAVING),
    ("AU-41.1", AU, "stop, legal measures or cancellation on twelve grounds", MEASURES),
    ("AU-41.2", AU, "measures through merchants", FORM),
    ("AU-41.3", AU, "deletion of card data", DATA),
    ("AU-41.4 AU-41.5", AU, "consequences between the parties of a measure", LIABILITY),
    ("AU-42.1 AU-42.2", AU, "relief after loss or theft", MISUSE),
    ("AU-43.1 AU-43.2", AU, "card data registered on a stranger's phone", MISUSE),
    ("AU-44.1", AU, "taxes borne by the member", CALENDAR),
    ("AU-44.2", AU, "cost of payment and enforcement", COURT),
    ("AU-44.3", AU, "payment costs set by the lender", CALENDAR),
    ("AU-45.1", AU, "sale, pledge and buy-back of receivables", SALE),
    ("AU-46.1", AU, "venue", COURT),
    ("AU-47", AU, "governing law", READING),
    ("AU-48.1", AU, "currency control", OVERSEAS),
    ("AU-49.1", AU, "special agreements come first", READING),
    ("AU-49.2", AU, "change of the terms by notice", SCENARIO),
    ("AUX-CIC(1)", AU, "bureau: identity data", BUREAU),
    ("AUX-CIC(2)", AU, "bureau: fact of an application", BUREAU),
    ("AUX-CIC(3)", AU, "bureau: facts of the contract", BUREAU),
    ("AUX-CIC(4)", AU, "bureau: facts of arrears", BUREAU),
    ("AUX-CIC-P", AU, "bureau: exchange with partner bureaus", BUREAU),
    ("AUX-REV(1)", AU, "courses of the revolving plan and their notes", REVOLVING),
    ("AUX-REV(2)", AU, "rate of the revolving plan", REVOLVING),
    ("AUX-REV(3)", AU, "revolving fee across the start of a leap year", REVOLVING),
    ("AUX-INS", AU, "fee table by number of instalments", INSTALMENTS),
    ("AUX-PRE", AU, "ways of prepayment by plan", PREPAYMENT),
    ("AUX-PRE(1)", AU, "note 1: running fee at full prepayment", PREPAYMENT),
    ("AUX-PRE(2)", AU, "note 2: part prepayment goes to principal", PREPAYMENT),
    ("AUX-FEE", AU, "annual fee", CALENDAR),
)

ROWS: tuple[Row, ...] = (*MEMBERS, *USE, *PLANS, *PAYMENT, *MEASURES_AND_OTHER)

ITEMS: Mapping[str, int] = {
    "AU-34.1": 3,
    "AU-34.5": 6,
    "AU-39.3": 4,
    "AU-41.1": 12,
    "AU-42.2": 8,
}
