"""Callers and clerks fall over mid-call, members pay or go bankrupt mid-call: nothing is lost."""

from collections import Counter
from random import Random

import numpy as np
import pytest
from hypothesis import given

from models.policy.collections import CALL
from sim.config import Config
from sim.engine.desks.desk import Desk
from sim.engine.desks.work import NOBODY
from sim.engine.drivers import drive_cohort
from sim.engine.dues.payments import collect_arrears
from sim.engine.law.arrangements import note
from sim.engine.members.population import populate
from sim.engine.simulation import run_to_the_end, set_up
from sim.engine.state.case_book import Kind
from sim.engine.state.legal_portfolio import Arrangement
from sim.engine.state.world import MINUTES_PER_DAY, World
from sim.record.eventlog import Record
from tests.property.chronicle import Chronicle, Entry
from tests.property.random_au import au_configs
from tests.property.random_configs import examples
from tests.property.random_debtors import with_slow_desks
from tests.property.rules_of_collection import (
    assert_desks_in_order,
    assert_in_order,
    assert_left_alone,
    assert_nobody_is_forgotten,
    assert_worked_once,
)

BREAKS = 400
"""Instants at which somebody interferes."""


class Trouble:
    """Somebody who breaks off work, or has members pay or petition while they are worked on."""

    def __init__(self, worlds: list[World], random: Random) -> None:
        self._worlds = worlds
        self._random = random
        self.done: Counter[str] = Counter()

    def strike(self) -> None:
        """Do one thing to a random person at work, if there is one."""
        world = self._random.choice(self._worlds)
        desks = [desk for desk in vars(world.desks[0]).values() if desk.n_busy]
        if not desks:
            return
        desk = self._random.choice(desks)
        work = self._random.choice([one for one in desk.works() if one.staff != NOBODY])
        staff, table = work.staff, world.cases.table
        row, kind = int(table.row[work.subject]), Kind(table.kind[work.subject])
        what = self._random.choice(("interrupt", "interrupt", "pays", "settles", "petitions"))
        if what == "interrupt":
            self._interrupt(desk, staff)
        elif kind == Kind.REVIEW:
            return
        else:
            self._change_ground(world, row, what)
        self.done[f"{what}: {kind.name}"] += 1

    @staticmethod
    def _interrupt(desk: Desk, staff: int) -> None:
        """Break off what a person does; it waits again, or is moot."""
        n_busy, n_waiting = desk.n_busy, desk.n_waiting
        work = desk.interrupt(staff)
        assert work is not None
        assert desk.n_busy == n_busy - 1
        assert desk.n_waiting == n_waiting + (not work.is_moot)

    @staticmethod
    def _change_ground(world: World, row: int, what: str) -> None:
        """Take away the ground of the work on a member."""
        now, rows = float(world.env.now), np.array([row])
        day = int(now)
        if what == "pays":
            if world.members.overdue_since[row] >= 0:
                collect_arrears(world, day, rows, None)
        else:
            kind = Arrangement.SETTLEMENT if what == "settles" else Arrangement.BANKRUPTCY
            note(world, day, rows, kind, int((now - day) * MINUTES_PER_DAY))


def assert_sessions_are_limited(world: World, life: list[Entry]) -> None:
    """Every call step and every broken promise is good for one series of sessions."""
    collections = world.config.collections
    steps = max(
        sum(step.action == CALL for step in ladder.steps) for ladder in world.derived.ladders
    )
    sessions = called = broken = 0
    for entry in life:
        if entry.name == "spell_begun":
            called = broken = 0
        called += entry.name == "called"
        broken += entry.name == "promise_broken"
        sessions = collections.call_desk.sessions * (steps + broken)
        assert called <= sessions, entry


@pytest.mark.clause("COLL-02", "COLL-04", "COLL-05", "ART-14")
def test_work_broken_off_or_overtaken_is_neither_lost_nor_done_twice() -> None:
    done: Counter[str] = Counter()

    @examples(4)
    @given(config=au_configs(members=(15, 20), months=(4, 6), alone=False))
    def at_both_lenders(config: Config) -> None:
        config = with_slow_desks(config)
        random = Random(config.seed)  # noqa: S311 - draws of a test
        with Chronicle().written() as chronicle:
            worlds = set_up(config, [0], Record.nothing())
            drive_cohort(worlds)
            populate(worlds[0].economy, worlds)
            trouble = Trouble(worlds, random)
            for at in sorted(random.uniform(10, worlds[0].n_days) for _ in range(BREAKS)):
                worlds[0].env.run(until=int(at) + 0.38 + 0.35 * (at - int(at)))
                trouble.strike()
            run_to_the_end(worlds)
        done.update(trouble.done)
        for world in worlds:
            lives = chronicle.lives(world)
            assert_desks_in_order(world)
            assert_nobody_is_forgotten(world, lives)
            for life in lives.values():
                assert_left_alone(life)
                assert_in_order(life)
                assert_worked_once(life, world.n_days)
                assert_sessions_are_limited(world, life)

    at_both_lenders()
    reached = {name for name, n in done.items() if n}
    assert reached >= {"interrupt: CALL", "interrupt: FILING", "pays: CALL", "settles: CALL"}, done
