"""State of credit at au PAY Atobarai: arrears, acceleration, limits, card data, bureau files.

The tables have rows only where the product is on offer. Rows of `Standings` are those of
`sim.engine.state.portfolio.Members`, rows of `Legs` those of `sim.engine.state.portfolio.Dues`.
"""

import numpy as np

from models.arrays import Ints
from models.policy.bureau import NOTHING, Files
from models.products.au_pay.arrears import Ground
from sim.engine.state.portfolio import Dues
from sim.table import Table, column


class Standings(Table):
    """One row a member: how the lender stands towards that person's credit."""

    # acceleration and its cure (AU-39, C-55)
    ground = column(np.int8, Ground.NONE)  # of the strongest acceleration
    ground_day = column(np.int32, -1)
    demanded_day = column(np.int32, -1)  # dispatch of the demand; also: DEMANDED
    demand_ends_day = column(np.int32, -1)  # morning on which debts accelerate if it is not met
    is_returned = column(np.bool_)  # the demand came back
    # the shopping limit
    temporary_yen = column(np.int32)
    temporary_until = column(np.int32, -1)
    # the card data
    usable_day = column(np.int32, -1)
    # the file at the bureau (AUX-CIC)
    inquired_day = column(np.int32, int(NOTHING))
    opened_day = column(np.int32, int(NOTHING))
    closed_day = column(np.int32, int(NOTHING))
    arrears_day = column(np.int32, int(NOTHING))

    def files(self, rows: Ints) -> Files:
        """Give what is registered at the bureau about members."""
        return Files(
            self.inquired_day[rows],
            self.opened_day[rows],
            self.closed_day[rows],
            self.arrears_day[rows],
        )


class Legs(Table):
    """One row a due: its own due day where another is in force, and where it bears damages."""

    own_day = column(np.int32, -1)  # due day before acceleration; -1: not accelerated
    was_scheduled = column(np.bool_)  # accelerated before it was on a statement
    group = column(np.int32, -1)  # row of `LateGroups`
    kind = column(np.int8)  # of the uses on a revolving payment: 1 to 3 for AU-39.1 (2) to (4)
    is_of_account = column(np.bool_)  # accelerated before the account billed it
    tax_yen = column(np.int32)  # consumption tax put on its finance charge (AU-44.1)

    def cover(self, dues: Dues) -> None:
        """Have a row for every due."""
        if dues.size > self.size:
            self.append(dues.size - self.size)


class LateGroups(Table):
    """One row late payments that share a cap of late damages (AU-37, C-30, C-48).

    Kept: balances as they stand since `through`, yen times time of the balances before, and the
    damages posted of it. A sum is floored once, however often the balances moved.
    """

    member = column(np.int64)
    key = column(np.int32, -1)  # purchase, or member row under one cap for all uses (C-30)
    plan = column(np.int8)
    is_accelerated = column(np.bool_)
    through = column(np.int32, -1)
    late_yen = column(np.int64)
    rest_yen = column(np.int64)
    late_weight = column(np.int64)
    late_days = column(np.int64)
    rest_weight = column(np.int64)
    rest_days = column(np.int64)
    posted_yen = column(np.int64)


class Credit:
    """All tables of credit at one lender.

    Parameters
    ----------
    n_rows
        Member rows; 0 where the product is not on offer.
    """

    def __init__(self, n_rows: int) -> None:
        self.standings = Standings(n_rows)
        if n_rows:
            self.standings.append(n_rows)
        self.legs = Legs(0)
        self.groups = LateGroups(0)
