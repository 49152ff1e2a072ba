"""Write Philox words to standard output without end, in an order in which a simulation reads them.

A counter is (entity, occurrence, stream, replication). The order names these four from the
fastest to the slowest, separated by commas; the first three run through the numbers of SIZES and
the slowest without end. All four words of a counter are written, or one of them with --lane.
The order `key` writes, instead, one word each from neighbouring keys (seeds) in turn.
"""

import argparse
import sys
from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt

from sim.philox import philox4x32

SIZES: Final = {"entity": 1000, "occurrence": 24, "stream": 40, "replication": 100}
COUNTERS: Final = 1 << 16
KEYS: Final = 256

Words = npt.NDArray[np.uint32]


def main() -> int:
    """Write words until the reader closes the pipe."""
    arguments = parse()
    if arguments.order == "key":
        blocks = over_keys()
    else:
        blocks = over_counters((arguments.seed, 0), arguments.order.split(","))
    pick = slice(None) if arguments.lane is None else slice(arguments.lane, arguments.lane + 1)
    try:
        for block in blocks:
            sys.stdout.buffer.write(block[:, pick].tobytes())
    except BrokenPipeError:
        # The battery has read enough; the flush at exit would raise a second time.
        sys.stdout = None
    return 0


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("order", help=f"'key' or a permutation of {','.join(SIZES)}")
    parser.add_argument("--lane", type=int, choices=range(4), help="one word of each counter only")
    parser.add_argument("--seed", type=int, default=20240401, help="first word of the key")
    arguments = parser.parse_args()
    if arguments.order != "key" and sorted(arguments.order.split(",")) != sorted(SIZES):
        parser.error(f"the order must be 'key' or a permutation of {','.join(SIZES)}")
    return arguments


def over_counters(key: tuple[int, int], order: list[str]) -> Iterator[Words]:
    """Yield the words of blocks of counters, shape (counters, 4)."""
    start = 0
    while True:
        rest = np.arange(start, start + COUNTERS)
        words = {}
        for name in order[:-1]:
            rest, words[name] = np.divmod(rest, SIZES[name])
        words[order[-1]] = rest
        yield np.stack(philox4x32(key, *(words[name] for name in SIZES)), axis=-1)
        start += COUNTERS


def over_keys() -> Iterator[Words]:
    """Yield the words of neighbouring keys in turn, shape (keys * entities, 4)."""
    start = 0
    while True:
        entities = np.arange(start, start + COUNTERS // 16)
        words = [
            np.stack(philox4x32((seed, 0), entities, 0, 0, 0), axis=-1) for seed in range(KEYS)
        ]
        yield np.stack(words, axis=1).reshape(-1, 4)
        start += entities.size


if __name__ == "__main__":
    sys.exit(main())
