"""Collection strategies: conditions of steps, champion and challenger, callers' order, fatigue."""

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from sim.facts.replication import facts_of
from sim.metrics import tables

if TYPE_CHECKING:
    from conftest import Story, Tell

NOBODY: dict[str, float] = {"forgetful": 0.0, "short": 0.0, "hardship": 0.0}
SILENT = {"reach": 1.0, "response": NOBODY, "cost_yen": 5}
NO_ADMIN_FEE = {"atone": {"late": {"admin_fee_yen": 0}}}


def debtors(tell: "Tell", prices: list[int], **collections: Any) -> "Story":  # noqa: ANN401
    """Begin a story of members who owe bills of 10 February and pay nothing unasked."""
    settings = {"channels": {"message": SILENT}} | collections
    story = tell(population={"members": len(prices)}, collections=settings, products=NO_ADMIN_FEE)
    story.everybody(never_pays=True)
    for number, price in enumerate(prices):
        story.buys("2026-01-05", price, member=number)
    return story


@pytest.mark.clause("COLL-02")
@pytest.mark.parametrize(
    ("when", "contacted"),
    [
        ({"from_yen": 5_248}, [1, 2]),
        ({"below_yen": 5_248}, [0]),
        ({"late_bills_from": 2}, []),
        ({"late_bills_below": 2}, [0, 1, 2]),
        ({"is_placed": True}, []),
        ({"probability": 0.0}, []),
    ],
)
def test_a_step_is_for_those_who_meet_its_condition(
    tell: "Tell", when: dict[str, object], contacted: list[int]
) -> None:
    steps = ({"day": 3, "action": "message", "when": when},)
    story = debtors(tell, [4_999, 5_000, 9_000], ladder=steps).through("2026-02-28")
    assert [n for n in range(3) if story.dates("contact_sent", member=n)] == contacted


@pytest.mark.clause("COLL-02")
def test_champion_and_challenger_share_the_members_by_their_weights(tell: "Tell") -> None:
    early, late = ({"day": day, "action": "message"} for day in (2, 9))
    strategies = (
        {"name": "champion", "weight": 3, "ladder": (early,)},
        {"name": "challenger", "weight": 1, "ladder": (late,)},
    )
    story = debtors(tell, [5_000] * 400, strategies=strategies).through("2026-02-28")
    number = story.world.members.strategy[:400]
    # Binomial, 400 members at 1/4: within four standard errors.
    assert abs(int((number == 1).sum()) - 100) < 4 * np.sqrt(400 * 0.25 * 0.75)
    table = tables(facts_of([story.world]), story.config)["strategies"]
    assert dict(table.select("strategy", "members").iter_rows()) == {
        name: int((number == place).sum()) for place, name in enumerate(("champion", "challenger"))
    }
    assert table["contacts"].sum() == len(story.dates("contact_sent")) == 400
    for member in range(0, 400, 37):
        expected = "2026-02-12" if number[member] == 0 else "2026-02-19"
        assert story.dates("contact_sent", member=member) == [expected]


@pytest.mark.clause("COLL-02")
@pytest.mark.parametrize(
    ("priority", "first"),
    [("first_come", 0), ("largest_claim", 2), ("expected_recovery", 2)],
)
def test_the_only_caller_takes_first_whom_the_strategy_prefers(
    tell: "Tell", priority: str, first: int
) -> None:
    desk = {"callers": 1, "mean_minutes": 200.0, "priority": priority, "right_party": 0.0}
    steps = ({"day": 5, "action": "call"},)
    story = debtors(tell, [4_000, 6_000, 9_000], ladder=steps, call_desk=desk)
    story.through("2026-06-30")
    calls = [(story.dates("call_no_contact", member=n)[0], n) for n in range(3)]
    assert min(calls)[1] == first


@pytest.mark.clause("COLL-02")
def test_a_wrong_number_is_found_out_once_and_never_called_again(tell: "Tell") -> None:
    desk = {"wrong_number": 1.0, "mean_minutes": 1e-6}
    steps = ({"day": 5, "action": "call"}, {"day": 20, "action": "call"})
    story = debtors(tell, [5_000], ladder=steps, call_desk=desk).through("2026-06-30")
    assert story.dates("wrong_number") == ["2026-02-16"]  # Monday
    assert [yen for _, _, yen in story.lines("contact_cost")] == [100]
    assert story.dates("call_no_contact") == []


@pytest.mark.clause("COLL-02")
def test_who_asks_to_be_called_back_is_called_on_the_day_asked_for(tell: "Tell") -> None:
    desk = {
        "right_party": 1.0, "calls_back": 1.0, "callback_days": 2, "sessions": 3,
        "mean_minutes": 1e-6,
    }  # fmt: skip
    story = debtors(tell, [5_000], ladder=({"day": 6, "action": "call"},), call_desk=desk)
    story.through("2026-06-30")
    assert story.dates("callback_asked") == ["2026-02-16", "2026-02-18", "2026-02-20"]


@pytest.mark.clause("COLL-02")
def test_a_contact_above_the_cap_of_the_week_waits(tell: "Tell") -> None:
    steps = tuple({"day": day, "action": "message"} for day in range(2, 8))
    story = debtors(tell, [5_000], ladder=steps, contacts={"per_week": 2})
    story.through("2026-03-31")
    days = [story.day(date) for date in story.dates("contact_sent")]
    assert len(days) == len(steps)
    weeks = [day // 7 for day in days]
    assert max(weeks.count(week) for week in weeks) == 2


@pytest.mark.clause("COLL-02")
def test_contacts_lose_their_effect_by_repetition(tell: "Tell") -> None:
    steps = tuple({"day": day, "action": "message"} for day in range(2, 28, 2))
    channel = {"reach": 1.0, "response": {"forgetful": 0.15, "short": 0.0, "hardship": 0.0}}
    paid = []
    for fatigue in (0.0, 0.5):
        story = tell(
            population={"members": 200},
            collections={
                "ladder": steps,
                "channels": {"message": channel},
                "contacts": {"fatigue": fatigue},
            },
            products=NO_ADMIN_FEE,
        )
        story.everybody(carelessness=1.0)
        for number in range(200):
            story.buys("2026-01-05", 5_000, member=number)
        story.through("2026-03-08")  # before the day on which all pay of their own accord
        paid.append(len(story.dates("bill_paid_late")))
    # 1 - .85**13 = .88 against 1 - .85 * .925 * .9625 ... = .27 of 200.
    assert paid[0] > 150 > 90 > paid[1] > 30
