"""The law firm: which cases are handed over, and what its rounds bring."""

import numpy as np

from models.arrays import Ints
from models.clauses import implements
from models.kernels.exact import floor_of_share
from models.products.catalogue import Lender
from sim.engine.cases.course import open_agency_cases, withdraw_cases
from sim.engine.dues.acceleration import accelerate
from sim.engine.dues.payments import collect_arrears
from sim.engine.dues.settlement import accrued_claims
from sim.engine.state.case_book import Kind
from sim.engine.state.world import CONTACT_MINUTE, END_OF_DAY, MINUTES_PER_DAY, World
from sim.record.eventlog import Activity
from sim.rng import Stream, repeated


@implements("COLL-04", "ART-11")
def hand_over(world: World, day: int, rows: Ints) -> None:
    """Hand most cases to the law firm; the lender stops dunning them itself."""
    if not rows.size:
        return
    members = world.members
    u = world.uniforms(Stream.HAND_OVER, rows, members.spell_start[rows])[0]
    goes = u < world.config.collections.law_firm.probability
    minute = day * MINUTES_PER_DAY + CONTACT_MINUTE
    world.log.add(Activity.KEPT_IN_HOUSE, minute, rows[~goes])
    rows = rows[goes]
    world.log.add(Activity.HANDED_OVER, minute, rows, resource="law_firm")
    withdraw_cases(world, rows, (Kind.CALL,))  # papers before the court go on
    members.is_placed[rows] = True
    if world.lender == Lender.NP and world.atone.accelerate_on_arrears == "at_lawfirm":  # C-15
        accelerate(world, day, rows)
    open_agency_cases(world, rows)


@implements("COLL-04")
def take_agency_work(world: World, day: int, rows: Ints) -> None:
    """Post the law firm's rounds of a day; some bring the claim or a part of it."""
    members, firm = world.members, world.config.collections.law_firm
    rows = rows[(members.overdue_since[rows] >= 0) & (world.persons.died_day[rows] < 0)]
    if not rows.size:
        return
    minute = day * MINUTES_PER_DAY + END_OF_DAY
    world.log.add(Activity.AGENCY_ROUND, minute, rows, resource="law_firm")
    key = repeated(members.spell_start[rows], members.agency_round[rows])
    u = world.uniforms(Stream.AGENCY, rows, key)
    pays = u[1] < firm.pays.by_reason()[members.spell_reason[rows]]
    rows, whole = rows[pays], u[2][pays] < firm.whole_share
    if not rows.size:
        return
    claim = accrued_claims(world, day, rows)
    cash = np.where(whole, claim, floor_of_share(claim, firm.part, "part of a claim"))
    world.log.add(Activity.AGENCY_COLLECTED, minute, rows, yen=cash, resource="law_firm")
    collect_arrears(world, day, rows, cash)
