"""Roll rates against the absorbing Markov chain (references 3).

First the chain's closed forms against printed numbers. Then the engine, in configurations made
memoryless: every missed bill stays unpaid for another 30 days with one chance, nobody is contacted,
waits for a payday or falls into hardship. What the portfolio does must be what the transition
matrix says. Each statistical test holds at the level `LEVEL`, with a fixed seed.
"""

from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import pytest
from scipy import stats

from sim.config import Config
from sim.engine.simulation import simulate
from sim.record.tallies import Bucket

LEVEL = 0.001
"""Chance of each statistical test to fail a correct simulator on a new seed."""

Matrix = npt.NDArray[np.float64]

TAIWAN = np.array(
    [[76702, 3741, 0, 0], [2513, 5571, 469, 0], [83, 203, 111, 145]], dtype=np.float64
)
"""Transitions April to July from current, M1-2, M3 to current, M1-2, M3, M4+ (references 6)."""


def absorbed(transient: Matrix, months: int) -> Matrix:
    """Return the chance to be absorbed by a month, from each transient state: 1 - Q^t 1."""
    return np.asarray(1.0 - np.linalg.matrix_power(transient, months).sum(axis=1))


def months_until_absorbed(transient: Matrix) -> Matrix:
    """Return the expected months to absorption from each transient state: (I - Q)^-1 1."""
    return np.asarray(np.linalg.inv(np.eye(len(transient)) - transient).sum(axis=1))


def test_the_chain_of_taiwan_gives_the_printed_charge_offs_and_times() -> None:
    transient = (TAIWAN / TAIWAN.sum(axis=1, keepdims=True))[:, :3]
    assert absorbed(transient, 12) == pytest.approx([0.0183864, 0.0669674, 0.3695197], abs=6e-8)
    assert absorbed(transient, 6) == pytest.approx([0.0053805, 0.0486385, 0.3565372], abs=6e-8)
    times = months_until_absorbed(transient)
    assert times == pytest.approx([434.232, 412.729, 279.274], abs=6e-4)


MISSED = 0.4
"""Chance to miss a bill."""
STAYS = 0.7
"""Chance that a bill in arrears stays there for another 30 days."""
PRICE = 1_000
ONE_MONTH_IN_THREE = (12.0, 0.0, 0.0) * 4
"""Season: wishes in January, April, July and October only."""


def config_of(**changes: object) -> Config:
    """Configure a memoryless portfolio.

    The ceiling of chances makes members alike exactly. Everybody wants to buy in the months of the
    season some ten times and has a limit of one price, so that there is one use on a bill.
    """
    konbini = {"konbini_terminal": 1.0, "ebarcode": 0.0, "invoice": 0.0, "direct_debit": 0.0}
    settings: dict[str, Any] = {
        "name": "roll-rates",
        "seed": 1998,
        "months": 15,
        "population": {
            "members": 3_000,
            "existing_share": 1.0,
            "never_pays_share": 0.0,
            "strained_shape": 100.0,
            "pay_methods": konbini,
        },
        "products": {
            "atone": {
                "limit_cap_yen": PRICE,
                "late": {"rate": (0, 1), "admin_fee_yen": 0},
                "fees": {"other_yen": 0},
            }
        },
        "behaviour": {
            "spending": {
                "uses_per_year": 10.0,
                "uses_shape": 100.0,
                "price_median_yen": PRICE,
                "price_sigma": 0.0,
                "cancel_share": 0.0,
                "season": ONE_MONTH_IN_THREE,
            },
            "repayment": {
                "forgets": 0.0,
                "short_of_cash": 1.0,
                "ceiling": MISSED,
                "waits_for_payday": 0.0,
                "paid_twice_share": 0.0,
            },
            "hardship": {"per_month": 0.0},
            "new_method_share": 0.0,
        },
        "screening": {
            "score": {"cut_off": -1e6},
            "hold": {"share": 0.0, "new_member_share": 0.0},
        },
        "collections": {
            "ladder": (),
            "reminder_days": 0,
            "law": {"settlement": {"enabled": False}, "insolvency": {"enabled": False}},
        },
        "macro": {"rho": 0.0},
        "policy": {"limits": {"bands": ({"from_score": -1e6, "limit_yen": PRICE},)}},
    }
    for path, value in changes.items():
        *sections, name = path.split("__")
        section = settings
        for key in sections:
            section = section.setdefault(key, {})
        section[name] = value
    return Config.model_validate(settings)


STEEP = {
    "days": (29, 30, 59, 60, 89, 90, 91),
    "unpaid": (1.0, STAYS, STAYS, STAYS**2, STAYS**2, STAYS**3, STAYS**3),
}
"""Payments on the 30th, 60th and 90th day past due only: each month's end sees one step of the
chain. Who has not paid by then, never will: charge-off absorbs."""


def rejects(successes: int, trials: int, chance: float) -> bool:
    """Tell whether a binomial test rejects a chance at the level."""
    return bool(stats.binomtest(successes, trials, chance).pvalue < LEVEL)


def yen_of(facts: pl.DataFrame, table: str, key: str, month: int) -> int:
    """Sum the yen of a fact in a month."""
    is_it = (pl.col("table") == table) & (pl.col("key") == key) & (pl.col("month") == month)
    return int(facts.filter(is_it)["yen"].sum())


@pytest.fixture(scope="module")
def constant_hazard() -> pl.DataFrame:
    """Facts of a portfolio in which arrears are cured at one rate, day by day."""
    curve = {"days": (30,), "unpaid": (STAYS,)}
    return simulate(config_of(behaviour__repayment__short=curve), range(6)).facts


