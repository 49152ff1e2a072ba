"""The methods of a simulation, filled in along STRESS-DES from its configuration and manifest.

The headings and their numbers are those of the checklist (Monks et al. 2019). What holds for every
run of tsuke stands in docs/model.md; here stands what this one was.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from models.products.catalogue import Lender
from sim.config import Config
from sim.config_loading import ParameterRow, parameters_of
from sim.experiment.manifest import Manifest
from sim.provenance import Code, Surroundings
from sim.report.html_tables import Cell, HtmlTable
from sim.report.html_tables import Heading as Column
from sim.report.language import listed, say
from sim.report.numbers import counted, grouped, parameter_text
from sim.report.papers.document import Block, Facts, Heading
from sim.report.papers.estimation import SAMPLINGS
from sim.report.papers.references import Reference, published, software

MODEL_PAGE = "docs/model.md"
LENDERS = {Lender.NP: "Net Protections", Lender.AU: "au Financial Service"}
"""Lenders by their names in the methods."""
PRODUCTS = {
    "products.atone.enabled": "atone",
    "products.atone.instalments.enabled": "atone instalments",
    "products.np_atobarai.enabled": "NP Atobarai",
    "products.np_atobarai.air.enabled": "NP Atobarai air",
    "products.au_pay.enabled": "au PAY Atobarai",
}
"""Products by the switch that opens them."""
ALWAYS_CITED = (
    "monks2019stress",
    "salmon2011parallel",
    "law2015simulation",
    "vasicek2002loan",
)
OF_TAILS = (
    "rockafellar2000optimization",
    "woodruff1952confidence",
    "efron1993bootstrap",
    "hall1992bootstrap",
)
CITED_BY_SAMPLING = {
    "importance": ("hesterberg1995weighted", "chu2012confidence"),
    "sobol": ("owen1995randomly", "joe2008constructing"),
}
OF_CONTROL_VARIATES = (
    "lavenberg1981perspective",
    "nelson1990control",
    "avramidis1993splitting",
)
STAFF = (".reviewers", ".callers", ".clerks")


@dataclass(frozen=True)
class Study:
    """What the methods of a run, a sweep or a comparison say.

    Parameters
    ----------
    config
        The configuration, or the one that the others vary.
    aims
        What was asked of the model (1.3).
    scenarios
        How scenarios differ (2.3).
    inputs
        Tables of the parameters that make this study (3.3).
    estimation
        Sentences on estimates and intervals (4.3), each a paragraph.
    code, surroundings
        What made the results.
    execution
        How it was run (5.3).
    digests
        Names and values that a repetition must reproduce (6.1).
    citations
        Keys of publications besides `ALWAYS_CITED`.
    is_one_run
        Whether it is about one run, which has tails of losses and may have a control variate.
    """

    config: Config
    aims: str
    scenarios: str
    inputs: Sequence[HtmlTable]
    estimation: Sequence[str]
    code: Code
    surroundings: Surroundings
    execution: str
    digests: Sequence[tuple[str, str]]
    citations: Sequence[str] = ()
    is_one_run: bool = False

    def references(self) -> list[Reference]:
        """Give what the methods cite, the software first."""
        sampling = CITED_BY_SAMPLING.get(self.config.macro.sampling.method, ())
        tails = OF_TAILS if self.is_one_run else ()
        has_control = self.is_one_run and self.config.experiment.control_variate
        controls = OF_CONTROL_VARIATES if has_control else ()
        stopping = ("chow1965asymptotic",) if self.config.experiment.precision else ()
        keys = (*ALWAYS_CITED, *tails, *sampling, *controls, *stopping, *self.citations)
        return [software(self.code), *published(keys)]


def methods(study: Study) -> list[Block]:
    """Write the methods along STRESS-DES.

    Returns
    -------
    list of Block
        Headings of level 2 and 3 with the numbers of the checklist, paragraphs and tables.
    """
    return [
        say(
            "This section follows the STRESS-DES checklist (Monks et al. 2019). It says what is "
            "particular to this study; {page} of tsuke describes the model under the same numbers.",
            page=MODEL_PAGE,
        ),
        *_objectives(study),
        *_logic(study),
        *_data(study),
        *_experimentation(study),
        *_implementation(study),
    ]


def _objectives(study: Study) -> Iterator[Block]:
    """Write section 1."""
    yield Heading(say("1 Objectives"), 2)
    yield Heading(say("1.1 Purpose of the model"), 3)
    yield say(
        "The model shows what the contract terms and the policies of a buy-now-pay-later product "
        "do to its members and to the lender. Products on offer: {products}.",
        products=listed(_products(study)),
    )
    yield Heading(say("1.2 Model outputs"), 3)
    yield say(
        "Every output is declared with numerator, denominator, cohort, date and unit; "
        "tables/columns.csv holds the declarations, the other files of tables/ the values."
    )
    yield Heading(say("1.3 Experimentation aims"), 3)
    yield study.aims


def _products(study: Study) -> list[str]:
    """Name the products on offer."""
    values = {row.path: row.value for row in parameters_of(study.config)}
    return [name for path, name in PRODUCTS.items() if values.get(path) is True]


def _logic(study: Study) -> Iterator[Block]:
    """Write section 2."""
    config = study.config
    lenders = [LENDERS[lender] for lender in config.active_lenders()]
    yield Heading(say("2 Logic"), 2)
    yield Heading(say("2.1 to 2.2 Diagram and logic of the base model"), 3)
    yield say(
        "As in {page} of tsuke. Lenders simulated: {lenders}. Every posting and event names the "
        "clause of the contract that caused it.",
        page=MODEL_PAGE,
        lenders=listed(lenders),
    )
    yield Heading(say("2.3 Scenario logic"), 3)
    yield study.scenarios
    yield Heading(say("2.4 Algorithms"), 3)
    yield say(
        "Chances feel one macro factor through the one-factor model (Vasicek 2002) with asset "
        "correlation {rho}. The paths of the factor are {sampling}.",
        rho=parameter_text(config.macro.rho),
        sampling=say(SAMPLINGS[config.macro.sampling.method]),
    )
    yield Heading(say("2.5 Components"), 3)
    yield say(
        "Entities: {persons}, with their purchases, bills and cases. Resources: people at "
        "desks, with one queue a desk, served by priority and then in order of arrival, without "
        "interruption by other work. The portfolio starts without members; persons apply, are "
        "admitted or rejected, and stay unless the contract ends.",
        persons=counted(config.population.members, "{n} person", "{n} persons"),
    )
    yield _staff_table(study)


def _staff_table(study: Study) -> HtmlTable:
    """List the people at the desks of the active lenders."""
    lenders = study.config.active_lenders()
    rows = [
        [Cell(row.path, row.path), Cell(parameter_text(row.value), is_number=True), Cell(row.doc)]
        for row in parameters_of(study.config)
        if row.path.endswith(STAFF)
        and (Lender.AU if row.path.startswith("lenders.au.") else Lender.NP) in lenders
    ]
    headings = [
        Column(say("parameter")),
        Column(say("people"), is_number=True),
        Column(say("meaning")),
    ]
    note = say("Desks of the lenders simulated.")
    return HtmlTable("staff", say("Resources"), note, headings, rows)


def _data(study: Study) -> Iterator[Block]:
    """Write section 3."""
    rows = parameters_of(study.config)
    kinds = Counter(kind_of_source(row) for row in rows)
    counts = listed(say(kind, n=grouped(n)) for kind, n in sorted(kinds.items()))
    yield Heading(say("3 Data"), 2)
    yield Heading(say("3.1 Data sources"), 3)
    yield say(
        "Each of the {n} parameters names its source: {counts}. Clauses are those of the "
        "contracts; facts are the public figures listed in {page} of tsuke.",
        n=grouped(len(rows)),
        counts=counts,
        page=MODEL_PAGE,
    )
    yield Heading(say("3.2 Pre-processing"), 3)
    yield say("None. The model reads no data set.")
    yield Heading(say("3.3 Input parameters"), 3)
    yield say(
        "tables/parameters.csv lists every parameter with value, default, unit, source and "
        "meaning. Those that make this study follow."
    )
    yield from study.inputs
    yield Heading(say("3.4 Assumptions"), 3)
    assumed = [row for row in rows if kind_of_source(row) == ASSUMED]
    yield say(
        "As in {page} of tsuke. {n} parameters rest on an assumption alone: tables/parameters.csv "
        "gives the source of each.",
        page=MODEL_PAGE,
        n=grouped(len(assumed)),
    )


ASSUMED = "{n} from assumptions alone"
OF_CLAUSES = "{n} from clauses"
OF_FACTS = "{n} from public figures"


def kind_of_source(row: ParameterRow) -> str:
    """Tell what a parameter rests on: clauses before public figures before assumptions."""
    names = [name.strip() for name in row.source.split(";")]
    if any(name[:1].isupper() and "-" in name for name in names):
        return OF_CLAUSES
    return OF_FACTS if any(name.startswith("facts") for name in names) else ASSUMED


def _experimentation(study: Study) -> Iterator[Block]:
    """Write section 4."""
    config = study.config
    yield Heading(say("4 Experimentation"), 2)
    yield Heading(say("4.1 Initialisation"), 3)
    yield say(
        "The portfolio starts empty on the first day; no warm-up period is cut off. Stocks and "
        "flows of the first months are those of a young portfolio."
    )
    yield Heading(say("4.2 Run length"), 3)
    yield say(
        "{months} calendar months from {start}.",
        months=grouped(config.months),
        start=config.start.isoformat(),
    )
    yield Heading(say("4.3 Estimation approach"), 3)
    yield from study.estimation


def _implementation(study: Study) -> Iterator[Block]:
    """Write sections 5 and 6."""
    around = study.surroundings
    packages = ", ".join(f"{name} {version}" for name, version in around["packages"].items())
    yield Heading(say("5 Implementation"), 2)
    yield Heading(say("5.1 Software and language"), 3)
    python = f"Python {around['python']}"
    yield listed((f"tsuke {study.code['version']}", python, packages)) + say(".")
    yield Heading(say("5.2 Random sampling"), 3)
    yield say(
        "Philox4x32-10 with counters (Salmon et al. 2011), seed {seed}. A draw is a function of "
        "seed, replication, purpose, member and occasion; distributions are inverse transforms of "
        "uniforms.",
        seed=study.config.seed,
    )
    yield Heading(say("5.3 Model execution"), 3)
    yield study.execution
    yield Heading(say("5.4 System specification"), 3)
    yield say("{platform}. The result does not depend on the machine.", platform=around["platform"])
    yield Heading(say("6 Code access"), 2)
    yield Heading(say("6.1 Computer model sharing statement"), 3)
    yield say(
        "tsuke is free software under the Apache License 2.0; references.bib has its citation. "
        "The same configuration, seed and sources give the digests below on any machine."
    )
    yield Facts([*study.digests, *_identity(study.code)])


def _identity(code: Code) -> list[tuple[str, str]]:
    """Name the version of the code."""
    return [
        (say("version of tsuke"), code["version"]),
        (say("commit"), code["commit"] or say("not from a work tree")),
        (say("source digest"), code["source_digest"]),
    ]


def execution_of(manifest: Manifest) -> str:
    """Say how a run was executed."""
    return say(
        "Nightly posting on a clock in days, by the {driver} driver; the other driver gives the "
        "same bits. The books are checked every night.",
        driver=manifest.driver,
    )


def changed_parameters(config: Config) -> HtmlTable:
    """List the parameters that differ from their default, with unit and source."""
    rows = [
        (
            r.path,
            parameter_text(r.value, r.unit),
            parameter_text(r.default, r.unit),
            r.unit,
            r.source,
            r.doc,
        )
        for r in parameters_of(config)
        if r.default is not None and r.value != r.default
    ]
    names = (say("parameter"), say("value"), say("default"), say("unit"), say("clause or source"),
             say("meaning"))  # fmt: skip
    note = say("All others have their defaults, which tables/parameters.csv lists as well.")
    title = say("Parameters other than their default")
    return text_table("changed_parameters", title, note, names, rows)


def text_table(
    name: str, title: str, note: str, headings: Sequence[str], rows: Iterable[Sequence[str]]
) -> HtmlTable:
    """Make a table of texts."""
    cells = [[Cell(text, text) for text in row] for row in rows]
    return HtmlTable(name, title, note, [Column(heading) for heading in headings], cells)
