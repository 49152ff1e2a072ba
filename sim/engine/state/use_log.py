"""How uses stand in the event log: whose, at what price, by which key, of which product."""

from models.arrays import Ints
from sim.engine.state.exposure import key_of
from sim.engine.state.world import END_OF_DAY, MINUTES_PER_DAY, World
from sim.record.eventlog import Activity


def reference_of(world: World, purchases: Ints) -> Ints | int:
    """Give the keys by which kept events name uses; where none is kept, the keys are not made."""
    return key_of(world.purchases, purchases) if world.log.keeps_events else -1


def log_uses(world: World, activity: Activity | Ints, minute: Ints | int, purchases: Ints) -> None:
    """Log an activity of uses, one for all or by its number, at a minute of all or of each."""
    table = world.purchases
    if not purchases.size:
        return
    world.log.add(
        activity,
        minute,
        table.member[purchases],
        yen=table.price_yen[purchases],
        reference=reference_of(world, purchases),
        product=table.product[purchases],
    )


def log_uses_at_close(world: World, activity: Activity | Ints, day: int, purchases: Ints) -> None:
    """Log an activity of uses at the end of a business day."""
    log_uses(world, activity, day * MINUTES_PER_DAY + END_OF_DAY, purchases)
