"""Admission and limits: the score on own data, the bands, the cap."""

import inspect

import numpy as np
import pytest

from models.arrays import Ints
from models.policy.admission import LimitBand, LimitPolicy, ScoreCard, limit_of, score
from models.policy.np_admission import Antisocial, has_ties

CAP_YEN = 50_000
CARD = ScoreCard(
    start=40.0,
    per_np_use=1.5,
    np_uses_counted=20,
    per_np_late=-7.0,
    per_bill_on_time=3.0,
    bills_counted=12,
    per_bill_late=-2.0,
    per_late_month=-4.0,
    cut_off=34.0,
)
RECORD = ("np_uses", "np_late", "bills_on_time", "bills_late", "worst_days_past_due")


def points_of(**record: int) -> float:
    """Score one person."""
    columns: list[Ints] = [np.array([record.get(name, 0)]) for name in RECORD]
    return float(score(CARD, *columns)[0])


@pytest.mark.clause("ART-08", "C-43")
def test_the_score_reads_the_lenders_own_records_and_nothing_else() -> None:
    assert tuple(inspect.signature(score).parameters) == ("card", *RECORD)


@pytest.mark.clause("ART-08", "NP-2.2")
@pytest.mark.parametrize(
    ("record", "points"),
    [
        ({}, 40.0),
        ({"np_uses": 4}, 46.0),
        ({"np_uses": 20}, 70.0),
        ({"np_uses": 21}, 70.0),  # at most twenty count
        ({"np_uses": 4, "np_late": 1}, 39.0),
        ({"bills_on_time": 12}, 76.0),
        ({"bills_on_time": 13}, 76.0),  # at most twelve count
        ({"bills_late": 2}, 36.0),
        ({"worst_days_past_due": 1}, 36.0),
        ({"worst_days_past_due": 30}, 36.0),
        ({"worst_days_past_due": 31}, 32.0),  # a started month counts
    ],
)
def test_each_entry_of_the_record_is_worth_its_points(
    record: dict[str, int], points: float
) -> None:
    assert points_of(**record) == points


@pytest.mark.clause("NP-23.1", "NP-2.2", "NP-23.2")
def test_the_limit_rises_by_bands_and_is_zero_below_the_cut_off() -> None:
    points = np.array([33.9, 34.0, 41.9, 42.0, 50.0, 60.0, 71.9, 72.0, 1_000.0])
    limits = limit_of(LimitPolicy(), CARD, CAP_YEN, points)
    assert limits.tolist() == [
        0,
        10_000,
        10_000,
        20_000,
        30_000,
        40_000,
        40_000,
        50_000,
        50_000,
    ]


@pytest.mark.clause("ART-04", "C-04")
def test_no_credit_is_so_good_that_the_limit_passes_the_cap() -> None:
    policy = LimitPolicy(bands=(LimitBand(from_score=0.0, limit_yen=300_000),))
    best = np.array([1_000.0])
    assert limit_of(policy, CARD, CAP_YEN, best).tolist() == [50_000]
    assert limit_of(policy, CARD, 400_000, best).tolist() == [300_000]


@pytest.mark.clause("NP-23.1")
def test_a_score_below_the_first_band_gets_nothing() -> None:
    policy = LimitPolicy(bands=(LimitBand(from_score=50.0, limit_yen=10_000),))
    limits = limit_of(policy, CARD, CAP_YEN, np.array([49.0, 50.0]))
    assert limits.tolist() == [0, 10_000]


def test_bands_that_do_not_ascend_are_refused() -> None:
    with pytest.raises(ValueError, match="from_score must ascend"):
        LimitPolicy(bands=(LimitBand(from_score=2.0), LimitBand(from_score=2.0)))


@pytest.mark.clause("NP-8.1")
def test_a_former_member_counts_within_five_years_of_leaving_and_not_after() -> None:
    terms = Antisocial(former_rate=1.0)
    years_since = np.array([0.0, 4.9, 5.0, 9.9])
    u = np.array([np.full(4, 0.5), np.full(4, 0.5), years_since / 10])
    assert has_ties(terms, u).tolist() == [True, True, False, False]
