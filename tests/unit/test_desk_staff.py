"""The people of a desk as small stories: shifts, skills, ageing, illness, layoffs, a provider."""

from collections.abc import Callable

import numpy as np
import pytest
from simpy.events import NORMAL

from models.policy.staffing import ORDINARY, Outside
from sim.engine.clock import Clock
from sim.engine.desks.desk import Desk
from sim.engine.desks.opening_hours import OpeningHours
from sim.engine.desks.roster import Group, Roster
from sim.engine.desks.work import NEVER, NOBODY, Work

ALWAYS = OpeningHours(0, 1_440)
OFFICE = OpeningHours(540, 1_080)
MONTH = [0] * 30
SENIOR = "senior"


@pytest.fixture
def env() -> Clock:
    return Clock()


def desk_of(env: Clock, *groups: Group, hours: OpeningHours = ALWAYS, **options: object) -> Desk:
    heads, leaves = options.pop("heads", ()), options.pop("leaves", None)
    roster = Roster(hours, groups, heads, leaves)  # type: ignore[arg-type]
    return Desk(env, "calls", roster, month_of=MONTH, **options)  # type: ignore[arg-type]


def at(env: Clock, time: float, act: Callable[[], object]) -> None:
    """Let somebody act at an instant."""
    env.call_at(time, NORMAL, lambda _: act())


def starts(works: list[Work]) -> list[tuple[int, float]]:
    """Give who took each piece of work, and when."""
    return [(work.staff, work.started_at) for work in works]


def test_each_shift_takes_up_work_in_its_own_hours(env: Clock) -> None:
    early, late = OpeningHours(540, 900), OpeningHours(720, 1_080)
    desk = desk_of(env, Group(0, 1, early), Group(1, 2, late), hours=OFFICE)
    works = [desk.submit(member, 0, 0.125) for member in range(6)]
    env.run()
    day_one, day_two = [(0, 0.375), (0, 0.5), (1, 0.5), (1, 0.625)], [(0, 1.375), (0, 1.5)]
    assert starts(works) == day_one + day_two
    assert desk.statistics.capacity_seconds == [30 * (6 + 6) * 3_600]


def test_a_shift_rests_on_the_days_that_are_not_its_own(env: Clock) -> None:
    first_day_only = OpeningHours(540, 1_080, np.array([True, False, False, True]))
    desk = desk_of(env, Group(0, 1, first_day_only), hours=OFFICE)
    at(env, 0.7, lambda: works.extend(desk.submit(member, 0, 0.25) for member in (1, 2)))
    works: list[Work] = []
    env.run()
    assert starts(works) == [(0, 0.7), (0, 3.375)]


def test_idle_people_take_the_most_urgent_work_that_they_can_do(env: Clock) -> None:
    desk = desk_of(env, Group(0, 1, ALWAYS, (ORDINARY,)), Group(1, 2, ALWAYS, (SENIOR, ORDINARY)))
    asked = [(1, 5, SENIOR), (2, 1, ORDINARY), (3, 3, SENIOR), (4, 2, ORDINARY), (5, 9, ORDINARY)]
    works = [desk.submit(member, priority, 1.0, skill=skill) for member, priority, skill in asked]
    env.run()
    # person 0 takes 2; of what is left person 1 takes 4 (2), then 3 (3), then 1 (5)
    assert starts(works) == [(1, 2.0), (0, 0.0), (1, 1.0), (1, 0.0), (0, 1.0)]


def test_work_waits_for_whoever_can_do_it_while_others_are_idle(env: Clock) -> None:
    desk = desk_of(env, Group(0, 1, ALWAYS), Group(1, 2, OpeningHours(720, 780), (SENIOR,)))
    work = desk.submit(1, 0, 0.125, skill=SENIOR)
    other = desk.submit(2, 0, 0.125)
    late = []
    at(env, 0.25, lambda: late.append(desk.submit(3, 9, 0.125)))
    env.run()
    assert starts([work, other, *late]) == [(1, 0.5), (0, 0.0), (0, 0.25)]


def test_a_skill_that_nobody_has_is_refused(env: Clock) -> None:
    desk = desk_of(env, Group(0, 1, ALWAYS))
    with pytest.raises(ValueError, match=r"nobody has the skill 'senior' .* there are ordinary"):
        desk.submit(1, 0, 0.5, skill=SENIOR)


def test_a_long_wait_makes_up_for_a_lower_priority(env: Clock) -> None:
    order: list[int] = []
    desk = desk_of(
        env, Group(0, 1, ALWAYS), ageing_days=1.0, on_end=lambda work: order.append(work.member)
    )
    desk.submit(0, 0, 3.0)
    desk.submit(1, 2, 0.25)  # as urgent as priority 0 at day 2
    at(env, 1.5, lambda: desk.submit(2, 0, 0.25))
    at(env, 2.5, lambda: desk.submit(3, 0, 0.25))
    at(env, 2.5, lambda: desk.submit(4, -1, 0.25))
    env.run()
    assert order == [0, 2, 4, 1, 3]


