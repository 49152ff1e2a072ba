"""What the naive model knows: all up to the law firm and the write-off; no court, no incomes."""

from models.policy.collections import SUE
from sim.config import Config


def in_scope(config: Config) -> Config:
    """Give a configuration without what the naive model lacks, for a fair comparison.

    Parameters
    ----------
    config
        Any configuration of atone.
    """
    collections = config.collections
    law = collections.law
    without = law.model_copy(
        update={
            "settlement": law.settlement.model_copy(update={"enabled": False}),
            "insolvency": law.insolvency.model_copy(update={"enabled": False}),
        }
    )
    ladder = tuple(step for step in collections.ladder if step.action != SUE)
    changed = collections.model_copy(update={"ladder": ladder, "law": without})
    hardship = config.behaviour.hardship.model_copy(update={"income_effect": 0.0})
    behaviour = config.behaviour.model_copy(update={"hardship": hardship})
    return config.model_copy(update={"collections": changed, "behaviour": behaviour})
