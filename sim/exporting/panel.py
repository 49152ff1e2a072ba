"""The member-month panel: one row a member, lender and month end, as loan tapes have them.

docs/data.md says what each column means; `PANEL_SCHEMA` is its names, types and order.
"""

import datetime as dt
from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from models.arrays import Bools, Ints
from sim.engine.books import buckets
from sim.engine.state.portfolio import DueStatus, Status
from sim.engine.state.world import World
from sim.exporting.accounts import NEVER, RECEIVABLES, MemberAccounts
from sim.record.accounts import Account
from sim.record.ledger import Line
from sim.record.tallies import Bucket

DAYS_PER_CYCLE = 30
_EPOCH = dt.date(1970, 1, 1)
STATES = [bucket.name.lower() for bucket in Bucket]
STATUSES = [status.name.lower() for status in Status]
ENDED = (Status.CANCELLED, Status.WITHDRAWN, Status.DECEASED)

PANEL_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "id": pl.String,
    "replication": pl.Int32,
    "lender": pl.String,
    "member": pl.Int32,
    "month": pl.Int16,
    "as_of": pl.Date,
    "vintage": pl.Date,
    "months_on_book": pl.Int16,
    "status": pl.String,
    "closed_date": pl.Date,
    "closed_reason": pl.String,
    "bucket_before": pl.String,
    "bucket": pl.String,
    "days_past_due": pl.Int32,
    "cycles_past_due": pl.Int16,
    "principal_yen": pl.Int64,
    "fee_yen": pl.Int64,
    "late_damages_yen": pl.Int64,
    "late_admin_fee_yen": pl.Int64,
    "cost_yen": pl.Int64,
    "owed_yen": pl.Int64,
    "credit_yen": pl.Int64,
    "overdue_yen": pl.Int64,
    "next_due_date": pl.Date,
    "scheduled_yen": pl.Int64,
    "charged_yen": pl.Int64,
    "paid_yen": pl.Int64,
    "charged_off_yen": pl.Int64,
    "other_credits_yen": pl.Int64,
    "limit_yen": pl.Int64,
    "used_yen": pl.Int64,
    "utilisation": pl.Float64,
    "bills": pl.Int32,
    "bills_late": pl.Int32,
    "first_default_date": pl.Date,
    "with_law_firm": pl.Boolean,
    "charge_off_date": pl.Date,
    "charged_off_to_date_yen": pl.Int64,
    "recovered_to_date_yen": pl.Int64,
}


