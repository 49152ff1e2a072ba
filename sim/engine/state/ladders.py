"""The ladders of dunning as tables: what happens on each rung, for whom, and on which day.

A rung is a step of the ladder of a strategy. Its number is `MOST_STEPS` times the number of the
strategy plus that of the step, so that one table answers for all strategies at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.arrays import Bools, Floats, Ints
from models.members.repayment import N_REASONS
from models.policy.collections import (
    ANYBODY,
    CALL,
    HAND_OVER,
    SUE,
    Collections,
    Condition,
    Ladder,
    Priority,
)
from sim.record.tallies import Stages

MOST_STEPS = 64
"""More than a ladder can have."""
BY_CALL = -1
BY_HAND_OVER = -2
BY_SUIT = -3
NO_DAY = -1
SPECIAL = {CALL: BY_CALL, HAND_OVER: BY_HAND_OVER, SUE: BY_SUIT}
"""Numbers of the actions that are no channel."""


@dataclass(frozen=True)
class LadderPlan:
    """The ladder of one strategy."""

    steps: Ladder
    call_priority: Priority
    stages: tuple[str, ...]  # of collection, by number of steps taken


@dataclass(frozen=True)
class Rungs:
    """The rungs of all ladders, by number; what lies above a ladder has no day.

    What a channel is like is tabulated with the rungs on which it is used.
    """

    day: Ints  # days past due, `NO_DAY` above the last step
    action: Ints  # number of the channel, or a special number below 0
    reach: Floats  # share of its letters or messages that are read
    is_postal: Bools
    response: Floats  # (rungs, 5): share that pays because of it, by `Reason`
    conditions: dict[int, Condition]  # of the rungs that are not for anybody


def ladder_plans(collections: Collections) -> tuple[LadderPlan, ...]:
    """Give the ladder of each strategy."""
    desk = collections.call_desk.priority
    priorities = [one.call_priority or desk for one in collections.strategies] or [desk]
    return tuple(
        LadderPlan(
            steps,
            priority,
            stages_of(steps),
        )
        for steps, priority in zip(collections.ladders(), priorities, strict=True)
    )


def stages_of(ladder: Ladder) -> tuple[str, ...]:
    """Name the stage of collection by steps taken; a case kept in house stays where it was."""
    names = [Stages.NO_CONTACT]
    for step in ladder:
        special = {CALL: Stages.CALLS, HAND_OVER: names[-1], SUE: names[-1]}
        names.append(special.get(step.action, step.action))
    return tuple(names)


def stages_by_step(ladders: Sequence[LadderPlan]) -> tuple[tuple[str, ...], Ints]:
    """Give all stages of collection, and their places by strategy and number of steps taken."""
    of_ladders = [name for one in ladders for name in one.stages]
    names = tuple(dict.fromkeys([*Stages.BEYOND, *of_ladders]))
    n_steps = max(len(one.stages) for one in ladders)
    places = [
        [names.index(one.stages[min(step, len(one.stages) - 1)]) for step in range(n_steps)]
        for one in ladders
    ]
    return names, np.array(places, dtype=np.int64)


def rungs_of(collections: Collections) -> Rungs:
    """Tabulate the rungs of all ladders."""
    ladders = collections.ladders()
    number = SPECIAL | {name: place for place, name in enumerate(collections.channels)}
    size = len(ladders) * MOST_STEPS
    rungs = Rungs(
        day=np.full(size, NO_DAY),
        action=np.zeros(size, dtype=np.int64),
        reach=np.zeros(size),
        is_postal=np.zeros(size, dtype=bool),
        response=np.zeros((size, N_REASONS)),
        conditions={},
    )
    for strategy, steps in enumerate(ladders):
        for rung, step in enumerate(steps, strategy * MOST_STEPS):
            rungs.day[rung] = step.day
            rungs.action[rung] = number[step.action]
            if step.when != ANYBODY:
                rungs.conditions[rung] = step.when
            if step.action in collections.channels:
                channel = collections.channels[step.action]
                rungs.reach[rung] = channel.reach
                rungs.is_postal[rung] = channel.is_postal
                rungs.response[rung] = channel.response.by_reason()
    return rungs
