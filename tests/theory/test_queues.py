"""Desks against queueing theory: Erlang, Cobham, M/M/c/K, Pollaczek-Khinchine and Little.

Each mean is estimated from the batches of one long run with a fixed seed and must lie within its
own interval at the level `LEVEL`, which in turn must be narrow. Where an exact mean of something
driven by the same random numbers is known, it serves as a control variate: for M/M/c the wait at
one person who works c times as fast, which Lindley's recursion gives without a simulator. It
narrows the interval up to sixteen times, so that short runs are tests with teeth.
"""

import datetime as dt
from collections.abc import Generator
from dataclasses import dataclass
from heapq import heapreplace
from itertools import accumulate
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import simpy
from closed_forms import (
    erlang_b,
    erlang_c,
    finite_room,
    mean_priority_waits,
    mean_wait,
    p_wait_longer,
    pollaczek_khinchine,
)
from scipy import stats

from models.calendar import Calendar
from models.policy.hours import Hours
from models.policy.staffing import ServiceTime, StaffChange, Team, service_days
from sim.engine.clock import Clock
from sim.engine.desks.desk import Desk
from sim.engine.desks.opening_hours import OpeningHours
from sim.engine.desks.roster import Roster
from sim.engine.desks.work import Work
from sim.rng import Randomness, Stream

LEVEL = 0.999
N_BATCHES = 50
HOURS = 24  # the desk's clock counts days, the rates here are per hour
TEN_MINUTES = 1 / 6

Vector = npt.NDArray[np.float64]
Control = tuple[Vector, float]
"""A series along the arrivals and its exact mean."""


@dataclass
class Run:
    """What one run of a desk gave, by arrival; times in hours, waits nan where refused."""

    desk: Desk
    gaps: Vector
    services: Vector
    waits: Vector
    is_refused: npt.NDArray[np.bool_]


def simulate(
    gaps: Vector,
    services: Vector,
    n_staff: int,
    *,
    priorities: npt.NDArray[np.int64] | None = None,
    capacity: int | None = None,
    ageing_days: float = 0.0,
) -> Run:
    """Drive a desk that never closes until all is served, and check Little's law on it."""
    n = len(gaps)
    waits, is_refused = np.full(n, np.nan), np.zeros(n, dtype=np.bool_)

    def note(work: Work) -> None:
        waits[work.member] = (work.started_at - work.queued_at) * HOURS

    def arrive() -> Generator[simpy.Event, Any, None]:
        classes = [0] * n if priorities is None else priorities.tolist()
        delays, durations = (gaps / HOURS).tolist(), (services / HOURS).tolist()
        for member, priority in enumerate(classes):
            yield env.timeout(delays[member])
            work = desk.submit(member, priority, durations[member])
            is_refused[member] = work.is_refused

    env = Clock()
    hours = OpeningHours(0, 1_440)
    people = Roster.alike(n_staff, hours)
    desk = Desk(
        env,
        "calls",
        people,
        month_of=[0],
        capacity=capacity,
        on_end=note,
        ageing_days=ageing_days,
    )
    env.process(arrive())
    env.run()
    assert desk.check_littles_law() == 0
    # and by a second route: the waits written down here, each rounded to a second
    waited_seconds = np.nansum(waits) * 3_600
    assert desk.statistics.queue_integral(env.now) == pytest.approx(waited_seconds, abs=n)
    return Run(desk, gaps, services, waits, is_refused)


def memoryless(
    n: int, arrival_rate: float, service_rate: float, seed: int
) -> tuple[Vector, Vector]:
    """Return exponential gaps and services."""
    generator = np.random.default_rng(seed)
    return generator.exponential(1 / arrival_rate, n), generator.exponential(1 / service_rate, n)


def lindley_waits(gaps: Vector, services: Vector) -> Vector:
    """Return the waits at one person, W_{n+1} = max(0, W_n + S_n - A_{n+1})."""
    walk = np.concatenate([[0.0], np.cumsum(services[:-1] - gaps[1:])])
    return walk - np.minimum(np.minimum.accumulate(walk), 0)


