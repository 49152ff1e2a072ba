"""Points in, headline numbers out: the runs of many points share their workers.

A point is an ordinary results directory named by the digest of its configuration, so it is found
again when the sweep grows or changes its order. A point that fails is an outcome with its
tracebacks and stops no other.
"""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

import polars as pl

from models.errors import InputError
from sim.atomic import OutputError
from sim.config import Config
from sim.config_loading import config_digest
from sim.experiment.manifest import NOT_IN_IDENTITY, Manifest, Origin
from sim.experiment.progress import Progress
from sim.experiment.replications import run_of
from sim.experiment.store import read_metric
from sim.experiment.sweeps.point import Point
from sim.experiment.workers.execution import Run, execute
from sim.experiment.workers.pools import Workforce
from sim.experiment.workers.tasks import Driver, Failure, Simulate, engine

DIGITS_OF_NAME = 16
HEADLINE = "replications"
"""The metric table with the headline numbers of each replication."""


@dataclass(frozen=True)
class Outcome:
    """What became of a point."""

    point: Point
    config_digest: str
    """Digest of what decides its numbers; equal points share one directory."""
    headline: pl.DataFrame = field(repr=False)
    """One row of headline numbers for each replication; empty if the point failed."""
    digest: str | None
    """Result digest; None if the point failed."""
    failures: tuple[Failure, ...] = ()
    directory: Path | None = None


class Points:
    """Points on their way, as a context.

    Parameters
    ----------
    points
        Any number of points; equal configurations are simulated once.
    folder
        Where their directories go; None keeps everything in memory.
    driver, simulate
        As in `sim.experiment.replications.run`.

    Raises
    ------
    InputError
        If two points differ in nothing but their ``experiment`` section, or if a directory
        belongs to another run.
    """

    def __init__(
        self,
        points: Sequence[Point],
        folder: Path | None,
        *,
        driver: Driver = "cohort",
        simulate: Simulate = engine,
    ) -> None:
        self._points = points
        self._digests = [config_digest(point.config, NOT_IN_IDENTITY) for point in points]
        self._results: dict[str, _PointResult] = {}
        self._opened = ExitStack()
        self.runs: list[Run] = []
        """The runs of points that are not finished."""
        origin = Origin.now()
        for digest, point in self._distinct().items():
            place = None if folder is None else folder / digest[:DIGITS_OF_NAME]
            config, number = _unrecorded(point.config), point.number
            run = run_of(
                config, place, driver=driver, simulate=simulate, number=number, origin=origin
            )
            found = run.kept.found()
            run.survey()
            reused = None if found is None else _reused(run, found, origin)
            if reused is None:
                self.runs.append(run)
            else:
                self._results[digest] = reused
        self._digest_of = {point.number: digest for digest, point in self._distinct().items()}

    def __enter__(self) -> Self:
        """Begin; a directory is opened when something goes there."""
        for run in self.runs:
            self._opened.enter_context(run)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close what is open."""
        self._opened.__exit__(kind, error, trace)

    def simulate(self, workers: Workforce, progress: Progress) -> list[Outcome]:
        """Simulate what is missing.

        Parameters
        ----------
        workers
            Those who perform the tasks, already started.
        progress
            Told how far it is.

        Returns
        -------
        list of Outcome
            One for each point, in their order.

        Raises
        ------
        OutputError
            If something cannot be written; what was finished before stays.
        WorkersUnusable
            If the workers can perform no task.
        """
        execute(
            self.runs,
            workers,
            progress=progress,
            conclude=self._conclude,
            refused=lambda run, error: run.give_up(error, "simulate"),
        )
        return [
            Outcome(point, digest, *self._results[digest])
            for point, digest in zip(self._points, self._digests, strict=True)
        ]

    def _distinct(self) -> dict[str, Point]:
        """Return the points that differ in what is simulated, by their digests."""
        found: dict[str, Point] = {}
        for digest, point in zip(self._digests, self._points, strict=True):
            other = found.setdefault(digest, point)
            if other.config.experiment != point.config.experiment:
                raise InputError(
                    f"points {other.number} and {point.number} differ in nothing but experiment; "
                    "allowed: points that differ in what is simulated"
                )
        return found

    def _conclude(self, run: Run) -> None:
        """Take the headline numbers of a run that is complete, or its failures."""
        result = None
        if not run.failures:
            try:
                result = run.conclude()
            except (InputError, OutputError):
                raise
            except Exception as error:  # noqa: BLE001 - recorded with its traceback
                run.give_up(error, "metrics")
        failures = tuple(sorted(run.failures, key=lambda failure: failure.replication))
        if failures:
            run.open()
            run.kept.save_failures(failures)
        run.close()
        where = run.kept.directory
        self._results[self._digest_of[run.number]] = (
            _PointResult(pl.DataFrame(), None, failures, where)
            if result is None
            else _PointResult(result.metrics[HEADLINE], result.digest, (), where)
        )


class _PointResult(NamedTuple):
    """What equal points share."""

    headline: pl.DataFrame
    digest: str | None
    failures: tuple[Failure, ...]
    directory: Path | None


def _unrecorded(config: Config) -> Config:
    """Return a configuration that keeps no ledger lines: a pass for one replication costs time."""
    output = config.output.model_copy(update={"events": "none"})
    return config.model_copy(update={"output": output})


def _reused(run: Run, found: Manifest, origin: Origin) -> _PointResult | None:
    """Return the result of a run that this very version of the code finished, if it is whole."""
    where, code = run.kept.directory, found.code
    is_same = code == origin.code and not (code["commit"] or "").endswith("-dirty")
    is_complete = found.is_finished and found.replications == run.wanted and not run.missing
    if where is None or not (is_same and is_complete):
        return None
    try:
        headline = read_metric(where, HEADLINE)
    except InputError:
        return None
    return _PointResult(headline, found.result_digest, (), where)
