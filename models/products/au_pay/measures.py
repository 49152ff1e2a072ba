"""Measures of the lender against members on the twelve grounds of AU-41.1."""

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


@implements("AU-41.1", "AU-10.4", "AU-13.1", "AU-13.3", "AU-11.2", "AU-11.3", "AU-24.12")
def measure_of(terms: MeasureTerms, ground: MeasureGround, *, may_cure: bool = False) -> Measure:
    """Give the measure that a ground calls for.

    Parameters
    ----------
    terms
        Measure by ground.
    ground
        Why.
    may_cure
        Whether the acceleration can still be cured (`Cure.PENDING`); then it suspends only (C-55).

    Examples
    --------
    >>> measure_of(MeasureTerms(), MeasureGround.UNPAID).name
    'SUSPEND'
    """
    measure = Measure[getattr(terms, ground.name.lower()).upper()]
    if may_cure and ground is MeasureGround.ACCELERATED:
        return min(measure, Measure.SUSPEND)
    return measure
