"""Numbers with a name, as columns hold them and rules compare them."""

from enum import IntEnum

import numpy as np

from models.arrays import Bools


class Code(IntEnum):
    """A number with a name; each enumeration of codes derives from it.

    Examples
    --------
    >>> class Kind(Code):
    ...     PLAIN = 0
    ...     FANCY = 1
    >>> (np.array([1, 0], dtype=np.int8) == Kind.FANCY).tolist()
    [True, False]
    """

    # NOTE: numpy asks the class of every operand for this, and what an enumeration does not have
    # Python 3.11 looks for in Python; so comparing a column with a code took three times as long.
    # It still takes the class for one of 64 bits, not for a number of any width, and copies short
    # columns before it compares: where rows are thousands, `int(code)` is five times as fast.
    __array_ufunc__ = np.ndarray.__array_ufunc__


def one_of(*wanted: Code) -> Bools:
    """Give a table by code that tells which are wanted, to look columns up in.

    Examples
    --------
    >>> class Kind(Code):
    ...     PLAIN = 0
    ...     FANCY = 1
    ...     ODD = 2
    >>> one_of(Kind.PLAIN, Kind.ODD).tolist()
    [True, False, True]
    """
    return np.isin(np.arange(len(type(wanted[0]))), wanted)
