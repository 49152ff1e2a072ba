"""State of the products beside atone: persons who order, points, purchases in instalments.

The tables of a product have rows only where it is on offer. Rows of `Orderers` and `PointAccounts`
are those of `sim.engine.state.portfolio.Members`; in the other tables the rows of a member, or of
a member and a billing month, are chained, each naming the one before (`previous`).
"""

from typing import ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from models.arrays import Ints
from sim.engine.state.portfolio import Purchases
from sim.table import Columns, Table


class Orderers(Table):
    """One row a person: orders by NP Atobarai and air."""

    columns: ClassVar[Columns] = {
        "per_month": (np.float64, 0),
        "air_per_month": (np.float64, 0),
        "price_scale": (np.int32, 1000),
        "method": (np.int8, 0),
        "unsettled_yen": (np.int32, 0),  # authorised or held and not yet paid
        "unshipped_yen": (np.int32, 0),  # authorised, not shipped yet
        "open_yen": (np.int32, 0),  # shipped, not invoiced yet
        "n_orders": (np.int32, 0),
    }
    per_month: NDArray[np.float64]
    air_per_month: NDArray[np.float64]
    price_scale: NDArray[np.int32]
    method: NDArray[np.int8]
    unsettled_yen: NDArray[np.int32]
    unshipped_yen: NDArray[np.int32]
    open_yen: NDArray[np.int32]
    n_orders: NDArray[np.int32]


class PointAccounts(Table):
    """One row a member: the balance and the newest rows of the other tables of points."""

    columns: ClassVar[Columns] = {
        "points": (np.int32, 0),  # points of the lots less the shortfall
        "shortfall": (np.int32, 0),  # to be offset against future points (C-73)
        "pays": (np.bool_, False),  # whether the member pays bills with points
        "last_lot": (np.int32, -1),
        "last_use": (np.int32, -1),
    }
    points: NDArray[np.int32]
    shortfall: NDArray[np.int32]
    pays: NDArray[np.bool_]
    last_lot: NDArray[np.int32]
    last_use: NDArray[np.int32]


class Lots(Table):
    """One row an award: points that expire together."""

    columns: ClassVar[Columns] = {
        "member": (np.int32, 0),
        "purchase": (np.int32, -1),
        "product": (np.int8, 0),
        "last_day": (np.int32, 0),
        "points": (np.int32, 0),  # left
        "previous": (np.int32, -1),
    }
    member: NDArray[np.int32]
    purchase: NDArray[np.int32]
    product: NDArray[np.int8]
    last_day: NDArray[np.int32]
    points: NDArray[np.int32]
    previous: NDArray[np.int32]


class Earnings(Table):
    """One row a posted purchase of a member: what may earn points, and what it has earned."""

    columns: ClassVar[Columns] = {
        "member": (np.int32, 0),
        "purchase": (np.int32, -1),
        "product": (np.int8, 0),
        "month": (np.int16, -1),  # billing month
        "day": (np.int32, 0),  # of the transaction
        "points": (np.int32, 0),  # awarded and not reversed
        "previous": (np.int32, -1),
    }
    member: NDArray[np.int32]
    purchase: NDArray[np.int32]
    product: NDArray[np.int8]
    month: NDArray[np.int16]
    day: NDArray[np.int32]
    points: NDArray[np.int32]
    previous: NDArray[np.int32]


class UseEarnings(Table):
    """One row a purchase: what it may earn."""

    columns: ClassVar[Columns] = {"earning": (np.int32, -1)}
    earning: NDArray[np.int32]

    def cover(self, purchases: Purchases) -> None:
        """Have a row for every purchase."""
        if purchases.size > self.size:
            self.append(purchases.size - self.size)


