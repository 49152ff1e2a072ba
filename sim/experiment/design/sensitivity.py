"""What the results of a design say about its parameters.

The tidy table of a sweep flows in, frames flow out: `noise` for every design, `effects` and
`tornado` for one at a time, `morris` for screening, `sobol_indices` for shares of variance. Means
over replications are what is analysed; common random numbers make them comparable.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

import numpy as np
import polars as pl

from models.arrays import Floats
from sim.experiment.design import tables
from sim.experiment.design.designs import unit_sample
from sim.experiment.design.kinds import Morris, OneAtATime, SobolIndices
from sim.experiment.design.one_at_a_time import one_at_a_time
from sim.experiment.design.responses import (
    Responses,
    complete_blocks,
    noise,
    responses,
)
from sim.experiment.design.sampling import missing, problem_of
from sim.experiment.design.sweep import Sweep
from sim.metrics.statistics import mean, standard_deviation, student_factor

Row: TypeAlias = dict[str, object]
RESAMPLES = 1000
"""Of the bootstrap of elementary effects."""
LEAST_BLOCKS = 2
"""Trajectories or base samples from which an analysis is made."""


def analyse(sweep: Sweep, table: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Analyse the results of a sweep for its metrics.

    Parameters
    ----------
    sweep
        The sweep whose points were evaluated.
    table
        Its tidy table: columns `point`, `replication`, `metric`, `value`, and any others.

    Returns
    -------
    dict
        Frames by name as `sim.experiment.design.tables` declares them. A metric without enough
        values has no rows.
    """
    values = {metric: responses(table, metric, sweep.group_size) for metric in sweep.metrics}
    found = {"noise": tables.frame_of(tables.NOISE, _noise_rows(sweep, values))}
    match sweep.design:
        case OneAtATime():
            effects, swings = one_at_a_time(sweep, sweep.design, values)
            found["effects"] = tables.frame_of(tables.EFFECTS, effects)
            found["tornado"] = tables.frame_of(tables.TORNADO, swings)
        case Morris():
            found["morris"] = tables.frame_of(
                tables.MORRIS, _morris_rows(sweep, sweep.design, values)
            )
        case SobolIndices():
            rows = _index_rows(sweep, sweep.design, values)
            found["sobol_indices"] = tables.frame_of(tables.SOBOL_INDICES, rows)
    return found


def _noise_rows(sweep: Sweep, values: Mapping[str, Responses]) -> Iterator[Row]:
    """Give the part of chance for each metric."""
    for metric, found in values.items():
        split = noise(found, is_common=sweep.common_random_numbers)
        if split is None:
            continue
        shares = (split.noise_variance, split.independent_noise_variance)
        paired_share, independent = (v / split.variance if split.variance else None for v in shares)
        yield {
            "metric": metric,
            "points": split.points,
            "replications": split.replications * sweep.group_size,
            "variance": split.variance,
            "noise_variance": split.noise_variance,
            "noise_share": paired_share,
            "independent_noise_share": independent,
        }


def _morris_rows(sweep: Sweep, design: Morris, values: Mapping[str, Responses]) -> Iterator[Row]:
    """Screen the parameters for each metric."""
    names = tuple(design.parameters)
    sample = unit_sample(design, sweep.base.seed)
    for metric, found in values.items():
        rows, means = complete_blocks(found, sweep.rows(), len(names) + 1)
        if len(rows) < LEAST_BLOCKS * (len(names) + 1):
            continue
        result = screening(
            sample[rows],
            np.array(means),
            names=names,
            levels=design.levels,
            confidence=sweep.base.experiment.confidence,
            seed=sweep.base.seed,
        )
        yield from ({"metric": metric, **row} for row in result)


def screening(
    sample: Floats,
    values: Floats,
    *,
    names: Sequence[str],
    levels: int,
    confidence: float,
    seed: int,
) -> list[Row]:
    """Give the statistics of the elementary effects of each parameter.

    Parameters
    ----------
    sample
        Trajectories in the unit cube, shape (r (d + 1), d).
    values
        Value at each of their points, shape (r (d + 1),).
    names
        The d parameters.
    levels
        Levels of the lattice.
    confidence
        Level of the intervals.
    seed
        Of the bootstrap.

    Returns
    -------
    list of dict
        A row of the table `morris` for each parameter, without `metric`.

    Notes
    -----
    The interval of mu* is the bootstrap of SALib; that of sigma is the jackknife over
    trajectories with Student's factor, cut off at 0.
    """
    try:
        from SALib.analyze import morris
    except ImportError as error:
        raise missing("SALib", "a Morris screening") from error
    found = morris.analyze(
        problem_of(names), sample, values, num_levels=levels, conf_level=confidence,
        num_resamples=RESAMPLES, seed=seed,
    )  # fmt: skip
    effects = elementary_effects(sample, values)
    rows: list[Row] = []
    for k, name in enumerate(names):
        half = float(found["mu_star_conf"][k])
        importance, sigma = float(found["mu_star"][k]), float(found["sigma"][k])
        lower, upper = jackknife_interval(effects[:, k].tolist(), confidence)
        rows.append(
            {
                "parameter": name,
                "mu": float(found["mu"][k]),
                "mu_star": importance,
                "mu_star_lower": max(importance - half, 0.0),
                "mu_star_upper": importance + half,
                "sigma": sigma,
                "sigma_lower": lower,
                "sigma_upper": upper,
                "trajectories": effects.shape[0],
            }
        )
    return rows


