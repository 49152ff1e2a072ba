"""Notices of a loss that a test gives on a day of its choice."""

import numpy as np

from models.arrays import Ints
from models.members.misuse import User
from sim.engine.state.world import World
from sim.engine.uses.misuse import open_case


def report_loss(world: World, day: int, rows: Ints, user: User = User.THIEF) -> None:
    """Take members' notices of a business day: their uses by that third party are the case."""
    table = world.purchases
    for row in rows.tolist():
        mine = (table.member[: table.size] == row) & (table.user[: table.size] == user)
        purchases = np.flatnonzero(mine)
        open_case(
            world,
            np.array([row]),
            np.array([user]),
            int(world.calendar.month_of[day]),
            np.array([day]),
            purchases,
            np.array([purchases.size]),
        )
