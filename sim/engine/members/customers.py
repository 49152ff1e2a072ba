"""Customers of the products beside atone: who orders, and who saves points to pay with."""

import numpy as np

from models.clauses import implements
from models.members.orders import order_methods
from models.members.spending import price_scale, uses_per_month
from models.products.catalogue import Product
from sim.engine.state.world import World
from sim.rng import Stream


@implements("ART-02", "ART-03")
def invite_orderers(world: World) -> None:
    """Draw before the first day who orders, how often, at what prices and how it is paid."""
    if not world.sells_orders:
        return
    orderers, behaviour = world.orderers, world.config.behaviour.orders
    rows = np.arange(orderers.size)
    n = rows.size
    offered = world.config.products.np_atobarai
    for product, is_offered, column in (
        (Product.NP_ATOBARAI, offered.enabled, orderers.per_month),
        (Product.NP_AIR, offered.air.enabled, orderers.air_per_month),
    ):
        u = world.uniforms(Stream.ORDERER, rows, int(product))
        spending = behaviour.spending_on(product)
        uses = u[0] < behaviour.users_of(product)
        column[:n] = np.where(uses & is_offered, uses_per_month(spending, u[1]), 0.0)
        if product == Product.NP_ATOBARAI:
            orderers.price_scale[:n] = price_scale(spending, u[2])
            orderers.method[:n] = order_methods(behaviour.methods, u[3])


@implements("NP-41.1")
def invite_savers(world: World) -> None:
    """Draw before the first day who pays bills with points."""
    if world.points is None:
        return
    accounts = world.points.accounts
    rows = np.arange(accounts.size)
    u = world.uniforms(Stream.POINTS, rows, 0)[0]
    accounts.pays[: rows.size] = u < world.config.products.np_points.users_share
