"""The registry of clauses, the decorator that fills it, and the table and check of the rules."""

import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from models.clauses import CLAUSES, clause_of, implements, registry
from models.clauses.clause import IMPLEMENTED, Clause, Row, no_consequence
from models.errors import InputError
from models.parameters import Parameters, parameter
from sim import rules
from sim.rules import Evidence, Rule, check, clause_marks, parameter_sources, rule_table, write

ROWS_OF_THE_RULEBOOK = {
    "ART": "01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18",
    "NP": """
        1 2.1 2.2 2.3 2.4 2.5 2.6 2.7 3.1 3.2 3.3 3.4 4.1 4.2 5 6 7.1 7.2 7.3 7.4 7.5 7.6
        8.1 8.2 8.3 8.4 8.5 8.6 9.1 9.2 9.3 10.1 10.2 10.3
        11.1 11.2 11.3 11.4 11.5 11.6 11.7 11.8 12.1 12.2 12.3 12.4 12.5 13 14.1 14.2
        15.1 15.2 16.1 16.2 16.3 16.4 17 18 19 20 21 22.1 22.2 23.1 23.2 23.3
        24.1 24.2 24.3 24.4 24.5 24.6 24.7 25.1 25.2 25.3 25.4 25.5 26 27.1 27.2 27.3 27.4
        28.1 28.2 28.3 28.4 28.5 28.6 28.7 28.8 28.9 28.10 28.11 29.1 29.2 29.3
        30.1 30.2 30.3 31.1 31.2 32.1 32.2 32.3 33.1 33.2 33.3 33.4 34.1 34.2 34.3
        35 36.1 36.2 36.3 36.4 37 38 39.1 39.2 40.1 40.2 40.3
        41.1 41.2 41.3 41.4 41.5 41.6 42.1 42.2 42.3 42.4 42.5 43 44 45.1 45.2 46 47 48 49
        50.1 50.2 50.3 50.4 51 52(1) 52(2) 52(3) 52(4) 53 54.1 54.2 54.3
    """,
    "AU": """
        1.1 1.2 1.3 1.4 1.5 2.1 2.2 3.1 3.2 3.3 3.4 4.1 4.2 4.3 5 6 7.1 7.2 7.3 7.4 7.5 7.6
        8.1 8.2 8.3 9.1 9.2 9.3 10.1 10.2 10.3 10.4 11.1 11.2 11.3 11.4 12 13.1 13.2 13.3 14
        15.1 15.2 16 17.1 18.1 19 20 21.1 22.1 22.2 22.3 22.4 22.5 22.6 22.7 23.1 23.2
        24.1 24.2 24.3 24.4 24.5 24.6 24.7 24.8 24.9 24.10 24.11 24.12 25.1 25.2 25.3
        26.1 26.2 26.3 27.1 27.2 27.3 28.1 28.2 28.3(1) 28.3(2)
        29.1 29.1(1) 29.1(2) 29.1(3) 29.2 30.1(1) 30.1(2) 30.1(3) 30.2 31.1 31.2 31.3
        32.1 32.2 32.3 32.4 33.1 34.1 34.2 34.3 34.4 34.5 34.6 34.7
        35.1 35.2 35.3 35.4 35.5 36.1 36.2 36.3
        37.1(1) 37.1(2) 37.1(3) 37.2(1) 37.2(2) 37.2(3) 38.1 38.2 38.3 38.4 38.5 38.6
        39.1(1) 39.1(2) 39.1(3) 39.1(4) 39.2(1) 39.2(2) 39.2(3) 39.2(4) 39.2(5) 39.2(6)
        39.2(7) 39.2(8) 39.3 40.1 40.2 41.1 41.2 41.3 41.4 41.5 42.1 42.2 43.1 43.2
        44.1 44.2 44.3 45.1 46.1 47 48.1 49.1 49.2
    """,
    "AUX": """
        CIC(1) CIC(2) CIC(3) CIC(4) CIC-P REV(1) REV(2) REV(3) INS PRE PRE(1) PRE(2) FEE
    """,
    "CAL": "01 02 03 04 05 06",
    "COLL": "01 02 03 04 05 06 07 08 09 10 11 12 13 14",
    "LEN": "01 02 03 04 05 06 07 08",
}


