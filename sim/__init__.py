"""How it is simulated: configuration, engine, metrics, experiments and reports.

Notebooks need nothing else than this package:

>>> import sim
>>> result = sim.run(
...     "configs/atone.yaml",
...     replications=1,
...     overrides=["population.members=50", "months=2"],
...     jobs=1,
... )
>>> result.metrics["portfolio"].height
2
"""

from sim.config import Config, load_config
from sim.experiment import (
    Checkpoint,
    Comparison,
    Result,
    Status,
    SweepResult,
    branch,
    checkpoint,
    compare,
    load,
    run,
    status,
    sweep,
)
from sim.exporting import Export, export

__all__ = [
    "Checkpoint",
    "Comparison",
    "Config",
    "Export",
    "Result",
    "Status",
    "SweepResult",
    "branch",
    "checkpoint",
    "compare",
    "export",
    "load",
    "load_config",
    "run",
    "status",
    "sweep",
]
