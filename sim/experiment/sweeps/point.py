"""One point of a sweep: its settings and the whole configuration that they make."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sim.config import Config
from sim.yaml_source import Value


@dataclass(frozen=True, slots=True)
class Point:
    """A configuration to evaluate, ready to run.

    Parameters
    ----------
    number
        Its place in the sweep, from 0; the sweep may grow, so it identifies nothing on disk.
    settings
        Value of each parameter by its name, derived ones included, as a configuration writes it
        (an exact rate as ``[numerator, denominator]``).
    config
        The validated configuration with the settings in it.
    """

    number: int
    settings: Mapping[str, Value]
    config: Config = field(repr=False)
