"""Who is a member, by the status that a lender keeps."""

import numpy as np

from models.arrays import Bools, Ints
from models.codes import one_of
from sim.engine.state.portfolio import Status
from sim.engine.state.world import World

IS_MEMBER = one_of(Status.ACTIVE, Status.SUSPENDED)
"""Whether a person is a member, by `Status`."""


def is_member(world: World, rows: Ints) -> Bools:
    """Tell who is a member, suspended or not; applicants and those who left are none."""
    status = world.members.status[rows]
    return np.asarray(IS_MEMBER[status])
