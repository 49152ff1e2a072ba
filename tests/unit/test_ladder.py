"""The ladder: conditions of its steps, weights of strategies, the callers' order, fatigue."""

import numpy as np
import pytest
from pydantic import ValidationError

from models.policy.collections import (
    MOST_CONTACTS,
    Collections,
    Condition,
    ContactRules,
    LadderStep,
    Priority,
    Strategy,
    call_priority,
    meets,
    strategy_of,
)

GRID = (np.arange(10_000) + 0.5) / 10_000


@pytest.mark.clause("COLL-02", "COLL-05")
@pytest.mark.parametrize(
    ("when", "fits"),
    [
        (Condition(), [True, True, True]),
        (Condition(from_yen=5_000), [False, True, True]),
        (Condition(below_yen=5_000), [True, False, False]),
        (Condition(from_yen=5_000, below_yen=9_000), [False, True, False]),
        (Condition(late_bills_from=2), [False, False, True]),
        (Condition(late_bills_below=2), [True, True, False]),
        (Condition(is_placed=True), [False, True, False]),
        (Condition(is_placed=False, from_yen=1_000), [True, False, True]),
        (Condition(probability=0.5), [True, False, True]),
    ],
)
def test_a_condition_holds_for_whom_all_of_its_parts_hold(
    when: Condition, fits: list[bool]
) -> None:
    found = meets(
        when,
        claim_yen=np.array([4_999, 5_000, 9_000]),
        late_bills=np.array([0, 1, 2]),
        is_placed=np.array([False, True, False]),
        u=np.array([0.1, 0.6, 0.4]),
    )
    assert found.tolist() == fits


@pytest.mark.parametrize(
    "bounds",
    [{"from_yen": 5_000, "below_yen": 5_000}, {"late_bills_from": 3, "late_bills_below": 2}],
)
def test_a_condition_that_nobody_can_meet_is_refused(bounds: dict[str, int]) -> None:
    with pytest.raises(ValidationError, match="holds for nobody; allowed: from < below"):
        Condition(**bounds)  # type: ignore[arg-type]


@pytest.mark.clause("COLL-02")
def test_strategies_get_members_by_their_weights() -> None:
    number = strategy_of((3, 1, 4), GRID)
    assert np.bincount(number).tolist() == [3_750, 1_250, 5_000]
    assert strategy_of((7,), GRID).max() == 0


@pytest.mark.clause("COLL-02")
@pytest.mark.parametrize(
    ("rule", "order"),
    [
        ("first_come", [0, 1, 2]),
        ("largest_claim", [2, 1, 0]),
        ("best_record", [1, 0, 2]),  # 0 of 8 missed, 3 of 8, 8 of 8
        ("expected_recovery", [1, 2, 0]),  # 60 % of 6,000, 15 % of 9,000, 45 % of 2,000
    ],
)
def test_callers_take_first_what_their_rule_prefers(rule: Priority, order: list[int]) -> None:
    claim = np.array([2_000, 6_000, 9_000])
    priority = call_priority(rule, claim, np.array([8, 8, 8]), np.array([3, 0, 8]))
    assert np.argsort(priority, kind="stable").tolist() == order


def test_a_member_without_a_bill_so_far_has_the_best_record() -> None:
    none = np.zeros(1, dtype=np.int64)
    assert call_priority("best_record", none, none, none).tolist() == [-60]


@pytest.mark.clause("COLL-02")
def test_each_contact_has_a_part_less_of_its_effect_than_the_one_before() -> None:
    effects = ContactRules(fatigue=0.25).effects()
    assert effects[:4].tolist() == [1.0, 0.75, 0.5625, 0.421875]
    assert effects.shape == (MOST_CONTACTS + 1,)
    assert (ContactRules().effects() == 1.0).all()


def test_every_strategy_needs_a_sound_ladder_and_a_name_of_its_own() -> None:
    falling = (LadderStep(day=9), LadderStep(day=2))
    with pytest.raises(ValidationError, match=r"the days \[9, 2\] must ascend"):
        Collections(strategies=(Strategy(name="a", ladder=falling),))
    with pytest.raises(ValidationError, match=r"the names \['a', 'a'\] must differ"):
        Collections(strategies=(Strategy(name="a"), Strategy(name="a")))
    own = (LadderStep(day=4),)
    both = Collections(strategies=(Strategy(name="a"), Strategy(name="b", ladder=own)))
    assert both.ladders() == (both.ladder, own)
    assert Collections().ladders() == (Collections().ladder,)


@pytest.mark.parametrize("action", ["hand_over", "sue"])
def test_a_case_is_handed_over_and_sued_once(action: str) -> None:
    twice = (LadderStep(day=2, action=action), LadderStep(day=3, action=action))
    with pytest.raises(ValidationError, match=f"{action} may stand once"):
        Collections(ladder=twice)
