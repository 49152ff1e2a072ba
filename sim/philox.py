"""Philox4x32-10, a counter-based random generator, in plain numpy and in plain Python.

A block of four 32-bit words is a pure function of a key (two words) and a counter (four words):
ten rounds of two 32x32-bit products, whose halves are swapped and mixed with the key. Nothing is
stored between calls, so any word can be computed alone, in any order and on any worker.

All functions may be called from several threads: work space is allocated per call, and the
only things kept are immutable round keys.

References
----------
.. [1] J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel random numbers: as easy as
   1, 2, 3", SC11 (2011), section 3.3. DOI 10.1145/2063384.2063405
"""

import math
from collections.abc import Iterator
from functools import lru_cache
from operator import index
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

__all__ = ["Counter", "Key", "philox4x32", "philox4x32_scalar", "uniforms"]

Key: TypeAlias = tuple[int, int]
Counter: TypeAlias = int | np.integer[Any] | npt.NDArray[np.integer[Any]]
Words: TypeAlias = npt.NDArray[np.uint64]

ROUNDS: Final = 10
MULTIPLIERS: Final = (0xD2511F53, 0xCD9E8D57)
WEYL: Final = (0x9E3779B9, 0xBB67AE85)
LOW: Final = 0xFFFFFFFF

# Six buffers of this many 64-bit words take 384 KiB, which stays in the second-level cache of
# current processors. Half as many cost a quarter more time, twice as many a tenth less.
BLOCK: Final = 8192
# Up to this many counters the scalar path is faster than some 120 ufunc calls.
SCALAR_LIMIT: Final = 12

# Two words travel in one Python integer, 64 bits apart, so that a round is a single product:
# (a + b 2**64) (m1 + m0 2**128) = a m1 + b m1 2**64 + a m0 2**128 + ..., whose middle two 64-bit
# fields are b m1 and a m0, already in the places in which the next round needs them.
_PACKED_MULTIPLIER: Final = MULTIPLIERS[1] | MULTIPLIERS[0] << 128
_PACKED_LOW: Final = LOW | LOW << 64

_M0: Final = np.array(MULTIPLIERS[0], dtype=np.uint64)
_M1: Final = np.array(MULTIPLIERS[1], dtype=np.uint64)
_LOW: Final = np.array(LOW, dtype=np.uint64)
_HALF: Final = np.array(32, dtype=np.uint64)


def philox4x32(
    key: Key, c0: Counter, c1: Counter, c2: Counter, c3: Counter
) -> tuple[
    npt.NDArray[np.uint32], npt.NDArray[np.uint32], npt.NDArray[np.uint32], npt.NDArray[np.uint32]
]:
    """Compute the four output words for arrays of counters.

    Parameters
    ----------
    key
        Two words below 2**32.
    c0, c1, c2, c3
        The words of the counters, integers in [0, 2**32) that broadcast against each other.

    Returns
    -------
        Four arrays of the shape to which the counters broadcast.

    Raises
    ------
    TypeError
        If a counter is not an integer.
    ValueError
        If a word lies outside [0, 2**32) or the shapes do not broadcast.
    """
    shape = np.broadcast(c0, c1, c2, c3).shape
    out = np.empty((4, *shape), dtype=np.uint32)
    lanes = out.reshape(4, -1)
    for here, words in _blocks(key, (c0, c1, c2, c3), shape):
        # A cast to 32 bits keeps the low half, which is all that _mix promises.
        np.copyto(lanes[:, here], words, casting="unsafe")
    return out[0], out[1], out[2], out[3]


def philox4x32_scalar(key: Key, c0: int, c1: int, c2: int, c3: int) -> tuple[int, int, int, int]:
    """Compute the four output words for one counter.

    Parameters
    ----------
    key
        Two words below 2**32.
    c0, c1, c2, c3
        The words of the counter, Python integers in [0, 2**32).

    Returns
    -------
        The words that `philox4x32` gives for the same counter.

    Raises
    ------
    ValueError
        If a word lies outside [0, 2**32).
    """
    if (c0 | c1 | c2 | c3) >> 32:
        raise ValueError(f"counter words must lie in [0, 2**32), got {(c0, c1, c2, c3)}")
    even = c0 | c2 << 64
    odd = c1 | c3 << 64
    for round_key in _packed_round_keys(key):
        product = even * _PACKED_MULTIPLIER >> 64
        even = (product >> 32 ^ odd ^ round_key) & _PACKED_LOW
        odd = product
    return even & LOW, odd & LOW, even >> 64, odd >> 64 & LOW


