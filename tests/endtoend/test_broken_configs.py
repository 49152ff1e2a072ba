"""What a user may write wrong: one clear message, exit code 2, nothing printed, nothing made."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from sim.cli import UNUSABLE, main

GOOD = "name: broken\nmonths: 2\n"

BROKEN = {
    "unknown key": (
        "macro:\n  rho: 0.1\n  stres_multiplier: 2\n",
        r"x\.yaml:5: macro\.stres_multiplier: unknown key; .*did you mean stress_multiplier\?",
    ),
    "unknown section": ("colections: {}\n", r"x\.yaml:3: colections: .*did you mean collections\?"),
    "text for a number": ("seed: one\n", r"x\.yaml:3: seed: got 'one'; allowed: a whole number"),
    "number in quotes": ("seed: '1'\n", r"x\.yaml:3: seed: got '1'; allowed: a whole number"),
    "bool for a number": ("seed: true\n", r"x\.yaml:3: seed: got true; allowed: a whole number"),
    "decimal for a whole number": ("seed: 1.5\n", r"x\.yaml:3: seed: got 1\.5; allowed: a whole"),
    "yes for a bool": (
        "collections: {call_desk: {hours: {business_days_only: yes}}}\n",
        r"x\.yaml:3: .*business_days_only: got 'yes'; allowed: true or false",
    ),
    "list for a section": ("macro: [1]\n", r"x\.yaml:3: macro: got \[1\]; allowed: a section with"),
    "empty section": ("macro:\n", r"x\.yaml:3: macro: got null; allowed: a section with the keys"),
    "share above one": (
        "macro:\n  rho: 1.7\n",
        r"x\.yaml:4: macro\.rho: got 1\.7; allowed: a number .*(below|to) 1",
    ),
    "not a number": ("macro:\n  rho: .nan\n", r"x\.yaml:4: macro\.rho: got nan; allowed: a finite"),
    "infinite": ("macro:\n  rho: .inf\n", r"x\.yaml:4: macro\.rho: got inf; allowed: a finite"),
    "negative yen": (
        "collections:\n  reminder_cost_yen: -5\n",
        r"x\.yaml:4: collections\.reminder_cost_yen: got -5; allowed: .*from 0 .*unit: yen",
    ),
    "decimal rate": (
        "products:\n  atone:\n    late:\n      rate: 0.146\n",
        r"x\.yaml:6: products\.atone\.late\.rate: got 0\.146; a rate is written \[numerator",
    ),
    "negative staff": (
        "collections:\n  call_desk:\n    callers: -1\n",
        r"x\.yaml:5: collections\.call_desk\.callers: got -1; .*from 0 to .*unit: persons",
    ),
    "opening hours reversed": (
        "collections:\n  call_desk:\n    hours: {opens: '18:00', closes: '09:00'}\n",
        r"x\.yaml:5: collections\.call_desk\.hours\.closes: got 09:00; .*18:00",
    ),
    "impossible clock": (
        "collections:\n  call_desk:\n    hours: {opens: '25:00'}\n",
        r"x\.yaml:5: collections\.call_desk\.hours\.opens: got '25:00'; .*HH:MM",
    ),
    "start inside a month": ("start: 2026-01-15\n", r"x\.yaml:\d: .*2026-01-15"),
    "start that is no date": ("start: soon\n", r"x\.yaml:3: start: got 'soon'; allowed: a date as"),
    "start out of range": ("start: 1999-01-01\n", r"x\.yaml:3: start: got '1999-01-01'; .*2000-01"),
    "seed negative": ("seed: -1\n", r"x\.yaml:3: seed: got -1; allowed: a whole number from 0"),
    "seed of 400 digits": (f"seed: 1{'0' * 400}\n", r"x\.yaml:3: a number of 401 digits; allowed"),
    "no replications": (
        "experiment: {replications: 0}\n",
        r"x\.yaml:3: experiment\.replications: got 0; allowed: a whole number from 1",
    ),
    "unknown pay method": (
        "products: {atone: {default_method: card}}\n",
        r"x\.yaml:3: products\.atone\.default_method: got 'card'; allowed: one of '",
    ),
    "shares above one": (
        "population:\n  pay_methods: {konbini_terminal: 0.9, invoice: 0.8}\n",
        r"x\.yaml:4: population\.pay_methods: .*sum to .*at most 1",
    ),
    "shares that leave members over": (
        "population:\n  paydays:\n    - {day: 25, share: 0.5}\n",
        r"x\.yaml:\d: population.* sum ",
    ),
    "ladder out of order": (
        "collections:\n  ladder:\n    - {day: 9, action: call}\n    - {day: 3, action: letter}\n",
        r"x\.yaml:4: collections\.ladder: .*\[9, 3\]",
    ),
    "ladder day too late": (
        "collections:\n  ladder:\n    - {day: 2}\n    - day: 4000\n",
        r"x\.yaml:6: collections\.ladder\.1\.day: got 4000; allowed: .*from 1 to 3650.*unit: days",
    ),
    "day of no month": (
        "products: {atone: {late: {admin_fee_days: [10, 45]}}}\n",
        r"x\.yaml:3: products\.atone\.late\.admin_fee_days\.1: got 45; allowed: .*from 1 to 31",
    ),
    "ground that the terms do not have": (
        "policy: {inquiries: {charge_back_grounds: [99]}}\n",
        r"x\.yaml:3: policy\.inquiries\.charge_back_grounds\.0: got 99; allowed: .*from 1 to 13",
    ),
    "grounds above one": (
        f"policy: {{inquiries: {{shares: {[0.1] * 13}}}}}\n",
        r"x\.yaml:3: policy\.inquiries\.shares: the shares sum to 1\.3; allowed: at most 1",
    ),
    "instalments without number": (
        "products: {np_instalment: {counts: [0]}}\n",
        r"x\.yaml:3: products\.np_instalment\.counts\.0: got 0; allowed: .*from 1 to 120",
    ),
    "more instalments than the table has": (
        "products: {au_pay: {plan: {mix: {times: [3, 1000]}}}}\n",
        r"x\.yaml:3: products\.au_pay\.plan\.mix\.times\.1: got 1000; allowed: .*from 3 to 36",
    ),
    "points that outlive the calendar": (
        "products: {np_points: {campaigns: [{life_days: 100000}]}}\n",
        r"x\.yaml:3: products\.np_points\.campaigns\.0\.life_days: got 100000; .*from 0 to 3650",
    ),
    "age band above the oldest": (
        "population: {age_bands: [{from_age: 80, share: 1.0}]}\n",
        r"x\.yaml:3: population\.age_bands\.0\.from_age: got 80; allowed: .*from 18 to 74",
    ),
    "claim that no payment meets": (
        "products: {au_pay: {allocation: {order: [cost, cost, fee, principal]}}}\n",
        r"x\.yaml:3: products\.au_pay\.allocation\.order: got cost twice; allowed: each once",
    ),
    "plan without a rank": (
        "products: {au_pay: {allocation: {plans: [bonus, bonus, bonus, bonus, bonus]}}}\n",
        r"x\.yaml:3: products\.au_pay\.allocation\.plans: got bonus twice; allowed: each once",
    ),
    "unknown action": (
        "collections:\n  ladder:\n    - {day: 2, action: visit}\n",
        r"x\.yaml:\d: collections\.ladder\S*: .*visit.*letter",
    ),
    "unknown events": (
        "output: {events: some}\n",
        r"x\.yaml:3: output\.events: got 'some'; allowed: one of 'all', 'sample', 'none'",
    ),
    "duplicate key": (
        "macro: {rho: 0.1}\nmacro: {rho: 0.2}\n",
        r"x\.yaml:4: duplicate key macro, first written at x\.yaml:3",
    ),
    "missing base": ("extends: no.yaml\n", r"x\.yaml:3: extends: no\.yaml: no such file"),
    "circular extends": ("extends: x.yaml\n", r"x\.yaml:3: extends: .*circle, x\.yaml -> x\.yaml"),
    "tab": ("macro:\n\trho: 1\n", r"x\.yaml:4: a tab .*indent with spaces"),
    "unclosed bracket": ("macro: {rho: 1\n", r"x\.yaml:\d: not YAML"),
    "python object": ("seed: !!python/name:os.system\n", r"x\.yaml:3: the tag '!!python/name"),
    "merge key": ("macro:\n  <<: {rho: 1}\n", r"x\.yaml:4: the merge key <<"),
    "number as key": ("1: x\n", r"x\.yaml:3: the key 1 is no text"),
    "deep nesting": (f"seed: {'[' * 3000}{']' * 3000}\n", r"x\.yaml:3: nested too deeply"),
    "escape sequence": ('seed: "\\e[2J"\n', r"x\.yaml:3: the control character '\\x1b'"),
}

BROKEN_WHOLE = {
    "months zero": ("months: 0\n", r"x\.yaml:1: months: got 0; allowed: a whole number from 1"),
    "name with path parts": ("name: ../evil\n", r"x\.yaml:1: name: got '\.\./evil'; allowed: text"),
    "empty file": ("", r"x\.yaml:1: an empty file; allowed: one mapping"),
    "list at the top": ("- name: x\n", r"x\.yaml:1: a list at the top; allowed: one mapping"),
    "two documents": ("name: a\n---\nname: b\n", r"x\.yaml:2: a second document"),
}

BROKEN_OVERRIDES = {
    "without value": ("macro.rho", r"--set: got 'macro\.rho'; allowed: PATH=VALUE"),
    "without path": ("=1", r"--set: got '=1'; allowed: PATH=VALUE"),
    "bad yaml": ("macro.rho=[1", r"--set macro\.rho: got '\[1', which is not YAML; allowed"),
    "unknown path": ("macro.roh=1", r"--set: macro\.roh: unknown key; .*did you mean rho\?"),
    "wrong value": ("macro.rho=7", r"--set: macro\.rho: got 7; allowed: a number"),
    "through a number": ("months.x=7", r"--set months\.x: months is 2, which has no parts"),
    "no such item": (
        "collections.ladder.99.day=1",
        r"--set collections\.ladder\.99: got the index '99'; allowed: an index from 0 to \d",
    ),
}


def refuse(
    folder: Path, capsys: pytest.CaptureFixture[str], match: str, arguments: list[str]
) -> None:
    """Run the command on what is broken and check that it only complains, and once."""
    before = sorted(folder.rglob("*"))
    code = main(["run", *arguments])
    printed = capsys.readouterr()
    assert code == UNUSABLE
    assert printed.out == ""
    assert re.match(f"tsuke: {match}", printed.err)
    assert len(printed.err.splitlines()) == 1
    assert printed.err.rstrip("\n").isprintable()
    # neither the output directory nor results/ was made
    assert sorted(folder.rglob("*")) == before


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty directory, so that messages name files without their directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(("text", "match"), BROKEN.values(), ids=BROKEN)
def test_a_broken_line_is_named_with_file_and_line(
    folder: Path, capsys: pytest.CaptureFixture[str], text: str, match: str
) -> None:
    (folder / "x.yaml").write_text(GOOD + text)
    refuse(folder, capsys, match, ["x.yaml", "--out", "out"])


@pytest.mark.parametrize(("text", "match"), BROKEN_WHOLE.values(), ids=BROKEN_WHOLE)
def test_a_broken_file_is_named_with_its_line(
    folder: Path, capsys: pytest.CaptureFixture[str], text: str, match: str
) -> None:
    (folder / "x.yaml").write_text(text)
    refuse(folder, capsys, match, ["x.yaml"])


@pytest.mark.parametrize(("override", "match"), BROKEN_OVERRIDES.values(), ids=BROKEN_OVERRIDES)
def test_a_broken_override_is_named_as_one(
    folder: Path, capsys: pytest.CaptureFixture[str], override: str, match: str
) -> None:
    (folder / "x.yaml").write_text(GOOD)
    refuse(folder, capsys, match, ["x.yaml", "--out", "out", "--set", override])


def test_a_file_that_cannot_be_read_is_named(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    refuse(folder, capsys, r"no\.yaml: no such file; allowed: a readable YAML file", ["no.yaml"])
    (folder / "d.yaml").mkdir()
    refuse(folder, capsys, r"d\.yaml: a directory; allowed: a readable YAML file", ["d.yaml"])
    (folder / "x.yaml").write_bytes(b"name: a\nseed: \xff\n")
    refuse(folder, capsys, r"x\.yaml:2: text that is not UTF-8; allowed: UTF-8", ["x.yaml"])
    (folder / "x.yaml").write_text("#" * 2_000_000)
    refuse(folder, capsys, r"x\.yaml: a larger file; allowed: up to", ["x.yaml"])


def test_several_mistakes_are_shown_together_in_the_order_of_the_lines(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "base.yaml").write_text("macro:\n  rho: 9\n")
    (folder / "x.yaml").write_text("extends: base.yaml\nmonths: 0\nseed: x\nzz: 1\n")
    assert main(["run", "x.yaml", "--set", "experiment.replications=0"]) == UNUSABLE
    printed = capsys.readouterr()
    # only the first line carries the command's name
    lines = printed.err.removeprefix("tsuke: ").splitlines()
    places = [line.split(": ")[0] for line in lines]
    assert places == ["base.yaml:2", "x.yaml:2", "x.yaml:3", "x.yaml:4", "--set"]
    assert not (folder / "results").exists()


def test_the_process_itself_ends_with_code_2_and_no_traceback(folder: Path) -> None:
    (folder / "x.yaml").write_text(GOOD + "macro: {rho: 1\n")
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "sim.cli",
            "run",
            str(folder / "x.yaml"),
            "--out",
            str(folder / "o"),
        ],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.replace(f"{folder}/", "").startswith("tsuke: x.yaml:4: not YAML")
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (folder / "o").exists()