def fast_person(run: Run, arrival_rate: float, service_rate: float) -> Control:
    """Return the waits of M/M/1 with the whole desk's speed, on the numbers of the run."""
    n_staff = run.desk.n_staff
    waits = lindley_waits(run.gaps, run.services / n_staff)
    return waits, mean_wait(arrival_rate, n_staff * service_rate, 1)


def endless_staff(run: Run, load: float) -> Control:
    """Return how many of those in service an arrival finds too many, were there no queue.

    In M/M/infinity an arrival finds a Poisson number in service; those from c - 1 up are counted.
    """
    arrivals = np.cumsum(run.gaps)
    gone = np.searchsorted(np.sort(arrivals + run.services), arrivals)
    limit = run.desk.n_staff - 1
    found = np.arange(10 * run.desk.n_staff)
    excess = float(np.maximum(found - limit, 0) @ stats.poisson.pmf(found, load))
    return np.maximum(np.arange(len(arrivals)) - gone - limit, 0).astype(np.float64), excess


def batch_means(values: Vector) -> Vector:
    """Return the means of the batches, nan left out, after a warm-up of a fiftieth."""
    kept = values[len(values) // 50 :]
    kept = kept[: len(kept) // N_BATCHES * N_BATCHES]
    means: Vector = np.nanmean(kept.reshape(N_BATCHES, -1), axis=1)
    return means


def estimate(values: Vector, controls: list[Control]) -> tuple[float, float]:
    """Return mean and half-width at `LEVEL` by regression of batch means on the controls."""
    y = batch_means(values)
    design = [np.ones(N_BATCHES)] + [batch_means(series) - mean for series, mean in controls]
    x = np.column_stack(design)
    coefficients = np.linalg.lstsq(x, y)[0]
    residuals = y - x @ coefficients
    degrees = N_BATCHES - len(design)
    variance = residuals @ residuals / degrees * np.linalg.inv(x.T @ x)[0, 0]
    quantile = stats.t.ppf((1 + LEVEL) / 2, degrees)
    return float(coefficients[0]), float(quantile * np.sqrt(variance))


def assert_agrees(
    values: Vector, expected: float, controls: list[Control], precision: float = 0.05
) -> None:
    """Hold the interval of a mean against the expected value, and against being too wide."""
    mean, half_width = estimate(values, controls)
    assert half_width < precision * expected
    assert mean == pytest.approx(expected, rel=0, abs=half_width)


@pytest.mark.parametrize(
    ("computed", "printed"),
    [
        (erlang_c(6.4 / 2, 4), "0.596432"),
        (60 * mean_wait(6.4, 2, 4), "22.3662"),
        (erlang_c(60 / 4, 20), "0.160429"),
        (60 * mean_wait(60, 4, 20), "0.481288"),
        (erlang_b(9 / 2, 5), "0.243021"),
        (erlang_c(9 / 2, 5), "0.762493"),
        (60 * mean_wait(9, 2, 5), "45.7496"),
        (p_wait_longer(9, 2, 5, TEN_MINUTES), "0.645437"),
        (60 * mean_priority_waits([1.4, 2, 3], 2, 4)[0], "5.42211"),
        (60 * mean_priority_waits([1.4, 2, 3], 2, 4)[1], "9.42976"),
        (60 * mean_priority_waits([1.4, 2, 3], 2, 4)[2], "38.8978"),
        (finite_room(9, 2, 5, 15)[0], "0.034949"),
        (60 * finite_room(9, 2, 5, 15)[1], "18.86"),
        (pollaczek_khinchine(1.5, 0.5, 0.25), "0.9375"),
    ],
)
def test_a_closed_form_gives_the_printed_number(computed: float, printed: str) -> None:
    n_decimals = len(printed.partition(".")[2])
    assert f"{computed:.{n_decimals}f}" == printed


def test_starts_are_those_of_the_kiefer_wolfowitz_recursion_to_the_last_bit() -> None:
    generator = np.random.default_rng(7)
    gaps, services = generator.exponential(1 / 9, 5_000), generator.exponential(1 / 2, 5_000)
    free = [0.0] * 5
    expected = []
    arrivals = accumulate((gaps / HOURS).tolist())
    for arrival, duration in zip(arrivals, (services / HOURS).tolist(), strict=True):
        start = max(arrival, free[0])
        heapreplace(free, start + duration)
        expected.append((start - arrival) * HOURS)
    assert simulate(gaps, services, 5).waits.tolist() == expected


@pytest.mark.parametrize(
    ("n", "arrival_rate", "service_rate", "n_staff", "precision"),
    [
        (50_000, 6.4, 2, 4, 0.05),
        (400_000, 60, 4, 20, 0.08),
        (60_000, 9, 2, 5, 0.05),
        (25_000, 0.6, 1, 1, 0.05),
        (80_000, 30, 5, 8, 0.05),
    ],
)
def test_waits_agree_with_erlang_c(
    n: int, arrival_rate: float, service_rate: float, n_staff: int, precision: float
) -> None:
    run = simulate(*memoryless(n, arrival_rate, service_rate, seed=1), n_staff)
    load = arrival_rate / service_rate
    controls = [fast_person(run, arrival_rate, service_rate), endless_staff(run, load)]
    expected = mean_wait(arrival_rate, service_rate, n_staff)
    assert_agrees(run.waits, expected, controls, precision)
    assert_agrees((run.waits > 0).astype(np.float64), erlang_c(load, n_staff), controls)
    if n_staff == 5:
        is_longer = (run.waits > TEN_MINUTES).astype(np.float64)
        assert_agrees(is_longer, p_wait_longer(9, 2, 5, TEN_MINUTES), controls)


@pytest.mark.parametrize(
    ("n", "rates", "service_rate", "n_staff"),
    [
        (100_000, [1.4, 2, 3], 2, 4),
        (40_000, [0.7, 0.5], 2, 1),
        (200_000, [2, 3, 2, 1], 3, 4),
    ],
)
def test_waits_by_class_agree_with_non_preemptive_priorities(
    n: int, rates: list[float], service_rate: float, n_staff: int
) -> None:
    classes = np.random.default_rng(2).choice(len(rates), n, p=np.array(rates) / sum(rates))
    numbers = memoryless(n, sum(rates), service_rate, seed=3)
    run = simulate(*numbers, n_staff, priorities=classes)
    controls = [fast_person(run, sum(rates), service_rate)]
    for k, expected in enumerate(mean_priority_waits(rates, service_rate, n_staff)):
        waits = np.where(classes == k, run.waits, np.nan)
        assert_agrees(waits, expected, controls, precision=0.08)


def test_ageing_moves_waits_between_classes_and_keeps_their_mean() -> None:
    """Kleinrock's conservation law: with equal service times the mean wait is that of one class."""
    rates = [1.4, 2, 3]
    n = 60_000
    classes = np.random.default_rng(2).choice(3, n, p=np.array(rates) / sum(rates))
    numbers = memoryless(n, sum(rates), 2, seed=3)
    strict, aged, in_turn = (
        simulate(*numbers, 4, priorities=classes, ageing_days=days) for days in (0.0, 0.02, 1e-9)
    )
    controls = [fast_person(aged, 6.4, 2)]
    assert_agrees(aged.waits, mean_wait(6.4, 2, 4), controls, precision=0.1)
    for k, is_shorter in ((0, False), (2, True)):
        means = [run.waits[classes == k].mean() for run in (strict, aged, in_turn)]
        assert means == sorted(means, reverse=is_shorter)
        assert means[0] != pytest.approx(means[1], rel=0.05)


@pytest.mark.parametrize(
    ("n", "arrival_rate", "service_rate", "n_staff", "capacity", "precision"),
    [
        (250_000, 9, 2, 5, 15, 0.08),
        (50_000, 6, 2, 3, 6, 0.05),
        (25_000, 1, 1, 1, 4, 0.05),
    ],
)
def test_blocking_and_waits_agree_with_a_finite_room(
    n: int,
    arrival_rate: float,
    service_rate: float,
    n_staff: int,
    capacity: int,
    precision: float,
) -> None:
    numbers = memoryless(n, arrival_rate, service_rate, seed=4)
    run = simulate(*numbers, n_staff, capacity=capacity)
    controls = [(run.gaps, 1 / arrival_rate), (run.services, 1 / service_rate)]
    blocking, wait = finite_room(arrival_rate, service_rate, n_staff, capacity)
    assert_agrees(run.is_refused.astype(np.float64), blocking, controls, precision)
    assert_agrees(run.waits, wait, controls)


def test_blocking_without_room_to_wait_agrees_with_erlang_b() -> None:
    run = simulate(*memoryless(100_000, 9, 2, seed=5), 5, capacity=5)
    controls = [(run.gaps, 1 / 9), (run.services, 1 / 2)]
    assert_agrees(run.is_refused.astype(np.float64), erlang_b(9 / 2, 5), controls)
    assert np.nanmax(run.waits) == 0


def test_waits_for_one_person_agree_with_pollaczek_khinchine() -> None:
    generator = np.random.default_rng(6)
    n = 300_000
    gaps, services = generator.exponential(1 / 1.5, n), generator.gamma(4, 0.5 / 4, n)
    run = simulate(gaps, services, 1)
    assert run.waits == pytest.approx(lindley_waits(gaps, services), abs=1e-6)
    controls = [(gaps, 1 / 1.5), (services, 0.5)]
    assert_agrees(run.waits, pollaczek_khinchine(1.5, 0.5, 0.25), controls)


@pytest.mark.parametrize(
    ("arrival_rate", "mean_minutes", "time"),
    [
        (1.5, 30, ServiceTime(distribution="deterministic")),
        (3.0, 12, ServiceTime(distribution="deterministic")),
        (1.2, 30, ServiceTime(distribution="lognormal", variation=0.6)),
        (4.0, 9, ServiceTime(distribution="lognormal", variation=1.2)),
        (1.4, 30, ServiceTime(distribution="gamma", variation=0.5)),
        (0.5, 60, ServiceTime(distribution="gamma", variation=1.5)),
        (1.2, 30, ServiceTime()),
    ],
    ids=lambda value: value.distribution if isinstance(value, ServiceTime) else None,
)
def test_configured_service_times_agree_with_pollaczek_khinchine(
    arrival_rate: float, mean_minutes: float, time: ServiceTime
) -> None:
    generator = np.random.default_rng(8)
    n, mean = 80_000, mean_minutes / 60
    gaps = generator.exponential(1 / arrival_rate, n)
    uniforms = generator.uniform(size=n).tolist()
    services = np.array(service_days(time, uniforms, mean_minutes)) * HOURS
    run = simulate(gaps, services, 1)
    controls = [(gaps, 1 / arrival_rate)]
    is_fixed = time.distribution == "deterministic"
    if not is_fixed:
        controls.append((services, mean))
    squared_variation = 0.0 if is_fixed else time.variation**2
    expected = pollaczek_khinchine(arrival_rate, mean, squared_variation)
    assert_agrees(run.waits, expected, controls, precision=0.2)


def test_capacity_is_what_absence_illness_and_hiring_leave() -> None:
    """Each person-day is a draw, so the share present has a binomial-like interval at `LEVEL`."""
    calendar = Calendar.of(dt.date(2026, 1, 1), 24)
    rng, hours = Randomness(11), Hours(opens="09:00", closes="17:00", business_days_only=False)
    team = Team(
        absent_share=0.2,
        falls_ill_share=0.3,
        changes=(StaffChange(on=dt.date(2027, 1, 1), staff=30),),
    )
    roster = Roster.of(
        team, 10, hours, calendar, lambda person, days: rng.uniforms(Stream.DUTY, 0, person, days)
    )
    n_person_days = 365 * (10 + 30)
    duty = int(roster.duty_seconds(calendar.n_days).sum())
    assert duty == n_person_days * 8 * 3_600
    lost = int(roster.absent_seconds(calendar.n_days).sum()) / duty
    # a day is lost whole with .2; otherwise with .3 the part after a uniform instant
    mean, square = 0.2 + 0.8 * 0.3 / 2, 0.2 + 0.8 * 0.3 / 3
    half_width = stats.norm.ppf((1 + LEVEL) / 2) * np.sqrt((square - mean**2) / n_person_days)
    assert half_width < 0.05 * mean
    assert lost == pytest.approx(mean, rel=0, abs=half_width)