def elementary_effects(sample: Floats, values: Floats) -> Floats:
    """Give the change over each parameter's step, per unit of its range.

    Parameters
    ----------
    sample
        Trajectories in the unit cube, shape (r (d + 1), d).
    values
        Value at each of their points, shape (r (d + 1),).

    Returns
    -------
    Floats
        Shape (r, d).
    """
    d = sample.shape[1]
    steps = np.diff(sample.reshape(-1, d + 1, d), axis=1)
    changes = np.diff(values.reshape(-1, d + 1), axis=1)
    moved = np.argmax(np.abs(steps), axis=2)
    effects = np.zeros(moved.shape)
    size = np.take_along_axis(steps, moved[..., None], axis=2)[..., 0]
    np.put_along_axis(effects, moved, changes / size, axis=1)
    return effects


def jackknife_interval(
    values: Sequence[float], confidence: float
) -> tuple[float, float] | tuple[None, None]:
    """Give the jackknife interval of a standard deviation, at least 0; None below 3 values.

    Of Efron and Stein (1981). Without one of two values there is no deviation left to compare.
    """
    n = len(values)
    if n <= 2:
        return None, None
    whole = _deviation(values)
    parts = [_deviation([*values[:k], *values[k + 1 :]]) for k in range(n)]
    centre = mean(parts)
    error = math.sqrt((n - 1) / n * math.fsum((part - centre) ** 2 for part in parts))
    half = student_factor(n, confidence) * error
    return max(whole - half, 0.0), whole + half


def _deviation(values: Sequence[float]) -> float:
    """Give the standard deviation, 0 below two values."""
    return standard_deviation(values) or 0.0


def _index_rows(
    sweep: Sweep, design: SobolIndices, values: Mapping[str, Responses]
) -> Iterator[Row]:
    """Give the indices for each metric."""
    names = tuple(design.parameters)
    for metric, found in values.items():
        rows, means = complete_blocks(found, sweep.rows(), len(names) + 2)
        if len(rows) < LEAST_BLOCKS * (len(names) + 2):
            continue
        result = indices(
            np.array(means),
            names=names,
            confidence=sweep.base.experiment.confidence,
            resamples=design.resamples,
            seed=sweep.base.seed,
        )
        yield from ({"metric": metric, **row} for row in result)


def indices(
    values: Floats, *, names: Sequence[str], confidence: float, resamples: int, seed: int
) -> list[Row]:
    """Give the first- and total-order indices of each parameter.

    Parameters
    ----------
    values
        Value at each point of the design, in its order, shape (n (d + 2),).
    names
        The d parameters.
    confidence
        Level of the intervals.
    resamples, seed
        Of the bootstrap over the n base samples.

    Returns
    -------
    list of dict
        A row of the table `sobol_indices` for each parameter, without `metric`.
    """
    try:
        from SALib.analyze import sobol
    except ImportError as error:
        raise missing("SALib", "an analysis by Sobol indices") from error
    samples = values.size // (len(names) + 2)
    found: Mapping[str, Floats] | None = None
    if float(np.ptp(values)) > 0.0:
        found = sobol.analyze(
            problem_of(names), values, calc_second_order=False, num_resamples=resamples,
            conf_level=confidence, seed=seed + 1,  # SALib takes a seed of 0 for none
        )  # fmt: skip
    return [
        {
            "parameter": name,
            **_estimate("first_order", found, "S1", k),
            **_estimate("total_order", found, "ST", k),
            "samples": samples,
        }
        for k, name in enumerate(names)
    ]


def _estimate(name: str, found: Mapping[str, Floats] | None, key: str, k: int) -> Row:
    """Give an estimate and its interval, nulls where there is none."""
    if found is None:
        return {name: None, f"{name}_lower": None, f"{name}_upper": None}
    centre, half = float(found[key][k]), float(found[f"{key}_conf"][k])
    return {name: centre, f"{name}_lower": centre - half, f"{name}_upper": centre + half}
