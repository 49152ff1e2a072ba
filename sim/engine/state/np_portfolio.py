"""State of the products beside atone: persons who order, points, purchases in instalments.

The tables of a product have rows only where it is on offer. Rows of `Orderers` and `PointAccounts`
are those of `sim.engine.state.portfolio.Members`; in the other tables the rows of a member, or of
a member and a billing month, are chained, each naming the one before (`previous`).
"""

import numpy as np
from numpy.typing import NDArray

from models.arrays import Ints
from sim.engine.state.portfolio import Purchases
from sim.table import Table, column


class Chained(Table):
    """Rows in chains; each names the row before in its chain."""

    previous = column(np.int32, -1)


class Orderers(Table):
    """One row a person: orders by NP Atobarai and air."""

    per_month = column(np.float64)
    air_per_month = column(np.float64)
    price_scale = column(np.int32, 1000)
    method = column(np.int8)
    unsettled_yen = column(np.int32)  # authorised or held and not yet paid
    unshipped_yen = column(np.int32)  # authorised, not shipped yet
    open_yen = column(np.int32)  # shipped, not invoiced yet
    n_orders = column(np.int32)


class PointAccounts(Table):
    """One row a member: the balance and the newest rows of the other tables of points."""

    points = column(np.int32)  # points of the lots less the shortfall
    shortfall = column(np.int32)  # to be offset against future points (C-73)
    pays = column(np.bool_)  # whether the member pays bills with points
    last_lot = column(np.int32, -1)
    last_use = column(np.int32, -1)


class Lots(Chained):
    """One row an award: points that expire together."""

    member = column(np.int32)
    purchase = column(np.int32, -1)
    product = column(np.int8)
    last_day = column(np.int32)
    points = column(np.int32)  # left


class Earnings(Chained):
    """One row a posted purchase of a member: what may earn points, and what it has earned."""

    member = column(np.int32)
    purchase = column(np.int32, -1)
    product = column(np.int8)
    month = column(np.int16, -1)  # billing month
    day = column(np.int32)  # of the transaction
    points = column(np.int32)  # awarded and not reversed


class UseEarnings(Table):
    """One row a purchase: what it may earn."""

    earning = column(np.int32, -1)

    def cover(self, purchases: Purchases) -> None:
        """Have a row for every purchase."""
        if purchases.size > self.size:
            self.append(purchases.size - self.size)


class PointUses(Chained):
    """One row a due that points helped to pay, in whole: what can still come back of it."""

    member = column(np.int32)
    due = column(np.int32, -1)
    points = column(np.int32)  # that paid for the price
    money_yen = column(np.int32)
    fee_points = column(np.int32)  # that paid for the fee
    fee_money_yen = column(np.int32)
    last_day = column(np.int32)  # last usable day of the newest points used


class InstalmentPlans(Table):
    """One row a purchase that atone lets a member pay in instalments."""

    member = column(np.int32)
    purchase = column(np.int32, -1)
    n_payments = column(np.int8)
    number = column(np.int8)  # instalments billed so far
    open_yen = column(np.int32)  # not billed yet


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
    table: Chained, last: NDArray[np.int32], chain: Ints, **values: NDArray[np.generic] | int
) -> Ints:
    """Append a row to each chain, after the newest one there, and give the numbers of the rows.

    Parameters
    ----------
    table
        Where to write them.
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
    table.previous[ordered] = previous
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