def test_who_falls_ill_drops_the_work_and_another_begins_it_anew(env: Clock) -> None:
    desk = desk_of(env, Group(0, 2, ALWAYS), leaves={0: {0: 0.25}})
    work, other = desk.submit(1, 0, 0.5), desk.submit(2, 0, 0.375)
    at(env, 0.125, lambda: desk.submit(3, 1, 0.25))
    env.run(until=0.3)
    assert (desk.n_waiting, work.queued_at, work.started_at, work.staff) == (2, 0, NEVER, NOBODY)
    assert desk.check_littles_law() == 0
    env.run()
    assert (work.staff, work.started_at, work.finished_at) == (1, other.finished_at, 0.875)
    statistics = desk.statistics
    assert (statistics.arrivals, statistics.served, statistics.interrupted) == ([3], [3], [1])
    assert statistics.wait_seconds == [86_400 * 1 // 8 + 86_400 * 6 // 8]
    assert statistics.service_seconds == [86_400 * (2 + 4 + 3 + 2) // 8]
    assert statistics.absent_seconds == [86_400 * 3 // 4]
    assert statistics.capacity_seconds == [2 * 30 * 86_400 - 86_400 * 3 // 4]
    assert desk.check_littles_law() == 0


def test_an_interrupted_person_still_on_duty_takes_the_most_urgent_work(env: Clock) -> None:
    desk = desk_of(env, Group(0, 1, ALWAYS))
    work = desk.submit(1, 5, 1.0)
    at(env, 0.25, lambda: later.append(desk.submit(2, 0, 0.5)))
    at(env, 0.25, lambda: broken.append(desk.interrupt(0)))
    later: list[Work] = []
    broken: list[Work | None] = []
    env.run()
    assert broken == [work]
    assert desk.interrupt(0) is None
    assert starts([*later, work]) == [(0, 0.25), (0, 0.75)]
    assert (work.finished_at, desk.statistics.served) == (1.75, [2])


def test_work_withdrawn_in_service_and_broken_off_ends_as_moot(env: Clock) -> None:
    desk = desk_of(env, Group(0, 1, ALWAYS))
    work = desk.submit(1, 0, 1.0)
    heard: list[float] = []
    desk.on_end = lambda _: heard.append(env.now)
    at(env, 0.25, lambda: desk.withdraw(work))
    at(env, 0.5, lambda: desk.interrupt(0))
    env.run()
    assert heard == [0.5]
    assert (desk.statistics.served, desk.statistics.moot) == ([0], [1])
    assert desk.statistics.service_seconds == [43_200]
    assert desk.check_littles_law() == 0


def test_people_laid_off_finish_what_they_do_and_go(env: Clock) -> None:
    desk = desk_of(env, Group(0, 2, ALWAYS), heads=[(0, 1), (1, 2), (2, 1)])
    works = [desk.submit(member, 0, 0.75) for member in range(5)]
    env.run()
    assert starts(works) == [(0, 0.0), (0, 0.75), (1, 1.0), (0, 1.5), (1, 1.75)]
    assert works[4].finished_at == 2.5
    assert desk.statistics.capacity_seconds == [31 * 86_400]


def test_the_least_urgent_work_beyond_a_number_goes_outside_at_the_opening(env: Clock) -> None:
    desk = desk_of(env, Group(0, 1, OFFICE), hours=OFFICE, outside=Outside(above=2, days=1.5))
    works = [desk.submit(member, member % 2, 0.25) for member in range(5)]
    env.run()
    assert [work.is_outsourced for work in works] == [False, True, False, True, True]
    assert [work.finished_at for work in works] == [0.625, 1.875, 0.875, 1.875, 1.875]
    assert (works[1].staff, works[1].started_at) == (NOBODY, 0.375)
    statistics = desk.statistics
    assert (statistics.served, statistics.outsourced) == ([2], [3])
    assert statistics.outsourced_wait_seconds == [3 * 32_400]
    assert desk.check_littles_law() == 0
    assert (desk.settle_outsourced(), desk.settle_outsourced()) == (3, 0)


def test_what_comes_after_the_opening_stays_until_the_next_one(env: Clock) -> None:
    desk = desk_of(env, Group(0, 0, OFFICE), hours=OFFICE, outside=Outside(above=1, days=1.0))
    works: list[Work] = []
    at(env, 0.5, lambda: works.extend(desk.submit(member, 0, 0.25) for member in range(3)))
    at(env, 3.5, lambda: works.extend(desk.submit(member, 0, 0.25) for member in range(3, 5)))
    env.run()
    assert [work.finished_at for work in works] == [NEVER, 2.375, 2.375, 5.375, 5.375]


def test_outside_work_that_becomes_moot_is_finished_and_reported_moot(env: Clock) -> None:
    desk = desk_of(env, Group(0, 0, ALWAYS), outside=Outside(above=0, days=1.0))
    work = desk.submit(1, 0, 0.25)
    at(env, 0.5, lambda: desk.withdraw(work))
    env.run()
    assert (work.is_moot, work.is_outsourced, work.finished_at) == (True, True, 1.0)
    assert (desk.statistics.outsourced, desk.statistics.moot) == ([1], [0])


def test_nothing_goes_outside_between_openings_even_if_one_was_missed(env: Clock) -> None:
    """Work beyond the number is gone before the opening that was to give it away."""
    desk = desk_of(env, Group(0, 1, OFFICE), hours=OFFICE, outside=Outside(above=1, days=1.0))
    first = [desk.submit(member, 0, 0.0) for member in range(2)]
    at(env, 0.25, lambda: [desk.withdraw(work) for work in first])
    later: list[Work] = []
    at(env, 0.5, lambda: later.extend(desk.submit(member, 0, 0.0625) for member in range(4)))
    env.run()
    assert [work.is_outsourced for work in later] == [False] * 4
