"""Services a second of a desk with a standing backlog, against `simpy.PriorityResource`.

Each service that ends submits the next piece of work, so the number waiting stays where it is.
Run from the root: ``python -m bench.desk_throughput``.
"""

from collections.abc import Generator
from itertools import count
from time import perf_counter
from typing import Any

import simpy
from simpy.events import Event

from sim.engine.clock import Clock
from sim.engine.desks.desk import Desk
from sim.engine.desks.opening_hours import MINUTES_PER_DAY, OpeningHours
from sim.engine.desks.roster import Roster
from sim.engine.desks.work import Work
from sim.engine.garbage import rarely_collected

N_STAFF = 20
N_PRIORITIES = 5
DURATIONS = tuple((7 + 13 * i % 31) / MINUTES_PER_DAY for i in range(31))


def serve_at_desk(env: Clock, n_waiting: int, n_services: int) -> float:
    """Return the seconds a desk takes for `n_services` with `n_waiting` in the queue."""
    members = count()
    enough = env.event()
    left = n_services

    def submit() -> None:
        member = next(members)
        desk.submit(member, member % N_PRIORITIES, DURATIONS[member % len(DURATIONS)])

    def replace(_: Work) -> None:
        nonlocal left
        left -= 1
        submit()
        if left == 0:
            enough.succeed()

    hours = OpeningHours(0, MINUTES_PER_DAY)
    desk = Desk(env, "bench", Roster.alike(N_STAFF, hours), month_of=[0], on_end=replace)
    for _ in range(n_waiting + N_STAFF):
        submit()
    start = perf_counter()
    env.run(enough)
    return perf_counter() - start


def serve_at_resource(env: Clock, n_waiting: int, n_services: int) -> float:
    """Return the seconds the same takes with a process and a request for each piece of work."""
    members = count()
    enough = env.event()
    left = n_services
    people = simpy.PriorityResource(env, N_STAFF)

    def case(member: int) -> Generator[Event, Any, None]:
        nonlocal left
        with people.request(priority=member % N_PRIORITIES) as request:
            yield request
            yield env.timeout(DURATIONS[member % len(DURATIONS)])
        left -= 1
        env.process(case(next(members)))
        if left == 0:
            enough.succeed()

    for _ in range(n_waiting + N_STAFF):
        env.process(case(next(members)))
    env.run(until=1e-9)  # all have queued
    start = perf_counter()
    env.run(enough)
    return perf_counter() - start


def main() -> None:
    """Print the table."""
    print(f"{'waiting':>8} {'desk /s':>10} {'PriorityResource /s':>20} {'ratio':>7}")
    for n_waiting, n_services, n_resource in (
        (1_000, 100_000, 5_000),
        (20_000, 100_000, 300),
        (200_000, 100_000, 0),
    ):
        with rarely_collected():  # as within a pass
            desk = n_services / serve_at_desk(Clock(), n_waiting, n_services)
        if n_resource:
            peer = n_resource / serve_at_resource(Clock(), n_waiting, n_resource)
            print(f"{n_waiting:>8,} {desk:>10,.0f} {peer:>20,.0f} {desk / peer:>7.1f}")
        else:
            print(f"{n_waiting:>8,} {desk:>10,.0f} {'-':>20} {'-':>7}")


if __name__ == "__main__":
    main()
