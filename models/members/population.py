"""The synthetic population: who applies for membership, and with what traits.

Age, income, ability (to pay) and attention (to bills) are correlated by a Gaussian copula; the
other traits are independent of them. Ability and attention are latent: the lender never sees them,
only the payment record they leave behind.
"""

from collections.abc import Sequence
from typing import NamedTuple, Self

import numpy as np
from pydantic import model_validator
from scipy.special import exp2, log1p, ndtr, ndtri

from models.arrays import Bools, Floats, Ints
from models.floats import LOG2_E
from models.members.counts import gamma_quantile, poisson_quantile
from models.parameters import Parameters, Share, parameter
from models.products.catalogue import PayMethod

OLDEST_AGE = 75
"""Age that nobody has reached: the end of the last band."""
MOST_NP_USES = 500.0
"""Uses of NP Atobarai before applying are cut here."""
HIGHEST_LATE_RATE = 0.9
"""However prone somebody is, not more of these uses are expected to be paid late."""


class AgeBand(Parameters):
    """People of one age band among those who apply."""

    from_age: int = parameter(
        20,
        "Youngest age of the band.",
        unit="years",
        source="facts 4",
        ge=18,
        le=OLDEST_AGE - 1,
    )
    share: Share = parameter(0.1, "Share among applicants.", unit="share", source="facts 4")
    monthly_net_yen: int = parameter(
        250_000, "Median net wage a month.", unit="yen", source="facts 4", ge=0, le=10_000_000
    )


class Correlations(Parameters):
    """Correlations of the latent normals behind age, income, ability and attention."""

    age_income: float = parameter(
        0.15, "Age with income.", unit="-", source="assumption", gt=-1, lt=1
    )
    age_ability: float = parameter(
        0.10, "Age with ability to pay.", unit="-", source="assumption", gt=-1, lt=1
    )
    age_attention: float = parameter(
        0.15, "Age with attention.", unit="-", source="assumption", gt=-1, lt=1
    )
    income_ability: float = parameter(
        0.35,
        "Income with ability to pay (lateness by income).",
        unit="-",
        source="facts 1.6",
        gt=-1,
        lt=1,
    )
    income_attention: float = parameter(
        0.05, "Income with attention.", unit="-", source="assumption", gt=-1, lt=1
    )
    ability_attention: float = parameter(
        0.20, "Ability with attention.", unit="-", source="assumption", gt=-1, lt=1
    )

    def factor(self) -> list[list[float]]:
        """Compute the lower Cholesky factor in plain Python, so that no BLAS decides a bit.

        Raises
        ------
        ValueError
            If the matrix is not positive definite.
        """
        matrix = [
            [1.0, self.age_income, self.age_ability, self.age_attention],
            [self.age_income, 1.0, self.income_ability, self.income_attention],
            [self.age_ability, self.income_ability, 1.0, self.ability_attention],
            [self.age_attention, self.income_attention, self.ability_attention, 1.0],
        ]
        factor = [[0.0] * 4 for _ in range(4)]
        for i in range(4):
            for j in range(i + 1):
                rest = matrix[i][j] - sum(factor[i][k] * factor[j][k] for k in range(j))
                if i == j:
                    if rest <= 1e-12:
                        raise ValueError(
                            "the correlations contradict each other (not positive definite)"
                        )
                    factor[i][i] = rest**0.5
                else:
                    factor[i][j] = rest / factor[j][j]
        return factor

    @model_validator(mode="after")
    def _is_positive_definite(self) -> Self:
        self.factor()
        return self


class PayMethodShares(Parameters):
    """First pay methods of members; what is left of 1 chooses nothing (NP-28.1)."""

    konbini_terminal: Share = parameter(0.35, "Konbini terminal.", unit="share", source="facts 7")
    ebarcode: Share = parameter(0.20, "E-barcode.", unit="share", source="facts 7")
    invoice: Share = parameter(0.10, "Paper invoice.", unit="share", source="facts 7")
    direct_debit: Share = parameter(0.30, "Direct debit.", unit="share", source="facts 7")

    @model_validator(mode="after")
    def _is_a_distribution(self) -> Self:
        total = self.konbini_terminal + self.ebarcode + self.invoice + self.direct_debit
        if total > 1.0 + 1e-9:
            raise ValueError(f"the shares of the pay methods sum to {total:g}; allowed: at most 1")
        return self


class Payday(Parameters):
    """A day of the month on which wages are paid."""

    day: int = parameter(
        25,
        "Day of month, clipped to short months.",
        unit="day of month",
        source="facts 4",
        ge=1,
        le=31,
    )
    share: Share = parameter(1.0, "Share of members.", unit="share", source="facts 4")


