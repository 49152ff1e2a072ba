"""Runs that share workers: which replications are missing, who simulates them, where they go.

A `Run` is one configuration with its replications. The tasks of many runs go through one queue; a
run is concluded as soon as its last replication is finished. How many replications a stopping rule
takes is decided at fixed numbers of them, from the first ones by number: never by which finished
first.
"""

import os
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from types import TracebackType

from models.errors import InputError
from sim.config import Config
from sim.experiment.checkpoint_store import CheckpointStore
from sim.experiment.digest import facts_digest
from sim.experiment.memory import Memory
from sim.experiment.progress import Progress
from sim.experiment.result import Result
from sim.experiment.stopping import StoppingRule
from sim.experiment.store import Store
from sim.experiment.workers.pools import Workforce
from sim.experiment.workers.task_queue import Finished, TaskQueue
from sim.experiment.workers.tasks import (
    ROWS_PER_WORKER,
    Driver,
    Failure,
    Simulate,
    Stage,
    Task,
    batches,
    replications_per_task,
)
from sim.record.eventlog import Record


class Run:
    """The replications of one configuration on their way, as a context.

    Parameters
    ----------
    number
        Which of the runs that share the workers this is.
    config
        What is simulated.
    kept
        Where finished replications go; it is opened by `open`, or for the first one.
    record
        Recorded members of replication 0.
    driver, simulate
        As in `sim.experiment.replications.run`.
    rule
        The stopping rule; without one a run takes the replications of its configuration.
    """

    def __init__(
        self,
        number: int,
        config: Config,
        kept: Store | Memory | CheckpointStore,
        *,
        record: Record,
        driver: Driver,
        simulate: Simulate,
        rule: StoppingRule | None = None,
    ) -> None:
        self.number = number
        self.config = config
        self.kept = kept
        self.wanted = rule.first if rule else config.experiment.replications
        """Replications wanted as far as is known, numbered from 0."""
        self.finished: set[int] = set()
        self.failures: list[Failure] = []
        self._record = record
        self._driver: Driver = driver
        self._simulate = simulate
        self._rule = rule
        self._outstanding: set[int] = set()
        self._opened = ExitStack()
        self._is_open = False

    def __enter__(self) -> "Run":
        """Begin; nothing is written before `open`."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close what is open."""
        self._is_open = False
        self._opened.__exit__(kind, error, trace)

    def open(self) -> None:
        """Open the place where finished replications go."""
        if not self._is_open:
            self._opened.enter_context(self.kept)
            self._is_open = True
            self.kept.want(self.wanted)

    def close(self) -> None:
        """Close that place; it may be opened again."""
        self._is_open = False
        self._opened.close()

    @property
    def is_waiting(self) -> bool:
        """Whether tasks are on their way."""
        return bool(self._outstanding)

    @property
    def missing(self) -> list[int]:
        """Replications that are wanted and not finished; none to come after a failure."""
        if self.failures:
            return []
        return [number for number in range(self.wanted) if number not in self.finished]

    def survey(self) -> None:
        """Find the replications that are kept from earlier."""
        self.finished = self.kept.find_finished(range(self.wanted))
        self.grow()

    def grow(self) -> None:
        """Ask the stopping rule for more, once all that it wanted so far are finished."""
        while not self.missing and not self.failures and self._wants_more():
            pass

    def tasks(self, missing: Sequence[int], size: int) -> list[Task]:
        """Cut replications into passes of at most a size; a recorded one has its own."""
        nothing = Record.nothing()
        recorded = [number for number in missing if number == 0 and self._record != nothing]
        self._outstanding |= set(missing)
        parts = [
            *((self._record, (number,)) for number in recorded),
            *((nothing, batch) for batch in batches(missing[len(recorded) :], size)),
        ]
        return [
            Task(self.config, batch, self._driver, record, self._simulate, self.number)
            for record, batch in parts
        ]

    def size_of_tasks(self, replications: int, jobs: int) -> int:
        """Choose how many replications share a pass, given how many all runs need."""
        return replications_per_task(self.config, self._driver, replications, jobs)

    def take(self, item: Finished) -> None:
        """Keep what is finished, durable at once, and note what failed."""
        for row in item.rows:
            if isinstance(row, Failure):
                self.failures.append(row)
            else:
                self.open()
                self.kept.save(row)
                self.finished.add(row.replication)
        self._outstanding -= set(item.task.replications)

    def give_up(self, error: Exception, stage: Stage) -> None:
        """Record that what is missing cannot be had."""
        numbers = sorted(self._outstanding) or [0]
        self._outstanding.clear()
        self.failures += [Failure.of(number, stage, error) for number in numbers]

    def conclude(self) -> Result:
        """Derive digest, metrics and summary from the facts, and write them out."""
        import sim.metrics as sim_metrics

        self.open()
        facts = self.kept.facts(range(self.wanted))
        digest = facts_digest(facts)
        metrics = sim_metrics.tables(facts, self.config)
        summary = sim_metrics.summary(metrics, self.config)
        if self._rule is not None:
            summary["stopping_rule"] = self._rule.describe(metrics["replications"])
        self.kept.save_result(digest, metrics, summary)
        ledger, events = self.kept.records()
        where = self.kept.directory
        return Result(self.config, facts, metrics, summary, digest, where, ledger, events)

    def _wants_more(self) -> bool:
        """Ask the stopping rule, which sees the replications wanted so far and no others."""
        if self._rule is None:
            return False
        import sim.metrics as sim_metrics

        before = self.wanted
        facts = self.kept.facts(range(before))
        headline = sim_metrics.tables(facts, self.config)["replications"]
        self.wanted = max(before, self._rule.wanted(headline))
        self.finished |= self.kept.find_finished(range(before, self.wanted))
        if self._is_open:
            self.kept.want(self.wanted)
        return self.wanted > before


