"""Portfolio default rates against the Vasicek one-factor model (Vasicek 2002; references 2).

First the closed forms, against printed numbers. Then the engine, in a configuration in which a bill
is missed for one reason only, the empty purse, whose chance given the economy is the same for every
member: the rate of missed bills must have mean, variance, law and correlation of the model for the
number of bills there is. Statistical tests hold at the level `LEVEL` each, with fixed seeds.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import pytest
from scipy import optimize, stats

from sim.config import Config
from sim.engine.simulation import simulate

LEVEL = 0.001
"""Chance of each statistical test to fail a correct simulator on a new seed."""

LEGENDRE = np.polynomial.legendre.leggauss(100)
HERMITE = np.polynomial.hermite_e.hermegauss(120)

Vector = npt.NDArray[np.float64]


def quantile(p: float, rho: float, level: float) -> float:
    """Return the quantile of the default rate of an infinite portfolio."""
    normal = stats.norm
    z = (normal.ppf(p) + rho**0.5 * normal.ppf(level)) / (1 - rho) ** 0.5
    return float(normal.cdf(z))


@cache
def pair_probability(p: float, rho: float) -> float:
    """Return the probability that two members default: Phi2(g, g; rho)."""
    return bivariate(stats.norm.ppf(p), stats.norm.ppf(p), rho)


def bivariate(x: float, y: float, correlation: float) -> float:
    """Return the bivariate standard normal distribution function, one integral by quadrature."""
    nodes, weights = LEGENDRE
    r = (nodes + 1) / 2 * correlation
    density = np.exp(-(x * x - 2 * r * x * y + y * y) / (2 * (1 - r * r))) / np.sqrt(1 - r * r)
    rest = correlation / 2 * (weights * density).sum() / (2 * np.pi)
    return float(stats.norm.cdf(x) * stats.norm.cdf(y) + rest)


def expected_shortfall(p: float, rho: float, level: float) -> float:
    """Return the mean default rate beyond a quantile of an infinite portfolio."""
    normal = stats.norm
    return bivariate(normal.ppf(p), normal.ppf(1 - level), rho**0.5) / (1 - level)


def variance(p: float, rho: float, n: float = np.inf) -> float:
    """Return the variance of the default rate of n members."""
    pair = pair_probability(p, rho)
    return pair - p * p + (p - pair) / n


@cache
def law(p: float, rho: float, n: int) -> Vector:
    """Return the probabilities of 0, ..., n defaults: binomials mixed over the factor."""
    nodes, weights = HERMITE
    given = stats.norm.cdf((stats.norm.ppf(p) - rho**0.5 * nodes) / (1 - rho) ** 0.5)
    binomials = stats.binom.pmf(np.arange(n + 1), n, given[:, np.newaxis])
    return np.asarray(weights / weights.sum() @ binomials)


PRINTED = [
    (quantile(0.03, 0.04, 0.99), 0.0742692),
    (quantile(0.03, 0.04, 0.999), 0.0987363),
    (quantile(0.0125, 0.02, 0.99), 0.0266907),
    (quantile(0.0125, 0.02, 0.999), 0.0341747),
    (0.75 * 0.03, 0.0225),
    (0.75 * quantile(0.03, 0.04, 0.999), 0.0740522),
    (0.75 * expected_shortfall(0.03, 0.04, 0.99), 0.0636899),
    (0.75 * expected_shortfall(0.03, 0.04, 0.999), 0.0819389),
    (variance(0.03, 0.04) ** 0.5, 0.0140929),
    (variance(0.03, 0.04, 1000) ** 0.5, 0.0150834),
]


@pytest.mark.parametrize(("computed", "printed"), PRINTED)
def test_closed_forms_give_the_printed_numbers(computed: float, printed: float) -> None:
    assert computed == pytest.approx(printed, abs=6e-8)


@pytest.mark.parametrize("n", [50, 1000])
def test_the_law_of_a_finite_portfolio_has_the_moments_of_the_closed_forms(n: int) -> None:
    probability, rate = law(0.03, 0.04, n), np.arange(n + 1) / n
    mean = probability @ rate
    assert probability.sum() == pytest.approx(1.0, abs=1e-12)
    assert mean == pytest.approx(0.03, abs=1e-12)
    assert probability @ (rate - mean) ** 2 == pytest.approx(variance(0.03, 0.04, n), rel=1e-9)


@dataclass(frozen=True)
class Portfolio:
    """A case: what is configured, and how often it is simulated."""

    p: float
    rho: float
    members: int
    replications: int
    phi: float = 0.0


CASES = [
    Portfolio(p=0.03, rho=0.04, members=1000, replications=400),
    Portfolio(p=0.03, rho=0.04, members=150, replications=1000),
    Portfolio(p=0.0125, rho=0.02, members=800, replications=400),
    Portfolio(p=0.10, rho=0.20, members=300, replications=600, phi=0.96),
]


def config_of(case: Portfolio) -> Config:
    """Configure members who all have one bill and one chance to miss it.

    The ceiling of chances makes the members alike exactly: everybody's own chance lies above it.
    Everybody wants to buy for 1 yen some four times in January and has a limit of 1 yen, so those
    who ask at all (all but 1 in 50) have one use on one bill, due on 10 February.
    """
    settings: dict[str, Any] = {
        "name": "vasicek",
        "months": 2,
        "seed": 2002,
        "population": {
            "members": case.members,
            "existing_share": 1.0,
            "never_pays_share": 0.0,
            "strained_shape": 100.0,
            "pay_methods": {
                "konbini_terminal": 1.0,
                "ebarcode": 0.0,
                "invoice": 0.0,
                "direct_debit": 0.0,
            },
        },
        "products": {"atone": {"limit_cap_yen": 1}},
        "behaviour": {
            "spending": {
                "uses_per_year": 48.0,
                "uses_shape": 100.0,
                "price_median_yen": 1,
                "price_sigma": 0.0,
                "cancel_share": 0.0,
                "season": (1.0, *[0.0] * 11),
            },
            "repayment": {"forgets": 0.0, "short_of_cash": 1.0, "ceiling": case.p},
            "hardship": {"per_month": 0.0},
            "new_method_share": 0.0,
        },
        "screening": {
            "score": {"cut_off": -1e6},
            "hold": {"share": 0.0, "new_member_share": 0.0},
        },
        "collections": {"ladder": (), "reminder_days": 0},
        "macro": {"phi": case.phi, "rho": case.rho},
        "policy": {"limits": {"bands": ({"from_score": -1e6, "limit_yen": 1},)}},
    }
    return Config.model_validate(settings)


@dataclass(frozen=True)
class Sample:
    """Bills and missed bills by replication."""

    case: Portfolio
    bills: npt.NDArray[np.int64]
    missed: npt.NDArray[np.int64]

    @property
    def covariance(self) -> Vector:
        """Unbiased estimates of the covariance of two members' defaults, one by replication."""
        pair_rate = self.missed * (self.missed - 1) / (self.bills * (self.bills - 1))
        p = self.case.p
        return np.asarray(pair_rate - 2 * p * self.missed / self.bills + p * p)


