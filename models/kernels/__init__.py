"""Exact integer-yen array kernels."""

from models.kernels.allocation import allocate, allocate_by_account
from models.kernels.days import (
    YEAR_WEIGHT,
    Dates,
    as_days,
    day_weight,
    months_later,
    span_weight,
)
from models.kernels.discount import funding_cost, merchant_discount
from models.kernels.exact import ExactRate, IntArray, exact_rate, whole_numbers
from models.kernels.instalments import (
    InstalmentPlan,
    allowed_instalments,
    instalment_fee,
    instalment_plan,
    two_time_split,
    unearned_fee,
)
from models.kernels.late_damages import (
    SplitMode,
    accrued_fee,
    interest_of_weight,
    late_damages,
)
from models.kernels.percentage_rate import annual_percentage_rate
from models.kernels.points import (
    Refund,
    Reversal,
    Use,
    award_day,
    last_usable_day,
    pay_with_points,
    points_awarded,
    refund_of_price_cut,
    reversed_points,
)
from models.kernels.revolving import (
    AboveTable,
    Course,
    FinalRule,
    Step,
    TierRounding,
    Tiers,
    revolving_fee,
    revolving_payment,
    tiered_payment,
)
from models.kernels.tax import (
    TaxRounding,
    fees_with_tax,
    net_and_tax,
    tax_within,
    with_tax,
)

__all__ = [
    "YEAR_WEIGHT",
    "AboveTable",
    "Course",
    "Dates",
    "ExactRate",
    "FinalRule",
    "InstalmentPlan",
    "IntArray",
    "Refund",
    "Reversal",
    "SplitMode",
    "Step",
    "TaxRounding",
    "TierRounding",
    "Tiers",
    "Use",
    "accrued_fee",
    "allocate",
    "allocate_by_account",
    "allowed_instalments",
    "annual_percentage_rate",
    "as_days",
    "award_day",
    "day_weight",
    "exact_rate",
    "fees_with_tax",
    "funding_cost",
    "instalment_fee",
    "instalment_plan",
    "interest_of_weight",
    "last_usable_day",
    "late_damages",
    "merchant_discount",
    "months_later",
    "net_and_tax",
    "pay_with_points",
    "points_awarded",
    "refund_of_price_cut",
    "reversed_points",
    "revolving_fee",
    "revolving_payment",
    "span_weight",
    "tax_within",
    "tiered_payment",
    "two_time_split",
    "unearned_fee",
    "whole_numbers",
    "with_tax",
]
