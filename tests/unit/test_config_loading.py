"""From a file to a frozen model: every problem in one error, and back to text without loss."""

import json
import re
from datetime import date, time
from enum import Enum
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Literal

import pytest
import yaml
from pydantic import Field, field_validator, model_validator

from models.errors import InputError
from models.parameters import Parameters, Rate, Share, parameter
from sim.config_errors import MAX_SHOWN
from sim.config_loading import (
    ParameterRow,
    apply_overrides,
    config_digest,
    dump_yaml,
    json_schema,
    load,
    parameters_of,
)
from sim.yaml_source import read_yaml


class Method(Enum):
    """How a member pays."""

    KONBINI = "konbini"
    DEBIT = "direct_debit"


class Rung(Parameters):
    """One rung of the ladder."""

    day: int = parameter(1, "Day past due.", unit="days", source="COLL-01", ge=0, le=3650)
    channel: Literal["sms", "call"] = parameter("sms", "Channel.", unit="-", source="assumption")


class Fixed(Parameters):
    """The same for all."""

    kind: Literal["fixed"] = "fixed"
    yen: int = parameter(50_000, "Limit.", unit="yen", source="NP-22.1", ge=0)


class Scored(Parameters):
    """By score."""

    kind: Literal["scored"] = "scored"
    shares: tuple[Share, ...] = parameter(
        (0.5, 0.5), "Share of members in each band.", unit="share", source="assumption"
    )

    @field_validator("shares")
    @classmethod
    def sums_to_one(cls, shares: tuple[float, ...]) -> tuple[float, ...]:
        """Refuse shares that leave members over."""
        if sum(shares) != 1:
            raise ValueError(f"the shares sum to {sum(shares):g}\x1b; allowed: a sum of 1")
        return shares


class Macro(Parameters):
    """The economy."""

    rho: float = parameter(
        0.1, "Correlation of members. More here.", unit="share", source="facts 6.1", ge=0.0, le=1.0
    )
    stress: float = parameter(1.0, "Multiplier.", unit="-", source="assumption", gt=0, lt=10)


class Collections(Parameters):
    """What happens to late members."""

    ladder: tuple[Rung, ...] = parameter(
        (Rung(day=1), Rung(day=10, channel="call"), Rung(day=30)),
        "The steps.",
        unit="-",
        source="COLL-01",
        min_length=1,
        max_length=5,
    )
    late_rate: Rate = parameter(
        Fraction(146, 1000), "Late damages a year.", unit="rate", source="NP-30.1", ge=0
    )
    opens: time = time(9)
    closes: time = time(20)

    @model_validator(mode="after")
    def in_order(self) -> "Collections":
        """Refuse a ladder that goes back in time."""
        days = [rung.day for rung in self.ladder]
        if days != sorted(days):
            raise ValueError(f"the ladder's days {days} fall\x1b; allowed: rising days")
        if self.closes <= self.opens:
            raise ValueError(f"closes: got {self.closes}; allowed: after opens, {self.opens}")
        if days[-1] > 3000:
            raise ValueError(f"ladder.{len(days) - 1}.day: got {days[-1]}; allowed: up to 3000")
        return self


class Config(Parameters):
    """A small configuration with one field of each form."""

    name: str = Field(pattern="^[a-z0-9-]+$", max_length=40, description="Name of the run.")
    extends: str | None = None
    start: date = parameter(date(2026, 4, 1), "First day.", unit="date", source="assumption")
    until: date | None = Field(None, ge=date(2020, 1, 1))
    months: int = parameter(12, "Horizon.", unit="months", source="assumption", ge=1, le=120)
    seed: int = Field(0, ge=0, lt=2**64)
    is_revolving: bool = False
    method: Method = Method.KONBINI
    sample: int | Literal["all"] = "all"
    pair: tuple[int, float] = (1, 2.0)
    codes: tuple[Annotated[int, Field(ge=0, multiple_of=5)], ...] = Field((), max_length=3)
    limit: Annotated[Fixed | Scored, Field(discriminator="kind")] = Fixed()
    extra_limit: Annotated[Fixed | Scored, Field(discriminator="kind")] | None = None
    either: Macro | Rung | None = None
    by_product: dict[Literal["atone", "au_pay"], Macro] = Field(default_factory=dict)
    macro: Macro = Macro()
    stressed: Macro = Macro(rho=0.3, stress=2.0)
    named: dict[str, Macro] = Field(default_factory=lambda: {"low": Macro(rho=0.0)})
    collections: Collections = Collections()

    @model_validator(mode="after")
    def fits(self) -> "Config":
        """Refuse an end before the start."""
        if self.until and self.until < self.start:
            raise ValueError(f"until {self.until} is before start {self.start}; allowed: after it")
        return self


