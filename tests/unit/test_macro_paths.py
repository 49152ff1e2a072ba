"""Macro paths by every method of sampling: their groups, their laws, and what they depend on."""

import math

import numpy as np
import pytest
from scipy.special import ndtr, ndtri

from models.arrays import Floats
from models.errors import InputError
from models.macro import factor_path
from models.macro_sampling import (
    log_likelihood_ratio,
    nested_scramble,
    reflected,
    score_direction,
)
from sim.config import Config, load_config
from sim.macro_paths import PER_UNIT_OF_LOG_WEIGHT, factor_paths, log_weights
from sim.rng import Randomness, Stream

SEED = 20260101
RNG = Randomness(SEED)
METHODS = ("plain", "antithetic", "stratified", "sobol", "importance")


def config_of(method: str, horizon: int = 5, phi: float = 0.7, **sampling: float | None) -> Config:
    return Config.model_validate(
        {
            "months": horizon,
            "seed": SEED,
            "macro": {"phi": phi, "sampling": {"method": method, **sampling}},
            "experiment": {"replications": 320},
        }
    )


def paths(config: Config, n: int) -> Floats:
    return factor_paths(config, RNG, np.arange(n))


def shocks_of(config: Config, n: int) -> Floats:
    """Undo the AR(1): the shocks behind the paths."""
    path, phi = paths(config, n), config.macro.phi
    later = (path[:, 1:] - phi * path[:, :-1]) / math.sqrt(1 - phi**2)
    return np.column_stack([path[:, 0], later])


def scores(config: Config, n: int) -> Floats:
    direction = score_direction(config.macro.phi, config.months, config.macro.sampling.months)
    return np.asarray(shocks_of(config, n) @ direction)


def test_plain_paths_are_those_of_the_macro_stream() -> None:
    config = config_of("plain")
    u = [[RNG.one(Stream.MACRO, r, 0, m)[0] for m in range(5)] for r in range(3)]
    assert (paths(config, 3) == factor_path(config.macro, np.array(u))).all()


@pytest.mark.parametrize("method", METHODS)
def test_a_path_depends_on_its_replication_and_not_on_who_shares_the_pass(method: str) -> None:
    config = config_of(method, points=8)
    together = paths(config, 40)
    mixed = np.array([37, 3, 16, 4, 5, 39])
    assert (factor_paths(config, RNG, mixed) == together[mixed]).all()
    weights = log_weights(config, RNG, np.arange(40))
    assert log_weights(config, RNG, mixed) == [weights[r] for r in mixed.tolist()]


def test_an_odd_replication_mirrors_the_even_one_before_it() -> None:
    found = paths(config_of("antithetic"), 20)
    assert (found[1::2] == -found[::2]).all()
    assert (found[::2] == paths(config_of("plain"), 20)[::2]).all()


def test_every_group_has_one_score_in_each_stratum() -> None:
    config = config_of("stratified", strata=8)
    strata = np.floor(8 * ndtr(scores(config, 80))).astype(int)
    assert (strata.reshape(10, 8) == np.arange(8)).all()


def test_the_score_is_the_mean_factor_over_its_months_in_standard_deviations() -> None:
    for months in (1, 3, 6, None):
        window = months or 6
        variance = sum(0.9 ** abs(i - j) for i in range(window) for j in range(window)) / window**2
        config = config_of("plain", 6, 0.9, months=months)
        means = paths(config, 50)[:, :window].mean(axis=1)
        assert scores(config, 50) == pytest.approx(means / math.sqrt(variance))


def test_a_reflection_changes_no_length_and_undoes_itself() -> None:
    direction = score_direction(0.8, 7, 4)
    shocks = ndtri(RNG.uniforms(Stream.MACRO, np.arange(70), 0, 0)[0]).reshape(10, 7)
    turned = reflected(shocks, direction)
    assert (turned**2).sum(axis=1) == pytest.approx((shocks**2).sum(axis=1))
    assert turned @ direction == pytest.approx(shocks[:, 0])
    assert reflected(turned, direction) == pytest.approx(shocks)


def test_every_coordinate_of_a_net_has_one_point_in_each_cell() -> None:
    config = config_of("sobol", points=32)
    direction = score_direction(0.7, 5, None)
    u = ndtr(reflected(shocks_of(config, 96), direction))
    for net in range(3):
        cells = np.floor(32 * u[32 * net : 32 * (net + 1)]).astype(int)
        assert (np.sort(cells, axis=0) == np.arange(32)[:, np.newaxis]).all()


