"""Admission, limits and re-review: one score on own data, one table from score to limit.

The lender sees how often a person used NP Atobarai and how often it was paid on time, and, once a
member, the member's own bills. No credit bureau is asked (ART-08).
"""

from typing import Self

import numpy as np
from pydantic import model_validator

from models.arrays import Floats, Ints
from models.clauses import implements
from models.parameters import Parameters, parameter


class LimitBand(Parameters):
    """Members whose score reaches a value get a limit."""

    from_score: float = parameter(0.0, "Lowest score of the band.", unit="points", source="NP-23.1")
    limit_yen: int = parameter(
        10_000, "Cumulative limit.", unit="yen", source="NP-23.1; ART-04", ge=0, le=10_000_000
    )


class ScoreCard(Parameters):
    """Points for what the lender knows."""

    start: float = parameter(40.0, "Points of everybody.", unit="points", source="assumption")
    per_np_use: float = parameter(
        1.5, "Points per use of NP Atobarai.", unit="points", source="ART-08; assumption"
    )
    np_uses_counted: int = parameter(
        20, "Uses counted at most.", unit="uses", source="assumption", ge=0, le=1000
    )
    per_np_late: float = parameter(
        -7.0, "Points per use of NP Atobarai paid late.", unit="points", source="ART-08; assumption"
    )
    per_bill_on_time: float = parameter(
        3.0, "Points per bill paid on time.", unit="points", source="NP-23.2; assumption"
    )
    bills_counted: int = parameter(
        12, "Bills paid on time counted at most.", unit="bills", source="assumption", ge=0, le=1000
    )
    per_bill_late: float = parameter(
        -2.0, "Points per bill paid late or unpaid.", unit="points", source="NP-31.1; assumption"
    )
    per_late_month: float = parameter(
        -4.0,
        "Points per started 30 days past due of the worst arrears.",
        unit="points",
        source="NP-31.1; assumption",
    )
    cut_off: float = parameter(
        34.0,
        "Applicants below are refused; members below have their limits cut to 0.",
        unit="points",
        source="NP-2.2; NP-23.2; facts 7 (approval rate .85)",
    )


DEFAULT_BANDS = tuple(
    LimitBand(from_score=score, limit_yen=limit)
    for score, limit in [
        (0.0, 10_000),
        (42.0, 20_000),
        (50.0, 30_000),
        (60.0, 40_000),
        (72.0, 50_000),
    ]
)


class LimitPolicy(Parameters):
    """From score to limits, and when they are looked at again."""

    bands: tuple[LimitBand, ...] = parameter(
        DEFAULT_BANDS,
        "Limits by score, ascending.",
        unit="-",
        source="NP-23.1",
        min_length=1,
        max_length=50,
    )
    review_every_days: int = parameter(
        180, "Days between re-reviews of a member.", unit="days", source="NP-31.1", ge=1, le=3650
    )

    @model_validator(mode="after")
    def _ascends(self) -> Self:
        scores = [band.from_score for band in self.bands]
        if scores != sorted(set(scores)):
            raise ValueError(f"bands: got from_score {scores}; from_score must ascend")
        return self


@implements("ART-08")
def score(
    card: ScoreCard,
    np_uses: Ints,
    np_late: Ints,
    bills_on_time: Ints,
    bills_late: Ints,
    worst_days_past_due: Ints,
) -> Floats:
    """Score persons on the lender's own data.

    Parameters
    ----------
    card
        Points.
    np_uses, np_late
        Uses of NP Atobarai and those paid late, shape (n,).
    bills_on_time, bills_late
        Own bills paid on time, and paid late or overdue, shape (n,).
    worst_days_past_due
        Worst arrears so far, days, shape (n,).

    Returns
    -------
    Floats
        Points, shape (n,).
    """
    late_months = -(-worst_days_past_due.astype(np.int64) // 30)
    points = (
        card.start
        + card.per_np_use * np.minimum(np_uses, card.np_uses_counted)
        + card.per_np_late * np_late
        + card.per_bill_on_time * np.minimum(bills_on_time, card.bills_counted)
        + card.per_bill_late * bills_late
        + card.per_late_month * late_months
    )
    return np.asarray(points, dtype=np.float64)


@implements("NP-23.1", "NP-23.2", "ART-04")
def limit_of(policy: LimitPolicy, card: ScoreCard, cap_yen: Ints | int, points: Floats) -> Ints:
    """Give the cumulative limit of each score, 0 below the cut-off, never above the cap.

    Parameters
    ----------
    policy, card
        Bands and cut-off.
    cap_yen
        Cap, one for all or by person, yen, shape (n,).
    points
        Scores, shape (n,).

    Returns
    -------
    Ints
        Yen, int64, shape (n,).
    """
    edges = np.array([band.from_score for band in policy.bands])
    limits = np.array([0] + [band.limit_yen for band in policy.bands], dtype=np.int64)
    limit = np.minimum(limits[np.searchsorted(edges, points, side="right")], cap_yen)
    return np.where(points >= card.cut_off, limit, 0)
