"""Sweeps: many points in one directory, simulated by the same workers, as one table.

A sweep flows in and a `SweepResult` flows out. The result does not depend on who the workers are,
on the order of the tasks or on how often the sweep was stopped and continued.
"""

from collections.abc import Sequence
from concurrent.futures import Executor
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

import polars as pl

from models.errors import InputError
from sim.config_loading import dump_yaml
from sim.experiment.design import Sweep, analyse, load_sweep, optimise, settings_frame
from sim.experiment.manifest import POINTS
from sim.experiment.progress import Progress, Silent
from sim.experiment.replications import Interrupted
from sim.experiment.status import status
from sim.experiment.sweeps.point import Point
from sim.experiment.sweeps.points import Outcome, Points
from sim.experiment.sweeps.result import SweepResult
from sim.experiment.sweeps.store import TABLE, PointEntry, SweepManifest, SweepStore, sweep_digest
from sim.experiment.sweeps.table import tidy_table
from sim.experiment.workers.cluster import ClusterWorkers
from sim.experiment.workers.cluster_connection import Tls
from sim.experiment.workers.execution import processors, useful_workers
from sim.experiment.workers.pools import Workers, Workforce
from sim.experiment.workers.tasks import Driver, Simulate, engine


def sweep(
    sweep: Sweep | str | Path,
    *,
    overrides: Sequence[str] = (),
    jobs: int | None = None,
    scheduler: str | None = None,
    tls: Tls | None = None,
    executor: Executor | None = None,
    driver: Driver = "cohort",
    out: str | Path | None = None,
    progress: Progress | None = None,
    simulate: Simulate = engine,
) -> SweepResult:
    """Simulate all points of a sweep.

    Parameters
    ----------
    sweep
        A sweep, or the path of its file.
    overrides
        Texts ``path=value`` laid over the file.
    jobs
        Worker processes; by default one per processor, as far as there is work for them.
    scheduler
        Address of a Dask scheduler, whose workers simulate instead of processes of our own.
    tls
        Files of an encrypted connection to it.
    executor
        Where the tasks run instead; `jobs` should be its workers.
    driver
        Who walks the members through the days; both give the same result.
    out
        Directory of the sweep; points and replications that it holds are not simulated again. By
        default nothing is written.
    progress
        Told how far the sweep is; by default nobody is.
    simulate
        The engine; a function that workers can import.

    Returns
    -------
    SweepResult
        With the points that failed among its `failures`; they stop no other.

    Raises
    ------
    InputError
        If an argument, the sweep or the directory cannot be used.
    OutputError
        If the directory cannot be written; what was finished before stays.
    Interrupted
        At Ctrl-C; what was finished before stays in the directory.
    """
    if not isinstance(sweep, Sweep):
        sweep = load_sweep(sweep, overrides)
    elif overrides:
        raise InputError("overrides: allowed with the path of a sweep file only")
    if jobs is not None and jobs < 1:
        raise InputError(f"jobs: got {jobs}; allowed: at least 1")
    crew = _Crew(jobs, scheduler, tls, executor)
    place = None if out is None else Path(out)
    try:
        with ExitStack() as held:
            store = None
            if place is not None:
                store = SweepStore(place, SweepManifest.begin(sweep.name), dump_yaml(sweep))
                held.enter_context(store)
            held.enter_context(crew)
            campaign = _Campaign(sweep, crew, store, driver, simulate, progress or Silent())
            return campaign.result()
    except KeyboardInterrupt as error:
        raise _interrupted(place) from error


class _Crew:
    """The workers of a sweep, who start when the first points are known."""

    def __init__(
        self, jobs: int | None, scheduler: str | None, tls: Tls | None, executor: Executor | None
    ) -> None:
        self._jobs = jobs
        self._executor = executor
        self._cluster = None if scheduler is None else ClusterWorkers(scheduler, tls)
        self._started = ExitStack()
        self._workers: Workforce | None = None

    def __enter__(self) -> Self:
        """Connect to the cluster, if there is one."""
        if self._cluster is not None:
            self._workers = self._started.enter_context(self._cluster)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let the workers go."""
        self._started.__exit__(kind, error, trace)

    def workers(self, useful: int) -> Workforce:
        """Return the workers; the first call starts as many as are wanted, or useful."""
        if self._workers is None:
            crew = Workers(self._jobs or useful, self._executor)
            self._workers = self._started.enter_context(crew)
        return self._workers


class _Campaign:
    """One sweep on its way: its points so far, and what became of them."""

    def __init__(
        self,
        sweep: Sweep,
        crew: _Crew,
        store: SweepStore | None,
        driver: Driver,
        simulate: Simulate,
        progress: Progress,
    ) -> None:
        self._sweep = sweep
        self._crew = crew
        self._store = store
        self._driver: Driver = driver
        self._simulate = simulate
        self._progress = progress
        self._outcomes: list[Outcome] = []

    def result(self) -> SweepResult:
        """Simulate the points, analyse them and write the tables."""
        sweep, found = self._sweep, {}
        if sweep.is_adaptive:
            found["trials"] = optimise(sweep, self.evaluate).trials
        else:
            self.evaluate(sweep.points())
        settings = settings_frame(sweep, [outcome.point for outcome in self._outcomes])
        table = tidy_table(self._outcomes, settings)
        if not sweep.is_adaptive:
            found = analyse(sweep, table)
        entries = tuple(_entry(outcome.point, outcome) for outcome in self._outcomes)
        if self._store is not None:
            self._store.save_result(entries, {TABLE: table, **found})
        return SweepResult(
            name=sweep.name,
            points=entries,
            table=table,
            analyses=found,
            failures={o.point.number: o.failures for o in self._outcomes if o.failures},
            digest=sweep_digest(entries),
            directory=None if self._store is None else self._store.directory,
        )

    def evaluate(self, points: Sequence[Point]) -> list[pl.DataFrame | None]:
        """Simulate more points; None for one that failed."""
        folder = None
        if self._store is not None:
            folder = self._store.directory / POINTS
            before = [_entry(outcome.point, outcome) for outcome in self._outcomes]
            self._store.expect([*before, *map(_entry, points)])
        with Points(points, folder, driver=self._driver, simulate=self._simulate) as new:
            useful = processors() if self._sweep.is_adaptive else useful_workers(new.runs)
            outcomes = new.simulate(self._crew.workers(useful), self._progress)
        self._outcomes += outcomes
        return [None if found.digest is None else found.headline for found in outcomes]


def _entry(point: Point, outcome: Outcome | None = None) -> PointEntry:
    """Describe a point for the manifest, with its outcome if it has one."""
    entry = PointEntry.of(point)
    if outcome is None:
        return entry
    return replace(
        entry,
        replications=outcome.headline.height or entry.replications,
        result_digest=outcome.digest,
        n_failures=len(outcome.failures),
    )


def _interrupted(place: Path | None) -> Interrupted:
    """Say what a stopped sweep leaves and how to go on."""
    if place is None or not place.exists():
        return Interrupted("stopped; nothing is kept")
    found = status(place)
    return Interrupted(
        f"stopped; {found.done} of {found.wanted} replications are finished and kept in {place}; "
        "run the same command again to go on"
    )
