"""A paused pass in one file: NumPy's archive format, without pickles, and JSON inside it.

The arrays of the state are many and mostly short, so those of one type stand in one row. The text
``tree.json`` says what they are (`sim.engine.plain_state`).
"""

import io
import json
import zipfile
from itertools import accumulate, pairwise
from math import prod

import numpy as np

from sim.engine.plain_state import PlainState

TREE = "tree"


def to_bytes(state: PlainState) -> bytes:
    """Write a state."""
    rows: dict[str, list[np.ndarray]] = {}
    places = []
    for array in state.arrays:
        places.append([array.dtype.str, list(array.shape)])
        rows.setdefault(array.dtype.str, []).append(array.reshape(-1))
    text = json.dumps({"places": places, "tree": state.tree}, allow_nan=False)
    members = {TREE: np.frombuffer(text.encode(), dtype=np.uint8)}
    members |= {kind: np.concatenate(parts) for kind, parts in rows.items()}
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **members)
    return buffer.getvalue()


def from_bytes(data: bytes) -> PlainState:
    """Read a state.

    Raises
    ------
    ValueError
        If the bytes are not those of a state.
    """
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as archive:
            members = {name: archive[name] for name in archive.files}
    except (zipfile.BadZipFile, OSError, EOFError) as error:
        raise ValueError(str(error)) from error
    whole = json.loads(members.pop(TREE).tobytes().decode())
    sizes: dict[str, list[int]] = {kind: [] for kind in members}
    for kind, shape in whole["places"]:
        sizes[kind].append(prod(shape))
    parts = {
        kind: iter([members[kind][a:b].copy() for a, b in pairwise(accumulate(counts, initial=0))])
        for kind, counts in sizes.items()
    }
    arrays = [next(parts[kind]).reshape(shape) for kind, shape in whole["places"]]
    return PlainState(whole["tree"], arrays)
