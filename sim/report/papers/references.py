"""What a paper about a run has to cite: this software and the methods behind the numbers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import metadata
from typing import NamedTuple

import yaml

from sim.provenance import Code, source_root
from sim.report.papers.harmless import for_latex

CITATION = "CITATION.cff"


@dataclass(frozen=True)
class Reference:
    r"""An entry of the list of references.

    Parameters
    ----------
    key
        What ``\cite`` calls it.
    kind
        Type of the entry in BibTeX.
    authors
        Family name and initials of each, "Law, A. M."; one name without comma is a body.
    year
        Of publication; empty where there is none.
    title
        Title.
    details
        Other fields of BibTeX by name, in the order in which a list prints them.
    """

    key: str
    kind: str
    authors: tuple[str, ...]
    year: str
    title: str
    details: Mapping[str, str] = field(default_factory=dict)

    def bibtex(self) -> str:
        """Write the entry for ``references.bib``."""
        names = [
            for_latex(name) if "," in name else f"{{{for_latex(name)}}}" for name in self.authors
        ]
        fields = {"author": " and ".join(names), "title": f"{{{for_latex(self.title)}}}"}
        if self.year:
            fields["year"] = self.year
        for name, value in self.details.items():
            fields[name] = value if name in {"doi", "url"} else for_latex(value)
        if "pages" in fields:
            fields["pages"] = fields["pages"].replace("\N{EN DASH}", "--")
        lines = [f"  {name} = {{{value}}}," for name, value in fields.items()]
        return "\n".join([f"@{self.kind}{{{self.key},", *lines, "}", ""])

    def text(self) -> str:
        """Write the entry for a list of references."""
        year = f" ({self.year})" if self.year else ""
        parts = [f"{', '.join(self.authors)}{year}", self.title, *self._places()]
        return ". ".join(part.rstrip(".") for part in parts if part) + "."

    def _places(self) -> Iterable[str]:
        """Write where it appeared."""
        found = dict(self.details)
        volume, number = found.pop("volume", ""), found.pop("number", "")
        issue = f" {volume}" + (f"({number})" if number else "") if volume else ""
        if "journal" in found:
            pages = f", {found['pages']}" if "pages" in found else ""
            yield f"{found.pop('journal')}{issue}{pages}"
            found.pop("pages", None)
        for name, value in found.items():
            yield _IN_LISTS.get(name, "{}").format(value)


_IN_LISTS = {"doi": "doi {}", "edition": "{} edition", "version": "Version {}"}
"""How a list of references writes a field, if not as it is."""


class _Entry(NamedTuple):
    """A publication in short; kinds follow from the place."""

    authors: tuple[str, ...]
    year: str
    title: str
    details: dict[str, str]


def _paper(
    authors: str, year: int, title: str, journal: str, volume: str, pages: str, doi: str = ""
) -> _Entry:
    """Describe an article; volume with its number in parentheses, authors split by semicolons."""
    number = volume.partition("(")[2].rstrip(")")
    details = {"journal": journal, "volume": volume.partition("(")[0], "number": number,
               "pages": pages, "doi": doi}  # fmt: skip
    names = tuple(name.strip() for name in authors.split(";"))
    return _Entry(names, str(year), title, {k: v for k, v in details.items() if v})


def _book(authors: str, year: int, title: str, **details: str) -> _Entry:
    """Describe a book or a part of one."""
    return _Entry(tuple(name.strip() for name in authors.split(";")), str(year), title, details)


PUBLISHED: dict[str, _Entry] = {
    "monks2019stress": _paper(
        "Monks, T.; Currie, C. S. M.; Onggo, B. S.; Robinson, S.; Kunc, M.; Taylor, S. J. E.",
        2019, "Strengthening the reporting of empirical simulation studies: introducing the "
        "STRESS guidelines", "Journal of Simulation", "13(1)", "55\N{EN DASH}67",
        "10.1080/17477778.2018.1442155",
    ),
    "salmon2011parallel": _book(
        "Salmon, J. K.; Moraes, M. A.; Dror, R. O.; Shaw, D. E.", 2011,
        "Parallel random numbers: as easy as 1, 2, 3",
        booktitle="Proceedings of 2011 International Conference for High Performance Computing, "
        "Networking, Storage and Analysis (SC11)", doi="10.1145/2063384.2063405",
    ),
    "law2015simulation": _book(
        "Law, A. M.", 2015, "Simulation Modeling and Analysis", edition="5th",
        publisher="McGraw-Hill",
    ),
    "vasicek2002loan": _paper(
        "Vasicek, O.", 2002, "Loan portfolio value", "Risk", "15(12)", "160\N{EN DASH}162"
    ),
    "rockafellar2000optimization": _paper(
        "Rockafellar, R. T.; Uryasev, S.", 2000, "Optimization of conditional value-at-risk",
        "Journal of Risk", "2(3)", "21\N{EN DASH}41", "10.21314/JOR.2000.038",
    ),
    "efron1993bootstrap": _book(
        "Efron, B.; Tibshirani, R. J.", 1993, "An Introduction to the Bootstrap",
        publisher="Chapman and Hall",
    ),
    "hall1992bootstrap": _book(
        "Hall, P.", 1992, "The Bootstrap and Edgeworth Expansion", publisher="Springer",
        doi="10.1007/978-1-4612-4384-7",
    ),
    "woodruff1952confidence": _paper(
        "Woodruff, R. S.", 1952, "Confidence intervals for medians and other position measures",
        "Journal of the American Statistical Association", "47(260)", "635\N{EN DASH}646",
        "10.1080/01621459.1952.10483443",
    ),
    "chu2012confidence": _paper(
        "Chu, F.; Nakayama, M. K.", 2012, "Confidence intervals for quantiles when applying "
        "variance-reduction techniques", "ACM Transactions on Modeling and Computer Simulation",
        "22(2)", "10:1\N{EN DASH}10:25", "10.1145/2133390.2133394",
    ),
    "chow1965asymptotic": _paper(
        "Chow, Y. S.; Robbins, H.", 1965, "On the asymptotic theory of fixed-width sequential "
        "confidence intervals for the mean", "The Annals of Mathematical Statistics", "36(2)",
        "457\N{EN DASH}462", "10.1214/aoms/1177700156",
    ),
    "hesterberg1995weighted": _paper(
        "Hesterberg, T.", 1995, "Weighted average importance sampling and defensive mixture "
        "distributions", "Technometrics", "37(2)", "185\N{EN DASH}194",
        "10.1080/00401706.1995.10484303",
    ),
    "owen1995randomly": _book(
        "Owen, A. B.", 1995, "Randomly permuted (t,m,s)-nets and (t,s)-sequences",
        booktitle="Monte Carlo and Quasi-Monte Carlo Methods in Scientific Computing",
        publisher="Springer", pages="299\N{EN DASH}317", doi="10.1007/978-1-4612-2552-2_19",
    ),
    "joe2008constructing": _paper(
        "Joe, S.; Kuo, F. Y.", 2008, "Constructing Sobol sequences with better two-dimensional "
        "projections", "SIAM Journal on Scientific Computing", "30(5)", "2635\N{EN DASH}2654",
        "10.1137/070709359",
    ),
    "lavenberg1981perspective": _paper(
        "Lavenberg, S. S.; Welch, P. D.", 1981, "A perspective on the use of control variables "
        "to increase the efficiency of Monte Carlo simulations", "Management Science", "27(3)",
        "322\N{EN DASH}335", "10.1287/mnsc.27.3.322",
    ),
    "nelson1990control": _paper(
        "Nelson, B. L.", 1990, "Control variate remedies", "Operations Research", "38(6)",
        "974\N{EN DASH}992", "10.1287/opre.38.6.974",
    ),
    "avramidis1993splitting": _paper(
        "Avramidis, A. N.; Wilson, J. R.", 1993, "A splitting scheme for control variates",
        "Operations Research Letters", "14(4)", "187\N{EN DASH}198",
    ),
    "morris1991factorial": _paper(
        "Morris, M. D.", 1991, "Factorial sampling plans for preliminary computational "
        "experiments", "Technometrics", "33(2)", "161\N{EN DASH}174",
        "10.1080/00401706.1991.10484804",
    ),
    "campolongo2007effective": _paper(
        "Campolongo, F.; Cariboni, J.; Saltelli, A.", 2007, "An effective screening design for "
        "sensitivity analysis of large models", "Environmental Modelling & Software", "22(10)",
        "1509\N{EN DASH}1518", "10.1016/j.envsoft.2006.10.004",
    ),
    "saltelli2010variance": _paper(
        "Saltelli, A.; Annoni, P.; Azzini, I.; Campolongo, F.; Ratto, M.; Tarantola, S.", 2010,
        "Variance based sensitivity analysis of model output. Design and estimator for the total "
        "sensitivity index", "Computer Physics Communications", "181(2)", "259\N{EN DASH}270",
        "10.1016/j.cpc.2009.09.018",
    ),
    "kim2001fully": _paper(
        "Kim, S.-H.; Nelson, B. L.", 2001, "A fully sequential procedure for indifference-zone "
        "selection in simulation", "ACM Transactions on Modeling and Computer Simulation",
        "11(3)", "251\N{EN DASH}273", "10.1145/502109.502111",
    ),
}  # fmt: skip
"""Publications by key; the methods say what each of them is cited for."""


def published(keys: Iterable[str]) -> list[Reference]:
    """Give publications by their keys, each once, in the order of their authors."""
    found = []
    for key in dict.fromkeys(keys):
        authors, year, title, details = PUBLISHED[key]
        kinds = {"journal": "article", "booktitle": "inproceedings"}
        kind = next((kinds[name] for name in details if name in kinds), "book")
        found.append(Reference(key, kind, authors, year, title, details))
    return sorted(found, key=lambda reference: (reference.authors, reference.year))


def software(code: Code) -> Reference:
    """Describe the version of tsuke that made a result.

    Parameters
    ----------
    code
        Identity of the code as the manifest has it.
    """
    title, authors, licence = _citation()
    note = f"Source digest {code['source_digest']}"
    if code["commit"]:
        note += f", commit {code['commit']}"
    details = {"version": code["version"], "license": licence, "note": note}
    return Reference("tsuke", "software", authors, "", title, details)


def bibliography(references: Sequence[Reference]) -> str:
    """Write ``references.bib``."""
    head = "% Written by tsuke. Entries of type software are those of biblatex-software."
    return "\n".join([head, "", *(reference.bibtex() for reference in references)])


def _citation() -> tuple[str, tuple[str, ...], str]:
    """Read title, authors and licence: of the work tree, or else of the installed package."""
    file = source_root() / CITATION
    if file.exists():
        citation = yaml.safe_load(file.read_text(encoding="utf-8"))
        names = tuple(str(author["name"]) for author in citation["authors"])
        return str(citation["title"]), names, str(citation["license"])
    found = metadata.metadata("tsuke")
    return f"tsuke: {found['Summary']}", ("tsuke developers",), str(found["License-Expression"])
