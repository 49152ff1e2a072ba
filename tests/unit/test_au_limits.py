"""The shopping limit, authorisation, use abroad and membership of au PAY Atobarai."""

import datetime as dt

import numpy as np
import pytest

from models.calendar import Calendar
from models.policy.authorisation import Answer
from models.products.au_pay import AuPayTerms, foreign, limits, membership
from models.products.au_pay.measures import Measure
from models.products.au_pay.membership_terms import AdmissionTerms, CardTerms, LimitTerms
from models.products.au_pay.payment_terms import ForeignTerms

TERMS = AuPayTerms()
YES, NO = np.array([True]), np.array([False])


def answer(
    price: int,
    used: int,
    limit: int = 100_000,
    terms: LimitTerms = TERMS.limit,
    hold: float = 1.0,
    **flags: np.ndarray,
) -> Answer:
    """Answer one use."""
    given = {"is_active": YES, "is_overdue": NO, "is_restricted": NO} | flags
    u = np.array([0.5])
    found = limits.authorise(
        terms, TERMS.card, np.array([price]), np.array([limit]), np.array([used]),
        u_hold=np.array([hold]), u_over=u, u_offline=u, **given,
    )  # fmt: skip
    return Answer(int(found[0]))


@pytest.mark.clause("AU-27.1", "AU-24.6")
def test_a_use_passes_up_to_the_limit() -> None:
    assert answer(40_000, 60_000) == Answer.AUTHORISED
    assert answer(40_001, 60_000) == Answer.OVER_CUMULATIVE_LIMIT
    assert answer(1, 0, limit=0) == Answer.LIMIT_ZERO


@pytest.mark.clause("AU-22.5")
def test_use_above_the_limit_needs_approval() -> None:
    assert answer(9, 100_000, terms=LimitTerms(over_limit_approved_share=0.6)) == Answer.AUTHORISED
    assert answer(9, 100_000, terms=LimitTerms(offline_share=0.6)) == Answer.AUTHORISED


@pytest.mark.clause("AU-24.11", "C-61")
def test_nothing_is_authorised_while_overdue_unless_the_lender_waives_it() -> None:
    assert answer(1, 0, is_overdue=YES) == Answer.OVERDUE
    assert answer(1, 0, terms=LimitTerms(offline_share=1.0), is_overdue=YES) == Answer.OVERDUE
    lenient = LimitTerms(block_on_overdue=False)
    assert answer(1, 0, terms=lenient, is_overdue=YES) == Answer.AUTHORISED


@pytest.mark.clause("AU-24.8", "AU-24.11")
def test_suspicion_holds_a_use_and_restricted_goods_are_refused() -> None:
    assert answer(1, 0, hold=0.0) == Answer.HELD
    assert answer(1, 0, is_restricted=YES) == Answer.NOT_ACTIVE
    assert answer(1, 0, is_active=NO) == Answer.NOT_ACTIVE


@pytest.mark.clause("AU-2.1", "AU-15.1")
def test_the_bureaus_flags_lower_the_score() -> None:
    flags = np.array([False, True, False, True]), np.array([False, False, True, True])
    found = limits.screening_points(TERMS.admission, np.full(4, 60.0), *flags)
    assert found.tolist() == [60.0, 20.0, 58.0, 18.0]


@pytest.mark.clause("AU-2.1", "AU-22.1")
def test_the_score_sets_the_limit_up_to_the_cap_and_refuses_below_the_cut_off() -> None:
    points = np.array([33.9, 34.0, 42.0, 71.9, 72.0])
    found = limits.limit_of_points(TERMS.admission, TERMS.limit, points)
    assert found.tolist() == [0, 50_000, 100_000, 300_000, 500_000]
    capped = LimitTerms(cap_yen=90_000)
    found = limits.limit_of_points(TERMS.admission, capped, points)
    assert found.tolist() == [0, 50_000, 90_000, 90_000, 90_000]


@pytest.mark.clause("AU-22.1", "AU-22.4")
def test_a_temporary_increase_reverts_by_itself() -> None:
    arrays = np.array([80_000, 900_000]), np.array([100_000, 0]), np.array([30, -1])
    assert limits.limit_in_force(TERMS.limit, *arrays, 30).tolist() == [180_000, 500_000]
    assert limits.limit_in_force(TERMS.limit, *arrays, 31).tolist() == [80_000, 500_000]


@pytest.mark.clause("AU-22.3")
def test_who_declined_raises_gets_cuts_only() -> None:
    found = limits.reviewed_limit(
        np.full(3, 50), np.array([90, 90, 20]), np.array([True, False, True])
    )
    assert found.tolist() == [50, 90, 20]


@pytest.mark.clause("AU-27.1", "C-34")
def test_other_fees_use_up_the_limit_only_if_told_to() -> None:
    used = np.array([1_000]), np.array([30])
    assert limits.limit_used(TERMS.limit, *used).tolist() == [1_000]
    assert limits.limit_used(LimitTerms(count_fees=True), *used).tolist() == [1_030]


