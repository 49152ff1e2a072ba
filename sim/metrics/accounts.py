"""Which account is what in the income statement; every posting is counted through its accounts."""

from collections.abc import Mapping

import polars as pl

from sim.record.accounts import Account
from sim.record.postings import POSTINGS, Posting

INCOME_ACCOUNTS = {
    Account.SERVICE_FEE_INCOME: "service_fees",
    Account.FAILED_DEBIT_FEE_INCOME: "failed_debit_fees",
    Account.LATE_DAMAGES_INCOME: "late_damages",
    Account.LATE_ADMIN_FEE_INCOME: "late_admin_fees",
    Account.MERCHANT_DISCOUNT_INCOME: "merchant_discount",
    Account.REFUND_FEE_INCOME: "refund_fees",
    Account.COST_CLAIM_INCOME: "cost_claims",
    Account.CARD_FEE_INCOME: "card_fees",
    Account.DISCLOSURE_FEE_INCOME: "disclosure_fees",
    Account.FINANCE_CHARGE_INCOME: "finance_charges",
    Account.SERVICING_INCOME: "servicing",
}
"""Kind of income by account."""

COST_ACCOUNTS = {
    Account.BILLING_COST: "billing",
    Account.COLLECTION_COST: "collection",
    Account.AGENCY_COST: "agency",
    Account.LEGAL_COST: "legal",
    Account.SCREENING_COST: "screening",
    Account.FUNDING_COST: "funding",
    Account.FRAUD_LOSS: "fraud",
    Account.POINTS_EXPENSE: "points",
}
"""Kind of cost by account."""

NOT_OF_COLLECTION = {
    Account.BILLING_COST,
    Account.SCREENING_COST,
    Account.FUNDING_COST,
    Account.FRAUD_LOSS,
    Account.POINTS_EXPENSE,
}
"""Costs that no stage of collection causes; every other account of costs is one of collection."""

RECEIVABLE_ACCOUNTS = {
    Account.PRINCIPAL_RECEIVABLE: "principal",
    Account.FEE_RECEIVABLE: "fees",
    Account.LATE_DAMAGES_RECEIVABLE: "late_damages",
    Account.LATE_ADMIN_FEE_RECEIVABLE: "late_admin_fees",
    Account.COST_RECEIVABLE: "costs",
}
"""Component of a claim by account."""


SALE = "AU-45.1"
"""Clause of the postings by which claims are sold."""

LINE_BY_ACCOUNT = {
    Account.MERCHANT_PAYABLE: "cancelled_yen",
    Account.CASH: "paid_yen",
    Account.MEMBER_CREDIT: "netted_yen",
    Account.POINTS_LIABILITY: "paid_by_points_yen",
    Account.WRITE_OFF: "written_off_yen",
    Account.FRAUD_LOSS: "exempted_yen",
}
"""Line of a receivable by the account that is debited for it; any other: released."""

LINES = ("charged_yen", *LINE_BY_ACCOUNT.values(), "sold_yen", "released_yen")
"""Lines of a receivable; the first raises it, all others lower it."""


def lines_of(posting: Posting) -> dict[Account, str]:
    """Give the line that a posting is in, by the receivable that it moves."""
    found = {}
    if posting.credit in RECEIVABLE_ACCOUNTS:
        line = LINE_BY_ACCOUNT.get(posting.debit, "released_yen")
        is_sale = posting.debit is Account.WRITE_OFF and posting.clause == SALE
        found[posting.credit] = "sold_yen" if is_sale else line
    if posting.debit in RECEIVABLE_ACCOUNTS:
        found[posting.debit] = "charged_yen"
    return found


def loss_lines() -> dict[str, dict[str, int]]:
    """Give the postings of each line of the losses, with their sign."""
    found: dict[str, dict[str, int]] = {
        "written_off_yen": {},
        "price_written_off_yen": {},
        "sold_yen": {},
        "price_sold_yen": {},
        "exempted_yen": {},
        "recovered_yen": {},
    }
    for posting in POSTINGS:
        name = posting.name.lower()
        given_up = "sold_yen" if posting.clause == SALE else "written_off_yen"
        for account, line in (
            (Account.WRITE_OFF, given_up),
            (Account.FRAUD_LOSS, "exempted_yen"),
        ):
            if account in (posting.debit, posting.credit):
                found[line][name] = 1 if posting.debit is account else -1
        if posting.debit is Account.WRITE_OFF and posting.credit is Account.PRINCIPAL_RECEIVABLE:
            found[f"price_{given_up}"][name] = 1
        if Account.RECOVERY in (posting.debit, posting.credit):
            found["recovered_yen"][name] = 1 if posting.credit is Account.RECOVERY else -1
    return found


LOSS_LINES = loss_lines()


def kinds_credited(accounts: Mapping[Account, str]) -> dict[str, tuple[str, int]]:
    """Give kind and sign by posting: 1 where it credits an account, -1 where it debits one."""
    return _kinds(accounts, 1)


def kinds_debited(accounts: Mapping[Account, str]) -> dict[str, tuple[str, int]]:
    """Give kind and sign by posting: 1 where it debits an account, -1 where it credits one."""
    return _kinds(accounts, -1)


def kinds_given_up(loss: Account) -> dict[str, tuple[str, int]]:
    """Give component and sign by posting that books a claim as a loss, or takes that back."""
    found = {}
    for posting in POSTINGS:
        if posting.debit is loss:
            found[posting.name.lower()] = (RECEIVABLE_ACCOUNTS.get(posting.credit, "principal"), 1)
        elif posting.credit is loss:
            found[posting.name.lower()] = (RECEIVABLE_ACCOUNTS.get(posting.debit, "principal"), -1)
    return found


def _kinds(accounts: Mapping[Account, str], sign_of_credit: int) -> dict[str, tuple[str, int]]:
    """Give kind and sign of the postings on some accounts."""
    found = {}
    for posting in POSTINGS:
        if posting.credit in accounts:
            found[posting.name.lower()] = (accounts[posting.credit], sign_of_credit)
        elif posting.debit in accounts:
            found[posting.name.lower()] = (accounts[posting.debit], -sign_of_credit)
    return found


def signed(postings: pl.DataFrame, kinds: Mapping[str, tuple[str, int]]) -> pl.DataFrame:
    """Give the postings of some kinds with their sign; what is taken back is not counted."""
    signs = {key: sign for key, (_, sign) in kinds.items()}
    chosen = postings.filter(pl.col("key").is_in(list(kinds)))
    if chosen.is_empty():
        return chosen
    sign = pl.col("key").replace_strict(signs, return_dtype=pl.Int64)
    chosen = chosen.with_columns(sign=sign)
    return chosen.with_columns(
        pl.col("yen") * pl.col("sign"), pl.when(pl.col("sign") > 0).then("count").otherwise(0)
    ).drop("sign")
