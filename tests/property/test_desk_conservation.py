"""Whatever happens at a desk in whatever order: no work is lost, done twice, or done after all."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from simpy.events import NORMAL

from models.policy.staffing import ORDINARY, Outside
from sim.engine.clock import Clock
from sim.engine.desks.desk import Desk
from sim.engine.desks.opening_hours import OpeningHours
from sim.engine.desks.roster import Group, Roster
from sim.engine.desks.work import NEVER, Work

N_DAYS = 12
DAYS = np.array([True, True, False, True, True, True, False, True, True, False, True, True])
OFFICE, EARLY = OpeningHours(540, 1_080, DAYS), OpeningHours(540, 780, DAYS)
SKILLS = (ORDINARY, "senior")
INSTANTS = st.sampled_from([0.0, 0.2, 0.375, 0.4, 0.5, 0.75, 1.375, 1.6, 2.5, 3.375, 4.0, 5.5, 8.4])

acts = st.lists(
    st.tuples(
        INSTANTS,
        st.sampled_from(["submit", "submit", "submit", "withdraw", "interrupt"]),
        st.integers(0, 30),
    ),
    max_size=40,
)
leaves = st.dictionaries(
    st.integers(0, N_DAYS - 1),
    st.dictionaries(st.integers(0, 3), st.sampled_from([0.0, 0.41, 0.5, 0.6])),
)


class Story:
    """A desk to which everything happens, and what it does about it.

    Parameters
    ----------
    desk_options, roster
        Of the desk.
    listens
        Whether the desk calls somebody at each end of a service, or only keeps what is over.
    """

    def __init__(
        self, desk_options: dict[str, Any], roster: Roster, *, listens: bool = True
    ) -> None:
        self.env = Clock()
        self.works: list[Work] = []
        self.heard: Counter[int] = Counter()
        self.told: list[int] = []
        self.desk = Desk(
            self.env,
            "any",
            roster,
            month_of=[day // 4 for day in range(N_DAYS)],
            on_end=self._listen if listens else None,
            **desk_options,
        )

    def plan(self, at: float, act: Callable[[], object]) -> None:
        """Let somebody act at an instant."""
        self.env.call_at(at, NORMAL, lambda _: act())

    def act(self, kind: str, number: int) -> None:
        """Submit, withdraw or interrupt."""
        match kind:
            case "submit":
                self._submit(number)
            case "withdraw" if self.works:
                self._withdraw(self.works[number % len(self.works)])
            case "interrupt" if self.desk.n_staff:
                self.desk.interrupt(number % self.desk.n_staff)

    def _submit(self, number: int) -> None:
        """Submit work."""
        order = len(self.works)
        skill = SKILLS[number % 2] if SKILLS[number % 2] in self.desk.roster.skills else ORDINARY
        work = self.desk.submit(number % 5, number % 3, 0.05 * (number % 7), order, skill)
        self.works.append(work)

    def _listen(self, work: Work) -> None:
        """Hear of the end of a piece of work."""
        self.told.append(work.order)
        self._hear(work)

    def _hear(self, work: Work) -> None:
        """Count how often the end of a piece of work is told."""
        self.heard[work.order] += 1

    def _withdraw(self, work: Work) -> None:
        """Withdraw work; what nobody has begun then is never begun."""
        was_waiting = work.started_at == NEVER
        if self.desk.withdraw(work):
            self._hear(work)
        if was_waiting:
            self.plan(float(N_DAYS), lambda: self._assert_never_begun(work))

    def _assert_never_begun(self, work: Work) -> None:
        assert work.started_at == work.finished_at == NEVER

    def record(self) -> object:
        """Give all that became of the work, and in which order it was over."""
        statistics = self.desk.statistics
        statistics.reduce()
        became = [
            (work.staff, work.started_at, work.finished_at, work.waits_since, work.is_moot)
            for work in self.works
        ]
        counts = {name: value for name, value in vars(statistics).items() if name != "_begun"}
        told = self.told or [work.order for work in self.desk.over]
        return became, told, counts, self.desk.n_busy, self.desk.n_moot_queued

    def assert_conserved(self) -> None:
        """Add up what became of all that was submitted."""
        desk, statistics, states = self.desk, self.desk.statistics, Counter[str]()
        for work in self.works:
            is_done = work.finished_at != NEVER
            ends_unserved = work.is_moot and work.started_at == NEVER
            assert self.heard[work.order] == (is_done or ends_unserved)
            state = (
                "refused" if work.is_refused
                else "outsourced" if work.is_outsourced
                else "served" if work.started_at != NEVER
                else "moot" if work.is_moot
                else "waiting"
            )  # fmt: skip
            states[state] += 1
        counts = {
            "refused": sum(statistics.refused),
            "outsourced": sum(statistics.outsourced),
            "served": sum(statistics.served),
            "moot": sum(statistics.moot),
            "waiting": desk.n_waiting,
        }
        assert counts == {state: states[state] for state in counts}
        assert sum(statistics.arrivals) == len(self.works) == sum(counts.values())
        in_service = sum(w.started_at != NEVER and w.finished_at == NEVER for w in self.works)
        assert len(desk.works()) == in_service + desk.n_waiting
        assert [sum(row) for row in statistics.wait_histogram] == statistics.served
        assert min(statistics.served + statistics.service_seconds) >= 0
        assert desk.check_littles_law() == 0


@settings(max_examples=100)
@given(acts, leaves, st.sampled_from([0, 1, 2, 4]), st.data())
def test_work_is_conserved_whatever_happens_in_whatever_order(
    acts: list[tuple[float, str, int]],
    leaves: dict[int, dict[int, float]],
    n_people: int,
    data: st.DataObject,
) -> None:
    half = n_people // 2
    groups = [Group(0, half, EARLY, SKILLS), Group(half, n_people, OFFICE)]
    heads = data.draw(st.sampled_from([(), ((0, n_people), (3, n_people // 2), (5, n_people))]))
    away = {
        day: {person: day + at for person, at in people.items() if person < n_people}
        for day, people in leaves.items()
    }
    options = {
        "capacity": data.draw(st.sampled_from([None, None, 3])),
        "ageing_days": data.draw(st.sampled_from([0.0, 0.7])),
        "outside": data.draw(st.sampled_from([None, Outside(above=1, days=0.3)])),
    }
    story = Story(options, Roster(OFFICE, groups, heads, away))
    for at, kind, number in acts:
        story.plan(at, partial(story.act, kind, number))
    for until in (0.45, 1.0, 3.5, 8.41, N_DAYS + 1.0):
        story.env.run(until=until)
        if until < N_DAYS:
            story.assert_conserved()
    story.env.run()
    story.assert_conserved()
    assert not story.desk.n_busy


@settings(max_examples=100, deadline=None, derandomize=True)
@given(
    acts,
    st.sampled_from([1, 2, 3]),
    st.sampled_from([SKILLS[:1], SKILLS]),
    st.sampled_from([0.0, 0.7]),
)
def test_what_a_desk_does_is_the_same_whether_somebody_listens_or_not(
    acts: list[tuple[float, str, int]],
    n_people: int,
    skills: tuple[str, ...],
    ageing_days: float,
) -> None:
    groups = [Group(0, 1, EARLY, skills), Group(1, n_people, OFFICE)]
    stories = []
    for listens in (True, False):
        story = Story({"ageing_days": ageing_days}, Roster(OFFICE, groups), listens=listens)
        for number in range(40):
            story.plan(0.1, partial(story.act, "submit", number))
        for at, kind, number in acts:
            story.plan(at, partial(story.act, kind, number))
        stories.append(story)
    one, other = stories
    for until in (0.45, 1.0, 3.5, N_DAYS + 1.0):
        one.env.run(until=until)
        other.env.run(until=until)
        assert one.record() == other.record()
