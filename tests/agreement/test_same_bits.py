"""Same seed, same bits: nothing but the configuration and the replication decides a number.

Not the size or order of the batches, not who else is in the pass, not the workers, not what is
recorded, not Python's hashes, not the processor's vector width. And common random numbers: a member
keeps its life when another one is added or when a new question is put to chance.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import cast
from unittest.mock import patch

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from polars.testing import assert_frame_equal

import sim.engine.night
from models.arrays import Floats, Ints
from models.products.catalogue import Lender
from sim.config import Config, load_config
from sim.engine.agenda import CohortAgenda, Task
from sim.engine.clock import Clock
from sim.engine.contracts import sign
from sim.engine.night import close_day
from sim.engine.simulation import Outcome, simulate
from sim.engine.state.economy import Economy
from sim.engine.state.portfolio import PurchaseStatus, Status
from sim.engine.state.world import World
from sim.experiment import facts_digest, run
from sim.record.eventlog import Activity, Record
from sim.rng import Randomness, Stream
from tests.property.random_configs import configs, examples

ROOT = Path(__file__).resolve().parents[2]
SMALL = ["population.members=150", "months=9", "collections.call_desk.callers=1"]

PRINT_DIGEST = """\
import hashlib, json, sys
import numpy as np
from models.products.catalogue import Lender
from sim.config import load_config
from sim.engine.simulation import simulate
from sim.record.eventlog import Record
from sim.experiment import facts_digest
config = load_config("configs/atone-stress.yaml", sys.argv[1:])
outcome = simulate(config, [0, 1], record=Record.everyone())
frames = (outcome.ledger, outcome.events)
lines = [hashlib.sha256(frame.write_csv().encode()).hexdigest() for frame in frames]
vectors = np.show_config(mode="dicts")["SIMD Extensions"].get("found", [])
print(json.dumps([facts_digest(outcome.facts), lines, vectors]))
"""


@pytest.fixture(scope="module")
def stress() -> Config:
    """Give a bad year in small."""
    return load_config(ROOT / "configs" / "atone-stress.yaml", SMALL)


@pytest.fixture(scope="module")
def alone(stress: Config) -> list[Outcome]:
    """Simulate three replications, each in a pass of its own, everybody recorded."""
    return [simulate(stress, [number], record=Record.everyone()) for number in range(3)]


def assert_same(one: Outcome, other: Outcome) -> None:
    """Compare facts, ledger lines and events, row by row."""
    assert_frame_equal(one.ledger, other.ledger)
    assert_frame_equal(one.events, other.events)
    assert_frame_equal(one.facts, other.facts)


def of_replication(outcome: Outcome, number: int) -> Outcome:
    """Take one replication out of a pass."""
    is_it = pl.col("replication") == number
    frames = (outcome.facts, outcome.ledger, outcome.events)
    return Outcome(*(frame.filter(is_it) for frame in frames))


@examples(8)
@given(config=configs())
def test_the_size_of_the_batches_decides_nothing(config: Config) -> None:
    whole, chunked = (
        simulate(config, [0], record=Record.everyone(), chunk_rows=size) for size in (None, 7)
    )
    assert_same(whole, chunked)


@examples(8)
@given(config=configs())
def test_the_order_of_members_in_a_batch_decides_nothing(config: Config) -> None:
    chunks = sim.engine.night._chunks

    def backwards(world: World, task: Task | None, rows: Ints) -> list[Ints]:
        return [part[::-1].copy() for part in reversed(chunks(world, task, rows))]

    forwards = simulate(config, [0], record=Record.everyone(), chunk_rows=16)
    with patch.object(sim.engine.night, "_chunks", backwards):
        assert_same(forwards, simulate(config, [0], record=Record.everyone(), chunk_rows=16))


@pytest.mark.parametrize("chunk_rows", [1, 2])
@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_two_approvals_of_one_member_are_judged_in_the_order_of_the_uses(
    stress: Config, chunk_rows: int, order: tuple[int, int]
) -> None:
    """Both fit alone, not together: the limit was cut meanwhile. The first use takes it."""
    economy = Economy(stress, [0], Record.nothing(), Clock(), chunk_rows)
    world = World(economy, Lender.NP)
    world.agenda = CohortAgenda()
    sign([world])
    world.members.status[0] = Status.ACTIVE
    world.members.limit_yen[0] = 10_000
    world.members.unsettled_yen[0] = world.members.held_yen[0] = 17_000
    held = world.purchases.append(
        2,
        wish=np.array([0, 1]),
        price_yen=np.array([8_000, 9_000]),
        status=PurchaseStatus.HELD,
        review=Activity.REVIEW_APPROVED.number,
    )
    world.agenda.schedule(Task.REVIEWED, np.array([8, 8]), held[list(order)])
    close_day(world, 8, np.array([0]))
    status = world.purchases.status[held].tolist()
    assert status == [PurchaseStatus.AUTHORISED, PurchaseStatus.DECLINED]


@pytest.mark.parametrize("together", [(0, 1, 2), (2, 0, 1), (1, 0)])
def test_who_shares_the_pass_decides_nothing(
    stress: Config, alone: list[Outcome], together: tuple[int, ...]
) -> None:
    outcome = simulate(stress, together, record=Record.everyone())
    for number in together:
        assert_same(of_replication(outcome, number), alone[number])


def test_replications_differ_from_each_other(alone: list[Outcome]) -> None:
    yen = {outcome.ledger["yen"].sum() for outcome in alone}
    assert len(yen) == len(alone)


@pytest.mark.parametrize("members", [(), (3,), (149, 0, 77), None], ids=str)
def test_what_is_recorded_decides_nothing(
    stress: Config, alone: list[Outcome], members: tuple[int, ...] | None
) -> None:
    outcome = simulate(stress, [1], record=Record(members))
    assert_frame_equal(outcome.facts, alone[1].facts)
    if members is not None:
        chosen = pl.col("member").is_in(members)
        assert_frame_equal(outcome.ledger, alone[1].ledger.filter(chosen))
        chosen = pl.col("case_id").is_in(members)
        assert_frame_equal(outcome.events, alone[1].events.filter(chosen))


def test_the_number_of_workers_decides_nothing(stress: Config, alone: list[Outcome]) -> None:
    expected = facts_digest(pl.concat([outcome.facts for outcome in alone]))
    digests = {run(stress, replications=3, jobs=jobs).digest for jobs in (1, 2)}
    assert digests == {expected}


def test_a_seed_decides_everything(stress: Config, alone: list[Outcome]) -> None:
    other = stress.model_copy(update={"seed": stress.seed + 1})
    assert facts_digest(simulate(other, [0]).facts) != facts_digest(alone[0].facts)


def digest_in_a_new_process(**environment: str) -> tuple[str, list[str], list[str]]:
    """Simulate in a fresh interpreter; give digest, hashes of all lines, vector extensions used."""
    finished = subprocess.run(
        [sys.executable, "-c", PRINT_DIGEST, *SMALL],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    digest, lines, vectors = json.loads(finished.stdout)
    return digest, lines, vectors


@pytest.fixture(scope="module")
def usual() -> tuple[str, list[str], list[str]]:
    """Give the outcome of an ordinary process."""
    return digest_in_a_new_process(PYTHONHASHSEED="0")


def test_hashes_of_the_interpreter_decide_nothing(usual: tuple[str, list[str], list[str]]) -> None:
    assert digest_in_a_new_process(PYTHONHASHSEED="1") == usual


def test_the_vector_width_of_the_processor_decides_nothing(
    usual: tuple[str, list[str], list[str]],
) -> None:
    # "found" are the extensions that numpy dispatches to here; what it was built upon always runs.
    configuration = cast("dict[str, dict[str, list[str]]]", np.show_config(mode="dicts"))
    found = configuration["SIMD Extensions"].get("found", [])
    if not found:
        pytest.skip("numpy dispatches to no vector extension on this processor")
    digest, lines, vectors = digest_in_a_new_process(NPY_DISABLE_CPU_FEATURES=" ".join(found))
    assert vectors == []
    assert (digest, lines) == usual[:2]


NOBODY_WORKS = [
    "population.members=200",
    "months=12",
    "collections.call_desk.callers=0",
    "collections.law_firm.clerks=0",
    "screening.review_desk.reviewers=0",
]


def test_a_member_keeps_its_life_when_another_one_is_added() -> None:
    """Without people to queue for, one more member changes nobody else's day."""
    stress = ROOT / "configs" / "atone-stress.yaml"
    few, more = (
        simulate(load_config(stress, [*NOBODY_WORKS, size]), [0], record=Record.everyone())
        for size in ("population.members=200", "population.members=203")
    )
    assert_frame_equal(few.ledger, more.ledger.filter(pl.col("member") < 200))
    assert_frame_equal(few.events, more.events.filter(pl.col("case_id") < 200))
    assert more.events["case_id"].max() == 202


def test_a_new_question_to_chance_moves_no_old_answer(stress: Config, alone: list[Outcome]) -> None:
    """A stream that does not exist yet is asked before every draw."""
    draw = Randomness.uniforms
    asked = []

    def curious(
        self: Randomness,
        stream: Stream,
        replication: Ints | int,
        entity: Ints | int,
        occurrence: Ints | int,
        lender: int = 0,
    ) -> Floats:
        new = cast("Stream", max(Stream) + 1)
        asked.append(draw(self, new, replication, entity, occurrence, lender))
        return draw(self, stream, replication, entity, occurrence, lender)

    with patch.object(Randomness, "uniforms", curious):
        assert_same(simulate(stress, [0], record=Record.everyone()), alone[0])
    assert asked


def test_draws_never_move() -> None:
    """Pinned: to change the generator or its counters changes every published result."""
    first = Randomness(20260101).uniforms(Stream.BILL, 3, np.array([7]), 11)[:, 0]
    pinned = [2395991209, 6082063845, 4091685333, 7104130479]
    assert (first * 2.0**33).tolist() == pinned