DEFAULT_AGE_BANDS = tuple(
    AgeBand(from_age=age, share=share, monthly_net_yen=net)
    for age, share, net in [
        (18, 0.05, 120_000),
        (20, 0.27, 205_000),
        (30, 0.26, 285_000),
        (40, 0.24, 325_000),
        (50, 0.13, 335_000),
        (60, 0.05, 230_000),
    ]
)
DEFAULT_PAYDAYS = (
    Payday(day=25, share=0.70),
    Payday(day=10, share=0.12),
    Payday(day=15, share=0.10),
    Payday(day=31, share=0.08),
)


class Population(Parameters):
    """Who the members are."""

    members: int = parameter(
        10_000,
        "Persons who apply within the horizon.",
        unit="persons",
        source="assumption",
        ge=1,
        le=5_000_000,
    )
    existing_share: Share = parameter(
        0.6,
        "Share that applies on the first day; the others come evenly over the horizon.",
        unit="share",
        source="facts 7 (market growth)",
    )
    age_bands: tuple[AgeBand, ...] = parameter(
        DEFAULT_AGE_BANDS,
        "Age bands in ascending order.",
        unit="-",
        source="facts 4",
        min_length=1,
        max_length=20,
    )
    income_sigma: float = parameter(
        0.45,
        "Spread of the wage within an age band.",
        unit="ln sd",
        source="assumption",
        ge=0,
        le=2,
    )
    correlations: Correlations = Correlations()
    pay_methods: PayMethodShares = PayMethodShares()
    paydays: tuple[Payday, ...] = parameter(
        DEFAULT_PAYDAYS, "Paydays.", unit="-", source="facts 4", min_length=1, max_length=10
    )
    careless_shape: float = parameter(
        0.8,
        "Gamma shape of the members' proneness to forget (smaller: more concentrated).",
        unit="-",
        source="facts 7 (persistent late frailty)",
        gt=0,
        le=100,
    )
    strained_shape: float = parameter(
        0.2,
        "Gamma shape of the members' proneness to be short of cash.",
        unit="-",
        source="facts 6.3 (users 14 days late); tuned",
        gt=0,
        le=100,
    )
    spending_strain: float = parameter(
        0.7,
        "Correlation of the latent normals of spending and of being short of cash.",
        unit="-",
        source="facts 1.6 (frequent users miss 4 times as often); tuned",
        gt=-1,
        lt=1,
    )
    never_pays_share: Share = parameter(
        0.004,
        "Applicants who take the goods and never pay.",
        unit="share",
        source="facts 7 (fraud share of GMV)",
    )
    np_history_mean_uses: float = parameter(
        6.0,
        "Mean uses of NP Atobarai before applying.",
        unit="uses",
        source="facts 7 (4.1 orders a year); assumption",
        ge=0,
        le=1000,
    )

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        ages = [band.from_age for band in self.age_bands]
        if ages != sorted(set(ages)):
            raise ValueError(f"age_bands: got from_age {ages}; from_age must ascend")
        for name in ("age_bands", "paydays"):
            total = sum(part.share for part in getattr(self, name))
            if abs(total - 1.0) > 1e-6:
                raise ValueError(f"{name}: the shares sum to {total:g}; allowed: 1")
        return self


class Traits(NamedTuple):
    """Traits of persons, one array of shape (n,) each."""

    age: Ints  # years
    monthly_net_yen: Ints
    carelessness: Floats  # gamma, mean 1: multiplies the chance to forget a bill
    strain: Floats  # gamma, mean 1: multiplies the chance to be short of cash
    never_pays: Bools
    pay_method: Ints  # PayMethod
    payday: Ints  # day of month
    np_uses: Ints
    np_late: Ints
    application_day: Ints
    spending: Floats  # uniform that places the member in the distribution of uses a year