def loaded(folder: Path, text: str, *overrides: str) -> Config:
    """Load a file with these lines below the name."""
    path = folder / "x.yaml"
    path.write_text(f"name: a\n{text}\n", encoding="utf-8")
    return load(Config, path, overrides)


def complaint(folder: Path, text: str, *overrides: str) -> str:
    """Return the error of a file without the folder's name."""
    with pytest.raises(InputError, match=r".") as caught:
        loaded(folder, text, *overrides)
    return str(caught.value).replace(f"{folder}/", "")


def test_a_valid_file_becomes_a_frozen_model_of_exact_types(tmp_path: Path) -> None:
    config = loaded(
        tmp_path,
        "start: 2026-05-01\nmethod: direct_debit\nsample: 5\npair: [3, 4]\nlimit: {kind: scored}\n"
        "collections: {late_rate: [3, 100], ladder: [{day: 2}], opens: '08:30'}\n"
        "by_product: {au_pay: {rho: 0}}\n",
    )
    assert config.start == date(2026, 5, 1)
    assert config.method is Method.DEBIT
    assert (config.sample, config.pair) == (5, (3, 4.0))
    assert config.limit == Scored()
    assert config.collections.late_rate == Fraction(3, 100)
    assert config.collections.ladder == (Rung(day=2),)
    assert config.collections.opens == time(8, 30)
    assert config.by_product == {"au_pay": Macro(rho=0.0)}
    assert config.macro == Macro()


