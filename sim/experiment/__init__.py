"""Replications, executors, store and resume."""

from collections.abc import Sequence
from concurrent.futures import Executor
from pathlib import Path

from models.errors import InputError
from sim.config import Config, load_config
from sim.experiment import replications as _replications
from sim.experiment.digest import facts_digest
from sim.experiment.progress import Progress
from sim.experiment.replications import Interrupted, ReplicationsFailed
from sim.experiment.result import Result, load
from sim.experiment.tasks import Driver, Failure

__all__ = [
    "Failure",
    "Interrupted",
    "ReplicationsFailed",
    "Result",
    "facts_digest",
    "load",
    "run",
]


def run(
    config: Config | str | Path,
    *,
    replications: int | None = None,
    overrides: Sequence[str] = (),
    jobs: int | None = None,
    driver: Driver = "cohort",
    out: str | Path | None = None,
    report: bool = True,
    progress: Progress | None = None,
    executor: Executor | None = None,
) -> Result:
    """Simulate all replications of a configuration.

    Parameters
    ----------
    config
        A configuration, or the path of its file.
    overrides
        Texts ``path=value`` laid over the file, such as ``seed=7``.
    replications, jobs, driver, out, report, progress, executor
        As in `sim.experiment.replications.run`.

    Raises
    ------
    InputError
        If anything given cannot be used.
    """
    if not isinstance(config, Config):
        config = load_config(config, overrides)
    elif overrides:
        raise InputError("overrides: allowed with the path of a configuration file only")
    return _replications.run(
        config,
        replications=replications,
        jobs=jobs,
        driver=driver,
        out=out,
        report=report,
        progress=progress,
        executor=executor,
    )
