"""The agenda: what is to be done on which night, by rows, so that a night touches nobody else.

A task belongs to the closing of a business day or to the opening of one. The cohort's agenda hands
out all rows of a task at once, the members' agenda those of one member; the steps cannot tell.
"""

from collections import defaultdict
from collections.abc import Callable
from enum import Enum, unique
from typing import Protocol

import numpy as np

from models.arrays import Ints


@unique
class Task(Enum):
    """Things that are planned ahead; closing tasks name a business day, opening tasks a morning."""

    REVIEWED = ("closing", "purchase", "a reviewer has answered")
    HOLD_ENDS = ("closing", "purchase", "a hold has lasted long enough")
    POST = ("closing", "purchase", "goods are shipped")
    CANCEL = ("closing", "purchase", "a cancellation is reported")
    PRICE_CUT = ("closing", "purchase", "a merchant lowers a price")
    PAYOUT = ("closing", "purchase", "the merchant is paid")
    BILL_APART = ("closing", "purchase", "a use with terms of its own is billed")
    QUESTION = ("closing", "purchase", "an inquiry into a use begins")
    LOOKED_INTO = ("closing", "incident", "an inquiry into a use ends")
    DECIDE = ("closing", "incident", "a case of use by a third party is decided")
    REPOSSESS = ("closing", "member", "goods of an accelerated member may be taken back")
    CALLED = ("closing", "member", "a call session has ended")
    AGENCY_WORKED = ("closing", "member", "the law firm has worked a case")
    PAPERS_READY = ("closing", "member", "a legal clerk has prepared papers")
    DOCKETED = ("closing", "member", "the court's clerk has taken papers up")
    GARNISH = ("closing", "member", "an attached wage is paid")
    PLAN_PAYMENT = ("closing", "member", "a payment of a plan is due")
    PROCEED = ("opening", "member", "a clock of the proceedings ends")
    RETAIN = ("opening", "member", "a member may retain an intermediary")
    PETITION = ("opening", "member", "a member may file for insolvency")
    ARRANGE = ("opening", "member", "a plan begins, or a discharge is given")
    ATTACHED_ELSEWHERE = ("opening", "member", "another lender has attached a wage")
    PRESCRIBE = ("opening", "member", "a claim may be prescribed")
    TOLD = ("closing", "member", "a script says what a member does")
    PAY = ("closing", "due", "a bill is paid by hand")
    PAY_ARREARS = ("closing", "member", "arrears are paid")
    PAY_PART = ("closing", "due", "a part of a bill is paid")
    DEBIT = ("closing", "due", "an account is debited")
    DEBIT_AGAIN = ("closing", "due", "the bank is asked for another debit")
    CLAIMED = ("closing", "member", "a claim is payable at once")
    FALL_DUE = ("closing", "due", "a due date ends")
    AWARD = ("closing", "earning", "points are awarded")
    EXPIRE = ("closing", "lot", "points expire")
    INVOICE = ("closing", "purchase", "an order is invoiced")
    INSTALMENT = ("closing", "plan", "an instalment is billed")
    SWITCH = ("closing", "purchase", "a member asks for another plan of a use")
    CUT_OFF = ("closing", "member", "a revolving account is captured")
    CAPTURE = ("closing", "purchase", "a revolving use is captured")
    FEE_MONTH = ("closing", "member", "the fee month of a revolving account ends")
    ANNOUNCE = ("closing", "due", "a leg comes on the statement")
    PREPAY = ("closing", "member", "debts are paid before they fall due")
    PAYMENT_STOP = ("closing", "purchase", "a member stops paying for a use")
    STOP_OVER = ("closing", "purchase", "the ground of a payment stop ends")
    OBJECT = ("opening", "member", "a member objects to a statement")
    CHARGE = ("opening", "purchase", "a merchant charges a former member")
    STATED = ("opening", "member", "a statement goes out")
    PROMISE_ENDS = ("opening", "member", "a promise should have been kept")
    STATEMENT = ("opening", "due", "the statement is shown")
    REMIND = ("opening", "due", "a reminder goes out")
    STOP = ("opening", "member", "use is stopped")
    RELEASE = ("opening", "member", "use is released")
    REPORT = ("opening", "incident", "use by a third party is reported")
    STOP_ENDS = ("opening", "member", "a stop on suspicion of a third party ends")
    CASH_OUT = ("opening", "purchase", "a use that aims at cash is found out")
    BREACH = ("opening", "member", "an inquiry has proved a breach")
    CARD_FEE = ("opening", "member", "the annual fee of the app card is due")
    RE_REVIEW = ("opening", "member", "limits are looked at again")
    SCREENED = ("opening", "member", "the answer to an application is sent")
    UNMASKED = ("opening", "member", "a ground for refusal is found later")
    IDENTITY = ("opening", "member", "identity checks are finished or overdue")
    SUSPENSION_ENDS = ("opening", "member", "a suspension for conduct ends")
    DOUBT_ENDS = ("opening", "member", "doubts of a merchant are resolved")
    SUSPICION_ENDS = ("opening", "member", "an investigation of ties ends")
    METHOD = ("closing", "member", "another pay method is chosen")
    LIFE_EVENT = ("opening", "member", "something happens to a membership")
    LEAVE = ("opening", "member", "a wish to leave is looked at again")
    ESTATE = ("opening", "member", "an estate is settled")
    ACCELERATE = ("opening", "member", "a missed payment accelerates")
    DEMAND = ("opening", "member", "a formal demand is due")
    DEMAND_ENDS = ("opening", "member", "the time of a formal demand has ended")
    CURE_ENDS = ("opening", "member", "an acceleration can be cured no longer")
    PUT_BACK = ("opening", "due", "accelerated principal goes back into its revolving account")
    LEARN = ("opening", "member", "the lender learns of a ground")
    REPORTABLE = ("opening", "member", "arrears are old enough for the bureau")
    AU_EVENT = ("opening", "member", "something happens to a member of au PAY")
    REVERT = ("opening", "member", "a temporary limit ends")
    CARD_BACK = ("opening", "member", "lost card data work again")
    CARD_ENDS = ("opening", "member", "card data expire")
    DIED = ("opening", "member", "the lender learns of a death")
    DEFAULT = ("opening", "member", "arrears may be old enough to be a default")
    SELL = ("opening", "member", "arrears may be sold")
    DUN = ("opening", "member", "a step of the ladder is due")
    WRITE_OFF = ("opening", "member", "arrears may be old enough")
    APPLY = ("opening", "member", "a person applies")
    WISH = ("opening", "purchase", "a member wants to buy")

    __hash__ = object.__hash__  # that of Enum is slow: it hashes the name, in Python

    def __init__(self, phase: str, owner: str, meaning: str) -> None:
        self.is_closing = phase == "closing"
        self.owner = owner
        self.meaning = meaning


