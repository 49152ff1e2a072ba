"""Checkpoint and branch: run a portfolio to a date once, and go on from there in many ways.

A configuration flows in and a directory flows out; from the directory and settings that hold from
its date on flow results. A branch equals the uninterrupted run whose `policy.changes` makes the
same settings on that date, bit for bit.
"""

import datetime as dt
import json
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl
from pydantic import ValidationError

from models.calendar import Calendar
from models.errors import InputError
from sim.config import Config, load_config
from sim.config_loading import OVERRIDE, config_digest, settings_of
from sim.experiment.checkpoint_store import (
    Checkpoint,
    CheckpointStore,
    Pass,
    manifest_of,
    read_checkpoint,
    read_pass,
    write_pass,
)
from sim.experiment.digest import FACT_SCHEMA
from sim.experiment.progress import Progress
from sim.experiment.replications import (
    kept_of,
    record_of,
    run_through,
    simulate_all,
    with_replications,
)
from sim.experiment.result import Result
from sim.experiment.store import default_directory
from sim.experiment.workers.execution import Run, processors
from sim.experiment.workers.tasks import Driver, Outcome, Task
from sim.policy_changes import Change, stages
from sim.record.eventlog import Record


@dataclass(frozen=True)
class _Frames:
    """What a pass hands back."""

    facts: pl.DataFrame
    ledger: pl.DataFrame
    events: pl.DataFrame


@dataclass(frozen=True)
class PauseAndSave:
    """What a worker does for a checkpoint: run a pass to a day and save it; picklable."""

    directory: Path
    day: int

    def __call__(
        self, config: Config, replications: Sequence[int], *, driver: Driver, record: Record
    ) -> Outcome:
        """Save a pass; there are no facts yet."""
        from sim.engine.garbage import rarely_collected
        from sim.engine.pausing import pause

        del driver
        with rarely_collected():
            state = pause(config, replications, record, self.day)
        write_pass(self.directory, replications, state)
        nothing = pl.DataFrame()
        return _Frames(pl.DataFrame(schema=FACT_SCHEMA), nothing, nothing)


@dataclass(frozen=True)
class LoadAndGoOn:
    """What a worker does for a branch: load a pass and run it to the end; picklable."""

    directory: Path
    day: int
    passes: tuple[Pass, ...]

    def __call__(
        self, config: Config, replications: Sequence[int], *, driver: Driver, record: Record
    ) -> Outcome:
        """Go on with the pass of some replications; others in it do no harm."""
        from sim.engine.garbage import rarely_collected
        from sim.engine.pausing import resume
        from sim.engine.simulation import outcome_of, run_to_the_end

        del driver
        paused = next(part for part in self.passes if set(replications) <= set(part.replications))
        state = read_pass(self.directory, paused)
        with rarely_collected():
            worlds, _ = resume(config, paused.replications, record, self.day, state)
            run_to_the_end(worlds)
            return outcome_of(worlds)


class CheckpointRun(Run):
    """The replications of a checkpoint, in passes small enough to branch on every processor."""

    def size_of_tasks(self, replications: int, jobs: int) -> int:
        """Choose how many replications share a pass."""
        return super().size_of_tasks(replications, max(jobs, processors()))


class BranchRun(Run):
    """The replications of a branch, in the passes of its checkpoint."""

    passes: tuple[Pass, ...] = ()

    def tasks(self, missing: Sequence[int], size: int) -> list[Task]:
        """Give one task for each pass in which something is missing."""
        plain = super().tasks(missing, size)
        wanted = set(missing)
        parts = [
            tuple(number for number in part.replications if number in wanted)
            for part in self.passes
        ]
        recorded = {task.replications: task.record for task in plain if 0 in task.replications}
        return [
            replace(plain[0], replications=part, record=recorded.get(part, Record.nothing()))
            for part in parts
            if part
        ]


