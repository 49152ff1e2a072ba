"""Replications of one configuration: which are missing, who simulates them, where they go.

A configuration flows in and a `Result` flows out. The result does not depend on how many workers
there are, on the order in which they finish, on the driver or on how often the run was stopped and
continued. A replication that fails is reported and stops no other.
"""

import os
from collections.abc import Sequence
from concurrent.futures import Executor
from pathlib import Path

from models.errors import InputError
from sim.config import Config
from sim.eventlog import Record
from sim.experiment.digest import facts_digest
from sim.experiment.manifest import manifest_of
from sim.experiment.memory import Memory
from sim.experiment.progress import Progress, Silent
from sim.experiment.result import Result
from sim.experiment.store import FAILURES, Store
from sim.experiment.tasks import (
    ROWS_PER_TASK,
    Driver,
    Failure,
    Simulate,
    Task,
    batches,
    engine,
    replications_per_task,
)
from sim.experiment.workers import Workers, finished_tasks

MOST_REPLICATIONS = 1_000_000
SHOWN_FAILURES = 10


class ReplicationsFailed(Exception):  # noqa: N818 - says what happened
    """Some replications failed; the others are finished and, in a directory, kept."""

    def __init__(self, message: str, failures: Sequence[Failure]) -> None:
        super().__init__(message)
        self.failures = tuple(failures)


class Interrupted(KeyboardInterrupt):
    """The run was stopped by Ctrl-C; the message says what is kept and how to go on."""


def run(
    config: Config,
    *,
    replications: int | None = None,
    jobs: int | None = None,
    driver: Driver = "cohort",
    out: str | Path | None = None,
    report: bool = True,
    progress: Progress | None = None,
    executor: Executor | None = None,
    simulate: Simulate = engine,
) -> Result:
    """Simulate all replications of a configuration.

    Parameters
    ----------
    config
        What to simulate.
    replications
        Number of replications, numbered from 0; the configuration's if not given.
    jobs
        Workers at the same time; by default one per processor, as far as there is work for them.
        With 1, everything runs in this process.
    driver
        Who walks the members through the days; both give the same result.
    out
        Results directory; replications that it holds are not simulated again. By default nothing
        is written.
    report
        Whether a results directory also gets its figures and report.html.
    progress
        Told how far the run is; by default nobody is.
    executor
        Where the tasks run instead of a process pool of our own; `jobs` should be its workers.
    simulate
        The engine; a function that workers can import.

    Returns
    -------
    Result
        The same for every `jobs`, `driver` and `executor`, continued or not.

    Raises
    ------
    InputError
        If an argument, the configuration or the directory cannot be used.
    OutputError
        If the directory cannot be written; what was finished before stays.
    ReplicationsFailed
        If a replication failed, after all the others are finished.
    Interrupted
        At Ctrl-C; what was finished before stays in the directory.
    """
    config = _with_replications(config, replications)
    wanted = range(config.experiment.replications)
    if jobs is not None and jobs < 1:
        raise InputError(f"jobs: got {jobs}; allowed: at least 1")
    record = record_of(config)
    manifest = manifest_of(config, replications=len(wanted), driver=driver)
    place = None if out is None else Path(out)
    keeper = Memory() if place is None else Store(place, config, manifest, _record_text(config))
    with keeper as kept:
        finished = kept.find_finished(wanted)
        missing = [number for number in wanted if number not in finished]
        n_workers = jobs or _useful_workers(config, len(missing))
        tasks = _tasks(config, missing, n_workers, driver, record, simulate)
        workers = Workers(max(1, min(n_workers, len(tasks))), executor)
        try:
            failures = _simulate(config, tasks, workers, kept, progress or Silent())
            if failures:
                raise _failed(failures, kept, config)
            return _conclude(config, kept, wanted, report=report)
        except KeyboardInterrupt as error:
            raise _interrupted(kept, config) from error


