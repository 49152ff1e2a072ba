"""Rows that belong together: equal numbers, and runs of them in ascending order.

In flow the numbers of rows, out flow what numbers there are, the position of each row's group, or
where each group starts.
"""

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt

from models.arrays import Bools, Ints

Positions = npt.NDArray[np.intp]


def group_rows(numbers: Ints, name: str) -> tuple[Positions, Positions]:
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
    if (numbers[1:] < numbers[:-1]).any():
        raise ValueError(f"{name} must be ascending, the rows of one {name} together")
    is_first = first_of_runs(numbers)
    return is_first.cumsum() - 1, is_first.nonzero()[0]


def distinct(numbers: Ints) -> Ints:
    """Return the different numbers in ascending order.

    Parameters
    ----------
    numbers
        Whole numbers in any order, shape (n,).

    Returns
    -------
    Ints
        Each number once, shape (g,), the type of `numbers`.

    Notes
    -----
    What `numpy.unique` gives, which is some twenty times slower on thousands of integers: it
    enters them into a table first.

    Examples
    --------
    >>> distinct(np.array([9, 7, 9])).tolist()
    [7, 9]
    """
    ascending = np.sort(numbers)
    return ascending[first_of_runs(ascending)]


def ascending(numbers: Ints, *further: Callable[[Positions], Ints]) -> Positions:
    """Return the positions of numbers in ascending order, those of equal ones by further numbers.

    Parameters
    ----------
    numbers
        Whole numbers in any order, shape (n,).
    further
        Each gives numbers of positions, the more telling first; asked only about numbers that are
        there repeatedly.

    Returns
    -------
    Positions
        What ``numpy.lexsort`` gives for all of them, shape (n,).

    Examples
    --------
    >>> second = np.array([0, 5, 0, 4])
    >>> ascending(np.array([9, 7, 8, 7]), second.__getitem__).tolist()
    [3, 1, 2, 0]
    """
    order = np.argsort(numbers, kind="stable")  # NOTE: faster where most stands in order
    found = numbers[order]
    repeats = found[1:] == found[:-1]
    if repeats.any():
        is_tied = np.zeros(order.size, dtype=np.bool_)
        is_tied[1:] = repeats
        is_tied[:-1] |= repeats
        tied = np.sort(order[is_tied])
        keys = [numbers[tied], *(numbers_of(tied) for numbers_of in further)]
        order[is_tied] = tied[np.lexsort(keys[::-1])]
    return order


def first_of_runs(numbers: Ints) -> Bools:
    """Tell which rows are the first of a run of equal numbers, shape (n,).

    Examples
    --------
    >>> first_of_runs(np.array([7, 7, 9])).tolist()
    [True, False, True]
    """
    is_first = np.empty(numbers.size, dtype=np.bool_)
    is_first[:1] = True
    np.not_equal(numbers[1:], numbers[:-1], out=is_first[1:])
    return is_first


def one_by_one(numbers: Ints) -> Iterator[Positions]:
    """Give positions so that each number is there once: the first of each, then the second, ...

    Parameters
    ----------
    numbers
        Whole numbers in any order, shape (n,).

    Yields
    ------
    Positions
        Of different numbers, in their ascending order; equal ones follow in the order in which they
        stand.

    Examples
    --------
    >>> [place.tolist() for place in one_by_one(np.array([9, 7, 9]))]
    [[1, 0], [2]]
    """
    left = np.argsort(numbers, kind="stable")
    while left.size:
        is_first = first_of_runs(numbers[left])
        yield left[is_first]
        left = left[~is_first]


def as_slice(rows: Ints) -> Ints | slice:
    """Give different rows in ascending order as a slice where none is left out between them.

    Notes
    -----
    Columns are viewed by a slice, and copied by rows, which takes nine times longer for thousands.

    Examples
    --------
    >>> as_slice(np.array([3, 4, 5])), as_slice(np.array([3, 5])).tolist()
    (slice(3, 6, None), [3, 5])
    """
    if rows.size and int(rows[-1]) - int(rows[0]) == rows.size - 1:
        return slice(int(rows[0]), int(rows[-1]) + 1)
    return rows


def is_among(numbers: Ints, wanted: Ints) -> Bools:
    """Tell which numbers are among the wanted ones, shape (n,).

    Notes
    -----
    What `numpy.isin` gives, which takes some twenty times longer for a few numbers.

    Examples
    --------
    >>> is_among(np.array([7, 9, 8]), np.array([9, 7, 3])).tolist()
    [True, True, False]
    """
    return find_in(np.sort(wanted), numbers)[1]


def place_in(rows: Ints, owners: Ints) -> Ints:
    """Give the position of each owner in unique rows of any order; every owner must be there."""
    order = np.argsort(rows)
    return np.asarray(order[np.searchsorted(rows[order], owners)])


def find_in(ascending: Ints, numbers: Ints) -> tuple[Positions, Bools]:
    """Look numbers up among different numbers in ascending order.

    Parameters
    ----------
    ascending
        Where to look, shape (n,).
    numbers
        What to look for, shape (m,).

    Returns
    -------
    place : Positions
        Position of each number, some position where it is not there, shape (m,).
    is_there : Bools
        Which are there, shape (m,).

    Examples
    --------
    >>> place, is_there = find_in(np.array([4, 7]), np.array([7, 5, 9]))
    >>> place[is_there].tolist(), is_there.tolist()
    ([1], [True, False, False])
    """
    if not ascending.size:
        return np.zeros(numbers.size, dtype=np.intp), np.zeros(numbers.size, dtype=np.bool_)
    place = np.minimum(ascending.searchsorted(numbers), ascending.size - 1)
    return place, ascending[place] == numbers


def sum_by(rows: Ints, owners: Ints, values: Ints) -> npt.NDArray[np.int64]:
    """Sum values by their owner.

    Parameters
    ----------
    rows
        Unique numbers in any order, shape (n,).
    owners
        Owner of each value, one of `rows`, shape (m,).
    values
        Whole numbers, shape (m,).

    Returns
    -------
    NDArray[int64]
        The sum of each row, 0 for those that own nothing, shape (n,).

    Examples
    --------
    >>> sum_by(np.array([9, 4, 7]), np.array([7, 9, 7]), np.array([1, 10, 100])).tolist()
    [10, 0, 101]
    """
    sums = np.zeros(rows.size, dtype=np.int64)
    np.add.at(sums, place_in(rows, owners), values.astype(np.int64))  # NOTE: 30 times faster
    return sums
