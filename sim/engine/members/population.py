"""The population: persons get their traits, and each lender its applicants, before day one."""

from collections.abc import Sequence

import numpy as np

from models.arrays import Floats
from models.members.population import Traits, draw_traits
from models.members.spending import price_scale, uses_per_month
from models.products.catalogue import Lender, PayMethod
from sim.engine.agenda import NEVER, Task
from sim.engine.au_pay.revolving import begin_accounts
from sim.engine.members.customers import invite_orderers, invite_savers
from sim.engine.state.economy import Economy
from sim.engine.state.world import World
from sim.rng import Stream

SHARED = (
    "age",
    "monthly_net_yen",
    "carelessness",
    "strain",
    "never_pays",
    "payday",
    "np_uses",
    "np_late",
)
"""Traits that a person has whoever lends."""


def populate(economy: Economy, worlds: Sequence[World]) -> None:
    """Fill the traits of all persons and plan their applications at every lender."""
    persons = economy.persons
    entry = _entry(economy, Lender.NP)
    of_person = _traits(economy, entry)
    for name in SHARED:
        getattr(persons, name)[: persons.size] = getattr(of_person, name)
    _give_identifiers(economy)
    for world in worlds:
        if world.lender == Lender.NP:
            _invite(world, of_person, entry)
        else:
            entry_there = _entry(economy, world.lender)
            _invite(world, _traits(economy, entry_there), entry_there)


def _give_identifiers(economy: Economy) -> None:
    """Write whose phone number and e-mail address persons give: their own, or another's."""
    terms, persons = economy.config.products.np_membership.identifiers, economy.persons
    if not terms.shared_phone + terms.shared_email:
        return
    rows = np.arange(persons.size)
    u = economy.uniforms(Stream.IDENTIFIER, rows, 0, Lender.NP)
    for column, is_shared, whose in (
        (persons.phone, u[0] < terms.shared_phone, u[1]),
        (persons.email, u[2] < terms.shared_email, u[3]),
    ):
        others = np.floor(whose * economy.n_members).astype(np.int64)
        column[rows] = np.where(is_shared, others, persons.number[rows])


def _entry(economy: Economy, lender: Lender) -> Floats:
    """Draw what the traits of all persons towards one lender depend on, shape (4, n)."""
    return economy.uniforms(Stream.MEMBER_ENTRY, np.arange(economy.persons.size), 0, lender)


def _traits(economy: Economy, entry: Floats) -> Traits:
    """Draw the traits of all persons, those that depend on the lender by the block of its own."""
    config = economy.config
    rows = np.arange(economy.persons.size)
    repayment = config.behaviour.repayment
    return draw_traits(
        config.population,
        economy.n_days,
        economy.uniforms(Stream.MEMBER_TRAITS, rows, 0, Lender.NP),
        economy.uniforms(Stream.MEMBER_HISTORY, rows, 0, Lender.NP),
        entry,
        repayment.forgets + repayment.short_of_cash,
        PayMethod[config.products.atone.default_method.upper()],
    )


def _invite(world: World, traits: Traits, entry: Floats) -> None:
    """Write what a lender's contract needs of the traits and plan the applications."""
    members, spending = world.members, world.config.behaviour.spending
    rows = np.arange(members.size)
    n = members.size
    members.pay_method[:n] = (
        traits.pay_method if world.lender == Lender.NP else PayMethod.DIRECT_DEBIT
    )
    members.uses_per_month[:n] = uses_per_month(spending, traits.spending)
    if world.lender == Lender.AU:
        begin_accounts(world, rows)
    members.price_scale[:n] = price_scale(spending, entry[3])
    applies = entry[1] < world.config.lenders.au.applicants_share
    if world.lender == Lender.NP:
        applies[:] = world.config.products.atone.enabled
        invite_orderers(world)
        invite_savers(world)
    members.application_day[:n] = np.where(applies, traits.application_day, NEVER)
    world.agenda.schedule(Task.APPLY, traits.application_day[applies], rows[applies])