@pytest.mark.parametrize("vintage", [0, 3, 6])
@pytest.mark.parametrize("days", [0, 15, 30, 60, 90, 180])
def test_the_unpaid_share_of_each_vintage_is_the_power_of_the_chance_to_stay(
    constant_hazard: pl.DataFrame, vintage: int, days: int
) -> None:
    billed = yen_of(constant_hazard, "billed", "price", vintage) // PRICE
    paid = constant_hazard.filter(
        (pl.col("table") == "paid") & (pl.col("month") == vintage)
    ).with_columns(delay=pl.col("subkey").cast(pl.Int64))
    unpaid = billed - int(paid.filter(pl.col("delay") <= days)["yen"].sum()) // PRICE
    assert billed > 10_000
    assert not rejects(unpaid, billed, MISSED * STAYS ** (days / 30))


@pytest.mark.parametrize("days", range(0, 180, 30))
def test_the_roll_rate_is_one_constant_at_every_age_of_arrears(
    constant_hazard: pl.DataFrame, days: int
) -> None:
    billed = sum(yen_of(constant_hazard, "billed", "price", month) for month in (0, 3, 6))
    before = billed - _paid_by(constant_hazard, days)
    after = billed - _paid_by(constant_hazard, days + 30)
    assert before > after > 500 * PRICE
    assert not rejects(after // PRICE, before // PRICE, STAYS)


def _paid_by(facts: pl.DataFrame, days: int) -> int:
    """Give the yen of the first three vintages paid by a number of days past due."""
    paid = facts.filter((pl.col("table") == "paid") & (pl.col("month") <= 6))
    return int(paid.filter(pl.col("subkey").cast(pl.Int64) <= days)["yen"].sum())


@pytest.fixture(scope="module")
def charge_off() -> pl.DataFrame:
    """Facts of a portfolio whose arrears move every 30 days and are written off after 90."""
    config = config_of(
        behaviour__repayment__short=STEEP,
        collections__write_off={"day": 91, "quiet_days": 0},
        population__members=4_000,
    )
    return simulate(config, [0, 1, 2]).facts


AGES = ("dpd_1_30", "dpd_31_60", "dpd_61_90", "written_off")


@pytest.mark.parametrize(("age", "older"), list(pairwise(AGES)))
def test_moves_between_month_ends_have_the_roll_rates_of_the_matrix(
    charge_off: pl.DataFrame, age: str, older: str
) -> None:
    moves = charge_off.filter((pl.col("table") == "moves") & (pl.col("key") == age))
    by_target = dict(moves.group_by("subkey").agg(pl.col("count").sum()).iter_rows())
    rolled, cured = by_target.pop(older), by_target.pop("no_debt")
    assert by_target == {}  # one step older, or paid and without a new bill: nothing else
    assert rolled + cured > 1_000
    assert not rejects(rolled, rolled + cured, STAYS)


def quarters() -> Matrix:
    """Give the chain of a member from quarter to quarter among: pays or buys, in arrears.

    Who is active buys in the first month and misses the bill of the second month's 10th with the
    chance `MISSED`. The next quarter begins between the 30th and the 60th day past due: `STAYS`
    are still in arrears and do not buy. Of these, `STAYS` squared is left on the 90th day and
    written off; the others are active again before the quarter after.
    """
    buys = 1.0 - (1.0 + 10.0 / 100.0) ** -100  # at least one wish, Poisson mixed over a gamma
    missed = buys * MISSED * STAYS
    return np.array([[1.0 - missed, missed], [1.0 - STAYS**2, 0.0]])


@pytest.mark.parametrize("n_quarters", [2, 3, 4, 5])
def test_charge_off_by_a_quarter_is_the_power_of_the_absorbing_chain(
    charge_off: pl.DataFrame, n_quarters: int
) -> None:
    months = 3 * n_quarters
    written_off = charge_off.filter(
        (pl.col("table") == "events")
        & (pl.col("key") == "written_off")
        & (pl.col("month") < months)
    )
    chance = float(absorbed(quarters(), n_quarters)[0])
    assert not rejects(int(written_off["count"].sum()), 12_000, chance)
    # Expected loss: exposure is one price, nothing is recovered.
    assert int(written_off["yen"].sum()) == int(written_off["count"].sum()) * PRICE


def test_stock_by_age_at_the_end_of_a_year_is_the_state_of_the_chain(
    charge_off: pl.DataFrame,
) -> None:
    """Chi-square of members in arrears, written off, and neither, when the fifth quarter begins."""
    start = np.array([1.0, 0.0])
    state = start @ np.linalg.matrix_power(quarters(), 4)
    expected = 12_000 * np.array([state[0], state[1], 1.0 - state.sum()])
    stock = charge_off.filter((pl.col("table") == "arrears") & (pl.col("month") == 11))
    members = dict(stock.group_by("key").agg(pl.col("count").sum()).iter_rows())
    # At the end of December the bills missed in November are 51 days past due, older ones are off.
    observed = np.array(
        [
            members["no_debt"] + members.get("current", 0),
            members["dpd_31_60"],
            members["written_off"],
        ]
    )
    assert observed.sum() == 12_000
    assert stats.chisquare(observed, expected).pvalue > LEVEL


def test_the_buckets_named_here_are_those_of_the_engine() -> None:
    assert {name.upper() for name in (*AGES, "no_debt", "current")} <= set(Bucket.__members__)
