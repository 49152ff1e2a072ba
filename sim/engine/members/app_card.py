"""The app card: who gets one, and its annual fee (NP-50 to NP-53)."""

import numpy as np

from models.arrays import Ints
from models.clauses import implements
from models.kernels import with_tax
from models.products.app_card import gets_card
from sim.engine.agenda import Task
from sim.engine.members.status import is_member
from sim.engine.state.portfolio import Status
from sim.engine.state.world import MINUTES_PER_DAY, World
from sim.record.eventlog import Activity
from sim.record.postings import Posting
from sim.rng import Stream
from sim.table import add_at

MONTHS_PER_YEAR = 12


@implements("NP-50.1", "NP-50.2", "NP-50.3", "NP-53")
def offer_cards(world: World, day: int, rows: Ints) -> None:
    """Answer members who ask for an app card at the beginning of a month."""
    terms = world.config.products.app_card
    if not terms.asks_per_month or world.calendar.day_of_month[day] != 1:
        return
    members, month = world.members, int(world.calendar.month_of[day])
    rows = rows[is_member(world, rows) & ~members.has_app_card[rows]]
    rows = rows[world.uniforms(Stream.APP_CARD, rows, month)[0] < terms.asks_per_month]
    since = int(world.calendar.month_first[max(month - terms.months_without_arrears, 0)])
    is_active = members.status[rows] == Status.ACTIVE
    issued = gets_card(terms, is_active, _last_arrears(world, day, rows), since)
    world.log.add(Activity.CARD_REFUSED, day * MINUTES_PER_DAY, rows[~issued])
    rows = rows[issued]
    members.has_app_card[rows] = True
    world.log.add(Activity.CARD_ISSUED, day * MINUTES_PER_DAY, rows)
    if terms.annual_fee_yen and rows.size:
        charge_card_fee(world, day, rows)


def _last_arrears(world: World, day: int, rows: Ints) -> Ints:
    """Give the last day on which something was overdue, negative if never, shape (n,)."""
    members = world.members
    ended = members.release_day[rows] - 1 - world.terms.release_cooldown_days
    return np.where(members.overdue_since[rows] >= 0, day, ended)


@implements("NP-51")
def charge_card_fee(world: World, day: int, rows: Ints) -> None:
    """Charge the annual fee with the next bill, and again a year later."""
    members, terms = world.members, world.config.products.app_card
    rows = rows[is_member(world, rows)]
    fees = world.atone.fees
    gross = int(with_tax(terms.annual_fee_yen, fees.tax_rate, fees.tax_rounding))
    net = terms.annual_fee_yen
    world.ledger.post(Posting.CARD_FEE, day, rows, np.full(rows.size, net))
    world.ledger.post(Posting.CARD_FEE_TAX, day, rows, np.full(rows.size, gross - net))
    world.log.add(
        Activity.CARD_FEE_CHARGED, day * MINUTES_PER_DAY, rows, yen=np.full(rows.size, gross)
    )
    add_at(members.claimed_fee_yen, rows, np.full(rows.size, gross))
    next_year = int(world.calendar.month_of[day]) + MONTHS_PER_YEAR
    if next_year < world.config.months:
        again = int(world.calendar.month_first[next_year])
        world.agenda.schedule(Task.CARD_FEE, again, rows)
