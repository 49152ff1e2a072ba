"""New dues: written down, and chained to the newest due of their member."""

import numpy as np
from numpy.typing import NDArray

from models.arrays import Ints
from models.kernels.groups import first_of_runs
from sim.engine.state.world import World


def write_dues(world: World, rows: Ints, **columns: NDArray[np.generic] | int) -> Ints:
    """Write a due of each member row; the books and tallies are the caller's.

    Parameters
    ----------
    world
        Lender; its members' newest due is brought up to date.
    rows
        Member rows, shape (n,); those of a member together, the older due first.
    **columns
        Columns of the dues.

    Returns
    -------
    Ints
        The dues, shape (n,).
    """
    dues = world.dues.append(rows.size, member=rows, **columns)
    is_first = first_of_runs(rows)
    world.dues.previous[dues] = np.where(is_first, world.members.last_due[rows], dues - 1)
    world.members.last_due[rows] = dues
    return dues
