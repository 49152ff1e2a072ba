"""Terms that change on a date: what is billed keeps its terms, what comes later has new ones."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from models.errors import InputError
from sim.config import Config, load_config
from tests.agreement.test_drivers import assert_drivers_agree

if TYPE_CHECKING:
    from tests.functional.conftest import Tell

LateOn = Callable[[int], dict[str, Any]]


def changes(*pairs: tuple[str, dict[str, object]]) -> dict[str, Any]:
    """Give the policy section with changes."""
    return {
        "changes": tuple({"on": dt.date.fromisoformat(on), "set": values} for on, values in pairs)
    }


@pytest.mark.clause("NP-15.2", "C-33")
def test_a_bill_closed_before_a_change_keeps_its_fee_and_due_day(tell: "Tell") -> None:
    story = tell(
        policy=changes(
            (
                "2026-02-05",
                {"products.atone.fees.other_yen": 300, "products.atone.due.konbini_terminal": 20},
            )
        )
    )
    story.member(0, carelessness=1.0)
    story.buys("2026-01-05", 10_000).buys("2026-02-04", 10_000).through("2026-03-31")
    assert [yen for _, _, yen in story.lines("service_fee")][:2] == [226, 300]
    assert story.dates("payment_missed")[:2] == ["2026-02-10", "2026-03-20"]


@pytest.mark.clause("NP-15.2", "NP-30.1", "C-33")
def test_late_damages_run_at_the_old_rate_up_to_the_change_and_at_the_new_one_from_it(
    tell: "Tell", late_on: LateOn
) -> None:
    story = tell(
        policy=changes(("2026-02-21", {"products.atone.late.rate": [73, 1000]})),
        behaviour=late_on(20),
    ).member(0, carelessness=1.0)
    story.buys("2026-01-05", 40_000).through("2026-03-10")
    # 40,248 yen: ten days at 14.6 % up to 20 February, eight more in February at 7.3 %, two after.
    assert story.lines("late_damages") == [
        ("2026-02-20", "late_damages", 160),
        ("2026-02-28", "late_damages", 40_248 * 2 * 8 // 10_000),
        ("2026-03-02", "late_damages", 40_248 * 2 * 10 // 10_000 - 64),
    ]
    assert not story.residuals()


@pytest.mark.clause("NP-15.2", "NP-30.1")
def test_another_change_leaves_the_rounding_of_late_damages_alone(
    tell: "Tell", late_on: LateOn
) -> None:
    totals = []
    for policy in ({}, changes(("2026-02-15", {"products.atone.limit_cap_yen": 10_000}))):
        story = tell(policy=policy, behaviour=late_on(17)).member(0, carelessness=1.0)
        totals.append(story.buys("2026-01-05", 12_345).through("2026-03-10").total("late_damages"))
    assert totals[0] == totals[1] > 0


@pytest.mark.clause("NP-15.2")
def test_a_change_on_the_first_day_and_two_on_one_day_hold_in_their_order(tell: "Tell") -> None:
    fee = "products.atone.fees.other_yen"
    story = tell(
        policy=changes(
            ("2026-01-01", {fee: 100}), ("2026-02-01", {fee: 1}), ("2026-02-01", {fee: 2})
        )
    )
    story.buys("2026-01-05", 1_000).buys("2026-02-05", 1_000).through("2026-02-28")
    assert [yen for _, _, yen in story.lines("service_fee")] == [100, 2]


@pytest.mark.clause("NP-15.2", "NP-31.1")
def test_a_new_cap_reaches_members_at_their_next_review(tell: "Tell") -> None:
    story = tell(
        policy=changes(("2026-01-20", {"products.atone.limit_cap_yen": 7_000}))
        | {"limits": {"review_every_days": 30}}
    )
    story.applies("2026-01-05").through("2026-02-10")
    assert story.happened("limit_set") == [("2026-01-05", "limit_set", 10_000)]
    assert story.happened("limit_cut") == [("2026-02-04", "limit_cut", 7_000)]


@pytest.mark.clause("NP-15.2", "ART-09", "COLL-01")
@pytest.mark.parametrize(("days", "stopped"), [(5, "2026-02-15"), (20, "2026-03-02")])
def test_arrears_under_way_stop_use_by_the_days_that_hold_then(
    tell: "Tell", days: int, stopped: str
) -> None:
    stop_day = "products.atone.usage_stop_day"
    story = tell(
        products={"atone": {"usage_stop_day": 5}},
        policy=changes(("2026-02-13", {stop_day: days})),
    )
    story.everybody(never_pays=True)
    story.buys("2026-01-05", 10_000).through("2026-03-31")
    assert story.dates("use_stopped") == [stopped]


@pytest.mark.clause("NP-15.2", "C-33")
def test_both_drivers_agree_on_terms_that_change() -> None:
    config = Config.model_validate(
        {
            "months": 8,
            "population": {"members": 60},
            "behaviour": {"spending": {"uses_per_year": 60.0}, "repayment": {"forgets": 0.4}},
            "policy": changes(
                ("2026-03-15", {"products.atone.late.rate": [3, 1000]}),
                ("2026-06-15", {"products.atone.late.admin_fee_days": [3, 17]}),
                ("2026-06-16", {"products.atone.fees.unit": "per_statement"}),
                ("2026-06-21", {"collections.ladder.2.action": "letter"}),
            ),
        }
    )
    ledger = assert_drivers_agree(config, [0])
    fees = ledger.filter(ledger["kind"] == "late_admin_fee")["day"].dt.day().unique().to_list()
    assert set(fees) >= {3, 10, 17}


@pytest.mark.parametrize(
    ("on", "values", "message"),
    [
        ("2026-03-01", {"products.atone.late.rate": [3, 1]}, r"atone\.late\.rate: the rate 3 lies"),
        ("2026-03-01", {"products.atone.nothing": 1}, "there is no parameter 'nothing'"),
        (
            "2026-03-01",
            {"population.members": 5},
            r"population\.members cannot change within a run",
        ),
        ("2026-03-01", {"products.atone.enabled": False}, "cannot change within a run"),
        ("2026-03-01", {"collections.call_desk.callers": 9}, "cannot change within a run"),
        (
            "2026-03-01",
            {"products.np_points.yen_per_point": 2},
            r"cannot change within a run; .* and np_points\.yen_per_point",
        ),
        ("2026-03-01", {"collections.ladder": []}, "as many as before, 8"),
        (
            "2026-03-01",
            {"collections.strategies": [{"name": "one"}, {"name": "two"}]},
            r"collections\.strategies: got 2 strategies; allowed: as many as before, 0",
        ),
        ("2025-12-31", {"products.atone.limit_cap_yen": 1}, "allowed: 2026-01-01 or later"),
    ],
)
def test_a_change_that_cannot_hold_is_refused(
    on: str, values: dict[str, object], message: str
) -> None:
    with pytest.raises(ValidationError, match=message):
        Config.model_validate({"policy": changes((on, values))})


def test_a_change_keeps_the_number_of_steps_of_a_strategys_own_ladder() -> None:
    own = {"strategies": ({"name": "own", "ladder": ({"day": 5, "action": "letter"},)},)}
    shorter = changes(("2026-03-01", {"collections.strategies.0.ladder": []}))
    with pytest.raises(
        ValidationError, match=r"collections\.strategies\.0\.ladder: got 0 steps; .* before, 1"
    ):
        Config.model_validate({"collections": own, "policy": shorter})


def test_changes_must_ascend() -> None:
    fee = {"products.atone.fees.other_yen": 1}
    with pytest.raises(ValidationError, match="2026-05-01 or later"):
        Config.model_validate({"policy": changes(("2026-05-01", fee), ("2026-04-01", fee))})


def test_a_later_configuration_that_fails_is_named_with_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "run.yaml"
    path.write_text(
        "name: run\n"
        "policy:\n"
        "  changes:\n"
        "    - on: 2026-03-01\n"
        "      set: {products.atone.late.rate: [73, 1000]}\n"
        "    - on: 2026-04-01\n"
        "      set: {products.atone.fees.failed_debit_yen: 999}\n"
    )
    with pytest.raises(InputError, match=r"run\.yaml:7.*failed_debit_yen.*226"):
        load_config(path)
