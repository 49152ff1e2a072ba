"""How headline metrics are named for people, and how they stand on an axis."""

from typing import NamedTuple

from sim.metrics.headline import UNITS
from sim.report.language import say
from sim.report.numbers import words

PER_CENT = 100.0
MILLION = 1e-6
UNPAID = "unpaid_share_"
OF_DESKS = {"mean_wait_minutes_": "mean wait", "utilisation_": "utilisation"}


def words_of(metric: str) -> str:
    """Give the words for a metric.

    Examples
    --------
    >>> words_of("profit_yen"), words_of("cost_per_yen"), words_of("unpaid_share_30")
    ('profit', 'cost per yen', 'unpaid 30 days past due')
    >>> words_of("mean_wait_minutes_law_firm"), words_of("utilisation_calls")
    ('mean wait, law firm', 'utilisation, calls')
    """
    for start, text in OF_DESKS.items():
        if metric.startswith(start):
            return say(
                "{measure}, {desk}", measure=say(text), desk=words(metric.removeprefix(start))
            )
    if metric.startswith(UNPAID):
        return say("unpaid {age} days past due", age=metric.removeprefix(UNPAID))
    return words(metric.removesuffix("_yen") if UNITS.get(metric) == "yen" else metric)


class Axis(NamedTuple):
    """How a metric stands on an axis: its words with unit, and what its values are times."""

    label: str
    factor: float


def axis_of(metric: str) -> Axis:
    """Give label and factor of a metric.

    Examples
    --------
    >>> axis_of("net_loss_rate"), axis_of("profit_yen")
    (Axis(label='net loss rate, %', factor=100.0), Axis(label='profit, million yen', factor=1e-06))
    """
    text, unit = words_of(metric), UNITS.get(metric, "-")
    if unit == "yen":
        return Axis(say("{measure}, {unit}", measure=text, unit=say("million yen")), MILLION)
    if unit == "share":
        return Axis(say("{measure}, {unit}", measure=text, unit="%"), PER_CENT)
    label = text if unit == "-" else say("{measure}, {unit}", measure=text, unit=say(unit))
    return Axis(label, 1.0)
