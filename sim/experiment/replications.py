"""Replications of one configuration: which are missing, who simulates them, where they go.

A configuration flows in and a `Result` flows out. The result does not depend on how many workers
there are, on the order in which they finish, on the driver or on how often the run was stopped and
continued. A replication that fails is reported and stops no other.
"""

from collections.abc import Sequence
from concurrent.futures import Executor
from pathlib import Path

from models.errors import InputError
from sim.config import MAX_REPLICATIONS, Config
from sim.experiment.manifest import Origin, manifest_of
from sim.experiment.memory import Memory
from sim.experiment.progress import Progress, Silent
from sim.experiment.result import Result
from sim.experiment.stopping import stopping_rule
from sim.experiment.store import FAILURES, Store
from sim.experiment.workers.execution import Run, execute, useful_workers
from sim.experiment.workers.pools import Workers, Workforce
from sim.experiment.workers.tasks import Driver, Failure, Simulate, engine
from sim.record.eventlog import Record
from sim.report.language import check_language

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
    language: str = "en",
    progress: Progress | None = None,
    executor: Executor | None = None,
    workers: Workforce | None = None,
    simulate: Simulate = engine,
) -> Result:
    """Simulate all replications of a configuration.

    Parameters
    ----------
    config
        What to simulate.
    replications
        Number of replications, numbered from 0; the configuration's, or as many as its stopping
        rule wants, if not given.
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
    language
        "en" or "ja": of the figures, and of the report when it opens.
    progress
        Told how far the run is; by default nobody is.
    executor
        Where the tasks run instead of a process pool of our own; `jobs` should be its workers.
    workers
        Those who perform the tasks instead, such as the `ClusterWorkers` of
        `sim.experiment.workers.cluster`.
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
    config = with_replications(config, replications)
    this = run_of(config, None if out is None else Path(out), driver=driver, simulate=simulate)
    return run_through(
        this,
        jobs=jobs,
        report=report,
        language=language,
        progress=progress,
        executor=executor,
        workers=workers,
    )


def run_through(
    this: Run,
    *,
    jobs: int | None = None,
    report: bool = True,
    language: str = "en",
    progress: Progress | None = None,
    executor: Executor | None = None,
    workers: Workforce | None = None,
) -> Result:
    """Simulate what is missing of a prepared run and conclude it; parameters as in `run`."""
    check_language(language)
    with this:
        simulate_all(this, jobs=jobs, progress=progress, executor=executor, workers=workers)
        try:
            return _conclude(this, report=report, language=language)
        except KeyboardInterrupt as error:
            raise _interrupted(this) from error


def simulate_all(
    this: Run,
    *,
    jobs: int | None = None,
    progress: Progress | None = None,
    executor: Executor | None = None,
    workers: Workforce | None = None,
) -> None:
    """Simulate what is missing of a run that is entered as a context; parameters as in `run`."""
    if jobs is not None and jobs < 1:
        raise InputError(f"jobs: got {jobs}; allowed: at least 1")
    this.open()
    this.survey()
    n_workers = max(1, min(jobs or useful_workers([this]), len(this.missing)))
    try:
        with workers or Workers(n_workers, executor) as workforce:
            _execute(this, workforce, progress or Silent())
        if this.failures:
            raise _failed(this)
    except KeyboardInterrupt as error:
        raise _interrupted(this) from error


def run_of(
    config: Config,
    place: Path | None,
    *,
    driver: Driver,
    simulate: Simulate = engine,
    number: int = 0,
    origin: Origin | None = None,
) -> Run:
    """Prepare the replications of a configuration.

    Parameters
    ----------
    config
        What to simulate.
    place
        Results directory; None keeps everything in memory.
    driver, simulate
        As in `run`.
    number
        Which of the runs that share workers it is.
    origin
        What they started with, if it is one and the same.
    """
    rule = stopping_rule(config)
    kept = kept_of(config, place, driver=driver, origin=origin)
    return Run(
        number, config, kept, record=record_of(config), driver=driver, simulate=simulate, rule=rule
    )


def kept_of(
    config: Config,
    place: Path | None,
    *,
    driver: Driver = "cohort",
    origin: Origin | None = None,
) -> Store | Memory:
    """Prepare where the replications of a configuration are kept; parameters as in `run_of`."""
    if place is None:
        return Memory()
    rule = stopping_rule(config)
    wanted = rule.first if rule else config.experiment.replications
    manifest = manifest_of(config, replications=wanted, driver=driver, origin=origin)
    return Store(place, config, manifest, _record_text(config))


def record_of(config: Config) -> Record:
    """Choose the members whose ledger lines and events a configuration keeps."""
    members = config.population.members
    match config.output.events:
        case "all":
            return Record.everyone()
        case "none":
            return Record.nothing()
        case "sample":
            return Record.sample(min(config.output.sample_members, members), members)


def with_replications(config: Config, replications: int | None) -> Config:
    """Return the configuration with a fixed number of replications, if one is given."""
    if replications is None:
        return config
    if not 1 <= replications <= MAX_REPLICATIONS:
        raise InputError(f"replications: got {replications}; allowed: 1 to {MAX_REPLICATIONS:,}")
    if replications % (size := config.macro.sampling.group_size):
        raise InputError(
            f"replications: got {replications}; allowed: a multiple of {size}, the replications "
            f"of a group under macro.sampling.method {config.macro.sampling.method}"
        )
    update = {"replications": replications, "precision": None}
    experiment = config.experiment.model_copy(update=update)
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


def _execute(this: Run, workers: Workforce, progress: Progress) -> None:
    """Simulate what is missing; what the engine refuses ends the run."""

    def refuse(_: Run, error: InputError) -> None:
        raise error

    def leave(_: Run) -> None:
        """Conclude once the workers have left."""

    execute([this], workers, progress=progress, conclude=leave, refused=refuse)


def _conclude(this: Run, *, report: bool, language: str) -> Result:
    """Derive the result, and draw the report of a results directory."""
    result = this.conclude()
    if report and result.directory is not None:
        from sim.report import write_report

        write_report(result.directory, language)
    return result


def _failed(this: Run) -> ReplicationsFailed:
    """Record the failures and say how many there are, why, and what to do."""
    failures = sorted(this.failures, key=lambda failure: failure.replication)
    this.kept.save_failures(failures)
    first = failures[0]
    numbers = ", ".join(str(failure.replication) for failure in failures[:SHOWN_FAILURES])
    more = ", ..." if len(failures) > SHOWN_FAILURES else ""
    message = (
        f"{len(failures)} of {this.wanted} replications failed ({numbers}{more}); "
        f"replication {first.replication}: {first.type}: {first.message}"
    )
    where = this.kept.directory
    if where is not None:
        message += (
            f". The other {this.wanted - len(failures)} are kept in {where}; the tracebacks "
            f"are in {where / FAILURES}; the same command tries the failed ones again"
        )
    return ReplicationsFailed(message, failures)


def _interrupted(this: Run) -> Interrupted:
    """Say what a stopped run leaves and how to go on."""
    # Counted anew: Ctrl-C may have come between the seal of one and its entry among the done.
    n_finished = len(this.kept.find_finished(range(this.wanted)))
    count = f"{n_finished} of {this.wanted} replications"
    if this.kept.directory is None or not n_finished:
        return Interrupted(f"stopped with {count} finished; nothing is kept")
    return Interrupted(
        f"stopped; {count} are finished and kept in {this.kept.directory}; "
        "run the same command again to go on"
    )
