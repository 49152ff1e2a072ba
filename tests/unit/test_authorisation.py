"""Authorisation of a use: which ground of refusal wins, and which uses are held."""

import numpy as np
import pytest

from models.policy.authorisation import Answer, HoldRules, authorise

NO_HOLD = HoldRules(share=0.0, new_member_share=0.0)


def answer_to(hold: HoldRules = NO_HOLD, /, **given: float) -> Answer:
    """Answer one use, by default of 1,000 yen within a limit of 50,000."""
    usual = {
        "price_yen": 1_000,
        "per_use_limit_yen": 50_000,
        "cumulative_limit_yen": 50_000,
        "unsettled_yen": 0,
        "is_active": True,
        "is_overdue": False,
        "n_uses": 9,
        "u": 0.5,
    }
    columns = {name: np.array([value]) for name, value in (usual | given).items()}
    return Answer(int(authorise(hold, **columns)[0]))


@pytest.mark.clause("NP-24.2", "ART-07")
def test_a_use_within_both_limits_of_an_active_member_passes() -> None:
    assert answer_to() is Answer.AUTHORISED


@pytest.mark.clause("NP-23.3", "NP-24.3", "NP-23.2", "NP-7.4")
@pytest.mark.parametrize(
    ("given", "answer"),
    [
        ({"unsettled_yen": 49_001}, Answer.OVER_CUMULATIVE_LIMIT),
        ({"price_yen": 50_001, "cumulative_limit_yen": 99_999}, Answer.OVER_PER_USE_LIMIT),
        ({"price_yen": 50_001}, Answer.OVER_PER_USE_LIMIT),
        ({"cumulative_limit_yen": 0, "per_use_limit_yen": 0}, Answer.LIMIT_ZERO),
        ({"is_overdue": True, "cumulative_limit_yen": 0}, Answer.OVERDUE),
        ({"is_active": False, "is_overdue": True}, Answer.NOT_ACTIVE),
    ],
)
def test_the_strongest_ground_of_a_refusal_is_the_one_recorded(
    given: dict[str, float], answer: Answer
) -> None:
    assert answer_to(**given) is answer


@pytest.mark.clause("NP-24.4", "ART-18")
@pytest.mark.parametrize(("u", "answer"), [(0.09, Answer.HELD), (0.1, Answer.AUTHORISED)])
def test_a_share_of_the_uses_is_held(u: float, answer: Answer) -> None:
    assert answer_to(HoldRules(share=0.1, new_member_share=0.0), u=u) is answer


@pytest.mark.clause("NP-24.4")
@pytest.mark.parametrize(
    ("n_uses", "price", "answer"),
    [
        (2, 12_000, Answer.HELD),
        (3, 12_000, Answer.AUTHORISED),
        (2, 11_999, Answer.AUTHORISED),
    ],
)
def test_large_first_uses_are_held_by_a_share_of_their_own(
    n_uses: int, price: int, answer: Answer
) -> None:
    hold = HoldRules(share=0.0, new_member_share=1.0, new_member_uses=3, new_member_yen=12_000)
    assert answer_to(hold, n_uses=n_uses, price_yen=price) is answer


@pytest.mark.clause("NP-24.4", "NP-23.3")
def test_what_is_refused_is_not_held() -> None:
    always = HoldRules(share=1.0)
    assert answer_to(always) is Answer.HELD
    assert answer_to(always, unsettled_yen=50_000) is Answer.OVER_CUMULATIVE_LIMIT
    assert answer_to(always, is_overdue=True) is Answer.OVERDUE
