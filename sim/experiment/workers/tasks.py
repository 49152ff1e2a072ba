"""What a worker does: some replications of one configuration in, their outcomes out.

Several replications of a small portfolio share one pass of the engine as extra rows. A replication
that raises becomes a `Failure`, a piece of data, and takes no other replication with it.
"""

import traceback
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from typing import Literal, Protocol

import polars as pl

from models.errors import InputError
from sim.config import Config
from sim.experiment.digest import check_facts
from sim.record.eventlog import Record

Driver = Literal["cohort", "member"]
"""Who walks the members through the days; both give the same bits."""

Stage = Literal["simulate", "worker", "metrics"]
"""Where it failed. ``simulate``: the engine raised; ``worker``: the worker died; ``metrics``: the
metrics could not be computed from the facts."""

ROWS_PER_TASK = 240_000
"""Rows (members times replications) of one pass: large enough that the fixed cost of a night
shrinks, small enough for memory and for many tasks."""
REPLICATIONS_PER_TASK = 120
"""Replications of one pass: each has desks and facts of its own, which take time and memory."""
ROWS_PER_WORKER = 60_000
"""Rows that are worth a worker of their own."""
MEMBER_MONTHS_PER_TASK: dict[Driver, int] = {"cohort": 3_000_000, "member": 60_000}
"""Work of one pass: at most a minute with all products, on the slowest processor that was tried."""


class Outcome(Protocol):
    """What the engine hands back for the replications of one pass."""

    @property
    def facts(self) -> pl.DataFrame:
        """Facts of all replications."""

    @property
    def ledger(self) -> pl.DataFrame:
        """Ledger lines of the recorded members, empty when none is."""

    @property
    def events(self) -> pl.DataFrame:
        """Events of the recorded members, empty when none is."""


class Simulate(Protocol):
    """The engine as a task sees it; sent to workers by name, so a function of a module."""

    def __call__(
        self,
        config: Config,
        replications: Sequence[int],
        *,
        driver: Driver,
        record: Record,
    ) -> Outcome:
        """Simulate replications in one pass."""


@dataclass(frozen=True)
class Task:
    """Replications that share a pass."""

    config: Config
    replications: tuple[int, ...]
    driver: Driver
    record: Record
    """Recorded members; only replication 0 is ever recorded."""
    simulate: Simulate
    experiment: int = 0
    """Which of the experiments that share the workers it belongs to."""


@dataclass(frozen=True)
class Done:
    """The outcome of one replication."""

    replication: int
    facts: pl.DataFrame
    ledger: pl.DataFrame | None = None
    """Ledger lines of the recorded members; None when the replication is not recorded."""
    events: pl.DataFrame | None = None


@dataclass(frozen=True)
class Failure:
    """Why a replication has no outcome."""

    replication: int
    stage: Stage
    type: str
    message: str
    traceback: str

    @classmethod
    def of(cls, replication: int, stage: Stage, error: BaseException) -> "Failure":
        """Describe an exception."""
        text = "".join(traceback.format_exception(error))
        return cls(replication, stage, type(error).__name__, str(error), text)

    def as_dict(self) -> dict[str, object]:
        """Return the fields for JSON."""
        return asdict(self)


def engine(
    config: Config, replications: Sequence[int], *, driver: Driver, record: Record
) -> Outcome:
    """Simulate with the engine of this package."""
    from sim.engine.simulation import simulate

    return simulate(config, replications, driver=driver, record=record)


def perform(task: Task) -> list[Done | Failure]:
    """Simulate a task, one row per replication.

    Raises
    ------
    InputError
        If the engine cannot use the configuration: no replication could then succeed.
    """
    try:
        outcome = task.simulate(
            task.config, task.replications, driver=task.driver, record=task.record
        )
        return _split(task, outcome)
    except InputError:
        raise
    except Exception as error:  # noqa: BLE001 - recorded with its traceback, shown to the user
        if len(task.replications) == 1:
            return [Failure.of(task.replications[0], "simulate", error)]
        return [row for single in singles(task) for row in perform(single)]


def singles(task: Task) -> list[Task]:
    """Split a task into one for each replication."""
    return [replace(task, replications=(replication,)) for replication in task.replications]


def _split(task: Task, outcome: Outcome) -> list[Done | Failure]:
    """Part what shared a pass."""
    check_facts(outcome.facts)
    rows: list[Done | Failure] = []
    for replication in task.replications:
        facts = outcome.facts.filter(pl.col("replication") == replication)
        if task.record != Record.nothing():
            rows.append(Done(replication, facts, outcome.ledger, outcome.events))
        else:
            rows.append(Done(replication, facts))
    return rows


def replications_per_task(config: Config, driver: Driver, replications: int, jobs: int) -> int:
    """Choose how many replications share a pass.

    Parameters
    ----------
    config
        What is simulated.
    driver
        Who walks the members through the days.
    replications
        Replications still to simulate, over all experiments that share the workers.
    jobs
        Workers that want something to do.

    Returns
    -------
    int
        As many as fill `ROWS_PER_TASK` or `MEMBER_MONTHS_PER_TASK`, at least one, at most
        `REPLICATIONS_PER_TASK`, few enough to give each worker a task.
    """
    members, months = config.population.members, config.months
    by_rows = ROWS_PER_TASK // members
    by_time = MEMBER_MONTHS_PER_TASK[driver] // (members * months)
    return max(1, min(by_rows, by_time, REPLICATIONS_PER_TASK, replications // jobs))


def batches(replications: Sequence[int], size: int) -> list[tuple[int, ...]]:
    """Cut replications into runs of almost equal length, none longer than a size.

    >>> batches(range(7), 3)
    [(0, 1, 2), (3, 4), (5, 6)]
    """
    n_batches = -(-len(replications) // size)
    short, longer = divmod(len(replications), max(n_batches, 1))
    ends = [short * number + min(number, longer) for number in range(n_batches + 1)]
    return [tuple(replications[a:b]) for a, b in pairwise(ends)]
