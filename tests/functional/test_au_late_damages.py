"""Late damages at au PAY Atobarai in the engine: by plan, capped, exact through payments."""

import datetime as dt

import numpy as np
import pytest

from models.arrays import Ints
from models.products.catalogue import Lender, Product
from sim.config import Config
from sim.engine.agenda import CohortAgenda
from sim.engine.au_pay.late import (
    accelerate_damages,
    begin_damages,
    leave_groups,
    rebase_groups,
    restart_groups,
)
from sim.engine.clock import Clock
from sim.engine.contracts import CONTRACTS
from sim.engine.dues.parts import CASH
from sim.engine.dues.settlement import accrue, claims_of, settle
from sim.engine.state.economy import Economy
from sim.engine.state.new_dues import write_dues
from sim.engine.state.portfolio import DueStatus
from sim.engine.state.world import World
from sim.record.eventlog import Record

START = dt.date(2025, 1, 1)


def a_world(**terms: object) -> World:
    """Give the world of au PAY with three members and nothing in it."""
    config = Config.model_validate(
        {
            "start": START,
            "months": 24,
            "population": {"members": 3},
            "products": {"atone": {"enabled": False}, "au_pay": {"enabled": True, **terms}},
        }
    )
    economy = Economy(config, [0], Record.everyone(), Clock(), 1 << 16)
    world = World(economy, Lender.AU)
    world.agenda = CohortAgenda()
    world.contract = CONTRACTS[Lender.AU]
    return world


def day_of(date: str) -> int:
    """Give the day index of a date."""
    return (dt.date.fromisoformat(date) - START).days


def legs(
    world: World,
    plan: Product,
    prices: list[int],
    dates: list[str],
    *,
    purchase: int = 7,
    member: int = 0,
    fee: int = 0,
) -> Ints:
    """Write the payments of one use, first to last."""
    dues = []
    for price, date in zip(prices, dates, strict=True):
        due = write_dues(
            world,
            np.array([member]),
            product=plan,
            purchase=purchase,
            month=0,
            due_day=day_of(date),
            price_yen=price,
            fee_yen=fee,
        )
        dues.append(due)
    world.members.unsettled_yen[member] += sum(prices)
    return np.concatenate(dues)


def miss(world: World, dues: Ints) -> None:
    """Let dues pass unpaid, each on its day."""
    for due in dues.tolist():
        world.dues.status[due] = DueStatus.OVERDUE
        world.members.overdue_since[world.dues.member[due]] = world.dues.due_day[due]
        begin_damages(world, int(world.dues.due_day[due]), np.array([due]))


def pay(world: World, date: str, dues: Ints, yen: int) -> None:
    """Pay an amount on dues of one member, the oldest first."""
    accrue(world, day_of(date), dues)
    claims = claims_of(world, dues)
    account = np.zeros(dues.size, dtype=np.int64)
    settle(world, day_of(date), dues, account, claims, np.array([yen]), CASH)


def posted(world: World) -> dict[str, int]:
    """Give the late damages posted by kind."""
    sums: dict[str, int] = {}
    for _, posting, _, yen, _, _ in world.ledger.lines:
        if posting.name.startswith("LATE_DAMAGES_") and "PAID" not in posting.name:
            sums[posting.clause] = sums.get(posting.clause, 0) + int(yen.sum())
    return sums


