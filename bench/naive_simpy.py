"""The rules of atone as one writes them first: objects, one SimPy process per member.

Every member sleeps until the next thing in its own agenda and does it; a held use, a call case and
a law firm's case are processes of their own that queue at a desk. Same configuration, same rules
and same parameters as `sim.engine`, other random numbers: statistically the same model, and what
`bench.drivers` measures the engine against. It is plain Python, neither tuned nor slowed down.
"""

import math
import random
from collections import defaultdict
from functools import cache, partial
from itertools import count

import simpy

from bench.naive_buyer import NORMAL, Process
from bench.naive_member import Member
from bench.naive_payer import fee_with_tax
from models.calendar import Calendar
from models.members.repayment import unpaid_tables
from models.policy.economics import bill_cost
from models.policy.hours import Hours, minute_of_day
from models.products.atone import PayMethod, due_days, fee_by_method
from sim.config import Config
from sim.ledger import Posting

ACCOUNTS = {p.name.lower(): (p.debit.name.lower(), p.credit.name.lower()) for p in Posting}
MOMENT = 1e-4


class Work:
    """Something that a desk has to do."""

    def __init__(self, env: simpy.Environment, days: float) -> None:
        self.days = days
        self.done = env.event()
        self.is_moot = False

    def withdraw(self) -> None:
        """Make the work moot; who waits for it hears of it now."""
        if not self.done.triggered:
            self.is_moot = True
            self.done.succeed()


class Desk:
    """People who take work from one queue within opening hours."""

    def __init__(
        self, env: simpy.Environment, n_staff: int, hours: Hours, is_business_day: list[bool]
    ) -> None:
        self.env = env
        self.queue = simpy.Store(env)
        self.opens = minute_of_day(hours.opens) / 1440
        self.closes = minute_of_day(hours.closes) / 1440
        self.is_open_day = [day or not hours.business_days_only for day in is_business_day]
        for _ in range(n_staff):
            env.process(self.serve())

    def submit(self, mean_minutes: float, rng: random.Random) -> Work:
        """Queue work of exponential length."""
        work = Work(self.env, rng.expovariate(1.0 / mean_minutes) / 1440)
        self.queue.put(work)
        return work

    def serve(self) -> Process:
        """Work through the queue, one person."""
        while True:
            work = yield self.queue.get()
            opening = self.next_opening(self.env.now)
            if opening > self.env.now:
                yield self.env.timeout(opening - self.env.now)
            if not work.is_moot:
                yield self.env.timeout(work.days)
                if not work.is_moot:
                    work.done.succeed()

    def next_opening(self, now: float) -> float:
        """Give the first instant from now on at which the desk is open."""
        day = int(now)
        if now >= day + self.closes:
            day += 1
        while not self.is_open_day[day]:
            day += 1
        return max(now, day + self.opens)


