"""Clauses composed from several sources: calendar (CAL), collections (COLL), lender (LEN)."""

from models.clauses.clause import IMPLEMENTED, Row

ROWS: tuple[Row, ...] = (
    ("CAL-01", "both lenders", "business days of the bank", IMPLEMENTED),
    ("CAL-02", "both lenders", "roll to the following business day", IMPLEMENTED),
    ("CAL-03", "both lenders", "n-th business day of a month", IMPLEMENTED),
    ("CAL-04", "both lenders", "closings keep their day", IMPLEMENTED),
    ("CAL-05", "au PAY Atobarai", "nominal days for the revolving fee", IMPLEMENTED),
    ("CAL-06", "both lenders", "delinquency counts from the rolled due date", IMPLEMENTED),
    ("COLL-01", "both lenders", "stop of use", IMPLEMENTED),
    ("COLL-02", "both lenders", "in-house dunning", IMPLEMENTED),
    ("COLL-03", "both lenders", "formal demand", IMPLEMENTED),
    ("COLL-04", "both lenders", "law firm against a contingency fee", IMPLEMENTED),
    ("COLL-05", "both lenders", "lawsuit or payment order", IMPLEMENTED),
    ("COLL-06", "both lenders", "judgment and its finality", IMPLEMENTED),
    ("COLL-07", "both lenders", "garnishment of wages", IMPLEMENTED),
    ("COLL-08", "both lenders", "execution against the unemployed", IMPLEMENTED),
    ("COLL-09", "both lenders", "debt settlement by plan", IMPLEMENTED),
    ("COLL-10", "both lenders", "bankruptcy and civil rehabilitation", IMPLEMENTED),
    ("COLL-11", "both lenders", "write-off", IMPLEMENTED),
    ("COLL-12", "both lenders", "recovery after the write-off", IMPLEMENTED),
    ("COLL-13", "both lenders", "prescription of the debt", IMPLEMENTED),
    ("COLL-14", "both lenders", "release of the stop after the cure", IMPLEMENTED),
    ("LEN-01", "both lenders", "merchant discount", IMPLEMENTED),
    ("LEN-02", "both lenders", "date of the payout to merchants", IMPLEMENTED),
    ("LEN-03", "both lenders", "funding cost", IMPLEMENTED),
    ("LEN-04", "both lenders", "variable cost of a bill", IMPLEMENTED),
    ("LEN-05", "both lenders", "charge-back to merchants", IMPLEMENTED),
    ("LEN-06", "NP points", "liability and breakage of points", IMPLEMENTED),
    ("LEN-07", "both lenders", "loss on relief from fraud", IMPLEMENTED),
    ("LEN-08", "au PAY Atobarai", "securitisation at par", IMPLEMENTED),
)
