"""Cash-out: found out once it stops the account, found out again it ends the membership."""

import numpy as np
import pytest

from sim.engine.state.portfolio import Status
from sim.engine.uses.kinds import mark
from tests.functional.conftest import Story, Tell

SEEN = {"cash_out": {"detected_share": 1.0, "detection_days": 3}}
GREEDY = {"misuse": {"cash_out_share": 1.0}}


def cashed(story: Story, date: str, yen: int) -> Story:
    """Buy something to turn it into cash, if the member is short of it."""
    story.buys(date, yen)
    mark(story.world, np.array([story.world.purchases.size - 1]))
    return story


def short_of_cash(story: Story) -> Story:
    """Let everybody be in hardship for the whole run."""
    story.world.persons.hardship_until[:] = 10_000
    return story


@pytest.mark.clause("NP-9.1", "NP-9.2", "NP-19", "NP-7.1", "C-08")
def test_the_first_detection_stops_use_and_the_second_ends_the_membership(tell: Tell) -> None:
    story = short_of_cash(tell(behaviour=GREEDY, policy=SEEN))
    cashed(story, "2026-01-05", 4_000).through("2026-01-20")
    assert story.dates("cash_out_found") == story.dates("member_suspended") == ["2026-01-08"]
    cashed(story, "2026-02-09", 4_000).through("2026-02-28")
    assert story.dates("suspension_ended") == ["2026-02-07"]
    assert story.dates("membership_cancelled") == ["2026-02-12"]
    assert story.world.members.status[0] == Status.CANCELLED
    assert story.world.members.limit_yen[0] == 0


@pytest.mark.clause("NP-9.2")
def test_nobody_with_cash_turns_goods_into_it(tell: Tell) -> None:
    story = cashed(tell(behaviour=GREEDY, policy=SEEN), "2026-01-05", 4_000)
    assert story.through("2026-01-20").dates("cash_out_found") == []


@pytest.mark.clause("NP-9.2")
def test_what_is_declined_or_cancelled_is_nothing_to_find(tell: Tell) -> None:
    story = short_of_cash(tell(behaviour=GREEDY, policy=SEEN))
    cashed(story, "2026-01-05", 60_000).through("2026-01-20")
    assert story.dates("cash_out_found") == []


@pytest.mark.clause("NP-9.2", "NP-19")
def test_only_a_share_of_cash_out_is_found(tell: Tell) -> None:
    story = tell(
        population={"members": 400},
        behaviour=GREEDY,
        policy={"cash_out": {"detected_share": 0.3}},
    )
    short_of_cash(story)
    for member in range(400):
        story.buys("2026-01-05", 4_000, member=member)
    mark(story.world, np.arange(400))
    # 400 draws at 0.3: mean 120, standard deviation 9.2; within 4 of them at a fixed seed.
    assert 83 < len(story.through("2026-01-20").dates("cash_out_found")) < 157


@pytest.mark.clause("NP-9.3", "NP-14.2")
@pytest.mark.parametrize(("enabled", "yen"), [(False, 0), (True, 10_000)])
def test_damages_are_claimed_if_the_lender_does_so(tell: Tell, *, enabled: bool, yen: int) -> None:
    membership = {"np_membership": {"indemnity": {"damages_enabled": enabled}}}
    story = short_of_cash(tell(behaviour=GREEDY, policy=SEEN, products=membership))
    cashed(story, "2026-01-05", 4_000).through("2026-02-05")
    assert story.total("indemnity_claimed") == yen
    assert story.world.dues.cost_yen[0] == yen
