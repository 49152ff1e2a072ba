"""A member of the naive model in arrears: spells, contacts, law firm, write-off (`naive_simpy`)."""

from bisect import bisect_left

import simpy

from bench.naive_parts import Bill, Process, Spell, Step
from bench.naive_payer import PARTS, Payer
from models.members.repayment import Reason
from models.policy.collections import CALL, HAND_OVER
from sim.rng import OCCURRENCES_PER_KEY

SIX_IN_THE_MORNING = 0.25


class Member(Payer):
    """A member: what it buys (`Buyer`), how it pays (`Payer`), and its arrears."""

    def fall_due(self, day: int, bill: Bill) -> None:
        """Be late with a bill; a spell of arrears may begin (NP-7.1(3))."""
        if bill.status != "open":
            return
        lender, collections = self.lender, self.lender.config.collections
        bill.status, bill.accrues_from = "overdue", day
        lender.log("payment_missed", day, self.claim_of(bill))
        self.bills_late += 1
        if self.spell:
            return
        self.spell = spell = Spell(day, bill)
        share = lender.config.behaviour.repayment.waits_for_payday
        spell.waits_for_payday = spell.reason == Reason.SHORT_OF_CASH and self.rng.random() < share
        if bill.reason == Reason.PUNCTUAL:  # paid, and not reflected yet
            pays_on = max(bill.pays_on, day + 1)
        else:
            pays_on = self.natural_payment_day(spell)
        self.pay_on(spell, pays_on)
        self.plan(Step.STOP, day + lender.terms.usage_stop_day, self.stop_use, spell)
        self.plan(Step.WRITE_OFF, day + collections.write_off.day, self.write_off, spell)
        self.plan_admin_fee(day, spell)
        if collections.ladder:
            self.plan(Step.DUN, day + collections.ladder[0].day, self.dun, spell)

    def natural_payment_day(self, spell: Spell) -> int:
        """Give the day on which a payment of the arrears will count, as things stand."""
        lender, n_days = self.lender, len(self.lender.unpaid[0])
        threshold = min(spell.u / spell.stay, 1.0)
        days = self.days_until_paid(spell.reason, threshold)
        end = min(max(self.hardship_until - spell.start, 0), n_days - 1)
        if spell.reason == Reason.HARDSHIP and days > end:
            left = min(threshold / lender.unpaid[Reason.HARDSHIP][end], 1.0)
            days = end + self.days_until_paid(Reason.SHORT_OF_CASH, left)
        day = min(spell.start + days, lender.n_days + 50)
        if spell.waits_for_payday:
            day = lender.next_payday(day, self.payday)
        return day + self.reflection_of(spell)

    def reflection_of(self, spell: Spell) -> int:
        """Give the days until a payment of arrears counts, by the method of the oldest bill."""
        return self.lender.reflection[spell.bill.method]

    def days_until_paid(self, reason: int, threshold: float) -> int:
        """Give the first day on which the unpaid share is at or below the threshold."""
        return max(bisect_left(self.lender.falling[reason], -threshold), 1)

    def pay_on(self, spell: Spell, day: int) -> None:
        """Plan the payment of the arrears for a day that is earlier than planned."""
        if spell.pays_on < 0 or day < spell.pays_on:
            spell.pays_on = day
            self.plan(Step.PAY_ARREARS, day, self.pay_arrears, spell)

    def stop_use(self, day: int, spell: Spell) -> None:
        """Lose the use of atone (COLL-01)."""
        if self.spell is spell and self.status == "active":
            self.status = "suspended"
            self.lender.log("use_stopped", day)

    def release_use(self, day: int, _: object) -> None:
        """Get the use of atone back (COLL-14)."""
        if not self.spell and self.release_day == day and self.status == "suspended":
            self.status = "active"
            self.lender.log("use_released", day)
            self.set_limit(day)

    def plan_admin_fee(self, day: int, spell: Spell) -> None:
        """Plan the next late administration fee."""
        late, lender = self.lender.terms.late, self.lender
        if late.admin_fee_yen and late.admin_fee_days:
            day += 1
            while day < lender.n_days and lender.day_of_month[day] not in late.admin_fee_days:
                day += 1
            self.plan(Step.ADMIN_FEE, day, self.charge_admin_fee, spell)

    def charge_admin_fee(self, day: int, spell: Spell) -> None:
        """Be charged the late administration fee (NP-30.3)."""
        if self.spell is not spell or spell.is_placed or self.is_written_off:
            return
        lender, yen = self.lender, self.lender.terms.late.admin_fee_yen
        self.plan_admin_fee(day, spell)
        if lender.month_of[spell.overdue_since] < lender.month_of[day]:
            rate = lender.terms.fees.tax_rate
            tax = yen * rate.numerator // (rate.numerator + rate.denominator)
            self.claimed_admin += yen
            lender.post("late_admin_fee", day, yen - tax)
            lender.post("late_admin_fee_tax", day, tax)
            lender.log("late_admin_fee_charged", day, yen)

    # -- dunning -----------------------------------------------------------------------------------

    def dun(self, day: int, spell: Spell) -> None:
        """Take one step up the ladder (COLL-02)."""
        if self.spell is not spell or spell.is_placed:
            return
        lender, collections, rng = self.lender, self.lender.config.collections, self.rng
        action = collections.ladder[spell.step].action
        spell.step += 1
        if spell.step < len(collections.ladder):
            following = spell.overdue_since + collections.ladder[spell.step].day
            self.plan(Step.DUN, max(following, day + 1), self.dun, spell)
        if action == CALL:
            self.open_call_case(spell)
        elif action == HAND_OVER:
            self.hand_over(day, spell)
        else:
            channel = collections.channels[action]
            lender.log("contact_sent", day)
            lender.post("contact_cost", day, channel.cost_yen)
            if rng.random() < channel.reach:
                self.respond(day, spell, lender.responses[action])

    def respond(self, day: int, spell: Spell, response: list[float]) -> None:
        """Perhaps pay earlier because of a contact."""
        spell.stay = max(spell.stay * (1.0 - response[spell.reason]), 2.0**-33)
        planned = self.natural_payment_day(spell)
        if planned - self.reflection_of(spell) <= day:
            after = self.rng.randrange(self.lender.config.collections.days_to_respond)
            planned = day + 1 + after + self.reflection_of(spell)
        self.pay_on(spell, planned)

    def open_call_case(self, spell: Spell) -> None:
        """Be called, unless a case is open already."""
        if not spell.is_calling:
            spell.is_calling = True
            self.lender.env.process(self.be_called(spell))

    def until_morning(self, days: int) -> simpy.Timeout:
        """Sleep until six in the morning."""
        env = self.lender.env
        return env.timeout(int(env.now) + days + SIX_IN_THE_MORNING - env.now)

    def be_called(self, spell: Spell) -> Process:
        """Be called session after session until reached."""
        policy, rng = self.lender.config.collections.call_desk, self.rng
        for _ in range(policy.sessions):
            if self.spell is not spell or spell.is_placed:
                break
            spell.work = work = self.lender.call_desk.submit(policy.mean_minutes, rng)
            yield work.done
            if work.is_moot:
                break
            spell.work = None
            spell.sessions += 1
            is_reached = rng.random() < policy.right_party
            result = "call_no_contact"
            if is_reached:
                result = "promise_made" if rng.random() < policy.promise else "call_reached"
            self.plan(Step.CALLED, int(self.lender.env.now), self.take_call, (spell, result))
            if is_reached:
                break
            yield self.until_morning(policy.retry_days)
        spell.is_calling = False

    def take_call(self, day: int, call: tuple[Spell, str]) -> None:
        """Take a call session to heart."""
        spell, result = call
        lender, rng, policy = self.lender, self.rng, self.lender.config.collections.call_desk
        lender.log(result, day)
        lender.post("contact_cost", day, policy.cost_yen)
        if self.spell is not spell:
            return
        if result == "call_reached":
            self.respond(day, spell, lender.without_promise)
        elif result == "promise_made":
            lag = self.reflection_of(spell)
            spell.promise_day = day + policy.promise_days + lag
            self.plan(Step.PROMISE_ENDS, spell.promise_day, self.end_promise, spell)
            if rng.random() < lender.kept[spell.reason]:
                self.pay_on(spell, day + 1 + int(rng.random() * (policy.promise_days - 1)) + lag)

    def end_promise(self, day: int, spell: Spell) -> None:
        """Be seen to have broken a promise, and be called again."""
        if self.spell is spell and spell.promise_day == day:
            self.lender.log("promise_broken", day)
            sessions = self.lender.config.collections.call_desk.sessions
            limit = min(3 * sessions, OCCURRENCES_PER_KEY - sessions)
            if spell.sessions < limit and not spell.is_placed and not self.is_written_off:
                self.open_call_case(spell)

    def hand_over(self, day: int, spell: Spell) -> None:
        """Be handed over to the law firm, in most cases (COLL-04)."""
        if self.rng.random() >= self.lender.config.collections.law_firm.probability:
            self.lender.log("kept_in_house", day)
            return
        self.lender.log("handed_over", day)
        if spell.work:
            spell.work.withdraw()
        spell.is_placed = True
        self.lender.env.process(self.be_worked_on(spell))

    def be_worked_on(self, spell: Spell) -> Process:
        """Be worked on by the law firm, round after round."""
        policy, env = self.lender.config.collections.law_firm, self.lender.env
        for number in range(policy.rounds):
            if number:
                yield self.until_morning(policy.round_days)
            if self.spell is not spell:
                return
            spell.work = work = self.lender.law_firm.submit(policy.mean_minutes, self.rng)
            yield work.done
            if work.is_moot:
                return
            spell.work = None
            self.plan(Step.AGENCY_WORKED, int(env.now), self.take_agency_round, spell)

    def take_agency_round(self, day: int, spell: Spell) -> None:
        """Perhaps pay the law firm the claim or a part of it."""
        if self.spell is not spell:
            return
        lender, rng, firm = self.lender, self.rng, self.lender.config.collections.law_firm
        lender.log("agency_round", day)
        if rng.random() < lender.agency_pays[spell.reason]:
            overdue = [bill for bill in self.bills if bill.status != "open"]
            for bill in overdue:
                self.accrue(day, bill)
            cash = sum(map(self.claim_of, overdue))
            if rng.random() >= firm.whole_share:
                cash = int(cash * firm.part)
            lender.log("agency_collected", day, cash)
            self.collect(day, cash)

    def write_off(self, day: int, spell: Spell) -> None:
        """Be written off once old and quiet, or looked at again later (COLL-11)."""
        if self.spell is not spell or self.is_written_off:
            return
        lender, terms = self.lender, self.lender.config.collections.write_off
        overdue = day - spell.overdue_since
        quiet = day - max(self.last_paid_day, spell.overdue_since)
        if overdue < terms.day or quiet < terms.quiet_days:
            again = max(terms.day - overdue, terms.quiet_days - quiet, 1)
            self.plan(Step.WRITE_OFF, day + again, self.write_off, spell)
            return
        lender.log("written_off", day, sum(bill.price for bill in self.bills))
        for bill in self.bills:  # also one that is not due yet: the claim is given up whole
            self.accrue(day, bill)
            bill.status = "written_off"
            self.unsettled -= bill.price
            parts = (bill.admin, bill.damages + bill.late, bill.fee, bill.price)
            for part, yen in zip(PARTS, parts, strict=True):
                lender.post(f"{part}_written_off", day, yen)
        self.is_written_off = True
        lender.post("late_damages_written_off", day, self.claimed_damages)
        lender.post("late_admin_fee_written_off", day, self.claimed_admin)
        self.claimed_damages = self.claimed_admin = 0
