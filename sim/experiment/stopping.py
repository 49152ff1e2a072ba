"""The stopping rule of a configuration as a run asks it."""

from typing import Any, Protocol

import polars as pl

from sim.config import Config, Precision
from sim.experiment.precision import decide, looks, table


class StoppingRule(Protocol):
    """Decides from the first replications how many a run takes."""

    @property
    def first(self) -> int:
        """How many are simulated before the rule is asked."""

    def wanted(self, headline: pl.DataFrame) -> int:
        """Return how many are wanted: more than there are rows, or as many when it is enough."""

    def describe(self, headline: pl.DataFrame) -> dict[str, Any]:
        """Describe how precise the replications of a run that ended are, for its summary."""


class PrecisionRule:
    """Asks for more until all targets of ``experiment.precision`` are met, or for its maximum."""

    def __init__(self, config: Config, precision: Precision) -> None:
        self._config = config
        self._looks = list(looks(precision, config.macro.sampling.group_size))

    @property
    def first(self) -> int:
        """How many are simulated before the first look."""
        return self._looks[0]

    def wanted(self, headline: pl.DataFrame) -> int:
        """Return the next look, or the number of rows when they are enough."""
        # A run asks at each look in turn, so the looks before this one have not ended it.
        return decide(headline, self._config, after=headline.height - 1).next_look

    def describe(self, headline: pl.DataFrame) -> dict[str, Any]:
        """Return the last look, with the state of each target."""
        decision = decide(headline, self._config, after=headline.height - 1)
        return {
            "replications": decision.n,
            "is_precise": decision.is_precise,
            "looks": [look for look in self._looks if look <= decision.n],
            "targets": table(decision).to_dicts(),
        }


def stopping_rule(config: Config) -> StoppingRule | None:
    """Return the stopping rule that a configuration asks for, None for a fixed number."""
    precision = config.experiment.precision
    return None if precision is None else PrecisionRule(config, precision)
