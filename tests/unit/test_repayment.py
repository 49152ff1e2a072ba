"""How members pay: chances, reasons, unpaid curves, paydays."""

import datetime as dt

import numpy as np
import pytest

from models.calendar import Calendar
from models.members.repayment import (
    Reason,
    Repayment,
    UnpaidCurve,
    chances,
    days_late,
    days_until_paid,
    next_payday,
    punctual_day,
    reasons,
    unpaid_tables,
    waits_for_payday,
)

N = 2_000
GRID = (np.arange(N) + 0.5) / N
ONE = np.ones(1)
NO_LAG = np.zeros(N, dtype=np.int64)


def chances_of_one(
    repayment: Repayment,
    *,
    age: int = 40,
    n_bills: int = 9,
    by_hand: bool,
    is_invoice: bool = False,
) -> tuple[float, float]:
    """Give the chances of one member with mean frailties."""
    forgets, short = chances(
        repayment,
        ONE,
        ONE,
        np.array([age]),
        np.array([n_bills]),
        np.array([by_hand]),
        np.array([is_invoice]),
    )
    return float(forgets[0]), float(short[0])


# Chances and reasons


def test_a_mean_member_has_the_mean_chances() -> None:
    repayment = Repayment(forgets=0.1, short_of_cash=0.04)
    assert chances_of_one(repayment, by_hand=True) == (0.1, 0.04)


@pytest.mark.clause("NP-28.4")
def test_a_direct_debit_cannot_be_forgotten() -> None:
    assert chances_of_one(Repayment(short_of_cash=0.04), by_hand=False) == (0.0, 0.04)


def test_age_novelty_and_invoice_multiply_their_chances() -> None:
    repayment = Repayment(
        forgets=0.1,
        short_of_cash=0.04,
        young_multiple=2.0,
        new_member_multiple=1.5,
        new_member_bills=3,
        invoice_forget_multiple=0.5,
    )
    assert chances_of_one(repayment, age=19, by_hand=True) == pytest.approx((0.2, 0.08))
    assert chances_of_one(repayment, age=20, by_hand=True) == pytest.approx((0.1, 0.04))
    assert chances_of_one(repayment, n_bills=2, by_hand=True) == pytest.approx((0.1, 0.06))
    assert chances_of_one(repayment, n_bills=3, by_hand=True) == pytest.approx((0.1, 0.04))
    invoice = chances_of_one(repayment, by_hand=True, is_invoice=True)
    assert invoice == pytest.approx((0.05, 0.04))


def test_no_chance_is_above_the_ceiling() -> None:
    repayment = Repayment(forgets=0.9, short_of_cash=0.9, ceiling=0.6)
    assert chances_of_one(repayment, by_hand=True) == (0.6, 0.6)


