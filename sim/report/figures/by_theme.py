"""All figures of a report, by theme."""

from collections.abc import Callable

from sim.report.figures import books, credit, defaults, losses, payments, recovery
from sim.report.source import Run
from sim.report.style import Drawing

Draw = Callable[[Run], Drawing]

THEMES: dict[str, tuple[Draw, ...]] = {
    "Losses": (losses.loss_distribution, losses.lost_yen, losses.macro_factor),
    "Arrears": (
        credit.unpaid_curve,
        credit.vintages,
        credit.roll_rates,
        credit.receivables,
        payments.payment_delay,
    ),
    "Recovery and credit risk": (
        recovery.spell_survival,
        recovery.collection_stages,
        defaults.workout_lgd,
        defaults.expected_credit_loss,
    ),
    "People at work": (payments.desks,),
    "Books": (books.profit_bridge, books.revenue, books.declines),
}
"""Functions that draw, by the heading they stand under."""


def draw(run: Run) -> list[Drawing]:
    """Draw all figures in the order of the report."""
    return [function(run) for functions in THEMES.values() for function in functions]
