"""From a design to its rows: the settings of each evaluation, in their order.

Rows may repeat; points are the different ones among them. All chance is a function of the seed.
"""

import itertools
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from models.arrays import Floats
from sim.experiment.design.axes import Axis, Choices
from sim.experiment.design.kinds import (
    Design,
    Grid,
    LatinHypercube,
    Listed,
    Morris,
    OneAtATime,
    Optimisation,
    SobolIndices,
    SobolPoints,
    Zipped,
)
from sim.experiment.design.sampling import morris_sample, saltelli_sample
from sim.experiment.design.variables import Varied
from sim.yaml_source import Value

MAX_CORNERED = 8
"""Parameters up to which an optimisation has all corners of its space checked."""
Row: TypeAlias = dict[str, Value]
"""Value of each parameter by its name."""


def axes_of(parameters: Mapping[str, Varied]) -> dict[str, Axis]:
    """Give the axis of each parameter."""
    return {name: varied.axis() for name, varied in parameters.items()}


def n_rows(design: Design) -> int:
    """Count the rows of a design before any of them is made."""
    match design:
        case Grid(parameters=parameters):
            product = 1
            for varied in parameters.values():
                product *= varied.axis().n_levels
            return product
        case LatinHypercube() | SobolPoints():
            return design.samples
        case Morris():
            return design.trajectories * (len(design.parameters) + 1)
        case SobolIndices():
            return design.samples * (len(design.parameters) + 2)
        case Optimisation():
            return design.trials
    return len(rows(design, 0, dict.fromkeys(design.parameters)))


def rows(design: Design, seed: int, base: Mapping[str, Value]) -> list[Row]:
    """Make the rows of a design.

    Parameters
    ----------
    design
        What is asked for.
    seed
        Seed of what is random in it.
    base
        Value of each parameter in the base configuration.

    Returns
    -------
    list of Row
        For an optimisation, which makes its rows as it goes: each parameter alone at its ends and
        the corners of its space, to be checked before anything runs.
    """
    match design:
        case Grid(parameters=parameters):
            return _product(axes_of(parameters))
        case Listed(points=points):
            return [dict(point) for point in points]
        case Zipped(parameters=parameters):
            levels = [_levels(axis) for axis in axes_of(parameters).values()]
            return [dict(zip(parameters, row, strict=True)) for row in zip(*levels, strict=True)]
        case OneAtATime(parameters=parameters):
            return _alone(axes_of(parameters), base)
        case Optimisation(parameters=parameters):
            return _alone(axes_of(parameters), base) + _corners(axes_of(parameters))
    return from_shares(unit_sample(design, seed), axes_of(design.parameters))


def unit_sample(design: LatinHypercube | SobolPoints | Morris | SobolIndices, seed: int) -> Floats:
    """Draw the shares of the way along each axis, shape (rows, parameters), from 0 to 1."""
    from scipy.stats import qmc  # takes long to import

    names = tuple(design.parameters)
    match design:
        case LatinHypercube(samples=samples):
            return qmc.LatinHypercube(len(names), rng=seed).random(samples)
        case SobolPoints(samples=samples):
            return qmc.Sobol(len(names), rng=seed).random(samples)
        case Morris():
            return morris_sample(names, design.trajectories, design.levels, seed)
        case SobolIndices():
            return saltelli_sample(names, design.samples, seed)


def from_shares(shares: Floats, axes: Mapping[str, Axis]) -> list[Row]:
    """Give the settings at shares of the way along the axes."""
    return [
        {name: axis.at(float(share)) for (name, axis), share in zip(axes.items(), row, strict=True)}
        for row in shares
    ]


def _product(axes: Mapping[str, Axis]) -> list[Row]:
    """Combine every level with every other."""
    levels = [_levels(axis) for axis in axes.values()]
    return [dict(zip(axes, row, strict=True)) for row in itertools.product(*levels)]


def _levels(axis: Axis) -> Sequence[Value]:
    """List the levels of an axis."""
    return [axis.level(k) for k in range(axis.n_levels)]


def _alone(axes: Mapping[str, Axis], base: Mapping[str, Value]) -> list[Row]:
    """Give the base, then each parameter alone at its values or at its two bounds."""
    result = [dict(base)]
    for name, axis in axes.items():
        levels = axis.values if isinstance(axis, Choices) else (axis.at(0.0), axis.at(1.0))
        result += [{**base, name: level} for level in levels]
    return result


def _corners(axes: Mapping[str, Axis]) -> list[Row]:
    """Combine the ends of all axes, up to a number of axes that leaves few corners."""
    ends = [(axis.at(0.0), axis.at(1.0)) for axis in axes.values()]
    if len(ends) > MAX_CORNERED:
        return []
    return [dict(zip(axes, row, strict=True)) for row in itertools.product(*ends)]
