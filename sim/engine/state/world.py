"""One lender's world: terms, state, books, agenda and desks, as the steps see them.

A pass holds one or several replications as extra member rows; they share the clock and nothing
else. The same row is the same person in the world of every lender. Everything derived from the
configuration is computed once here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from models.arrays import Floats, Ints
from models.calendar import Calendar
from models.kernels import net_and_tax
from models.members.repayment import next_payday, unpaid_tables
from models.members.spending import price_table
from models.policy.economics import bill_cost
from models.policy.hours import Hours
from models.policy.np_admission import AdmissionGround, grounds_met
from models.policy.staffing import Team
from models.products.atone import due_days
from models.products.au_pay.timetable import Timetable
from models.products.catalogue import Lender, PayMethod, Product
from models.products.common import LenderTerms
from models.products.np_atobarai import ORDER_PRODUCTS
from sim.config import Config
from sim.engine.agenda import Agenda
from sim.engine.contract import Contract
from sim.engine.desks.desk import Desk
from sim.engine.desks.roster import Roster
from sim.engine.state.au_credit import Credit
from sim.engine.state.au_portfolio import Revolving, SingledOut
from sim.engine.state.case_book import CaseBook
from sim.engine.state.due_index import DueIndex
from sim.engine.state.economy import Economy
from sim.engine.state.incidents import Incidents
from sim.engine.state.ladders import LadderPlan, Rungs, ladder_plans, rungs_of, stages_by_step
from sim.engine.state.legal_portfolio import Arrangements, Proceedings
from sim.engine.state.np_portfolio import InstalmentPlans, Orderers, PointBooks
from sim.engine.state.portfolio import Dues, Members, Purchases
from sim.engine.state.script import Script
from sim.record.activity_log import EventLog
from sim.record.ledger import Ledger
from sim.record.spells import Spells
from sim.record.tallies import MemberTallies, PaymentDelays, Snapshots, Stages
from sim.record.workouts import Workouts
from sim.rng import Four, Stream

MINUTES_PER_DAY = 1440
END_OF_DAY = MINUTES_PER_DAY - 1
"""Minute of day shown for what a night posts on the business day it closes."""
BEFORE_PAYMENTS = END_OF_DAY - 1
"""Minute shown for what is billed and paid in one night."""
CONTACT_MINUTE = 8 * 60
"""Minute of day shown for messages and letters (no contact before 08:00)."""
DESK_NUMBERS = {"review": 0, "calls": 1, "law_firm": 2, "clerks": 3, "court": 4}
"""Numbers of the desks in draws: a new desk takes a new number."""
PERSONS_PER_DESK = 1 << 16
DAYS_BEYOND = 60
"""Days after the end of the run for which payments are still planned, at least."""
LAST_PAYDAY = 31


@dataclass
class Desks:
    """The desks of one replication."""

    review: Desk
    calls: Desk
    law_firm: Desk
    clerks: Desk
    court: Desk


@dataclass(frozen=True)
class Derived:
    """Tables computed once from the configuration."""

    unpaid: Floats  # (5, days): share unpaid by reason and days past due
    prices: Ints  # price quantiles
    order_prices: Mapping[Product, Ints]  # price quantiles of orders
    order_fee: tuple[int, int]  # of an order: yen before tax, and tax
    late_admin_fee: tuple[int, int]  # likewise
    next_payday: Ints  # on or after a day, (32, days): by day of month of the wages, and day
    due_day: Ints  # (months, 5): due day by closed month and pay method
    statement_day: Ints  # by closed month
    bill_cost: Ints  # by pay method
    reflection: Ints  # days by pay method
    ladders: tuple[LadderPlan, ...]  # by strategy
    rungs: Rungs  # of all ladders
    strategy_weights: tuple[int, ...]
    stages: tuple[str, ...]  # of collection: `Stages.BEYOND`, then those of the ladders
    stage_of_step: Ints  # place in `stages` by strategy and steps taken; the last one goes on
    effects: Floats  # what is left of the effect of a contact, by number of earlier ones
    grounds: tuple[AdmissionGround, ...]  # for a refusal that anybody can meet
    au_days: Timetable  # due dates and fee months of au PAY Atobarai
    outages: frozenset[int]  # days on which nothing can be bought (NP-10.1)

    @property
    def has_call_priority(self) -> bool:
        """Whether any strategy calls in another order than first come, first served."""
        return any(ladder.call_priority != "first_come" for ladder in self.ladders)


class World:
    """Everything a step may read or write.

    Parameters
    ----------
    economy
        What this lender shares with the others.
    lender
        Whose world.
    """

    agenda: Agenda
    contract: "Contract[World]"
    nights_of_everybody: frozenset[int]
    """Nights on which something is done with everybody; on others the agenda names all there is."""

    def __init__(self, economy: Economy, lender: Lender) -> None:
        self.economy = economy
        self.lender = lender
        self.stages: dict[int, Config] = {
            (date - economy.config.start).days: stage.seen_by(lender)
            for date, stage in economy.config.stages()
        }
        """The run as this lender sees it, by the day from whose morning on it holds."""
        self.calendar = economy.calendar
        self.adopt(self.stages[0])
        config = self.config
        self.replications = economy.replications
        self.env = economy.env
        self.chunk_rows = economy.chunk_rows
        self.n_days = economy.n_days
        self.n_members = economy.n_members
        self.persons = economy.persons
        n_rows, n_replications = self.persons.size, self.replications.size
        month_of = self.calendar.month_of[: self.n_days + 1]
        shape = (n_replications, self.n_members, month_of, economy.is_recorded)
        self.by_member = MemberTallies(n_rows)
        self.by_member.append(n_rows)
        self.ledger = Ledger(lender, *shape, self.by_member)
        self.log = EventLog(*shape, self.by_member)
        self.members = Members(n_rows)
        self.members.append(n_rows)
        monthly = config.behaviour.spending.uses_per_year / 12
        self.purchases = Purchases(int(n_rows * monthly * config.months * 1.1))
        self.dues = Dues(int(n_rows * config.months * min(0.5, monthly)))
        self.due_index = DueIndex(n_rows)
        self.incidents = Incidents()
        offered = config.products
        self.sells_orders = lender == Lender.NP and offered.np_atobarai.is_offered
        self.orderers = Orderers(n_rows if self.sells_orders else 0)
        if self.sells_orders:
            self.orderers.append(n_rows)
        self.points: PointBooks | None = None
        if lender == Lender.NP and offered.np_points.enabled:
            self.points = PointBooks(n_rows, int(month_of[-1]) + 1)
        self.plans = InstalmentPlans(0)
        self.credit = Credit(n_rows) if lender == Lender.AU else None
        self.revolving = Revolving(n_rows if lender == Lender.AU else 0)
        if lender == Lender.AU:
            self.revolving.append(n_rows)
        self.singled_out = SingledOut(n_rows if lender == Lender.AU else 0)
        self.proceedings = Proceedings(n_rows)
        self.proceedings.append(n_rows)
        self.arrangements = Arrangements(n_rows)
        self.arrangements.append(n_rows)
        self.desks = self._open_desks()
        self.cases = CaseBook(n_rows)
        self._open_tallies()
        self.funded_yen_days = np.zeros(n_replications, dtype=np.int64)
        self.script: Script | None = None
        """What a scripted member does; None: everybody behaves as drawn."""
        self.same_identifier: tuple[Ints, Ints] | None = None
        """Pairs of rows with a common phone number or e-mail, found on first use."""
        self.others: list[World] = []
        """Worlds of the other lenders."""

    def _open_tallies(self) -> None:
        """Open what is counted beside postings and events."""
        self.statistics_of_desks = [
            desk.statistics for desks in self.desks for desk in vars(desks).values()
        ]
        shape, n_rows = (self.replications.size, self.config.months), self.persons.size
        month_of = self.calendar.month_of[: self.n_days + 1]
        self.delays = PaymentDelays(*shape, self.n_members)
        self.collection = Stages(*shape, self.n_members)
        self.snapshots = Snapshots(*shape, n_rows)
        self.spells = Spells(shape[0], n_rows, month_of)
        self.workouts = Workouts(shape[0], n_rows, month_of)

    def adopt(self, config: Config) -> None:
        """Let terms hold from now on; what is billed already keeps its own."""
        self.config = config
        self.terms: LenderTerms = config.terms_of(self.lender)
        self.atone = config.products.atone
        self.au = config.products.au_pay
        self.derived = derive(config, self.calendar)

    def part(self) -> None:
        """Let go of what holds this world, too: else its memory waits for a search for garbage."""
        self.others.clear()
        self.cases.alarms.clear()

    def members_of(self, owner: str, rows: Ints) -> Ints:
        """Give the member rows that own rows of a table; `Task.owner` names the table."""
        match owner:
            case "purchase":
                return self.purchases.member[rows]
            case "due":
                return self.dues.member[rows]
            case "plan":
                return self.plans.member[rows]
            case "lot" if self.points is not None:
                return self.points.lots.member[rows]
            case "earning" if self.points is not None:
                return self.points.earnings.member[rows]
            case "incident":
                return self.incidents.member[rows]
            case _:
                return rows

    def next_payday(self, rows: Ints, days: Ints) -> Ints:
        """Give the first payday of members on or after a day of each, shape (n,)."""
        return self.derived.next_payday[self.persons.payday[rows], days]

    def uniforms(self, stream: Stream, rows: Ints, occurrence: Ints | int) -> Floats:
        """Draw the block of each member row at this lender, shape (4, n)."""
        return self.economy.uniforms(stream, rows, occurrence, self.lender)

    def blocks(self, blocks: Sequence[tuple[Stream, Ints | int]], rows: Ints) -> Floats:
        """Draw several blocks of each member row at this lender at once, shape (4, blocks, n)."""
        return self.economy.blocks(blocks, rows, self.lender)

    def uniforms_of_one(self, stream: Stream, row: int, occurrence: int) -> Four:
        """Draw the block of one member row at this lender."""
        replication, number = divmod(row, self.n_members)
        return self.economy.rng.one(
            stream, int(self.replications[replication]), number, occurrence, self.lender
        )

    def factor_of(self, rows: Ints, month: int) -> Floats:
        """Give the macro factor that member rows feel in a month, shape (n,)."""
        return self.economy.factor_of(rows, month)

    def sum_of_rows(self, column: Ints) -> Ints:
        """Sum a column by replication; it has a value for each member row, or none at all."""
        rows = column[: self.members.size].reshape(self.replications.size, -1)
        return np.asarray(rows.sum(axis=1, dtype=np.int64))

    def desks_of(self, row: int) -> Desks:
        """Give the desks of a member row's replication."""
        return self.desks[row // self.n_members]

    def _open_desks(self) -> list[Desks]:
        """Open the desks of all replications."""
        config = self.config
        review = config.screening.review_desk
        calls = config.collections.call_desk
        law_firm = config.collections.law_firm
        clerks, court = config.collections.law.clerk_desk, config.collections.law.court_desk
        by_name = {
            "review": self._open("review", review.reviewers, review.hours, review.team),
            "calls": self._open("calls", calls.callers, calls.hours, calls.team),
            "law_firm": self._open("law_firm", law_firm.clerks, law_firm.hours, law_firm.team),
            "clerks": self._open("clerks", clerks.clerks, clerks.hours, clerks.team),
            "court": self._open("court", court.clerks, court.hours, court.team),
        }
        return [
            Desks(**dict(zip(by_name, desks, strict=True)))
            for desks in zip(*by_name.values(), strict=True)
        ]

    def _open(self, name: str, n_staff: int, hours: Hours, team: Team) -> list[Desk]:
        """Open one desk in each replication; only absence makes people differ between them."""
        number = DESK_NUMBERS[name]

        def roster_of(replication: int) -> Roster:
            def draw(person: int, days: Ints) -> Floats:
                entity = number * PERSONS_PER_DESK + person
                rng = self.economy.rng
                return rng.uniforms(Stream.DUTY, replication, entity, days, self.lender)

            return Roster.of(team, n_staff, hours, self.calendar, draw)

        replications = self.replications.tolist()
        if team.absent_share or team.falls_ill_share:
            rosters = [roster_of(replication) for replication in replications]
        else:
            rosters = [roster_of(replications[0])] * len(replications)
        prefix = "" if self.lender == Lender.NP else f"{self.lender.name.lower()}_"
        return [
            Desk(
                self.env,
                prefix + name,
                roster,
                month_of=self.calendar.month_of[: self.n_days],
                ageing_days=team.ageing_days,
                outside=team.outside,
            )
            for roster in rosters
        ]


def derive(config: Config, calendar: Calendar) -> Derived:
    """Compute the tables of a configuration."""
    terms = config.products.atone
    collections, membership = config.collections, config.products.np_membership
    months = np.arange(config.months)
    ladders = ladder_plans(collections)
    stages, stage_of_step = stages_by_step(ladders)
    return Derived(
        unpaid=unpaid_tables(config.behaviour.repayment, calendar.n_days + DAYS_BEYOND),
        prices=price_table(config.behaviour.spending),
        order_prices={
            product: price_table(config.behaviour.orders.spending_on(product))
            for product in (ORDER_PRODUCTS if config.products.np_atobarai.is_offered else ())
        },
        order_fee=net_and_tax(config.products.np_atobarai.fee_yen, terms.fees.tax_rate),
        late_admin_fee=net_and_tax(terms.late.admin_fee_yen, terms.fees.tax_rate),
        next_payday=_next_paydays(calendar),
        due_day=np.array([due_days(terms.due, calendar, int(month)) for month in months]),
        statement_day=np.array(
            [calendar.nth_business_day(int(m) + 1, terms.statement_business_day) for m in months]
        ),
        bill_cost=bill_cost(config.economics.cost_per_bill),
        reflection=np.array(
            [getattr(terms.reflection, method.name.lower()) for method in PayMethod]
        ),
        ladders=ladders,
        rungs=rungs_of(collections),
        strategy_weights=tuple(one.weight for one in collections.strategies) or (1,),
        stages=stages,
        stage_of_step=stage_of_step,
        effects=collections.contacts.effects(),
        grounds=grounds_met(membership.admission, membership.antisocial, membership.identifiers),
        au_days=Timetable.of(config.products.au_pay, calendar),
        outages=frozenset((day - config.start).days for day in membership.outages),
    )


def _next_paydays(calendar: Calendar) -> Ints:
    """Tabulate the next payday by day of month of the wages and by day, some beyond the run."""
    days, paydays = np.arange(calendar.n_days + DAYS_BEYOND), np.arange(LAST_PAYDAY + 1)
    return next_payday(days, paydays[:, np.newaxis], calendar.month_of, calendar.month_first)
