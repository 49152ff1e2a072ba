"""What holds for any claim before the law: sums, bounds and monotony."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from models.policy.law.court_costs import CourtFees, court_costs, lawsuit_fee, payment_order_fee
from models.policy.law.execution import (
    Garnishment,
    Priority,
    attachable_wage,
    share_among_creditors,
)
from models.policy.law.insolvency import Insolvency, rehabilitation_payments
from models.policy.law.prescription import Prescription, first_prescribed_day
from models.policy.law.settlement import plan_payments

YEN = st.integers(0, 10**9)
PRIORITIES: st.SearchStrategy[Priority] = st.sampled_from(["pro_rata", "first_served"])


@given(YEN, st.integers(1, 120))
def test_the_payments_of_a_plan_add_up_to_the_claim(claim: int, n: int) -> None:
    plan = plan_payments(np.array([claim]), n)
    first, other = int(plan.first_yen[0]), int(plan.other_yen[0])
    assert first + (n - 1) * other == claim
    assert 0 <= other <= first < other + n


@given(YEN)
def test_a_rehabilitation_never_pays_more_than_its_part(claim: int) -> None:
    plan = rehabilitation_payments(Insolvency(), np.array([claim]))
    total = int(plan.first_yen[0]) + 35 * int(plan.other_yen[0])
    assert 5 * total <= claim < 5 * (total + 1)


@given(
    YEN,
    st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 5)), min_size=1, max_size=5),
    PRIORITIES,
)
def test_creditors_receive_all_that_is_attachable_and_never_more_than_they_are_owed(
    attachable: int, creditors: list[tuple[int, int]], priority: Priority
) -> None:
    claims = np.array([[claim for claim, _ in creditors]])
    order = np.array([[rank for _, rank in creditors]])
    shares = share_among_creditors(np.array([attachable]), claims, order, priority)
    assert shares.sum() == min(attachable, claims.sum())
    assert (shares >= 0).all()
    assert (shares <= claims).all()


@given(YEN, st.lists(st.integers(1, 10**9), min_size=1, max_size=5))
def test_pro_rata_shares_are_proportional_to_less_than_a_yen_a_creditor(
    attachable: int, owed: list[int]
) -> None:
    claims = np.array([owed])
    shares = share_among_creditors(
        np.array([attachable]), claims, np.zeros_like(claims), "pro_rata"
    )[0].tolist()
    taken, total = min(attachable, sum(owed)), sum(owed)
    for share, claim in zip(shares, owed, strict=True):
        assert taken * claim // total <= share < taken * claim // total + len(owed)


@given(YEN, YEN)
def test_a_larger_wage_or_claim_never_means_a_smaller_amount(one: int, two: int) -> None:
    pair = np.array(sorted([one, two]))
    wages = attachable_wage(Garnishment(), pair)
    assert wages[0] <= wages[1]
    assert (wages <= pair).all()
    assert 4 * wages[0] >= pair[0] - 3
    for fee in (lawsuit_fee, payment_order_fee):
        fees = fee(CourtFees(), pair)
        assert fees[0] <= fees[1]


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=20))
def test_a_payment_order_is_always_cheaper_than_a_lawsuit(claims: list[int]) -> None:
    costs = court_costs(CourtFees(), np.array(claims))
    assert (costs.order_yen < costs.lawsuit_yen).all()


@given(st.integers(0, 30_000), st.integers(0, 400))
def test_a_later_start_is_never_prescribed_earlier(day: int, later: int) -> None:
    since = np.array([day, day + later], dtype="datetime64[D]")
    ends = first_prescribed_day(Prescription(), since, np.zeros(2, dtype=bool))
    assert ends[0] <= ends[1]
    assert 1826 <= (ends[0] - since[0]).astype(int) <= 1828