NOTHING = np.zeros(0, dtype=np.int64)
NEVER = 1 << 30
"""Day of what does not happen."""
FEW = 64
"""So many rows are planned one by one: that is faster than sorting them by day."""


class Agenda(Protocol):
    """What the steps see of an agenda."""

    def schedule(self, task: Task, days: Ints | int, rows: Ints) -> None:
        """Plan a task for rows, shape (n,), on one day for all or by row."""

    def add(self, task: Task, day: int, row: int) -> None:
        """Plan a task for one row on one day."""

    def take(self, task: Task, day: int, member: int) -> Ints:
        """Take the rows planned for a day; member -1 stands for everybody."""


class CohortAgenda:
    """Rows by task and day."""

    def __init__(self) -> None:
        self._rows: dict[tuple[Task, int], list[Ints]] = {}
        self._single: dict[tuple[Task, int], list[int]] = {}

    def schedule(self, task: Task, days: Ints | int, rows: Ints) -> None:
        """Plan a task for rows on days."""
        if not rows.size:
            return
        if not isinstance(days, np.ndarray):
            self._rows.setdefault((task, int(days)), []).append(rows)
        elif rows.size <= FEW:
            for day, row in zip(days.tolist(), rows.tolist(), strict=True):
                self.add(task, day, row)
        elif days[0] == days[-1] and (days == days[0]).all():
            self._rows.setdefault((task, int(days[0])), []).append(rows)
        else:
            self._plan_by_day(task, days, rows)

    def _plan_by_day(self, task: Task, days: Ints, rows: Ints) -> None:
        """Plan a task for many rows on days."""
        if (days[1:] < days[:-1]).any():
            # Short numbers are sorted by their digits, which is several times faster.
            order = np.argsort((days - days.min()).astype(np.uint16), kind="stable")
            days, rows = days[order], rows[order]
        starts = [0, *((days[1:] != days[:-1]).nonzero()[0] + 1).tolist()]
        ends = [*starts[1:], rows.size]
        for day, start, end in zip(days[starts].tolist(), starts, ends, strict=True):
            self._rows.setdefault((task, day), []).append(rows[start:end])

    def add(self, task: Task, day: int, row: int) -> None:
        """Plan a task for one row on one day."""
        self._single.setdefault((task, day), []).append(row)

    def take(self, task: Task, day: int, member: int) -> Ints:
        """Take all rows of a task and day."""
        del member
        planned = task, day
        parts = self._rows.pop(planned, None)
        if planned in self._single:
            parts = [*(parts or []), np.array(self._single.pop(planned), dtype=np.int64)]
        if parts is None:
            return NOTHING
        return parts[0] if len(parts) == 1 else np.concatenate(parts)


class MembersAgenda:
    """Rows by member, night, task and day.

    Parameters
    ----------
    owner_of
        Gives the member rows that own rows of a table, by the name that `Task.owner` gives it.
    wake
        Called with a member row and a night that it must not sleep through.
    """

    def __init__(
        self, owner_of: Callable[[str, Ints], Ints], wake: Callable[[int, int], None]
    ) -> None:
        self._owner_of = owner_of
        self._wake = wake
        self._rows: dict[int, dict[tuple[Task, int], list[int]]] = defaultdict(dict)

    def schedule(self, task: Task, days: Ints | int, rows: Ints) -> None:
        """Plan a task for rows on days."""
        owners = self._owner_of(task.owner, rows).tolist()
        by_row = days.tolist() if isinstance(days, np.ndarray) else [int(days)] * rows.size
        for day, row, member in zip(by_row, rows.tolist(), owners, strict=True):
            self._rows[member].setdefault((task, day), []).append(row)
            self._wake(member, day + task.is_closing)

    def add(self, task: Task, day: int, row: int) -> None:
        """Plan a task for one row on one day."""
        self.schedule(task, np.array([day]), np.array([row]))

    def take(self, task: Task, day: int, member: int) -> Ints:
        """Take one member's rows of a task and day."""
        rows = self._rows[member].pop((task, day), None)
        return NOTHING if rows is None else np.array(rows, dtype=np.int64)

    def next_night(self, member: int) -> int:
        """Give the next night on which something is planned for a member."""
        return min((day + task.is_closing for task, day in self._rows[member]), default=NEVER)
