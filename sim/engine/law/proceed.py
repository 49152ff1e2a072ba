"""Proceedings by stage: what follows when a clerk, the court or a clock is done (COLL-05)."""

from collections.abc import Callable, Mapping

from models.arrays import Ints
from models.policy.law.proceedings import Stage
from sim.engine.law.courts import (
    apply,
    begin_lawsuit,
    begin_second_service,
    begin_service,
    end_objection,
    end_second_service,
    end_service,
    file_lawsuit,
    give_judgment,
    make_final,
    request_execution,
)
from sim.engine.law.execution import attach, execute, petition
from sim.engine.state.world import World

Step = Callable[[World, int, Ints], None]

PREPARED: Mapping[Stage, Step] = {
    Stage.TO_APPLY: apply,
    Stage.TO_REQUEST: request_execution,
    Stage.TO_SUE: file_lawsuit,
    Stage.TO_ATTACH: petition,
}
"""What a legal clerk's papers are for."""
TAKEN_UP: Mapping[Stage, Step] = {
    Stage.APPLIED: begin_service,
    Stage.REQUESTED: begin_second_service,
    Stage.SUED: begin_lawsuit,
    Stage.PETITIONED: attach,
}
"""What the court does with papers."""
CLOCKS: Mapping[Stage, Step] = {
    Stage.SERVICE: end_service,
    Stage.OBJECTION: end_objection,
    Stage.SECOND_SERVICE: end_second_service,
    Stage.LAWSUIT: give_judgment,
    Stage.TITLE: make_final,
    Stage.FINAL: execute,
    Stage.IDLE: execute,
}
"""What happens when the time of a stage is over."""


def take_papers(world: World, day: int, rows: Ints) -> None:
    """Use the papers that legal clerks have prepared on a day."""
    _by_stage(world, day, rows, PREPARED)


def take_up_papers(world: World, day: int, rows: Ints) -> None:
    """Act on the papers that the court has taken up on a day."""
    _by_stage(world, day, rows, TAKEN_UP)


def end_clocks(world: World, day: int, rows: Ints) -> None:
    """End the clocks that run out on a morning."""
    rows = rows[world.proceedings.day[rows] == day]
    _by_stage(world, day, rows, CLOCKS)


def _by_stage(world: World, day: int, rows: Ints, steps: Mapping[Stage, Step]) -> None:
    """Take each member's step by the stage of the proceedings, which none leaves meanwhile."""
    stages = world.proceedings.stage[rows]
    for stage, step in steps.items():
        chosen = rows[stages == int(stage)]
        if chosen.size:
            step(world, day, chosen)