def test_nets_fill_the_plane_evenly_in_every_elementary_interval() -> None:
    # The first two Sobol coordinates are a (0, m, 2)-net, and a nested scramble keeps it one.
    u = ndtr(reflected(shocks_of(config_of("sobol", points=16), 16), score_direction(0.7, 5, None)))
    for wide in range(5):
        cells = np.floor(u[:, 0] * 2**wide) * 2 ** (4 - wide) + np.floor(u[:, 1] * 2 ** (4 - wide))
        assert sorted(cells.astype(int).tolist()) == list(range(16))


def test_every_net_has_a_scramble_of_its_own() -> None:
    # The first Sobol point is the origin; scrambled, it falls into any cell of any coordinate.
    u = ndtr(
        reflected(shocks_of(config_of("sobol", points=8), 8 * 64), score_direction(0.7, 5, None))
    )
    cells = np.floor(8 * u[::8]).astype(int)
    for coordinate in cells.T:
        assert set(coordinate.tolist()) == set(range(8))
    assert np.unique(cells, axis=0).shape[0] == 64


@pytest.mark.parametrize("bits", [1, 3, 6])
def test_a_nested_scramble_is_a_permutation_that_keeps_halves_together(bits: int) -> None:
    flips = (RNG.uniforms(Stream.MACRO_SCRAMBLE, 0, np.arange(2**bits), 9)[0] < 0.5).astype(int)
    scrambled = nested_scramble(np.arange(2**bits), flips, bits)
    assert sorted(scrambled.tolist()) == list(range(2**bits))
    halves = scrambled[: 2 ** (bits - 1)] >> (bits - 1)
    assert np.unique(halves).size == 1


@pytest.mark.parametrize("method", ["antithetic", "stratified", "sobol"])
def test_months_are_standard_normal_with_the_persistence_declared(method: str) -> None:
    n = 320
    found = paths(config_of(method, phi=0.8, points=32), n)
    # Four standard errors of plain replications; groups vary less than those.
    assert np.abs(found.mean(axis=0)).max() < 4 / math.sqrt(n)
    assert np.abs(found.var(axis=0) - 1.0).max() < 4 * math.sqrt(2 / n) * math.sqrt(2)
    assert abs(np.corrcoef(found[:, 3], found[:, 4])[0, 1] - 0.8) < 4 * 0.36 / math.sqrt(n)


def test_a_weight_is_the_plain_over_the_sampling_density_of_the_score() -> None:
    config = config_of("importance", shift=-2.0, plain_share=0.25)
    logs = log_weights(config, RNG, np.arange(50))
    for log, z in zip(logs, scores(config, 50).tolist(), strict=True):
        plain, shifted = math.exp(-z * z / 2), math.exp(-((z + 2.0) ** 2) / 2)
        ratio = plain / (0.25 * plain + 0.75 * shifted)
        assert math.exp(log / PER_UNIT_OF_LOG_WEIGHT) == pytest.approx(ratio, rel=1e-9)


def test_weights_average_to_one_and_none_exceeds_the_bound() -> None:
    n = 4000
    config = config_of("importance", shift=-2.0, plain_share=0.2)
    weights = np.exp(np.array(log_weights(config, RNG, np.arange(n))) / PER_UNIT_OF_LOG_WEIGHT)
    assert weights.max() <= 5.0
    assert abs(weights.mean() - 1.0) < 4 * weights.std() / math.sqrt(n)
    # The shifted part is as large as declared, and shifted: four standard errors each.
    shifted = scores(config, n) < -1.0
    expected = 0.2 * ndtr(-1.0) + 0.8 * ndtr(1.0)
    assert abs(shifted.mean() - expected) < 4 * math.sqrt(expected * (1 - expected) / n)


def test_without_shift_every_weight_is_one() -> None:
    config = config_of("importance", shift=0.0)
    assert log_weights(config, RNG, np.arange(5)) == [0] * 5
    assert log_likelihood_ratio(-3.0, 0.0, 0.0) == 0.0


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("macro.sampling.points=24", r"macro\.sampling\.points: .*power of two"),
        ("macro.sampling.method=quasi", r"macro\.sampling\.method: .*antithetic"),
        ("macro.sampling.plain_share=1.0", r"macro\.sampling\.plain_share: .*below 1"),
        ("macro.sampling={method: stratified, strata: 7}", r"experiment\.replications: .* of 7"),
    ],
)
def test_a_wrong_sampling_is_named(override: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        load_config("configs/atone.yaml", [override])
