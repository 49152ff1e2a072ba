"""The synthetic population: traits, their shares and correlations, and their order."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from scipy.special import ndtri

from models.arrays import Floats
from models.members.population import (
    AgeBand,
    Correlations,
    Payday,
    PayMethodShares,
    Population,
    Traits,
    draw_traits,
)
from models.products.catalogue import PayMethod

N = 20_000
N_DAYS = 730
PINNED: dict[str, Any] = {
    "existing_share": 0.6,
    "careless_shape": 0.3,
    "strained_shape": 0.2,
    "spending_strain": 0.7,
    "never_pays_share": 0.004,
    "np_history_mean_uses": 6.0,
    "pay_methods": PayMethodShares(
        konbini_terminal=0.35, ebarcode=0.20, invoice=0.10, direct_debit=0.30
    ),
}
"""What the shares below are compared with; the defaults may be tuned."""


def uniforms(seed: int, n: int = N) -> Floats:
    """Give uniforms of shape (4, n)."""
    return np.random.default_rng(seed).random((4, n))


def people(n: int = N, **changes: Any) -> Traits:  # noqa: ANN401
    """Draw persons at fixed seeds."""
    return draw_traits(
        Population(**(PINNED | changes)),
        N_DAYS,
        uniforms(1, n),
        uniforms(2, n),
        uniforms(3, n),
        np_late_rate=0.2,
        default_method=PayMethod.KONBINI_TERMINAL,
    )


@pytest.fixture(scope="module")
def everybody() -> Traits:
    return people()


def assert_share(is_so: np.ndarray[Any, Any], share: float) -> None:
    """Accept a share within four standard errors."""
    assert abs(is_so.mean() - share) < 4 * (share * (1 - share) / is_so.size) ** 0.5


def test_ages_fill_their_bands_by_share(everybody: Traits) -> None:
    bands = Population().age_bands
    for band, following in pairwise(bands):
        inside = (everybody.age >= band.from_age) & (everybody.age < following.from_age)
        assert_share(inside, band.share)
    assert everybody.age.min() == 18
    assert everybody.age.max() < 75


def test_wages_lie_around_the_median_of_their_age_and_are_whole_thousands(
    everybody: Traits,
) -> None:
    thirties = (everybody.age >= 30) & (everybody.age < 40)
    assert np.median(everybody.monthly_net_yen[thirties]) == pytest.approx(285_000, rel=0.03)
    assert (everybody.monthly_net_yen % 1_000 == 0).all()


def test_frailties_have_mean_one_and_the_declared_concentration(everybody: Traits) -> None:
    for frailty, shape in ((everybody.carelessness, 0.3), (everybody.strain, 0.2)):
        assert abs(frailty.mean() - 1.0) < 4 * (1 / shape / N) ** 0.5
        assert frailty.min() >= 0.0
        # A gamma has the square of its coefficient of variation at one over its shape.
        assert frailty.var() == pytest.approx(1 / shape, rel=0.15)


def test_the_well_paid_are_less_strained_and_big_spenders_more(everybody: Traits) -> None:
    def rank(values: Floats) -> Floats:
        return np.argsort(np.argsort(values, kind="stable")).astype(np.float64)

    def correlation(a: Floats, b: Floats) -> float:
        return float(np.corrcoef(rank(a), rank(b))[0, 1])

    wages = everybody.monthly_net_yen.astype(np.float64)
    assert correlation(everybody.strain, wages) < -0.1
    assert correlation(everybody.strain, everybody.spending) > 0.5


def test_spending_is_uniform_and_correlated_with_strain_as_declared() -> None:
    traits = people(spending_strain=0.7, correlations=Correlations())
    assert abs(traits.spending.mean() - 0.5) < 4 * (1 / 12 / N) ** 0.5
    unstrained = people(spending_strain=0.0)
    normals = ndtri(unstrained.spending)
    assert abs(np.corrcoef(normals, unstrained.strain)[0, 1]) < 4 / N**0.5


@pytest.mark.clause("NP-28.1")
def test_who_chooses_no_pay_method_gets_the_terminal(everybody: Traits) -> None:
    none = PayMethodShares(konbini_terminal=0.0, ebarcode=0.0, invoice=0.0, direct_debit=0.0)
    assert set(people(100, pay_methods=none).pay_method.tolist()) == {PayMethod.KONBINI_TERMINAL}
    assert_share(everybody.pay_method == PayMethod.KONBINI_TERMINAL, 0.35 + 0.05)
    assert_share(everybody.pay_method == PayMethod.INVOICE, 0.10)
    assert_share(everybody.pay_method == PayMethod.DIRECT_DEBIT, 0.30)


def test_paydays_intent_and_applications_have_their_shares(everybody: Traits) -> None:
    assert_share(everybody.payday == 25, 0.70)
    assert_share(everybody.payday == 31, 0.08)
    assert_share(everybody.never_pays, 0.004)
    assert_share(everybody.application_day == 0, 0.6 + 0.4 / N_DAYS)
    assert everybody.application_day.max() < N_DAYS
    later = everybody.application_day[everybody.application_day > 0]
    assert_share(later < N_DAYS // 2, 0.5)


@pytest.mark.clause("ART-08")
def test_a_history_holds_no_more_late_uses_than_uses_and_the_prone_have_more(
    everybody: Traits,
) -> None:
    assert (everybody.np_late <= everybody.np_uses).all()
    assert everybody.np_uses.mean() == pytest.approx(6.0, rel=0.04)
    prone = everybody.carelessness + everybody.strain > 4
    late_share = everybody.np_late.sum() / everybody.np_uses.sum()
    assert everybody.np_late[prone].sum() / everybody.np_uses[prone].sum() > 2 * late_share


def test_a_population_without_history_has_none() -> None:
    traits = people(100, np_history_mean_uses=0.0)
    assert traits.np_uses.sum() == traits.np_late.sum() == 0


def test_a_person_is_the_same_whoever_else_applies() -> None:
    few, many = uniforms(4, 10), uniforms(5, 30)
    many[:, :10] = few
    first, second = (
        draw_traits(Population(), N_DAYS, u, u, u, 0.2, PayMethod.KONBINI_TERMINAL)
        for u in (few, many)
    )
    for one, other in zip(first, second, strict=True):
        assert one.tolist() == other[:10].tolist()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"age_bands": (AgeBand(from_age=20, share=0.5),)}, "age_bands: the shares sum to 0.5"),
        (
            {"age_bands": (AgeBand(from_age=30, share=0.5), AgeBand(from_age=20, share=0.5))},
            "from_age must ascend",
        ),
        ({"paydays": (Payday(day=25, share=0.9),)}, "paydays: the shares sum to 0.9"),
    ],
)
def test_shares_that_are_none_are_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Population(**changes)


def test_pay_methods_above_one_are_refused() -> None:
    with pytest.raises(ValueError, match=r"sum to 1\.2; allowed: at most 1"):
        PayMethodShares(konbini_terminal=0.9, ebarcode=0.1, invoice=0.1, direct_debit=0.1)


def test_correlations_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(ValueError, match="not positive definite"):
        Correlations(age_income=0.9, age_ability=0.9, income_ability=-0.9)


def test_the_correlation_factor_reproduces_the_matrix() -> None:
    correlations = Correlations()
    factor = np.array(correlations.factor())
    matrix = factor @ factor.T
    assert np.diag(matrix) == pytest.approx(np.ones(4))
    assert matrix[0, 1] == pytest.approx(correlations.age_income)
    assert matrix[1, 2] == pytest.approx(correlations.income_ability)
    assert matrix[2, 3] == pytest.approx(correlations.ability_attention)
