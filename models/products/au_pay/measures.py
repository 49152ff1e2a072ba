"""Measures of the lender against members on the twelve grounds of AU-41.1."""

import numpy as np

from models.arrays import Bools, Ints
from models.clauses import implements
from models.codes import Code
from models.products.au_pay.default_terms import MeasureTerms


class Measure(Code):
    """What happens to a member, ascending in strength."""

    NONE = 0
    RESTRICT = 1
    SUSPEND = 2
    STOP = 3
    CANCEL = 4


class MeasureGround(Code):
    """Grounds of AU-41.1 by their number less one."""

    REPORT_REFUSED = 0
    BREACH = 1
    UNPAID = 2
    DETERIORATION = 3
    ACCELERATED = 4
    CASH_OUT = 5
    SUSPICIOUS = 6
    ANTISOCIAL = 7
    UNLAWFUL_DEMAND = 8
    CRIME_PROCEEDS = 9
    DEATH = 10
    OTHER = 11

    @property
    def clause(self) -> str:
        """Item of AU-41.1."""
        return f"AU-41.1({self.value + 1})"


def measure_table(terms: MeasureTerms) -> Ints:
    """Tabulate the measure by `MeasureGround`, shape (12,)."""
    names = [getattr(terms, ground.name.lower()) for ground in MeasureGround]
    return np.array([Measure[name.upper()] for name in names], dtype=np.int8)


@implements("AU-41.1", "AU-10.4", "AU-13.1", "AU-13.3", "AU-11.2", "AU-11.3", "AU-24.12")
def measure_of(terms: MeasureTerms, has_ground: Bools, may_cure: Bools) -> Ints:
    """Give the strongest measure that members' grounds call for.

    Parameters
    ----------
    terms
        Measure by ground.
    has_ground
        Grounds that exist, shape (n, 12) by `MeasureGround`.
    may_cure
        Members whose acceleration can still be cured (`Cure.PENDING`), shape (n,).

    Returns
    -------
    Ints
        `Measure`, int8, shape (n,). An acceleration that can be cured suspends only (C-55).

    Examples
    --------
    >>> unpaid = np.arange(12) == MeasureGround.UNPAID
    >>> int(measure_of(MeasureTerms(), unpaid[np.newaxis], np.array([False]))[0])
    2
    """
    table = np.broadcast_to(measure_table(terms), has_ground.shape).copy()
    curable = table[:, MeasureGround.ACCELERATED]
    table[:, MeasureGround.ACCELERATED] = np.where(
        may_cure, np.minimum(curable, Measure.SUSPEND), curable
    )
    return np.asarray(np.max(np.where(has_ground, table, Measure.NONE), axis=1), dtype=np.int8)
