"""Collections as configuration: contacts, the law firm's fee, the write-off, a sound ladder."""

import numpy as np
import pytest
from pydantic import ValidationError

from models.members.repayment import N_REASONS, Reason
from models.policy.collections import (
    Channel,
    Collections,
    LadderStep,
    LawFirm,
    Response,
    WriteOff,
    agency_fee,
    may_be_written_off,
    stay_after_contact,
)
from sim.record.tallies import Stages


@pytest.mark.clause("COLL-02", "ART-10")
def test_a_contact_lowers_the_unpaid_share_of_those_it_reaches_by_their_reason() -> None:
    response = Response(forgetful=0.5, short=0.25, hardship=0.0).by_reason()
    reason = np.array([Reason.FORGETFUL, Reason.SHORT_OF_CASH, Reason.HARDSHIP, Reason.FORGETFUL])
    stay = stay_after_contact(np.full(4, 0.8), response[reason], np.array([1.0, 1.0, 1.0, 0.0]))
    assert stay == pytest.approx([0.4, 0.6, 0.8, 0.8])


@pytest.mark.clause("COLL-02")
def test_neither_the_punctual_nor_those_who_mean_not_to_pay_respond() -> None:
    response = Response(forgetful=1.0, short=1.0, hardship=1.0).by_reason()
    assert response.shape == (N_REASONS,)
    assert response[[Reason.PUNCTUAL, Reason.NEVER_PAYS]].tolist() == [0.0, 0.0]


@pytest.mark.clause("COLL-02")
def test_the_unpaid_share_never_reaches_zero() -> None:
    response = Response(forgetful=1.0).by_reason()
    stay = stay_after_contact(np.ones(1), response[[Reason.FORGETFUL]], np.ones(1))
    assert 0.0 < stay[0] < 1e-9


@pytest.mark.clause("COLL-04")
def test_the_contingency_fee_is_a_fifth_rounded_down() -> None:
    assert agency_fee(LawFirm(), np.array([0, 4, 5, 999, 10_000])).tolist() == [
        0,
        0,
        1,
        199,
        2_000,
    ]


@pytest.mark.clause("COLL-11")
@pytest.mark.parametrize(
    ("days_past_due", "quiet_days", "ripe"),
    [(365, 180, True), (364, 364, False), (365, 179, False), (900, 180, True)],
)
def test_a_write_off_takes_365_days_past_due_and_180_without_payment(
    days_past_due: int,
    quiet_days: int,
    ripe: bool,  # noqa: FBT001
) -> None:
    found = may_be_written_off(WriteOff(), np.array([days_past_due]), np.array([quiet_days]))
    assert found.tolist() == [ripe]


@pytest.mark.clause("COLL-02", "COLL-04")
def test_the_default_ladder_is_that_of_the_rulebook() -> None:
    assert [(step.day, step.action) for step in Collections().ladder] == [
        (2, "message"),
        (7, "message"),
        (14, "call"),
        (21, "letter"),
        (45, "letter"),
        (60, "letter"),
        (90, "hand_over"),
        (180, "sue"),
    ]


@pytest.mark.clause("COLL-02")
@pytest.mark.parametrize("name", ["call", "sue", Stages.CALLS, Stages.REMINDER, *Stages.BEYOND])
def test_no_channel_takes_the_place_of_an_action_or_a_stage(name: str) -> None:
    with pytest.raises(ValidationError, match=f"channels: got the name '{name}'; allowed: any but"):
        Collections(channels={name: Channel()}, ladder=())


def test_a_step_may_name_any_channel_that_is_declared() -> None:
    policy = Collections(
        channels={"push": Channel(cost_yen=1)}, ladder=(LadderStep(day=1, action="push"),)
    )
    assert policy.channels["push"].cost_yen == 1


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        ([(2, "message"), (2, "letter")], "must ascend"),
        ([(7, "message"), (2, "message")], "must ascend"),
        ([(2, "pigeon")], "action 'pigeon' on day 2 is unknown; allowed: call, hand_over, letter"),
        ([(2, "hand_over"), (3, "hand_over")], "hand_over may stand once"),
    ],
)
def test_a_ladder_that_cannot_stand_is_refused(steps: list[tuple[int, str]], message: str) -> None:
    ladder = tuple(LadderStep(day=day, action=action) for day, action in steps)
    with pytest.raises(ValueError, match=message):
        Collections(ladder=ladder)
