"""Desks as small stories: who serves what, when, in every state of a piece of work."""

import math
from collections.abc import Callable, Generator, Sequence, Set
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import simpy
from hypothesis import given, settings
from hypothesis import strategies as st
from simpy.events import NORMAL

from models.errors import InputError
from sim.engine.clock import Clock
from sim.engine.desks.desk import Desk
from sim.engine.desks.opening_hours import OpeningHours
from sim.engine.desks.roster import Roster
from sim.engine.desks.work import NEVER, NOBODY, Work

HOUR = 1 / 24
ALWAYS = OpeningHours(0, 1_440)
OFFICE = OpeningHours(540, 1_080)
THREE_MONTHS = tuple(day // 30 for day in range(90))

Log = list[tuple[Any, ...]]


@pytest.fixture
def env() -> Clock:
    return Clock()


@pytest.fixture
def log() -> Log:
    return []


def desk_of(
    env: Clock,
    n_staff: int,
    log: Log | None = None,
    hours: OpeningHours = ALWAYS,
    month_of: npt.ArrayLike = THREE_MONTHS,
    capacity: int | None = None,
) -> Desk:
    """Return a desk that logs (member, person, start, end) of each service."""

    def note(work: Work) -> None:
        if log is not None and work.finished_at != NEVER:
            log.append((work.member, work.staff, work.started_at, work.finished_at))

    people = Roster.alike(n_staff, hours)
    return Desk(env, "callers", people, month_of=month_of, capacity=capacity, on_end=note)


def end_of(env: Clock, desk: Desk, work: Work) -> simpy.Event:
    """Return an event that happens when a piece of work is over, or now if it is refused."""
    event, before = env.event(), desk.on_end

    def hear(one: Work) -> None:
        before(one)
        if one is work:
            event.succeed(work)

    desk.on_end = hear
    return event.succeed(work) if work.is_refused else event


def at(env: Clock, time: float, act: Callable[[], object]) -> None:
    """Let a process act at an instant."""

    def process() -> Generator[simpy.Event, Any, None]:
        yield env.timeout(time)
        act()

    env.process(process())


def test_one_person_serves_one_after_the_other(env: Clock, log: Log) -> None:
    desk = desk_of(env, 1, log)
    for member in (1, 2, 3):
        desk.submit(member, priority=0, duration=0.25)
    env.run()
    assert log == [(1, 0, 0.0, 0.25), (2, 0, 0.25, 0.5), (3, 0, 0.5, 0.75)]


def test_idle_people_are_taken_in_number_order(env: Clock, log: Log) -> None:
    desk = desk_of(env, 3, log)
    for member, duration in ((1, 0.5), (2, 0.375), (3, 0.25)):
        desk.submit(member, 0, duration)
    at(env, 1.0, lambda: [desk.submit(member, 0, 0.25) for member in (4, 5)])
    env.run()
    assert log == [
        (3, 2, 0.0, 0.25),
        (2, 1, 0.0, 0.375),
        (1, 0, 0.0, 0.5),
        (4, 0, 1.0, 1.25),
        (5, 1, 1.0, 1.25),
    ]


def test_priority_goes_before_time_before_member_before_order(env: Clock) -> None:
    desk = desk_of(env, 1)
    works: list[Work] = []
    at(env, 0.0, lambda: works.append(desk.submit(9, 5, 1.0)))  # keeps the person busy
    later = [(1, 2, 0), (8, 1, 0), (4, 1, 1), (4, 1, 0), (5, 0, 0)]
    at(env, 0.5, lambda: works.append(desk.submit(7, 1, 1.0)))
    at(env, 0.75, lambda: works.extend(desk.submit(m, p, 1.0, order=o) for m, p, o in later))
    env.run()
    works.sort(key=lambda work: work.started_at)
    assert [(work.priority, work.queued_at, work.member, work.order) for work in works] == [
        (5, 0.0, 9, 0),
        (0, 0.75, 5, 0),
        (1, 0.5, 7, 0),
        (1, 0.75, 4, 0),
        (1, 0.75, 4, 1),
        (1, 0.75, 8, 0),
        (2, 0.75, 1, 0),
    ]


def test_a_service_under_way_is_never_interrupted(env: Clock, log: Log) -> None:
    desk = desk_of(env, 1, log)
    desk.submit(1, priority=9, duration=1.0)
    at(env, 0.5, lambda: desk.submit(2, priority=0, duration=1.0))
    env.run()
    assert log == [(1, 0, 0.0, 1.0), (2, 0, 1.0, 2.0)]


def test_a_case_waits_for_its_work_and_submits_the_next_attempt(env: Clock, log: Log) -> None:
    desk = desk_of(env, 1, log)

    def case() -> Generator[simpy.Event, Any, None]:
        for attempt in (0, 1):
            work = yield end_of(env, desk, desk.submit(1, 0, 0.25, order=attempt))
            log.append(("case", env.now, work.order))

    env.process(case())
    env.run()
    assert log == [
        (1, 0, 0.0, 0.25),
        ("case", 0.25, 0),
        (1, 0, 0.25, 0.5),
        ("case", 0.5, 1),
    ]


def test_what_a_case_submits_when_served_is_queued_before_the_person_looks_again(
    env: Clock, log: Log
) -> None:
    desk = desk_of(env, 1, log)

    def case() -> Generator[simpy.Event, Any, None]:
        yield end_of(env, desk, desk.submit(1, 5, 0.25))
        yield env.timeout(0)
        yield env.timeout(0)
        desk.submit(1, 0, 0.25)

    env.process(case())
    at(env, 0.125, lambda: desk.submit(2, 5, 0.25))
    env.run()
    assert log == [(1, 0, 0.0, 0.25), (1, 0, 0.25, 0.5), (2, 0, 0.5, 0.75)]


def test_a_service_that_ends_at_midnight_is_known_to_the_posting_of_that_midnight(
    env: Clock, log: Log
) -> None:
    desk = desk_of(env, 1, log)
    at(env, 1.0, lambda: log.append(("posting", env.now)))  # scheduled long before the service
    at(env, 0.5, lambda: desk.submit(1, 0, 0.5))
    env.run()
    assert log == [(1, 0, 0.5, 1.0), ("posting", 1.0)]


def test_work_of_the_night_waits_for_the_opening(env: Clock, log: Log) -> None:
    desk = desk_of(env, 1, log, OFFICE)
    desk.submit(2, 1, 0.125)
    desk.submit(1, 1, 0.125)
    at(env, 0.375, lambda: desk.submit(3, 0, 0.125))  # at the very opening, and more urgent
    env.run()
    assert log == [(3, 0, 0.375, 0.5), (1, 0, 0.5, 0.625), (2, 0, 0.625, 0.75)]


def test_people_finish_after_closing_but_take_nothing_more(env: Clock, log: Log) -> None:
    desk = desk_of(env, 1, log, OFFICE)
    at(env, 0.7, lambda: [desk.submit(member, 0, 0.25) for member in (1, 2)])
    at(env, 0.75, lambda: desk.submit(3, 0, 0.25))
    env.run()
    assert log == [(1, 0, 0.7, 0.95), (2, 0, 1.375, 1.625), (3, 0, 1.625, 1.875)]


def test_holidays_stop_the_desk(env: Clock, log: Log) -> None:
    hours = OpeningHours(540, 1_080, np.array([True, False, False, True]))
    desk = desk_of(env, 2, log, hours)
    at(env, 1.0, lambda: [desk.submit(member, 0, 0.125) for member in (1, 2, 3)])
    env.run()
    assert log == [(1, 0, 3.375, 3.5), (2, 1, 3.375, 3.5), (3, 0, 3.5, 3.625)]


def test_after_the_last_open_day_nothing_is_taken_and_nothing_is_scheduled(
    env: Clock, log: Log
) -> None:
    desk = desk_of(env, 1, log, OpeningHours(540, 1_080, np.array([True])))
    at(env, 0.625, lambda: [desk.submit(member, 0, 0.25) for member in (1, 2)])
    env.run()
    assert env.now == 0.875
    assert log == [(1, 0, 0.625, 0.875)]
    assert desk.n_waiting == 1


def test_a_desk_around_the_clock_works_over_midnight(env: Clock, log: Log) -> None:
    desk = desk_of(env, 1, log)
    at(env, 0.75, lambda: [desk.submit(member, 0, 0.125) for member in (1, 2, 3)])
    env.run()
    assert log == [(1, 0, 0.75, 0.875), (2, 0, 0.875, 1.0), (3, 0, 1.0, 1.125)]


def test_an_opening_that_the_clock_misses_by_one_rounding_is_still_met() -> None:
    opening = 600 / 1_440
    starts = set()
    for step in range(1, 1_000):
        env = Clock(initial_time=step / 66_703)
        work = desk_of(env, 1, hours=OpeningHours(600, 1_080)).submit(1, 0, HOUR)
        env.run()
        starts.add(work.started_at)
    assert starts <= {opening, math.nextafter(opening, 1)}


def test_without_staff_nothing_is_served_and_nothing_is_scheduled(env: Clock) -> None:
    desk = desk_of(env, 0)
    work = desk.submit(1, 0, HOUR)
    over = end_of(env, desk, work)
    assert env.peek() == math.inf
    env.run(until=50.0)
    assert (work.started_at, work.finished_at, work.staff) == (NEVER, NEVER, NOBODY)
    assert not over.triggered
    desk.withdraw(work)
    assert desk.statistics.moot_wait_seconds == [0, 50 * 86_400, 0]
    assert desk.statistics.capacity_seconds == [0, 0, 0]


def test_an_idle_desk_schedules_nothing_for_opening_and_closing(env: Clock) -> None:
    desk = desk_of(env, 2, hours=OFFICE)
    assert env.peek() == math.inf
    desk.submit(1, 0, HOUR)
    env.run()
    assert env.now == 0.375 + HOUR


def test_services_cost_no_events(env: Clock, log: Log) -> None:
    desk = desk_of(env, 1, log)
    for member in range(100):
        desk.submit(member, 0, HOUR)
    env.timeout(100)
    env.step()  # the only event; all calls before it are made on the way
    assert len(log) == 100
    assert env.peek() == math.inf


def test_work_withdrawn_while_it_waits_is_never_served(env: Clock, log: Log) -> None:
    desk = desk_of(env, 1, log)
    works = [desk.submit(member, 0, 0.5) for member in (1, 2, 3)]
    is_over: list[bool] = []
    at(env, 0.25, lambda: is_over.extend(desk.withdraw(work) for work in works[:2]))
    env.run()
    assert is_over == [False, True]
    assert (works[1].is_moot, works[1].started_at, works[1].finished_at) == (True, NEVER, NEVER)
    assert log == [(1, 0, 0.0, 0.5), (3, 0, 0.5, 1.0)]
    assert desk.statistics.moot == [1, 0, 0]


def test_work_withdrawn_in_the_instant_of_its_submission_is_never_served(
    env: Clock, log: Log
) -> None:
    desk = desk_of(env, 1, log)
    desk.submit(1, 0, 0.25)
    desk.withdraw(desk.submit(2, 0, 0.5))
    desk.submit(2, 0, 0.25)  # the same key again is no tie
    env.run()
    assert log == [(1, 0, 0.0, 0.25), (2, 0, 0.25, 0.5)]


def test_announced_work_arrives_by_itself_unless_it_is_withdrawn(env: Clock, log: Log) -> None:
    desk = desk_of(env, 1, log, capacity=2)
    works = [Work(member, 0, 0.25) for member in range(5)]
    for work, instant in zip(works, (0.5, 0.5, 0.5, 0.25, 2.0), strict=True):
        desk.announce(work, instant)
    assert (desk.n_waiting, works[0].queued_at) == (0, NEVER)
    at(env, 0.125, lambda: desk.withdraw(works[3]))
    at(env, 0.5, lambda: desk.withdraw(works[1]))
    env.run()
    assert log == [(0, 0, 0.5, 0.75), (4, 0, 2.0, 2.25)]
    assert [work.queued_at for work in works] == [0.5, 0.5, 0.5, NEVER, 2.0]
    assert [work.is_refused for work in works] == [False, False, True, False, False]
    assert (desk.statistics.arrivals, desk.statistics.moot) == ([4, 0, 0], [1, 0, 0])
    assert desk.check_littles_law() == 0


def test_announced_work_that_nobody_can_do_is_refused_at_once(env: Clock) -> None:
    desk = desk_of(env, 1)
    with pytest.raises(ValueError, match="duration of work for member 3 must be a finite number"):
        desk.announce(Work(3, 0, math.inf), 0.5)
    with pytest.raises(ValueError, match="nobody has the skill 'senior'"):
        desk.announce(Work(3, 0, 0.5, skill="senior"), 0.5)
    env.run()
    assert desk.statistics.arrivals == [0, 0, 0]


def test_desks_catch_up_before_whoever_acts_later(env: Clock) -> None:
    desk, other = desk_of(env, 1), desk_of(env, 1)
    works = [desk.submit(1, 0, 0.25), desk.submit(2, 0, 0.25), other.submit(3, 0, 0.375)]
    seen: list[list[float]] = []
    env.before_events(lambda: seen.append([env.now, *(work.finished_at for work in works)]))
    at(env, 0.25, lambda: seen.append([work.started_at for work in works]))
    env.call_at(0.375, NORMAL, lambda _: seen.append([work.started_at for work in works]))
    env.run(until=1.0)
    assert seen == [
        [0.0, NEVER, NEVER, NEVER],
        [0.25, 0.25, NEVER, NEVER],
        [0.0, NEVER, 0.0],  # the second is begun after all that is done at its instant
        [0.0, 0.25, 0.0],
        [1.0, 0.25, 0.5, 0.375],
    ]


def test_work_withdrawn_in_service_is_finished_and_reported_moot(env: Clock, log: Log) -> None:
    desk = desk_of(env, 1, log)
    works = [desk.submit(member, 0, 0.5) for member in (1, 2)]

    def case() -> Generator[simpy.Event, Any, None]:
        work = yield end_of(env, desk, works[0])
        log.append(("case", env.now, work.is_moot, work.finished_at))

    env.process(case())
    at(env, 0.25, lambda: desk.withdraw(works[0]))
    env.run()
    assert log == [(1, 0, 0.0, 0.5), ("case", 0.5, True, 0.5), (2, 0, 0.5, 1.0)]
    assert (desk.statistics.served, desk.statistics.moot) == ([2, 0, 0], [0, 0, 0])


def test_withdrawing_finished_moot_or_refused_work_changes_nothing(
    env: Clock,
) -> None:
    desk = desk_of(env, 1, capacity=2)
    finished, moot, refused = (desk.submit(member, 0, 0.5) for member in (1, 2, 3))
    desk.withdraw(moot)
    for _ in range(2):
        for work in (moot, refused):
            desk.withdraw(work)
    at(env, 0.5, lambda: desk.withdraw(finished))  # the service ends first in that instant
    env.run()
    assert (finished.is_moot, moot.is_moot, refused.is_moot) == (False, True, False)
    statistics = desk.statistics
    assert (statistics.arrivals, statistics.served, statistics.moot, statistics.refused) == (
        [3, 0, 0],
        [1, 0, 0],
        [1, 0, 0],
        [1, 0, 0],
    )


@pytest.mark.parametrize(
    ("priorities", "counts"),
    [
        ((0, 1, 10, 2, 3, 11), [(5, 1), (4, 2), (3, 3)]),
        ((0, 1, 10, 2, 3, 11, 12), [(6, 1), (5, 2), (4, 3), (3, 0)]),
    ],
)
def test_moot_work_stays_queued_until_it_is_more_than_half_of_the_heap(
    env: Clock, log: Log, priorities: list[int], counts: list[tuple[int, int]]
) -> None:
    desk = desk_of(env, 1, log)
    works = {priority: desk.submit(priority, priority, 0.25) for priority in priorities}
    observed = []
    for priority in (0, 1, 11, 12)[: len(counts)]:
        desk.withdraw(works[priority])
        observed.append((desk.n_waiting, desk.n_moot_queued))
    assert observed == counts
    env.run()
    assert log == [(2, 0, 0.0, 0.25), (3, 0, 0.25, 0.5), (10, 0, 0.5, 0.75)]


def test_a_full_desk_refuses_at_once_until_a_service_ends(env: Clock, log: Log) -> None:
    desk = desk_of(env, 1, log, capacity=2)

    def case(member: int) -> Generator[simpy.Event, Any, None]:
        work = yield end_of(env, desk, desk.submit(member, 0, 0.5))
        log.append(("case", member, env.now, work.is_refused))

    for member in (1, 2, 3):
        env.process(case(member))
    at(env, 0.25, lambda: env.process(case(4)))
    at(env, 0.5, lambda: env.process(case(5)))  # one place is free since this instant
    env.run()
    assert log == [
        ("case", 3, 0.0, True),
        ("case", 4, 0.25, True),
        (1, 0, 0.0, 0.5),
        ("case", 1, 0.5, False),
        (2, 0, 0.5, 1.0),
        ("case", 2, 1.0, False),
        (5, 0, 1.0, 1.5),
        ("case", 5, 1.5, False),
    ]
    assert desk.statistics.refused == [2, 0, 0]


def test_two_live_pieces_of_work_with_one_key_are_an_error(env: Clock) -> None:
    desk = desk_of(env, 1)
    desk.submit(4, 0, HOUR)
    with pytest.raises(ValueError, match=r"member 4 tie .* submit them with different orders"):
        desk.submit(4, 0, 2 * HOUR)


@pytest.mark.parametrize("duration", [-HOUR, math.inf, math.nan])
def test_a_duration_that_is_no_time_is_refused(env: Clock, duration: float) -> None:
    with pytest.raises(ValueError, match=r"desk callers: the duration of work for member 1 must"):
        desk_of(env, 1).submit(1, 0, duration)


def test_no_time_at_all_is_a_duration(env: Clock, log: Log) -> None:
    desk = desk_of(env, 1, log)
    for member in (1, 2):
        desk.submit(member, 0, 0.0)
    env.run()
    assert log == [(1, 0, 0.0, 0.0), (2, 0, 0.0, 0.0)]


@pytest.mark.parametrize("name", ["n_staff", "capacity"])
def test_negative_numbers_of_people_and_places_are_refused(env: Clock, name: str) -> None:
    with pytest.raises(InputError, match=rf"{name} must be 0 or more.* got -1"):
        desk_of(env, -1) if name == "n_staff" else desk_of(env, 1, capacity=-1)


@pytest.mark.parametrize("month_of", [[], [[0, 1]], [1, 0], [-1, 0]])
def test_months_that_do_not_go_forward_are_refused(env: Clock, month_of: list[Any]) -> None:
    with pytest.raises(ValueError, match=r"month_of must give each day its month"):
        desk_of(env, 1, month_of=month_of)


def test_each_count_is_in_the_month_where_it_happened(env: Clock) -> None:
    desk = desk_of(env, 1, hours=OFFICE)  # months end at days 30, 60 and 90
    works: list[Work] = []
    at(env, 29.5, lambda: works.extend(desk.submit(member, 0, 0.5) for member in (1, 2, 3)))
    at(env, 60.0, lambda: desk.submit(4, 0, HOUR))
    at(env, 29.75, lambda: desk.withdraw(works[2]))
    at(env, 89.5, lambda: desk.submit(5, 0, 2.0))  # outlasts the horizon
    at(env, 95.5, lambda: desk.submit(6, 0, 1.0))  # after it
    env.run()
    statistics = desk.statistics
    assert statistics.arrivals == [3, 0, 3]
    assert statistics.served == [1, 1, 3]
    assert statistics.moot == [1, 0, 0]
    assert statistics.wait_seconds == [0, 75_600, 32_400]
    assert statistics.moot_wait_seconds == [21_600, 0, 0]
    assert statistics.service_seconds == [43_200, 43_200, 3_600 + 43_200]
    assert statistics.capacity_seconds == [30 * 32_400] * 3
    assert [sum(buckets) for buckets in statistics.wait_histogram] == statistics.served


def test_service_seconds_are_split_over_every_month_they_touch(env: Clock) -> None:
    desk = desk_of(env, 1, month_of=[0, 0, 1, 3, 3])  # month 2 has no day
    desk.submit(1, 0, 3.5)
    env.run()
    assert desk.statistics.service_seconds == [2 * 86_400, 86_400, 0, 43_200]


def test_times_are_rounded_to_the_nearest_second(env: Clock) -> None:
    desk = desk_of(env, 1)
    desk.submit(1, 0, 1.6 / 86_400)
    desk.submit(2, 0, 2.8 / 86_400)  # from second 1.6 to 4.4
    env.run()
    assert desk.statistics.wait_seconds[0] == 2
    assert desk.statistics.service_seconds[0] == 2 + (4 - 2)


def test_waits_fall_in_half_open_buckets() -> None:
    histogram = np.zeros(9, dtype=np.int64)
    for minutes in (0.9, 1, 5, 15, 60, 240, 1_440, 3 * 1_440, 7 * 1_440, 8 * 1_440):
        env = Clock()
        desk = desk_of(env, 1)
        desk.submit(1, 0, minutes / 1_440)
        desk.submit(2, 1, 0.0)  # waits as long as the first lasts
        env.run()
        histogram += np.sum(desk.statistics.wait_histogram, axis=0)
    assert histogram.tolist() == [10 + 1, 1, 1, 1, 1, 1, 1, 1, 2]


def test_the_backlog_of_each_midnight_counts_waiting_work_that_is_not_moot(
    env: Clock,
) -> None:
    desk = desk_of(env, 1)
    works = [desk.submit(member, 0, 1.5) for member in range(5)]
    desk.withdraw(works[4])
    for day in (1, 2, 4):
        at(env, float(day), lambda day=day: desk.statistics.record_backlog(day))  # type: ignore[misc]
    env.run()
    assert desk.statistics.backlog_by_day == [0, 3, 2, 0, 1]


def test_littles_law_holds_while_work_waits_and_notices_a_lost_second(
    env: Clock,
) -> None:
    desk = desk_of(env, 1)
    works = [desk.submit(member, 0, 0.3) for member in range(5)]
    at(env, 0.7, lambda: desk.withdraw(works[4]))
    env.run(until=0.8)
    assert desk.n_waiting == 1
    assert desk.check_littles_law() == 0
    desk.statistics.wait_seconds[0] -= 1
    assert desk.check_littles_law() == 1


Piece = tuple[float, int, int, int]
"""Instant, priority, member and order of a submission."""

pieces_of_work = st.lists(
    st.tuples(
        st.sampled_from([0.0, 0.25, 0.375, 0.5, 1.75]),
        st.integers(0, 2),
        st.integers(0, 5),
        st.integers(0, 2),
    ),
    unique=True,
    max_size=25,
)


def record_of(pieces: Sequence[Piece], moot: Set[Piece], n_staff: int) -> tuple[Log, object]:
    """Let cases start in the given order and return the log and the statistics of their desk."""
    env, log = Clock(), Log()
    desk = desk_of(env, n_staff, log, OFFICE)

    def case(piece: Piece) -> Generator[simpy.Event, Any, None]:
        time, priority, member, order = piece
        yield env.timeout(time)
        work = desk.submit(member, priority, (1 + member) * HOUR / 4, order)
        if piece in moot:
            yield env.timeout(0.25)
            desk.withdraw(work)

    for piece in pieces:
        env.process(case(piece))
    env.run()
    assert desk.check_littles_law() == 0
    statistics = desk.statistics
    assert sum(statistics.arrivals) == sum(statistics.served) + sum(statistics.moot)
    return log, vars(statistics)


@settings(max_examples=60)
@given(pieces_of_work, st.integers(1, 4), st.data())
def test_the_record_does_not_depend_on_the_order_of_those_who_submit_at_one_instant(
    pieces: list[Piece], n_staff: int, data: st.DataObject
) -> None:
    moot = set(data.draw(st.lists(st.sampled_from(pieces)))) if pieces else set()
    shuffled = data.draw(st.permutations(pieces))
    assert record_of(pieces, moot, n_staff) == record_of(shuffled, moot, n_staff)
