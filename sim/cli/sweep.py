"""``tsuke sweep``: many points of one configuration."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.exit_codes import FAILED
from sim.cli.options import (
    Jobs,
    Language,
    Overrides,
    ReportLanguage,
    Scheduler,
    TlsCa,
    TlsCert,
    TlsKey,
    check_executor,
    tls_files,
)
from sim.cli.outcomes import exit_codes
from sim.cli.terminal import complain, say

if TYPE_CHECKING:
    from sim.experiment.sweeps.result import SweepResult

SHOWN_FAILURES = 5


def sweep(
    file: Annotated[Path, typer.Argument(metavar="SWEEP", help="Sweep file (YAML).")],
    jobs: Jobs = None,
    scheduler: Scheduler = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Directory; default: results/<name>.")
    ] = None,
    overrides: Overrides = None,
    lang: ReportLanguage = Language.EN,
    tls_ca: TlsCa = None,
    tls_cert: TlsCert = None,
    tls_key: TlsKey = None,
) -> None:
    """Simulate all points of a sweep. A stopped or larger one goes on from what is there."""
    from sim.experiment.design import load_sweep
    from sim.experiment.progress import on_standard_error
    from sim.experiment.store import default_directory
    from sim.experiment.sweeps.running import sweep as run_sweep

    check_executor(jobs, scheduler)
    tls = tls_files(tls_ca, tls_cert, tls_key)
    loaded = load_sweep(file, overrides or [])
    directory = out if out is not None else default_directory(loaded.name)
    with exit_codes():
        result = run_sweep(
            loaded,
            jobs=jobs,
            scheduler=scheduler,
            tls=tls,
            out=directory,
            progress=on_standard_error(),
        )
    _show(result, directory)
    if result.failures:
        raise typer.Exit(FAILED)
    from sim.report.sweeps.page import write_sweep_report

    say(f"report         {write_sweep_report(directory, lang.value)}")


def _show(result: "SweepResult", directory: Path) -> None:
    """Print where the result is, and complain about points that failed."""
    from sim.experiment.manifest import POINTS
    from sim.experiment.store import FAILURES, METRICS
    from sim.experiment.sweeps.store import TABLE

    entries = {entry.number: entry for entry in result.points}
    for number, failures in list(result.failures.items())[:SHOWN_FAILURES]:
        where = directory / POINTS / entries[number].directory / FAILURES
        first = failures[0]
        complain(f"point {number} failed: {first.type}: {first.message}; traceback in {where}")
    if len(result.failures) > SHOWN_FAILURES:
        complain(f"and {len(result.failures) - SHOWN_FAILURES} more points failed")
    n_done = len(result.points) - len(result.failures)
    say(f"points         {n_done} of {len(result.points)} finished")
    say(f"result digest  {result.digest or 'none, since points failed'}")
    for name in (TABLE, *result.analyses):
        say(f"table          {directory / METRICS / name}.parquet")
