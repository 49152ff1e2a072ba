"""The due dates and fee months of au PAY Atobarai over one horizon, found once for all steps.

In flow terms and a `Calendar`, out flow day indices by month and months by day.
"""

from dataclasses import dataclass, field

import numpy as np

from models.arrays import Ints
from models.calendar import Calendar
from models.kernels.instalments import MOST_INSTALMENTS
from models.products.au_pay.periods import announced_on, due_day
from models.products.au_pay.revolving import FeeMonth, fee_month
from models.products.au_pay.terms import AuPayTerms

MONTHS_IN_YEAR = 12
"""A bonus is at most so many months ahead."""


@dataclass(frozen=True, eq=False)
class Timetable:
    """Days by due month and due months by day, as long as the calendar reaches; see `of`."""

    due_day: Ints = field(repr=False)
    """Due day by month, rolled, int64; as long as plans that begin within the horizon may last."""
    announced_on: Ints = field(repr=False)
    """Business day that closes before the statement of a due month goes out, by due month."""
    fee_months: tuple[FeeMonth, ...] = field(repr=False)
    """Fee month by due month."""
    fee_due_month: Ints = field(repr=False)
    """Due month whose fee month holds a day, by day, int64."""

    @classmethod
    def of(cls, terms: AuPayTerms, calendar: Calendar) -> "Timetable":
        """Find the days of some terms.

        Examples
        --------
        >>> import datetime as dt
        >>> calendar = Calendar.of(dt.date(2025, 1, 1), months=2)
        >>> timetable = Timetable.of(AuPayTerms(), calendar)
        >>> calendar.date(int(timetable.due_day[0]))
        datetime.date(2025, 1, 6)
        >>> timetable.fee_due_month[3:5].tolist()
        [0, 1]
        """
        month_of = calendar.month_of.astype(np.int64)
        months = np.arange(month_of[-1] + 2)
        fee_months = tuple(
            fee_month(terms.revolving, terms.due, calendar, month) for month in months.tolist()
        )
        last_day = np.array([one.to_day for one in fee_months])
        payable = np.arange(months.size + MONTHS_IN_YEAR + MOST_INSTALMENTS)
        return cls(
            due_day=due_day(terms.due, calendar, payable),
            announced_on=announced_on(terms.statement, terms.period, calendar, payable),
            fee_months=fee_months,
            fee_due_month=month_of + (np.arange(month_of.size) > last_day[month_of]),
        )

    def fee_month_on(self, day: int) -> FeeMonth:
        """Give the fee month that holds a day."""
        return self.fee_months[int(self.fee_due_month[day])]
