"""Worked examples of limits and of the method of a high bill (rulebook 4.6)."""

import numpy as np
import pytest

from models.policy.authorisation import Answer, HoldRules, authorise
from models.products.atone import AtoneTerms, method_of_bill
from models.products.catalogue import PayMethod

BY_HAND = [PayMethod.KONBINI_TERMINAL, PayMethod.EBARCODE, PayMethod.INVOICE]


@pytest.mark.clause("NP-28.1", "NP-28.9", "C-27")
@pytest.mark.golden("G-33")
def test_300_000_yen_may_be_paid_by_any_method_and_a_yen_more_by_debit_or_transfer_only() -> None:
    chosen = np.array([*BY_HAND, PayMethod.DIRECT_DEBIT], dtype=np.int8)
    at_the_limit = method_of_bill(AtoneTerms(), chosen, np.full(4, 300_000))
    above_it = method_of_bill(AtoneTerms(), chosen, np.full(4, 300_001))
    assert at_the_limit.tolist() == chosen.tolist()
    assert above_it.tolist() == [PayMethod.BANK_TRANSFER] * 3 + [PayMethod.DIRECT_DEBIT]


@pytest.mark.clause("NP-23.3", "NP-23.1")
@pytest.mark.golden("G-34")
@pytest.mark.parametrize(
    ("unsettled", "request_yen", "answer"),
    [
        (25_000, 25_000, Answer.AUTHORISED),
        (25_000, 25_001, Answer.OVER_CUMULATIVE_LIMIT),
        (0, 30_000, Answer.AUTHORISED),
        (0, 30_001, Answer.OVER_PER_USE_LIMIT),
    ],
)
def test_both_limits_may_be_reached_and_not_exceeded(
    unsettled: int, request_yen: int, answer: Answer
) -> None:
    answered = authorise(
        HoldRules(share=0.0, new_member_share=0.0),
        price_yen=np.array([request_yen]),
        per_use_limit_yen=np.array([30_000]),
        cumulative_limit_yen=np.array([50_000]),
        unsettled_yen=np.array([unsettled]),
        is_active=np.array([True]),
        is_overdue=np.array([False]),
        n_uses=np.array([0]),
        u=np.array([0.5]),
    )
    assert answered.tolist() == [answer]
