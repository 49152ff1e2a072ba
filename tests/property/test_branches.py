"""A pass that pauses at a midnight and goes on elsewhere is the pass that never paused."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.calendar import Calendar
from sim.config import Config
from sim.engine.desks.desk import Desk
from sim.engine.drivers import MOMENT
from sim.engine.pausing import CONSTANTS, pause, resume, state_of
from sim.engine.plain_state import PlainState, UnsavableError, attributes_of, reachable, save
from sim.engine.simulation import Outcome, outcome_of, run_to_the_end, set_up, simulate
from sim.engine.state.case_book import Kind
from sim.engine.state.world import World
from sim.experiment.pass_file import from_bytes, to_bytes
from sim.policy_changes import Change
from sim.record.eventlog import Record
from tests.agreement.test_drivers import assert_same_outcome
from tests.property.random_configs import configs, examples

EVERYONE = Record.everyone()


def day_within(data: st.DataObject, config: Config) -> int:
    """Draw a day on which a run can pause."""
    n_days = Calendar.of(config.start, config.months, margin_days=1).n_days
    return data.draw(st.integers(1, n_days - 1))


def gone_on(config: Config, replications: Sequence[int], day: int, saved: PlainState) -> Outcome:
    """Write and read a paused pass and run it to its end."""
    worlds, _ = resume(config, replications, EVERYONE, day, from_bytes(to_bytes(saved)))
    run_to_the_end(worlds)
    return outcome_of(worlds)


def assert_same_state(one: PlainState, other: PlainState) -> None:
    """Compare everything that is saved."""
    assert one.tree == other.tree
    assert len(one.arrays) == len(other.arrays)
    for mine, yours in zip(one.arrays, other.arrays, strict=True):
        assert mine.dtype == yours.dtype
        np.testing.assert_array_equal(mine, yours)


@examples(8)
@given(config=configs(), data=st.data())
def test_a_branch_is_the_uninterrupted_run(config: Config, data: st.DataObject) -> None:
    day = day_within(data, config)
    saved = pause(config, [2, 0], EVERYONE, day)
    assert_same_outcome(
        gone_on(config, [2, 0], day, saved), simulate(config, [2, 0], record=EVERYONE)
    )


@examples(8)
@given(config=configs(), data=st.data())
def test_the_state_some_days_later_is_the_same_with_and_without_a_pause(
    config: Config, data: st.DataObject
) -> None:
    later = max(2, day_within(data, config))
    first = data.draw(st.integers(1, later - 1))
    saved = pause(config, [0], EVERYONE, first)
    worlds, nights = resume(config, [0], EVERYONE, first, from_bytes(to_bytes(saved)))
    assert_same_state(state_of(worlds, nights), saved)
    worlds[0].env.run(until=later + MOMENT / 2)
    assert_same_state(state_of(worlds, nights), pause(config, [0], EVERYONE, later))


NEW_TERMS: tuple[dict[str, Any], ...] = (
    {"products.atone.late.rate": [73, 1000], "products.atone.limit_cap_yen": 20_000},
    {"collections.call_desk.sessions": 2, "collections.call_desk.promise": 0.9},
    {"collections.law_firm.rounds": 3, "collections.law_firm.whole_share": 1.0},
    {"screening.review_desk.mean_minutes": 300.0, "screening.score.cut_off": 20.0},
    {"economics.payout_lag_days": 1, "policy.limits.review_every_days": 20},
    {"behaviour.repayment.forgets": 0.4, "behaviour.hardship.per_month": 0.2},
)


@examples(8)
@given(config=configs(), data=st.data())
def test_a_branch_with_new_terms_is_the_run_that_changes_them_on_its_date(
    config: Config, data: st.DataObject
) -> None:
    day = day_within(data, config)
    date = config.start + dt.timedelta(days=day)
    change = Change(on=date, set=data.draw(st.sampled_from(NEW_TERMS)))
    ordered = tuple(sorted((*config.policy.changes, change), key=lambda item: item.on))
    changed = config.model_copy(
        update={"policy": config.policy.model_copy(update={"changes": ordered})}
    )
    saved = pause(config, [0], EVERYONE, day)
    assert_same_outcome(gone_on(changed, [0], day, saved), simulate(changed, [0], record=EVERYONE))


def test_cases_in_every_state_survive_a_pause(busy: Config) -> None:
    """Waiting, in a service that overruns, asleep, held: each occurs at one of these midnights."""
    found: dict[str, int] = dict.fromkeys(("waiting", "served", "asleep", "held", "moot"), 0)
    whole = simulate(busy, [0], record=EVERYONE)
    for day in range(38, 170, 9):
        saved = pause(busy, [0], EVERYONE, day)
        worlds, _ = resume(busy, [0], EVERYONE, day, saved)
        for world in worlds:
            for desk in reachable(world.desks, Desk):
                found["waiting"] += desk.n_waiting
                found["served"] += desk.n_busy
                found["moot"] += sum(work.is_moot for work in desk.works())
            found["asleep"] += sum(map(len, world.cases.asleep.values()))
            found["held"] += len(world.cases.works[Kind.REVIEW])
        run_to_the_end(worlds)
        assert_same_outcome(outcome_of(worlds), whole)
    assert all(found.values()), found


@pytest.fixture(scope="module")
def busy() -> Config:
    """Give a portfolio in trouble: small desks, long services, many holds, open to midnight."""
    late = {"opens": "17:00", "closes": "24:00", "business_days_only": False}
    evening = late | {"closes": "21:00"}
    answer = {"forgetful": 0.9, "short": 0.9, "hardship": 0.9}
    return Config.model_validate(
        {
            "months": 6,
            "population": {"members": 120, "existing_share": 1.0},
            "behaviour": {
                "spending": {"uses_per_year": 40.0},
                "repayment": {"forgets": 0.4, "short_of_cash": 0.4},
            },
            "screening": {
                "score": {"cut_off": -1000.0},
                "hold": {"share": 0.3},
                "review_desk": {"hours": late, "mean_minutes": 400.0, "max_days": 3},
            },
            "collections": {
                "ladder": (
                    {"day": 2, "action": "call"},
                    {"day": 12, "action": "hand_over"},
                ),
                "channels": {},
                "call_desk": {
                    "hours": evening,
                    "mean_minutes": 400.0,
                    "callers": 2,
                    "retry_days": 2,
                    "without_promise": answer,
                },
                "law_firm": {"hours": evening, "mean_minutes": 300.0, "round_days": 5},
            },
        }
    )


@pytest.fixture
def worlds(busy: Config) -> list[World]:
    """Give the worlds of a pass that has paused."""
    return resume(busy, [0], EVERYONE, 50, pause(busy, [0], EVERYONE, 50))[0]


def test_every_constant_is_an_attribute_of_its_class(busy: Config) -> None:
    saved = pause(busy, [0], EVERYONE, 50)
    worlds, _ = resume(busy, [0], EVERYONE, 50, saved)
    for kind, names in CONSTANTS.items():
        things = [
            *reachable({"economy": worlds[0].economy, "worlds": worlds}, kind),
        ]
        assert things, kind
        assert names <= set(attributes_of(things[0])), kind


def test_an_attribute_that_nobody_has_named_is_saved(worlds: list[World]) -> None:
    vars(worlds[0])["letters"] = {3: [np.arange(2)]}
    tree = save({"world": worlds[0]}, CONSTANTS).tree
    assert tree["world"]["state"]["letters"]["dict"][0][0] == 3


def test_an_attribute_that_is_no_plain_data_is_refused_by_name(worlds: list[World]) -> None:
    vars(worlds[0])["letters"] = [object()]
    with pytest.raises(UnsavableError, match=r"worlds\[0\]\.letters\[0\]: a object cannot be"):
        save({"worlds": worlds}, CONSTANTS)


def test_constants_are_rebuilt_as_they_were(busy: Config, worlds: list[World]) -> None:
    fresh = set_up(busy, [0], EVERYONE)
    for one, other in zip(fresh, worlds, strict=True):
        assert one.config == other.config
        np.testing.assert_array_equal(one.economy.factor, other.economy.factor)
        np.testing.assert_array_equal(one.derived.unpaid, other.derived.unpaid)
