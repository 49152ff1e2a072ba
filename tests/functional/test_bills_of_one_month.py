"""A month with two bills: one made early by an acceleration, one at the closing."""

from typing import TYPE_CHECKING

import numpy as np
import pytest

from models.policy.np_conduct import Ground
from sim.engine.agenda import Task
from sim.engine.members.conduct import act_on
from sim.engine.uses.exemption import exempt

if TYPE_CHECKING:
    from tests.functional.conftest import Story, Tell

ONE = np.array([0])
AT_SUSPEND = {"accelerate_on_arrears": "at_suspend"}


def accelerated_in_february(tell: "Tell", **sections: object) -> "Story":
    """Buy before and after the acceleration of 11 February; what is bought after is billed last."""
    story = tell(products={"atone": AT_SUSPEND}, **sections).member(0, carelessness=1.0)
    story.buys("2026-01-05", 10_000).buys("2026-02-05", 6_000).buys("2026-02-10", 500)
    return story


def owed(story: "Story") -> list[tuple[int, int]]:
    """Give price and fee of the dues, oldest first."""
    dues = story.world.dues
    return list(zip(dues.price_yen[: dues.size], dues.fee_yen[: dues.size], strict=True))


@pytest.mark.clause("NP-33.1", "NP-27.2", "NP-30.2", "C-15")
@pytest.mark.parametrize(
    ("use", "left"),
    [
        (0, [(0, 0), (6_000, 248), (500, 248)]),
        (1, [(10_000, 248), (0, 0), (500, 248)]),
        (2, [(10_000, 248), (6_000, 248), (0, 0)]),
    ],
)
@pytest.mark.parametrize("again", [None, 69])  # on 11 March debts are accelerated once more
def test_a_use_is_released_on_the_bill_that_it_is_on(
    tell: "Tell", use: int, left: list[tuple[int, int]], again: int | None
) -> None:
    story = accelerated_in_february(tell).through("2026-03-01")
    assert story.dates("accelerated") == ["2026-02-11"]
    assert owed(story) == [(10_000, 248), (6_000, 248), (500, 248)]
    story.member(0, accelerated_day=again or story.world.members.accelerated_day[0])
    exempt(story.world, story.day("2026-03-12"), np.array([use]), np.array([False]))
    assert owed(story) == left
    assert story.world.members.credit_yen[0] == 0
    assert not story.residuals()


@pytest.mark.clause("NP-24.5", "NP-28.7", "C-15")
def test_a_use_on_a_bill_made_early_is_billed_and_its_return_a_credit(tell: "Tell") -> None:
    story = accelerated_in_february(tell).through("2026-02-20")
    for use in (1, 2):
        story.world.agenda.schedule(
            Task.CANCEL, np.array([story.day("2026-02-21")]), np.array([use])
        )
    story.through("2026-02-21")
    assert story.happened("purchase_cancelled", "purchase_returned") == [
        ("2026-02-21", "purchase_cancelled", 500),
        ("2026-02-21", "purchase_returned", 6_000),
    ]
    assert owed(story) == [(10_000, 248), (6_000, 248)]
    assert story.world.members.credit_yen[0] == 6_000
    assert not story.residuals()


@pytest.mark.clause("NP-33.1", "NP-28.11", "C-15")
def test_a_bill_made_early_holds_what_a_merchant_would_have_billed_apart(tell: "Tell") -> None:
    merchants = {"classes": ({"share": 0.0, "due_day": 5},)}
    story = accelerated_in_february(tell, behaviour={"merchants": merchants})
    story.through("2026-02-04").world.purchases.merchant[1:3] = 1
    story.through("2026-03-01")
    exempt(story.world, story.day("2026-03-02"), np.array([1]), np.array([False]))
    assert owed(story) == [(10_000, 248), (0, 0), (500, 248)]
    assert not story.residuals()


@pytest.mark.clause("NP-36.1", "NP-36.3", "C-15")
def test_points_are_earned_by_the_bill_that_a_use_is_on(tell: "Tell") -> None:
    story = tell(products={"atone": AT_SUSPEND, "np_points": {"enabled": True}})
    story.member(0, carelessness=1.0).buys("2026-01-05", 10_000).buys("2026-02-05", 6_000)
    story.buys("2026-02-10", 500).through("2026-02-15").member(0, carelessness=0.0)
    # The arrears of January and of 11 February are paid on 12 March, the rest of February in time.
    story.through("2026-03-01").member(0, spell_pays_on=story.day("2026-03-02"))
    story.world.agenda.schedule(Task.PAY_ARREARS, np.array([story.day("2026-03-02")]), ONE)
    story.through("2026-05-31")
    assert story.total("principal_paid") == 16_500
    assert [yen for _, _, yen in story.lines("points_awarded")] == [2]


@pytest.mark.clause("NP-36.1", "NP-36.3", "C-74")
def test_a_claim_due_at_once_that_is_paid_earns_no_points_of_its_month(tell: "Tell") -> None:
    story = tell(
        products={
            "atone": {"immediate_claims": "due_same_day"},
            "np_points": {"enabled": True, "require_on_time": False},
            "np_membership": {"indemnity": {"damages_enabled": True, "damages_yen": 700}},
        }
    ).buys("2026-01-05", 10_000)
    story.through("2026-01-09")
    act_on(story.world, story.day("2026-01-10"), np.array([0]), Ground.FALSE_DECLARATION)
    story.through("2026-01-30")
    assert story.total("cost_paid") == 700
    story.member(0, carelessness=1.0).through("2026-02-09")
    assert story.total("points_awarded") == 0
