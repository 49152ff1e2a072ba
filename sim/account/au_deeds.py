"""What only a member of au PAY Atobarai does: choose a course, switch, prepay, stop paying."""

from collections.abc import Callable

import numpy as np

from models.arrays import Ints
from models.kernels.revolving import Course
from models.products.au_pay.prepayment import PrepayWay, Request
from models.products.au_pay.revolving import chosen_in_force, course_of_name
from models.products.catalogue import Product
from sim.account.script import Event, Member
from sim.engine.au_pay.prepayment import prepay_revolving, prepay_uses
from sim.engine.au_pay.stops import stop_paying
from sim.engine.au_pay.uses import switch
from sim.engine.state.world import World

Deed = Callable[[int, Ints], None]
TARGETS = {"revolving": Product.AU_REVOLVING, "instalments": Product.AU_INSTALMENTS}


def introduce_at_au(world: World, told: Member) -> None:
    """Write what the script says of the member's revolving account."""
    table, terms = world.revolving, world.au.revolving
    course = Course[told.course.upper()] if told.course else course_of_name(terms)
    table.course[0] = int(course)
    table.chosen_yen[0] = int(chosen_in_force(terms, np.array([told.course_yen or 0]))[0])
    table.is_suitable[0] = True
    table.is_all[0] = told.all_revolving


def switching(world: World, purchase: int, event: Event) -> Deed:
    """Give the deed of a switch of plan after the purchase."""
    target = np.array([int(TARGETS[event.plan or "revolving"])])
    times = np.array([event.times or 0])

    def deed(day: int, rows: Ints) -> None:
        del rows
        switch(world, day, np.array([purchase]), target, times)

    return deed


def stopping(world: World, purchase: int) -> Deed:
    """Give the deed of a declared payment stop; how it ends is drawn."""

    def deed(day: int, rows: Ints) -> None:
        del rows
        stop_paying(world, day, np.array([purchase]), np.zeros(1, dtype=bool))

    return deed


def prepaying(world: World, purchase: int | None, event: Event) -> Deed:
    """Give the deed of a prepayment: of a use in another plan, or of the revolving account."""
    in_full = event.prepay == "all"
    way = np.array([int(PrepayWay[event.way.upper()])])
    asked = Request(way, np.array([in_full]), np.array([event.agreed]))

    def deed(day: int, rows: Ints) -> None:
        if purchase is not None and world.purchases.product[purchase] != Product.AU_REVOLVING:
            prepay_uses(world, day, np.array([purchase]), asked)
            return
        yen = 0 if in_full else int(event.prepay or 0)
        prepay_revolving(world, day, rows, np.array([yen]), asked)

    return deed


def topping_up(world: World, event: Event) -> Deed:
    """Give the deed of a top-up of the next revolving payment."""

    def deed(day: int, rows: Ints) -> None:
        del day
        world.revolving.top_up_yen[rows] = event.top_up or 0

    return deed
