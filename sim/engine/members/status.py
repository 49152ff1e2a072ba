"""Who is a member, by the status that a lender keeps."""

import numpy as np

from models.arrays import Bools, Ints
from models.codes import one_of
from sim.engine.state.portfolio import Status
from sim.engine.state.world import World

IS_MEMBER = one_of(Status.ACTIVE, Status.SUSPENDED)
"""Whether a person is a member, by `Status`."""
HAS_ENDED = one_of(Status.CANCELLED, Status.WITHDRAWN, Status.DECEASED)
"""Whether a membership has ended, by `Status`."""


def is_member(world: World, rows: Ints) -> Bools:
    """Tell who is a member, suspended or not; applicants and those who left are none."""
    status = world.members.status[rows]
    return np.asarray(IS_MEMBER[status])


def has_ended(world: World, rows: Ints) -> Bools:
    """Tell whose membership has ended; applicants and who was refused never had one."""
    status = world.members.status[rows]
    return np.asarray(HAS_ENDED[status])
