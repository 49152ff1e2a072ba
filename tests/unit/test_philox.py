"""Philox4x32-10: published vectors, an independent implementation, and one result on all paths."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import philox
from sim.philox import philox4x32, philox4x32_scalar, uniforms

# The ten-round lines for philox4x32 in kat_vectors of Random123: counter, key, words.
KNOWN_ANSWERS = [
    (
        "00000000 00000000 00000000 00000000",
        "00000000 00000000",
        "6627e8d5 e169c58d bc57ac4c 9b00dbd8",
    ),
    (
        "ffffffff ffffffff ffffffff ffffffff",
        "ffffffff ffffffff",
        "408f276d 41c83b0e a20bc7c6 6d5451fd",
    ),
    (
        "243f6a88 85a308d3 13198a2e 03707344",
        "a4093822 299f31d0",
        "d16cfe09 94fdcceb 5001e420 24126ea1",
    ),
]
WORD = st.integers(0, 2**32 - 1)
KEY = st.tuples(WORD, WORD)
COUNTER = st.tuples(WORD, WORD, WORD, WORD)
INTEGER_TYPES = [np.uint32, np.int64, np.uint64]


def philox_by_the_book(
    key: tuple[int, int], counter: tuple[int, int, int, int]
) -> tuple[int, int, int, int]:
    """Follow the text of the paper: a bijection of (L, R) pairs, then a permutation of words."""
    r0, l0, r1, l1 = counter
    k0, k1 = key
    for _ in range(10):
        high_0, low_0 = divmod(r0 * 0xD2511F53, 2**32)
        high_1, low_1 = divmod(r1 * 0xCD9E8D57, 2**32)
        r0, l0, r1, l1 = high_1 ^ k0 ^ l0, low_1, high_0 ^ k1 ^ l1, low_0
        k0, k1 = (k0 + 0x9E3779B9) % 2**32, (k1 + 0xBB67AE85) % 2**32
    return r0, l0, r1, l1


def hexadecimal(text: str) -> tuple[int, ...]:
    """Read words written in hexadecimal, separated by blanks."""
    return tuple(int(word, 16) for word in text.split())


@pytest.mark.parametrize(("counter", "key", "words"), KNOWN_ANSWERS)
def test_the_scalar_path_gives_the_known_answers(counter: str, key: str, words: str) -> None:
    k0, k1 = hexadecimal(key)
    c0, c1, c2, c3 = hexadecimal(counter)
    assert philox4x32_scalar((k0, k1), c0, c1, c2, c3) == hexadecimal(words)


@pytest.mark.parametrize(("counter", "key", "words"), KNOWN_ANSWERS)
def test_the_array_path_gives_the_known_answers(counter: str, key: str, words: str) -> None:
    k0, k1 = hexadecimal(key)
    c0, c1, c2, c3 = (np.full(3, word) for word in hexadecimal(counter))
    lanes = philox4x32((k0, k1), c0, c1, c2, c3)
    assert np.stack(lanes).T.tolist() == [list(hexadecimal(words))] * 3


@given(key=KEY, counter=COUNTER)
def test_the_scalar_path_agrees_with_the_text_of_the_paper(
    key: tuple[int, int], counter: tuple[int, int, int, int]
) -> None:
    assert philox4x32_scalar(key, *counter) == philox_by_the_book(key, counter)


@given(key=KEY, counters=st.lists(COUNTER, max_size=40), integers=st.sampled_from(INTEGER_TYPES))
def test_the_array_path_agrees_with_the_scalar_path(
    key: tuple[int, int],
    counters: list[tuple[int, int, int, int]],
    integers: type[np.integer],
) -> None:
    columns = np.array(counters, dtype=integers).reshape(-1, 4).T
    lanes = philox4x32(key, *columns)
    expected = [list(philox4x32_scalar(key, *counter)) for counter in counters]
    assert np.stack(lanes).T.tolist() == expected


@given(key=KEY, first=WORD, n=st.integers(0, 3 * philox.SCALAR_LIMIT))
def test_uniforms_have_the_same_bits_on_both_paths(
    key: tuple[int, int], first: int, n: int
) -> None:
    entities = (first + np.arange(n)) % 2**32
    together = uniforms(key, entities, 7, 8, 9)
    alone = [uniforms(key, int(entity), 7, 8, 9)[:, 0] for entity in entities]
    assert together.shape == (4, n)
    assert together.T.tolist() == [column.tolist() for column in alone]


@pytest.mark.parametrize("block", [1, 13, 100, 999, 1000, 1001])
def test_the_block_size_does_not_change_a_word(monkeypatch: pytest.MonkeyPatch, block: int) -> None:
    entities = np.arange(1000)
    words = philox4x32((1, 2), entities, entities % 7, 4, 5)
    numbers = uniforms((1, 2), entities, entities % 7, 4, 5)
    monkeypatch.setattr(philox, "BLOCK", block)
    assert np.array_equal(philox4x32((1, 2), entities, entities % 7, 4, 5), words)
    assert np.array_equal(uniforms((1, 2), entities, entities % 7, 4, 5), numbers)


def test_more_than_one_block_agrees_with_its_parts() -> None:
    entities = np.arange(philox.BLOCK * 2 + 5)
    whole = uniforms((3, 4), entities, 1, 2, 3)
    parts = [uniforms((3, 4), part, 1, 2, 3) for part in np.split(entities, [5, 10_000])]
    assert np.array_equal(whole, np.concatenate(parts, axis=1))


def test_counters_broadcast_to_a_grid_in_c_order() -> None:
    entities, occurrences = np.arange(5)[:, np.newaxis], np.arange(7)
    words = philox4x32((1, 2), entities, occurrences, 3, 4)
    numbers = uniforms((1, 2), entities, occurrences, 3, 4)
    assert [lane.shape for lane in words] == [(5, 7)] * 4
    assert [int(lane[2, 6]) for lane in words] == list(philox4x32_scalar((1, 2), 2, 6, 3, 4))
    assert numbers.shape == (4, 35)
    assert np.array_equal(numbers[:, 20], uniforms((1, 2), 2, 6, 3, 4)[:, 0])


def test_counters_are_left_as_they_were() -> None:
    entities = np.arange(100, dtype=np.uint64)
    uniforms((1, 2), entities, entities, entities, entities)
    assert np.array_equal(entities, np.arange(100))


def test_words_are_32_bit_and_uniforms_are_binary64() -> None:
    assert {lane.dtype for lane in philox4x32((1, 2), np.arange(20), 0, 0, 0)} == {np.dtype("u4")}
    assert uniforms((1, 2), 3, 0, 0, 0).dtype == np.float64
    assert uniforms((1, 2), np.arange(20), 0, 0, 0).dtype == np.float64


@pytest.mark.parametrize("n", [1, 3, 1000])
def test_uniforms_lie_in_rows_that_are_contiguous(n: int) -> None:
    assert uniforms((1, 2), np.arange(n), 0, 0, 0).flags.c_contiguous


@pytest.mark.parametrize("n", [10, 100])
def test_a_uniform_is_the_middle_of_its_cell_exactly(n: int) -> None:
    entities = np.arange(n)
    words = np.stack(philox4x32((1, 2), entities, 0, 0, 0))
    doubled = [[2 * int(word) + 1 for word in lane] for lane in words]
    scaled = [
        [number * 2**33 for number in lane] for lane in uniforms((1, 2), entities, 0, 0, 0).tolist()
    ]
    assert scaled == doubled


@pytest.mark.parametrize("n", [1, 100])
@pytest.mark.parametrize("word", [0, 2**32 - 1])
def test_the_extreme_words_give_uniforms_inside_the_unit_interval(
    monkeypatch: pytest.MonkeyPatch, word: int, n: int
) -> None:
    def mix(_: object, *words: npt.NDArray[np.uint64]) -> None:
        for one in words:
            one[:] = word

    monkeypatch.setattr(philox, "philox4x32_scalar", lambda *_: (word,) * 4)
    monkeypatch.setattr(philox, "_mix", mix)
    numbers = uniforms((1, 2), np.arange(n), 0, 0, 0)
    assert np.all(numbers == (word + 0.5) / 2**32)
    assert numbers.min() > 0.0
    assert numbers.max() < 1.0


def test_every_word_of_counter_and_key_matters() -> None:
    base = philox4x32_scalar((0, 0), 0, 0, 0, 0)
    changed = [philox4x32_scalar((0, 0), *(int(i == j) for j in range(4))) for i in range(4)]
    changed += [philox4x32_scalar((1, 0), 0, 0, 0, 0), philox4x32_scalar((0, 1), 0, 0, 0, 0)]
    assert len({base, *changed}) == 7


@pytest.mark.parametrize("bad", [-1, 2**32])
@pytest.mark.parametrize("place", range(4))
def test_a_counter_word_outside_32_bits_is_refused(place: int, bad: int) -> None:
    counter = [0, 0, 0, 0]
    counter[place] = bad
    columns = [np.array([0, word, 1]) for word in counter]
    with pytest.raises(ValueError, match=r"counter words must lie in \[0, 2\*\*32\)"):
        philox4x32_scalar((1, 2), *counter)
    with pytest.raises(ValueError, match=r"counter words must lie in \[0, 2\*\*32\)"):
        philox4x32((1, 2), *columns)
    with pytest.raises(ValueError, match=r"counter words must lie in \[0, 2\*\*32\)"):
        uniforms((1, 2), *counter)


@pytest.mark.parametrize("n", [1, 100])
@pytest.mark.parametrize("bad", [0.0, True])
def test_a_counter_that_is_no_integer_is_refused(bad: object, n: int) -> None:
    with pytest.raises(TypeError, match=r"integer"):
        uniforms((1, 2), np.full(n, bad), 0, 0, 0)


@pytest.mark.parametrize("key", [(-1, 0), (2**32, 0), (0, -1), (0, 2**32)])
def test_a_key_word_outside_32_bits_is_refused(key: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match=r"key words must lie in \[0, 2\*\*32\)"):
        philox4x32_scalar(key, 0, 0, 0, 0)
    with pytest.raises(ValueError, match=r"key words must lie in \[0, 2\*\*32\)"):
        philox4x32(key, np.arange(3), 0, 0, 0)


def test_counters_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="shape mismatch"):
        uniforms((1, 2), np.arange(3), np.arange(4), 0, 0)


@settings(max_examples=20)
@given(order=st.permutations(range(50)))
def test_the_order_of_entities_does_not_change_their_uniforms(order: list[int]) -> None:
    in_order = uniforms((5, 6), np.arange(50), 1, 2, 3)
    assert np.array_equal(uniforms((5, 6), np.array(order), 1, 2, 3), in_order[:, order])
