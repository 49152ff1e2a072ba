"""Uses that aim at cash: found out, they stop the account, and end it when they come again."""

import numpy as np

from models.arrays import Ints
from models.clauses import implements
from models.kernels.groups import distinct
from models.policy.np_conduct import Ground
from models.products.au_pay.measures import MeasureGround
from models.products.catalogue import Lender
from sim.engine.au_pay.measures import take_measure
from sim.engine.members.conduct import act_on
from sim.engine.state.portfolio import PurchaseStatus
from sim.engine.state.use_log import log_uses
from sim.engine.state.world import CONTACT_MINUTE, MINUTES_PER_DAY, World
from sim.record.eventlog import Activity

CARRIED_OUT = (PurchaseStatus.AUTHORISED, PurchaseStatus.POSTED)
MEASURE_OF_GROUND = {
    Ground.CASH_OUT: MeasureGround.CASH_OUT,
    Ground.BREACH: MeasureGround.BREACH,
}
"""Ground of AU-41.1 by that of NP-7.1 for the same conduct."""


@implements("NP-9.1", "NP-9.2", "NP-19", "AU-24.12")
def find_cash_out(world: World, day: int, purchases: Ints) -> None:
    """Act on uses that were found to aim at cash, as far as they were carried out."""
    table = world.purchases
    purchases = purchases[np.isin(table.status[purchases], CARRIED_OUT)]
    if not purchases.size:
        return
    rows = table.member[purchases]
    log_uses(world, Activity.CASH_OUT_FOUND, day * MINUTES_PER_DAY + CONTACT_MINUTE, purchases)
    answer(world, day, distinct(rows), Ground.CASH_OUT)


@implements("NP-31.2", "NP-9.1")
def answer_breach(world: World, day: int, rows: Ints) -> None:
    """Act on breaches that inquiries have proved."""
    answer(world, day, rows, Ground.BREACH)


def answer(world: World, day: int, rows: Ints, ground: Ground) -> None:
    """Do what the lender's terms declare (NP-7.1, AU-41.1)."""
    if world.lender == Lender.NP:
        act_on(world, day, rows, ground)
    else:
        take_measure(world, day, rows, MEASURE_OF_GROUND[ground])
