"""What au PAY Atobarai can post and log, random configurations and the coverage one do reach."""

from pathlib import Path

from hypothesis import given

from models.products.catalogue import Lender
from sim.config import Config, load_config
from sim.engine.simulation import run_worlds
from sim.record.eventlog import ACTIVITIES, Activity, Record
from sim.record.postings import POSTINGS, Posting
from tests.property.random_au import au_configs
from tests.property.random_configs import examples

COVERAGE = Path(__file__).parents[2] / "configs" / "coverage.yaml"
IMPOSSIBLE = {
    "posting LATE_ADMIN_FEE_WRITTEN_OFF": "this lender charges no late administration fee",
    "posting OVERPAID": "only a script sends money that nobody asked for",
    "activity OVERPAID": "only a script sends money that nobody asked for",
    "activity DECLINED_PER_USE_LIMIT": "this lender has no limit of a single use",
}
"""What cannot happen at au PAY without a script, and why."""
RARE = {
    "posting EXEMPTED_WRITTEN_OFF": "a debt given up before the stranger's use is found out",
    "posting CREDIT_RECOVERED": "a return of what had been given up",
    "posting FINANCE_CHARGE_TAX_RETURNED": "a taxed fee on a bill, part of which comes off",
    **dict.fromkeys(
        (
            "activity ACCELERATED_INSOLVENCY",
            "activity ACCOUNT_ATTACHED",
            "activity BARRED",
            "activity CLAIM_DISMISSED",
            "activity ORDER_LAPSED",
            "activity PLAN_COMPLETED",
            "activity PRESCRIBED",
            "activity REHABILITATION_FILED",
            "activity SERVICE_FAILED",
        ),
        "courts, plans and prescription take longer than these runs",
    ),
    **dict.fromkeys(
        ("activity CALLBACK_ASKED", "activity WRONG_NUMBER"), "ends of calls, off by default"
    ),
}
"""What a few dozen lives need not hold."""


def entries() -> dict[str, Posting | Activity]:
    """Give all kinds of postings and activities by what they are and their name."""
    named: dict[str, Posting | Activity] = {f"posting {one.name}": one for one in POSTINGS}
    return named | {f"activity {one.name}": one for one in ACTIVITIES}


def test_random_configurations_and_coverage_reach_whatever_au_pay_posts_and_logs() -> None:
    reached: set[str] = set()

    def collect(config: Config) -> None:
        for world in run_worlds(config, [0], "cohort", Record.nothing()):
            if world.lender == Lender.AU:
                for name, entry in entries().items():
                    book = world.ledger if isinstance(entry, Posting) else world.log
                    if book.count[0, :, entry.number].any():
                        reached.add(name)

    examples(25)(given(config=au_configs(members=(30, 60)))(collect))()
    collect(load_config(COVERAGE, ["population.members=1000"]))
    of_au = {name for name, entry in entries().items() if entry.clauses[Lender.AU]}
    silent = of_au - reached
    assert silent - RARE.keys() == IMPOSSIBLE.keys()
