"""Survival estimators: published numbers, and an independent library on expanded data."""

import numpy as np
import pytest
from lifelines import AalenJohansenFitter, KaplanMeierFitter, NelsonAalenFitter

from sim.metrics.survival import incidence, survival

# Times 1,2,2,3,3,4,5,6,6,6 with events 1,1,0,1,1,0,1,0,0,0, by time 1 to 6.
EVENTS = [1, 1, 2, 0, 1, 0]
CENSORED = [0, 1, 0, 1, 0, 3]
LEVEL = 0.95

DAYS = [1, 2, 5, 9, 14, 30, 31, 60]
CAUSES = [[40, 0], [31, 2], [17, 0], [0, 5], [9, 9], [4, 1], [0, 0], [3, 12]]
LOST = [0, 7, 1, 0, 20, 2, 3, 5]


def expanded() -> tuple[np.ndarray, np.ndarray]:
    """Give one duration and one cause (0: censored) for each spell."""
    durations, causes = [], []
    for day, ended, lost in zip(DAYS, CAUSES, LOST, strict=True):
        for cause, count in ((1, ended[0]), (2, ended[1]), (0, lost)):
            durations += [day] * count
            causes += [cause] * count
    return np.array(durations, dtype=float), np.array(causes)


def test_kaplan_meier_gives_the_published_numbers() -> None:
    found = survival(EVENTS, CENSORED, LEVEL)
    assert [at.at_risk for at in found] == [10, 9, 7, 5, 4, 3]
    expected = [0.9, 0.8, 0.571429, 0.571429, 0.428571, 0.428571]
    assert [at.survival for at in found] == pytest.approx(expected, abs=5e-7)


def test_nelson_aalen_gives_the_published_numbers() -> None:
    found = [survival(EVENTS, CENSORED, LEVEL)[place].cumulative_hazard for place in (0, 1, 2, 4)]
    assert found == pytest.approx([0.1, 0.211111, 0.496825, 0.746825], abs=5e-7)


def test_survival_its_interval_and_the_hazard_are_those_of_lifelines() -> None:
    durations, causes = expanded()
    found = survival([sum(ended) for ended in CAUSES], LOST, LEVEL)
    kaplan = KaplanMeierFitter(alpha=1 - LEVEL).fit(durations, causes > 0)
    nelson = NelsonAalenFitter(nelson_aalen_smoothing=False).fit(durations, causes > 0)
    interval = kaplan.confidence_interval_
    for day, at in zip(DAYS, found, strict=True):
        assert at.survival == pytest.approx(kaplan.survival_function_at_times(day).item())
        assert [at.lower, at.upper] == pytest.approx(interval.loc[day].tolist())
        assert at.at_risk == kaplan.event_table.loc[day, "at_risk"]
        assert at.cumulative_hazard == pytest.approx(nelson.cumulative_hazard_.loc[day].item())


@pytest.mark.parametrize("cause", [1, 2])
def test_cumulative_incidence_is_that_of_lifelines(cause: int) -> None:
    # Its fitter spreads tied times at random; times that are spread in a known order, those of one
    # day within a thousandth of it and the censored last, leave the estimate at day's end as it is.
    durations, causes = expanded()
    order = np.argsort(np.where(causes == 0, 3, causes), kind="stable")
    durations, causes = durations[order], causes[order]
    durations = durations + np.arange(durations.size) * 1e-6
    fitter = AalenJohansenFitter(calculate_variance=False).fit(durations, causes, cause)
    curve = fitter.cumulative_density_.iloc[:, 0]
    for day, shares in zip(DAYS, incidence(CAUSES, LOST), strict=True):
        assert shares[cause - 1] == pytest.approx(curve[curve.index <= day + 0.5].iloc[-1])


def test_incidences_and_survival_sum_to_one() -> None:
    curve = survival([sum(ended) for ended in CAUSES], LOST, LEVEL)
    for at, shares in zip(curve, incidence(CAUSES, LOST), strict=True):
        assert at.survival + sum(shares) == pytest.approx(1.0)


def test_there_is_no_interval_before_the_first_event_and_after_the_last_spell() -> None:
    found = survival([0, 1, 1], [1, 0, 0], LEVEL)
    assert [at.lower is None for at in found] == [True, False, True]
    assert [at.survival for at in found] == [1.0, 0.5, 0.0]
