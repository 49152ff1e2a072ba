"""The reader of YAML: plain data, the place of each value, and one clear refusal."""

import math
import os
from pathlib import Path

import pytest

from models.errors import InputError
from sim.yaml_source import (
    MAX_BYTES,
    MAX_DEPTH,
    Place,
    YamlSource,
    dotted,
    parse_value,
    printable,
    read_yaml,
    shown,
)


def read(folder: Path, text: str, name: str = "a.yaml") -> YamlSource:
    """Write one file and read it."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return read_yaml(path)


def test_every_value_remembers_its_file_and_line(tmp_path: Path) -> None:
    source = read(tmp_path, "# first\nname: x\nladder:\n  - day: 1\n    kind: sms\n  - day: 9\n")
    file = str(tmp_path / "a.yaml")
    assert source.data == {"name": "x", "ladder": [{"day": 1, "kind": "sms"}, {"day": 9}]}
    assert {dotted(path): place.line for path, place in source.places.items()} == {
        "": 2,
        "name": 2,
        "ladder": 3,
        "ladder.0": 4,
        "ladder.0.day": 4,
        "ladder.0.kind": 5,
        "ladder.1": 6,
        "ladder.1.day": 6,
    }
    assert {place.file for place in source.places.values()} == {file}


def test_a_path_that_nobody_wrote_takes_the_place_of_the_section_around_it(tmp_path: Path) -> None:
    source = read(tmp_path, "a: 1\nmacro:\n  rho: 0.1\n")
    assert source.place(("macro", "beta", "x")).line == 2
    assert source.place(("nothing",)).line == 1


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", "yes"),
        ("No", "No"),
        ("on", "on"),
        ("off", "off"),
        ("true", True),
        ("False", False),
        ("08:00", "08:00"),
        ("12:30:45", "12:30:45"),
        ("2026-04-01", "2026-04-01"),
        ("010", "010"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("12", 12),
        ("-3", -3),
        ("0", 0),
        ("1e-3", 0.001),
        ("0.5", 0.5),
        (".5", 0.5),
        ("1.", 1.0),
        ("~", None),
        ("null", None),
        ("", None),
        ("'12'", "12"),
        ("!!str 12", "12"),
        ("=", "="),
        ("[1, [2, three]]", [1, [2, "three"]]),
        ("{a: 1}", {"a": 1}),
    ],
)
def test_a_scalar_is_read_without_the_surprises_of_yaml_1_1(
    tmp_path: Path, text: str, value: object
) -> None:
    got = read(tmp_path, f"x: {text}\n").data["x"]
    assert got == value
    assert type(got) is type(value)


def test_infinite_and_missing_numbers_are_numbers_that_the_validation_can_refuse(
    tmp_path: Path,
) -> None:
    data = read(tmp_path, "a: .inf\nb: -.inf\nc: .nan\nd: 1e999\n").data
    assert (data["a"], data["b"], data["d"]) == (math.inf, -math.inf, math.inf)
    assert isinstance(data["c"], float)
    assert math.isnan(data["c"])


def test_a_byte_order_mark_is_no_part_of_the_first_key(tmp_path: Path) -> None:
    assert read(tmp_path, "\ufeffname: つけ\n").data == {"name": "つけ"}


def test_aliases_repeat_their_value_at_the_line_of_the_anchor(tmp_path: Path) -> None:
    source = read(tmp_path, "a: &x\n  k: 1\nb: *x\n")
    assert source.data == {"a": {"k": 1}, "b": {"k": 1}}
    assert source.places["b",].line == 3
    assert source.places["b", "k"].line == 2


BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9)
)

REFUSED = {
    "duplicate key": ("a: 1\nb:\n  c: 1\n  c: 2\n", r"a\.yaml:4: .*b\.c.*a\.yaml:3"),
    "number as key": ("a: 1\n2: x\n", r"a\.yaml:2: the key 2 is no text"),
    "boolean as key": ("true: x\n", r"a\.yaml:1: the key true is no text"),
    "list as key": ("? [a]\n: 1\n", r"a\.yaml:1: a list or mapping as key"),
    "merge key": ("a: &a {x: 1}\nb:\n  <<: *a\n", r"a\.yaml:3: the merge key <<"),
    "python object": (
        "a: !!python/object/apply:os.system [ls]\n",
        r"a\.yaml:1: the tag '!!python/object/apply:os.system'.*without tags",
    ),
    "private tag": ("a: !secret x\n", r"a\.yaml:1: the tag '!secret'"),
    "binary": ("a: !!binary aGVsbG8=\n", r"a\.yaml:1: the tag '!!binary'"),
    "tag that does not fit": ("a: !!int x\n", r"a\.yaml:1: the tag '!!int'"),
    "tag of a list on a mapping": ("a: !!set {x}\n", r"a\.yaml:1: the tag '!!set'"),
    "empty file": ("", r"a\.yaml:1: an empty file; allowed: one mapping"),
    "only comments": ("# nothing\n", r"a\.yaml:1: an empty file"),
    "list at the top": ("\n- a\n- b\n", r"a\.yaml:2: a list at the top; allowed: one mapping"),
    "text at the top": ("hello\n", r"a\.yaml:1: the single value 'hello' at the top"),
    "tab": ("a:\n\tb: 1\n", r"a\.yaml:2: a tab .*indent with spaces"),
    "two documents": ("a: 1\n---\nb: 1\n", r"a\.yaml:2: a second document"),
    "unclosed list": ("a: [1, 2\nb: 3\n", r"a\.yaml:2: not YAML"),
    "unclosed quote": ("a: 'x\n", r"a\.yaml:\d: not YAML"),
    "unknown alias": ("a: *nowhere\n", r"a\.yaml:1: not YAML.*nowhere"),
    "alias inside itself": ("a: &a [*a]\n", r"a\.yaml:1: nested too deeply, or an alias inside"),
    "alias bomb": (BOMB, r"a\.yaml:\d: too many values"),
    "deep nesting": ("a: " + "[" * 5000 + "]" * 5000 + "\n", r"a\.yaml:1: nested too deeply"),
    "too many values": ("a: [" + "1," * 41_000 + "]\n", r"a\.yaml:1: too many values"),
    "long text": (f"a: {'x' * 2000}\n", r"a\.yaml:1: a text of 2000 characters; allowed: up to"),
    "long number": (f"a: 1{'0' * 900}\n", r"a\.yaml:1: a number of 901 digits"),
    "control character": ("a: 1\nb: \x1b[31m\n", r"a\.yaml:2: the control character '\\x1b'"),
    "escaped control character": ('a: "\\x1b[31m"\n', r"a\.yaml:1: the control character '\\x1b'"),
    "half a surrogate pair": ('a: "\\ud800"\n', r"a\.yaml:1: the control character '\\ud800'"),
}


@pytest.mark.parametrize(("text", "match"), REFUSED.values(), ids=REFUSED)
def test_what_is_not_allowed_is_refused_with_file_and_line(
    tmp_path: Path, text: str, match: str
) -> None:
    with pytest.raises(InputError, match=match) as caught:
        read(tmp_path, text)
    message = str(caught.value)
    assert "allowed" in message
    assert message.isprintable()
    assert len(message.removeprefix(str(tmp_path))) < 300


def test_the_deepest_allowed_nesting_is_read(tmp_path: Path) -> None:
    levels = MAX_DEPTH - 1
    read(tmp_path, "a: " + "[" * levels + "1" + "]" * levels + "\n")
    with pytest.raises(InputError, match="nested too deeply"):
        read(tmp_path, "a: " + "[" * (levels + 1) + "1" + "]" * (levels + 1) + "\n")


def test_text_that_is_not_utf_8_is_refused_at_its_line(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes("a: 1\nb: 円\n".encode("shift_jis"))
    with pytest.raises(InputError, match=r"a\.yaml:2: text that is not UTF-8; allowed"):
        read_yaml(path)


def test_a_file_over_the_limit_is_refused_unread(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"a\.yaml: a larger file; allowed: up to"):
        read(tmp_path, "#" * (MAX_BYTES + 1))


def test_missing_files_directories_and_pipes_are_refused(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    for path, match in (
        (tmp_path / "no.yaml", r"no\.yaml: no such file; allowed"),
        (tmp_path, ": a directory; allowed"),
        (pipe, "pipe: not a regular file; allowed"),
        (tmp_path / ("x" * 300), "name too long; allowed"),
        (loop, "symbolic links; allowed"),
    ):
        with pytest.raises(InputError, match=match):
            read_yaml(path)


def test_a_file_name_cannot_write_to_the_terminal(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"\\x1b\[31m: no such file") as caught:
        read_yaml(tmp_path / "\x1b[31m")
    assert str(caught.value).isprintable()


def test_extends_merges_mappings_and_replaces_lists_and_keeps_places(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    base = tmp_path / "shared" / "base.yaml"
    base.write_text("months: 12\nmacro:\n  rho: 0.1\n  beta: 2\nladder: [{day: 1}, {day: 2}]\n")
    source = read(tmp_path, "extends: shared/base.yaml\nmacro: {rho: 0.2}\nladder: [{day: 5}]\n")
    assert source.data == {
        "months": 12,
        "macro": {"rho": 0.2, "beta": 2},
        "ladder": [{"day": 5}],
    }
    top = str(tmp_path / "a.yaml")
    assert source.places["months",] == Place(str(base), 1)
    assert source.places["macro", "beta"] == Place(str(base), 4)
    assert source.places["macro", "rho"] == Place(top, 2)
    assert source.places["ladder", 0] == Place(top, 3)
    assert ("ladder", 1) not in source.places


def test_extends_is_relative_to_the_file_that_says_it(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    (tmp_path / "two" / "root.yaml").write_text("seed: 1\nmonths: 3\n")
    (tmp_path / "one" / "mid.yaml").write_text("extends: ../two/root.yaml\nmonths: 6\n")
    source = read(tmp_path, "extends: one/mid.yaml\nname: x\n")
    assert source.data == {"seed": 1, "months": 6, "name": "x"}
    assert source.place(("seed",)) == Place(str(tmp_path / "two" / "root.yaml"), 1)


def test_a_scalar_over_a_section_replaces_it_whole(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text("macro:\n  rho: 1\n")
    source = read(tmp_path, "extends: base.yaml\nmacro: null\n")
    assert source.data == {"macro": None}
    assert ("macro", "rho") not in source.places


def test_extends_null_extends_nothing(tmp_path: Path) -> None:
    assert read(tmp_path, "extends: null\nname: x\n").data == {"name": "x"}


def test_circular_extends_is_refused_naming_the_circle(tmp_path: Path) -> None:
    (tmp_path / "b.yaml").write_text("name: b\nextends: c.yaml\n")
    (tmp_path / "c.yaml").write_text("extends: b.yaml\n")
    circle = r"c\.yaml:1: extends: goes in a circle, b\.yaml -> c\.yaml -> b\.yaml; allowed"
    with pytest.raises(InputError, match=circle):
        read(tmp_path, "extends: b.yaml\n")
    with pytest.raises(InputError, match=r"a\.yaml:1: .*circle, a\.yaml -> a\.yaml"):
        read(tmp_path, "extends: ./a.yaml\n")


def test_a_long_chain_of_extends_is_refused(tmp_path: Path) -> None:
    for n in range(30):
        (tmp_path / f"{n}.yaml").write_text(f"extends: {n + 1}.yaml\n")
    with pytest.raises(InputError, match="extends: a long chain; allowed: up to 20"):
        read_yaml(tmp_path / "0.yaml")


@pytest.mark.parametrize(
    ("value", "match"),
    [
        ("no.yaml", r"a\.yaml:2: extends: .*no\.yaml: no such file; allowed"),
        ("'.'", r"a\.yaml:2: extends: .*: a directory; allowed"),
        ("12", r"a\.yaml:2: extends: got 12; allowed: the path of one YAML file"),
        ("''", r"a\.yaml:2: extends: got ''; allowed"),
        ("[b.yaml, c.yaml]", r"a\.yaml:2: extends: got \['b.yaml', 'c.yaml'\]; allowed"),
    ],
)
def test_a_base_that_cannot_be_read_is_named_with_the_line_of_extends(
    tmp_path: Path, value: str, match: str
) -> None:
    with pytest.raises(InputError, match=match):
        read(tmp_path, f"name: x\nextends: {value}\n")


def test_bad_yaml_in_a_base_names_the_base(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text("a: 1\na: 2\n")
    with pytest.raises(InputError, match=r"base\.yaml:2: duplicate key a"):
        read(tmp_path, "extends: base.yaml\n")


def test_a_value_without_a_file_has_parts_but_no_lines() -> None:
    value, paths = parse_value("[1, {a: x}]", "--set")
    assert value == [1, {"a": "x"}]
    assert paths == [(), (0,), (1,), (1, "a")]


@pytest.mark.parametrize("text", ["a: b", "- 1", "[1", "", "# comment", "1\n---\n2"])
def test_only_scalars_and_flow_collections_are_values_without_a_file(text: str) -> None:
    with pytest.raises(InputError, match=r"^--set x: got .*; allowed: a value, \[a list\] or"):
        parse_value(text, "--set x")


def test_a_refusal_inside_a_value_without_a_file_has_no_line_number() -> None:
    with pytest.raises(InputError, match=r"^--set x: duplicate key a, first written at --set x;"):
        parse_value("{a: 1, a: 2}", "--set x")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        (1.5, "1.5"),
        ("a\x1b\n", r"'a\x1b\n'"),
        ("\u202eevil", r"'\u202eevil'"),
        ({"a": [1, "x"]}, "{a: [1, 'x']}"),
        ({"\x1b": 1}, r"{\x1b: 1}"),
    ],
)
def test_a_shown_value_reads_as_yaml_and_is_safe_on_a_terminal(value: object, text: str) -> None:
    assert shown(value) == text


@pytest.mark.parametrize("value", ["x" * 5000, ["abc"] * 5000, {"k" * 400: "v"}, 10**59 + 7])
def test_a_shown_value_is_short(value: object) -> None:
    assert len(shown(value)) <= 60
    assert len(shown(value)) > 50


def test_a_key_that_is_no_name_is_quoted_in_a_path() -> None:
    assert dotted(("a", 2, "b-c", "d.e", "\x1b")) == r"a.2.b-c.'d.e'.'\x1b'"
    assert printable("つけ\x07") == r"つけ\x07"


def test_an_integer_too_long_to_write_is_called_huge() -> None:
    assert shown(10**5000) == "a huge number"
