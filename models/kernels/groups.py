"""Rows that belong together: runs of equal numbers in ascending order.

In flows the number of each row, out flow the position of its group and where each group starts.
"""

import numpy as np
import numpy.typing as npt

from models.kernels.exact import IntArray

Positions = npt.NDArray[np.intp]


def group_rows(numbers: IntArray, name: str) -> tuple[Positions, Positions]:
    """Return the group of each row, counted from 0, and the first row of each group.

    Parameters
    ----------
    numbers
        Number of each row in ascending order, shape (n,); rows of equal number are one group.
    name
        What the error message calls the numbers.

    Returns
    -------
    group : Positions
        Group of each row, shape (n,).
    starts : Positions
        First row of each group, shape (g,).

    Raises
    ------
    ValueError
        If the numbers are not ascending or not of one dimension.

    Examples
    --------
    >>> group, starts = group_rows(np.array([7, 7, 9]), "account")
    >>> group.tolist(), starts.tolist()
    ([0, 0, 1], [0, 2])
    """
    if numbers.ndim != 1:
        raise ValueError(f"{name} must have one dimension, got shape {numbers.shape}")
    step = np.diff(numbers)
    if (step < 0).any():
        raise ValueError(f"{name} must be ascending, the rows of one {name} together")
    is_first = np.ones(numbers.size, dtype=np.bool_)
    is_first[1:] = step > 0
    return np.cumsum(is_first) - 1, np.flatnonzero(is_first)