COMPLAINTS = {
    "rate above one": (
        "macro:\n  rho: 1.7",
        (
            "x.yaml:3: macro.rho: got 1.7; allowed: a number from 0 to 1 "
            "(unit: share; Correlation of members)"
        ),
    ),
    "open limits": (
        "macro: {stress: 10}",
        "x.yaml:2: macro.stress: got 10; allowed: a number above 0 and below 10 (Multiplier)",
    ),
    "bool for int": (
        "months: true",
        "x.yaml:2: months: got true; allowed: a whole number from 1 to 120 (unit: months; Horizon)",
    ),
    "text for int": (
        "months: '12'",
        "x.yaml:2: months: got '12'; allowed: a whole number from 1 to 120 (unit: months; Horizon)",
    ),
    "decimal for int": (
        "months: 1.5",
        "x.yaml:2: months: got 1.5; allowed: a whole number from 1 to 120 (unit: months; Horizon)",
    ),
    "yes for bool": (
        "is_revolving: yes",
        "x.yaml:2: is_revolving: got 'yes'; allowed: true or false",
    ),
    "huge integer": (
        f"seed: {10**39}",
        f"x.yaml:2: seed: got {10**39}; allowed: a whole number at least 0 and below {2**64}",
    ),
    "no date": (
        "start: 1 April",
        "x.yaml:2: start: got '1 April'; allowed: a date as YYYY-MM-DD (unit: date; First day)",
    ),
    "impossible date": (
        "start: 2026-02-30",
        "x.yaml:2: start: got '2026-02-30'; allowed: a date as YYYY-MM-DD (unit: date; First day)",
    ),
    "early date": (
        "until: 2019-01-01",
        (
            "x.yaml:2: until: got '2019-01-01'; allowed: a date as YYYY-MM-DD or null, "
            "at least 2020-01-01"
        ),
    ),
    "no time": (
        "collections: {opens: noon}",
        "x.yaml:2: collections.opens: got 'noon'; allowed: a time as HH:MM:SS",
    ),
    "enum": (
        "method: card",
        (
            "x.yaml:2: method: got 'card'; allowed: one of 'konbini', 'direct_debit' "
            "(How a member pays)"
        ),
    ),
    "literal in a list": (
        "collections:\n  ladder:\n    - day: 1\n    - day: 5\n      channel: fax",
        (
            "x.yaml:6: collections.ladder.1.channel: got 'fax'; allowed: one of 'sms', 'call' "
            "(Channel)"
        ),
    ),
    "union of values": (
        "sample: some",
        "x.yaml:2: sample: got 'some'; allowed: a whole number or 'all'",
    ),
    "pair": (
        "pair: [1, 2, 3]",
        "x.yaml:2: pair: got [1, 2, 3]; allowed: a list of 2: a whole number, a number",
    ),
    "item of a pair": ("pair: [x, 2]", "x.yaml:2: pair.0: got 'x'; allowed: a whole number"),
    "item of a list": (
        "codes: [5, 7]",
        "x.yaml:2: codes.1: got 7; allowed: a whole number at least 0 and a multiple of 5",
    ),
    "long list": (
        "codes: [5, 5, 5, 5]",
        (
            "x.yaml:2: codes: got [5, 5, 5, 5]; allowed: a list of up to 3 items, "
            "each a whole number at least 0 and a multiple of 5"
        ),
    ),
    "empty list": (
        "collections: {ladder: []}",
        (
            "x.yaml:2: collections.ladder: got []; allowed: a list of 1 to 5 items, "
            "each a section with the keys day, channel (The steps)"
        ),
    ),
    "scalar for a list": (
        "collections: {ladder: 3}",
        (
            "x.yaml:2: collections.ladder: got 3; allowed: a list of 1 to 5 items, "
            "each a section with the keys day, channel (The steps)"
        ),
    ),
    "scalar for a section": (
        "macro: 3",
        "x.yaml:2: macro: got 3; allowed: a section with the keys rho, stress (The economy)",
    ),
    "commented-out section": (
        "macro:\n  # rho: 1",
        "x.yaml:2: macro: got null; allowed: a section with the keys rho, stress (The economy)",
    ),
    "scalar for a mapping": ("by_product: 1", "x.yaml:2: by_product: got 1; allowed: a mapping"),
    "decimal rate": (
        "collections: {late_rate: 0.146}",
        (
            "x.yaml:2: collections.late_rate: got 0.146; a rate is written "
            "[numerator, denominator], two integers, denominator above 0 "
            "(unit: rate; Late damages a year)"
        ),
    ),
    "negative rate": (
        "collections: {late_rate: [-1, 10]}",
        (
            "x.yaml:2: collections.late_rate: got [-1, 10]; the rate -1/10 lies outside 0 to 1 "
            "(unit: rate; Late damages a year)"
        ),
    ),
    "unknown kind": (
        "limit:\n  kind: free",
        "x.yaml:3: limit.kind: got 'free'; allowed: one of 'fixed', 'scored'",
    ),
    "missing kind": (
        "extra_limit: {yen: 1}",
        "x.yaml:2: extra_limit.kind: missing; required: one of 'fixed', 'scored'",
    ),
    "scalar for a kind": (
        "limit: 3",
        "x.yaml:2: limit: got 3; allowed: a section of the kind fixed or scored",
    ),
    "value inside a kind": (
        "limit: {kind: fixed, yen: -1}",
        "x.yaml:2: limit.yen: got -1; allowed: a whole number at least 0 (unit: yen; Limit)",
    ),
    "unknown key inside an optional kind": (
        "extra_limit: {kind: fixed, yenn: 1}",
        "x.yaml:2: extra_limit.yenn: unknown key; allowed: kind, yen; did you mean yen?",
    ),
    "validator of a field": (
        "limit:\n  kind: scored\n  shares: [0.5, 0.25]",
        (
            "x.yaml:4: limit.shares: got [0.5, 0.25]; the shares sum to 0.75\\x1b; "
            "allowed: a sum of 1 (unit: share; Share of members in each band)"
        ),
    ),
    "validator of a section": (
        "macro: {}\ncollections:\n  ladder: [{day: 9}, {day: 3}]",
        r"x.yaml:3: collections: the ladder's days [9, 3] fall\x1b; allowed: rising days",
    ),
    "validator of a section that names a field": (
        "collections:\n  closes: '08:00'",
        "x.yaml:3: collections.closes: got 08:00:00; allowed: after opens, 09:00:00",
    ),
    "validator of a section that names an item": (
        "collections:\n  ladder:\n    - day: 1\n    - day: 3001",
        "x.yaml:5: collections.ladder.1.day: got 3001; allowed: up to 3000",
    ),
    "validator of a section that names an unwritten field": (
        "collections:\n  opens: '21:00'",
        "x.yaml:2: collections.closes: got 20:00:00; allowed: after opens, 21:00:00",
    ),
    "validator of the whole": (
        "until: 2026-03-01",
        (
            "x.yaml:1: the configuration: until 2026-03-01 is before start 2026-04-01; "
            "allowed: after it"
        ),
    ),
    "unknown key": (
        "macro:\n  rho: 0.1\n  strss: 2",
        "x.yaml:4: macro.strss: unknown key; allowed: rho, stress; did you mean stress?",
    ),
    "unknown key unlike any other": (
        "macro: {zzz: 2}",
        "x.yaml:2: macro.zzz: unknown key; allowed: rho, stress",
    ),
    "key of a mapping": (
        "by_product: {np: {rho: 0.1}}",
        "x.yaml:2: by_product.np: this key is refused: Input should be 'atone' or 'au_pay'",
    ),
    "value in a mapping": (
        "by_product: {atone: {rho: 2}}",
        (
            "x.yaml:2: by_product.atone.rho: got 2; allowed: a number from 0 to 1 "
            "(unit: share; Correlation of members)"
        ),
    ),
    "not a number": (
        "macro: {rho: .nan}",
        "x.yaml:2: macro.rho: got nan; allowed: a finite number",
    ),
    "minus infinite": (
        "pair: [1, -.inf]",
        "x.yaml:2: pair.1: got -inf; allowed: a finite number",
    ),
    "item of a list with words of its own": (
        "extra_limit: {kind: scored, shares: [0, 2]}",
        (
            "x.yaml:2: extra_limit.shares.1: got 2; allowed: a number from 0 to 1 "
            "(unit: share; Share of members in each band)"
        ),
    ),
    "infinite": ("pair: [1, .inf]", "x.yaml:2: pair.1: got inf; allowed: a finite number"),
}