def checkpoint(
    config: Config | str | Path,
    *,
    at: dt.date,
    out: str | Path,
    replications: int | None = None,
    overrides: Sequence[str] = (),
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Checkpoint:
    """Run the replications of a configuration to a date and save them.

    Parameters
    ----------
    config
        A configuration, or the path of its file.
    at
        Date whose midnight they are run to: the day before is closed, this day is not opened.
    out
        Directory of the checkpoint; a stopped one goes on where it stopped.
    replications, jobs, progress
        As in `sim.run`.
    overrides
        Texts ``path=value`` laid over the file.

    Returns
    -------
    Checkpoint
        What `branch` goes on from.

    Raises
    ------
    InputError
        If anything given cannot be used.
    """
    if not isinstance(config, Config):
        config = load_config(config, overrides)
    elif overrides:
        raise InputError("overrides: allowed with the path of a configuration file only")
    config = with_replications(config, replications)
    if config.experiment.precision is not None:
        raise InputError(
            "experiment.precision: a checkpoint has a fixed number of replications; "
            "give it with --replications"
        )
    day, place = _day_of(config, at), Path(out)
    kept = CheckpointStore(place, config, manifest_of(config, at))
    save = PauseAndSave(place.absolute(), day)
    this = CheckpointRun(0, config, kept, record=record_of(config), driver="cohort", simulate=save)
    with this:
        simulate_all(this, jobs=jobs, progress=progress)
        return kept.finish()


def branch(
    directory: str | Path,
    settings: Sequence[str] = (),
    *,
    jobs: int | None = None,
    out: str | Path | None = None,
    report: bool = True,
    language: str = "en",
    progress: Progress | None = None,
    executor: Executor | None = None,
) -> Result:
    """Go on from a checkpoint.

    Parameters
    ----------
    directory
        Directory of a finished checkpoint.
    settings
        Texts ``path=value`` that hold from its date on, within what `policy.changes` allows.
    jobs, out, report, language, progress, executor
        As in `sim.run`.

    Returns
    -------
    Result
        That of the uninterrupted run whose `policy.changes` makes the settings on that date.

    Raises
    ------
    InputError
        If the checkpoint cannot be used, or a setting cannot change on its date.
    """
    start = read_checkpoint(Path(directory))
    config = branched(start, settings)
    kept = kept_of(config, None if out is None else Path(out))
    go_on = LoadAndGoOn(start.directory.absolute(), start.day, start.passes)
    this = BranchRun(0, config, kept, record=record_of(config), driver="cohort", simulate=go_on)
    this.passes = start.passes
    return run_through(
        this, jobs=jobs, report=report, language=language, progress=progress, executor=executor
    )


def branch_directory(directory: Path, settings: Sequence[str]) -> Path:
    """Name the default results directory of a branch: other settings, another directory."""
    start = read_checkpoint(directory)
    config = branched(start, settings)
    digest = config_digest(config)[:8]
    return default_directory(f"{config.name}-{start.date}-{digest}")


def branched(start: Checkpoint, settings: Sequence[str]) -> Config:
    """Give the configuration of a branch: that of the checkpoint with one more change of terms.

    Raises
    ------
    InputError
        If a setting is malformed or cannot change within a run.
    """
    values = settings_of(settings)
    if not values:
        return start.config
    changes = start.config.policy.changes
    change = Change(on=start.date, set=values)
    past = sum(1 for earlier in changes if earlier.on <= start.date)
    ordered = (*changes[:past], change, *changes[past:])
    where = f"policy.changes.{past}.set"
    try:
        stages(start.config, ordered, start.config.start)
        data = start.config.model_dump(mode="json")
        data["policy"]["changes"] = [item.model_dump(mode="json") for item in ordered]
        return Config.model_validate_json(json.dumps(data))
    except ValidationError as error:
        raise InputError(f"{OVERRIDE}: {error}") from error
    except ValueError as error:
        raise InputError(str(error).replace(where, OVERRIDE)) from error


def _day_of(config: Config, at: dt.date) -> int:
    """Give the day index of the date of a checkpoint."""
    n_days = Calendar.of(config.start, config.months, margin_days=1).n_days
    day = (at - config.start).days
    if not 1 <= day < n_days:
        first, last = (config.start + dt.timedelta(days=number) for number in (1, n_days - 1))
        raise InputError(f"--at: got {at}; allowed: {first} to {last}, days within the run")
    return day
