"""One number over the replications, together with how these were sampled.

A `replications` table and the configuration flow in, a `Sample` flows out: values, their weights
under importance sampling, their control variate, and the size of the groups of replications that
depend on each other. Groups are independent and alike; every interval rests on that alone.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import compress

import polars as pl

from sim.config import Config
from sim.metrics import statistics


@dataclass(frozen=True)
class Sample:
    """Numbers over replications, group after group.

    Parameters
    ----------
    values
        One number a replication; all groups are complete.
    weights
        Likelihood ratios of importance sampling, None where all are 1.
    group_size
        Replications that depend on each other.
    controls
        Control variate less its known mean, None for none.
    """

    values: tuple[float, ...]
    weights: tuple[float, ...] | None = None
    group_size: int = 1
    controls: tuple[float, ...] | None = None

    def __post_init__(self) -> None:
        """Refuse groups that are not complete."""
        if len(self.values) % self.group_size:
            raise ValueError(f"{len(self.values)} values do not fill groups of {self.group_size}")

    @property
    def is_plain(self) -> bool:
        """Whether the values are independent and have one law, that of the model."""
        return self.weights is None and self.group_size == 1

    @property
    def n_groups(self) -> int:
        """Number of groups."""
        return len(self.values) // self.group_size

    def weighted(self, values: Sequence[float]) -> list[float]:
        """Multiply numbers of the replications by the weights."""
        if self.weights is None:
            return list(values)
        return [w * x for w, x in zip(self.weights, values, strict=True)]

    def group_means(self, values: Sequence[float]) -> list[float]:
        """Give the weighted mean of numbers within each group."""
        size, weighted = self.group_size, self.weighted(values)
        return [
            math.fsum(weighted[first : first + size]) / size
            for first in range(0, len(weighted), size)
        ]

    def plain_variance(self) -> float | None:
        """Estimate the variance of one plain replication; None below 2 values."""
        if self.weights is None:
            deviation = statistics.standard_deviation(self.values)
            return None if deviation is None else deviation**2
        if len(self.values) < 2:
            return None
        centre = statistics.mean(self.weighted(self.values))
        return statistics.mean(self.weighted([(x - centre) ** 2 for x in self.values]))

    def minus(self, other: "Sample") -> "Sample":
        """Give the differences to another sample of the same replications, without controls."""
        differences = tuple(x - y for x, y in zip(self.values, other.values, strict=True))
        return replace(self, values=differences, controls=None)


def sample_of(replications: pl.DataFrame, metric: str, config: Config) -> Sample:
    """Take one headline number out of a table of replications.

    Parameters
    ----------
    replications
        The table `replications`, in the order of their numbers.
    metric
        One of its columns.
    config
        The run; its sampling and control variate are those of the sample.

    Returns
    -------
    Sample
        Of the groups of which every replication is there and has a value.
    """
    sampling, control = config.macro.sampling, config.experiment.control_variate
    values = replications[metric]
    kept = complete_groups(
        replications["replication"].to_list(),
        values.is_not_null().to_list(),
        sampling.group_size,
    )
    chosen = replications.filter(pl.Series(kept, dtype=pl.Boolean))
    weights = chosen["likelihood_weight"].to_list()
    probability = config.behaviour.repayment.short_of_cash
    controls = [c - probability for c in chosen["vasicek_probability"].to_list()]
    return Sample(
        values=tuple(chosen[metric].to_list()),
        weights=tuple(weights) if sampling.method == "importance" else None,
        group_size=sampling.group_size,
        controls=tuple(controls) if control is not None else None,
    )


def complete_groups(
    numbers: Sequence[int], is_there: Sequence[bool], group_size: int
) -> list[bool]:
    """Tell which replications belong to groups of which every member has a value.

    Examples
    --------
    >>> complete_groups([0, 1, 2, 3, 4], [True, True, True, False, True], 2)
    [True, True, False, False, False]
    """
    members: dict[int, int] = {}
    for number in compress(numbers, is_there):
        members[number // group_size] = members.get(number // group_size, 0) + 1
    return [members.get(number // group_size) == group_size for number in numbers]


def weight_sample_size(weights: Sequence[float]) -> float:
    """Give the effective number of weights: the square of their sum over the sum of squares.

    Examples
    --------
    >>> weight_sample_size([1, 1, 1, 1]), weight_sample_size([4, 0, 0, 0])
    (4.0, 1.0)
    """
    squares = math.fsum(w * w for w in weights)
    return math.fsum(weights) ** 2 / squares if squares else 0.0
