"""A world of au PAY Atobarai in small: dues written by hand, nights of arrears run one by one."""

import datetime as dt

import numpy as np

from models.arrays import Ints
from models.products.catalogue import Lender, Product
from sim.config import Config
from sim.engine.agenda import CohortAgenda, Task
from sim.engine.au_pay.acceleration import accelerate_missed, end_cures
from sim.engine.au_pay.bureau import report_arrears
from sim.engine.au_pay.demand import end_demands, send_demands
from sim.engine.clock import Clock
from sim.engine.collection.arrears import fall_due
from sim.engine.contracts import CONTRACTS
from sim.engine.dues.parts import CASH
from sim.engine.dues.settlement import settle_members
from sim.engine.state.economy import Economy
from sim.engine.state.new_dues import write_dues
from sim.engine.state.portfolio import DueStatus, Status
from sim.engine.state.world import World
from sim.facts.recorded_lines import event_frame
from sim.record.eventlog import Record

START = dt.date(2026, 1, 1)


class AuWorld:
    """A few members of au PAY Atobarai, their dues, and the nights of their arrears.

    Parameters
    ----------
    policy
        What differs from the default policies.
    **terms
        What differs from the default terms of au PAY Atobarai.
    """

    def __init__(self, policy: dict[str, object] | None = None, **terms: object) -> None:
        config = Config.model_validate(
            {
                "start": START,
                "months": 12,
                "population": {"members": 3},
                "policy": policy or {},
                "products": {"atone": {"enabled": False}, "au_pay": {"enabled": True, **terms}},
            }
        )
        economy = Economy(config, [0], Record.everyone(), Clock(), 1 << 16)
        self.world = World(economy, Lender.AU)
        self.world.agenda = CohortAgenda()
        self.world.contract = CONTRACTS[Lender.AU]
        members = self.world.members
        members.status[:3] = Status.ACTIVE
        members.joined_day[:3] = 0
        members.limit_yen[:3] = 500_000
        self.next_day = 0

    @staticmethod
    def day(date: str) -> int:
        """Give the day index of a date."""
        return (dt.date.fromisoformat(date) - START).days

    def legs(
        self,
        plan: Product,
        prices: list[int],
        dates: list[str],
        *,
        member: int = 0,
        status: DueStatus = DueStatus.OPEN,
        fee: int = 0,
    ) -> Ints:
        """Write a posted use and its payments."""
        world = self.world
        purchase = world.purchases.append(
            1, member=member, product=plan, price_yen=sum(prices), times=len(prices)
        )
        days = np.array([self.day(date) for date in dates])
        dues = write_dues(
            world,
            np.full(len(prices), member),
            product=plan,
            purchase=int(purchase[0]),
            month=1,
            due_day=days,
            price_yen=np.array(prices),
            fee_yen=fee,
            status=int(status),
            reason=4,
        )
        world.members.unsettled_yen[member] += sum(prices)
        world.agenda.schedule(Task.FALL_DUE, days, dues)
        return dues

    def through(self, date: str) -> None:
        """Run the nights up to the morning after a day."""
        world, last = self.world, self.day(date)
        steps = (
            (Task.ACCELERATE, accelerate_missed),
            (Task.CURE_ENDS, end_cures),
            (Task.DEMAND, send_demands),
            (Task.DEMAND_ENDS, end_demands),
            (Task.REPORTABLE, report_arrears),
        )
        for day in range(self.next_day, last + 1):
            for task, step in steps:
                rows = np.unique(world.agenda.take(task, day, -1)).astype(np.int64)
                if rows.size:
                    step(world, day, rows)
            dues = world.agenda.take(Task.FALL_DUE, day, -1)
            if dues.size:
                fall_due(world, day, dues)
        self.next_day = last + 1

    def pays(self, date: str, yen: int | None = None, *, member: int = 0) -> int:
        """Let a member pay arrears, all that is asked for unless an amount is given."""
        self.through(date)
        cash = None if yen is None else np.array([yen])
        return int(settle_members(self.world, self.day(date), np.array([member]), CASH, cash)[0])

    def happened(self, *activities: str) -> list[tuple[str, str]]:
        """Give (date, activity) of some activities, in order of time."""
        events = event_frame([self.world]).sort("timestamp", maintain_order=True)
        return [
            (str(time.date()), activity)
            for time, activity in events.select("timestamp", "activity").iter_rows()
            if activity in activities
        ]

    def states(self, dues: Ints) -> list[DueStatus]:
        """Give the states of dues."""
        return [DueStatus(status) for status in self.world.dues.status[dues].tolist()]
