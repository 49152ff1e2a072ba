"""Replications, executors, store and resume."""

from collections.abc import Sequence
from concurrent.futures import Executor
from pathlib import Path

from models.errors import InputError
from sim.config import Config, load_config
from sim.experiment import replications as _replications
from sim.experiment.checkpoint_store import Checkpoint
from sim.experiment.checkpoints import branch, checkpoint
from sim.experiment.comparison import Comparison, compare
from sim.experiment.digest import facts_digest
from sim.experiment.manifest import SWEEP, read_fields
from sim.experiment.progress import Progress
from sim.experiment.replications import Interrupted, ReplicationsFailed
from sim.experiment.result import Result
from sim.experiment.result import load as _load_run
from sim.experiment.status import Status, status
from sim.experiment.sweeps.result import SweepResult, load_sweep_result
from sim.experiment.sweeps.running import sweep
from sim.experiment.workers.cluster import ClusterWorkers
from sim.experiment.workers.cluster_connection import Tls
from sim.experiment.workers.tasks import Driver, Failure

__all__ = [
    "Checkpoint",
    "Comparison",
    "Failure",
    "Interrupted",
    "ReplicationsFailed",
    "Result",
    "Status",
    "SweepResult",
    "Tls",
    "branch",
    "checkpoint",
    "compare",
    "facts_digest",
    "load",
    "run",
    "status",
    "sweep",
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
    language: str = "en",
    progress: Progress | None = None,
    executor: Executor | None = None,
    scheduler: str | None = None,
    tls: Tls | None = None,
) -> Result:
    """Simulate all replications of a configuration.

    Parameters
    ----------
    config
        A configuration, or the path of its file.
    overrides
        Texts ``path=value`` laid over the file, such as ``seed=7``.
    replications, jobs, driver, out, report, language, progress, executor
        As in `sim.experiment.replications.run`.
    scheduler
        Address of a Dask scheduler, whose workers simulate instead of processes of our own.
    tls
        Files of an encrypted connection to it.

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
        language=language,
        progress=progress,
        executor=executor,
        workers=None if scheduler is None else ClusterWorkers(scheduler, tls),
    )


def load(directory: str | Path) -> Result | SweepResult:
    """Read the directory of a finished run or sweep.

    Parameters
    ----------
    directory
        Directory that a run or a sweep wrote.

    Returns
    -------
    Result or SweepResult
        Which of the two its manifest says.

    Raises
    ------
    InputError
        If it is neither, or not finished, or if its files are not those that were written.
    """
    directory = Path(directory)
    fields = read_fields(directory)
    if fields is not None and fields.get("kind") == SWEEP:
        return load_sweep_result(directory)
    return _load_run(directory)
