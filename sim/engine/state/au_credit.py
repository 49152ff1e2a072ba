"""State of credit at au PAY Atobarai: arrears, acceleration, limits, card data, bureau files.

The tables have rows only where the product is on offer. Rows of `Standings` are those of
`sim.engine.state.portfolio.Members`, rows of `Legs` those of `sim.engine.state.portfolio.Dues`.
"""

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from models.arrays import Ints
from models.policy.bureau import NOTHING, Files
from models.products.au_pay.arrears import Ground
from sim.engine.state.portfolio import Dues
from sim.table import Columns, Table


class Standings(Table):
    """One row a member: how the lender stands towards that person's credit."""

    columns: ClassVar[Columns] = {
        # acceleration and its cure (AU-39, C-55)
        "ground": (np.int8, Ground.NONE),  # of the strongest acceleration
        "ground_day": (np.int32, -1),
        "demanded_day": (np.int32, -1),  # dispatch of the demand; also: DEMANDED
        "is_returned": (np.bool_, False),  # the demand came back
        # the shopping limit
        "temporary_yen": (np.int32, 0),
        "temporary_until": (np.int32, -1),
        # the card data
        "usable_day": (np.int32, -1),
        # the file at the bureau (AUX-CIC)
        "inquired_day": (np.int32, int(NOTHING)),
        "opened_day": (np.int32, int(NOTHING)),
        "closed_day": (np.int32, int(NOTHING)),
        "arrears_day": (np.int32, int(NOTHING)),
    }
    ground: NDArray[np.int8]
    ground_day: NDArray[np.int32]
    demanded_day: NDArray[np.int32]
    is_returned: NDArray[np.bool_]
    temporary_yen: NDArray[np.int32]
    temporary_until: NDArray[np.int32]
    usable_day: NDArray[np.int32]
    inquired_day: NDArray[np.int32]
    opened_day: NDArray[np.int32]
    closed_day: NDArray[np.int32]
    arrears_day: NDArray[np.int32]

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

    columns: ClassVar[Columns] = {
        "own_day": (np.int32, -1),  # due day before acceleration; -1: not accelerated
        "was_scheduled": (np.bool_, False),  # accelerated before it was on a statement
        "group": (np.int32, -1),  # row of `LateGroups`
        "kind": (np.int8, 0),  # of the uses on a revolving payment: 1 to 3 for AU-39.1 (2) to (4)
        "is_of_account": (np.bool_, False),  # accelerated before the account billed it
        "tax_yen": (np.int32, 0),  # consumption tax put on its finance charge (AU-44.1)
    }
    was_scheduled: NDArray[np.bool_]
    own_day: NDArray[np.int32]
    group: NDArray[np.int32]
    kind: NDArray[np.int8]
    is_of_account: NDArray[np.bool_]
    tax_yen: NDArray[np.int32]

    def cover(self, dues: Dues) -> None:
        """Have a row for every due."""
        if dues.size > self.size:
            self.append(dues.size - self.size)


class LateGroups(Table):
    """One row late payments that share a cap of late damages (AU-37, C-30, C-48).

    Kept: balances as they stand since `through`, yen times time of the balances before, and the
    damages posted of it. A sum is floored once, however often the balances moved.
    """

    columns: ClassVar[Columns] = {
        "member": (np.int64, 0),
        "key": (np.int32, -1),  # purchase, or member row under one cap for all uses (C-30)
        "plan": (np.int8, 0),
        "is_accelerated": (np.bool_, False),
        "through": (np.int32, -1),
        "late_yen": (np.int64, 0),
        "rest_yen": (np.int64, 0),
        "late_weight": (np.int64, 0),
        "late_days": (np.int64, 0),
        "rest_weight": (np.int64, 0),
        "rest_days": (np.int64, 0),
        "posted_yen": (np.int64, 0),
    }
    member: NDArray[np.int64]
    key: NDArray[np.int32]
    plan: NDArray[np.int8]
    is_accelerated: NDArray[np.bool_]
    through: NDArray[np.int32]
    late_yen: NDArray[np.int64]
    rest_yen: NDArray[np.int64]
    late_weight: NDArray[np.int64]
    late_days: NDArray[np.int64]
    rest_weight: NDArray[np.int64]
    rest_days: NDArray[np.int64]
    posted_yen: NDArray[np.int64]


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