def record_of(config: Config) -> Record:
    """Choose the members whose ledger lines and events a configuration keeps."""
    members = config.population.members
    match config.output.events:
        case "all":
            return Record.everyone()
        case "none":
            return Record.nothing()
        case "sample":
            n_sampled = min(config.output.sample_members, members)
            return Record.of([number * members // n_sampled for number in range(n_sampled)])


def _with_replications(config: Config, replications: int | None) -> Config:
    """Return the configuration with another number of replications."""
    if replications is None:
        return config
    if not 1 <= replications <= MOST_REPLICATIONS:
        raise InputError(f"replications: got {replications}; allowed: 1 to {MOST_REPLICATIONS:,}")
    experiment = config.experiment.model_copy(update={"replications": replications})
    return config.model_copy(update={"experiment": experiment})


def _record_text(config: Config) -> str:
    """Name what is kept of replication 0, so that another choice is noticed; empty for nothing."""
    match config.output.events:
        case "none":
            return ""
        case "all":
            return "all"
        case "sample":
            return f"sample of {config.output.sample_members}"


def _tasks(
    config: Config,
    missing: Sequence[int],
    jobs: int,
    driver: Driver,
    record: Record,
    simulate: Simulate,
) -> list[Task]:
    """Cut the missing replications into passes; a recorded replication has its own."""
    nothing = Record.nothing()
    recorded = [number for number in missing if number == 0 and record != nothing]
    plain = missing[len(recorded) :]
    size = replications_per_task(config.population.members, len(plain), jobs)
    return [
        *(Task(config, (number,), driver, record, simulate) for number in recorded),
        *(Task(config, batch, driver, nothing, simulate) for batch in batches(plain, size)),
    ]


def _useful_workers(config: Config, n_replications: int) -> int:
    """Count the processors that have a full pass to work on; starting more costs more time."""
    if hasattr(os, "sched_getaffinity"):
        processors = len(os.sched_getaffinity(0))
    else:
        processors = os.cpu_count() or 1
    n_passes = -(-n_replications * config.population.members // ROWS_PER_TASK)
    return max(1, min(processors, n_replications, n_passes))


def _simulate(
    config: Config,
    tasks: Sequence[Task],
    workers: Workers,
    kept: Store | Memory,
    progress: Progress,
) -> list[Failure]:
    """Run the tasks, keep what finishes at once and return what failed."""
    failures: list[Failure] = []
    member_months = config.population.members * config.months
    progress.start(len(kept.done), config.experiment.replications, member_months)
    try:
        with workers:
            for rows in finished_tasks(tasks, workers):
                for row in rows:
                    if isinstance(row, Failure):
                        failures.append(row)
                    else:
                        kept.save(row)
                progress.advance(len(rows))
    finally:
        progress.stop()
    return sorted(failures, key=lambda failure: failure.replication)


def _conclude(config: Config, kept: Store | Memory, wanted: range, *, report: bool) -> Result:
    """Derive digest, metrics and summary from the facts, and write them out."""
    import sim.metrics as sim_metrics

    facts = kept.facts(wanted)
    digest = facts_digest(facts)
    metrics = sim_metrics.tables(facts, config)
    summary = sim_metrics.summary(metrics, config)
    kept.save_result(digest, metrics, summary)
    if report and kept.directory is not None:
        from sim.report import write_report

        write_report(kept.directory)
    ledger, events = kept.records()
    return Result(config, facts, metrics, summary, digest, kept.directory, ledger, events)


def _failed(
    failures: Sequence[Failure], kept: Store | Memory, config: Config
) -> ReplicationsFailed:
    """Record the failures and say how many there are, why, and what to do."""
    kept.save_failures(failures)
    first, wanted = failures[0], config.experiment.replications
    numbers = ", ".join(str(failure.replication) for failure in failures[:SHOWN_FAILURES])
    more = ", ..." if len(failures) > SHOWN_FAILURES else ""
    message = (
        f"{len(failures)} of {wanted} replications failed ({numbers}{more}); "
        f"replication {first.replication}: {first.type}: {first.message}"
    )
    if kept.directory is not None:
        message += (
            f". The other {wanted - len(failures)} are kept in {kept.directory}; the tracebacks "
            f"are in {kept.directory / FAILURES}; the same command tries the failed ones again"
        )
    return ReplicationsFailed(message, failures)


def _interrupted(kept: Store | Memory, config: Config) -> Interrupted:
    """Say what a stopped run leaves and how to go on."""
    # Counted anew: Ctrl-C may have come between the seal of one and its entry among the done.
    n_finished = len(kept.find_finished(range(config.experiment.replications)))
    count = f"{n_finished} of {config.experiment.replications} replications"
    if kept.directory is None or not n_finished:
        return Interrupted(f"stopped with {count} finished; nothing is kept")
    return Interrupted(
        f"stopped; {count} are finished and kept in {kept.directory}; "
        "run the same command again to go on"
    )