def test_reasons_come_in_the_shares_of_their_chances() -> None:
    found = reasons(
        np.full(N, 0.2),
        np.full(N, 0.1),
        np.zeros(N),
        0.0,
        np.zeros(N, dtype=bool),
        np.zeros(N, dtype=bool),
        GRID,
    )
    counts = np.bincount(found, minlength=5)
    assert counts.tolist() == [N * 7 // 10, N * 2 // 10, N // 10, 0, 0]


@pytest.mark.clause("ART-01")
def test_a_bad_month_empties_purses_and_no_memory() -> None:
    nobody = np.zeros(N, dtype=bool)
    calm, bad = (
        reasons(np.full(N, 0.2), np.full(N, 0.1), np.full(N, z), 0.1, nobody, nobody, GRID)
        for z in (0.0, -2.0)
    )
    assert (bad == Reason.SHORT_OF_CASH).sum() > (calm == Reason.SHORT_OF_CASH).sum()
    assert abs(int((bad == Reason.FORGETFUL).sum()) - int((calm == Reason.FORGETFUL).sum())) <= 1


def test_hardship_comes_before_forgetting_and_ill_will_before_everything() -> None:
    yes, no = np.array([True]), np.array([False])
    forgetful, good = np.array([1.0]), np.zeros(1)
    u = np.array([0.5])
    assert reasons(forgetful, good, good, 0.0, no, no, u).tolist() == [Reason.FORGETFUL]
    assert reasons(forgetful, good, good, 0.0, yes, no, u).tolist() == [Reason.HARDSHIP]
    assert reasons(forgetful, good, good, 0.0, yes, yes, u).tolist() == [Reason.NEVER_PAYS]


# Unpaid curves


def test_an_unpaid_curve_passes_through_its_points_and_declines_geometrically_between() -> None:
    table = UnpaidCurve(days=(10, 20), unpaid=(0.25, 0.16)).table(30)
    assert table[0] == 1.0
    assert table[5] == pytest.approx(0.5)
    assert (table[10], table[20]) == pytest.approx((0.25, 0.16))
    assert table[15] == pytest.approx(0.2)
    assert table[30] == pytest.approx(0.16 * 0.64)  # the last slope goes on


@pytest.mark.parametrize(
    ("days", "unpaid", "message"),
    [
        ((1, 2), (0.5,), "days has 2 entries, unpaid 1"),
        ((2, 2), (0.5, 0.4), "days must ascend"),
        ((0, 2), (0.5, 0.4), r"got days \[0, 2\]; days must ascend from 1 or more"),
        ((1, 2), (0.4, 0.5), "unpaid must descend"),
        ((1,), (0.0,), "stay above 0"),
        ((1,), (1.1,), "at most 1"),
    ],
)
def test_a_curve_that_is_none_is_refused(
    days: tuple[int, ...], unpaid: tuple[float, ...], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        UnpaidCurve(days=days, unpaid=unpaid)


def test_the_share_still_unpaid_on_a_day_is_that_of_the_curve() -> None:
    repayment = Repayment()
    tables = unpaid_tables(repayment, 200)
    days = days_until_paid(tables, np.full(N, Reason.FORGETFUL), GRID)
    for day, unpaid in zip(repayment.forgetful.days, repayment.forgetful.unpaid, strict=True):
        assert abs((days > day).mean() - unpaid) <= 1 / N


def test_nobody_is_late_by_less_than_a_day_and_ill_will_never_pays() -> None:
    tables = unpaid_tables(Repayment(), 50)
    reason = np.array([Reason.PUNCTUAL, Reason.FORGETFUL, Reason.NEVER_PAYS])
    days = days_until_paid(tables, reason, np.array([0.5, 1.0, 2.0**-33]))
    assert days.tolist() == [1, 1, 51]


@pytest.mark.clause("COLL-02")
def test_a_contact_never_delays_a_payment() -> None:
    tables = unpaid_tables(Repayment(), 400)
    reason = np.full(N, Reason.SHORT_OF_CASH)
    alone = days_late(tables, reason, GRID, np.ones(N), np.zeros(N, dtype=np.int64))
    contacted = days_late(tables, reason, GRID, np.full(N, 0.7), np.zeros(N, dtype=np.int64))
    assert (contacted <= alone).all()
    assert (contacted < alone).any()


def test_after_hardship_a_bill_goes_on_as_that_of_a_member_short_of_cash() -> None:
    repayment = Repayment()
    tables = unpaid_tables(repayment, 800)
    reason, one = np.full(N, Reason.HARDSHIP), np.ones(N)
    days = days_late(tables, reason, GRID, one, np.full(N, 60))
    unpaid_at_the_end = repayment.hardship.unpaid[1]
    assert abs((days > 60).mean() - unpaid_at_the_end) <= 1 / N
    after_a_month = unpaid_at_the_end * repayment.short.unpaid[2]
    assert abs((days > 60 + 30).mean() - after_a_month) <= 2 / N


# Days of payment


def test_only_members_short_of_cash_wait_for_a_payday_by_their_share() -> None:
    u = np.random.default_rng(1).random(20_000)
    repayment = Repayment(waits_for_payday=0.3)
    short = waits_for_payday(repayment, np.full(u.size, Reason.SHORT_OF_CASH), u)
    # Four standard errors.
    assert abs(short.mean() - 0.3) < 4 * (0.3 * 0.7 / u.size) ** 0.5
    assert not waits_for_payday(repayment, np.full(u.size, Reason.FORGETFUL), u).any()


@pytest.mark.parametrize(
    ("today", "payday", "next_date"),
    [
        ("2026-02-10", 25, "2026-02-25"),
        ("2026-02-25", 25, "2026-02-25"),
        ("2026-02-26", 25, "2026-03-25"),
        ("2026-02-01", 31, "2026-02-28"),
        ("2026-01-31", 31, "2026-01-31"),
        ("2026-12-28", 10, "2027-01-10"),
    ],
)
def test_the_next_payday_clips_to_short_months(today: str, payday: int, next_date: str) -> None:
    start = dt.date(2026, 1, 1)
    calendar = Calendar.of(start, months=12, margin_days=400)
    day = np.array([(dt.date.fromisoformat(today) - start).days])
    found = next_payday(day, np.array([payday]), calendar.month_of, calendar.month_first)
    assert calendar.date(int(found[0])).isoformat() == next_date


@pytest.mark.clause("NP-28.4")
def test_a_share_of_the_punctual_pays_on_the_last_three_days_and_all_within_the_window() -> None:
    first, last = np.full(N, 100), np.full(N, 109)
    days = punctual_day(Repayment(pays_on_last_days_share=0.4), first, last, NO_LAG, GRID)
    assert (days.min(), days.max()) == (100, 109)
    # The other 60 % spread evenly over the ten days, three of which are the last.
    assert (days >= 107).mean() == pytest.approx(0.4 + 0.6 * 0.3, abs=0.01)


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_a_window_of_one_day_leaves_no_choice(share: float) -> None:
    day = np.full(N, 7)
    days = punctual_day(Repayment(pays_on_last_days_share=share), day, day, NO_LAG, GRID)
    assert (days == 7).all()


@pytest.mark.clause("NP-28.4")
def test_only_who_leaves_no_time_for_the_reflection_is_too_late_by_it() -> None:
    u = np.random.default_rng(2).random(N)
    first, due, lag = np.full(N, 100), np.full(N, 109), np.full(N, 2)
    careful, careless = (
        punctual_day(
            Repayment(pays_on_last_days_share=1.0, ignores_reflection=share), first, due, lag, u
        )
        for share in (0.0, 1.0)
    )
    assert set(careful.tolist()) == {107, 108, 109}
    assert set(careless.tolist()) == {109, 110, 111}


def test_the_share_who_ignore_the_reflection_is_the_declared_one() -> None:
    u = np.random.default_rng(3).random(N)
    day = np.full(N, 100)
    found = punctual_day(
        Repayment(pays_on_last_days_share=1.0, ignores_reflection=0.3),
        day,
        day + 40,
        np.full(N, 10),
        u,
    )
    assert abs((found > 140).mean() - 0.3) < 4 * (0.3 * 0.7 / N) ** 0.5
