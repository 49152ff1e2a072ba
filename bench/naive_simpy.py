"""The rules of atone as one writes them first: objects, one SimPy process per member.

Every member sleeps until the next thing in its own agenda and does it; a held use, a call case and
a law firm's case are processes of their own that queue at a desk. Same configuration, same rules
and same parameters as `sim.engine`, other random numbers: statistically the same model, and what
`bench.drivers` measures the engine against. It is plain Python, neither tuned nor slowed down.
"""

import datetime
import math
import random
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Generator
from functools import lru_cache
from heapq import heappop, heappush
from itertools import accumulate, count
from statistics import NormalDist
from typing import Any

import simpy

from models.calendar import Calendar
from models.kernels.days import YEAR_WEIGHT
from models.members.hardship import DAYS_PER_MONTH
from models.members.population import OLDEST_AGE
from models.members.repayment import Reason, unpaid_tables
from models.policy.collections import CALL, HAND_OVER
from models.policy.economics import bill_cost
from models.policy.hours import Hours, minute_of_day
from models.products.atone import Fees, PayMethod, due_days, fee_by_method
from sim.config import Config
from sim.ledger import Posting

Process = Generator[simpy.Event, Any, None]
Action = Callable[[int, Any], None]

# The order of a night: what closes a business day, then what opens the next (rulebook 0.6).
(
    REVIEWED, HOLD_ENDS, POST, CANCEL, PAYOUT, CALLED, PAY, PAY_ARREARS, AGENCY_WORKED, DEBIT,
    FALL_DUE, PROMISE_ENDS, ADMIN_FEE, CLOSE_MONTH,
    RELEASE, STOP, RE_REVIEW, WRITE_OFF, DUN, BEGIN_MONTH, APPLY, STATEMENT, REMIND, WISH,
) = range(24)  # fmt: skip
ACCOUNTS = {p.name.lower(): (p.debit.name.lower(), p.credit.name.lower()) for p in Posting}
SIX_IN_THE_MORNING = 0.25
MOMENT = 1e-4
NORMAL = NormalDist()


def poisson(rng: random.Random, mean: float) -> int:
    """Draw a Poisson count (Knuth)."""
    limit, product, n = math.exp(-mean), rng.random(), 0
    while product > limit:
        product *= rng.random()
        n += 1
    return n


@lru_cache(maxsize=None)
def fee_with_tax(terms: Fees, unit_yen: int, n_uses: int) -> int:
    """Give the service fees of some uses including tax (NP-25.2, NP-26)."""
    gross = 1 + terms.tax_rate
    if terms.unit == "per_statement":
        n_uses = min(n_uses, 1)
    if terms.tax_rounding == "sum_floor":
        return math.floor(unit_yen * n_uses * gross)
    if terms.tax_rounding == "per_fee_half_up":
        return math.floor((2 * unit_yen * gross + 1) / 2) * n_uses
    return math.floor(unit_yen * gross) * n_uses


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


class Purchase:
    """A use of atone."""

    __slots__ = ("answer", "billing_month", "is_paid_out", "price", "status", "work")

    def __init__(self, price: int) -> None:
        self.price = price
        self.status = "wished"
        self.is_paid_out = False


class Bill:
    """The bill of a month and what is still unpaid of it."""

    __slots__ = (
        "accrued", "accrues_from", "admin", "by_hand", "damages", "due_day", "fee", "is_paid_twice",
        "late", "method", "month", "pays_on", "price", "reason", "status", "u",
    )  # fmt: skip

    def __init__(self, month: int, price: int, fee: int, damages: int, admin: int) -> None:
        self.month, self.price, self.fee = month, price, fee
        self.damages, self.admin = damages, admin
        self.status = "open"
        self.late = self.accrued = 0

    @property
    def claim(self) -> int:
        """What the bill asks for."""
        return self.admin + self.damages + self.fee + self.price


class Spell:
    """One spell of arrears, from the first missed bill to the last yen."""

    def __init__(self, day: int, bill: Bill) -> None:
        self.start = self.overdue_since = day
        self.reason, self.u, self.stay = bill.reason, bill.u, 1.0
        self.pays_on = -1
        self.ladder_day, self.step = -1, 0
        self.sessions = 0
        self.promise_day = -1
        self.is_calling = self.is_placed = False
        self.work: Work | None = None


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
        self.bill_cost: list[int] = bill_cost(config.economics.cost_per_bill).tolist()
        self.reflection = [getattr(self.terms.reflection, m.name.lower()) for m in PayMethod]
        channels = config.collections.channels
        self.responses = {k: c.response.by_reason().tolist() for k, c in channels.items()}
        self.cholesky = config.population.correlations.factor()
        self.factor = [self.rng.gauss(0.0, 1.0)]
        phi = config.macro.phi
        for _ in months[1:]:
            self.factor.append(self.rng.gauss(phi * self.factor[-1], math.sqrt(1.0 - phi**2)))
        is_open: list[bool] = calendar.is_business_day.tolist()
        review, calls = config.screening.review_desk, config.collections.call_desk
        firm = config.collections.law_firm
        self.review_desk = Desk(self.env, review.reviewers, review.hours, is_open)
        self.call_desk = Desk(self.env, calls.callers, calls.hours, is_open)
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
            funded += max(self.balance["principal_receivable"] + self.balance["merchant_payable"], 0)
            if self.day_of_month[day + 1] == 1:
                self.post("funding", day, int(funded * self.config.economics.funding_rate / 365))
                funded = 0
                for member in self.members:
                    before, member.bucket = member.bucket, member.find_bucket(day)
                    self.moves[self.month_of[day], before, member.bucket] += 1

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
        for first, end in zip(self.month_first[month:], self.month_first[month + 1 :], strict=False):
            if first + min(payday, end - first) - 1 >= day:
                return first + min(payday, end - first) - 1
        raise AssertionError("the calendar ends before the next payday")


