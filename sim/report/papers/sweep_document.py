"""The report of a sweep as a document."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from sim.experiment.design.kinds import Morris, SobolIndices
from sim.experiment.design.tables import TABLES_OF_SWEEPS
from sim.experiment.sweeps.store import SweepManifest
from sim.metrics.declared.replications import REPLICATIONS
from sim.report.language import listed, say
from sim.report.metric_words import words_of
from sim.report.numbers import counted, words
from sim.report.papers.dictionary import DICTIONARY, dictionary
from sim.report.papers.document import Block, Document, Heading
from sim.report.papers.estimation import estimation_of_means
from sim.report.papers.methods import Study, changed_parameters, methods
from sim.report.papers.run_document import parameter_frame
from sim.report.style import Drawing
from sim.report.sweeps.source import SweepResults
from sim.report.sweeps.tables import analysis_tables, parameter_table, points_table
from sim.report.sweeps.words import failed_of, lead_of

CITED_BY_DESIGN = {
    Morris: ("morris1991factorial", "campolongo2007effective"),
    SobolIndices: ("saltelli2010variance",),
}


def sweep_document(
    results: SweepResults, manifest: SweepManifest, themes: Mapping[str, Sequence[Drawing]]
) -> Document:
    """Describe a finished sweep with its figures, tables and methods, in the language spoken."""
    sweep = results.sweep
    study = _study(results, manifest)
    return Document(
        title=sweep.title or sweep.name,
        lead=lead_of(results),
        blocks=list(_blocks(results, themes)),
        methods=methods(study),
        references=study.references(),
        frames={
            "sweep": results.table,
            **results.analyses,
            "parameters": parameter_frame(sweep.base),
            DICTIONARY: dictionary([*TABLES_OF_SWEEPS, REPLICATIONS]),
        },
    )


def _blocks(results: SweepResults, themes: Mapping[str, Sequence[Drawing]]) -> Iterator[Block]:
    """Give figures and tables in the order of the page."""
    if results.failed:
        yield failed_of(results)
    for theme, drawings in themes.items():
        yield Heading(say(theme))
        yield from drawings
    yield Heading(say("Tables"))
    yield say("tables/sweep.csv holds the value of every metric at every point and replication.")
    yield points_table(results)
    yield from analysis_tables(results)


def _study(results: SweepResults, manifest: SweepManifest) -> Study:
    """Collect what the methods say of a sweep."""
    sweep = results.sweep
    n = max((point.replications for point in manifest.points), default=0)
    shared = say(
        "All points share their seed, so that a member leads the same life at every point as far "
        "as the settings let it; intervals of differences are paired by replication (Law 2015)."
        if sweep.common_random_numbers
        else "Each point has a seed of its own."
    )
    varied = replace(parameter_table(results), name="varied_parameters")
    return Study(
        config=sweep.base,
        aims=say(
            "A design of the kind {kind} over {parameters}, for the metrics {metrics}.",
            kind=words(sweep.design.kind),
            parameters=counted(len(sweep.design.parameters), "{n} parameter", "{n} parameters"),
            metrics=listed(map(words_of, sweep.metrics)),
        ),
        scenarios=say(
            "A point is the base configuration with some parameters set; it never changes the "
            "logic. The parameters that vary are listed in 3.3."
        ),
        inputs=[varied, changed_parameters(sweep.base)],
        estimation=[shared, *estimation_of_means(sweep.base, n)],
        code=manifest.code,
        surroundings=manifest.surroundings,
        execution=say(
            "Each point is an ordinary run, validated before anything ran: nightly posting on a "
            "clock in days. The books are checked every night."
        ),
        digests=[(say("result digest"), manifest.result_digest or say("none: points failed"))],
        citations=CITED_BY_DESIGN.get(type(sweep.design), ()),
    )
