"""Runs whose replications belong together: read, named, checked, and cut to what both have.

Results or their directories flow in; results that share seed, replications and sampling flow out,
or an `InputError` says what differs.
"""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from models.errors import InputError
from sim.config import Config
from sim.experiment.result import Result, check_tables, load
from sim.metrics.samples import Sample, sample_of

Comparable = Result | str | Path
"""A finished result, or its directory."""


def load_named(results: Sequence[Comparable] | Mapping[str, Comparable]) -> dict[str, Result]:
    """Read results and give them names that differ.

    Raises
    ------
    InputError
        If there are fewer than two, or if one cannot be read.
    """
    if len(results) < 2:
        raise InputError(f"results to compare: got {len(results)}; allowed: two or more")
    if isinstance(results, Mapping):
        return {name: _loaded(result) for name, result in results.items()}
    loaded = [_loaded(result) for result in results]
    names = [_short_name(result) for result in loaded]
    if len(set(names)) < len(names):
        names = [_long_name(result) for result in loaded]
    if len(set(names)) < len(names):
        names = [f"{name} ({number})" for number, name in enumerate(names, start=1)]
    return dict(zip(names, loaded, strict=True))


def check_comparable(named: Mapping[str, Result]) -> None:
    """Refuse runs whose replications do not belong together.

    Raises
    ------
    InputError
        If seed, replications, sampling or likelihood weights differ; the message says where.
    """
    names = list(named)
    first = named[names[0]]
    for name in names[1:]:
        differences = _differences(first, named[name])
        if differences:
            raise InputError(
                f"{names[0]} and {name} cannot be compared replication by replication; these "
                f"differ: {'; '.join(differences)}. Run them again alike in this."
            )


def paired(one: Result, baseline: Result, metric: str) -> tuple[Sample, Sample]:
    """Take a metric of two runs where both have a value; control variates are left out."""
    frames = [result.metrics["replications"].sort("replication") for result in (one, baseline)]
    is_there = frames[0][metric].is_not_null() & frames[1][metric].is_not_null()
    first, second = (
        sample_of(
            frame.with_columns(pl.when(is_there).then(pl.col(metric)).alias(metric)),
            metric,
            _without_control(result),
        )
        for frame, result in zip(frames, (one, baseline), strict=True)
    )
    return first, second


def _differences(one: Result, other: Result) -> list[str]:
    """Say in what two runs must agree and do not."""
    found = []
    if one.config.seed != other.config.seed:
        found.append(f"the seed ({one.config.seed} and {other.config.seed})")
    frames = [result.metrics["replications"].sort("replication") for result in (one, other)]
    numbers = [frame["replication"].to_list() for frame in frames]
    if numbers[0] != numbers[1]:
        found.append(f"the replications ({_span(numbers[0])} and {_span(numbers[1])})")
    samplings = [result.config.macro.sampling for result in (one, other)]
    if samplings[0] != samplings[1]:
        found.append(f"macro.sampling ({samplings[0].method} and {samplings[1].method})")
    elif not found and not frames[0]["likelihood_weight"].equals(frames[1]["likelihood_weight"]):
        found.append("the likelihood weights (macro or months are not the same)")
    return found


def _span(numbers: Sequence[int]) -> str:
    """Name a set of replications."""
    if numbers == list(range(len(numbers))):
        return f"0 to {len(numbers) - 1}"
    return f"{len(numbers)} with numbers from {min(numbers)} to {max(numbers)}"


def _without_control(result: Result) -> Config:
    """Give the configuration of a run without its control variate."""
    experiment = result.config.experiment.model_copy(update={"control_variate": None})
    return result.config.model_copy(update={"experiment": experiment})


def _loaded(result: Comparable) -> Result:
    """Read a result unless it is one."""
    if isinstance(result, Result):
        return result
    loaded = load(result)
    check_tables(Path(result), loaded.metrics, loaded.facts["replication"].n_unique())
    return loaded


def _short_name(result: Result) -> str:
    """Give the name of a directory, or of a configuration."""
    if result.directory is None:
        return result.config.name
    return _readable(result.directory.resolve().name)


def _long_name(result: Result) -> str:
    """Give the path of a directory, or the name of a configuration."""
    return _readable(str(result.directory or result.config.name))


def _readable(name: str) -> str:
    """Give a name of a file as text: it may hold bytes that are none."""
    return os.fsencode(name).decode(errors="replace")
