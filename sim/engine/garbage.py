"""Python's search for garbage, less often than usual.

A pass makes hundreds of thousands of small objects, most of which live for long, and hardly any
that only hold each other. Looking through them again and again takes some 5 % of its time.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

ALLOCATIONS_PER_COLLECTION = 1_000_000
"""So many new objects, some hundred megabytes, before Python looks for those without an owner."""


@contextmanager
def rarely_collected() -> Iterator[None]:
    """Raise the threshold of garbage collection; whoever raises it puts it back."""
    threshold, *older = gc.get_threshold()
    if not 0 < threshold < ALLOCATIONS_PER_COLLECTION:
        yield
        return
    gc.set_threshold(ALLOCATIONS_PER_COLLECTION, *older)
    try:
        yield
    finally:
        gc.set_threshold(threshold, *older)