@pytest.mark.golden("G-17")
@pytest.mark.clause("AU-37.2(1)", "AU-37.2(2)", "AU-37.2(3)")
@pytest.mark.parametrize(
    ("plan", "late", "rest", "expected"),
    [
        (Product.AU_ONE_TIME, 30_000, 0, {"AU-37.2(3)": 358}),
        (Product.AU_TWO_TIME, 5_000, 5_000, {"AU-37.2(2)": 24}),
        (Product.AU_TWO_TIME, 5_000, 0, {"AU-37.2(2)": 12}),
        (Product.AU_BONUS, 60_000, 0, {"AU-37.2(2)": 147}),
        (Product.AU_INSTALMENTS, 10_820, 97_380, {"AU-37.2(1)": 129}),
        (Product.AU_INSTALMENTS, 10_820, 32_460, {"AU-37.2(1)": 106}),
        (Product.AU_INSTALMENTS, 10_820, 0, {"AU-37.2(1)": 26}),
    ],
)
def test_thirty_days_late_cost_what_the_plan_says(
    plan: Product, late: int, rest: int, expected: dict[str, int]
) -> None:
    world = a_world()
    dues = legs(world, plan, [late, rest], ["2025-03-04", "2025-12-04"])
    miss(world, dues[:1])
    for date in ("2025-03-10", "2025-03-31", "2025-04-03"):  # however often it is looked at
        accrue(world, day_of(date), dues)
    assert posted(world) == expected
    assert world.dues.late_damages_yen[dues[0]] == sum(expected.values())


@pytest.mark.golden("G-17")
@pytest.mark.clause("AU-37.2(3)")
def test_the_fee_in_a_revolving_payment_bears_no_damages() -> None:
    world = a_world()
    dues = legs(world, Product.AU_REVOLVING, [8_654], ["2025-03-04"], fee=1_346, purchase=-1)
    miss(world, dues)
    accrue(world, day_of("2025-04-03"), dues)
    assert posted(world) == {"AU-37.2(3)": 103}


@pytest.mark.golden("G-17")
@pytest.mark.clause("AU-37.2(1)")
@pytest.mark.parametrize(("n_later", "expected"), [(7, 263), (2, 166)])
def test_two_late_instalments_share_the_cap_of_their_use(n_later: int, expected: int) -> None:
    world = a_world()
    dates = ["2025-03-04", "2025-04-06", *["2026-01-05"] * n_later]
    dues = legs(world, Product.AU_INSTALMENTS, [10_820] * (2 + n_later), dates)
    miss(world, dues[:2])
    accrue(world, day_of("2025-04-20"), dues)
    assert posted(world) == {"AU-37.2(1)": expected}


@pytest.mark.reading("products.au_pay.late.inst_cap_mode")
@pytest.mark.clause("AU-37.2(1)", "C-48")
@pytest.mark.parametrize(
    ("mode", "expected"), [("per_purchase_sum", 166), ("per_instalment", 166 + 49)]
)
def test_late_instalments_share_a_cap_or_have_one_each(mode: str, expected: int) -> None:
    world = a_world(late={"inst_cap_mode": mode})
    dues = legs(
        world,
        Product.AU_INSTALMENTS,
        [10_820] * 4,
        ["2025-03-04", "2025-04-06"] + ["2026-01-05"] * 2,
    )
    miss(world, dues[:2])
    accrue(world, day_of("2025-04-20"), dues)
    # 47 days: min(202.7, 166.6); 14 days: min(60.4, 49.6).
    assert posted(world) == {"AU-37.2(1)": expected}


@pytest.mark.reading("products.au_pay.late.cap_scope")
@pytest.mark.clause("AU-37.2(2)")
@pytest.mark.parametrize(("scope", "expected"), [("per_purchase", 24), ("per_plan_total", 59)])
def test_the_cap_may_count_all_two_time_uses(scope: str, expected: int) -> None:
    world = a_world(late={"cap_scope": scope})
    dues = legs(world, Product.AU_TWO_TIME, [5_000, 5_000], ["2025-03-04", "2025-12-04"])
    legs(world, Product.AU_BONUS, [90_000], ["2025-12-04"], purchase=8)
    miss(world, dues[:1])
    accrue(world, day_of("2025-04-03"), dues)
    assert posted(world) == {"AU-37.2(2)": expected}


@pytest.mark.clause("AU-37.2(3)")
def test_a_part_payment_moves_the_base_and_floors_nothing_before_the_end() -> None:
    world = a_world()
    dues = legs(world, Product.AU_ONE_TIME, [30_000], ["2025-03-04"])
    miss(world, dues)
    pay(world, "2025-03-14", dues, 10_001)
    accrue(world, day_of("2025-04-03"), dues)
    exact = (30_000 * 10 + 19_999 * 20) * 1_455 / 10_000 / 365
    assert posted(world) == {"AU-37.2(3)": int(exact)} == {"AU-37.2(3)": 279}


