"""A member of the naive model as a payer: bills, payments, late damages (`bench.naive_simpy`)."""

from bisect import bisect_left

from bench.naive_buyer import Buyer
from bench.naive_parts import Bill, Spell, Step
from models.kernels.days import YEAR_WEIGHT
from models.members.repayment import Reason
from models.products.catalogue import PayMethod

PARTS = ("late_admin_fee", "late_damages", "fee", "principal")
BUCKETS = ("dpd_1_30", "dpd_31_60", "dpd_61_90", "dpd_91_180", "dpd_181_plus")


class Payer(Buyer):
    """A member with bills."""

    def fall_due(self, day: int, bill: Bill) -> None:
        """Be late with a bill (`bench.naive_member`)."""
        raise NotImplementedError

    def release_use(self, day: int, _: object) -> None:
        """Get the use of atone back (`bench.naive_member`)."""
        raise NotImplementedError

    # -- bills -------------------------------------------------------------------------------------

    def close_month(self, day: int, _: object) -> None:
        """Accrue, net credits, make the bill of the month (NP-28.1)."""
        net_first = self.lender.terms.refund == "net_first"
        if self.spell and not self.is_written_off:
            for bill in self.bills:
                self.accrue(day, bill)
        if self.credit:
            if net_first or self.spell:
                self.net_credit(day)
            else:
                self.refund_credit(day)
        has_claims = self.month_uses or self.claimed_damages or self.claimed_admin
        if has_claims and not self.is_written_off:
            bill = self.make_bill(day)
            if self.credit and net_first:
                self.net_credit(day)
            statement_day = self.lender.statement_day[bill.month]
            self.plan(Step.STATEMENT, statement_day, self.show_statement, bill)
            if bill.status == "open":
                self.plan_bill(bill)

    def make_bill(self, day: int) -> Bill:
        """Put the month on a bill, with fees and due day (NP-25.2, NP-28.9)."""
        lender, terms, month = self.lender, self.lender.terms, self.lender.month_of[day]
        unit, uses = lender.unit_fee[self.method], self.month_uses
        fee = lender.fee_with_tax(unit, uses)
        price, damages, admin = self.month_price, self.claimed_damages, self.claimed_admin
        method, claim = self.method, price + fee + damages + admin
        if claim > terms.high_bill_yen and method != PayMethod.DIRECT_DEBIT:
            method = int(PayMethod.BANK_TRANSFER)
        due_day = lender.due_day[month][method]
        bill = Bill(month, method, due_day, price, fee, damages, admin)
        self.bills.append(bill)
        self.month_uses = self.month_price = self.claimed_damages = self.claimed_admin = 0
        net = unit * (min(uses, 1) if terms.fees.unit == "per_statement" else uses)
        lender.post("service_fee", day, net)
        lender.post("service_fee_tax", day, fee - net)
        lender.log("bill_closed", day, claim)
        return bill

    def plan_bill(self, bill: Bill) -> None:
        """Draw why and when the bill will be paid; plan what happens on the way."""
        lender, rng, repayment = self.lender, self.rng, self.lender.config.behaviour.repayment
        bill.reason = self.draw_reason(bill)
        bill.u = 1.0 - rng.random()
        by_hand = bill.method != PayMethod.DIRECT_DEBIT
        bill.is_paid_twice = by_hand and rng.random() < repayment.paid_twice_share
        self.n_bills += 1
        self.plan(Step.FALL_DUE, bill.due_day, self.fall_due, bill)
        if not by_hand:
            self.plan(Step.DEBIT, bill.due_day, self.debit, bill)
            return
        bill.pays_on = self.punctual_day(bill)
        if bill.reason == Reason.PUNCTUAL:
            self.plan(Step.PAY, bill.pays_on, self.pay, bill)
        if days_before := lender.config.collections.reminder_days:
            day = max(bill.due_day - days_before, lender.statement_day[bill.month])
            self.plan(Step.REMIND, day, self.remind, bill)

    def punctual_day(self, bill: Bill) -> int:
        """Give the day on which a punctual payment counts, for a few a day too late (NP-28.4)."""
        rng, repayment = self.rng, self.lender.config.behaviour.repayment
        first, lag = self.lender.statement_day[bill.month], self.lender.reflection[bill.method]
        ignores_lag = rng.random() < repayment.ignores_reflection
        last = max(bill.due_day - (0 if ignores_lag else lag), first)
        window = last - first + 1
        if rng.random() < repayment.pays_on_last_days_share:
            return last - rng.randrange(min(window, 3)) + lag
        return first + rng.randrange(window) + lag

    def draw_reason(self, bill: Bill) -> int:
        """Draw why the bill will not be paid in time, if so."""
        lender, macro = self.lender, self.lender.config.macro
        behaviour = lender.config.behaviour
        terms = behaviour.repayment
        young = terms.young_multiple if self.age < 20 else 1.0
        new = terms.new_member_multiple if self.n_bills < terms.new_member_bills else 1.0
        slip = terms.invoice_forget_multiple if bill.method == PayMethod.INVOICE else 1.0
        forgets = terms.forgets * self.carelessness * young * slip
        if bill.method == PayMethod.DIRECT_DEBIT:
            forgets = 0.0
        short = min(terms.short_of_cash * self.strain * young * new, terms.ceiling)
        short = min(short * macro.stress_multiplier, terms.ceiling)
        short = lender.conditional(short, bill.month + 1)
        u = self.rng.random()
        in_hardship = self.hardship_until >= bill.due_day
        if self.never_pays:
            return Reason.NEVER_PAYS
        if in_hardship and self.rng.random() < behaviour.hardship.misses_bill:
            return Reason.HARDSHIP
        if u < short:
            return Reason.SHORT_OF_CASH
        return Reason.FORGETFUL if u < short + min(forgets, terms.ceiling) else Reason.PUNCTUAL

    def show_statement(self, day: int, bill: Bill) -> None:
        """See the statement (NP-28.5)."""
        self.lender.log("statement_shown", day)
        if bill.status == "open":
            self.lender.post("bill_cost", day, self.lender.bill_cost[bill.method])

    def remind(self, day: int, bill: Bill) -> None:
        """Hear of the open bill before it falls due."""
        if bill.status == "open":
            lender = self.lender
            lender.log("reminder_sent", day)
            lender.post("contact_cost", day, lender.config.collections.reminder_cost_yen)
            heeded = lender.config.behaviour.repayment.reminder_heeded
            if bill.reason == Reason.FORGETFUL and self.rng.random() < heeded:
                bill.reason = Reason.PUNCTUAL
                bill.pays_on = max(day + lender.reflection[bill.method], bill.due_day - 1)
                self.plan(Step.PAY, bill.pays_on, self.pay, bill)

    # -- payments ----------------------------------------------------------------------------------

    def pay(self, day: int, bill: Bill) -> None:
        """Pay a bill by hand; it waits while an older one is overdue, until it falls due too."""
        if bill.status != "open" or bill.pays_on != day:
            return
        if not self.spell:
            self.pay_in_full(day, bill)
        elif day < bill.due_day:
            bill.pays_on = day + 1
            self.plan(Step.PAY, bill.pays_on, self.pay, bill)

    def debit(self, day: int, bill: Bill) -> None:
        """Have the account debited; short of balance it costs a fee (NP-25.3)."""
        if bill.status != "open":
            return
        if bill.reason == Reason.PUNCTUAL:
            self.pay_in_full(day, bill)
            return
        lender, fees = self.lender, self.lender.terms.fees
        gross = lender.fee_with_tax(fees.failed_debit_yen, 1)
        bill.fee += gross
        bill.method = int(PayMethod[lender.terms.failed_debit_method.upper()])
        lender.post("failed_debit_fee", day, fees.failed_debit_yen)
        lender.post("failed_debit_fee_tax", day, gross - fees.failed_debit_yen)
        lender.log("debit_failed", day, bill.claim)

    def pay_in_full(self, day: int, bill: Bill) -> None:
        """Pay an open bill, some of them twice (NP-29.2)."""
        claim = bill.claim
        self.settle(day, [bill], claim, "paid")
        self.lender.log("bill_paid", day, claim)
        self.bills_on_time += day <= bill.due_day
        if bill.is_paid_twice:
            self.credit += claim
            self.lender.post("overpaid", day, claim)
            self.lender.log("overpaid", day, claim)

    def settle(self, day: int, bills: list[Bill], cash: int, kind: str) -> int:
        """Allocate money, oldest bill first; write what is left and give what was not needed."""
        for bill in bills:
            if not cash:
                break
            damages_due = self.claim_of(bill) - bill.admin - bill.fee - bill.price
            claims = (bill.admin, damages_due, bill.fee, bill.price)
            paid = []
            for claim in claims:
                paid.append(min(claim, cash))
                cash -= paid[-1]
            self.book(day, bill, paid, kind)
            admin, damages, fee, price = paid
            bill.admin -= admin
            bill.fee -= fee
            bill.price -= price
            billed = min(damages, bill.damages)
            bill.damages -= billed
            bill.late -= damages - billed
            if fee + price and bill.fee + bill.price:
                bill.accrues_from, bill.accrued = day, 0
            if bill.claim == 0:
                self.claimed_damages += bill.late
                bill.status = "paid"
        self.last_paid_day = day
        self.bills = [bill for bill in self.bills if bill.status != "paid"]
        return cash

    def book(self, day: int, bill: Bill, paid: list[int], kind: str) -> None:
        """Post the parts of a payment."""
        lender, source = self.lender, "cash" if kind == "paid" else "credit"
        if bill.status == "written_off":
            source = "recovery"
            lender.post("recovered" if kind == "paid" else "credit_recovered", day, sum(paid))
        else:
            self.unsettled -= paid[3]
            for part, yen in zip(PARTS, paid, strict=True):
                lender.post(f"{part}_{kind}", day, yen)
            if self.spell and self.spell.is_placed:
                source = "agency"
        lender.paid_by_delay[source, bill.month, day - bill.due_day] += paid[3]

    def claim_of(self, bill: Bill) -> int:
        """Give what is asked for; late damages usually wait for the next bill (C-60)."""
        with_late = (
            self.is_written_off
            or (self.spell is not None and self.spell.is_placed)
            or self.lender.terms.late.collect == "with_payment"
        )
        return bill.claim + bill.late if with_late else bill.claim

    def pay_arrears(self, day: int, spell: Spell) -> None:
        """Pay all that is overdue."""
        if self.spell is spell and spell.pays_on == day:
            overdue = [bill for bill in self.bills if bill.status != "open"]
            for bill in overdue:
                self.accrue(day, bill)
            self.collect(day, sum(map(self.claim_of, overdue)))

    def collect(self, day: int, cash: int) -> None:
        """Take cash on arrears; the law firm gets its part of what comes in on its cases."""
        assert self.spell is not None
        contingency = self.lender.config.collections.law_firm.contingency
        self.lender.log("recovered" if self.is_written_off else "bill_paid_late", day, cash)
        if self.spell.is_placed:
            self.lender.post("agency_fee", day, int(cash * contingency))
        self.settle(day, self.bills, cash, "paid")
        self.end_spell(day)

    def net_credit(self, day: int) -> None:
        """Set off what the lender owes (NP-28.10)."""
        for bill in self.bills:
            self.accrue(day, bill)
        left = self.settle(day, self.bills, self.credit, "netted")
        if left < self.credit:
            self.lender.log("bill_netted", day, self.credit - left)
        self.credit = left
        self.end_spell(day)

    def refund_credit(self, day: int) -> None:
        """Transfer what the lender owes."""
        fee = min(self.credit, self.lender.terms.refund_fee_yen)
        self.lender.post("refund_paid", day, self.credit - fee)
        self.lender.post("refund_fee", day, fee)
        self.lender.log("refund_paid", day, self.credit - fee)
        self.credit = 0

    # -- arrears -----------------------------------------------------------------------------------

    def accrue(self, day: int, bill: Bill) -> None:
        """Post late damages up to and including a day (NP-30.1)."""
        if bill.status == "overdue":
            lender, rate = self.lender, self.lender.terms.late.rate
            weight = lender.weight[day] - lender.weight[bill.accrues_from]
            yen = (bill.price + bill.fee) * rate.numerator * weight
            total = yen // (rate.denominator * YEAR_WEIGHT)
            lender.post("late_damages", day, total - bill.accrued)
            bill.late += total - bill.accrued
            bill.accrued = total

    def end_spell(self, day: int) -> None:
        """End the arrears if nothing overdue is left."""
        spell = self.spell
        if not spell:
            return
        overdue = [bill.due_day for bill in self.bills if bill.status != "open"]
        if overdue:
            spell.overdue_since = min(overdue)
            return
        self.worst_days_past_due = max(self.worst_days_past_due, day - spell.start)
        if spell.work:
            spell.work.withdraw()
        self.spell, self.is_written_off = None, False
        self.release_day = day + 1 + self.lender.terms.release_cooldown_days
        self.plan(Step.RELEASE, self.release_day, self.release_use)

    def find_bucket(self, day: int) -> str:
        """Give the days past due at a month's end as a bucket."""
        if self.status in ("applicant", "rejected"):
            return "not_a_member"
        if self.is_written_off:
            return "written_off"
        if self.spell and day > self.spell.overdue_since:
            days = day - self.spell.overdue_since
            return BUCKETS[bisect_left((30, 60, 90, 180), days)]
        return "current" if self.unsettled > 0 else "no_debt"
