"""A statement of account: its lines, and how they are written in columns of plain text."""

import datetime as dt
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, NamedTuple

Row = dict[str, Any]

BALANCE_OF = {
    "principal_receivable": "principal",
    "fee_receivable": "fees",
    "late_damages_receivable": "late_damages",
    "late_admin_fee_receivable": "late_admin_fees",
    "cost_receivable": "costs",
    "member_credit": "credit",
}
"""Accounts that stand between a member and the lender; all others are the lender's own affair."""


class Balances(NamedTuple):
    """What stands between a member and the lender, yen; the credit is owed to the member."""

    principal: int = 0
    fees: int = 0
    late_damages: int = 0
    late_admin_fees: int = 0
    costs: int = 0
    credit: int = 0

    @property
    def owed(self) -> int:
        """What the member owes before any credit."""
        return sum(self[:-1])

    @property
    def net(self) -> int:
        """What the member owes less the credit."""
        return self.owed - self.credit

    def after(self, posting: Row) -> "Balances":
        """Give the balances after a posting."""
        changes = dict(zip(self._fields, self, strict=True))
        for side, sign in (("debit", 1), ("credit", -1)):
            name = BALANCE_OF.get(posting[side])
            if name is not None:
                # A credit is a liability: it grows when its account is credited.
                changes[name] += (-sign if name == "credit" else sign) * posting["yen"]
        return Balances(**changes)


@dataclass(frozen=True)
class Line:
    """One line of a statement of account.

    Parameters
    ----------
    moment
        Date and time.
    text
        What happened.
    clause
        Clauses that caused it, separated by spaces.
    bill
        Billing month since the start that it is about; -1: none.
    debit_yen, credit_yen
        What it adds to and takes from the net debt of the member.
    balances
        Balances after the line; None if it touches no account of the member.
    is_part
        Whether it explains the line above.
    kind
        Activity of the event log or kind of the posting.
    yen
        Amount it is about.
    """

    moment: dt.datetime
    text: str
    clause: str
    bill: int = -1
    debit_yen: int = 0
    credit_yen: int = 0
    balances: Balances | None = None
    is_part: bool = False
    kind: str = ""
    yen: int = 0


TEXT_WIDTH = 42
HEADINGS = ("debit", "credit", "principal", "fees", "damages", "admin", "costs", "owed", "credit")


def statement_text(lines: Sequence[Line], start: dt.date) -> Iterator[str]:
    """Write lines as columns of text; debit and credit change the balances that follow.

    Parameters
    ----------
    lines
        Lines in order of time.
    start
        First day of the run, which numbers the billing months.

    Yields
    ------
    str
        Lines of text, about 140 columns wide, without line ends.
    """
    amounts = [_amounts(line) for line in lines]
    columns = zip(HEADINGS, *amounts, strict=True)
    widths = [max(map(len, column)) + 2 for column in columns]
    numbers = "".join(map(str.rjust, HEADINGS, widths))
    head = f"{'date and time':<18}{'what happened':<{TEXT_WIDTH}}{'bill':<9}{'clause':<9}{numbers}"
    yield (
        " " * (len(head) - sum(widths[2:]))
        + "balance after the line".center(sum(widths[2:])).rstrip()
    )
    yield head
    yield "-" * len(head)
    shown = ""
    for line, cells in zip(lines, amounts, strict=True):
        when = line.moment.strftime("%Y-%m-%d %H:%M")
        bill = _month(start, line.bill) if line.bill >= 0 else ""
        left = f"{'' if line.is_part or when == shown else when:<18}"
        yield from _rows(line, left, f"{bill:<9}", "".join(map(str.rjust, cells, widths)))
        shown = when
    yield "-" * len(head)


def _amounts(line: Line) -> list[str]:
    """Write the amounts of a line; none where it changes no balance."""
    if line.balances is None:
        return [""] * len(HEADINGS)
    changes = [f"{yen:,}" if yen else "" for yen in (line.debit_yen, line.credit_yen)]
    after = (*line.balances[:5], line.balances.owed, line.balances.credit)
    return [*changes, *(f"{yen:,}" for yen in after)]


def _rows(line: Line, when: str, bill: str, numbers: str) -> Iterator[str]:
    """Write one line, wrapped where its text or its clauses are too long."""
    first = "  " if line.is_part else ""
    texts = textwrap.wrap(
        line.text, TEXT_WIDTH - 1, initial_indent=first, subsequent_indent=first + "  "
    )
    for text, clause in zip_longest(texts, line.clause.split(), fillvalue=""):
        yield f"{when}{text:<{TEXT_WIDTH}}{bill}{clause:<9}{numbers}".rstrip()
        when, bill, numbers = " " * len(when), " " * len(bill), ""


def _month(start: dt.date, number: int) -> str:
    """Name a month by its number since the start."""
    months = start.year * 12 + start.month - 1 + number
    return f"{months // 12}-{months % 12 + 1:02d}"
