"""Changes to random configurations that bring many debtors to desks, courts and employers."""

from collections.abc import Mapping

from models.policy.collections import CALL, Ladder, LadderStep
from models.policy.staffing import Team
from sim.config import Config


def with_law(config: Config, changes: Mapping[str, Mapping[str, object]]) -> Config:
    """Change the law, and take everybody late to court, at both lenders."""
    terms = config.collections
    law = terms.law.model_copy(
        update={
            name: getattr(terms.law, name).model_copy(update=dict(change))
            for name, change in changes.items()
        }
    )
    steps = tuple(step for step in terms.ladder if step.action != "sue")
    last = LadderStep(day=steps[-1].day + 1 if steps else 1, action="sue")
    update = {"ladder": (*steps, last), "strategies": (), "law": law}
    return with_collections(config, update)


def with_collections(config: Config, update: Mapping[str, object]) -> Config:
    """Change collection at both lenders, where half of the members never pay unasked."""
    collections = config.collections.model_copy(update=dict(update))
    au = config.lenders.au.model_copy(update={"collections": collections})
    return config.model_copy(
        update={
            "collections": collections,
            "lenders": config.lenders.model_copy(update={"au": au}),
            "population": config.population.model_copy(update={"never_pays_share": 0.5}),
        }
    )


QUICK = {"clerks": 2, "mean_minutes": 5.0}
SUED: Mapping[str, Mapping[str, object]] = {
    "court": {"probability": 1.0, "rule": "minimum", "minimum_claim_yen": 1},
    "clerk_desk": QUICK,
    "garnishment": {"employer_known": 0.9},
}
"""Everybody is sued, and most have a known employer; what else happens is drawn."""
WITHOUT_PITY: Mapping[str, Mapping[str, object]] = {
    "court": {**SUED["court"], "service_failure": 0.0, "creditor_wins": 1.0},
    "clerk_desk": QUICK,
    "court_desk": QUICK,
    "garnishment": {"probability": 1.0, "employer_known": 1.0, "leaves_job": 0.1},
    "bank_account": {"probability": 0.0},
    "settlement": {"enabled": False},
    "insolvency": {"enabled": False},
}
"""All wages that there are are attached, and nothing comes between."""


def poor(config: Config) -> Config:
    """Give everybody a wage of which hardly anything may be taken."""
    population = config.population
    bands = tuple(
        band.model_copy(update={"monthly_net_yen": 40_000}) for band in population.age_bands
    )
    population = population.model_copy(update={"age_bands": bands})
    return config.model_copy(update={"population": population})


def with_slow_desks(config: Config) -> Config:
    """Let everybody late be called, placed or sued, by people who need hours for each of them."""
    terms, busy = config.collections, {"team": Team(), "mean_minutes": 300.0}
    ladder: Ladder = (
        LadderStep(day=1, action=CALL),
        LadderStep(day=6, action=CALL),
        LadderStep(day=12, action="hand_over"),
        LadderStep(day=14, action="sue"),
    )
    court = terms.law.court.model_copy(update=SUED["court"])
    papers = {name: getattr(terms.law, name) for name in ("clerk_desk", "court_desk")}
    slow = {name: desk.model_copy(update={**busy, "clerks": 2}) for name, desk in papers.items()}
    return with_collections(
        config,
        {
            "ladder": ladder,
            "strategies": (),
            "call_desk": terms.call_desk.model_copy(update={**busy, "callers": 2}),
            "law_firm": terms.law_firm.model_copy(update={**busy, "clerks": 2, "probability": 0.5}),
            "law": terms.law.model_copy(update={"court": court, **slow}),
        },
    )
