"""Collection on any terms at both lenders: what follows what, who is left alone, what is taken."""

from collections import Counter, defaultdict
from collections.abc import Sequence

import pytest
from hypothesis import given

from sim.config import Config
from sim.engine.simulation import run_worlds
from sim.engine.state.world import World
from sim.record.eventlog import Record
from tests.property.chronicle import NOTICES, Chronicle, Entry
from tests.property.random_au import au_configs
from tests.property.random_configs import examples
from tests.property.random_debtors import SUED, WITHOUT_PITY, poor, with_law
from tests.property.rules_of_collection import (
    assert_desks_in_order,
    assert_in_order,
    assert_left_alone,
    assert_nobody_is_forgotten,
    assert_worked_once,
)

Lives = dict[int, list[Entry]]
OTHER_MONEY = {
    "payment_missed", "bill_netted", "purchase_returned", "charged_back", "claim_raised",
    "late_admin_fee_charged", "written_off",
}  # fmt: skip
"""What changes a claim while a plan runs."""


def lived(config: Config) -> list[tuple[World, Lives]]:
    """Run a configuration; give what happened at each lender."""
    with Chronicle().written() as chronicle:
        worlds = run_worlds(config, [0], "cohort", Record.nothing())
    return [(world, chronicle.lives(world)) for world in worlds]


def assert_rules(config: Config) -> Counter[str]:
    """Run a configuration and check every life in it; count what happened."""
    happened: Counter[str] = Counter()
    stories = lived(config)
    for world, lives in stories:
        assert_desks_in_order(world)
        assert_nobody_is_forgotten(world, lives)
        for life in lives.values():
            happened.update(entry.name for entry in life)
            assert_left_alone(life)
            assert_in_order(life)
            assert_worked_once(life, world.n_days)
            assert_frozen(world, life)
            happened["plan_paid_in_full"] += assert_plans_add_up(life)
    happened["shared_payday"] = assert_wages_are_protected(stories)
    return happened


def assert_frozen(world: World, life: Sequence[Entry]) -> None:
    """Check that what a plan settles or the bankruptcy court decides on bears no damages."""
    laws = [one.collections.law for one in world.stages.values()]
    by_plan = all(law.settlement.waive_future_damages for law in laws)
    frozen_from = -1
    for entry in life:
        if entry.name in NOTICES[1:] or (by_plan and entry.name == "plan_agreed"):
            frozen_from = entry.day
        elif entry.name in ("plan_cancelled", "spell_over"):
            frozen_from = -1
        elif entry.name == "late_damages" and frozen_from >= 0:
            assert entry.day < frozen_from, entry


def assert_plans_add_up(life: Sequence[Entry]) -> int:
    """Check that payments of undisturbed plans add up to the claims; count such plans."""
    claim, paid, is_plain, n = 0, 0, False, 0
    for entry in life:
        if entry.name in NOTICES:
            is_settlement = entry.name == NOTICES[0]
        elif entry.name == "plan_agreed":
            claim, paid, is_plain = entry.yen, 0, is_settlement
        elif entry.name == "plan_paid":
            paid += entry.yen
        elif entry.name in OTHER_MONEY or entry.name == "late_damages":
            is_plain = False
        elif entry.name == "plan_completed" and is_plain:
            assert paid == claim, life
            n += 1
    return n


def assert_wages_are_protected(stories: Sequence[tuple[World, Lives]]) -> int:
    """All lenders together take at most a quarter, or what is above 330,000 yen (COLL-07).

    Gives the number of wages from which several of them took something, and together all they may.
    """
    taken: dict[tuple[int, int], list[int]] = defaultdict(list)
    for _, lives in stories:
        for row, life in lives.items():
            for entry in life:
                if entry.name == "wage_garnished" and entry.yen:
                    taken[row, entry.day].append(entry.yen)
    wages, exhausted = stories[0][0].persons.monthly_net_yen, 0
    for (row, _), parts in taken.items():
        attachable = max(int(wages[row]) // 4, int(wages[row]) - 330_000)
        assert sum(parts) <= attachable, row
        exhausted += len(parts) > 1 and sum(parts) == attachable
    return exhausted


@pytest.mark.clause("COLL-05", "COLL-06", "COLL-07", "COLL-09", "COLL-10", "ART-14")
def test_whatever_happens_nobody_is_forgotten_worked_twice_or_contacted_after_the_stop() -> None:
    happened: Counter[str] = Counter()

    @examples(18)
    @given(config=au_configs(members=(12, 20), months=(4, 7), alone=False))
    def at_both_lenders(config: Config) -> None:
        happened.update(assert_rules(with_law(config, SUED)))

    at_both_lenders()
    missing = (REACHED | set(NOTICES)) - {name for name, n in happened.items() if n}
    assert not missing


REACHED = {
    "called", "agency_worked", "papers_ready", "docketed", "order_filed", "lawsuit_filed",
    "objected", "judgment_given", "claim_dismissed", "execution_declared", "title_final",
    "wage_attached", "wage_garnished", "attachment_ended", "plan_agreed", "plan_paid",
    "plan_cancelled", "plan_paid_in_full", "discharged", "died",
}  # fmt: skip
"""What must have happened for the rules to mean anything."""


@pytest.mark.clause("COLL-07", "C-49")
def test_two_lenders_never_take_more_of_a_wage_than_the_law_lets_them() -> None:
    shared = 0

    @examples(4)
    @given(config=au_configs(members=(10, 15), months=(7, 8), alone=False))
    def at_both_lenders(config: Config) -> None:
        nonlocal shared
        shared += assert_rules(poor(with_law(config, WITHOUT_PITY)))["shared_payday"]

    at_both_lenders()
    assert shared