class Member:
    """A person: traits, state, and everything that happens to it."""

    def __init__(self, lender: Lender) -> None:
        self.lender, self.rng = lender, lender.rng
        self.status = "applicant"
        self.limit = self.unsettled = self.n_uses = 0
        self.n_bills = self.bills_on_time = self.bills_late = self.worst_days_past_due = 0
        self.hardship_until = -1
        self.month_uses = self.month_price = self.claimed_damages = self.claimed_admin = 0
        self.credit = 0
        self.bills: list[Bill] = []  # unpaid, oldest first
        self.spell: Spell | None = None
        self.last_paid_day = -1
        self.is_written_off = False
        self.bucket = "not_a_member"
        self.draw_traits()
        self.agenda: list[tuple[float, int, int, Action, int, Any]] = []
        self.sleeps_until = 0.0
        self.plan(APPLY, self.application_day, self.apply)
        self.process = lender.env.process(self.live())

    def draw_traits(self) -> None:
        """Draw who this is."""
        rng, population = self.rng, self.lender.config.population
        repayment = self.lender.config.behaviour.repayment
        normals = [rng.gauss(0.0, 1.0) for _ in range(4)]
        age, _, ability, attention = (
            sum(a * z for a, z in zip(row, normals, strict=True)) for row in self.lender.cholesky
        )
        self.age = self.age_of(NORMAL.cdf(age))
        self.carelessness = gamma_quantile(population.careless_shape, NORMAL.cdf(-attention))
        self.strain = gamma_quantile(population.strained_shape, NORMAL.cdf(-ability))
        self.never_pays = rng.random() < population.never_pays_share
        shares = population.pay_methods
        first = [shares.konbini_terminal, shares.ebarcode, shares.invoice, shares.direct_debit]
        default = PayMethod[self.lender.terms.default_method.upper()]
        self.method = int(([*range(4), default])[bisect_right(list(accumulate(first)), rng.random())])
        paydays = population.paydays
        (self.payday,) = rng.choices([p.day for p in paydays], [p.share for p in paydays])
        self.np_uses = self.np_late = 0
        if population.np_history_mean_uses:
            stop = math.log1p(-1.0 / (1.0 + population.np_history_mean_uses))
            self.np_uses = min(int(math.log1p(-rng.random()) / stop), 500)
            rate = repayment.forgets + repayment.short_of_cash
            late = min(rate * (self.carelessness + self.strain) / 2.0, 0.9)
            self.np_late = min(poisson(rng, self.np_uses * late), self.np_uses)
        is_later = rng.random() >= population.existing_share
        self.application_day = int(rng.random() * self.lender.n_days) if is_later else 0
        spending = self.lender.config.behaviour.spending
        shape = spending.uses_shape
        self.uses_per_month = rng.gammavariate(shape, spending.uses_per_year / 12 / shape)
        between = spending.price_sigma * math.sqrt(spending.price_between_share)
        self.price_scale = round(1000 * math.exp(between * rng.gauss(0.0, 1.0)))

    def age_of(self, u: float) -> int:
        """Give the age at a quantile."""
        for band, following in zip(
            bands := self.lender.config.population.age_bands,
            [*[b.from_age for b in bands[1:]], OLDEST_AGE],
            strict=True,
        ):
            if u < band.share:
                return band.from_age + int(u / band.share * (following - band.from_age))
            u -= band.share
        return OLDEST_AGE - 1

    # -- the process -----------------------------------------------------------------------------

    def live(self) -> Process:
        """Sleep until the next thing in the agenda, do it, and so on."""
        env = self.lender.env
        while self.agenda:
            instant = self.agenda[0][0]
            if instant > env.now:
                self.sleeps_until = instant
                try:
                    yield env.timeout(instant - env.now)
                except simpy.Interrupt:
                    continue
                self.sleeps_until = 0.0
            _, _, _, action, day, thing = heappop(self.agenda)
            action(day, thing)
