"""What a missed due date costs under the terms of atone (NP-30), with the readings left open."""

from typing import Annotated, Literal

from pydantic import Field

from models.parameters import Parameters, Rate, parameter


class LateTerms(Parameters):
    """What a missed due date costs."""

    rate: Rate = parameter(
        [146, 1000],
        "Late damages a year on price and service fees.",
        unit="a year",
        source="NP-30.1",
    )
    base: Literal["price_and_fees", "all_debts"] = parameter(
        "price_and_fees",
        "What bears late damages; all debts: billed damages, administration fees and costs, too.",
        unit="-",
        source="NP-30.1; C-29",
    )
    split_years: bool = parameter(
        True,
        "Whether each day counts by its own year; otherwise the first day's year sets the basis.",
        unit="-",
        source="NP-30.1; C-28",
    )
    acceleration_day_counts: bool = parameter(
        True,
        "Whether the day of acceleration itself bears late damages.",
        unit="-",
        source="NP-30.2; C-16",
    )
    collect: Literal["next_bill", "with_payment"] = parameter(
        "next_bill",
        "Whether late damages are paid with the late bill or put on the next one.",
        unit="-",
        source="C-60",
    )
    admin_fee_trigger: Literal["overdue_payable", "use_continues"] = parameter(
        "overdue_payable",
        "The fee is charged while the lender itself collects, or while new uses stay possible.",
        unit="-",
        source="NP-30.3; C-24",
    )
    admin_fee_yen: int = parameter(
        100,
        "Late administration fee including tax; 0 switches it off.",
        unit="yen with tax",
        source="NP-30.3; C-24",
        ge=0,
        le=1_000_000,
    )
    admin_fee_days: tuple[Annotated[int, Field(ge=1, le=31)], ...] = parameter(
        (10, 25),
        "Days of each month after the due-date month on which the fee is charged while overdue.",
        unit="day of month",
        source="NP-30.3; C-24",
    )