@pytest.mark.clause("AU-27.2", "AU-27.3")
def test_room_for_revolving_and_instalments_is_never_negative() -> None:
    found = limits.room_for_credit(np.array([100, 100]), np.array([60, 160]))
    assert found.tolist() == [40, 0]


@pytest.mark.clause("AU-22.6")
def test_the_excess_is_claimed_in_one_sum_unless_waived() -> None:
    used, limit = np.array([130, 90]), np.array([100, 100])
    assert limits.over_limit_claim(TERMS.limit, used, limit).tolist() == [30, 0]
    assert limits.over_limit_claim(LimitTerms(over_limit_claim=False), used, limit).tolist() == [
        0,
        0,
    ]


@pytest.mark.clause("AU-22.7")
def test_refused_documents_cut_the_limit_or_stop_the_member() -> None:
    limit, refuses = np.array([100, 100]), np.array([True, False])
    found, taken = limits.after_refused_documents(TERMS.limit, limit, refuses)
    assert (found.tolist(), taken.tolist()) == ([0, 100], [0, 0])
    strict = LimitTerms(noncomply_action="cancel")
    found, taken = limits.after_refused_documents(strict, limit, refuses)
    assert (found.tolist(), taken.tolist()) == ([100, 100], [Measure.CANCEL, 0])


@pytest.mark.clause("AU-35.4")
def test_foreign_amounts_are_converted_with_the_mark_up_and_floored_once() -> None:
    assert foreign.yen_of_foreign(TERMS.foreign, [100, 1_999], "1.5").tolist() == [153, 3_064]


@pytest.mark.clause("AU-10.3", "AU-13.2", "AU-22.2", "AU-24.11", "AU-48.1")
def test_restricted_goods_and_some_uses_abroad_are_refused() -> None:
    goods, abroad = LimitTerms(restricted_share=0.3), ForeignTerms(restricted_share=0.2)
    exposed = np.array([True, True, False, False, False])
    foreign_ = np.array([False, True, True, True, False])
    u_goods, u_permit = np.array([0.9, 0.9, 0.9, 0.9, 0.1]), np.array([0.1, 0.9, 0.1, 0.9, 0.9])
    found = limits.is_restricted_use(goods, abroad, exposed, foreign_, u_goods, u_permit)
    assert found.tolist() == [False, True, True, False, True]


@pytest.mark.clause("AU-2.1", "AU-2.2")
def test_a_contract_is_formed_when_the_screening_ends() -> None:
    assert membership.admission_day(TERMS.admission, np.array([4])).tolist() == [7]


@pytest.mark.clause("AU-7.1")
def test_a_card_is_valid_to_the_end_of_its_month() -> None:
    calendar = Calendar.of(dt.date(2026, 1, 1), months=2)
    last = membership.card_expiry(CardTerms(valid_months=13), calendar, np.array([14]))
    assert calendar.date(int(last[0])) == dt.date(2027, 2, 28)


@pytest.mark.clause("AU-7.2", "AU-7.4")
def test_members_in_arrears_are_not_renewed_unless_everybody_is() -> None:
    active, overdue = np.array([True, True, False]), np.array([False, True, False])
    assert membership.is_renewed(TERMS.card, active, overdue).tolist() == [True, False, False]
    always = CardTerms(renewal="always")
    assert membership.is_renewed(always, active, overdue).tolist() == [True, True, False]


@pytest.mark.clause("AU-4.1", "AU-24.9")
def test_a_card_pauses_for_its_reissue_or_after_a_wrong_code() -> None:
    found = membership.usable_from(TERMS.card, np.array([5, 5]), is_reissue=np.array([True, False]))
    assert found.tolist() == [12, 6]


@pytest.mark.clause("AU-10.1", "AU-10.2")
@pytest.mark.parametrize(("day", "taken"), [(40, Measure.NONE), (41, Measure.RESTRICT)])
def test_unfinished_checks_have_consequences_after_their_deadline(day: int, taken: Measure) -> None:
    terms = AdmissionTerms(kyc_action="restrict")
    found = membership.measure_of_unfinished_checks(
        terms, np.array([10, 10]), np.array([False, True]), day
    )
    assert found.tolist() == [taken, Measure.NONE]


@pytest.mark.clause("AU-40.1", "AU-40.2", "AU-7.6", "AU-24.5")
def test_members_leave_with_debts_and_are_charged_by_merchants_they_did_not_tell() -> None:
    member = np.array([True, False, False])
    assert membership.may_withdraw(member).tolist() == [True, False, False]
    charged = membership.is_charged(TERMS.continuing, member, np.array([0.1, 0.1, 0.9]))
    assert charged.tolist() == [True, False, True]


@pytest.mark.clause("AU-11.1")
def test_former_ties_count_for_five_years() -> None:
    found = membership.counts_as_antisocial(
        TERMS.admission, np.array([-1, 4, 5, 1]), np.array([True, True, True, False])
    )
    assert found.tolist() == [True, True, False, False]
