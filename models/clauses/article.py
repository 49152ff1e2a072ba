"""Clauses drawn from the consumer article on atone arrears (ART)."""

from models.clauses.clause import IMPLEMENTED, Row, no_consequence

ROWS: tuple[Row, ...] = (
    ("ART-01", "both lenders", "economic stress raises missed payments", IMPLEMENTED),
    ("ART-02", "NP members", "one operator, one payment history for both services", IMPLEMENTED),
    (
        "ART-03",
        "atone",
        "comparison of atone and NP Atobarai: rhythm and size of fees",
        IMPLEMENTED,
    ),
    ("ART-04", "atone", "individual limit under a general ceiling", IMPLEMENTED),
    (
        "ART-05",
        "atone",
        "application through the app",
        no_consequence("the channel of an application moves neither cash nor state"),
    ),
    (
        "ART-06",
        "atone",
        "payment by code in a shop",
        no_consequence("a till asks for authorisation like a shop online (NP-24.1)"),
    ),
    ("ART-07", "atone", "online use: screening of the order, then shipment", IMPLEMENTED),
    ("ART-08", "atone", "screening on own payment records, without a bureau", IMPLEMENTED),
    ("ART-09", "atone", "use stops while payment is late", IMPLEMENTED),
    ("ART-10", "atone", "dunning by the lender's own department", IMPLEMENTED),
    ("ART-11", "atone", "handover to a law firm", IMPLEMENTED),
    ("ART-12", "atone", "lawsuit, then attachment of wages", IMPLEMENTED),
    ("ART-13", "atone", "the lender prevails in court almost always", IMPLEMENTED),
    ("ART-14", "both lenders", "an intermediary ends dunning and brings instalments", IMPLEMENTED),
    ("ART-15", "both lenders", "help sought early is worth more", IMPLEMENTED),
    ("ART-16", "both lenders", "settlement reaches the debts to other lenders", IMPLEMENTED),
    ("ART-17", "NP Atobarai", "same treatment of arrears as for atone", IMPLEMENTED),
    ("ART-18", "atone", "an order within the limit may still be declined", IMPLEMENTED),
)
