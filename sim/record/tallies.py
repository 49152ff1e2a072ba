"""Tallies of a pass beside postings and events: pictures, delays, stages, sums by member."""

from collections.abc import Sequence

import numpy as np

from models.arrays import Ints
from models.codes import Code
from sim.record.accounts import Account
from sim.table import Table, add_to_cells, column


class Bucket(Code):
    """Members by days past due of the oldest unpaid bill at a month's end."""

    NOT_A_MEMBER = 0
    NO_DEBT = 1
    CURRENT = 2
    DPD_1_30 = 3
    DPD_31_60 = 4
    DPD_61_90 = 5
    DPD_91_180 = 6
    DPD_181_PLUS = 7
    WRITTEN_OFF = 8


class Snapshots:
    """Month-end pictures: members and principal by bucket, moves between buckets, and vintages.

    Parameters
    ----------
    n_replications
        Replications in the pass.
    n_months
        Months of the run.
    n_rows
        Member rows of all replications.

    Notes
    -----
    `history` is the bucket by month and member row. `sound` counts the members of a bucket who are
    not in default, `defaults` those of them whose next default begins within `PD_MONTHS`.
    `vintages` counts members by month of the picture, month of joining, and `STANDINGS`.
    """

    STANDINGS = ("members", "now_30", "now_60", "now_90", "ever_30", "ever_60", "ever_90")
    """Members on the books, in arrears for at least so many days now, and at any time so far."""
    PD_MONTHS = 12

    def __init__(self, n_replications: int, n_months: int, n_rows: int) -> None:
        shape = (n_replications, n_months, len(Bucket))
        self._n_members = n_rows // n_replications
        self.members = np.zeros(shape, dtype=np.int64)
        self.principal_yen = np.zeros(shape, dtype=np.int64)
        self.placed_yen = np.zeros(shape[:2], dtype=np.int64)
        self.owed_yen = np.zeros((*shape[:2], len(Account)), dtype=np.int64)
        """By receivable, what the tables of members and dues say; not what the ledger says."""
        self.moves = np.zeros((*shape, len(Bucket)), dtype=np.int64)
        self.moved_yen = np.zeros_like(self.moves)
        self.history = np.zeros((n_months, n_rows), dtype=np.int8)
        self.sound = np.zeros(shape, dtype=np.int64)
        self.defaults = np.zeros(shape, dtype=np.int64)
        self.fates = Fates(n_replications, n_months, n_rows)
        n_standings = len(self.STANDINGS)
        self.vintages = np.zeros((*shape[:2], n_months, n_standings), dtype=np.int64)

    def count_defaults(self, month: int, rows: Ints, sound_since: Ints) -> None:
        """Count defaults that begin, in the pictures of the year before.

        Parameters
        ----------
        month
            Month of the defaults.
        rows
            Unique member rows, shape (n,).
        sound_since
            First month in whose picture the member is not in default, shape (n,).
        """
        months = np.arange(max(0, month - self.PD_MONTHS), month)[:, np.newaxis]
        before, member = np.nonzero(months >= sound_since)
        before += months[0, 0] if months.size else 0
        rows = rows[member]
        _, n_months, n_buckets = self.defaults.shape
        cell = rows // self._n_members * n_months + before
        cell = cell * n_buckets + self.history[before, rows]
        np.add.at(self.defaults.reshape(-1), cell, 1)  # NOTE: one flat index is 10 times faster


