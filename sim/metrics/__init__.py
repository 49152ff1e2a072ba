"""From integer facts to tables, and from tables to the summary of a run.

`sim.metrics.columns` declares every table and column; docs/metrics.md is generated from it.
"""

from typing import Any

import polars as pl

from sim.config import Config

__all__ = ["summary", "tables"]


def tables(facts: pl.DataFrame, config: Config) -> dict[str, pl.DataFrame]:
    """Compute the metric tables of a run.

    Parameters
    ----------
    facts
        Integer facts of one or more replications (`sim.facts.replication`).
    config
        The run they belong to.

    Returns
    -------
    dict
        Frames by table name, columns and types as `sim.metrics.columns` declares them.
    """
    from sim.metrics.assembly import assemble

    return assemble(facts, config)


def summary(tables: dict[str, pl.DataFrame], config: Config) -> dict[str, Any]:
    """Describe the headline metrics over the replications of a run.

    Parameters
    ----------
    tables
        What `sim.metrics.tables` gave.
    config
        The run.

    Returns
    -------
    dict
        Plain numbers, texts and nulls, ready for JSON; docs/metrics.md describes them.
    """
    from sim.metrics.headline import summarise

    return summarise(tables, config)