def draw_traits(
    population: Population,
    n_days: int,
    traits: Floats,
    history: Floats,
    entry: Floats,
    np_late_rate: float,
    default_method: PayMethod,
) -> Traits:
    """Turn uniforms into persons.

    Parameters
    ----------
    population
        Parameters.
    n_days
        Horizon; later applications fall evenly within it.
    traits, history, entry
        Uniforms, shape (4, n) each: the member streams of `sim.rng.Stream`.
    np_late_rate
        Chance that an average person pays an NP Atobarai invoice late.
    default_method
        Pay method of those who choose none (NP-28.1).

    Returns
    -------
    Traits
        One row a person.
    """
    normals = [ndtri(u) for u in traits]
    factor = population.correlations.factor()
    age_z, income_z, ability_z, attention_z = (
        sum((factor[i][j] * normals[j] for j in range(i + 1)), np.zeros(traits.shape[1]))
        for i in range(4)
    )
    age, band = _ages(population.age_bands, ndtr(age_z))
    carelessness = gamma_quantile(population.careless_shape, ndtr(-attention_z))
    strain = gamma_quantile(population.strained_shape, ndtr(-ability_z))
    uses, late = _np_history(
        population, history[0], history[1], np_late_rate, carelessness + strain
    )
    return Traits(
        age=age,
        monthly_net_yen=_wages(population, band, income_z),
        carelessness=carelessness,
        strain=strain,
        never_pays=entry[1] < population.never_pays_share,
        pay_method=_pay_methods(population.pay_methods, history[2], default_method),
        payday=_choose(
            [p.share for p in population.paydays], [p.day for p in population.paydays], history[3]
        ),
        np_uses=uses,
        np_late=late,
        application_day=_application_days(population.existing_share, n_days, entry[0]),
        spending=_correlated(population.spending_strain, -ability_z, entry[2]),
    )


def _correlated(correlation: float, z: Floats, u: Floats) -> Floats:
    """Give uniforms whose normals have a correlation with given normals."""
    rest = (1.0 - correlation**2) ** 0.5
    return np.asarray(ndtr(correlation * z + rest * ndtri(u)))


def _ages(bands: Sequence[AgeBand], u: Floats) -> tuple[Ints, Ints]:
    """Map a uniform to an age in years and the number of its band."""
    upper = np.cumsum([band.share for band in bands])
    band = _interval_of(upper[:-1], u)
    first = np.array([b.from_age for b in bands] + [OLDEST_AGE])
    lower = np.concatenate(([0.0], upper[:-1]))
    share = np.array([max(b.share, 1e-12) for b in bands])
    within = np.clip((u - lower[band]) / share[band], 0.0, 1.0 - 2.0**-33)
    years = first[band] + (within * (first[band + 1] - first[band])).astype(np.int64)
    return years.astype(np.int16), band


def _wages(population: Population, band: Ints, z: Floats) -> Ints:
    """Give lognormal wages around the median of the band, to 1,000 yen."""
    median = np.array([b.monthly_net_yen for b in population.age_bands])[band]
    factor = exp2(population.income_sigma * LOG2_E * z)
    return (np.round(median * factor / 1000.0) * 1000.0).astype(np.int64)


def _np_history(
    population: Population, u_uses: Floats, u_late: Floats, late_rate: float, proneness: Floats
) -> tuple[Ints, Ints]:
    """Draw uses of NP Atobarai (geometric) and how many of them were paid late."""
    mean = population.np_history_mean_uses
    if mean == 0.0:
        nothing = np.zeros(u_uses.shape[0], dtype=np.int16)
        return nothing, nothing
    stop = float(log1p(-1.0 / (1.0 + mean)))  # geometric: P(uses >= k) = (m / (1 + m))**k
    uses = np.minimum(np.floor(log1p(-u_uses) / stop), MOST_NP_USES).astype(np.int16)
    rate = np.minimum(late_rate * proneness / 2.0, HIGHEST_LATE_RATE)
    late = poisson_quantile(u_late, np.float64(uses) * rate)
    return uses, np.minimum(late, uses).astype(np.int16)


def _pay_methods(shares: PayMethodShares, u: Floats, default: PayMethod) -> Ints:
    """Choose pay methods; who chooses none gets the default of the terms."""
    names = ["konbini_terminal", "ebarcode", "invoice", "direct_debit"]
    chosen = [getattr(shares, name) for name in names]
    codes = [int(PayMethod[name.upper()]) for name in names] + [int(default)]
    return _choose([*chosen, max(0.0, 1.0 - sum(chosen))], codes, u).astype(np.int8)


def _choose(shares: Sequence[float], values: Sequence[int], u: Floats) -> Ints:
    """Pick a value by its share."""
    return np.asarray(values)[_interval_of(np.cumsum(shares)[:-1], u)]


def _interval_of(edges: Floats, u: Floats) -> Ints:
    """Count the edges that each uniform has reached, shape (n,).

    NOTE: with a handful of edges this is ten times faster than `numpy.searchsorted`.
    """
    reached = np.zeros(u.size, dtype=np.int64)
    for edge in edges.tolist():
        reached += u >= edge
    return reached


def _application_days(existing_share: float, n_days: int, u: Floats) -> Ints:
    """Spread the applications: the existing share on day 0, the others evenly."""
    later = (u - existing_share) / max(1.0 - existing_share, 2.0**-33)
    return np.where(u < existing_share, 0, np.floor(later * n_days)).astype(np.int32)
