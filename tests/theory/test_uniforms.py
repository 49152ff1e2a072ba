"""Uniforms behave as independent along every direction in which a simulation reads them.

The counters are the product of neighbouring entities, occurrences, streams and replications, as
a run uses them, and the key is fixed, so that the tests always see the same numbers. Each
p-value is tested at LEVEL: over all of this file, a true generator with a key chosen at random
would fail at least one test with a probability of less than one per cent.
"""

import numpy as np
import numpy.typing as npt
import pytest
from scipy import stats

from sim.philox import philox4x32, uniforms

LEVEL = 1e-4
KEY = (20240401, 7)
AXES = ["lane", "entity", "occurrence", "stream", "replication"]
SHAPE = (4, 384, 24, 12, 12)

Numbers = npt.NDArray[np.float64]


@pytest.fixture(scope="module")
def cube() -> Numbers:
    """Uniforms with the dimensions of AXES."""
    entity, occurrence, stream, replication = np.ogrid[tuple(slice(size) for size in SHAPE[1:])]
    return uniforms(KEY, entity, occurrence, stream, replication).reshape(SHAPE)


def along(cube: Numbers, axis: str, length: int) -> Numbers:
    """Cut one direction into runs of neighbours that do not overlap: shape (runs, length)."""
    last = np.moveaxis(cube, AXES.index(axis), -1)
    usable = last.shape[-1] // length * length
    return last[..., :usable].reshape(-1, length)


def equidistribution(points: Numbers, cells: int) -> float:
    """Return the p-value of Pearson's test for points in the unit cube cut into equal cells."""
    index = np.zeros(len(points), dtype=np.int64)
    for coordinate in points.T:
        index = index * cells + (coordinate * cells).astype(np.int64)
    counts = np.bincount(index, minlength=cells ** points.shape[1])
    return float(stats.chisquare(counts).pvalue)


def both_tails(statistic: float) -> float:
    """Return the p-value of a standard normal statistic against either side."""
    return float(2 * stats.norm.sf(abs(statistic)))


def repeated_spacings(words: npt.NDArray[np.int64]) -> int:
    """Count the spacings of the sorted words of each row that occur a further time."""
    spacings = np.sort(np.diff(np.sort(words, axis=1), axis=1), axis=1)
    return int(np.count_nonzero(np.diff(spacings, axis=1) == 0))


@pytest.mark.parametrize("lane", range(4))
def test_each_lane_fills_cells_evenly(cube: Numbers, lane: int) -> None:
    assert equidistribution(cube[lane].reshape(-1, 1), 1024) > LEVEL


@pytest.mark.parametrize("lane", range(4))
def test_the_low_half_of_each_word_fills_cells_evenly(cube: Numbers, lane: int) -> None:
    assert equidistribution(cube[lane].reshape(-1, 1) * 2.0**16 % 1.0, 1024) > LEVEL


@pytest.mark.parametrize("lane", range(4))
def test_the_distribution_of_each_lane_is_uniform(cube: Numbers, lane: int) -> None:
    assert stats.kstest(cube[lane, :, ::8].ravel(), "uniform").pvalue > LEVEL


@pytest.mark.parametrize("axis", AXES)
def test_mean_and_variance_do_not_move_along_any_axis(cube: Numbers, axis: str) -> None:
    rows = np.moveaxis(cube, AXES.index(axis), 0).reshape(SHAPE[AXES.index(axis)], -1) - 0.5
    size = rows.shape[1]
    # Var(U) = 1/12 and Var((U - 1/2)**2) = 1/180.
    means = rows.sum(axis=1) / (size / 12) ** 0.5
    variances = ((rows**2).sum(axis=1) - size / 12) / (size / 180) ** 0.5
    for standardised in (means, variances):
        assert stats.chi2.sf((standardised**2).sum(), len(rows)) > LEVEL


@pytest.mark.parametrize("lag", [1, 2, 3])
@pytest.mark.parametrize("axis", AXES)
def test_neighbours_are_not_correlated(cube: Numbers, axis: str, lag: int) -> None:
    last = np.moveaxis(cube, AXES.index(axis), -1) - 0.5
    products = last[..., lag:] * last[..., :-lag]
    # The products, overlapping or not, are uncorrelated, each with the variance 1/144.
    assert both_tails(products.sum() / (products.size / 144) ** 0.5) > LEVEL


@pytest.mark.parametrize("axis", AXES)
def test_pairs_of_neighbours_fill_the_square(cube: Numbers, axis: str) -> None:
    assert equidistribution(along(cube, axis, 2), 64) > LEVEL


@pytest.mark.parametrize("axis", AXES)
def test_triples_of_neighbours_fill_the_cube(cube: Numbers, axis: str) -> None:
    assert equidistribution(along(cube, axis, 3), 16) > LEVEL


@pytest.mark.parametrize("axis", AXES)
def test_runs_of_four_neighbours_have_every_order_equally_often(cube: Numbers, axis: str) -> None:
    orders = np.argsort(along(cube, axis, 4), axis=1) @ np.array([64, 16, 4, 1])
    counts = np.unique(orders, return_counts=True)[1]
    assert len(counts) == 24
    assert stats.chisquare(counts).pvalue > LEVEL


@pytest.mark.parametrize("axis", AXES)
def test_birthday_spacings_repeat_as_often_as_they_should(cube: Numbers, axis: str) -> None:
    # m birthdays in a year of n days: repetitions are nearly Poisson with the mean m**3 / (4 n).
    birthdays, rows = 4096, 150
    words = (np.moveaxis(cube, AXES.index(axis), -1).reshape(-1) * 2.0**32).astype(np.int64)
    repeats = repeated_spacings(words[: birthdays * rows].reshape(rows, birthdays))
    mean = rows * birthdays**3 / (4 * 2**32)
    assert both_tails((repeats - mean) / mean**0.5) > LEVEL


def test_no_counter_repeats_a_block_of_words() -> None:
    entity, occurrence, stream, replication = np.ogrid[tuple(slice(size) for size in SHAPE[1:])]
    lanes = philox4x32(KEY, entity, occurrence, stream, replication)
    pairs = lanes[0].astype(np.uint64) << np.uint64(32) | lanes[1]
    assert np.unique(pairs).size == pairs.size


@pytest.mark.parametrize("word", range(4))
def test_each_bit_of_a_counter_flips_half_of_the_bits(word: int) -> None:
    generator = np.random.default_rng(9)
    counters = generator.integers(0, 2**32, size=(4, 500), dtype=np.uint32)
    before = np.stack(philox4x32(KEY, *counters))
    pvalues = []
    for bit in range(32):
        flipped = counters.copy()
        flipped[word] ^= np.uint32(1 << bit)
        changed = before ^ np.stack(philox4x32(KEY, *flipped))
        flips = int(np.bitwise_count(changed).sum())
        pvalues.append(stats.binomtest(flips, 128 * 500).pvalue)
    assert min(pvalues) > LEVEL / 32


def test_neighbouring_keys_are_not_correlated() -> None:
    entities = np.arange(20_000)
    rows = np.stack([uniforms((seed, 0), entities, 0, 0, 0) for seed in range(40)]) - 0.5
    products = rows[1:] * rows[:-1]
    assert both_tails(products.sum() / (products.size / 144) ** 0.5) > LEVEL


def test_antithetic_uniforms_mirror_the_distribution_exactly(cube: Numbers) -> None:
    sample = cube[0, :50].ravel()
    words = (sample * 2.0**32).astype(np.int64)
    assert np.array_equal(1.0 - sample, (2**32 - 1 - words + 0.5) * 2.0**-32)