@pytest.fixture
def implementations(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """Put an empty register in the place of the project's own."""
    empty: dict[str, list[str]] = {}
    monkeypatch.setattr(registry, "IMPLEMENTATIONS", empty)
    return empty


def complete_evidence(without: str = "") -> Evidence:
    """Give every implemented clause code and a test, except one."""
    ids = [clause.id for clause in CLAUSES.values() if clause.status == "implemented"]
    return Evidence(
        implementations={name: ["models.code"] for name in ids if name != without},
        tests=[("tests/test_it.py::test_it", name) for name in ids if name != without],
    )


# --- registry -------------------------------------------------------------------------------


def test_every_row_of_the_rulebook_is_registered_and_nothing_else() -> None:
    expected = [
        f"{family}-{row}" for family, ids in ROWS_OF_THE_RULEBOOK.items() for row in ids.split()
    ]
    assert sorted(CLAUSES) == sorted(expected)


def test_every_id_is_well_formed_and_is_its_own_key() -> None:
    form = re.compile(
        r"(ART|CAL|COLL|LEN)-\d\d|(NP|AU)-\d{1,2}(\.\d{1,2})?(\(\d\))?|AUX-[A-Z]{3}(-P|\(\d\))?"
    )
    assert [name for name, clause in CLAUSES.items() if name != clause.id] == []
    assert [name for name in CLAUSES if not form.fullmatch(name)] == []


def test_a_clause_is_without_reason_exactly_when_it_is_implemented() -> None:
    with pytest.raises(ValueError, match="NP-1: a reason is given exactly when"):
        Clause("NP-1", "NP members", "definitions", "no consequence", "")
    with pytest.raises(ValueError, match="NP-1: a reason is given exactly when"):
        Clause("NP-1", "NP members", "definitions", "implemented", "later")


def test_an_id_cannot_be_registered_twice() -> None:
    rows: list[Row] = [
        ("NP-1 NP-2", "atone", "first", IMPLEMENTED),
        ("NP-2", "atone", "second", IMPLEMENTED),
    ]
    with pytest.raises(ValueError, match="clause NP-2 is registered twice"):
        registry.register(rows, {})


def test_ids_of_one_row_share_its_columns() -> None:
    found = registry.register([("NP-1 NP-2", "atone", "both", no_consequence("form"))], {"NP-2": 3})
    assert list(found.values()) == [
        Clause("NP-1", "atone", "both", "no consequence", "form"),
        Clause("NP-2", "atone", "both", "no consequence", "form", items=3),
    ]


def test_items_need_a_registered_clause() -> None:
    with pytest.raises(ValueError, match=r"unregistered clauses: NP-9\.9"):
        registry.register([("NP-1", "atone", "title", IMPLEMENTED)], {"NP-9.9": 2})


def test_the_registry_is_read_only() -> None:
    with pytest.raises(TypeError, match="does not support item assignment"):
        CLAUSES["NP-1"] = CLAUSES["NP-18"]  # type: ignore[index]


@pytest.mark.parametrize(
    ("reference", "clause"),
    [
        ("NP-30.1", "NP-30.1"),
        ("NP-7.1(3)", "NP-7.1"),
        ("NP-7.1(1)(2)(6)", "NP-7.1"),
        ("AU-29.1(2)", "AU-29.1(2)"),  # a row of its own beside its paragraph
        ("NP-52(4)", "NP-52(4)"),
    ],
)
def test_a_reference_leads_to_the_narrowest_registered_clause(reference: str, clause: str) -> None:
    assert clause_of(reference).id == clause


@pytest.mark.parametrize(
    ("reference", "message"),
    [
        ("NP-7.1(8)", r"unknown clause 'NP-7.1\(8\)': NP-7.1 has 7 items"),
        ("NP-7.1(0)", "NP-7.1 has 7 items"),
        ("NP-7.1(3)(8)", "NP-7.1 has 7 items"),
        ("NP-30.1(1)", "NP-30.1 has no items"),
        ("coll-04", "unknown clause 'coll-04'; did you mean COLL-04,"),
        ("NP-30", r"did you mean NP-30.1, NP-30.2, NP-30.3\?"),
        ("AU-28.3", r"did you mean AU-28.3\(1\), AU-28.3\(2\)\?"),
        ("", r"unknown clause ''\W*$"),
    ],
)
def test_an_unknown_reference_is_refused_with_near_matches(reference: str, message: str) -> None:
    with pytest.raises(KeyError, match=message):
        clause_of(reference)


# --- decorator ------------------------------------------------------------------------------


def test_implements_records_the_name_and_returns_the_function_itself(
    implementations: dict[str, list[str]],
) -> None:
    def damages() -> None: ...

    class Bill: ...

    assert implements("NP-30.1", "NP-7.1(3)")(damages) is damages
    assert implements("NP-30.1")(Bill) is Bill
    implements("NP-30.1")(damages)
    here = f"{__name__}.{damages.__qualname__.removesuffix('damages')}"
    assert implementations == {
        "NP-30.1": [f"{here}damages", f"{here}Bill"],
        "NP-7.1": [f"{here}damages"],
    }


def test_implements_refuses_unknown_and_missing_ids(implementations: dict[str, list[str]]) -> None:
    with pytest.raises(KeyError, match="unknown clause 'NP-99'"):
        implements("NP-30.1", "NP-99")
    with pytest.raises(ValueError, match="at least one clause id"):
        implements()
    assert implementations == {}


# --- parameters -----------------------------------------------------------------------------


class Late(Parameters):
    """A section with two clauses in one source."""

    rate: int = parameter(1, "Rate.", unit="-", source="NP-30.1; C-28, NP-30.2 (same rate)")
    tuned: int = parameter(1, "Guess.", unit="-", source="facts 4; assumption")


class Debit(Parameters):
    """A section that holds itself."""

    day: int = parameter(27, "Day.", unit="-", source="NP-28.3")
    again: "Debit | None" = None


class Root(Parameters):
    """A root with sections plain, in a tuple and in a mapping."""

    late: Late
    methods: tuple[Debit, ...] | dict[str, Late]
    name: str


def test_parameter_sources_follow_nested_sections_and_name_only_clauses() -> None:
    assert parameter_sources(Root) == [
        ("late.rate", "NP-30.1"),
        ("late.rate", "C-28"),
        ("late.rate", "NP-30.2"),
        ("methods.day", "NP-28.3"),
        ("methods.rate", "NP-30.1"),
        ("methods.rate", "C-28"),
        ("methods.rate", "NP-30.2"),
    ]


# --- marks of tests -------------------------------------------------------------------------

MARKED = """
import pytest
from pytest import mark
pytestmark = [pytest.mark.slow, pytest.mark.clause("ART-01")]
ONE = pytest.param(1, marks=pytest.mark.clause("NP-3.2"))
CASES = [ONE, pytest.param(2, marks=[mark.clause(*IDS)])]
@pytest.mark.clause("NP-30.1", "NP-30.3")
@pytest.mark.golden("G-12")
def test_decorated() -> None: ...
@pytest.mark.parametrize("case", CASES)
async def test_parametrised(case) -> None: ...
@mark.clause("LEN-01")
class TestClass:
    pytestmark = pytest.mark.clause("LEN-02")
    @mark.clause("LEN-03")
    def test_method(self) -> None: ...
    @mark.clause("LEN-04")
    def helper(self) -> None: ...
@pytest.mark.clause("LEN-05")
def helper() -> None: ...
"""


def test_marks_count_on_tests_classes_modules_and_parameter_sets(tmp_path: Path) -> None:
    directory = tmp_path / "tests"
    (directory / "unit").mkdir(parents=True)
    (directory / "unit" / "test_marked.py").write_text(MARKED, encoding="utf-8")
    (directory / "conftest.py").write_text(MARKED, encoding="utf-8")
    marks = clause_marks(directory)
    found: dict[str, list[str]] = {test: [] for test, _ in marks}
    for test, reference in marks:
        found[test].append(reference)
    assert found == {
        "tests/unit/test_marked.py::test_decorated": ["ART-01", "NP-30.1", "NP-30.3"],
        "tests/unit/test_marked.py::test_parametrised": ["ART-01", "NP-3.2", "*IDS"],
        "tests/unit/test_marked.py::TestClass::test_method": [
            *("ART-01", "LEN-01", "LEN-02", "LEN-03"),
        ],
    }


# --- table and check ------------------------------------------------------------------------


def test_a_rule_joins_parameters_code_and_tests_by_clause() -> None:
    evidence = Evidence(
        implementations={"NP-7.1": ["b", "a"]},
        parameters=[("x.y", "NP-7.1(3)"), ("x.z", "NP-7.1")],
        tests=[("t", "NP-7.1(2)"), ("t", "NP-7.1(3)")],
    )
    rule = next(rule for rule in rule_table(evidence=evidence) if rule.clause == "NP-7.1")
    assert (rule.parameters, rule.implementations, rule.tests) == (
        ("x.y", "x.z"),
        ("a", "b"),
        ("t",),
    )
    assert (rule.product, rule.status, rule.reason) == ("NP members", "implemented", "")


def test_the_table_holds_every_clause_in_order() -> None:
    assert [rule.clause for rule in rule_table(evidence=Evidence({}))] == list(CLAUSES)


def test_a_product_keeps_its_clauses_and_those_of_wider_scope() -> None:
    listed = rule_table("atone", Evidence({}))
    assert {rule.product for rule in listed} == {"atone", "NP members", "both lenders"}
    with pytest.raises(
        InputError, match="unknown product 'bnpl'; choose one of: NP members, atone"
    ):
        rule_table("bnpl", Evidence({}))


def test_complete_evidence_has_no_problems() -> None:
    assert check(complete_evidence()) == []


def test_an_implemented_clause_needs_code_and_a_test() -> None:
    title = CLAUSES["NP-30.1"].title
    assert check(complete_evidence(without="NP-30.1")) == [
        f"NP-30.1 ({title}) has no implementing function",
        f"NP-30.1 ({title}) is proved by no test",
    ]


def test_missing_tests_are_no_problem_where_the_tests_are_not_available() -> None:
    assert check(Evidence(complete_evidence().implementations)) == []


def test_code_behind_a_clause_without_consequence_is_a_problem() -> None:
    complete = complete_evidence()
    evidence = Evidence(
        {**complete.implementations, "NP-18": ["models.parts"]}, tests=complete.tests
    )
    assert check(evidence) == [
        "NP-18 is registered as no consequence but implemented by models.parts"
    ]


@pytest.mark.parametrize("table", ["parameters", "records", "tests"])
def test_whoever_names_an_unknown_clause_is_a_problem(table: str) -> None:
    complete = complete_evidence()
    cited = {"tests": complete.tests or (), table: [*(complete.tests or ()), ("culprit", "NP-99")]}
    (problem,) = check(Evidence(complete.implementations, **cited))
    assert problem.startswith("culprit: unknown clause 'NP-99'; did you mean ")


def test_parameters_and_tests_may_cite_a_resolution_but_postings_may_not() -> None:
    complete = complete_evidence()
    citing = [*(complete.tests or ()), ("a test", "C-28"), ("a test", "C-76")]
    evidence = Evidence(complete.implementations, parameters=[("a.b", "C-01")], tests=citing)
    assert check(evidence) == []
    evidence = Evidence(complete.implementations, records=[("posting p", "C-28")], tests=citing)
    assert [problem.split(";")[0] for problem in check(evidence)] == [
        "posting p: unknown clause 'C-28'"
    ]


@pytest.mark.parametrize("gap", ["C-00", "C-63", "C-70", "C-77"])
def test_a_resolution_that_the_rulebook_lacks_is_a_problem(gap: str) -> None:
    complete = complete_evidence()
    evidence = Evidence(complete.implementations, parameters=[("a.b", gap)], tests=complete.tests)
    assert [problem.split(";")[0] for problem in check(evidence)] == [
        f"a.b: unknown clause '{gap}'"
    ]


@pytest.fixture
def listed() -> Iterator[Rule]:
    """Give one rule with something in every cell."""
    behind = ("a.b",), ("m.f",), None
    return iter([Rule("NP-5", "atone", "no consequence", "[title]", "form", *behind)])


def written(rule: Iterator[Rule], form: rules.Format) -> str:
    """Write to a string as wide as a redirected console."""
    stream = io.StringIO()
    write(rule, form, Console(file=stream, width=80))
    return stream.getvalue()


def test_the_table_form_shows_every_cell_at_eighty_columns(listed: Iterator[Rule]) -> None:
    text = written(listed, "table")
    for cell in ("NP-5", "atone", "no consequence: form", "[title]", "parameter a.b", "code m.f"):
        assert cell in text
    assert "test not available" in text


def test_the_table_form_folds_a_long_name_instead_of_cutting_it() -> None:
    name = f"models.{'x' * 90}"
    rule = Rule("NP-5", "atone", "no consequence", "title", "form", (name,), (), ())
    text = written(iter([rule]), "table")
    assert text.count("x") == 90
    assert "…" not in text


def test_the_markdown_form_is_one_line_a_rule(listed: Iterator[Rule]) -> None:
    assert written(listed, "markdown").splitlines() == [
        "| Clause | Product | Status | Title | Parameters | Code | Tests |",
        "| --- | --- | --- | --- | --- | --- | --- |",
        "| NP-5 | atone | no consequence<br>form | [title] | a.b | m.f | not available |",
    ]


def test_the_json_form_keeps_the_fields(listed: Iterator[Rule]) -> None:
    (rule,) = json.loads(written(listed, "json"))
    assert rule == {
        "clause": "NP-5",
        "product": "atone",
        "status": "no consequence",
        "title": "[title]",
        "reason": "form",
        "parameters": ["a.b"],
        "implementations": ["m.f"],
        "tests": None,
    }


@pytest.mark.parametrize(("without", "code"), [("", 0), ("NP-30.1", 1)])
def test_the_command_fails_exactly_when_there_are_problems(
    without: str, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(rules, "gather", lambda: complete_evidence(without))
    assert rules.main(["--check"]) == code
    assert ("NP-30.1" in capsys.readouterr().out) == bool(code)
