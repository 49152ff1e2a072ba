"""The business of the naive model: configuration, calendar, books, desks (`bench.naive_simpy`)."""

import math
import random
from collections import defaultdict
from functools import cache, partial
from itertools import count

import simpy

from bench.naive_parts import NORMAL, Desk
from models.calendar import Calendar
from models.members.repayment import unpaid_tables
from models.policy.economics import bill_cost
from models.products.atone import due_days
from models.products.atone_fees import Fees, fee_by_method
from models.products.catalogue import PayMethod
from sim.config import Config
from sim.record.postings import Posting

ACCOUNTS = {p.name.lower(): (p.debit.name.lower(), p.credit.name.lower()) for p in Posting}


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


class Business:
    """What members deal with: clock, configuration, books and desks."""

    def __init__(self, config: Config, replication: int, env: simpy.Environment) -> None:
        self.config, self.terms = config, config.products.atone
        self.env = env
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
        lag_of: dict[str, int] = self.terms.reflection.model_dump()
        self.reflection = [lag_of[method.name.lower()] for method in PayMethod]
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