class Pictures:
    """Month-end pictures of chosen members at one lender.

    Parameters
    ----------
    world
        The lender's world, not yet begun.
    rows
        Member rows in ascending order.
    """

    def __init__(self, world: World, rows: Ints) -> None:
        self.accounts = MemberAccounts(world.members.size)
        self.rows = rows
        self.first_month = np.full(rows.size, NEVER, dtype=np.int16)
        """Month at whose end a row was first a customer."""
        self.state_before = np.full(rows.size, NEVER)
        """Buckets at the month end before the last; `NEVER` in the first month."""
        self.state = np.full(rows.size, NEVER)
        """Buckets at the last month end, shape (rows,)."""
        self._world = world
        self._first_default = np.full(rows.size, NEVER, dtype=np.int32)

    def close_night(self, day: int, lines: Sequence[Line]) -> None:
        """Book the lines of a business day and note who is in default."""
        self.accounts.take(lines)
        start = self._world.members.spell_start[self.rows]
        is_default = (start >= 0) & (day - start >= self._world.config.economics.default_dpd)
        is_new = is_default & (self._first_default == NEVER)
        self._first_default[is_new] = day

    def close_month(self, day: int) -> None:
        """Move on to the states at a month's last day."""
        month = int(self._world.calendar.month_of[day])
        self.state_before = self.state
        self.state = buckets(self._world, day)[self.rows]
        is_new = (self.state != Bucket.NOT_A_MEMBER) & (self.first_month == NEVER)
        self.first_month[is_new] = month

    def begin_month(self) -> None:
        """Forget the flows of the month that is written."""
        self.accounts.begin_month()

    @property
    def is_customer(self) -> Bools:
        """Which of the rows are, or were, customers."""
        return np.asarray(self.first_month != NEVER)

    def panel(self, day: int) -> pl.DataFrame:
        """Give the panel at a month's last day, by replication and member."""
        chosen = np.flatnonzero(self.is_customer)
        rows = self.rows[chosen]
        columns: dict[str, pl.Series | np.ndarray] = {
            **_identity(self._world, rows),
            **self._age(chosen, day),
            **self._standing(chosen, day),
            **self._money(rows),
            **_dues(self._world, rows, day),
            **_limits(self._world, rows),
        }
        frame = pl.DataFrame(columns).with_columns(
            pl.sum_horizontal(_NAMES.values()).alias("owed_yen"),
            lender=pl.lit(self._world.lender.name.lower()),
        )
        frame = frame.with_columns(id=identifier())
        return frame.select(pl.col(name).cast(dtype) for name, dtype in PANEL_SCHEMA.items())

    def _age(self, chosen: Ints, day: int) -> dict[str, pl.Series | np.ndarray]:
        """Give the month, and how long each member has been on the books."""
        world, first = self._world, self.first_month[chosen]
        month = int(world.calendar.month_of[day])
        n = chosen.size
        return {
            "month": np.full(n, month),
            "as_of": dates(world, np.full(n, day)),
            "vintage": dates(world, world.calendar.month_first[first]),
            "months_on_book": month - first,
        }

    def _standing(self, chosen: Ints, day: int) -> dict[str, pl.Series | np.ndarray]:
        """Give what each member is, and how late."""
        world, members, rows = self._world, self._world.members, self.rows[chosen]
        has_ended = np.isin(members.status[rows], ENDED)
        since = members.overdue_since[rows]
        past_due = np.where(since >= 0, np.maximum(day - since, 0), 0)
        status = names(members.status[rows], STATUSES)
        return {
            "status": status,
            "closed_date": dates(world, np.where(has_ended, members.ended_day[rows], NEVER)),
            "closed_reason": names(np.where(has_ended, members.status[rows], NEVER), STATUSES),
            "bucket_before": names(self.state_before[chosen], STATES),
            "bucket": names(self.state[chosen], STATES),
            "days_past_due": past_due,
            "cycles_past_due": -(-past_due // DAYS_PER_CYCLE),
            "first_default_date": dates(world, self._first_default[chosen]),
            "with_law_firm": members.is_placed[rows],
            "bills": members.bills[rows],
            "bills_late": members.bills_late[rows],
        }

    def _money(self, rows: Ints) -> dict[str, pl.Series | np.ndarray]:
        """Give the balances of each member, and what moved them in the month."""
        accounts = self.accounts
        return {
            **{name: accounts.owed[account][rows] for account, name in _NAMES.items()},
            "credit_yen": accounts.credit_yen[rows],
            "charged_yen": accounts.charged_yen[rows],
            "paid_yen": accounts.paid_yen[rows],
            "charged_off_yen": accounts.charged_off_yen[rows],
            "other_credits_yen": accounts.other_credits_yen[rows],
            "charge_off_date": dates(self._world, accounts.charge_off_day[rows]),
            "charged_off_to_date_yen": accounts.charged_off_to_date_yen[rows],
            "recovered_to_date_yen": accounts.recovered_to_date_yen[rows],
        }


_NAMES: Mapping[Account, str] = {
    account: f"{account.name.lower().removesuffix('_receivable')}_yen" for account in RECEIVABLES
}


def _identity(world: World, rows: Ints) -> dict[str, pl.Series | np.ndarray]:
    """Give whose rows these are."""
    persons = world.persons
    return {"replication": persons.replication[rows], "member": persons.number[rows]}


def _dues(world: World, rows: Ints, day: int) -> dict[str, pl.Series | np.ndarray]:
    """Give what is overdue, and what falls due next."""
    table = world.dues
    place = np.full(world.members.size, NEVER)
    place[rows] = np.arange(rows.size)
    status = table.status[: table.size]
    is_ahead = (status == DueStatus.OPEN) | (status == DueStatus.SCHEDULED)
    late = np.flatnonzero(status == DueStatus.OVERDUE)
    late = late[place[table.member[late]] != NEVER]
    ahead = np.flatnonzero(is_ahead & (table.due_day[: table.size] > day))
    ahead = ahead[place[table.member[ahead]] != NEVER]
    next_day = np.full(rows.size, np.iinfo(np.int32).max)
    np.minimum.at(next_day, place[table.member[ahead]], table.due_day[ahead])
    ahead = ahead[table.due_day[ahead] == next_day[place[table.member[ahead]]]]
    overdue, scheduled = np.zeros((2, rows.size), dtype=np.int64)
    for yen, dues in ((overdue, late), (scheduled, ahead)):
        for part in (
            table.price_yen,
            table.fee_yen,
            table.damages_yen,
            table.admin_yen,
            table.cost_yen,
            table.late_damages_yen,
        ):
            np.add.at(yen, place[table.member[dues]], part[dues])
    has_next = next_day < np.iinfo(np.int32).max
    return {
        "overdue_yen": overdue,
        "next_due_date": dates(world, np.where(has_next, next_day, NEVER)),
        "scheduled_yen": scheduled,
    }


def _limits(world: World, rows: Ints) -> dict[str, pl.Series | np.ndarray]:
    """Give the cumulative limit and how much of it is used."""
    limit = world.members.limit_yen[rows].astype(np.int64)
    used = world.members.unsettled_yen[rows].astype(np.int64)
    share = np.divide(used, limit, out=np.zeros(rows.size), where=limit > 0)
    return {
        "limit_yen": limit,
        "used_yen": used,
        "utilisation": pl.Series(share).set(pl.Series(limit == 0), None),
    }


def identifier(member: str = "member") -> pl.Expr:
    """Give the id of a member's account at a lender: to no program a number or a date."""
    return pl.format("{}-{}-{}", "lender", "replication", member)


def names(numbers: np.ndarray, of: list[str]) -> pl.Series:
    """Give names by number, null for `NEVER`."""
    places = pl.Series(numbers.astype(np.int32))
    return pl.Series(of, dtype=pl.String).gather(places.set(places == NEVER, None))


def dates(world: World, days: np.ndarray) -> pl.Series:
    """Give dates by day since the start, null for `NEVER`."""
    series = pl.Series(days.astype(np.int32))
    start = (world.config.start - _EPOCH).days
    return (series.set(series == NEVER, None) + start).cast(pl.Date)
