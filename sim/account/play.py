"""Play a script: one member, the engine's own steps, and the account they leave behind."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl

from models.arrays import Ints
from models.policy.hours import minute_of_day
from models.products.catalogue import Lender, PayMethod, Product
from sim.account.au_deeds import (
    introduce_at_au,
    prepaying,
    stopping,
    switching,
    topping_up,
)
from sim.account.script import Event, Script, number_of
from sim.config import Config
from sim.engine.agenda import Task
from sim.engine.au_pay.prepayment import pay_unasked
from sim.engine.clock import Clock
from sim.engine.drivers import drive_cohort
from sim.engine.dues.payments import take_money
from sim.engine.dues.settlement import accrue, claims_of
from sim.engine.simulation import CHUNK_ROWS
from sim.engine.state.due_index import IS_PAYABLE
from sim.engine.state.economy import Economy
from sim.engine.state.portfolio import DueStatus, Status
from sim.engine.state.script import Script as Deeds
from sim.engine.state.unpaid import unpaid_dues
from sim.engine.state.world import MINUTES_PER_DAY, World
from sim.facts.recorded_lines import event_frame, ledger_frame
from sim.record.eventlog import Record
from sim.report.statement import Line, statement_text
from sim.trace import account_lines, closing_lines

MEMBER = np.zeros(1, dtype=np.int64)
"""The row of the only member."""

PRODUCTS = {
    "atone": Product.ATONE,
    "np_atobarai": Product.NP_ATOBARAI,
    "au_pay": Product.AU_ONE_TIME,
}
PLANS = {
    "one_time": Product.AU_ONE_TIME,
    "two_time": Product.AU_TWO_TIME,
    "bonus": Product.AU_BONUS,
    "revolving": Product.AU_REVOLVING,
    "instalments": Product.AU_INSTALMENTS,
    "atone_instalments": Product.ATONE_INSTALMENTS,
}


@dataclass(frozen=True)
class Account:
    """A played account.

    Parameters
    ----------
    lines
        Statement of account, in order of time.
    ledger, events
        The recorded lines behind it, columns of `sim.facts.recorded_lines`.
    start
        First day, which numbers the billing months.
    """

    lines: list[Line]
    ledger: pl.DataFrame
    events: pl.DataFrame
    start: dt.date

    def text(self) -> str:
        """Write the statement of account."""
        proof = closing_lines(self.lines, self.ledger)
        return "\n".join([*statement_text(self.lines, self.start), "", *proof])

    def rows(self) -> list[dict[str, object]]:
        """Give one object a line: date, kind, yen, clause and what is outstanding after it."""
        rows: list[dict[str, object]] = []
        principal = fee = late_damages = late_admin_fee = credit = 0
        for line in self.lines:
            if line.balances is not None:
                principal, fee, late_damages, late_admin_fee, *_, credit = line.balances
            rows.append(
                {
                    "date": line.moment.date().isoformat(),
                    "kind": line.kind,
                    "yen": line.yen,
                    "clause": line.clause,
                    "principal_yen": principal,
                    "fee_yen": fee,
                    "late_damages_yen": late_damages,
                    "late_admin_fee_yen": late_admin_fee,
                    "credit_yen": credit,
                    "text": line.text,
                }
            )
        return rows


def play(script: Script, config: Config) -> Account:
    """Play a script to its last day.

    Parameters
    ----------
    script, config
        As `sim.account.load_script` gives them.

    Raises
    ------
    InputError
        If an event cannot happen, such as a return of a purchase that was never made.
    LedgerError
        If the books do not agree (a defect).
    """
    lender = Lender.AU if script.product == "au_pay" else Lender.NP
    economy = Economy(config, [0], Record.everyone(), Clock(), CHUNK_ROWS)
    world = World(economy, lender)
    drive_cohort([world])
    _introduce(world, script)
    Player(world, script).plan()
    days = (script.until - config.start).days
    economy.env.run(until=days + 1.01)
    ledger, events = ledger_frame([world]), event_frame([world])
    last = pl.lit(script.until)
    ledger = ledger.filter(pl.col("day") <= last)
    events = events.filter(pl.col("timestamp").dt.date() <= last)
    return Account(account_lines(ledger, events), ledger, events, config.start)


def _introduce(world: World, script: Script) -> None:
    """Make the member of the script a member from the first day on."""
    members, persons, told = world.members, world.persons, script.member
    members.status[0] = Status.ACTIVE
    members.joined_day[0] = 0
    members.limit_yen[0] = told.limit
    if world.lender == Lender.NP:
        method = told.pay_method or world.atone.default_method
        members.pay_method[0] = PayMethod[method.upper()]
    else:
        members.pay_method[0] = PayMethod[(told.pay_method or "direct_debit").upper()]
        introduce_at_au(world, told)
    persons.age[0] = told.age
    persons.monthly_net_yen[0] = told.monthly_net_yen
    world.script = Deeds()


class Player:
    """Turns the events of a script into plans of the engine.

    Parameters
    ----------
    world, script
        Where the account is played, and what happens.
    """

    def __init__(self, world: World, script: Script) -> None:
        self._world = world
        self._script = script
        self._purchases: list[int] = []

    def plan(self) -> None:
        """Plan all events in their order."""
        plans: dict[str, Callable[[int, Event], None]] = {
            "purchase": self._buy,
            "pay": self._pay,
            "return_": self._give_back,
            "empty_account": self._empty_account,
            "prepay": self._prepay,
            "switch": self._switch,
            "payment_stop": self._stop_paying,
            "top_up": self._top_up,
        }
        for event in self._script.events:
            day = (event.on - self._world.config.start).days
            plans[event.deed](day, event)

    def _buy(self, day: int, event: Event) -> None:
        """Ask for a purchase."""
        world, table = self._world, self._world.purchases
        month = int(world.calendar.month_of[day])
        minute = day * MINUTES_PER_DAY + minute_of_day(event.at)
        of_month = int((table.month[: table.size] == month).sum())
        product = PLANS[event.plan] if event.plan else PRODUCTS[self._script.product]
        price = event.purchase if isinstance(event.purchase, int) else 0
        purchases = table.append(
            1,
            member=0,
            product=int(product),
            asked_plan=int(product),
            month=month,
            wish=of_month,
            minute=minute,
            price_yen=price,
            u_hold=np.ones(1),
            times=event.times or 1,
        )
        self._purchases.append(int(purchases[0]))
        world.agenda.schedule(Task.WISH, np.array([day]), purchases)

    def _give_back(self, day: int, event: Event) -> None:
        """Let the cancellation of a purchase reach the lender."""
        purchase = self._use(event.return_, event)
        self._world.agenda.schedule(Task.CANCEL, np.array([day]), np.array([purchase]))

    def _switch(self, day: int, event: Event) -> None:
        """Change the plan of a use."""
        self._tell(day, switching(self._world, self._use(event.switch, event), event))

    def _stop_paying(self, day: int, event: Event) -> None:
        """Declare that a use is not paid for."""
        self._tell(day, stopping(self._world, self._use(event.payment_stop, event)))

    def _prepay(self, day: int, event: Event) -> None:
        """Prepay a use in instalments, or the revolving account."""
        named = event.purchase
        use = None if named is None else self._use(named, event)
        self._tell(day, prepaying(self._world, use, event))

    def _top_up(self, day: int, event: Event) -> None:
        """Pay more on the next revolving payment."""
        self._tell(day, topping_up(self._world, event))

    def _use(self, reference: int | str | None, event: Event) -> int:
        """Find the purchase that an event is about."""
        named = "" if reference is None else reference
        return self._purchases[number_of(self._script, named, event)]

    def _empty_account(self, day: int, event: Event) -> None:
        """Let the debits of a day fail."""
        del event
        assert self._world.script is not None  # noqa: S101 - set before anything is planned
        self._world.script.empty_account_days.add(day)

    def _pay(self, day: int, event: Event) -> None:
        """Send money, or all that is asked for."""
        world = self._world

        def pay(today: int, rows: Ints) -> None:
            cash = amount_due(world, today, rows) if event.pay == "due" else event.pay or 0
            if cash:
                take = pay_unasked if world.lender == Lender.AU else take_money
                take(world, today, rows, np.full(1, cash, dtype=np.int64))

        self._tell(day, pay)

    def _tell(self, day: int, deed: Callable[[int, Ints], None]) -> None:
        """Plan a deed for the closing of a business day."""
        assert self._world.script is not None  # noqa: S101 - set before anything is planned
        self._world.script.deeds.setdefault(day, []).append(deed)
        self._world.agenda.schedule(Task.TOLD, np.array([day]), MEMBER)


def amount_due(world: World, day: int, rows: Ints) -> int:
    """Give what is asked for by the next due date: what is overdue and the bills of that date."""
    dues = unpaid_dues(world, rows, IS_PAYABLE)
    if not dues.size:
        return 0
    accrue(world, day, dues)
    table = world.dues
    is_open = table.status[dues] == DueStatus.OPEN
    next_date = table.due_day[dues[is_open]].min(initial=1 << 30)
    asked = dues[~is_open | (table.due_day[dues] == next_date)]
    return int(claims_of(world, asked).sum())
