"""The population: persons get their traits, and each lender its applicants, before day one."""

from collections.abc import Sequence

import numpy as np

from models.members.population import Traits, draw_traits
from models.members.spending import price_scale, uses_per_month
from models.products.catalogue import Lender, PayMethod
from sim.engine.agenda import NEVER, Task
from sim.engine.au_revolving import begin_accounts
from sim.engine.customers import invite_orderers, invite_savers
from sim.engine.economy import Economy
from sim.engine.world import World
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
    of_person = _traits(economy, Lender.NP)
    for name in SHARED:
        getattr(persons, name)[: persons.size] = getattr(of_person, name)
    _give_identifiers(economy)
    for world in worlds:
        is_first = world.lender == Lender.NP
        _invite(world, of_person if is_first else _traits(economy, world.lender))


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


def _traits(economy: Economy, lender: Lender) -> Traits:
    """Draw the traits of all persons, those that depend on the lender as towards this one."""
    config = economy.config
    rows = np.arange(economy.persons.size)
    repayment = config.behaviour.repayment
    return draw_traits(
        config.population,
        economy.n_days,
        economy.uniforms(Stream.MEMBER_TRAITS, rows, 0, Lender.NP),
        economy.uniforms(Stream.MEMBER_HISTORY, rows, 0, Lender.NP),
        economy.uniforms(Stream.MEMBER_ENTRY, rows, 0, lender),
        repayment.forgets + repayment.short_of_cash,
        PayMethod[config.products.atone.default_method.upper()],
    )


def _invite(world: World, traits: Traits) -> None:
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
    entry = world.uniforms(Stream.MEMBER_ENTRY, rows, 0)
    members.price_scale[:n] = price_scale(spending, entry[3])
    applies = entry[1] < world.config.lenders.au.applicants_share
    if world.lender == Lender.NP:
        applies[:] = world.config.products.atone.enabled
        invite_orderers(world)
        invite_savers(world)
    members.application_day[:n] = np.where(applies, traits.application_day, NEVER)
    world.agenda.schedule(Task.APPLY, traits.application_day[applies], rows[applies])