@pytest.mark.parametrize(("text", "message"), COMPLAINTS.values(), ids=COMPLAINTS)
def test_a_problem_names_file_line_path_value_and_what_is_allowed(
    tmp_path: Path, text: str, message: str
) -> None:
    assert complaint(tmp_path, text) == message


def test_a_wrong_name_shows_length_and_pattern(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("months: 1\nname: ../evil\n")
    message = r"x\.yaml:2: name: got '\.\./evil'; allowed: text of up to 40 characters matching "
    with pytest.raises(InputError, match=message + re.escape("^[a-z0-9-]+$ (Name of the run)")):
        load(Config, path)


def test_a_missing_key_is_reported_at_the_section_that_lacks_it(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("# no name\n\nmonths: 3\n")
    with pytest.raises(InputError, match=r"x\.yaml:3: name: missing; required: text of up to 40"):
        load(Config, path)


def test_all_problems_are_listed_in_the_order_of_the_lines(tmp_path: Path) -> None:
    text = "zz: 1\nmacro:\n  stress: x\n  rho: -1\nmonths: 0\nseed: .inf"
    lines = complaint(tmp_path, text, "sample=x").splitlines()
    places = [line.split(": ")[0] for line in lines]
    assert places == [*(f"x.yaml:{n}" for n in (2, 4, 5, 6, 7)), "--set"]


def test_problems_in_a_base_name_the_base(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text("macro:\n  rho: 3\n")
    assert complaint(tmp_path, "extends: base.yaml\nmonths: 0").splitlines() == [
        (
            "base.yaml:2: macro.rho: got 3; allowed: a number from 0 to 1 "
            "(unit: share; Correlation of members)"
        ),
        "x.yaml:3: months: got 0; allowed: a whole number from 1 to 120 (unit: months; Horizon)",
    ]


def test_a_thousand_problems_are_cut_short(tmp_path: Path) -> None:
    lines = complaint(tmp_path, "\n".join(f"k{n}: 1" for n in range(1000))).splitlines()
    assert len(lines) == MAX_SHOWN + 1
    assert lines[-1] == f"and {1000 - MAX_SHOWN} more problems"


def test_an_untagged_union_reports_each_member_at_the_value(tmp_path: Path) -> None:
    lines = complaint(tmp_path, "either:\n  rho: 2").splitlines()
    assert lines == [
        (
            "x.yaml:3: either.rho: got 2; allowed: a number from 0 to 1 "
            "(unit: share; Correlation of members)"
        ),
        "x.yaml:3: either.rho: unknown key; allowed: day, channel",
    ]


def test_hostile_keys_and_values_cannot_write_to_the_terminal(tmp_path: Path) -> None:
    message = complaint(tmp_path, '"\u202egood": 1\n"a.b": 2\nmacro: {rho: "\u202ex"}')
    assert all(line.isprintable() for line in message.splitlines())
    assert r"'\u202egood': unknown key" in message
    assert "'a.b': unknown key" in message
    assert len(complaint(tmp_path, f"macro: {{rho: {'x' * 900}}}")) < 200


def test_an_override_wins_over_the_file_and_the_last_one_over_the_first(tmp_path: Path) -> None:
    config = loaded(
        tmp_path,
        "macro: {rho: 0.3}\nmonths: 3",
        "macro.rho=0.4",
        "macro.stress=1.36",
        "macro.rho=0.5",
        "limit={kind: scored, shares: [1]}",
        "until=null",
        "collections.late_rate=[1, 10]",
        "name=bc",
    )
    assert config.macro == Macro(rho=0.5, stress=1.36)
    assert config.months == 3
    assert config.limit == Scored(shares=(1.0,))
    assert config.collections.late_rate == Fraction(1, 10)
    assert config.name == "bc"


def test_an_override_reaches_into_a_list_of_the_file(tmp_path: Path) -> None:
    config = loaded(
        tmp_path, "collections: {ladder: [{day: 1}, {day: 2}]}", "collections.ladder.1.day=8"
    )
    assert [rung.day for rung in config.collections.ladder] == [1, 8]


def test_an_override_reaches_into_a_list_that_only_the_defaults_have(tmp_path: Path) -> None:
    config = loaded(tmp_path, "", "collections.ladder.2.day=99")
    assert config.collections.ladder == (Rung(), Rung(day=10, channel="call"), Rung(day=99))


def test_an_override_reaches_into_a_free_mapping_that_only_the_defaults_have(
    tmp_path: Path,
) -> None:
    config = loaded(tmp_path, "", "named.low.stress=3", "named.high.rho=0.9")
    assert config.named == {"low": Macro(rho=0.0, stress=3.0), "high": Macro(rho=0.9)}
    replaced = loaded(tmp_path, "named: {high: {rho: 0.9}}")
    assert replaced.named == {"high": Macro(rho=0.9)}


def test_a_section_written_in_part_keeps_the_defaults_of_its_place(tmp_path: Path) -> None:
    assert loaded(tmp_path, "stressed: {rho: 0.4}").stressed == Macro(rho=0.4, stress=2.0)
    assert loaded(tmp_path, "", "stressed.rho=0.4").stressed == Macro(rho=0.4, stress=2.0)
    assert loaded(tmp_path, "stressed: {}").stressed == Macro(rho=0.3, stress=2.0)


def test_another_kind_takes_nothing_from_the_default_kind(tmp_path: Path) -> None:
    assert loaded(tmp_path, "limit: {kind: scored}").limit == Scored()
    assert loaded(tmp_path, "", "limit.kind=scored").limit == Scored()
    assert loaded(tmp_path, "", "limit.yen=5").limit == Fixed(yen=5)


def test_overrides_leave_their_source_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("macro: {rho: 0.1}\nladder: [{day: 1}]\n")
    source = read_yaml(path)
    changed = apply_overrides(source, ["macro.rho=1", "ladder.0.day=2", "new.key=3"])
    assert changed.data == {"macro": {"rho": 1}, "ladder": [{"day": 2}], "new": {"key": 3}}
    assert source.data == {"macro": {"rho": 0.1}, "ladder": [{"day": 1}]}
    assert source.places == read_yaml(path).places
    assert ("macro", "rho") not in apply_overrides(source, ["macro=1"]).places


@pytest.mark.parametrize(
    ("override", "message"),
    [
        (
            "macro.rho=1.7",
            "--set: macro.rho: got 1.7; allowed: a number from 0 to 1 (unit: share; ",
        ),
        ("macro.roh=1", "--set: macro.roh: unknown key; allowed: rho, stress; did you mean rho?"),
        ("nothing.at.all=1", "--set: nothing: unknown key; allowed: extends, name, start"),
        (
            "collections.ladder.0.day=-1",
            "--set: collections.ladder.0.day: got -1; allowed: a whole",
        ),
        ("macro.rho=.nan", "--set: macro.rho: got nan; allowed: a finite number"),
        ("macro", "--set: got 'macro'; allowed: PATH=VALUE, as in macro.rho=0.2"),
        ("", "--set: got ''; allowed: PATH=VALUE"),
        ("=3", "--set: got '=3'; allowed: PATH=VALUE"),
        ("macro..rho=3", "--set: got 'macro..rho=3'; allowed: PATH=VALUE"),
        ("macro.rho=", "--set: got 'macro.rho='; allowed: PATH=VALUE"),
        ("\x1b=3", r"--set: got '\x1b=3'; allowed: PATH=VALUE"),
        ("a." * 60 + "a=1", "--set: a path of 61 keys; allowed: up to 50"),
        ("extends=y.yaml", "--set: extends is read before --set; allowed: any other key"),
        ("macro.rho=[1", "--set macro.rho: got '[1', which is not YAML; allowed: a value"),
        ("macro=rho: 1", "--set macro: got 'rho: 1'; allowed: a value, [a list] or {a: mapping}"),
        ("months.x=1", "--set months.x: months is 3, which has no parts; allowed: a path through"),
        (
            "collections.ladder.3.day=1",
            "--set collections.ladder.3: got the index '3'; allowed: an",
        ),
        ("collections.ladder.-1.day=1", "--set collections.ladder.-1: got the index '-1'; allowed"),
        ("codes.0=1", "--set codes.0: got the index '0'; allowed: no index of an empty list"),
    ],
)
def test_a_wrong_override_is_reported_as_one(tmp_path: Path, override: str, message: str) -> None:
    text = "months: 3\ncodes: []"
    assert complaint(tmp_path, text, override).startswith(message)


def test_a_section_refused_because_of_an_override_says_so(tmp_path: Path) -> None:
    text = "collections:\n  ladder: [{day: 1}, {day: 2}]"
    assert complaint(tmp_path, text, "macro.rho=0.2", "collections.ladder.0.day=9") == (
        r"x.yaml:2: collections: the ladder's days [9, 2] fall\x1b; allowed: rising days "
        "(--set changed collections.ladder.0.day)"
    )
    assert complaint(tmp_path, "", "collections.ladder.0.day=99").startswith("--set: collections: ")


FULL = (
    "start: 2027-01-01\nuntil: 2028-01-01\nmethod: direct_debit\nsample: 3\ncodes: [5, 10]\n"
    "limit: {kind: scored, shares: [0.1, 0.9]}\nby_product: {atone: {rho: 1.0e-7}}\n"
    "collections: {late_rate: [1, 3], ladder: [{day: 4, channel: call}]}\n"
)


def test_a_dumped_configuration_loads_back_equal_and_with_the_same_digest(tmp_path: Path) -> None:
    config = loaded(tmp_path, FULL)
    text = dump_yaml(config)
    (tmp_path / "y.yaml").write_text(text)
    again = load(Config, tmp_path / "y.yaml")
    assert again == config
    assert dump_yaml(again) == text
    assert config_digest(again) == config_digest(config)


def test_a_dump_keeps_the_order_of_declaration_and_leaves_extends_out(tmp_path: Path) -> None:
    dumped = yaml.safe_load(dump_yaml(loaded(tmp_path, FULL)))
    assert list(dumped) == [name for name in Config.model_fields if name != "extends"]
    assert dumped["collections"]["late_rate"] == [1, 3]


@pytest.mark.parametrize(
    "text", ["1e5", "010", "yes", "null", "2026-04-01", "12", "つけ", "=", "a: b"]
)
def test_a_dumped_text_stays_text(tmp_path: Path, text: str) -> None:
    class Titled(Parameters):
        """One text."""

        title: str = ""

    (tmp_path / "x.yaml").write_text(dump_yaml(Titled(title=text)), encoding="utf-8")
    assert load(Titled, tmp_path / "x.yaml").title == text


def test_a_digest_hangs_on_values_and_not_on_how_they_are_written(tmp_path: Path) -> None:
    one = loaded(tmp_path, "macro: {rho: 1, stress: 2.0}\nmonths: 12")
    two = loaded(tmp_path, "macro:\n  stress: 2\n  rho: 1.0")
    assert config_digest(one) == config_digest(two)
    ab = loaded(tmp_path, "by_product: {atone: {}, au_pay: {}}")
    assert config_digest(ab) == config_digest(
        loaded(tmp_path, "by_product: {au_pay: {}, atone: {}}")
    )
    assert config_digest(one) != config_digest(loaded(tmp_path, "macro: {rho: 0.9, stress: 2}"))


def test_a_digest_leaves_out_what_it_is_told_to(tmp_path: Path) -> None:
    one = loaded(tmp_path, "seed: 1\nmacro: {rho: 0.2}")
    two = loaded(tmp_path, "seed: 1\nmacro: {rho: 0.3}", "name=other")
    assert config_digest(one) != config_digest(two)
    out = frozenset({"name", "macro.rho", "macro.absent.key", "absent"})
    assert config_digest(one, out) == config_digest(two, out)
    assert config_digest(one, frozenset({"macro.rho"})) != config_digest(
        two, frozenset({"macro.rho"})
    )


def test_the_default_digest_is_pinned() -> None:
    class Pinned(Parameters):
        """Two keys."""

        name: str = "a"
        rate: Rate = Fraction(1, 3)

    # the SHA-256 of {"rate":[1,3]}
    expected = "196874359ece64c5c4247450a48cc8ae091de1d8d954d326dc88f8e11c4d158f"
    assert config_digest(Pinned()) == expected


def test_every_parameter_is_listed_with_its_default_unit_and_source(tmp_path: Path) -> None:
    rows = {row.path: row for row in parameters_of(loaded(tmp_path, FULL))}
    assert rows["collections.late_rate"] == ParameterRow(
        "collections.late_rate",
        Fraction(1, 3),
        Fraction(146, 1000),
        "rate",
        "NP-30.1",
        "Late damages a year.",
    )
    assert rows["collections.ladder.0.day"].value == 4
    assert rows["collections.ladder.0.day"].default == 1
    assert rows["by_product.atone.rho"][1:3] == (1e-7, 0.1)
    assert rows["limit.kind"].value == "scored"
    assert rows["limit.shares"].default == (0.5, 0.5)
    assert rows["name"] == ParameterRow("name", "a", None, "-", "", "Name of the run.")
    assert "collections" not in rows
    assert "collections.ladder" not in rows


def test_the_default_of_an_item_is_the_one_at_its_place(tmp_path: Path) -> None:
    rows = {row.path: row for row in parameters_of(loaded(tmp_path, ""))}
    assert [rows[f"collections.ladder.{n}.day"].default for n in range(3)] == [1, 10, 30]
    assert all(row.value == row.default for row in rows.values() if row.path != "name")


def test_parameters_are_listed_in_the_order_of_declaration(tmp_path: Path) -> None:
    paths = [row.path for row in parameters_of(loaded(tmp_path, ""))]
    assert paths[:3] == ["name", "extends", "start"]
    assert paths[-4:] == [
        "collections.ladder.2.channel",
        "collections.late_rate",
        "collections.opens",
        "collections.closes",
    ]


def test_the_schema_is_json_with_units_and_sources_and_exact_defaults() -> None:
    schema = json.loads(json.dumps(json_schema(Config)))
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    rate = schema["$defs"]["Collections"]["properties"]["late_rate"]
    assert (rate["unit"], rate["source"], rate["default"]) == ("rate", "NP-30.1", [73, 500])
    assert schema["required"] == ["name"]
    assert "extends" in json_schema(Macro)["properties"]  # type: ignore[operator]
