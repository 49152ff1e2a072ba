"""The tallies of spells and defaults, told a few members by hand."""

import numpy as np
import pytest

from sim.record.spells import AGES, Ending, Spells, age_class, stage_of, window_of
from sim.record.tallies import Bucket, Fates, Snapshots
from sim.record.workouts import Flow, Workouts

MONTH_OF = np.repeat(np.arange(4), 30)
"""Four months of 30 days."""


def rows(*numbers: int) -> np.ndarray:
    return np.array(numbers, dtype=np.int64)


def test_days_fall_into_single_days_weeks_and_months() -> None:
    days = np.array([0, 1, 120, 121, 127, 128, 365, 366, 395, 905, 4000])
    assert AGES[age_class(days)].tolist() == [0, 1, 120, 127, 127, 134, 365, 395, 395, 905, 905]


def test_a_stage_is_reached_on_its_day() -> None:
    assert stage_of(np.array([0, 1, 29, 30, 59, 60, 89, 90, 900])).tolist() == [
        0, 0, 0, 1, 1, 2, 2, 3, 3,
    ]  # fmt: skip
    assert window_of(np.array([91, 92, 183, 184, 365, 366])).tolist() == [0, 1, 1, 2, 2, 3]


def test_a_spell_is_counted_by_number_ending_days_and_month_of_begin() -> None:
    spells = Spells(2, 4, MONTH_OF)  # members 0 and 1 of either replication
    spells.begin(10, rows(0, 3), np.array([500, 70]))
    spells.end(15, rows(0), rows(10), Ending.CURED)
    spells.begin(40, rows(0), np.array([600]))
    seen = spells.at_horizon(70, rows(0, 3), rows(40, 10))
    assert seen.ages[0, 0, Ending.CURED, 5] == 1
    assert seen.ages_yen[0, 1, Ending.RUNNING, 30] == 600
    assert seen.ages[1, 0, Ending.RUNNING, 60] == 1
    assert seen.cohorts[0, 1, 1, Ending.RUNNING, 1] == 1
    assert (seen.ages.sum(), seen.cohorts.sum()) == (3, 3)
    assert (seen.cures.sum(), seen.relapses[0, 0, 0].tolist()) == (1, [1, 0, 0])
    assert seen.first_days.tolist() == [5, -1, -1, -1]


def test_looking_at_the_horizon_changes_nothing() -> None:
    spells, workouts = Spells(1, 2, MONTH_OF), Workouts(1, 2, MONTH_OF)
    spells.begin(10, rows(0), np.array([500]))
    workouts.begin(100, rows(0), np.array([400]), np.array([9]))
    for _ in range(2):
        assert spells.at_horizon(110, rows(0), rows(10)).ages.sum() == 1
        assert workouts.at_horizon().defaults.sum() == 1
    assert spells.ages.sum() == workouts.defaults.sum() == 0


def test_flows_of_a_workout_are_counted_apart_until_it_closes() -> None:
    workouts = Workouts(1, 3, MONTH_OF)
    workouts.begin(35, rows(0, 2), np.array([900, 100]), np.array([90, 10]))
    workouts.add(Flow.PRINCIPAL, 45, rows(0, 2, 2), np.array([300, 40, 5]))
    workouts.count()
    workouts.leave(50, rows(2), Ending.CURED)
    seen = workouts.at_horizon()
    assert seen.flow_yen[0, 1, Flow.PRINCIPAL, 10] == 45
    assert seen.open_flow_yen[0, 1, Flow.PRINCIPAL, 10] == 300
    assert seen.exposure_yen[0, 1, Ending.CURED].tolist() == [100, 10]
    assert seen.exposure_yen[0, 1, Ending.RUNNING].tolist() == [900, 90]
    assert workouts.cures[0].tolist() == [0, 1, 0, 0]


def test_what_comes_in_after_a_write_off_belongs_to_its_default_and_cures_nothing() -> None:
    workouts = Workouts(1, 1, MONTH_OF)
    workouts.begin(5, rows(0), np.array([900]), np.array([0]))
    workouts.close(rows(0), Ending.WRITTEN_OFF)
    workouts.add(Flow.PRINCIPAL, 65, rows(0), np.array([900]))
    workouts.leave(65, rows(0), Ending.WRITTEN_OFF)
    workouts.begin(100, rows(0), np.array([50]), np.array([0]))
    seen = workouts.at_horizon()
    assert seen.flow_yen[0, 0, Flow.PRINCIPAL, 60] == 900
    assert seen.defaults[0, :, Ending.WRITTEN_OFF].tolist() == [1, 0, 0, 0]
    assert seen.cures.sum() == seen.relapses.sum() == 0


@pytest.mark.parametrize(("day", "window"), [(141, 0), (142, 1)])
def test_a_default_after_a_cured_one_is_counted_by_the_days_between(day: int, window: int) -> None:
    workouts = Workouts(1, 1, np.repeat(np.arange(12), 30))
    workouts.begin(20, rows(0), np.array([1]), np.array([0]))
    workouts.leave(50, rows(0), Ending.CURED)
    workouts.begin(day, rows(0), np.array([1]), np.array([0]))
    assert workouts.relapses[0, 1].tolist() == [int(place == window) for place in range(3)]


def test_a_default_counts_in_the_pictures_of_the_year_before_in_which_its_member_was_sound() -> (
    None
):
    stock = Snapshots(1, 20, 1)
    stock.history[:] = Bucket.CURRENT
    stock.history[14] = Bucket.DPD_31_60
    stock.count_defaults(15, rows(0), rows(5))
    counted = stock.defaults[0].sum(axis=1)
    assert np.flatnonzero(counted).tolist() == [*range(5, 15)]
    assert stock.defaults[0, 14, Bucket.DPD_31_60] == 1
    stock.count_defaults(19, rows(0), rows(0))
    assert np.flatnonzero(stock.defaults[0].sum(axis=1) - counted).tolist() == [*range(7, 19)]


def test_lost_price_counts_in_every_picture_between_posting_and_write_off() -> None:
    fates = Fates(1, 6, 2)
    history = np.full((6, 2), Bucket.CURRENT, dtype=np.int8)
    history[2:, 1] = Bucket.DPD_1_30
    history[4:, 1] = Bucket.WRITTEN_OFF
    fates.add("written_off", history, 4, rows(1), rows(1), rows(700))
    fates.add("recovered", history, 6, rows(1), rows(1), rows(70))
    for kind, yen in (("written_off", 700), ("recovered", 70)):
        assert fates.yen[kind][0, :, Bucket.CURRENT].tolist() == [0, yen, 0, 0, 0, 0]
        assert fates.yen[kind][0, :, Bucket.DPD_1_30].tolist() == [0, 0, yen, yen, 0, 0]
    assert fates.yen["recovered"].sum() == 210
