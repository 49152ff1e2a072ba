"""Time a uniform: Philox4x32-10 in numpy, in plain Python and in numba, and numpy's generators.

Each figure is the best of several repetitions, in nanoseconds a uniform; in brackets its ratio
to PCG64 at the same size. A column is the number of counters of a call; each gives four uniforms.
numpy's generators fill an array of that size in sequence; Philox4x32-10 starts from an array of
entity ids. For a single block numpy's Philox is also built anew with its key and counter, which
is what a draw keyed by member would take. Run from the root: ``python -m bench.random_numbers``.
"""

import importlib
import importlib.util
import sys
import timeit
from collections.abc import Callable
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from sim.philox import LOW, MULTIPLIERS, ROUNDS, WEYL, philox4x32_scalar, uniforms

SIZES: Final = (1, 100, 10_000, 1_000_000)
KEY: Final = (20240401, 7)
SECONDS: Final = 0.2
REPETITIONS: Final = 5

Numbers = npt.NDArray[np.float64]
Compute = Callable[[npt.NDArray[np.int64]], object]


def main() -> int:
    """Print one row per generator and one column per number of uniforms."""
    generators: dict[str, Compute] = {
        "numpy PCG64, dense": dense(np.random.PCG64(1)),
        "numpy Philox4x64-10, dense": dense(np.random.Philox(1)),
        "Philox4x32-10, numpy": lambda entities: uniforms(KEY, entities, 3, 4, 5),
    }
    if importlib.util.find_spec("numba"):
        generators["Philox4x32-10, numba"] = compiled()
    print(f"{'ns a uniform (ratio to PCG64)':30}" + "".join(f"{n:>20,}" for n in SIZES))
    base = [nanoseconds(generators["numpy PCG64, dense"], n) for n in SIZES]
    for name, compute in generators.items():
        times = [nanoseconds(compute, n) for n in SIZES]
        cells = [f"{t:.2f} ({t / b:.2f})" for t, b in zip(times, base, strict=True)]
        print(f"{name:30}" + "".join(f"{cell:>20}" for cell in cells))
    print("\none counter alone, ns a block of four")
    print(f"{'philox4x32_scalar':30}{best(lambda: philox4x32_scalar(KEY, 1, 3, 4, 5)):>20,.0f}")
    print(f"{'numpy Philox built anew':30}{best(rebuilt):>20,.0f}")
    return 0


def nanoseconds(compute: Compute, counters: int) -> float:
    """Return the time of one of the four uniforms of each counter."""
    entities = np.arange(counters, dtype=np.int64)
    return best(lambda: compute(entities)) / (4 * counters)


def best(function: Callable[[], object]) -> float:
    """Return the shortest time of a call in nanoseconds."""
    timer = timeit.Timer(function)
    calls = max(1, int(SECONDS / REPETITIONS / max(timer.timeit(2) / 2, 1e-7)))
    return min(timer.repeat(REPETITIONS, calls)) / calls * 1e9


def dense(bits: np.random.BitGenerator) -> Compute:
    """Return a function that fills four rows from a sequential generator."""
    generator = np.random.Generator(bits)
    return lambda entities: generator.random((4, entities.size))


def rebuilt() -> Numbers:
    """Draw four uniforms from numpy's Philox, set to a key and a counter."""
    return np.random.Generator(np.random.Philox(key=[1, 2], counter=[1, 3, 4, 5])).random(4)


def compiled() -> Compute:
    """Return the same computation as a numba loop, checked against the project's own."""
    numba: Any = importlib.import_module("numba")
    word = np.uint64
    m0, m1, w0, w1, low = map(word, (*MULTIPLIERS, *WEYL, LOW))
    half, scale = word(32), 2.0**-32

    @numba.njit  # type: ignore[misc, untyped-decorator, unused-ignore]
    def fill(entities: npt.NDArray[np.int64], k0: np.uint64, k1: np.uint64, out: Numbers) -> None:
        for i in range(entities.size):
            c0, c1, c2, c3 = word(entities[i]), word(3), word(4), word(5)
            a, b = k0, k1
            for _ in range(ROUNDS):
                p0, p1 = m0 * c0, m1 * c2
                c0, c1 = (p1 >> half) ^ c1 ^ a, p1 & low
                c2, c3 = (p0 >> half) ^ c3 ^ b, p0 & low
                a, b = (a + w0) & low, (b + w1) & low
            out[0, i], out[1, i] = (c0 + 0.5) * scale, (c1 + 0.5) * scale
            out[2, i], out[3, i] = (c2 + 0.5) * scale, (c3 + 0.5) * scale

    def compute(entities: npt.NDArray[np.int64]) -> Numbers:
        out = np.empty((4, entities.size))
        fill(entities, word(KEY[0]), word(KEY[1]), out)
        return out

    entities = np.arange(1000)
    assert np.array_equal(compute(entities), uniforms(KEY, entities, 3, 4, 5))
    return compute


if __name__ == "__main__":
    sys.exit(main())