class PointUses(Table):
    """One row a due that points helped to pay, in whole: what can still come back of it."""

    columns: ClassVar[Columns] = {
        "member": (np.int32, 0),
        "due": (np.int32, -1),
        "points": (np.int32, 0),  # that paid for the price
        "money_yen": (np.int32, 0),
        "fee_points": (np.int32, 0),  # that paid for the fee
        "fee_money_yen": (np.int32, 0),
        "last_day": (np.int32, 0),  # last usable day of the newest points used
        "previous": (np.int32, -1),
    }
    member: NDArray[np.int32]
    due: NDArray[np.int32]
    points: NDArray[np.int32]
    money_yen: NDArray[np.int32]
    fee_points: NDArray[np.int32]
    fee_money_yen: NDArray[np.int32]
    last_day: NDArray[np.int32]
    previous: NDArray[np.int32]


class InstalmentPlans(Table):
    """One row a purchase that atone lets a member pay in instalments."""

    columns: ClassVar[Columns] = {
        "member": (np.int32, 0),
        "purchase": (np.int32, -1),
        "n_payments": (np.int8, 0),
        "number": (np.int8, 0),  # instalments billed so far
        "open_yen": (np.int32, 0),  # not billed yet
    }
    member: NDArray[np.int32]
    purchase: NDArray[np.int32]
    n_payments: NDArray[np.int8]
    number: NDArray[np.int8]
    open_yen: NDArray[np.int32]


class Chained(Protocol):
    """A table whose rows name the row before in their chain."""

    previous: NDArray[np.int32]


def chained(table: Chained, last: Ints) -> tuple[Ints, Ints]:
    """Give all rows of the chains that end with some rows, newest first by chain.

    Returns
    -------
    tuple[Ints, Ints]
        The rows, and the place in `last` of the end of each one's chain.
    """
    place = (last >= 0).nonzero()[0]
    current = last[place].astype(np.int64)
    found, places = [current], [place]
    while current.size:
        current = table.previous[current].astype(np.int64)
        goes_on = (current >= 0).nonzero()[0]
        if goes_on.size < current.size:
            current, place = current[goes_on], place[goes_on]
        found.append(current)
        places.append(place)
    return np.concatenate(found), np.concatenate(places)


def append_chained(
    table: Table, last: NDArray[np.int32], chain: Ints, **values: NDArray[np.generic] | int
) -> Ints:
    """Append a row to each chain, after the newest one there, and give the numbers of the rows.

    Parameters
    ----------
    table
        Rows with a column `previous`.
    last
        Newest row by chain, -1: none; it is brought up to date.
    chain
        Chain of each new row, repetitions allowed, shape (n,).
    values
        Columns of the new rows.
    """
    new = table.append(chain.size, **values)
    order = np.argsort(chain, kind="stable")
    chain, ordered = chain[order], new[order]
    previous = last[chain]
    repeats = np.flatnonzero(chain[1:] == chain[:-1])
    previous[repeats + 1] = ordered[repeats]
    table.previous[ordered] = previous  # type: ignore[attr-defined]
    last[chain] = ordered
    return new


class PointBooks:
    """All tables of the points.

    Parameters
    ----------
    n_rows
        Member rows.
    n_months
        Billing months.
    """

    def __init__(self, n_rows: int, n_months: int) -> None:
        self.accounts = PointAccounts(n_rows)
        self.accounts.append(n_rows)
        self.lots = Lots(n_rows)
        self.earnings = Earnings(n_rows)
        self.last_earning = np.full(n_rows * n_months, -1, dtype=np.int32)
        """Newest earning of each member and billing month, at the places of `months_of`."""
        self.by_use = UseEarnings(16)
        self._n_months = n_months
        self.uses = PointUses(16)

    def months_of(self, rows: Ints, month: Ints) -> Ints:
        """Give the place in `last_earning` of members and billing months, shape (n,)."""
        return rows * np.int64(self._n_months) + month

    def earnings_of(self, months: Ints) -> tuple[Ints, Ints]:
        """Give all earnings of members in billing months (`months_of`), and the place of each."""
        return chained(self.earnings, self.last_earning[months])