def uniforms(
    key: Key, c0: Counter, c1: Counter, c2: Counter, c3: Counter
) -> npt.NDArray[np.float64]:
    """Compute four uniforms on the open unit interval for each counter.

    The uniform of a word x is (x + 1/2) / 2**32: exact in binary64, symmetric about one half,
    never 0 and never 1.

    Parameters
    ----------
    key
        Two words below 2**32.
    c0, c1, c2, c3
        The words of the counters, integers in [0, 2**32) that broadcast against each other.

    Returns
    -------
        Array of shape (4, n); row i is made of the output words i, and n is the number of
        counters after broadcasting, in C order.

    Raises
    ------
    TypeError
        If a counter is not an integer.
    ValueError
        If a word lies outside [0, 2**32) or the shapes do not broadcast.
    """
    grid = np.broadcast(c0, c1, c2, c3)
    if grid.size <= SCALAR_LIMIT:
        blocks = [philox4x32_scalar(key, *map(index, counter)) for counter in grid]
        few = np.array(list(zip(*blocks, strict=True)), dtype=np.float64).reshape(4, -1)
        few += 0.5
        few *= 2.0**-32
        return few
    out = np.empty((4, grid.size), dtype=np.float64)
    for here, words in _blocks(key, (c0, c1, c2, c3), grid.shape):
        lanes = np.add(words.astype(np.uint32), 0.5, out=out[:, here])
        np.multiply(lanes, 2.0**-32, out=lanes)
    return out


def _blocks(
    key: Key, counters: tuple[Counter, Counter, Counter, Counter], shape: tuple[int, ...]
) -> Iterator[tuple[slice, Words]]:
    """Yield the positions and the mixed words, shape (4, n), in buffers that are used again."""
    flat = [_flat(counter, shape) for counter in counters]
    round_keys = _array_round_keys(key)
    total = math.prod(shape)
    buffers = np.empty((6, min(total, BLOCK)), dtype=np.uint64)
    for start in range(0, total, BLOCK):
        here = slice(start, min(total, start + BLOCK))
        block = buffers[:, : here.stop - start]
        for word, counter in enumerate(flat):
            block[word] = counter if isinstance(counter, int) else counter[here]
        _check_range(block[:4])
        _mix(round_keys, *block)
        yield here, block[:4]


def _mix(
    round_keys: tuple[tuple[Words, Words], ...],
    c0: Words,
    c1: Words,
    c2: Words,
    c3: Words,
    p0: Words,
    p1: Words,
) -> None:
    """Apply the rounds in place, with room for two products; the low 32 bits are the words."""
    # The odd words are whole products: their high halves are cleared by the mask of the next
    # round, after the exclusive or, which saves a pass over each. They change places with the
    # products in every round, and after an even number of rounds are where they were.
    multiply, shift, xor, mask = np.multiply, np.right_shift, np.bitwise_xor, np.bitwise_and
    for k0, k1 in round_keys:
        multiply(c0, _M0, p0)
        multiply(c2, _M1, p1)
        shift(p1, _HALF, c0)
        xor(c0, c1, c0)
        xor(c0, k0, c0)
        mask(c0, _LOW, c0)
        shift(p0, _HALF, c2)
        xor(c2, c3, c2)
        xor(c2, k1, c2)
        mask(c2, _LOW, c2)
        c1, p1 = p1, c1
        c3, p0 = p0, c3


def _flat(counter: Counter, shape: tuple[int, ...]) -> npt.NDArray[np.integer[Any]] | int:
    """Return the counter in one dimension, or as an integer, checked, if it is one number."""
    if type(counter) is int:
        if counter >> 32:
            raise ValueError(f"counter words must lie in [0, 2**32), got {counter}")
        return counter
    words = np.asarray(counter)
    if words.dtype.kind not in "iu":
        raise TypeError(f"counter words must be integers, got {words.dtype}")
    if words.ndim == 0:
        return _flat(int(words), shape)
    if words.ndim == 1 and words.shape == shape:
        return words
    spread = np.empty(shape, dtype=words.dtype)
    spread[...] = words  # NOTE: a tenth of the time that `numpy.broadcast_to` takes for a few
    return spread.reshape(-1)


def _check_range(words: Words) -> None:
    """Refuse counters beyond 32 bits; negative ones have become very large words."""
    if int(np.bitwise_or.reduce(words, axis=None)) >> 32:
        wrong = words[words > _LOW].astype(np.int64)
        raise ValueError(
            f"counter words must lie in [0, 2**32), got {wrong.min()} to {wrong.max()}"
        )


@lru_cache(maxsize=64)
def _round_keys(key: Key) -> tuple[Key, ...]:
    """Return the key of every round: a Weyl sequence in each word."""
    if not (0 <= key[0] <= LOW and 0 <= key[1] <= LOW):
        raise ValueError(f"key words must lie in [0, 2**32), got {key}")
    return tuple(
        ((key[0] + step * WEYL[0]) & LOW, (key[1] + step * WEYL[1]) & LOW) for step in range(ROUNDS)
    )


@lru_cache(maxsize=64)
def _packed_round_keys(key: Key) -> tuple[int, ...]:
    """Return the round keys with the second word 64 bits above the first."""
    return tuple(k0 | k1 << 64 for k0, k1 in _round_keys(key))


@lru_cache(maxsize=64)
def _array_round_keys(key: Key) -> tuple[tuple[Words, Words], ...]:
    """Return the round keys as read-only arrays without a dimension, the fastest ufunc operand."""
    pairs = np.array(_round_keys(key), dtype=np.uint64)
    pairs.flags.writeable = False
    return tuple((pair[0, ...], pair[1, ...]) for pair in pairs)