@pytest.mark.clause("AU-37.2(2)")
def test_paying_a_payment_that_is_not_late_lowers_the_cap() -> None:
    world = a_world()
    dues = legs(world, Product.AU_TWO_TIME, [50_000, 50_000], ["2025-03-04", "2025-12-04"])
    miss(world, dues[:1])
    pay(world, "2025-03-14", dues[1:], 50_000)
    accrue(world, day_of("2025-04-03"), dues)
    exact = (100_000 * 10 + 50_000 * 20) * 299 / 10_000 / 365
    assert posted(world) == {"AU-37.2(2)": int(exact)}


@pytest.mark.clause("AU-37.2(1)", "C-48", "AU-49.2")
def test_the_cap_does_not_grow_on_after_what_was_late_is_paid() -> None:
    world = a_world()
    dates = ["2025-03-04", "2025-12-04", "2026-01-05"]
    dues = legs(world, Product.AU_INSTALMENTS, [10_820] * 3, dates)
    miss(world, dues[:1])
    pay(world, "2025-03-14", dues[:1], 10_820)
    capped = {"AU-37.2(1)": 32_460 * 10 * 299 // 3_650_000}
    assert posted(world) == capped
    restart_groups(world, day_of("2025-06-01"))  # another rate holds from the next day on
    assert posted(world) == capped


@pytest.mark.clause("AU-37.2(1)", "C-48", "COLL-11")
def test_the_cap_does_not_grow_on_after_what_was_late_is_written_off() -> None:
    world = a_world()
    dates = ["2025-03-04", "2025-12-04", "2026-01-05"]
    dues = legs(world, Product.AU_INSTALMENTS, [10_820] * 3, dates)
    miss(world, dues[:1])
    accrue(world, day_of("2025-03-14"), dues)
    capped = {"AU-37.2(1)": 32_460 * 10 * 299 // 3_650_000}
    world.dues.status[dues[:1]] = DueStatus.WRITTEN_OFF
    rebase_groups(world, day_of("2025-03-14"), dues[:1])
    rebase_groups(world, day_of("2025-06-01"), dues[1:])
    assert posted(world) == capped


@pytest.mark.clause("AU-37.1(1)")
@pytest.mark.golden("G-17")
def test_accelerated_instalments_bear_the_cap_rate_on_all_that_remains() -> None:
    world = a_world()
    dues = legs(world, Product.AU_INSTALMENTS, [10_820] * 9, ["2025-03-04"] * 9)
    world.dues.status[dues] = DueStatus.OVERDUE
    accelerate_damages(world, day_of("2025-03-04"), dues)
    accrue(world, day_of("2025-04-03"), dues)
    assert posted(world) == {"AU-37.1(1)": 239}


@pytest.mark.reading("products.au_pay.late.accel_inclusive")
@pytest.mark.clause("AU-37.1(2)", "AU-37.1(3)")
@pytest.mark.parametrize(("inclusive", "days"), [(False, 29), (True, 30)])
def test_damages_of_acceleration_begin_on_the_next_day_or_on_the_day(
    *, inclusive: bool, days: int
) -> None:
    world = a_world(late={"accel_inclusive": inclusive})
    dues = legs(world, Product.AU_ONE_TIME, [30_000], ["2025-12-04"])
    halves = legs(world, Product.AU_BONUS, [60_000], ["2025-12-04"], purchase=8)
    every = np.concatenate((dues, halves))
    world.dues.status[every] = DueStatus.OVERDUE
    accelerate_damages(world, day_of("2025-03-05"), every)
    accrue(world, day_of("2025-04-03"), every)
    assert posted(world)["AU-37.1(2)"] == 60_000 * days * 299 // 3_650_000
    assert posted(world)["AU-37.1(3)"] == 30_000 * days * 1_455 // 3_650_000


@pytest.mark.clause("AU-37.1(3)", "AU-37.2(3)")
@pytest.mark.golden("G-17")
def test_one_time_use_bears_the_same_rate_before_and_after_its_acceleration() -> None:
    world = a_world()
    dues = legs(world, Product.AU_ONE_TIME, [30_000], ["2025-03-04"])
    miss(world, dues)
    accelerate_damages(world, day_of("2025-03-05"), dues)
    accrue(world, day_of("2025-04-03"), dues)
    assert posted(world) == {"AU-37.2(3)": 11, "AU-37.1(3)": 347}
    assert sum(posted(world).values()) == 358


@pytest.mark.clause("AU-37.1(2)", "AU-37.2(2)")
def test_a_missed_half_leaves_its_cap_for_that_of_the_accelerated_use() -> None:
    world = a_world()
    dues = legs(world, Product.AU_TWO_TIME, [50_000, 50_000], ["2025-03-04", "2025-04-04"])
    miss(world, dues[:1])
    world.dues.status[dues] = DueStatus.OVERDUE
    accelerate_damages(world, day_of("2025-03-24"), dues)
    accrue(world, day_of("2025-04-03"), dues)
    assert posted(world) == {
        "AU-37.2(2)": 100_000 * 20 * 299 // 3_650_000,
        "AU-37.1(2)": 100_000 * 10 * 299 // 3_650_000,
    }


@pytest.mark.clause("AU-37.1(3)")
def test_what_falls_due_later_after_all_bears_nothing_more() -> None:
    world = a_world()
    dues = legs(world, Product.AU_ONE_TIME, [30_000], ["2025-04-04"])
    world.dues.status[dues] = DueStatus.OVERDUE
    accelerate_damages(world, day_of("2025-03-05"), dues)
    leave_groups(world, day_of("2025-03-15"), dues, dues)
    world.dues.status[dues] = DueStatus.OPEN
    accrue(world, day_of("2025-04-03"), dues)
    assert posted(world) == {"AU-37.1(3)": 30_000 * 10 * 1_455 // 3_650_000}


@pytest.mark.clause("AU-37.2(3)")
def test_a_span_over_new_year_counts_each_day_in_its_own_year() -> None:
    world = a_world()
    dues = legs(world, Product.AU_ONE_TIME, [1_000_000], ["2025-12-04"])
    miss(world, dues)
    accrue(world, day_of("2026-01-03"), dues)
    assert posted(world) == {"AU-37.2(3)": 1_000_000 * 30 * 1_455 // 3_650_000}


@pytest.mark.reading("products.au_pay.late.min_yen")
@pytest.mark.clause("AU-37.2(3)", "C-54")
@pytest.mark.parametrize(("minimum", "expected"), [(0, {"AU-37.2(3)": 11}), (12, {})])
def test_small_damages_may_not_be_claimed(minimum: int, expected: dict[str, int]) -> None:
    world = a_world(late={"min_yen": minimum})
    dues = legs(world, Product.AU_ONE_TIME, [30_000], ["2025-03-04"])
    miss(world, dues)
    accrue(world, day_of("2025-03-05"), dues)
    assert posted(world) == expected


@pytest.mark.clause("ART-14", "COLL-09", "AU-37.1(3)")
@pytest.mark.parametrize("payment", [0, 10_000])
def test_a_frozen_claim_bears_nothing_even_where_its_balance_moves(payment: int) -> None:
    world = a_world()
    dues = legs(world, Product.AU_ONE_TIME, [30_000], ["2025-03-04"])
    miss(world, dues)
    accrue(world, day_of("2025-04-03"), dues)
    assert posted(world) == {"AU-37.2(3)": 358}
    world.arrangements.freeze(np.array([0]))
    if payment:
        pay(world, "2025-05-03", dues, payment)
    rebase_groups(world, day_of("2025-06-02"), dues)
    assert posted(world) == {"AU-37.2(3)": 358}
    world.arrangements.clear(np.array([0]))
    accrue(world, day_of("2025-07-02"), dues)
    # Thirty days more; the sum of both spans is floored once.
    added = 30_000 + 30_000 - payment
    assert posted(world) == {"AU-37.2(3)": added * 30 * 1_455 // 3_650_000}