def execute(
    runs: Sequence[Run],
    workers: Workforce,
    *,
    progress: Progress,
    conclude: Callable[[Run], None],
    refused: Callable[[Run, InputError], None],
) -> None:
    """Simulate what is missing of some runs.

    Parameters
    ----------
    runs
        The runs, surveyed; those of one directory appear once.
    workers
        Those who perform the tasks, already started.
    progress
        Told how far it is.
    conclude
        Called for each run once nothing of it is missing or outstanding, at once.
    refused
        Called when the engine cannot use the configuration of a run.

    Raises
    ------
    WorkersUnusable
        If the workers can perform no task.
    OutputError
        If a finished replication cannot be written.
    """
    queue = TaskQueue(workers)
    work = [run.config.population.members * run.config.months for run in runs]
    counts = [len(run.missing) for run in runs]
    n_missing, n_wanted = sum(counts), sum(run.wanted for run in runs)
    total = sum(size * count for size, count in zip(work, counts, strict=True))
    progress.start(n_wanted - n_missing, n_wanted, total // max(1, n_missing))
    for run in runs:
        queue.add(run.tasks(run.missing, run.size_of_tasks(n_missing, workers.size)))
    try:
        complete = [run for run in runs if not run.is_waiting]
        _simulate(runs, queue, workers, progress, conclude, refused)
        # Last, since it is simulating that a sweep stopped again and again must get on with.
        for run in complete:
            conclude(run)
    finally:
        progress.stop()


def _simulate(
    runs: Sequence[Run],
    queue: TaskQueue,
    workers: Workforce,
    progress: Progress,
    conclude: Callable[[Run], None],
    refused: Callable[[Run, InputError], None],
) -> None:
    """Perform the queue, which grows with what the stopping rules want."""
    by_number = {run.number: run for run in runs if run.is_waiting}
    for item in queue.finished():
        run = by_number.get(item.task.experiment)
        if run is None:
            continue  # refused while this task was in flight
        if item.refusal is not None:
            queue.discard(run.number)
            refused(run, item.refusal)
        else:
            run.take(item)
        progress.advance(len(item.task.replications))
        if not run.is_waiting:
            run.grow()
            more = run.missing
            progress.extend(len(more))
            queue.add_first(run.tasks(more, run.size_of_tasks(len(more), workers.size)))
        if not run.is_waiting:
            del by_number[run.number]
            conclude(run)


def processors() -> int:
    """Count the processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def useful_workers(runs: Sequence[Run]) -> int:
    """Count the processors that have enough to work on; starting more costs more time."""
    counts = [len(run.missing) for run in runs]
    rows = sum(
        run.config.population.members * count for run, count in zip(runs, counts, strict=True)
    )
    return max(1, min(processors(), sum(counts), -(-rows // ROWS_PER_WORKER)))
