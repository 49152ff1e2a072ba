"""``tsuke run``: the replications of one configuration."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.options import (
    Driver,
    Jobs,
    Language,
    Overrides,
    ReportLanguage,
    Scheduler,
    TlsCa,
    TlsCert,
    TlsKey,
    check_at_least,
    check_at_most,
    check_executor,
    override,
    tls_files,
)
from sim.cli.outcomes import exit_codes, say_result


class Events(StrEnum):
    """Whose ledger lines and events are kept."""

    ALL = "all"
    SAMPLE = "sample"
    NONE = "none"


def run(
    config: Annotated[Path, typer.Argument(metavar="CONFIG", help="Configuration file (YAML).")],
    replications: Annotated[
        int | None, typer.Option(metavar="N", help="Replications; default: the configuration's.")
    ] = None,
    seed: Annotated[
        int | None, typer.Option(metavar="S", help="Seed; default: the configuration's.")
    ] = None,
    jobs: Jobs = None,
    scheduler: Scheduler = None,
    driver: Annotated[
        Driver, typer.Option(help="All members of a night at once, or one process per member.")
    ] = Driver.COHORT,
    events: Annotated[
        Events | None, typer.Option(help="Whose ledger lines and events are kept.")
    ] = None,
    overrides: Overrides = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Results directory; default: results/<name>.")
    ] = None,
    lang: ReportLanguage = Language.EN,
    tls_ca: TlsCa = None,
    tls_cert: TlsCert = None,
    tls_key: TlsKey = None,
) -> None:
    """Simulate a portfolio; a stopped run goes on where it stopped."""
    from sim.config import LARGEST_SEED, MAX_REPLICATIONS, load_config
    from sim.experiment.progress import on_standard_error
    from sim.experiment.replications import run as run_replications
    from sim.experiment.store import default_directory
    from sim.experiment.workers.cluster import ClusterWorkers

    check_at_least("--replications", replications, 1)
    check_at_most("--replications", replications, MAX_REPLICATIONS)
    check_executor(jobs, scheduler)
    check_at_least("--seed", seed, 0)
    check_at_most("--seed", seed, LARGEST_SEED)
    loaded = load_config(
        config,
        [
            *(overrides or []),
            *override("experiment.replications", replications),
            *(["experiment.precision=null"] if replications is not None else []),
            *override("seed", seed),
            *override("output.events", events),
        ],
    )
    tls = tls_files(tls_ca, tls_cert, tls_key)
    workers = None if scheduler is None else ClusterWorkers(scheduler, tls)
    directory = out if out is not None else default_directory(loaded.name)
    with exit_codes():
        result = run_replications(
            loaded,
            jobs=jobs,
            driver=driver.value,
            out=directory,
            language=lang.value,
            progress=on_standard_error(),
            workers=workers,
        )
    say_result(result, directory)