class Fates:
    """What became of month-end balances: price written off, and price recovered of that.

    Cells by replication, month end and the bucket in which the member was then. Price counts in
    every picture between its posting and its writing off.
    """

    KINDS = ("written_off", "recovered")

    def __init__(self, n_replications: int, n_months: int, n_rows: int) -> None:
        self._n_members = n_rows // n_replications
        shape = (n_replications, n_months, len(Bucket))
        self.yen = {kind: np.zeros(shape, dtype=np.int64) for kind in self.KINDS}

    def add(self, kind: str, history: Ints, month: int, rows: Ints, since: Ints, yen: Ints) -> None:
        """Count price yen of member rows in all pictures before a month, shape (n,) each.

        `since` is the month in which the price was posted.
        """
        add_to_cells(self.yen[kind], *self.cells(history, month, rows, since, yen))

    def cells(
        self, history: Ints, month: int, rows: Ints, since: Ints, yen: Ints
    ) -> tuple[tuple[Ints, Ints, Ints], Ints]:
        """Give the cells that price yen belong to, and the yen of each."""
        first = int(since.min(initial=month))
        at, item = np.nonzero(np.arange(first, month)[:, np.newaxis] >= since)
        at += first
        bucket = history[at, rows[item]]
        kept = bucket != Bucket.WRITTEN_OFF
        at, item, bucket = at[kept], item[kept], bucket[kept]
        return (rows[item] // self._n_members, at, bucket), yen[item]


class PaymentDelays:
    """Price yen billed, and price yen that came in by source and days from the due date.

    What comes in is noted night by night and counted at once, a month's end at the latest.
    """

    FIRST = -45
    LAST = 900
    SOURCES = ("cash", "credit", "agency", "garnishment", "plan", "recovery")

    def __init__(self, n_replications: int, n_months: int, n_members: int) -> None:
        self._shape = (n_replications, n_months, self.LAST - self.FIRST + 1)
        self._n_members = n_members
        self._yen = np.zeros((len(self.SOURCES), *self._shape), dtype=np.int64)
        self._noted: list[tuple[Ints, Ints, Ints, Ints, Ints]] = []
        """Not counted yet: place in `SOURCES`, member rows, month, days from the due date, yen."""
        self.billed_yen = np.zeros(self._shape[:2], dtype=np.int64)
        self.bills = np.zeros(self._shape[:2], dtype=np.int64)

    @property
    def yen(self) -> Ints:
        """Price yen that came in, shape (replications, months, sources, days)."""
        self.count()
        return np.moveaxis(self._yen, 0, 2)

    def bill(self, rows: Ints, month: Ints | int, yen: Ints) -> None:
        """Count bills of a month, one for all or by bill, and the price on them, shape (n,)."""
        np.add.at(self.bills.reshape(-1), self._cells(rows, month), 1)
        self.change_billed(rows, month, yen)

    def change_billed(self, rows: Ints, month: Ints | int, yen: Ints) -> None:
        """Count price that comes on bills counted elsewhere, or below 0 leaves them."""
        np.add.at(self.billed_yen.reshape(-1), self._cells(rows, month), yen)

    def _cells(self, rows: Ints, month: Ints | int) -> Ints:
        """Give the cells of bills, by replication and month, shape (n,)."""
        return rows // self._n_members * self._shape[1] + month

    def add(self, source: str | Ints, rows: Ints, month: Ints, delay: Ints, yen: Ints) -> None:
        """Note price yen of member rows, shape (n,) each.

        `source` is one for all, or the place in `SOURCES` by row.
        """
        if isinstance(source, str):
            source = np.full(rows.size, self.SOURCES.index(source))
        self._noted.append((source, rows, month, delay, yen))

    def count(self) -> None:
        """Put the yen noted since the last count into their cells."""
        if not self._noted:
            return
        number, rows, month, delay, yen = map(np.concatenate, zip(*self._noted, strict=True))
        self._noted.clear()
        n_replications, n_months, n_delays = self._shape
        cell = number * n_replications + rows // self._n_members
        cell = (cell * n_months + month) * n_delays
        cell += np.minimum(np.maximum(delay, self.FIRST), self.LAST) - self.FIRST
        # NOTE: one flat index is 10 times faster
        np.add.at(self._yen.reshape(-1), cell, yen)


class Stages:
    """Cost of contacts and cash on overdue claims, by month and stage of collection.

    A stage is the last rung of the ladder that was taken, a channel by its name or calls, or what
    follows it: the law firm, the court, attached wages, a plan, after the write-off. A stage has a
    row from its first cost or cash on. Cash is noted night by night and counted at once, a month's
    end at the latest.
    """

    NO_CONTACT = "no_contact"
    REMINDER = "reminder"
    CALLS = "calls"
    LAW_FIRM = "law_firm"
    COURT = "court"
    GARNISHMENT = "garnishment"
    PLAN = "plan"
    AFTER_WRITE_OFF = "after_write_off"
    BEYOND = (NO_CONTACT, LAW_FIRM, COURT, GARNISHMENT, PLAN, AFTER_WRITE_OFF)
    """What there is beside a ladder, each further than those before."""

    def __init__(self, n_replications: int, n_months: int, n_members: int) -> None:
        self._shape = (n_replications, n_months, 2)
        self._n_members = n_members
        self.costs: dict[str, Ints] = {}
        """Contacts and their cost in yen by stage, shape (replications, months, 2)."""
        self._cash: dict[str, Ints] = {}
        self._noted: dict[tuple[Sequence[str], int], list[tuple[Ints, Ints, Ints]]] = {}
        """Cash not counted yet by names of stages and month: stage, member rows, yen."""

    @property
    def cash(self) -> dict[str, Ints]:
        """Payments on dues and their yen by stage, shape (replications, months, 2)."""
        self.count()
        return self._cash

    def spend(self, stage: str, month: int, rows: Ints, cost_yen: int) -> None:
        """Count a contact of each member row and what each costs."""
        if rows.size:
            count = np.bincount(rows // self._n_members, minlength=self._shape[0])
            self._add(self.costs, stage, month, count, count * cost_yen)

    def collect(
        self, stages: Sequence[str], stage: Ints, month: int, rows: Ints, yen: Ints
    ) -> None:
        """Note cash on overdue dues of member rows; `stage` is a place in `stages`, shape (n,)."""
        self._noted.setdefault((stages, month), []).append((stage, rows, yen))

    def count(self) -> None:
        """Put the cash noted since the last count into its cells; no cash is no payment."""
        for (stages, month), parts in self._noted.items():
            stage, rows, yen = map(np.concatenate, zip(*parts, strict=True))
            n_replications, n_stages = self._shape[0], len(stages)
            shape = n_stages, n_replications
            cell = stage * n_replications + rows // self._n_members
            count = np.bincount(cell[yen > 0], minlength=n_stages * n_replications).reshape(shape)
            sums = np.bincount(cell, yen, n_stages * n_replications).astype(np.int64).reshape(shape)
            present = count.sum(axis=1).nonzero()[0].tolist()
            for number in sorted(present, key=stages.__getitem__):
                self._add(self._cash, stages[number], month, count[number], sums[number])
        self._noted.clear()

    def _add(self, table: dict[str, Ints], stage: str, month: int, count: Ints, yen: Ints) -> None:
        """Add counts and yen by replication, shape (replications,) each."""
        if stage not in table:
            table[stage] = np.zeros(self._shape, dtype=np.int64)
        cells = table[stage][:, month]
        cells[:, 0] += count
        cells[:, 1] += yen


class MemberTallies(Table):
    """One row a member: what is summed by person until the end of the run."""

    products = column(np.int16)  # bit by `Product`: a purchase of it was posted
    uses_authorised = column(np.int32)
    uses_declined = column(np.int32)
    contacts = column(np.int32)
    late_fee_yen = column(np.int32)
    late_damages_yen = column(np.int32)
    written_off_yen = column(np.int32)
    net_loss_yen = column(np.int32)