@pytest.fixture(scope="module", params=CASES, ids=str)
def sample(request: pytest.FixtureRequest) -> Sample:
    """Simulate a case; many replications share a pass."""
    case: Portfolio = request.param
    facts = simulate(config_of(case), range(case.replications)).facts
    return Sample(
        case,
        _by_replication(facts, case, "billed", 0, "price"),
        _by_replication(facts, case, "events", 1, "payment_missed"),
    )


def _by_replication(
    facts: pl.DataFrame, case: Portfolio, table: str, month: int, key: str
) -> npt.NDArray[np.int64]:
    """Give the counts of one fact by replication, 0 where there is none."""
    chosen = facts.filter(
        (pl.col("table") == table) & (pl.col("month") == month) & (pl.col("key") == key)
    )
    counts = np.zeros(case.replications, dtype=np.int64)
    counts[chosen["replication"].to_numpy()] = chosen["count"].to_numpy()
    return counts


def test_nearly_everybody_has_one_bill(sample: Sample) -> None:
    assert (sample.bills <= sample.case.members).all()
    assert sample.bills.sum() > 0.97 * sample.case.members * sample.case.replications


def test_the_mean_default_rate_is_the_unconditional_chance(sample: Sample) -> None:
    rate = sample.missed / sample.bills
    spread = np.array([variance(sample.case.p, sample.case.rho, n) for n in sample.bills])
    z = (rate.sum() - sample.case.p * rate.size) / spread.sum() ** 0.5
    assert 2 * stats.norm.sf(abs(z)) > LEVEL


