"""Each parameter alone: its difference to the base, its swing from first to last value."""

import itertools
from collections.abc import Mapping
from typing import TypeAlias

from sim.experiment.design.kinds import OneAtATime
from sim.experiment.design.responses import Difference, Responses, paired
from sim.experiment.design.sweep import Sweep
from sim.metrics.statistics import mean
from sim.yaml_source import shown

Row: TypeAlias = dict[str, object]


def one_at_a_time(
    sweep: Sweep, design: OneAtATime, values: Mapping[str, Responses]
) -> tuple[list[Row], list[Row]]:
    """Compare every level with the base, and the last level with the first.

    Parameters
    ----------
    sweep, design
        The sweep and its design.
    values
        Values by metric, point and replication.

    Returns
    -------
    tuple
        Rows of the tables `effects` and `tornado`.
    """
    confidence, size = sweep.base.experiment.confidence, sweep.group_size
    base, levels = _levels(sweep, design)
    settings = {point.number: point.settings for point in sweep.points()}
    effects: list[Row] = []
    swings: list[Row] = []
    for metric, found in values.items():
        for name, numbers in levels.items():
            key: Row = {"metric": metric, "parameter": name}
            written = [shown(settings[number][name]) for number in numbers]
            for k, number in enumerate(numbers):
                effect = paired(found.get(base, {}), found.get(number, {}), confidence, size)
                if effect is not None:
                    effects.append(key | {"level": k, "setting": written[k]} | _effect(effect))
            ends_of = (found.get(numbers[0], {}), found.get(numbers[-1], {}))
            swing = paired(*ends_of, confidence, size)
            if swing is not None and found.get(base):
                ends: Row = {"low": written[0], "high": written[-1]}
                ends["base_mean"] = mean(list(found[base].values()))
                swings.append(key | ends | _swing(swing))
    return effects, swings


def _levels(sweep: Sweep, design: OneAtATime) -> tuple[int, dict[str, list[int]]]:
    """Give the number of the base's point, and of those of each parameter."""
    numbers = iter(sweep.rows())
    base = next(numbers)
    counts = {
        name: 2 if varied.values is None else len(varied.values)
        for name, varied in design.parameters.items()
    }
    return base, {name: list(itertools.islice(numbers, n)) for name, n in counts.items()}


def _effect(difference: Difference) -> Row:
    """Write the difference of a level to the base."""
    return {
        "mean": difference.second_mean,
        "base_mean": difference.first_mean,
        "difference": difference.mean,
        "lower": difference.lower,
        "upper": difference.upper,
        "n": difference.n,
    }


def _swing(difference: Difference) -> Row:
    """Write the difference of the last level to the first."""
    return {
        "low_mean": difference.first_mean,
        "high_mean": difference.second_mean,
        "swing": difference.mean,
        "swing_lower": difference.lower,
        "swing_upper": difference.upper,
        "n": difference.n,
    }
