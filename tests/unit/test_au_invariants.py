"""What always holds for au PAY Atobarai (rulebook 4.9, numbers 2 to 5), whatever the amounts."""

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.calendar import Calendar
from models.kernels.revolving import Course
from models.products.au_pay import AuPayTerms, late, plans, prepayment, revolving, schedules
from models.products.au_pay.accrual import accrual, no_accrual
from models.products.au_pay.late import CAPPED
from models.products.au_pay.plan_terms import RevolvingTerms
from models.products.catalogue import Product

fixed = settings(max_examples=80)

TERMS = AuPayTerms()
CALENDAR = Calendar.of(dt.date(2023, 1, 1), months=30)
PRICES = st.integers(1, 3_000_000)
LATE_PLANS = st.sampled_from([*CAPPED, Product.AU_ONE_TIME, Product.AU_REVOLVING])


def yen(*amounts: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Give amounts as an array."""
    return np.array(amounts, dtype=np.int64)


@pytest.mark.clause("AU-31.1", "AU-31.2", "AU-29.1(2)")
@fixed
@given(price=PRICES, times=st.integers(3, 36), kind=st.sampled_from([6, 9]))
def test_payments_add_up_and_only_the_first_may_differ(price: int, times: int, kind: int) -> None:
    kind_, count = plans.instalments_in_force(TERMS.instalments, yen(kind), yen(price), yen(times))
    fee = schedules.finance_charge(TERMS.instalments, kind_, yen(price), count)
    found = schedules.legs(TERMS.plan, kind_, yen(price), fee, count, yen(1))
    payments = (found.principal_yen + found.fee_yen).tolist()
    assert sum(payments) == price + int(fee[0])
    assert found.fee_yen.sum() == fee[0]
    assert (found.fee_yen >= 0).all()
    assert (found.principal_yen >= 0).all()
    assert len(set(payments[1:])) <= 1
    if kind_[0] == Product.AU_INSTALMENTS:
        assert payments[0] >= max(payments)
        assert min(payments) >= TERMS.instalments.min_instalment_yen


@pytest.mark.clause("AU-30.1(1)", "AU-30.1(2)", "AUX-REV(1)")
@fixed
@given(
    balances=st.tuples(*[st.integers(0, 1_500_000)] * 4),
    course=st.sampled_from(Course),
    chosen=st.integers(1, 20).map(lambda steps: 5_000 * steps),
    prepaid=st.integers(0, 400_000),
    final_rule=st.sampled_from(
        ["balance_plus_fee_when_balance_lt_payment", "min_payment_balance_plus_fee"]
    ),
    flags=st.tuples(st.booleans(), st.booleans()),
)
def test_a_revolving_payment_is_fee_plus_principal_and_never_above_what_is_owed(
    balances: tuple[int, int, int, int],
    course: Course,
    chosen: int,
    prepaid: int,
    final_rule: str,
    flags: tuple[bool, bool],
) -> None:
    terms = RevolvingTerms.model_validate(
        {
            "final_rule": final_rule,
            "fee_on_overdue": flags[0],
            "overdue_in_payment_base": flags[1],
        }
    )
    running, captured, pending, overdue = balances
    accounts = revolving.open_accounts(1)._replace(
        running_yen=yen(running),
        captured_yen=yen(captured),
        pending_yen=yen(pending),
        overdue_yen=yen(overdue),
    )
    base = revolving.payment_base(terms, accounts)
    month = revolving.fee_month(terms, TERMS.due, CALENDAR, 12)
    accounts, _ = prepayment.part_prepayment(
        TERMS.prepay, terms, TERMS.daycount, CALENDAR, accounts, month, yen(prepaid),
        month.first_after_day + 5,
    )  # fmt: skip
    due = revolving.accrued(terms, TERMS.daycount, CALENDAR, accounts, month, yen(month.to_day))
    bill = revolving.monthly_bill(
        terms, TERMS.daycount, accounts, base, due, yen(course), yen(chosen), yen(0)
    )
    owed = accounts.running_yen + accounts.captured_yen
    assert bill.payment_yen == bill.fee_yen + bill.principal_yen
    assert 0 <= bill.principal_yen <= owed
    after = revolving.close_fee_month(accounts, bill)
    assert after.running_yen + bill.principal_yen == owed
    assert after.pending_yen == accounts.pending_yen


@pytest.mark.clause("AU-30.1(2)", "AUX-PRE(2)")
@fixed
@given(
    running=st.integers(0, 10**6),
    captured=st.integers(0, 10**6),
    parts=st.lists(st.tuples(st.integers(1, 30), st.integers(0, 200_000)), max_size=4),
)
def test_part_prepayments_never_raise_the_fee_and_lose_no_yen(
    running: int, captured: int, parts: list[tuple[int, int]]
) -> None:
    month = revolving.fee_month(TERMS.revolving, TERMS.due, CALENDAR, 12)
    start = revolving.open_accounts(1)._replace(running_yen=yen(running))
    accounts, paid = start, 0
    for offset, amount in sorted(parts):
        day = month.after_day + offset
        if day >= month.first_after_day and not accounts.captured_yen.any() and captured:
            accounts = accounts._replace(captured_yen=yen(captured))
            start, captured = start._replace(captured_yen=yen(captured)), 0
        accounts, rest = prepayment.part_prepayment(
            TERMS.prepay,
            TERMS.revolving,
            TERMS.daycount,
            CALENDAR,
            accounts,
            month,
            yen(amount),
            day,
        )
        paid += amount - int(rest[0])
    left = accounts.running_yen + accounts.captured_yen
    assert int(left[0]) + paid == int((start.running_yen + start.captured_yen)[0])
    fees = [
        revolving.accrued(
            TERMS.revolving, TERMS.daycount, CALENDAR, each, month, yen(month.to_day)
        ).yen_weight[0]
        for each in (accounts, start)
    ]
    assert 0 <= fees[0] <= fees[1]


@pytest.mark.clause("AU-37.2(1)", "AU-37.2(2)", "AU-37.2(3)")
@fixed
@given(
    plan=LATE_PLANS,
    legs=st.lists(st.tuples(PRICES, st.integers(0, 200)), min_size=1, max_size=4),
    more=st.integers(0, 10**6),
    days=st.integers(0, 500),
)
def test_damages_grow_with_the_days_and_stay_below_the_cap(
    plan: Product, legs: list[tuple[int, int]], more: int, days: int
) -> None:
    whole = sum(amount for amount, _ in legs) + more
    oldest = min(due for _, due in legs)

    def damages(day: int, *, is_accelerated: bool) -> int:
        each = [accrual(TERMS.daycount, CALENDAR, *map(yen, leg), yen(day)) for leg in legs]
        rest = accrual(TERMS.daycount, CALENDAR, yen(whole), yen(oldest), yen(day))
        found = late.damages_of_accruals(
            TERMS.late,
            TERMS.daycount,
            yen(plan),
            np.array([is_accelerated]),
            rest if is_accelerated else no_accrual(1).plus(*each),
            rest,
        )
        return int(found[0])

    today, tomorrow = (damages(day, is_accelerated=False) for day in (days, days + 1))
    assert 0 <= today <= tomorrow
    if plan in CAPPED:
        assert today <= damages(days, is_accelerated=True)


@pytest.mark.clause("AU-32.4")
@fixed
@given(price=st.integers(36_000, 3_000_000), times=st.integers(3, 36))
def test_the_payoff_falls_with_every_payment_to_the_last_instalment(price: int, times: int) -> None:
    kind = yen(Product.AU_INSTALMENTS)
    fee = schedules.finance_charge(TERMS.instalments, kind, yen(price), yen(times))
    found = schedules.legs(TERMS.plan, kind, yen(price), fee, yen(times), yen(1))
    payments = found.principal_yen + found.fee_yen
    before = np.arange(times)
    unpaid = np.array([payments[paid:].sum() for paid in before])
    payoff, rebate = prepayment.instalment_payoff(
        TERMS.prepay,
        unpaid,
        np.repeat(fee, times),
        np.full(times, times),
        before,
        np.zeros(times, dtype=np.int64),
        np.full(times, 30),
        np.ones(times, dtype=np.bool_),
    )
    assert (np.diff(payoff) < 0).all()
    assert payoff[-1] == payments[-1]
    assert rebate.tolist() == [found.fee_yen[paid + 1 :].sum() for paid in before]