class Lender:
    """One run: clock, configuration, books, desks and all members."""

    def __init__(
        self, config: Config, replication: int, env: simpy.Environment | None = None
    ) -> None:
        self.config, self.terms = config, config.products.atone
        self.env = env or simpy.Environment()
        self.rng = random.Random(f"{config.seed}/{replication}")  # noqa: S311
        calendar = Calendar.of(config.start, config.months, margin_days=400)
        self.n_days = calendar.n_days
        self.month_of: list[int] = calendar.month_of.tolist()
        self.month_first: list[int] = calendar.month_first.tolist()
        self.day_of_month: list[int] = calendar.day_of_month.tolist()
        self.month_of_year: list[int] = calendar.month_of_year.tolist()
        self.weight: list[int] = calendar.weight.tolist()
        months = range(config.months)
        self.due_day = [due_days(self.terms.due, calendar, m).tolist() for m in months]
        n = self.terms.statement_business_day
        self.statement_day = [calendar.nth_business_day(m + 1, n) for m in months]
        tables = unpaid_tables(config.behaviour.repayment, self.n_days + 60)
        self.unpaid: list[list[float]] = tables.tolist()
        self.falling = [[-share for share in table] for table in self.unpaid]
        self.unit_fee: list[int] = fee_by_method(self.terms.fees).tolist()
        self.fee_with_tax = cache(partial(fee_with_tax, self.terms.fees))
        self.bill_cost: list[int] = bill_cost(config.economics.cost_per_bill).tolist()
        self.reflection = [getattr(self.terms.reflection, m.name.lower()) for m in PayMethod]
        channels = config.collections.channels
        self.responses = {k: c.response.by_reason().tolist() for k, c in channels.items()}
        desk, firm = config.collections.call_desk, config.collections.law_firm
        self.without_promise: list[float] = desk.without_promise.by_reason().tolist()
        self.kept: list[float] = desk.kept.by_reason().tolist()
        self.agency_pays: list[float] = firm.pays.by_reason().tolist()
        self.cholesky = config.population.correlations.factor()
        self.factor = [self.rng.gauss(0.0, 1.0)]
        phi = config.macro.phi
        for _ in months[1:]:
            self.factor.append(self.rng.gauss(phi * self.factor[-1], math.sqrt(1.0 - phi**2)))
        is_open: list[bool] = calendar.is_business_day.tolist()
        review = config.screening.review_desk
        self.review_desk = Desk(self.env, review.reviewers, review.hours, is_open)
        self.call_desk = Desk(self.env, desk.callers, desk.hours, is_open)
        self.law_firm = Desk(self.env, firm.clerks, firm.hours, is_open)
        self.yen: dict[tuple[int, str], int] = defaultdict(int)
        self.postings: dict[tuple[int, str], int] = defaultdict(int)
        self.balance: dict[str, int] = defaultdict(int)
        self.events: dict[tuple[int, str], int] = defaultdict(int)
        self.event_yen: dict[tuple[int, str], int] = defaultdict(int)
        self.paid_by_delay: dict[tuple[str, int, int], int] = defaultdict(int)
        self.moves: dict[tuple[int, str, str], int] = defaultdict(int)
        self.number = count()
        self.members = [Member(self) for _ in range(config.population.members)]
        self.env.process(self.keep_books())

    def run(self) -> "Lender":
        """Simulate the horizon."""
        self.env.run(until=self.n_days + 0.5)
        return self

    def post(self, posting: str, day: int, yen: int) -> None:
        """Post an amount to two accounts."""
        if yen:
            key = (self.month_of[day], posting)
            self.yen[key] += yen
            self.postings[key] += 1
            debit, credit = ACCOUNTS[posting]
            self.balance[debit] += yen
            self.balance[credit] -= yen

    def log(self, activity: str, day: int, yen: int = 0) -> None:
        """Count an event."""
        key = (self.month_of[day], activity)
        self.events[key] += 1
        self.event_yen[key] += yen

    def keep_books(self) -> Process:
        """Check the balance of each day; at a month's end post funding and take stock."""
        funded = 0
        yield self.env.timeout(MOMENT)
        for day in range(self.n_days):
            yield self.env.timeout(1)
            assert sum(self.balance.values()) == 0
            paid_out = self.balance["principal_receivable"] + self.balance["merchant_payable"]
            funded += max(paid_out, 0)
            if self.day_of_month[day + 1] == 1:
                self.post("funding", day, int(funded * self.config.economics.funding_rate / 365))
                funded = 0
                for member in self.members:
                    before, member.bucket = member.bucket, member.find_bucket(day)
                    self.moves[self.month_of[day], before, member.bucket] += 1

    def discount(self, price: int) -> int:
        """Give what is kept from the payout of a price (LEN-01)."""
        rate = self.config.economics.merchant_discount
        return price * rate.numerator // rate.denominator

    def conditional(self, p: float, month: int) -> float:
        """Give a chance in the economy of a month (Vasicek)."""
        rho = self.config.macro.rho
        if not 0.0 < p < 1.0 or rho == 0.0:
            return p
        z = self.factor[min(month, len(self.factor) - 1)]
        return NORMAL.cdf((NORMAL.inv_cdf(p) - math.sqrt(rho) * z) / math.sqrt(1.0 - rho))

    def next_payday(self, day: int, payday: int) -> int:
        """Give the first payday on or after a day."""
        month = self.month_of[day]
        while True:
            first, end = self.month_first[month : month + 2]
            if first + min(payday, end - first) > day:
                return first + min(payday, end - first) - 1
            month += 1
