"""A member of the naive model: traits, the process, membership, purchases (`bench.naive_simpy`).

A thing to do is an entry of the member's agenda: when, in which step of the night, what to call.
"""

import math
from bisect import bisect_right
from heapq import heappop, heappush
from itertools import accumulate
from typing import Any

import simpy

from bench.naive_business import Business
from bench.naive_parts import (
    NORMAL,
    Action,
    Bill,
    Process,
    Purchase,
    Spell,
    Step,
    gamma_quantile,
    poisson,
)
from models.members.hardship import DAYS_PER_MONTH
from models.members.population import OLDEST_AGE
from models.products.catalogue import PayMethod


class Buyer:
    """A person: traits, state, its process, membership and purchases."""

    def __init__(self, lender: Business) -> None:
        self.lender, self.rng = lender, lender.rng
        self.review_every_days = lender.config.policy.limits.review_every_days
        self.status = "applicant"
        self.limit = self.unsettled = self.n_uses = 0
        self.n_bills = self.bills_on_time = self.bills_late = self.worst_days_past_due = 0
        self.hardship_until = -1
        self.month_uses = self.month_price = self.claimed_damages = self.claimed_admin = 0
        self.credit = 0
        self.bills: list[Bill] = []  # unpaid, oldest first
        self.spell: Spell | None = None
        self.last_paid_day = self.release_day = -1
        self.is_written_off = False
        self.bucket = "not_a_member"
        self.draw_traits()
        self.agenda: list[tuple[float, int, int, Action, int, Any]] = []
        self.sleeps_until = 0.0
        self.plan(Step.APPLY, self.application_day, self.apply)
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
        chosen = bisect_right(list(accumulate(first)), rng.random())
        self.method = [0, 1, 2, 3, int(default)][chosen]
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
        mean = spending.uses_per_year / 12.0
        tie = population.spending_strain
        z = -tie * ability + math.sqrt(1.0 - tie**2) * rng.gauss(0.0, 1.0)
        self.uses_per_month = gamma_quantile(spending.uses_shape, NORMAL.cdf(z)) * mean
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

    def plan(self, step: int, day: int, action: Action, thing: object = None) -> None:
        """Put something into the agenda; what closes a business day is done the midnight after."""
        if day < self.lender.n_days:
            self.plan_at(day + (step <= Step.CLOSE_MONTH), step, day, action, thing)

    def plan_at(self, at: float, step: int, day: int, action: Action, thing: object = None) -> None:
        """Put something into the agenda at an instant."""
        heappush(self.agenda, (at, step, next(self.lender.number), action, day, thing))
        if at < self.sleeps_until:
            self.sleeps_until = 0.0
            self.process.interrupt()

    # -- membership, wishes ------------------------------------------------------------------------

    def score(self) -> tuple[float, int]:
        """Give the score on the lender's own data and the limit that follows (NP-23.1)."""
        card, terms = self.lender.config.screening.score, self.lender.terms
        points = (
            card.start
            + card.per_np_use * min(self.np_uses, card.np_uses_counted)
            + card.per_np_late * self.np_late
            + card.per_bill_on_time * min(self.bills_on_time, card.bills_counted)
            + card.per_bill_late * self.bills_late
            + card.per_late_month * -(-self.worst_days_past_due // 30)
        )
        limit = 0
        if points >= card.cut_off:
            for band in self.lender.config.policy.limits.bands:
                if points >= band.from_score:
                    limit = min(band.limit_yen, terms.limit_cap_yen)
        return points, limit

    def apply(self, day: int, _: object) -> None:
        """Apply for membership (NP-2.2)."""
        points, self.limit = self.score()
        if points < self.lender.config.screening.score.cut_off:
            self.status = "rejected"
            self.lender.log("application_rejected", day)
            return
        self.status = "active"
        self.lender.log("application_approved", day)
        self.lender.log("limit_set", day, self.limit)
        self.plan(Step.RE_REVIEW, day + self.review_every_days, self.re_review)
        self.enter_month(day)

    def re_review(self, day: int, _: object) -> None:
        """Look at the limits again (NP-31.1)."""
        self.plan(Step.RE_REVIEW, day + self.review_every_days, self.re_review)
        if self.status == "active":
            self.set_limit(day)

    def set_limit(self, day: int) -> None:
        """Set the limits by the record so far."""
        before, (_, self.limit) = self.limit, self.score()
        if self.limit != before:
            kind = "raised" if self.limit > before else "cut" if self.limit else "zeroed"
            self.lender.log(f"limit_{kind}", day, self.limit)

    def enter_month(self, day: int) -> None:
        """Wish to buy in what is left of a month, and be billed at its end."""
        lender, rng = self.lender, self.rng
        month = lender.month_of[day]
        first, end = lender.month_first[month : month + 2]
        self.plan(Step.CLOSE_MONTH, end - 1, self.close_month)
        self.plan(Step.BEGIN_MONTH, end, self.begin_month)
        spending = lender.config.behaviour.spending
        season = spending.season[lender.month_of_year[month] - 1]
        rate = self.uses_per_month * season / (end - first)
        if rate > 0.0 and self.expects_to_be_served(day):
            at = day + rng.expovariate(rate)
            while at < end:
                self.plan_at(at, Step.WISH, int(at), self.ask)
                at += rng.expovariate(rate)

    def begin_month(self, day: int, _: object) -> None:
        """Perhaps fall into hardship or choose another pay method; go on buying."""
        lender, rng, config = self.lender, self.rng, self.lender.config
        hardship = config.behaviour.hardship
        p = hardship.per_month * (1 + hardship.strain_share * (self.strain - 1))
        p = min(p * config.macro.stress_multiplier, 0.9)
        chance = lender.conditional(p, lender.month_of[day])
        if rng.random() < chance and self.hardship_until < day:
            days = rng.expovariate(1 / (hardship.mean_months * DAYS_PER_MONTH))
            self.hardship_until = day + math.ceil(days)
            lender.log("hardship_began", day)
        if rng.random() < config.behaviour.new_method_share:
            self.method = (self.method + rng.randint(1, 3)) % 4
            lender.log("method_chosen", day)
        self.enter_month(day)

    def expects_to_be_served(self, day: int) -> bool:
        """Tell who asks at all: not who has no limit, or is a month in arrears."""
        return self.limit > 0 and (not self.spell or self.spell.overdue_since > day - 30)

    # -- purchases ---------------------------------------------------------------------------------

    def ask(self, day: int, _: object) -> None:
        """Ask for a use and hear the answer (NP-23.3, NP-24)."""
        rng, spending = self.rng, self.lender.config.behaviour.spending
        within = spending.price_sigma * math.sqrt(1 - spending.price_between_share)
        price = round(spending.price_median_yen * math.exp(within * rng.gauss(0.0, 1.0)))
        price = max(price * self.price_scale // 1000, 1)
        self.judge(day, Purchase(price), may_be_held=True)

    def judge(self, day: int, purchase: Purchase, *, may_be_held: bool) -> None:
        """Answer a use by status, limits and suspicion."""
        lender, price, limit = self.lender, purchase.price, self.limit
        hold, share = lender.config.screening.hold, lender.terms.per_use_limit_share
        is_first = self.n_uses < hold.new_member_uses and price >= hold.new_member_yen
        if self.status == "suspended":
            lender.log("declined_overdue", day, price)
        elif limit == 0:
            lender.log("declined_limit_zero", day, price)
        elif price > math.floor(limit * share):
            lender.log("declined_per_use_limit", day, price)
        elif self.unsettled + price > limit:
            lender.log("declined_cumulative_limit", day, price)
        elif may_be_held and self.rng.random() < (
            hold.new_member_share if is_first else hold.share
        ):
            self.hold(day, purchase)
        else:
            lender.log("purchase_authorised", day, price)
            self.accept(day, purchase)

    def hold(self, day: int, purchase: Purchase) -> None:
        """Reserve the price and send the use to the review desk (NP-24.4)."""
        self.lender.log("purchase_held", day, purchase.price)
        self.unsettled += purchase.price
        purchase.status = "held"
        max_days = self.lender.config.screening.review_desk.max_days
        self.plan(Step.HOLD_ENDS, day + max_days, self.end_hold, purchase)
        self.lender.env.process(self.review(purchase))

    def review(self, purchase: Purchase) -> Process:
        """Wait for a reviewer (NP-24.4)."""
        env, policy = self.lender.env, self.lender.config.screening.review_desk
        asked_at = env.now
        purchase.work = work = self.lender.review_desk.submit(policy.mean_minutes, self.rng)
        yield work.done
        if not work.is_moot:
            patience = self.rng.expovariate(24 / policy.mean_patience_hours)
            approves = policy.approves_never_payer if self.never_pays else policy.approves
            is_approved = self.rng.random() < approves
            purchase.answer = "approved" if is_approved else "refused"
            if env.now - asked_at > patience:
                purchase.answer = "too_late"
            self.plan(Step.REVIEWED, int(env.now), self.take_review, purchase)

    def take_review(self, day: int, purchase: Purchase) -> None:
        """Hear the reviewer's answer; an approval in time is judged by the limits of now."""
        if purchase.status == "held":
            self.lender.log(f"review_{purchase.answer}", day, purchase.price)
            self.lender.post("review_cost", day, self.lender.config.screening.review_desk.cost_yen)
            self.unsettled -= purchase.price
            purchase.status = "declined"
            if purchase.answer == "approved":
                self.judge(day, purchase, may_be_held=False)

    def end_hold(self, day: int, purchase: Purchase) -> None:
        """Decline what was held too long."""
        if purchase.status == "held":
            self.lender.log("hold_expired", day, purchase.price)
            self.unsettled -= purchase.price
            purchase.status = "declined"
            if purchase.work:
                purchase.work.withdraw()

    def accept(self, day: int, purchase: Purchase) -> None:
        """Take an authorised use in."""
        lender, spending = self.lender, self.lender.config.behaviour.spending
        self.unsettled += purchase.price
        self.n_uses += 1
        purchase.status = "authorised"
        purchase.billing_month = month = lender.month_of[day]
        posted = min(day + lender.terms.post_lag_days, lender.month_first[month + 1] - 1)
        self.plan(Step.POST, posted, self.post_purchase, purchase)
        if self.rng.random() < spending.cancel_share:
            after = self.rng.randrange(spending.cancel_within_days)
            reported = day + after + lender.terms.cancel_report_lag_days
            self.plan(Step.CANCEL, reported, self.cancel, purchase)

    def post_purchase(self, day: int, purchase: Purchase) -> None:
        """Ship the goods: the claim passes to the lender (NP-22.2)."""
        if purchase.status == "authorised":
            purchase.status = "posted"
            self.month_uses += 1
            self.month_price += purchase.price
            self.lender.post("purchase_posted", day, purchase.price)
            self.lender.log("purchase_posted", day, purchase.price)
            lag = self.lender.config.economics.payout_lag_days
            self.plan(Step.PAYOUT, day + lag, self.pay_merchant, purchase)

    def pay_merchant(self, day: int, purchase: Purchase) -> None:
        """Pay the merchant less the discount (LEN-01, LEN-02)."""
        if purchase.status == "posted":
            purchase.is_paid_out = True
            discount = self.lender.discount(purchase.price)
            self.lender.post("merchant_paid", day, purchase.price - discount)
            self.lender.post("merchant_discount", day, discount)

    def cancel(self, day: int, purchase: Purchase) -> None:
        """Report a cancellation: off the open bill, or owed once billed (NP-24.5, NP-29.3)."""
        lender, price = self.lender, purchase.price
        if purchase.status == "posted" and purchase.billing_month != lender.month_of[day]:
            purchase.status = "returned"
            self.credit += price
            lender.post("purchase_returned", day, price)
            lender.log("purchase_returned", day, price)
        else:
            self.unsettled -= price
            lender.log("purchase_cancelled", day, price)
            if purchase.status == "posted":
                self.month_uses -= 1
                self.month_price -= price
                lender.post("purchase_cancelled", day, price)
            purchase.status = "cancelled"
        if purchase.is_paid_out:
            discount = lender.discount(price)
            lender.post("merchant_refunded", day, price - discount)
            lender.post("merchant_discount_returned", day, discount)

    def close_month(self, day: int, _: object) -> None:
        """Make the bill of the month (`bench.naive_member`)."""
        raise NotImplementedError