def test_the_variance_is_that_of_the_model_for_so_many_members(sample: Sample) -> None:
    """z-test of the squared deviations from p, whose variance is that of the law."""
    p, rho = sample.case.p, sample.case.rho
    n = round(sample.bills.mean())
    squared = (sample.missed / sample.bills - p) ** 2
    deviation = (np.arange(n + 1) / n - p) ** 2
    spread = law(p, rho, n) @ (deviation - variance(p, rho, n)) ** 2
    expected = np.mean([variance(p, rho, n) for n in sample.bills])
    z = (squared.mean() - expected) / (spread / squared.size) ** 0.5
    assert 2 * stats.norm.sf(abs(z)) > LEVEL
    # Teeth: with independent members (no systematic part), the same test fails by far.
    z_without = (squared.mean() - p * (1 - p) / n) / (spread / squared.size) ** 0.5
    assert stats.norm.sf(z_without) < LEVEL**2


def test_the_default_rates_follow_the_law_of_the_model(sample: Sample) -> None:
    """Kolmogorov-Smirnov test of the randomised probability transform, exact for any size."""
    transformed = probability_transform(sample)
    assert stats.kstest(transformed, "uniform").pvalue > LEVEL


@pytest.mark.parametrize("level", [0.90, 0.95, 0.99])
def test_as_many_replications_lie_beyond_a_quantile_as_should(sample: Sample, level: float) -> None:
    beyond = int((probability_transform(sample) > level).sum())
    assert stats.binomtest(beyond, sample.bills.size, 1 - level).pvalue > LEVEL


def probability_transform(sample: Sample) -> Vector:
    """Map each number of defaults to a uniform: F(d - 1) + v P(d), v uniform with a fixed seed."""
    v = np.random.default_rng(2002).random(sample.bills.size)
    transformed = np.empty(sample.bills.size)
    for i, (n, d) in enumerate(zip(sample.bills.tolist(), sample.missed.tolist(), strict=True)):
        probability = law(sample.case.p, sample.case.rho, n)
        transformed[i] = probability[:d].sum() + v[i] * probability[d]
    return transformed


def test_the_correlation_estimated_back_covers_the_configured_one(sample: Sample) -> None:
    """Method of moments: the covariance of two members' defaults, with its error, gives rho."""
    covariance, case = sample.covariance, sample.case
    half_width = stats.norm.isf(LEVEL / 2) * covariance.std(ddof=1) / covariance.size**0.5
    low, high = (
        correlation_of(case.p, covariance.mean() + sign * half_width) for sign in (-1.0, 1.0)
    )
    assert low < case.rho < high
    assert high - low < 1.5 * case.rho  # an interval that says something


def correlation_of(p: float, covariance: float) -> float:
    """Return the asset correlation at which two members' defaults have a covariance."""

    def excess(rho: float) -> float:
        return bivariate(stats.norm.ppf(p), stats.norm.ppf(p), rho) - p * p - covariance

    return float(optimize.brentq(excess, -0.5, 0.95))
